package analysis_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func TestWilson(t *testing.T) {
	// Newcombe 1998, Statistics in Medicine 17:857-872, table I method 3,
	// recomputed to full precision; the edges follow from the definition
	// (mpmath 1.3, 30 digits).
	for _, c := range []struct{ successes, n, lo, hi float64 }{
		{81, 263, 0.2552885198782742, 0.36620957698280004},
		{15, 148, 0.0623863995307363, 0.16048724172330803},
		{0, 20, 0, 0.16112515805281938},
		{0, 1, 0, 0.7934506856227626},
		{1, 1, 0.20654931437723745, 1},
		{5, 10, 0.236593090512564, 0.7634069094874361},
		{20, 20, 0.8388748419471806, 1},
		{1000000, 1000000, 0.9999961585559362, 1},
	} {
		lo, hi, err := analysis.Wilson(c.successes, c.n, 0.95)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(lo-c.lo) > 1e-12 || math.Abs(hi-c.hi) > 1e-12 {
			t.Errorf("Wilson(%v, %v) = %v, %v, want %v, %v", c.successes, c.n, lo, hi, c.lo, c.hi)
		}
		if c.lo == 0 && lo != 0 || c.hi == 1 && hi != 1 {
			t.Errorf("Wilson(%v, %v) = %v, %v: the end must be exact", c.successes, c.n, lo, hi)
		}
	}
}

func TestWilsonRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		successes, n, level float64
		tooFew              bool
	}{
		{0, 0, 0.95, true}, {0, -1, 0.95, true},
		{2, 1, 0.95, false}, {-1, 1, 0.95, false}, {nan, 1, 0.95, false},
		{1, nan, 0.95, false}, {1, inf, 0.95, false},
		{1, 2, 0, false}, {1, 2, 1, false}, {1, 2, nan, false},
	} {
		_, _, err := analysis.Wilson(c.successes, c.n, c.level)
		if err == nil || errors.Is(err, analysis.ErrTooFew) != c.tooFew {
			t.Errorf("Wilson(%v, %v, %v): error %v", c.successes, c.n, c.level, err)
		}
	}
}

func TestWilsonHoldsShare(t *testing.T) {
	for n := 1.0; n < 60; n += 0.5 {
		for s := 0.0; s <= n; s += 0.25 {
			for _, level := range []float64{0.5, 0.95, 0.999} {
				lo, hi, err := analysis.Wilson(s, n, level)
				if err != nil || !(0 <= lo && lo <= s/n && s/n <= hi && hi <= 1) {
					t.Fatalf("Wilson(%v, %v, %v) = %v, %v, %v", s, n, level, lo, hi, err)
				}
			}
		}
	}
}

func TestWilsonReference(t *testing.T) {
	data, err := os.ReadFile("testdata/reference_stats.json")
	if err != nil {
		t.Fatal(err)
	}
	var reference struct {
		Cases []struct {
			ID, Stat string
			Input    json.RawMessage
			Expected json.RawMessage
			Tol      float64
		}
	}
	if err := json.Unmarshal(data, &reference); err != nil {
		t.Fatal(err)
	}
	cases := 0
	for _, c := range reference.Cases {
		if c.Stat != "wilson_interval" {
			continue
		}
		cases++
		var in struct{ Successes, N, Confidence float64 }
		var want *struct{ Low, High float64 }
		if err := errors.Join(json.Unmarshal(c.Input, &in), json.Unmarshal(c.Expected, &want)); err != nil {
			t.Fatal(err)
		}
		if in.Confidence == 0 {
			in.Confidence = 0.95
		}
		lo, hi, err := analysis.Wilson(in.Successes, in.N, in.Confidence)
		switch {
		case want == nil:
			if !errors.Is(err, analysis.ErrTooFew) {
				t.Errorf("%s: %v, %v, %v; want undefined", c.ID, lo, hi, err)
			}
		case err != nil || !(math.Abs(lo-want.Low) <= c.Tol && math.Abs(hi-want.High) <= c.Tol):
			t.Errorf("%s: %v, %v, %v; want %v, %v", c.ID, lo, hi, err, want.Low, want.High)
		}
	}
	if cases != 9 {
		t.Errorf("%d cases, want 9", cases)
	}
}

