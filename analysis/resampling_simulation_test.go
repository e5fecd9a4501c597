package analysis_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// simulations is how many data sets a simulation draws.
func simulations(short, full int) int {
	if *long {
		return full
	}
	return short
}

// checkShare compares the share of hits among runs with a band, whose ends
// may be passed by four standard errors. In full it prints its figures.
func checkShare(t *testing.T, what string, hits, runs int, lo, hi float64) {
	t.Helper()
	share := float64(hits) / float64(runs)
	slack := func(p float64) float64 { return 4 * math.Sqrt(p*(1-p)/float64(runs)) }
	if share < lo-slack(lo) || share > hi+slack(hi) {
		t.Errorf("%s: %.4f of %d, want %v to %v", what, share, runs, lo, hi)
	}
	if *long {
		t.Logf("%s: %.4f of %d (band %v to %v)", what, share, runs, lo, hi)
	}
}

// TestBootstrapCoverage documents what the two intervals at 0.95 are worth
// for skewed data and few clusters: too little, BCa somewhat less so. Both
// near 0.95 as clusters get more.
func TestBootstrapCoverage(t *testing.T) {
	for _, c := range []struct {
		what       string
		clusters   int
		percentile [2]float64
		bca        [2]float64
	}{
		{"mean of exponentials", 20, [2]float64{0.89, 0.92}, [2]float64{0.90, 0.93}},
		{"mean of exponentials", 200, [2]float64{0.93, 0.955}, [2]float64{0.93, 0.955}},
		{"variance of normals", 20, [2]float64{0.78, 0.86}, [2]float64{0.83, 0.90}},
		{"variance of normals", 200, [2]float64{0.92, 0.95}, [2]float64{0.93, 0.955}},
	} {
		runs, replicates := simulations(250, 4000), simulations(400, 2000)
		percentile, bca := 0, 0
		for run := range runs {
			rng := rand.New(rand.NewPCG(uint64(run), 21))
			x := make([]float64, c.clusters)
			for i := range x {
				x[i] = rng.ExpFloat64()
			}
			stat := meanOf(x)
			if c.what == "variance of normals" {
				for i := range x {
					x[i] = rng.NormFloat64()
				}
				stat = varianceOf(x)
			}
			p, err := analysis.Bootstrap(c.clusters, replicates, uint64(run), 0.95, stat)
			if err != nil {
				t.Fatal(err)
			}
			b, err := analysis.BootstrapBCa(c.clusters, replicates, uint64(run), 0.95, stat)
			if err != nil {
				t.Fatal(err)
			}
			if p.Lo <= 1 && 1 <= p.Hi {
				percentile++
			}
			if b.Lo <= 1 && 1 <= b.Hi {
				bca++
			}
		}
		checkShare(t, c.what+", percentile, coverage", percentile, runs, c.percentile[0], c.percentile[1])
		checkShare(t, c.what+", BCa, coverage", bca, runs, c.bca[0], c.bca[1])
	}
}

// clusteredNormals are pairs (x, y) in clusters of three. Within a pair x and
// y have the correlation rho; within a cluster half of the variance is
// common.
func clusteredNormals(rng *rand.Rand, clusters int, rho float64) (x, y []float64, ids analysis.Clusters) {
	pair := func() (float64, float64) {
		a, b := rng.NormFloat64(), rng.NormFloat64()
		return a, rho*a + math.Sqrt(1-rho*rho)*b
	}
	for c := range clusters {
		commonX, commonY := pair()
		for range 3 {
			ownX, ownY := pair()
			x = append(x, (commonX+ownX)/math.Sqrt2)
			y = append(y, (commonY+ownY)/math.Sqrt2)
			ids.ID = append(ids.ID, int32(c))
		}
	}
	ids.N = clusters
	return x, y, ids
}

// TestRankIntervalCoverage holds the intervals to the population values of
// normal data: 6/pi asin(rho/2), 2/pi asin(rho), and the normal
// distribution function of the shift over the root of 2.
func TestRankIntervalCoverage(t *testing.T) {
	const clusters, rho, shift = 50, 0.6, 0.5
	runs := simulations(30, 2000)
	var spearman, kendall, superiority, difference int
	for run := range runs {
		rng := rand.New(rand.NewPCG(uint64(run), 22))
		x, y, ids := clusteredNormals(rng, clusters, rho)
		s, err := analysis.Spearman(x, y, ids)
		if err != nil {
			t.Fatal(err)
		}
		k, err := analysis.Kendall(x, y, ids)
		if err != nil {
			t.Fatal(err)
		}
		if s.Covers(6 / math.Pi * math.Asin(rho/2)) {
			spearman++
		}
		if k.Covers(2 / math.Pi * math.Asin(rho)) {
			kendall++
		}
		d, err := analysis.PairedDifference(x, y, ids)
		if err != nil {
			t.Fatal(err)
		}
		if d.Covers(0) {
			difference++
		}
		for i := range x {
			x[i] += shift
		}
		// Half of the clusters, and of each other one a part, are x.
		var above, below []float64
		var aboveID, belowID []int32
		for i := range x {
			if ids.ID[i]%4 == 0 || ids.ID[i]%2 == 1 && i%3 == 0 {
				above, aboveID = append(above, x[i]), append(aboveID, ids.ID[i])
			} else {
				below, belowID = append(below, x[i]-shift), append(belowID, ids.ID[i])
			}
		}
		u, err := analysis.MannWhitney(above, below, analysis.Clusters{ID: append(aboveID, belowID...), N: clusters})
		if err != nil {
			t.Fatal(err)
		}
		if u.Superiority.Covers(0.5 * math.Erfc(-shift/2)) {
			superiority++
		}
	}
	checkShare(t, "Spearman, 50 clusters of 3, coverage", spearman, runs, 0.92, 0.96)
	checkShare(t, "Kendall, 50 clusters of 3, coverage", kendall, runs, 0.92, 0.96)
	checkShare(t, "paired difference, 50 clusters of 3, coverage", difference, runs, 0.92, 0.96)
	checkShare(t, "superiority, 50 clusters of 3, coverage", superiority, runs, 0.92, 0.96)
}

