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

func TestKoopman(t *testing.T) {
	for _, c := range []struct {
		name       string
		x, n, y, m float64
		lo, hi     float64
		digits     float64
	}{
		{"Koopman 1984, example", 36, 40, 16, 80, 2.94, 7.15, 5e-3},
		// By hand: with 1 as the second share the first alone decides, up to
		// z² = 3.841459 units: 20/(20+z²), and (30+z²)/30 the other way.
		{"both shares 1", 20, 20, 30, 30, .838875, 1.128049, 5e-7},
	} {
		lo, hi, err := analysis.Koopman(c.x, c.n, c.y, c.m, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		within(t, c.name+" lower limit", lo, c.lo, c.digits)
		within(t, c.name+" upper limit", hi, c.hi, c.digits)
	}
	lo, hi, err := analysis.Koopman(0, 30, 5, 40, 0.95)
	if err != nil || lo != 0 || !(hi > 0 && hi < 1) {
		t.Errorf("no event above: %v, %v, %v", lo, hi, err)
	}
	lo, hi, err = analysis.Koopman(5, 40, 0, 30, 0.95)
	if err != nil || !(lo > 1) || !math.IsInf(hi, 1) {
		t.Errorf("no event below: %v, %v, %v", lo, hi, err)
	}
}

func TestKoopmanLaws(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 0))
	for range 300 {
		n, m := 1+60*rng.Float64(), 1+2000*rng.Float64()
		x, y := n*rng.Float64(), m*rng.Float64()
		lo, hi, err := analysis.Koopman(x, n, y, m, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		inverseLo, inverseHi, err := analysis.Koopman(y, m, x, n, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		ratio := x / n / (y / m)
		if !(0 < lo && lo <= ratio && ratio <= hi) {
			t.Errorf("%v of %v over %v of %v: %v in %v..%v", x, n, y, m, ratio, lo, hi)
		}
		relative(t, "lower limit times the inverse's upper one", lo*inverseHi, 1, 1e-9)
		relative(t, "upper limit times the inverse's lower one", hi*inverseLo, 1, 1e-9)
		wideLo, wideHi, err := analysis.Koopman(x, n, y, m, 0.99)
		if err != nil || wideLo >= lo || wideHi <= hi {
			t.Errorf("99 %%: %v..%v, 95 %%: %v..%v, %v", wideLo, wideHi, lo, hi, err)
		}
	}
}

// The paper's two headline ratios, of 1,000 scenarios each: 5.1 % over
// 1.1 % and 9.7 % over 0.7 %. With so few events the score interval is a
// little narrower than the log interval, and a little higher up.
func TestShareRatioScoreOfPaper(t *testing.T) {
	for _, c := range []struct {
		x, y          int
		ratio, lo, hi float64 // statsmodels 0.15.0, score without correction
		warns         bool
	}{{51, 11, 4.636, 2.461, 8.757, false}, {97, 7, 13.857, 6.594, 29.213, true}} {
		a, b := unitShare(t, c.x, 1000), unitShare(t, c.y, 1000)
		e, err := analysis.ShareRatioScore(a, b)
		if err != nil {
			t.Fatal(err)
		}
		within(t, "ratio", e.Value, c.ratio, 5e-4)
		within(t, "lower limit", e.Lo, c.lo, 5e-4)
		within(t, "upper limit", e.Hi, c.hi, 5e-4)
		log, err := analysis.ShareRatio(a, b)
		if err != nil {
			t.Fatal(err)
		}
		if e.Lo < log.Lo || e.Hi > log.Hi {
			t.Errorf("score %v..%v, log %v..%v", e.Lo, e.Hi, log.Lo, log.Hi)
		}
		relative(t, "SE", e.SE, log.SE, 1e-12)
		if warns := len(e.Warnings) == 1 && strings.Contains(e.Warnings[0].Error(), "7 events"); warns != c.warns {
			t.Errorf("warnings %v", e.Warnings)
		}
	}
}

func TestShareRatioScoreWithoutEvents(t *testing.T) {
	e, err := analysis.ShareRatioScore(unitShare(t, 0, 1000), unitShare(t, 11, 1000))
	if err != nil {
		t.Fatal(err)
	}
	if e.Value != 0 || e.Lo != 0 || e.SE != 0 || len(e.Warnings) != 1 {
		t.Errorf("got %+v", e)
	}
	within(t, "upper limit", e.Hi, .3482, 5e-5) // see proportions.py
	if _, err := analysis.ShareRatioScore(unitShare(t, 11, 1000), unitShare(t, 0, 1000)); !errors.Is(err, analysis.ErrUndefined) {
		t.Errorf("no event below: %v", err)
	}
	// Twins in a cluster: 0 of 2,000 speaks as 0 of 1,000 does.
	twins := analysis.NewShareTally(1000)
	for i := range 2000 {
		twins.Add(i/2, false)
	}
	none, err := analysis.ShareMean(twins)
	if err != nil {
		t.Fatal(err)
	}
	twin, err := analysis.ShareRatioScore(none, unitShare(t, 11, 1000))
	if err != nil {
		t.Fatal(err)
	}
	relative(t, "upper limit of twins", twin.Hi, e.Hi, 1e-12)
}

// Exact coverage of both intervals for a ratio, over all outcomes that are
// not next to impossible. An outcome without an interval, as when the log
// one has no event, counts as not covering for the log interval; where no
// event is seen below, Koopman's holds all ratios from its lower limit on.
func TestRatioCoverage(t *testing.T) {
	cases := []struct {
		n, m int
		p, q float64
	}{{50, 50, .2, .1}, {100, 100, .1, .03}, {1000, 1000, .051, .011}}
	if *long {
		cases = append(cases, []struct {
			n, m int
			p, q float64
		}{
			{20, 20, .5, .5}, {30, 90, .3, .1}, {400, 400, .02, .005}, {1000, 1000, .097, .007}, {1000, 1000, .007, .007}, {1000, 1000, .012, .007},
		}...)
	}
	for _, c := range cases {
		chanceX, chanceY := binomial(c.n, c.p), binomial(c.m, c.q)
		var koopman, log, noEvents float64
		for x, px := range chanceX {
			if px < 1e-6 {
				continue
			}
			for y, py := range chanceY {
				if py < 1e-6 {
					continue
				}
				if x == 0 && y == 0 {
					noEvents += px * py
					continue
				}
				lo, hi, err := analysis.Koopman(float64(x), float64(c.n), float64(y), float64(c.m), 0.95)
				if err != nil {
					t.Fatal(err)
				}
				ratio := c.p / c.q
				if lo <= ratio && ratio <= hi {
					koopman += px * py
				}
				if x > 0 && y > 0 {
					se := math.Sqrt(1/float64(x) - 1/float64(c.n) + 1/float64(y) - 1/float64(c.m))
					if math.Abs(math.Log(float64(x)/float64(c.n)/(float64(y)/float64(c.m)))-math.Log(ratio)) <= 1.959964*se {
						log += px * py
					}
				}
			}
		}
		t.Logf("ratio of %v in %4d over %v in %4d: Koopman %.4f, log %.4f", c.p, c.n, c.q, c.m, koopman+noEvents, log)
		if koopman+noEvents < .935 || koopman+noEvents > .985 {
			t.Errorf("%v: coverage %v", c, koopman+noEvents)
		}
	}
}

func TestKoopmanRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		x, n, y, m, level float64
		is                error
	}{
		{1, 0, 1, 2, .95, analysis.ErrTooFew}, {1, 2, 0, -1, .95, analysis.ErrTooFew},
		{0, 5, 0, 7, .95, analysis.ErrUndefined},
		{3, 2, 1, 2, .95, nil}, {1, 2, 3, 2, .95, nil}, {-1, 2, 1, 2, .95, nil}, {nan, 2, 1, 2, .95, nil},
		{1, nan, 1, 2, .95, nil}, {1, inf, 1, 2, .95, nil}, {1, 2, 1, inf, .95, nil},
		{1, 2, 1, 2, 0, nil}, {1, 2, 1, 2, 1, nil}, {1, 2, 1, 2, nan, nil},
	} {
		lo, hi, err := analysis.Koopman(c.x, c.n, c.y, c.m, c.level)
		if err == nil || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("Koopman(%+v) = %v, %v, %v", c, lo, hi, err)
		}
	}
}

