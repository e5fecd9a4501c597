package analysis_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// like gives each row what draw makes, the same as its cluster's with a
// probability of 0.6, in clusters of three: what draw makes has the
// distribution it would have in independent rows.
func like[T any](rng *rand.Rand, clusters int, draw func() T) ([]T, analysis.Clusters) {
	var rows []T
	ids := analysis.Clusters{N: clusters}
	for c := range clusters {
		common := draw()
		for range 3 {
			row := draw()
			if rng.Float64() < 0.6 {
				row = common
			}
			rows, ids.ID = append(rows, row), append(ids.ID, int32(c))
		}
	}
	return rows, ids
}

// A covered is an interval and what it should contain.
type covered struct {
	what  string
	e     analysis.Estimate
	err   error
	truth float64
}

// TestIntervalCoverage simulates the intervals that have no test of their
// coverage beside them, on 100 clusters of three rows that mostly are alike
// unless a case says otherwise. Bands are what docs/statistics.md promises.
func TestIntervalCoverage(t *testing.T) {
	for _, c := range []struct {
		name        string
		short, full int // data sets
		lo, hi      float64
		draw        func(t *testing.T, rng *rand.Rand) []covered
	}{
		{"bootstrap of means", 60, 1000, 0.92, 0.96, drawMeans},
		{"bootstrap of two shares", 60, 1000, 0.92, 0.96, drawShares},
		{"paired shares", 400, 10000, 0.935, 0.96, drawPairedShares},
		{"positions of two providers", 200, 5000, 0.935, 0.965, drawProviders},
		{"correlation", 200, 5000, 0.93, 0.96, drawCorrelation},
		{"correlations of several columns", 30, 1000, 0.92, 0.96, drawRankings},
		{"two raters", 100, 2000, 0.92, 0.96, drawRaters},
		{"odds ratio of Haldane and Anscombe", 2000, 100000, 0.95, 0.975, drawHaldane},
		{"flag rates of projected scenarios", 200, 4000, 0.93, 0.965, drawProjected},
	} {
		runs := simulations(c.short, c.full)
		hits, order := map[string]int{}, []string(nil)
		for run := range runs {
			for _, x := range c.draw(t, rand.New(rand.NewPCG(uint64(run), 61))) {
				if x.err != nil {
					t.Fatalf("%s, %s: %v", c.name, x.what, x.err)
				}
				if run == 0 {
					order = append(order, x.what)
				}
				if x.e.Covers(x.truth) {
					hits[x.what]++
				}
			}
		}
		for _, what := range order {
			checkShare(t, c.name+": "+what, hits[what], runs, c.lo, c.hi)
		}
	}
}

// drawMeans has disagreements of 0, 1, 1.5 and 3 with a mean of 1.2 and a
// share of 0.5 from 1.5 on, and exponentials.
func drawMeans(t *testing.T, rng *rand.Rand) []covered {
	scores, ids := like(rng, 100, func() int { return []int{0, 0, 2, 2, 2, 3, 3, 3, 6, 3}[rng.IntN(10)] })
	rows := make([]row, len(scores))
	for i, score := range scores { // two models; half of their difference
		rows[i] = row{{0, score}, {3, 3}}
	}
	p := table(t, []string{"m0", "m1"}, rows, ids)
	d, err := analysis.MeasureDisagreement(p, analysis.ModelSet{Name: "two", Models: []string{"m0", "m1"}})
	if err != nil {
		t.Fatal(err)
	}
	mean, err1 := d.Mean()
	share, err2 := d.ShareAtLeast(1.5)
	x, xid := like(rng, 100, rng.ExpFloat64)
	skewed, err3 := analysis.Mean(x, xid)
	return []covered{{"mean disagreement", mean, err1, 1.2}, {"share of disagreements", share, err2, 0.5}, {"mean of exponentials", skewed, err3, 1}}
}

// drawShares has two groups of rows in the same clusters.
func drawShares(_ *testing.T, rng *rand.Rand) []covered {
	u, ids := like(rng, 300, rng.Float64)
	a, b := analysis.NewShareTally(300), analysis.NewShareTally(300)
	for i, c := range ids.ID {
		if rng.IntN(2) == 0 {
			a.Add(int(c), u[i] < 0.2)
		} else {
			b.Add(int(c), u[i] < 0.1)
		}
	}
	difference, err1 := analysis.DifferenceOfShares(a, b)
	ratio, err2 := analysis.RatioOfShares(a, b)
	return []covered{{"difference", difference, err1, 0.1}, {"ratio", ratio, err2, 2}}
}

