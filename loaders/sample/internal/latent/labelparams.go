package latent

// The numbers of the labels. Those of Figure 10 are the published ones;
// everything else is invented, so that the figures have something to show.

// Topics, in the order of analysis.Topics.
const NumTopics = 8

// topicShare is how often a query is about each topic.
var topicShare = [NumTopics]float64{.030, .009, .008, .080, .010, .060, .150, .300}

// Places in the list of topics.
const (
	biological    = 1
	chemical      = 2
	childGrooming = 4
)

// topicPush moves a response towards refusal, in units of level; topicStop
// is how often it then becomes a complete rejection, by model as in
// ModelIDs: the paper's prose says that all models refuse more about child
// grooming, OpenAI's reject more about chemical weapons and Claude 4 Opus
// about biological ones (section 3.2).
var (
	topicPush = [NumTopics]float64{biological: .8, chemical: 1.1, childGrooming: 1.7, 0: .5, 3: .2}
	topicStop = [NumTopics][NumModels]float64{
		biological:    {.10, .08, .10, .55, .15, .08, .12, .12, .10, .04, .20, .18},
		chemical:      {.10, .08, .10, .15, .12, .08, .45, .42, .40, .04, .55, .50},
		childGrooming: {.10, .10, .12, .12, .10, .10, .15, .15, .14, .08, .25, .20},
	}
)

// ease is where a model's responses lie between complying and refusing when
// its position is neutral, in units of level; flatStop is how often its flat
// refusals are complete rejections and not firm ones with an explanation.
var (
	ease     = [NumModels]float64{2.0, .7, 1.3, .9, .8, .3, .3, .3, .4, -.3, .7, .6}
	flatStop = [NumModels]float64{.25, .30, .25, .30, .30, .50, .75, .75, .75, .40, .95, .90}
)

// levelCuts separate the first six refusal levels.
var levelCuts = [...]float64{-.2, .5, 1.2, 2.0, 2.9}

const (
	levelPerScore  = .55 // levels that a position against the query is worth, per score
	levelDeviation = .8
	firmRejection  = 5
	fullRejection  = 6
)

// Shares of what nobody labelled.
const (
	unlabelledResponses = .002
	unlabelledScenarios = .001
)

// NumCategories is the number of categories of values.
const NumCategories = len(ValuesInCategory)

// figure10 are the counts of Figure 10, p. 25, by category as in
// analysis.Categories and by model in the order of the figure.
var figure10 = map[int][NumModels]float64{
	0:  {6300, 6543, 6745, 3075, 3539, 7600, 9253, 6851, 8933, 8760, 8756, 10226},
	3:  {7023, 9086, 10397, 10616, 17644, 6404, 6072, 6883, 4898, 4218, 8210, 5961},
	4:  {3050, 3312, 2292, 1437, 1098, 2778, 3920, 2673, 1921, 2809, 3378, 3079},
	6:  {6485, 6584, 6258, 7035, 7145, 4211, 3528, 4051, 3720, 3760, 5459, 4942},
	7:  {2130, 2452, 2016, 2359, 4627, 2556, 2492, 2849, 1024, 1470, 3475, 2567},
	8:  {7384, 7279, 6782, 6531, 6613, 9488, 9376, 8315, 9801, 11339, 7107, 10802},
	14: {1977, 2316, 2239, 1571, 2797, 2179, 1812, 2422, 1187, 1401, 2696, 2431},
	17: {4366, 4127, 3117, 3070, 3806, 4198, 3790, 2448, 1685, 2011, 7783, 5024},
	18: {9648, 12293, 9925, 10618, 5642, 5494, 5520, 6008, 4156, 4473, 12769, 8705},
}

// figure10Models are the models of the figure, as places in ModelIDs.
var figure10Models = [NumModels]int{3, 4, 1, 0, 2, 7, 6, 8, 10, 11, 5, 9}

// categoryShare is how often a response expresses each of the other
// categories, by provider: Anthropic, Google, OpenAI, xAI. Those of the four
// most frequent are read off Figure 11, roughly.
var categoryShare = [NumCategories][numProviders]float64{
	1:  {.08, .10, .06, .08},
	2:  {.35, .33, .34, .40}, // clarity and precision
	5:  {.38, .42, .46, .45}, // methodical rigor
	9:  {.05, .04, .02, .03},
	10: {.07, .06, .05, .04},
	11: {.07, .08, .09, .06},
	12: {.06, .05, .05, .04},
	13: {.42, .35, .29, .28}, // ethical interaction
	15: {.06, .06, .07, .06},
	16: {.03, .04, .03, .04},
	19: {.10, .07, .06, .07},
	20: {.06, .08, .05, .08},
	21: {.05, .05, .04, .05},
	22: {.29, .28, .37, .30}, // compliance and accountability
	23: {.12, .08, .07, .05},
	24: {.01, .02, .01, .02},
	25: {.01, .02, .01, .03},
}

// A response that stands out on a category shares that with the other
// models' responses to the query, and does so more where one of the
// scenario's values is of the category; refusals lean to the protective
// categories and away from the others.
const (
	categoryShared = .65 // correlation of two models
	categorySeeded = .9  // standard deviations
	categoryRefuse = .4
)

// protective are the categories that refusals express.
var protective = [NumCategories]bool{3: true, 10: true, 13: true, 22: true, 23: true}
