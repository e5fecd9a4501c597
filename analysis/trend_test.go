package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func TestCochranArmitagePublished(t *testing.T) {
	// Agresti 2013, Categorical Data Analysis, section 3.4.5, table 3.9: of
	// malformation by the mother's drinking, z² = 6.57 and P = 0.010.
	got, err := analysis.CochranArmitage([]int{48, 38, 5, 1, 1}, []int{17114, 14502, 793, 127, 38}, []float64{0, .5, 1.5, 4, 7})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "z²", got.Statistic*got.Statistic, 6.57, 5e-3)
	within(t, "P", got.P, .010, 5e-4)
}

// Figure 2 of the paper, 1,000 scenarios to a bin. By hand for the majority
// rule: 179 hits in 5,000, and scores -2 to 2 about their mean, so that U =
// -2·7 - 12 + 49 + 2·97 = 217 and its variance is
// .0358·.9642·1000·10 = 345.184, z = 11.680.
func TestCochranArmitageOfPaper(t *testing.T) {
	for _, c := range []struct {
		name string
		hits []int
		z    float64
	}{
		{"majority", []int{7, 12, 14, 49, 97}, 217 / math.Sqrt(345.1836)},
		// 999 hits, U = -2·49 - 53 + 280 + 2·494 = 1117, .1998·.8002·10000.
		{"any", []int{49, 53, 123, 280, 494}, 1117 / math.Sqrt(1598.7996)},
	} {
		units := []int{1000, 1000, 1000, 1000, 1000}
		got, err := analysis.CochranArmitage(c.hits, units, nil)
		if err != nil {
			t.Fatal(err)
		}
		within(t, c.name+" z", got.Statistic, c.z, 1e-6)
		relative(t, c.name+" P", got.P, math.Erfc(c.z/math.Sqrt2), 1e-6)
		if got.N != 5000 || got.Clusters != 0 || len(got.Warnings) != 0 {
			t.Errorf("%s: %+v", c.name, got)
		}
		// Counted unit by unit, with variance where the hits are.
		bins := make([]*analysis.ShareTally, len(c.hits))
		for b := range bins {
			bins[b] = analysis.NewShareTally(5000)
			for i := range 1000 {
				bins[b].Add(1000*b+i, i < c.hits[b])
			}
		}
		robust, err := analysis.ClusteredTrend(bins, nil)
		if err != nil {
			t.Fatal(err)
		}
		if robust.Clusters != 5000 || robust.Statistic < .7*c.z || robust.Statistic > 1.1*c.z {
			t.Errorf("%s: robust %v, plain %v", c.name, robust, got)
		}
	}
}