// drawPairedShares has two judges of the same rows, who flag 0.3 and 0.2.
func drawPairedShares(_ *testing.T, rng *rand.Rand) []covered {
	u, ids := like(rng, 100, func() [2]bool {
		u := rng.Float64()
		return [2]bool{u < 0.3, u < 0.12 || u > 0.92}
	})
	var flags [2][]bool
	for _, x := range u {
		flags[0], flags[1] = append(flags[0], x[0]), append(flags[1], x[1])
	}
	e, err := analysis.PairedShareDifference(flags[0], flags[1], ids)
	return []covered{{"difference", e, err, 0.1}}
}

// drawProviders has three models that favour a value in 0.5, 0.4 and 0.3 of
// rows, and often together.
func drawProviders(t *testing.T, rng *rand.Rand) []covered {
	u, ids := like(rng, 100, func() [3]bool {
		common := rng.Float64()
		var favours [3]bool
		for m, share := range []float64{0.5, 0.4, 0.3} {
			own := rng.Float64()
			if rng.IntN(2) == 0 {
				own = common
			}
			favours[m] = own < share
		}
		return favours
	})
	rows, codes := make([]row, len(u)), [2][]int32{make([]int32, len(u)), make([]int32, len(u))}
	for i, favours := range u {
		rows[i] = row{{2, 2, 2}, {0, 0, 0}}
		for m, yes := range favours {
			if yes {
				rows[i][0][m] = 6
			}
		}
		codes[0][i], codes[1][i] = 18, -1
	}
	set := analysis.ModelSet{Name: "three", Models: []string{"gpt_4o", "o3", "grok_4"}}
	p := table(t, set.Models, rows, ids)
	shares, err := analysis.MeasurePreferences(p, codes, set)
	if err != nil {
		t.Fatal(err)
	}
	differences, err := analysis.MeasureProviderDifferences(p, codes, set)
	if err != nil || len(differences) != 1 {
		t.Fatal(differences, err)
	}
	d := differences[0]
	return []covered{
		{"share of a model", shares.ByModel[0][0], nil, 0.5},
		{"mean share of a provider", shares.ByProvider[0][0], nil, 0.45},
		{"difference of providers", d.Estimate, d.Err, 0.15},
	}
}

// drawCorrelation has two models that place both values of a row alike with
// a probability that is the correlation, whatever the distribution of scores.
func drawCorrelation(t *testing.T, rng *rand.Rand) []covered {
	var out []covered
	for _, c := range []struct {
		what string
		rho  float64
	}{{"0.6", 0.6}, {"0.2", 0.2}} {
		score := func() int { return []int{0, 1, 3, 4, 4, 5, 6, 6}[rng.IntN(8)] }
		rows, ids := like(rng, 100, func() row {
			var r row
			for v := range r {
				x, y := score(), score()
				if rng.Float64() < c.rho {
					y = x
				}
				r[v] = []int{x, y}
			}
			return r
		})
		e, err := analysis.Correlate(table(t, []string{"x", "y"}, rows, ids), "x", "y")
		out = append(out, covered{c.what, e, err, c.rho})
	}
	return out
}

// drawRankings has normal columns, whose Spearman's rho is 6/pi asin(r/2).
func drawRankings(_ *testing.T, rng *rand.Rand) []covered {
	x, y, ids := clusteredNormals(rng, 50, 0.6)
	z := make([]float64, len(x))
	for i := range z {
		z[i] = rng.NormFloat64()
	}
	r, err := analysis.SpearmanMatrix([][]float64{x, y, z}, ids)
	if err != nil {
		return []covered{{err: err}}
	}
	return []covered{{"0.58", r[0][1], nil, 6 / math.Pi * math.Asin(0.3)}, {"0", r[2][0], nil, 0}}
}