// Where no cluster has units on both sides, the bootstrap's standard error
// of the logarithm is that of ShareRatio, up to its own noise and terms of
// higher order.
func TestRatioOfSharesOfSeparateClusters(t *testing.T) {
	a, b := analysis.NewShareTally(2000), analysis.NewShareTally(2000)
	for i := range 1000 {
		a.Add(i, i < 200)
		b.Add(1000+i, i < 100)
	}
	e, err := analysis.RatioOfShares(a, b)
	if err != nil {
		t.Fatal(err)
	}
	log, err := analysis.ShareRatio(unitShare(t, 200, 1000), unitShare(t, 100, 1000))
	if err != nil {
		t.Fatal(err)
	}
	within(t, "ratio", e.Value, 2, 1e-15)
	relative(t, "log of the limits' ratio", math.Log(e.Hi/e.Lo), math.Log(log.Hi/log.Lo), .06)
	if e.Clusters != 2000 || e.N != 2000 || len(e.Warnings) != 0 {
		t.Errorf("got %+v", e)
	}
}

// Pairs that agree on both sides make the ratio more certain.
func TestRatioOfSharesPaired(t *testing.T) {
	a, b := pairedTallies(500, 40, 10, 100)
	e, err := analysis.RatioOfShares(a, b)
	if err != nil {
		t.Fatal(err)
	}
	log, err := analysis.ShareRatio(unitShare(t, 140, 500), unitShare(t, 110, 500))
	if err != nil {
		t.Fatal(err)
	}
	if math.Log(e.Hi/e.Lo) > .7*math.Log(log.Hi/log.Lo) {
		t.Errorf("paired %v..%v, as if independent %v..%v", e.Lo, e.Hi, log.Lo, log.Hi)
	}
	few, fewer := pairedTallies(500, 40, 2, 5)
	e, err = analysis.RatioOfShares(few, fewer)
	if err != nil || len(e.Warnings) == 0 || !strings.Contains(fmt.Sprint(e.Warnings), "7 in 500") {
		t.Errorf("few events: %v, %v", e, err)
	}
}

func ExampleKoopman() {
	lo, hi, err := analysis.Koopman(36, 40, 16, 80, 0.95) // Koopman 1984
	fmt.Printf("%.2f %.2f %v\n", lo, hi, err)
	lo, _, err = analysis.Koopman(5, 1000, 0, 1000, 0.95)
	fmt.Printf("at least %.2f times %v\n", lo, err)
	// Output:
	// 2.94 7.15 <nil>
	// at least 1.30 times <nil>
}

func ExampleRatioOfShares() {
	// Three variants of each of 400 value pairs; the second bin has one.
	low, high := analysis.NewShareTally(400), analysis.NewShareTally(400)
	for pair := range 400 {
		low.Add(pair, pair%10 == 0)
		low.Add(pair, pair%20 == 0)
		high.Add(pair, pair%4 == 0)
	}
	e, err := analysis.RatioOfShares(high, low)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f times, %.1f to %.1f\n", e.Value, e.Lo, e.Hi)
	// Output: 3.33 times, 2.5 to 4.6
}