func TestTrendLaws(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 0))
	for range 50 {
		bins := make([]*analysis.ShareTally, 4)
		negated := make([]*analysis.ShareTally, 4)
		renumbered := make([]*analysis.ShareTally, 4)
		hits, units := make([]int, 4), make([]int, 4)
		for b := range bins {
			bins[b], negated[b] = analysis.NewShareTally(60), analysis.NewShareTally(60)
			renumbered[b] = analysis.NewShareTally(100)
			for range 5 + rng.IntN(40) {
				c, hit := rng.IntN(60), rng.IntN(3) == 0
				bins[b].Add(c, hit)
				negated[b].Add(c, !hit)
				renumbered[b].Add(99-c, hit)
			}
			hits[b], units[b] = bins[b].Hits(), bins[b].Units()
		}
		plain := func(scores []float64) analysis.Test {
			got, err := analysis.CochranArmitage(hits, units, scores)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		clustered := func(bins []*analysis.ShareTally, scores []float64) analysis.Test {
			got, err := analysis.ClusteredTrend(bins, scores)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		z, robust := plain(nil), clustered(bins, nil)
		within(t, "scaled scores", plain([]float64{-5, -2, 1, 4}).Statistic, z.Statistic, 1e-9)
		within(t, "scaled scores, clustered", clustered(bins, []float64{-5, -2, 1, 4}).Statistic, robust.Statistic, 1e-9)
		within(t, "scores backwards", plain([]float64{3, 2, 1, 0}).Statistic, -z.Statistic, 1e-9)
		within(t, "hits and others swapped", clustered(negated, nil).Statistic, -robust.Statistic, 1e-9)
		within(t, "clusters renumbered", clustered(renumbered, nil).Statistic, robust.Statistic, 1e-9)
	}
}

// Ten units in each cluster that are all alike are one: Cochran and
// Armitage's test takes them for ten and rejects a true hypothesis far too
// often, the robust one about as often as it says.
func TestTrendSize(t *testing.T) {
	sims := 300
	if *long {
		sims = 5000
	}
	const clusters = 150
	rng := rand.New(rand.NewPCG(6, 0))
	var plain, robust float64
	for range sims {
		bins := []*analysis.ShareTally{analysis.NewShareTally(clusters), analysis.NewShareTally(clusters), analysis.NewShareTally(clusters)}
		hits, units := make([]int, 3), make([]int, 3)
		for c := range clusters {
			hit, bin := rng.IntN(5) == 0, rng.IntN(3)
			for range 10 {
				bins[bin].Add(c, hit)
			}
		}
		for b, tally := range bins {
			hits[b], units[b] = tally.Hits(), tally.Units()
		}
		p, err := analysis.CochranArmitage(hits, units, nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := analysis.ClusteredTrend(bins, nil)
		if err != nil {
			t.Fatal(err)
		}
		if p.P < .05 {
			plain += 1 / float64(sims)
		}
		if r.P < .05 {
			robust += 1 / float64(sims)
		}
	}
	noise := 4 * math.Sqrt(.05*.95/float64(sims))
	t.Logf("no trend, clusters of 10 alike: Cochran-Armitage rejects in %.3f, clustered in %.4f of %d, nominal 0.05", plain, robust, sims)
	if plain < .3 || math.Abs(robust-.05) > noise+.01 {
		t.Errorf("rejected: plain %v, clustered %v, want far more than and about 0.05", plain, robust)
	}
}

func TestTrendRefuses(t *testing.T) {
	for _, c := range []struct {
		name        string
		hits, units []int
		scores      []float64
		is          error
		phrase      string
	}{
		{"no bins", nil, nil, nil, analysis.ErrTooFew, "two scores"},
		{"one bin", []int{1}, []int{3}, nil, analysis.ErrTooFew, "two scores"},
		{"one bin with units", []int{1, 0}, []int{3, 0}, nil, analysis.ErrTooFew, "two scores"},
		{"equal scores", []int{1, 1}, []int{3, 3}, []float64{2, 2}, analysis.ErrTooFew, "two scores"},
		{"no hits", []int{0, 0}, []int{3, 3}, nil, analysis.ErrUndefined, "0 hits of 6"},
		{"nothing but hits", []int{3, 3}, []int{3, 3}, nil, analysis.ErrUndefined, "6 hits of 6"},
		{"more hits than units", []int{1, 4}, []int{3, 3}, nil, nil, "bin 1 has 4 hits of 3"},
		{"lengths", []int{1, 1}, []int{3}, nil, nil, "2 bins"},
		{"scores", []int{1, 1}, []int{3, 3}, []float64{1}, nil, "1 scores for 2"},
		{"NaN", []int{1, 1}, []int{3, 3}, []float64{1, math.NaN()}, nil, "score of bin 1"},
	} {
		_, err := analysis.CochranArmitage(c.hits, c.units, c.scores)
		if err == nil || !strings.Contains(err.Error(), c.phrase) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.phrase)
		}
	}
	few, err := analysis.CochranArmitage([]int{1, 3}, []int{30, 30}, nil)
	if err != nil || len(few.Warnings) != 1 || !strings.Contains(few.Warnings[0].Error(), "4 in 60") {
		t.Errorf("few events: %v, %v", few, err)
	}
	one, other := analysis.NewShareTally(1), analysis.NewShareTally(1)
	one.Add(0, true)
	other.Add(0, false)
	if _, err := analysis.ClusteredTrend([]*analysis.ShareTally{one, other}, nil); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("one cluster: %v", err)
	}
	if _, err := analysis.ClusteredTrend([]*analysis.ShareTally{one, analysis.NewShareTally(2)}, nil); err == nil {
		t.Error("tallies over one cluster and two accepted")
	}
	if _, err := analysis.ClusteredTrend(nil, nil); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("no bins: %v", err)
	}
	// Two clusters that are alike say that there is no noise at all.
	low, high := analysis.NewShareTally(2), analysis.NewShareTally(2)
	for c := range 2 {
		for i := range 7 {
			low.Add(c, i < 1)
			high.Add(c, i < 1)
		}
	}
	if _, err := analysis.ClusteredTrend([]*analysis.ShareTally{low, high}, nil); !errors.Is(err, analysis.ErrUndefined) {
		t.Errorf("clusters alike: %v", err)
	}
}

func ExampleCochranArmitage() {
	// Figure 2 of the paper, majority rule.
	test, err := analysis.CochranArmitage([]int{7, 12, 14, 49, 97}, []int{1000, 1000, 1000, 1000, 1000}, nil)
	fmt.Printf("z = %.2f, P = %.1e, %v\n", test.Statistic, test.P, err)
	// Output: z = 11.68, P = 1.6e-31, <nil>
}

func ExampleClusteredTrend() {
	// Three scenarios to a value pair, which fall into three bins.
	bins := []*analysis.ShareTally{analysis.NewShareTally(90), analysis.NewShareTally(90), analysis.NewShareTally(90)}
	for pair := range 90 {
		for bin := range 3 {
			bins[bin].Add(pair, pair%(9-2*bin) == 0)
		}
	}
	test, err := analysis.ClusteredTrend(bins, nil)
	fmt.Printf("z = %.2f, P = %.3f, %d clusters, %v\n", test.Statistic, test.P, test.Clusters, err)
	// Output: z = 1.62, P = 0.104, 90 clusters, <nil>
}
