package analysis

import (
	"errors"
	"math"
)

// FleissKappaZero tests the hypothesis that raters agree no better than
// chance: that each rating falls into a category by the same shares,
// whatever the item. Statistic is kappa over its standard error under this
// hypothesis, and P two-sided from the normal distribution. That standard
// error holds for the hypothesis alone; it makes no interval around a kappa
// that is not 0, which FleissKappaClustered does.
//
// The test takes items as independent. Known clusters that join items
// therefore give a warning: P is then too small.
//
// Counts are those of FleissKappa, so that an item with a missing rating has
// to be left out before, and so are the errors.
//
// Source: Fleiss, Nee and Landis 1979, Psychological Bulletin 86:974-977.
func FleissKappaZero(counts [][]int, clusters Clusters) (Test, error) {
	dense, err := clusters.among(len(counts))
	if err != nil {
		return Test{}, err
	}
	k, err := FleissKappa(counts)
	if err != nil {
		return Test{}, err
	}
	var spread, skew float64
	for _, p := range k.Shares {
		spread += p * (1 - p)
		skew += p * (1 - p) * (1 - 2*p)
	}
	pairs := float64(k.Items) * float64(k.Raters) * float64(k.Raters-1)
	se := math.Sqrt(2*(spread*spread-skew)/pairs) / spread
	z := k.Value / se
	t := Test{
		Statistic: z, P: math.Erfc(math.Abs(z) / math.Sqrt2), N: k.Items,
		Method: "Fleiss' kappa is 0, normal test with the standard error under that hypothesis",
	}
	switch {
	case !clusters.Known():
		t.Warnings = append(t.Warnings, errors.New("clusters unknown: items are taken as independent, so p may be too small"))
	case dense.N < k.Items:
		t.Warnings = append(t.Warnings, errors.New("items of one cluster are taken as independent, so p may be too small"))
	}
	return t, nil
}
