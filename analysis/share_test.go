package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func TestShare(t *testing.T) {
	for _, c := range []struct {
		name     string
		hit      string
		clusters analysis.Clusters
		deff     float64
		n        int
		distinct int
	}{
		// Hand arithmetic: all clusters are of one kind, so two units know
		// as much as one. Four clusters of sums 2 2 0 0, p = 1/2, squared
		// residuals 1 each: 4/3·4/64 = 1/12 over 1/4/7 = 1/28.
		{"twins double the variance", "11110000", pairs(8), 28.0 / 12, 8, 4},
		{"singletons are independent", "11110000", singles(8), 1, 8, 8},
		// Every cluster is 1 of 2: variance 0, raised to independence.
		{"never below 1", "10101010", pairs(8), 1, 8, 4},
		{"no hit: the mean cluster size", "00000000", pairs(8), 2, 8, 4},
		{"all hits: the mean cluster size", "11111111", pairs(8), 2, 8, 4},
		{"one cluster counts as one unit", "1100", analysis.Clusters{ID: make([]int32, 4), N: 9}, 4, 4, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := analysis.Share(bools(c.hit), c.clusters)
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(e.DesignEffect-c.deff) > 1e-12 || e.N != c.n || e.Clusters != c.distinct {
				t.Errorf("got design effect %v, n %d, %d clusters; want %v, %d, %d", e.DesignEffect, e.N, e.Clusters, c.deff, c.n, c.distinct)
			}
			effective := float64(c.n) / c.deff
			lo, hi, _ := analysis.Wilson(e.Value*effective, effective, 0.95)
			if math.Abs(e.Lo-lo) > 1e-12 || math.Abs(e.Hi-hi) > 1e-12 {
				t.Errorf("interval %v, %v, want %v, %v", e.Lo, e.Hi, lo, hi)
			}
			if want := math.Sqrt(e.Value * (1 - e.Value) / effective); math.Abs(e.SE-want) > 1e-12 {
				t.Errorf("SE %v, want %v", e.SE, want)
			}
		})
	}
}

// Thirty responses of thirteen value pairs; of the second model four are
// missing, written as a dot.
const (
	oneModel     = "111100111011000101111100011001"
	anotherModel = "010.00110..0010100001000011.01"
)

var unevenClusters = analysis.Clusters{N: 13, ID: []int32{
	0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 6, 6, 6, 7, 7, 8, 8, 8, 9, 9, 10, 10, 10, 11, 11, 12,
}}

// TestShareAgainstStatsmodels takes its expected values from statsmodels
// 0.15.0: the cluster-robust variance of OLS on a constant for each model
// (cov_type "cluster", with the correction C/(C-1) alone), the delta
// method for the mean of two, and proportion_confint(method="wilson").
func TestShareAgainstStatsmodels(t *testing.T) {
	var tallies []*analysis.ShareTally
	for _, answers := range []string{oneModel, anotherModel} {
		tally := analysis.NewShareTally(13)
		for i, a := range answers {
			if a != '.' {
				tally.Add(int(unevenClusters.ID[i]), a == '1')
			}
		}
		tallies = append(tallies, tally)
	}
	one, err := analysis.Share(bools(oneModel), unevenClusters)
	if err != nil {
		t.Fatal(err)
	}
	both, err := analysis.ShareMean(tallies...)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		got                 analysis.Estimate
		value, deff, lo, hi float64
		n                   int
	}{
		{one, 0.6, 1.3032098765432092, 0.3998850851751887, 0.7715129917174124, 30},
		{both, 0.473076923076923, 1.5235008552375797, 0.32383942850328185, 0.6272856327819657, 56},
	} {
		for _, pair := range [][2]float64{{c.got.Value, c.value}, {c.got.DesignEffect, c.deff}, {c.got.Lo, c.lo}, {c.got.Hi, c.hi}} {
			if math.Abs(pair[0]-pair[1]) > 1e-12 {
				t.Errorf("n = %d: got %v, want %v", c.n, pair[0], pair[1])
			}
		}
		if c.got.N != c.n || c.got.Clusters != 13 {
			t.Errorf("n = %d, %d clusters, want %d, 13", c.got.N, c.got.Clusters, c.n)
		}
	}
}

