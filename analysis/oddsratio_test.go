package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// Fisher's tea tasting (Agresti 1990, page 61). The numbers 0 to 4 of hits
// have the weights 1, 16r, 36r², 16r³ and r⁴. R's fisher.test prints
// 6.408309 and 0.2117329 to 621.9337505; the limits of its search are loose:
// at its upper limit 3 hits or fewer still have 0.02517 for 0.025.
func TestExactOddsRatioPublished(t *testing.T) {
	e, err := analysis.ExactOddsRatio(3, 4, 1, 4)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "odds ratio", e.Value, 6.408309, 2e-5)
	within(t, "lower limit", e.Lo, 0.2117329, 5e-6)
	relative(t, "upper limit", e.Hi, 621.9337505, .01)
	r := e.Hi
	few := 1 + 16*r + 36*r*r + 16*r*r*r
	relative(t, "3 hits or fewer", few/(few+r*r*r*r), .025, 1e-12)
	r = e.Lo
	many := 16*r*r*r + r*r*r*r
	relative(t, "3 hits or more", many/(1+16*r+36*r*r+many), .025, 1e-12)
	r = e.Value
	relative(t, "mean", (16*r+2*36*r*r+3*16*r*r*r+4*r*r*r*r)/(1+16*r+36*r*r+16*r*r*r+r*r*r*r), 3, 1e-12)
	if e.N != 8 || e.Level != analysis.Level || e.Clusters != 0 {
		t.Errorf("got %+v", e)
	}
}

