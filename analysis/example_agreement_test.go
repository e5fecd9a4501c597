package analysis_test

import (
	"fmt"

	"github.com/specstress/specstress/analysis"
)

// Three raters on eight items; the last rater left one out. The values that
// the examples print of them are also those of irrCAC 0.4.4, krippendorff
// 0.9.0 and scikit-learn 1.9.1.
func threeRaters() *analysis.Ratings {
	const none = analysis.NoRating
	r, err := analysis.RatingsByRater([][]analysis.Rating{
		{0, 0, 0}, {0, 0, 1}, {1, 1, 1}, {2, 2, none},
		{2, 1, 2}, {0, 0, 0}, {1, 1, 2}, {2, 2, 2},
	}, 3)
	if err != nil {
		panic(err)
	}
	return r
}

func ExampleRatingsByRater() {
	r := threeRaters()
	fmt.Println(r.Items(), "items,", r.Raters(), "raters,", r.Categories(), "categories,", r.Missing(), "missing")
	// Output:
	// 8 items, 3 raters, 3 categories, 1 missing
}

func ExampleRatingsFromCounts() {
	// Four raters put the first item into category 0, and so on.
	r, err := analysis.RatingsFromCounts([][]int{{4, 0}, {1, 3}, {0, 3}})
	if err != nil {
		fmt.Println(err)
		return
	}
	a, err := analysis.GwetAC(r, analysis.Unweighted, analysis.Clusters{})
	fmt.Printf("%s %.2f %v\n", a.Coefficient, a.Value, err)
	_, err = analysis.CongerKappa(r, analysis.Unweighted, analysis.Clusters{})
	fmt.Println(err)
	// Output:
	// Gwet's AC1 0.68 <nil>
	// analysis: Conger's kappa: ratings were made from counts, which do not say who rated
}

func ExampleRatings_Ordered() {
	r, err := threeRaters().Ordered() // 0, 1, 2
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, w := range []analysis.Weighting{analysis.Unweighted, analysis.LinearWeights, analysis.QuadraticWeights, analysis.OrdinalWeights} {
		a, err := analysis.GwetAC(r, w, analysis.Clusters{})
		fmt.Printf("%s %.3f %v\n", a.Coefficient, a.Value, err)
	}
	// Output:
	// Gwet's AC1 0.626 <nil>
	// Gwet's AC2 with linear weights 0.721 <nil>
	// Gwet's AC2 with quadratic weights 0.814 <nil>
	// Gwet's AC2 with ordinal weights 0.777 <nil>
}