func TestShareWithoutClusters(t *testing.T) {
	hit := make([]bool, 1000)
	for i := range 761 {
		hit[i] = true
	}
	e, err := analysis.Share(hit, analysis.Clusters{})
	if err != nil {
		t.Fatal(err)
	}
	// Zhang et al. 2025, table 2: 76.1 ± 1.3 of 1,000 scenarios.
	if e.Value != 0.761 || math.Abs(100*e.SE-1.3) > 0.05 || e.Clusters != 0 || len(e.Warnings) != 1 {
		t.Errorf("got %+v", e)
	}
	if _, err := analysis.Share(nil, analysis.Clusters{}); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("no units: error %v", err)
	}
	for _, bad := range []analysis.Clusters{{ID: []int32{0}, N: 1}, {ID: make([]int32, 1000), N: 0}, {ID: make([]int32, 1000), N: -1}} {
		if _, err := analysis.Share(hit, bad); err == nil {
			t.Errorf("clusters %d of %d accepted", len(bad.ID), bad.N)
		}
	}
}

// TestShareCoverage draws clusters of three that mostly answer alike and
// asks how often the 95 % interval holds the truth.
func TestShareCoverage(t *testing.T) {
	const runs, clusters, truth = 2000, 150, 0.2
	held := 0
	for run := range runs {
		rng := rand.New(rand.NewPCG(7, uint64(run)))
		hit := make([]bool, 0, 3*clusters)
		ids := analysis.Clusters{N: clusters}
		for c := range clusters {
			common := rng.Float64() < truth
			for range 3 {
				h := common
				if rng.Float64() < 0.3 {
					h = rng.Float64() < truth
				}
				hit = append(hit, h)
				ids.ID = append(ids.ID, int32(c))
			}
		}
		e, err := analysis.Share(hit, ids)
		if err != nil {
			t.Fatal(err)
		}
		if e.Covers(truth) {
			held++
		}
	}
	// Binomial noise of 2,000 runs is 0.5 %.
	if share := float64(held) / runs; share < 0.93 || share > 0.97 {
		t.Errorf("95 %% interval holds the truth in %.3f of runs", share)
	}
}

func TestShareLaws(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	for range 500 {
		n := 1 + rng.IntN(40)
		clusters := analysis.Clusters{N: 50, ID: make([]int32, n)}
		renamed := analysis.Clusters{N: 50, ID: make([]int32, n)}
		names := rng.Perm(50)
		hit, missed := make([]bool, n), make([]bool, n)
		for i := range n {
			clusters.ID[i] = int32(rng.IntN(1 + n/2))
			renamed.ID[i] = int32(names[clusters.ID[i]])
			hit[i] = rng.IntN(4) == 0
			missed[i] = !hit[i]
		}
		e, err := analysis.Share(hit, clusters)
		if err != nil {
			t.Fatal(err)
		}
		if !(0 <= e.Lo && e.Lo <= e.Value && e.Value <= e.Hi && e.Hi <= 1 && e.Lo < e.Hi && e.DesignEffect >= 1) {
			t.Fatalf("%v of clusters %v: %v", hit, clusters.ID, e)
		}
		r, err := analysis.Share(hit, renamed)
		if err != nil || math.Abs(r.Lo-e.Lo) > 1e-12 || math.Abs(r.Hi-e.Hi) > 1e-12 || r.Clusters != e.Clusters {
			t.Fatalf("other cluster names: %v, %v, want %v", r, err, e)
		}
		m, err := analysis.Share(missed, clusters)
		if err != nil || math.Abs(m.Lo-(1-e.Hi)) > 1e-12 || math.Abs(m.Hi-(1-e.Lo)) > 1e-12 {
			t.Fatalf("share of the others: %v, %v, want the mirror of %v", m, err, e)
		}
	}
}