// By hand: of 1 in 1 and 1 in 2 there are 2 events in all, and the first
// is one of them in 2 of 3 draws. With odds ratio r the first is one with
// probability 2r/(1+2r): at most that, 1 of 1, is the top of the range.
// Of 1 in 2 over 1 in 2, the numbers 0, 1, 2 have weights 1, 4r, r²; the
// mean is 1 for r = 1, the variance 2/6, and the upper limit has
// (1+4r)/(1+4r+r²) = 0.025.
func TestExactOddsRatioByHand(t *testing.T) {
	if _, err := analysis.ExactOddsRatio(1, 1, 1, 2); !errors.Is(err, analysis.ErrUndefined) {
		t.Errorf("infinite odds ratio: %v", err)
	}
	e, err := analysis.ExactOddsRatio(1, 2, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	// .025r² - .975·4r - .975 = 0.
	top := (3.9 + math.Sqrt(3.9*3.9+4*.025*.975)) / .05
	within(t, "odds ratio", e.Value, 1, 1e-12)
	within(t, "SE", e.SE, math.Sqrt(3), 1e-9)
	relative(t, "upper limit", e.Hi, top, 1e-12)
	relative(t, "lower limit", e.Lo, 1/top, 1e-12)
}

// Swapping sides, or events and others, inverts every odds ratio; intervals
// hold the value and nest as they should.
func TestOddsRatioLaws(t *testing.T) {
	const n, m = 9, 13
	for x := range n + 1 {
		for y := range m + 1 {
			h, err := analysis.HaldaneOddsRatio(x, n, y, m)
			if err != nil {
				t.Fatal(err)
			}
			swapped, err := analysis.HaldaneOddsRatio(y, m, x, n)
			if err != nil {
				t.Fatal(err)
			}
			relative(t, "Haldane times swapped", h.Value*swapped.Value, 1, 1e-12)
			relative(t, "limits times swapped", h.Lo*swapped.Hi, 1, 1e-12)
			if len(h.Warnings) != 1 || !strings.Contains(h.Method, "half a unit") {
				t.Errorf("Haldane does not say what it adds: %v", h)
			}
			if x == 0 || x == n || y == 0 || y == m {
				if _, err := analysis.ShareOddsRatio(unitShare(t, x, n), unitShare(t, y, m)); !errors.Is(err, analysis.ErrUndefined) {
					t.Errorf("%d/%d over %d/%d: %v", x, n, y, m, err)
				}
				continue
			}
			woolf, err := analysis.ShareOddsRatio(unitShare(t, x, n), unitShare(t, y, m))
			if err != nil {
				t.Fatal(err)
			}
			exact, err := analysis.ExactOddsRatio(x, n, y, m)
			if err != nil {
				t.Fatal(err)
			}
			others, err := analysis.ExactOddsRatio(n-x, n, m-y, m)
			if err != nil {
				t.Fatal(err)
			}
			relative(t, "exact times that of others", exact.Value*others.Value, 1, 1e-9)
			relative(t, "limits times those of others", exact.Lo*others.Hi, 1, 1e-9)
			relative(t, "standard errors of the logarithms", exact.SE/exact.Value, others.SE/others.Value, 1e-6)
			if !exact.Covers(exact.Value) || !woolf.Covers(woolf.Value) {
				t.Errorf("%d/%d over %d/%d: %v, %v", x, n, y, m, exact, woolf)
			}
			// The conditional one is closer to 1.
			if math.Abs(math.Log(exact.Value)) > math.Abs(math.Log(woolf.Value))+1e-12 {
				t.Errorf("%d/%d over %d/%d: conditional %v, plain %v", x, n, y, m, exact.Value, woolf.Value)
			}
		}
	}
}

// Twins in clusters leave odds ratio and interval where they were.
func TestShareOddsRatioUsesEffectiveSize(t *testing.T) {
	twins := func(events, n int) analysis.Estimate {
		tally := analysis.NewShareTally(n)
		for i := range 2 * n {
			tally.Add(i/2, i/2 < events)
		}
		e, err := analysis.ShareMean(tally)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	once, err := analysis.ShareOddsRatio(unitShare(t, 97, 1000), unitShare(t, 20, 1000))
	if err != nil {
		t.Fatal(err)
	}
	twice, err := analysis.ShareOddsRatio(twins(97, 1000), twins(20, 1000))
	if err != nil {
		t.Fatal(err)
	}
	relative(t, "odds ratio", twice.Value, once.Value, 1e-12)
	relative(t, "SE", twice.SE, once.SE, 1e-3)
}

// Whatever the odds ratio and however many events, the exact interval holds
// it with at least its level's probability.
func TestExactOddsRatioCovers(t *testing.T) {
	tables := [][3]int{{10, 10, 6}, {20, 8, 5}}
	if *long {
		tables = append(tables, [3]int{5, 5, 5}, [3]int{30, 30, 4}, [3]int{50, 70, 40})
	}
	for _, c := range tables {
		n, m, events := c[0], c[1], c[2]
		least := 1.0
		for i := -40; i <= 40; i++ {
			odds := math.Exp(float64(i) / 8)
			sum, covered := 0.0, 0.0
			for x := max(0, events-m); x <= min(n, events); x++ {
				weight := math.Exp(lnChoose(n, x) + lnChoose(m, events-x) + float64(x)*math.Log(odds))
				sum += weight
				e, err := analysis.ExactOddsRatio(x, n, events-x, m)
				if err != nil { // infinite: the interval is that of the mirror image
					e, err = analysis.ExactOddsRatio(n-x, n, m-events+x, m)
					if err != nil {
						t.Fatal(err)
					}
					e.Lo, e.Hi = 1/e.Hi, math.Inf(1)
				}
				if e.Covers(odds) {
					covered += weight
				}
			}
			least = min(least, covered/sum)
		}
		t.Logf("exact odds ratio, n = %d and %d, %d events: at least %.4f", n, m, events, least)
		if least < .95 {
			t.Errorf("%v: coverage %v", c, least)
		}
	}
}

func lnChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

func TestOddsRatioRefuses(t *testing.T) {
	for _, c := range []struct {
		x, n, y, m int
		is         error
	}{
		{0, 0, 1, 2, analysis.ErrTooFew}, {1, 2, 0, 0, analysis.ErrTooFew},
		{3, 2, 1, 2, nil}, {-1, 2, 1, 2, nil}, {1, 2, 3, 2, nil}, {1, 2, -1, 2, nil},
	} {
		for name, f := range map[string]func(x, n, y, m int) (analysis.Estimate, error){
			"exact": analysis.ExactOddsRatio, "Haldane": analysis.HaldaneOddsRatio,
		} {
			if e, err := f(c.x, c.n, c.y, c.m); err == nil || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("%s of %+v: %v, %v", name, c, e, err)
			}
		}
	}
	for _, c := range [][4]int{{0, 5, 0, 7}, {5, 5, 7, 7}, {5, 5, 3, 7}, {2, 5, 0, 7}} {
		if e, err := analysis.ExactOddsRatio(c[0], c[1], c[2], c[3]); !errors.Is(err, analysis.ErrUndefined) {
			t.Errorf("%v: %v, %v", c, e, err)
		}
	}
	e, err := analysis.ShareOddsRatio(unitShare(t, 97, 1000), unitShare(t, 7, 1000))
	if err != nil || len(e.Warnings) != 1 || !strings.Contains(e.Warnings[0].Error(), "7 events") {
		t.Errorf("few events: %v, %v", e, err)
	}
}

func ExampleHaldaneOddsRatio() {
	e, err := analysis.HaldaneOddsRatio(5, 40, 0, 40)
	fmt.Printf("%.1f, %.1f to %.0f, %v, %v\n", e.Value, e.Lo, e.Hi, e.Warnings, err)
	// Output: 12.5, 0.7 to 235, [two units that nobody saw are added to the 80], <nil>
}

func ExampleExactOddsRatio() {
	e, err := analysis.ExactOddsRatio(3, 4, 1, 4) // Fisher's tea tasting
	fmt.Printf("%.2f, %.2f to %.0f, %v\n", e.Value, e.Lo, e.Hi, err)
	// Output: 6.41, 0.21 to 626, <nil>
}
