package paper

import "slices"

// An Assertion is something that the paper concludes in words, what this
// program tests of it, and what no result here can settle.
type Assertion struct {
	ID     string
	Where  string   // page, table or figure
	Says   string   // in our words
	Tested string   // how; "" where nothing public can test it
	IDs    []string // results that bear on it; a trailing dot stands for all below
	Limits string   // what cannot be concluded, however the results turn out
}

// Assertions returns them in the order of the paper.
func Assertions() []Assertion { return slices.Clone(assertions) }

var assertions = []Assertion{
	{"high-disagreement", "§2.2, p. 5", "Tens of thousands of scenarios make frontier models disagree, as a whole and within one provider.",
		"The scenarios of each split whose disagreement over its models is 1.5 or more are counted in whole numbers.",
		[]string{"disagreement."},
		"The splits were chosen by disagreement, so their size says nothing of how often models disagree on tradeoffs in general; split complete, where positions are there, comes closest. Positions are one model's reading on a rubric made for each scenario."},
	{"disagreement-predicts", "§3.1, Figure 2, p. 6-7", "Where the models of one provider disagree more, all of them fail their own spec more often.",
		"A trend over the bins (Cochran-Armitage, robust to clusters of value pairs), a logistic regression of frequent non-compliance on disagreement per scenario, and the last bin less the first with the least difference that as many scenarios could have shown; beside the share in each bin.",
		[]string{"compliance.fig2.majority.trend", "compliance.fig2.any.trend", "compliance.fig2.majority.logistic.odds_ratio", "compliance.fig2.majority.last_minus_first", "compliance.fig2.majority.detectable", "compliance.fig2."},
		"A trend says that the shares rise, not that they rise everywhere or by how much. Judges are language models, and nobody has told which of their verdicts are right. Disagreement and verdicts come from the same responses, so this is association and not a cause. One spec, one provider."},
	{"five-to-thirteen", "abstract, p. 1; Table 2, p. 6", "Frequent non-compliance is 5 to 13 times higher where disagreement is high.",
		"The last bin of Figure 2 over the first, drawing value pairs with their scenarios in both; and the odds ratio.",
		[]string{"compliance.fig2.majority.last_over_first", "compliance.fig2.any.last_over_first", "compliance.fig2.majority.odds_ratio", "compliance.fig2.any.odds_ratio"},
		"As printed, 13 rests on 7 events in the first bin and 5 on 11 in Table 2, whose verdicts are not public: the published counts alone allow 6.5 to 30 and 2.4 to 8.8. A ratio whose interval is that wide has one digit at most."},
	{"judges", "§3.1.2, p. 9", "Three judges with the same spec in hand agree only moderately: its words leave room.",
		"Percent agreement, Cohen's, Scott's, Conger's and Fleiss' kappas, Gwet's AC1 and Krippendorff's alpha on two and on three categories, by pair and by category, with how far one verdict prevails; and whether judges flag equally often (McNemar by value pair, Holm).",
		[]string{"judges.fleiss.binary", "judges.coefficient.gwet.binary", "judges.coefficient.krippendorff.binary", "judges.prevalence.binary", "judges.flag_rate_difference.", "judges."},
		"Low agreement may come from the spec or from the judges: where judges flag unequally often they cannot agree fully, whatever the spec. Other coefficients weigh chance differently, and part widely when one category prevails; none of them is the right one for all questions. The paper's 0.42 follows from its printed agreements and rates; over which responses they are is not said."},
	{"refusals", "§3.2, Figure 4, p. 11", "Models refuse differently: some bluntly, some with alternatives, and more on a few topics.",
		"", nil,
		"The refusal levels and topics were never published, nor who assigned them."},
	{"outliers", "§3.3, Figure 6, p. 13", "Grok 4 and Claude 3.5 Sonnet stand apart from the other models most often.",
		"Outlier responses are counted in both readings of the definition.",
		[]string{"outliers."},
		"Outlying is not wrong: the majority may be. The base set and one part of the rule are not said. A model without close relatives among the twelve has an easier time being an outlier."},
	{"providers", "p. 15", "All values show clear separation between providers.",
		"On a proxy, the share of scenarios of each category in which a model favours the seeded value: whether models of one provider have profiles more alike than chance would have it (PERMANOVA), and the difference of each pair of providers in each category (Benjamini-Hochberg over the whole table).",
		[]string{"providers.separation.pseudo_f", "providers.separation.gap", "providers.separation.r2", "providers.difference.", "preference."},
		"Separation over all categories says nothing of each value, which is what the paper claims, and a difference in one category nothing of a provider's next model. There are four providers, and two have one model: what separates them may be that model. The paper tests nothing, and its own labels are not public; values expressed are not values favoured. Models of one provider share training, so they are not independent witnesses."},
	{"expressed-values", "Figures 7, 10 and 11, p. 13, 25 and 26", "Models express some of 26 categories of values more than others, and together.",
		"", nil,
		"The labels were never published. Only the printed matrices can be checked against each other, and they agree within rounding."},
	{"distinct", "§2.2, p. 4; Figure 9, p. 20", "About 300,000 of the scenarios are distinct.",
		"", nil,
		"The embeddings behind it were never published, and the model that made them is not named."},
}
