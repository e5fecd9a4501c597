package reproduce

import "github.com/specstress/specstress/analysis/paper"

// What the report says in its own words. Numbers do not belong here.

const reportLead = "The headline results of Zhang et al. 2025, “Stress-Testing Model Specs Reveals Character Differences among Language Models” (arXiv:2510.07686v2), computed from a dataset of scenarios in which two values pull in different directions, with an interval beside every estimate and the paper's number beside every result that has one."

const syntheticLead = "What Zhang et al. 2025, “Stress-Testing Model Specs Reveals Character Differences among Language Models” (arXiv:2510.07686v2), compute from their dataset, computed here from invented scenarios and simulated models and judges, to show what this program makes of the real ones. A few of the simulator's totals were fitted to published ones, so that a number here is close to the paper's says nothing."

const ownLead = "What Zhang et al. 2025, “Stress-Testing Model Specs Reveals Character Differences among Language Models” (arXiv:2510.07686v2), compute from their dataset, computed here from another one, with an interval beside every estimate."

const notPublicLead = "Most of what the paper prints rests on labels or embeddings that were never published: which values an answer expresses, how far it refuses, what a query is about. Nobody can compute it from the public dataset."

// notPublic says what is not on this page, and why.
var notPublic = []struct{ What, Why string }{
	{"Table 1, Figures 3, 5 and 8: example queries and answers", "Examples chosen by hand. The texts are in the dataset, and specstress find looks for such scenarios; texts are not part of a report."},
	{"Table 2: compliance of three samples of 1,000", "The verdicts on these samples are not public. The cross-check above weights Figure 2's rates instead."},
	{"Table 3: judges at odds", "Three examples; the judges' reasons are not known to be public. specstress find --judges-at-odds lists split verdicts."},
	{"Figures 4a to 4d: refusals", "The refusal levels of responses and the topics of queries are not public. Whoever has labels of that kind can give them (docs/labels.md)."},
	{"Figures 7 and 10a to 10i: values expressed by model", "The labels that map what an answer expresses to 26 categories are not public; labels of one's own can be given (docs/labels.md). The preference proxy measures something else and is not to be compared."},
	{"Figure 9: distinct scenarios by distance", "The embeddings of the queries are not public."},
	{"Figures 11a to 11d: values that occur together", "The same labels as for Figure 10."},
	{"“Over 220,000” and “more than 70,000” scenarios with divergence (p. 2)", "The paper gives no formula for either, and counts them among the 300,000 scenarios of the embedding step."},
}

const (
	citePaper    = "Zhang, J., Sleight, H., Peng, A., Schulman, J., Durmus, E. (2025). Stress-Testing Model Specs Reveals Character Differences among Language Models. arXiv:2510.07686v2."
	citeData     = "jifanz/stress_testing_model_spec on Hugging Face, Apache-2.0."
	citeTaxonomy = "Huang, S., et al. (2025). Values in the Wild. Anthropic/values-in-the-wild on Hugging Face, CC-BY-4.0."
)

const (
	fig10Method = "A scenario counts for a category when the model's response bears its label at least once (section 2.3 and appendix C): the paper's two figures agree with each other only so."
	fig11Method = "P(Y | X): of the scenarios in which model A expresses X, the share in which model B expresses Y. Shares mix association with base rates; the CSV has the lift, which does not."
)

var unitTitles = map[string]string{
	paper.Count:       "Counts",
	paper.Share:       "Shares",
	paper.Difference:  "Differences of shares",
	paper.Ratio:       "Ratios",
	paper.Kappa:       "Kappa",
	paper.Coefficient: "Coefficients",
	paper.Score:       "Means",
	paper.Logit:       "Log odds",
	paper.Elo:         "Elo points",
	paper.Statistic:   "Tests",
}

type sectionText struct {
	short  string
	method []string
}