func TestShareMean(t *testing.T) {
	// Two models answer the same four scenarios alike: their mean knows
	// no more than one of them.
	one := analysis.NewShareTally(4)
	for c, hit := range bools("1000") {
		one.Add(c, hit)
	}
	single, err := analysis.ShareMean(one)
	if err != nil {
		t.Fatal(err)
	}
	both, err := analysis.ShareMean(one, one)
	if err != nil {
		t.Fatal(err)
	}
	if both.Value != 0.25 || both.N != 8 || both.Clusters != 4 || math.Abs(both.DesignEffect-2) > 1e-12 {
		t.Errorf("got %+v", both)
	}
	// n-1 instead of n is all that differs.
	if math.Abs(both.SE/single.SE-math.Sqrt(4.0/3)) > 1e-12 {
		t.Errorf("SE of twins %v, of one %v", both.SE, single.SE)
	}

	// Shares count alike however many units they have: (1 + 1/5) / 2.
	few, many := analysis.NewShareTally(6), analysis.NewShareTally(6)
	few.Add(5, true)
	for c := range 5 {
		many.Add(c, c == 0)
	}
	if e, err := analysis.ShareMean(few, many); err != nil || math.Abs(e.Value-0.6) > 1e-15 || e.N != 6 {
		t.Errorf("got %+v, %v", e, err)
	}
	if _, err := analysis.ShareMean(few, analysis.NewShareTally(6)); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("a share of nothing: error %v", err)
	}
	if _, err := analysis.ShareMean(); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("no share: error %v", err)
	}
	if _, err := analysis.ShareMean(few, one); err == nil {
		t.Error("tallies over other clusters accepted")
	}
}

func TestShareTallyMerge(t *testing.T) {
	whole, a, b := analysis.NewShareTally(3), analysis.NewShareTally(3), analysis.NewShareTally(3)
	for i, hit := range bools("110100101") {
		whole.Add(i%3, hit)
		if i < 4 {
			a.Add(i%3, hit)
		} else {
			b.Add(i%3, hit)
		}
	}
	if err := b.Merge(a); err != nil {
		t.Fatal(err)
	}
	got, _ := analysis.ShareMean(b)
	want, _ := analysis.ShareMean(whole)
	if got.Value != want.Value || got.Lo != want.Lo || b.Hits() != 5 || b.Units() != 9 {
		t.Errorf("merged %+v, whole %+v", got, want)
	}
	if err := a.Merge(analysis.NewShareTally(2)); err == nil {
		t.Error("merging tallies over other clusters accepted")
	}
}

func ExampleShare() {
	// Eight scenarios of four value pairs; the two of a pair agree.
	hit := []bool{true, true, true, true, false, false, false, false}
	clusters := analysis.Clusters{ID: []int32{0, 0, 1, 1, 2, 2, 3, 3}, N: 4}
	e, err := analysis.Share(hit, clusters)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f [%.2f, %.2f]\n%s\n", e.Value, e.Lo, e.Hi, e.Method)
	// Output:
	// 0.50 [0.14, 0.86]
	// Wilson 95 % on n over the design effect 2.33, clusters = value pairs
}

func ExampleShareMean() {
	// The provider's two models favour a value in 3 of 4 and 1 of 2.
	a, b := analysis.NewShareTally(4), analysis.NewShareTally(4)
	for scenario, favoured := range []bool{true, true, true, false} {
		a.Add(scenario, favoured)
	}
	b.Add(0, true)
	b.Add(3, false)
	e, err := analysis.ShareMean(a, b)
	fmt.Println(e.Value, e.N, e.Clusters, err)
	// Output: 0.625 6 4 <nil>
}
