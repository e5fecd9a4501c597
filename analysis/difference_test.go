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

// within fails when two numbers differ by more than tol.
func within(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s = %v, want %v ± %g", what, got, want, tol)
	}
}

// relative fails when two numbers differ by more than tol times the wanted
// one.
func relative(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol*math.Abs(want)) {
		t.Errorf("%s = %v, want %v within %g of it", what, got, want, tol)
	}
}

// Newcombe 1998, Statistics in Medicine 17:873-890, table II, method 10.
func TestShareDifferencePublished(t *testing.T) {
	for _, c := range []struct {
		x, n, y, m int
		lo, hi     float64
	}{
		{56, 70, 48, 80, .0524, .3339},
		{9, 10, 3, 10, .1705, .8090},
		{6, 7, 2, 7, .0582, .8062},
		{5, 56, 0, 29, -.0381, .1926},
		{0, 10, 0, 20, -.1611, .2775},
		{0, 10, 0, 10, -.2775, .2775},
		{10, 10, 0, 20, .6791, 1},
		{10, 10, 0, 10, .6075, 1},
	} {
		e, err := analysis.ShareDifference(unitShare(t, c.x, c.n), unitShare(t, c.y, c.m))
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("%d/%d - %d/%d", c.x, c.n, c.y, c.m)
		within(t, name+" lower limit", e.Lo, c.lo, 5e-5)
		within(t, name+" upper limit", e.Hi, c.hi, 5e-5)
		if e.N != c.n+c.m || e.Clusters != c.n+c.m || e.Level != analysis.Level {
			t.Errorf("%s: n %d, clusters %d, level %v", name, e.N, e.Clusters, e.Level)
		}
	}
}

func TestShareDifferenceLaws(t *testing.T) {
	for n := 1; n <= 12; n++ {
		for m := 1; m <= 12; m += 3 {
			for x := range n + 1 {
				for y := range m + 1 {
					a, b := unitShare(t, x, n), unitShare(t, y, m)
					d, err := analysis.ShareDifference(a, b)
					if err != nil {
						t.Fatal(err)
					}
					back, err := analysis.ShareDifference(b, a)
					if err != nil {
						t.Fatal(err)
					}
					if !d.Covers(d.Value) || d.Lo < -1 || d.Hi > 1 || d.Lo != -back.Hi || d.Hi != -back.Lo || d.Value != -back.Value {
						t.Errorf("%d/%d - %d/%d: %v, backwards %v", x, n, y, m, d, back)
					}
				}
			}
		}
	}
}

// Exact coverage, over all outcomes of small samples and a grid of shares:
// about the level on average, and not far below it anywhere.
func TestShareDifferenceCoverage(t *testing.T) {
	sizes := [][2]int{{10, 10}, {20, 40}}
	steps := 20
	if *long {
		sizes = append(sizes, [2]int{5, 50}, [2]int{50, 50}, [2]int{100, 60})
		steps = 50
	}
	for _, size := range sizes {
		n, m := size[0], size[1]
		intervals := make([][]analysis.Estimate, n+1)
		for x := range intervals {
			for y := range m + 1 {
				e, err := analysis.ShareDifference(unitShare(t, x, n), unitShare(t, y, m))
				if err != nil {
					t.Fatal(err)
				}
				intervals[x] = append(intervals[x], e)
			}
		}
		mean, least := 0.0, 1.0
		for i := range steps {
			for j := range steps {
				p, q := (float64(i)+.5)/float64(steps), (float64(j)+.5)/float64(steps)
				chanceX, chanceY := binomial(n, p), binomial(m, q)
				sum := 0.0
				for x, row := range intervals {
					for y, e := range row {
						if e.Covers(p - q) {
							sum += chanceX[x] * chanceY[y]
						}
					}
				}
				mean += sum / float64(steps*steps)
				least = min(least, sum)
			}
		}
		t.Logf("Newcombe, n = %3d and %3d: mean %.4f, least %.4f", n, m, mean, least)
		if mean < .945 || mean > .965 || least < .85 {
			t.Errorf("n = %d and %d: mean coverage %v, least %v", n, m, mean, least)
		}
	}
}

func TestShareDifferenceRefuses(t *testing.T) {
	some := unitShare(t, 5, 10)
	other := some
	other.Level = .9
	outside := some
	outside.Lo = .6
	for _, c := range []struct {
		name   string
		a, b   analysis.Estimate
		is     error
		phrase string
	}{
		{"a count", analysis.Count(3, 10), some, nil, "the first is 3"},
		{"no value", some, analysis.Estimate{Value: math.NaN()}, analysis.ErrUndefined, "the second has no value"},
		{"outside its interval", some, outside, nil, "the second is 0.5 in 0.6"},
		{"two levels", some, other, nil, "levels 0.95 and 0.9"},
	} {
		for name, f := range map[string]func(a, b analysis.Estimate) (analysis.Estimate, error){
			"difference": analysis.ShareDifference, "ratio": analysis.ShareRatioScore, "odds": analysis.ShareOddsRatio,
		} {
			_, err := f(c.a, c.b)
			if err == nil || !strings.Contains(err.Error(), c.phrase) || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("%s of %s: error %v, want one with %q", name, c.name, err, c.phrase)
			}
		}
	}
}