// TestErrorOfTheFirstKind counts rejections at 0.05 of hypotheses that are
// true: the exact tests never above it, the others near it. What clusters
// are for shows beside it: the tests that take their units as independent
// reject about two to three times as often.
func TestErrorOfTheFirstKind(t *testing.T) {
	const clusters = 30
	runs := simulations(40, 2000)
	rejected := map[string]int{}
	for run := range runs {
		rng := rand.New(rand.NewPCG(uint64(run), 23))
		x, y, ids := clusteredNormals(rng, clusters, 0)
		count := func(what string, test analysis.Test, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(what, err)
			}
			if test.P <= 0.05 {
				rejected[what]++
			}
		}
		single := singles(len(x))

		s, err := analysis.Spearman(x, y, ids)
		count("Spearman, clusters", s.Test, err)
		k, err := analysis.Kendall(x, y, ids)
		count("Kendall, clusters", k.Test, err)
		s, err = analysis.Spearman(x, y, single)
		count("Spearman, clusters ignored", s.Test, err)
		k, err = analysis.Kendall(x, y, single)
		count("Kendall, clusters ignored", k.Test, err)

		half := 3 * (clusters / 2)
		u, err := analysis.MannWhitney(x[:half], x[half:], ids)
		count("Mann-Whitney, clusters", u.Test, err)
		u, err = analysis.MannWhitney(x[:half], x[half:], single)
		count("Mann-Whitney, clusters ignored", u.Test, err)

		flip, err := analysis.SignFlip(x, 399, uint64(run), ids)
		count("sign flips, clusters", flip, err)
		flip, err = analysis.SignFlip(x, 399, uint64(run), single)
		count("sign flips, clusters ignored", flip, err)

		a, b := make([]bool, len(x)), make([]bool, len(x))
		for i := range x {
			a[i], b[i] = x[i] > 0.3, y[i] > 0.3
		}
		m, err := analysis.McNemar(a, b, ids)
		count("McNemar, clusters", m.Test, err)
		m.P = m.MidP
		count("McNemar mid-p, clusters", m.Test, err)
		m, err = analysis.McNemar(a, b, single)
		count("McNemar, clusters ignored", m.Test, err)

		// Independent units with ties, one of each cluster.
		var p, q []float64
		for i := 0; i < len(x); i += 3 {
			p, q = append(p, math.Round(x[i])), append(q, math.Round(y[i]))
		}
		single = singles(clusters)
		s, err = analysis.Spearman(p, q, single)
		count("Spearman, independent, ties", s.Test, err)
		k, err = analysis.Kendall(p, q, single)
		count("Kendall, independent, ties", k.Test, err)
		u, err = analysis.MannWhitney(p[:12], p[12:], single)
		count("Mann-Whitney, independent, ties", u.Test, err)
	}
	for _, c := range []struct {
		what   string
		lo, hi float64
	}{
		{"Spearman, clusters", 0.04, 0.07},
		{"Spearman, clusters ignored", 0.08, 1},
		{"Spearman, independent, ties", 0.04, 0.06},
		{"Kendall, clusters", 0.04, 0.07},
		{"Kendall, clusters ignored", 0.08, 1},
		{"Kendall, independent, ties", 0.035, 0.06},
		{"Mann-Whitney, clusters", 0.04, 0.07},
		{"Mann-Whitney, clusters ignored", 0.12, 1},
		{"Mann-Whitney, independent, ties", 0.03, 0.055},
		{"sign flips, clusters", 0.04, 0.05},
		{"sign flips, clusters ignored", 0.12, 1},
		{"McNemar, clusters", 0.02, 0.05},
		{"McNemar mid-p, clusters", 0.03, 0.055},
		{"McNemar, clusters ignored", 0.08, 1},
	} {
		checkShare(t, c.what+", rejected at 0.05", rejected[c.what], runs, c.lo, c.hi)
	}
}