// drawRaters has two raters who say no twice in 0.55 of items, yes twice in
// 0.3 and differ in 0.1 and 0.05. By hand: they agree on 0.85 and say yes in
// 0.35 and 0.4, by chance together 0.53, with common margins 0.53125.
func drawRaters(t *testing.T, rng *rand.Rand) []covered {
	raw, ids := like(rng, 100, func() []rating {
		switch u := rng.Float64(); {
		case u < 0.55:
			return []rating{0, 0}
		case u < 0.65:
			return []rating{0, 1}
		case u < 0.70:
			return []rating{1, 0}
		}
		return []rating{1, 1}
	})
	r := rawRatings(t, raw, 2)
	cohen, err1 := analysis.CohenKappa(r, unweighted, ids)
	scott, err2 := analysis.ScottPi(r, unweighted, ids)
	byCategory, err := analysis.AgreementByCategory(r, ids)
	if err != nil {
		t.Fatal(err)
	}
	yes := byCategory[1]
	return []covered{
		{"Cohen", cohen.Estimate, err1, 0.32 / 0.47},
		{"Scott", scott.Estimate, err2, (0.85 - 0.53125) / 0.46875},
		{"specific agreement", yes.Specific.Estimate, yes.SpecificErr, 0.6 / 0.75},
		{"kappa of a category", yes.Kappa.Estimate, yes.KappaErr, (0.85 - 0.53125) / 0.46875},
	}
}

func drawHaldane(_ *testing.T, rng *rand.Rand) []covered {
	count := func(n int, p float64) (hits int) {
		for range n {
			if rng.Float64() < p {
				hits++
			}
		}
		return hits
	}
	e, err := analysis.HaldaneOddsRatio(count(40, 0.2), 40, count(60, 0.1), 60)
	return []covered{{"odds ratio", e, err, 0.25 / (1. / 9)}}
}

// drawProjected has 1,000 value pairs of three scenarios that lie in any of
// three strata and mostly share their luck.
func drawProjected(_ *testing.T, rng *rand.Rand) []covered {
	rates, sizes := []float64{0.02, 0.05, 0.1}, []int{700, 200, 100}
	var strata []analysis.Stratum
	for i := range rates {
		strata = append(strata, analysis.Stratum{Size: sizes[i], Sample: analysis.NewShareTally(1000)})
	}
	u, ids := like(rng, 1000, rng.Float64)
	for i, c := range ids.ID {
		s := rng.IntN(len(rates))
		strata[s].Sample.Add(int(c), u[i] < rates[s])
	}
	e, err := analysis.PostStratify(strata...)
	return []covered{{"post-stratified share", e, err, 0.7*0.02 + 0.2*0.05 + 0.1*0.1}}
}

// TestHeldOutAccuracyCoverage holds the interval of a mean over splits to
// the accuracy that fits to nine tenths of as many contests have in the mean
// on new ones, which is known as the abilities are.
func TestHeldOutAccuracyCoverage(t *testing.T) {
	runs := simulations(30, 600)
	theta := normals(40, 1)
	truth := 0.0
	for run := range 4 * runs {
		f, err := analysis.FitBradleyTerry(simulated(theta, 540, 0.1, 0.8, uint64(5000+run)), analysis.ValueModel())
		if err != nil {
			t.Fatal(err)
		}
		right, all := 0.0, 0.0
		for i := range theta {
			for j := range theta {
				// simulated has one, two or three nudges of a pair, equally
				// often, in this order.
				for v, often := range []float64{3, 2, 1} {
					if i == j {
						continue
					}
					nudge := []analysis.Nudge{analysis.NudgeNone, analysis.NudgeFirst, analysis.NudgeSecond}[v]
					p := 1 / (1 + math.Exp(-(theta[i] - theta[j] + 0.1 + 0.8*[]float64{0, 1, -1}[v])))
					if f.Probability(i, j, nudge) < 0.5 {
						p = 1 - p
					}
					right, all = right+often*p, all+often
				}
			}
		}
		truth += right / all / float64(4*runs)
	}
	hits := 0
	for run := range runs {
		a, err := analysis.HeldOutAccuracy(simulated(theta, 600, 0.1, 0.8, uint64(run)), analysis.ValueModel(), analysis.SplitOptions{Splits: 20})
		if err != nil {
			t.Fatal(err)
		}
		if a.Covers(truth) {
			hits++
		}
	}
	checkShare(t, "held-out accuracy", hits, runs, 0.92, 0.97)
}
