package analysis

import (
	"fmt"
	"math"
)

// CochranArmitage tests whether the share of hits has no trend over ordered
// bins, each with hits among units that are independent of each other. The
// statistic is the normal score of U, the sum over units of (score of its
// bin minus the mean score) times (1 for a hit, 0 for none): positive when
// hits become more frequent with the score. P is two-sided and from the
// normal distribution.
//
// Scores say how far apart the bins are, nil for 0, 1, 2 and so on; only
// their relative distances matter. A bin without units plays no part, and
// units of which it is missing whether they are hits are in neither count.
// Fewer than ten hits, or units that are none, give a warning.
//
// The variance of U is p(1-p) times the sum of squared distances from the
// mean score, as Cochran and Armitage have it. Where the distribution given
// the margins is meant, as in Mantel's test, it is n/(n-1) times as large.
//
// Errors: ErrTooFew when fewer than two scores have units; ErrUndefined
// when all units are hits or none is; and an error for slices of different
// lengths, hits outside 0 to units, and a score that is NaN or infinite.
//
// Source: Cochran 1954, Biometrics 10:417-451; Armitage 1955, Biometrics
// 11:375-386.
func CochranArmitage(hits, units []int, scores []float64) (Test, error) {
	if len(hits) != len(units) {
		return Test{}, fmt.Errorf("analysis: trend: hits of %d bins and units of %d", len(hits), len(units))
	}
	for b := range units {
		if hits[b] < 0 || hits[b] > units[b] {
			return Test{}, fmt.Errorf("analysis: trend: bin %d has %d hits of %d, want 0 to all", b, hits[b], units[b])
		}
	}
	l, err := newTrend(hits, units, scores)
	if err != nil {
		return Test{}, err
	}
	sum := 0.0
	for b, n := range units {
		sum += l.scores[b] * (float64(hits[b]) - l.share*float64(n))
	}
	return l.test(sum, l.variance, "independent units"), nil
}

// ClusteredTrend is CochranArmitage for bins counted over the same
// clusters, whose units may depend on each other and lie in several bins.
// Units that are no cluster's get one each in the tallies, and those of
// which it is missing whether they are hits are in none.
//
// The variance of U is the sum over clusters of squared contributions to it
// times C/(C-1): the score test of a logistic regression on the bins'
// scores with independence as working model. Without clusters it differs
// from that of CochranArmitage in that it lets the variance of hits differ
// between bins. With fewer than 40 clusters P is rough, and a warning says
// so.
//
// Errors: those of CochranArmitage, ErrTooFew for fewer than two clusters
// with units, and an error when the tallies are over different numbers of
// clusters.
//
// Source: Rotnitzky and Jewell 1990, Biometrika 77:485-497; Boos 1992, The
// American Statistician 46:327-333.
func ClusteredTrend(bins []*ShareTally, scores []float64) (Test, error) {
	hits, units := make([]int, len(bins)), make([]int, len(bins))
	for b, t := range bins {
		if len(t.units) != len(bins[0].units) {
			return Test{}, fmt.Errorf("analysis: trend: bins 0 and %d are over %d and %d clusters, want the same", b, len(bins[0].units), len(t.units))
		}
		hits[b], units[b] = t.Hits(), t.Units()
	}
	l, err := newTrend(hits, units, scores)
	if err != nil {
		return Test{}, err
	}
	sum, squares, clusters := 0.0, 0.0, 0
	for c := range bins[0].units {
		u, present := 0.0, false
		for b, t := range bins {
			if t.units[c] > 0 {
				u += l.scores[b] * (float64(t.hits[c]) - l.share*float64(t.units[c]))
				present = true
			}
		}
		if present {
			sum += u
			squares += u * u
			clusters++
		}
	}
	if clusters < 2 {
		return Test{}, fmt.Errorf("analysis: trend: %d clusters, want at least 2: %w", clusters, ErrTooFew)
	}
	if squares <= 1e-24*l.variance { // 0 but for rounding
		return Test{}, fmt.Errorf("analysis: trend: clusters do not differ: %w", ErrUndefined)
	}
	c := float64(clusters)
	t := l.test(sum, squares*c/(c-1), "cluster-robust variance")
	t.Clusters = clusters
	if clusters < fewClusters {
		t.Warnings = append(t.Warnings, fmt.Errorf("%d clusters are few for a robust variance: P is rough", clusters))
	}
	return t, nil
}

// fewClusters is the number of clusters below which a robust variance is in
// doubt: Angrist and Pischke 2009, Mostly Harmless Econometrics, section
// 8.2.3, has 42.
const fewClusters = 40

// A trend is what its tests share.
type trend struct {
	scores      []float64 // less their mean over units
	share       float64   // of hits
	variance    float64   // of the sum, were all units independent
	hits, units int
}

func newTrend(hits, units []int, scores []float64) (trend, error) {
	if scores != nil && len(scores) != len(units) {
		return trend{}, fmt.Errorf("analysis: trend: %d scores for %d bins", len(scores), len(units))
	}
	l := trend{scores: make([]float64, len(units))}
	mean, lo, hi := 0.0, math.Inf(1), math.Inf(-1)
	for b, n := range units {
		l.scores[b] = float64(b)
		if scores != nil {
			l.scores[b] = scores[b]
		}
		s := l.scores[b]
		if math.IsNaN(s) || math.IsInf(s, 0) {
			return trend{}, fmt.Errorf("analysis: trend: score of bin %d is %v", b, s)
		}
		if n > 0 {
			lo, hi = min(lo, s), max(hi, s)
		}
		l.units += n
		l.hits += hits[b]
		mean += s * float64(n)
	}
	switch {
	case !(lo < hi):
		return trend{}, fmt.Errorf("analysis: trend: fewer than two scores have units: %w", ErrTooFew)
	case l.hits == 0 || l.hits == l.units:
		return trend{}, fmt.Errorf("analysis: trend: %d hits of %d: %w", l.hits, l.units, ErrUndefined)
	}
	mean /= float64(l.units)
	l.share = float64(l.hits) / float64(l.units)
	for b, n := range units {
		l.scores[b] -= mean
		l.variance += l.share * (1 - l.share) * float64(n) * l.scores[b] * l.scores[b]
	}
	return l, nil
}

func (l trend) test(sum, variance float64, how string) Test {
	z := sum / math.Sqrt(variance)
	t := Test{
		Statistic: z, P: math.Erfc(math.Abs(z) / math.Sqrt2), N: l.units,
		Method: "Cochran-Armitage z, no trend of the share over ordered bins, " + how + ", normal P",
	}
	if rare := min(l.hits, l.units-l.hits); rare < fewEvents {
		t.Warnings = append(t.Warnings, fmt.Errorf("rests on a share of %d in %d: P is rough", l.hits, l.units))
	}
	return t
}