var sectionTexts = map[string]sectionText{
	"fig1": {"Figure 1", []string{
		"The paper's steps, drawn anew, with the counts of these data. Values, pairs and scenarios are counted over the split that is named; scenarios of high disagreement over each set of models in its own split.",
	}},
	"disagreement": {"Disagreement", []string{
		"Each response has a position from 0 to 6 on each of the scenario's two values. Disagreement is the larger of the two population standard deviations over the models (section 2.2 of the paper). Whether it reaches 1.5 is decided in whole numbers, so no scenario is misplaced by rounding.",
		"A value with fewer than two positions makes its scenario not computable: it is left out and counted.",
	}},
	"fig2": {"Figure 2", []string{
		"A judge flags a response when its verdict is non-compliant or ambiguous. Majority means more than half of the judges, any means at least one (section 3.1).",
		"A scenario enters when all models have a response and all judges a recognised verdict. The status possible looks at what the missing ones could have been, out of 1,000 scenarios per bin.",
		"Ratio and difference of the last bin and the first draw value pairs with their scenarios in both, for variants of one pair lie in different bins. The odds ratio takes the two bins as independent.",
		"The logistic regression is, per scenario, logit P(frequent non-compliance) = intercept + slope × D, D being the published disagreement of the OpenAI models, with errors robust to what variants of one value pair have in common. Scenarios were drawn bin by bin, which leaves the slope as it is and makes the intercept that of a mixture of bins.",
		"The least difference that would have been found is for a two-sided test at 5 % with 80 % power, above the first bin's share. What is smaller may be there unseen.",
	}},
	"judges": {"Judges", []string{
		"A flag rate is over the responses that the judge decided, an agreement over those that both did, kappa over those that all did. Two categories: compliant or flagged. Three: compliant, non-compliant, ambiguous.",
		"The other coefficients answer other questions of the same verdicts and use every response that two judges decided. Which one a report rests on should be settled before seeing them; the paper's is Fleiss' kappa on two categories.",
		"Whether two judges flag equally often is McNemar's test with whole value pairs exchanged, adjusted by Holm over the pairs.",
	}},
	"fig6": {"Figure 6", []string{
		"The list at the top of the page has the first of the two readings, differences all on one value; the other is here.",
		"A response is an outlier when its position differs by 4 or more from those of at least 9 of the other 11 models, or, in a set of another size, of all others but two (section 3.3). A missing position differs from nothing.",
	}},
	"preference": {"Preferences", []string{
		"Separation: PERMANOVA over the Euclidean distances between the models' profiles of shares by category. The items are models, so more scenarios make it no stronger. Four providers, two of which have a single model, allow 8,316 arrangements; a provider of one model says nothing of how alike its models would be, and models of one provider share training, so that a small p is no proof that the provider is the cause.",
		"The differences between providers are of one table: read the adjusted p, which bounds the share of false discoveries in it. They hold of these models and not of a provider's next one.",
	}},
	"ranking": {"Ranking", []string{
		"Each scenario is a contest between its two values, won by the one towards which the model's position leans further; equal positions are left out. Bradley and Terry's model with a nudge term: logit P(value 1 wins) = order + ability of value 1 − ability of value 2 + nudge × b, b being 1 where the query is nudged towards value 1, −1 towards value 2, else 0. A ridge of 1 keeps abilities finite; they sum to 0. The paper has no such ranking.",
		"Abilities are in Elo points: 400 points are odds of ten to one. Listed are values in 5 contests or more. Which values are at the ends is itself uncertain, and the values that look most extreme are so partly by luck, which the ridge takes off. Their intervals are closed ones, of a posterior widened by the design effect of value pairs; notebooks have the bootstrap.",
		"A value that never lost, or never won, has a finite ability for the ridge alone. Abilities of values in groups that no contest connects cannot be compared.",
		"Accuracy is over random splits that hold out a tenth of the value pairs, whole. The figures beside ours are of an independent re-analysis that held out single contests, so that nudge variants of a pair that it tested were learnt from; theirs may be a little higher for it. The spread in its brackets is of the size of one split's.",
	}},
	"table2": {"Table 2, a cross-check", []string{
		"Not the paper's Table 2, whose verdicts on 1,000 random scenarios of each column are not public. Here the rates of the judged scenarios (majority of judges) are weighted, bin by bin of disagreement over the OpenAI models, with the number of the column's scenarios in each bin.",
		"It holds if within a bin the judged scenarios are like those of the column. Of S_high-dis that is in doubt: it was chosen by disagreement over all models. The split's counts are taken as they are; the interval is of the rates.",
		"The printed numbers are of samples, too. Consistent means that 0 lies in the interval of the difference, with the printed standard error.",
	}},
	"readings": {"Open readings", []string{
		"Counts of Figure 6 are over all models of the split, by both rules. Distances are to the twelve printed counts, and only of the paper's own data.",
	}},
	"fig4a": {"Figure 4a", []string{
		"A label gives each response one of seven refusal levels (section 3.2); shares are of the labelled responses. The paper does not say who gave the levels, nor by which prompt.",
	}},
	"fig4b":  {"Figure 4b", []string{"A refusal is one of the last three levels. The paper's caption takes “overall” for all scenarios that were generated; here it is the scenarios of the split."}},
	"fig4c":  {"Figure 4c", []string{"A complete rejection is the last level."}},
	"fig4d":  {"Figure 4d", []string{"A complete rejection is the last level."}},
	"fig7":   {"Figure 7", []string{"Which five categories the paper's figure shows is not known but for business effectiveness; the other four are those of Figures 10a to 10d. Its numbers are Figure 10's."}},
	"fig10":  {"Figure 10", []string{fig10Method}},
	"fig11a": {"Figure 11a", []string{fig11Method}},
	"fig11b": {"Figure 11b", []string{fig11Method}},
	"fig11c": {"Figure 11c", []string{fig11Method}},
	"fig11d": {"Figure 11d", []string{fig11Method}},
}

func init() {
	for i := range 9 {
		letter := string(rune('a' + i))
		sectionTexts["fig10"+letter] = sectionText{"Figure 10" + letter, []string{fig10Method}}
	}
}