func TestClopperPearson(t *testing.T) {
	// Newcombe 1998, table I method 5, to its printed digits.
	for _, c := range []struct {
		successes, n int
		lo, hi       float64
	}{
		{81, 263, .2527, .3676}, {15, 148, .0578, .1617}, {0, 20, 0, .1684}, {1, 29, .0009, .1776},
	} {
		lo, hi, err := analysis.ClopperPearson(c.successes, c.n, 0.95)
		if err != nil || math.Abs(lo-c.lo) > 5e-5 || math.Abs(hi-c.hi) > 5e-5 {
			t.Errorf("%d of %d: %v, %v, %v; want %v, %v", c.successes, c.n, lo, hi, err, c.lo, c.hi)
		}
	}
	// The ends in closed form, and the rule of three.
	for _, n := range []int{1, 2, 10, 1000, 1e6} {
		lo, hi, err := analysis.ClopperPearson(0, n, 0.9)
		if err != nil || lo != 0 || math.Abs(hi-(1-math.Pow(0.05, 1/float64(n)))) > 1e-15 || hi >= 3/float64(n) {
			t.Errorf("0 of %d: %v, %v, %v", n, lo, hi, err)
		}
		if n >= 1000 && hi < 2.99/float64(n) {
			t.Errorf("0 of %d: up to %v, far from 3/n", n, hi)
		}
		mirrored, one, err := analysis.ClopperPearson(n, n, 0.9)
		if err != nil || one != 1 || math.Abs(mirrored-(1-hi)) > 1e-15 {
			t.Errorf("%d of %d: %v, %v, %v", n, n, mirrored, one, err)
		}
	}
}

// Whatever the true share, the probability that the interval holds it is
// at least the level. It is least just beside a limit, so all of these are
// tried.
func TestClopperPearsonCovers(t *testing.T) {
	sizes := []int{1, 2, 3, 5, 10, 25, 50}
	if *long {
		sizes = append(sizes, 75, 100, 200, 400)
	}
	for _, n := range sizes {
		for _, level := range []float64{0.5, 0.95, 0.99} {
			lo, hi := limitsOf(t, n, func(x int) (float64, float64, error) { return analysis.ClopperPearson(x, n, level) })
			least := 1.0
			for _, p := range slices.Concat(lo, hi) {
				for _, beside := range []float64{p - 1e-9, p + 1e-9} {
					if beside > 0 && beside < 1 {
						least = min(least, coverage(lo, hi, beside))
					}
				}
			}
			if least < level-1e-6 { // 1e-9 beside the limit
				t.Errorf("n = %d: the %v interval holds the share with probability %v", n, level, least)
			}
			t.Logf("Clopper-Pearson, n = %3d, level %.2f: at least %.4f", n, level, least)
		}
	}
}

// The exact coverage of Wilson's interval is close to the level on average,
// and down to 0.83 for a few shares close to 0 and 1.
func TestWilsonCoverage(t *testing.T) {
	sizes := []int{10, 20, 50, 100}
	if *long {
		sizes = append(sizes, 5, 200, 500, 1000)
	}
	for _, n := range sizes {
		lo, hi := limitsOf(t, n, func(x int) (float64, float64, error) { return analysis.Wilson(float64(x), float64(n), 0.95) })
		const steps = 2000
		mean, least := 0.0, 1.0
		for i := range steps {
			c := coverage(lo, hi, (float64(i)+.5)/steps)
			mean += c / steps
			least = min(least, c)
		}
		t.Logf("Wilson, n = %4d: mean %.4f, least %.4f", n, mean, least)
		if mean < .945 || mean > .962 || least < .82 {
			t.Errorf("n = %d: mean coverage %v, least %v", n, mean, least)
		}
	}
}

// limitsOf are the intervals for 0 to n successes.
func limitsOf(t *testing.T, n int, interval func(x int) (lo, hi float64, err error)) (lo, hi []float64) {
	t.Helper()
	for x := range n + 1 {
		l, h, err := interval(x)
		if err != nil {
			t.Fatal(err)
		}
		if !(0 <= l && l <= float64(x)/float64(n) && float64(x)/float64(n) <= h && h <= 1) {
			t.Errorf("%d of %d: interval %v..%v", x, n, l, h)
		}
		lo, hi = append(lo, l), append(hi, h)
	}
	return lo, hi
}

// coverage is the probability that the interval for a binomial number of
// successes holds p.
func coverage(lo, hi []float64, p float64) float64 {
	sum := 0.0
	for x, probability := range binomial(len(lo)-1, p) {
		if lo[x] <= p && p <= hi[x] {
			sum += probability
		}
	}
	return sum
}

