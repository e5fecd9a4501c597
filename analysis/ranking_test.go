package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// choices builds the positions of one model that makes these choices, and
// two values of each scenario.
func choices(t *testing.T, c *analysis.Comparisons, models ...string) (*analysis.Positions, analysis.ValuePairs) {
	t.Helper()
	columns := make([][2][]analysis.Position, len(models))
	for m := range models {
		for _, o := range c.Outcome {
			var p [2]analysis.Position
			scores, ok := map[analysis.Outcome][2]int{analysis.FirstWins: {6, 1}, analysis.SecondWins: {0, 2}, analysis.Tied: {3, 3}}[o]
			for v, score := range scores {
				if ok {
					p[v] = position(t, score)
				}
			}
			columns[m][0], columns[m][1] = append(columns[m][0], p[0]), append(columns[m][1], p[1])
		}
	}
	p, err := analysis.NewPositions(models, columns, c.Clusters)
	if err != nil {
		t.Fatal(err)
	}
	return p, analysis.ValuePairs{Names: c.Items, Codes: [2][]int32{c.First, c.Second}, Nudges: c.Nudge}
}

func position(t *testing.T, score int) analysis.Position {
	t.Helper()
	p, err := analysis.NewPosition(score)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRankValues(t *testing.T) {
	c := simulated(normals(12, 1), 400, 0.2, 0.8, 2)
	c.Outcome[5], c.Outcome[7] = analysis.Tied, analysis.NoOutcome
	p, pairs := choices(t, c, "o3", "o4_mini")
	set := analysis.ModelSet{Name: "both", Models: []string{"o4_mini", "o3"}}
	fits, err := analysis.RankValues(p, pairs, set, analysis.ValueModel())
	if err != nil {
		t.Fatal(err)
	}
	want, err := analysis.FitBradleyTerry(c, analysis.ValueModel())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fits {
		if !slices.Equal(f.Theta, want.Theta) || !slices.Equal(f.Excluded, want.Excluded) {
			t.Errorf("got %v, left out %v; want %v, %v", f.Theta, f.Excluded, want.Theta, want.Excluded)
		}
	}
	pairs.Nudges = pairs.Nudges[:3]
	if _, err := analysis.RankValues(p, pairs, set, analysis.ValueModel()); err == nil || !strings.Contains(err.Error(), "o4_mini") {
		t.Errorf("short nudges: %v", err)
	}
	if _, err := analysis.CompareValues(p, 2, pairs); err == nil {
		t.Error("no third model, yet no error")
	}
}

// spearman is the correlation that CorrelateRankings is tried with.
func spearman(x, y []float64, clusters analysis.Clusters) (analysis.Estimate, error) {
	r, err := analysis.Spearman(x, y, clusters)
	return r.Estimate, err
}

func TestCorrelateRankings(t *testing.T) {
	theta := normals(30, 3)
	against := slices.Clone(theta)
	for i := range against {
		against[i] *= -1
	}
	var fits []*analysis.BradleyTerry
	for i, abilities := range [][]float64{theta, theta, against} {
		f, err := analysis.FitBradleyTerry(simulated(abilities, 6000, 0, 0, uint64(i)), analysis.ValueModel())
		if err != nil {
			t.Fatal(err)
		}
		fits = append(fits, f)
	}
	r, err := analysis.CorrelateRankings(fits, 0, spearman)
	if err != nil {
		t.Fatal(err)
	}
	if r[0][1].Value < 0.9 || r[0][2].Value > -0.9 || r[1][0].Value != r[0][1].Value || r[2][2].Value != 1 || r[0][1].N != 30 || r[0][1].Unit != "items" {
		t.Errorf("got %v", r)
	}
	none, err := analysis.CorrelateRankings(fits, 1000000, spearman)
	if err != nil || !math.IsNaN(none[0][1].Value) || len(none[0][1].Warnings) == 0 {
		t.Errorf("no common item: %v, %v", none, err)
	}
	other, err := analysis.FitBradleyTerry(simulated(theta[:9], 300, 0, 0, 1), analysis.ValueModel())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := analysis.CorrelateRankings([]*analysis.BradleyTerry{fits[0], other}, 0, spearman); err == nil {
		t.Error("fits over other items are no error")
	}
}

func TestRank(t *testing.T) {
	c := simulated(normals(15, 4), 600, 0.1, 0.8, 5)
	c.Items = append(c.Items, "never compared")
	f, err := analysis.FitBradleyTerry(c, analysis.ValueModel())
	if err != nil {
		t.Fatal(err)
	}
	var first *analysis.Ranking
	for _, cores := range []int{1, 2, 5} {
		old := runtime.GOMAXPROCS(cores)
		r, err := f.Rank(300, 7)
		runtime.GOMAXPROCS(old)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r
		}
		if fmt.Sprint(*r) != fmt.Sprint(*first) {
			t.Errorf("%d cores give other bytes", cores)
		}
	}
	if len(first.Items) != 15 {
		t.Errorf("%d items, want the 15 that were compared", len(first.Items))
	}
	for place, item := range first.Items {
		if item.Rank.Value != float64(place+1) || item.Ability.Value != f.Theta[item.Item] {
			t.Errorf("place %d: %+v", place+1, item)
		}
		for _, e := range []analysis.Estimate{item.Ability, item.Elo, item.Rank} {
			if !e.Covers(e.Value) || e.SE <= 0 || e.Seed != 7 || e.Clusters == 0 {
				t.Errorf("place %d: %v", place+1, e)
			}
		}
		if math.Abs(item.Elo.Hi-item.Ability.Hi*173.7177927613007) > 1e-9 { // 400/ln 10
			t.Errorf("place %d: %v in Elo is %v", place+1, item.Ability, item.Elo)
		}
		// Two roads to one standard error.
		if sandwich, err := f.Ability(item.Item, analysis.Sandwich); err != nil || math.Abs(sandwich.SE/item.Ability.SE-1) > 0.35 {
			t.Errorf("%s: sandwich %v, bootstrap %v, %v", item.Name, sandwich.SE, item.Ability.SE, err)
		}
	}
	if !first.Nudge.Covers(f.Nudge) || !first.Order.Covers(f.Order) {
		t.Errorf("order %v, nudge %v", first.Order, first.Nudge)
	}
	// Without a ridge, replicates without a maximum are left out, or none
	// is left.
	ml, err := analysis.FitBradleyTerry(simulated(normals(8, 4), 160, 0, 0, 5), analysis.BradleyTerryModel{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := ml.Rank(200, 1)
	if err != nil {
		t.Fatal(err)
	}
	if !math.IsNaN(r.Nudge.Value) || len(r.Nudge.Warnings) == 0 {
		t.Errorf("a nudge that the model does not have: %v", r.Nudge)
	}
	hanging, err := analysis.FitBradleyTerry(contestsOf("a>b", "b>c", "c>a"), analysis.BradleyTerryModel{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hanging.Rank(200, 1); !errors.Is(err, analysis.ErrUndefined) {
		t.Errorf("two of nine draws have a maximum: %v", err)
	}
}

func TestHeldOutAccuracy(t *testing.T) {
	theta := normals(60, 1)
	c := simulated(theta, 9000, 0.2, 1, 2)
	c.Outcome[4] = analysis.Tied
	a, err := analysis.HeldOutAccuracy(c, analysis.ValueModel(), analysis.SplitOptions{})
	if err != nil {
		t.Fatal(err)
	}
	// The best possible accuracy is that of the true abilities.
	best := 0.0
	for row := range c.First {
		p := 1 / (1 + math.Exp(-(theta[c.First[row]] - theta[c.Second[row]] + 0.2 + []float64{0, 0, 1, -1}[c.Nudge[row]])))
		best += max(p, 1-p) / 9000
	}
	if a.Value > best+0.02 || a.Value < best-0.03 || !a.Covers(a.Value) || a.N != 8999 || len(a.BySplit) != 50 {
		t.Errorf("got %v, best possible %v", a, best)
	}
	if a.TestSize < 890 || a.TestSize > 910 {
		t.Errorf("mean test size %v, want about 900", a.TestSize)
	}
	// Hand arithmetic: one in nine is held out for each learnt from.
	share := a.TestSize / 8999
	if want := a.SD * math.Sqrt(1/50.0+share/(1-share)); math.Abs(a.SE/want-1) > 1e-6 {
		t.Errorf("SE %v, want %v", a.SE, want)
	}
	// A single split's error is about that of as many coin throws.
	if coin := math.Sqrt(a.Value * (1 - a.Value) / a.TestSize); a.SD < coin/2 || a.SD > 2*coin {
		t.Errorf("SD %v, want about %v", a.SD, coin)
	}
	again, err := analysis.HeldOutAccuracy(c, analysis.ValueModel(), analysis.SplitOptions{Seed: 1})
	if err != nil || fmt.Sprint(again) != fmt.Sprint(a) {
		t.Errorf("the same seed gives %v, %v", again, err)
	}
	single, err := analysis.HeldOutAccuracy(c, analysis.ValueModel(), analysis.SplitOptions{ByContest: true, Splits: 5, Test: 0.2})
	if err != nil || single.TestSize != 1800 || len(single.BySplit) != 5 || single.Clusters != 0 {
		t.Errorf("contest by contest: %v, %v", single, err)
	}
	// Coin throws cannot be predicted.
	rng := rand.New(rand.NewPCG(9, 9))
	for row := range c.Outcome {
		c.Outcome[row] = []analysis.Outcome{analysis.FirstWins, analysis.SecondWins}[rng.IntN(2)]
	}
	if a, err = analysis.HeldOutAccuracy(c, analysis.ValueModel(), analysis.SplitOptions{}); err != nil || math.Abs(a.Value-0.5) > 0.03 {
		t.Errorf("coin throws: %v, %v", a, err)
	}
	rare := simulated(normals(400, 1), 900, 0, 0, 2)
	if a, err = analysis.HeldOutAccuracy(rare, analysis.ValueModel(), analysis.SplitOptions{}); err != nil || !strings.Contains(a.String(), "with an item in fewer than 5") || a.N >= 900 {
		t.Errorf("rare items: %v, %v", a, err)
	}
	if _, err = analysis.HeldOutAccuracy(rare, analysis.ValueModel(), analysis.SplitOptions{MinCompared: 500}); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("only rare items: %v", err)
	}
	if _, err = analysis.HeldOutAccuracy(rare, analysis.ValueModel(), analysis.SplitOptions{Test: 1}); err == nil {
		t.Error("nothing to learn from is no error")
	}
}

// TestBradleyTerryCoverage simulates how often intervals contain the truth:
// of a difference by sandwich and information, of abilities and places by
// bootstrap, without a ridge. The bands are the nominal level, 1.5 points for a normal
// approximation, and three standard errors of the simulation.
func TestBradleyTerryCoverage(t *testing.T) {
	runs, rankings := 300, 40
	if *long {
		runs, rankings = 5000, 500
	}
	const items, rows = 6, 600
	theta := []float64{-1, -0.6, -0.2, 0.2, 0.6, 1}
	covered := map[string]int{}
	for run := range runs {
		c := simulated(theta, rows, 0.2, 0.8, uint64(1000+run))
		f, err := analysis.FitBradleyTerry(c, analysis.BradleyTerryModel{Order: true, Nudge: true})
		if err != nil {
			t.Fatal(err)
		}
		for name, variance := range map[string]analysis.Variance{"sandwich": analysis.Sandwich, "information": analysis.Information} {
			if e, err := f.Difference(4, 1, variance); err != nil {
				t.Fatal(err)
			} else if e.Covers(1.2) {
				covered[name]++
			}
		}
		if run < rankings {
			r, err := f.Rank(400, uint64(run))
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range r.Items {
				if item.Ability.Covers(theta[item.Item]) {
					covered["bootstrap"]++
				}
				if item.Rank.Covers(float64(items - item.Item)) { // theta ascends
					covered["place"]++
				}
			}
		}
	}
	for _, c := range []struct {
		name   string
		n, err int // trials; those that are independent
		most   float64
	}{
		{"sandwich", runs, runs, 0.965}, {"information", runs, runs, 0.965},
		{"bootstrap", rankings * items, rankings * items / 3, 0.965},
		// Whole numbers cannot have the level; they err on the safe side.
		{"place", rankings * items, rankings * items / 3, 1},
	} {
		share := float64(covered[c.name]) / float64(c.n)
		t.Logf("%s: %.3f of %d intervals contain the truth", c.name, share, c.n)
		if slack := 3 * math.Sqrt(0.95*0.05/float64(c.err)); share < 0.935-slack || share > c.most+slack {
			t.Errorf("%s: %.3f of %d, want 0.95", c.name, share, c.n)
		}
	}
}

// TestRidgeCoverage simulates what a ridge does to intervals where contests
// are as few as values have: the sandwich's speak of the shrunken ability
// and cover the ability itself too rarely, the posterior's cover it on
// average, where abilities come from the distribution that the ridge is.
func TestRidgeCoverage(t *testing.T) {
	runs := 20
	if *long {
		runs = 400
	}
	const items = 60
	rng := rand.New(rand.NewPCG(77, 0))
	for _, c := range []struct {
		each                           int // contests of an item; 27 in the published data
		sandwichLow, sandwichHigh, low float64
	}{{8, 0.6, 0.85, 0.92}, {27, 0.8, 0.93, 0.92}, {100, 0.89, 0.96, 0.92}} {
		inside, far := map[analysis.Variance]int{}, map[analysis.Variance]int{}
		n, farN := 0, 0
		for run := range runs {
			theta := make([]float64, items)
			mean := 0.0
			for i := range theta {
				theta[i] = rng.NormFloat64()
				mean += theta[i] / items
			}
			f, err := analysis.FitBradleyTerry(simulated(theta, items*c.each/2, 0.1, 0.8, uint64(run)), analysis.ValueModel())
			if err != nil {
				t.Fatal(err)
			}
			for i := range theta {
				truth := theta[i] - mean
				if f.Compared[i] == 0 {
					continue
				}
				n++
				if math.Abs(truth) > 1.5 {
					farN++
				}
				for _, v := range []analysis.Variance{analysis.Sandwich, analysis.Posterior} {
					e, err := f.Ability(i, v)
					if err != nil {
						t.Fatal(err)
					}
					if e.Covers(truth) {
						inside[v]++
						if math.Abs(truth) > 1.5 {
							far[v]++
						}
					}
				}
			}
		}
		share := func(k, n int) float64 { return float64(k) / float64(n) }
		sandwich, posterior := share(inside[analysis.Sandwich], n), share(inside[analysis.Posterior], n)
		t.Logf("ridge 1, %d contests an item: sandwich covers %.3f of abilities (%.3f beyond 1.5 logits), posterior %.3f (%.3f)",
			c.each, sandwich, share(far[analysis.Sandwich], farN), posterior, share(far[analysis.Posterior], farN))
		if sandwich < c.sandwichLow || sandwich > c.sandwichHigh || posterior < c.low || posterior > 0.98 {
			t.Errorf("%d contests an item: sandwich %.3f, posterior %.3f", c.each, sandwich, posterior)
		}
	}
}
