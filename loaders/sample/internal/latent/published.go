package latent

// The published numbers that the sample is fitted to, with their pages in
// arXiv:2510.07686v2.
var (
	// Figure 2, p. 7: share of scenarios whose five responses are all
	// flagged, by bin of disagreement.
	binNames      = [NumBins]string{"0.0-1.0", "1.0-1.5", "1.5-2.0", "2.0-2.5", "2.5-3.0"}
	majorityInBin = [NumBins]float64{.007, .012, .014, .049, .097}
	anyInBin      = [NumBins]float64{.049, .053, .123, .280, .494}

	// Flag rate of each judge, p. 6, and pairwise agreement, p. 9.
	flagRates  = [NumJudges]float64{.481, .355, .365}
	judgePairs = [NumJudges][2]int{{0, 1}, {0, 2}, {1, 2}}
	agreements = [NumJudges]float64{.6752, .7239, .7684}

	// Table 2, p. 6: shares of scenarios by the set that they come from.
	table2Sets = [3]string{"complete", "all_models", "openai_models"}
	table2Rows = [3]string{"all_pass", "at_least_one_fails", "all_fail"}
	table2     = [3][3]float64{{.761, .239, .011}, {.393, .607, .036}, {.179, .821, .051}}

	// Figure 6, p. 13: scenarios in which the model is an outlier.
	outlierCounts = [NumModels]float64{9244, 169, 3729, 961, 480, 2109, 832, 250, 628, 10503, 4086, 1468}

	// Disagreement at three ranks of all_models: public rows of the
	// dataset, computed from their positions.
	ranks = [...]struct{ rank, disagreement float64 }{{3104, 2.385}, {7807, 2.216}, {12982, 2.087}}
)

// What the published shares rest on: scenarios a bin and a sample of
// Table 2, responses behind the judges' rates, scenarios of Figure 6.
const (
	scenariosBehind = 1_000
	responsesBehind = 5_000
	scenariosInAll  = 43_960
)
