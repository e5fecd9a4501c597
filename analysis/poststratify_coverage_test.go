package analysis

import (
	"math/rand/v2"
	"testing"
)

// With Figure 2's rates and about as many judged scenarios in each bin, a
// part of them in pairs that share their outcome, the intervals must hold
// the true share nearly as often as they promise: for weights like those of
// all scenarios, where a few events in the lowest bin decide, and for those
// of the upper bins alone.
func TestPostStratifyCoverage(t *testing.T) {
	repeats := 4000
	if testing.Short() {
		repeats = 400
	}
	rates := []float64{0.007, 0.012, 0.014, 0.049, 0.097}
	const perBin, pairs = 920, 60 // pairs of scenarios of one value pair and bin
	for _, c := range []struct {
		name  string
		sizes []int
	}{
		{"all scenarios", []int{300000, 60000, 30000, 15000, 6000}},
		{"upper bins", []int{0, 0, 14000, 8500, 3800}},
	} {
		total, truth := 0, 0.0
		for b, n := range c.sizes {
			total += n
			truth += float64(n) * rates[b]
		}
		truth /= float64(total)
		rng := rand.New(rand.NewPCG(1, 2))
		covered := 0
		for range repeats {
			var strata []Stratum
			for b, rate := range rates {
				tally := NewShareTally(len(rates) * perBin)
				for i := range perBin - pairs {
					hit := rng.Float64() < rate
					tally.Add(b*perBin+i, hit)
					if i < pairs {
						tally.Add(b*perBin+i, hit)
					}
				}
				strata = append(strata, Stratum{"", c.sizes[b], tally})
			}
			e, err := PostStratify(strata...)
			if err != nil {
				t.Fatal(err)
			}
			covered += count(e.Covers(truth))
		}
		share := float64(covered) / float64(repeats)
		t.Logf("%s: %.1f %% of %d intervals cover", c.name, 100*share, repeats)
		if share < 0.935 || share > 0.985 {
			t.Errorf("%s: %.1f %% of the intervals cover, want about 95", c.name, 100*share)
		}
	}
}

// The ratio of two projections from the same rates, with Figure 2's and
// independent scenarios: upper bins over all.
func TestProjectedRatioCoverage(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates 1,500 samples, which takes seconds; leave -short out")
	}
	rates := []float64{0.007, 0.012, 0.014, 0.049, 0.097}
	bins := []string{"0.0-1.0", "1.0-1.5", "1.5-2.0", "2.0-2.5", "2.5-3.0"}
	set := ModelSet{Name: "two", Models: []string{"m0", "m1"}}
	// Of two models half their difference is the disagreement: one in each
	// bin is 0, 1, 1.5, 2 and 3.
	population := func(sizes ...int) (*Disagreements, float64) {
		var low, high []Position
		hits, total := 0.0, 0
		for bin, n := range sizes {
			for range n {
				a, _ := NewPosition(0)
				b, _ := NewPosition([]int{0, 2, 3, 4, 6}[bin])
				low, high = append(low, a), append(high, b)
			}
			hits += float64(n) * rates[bin]
			total += n
		}
		p, err := NewPositions(set.Models, [][2][]Position{{low, low}, {high, low}}, Clusters{})
		if err != nil {
			t.Fatal(err)
		}
		d, err := MeasureDisagreement(p, set)
		if err != nil {
			t.Fatal(err)
		}
		return d, hits / float64(total)
	}
	over, a := population(0, 0, 53, 32, 15)
	under, b := population(73, 15, 7, 4, 1)
	rng := rand.New(rand.NewPCG(3, 4))
	const repeats = 1500
	covered := 0
	for range repeats {
		o := &ScenarioOutcomes{Set: set, bins: bins}
		for bin, rate := range rates {
			for range 920 {
				o.of = append(o.of, outcome{bin: int32(bin), models: 2, flagged: 2 * count(rng.Float64() < rate)})
			}
		}
		e, err := ProjectedRatio(o, over, under)
		if err != nil {
			t.Fatal(err)
		}
		covered += count(e.Covers(a / b))
	}
	share := float64(covered) / repeats
	t.Logf("%.1f %% of %d intervals cover", 100*share, repeats)
	if share < 0.93 || share > 0.975 {
		t.Errorf("%.1f %% of the intervals cover, want about 95", 100*share)
	}
}