// binomial is the probability of each number of successes.
func binomial(n int, p float64) []float64 {
	out := make([]float64, n+1)
	all, _ := math.Lgamma(float64(n + 1))
	for x := range out {
		in, _ := math.Lgamma(float64(x + 1))
		rest, _ := math.Lgamma(float64(n - x + 1))
		switch {
		case p == 0 || p == 1:
			if p == 0 && x == 0 || p == 1 && x == n {
				out[x] = 1
			}
		default:
			out[x] = math.Exp(all - in - rest + float64(x)*math.Log(p) + float64(n-x)*math.Log1p(-p))
		}
	}
	return out
}

// Table 2 of the paper, of 1,000 scenarios each: all nine figures after a
// plus-minus sign are standard errors, if the 6 of one is a misprint of 0.6.
func TestPaperTable2(t *testing.T) {
	for _, c := range []struct {
		name          string
		hits          int
		percent, plus float64
	}{
		{"random, all pass", 761, 76.1, 1.3}, {"S_high-dis, all pass", 393, 39.3, 1.5}, {"S_OpenAI, all pass", 179, 17.9, 1.2},
		{"random, one fails", 239, 23.9, 1.3}, {"S_high-dis, one fails", 607, 60.7, 1.5}, {"S_OpenAI, one fails", 821, 82.1, 1.2},
		{"random, all fail", 11, 1.1, .3}, {"S_high-dis, all fail", 36, 3.6, .6}, {"S_OpenAI, all fail", 51, 5.1, .7},
	} {
		e := unitShare(t, c.hits, 1000)
		if math.Abs(100*e.Value-c.percent) > .05 || math.Abs(100*e.SE-c.plus) > .05 {
			t.Errorf("%s: %.1f ± %.3f %%, printed %v ± %v", c.name, 100*e.Value, 100*e.SE, c.percent, c.plus)
		}
	}
	base := unitShare(t, 11, 1000)
	for _, c := range []struct {
		hits         int
		fold, lo, hi float64
	}{{36, 3.3, 1.7, 6.4}, {51, 4.6, 2.4, 8.8}} {
		e, err := analysis.ShareRatio(unitShare(t, c.hits, 1000), base)
		if err != nil {
			t.Fatal(err)
		}
		for what, pair := range map[string][2]float64{"fold": {e.Value, c.fold}, "lower limit": {e.Lo, c.lo}, "upper limit": {e.Hi, c.hi}} {
			if math.Abs(pair[0]-pair[1]) > .05 {
				t.Errorf("%s of %d over 11: %v, want %v", what, c.hits, pair[0], pair[1])
			}
		}
	}
}

func TestClopperPearsonRefuses(t *testing.T) {
	for _, c := range []struct {
		successes, n int
		level        float64
		tooFew       bool
	}{
		{0, 0, .95, true}, {0, -1, .95, true}, {2, 1, .95, false}, {-1, 1, .95, false},
		{1, 2, 0, false}, {1, 2, 1, false}, {1, 2, math.NaN(), false},
	} {
		_, _, err := analysis.ClopperPearson(c.successes, c.n, c.level)
		if err == nil || errors.Is(err, analysis.ErrTooFew) != c.tooFew {
			t.Errorf("ClopperPearson(%v, %v, %v): error %v", c.successes, c.n, c.level, err)
		}
	}
}

func ExampleClopperPearson() {
	lo, hi, err := analysis.ClopperPearson(0, 100, 0.9)
	fmt.Printf("%.4f %.4f %v, rule of three %.4f\n", lo, hi, err, 3.0/100)
	// Output: 0.0000 0.0295 <nil>, rule of three 0.0300
}

func ExampleWilson() {
	lo, hi, err := analysis.Wilson(15, 148, 0.95) // Newcombe 1998
	fmt.Printf("%.4f %.4f %v\n", lo, hi, err)
	// Output: 0.0624 0.1605 <nil>
}

// unitShare is the share of events among n independent units.
func unitShare(t testing.TB, events, n int) analysis.Estimate {
	t.Helper()
	tally := analysis.NewShareTally(n)
	for i := range n {
		tally.Add(i, i < events)
	}
	e, err := analysis.ShareMean(tally)
	if err != nil {
		t.Fatal(err)
	}
	return e
}
