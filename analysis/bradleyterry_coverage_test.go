package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/specstress/specstress/analysis"
)

// A contestWorld is where contests of a simulation come from. Its model is
// true: given that nobody ties, the first wins with the probability of
// Bradley and Terry, order and nudge included, whatever the cluster.
type contestWorld struct {
	name  string
	items int
	each  int // contests of an item in the mean, ties included
	// spread is the standard deviation of abilities: drawn anew from the
	// normal distribution for each data set, or fixed at its quantiles.
	spread float64
	fixed  bool
	even   bool // all items as frequent; else as uneven as values are
	// threes has three nudges of each pair; else one, two or three as often
	// as in the published data, which has 33,113, 4,936 and 325 of them.
	threes bool
	// alike is how likely a contest takes its luck from its cluster's.
	alike float64
	model analysis.BradleyTerryModel
}

const worldOrder, worldNudge, worldTies = 0.1, 0.8, 0.3

// draw makes a data set and the abilities behind it. A tie has the
// probability of Davidson's model, 1970, JASA 65:317-328, which leaves the
// odds of the others those of Bradley and Terry; luck that a cluster shares
// leaves each contest's probability what it is, as a random effect would
// not.
func (w contestWorld) draw(rng *rand.Rand) ([]float64, *analysis.Comparisons) {
	theta, upTo := make([]float64, w.items), make([]float64, w.items)
	sum := 0.0
	for i := range theta {
		if w.fixed {
			theta[i] = w.spread * distuv.UnitNormal.Quantile((float64(i)+0.5)/float64(w.items))
		} else {
			theta[i] = w.spread * rng.NormFloat64()
		}
		// A sum of four exponentials has the published spread: the most
		// frequent of 3,302 values in 88 contests, 1,023 in more than 30.
		frequency := 1.0
		if !w.even {
			frequency = rng.ExpFloat64() + rng.ExpFloat64() + rng.ExpFloat64() + rng.ExpFloat64()
		}
		sum += frequency
		upTo[i] = sum
	}
	pick := func() int {
		at := rng.Float64() * sum
		lo, hi := 0, w.items-1
		for lo < hi {
			if middle := (lo + hi) / 2; upTo[middle] < at {
				lo = middle + 1
			} else {
				hi = middle
			}
		}
		return lo
	}
	c := &analysis.Comparisons{Items: make([]string, w.items)}
	nudges := []analysis.Nudge{analysis.NudgeNone, analysis.NudgeFirst, analysis.NudgeSecond}
	for len(c.First) < w.items*w.each/2 {
		i, j := pick(), pick()
		if i == j {
			continue
		}
		n := 3
		if !w.threes {
			switch u := rng.Float64() * 38374; {
			case u < 33113:
				n = 1
			case u < 33113+4936:
				n = 2
			}
		}
		luck, first := rng.Float64(), rng.IntN(3)
		for k := range n {
			nudge := (first + k) % 3
			eta := theta[i] - theta[j] + worldOrder + worldNudge*[]float64{0, 1, -1}[nudge]
			own := rng.Float64()
			if rng.Float64() < w.alike {
				own = luck
			}
			outcome := analysis.SecondWins
			switch {
			case rng.Float64() < worldTies/(worldTies+2*math.Cosh(eta/2)):
				outcome = analysis.Tied
			case own < 1/(1+math.Exp(-eta)):
				outcome = analysis.FirstWins
			}
			c.First, c.Second = append(c.First, int32(i)), append(c.Second, int32(j))
			c.Outcome, c.Nudge = append(c.Outcome, outcome), append(c.Nudge, nudges[nudge])
			c.Clusters.ID = append(c.Clusters.ID, int32(c.Clusters.N))
		}
		c.Clusters.N++
	}
	return theta, c
}