func ExampleRatings_Pair() {
	first, err := threeRaters().Pair(0, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	a, err := analysis.CohenKappa(first, analysis.Unweighted, analysis.Clusters{})
	fmt.Printf("%.2f %v\n", a.Value, err)
	// Output:
	// 0.81 <nil>
}

func ExamplePercentAgreement() {
	a, err := analysis.PercentAgreement(threeRaters(), analysis.Unweighted, analysis.Clusters{})
	fmt.Printf("%.2f of pairs agree %v\n", a.Value, err)
	fmt.Println("missing ratings:", a.Missing)
	// Output:
	// 0.75 of pairs agree <nil>
	// missing ratings: an item counts with the pairs that it has
}

func ExampleCohenKappa() {
	pair, err := threeRaters().Pair(1, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	a, err := analysis.CohenKappa(pair, analysis.Unweighted, analysis.Clusters{})
	fmt.Println(a.Estimate, err)
	// Output:
	// 0.38 [-0.27, 1.00] (n = 7, Cohen's kappa, linearised variance over items, Student's t 95 %; missing ratings: items without both are left out; left out: 1 items without both ratings; clusters unknown: units are taken as independent, so the interval may be too narrow) <nil>
}

func ExampleCohenKappaFromAgreement() {
	// What the paper prints of Claude 4 Sonnet and o3 in section 3.1.2.
	a, err := analysis.CohenKappaFromAgreement(.6752, .481, .355)
	fmt.Printf("%.3f %v\n", a.Value, err)
	// Output:
	// 0.343 <nil>
}

func ExampleScottPi() {
	pair, err := threeRaters().Pair(0, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	a, err := analysis.ScottPi(pair, analysis.Unweighted, analysis.Clusters{})
	fmt.Printf("observed %.3f, by chance %.3f, pi %.3f %v\n", a.Observed, a.Chance, a.Value, err)
	// Output:
	// observed 0.875, by chance 0.336, pi 0.812 <nil>
}

func ExampleCongerKappa() {
	a, err := analysis.CongerKappa(threeRaters(), analysis.Unweighted, analysis.Clusters{})
	fmt.Printf("%.3f of %d raters %v\n", a.Value, a.Raters, err)
	// Output:
	// 0.627 of 3 raters <nil>
}

func ExampleFleissKappaUnequal() {
	// Items 0 and 1 are variants of one question, and so on.
	clusters := analysis.Clusters{ID: []int32{0, 0, 1, 1, 2, 2, 3, 3}, N: 4}
	a, err := analysis.FleissKappaUnequal(threeRaters(), analysis.Unweighted, clusters)
	fmt.Printf("%.3f from %d items in %d clusters %v\n", a.Value, a.N, a.Clusters, err)
	fmt.Println(a.Method)
	// Output:
	// 0.623 from 8 items in 4 clusters <nil>
	// Fleiss' kappa, cluster bootstrap, percentile 95 %, 2000 replicates, seed 1; missing ratings: pairs within an item as far as it has them, shares over all rated items
}

func ExampleGwetAC() {
	// Nearly everything is in category 0: kappa falls, AC1 does not.
	r, err := analysis.RatingsFromCounts([][]int{{2, 0}, {2, 0}, {2, 0}, {2, 0}, {2, 0}, {2, 0}, {2, 0}, {2, 0}, {1, 1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	ac, err := analysis.GwetAC(r, analysis.Unweighted, analysis.Clusters{})
	kappa, err2 := analysis.FleissKappaUnequal(r, analysis.Unweighted, analysis.Clusters{})
	fmt.Printf("AC1 %.2f %v, kappa %.2f %v\n", ac.Value, err, kappa.Value, err2)
	// Output:
	// AC1 0.88 <nil>, kappa -0.06 <nil>
}

func ExampleKrippendorffAlpha() {
	r, err := threeRaters().Ordered()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range []analysis.Metric{analysis.NominalMetric, analysis.OrdinalMetric, analysis.IntervalMetric, analysis.RatioMetric} {
		a, err := analysis.KrippendorffAlpha(r, m, analysis.Clusters{})
		fmt.Printf("%v %.3f %v\n", m, a.Value, err)
	}
	// Output:
	// nominal 0.625 <nil>
	// ordinal 0.821 <nil>
	// interval 0.821 <nil>
	// ratio 0.787 <nil>
}

func ExampleAgreementByCategory() {
	list, err := analysis.AgreementByCategory(threeRaters(), analysis.Clusters{})
	for _, c := range list {
		fmt.Printf("category %d: share %.2f, specific agreement %.2f, kappa %.2f\n", c.Category, c.Share, c.Specific.Value, c.Kappa.Value)
	}
	fmt.Println(err)
	// Output:
	// category 0: share 0.33, specific agreement 0.88, kappa 0.81
	// category 1: share 0.29, specific agreement 0.57, kappa 0.39
	// category 2: share 0.38, specific agreement 0.71, kappa 0.64
	// <nil>
}

func ExampleMeasurePrevalence() {
	r, err := analysis.RatingsFromCounts([][]int{{2, 0}, {2, 0}, {2, 0}, {2, 0}, {2, 0}, {2, 0}, {2, 0}, {2, 0}, {1, 1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := analysis.MeasurePrevalence(r)
	fmt.Printf("index %.2f %v\n", p.Index, err)
	fmt.Println(p.Warning)
	// Output:
	// index 0.89 <nil>
	// kappa paradox: category 0 has 0.944 of the ratings, so kappa is -0.06 where the same observed agreement of 0.889 on evenly used categories would give 0.78, more than 0.2 above (Feinstein and Cicchetti 1990)
}

func ExampleCompareAgreement() {
	clusters := analysis.Clusters{ID: []int32{0, 0, 1, 1, 2, 2, 3, 3}, N: 4}
	c, err := analysis.CompareAgreement(threeRaters(), clusters)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range c.Coefficients {
		fmt.Printf("%s %.3f: %s\n", row.Coefficient, row.Value, row.Missing)
	}
	// Output:
	// percent agreement 0.750: an item counts with the pairs that it has
	// Fleiss' kappa 0.623: pairs within an item as far as it has them, shares over all rated items
	// Fleiss' kappa of complete items 0.568: items with any missing are left out
	// Conger's kappa 0.627: pairs within an item as far as it has them, shares of a rater over the items that this one rated
	// Gwet's AC1 0.626: pairs within an item as far as it has them, shares over all rated items
	// Krippendorff's alpha, nominal 0.625: ratings that are alone in their item are left out, all others count
}

func ExampleFleissKappaZero() {
	t, err := analysis.FleissKappaZero([][]int{{3, 0}, {2, 1}, {0, 3}, {0, 3}}, analysis.Clusters{ID: []int32{0, 1, 2, 3}, N: 4})
	fmt.Println(t, err)
	// Output:
	// p = 0.023 (statistic 2.276, n = 4, Fleiss' kappa is 0, normal test with the standard error under that hypothesis) <nil>
}

func ExamplePopulationStdDev() {
	sd, err := analysis.PopulationStdDev([]float64{2, 4, 4, 4, 5, 5, 7, 9})
	fmt.Println(sd, err)
	// Output:
	// 2 <nil>
}

func ExampleWeighting_String() {
	fmt.Println(analysis.Unweighted, "or", analysis.QuadraticWeights)
	// Output:
	// unweighted or quadratic weights
}

func ExampleMetric_String() {
	fmt.Println(analysis.NominalMetric, "or", analysis.RatioMetric)
	// Output:
	// nominal or ratio
}

func ExampleAgreementComparison_String() {
	r, err := analysis.RatingsFromCounts([][]int{{3, 0}, {2, 1}, {0, 3}, {0, 3}})
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := analysis.CompareAgreement(r, analysis.Clusters{ID: []int32{0, 1, 2, 3}, N: 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c)
	// Output:
	// 4 items, 3 raters, 2 categories, 0 ratings missing
	// percent agreement                                0.83 [0.50, 1.00] (n = 4, 4 clusters)
	// Fleiss' kappa                                    0.66 [-0.20, 1.00] (n = 4, 4 clusters)
	// Gwet's AC1                                       0.68 [0.00, 1.00] (n = 4, 4 clusters)
	// Krippendorff's alpha, nominal                    0.69 [-0.10, 1.00] (n = 4, 4 clusters)
	// category 0, share 0.417: specific agreement      0.80 [0.50, 1.00] (n = 4, 4 clusters)
	// category 0, share 0.417: kappa against the rest  0.66 [-0.20, 1.00] (n = 4, 4 clusters)
	// category 1, share 0.583: specific agreement      0.86 [0.00, 1.00] (n = 4, 4 clusters)
	// category 1, share 0.583: kappa against the rest  0.66 [-0.20, 1.00] (n = 4, 4 clusters)
	// interval: cluster bootstrap, percentile 95 %, 2000 replicates, seed 1
	// warning: Fleiss' kappa: undefined on 136 of 2000 bootstrap replicates, which are left out
	// warning: Krippendorff's alpha, nominal: undefined on 136 of 2000 bootstrap replicates, which are left out
	// warning: category 0, share 0.417: specific agreement: undefined on 128 of 2000 bootstrap replicates, which are left out
	// warning: category 0, share 0.417: kappa against the rest: undefined on 136 of 2000 bootstrap replicates, which are left out
	// warning: category 1, share 0.583: specific agreement: undefined on 6 of 2000 bootstrap replicates, which are left out
	// warning: category 1, share 0.583: kappa against the rest: undefined on 148 of 2000 bootstrap replicates, which are left out
}

func ExampleFleissKappa() {
	// Three raters put four items into two categories.
	k, err := analysis.FleissKappa([][]int{{3, 0}, {2, 1}, {0, 3}, {0, 3}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("kappa %.3f: observed %.3f, by chance %.3f\n", k.Value, k.Observed, k.Chance)
	// Output:
	// kappa 0.657: observed 0.833, by chance 0.514
}

func ExampleFleissKappaClustered() {
	// Items 0 and 1 are variants of one question, and so are 2 and 3.
	counts := [][]int{{3, 0}, {2, 1}, {0, 3}, {0, 3}, {1, 2}, {3, 0}}
	k, err := analysis.FleissKappaClustered(counts, analysis.Clusters{ID: []int32{0, 0, 1, 1, 2, 3}, N: 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("kappa %.2f from %d items in %d clusters\n", k.Value, k.N, k.Clusters)
	fmt.Println(k.Method)
	// Output:
	// kappa 0.56 from 6 items in 4 clusters
	// Fleiss' kappa, cluster bootstrap, percentile 95 %, 2000 replicates, seed 1
}

func ExampleCountRatings() {
	const missing = -1
	counts, kept, err := analysis.CountRatings([][]int{{0, 0, 1}, {1, missing, 1}, {1, 1, 1}}, 2)
	fmt.Println(counts, kept, err)
	// Output:
	// [[2 1] [0 3]] [0 2] <nil>
}

func ExampleKappaFromAgreement() {
	// What the paper prints in section 3.1.2.
	k, err := analysis.KappaFromAgreement([]float64{.6752, .7239, .7684}, []float64{.481, .355, .365})
	fmt.Printf("%.2f %v\n", k.Value, err)
	// Output:
	// 0.42 <nil>
}
