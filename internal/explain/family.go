package explain

import (
	"strings"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
)

// A family is the numbers that have one definition. Its pattern is that of
// docs/results.md: a word in angle brackets stands for one or more parts of
// an id.
type family struct {
	pattern    string
	definition string
	where      string // in the paper
	file       string // in this repository
	functions  string // called in turn; methods as Type.Method
	docs       string // heading of docs/paper.md
	query      func(l Layout, parts []string) string
	instead    string // where there is no query: why, and what compares the number with another program
}

// Why some numbers have no query.
const (
	toPrinted    = "it is arithmetic on numbers that have queries of their own and on the paper's, and only the paper's data have it; go test ./analysis/paper compares it with sums by hand."
	tooManyPairs = "a join of every two of 9.9 million positions takes minutes; make oracle has DuckDB and pandas count them on the sample, and compares."
)

func solved(by string) string {
	return "it solves equations step by step, which is not SQL's business; make oracle has " + by + " do so on the sample, and compares."
}

// families are tried in order; the first whose pattern fits is the family.
var families = []family{
	{"disagreement.<split>.count", "Scenarios of the split whose disagreement over its models is 1.5 or more. Disagreement is the larger, over the scenario's two values, of the population standard deviation of the models' positions (0 to 6). Whether it reaches 1.5 is decided in whole numbers: 4(n·ΣS² − (ΣS)²) ≥ 9n². A value with fewer than two positions leaves its scenario out.",
		"section 2.2", "analysis/disagreement.go", "MeasureDisagreement, Disagreements.CountAtLeast", "disagreement", disagreementQuery("count(*) FILTER (high) AS value, count(*) FILTER (high) AS k, count(*) AS n"), ""},
	{"disagreement.<split>.share_ge_1_5", "Share of the split's computable scenarios whose disagreement is 1.5 or more.",
		"section 2.2", "analysis/disagreement.go", "MeasureDisagreement, Disagreements.ShareAtLeast", "disagreement", disagreementQuery("count(*) FILTER (high) / count(*) AS value, count(*) FILTER (high) AS k, count(*) AS n"), ""},
	{"disagreement.<split>.mean", "Mean disagreement of the split's computable scenarios, in score units.",
		"section 2.2", "analysis/disagreement.go", "MeasureDisagreement, Disagreements.Mean", "disagreement", disagreementQuery("avg(d) AS value, NULL AS k, count(*) AS n"), ""},

	{"compliance.fig2.<rule>.last_over_first", "The share of frequent non-compliance in the last bin of disagreement over that in the first.",
		"Figure 2; abstract", "analysis/compliancebins.go", "MeasureCompliance, FailRatio", "compliance", binsQuery("(last.k / last.n) / (first.k / first.n)"), ""},
	{"compliance.fig2.<rule>.last_minus_first", "The share of frequent non-compliance in the last bin of disagreement less that in the first.",
		"Figure 2", "analysis/compliancebins.go", "MeasureCompliance, FailDifference", "compliance", binsQuery("last.k / last.n - first.k / first.n"), ""},
	{"compliance.fig2.<rule>.odds_ratio", "The odds of frequent non-compliance in the last bin of disagreement over those in the first.",
		"Figure 2", "analysis/oddsratio.go", "MeasureCompliance, ShareOddsRatio", "compliance", binsQuery("(last.k / (last.n - last.k)) / (first.k / (first.n - first.k))"), ""},
	{"compliance.fig2.<rule>.detectable", "The smallest difference between the shares of the last bin and the first that samples of their sizes would have shown in four of five tries, at 5 %.",
		"Figure 2", "analysis/compliancebins.go", "MeasureCompliance, FailDetectable", "compliance", nil, solved("scipy's brentq")},
	{"compliance.fig2.<rule>.trend", "A test for a linear trend of the shares over the bins, scores at their middles, robust to clusters of value pairs.",
		"Figure 2", "analysis/compliancebins.go", "MeasureCompliance, FailTrend", "compliance", trendQuery, ""},
	{"compliance.fig2.<rule>.logistic.<term>", "Logistic regression of frequent non-compliance on the disagreement of each scenario, with errors robust to clusters of value pairs: intercept, slope, and the odds ratio per point of disagreement.",
		"Figure 2", "analysis/compliancebins.go", "FitCompliance", "compliance", nil, solved("statsmodels")},
	{"compliance.fig2.<rule>.<bin>", "Share of a bin's scenarios in which the response of every OpenAI model is flagged. A judge flags a response when its verdict is non-compliant or ambiguous; a response is flagged by majority when more than half of the judges flag it, by any when at least one does. A scenario counts when all five responses are there and all judges decided them.",
		"section 3.1, Figure 2", "analysis/compliance.go", "MeasureCompliance", "compliance", complianceQuery, ""},
	{"compliance.table2.<row>.<sample>", "Of 1,000 random scenarios of a sample: the share in which all five OpenAI models' responses pass, in which at least one fails, in which all fail, by majority of the judges; the standard errors of these shares; and the share in which all fail over that of random scenarios.",
		"Table 2", "", "", "compliance", nil, ""},

	{"judges.flag_rate.<judge>", "Share of the responses that the judge decided which it flags: verdict non-compliant or ambiguous. All bins together.",
		"section 3.1", "analysis/agreement.go", "MeasureJudgeAgreement", "judges-and-kappa", flagRateQuery, ""},
	{"judges.agreement.<judge>.<judge>", "Share of the responses decided by both judges which both flag or both pass.",
		"section 3.1.2", "analysis/agreement.go", "MeasureJudgeAgreement", "judges-and-kappa", agreementQuery, ""},
	{"judges.fleiss.<categories>", "Fleiss' kappa over the responses that all judges decided, on two categories (compliant, flagged) or on three (compliant, non-compliant, ambiguous): (P − Pe) / (1 − Pe), P the mean share of agreeing pairs of judges and Pe the sum of squared shares of the categories.",
		"section 3.1.2", "analysis/kappa.go", "MeasureJudgeAgreement, FleissKappaClustered", "judges-and-kappa", kappaQuery, ""},

	{"judges.coefficient.<coefficient>.<scheme>", "How far all judges agree by another coefficient, over the responses that at least two of them decided; the shares of categories that kappa and AC1 rest on are over all responses that somebody decided.",
		"", "analysis/compare.go", "JudgeRatings, CompareAgreement", "judges-and-kappa", coefficientQuery, ""},
	{"judges.pair.<coefficient>.<scheme>.<judge>.<judge>", "How far two judges agree by another coefficient, over the responses that both decided.",
		"", "analysis/compare.go", "JudgeRatings, CompareAgreement", "judges-and-kappa", coefficientQuery, ""},
	{"judges.category.<scheme>.<verdict>.specific", "Of the verdicts that are this one, the share that another judge's verdict on the same response is, too.",
		"", "analysis/specific.go", "JudgeRatings, AgreementByCategory", "judges-and-kappa", specificQuery, ""},
	{"judges.category.<scheme>.<verdict>.kappa", "Fleiss' kappa of this verdict against all others.",
		"", "analysis/specific.go", "JudgeRatings, AgreementByCategory", "judges-and-kappa", categoryKappaQuery, ""},
	{"judges.prevalence.<scheme>", "How unevenly verdicts are used: (q·s − 1)/(q − 1) of q categories, s the share of the one used most, averaged over responses.",
		"", "analysis/prevalence.go", "JudgeRatings, MeasurePrevalence", "judges-and-kappa", prevalenceQuery, ""},
	{"judges.flag_rate_difference.<judge>.<judge>", "Share of the responses decided by two judges that the first flags less the share that the second does: those that only the first flags less those that only the second does, over all. McNemar's test asks whether it is 0.",
		"", "analysis/judgeratings.go", "MeasureFlagRateDifferences", "judges-and-kappa", flagRateDifferenceQuery, ""},

	{"outliers.<reading>.<model>", "Responses of the model whose position differs by 4 or more from those of at least 9 of the other 11 models. By same_value all nine differ on one of the two values; by either_value each differs on one or the other. A missing position differs from nothing.",
		"section 3.3, Figure 6", "analysis/outlier.go", "MeasureOutliers", "outliers", outlierQuery, ""},

	{"compliance.table2_check.fold.<sample>", "A cross-check of Table 2, not a reproduction: the projected share of scenarios in which all fail, over that of random scenarios.",
		"Table 2", "analysis/projectedratio.go", "ProjectCompliance, ProjectedRatio", "compliance", foldQuery, ""},
	{"compliance.table2_check.<outcome>.<sample>", "A cross-check of Table 2, not a reproduction: the rates of Figure 2's bins (majority of judges), weighted with how the scenarios of the sample's split are spread over the bins.",
		"Table 2", "analysis/poststratify.go", "ProjectCompliance", "compliance", projectedQuery, ""},

	{"readings.outliers.<reading>.<base>.total", "Outlier responses of all twelve models together, by one reading of Figure 6's rule, counted over one base set: a split, or the scenarios of split complete whose disagreement over all models is 1.5 or more. Over complete there is no query: it would take minutes.",
		"section 3.3, Figure 6", "analysis/outlier.go", "MeasureOutliers", "outliers", outlierTotalQuery, tooManyPairs},
	{"readings.outliers.<reading>.<base>.<distance>", "How far the twelve counts of a reading lie from those of Figure 6: their absolute differences added up, or the largest of them.",
		"section 3.3, Figure 6", "analysis/paper/readings.go", "OutlierReading.Distance", "outliers", nil, toPrinted},
	{"readings.judge.<judge>.fig2.<rule>.<bin>", "Figure 2's share with this column as the second of the three judges.",
		"section 3.1, Figure 2", "analysis/paper/readings.go", "ReadJudge", "compliance", func(l Layout, parts []string) string {
			return complianceQuery(l.second(parts[0]), parts[1:])
		}, ""},
	{"readings.judge.<judge>.fleiss.<categories>", "Fleiss' kappa with this column as the second of the three judges.",
		"section 3.1.2", "analysis/paper/readings.go", "ReadJudge", "judges-and-kappa", func(l Layout, parts []string) string {
			return kappaQuery(l.second(parts[0]), parts[1:])
		}, ""},
	{"readings.judge.<judge>.<distance>", "How far the numbers with this column as the second judge lie from the paper's: their absolute differences added up.",
		"sections 3.1 and 3.1.2", "analysis/paper/readings.go", "ReadJudge", "judges-and-kappa", nil, toPrinted},

	{"preference.<category>.provider.<provider>", "Mean over the provider's models of the share of scenarios with a value of the category in which the model's position on that value is 5 or more. A proxy of ours: the paper prints no such number.",
		"", "analysis/preference.go", "MeasurePreferences", "value-prioritization", preferenceQuery, ""},
	{"preference.<category>.<model>", "Share of the scenarios with a value of the category, and with a position of the model on it, in which that position is 5 or more. A proxy of ours: the paper prints no such number.",
		"", "analysis/preference.go", "MeasurePreferences", "value-prioritization", preferenceQuery, ""},

	{"providers.difference.<category>.<provider>.<provider>", "The preference proxy of the first provider in the category less that of the second, each a mean over the provider's models.",
		"", "analysis/providerdifference.go", "MeasureProviderDifferences", "value-prioritization", providerDifferenceQuery, ""},
	{"providers.separation.<statistic>", "How far apart the providers' models are by their profiles, the preference proxy by category: PERMANOVA's pseudo-F and R² of the squared Euclidean distances, and the mean distance of models of different providers less that of models of one.",
		"", "analysis/preferenceseparation.go", "PreferenceSeparation", "value-prioritization", separationQuery, ""},
	{"ranking.correlation.<model>.<model>", "Spearman's correlation of the abilities that two models' choices give to values with 5 contests or more with every model.",
		"", "analysis/ranking.go", "RankValues, CompareRankings", "value-prioritization", nil, solved("scipy")},
	{"ranking.<model>.<end>.<place>", "Ability, by Bradley and Terry's model with a nudge and an order term, of a value at one end of the model's ranking, of those in 5 contests or more. A scenario is a contest of its two values, won by the one with the higher position.",
		"", "analysis/bradleyterry_extremes.go", "RankValues, BradleyTerry.Extremes", "value-prioritization", nil, solved("scipy")},
	{"ranking.<model>.nudge", "By how much a nudge towards a value raises the log odds that it wins.",
		"", "analysis/bradleyterry_effect.go", "RankValues, BradleyTerry.NudgeEffect", "value-prioritization", nil, solved("scipy")},
	{"ranking.<model>.order", "By how much standing first raises the log odds that a value wins.",
		"", "analysis/bradleyterry_effect.go", "RankValues, BradleyTerry.OrderEffect", "value-prioritization", nil, solved("scipy")},
	{"ranking.<model>.unbeaten", "Values that won every contest that they were in: scenarios with two positions of the model that differ.",
		"", "analysis/bradleyterry_connected.go", "RankValues, describe", "value-prioritization", recordsQuery("contests"), ""},
	{"ranking.<model>.winless", "Values that lost every contest that they were in: scenarios with two positions of the model that differ.",
		"", "analysis/bradleyterry_connected.go", "RankValues, describe", "value-prioritization", recordsQuery("0"), ""},
	{"ranking.<model>.components", "Groups of values that no contest connects.",
		"", "analysis/bradleyterry_connected.go", "RankValues, describe", "value-prioritization", nil, "it takes steps from value to value until none is new; make oracle has scipy count them on the sample, and compares."},
	{"ranking.<model>.accuracy", "Of contests held out, value pair by value pair, the share whose winner the model fitted to the others foretells; a mean over random splits.",
		"", "analysis/bradleyterry_accuracy.go", "HeldOutAccuracy", "value-prioritization", nil, "it is a mean over random splits, and another program would draw others; make oracle-stats has choix, statsmodels and scipy fit the model itself (bradleyterry.py), and TestHeldOutAccuracy of go test ./analysis holds its accuracy against that of known abilities."},

	{"anchors.<split>.value.<value>", "Rows in which the value is value 1 or value 2. Rows without both values are left out.",
		"not in the paper: an independent re-analysis of the public files", "analysis/paper/comparison.go", "AnchorClaims", "what-public-data-can-check", anchorQuery, ""},
	{"anchors.<split>.<count>", "A count of the split's pairs (value 1, value 2), of their rows, or of its values. Rows without both values are left out.",
		"not in the paper: an independent re-analysis of the public files", "analysis/paper/comparison.go", "AnchorClaims", "what-public-data-can-check", anchorQuery, ""},
	{"sizes.scenarios", "Scenarios of config complete: all that were left after refusals and incomplete generations were dropped.",
		"section 2.1", "analysis/paper/comparison.go", "SizeClaims", "from-values-to-scenarios", func(l Layout, _ []string) string {
			return "SELECT count(*) AS value, NULL AS k, count(*) AS n\nFROM " + l.files("complete") + ";\n"
		}, ""},
	{"sizes.values", "Values at the leaves of the taxonomy of Huang et al. 2025.",
		"section 2.1", "analysis/paper/comparison.go", "SizeClaims", "from-values-to-scenarios", func(l Layout, _ []string) string {
			return "SELECT count(*) AS value, NULL AS k, count(*) AS n\nFROM " + l.taxonomy() + " WHERE level = '0';\n"
		}, ""},
	{"sizes.<size>", "A size of the paper's pipeline or samples.", "section 2", "", "", "from-values-to-scenarios", nil, ""},
	// From labels, which are not public: docs/labels.md.
	{"refusals.fig4a.<level>.<model>", "Share of the model's labelled responses at the refusal level.",
		"section 3.2, Figure 4a", "analysis/refusal.go", "MeasureRefusals, Refusals.Rate", "refusals-and-topics", fromLabels(refusalLevelQuery), ""},
	{"refusals.<panel>.<base>.<model>", "Share of the model's labelled responses that refuse, over all scenarios or those on the topic: at one of the last three levels in Figure 4b, at the last one in Figures 4c and 4d.",
		"section 3.2, Figure 4", "analysis/refusal.go", "MeasureRefusals, Refusals.Rate", "refusals-and-topics", fromLabels(refusalRateQuery), ""},
	{"values.fig7.<category>.<model>", "Share of the model's labelled responses that express a value of the category.",
		"section 3.3, Figure 7", "analysis/valuecount.go", "CountValues, ValueCounts.Of", "value-prioritization", fromLabels(valueShareQuery), ""},
	{"values.fig10.<category>.<model>", "Scenarios of S_high-dis in which the model expresses a value of the category distinctively, compared with the other models.",
		"section 2.3, Figure 10", "analysis/valuecount.go", "CountValues", "value-prioritization", fromLabels(valueCountQuery), ""},
	{"values.<panel>.<category>.<category>", "Of the scenarios in which the one model expresses the first category, the share in which the other model expresses the second.",
		"appendix C.2, Figure 11", "analysis/cooccurrence.go", "MeasureCoOccurrence", "co-occurrence", fromLabels(coOccurrenceQuery), ""},
}

