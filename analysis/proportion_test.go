package analysis_test

import (
	"errors"
	"fmt"
	"math"
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

func ExampleWilson() {
	lo, hi, err := analysis.Wilson(15, 148, 0.95) // Newcombe 1998
	fmt.Printf("%.4f %.4f %v\n", lo, hi, err)
	// Output: 0.0624 0.1605 <nil>
}