// TestBradleyTerryCoverageOfClusters simulates how often PosteriorByCluster
// contains the truth where contests are as many, and as uneven, as those of
// the values in the published data, some 27 each, and where they are fewer or
// more; nudges of a pair independent or mostly sharing their luck; abilities
// from the prior or fixed; with the ridge of ValueModel and without one. Both
// ends of a band are what docs/statistics.md promises.
func TestBradleyTerryCoverageOfClusters(t *testing.T) {
	plain := analysis.BradleyTerryModel{Order: true, Nudge: true}
	value := analysis.ValueModel()
	type band [2]float64
	near, some, effect := band{0.935, 0.96}, band{0.92, 0.965}, band{0.9, 0.975}
	for _, c := range []struct {
		contestWorld
		ability, far, difference, extremes, nudge, order band
		doubts                                           bool // about the prior
	}{
		{contestWorld{name: "as published", each: 27, spread: 1, model: value}, near, band{0.8, 0.88}, near, some, effect, effect, false},
		{contestWorld{name: "as published, fixed", each: 27, spread: 1, fixed: true, model: value}, near, band{0.8, 0.88}, near, some, effect, effect, false},
		{contestWorld{name: "independent threes", each: 27, spread: 1, threes: true, model: value}, near, band{0.8, 0.88}, near, some, effect, effect, false},
		{contestWorld{name: "threes alike", each: 27, spread: 1, threes: true, alike: 0.7, model: value}, near, band{0.8, 0.88}, near, some, effect, effect, false},
		{contestWorld{name: "threes alike, fixed", each: 27, spread: 1, fixed: true, threes: true, alike: 0.7, model: value}, near, band{0.8, 0.89}, near, some, effect, effect, false},
		{contestWorld{name: "sparse", each: 8, spread: 1, model: value}, near, band{0.7, 0.8}, near, some, effect, effect, false},
		{contestWorld{name: "sparse threes alike", each: 9, spread: 1, threes: true, alike: 0.7, model: value}, near, band{0.78, 0.86}, near, some, effect, effect, false},
		{contestWorld{name: "many threes alike", each: 100, spread: 1, threes: true, alike: 0.7, model: value}, near, band{0.9, 0.95}, near, some, effect, effect, false},
		{contestWorld{name: "no ridge, independent threes", each: 60, spread: 0.6, fixed: true, even: true, threes: true, model: plain}, band{0.94, 0.97}, band{0.92, 0.97}, near, band{0.8, 0.95}, effect, effect, false},
		{contestWorld{name: "no ridge, threes alike", each: 60, spread: 0.6, fixed: true, even: true, threes: true, alike: 0.7, model: plain}, near, band{0.9, 0.97}, near, band{0.75, 0.95}, effect, effect, false},
		{contestWorld{name: "narrower than the prior", each: 27, spread: 0.5, model: value}, band{0.96, 0.985}, band{0.94, 0.99}, band{0.96, 0.99}, band{0.75, 0.95}, effect, effect, true},
		{contestWorld{name: "wider than the prior", each: 27, spread: 2, model: value}, band{0.68, 0.78}, band{0.03, 0.15}, band{0.62, 0.75}, band{0.1, 0.4}, band{0.6, 0.85}, effect, true},
	} {
		c.items = 120
		runs := simulations(6, 150)
		hits, of := map[string]int{}, map[string]int{}
		count := func(what string, truth float64) func(analysis.Estimate, error) {
			return func(e analysis.Estimate, err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
				of[what]++
				if e.Covers(truth) {
					hits[what]++
				}
			}
		}
		undefined, doubts := 0, 0
		for run := range runs {
			theta, contests := c.draw(rand.New(rand.NewPCG(uint64(run), 51)))
			f, err := analysis.FitBradleyTerry(contests, c.model)
			if errors.Is(err, analysis.ErrUndefined) && c.model.Ridge == 0 {
				undefined++
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			mean, n := 0.0, 0.0
			for i, compared := range f.Compared {
				if compared > 0 {
					mean += theta[i]
					n++
				}
			}
			mean /= n
			for i, truth := range theta {
				if f.Compared[i] == 0 {
					continue
				}
				e, err := f.Ability(i, analysis.PosteriorByCluster)
				count("ability", truth-mean)(e, err)
				if math.Abs(truth) > 1.5*c.spread {
					count("far ability", truth-mean)(e, err)
				}
				if j := (7*i + 3) % c.items; i%2 == 0 && i != j && len(f.Components) == 1 && f.Compared[j] > 0 {
					count("difference", truth-theta[j])(f.Difference(i, j, analysis.PosteriorByCluster))
				}
			}
			top, bottom, err := f.Extremes(5, 0, analysis.PosteriorByCluster)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range append(top, bottom...) {
				count("extremes", theta[r.Item]-mean)(r.Ability, nil)
			}
			nudge, err := f.NudgeEffect(analysis.PosteriorByCluster)
			count("nudge", worldNudge)(nudge, err)
			if len(nudge.Warnings) > 0 {
				doubts++
			}
			count("order", worldOrder)(f.OrderEffect(analysis.PosteriorByCluster))
		}
		if undefined > runs/5 {
			t.Errorf("%s: %d of %d data sets have no maximum", c.name, undefined, runs)
		}
		if c.doubts && doubts < runs-runs/10 || !c.doubts && doubts > runs/10 {
			t.Errorf("%s: %d of %d data sets make the prior doubtful", c.name, doubts, runs)
		}
		for _, x := range []struct {
			what string
			band band
		}{{"ability", c.ability}, {"far ability", c.far}, {"difference", c.difference}, {"extremes", c.extremes}, {"nudge", c.nudge}, {"order", c.order}} {
			if of[x.what] > 0 { // sparse contests leave items apart, which have no difference
				checkShare(t, fmt.Sprintf("%s, %d contests an item: %s", c.name, c.each, x.what), hits[x.what], of[x.what], x.band[0], x.band[1])
			}
		}
	}
}

// TestEffectsOfManyItems: on as many contests of as many values as were
// published the effects have standard errors so small that the bias of the
// joint fit, which Sandwich's interval is about, leaves no coverage. That of
// PosteriorByCluster is off by at most its standard error.
func TestEffectsOfManyItems(t *testing.T) {
	w := contestWorld{items: 3302, each: 27, spread: 1, model: analysis.ValueModel()}
	runs := simulations(3, 80)
	for _, c := range []struct {
		what     string
		variance analysis.Variance
		bias     [2]float64 // in standard errors
		lo, hi   float64
	}{{"posterior by cluster", analysis.PosteriorByCluster, [2]float64{-1, 1}, 0.85, 0.97}, {"sandwich", analysis.Sandwich, [2]float64{-5, -2.5}, 0, 0.2}} {
		hits, bias := 0, 0.0
		for run := range runs {
			_, contests := w.draw(rand.New(rand.NewPCG(uint64(run), 52)))
			f, err := analysis.FitBradleyTerry(contests, w.model)
			if err != nil {
				t.Fatal(err)
			}
			e, err := f.NudgeEffect(c.variance)
			if err != nil {
				t.Fatal(err)
			}
			bias += (e.Value - worldNudge) / e.SE / float64(runs)
			if e.Covers(worldNudge) {
				hits++
			}
		}
		slack := 4 / math.Sqrt(float64(runs))
		if bias < c.bias[0]-slack || bias > c.bias[1]+slack {
			t.Errorf("%s: the nudge is off by %.2f standard errors in the mean of %d, want %v", c.what, bias, runs, c.bias)
		}
		if *long {
			t.Logf("%s: the nudge is off by %.2f standard errors in the mean of %d", c.what, bias, runs)
		}
		checkShare(t, "3,302 items, nudge, "+c.what, hits, runs, c.lo, c.hi)
	}
}