// pairedTallies are two models on the same scenarios: of n, the first alone
// has a hit in some, the second alone in others, both in still others.
func pairedTallies(n, first, second, both int) (a, b *analysis.ShareTally) {
	a, b = analysis.NewShareTally(n), analysis.NewShareTally(n)
	for i := range n {
		a.Add(i, i < first || i >= n-both)
		b.Add(i, i >= first && i < first+second || i >= n-both)
	}
	return a, b
}

// The standard error of a difference of paired shares is
// √(b + c - (b-c)²/n)/n for b and c discordant pairs (Newcombe 1998,
// Statistics in Medicine 17:2635-2650, method 1); the noise of 2,000
// replicates is 1.6 % of it.
func TestDifferenceOfSharesPaired(t *testing.T) {
	a, b := pairedTallies(500, 60, 25, 100)
	e, err := analysis.DifferenceOfShares(a, b)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "difference", e.Value, 35.0/500, 1e-15)
	se := math.Sqrt(85-35.0*35/500) / 500
	relative(t, "SE", e.SE, se, .06)
	within(t, "lower limit", e.Lo, .07-1.96*se, .2*se)
	within(t, "upper limit", e.Hi, .07+1.96*se, .2*se)
	if e.N != 1000 || e.Clusters != 500 || e.Seed != analysis.DefaultSeed || len(e.Warnings) != 0 {
		t.Errorf("got %+v", e)
	}
	// As independent shares, the common hits would count as noise.
	first, err := analysis.ShareMean(a)
	if err != nil {
		t.Fatal(err)
	}
	second, err := analysis.ShareMean(b)
	if err != nil {
		t.Fatal(err)
	}
	unpaired, err := analysis.ShareDifference(first, second)
	if err != nil {
		t.Fatal(err)
	}
	if unpaired.SE < 1.2*e.SE {
		t.Errorf("SE %v paired, %v unpaired", e.SE, unpaired.SE)
	}
}

func TestJointSharesIgnoreNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	a, b := analysis.NewShareTally(80), analysis.NewShareTally(80)
	shuffledA, shuffledB := analysis.NewShareTally(200), analysis.NewShareTally(200)
	number := rng.Perm(200)
	for range 400 {
		c, hit, first := rng.IntN(80), rng.IntN(3) == 0, rng.IntN(2) == 0
		if first {
			a.Add(c, hit)
			shuffledA.Add(number[c], hit)
		} else {
			b.Add(c, hit)
			shuffledB.Add(number[c], hit)
		}
	}
	for name, f := range map[string]func(a, b *analysis.ShareTally) (analysis.Estimate, error){
		"difference": analysis.DifferenceOfShares, "ratio": analysis.RatioOfShares,
	} {
		plain, err := f(a, b)
		if err != nil {
			t.Fatal(err)
		}
		shuffled, err := f(shuffledA, shuffledB)
		if err != nil {
			t.Fatal(err)
		}
		if plain.String() != shuffled.String() || plain.Lo != shuffled.Lo || plain.SE != shuffled.SE {
			t.Errorf("%s: %v, renumbered %v", name, plain, shuffled)
		}
		if !plain.Covers(plain.Value) {
			t.Errorf("%s: %v", name, plain)
		}
	}
}

func TestJointSharesWithoutInterval(t *testing.T) {
	a, b := pairedTallies(40, 0, 0, 12)
	e, err := analysis.DifferenceOfShares(a, b)
	if err != nil || e.Value != 0 || e.HasInterval() || len(e.Warnings) != 1 || !strings.Contains(e.Warnings[0].Error(), "the same") {
		t.Errorf("equal tallies: %v, %v", e, err)
	}
	one, other := analysis.NewShareTally(1), analysis.NewShareTally(1)
	for i := range 30 {
		one.Add(0, i%2 == 0)
		other.Add(0, i%3 == 0)
	}
	e, err = analysis.RatioOfShares(one, other)
	if err != nil || e.Value != 1.5 || e.HasInterval() || e.Clusters != 1 {
		t.Errorf("one cluster: %v, %v", e, err)
	}
	e, err = analysis.RatioOfShares(analysis.NewShareTally(1), other)
	if !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("no units: %v, %v", e, err)
	}
	if _, err = analysis.DifferenceOfShares(a, other); err == nil {
		t.Error("tallies over 40 clusters and 1 accepted")
	}
	none, some := pairedTallies(40, 0, 20, 0)
	if _, err = analysis.RatioOfShares(some, none); !errors.Is(err, analysis.ErrUndefined) {
		t.Errorf("no event below: %v", err)
	}
	e, err = analysis.RatioOfShares(none, some)
	if err != nil || e.Value != 0 || e.HasInterval() || len(e.Warnings) != 2 {
		t.Errorf("no event above: %v, %v", e, err)
	}
}

func ExampleDifferenceOfShares() {
	// Two models refuse 64 and 50 of the same 200 scenarios, 44 of them both.
	first, second := analysis.NewShareTally(200), analysis.NewShareTally(200)
	for scenario := range 200 {
		first.Add(scenario, scenario < 64)
		second.Add(scenario, scenario >= 20 && scenario < 70)
	}
	d, err := analysis.DifferenceOfShares(first, second)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f, %.2f to %.2f\n", d.Value, d.Lo, d.Hi)
	// Output: 0.070, 0.02 to 0.12
}