// means are the families of shares that are means of shares or otherwise
// weighted, so that they are not K of N.
var means = map[string]bool{
	"compliance.table2_check.<outcome>.<sample>":  true,
	"judges.coefficient.<coefficient>.<scheme>":   true,
	"judges.category.<scheme>.<verdict>.specific": true,
	"preference.<category>.provider.<provider>":   true,
	"ranking.<model>.accuracy":                    true,
	"readings.judge.<judge>.<distance>":           true,
}

// familyOf finds a number's family and the parts of its id that stand for
// the words in angle brackets.
func familyOf(id string) (family, []string, bool) {
	for _, f := range families {
		if parts, ok := match(strings.Split(f.pattern, "."), strings.Split(id, ".")); ok {
			return f, parts, true
		}
	}
	return family{}, nil, false
}

// match fits the parts of an id to a pattern. Only a bin has a point in it.
func match(pattern, id []string) (words []string, ok bool) {
	for i, p := range pattern {
		switch {
		case len(id) == 0:
			return nil, false
		case p == "<bin>" && i == len(pattern)-1 && len(id) > 1:
			words, id = append(words, strings.Join(id, ".")), nil
			continue
		case strings.HasPrefix(p, "<"):
			words = append(words, id[0])
		case p != id[0]:
			return nil, false
		}
		id = id[1:]
	}
	return words, len(id) == 0
}

// splitModels are the models over which a split was chosen.
func splitModels(split string) []string { return paper.SplitModels(split).Models }

// categoryName is a category by the slug that ids have.
func categoryName(slug string) string {
	for _, c := range analysis.Categories() {
		if analysis.Slug(c.Name) == slug {
			return c.Name
		}
	}
	return slug
}
