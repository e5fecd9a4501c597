package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// Fleiss, Levin and Paik 2003, section 4.2: to find 0.70 beside 0.60 at 1 %
// with a power of 95 % takes
// (2.576·√(2·.65·.35) + 1.645·√(.6·.4 + .7·.3))²/.1² = 807 units a side.
func TestMinimumDetectableSharesPublished(t *testing.T) {
	d, err := analysis.MinimumDetectableShares(.6, 807, 807, analysis.PowerOptions{Level: .99, Power: .95})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "difference", d, .1, 5e-5)
}

// What the paper's samples of 1,000 could have found beside its lowest
// rates, to hand precision: see the formula.
func TestMinimumDetectableSharesOfPaper(t *testing.T) {
	for _, c := range []struct{ base, d float64 }{{.011, .0174}, {.007, .0150}} {
		d, err := analysis.MinimumDetectableShares(c.base, 1000, 1000, analysis.PowerOptions{})
		if err != nil {
			t.Fatal(err)
		}
		within(t, "difference", d, c.d, 5e-5)
		p := c.base + d
		mean := (p + c.base) / 2
		z := (d*math.Sqrt(500) - 1.959964*math.Sqrt(mean*(1-mean))) / math.Sqrt((p*(1-p)+c.base*(1-c.base))/2)
		within(t, "normal quantile of the power", z, .841621, 1e-5)
	}
}

func TestMinimumDetectableMeans(t *testing.T) {
	// By hand: (1.959964 + .841621)·3·√(2/64) = 1.48576.
	d, err := analysis.MinimumDetectableMeans(3, 64, 64, analysis.PowerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "difference", d, 1.48576, 1e-5)
	clustered, err := analysis.MinimumDetectableMeans(3, 128, 128, analysis.PowerOptions{DesignEffect: 2})
	if err != nil {
		t.Fatal(err)
	}
	within(t, "twice as many, half as good", clustered, d, 1e-12)
}

func TestMinimumDetectableLaws(t *testing.T) {
	base := func(n, m int, opt analysis.PowerOptions) float64 {
		d, err := analysis.MinimumDetectableShares(.2, n, m, opt)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	d := base(200, 200, analysis.PowerOptions{})
	for name, c := range map[string]struct {
		less bool
		d    float64
	}{
		"more units":             {true, base(400, 200, analysis.PowerOptions{})},
		"more power":             {false, base(200, 200, analysis.PowerOptions{Power: .9})},
		"a higher level":         {false, base(200, 200, analysis.PowerOptions{Level: .99})},
		"clusters":               {false, base(200, 200, analysis.PowerOptions{DesignEffect: 1.5})},
		"clusters, but more too": {true, base(400, 400, analysis.PowerOptions{DesignEffect: 1.5})},
	} {
		if (c.d < d) != c.less {
			t.Errorf("%s: %v, want less than %v: %v", name, c.d, d, c.less)
		}
	}
	zero, err := analysis.MinimumDetectableShares(0, 1000, 1000, analysis.PowerOptions{})
	if err != nil || !(zero > 0 && zero < .02) {
		t.Errorf("from 0: %v, %v", zero, err)
	}
}

func TestMinimumDetectableRefuses(t *testing.T) {
	for _, c := range []struct {
		base float64
		n, m int
		opt  analysis.PowerOptions
		is   error
	}{
		{.5, 0, 10, analysis.PowerOptions{}, analysis.ErrTooFew},
		{.5, 10, -1, analysis.PowerOptions{}, analysis.ErrTooFew},
		{.9, 10, 10, analysis.PowerOptions{}, analysis.ErrUndefined},
		{1, 10, 10, analysis.PowerOptions{}, analysis.ErrUndefined},
		{-.1, 10, 10, analysis.PowerOptions{}, nil}, {math.NaN(), 10, 10, analysis.PowerOptions{}, nil},
		{.1, 10, 10, analysis.PowerOptions{Level: 1}, nil}, {.1, 10, 10, analysis.PowerOptions{Power: .3}, nil},
		{.1, 10, 10, analysis.PowerOptions{Power: 1}, nil}, {.1, 10, 10, analysis.PowerOptions{DesignEffect: .5}, nil},
	} {
		if d, err := analysis.MinimumDetectableShares(c.base, c.n, c.m, c.opt); err == nil || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%+v: %v, %v", c, d, err)
		}
	}
	for _, s := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if d, err := analysis.MinimumDetectableMeans(s, 10, 10, analysis.PowerOptions{}); err == nil {
			t.Errorf("standard deviation %v: %v", s, d)
		}
	}
}

func ExampleMinimumDetectableShares() {
	// What 1,000 scenarios a side can tell apart from 1.1 %.
	d, err := analysis.MinimumDetectableShares(.011, 1000, 1000, analysis.PowerOptions{})
	fmt.Printf("%.1f percentage points, %v\n", 100*d, err)
	// Output: 1.7 percentage points, <nil>
}

func ExampleMinimumDetectableMeans() {
	d, err := analysis.MinimumDetectableMeans(1.2, 500, 500, analysis.PowerOptions{DesignEffect: 1.5})
	fmt.Printf("%.2f, %v\n", d, err)
	// Output: 0.26, <nil>
}
