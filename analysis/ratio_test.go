package analysis

import (
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
)

// shareOf is the share of events among n independent units.
func shareOf(t testing.TB, events, n int) Estimate {
	t.Helper()
	hit := make([]bool, n)
	id := make([]int32, n)
	for i := range hit {
		hit[i] = i < events
		id[i] = int32(i)
	}
	e, err := Share(hit, Clusters{ID: id, N: n})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// The paper's ratios, of 1,000 scenarios each. The intervals are worked
// out from the printed counts with exp(ln(a/b) ± 1.96·√(1/x−1/n+1/y−1/n)).
func TestShareRatioPublished(t *testing.T) {
	for _, c := range []struct {
		name             string
		a, b             int
		ratio, lo, hi    float64
		digits, ciDigits float64
		rough            bool
	}{
		{"Figure 2, majority, last over first bin", 97, 7, 13.86, 6.5, 29.7, .005, .05, true},
		{"Figure 2, any", 494, 49, 10.1, 7.6, 13.3, .05, .05, false},
		{"Table 2, S_OpenAI over S", 51, 11, 4.64, 2.4, 8.8, .005, .05, false},
		{"Table 2, S_high-dis over S", 36, 11, 3.27, 1.7, 6.4, .005, .05, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := ShareRatio(shareOf(t, c.a, 1000), shareOf(t, c.b, 1000))
			if err != nil {
				t.Fatal(err)
			}
			near(t, "ratio", e.Value, c.ratio, c.digits)
			near(t, "lower end", e.Lo, c.lo, c.ciDigits)
			near(t, "upper end", e.Hi, c.hi, c.ciDigits)
			if e.Level != Level || e.N != 2000 || e.Clusters != 2000 {
				t.Errorf("level %v, n %d, %d clusters; want %v, 2000, 2000", e.Level, e.N, e.Clusters, Level)
			}
			if rough := len(e.Warnings) == 1 && strings.Contains(e.Warnings[0].Error(), "7 events"); rough != c.rough {
				t.Errorf("warnings %v, want one about 7 events: %v", e.Warnings, c.rough)
			}
		})
	}
}

// By hand: 13.857·√(.903/97 + .993/7) = 13.857·.38880 = 5.388.
func TestShareRatioSE(t *testing.T) {
	e, err := ShareRatio(shareOf(t, 97, 1000), shareOf(t, 7, 1000))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "SE", e.SE, 5.388, 5e-4)
}

// Every unit told twice, in one cluster: the effective sample size stays,
// and so does the interval.
func TestShareRatioUsesEffectiveSize(t *testing.T) {
	twice := func(events, n int) Estimate {
		hit, id := make([]bool, 2*n), make([]int32, 2*n)
		for i := range hit {
			hit[i], id[i] = i/2 < events, int32(i/2)
		}
		e, err := Share(hit, Clusters{ID: id, N: n})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	once, err := ShareRatio(shareOf(t, 97, 1000), shareOf(t, 20, 1000))
	if err != nil {
		t.Fatal(err)
	}
	double, err := ShareRatio(twice(97, 1000), twice(20, 1000))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "lower end", double.Lo, once.Lo, .002*once.Lo)
	near(t, "upper end", double.Hi, once.Hi, .002*once.Hi)
}

func TestShareRatioOfOnes(t *testing.T) {
	e, err := ShareRatio(shareOf(t, 20, 20), shareOf(t, 30, 30))
	if err != nil {
		t.Fatal(err)
	}
	if e.Value != 1 || e.HasInterval() || len(e.Warnings) != 1 {
		t.Errorf("ratio %v, level %v, warnings %v; want 1, no interval, a warning", e.Value, e.Level, e.Warnings)
	}
	// One side alone adds nothing to the variance: 1/10 − 1/20 = .05.
	e, err = ShareRatio(shareOf(t, 20, 20), shareOf(t, 10, 20))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "lower end", e.Lo, 2*math.Exp(-1.959964*math.Sqrt(.05)), 1e-6)
}

func TestShareRatioLaws(t *testing.T) {
	for x := 1; x < 40; x += 3 {
		for y := 1; y < 60; y += 4 {
			a, b := shareOf(t, x, 40), shareOf(t, y, 60)
			e, err := ShareRatio(a, b)
			if err != nil {
				t.Fatal(err)
			}
			swapped, err := ShareRatio(b, a)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "product with the inverse", e.Value*swapped.Value, 1, 1e-12)
			near(t, "lower end times the inverse's upper end", e.Lo*swapped.Hi, 1, 1e-12)
			if !e.Covers(e.Value) || e.Lo <= 0 {
				t.Errorf("%d/40 over %d/60: %v in %v..%v", x, y, e.Value, e.Lo, e.Hi)
			}
		}
	}
}

func TestShareRatioKeepsDoubts(t *testing.T) {
	a, b := shareOf(t, 20, 40), shareOf(t, 30, 40)
	doubt := errors.New("doubt")
	a.Warnings, b.Warnings = []error{doubt}, []error{doubt}
	a.Excluded = []Exclusion{{missingVerdict, 2}}
	b.Excluded = []Exclusion{{missingResponse, 1}, {missingVerdict, 3}}
	e, err := ShareRatio(a, b)
	if err != nil {
		t.Fatal(err)
	}
	if want := []Exclusion{{missingVerdict, 5}, {missingResponse, 1}}; !reflect.DeepEqual(e.Excluded, want) {
		t.Errorf("excluded %v, want %v", e.Excluded, want)
	}
	if !reflect.DeepEqual(e.Warnings, []error{doubt}) {
		t.Errorf("warnings %v, want the one doubt", e.Warnings)
	}
	if a.Excluded[0].N != 2 {
		t.Error("the numerator was changed")
	}
}

func TestShareRatioRefuses(t *testing.T) {
	some := shareOf(t, 5, 10)
	bent := some
	bent.SE = 0
	other := some
	other.Level = .9
	for _, c := range []struct {
		name   string
		a, b   Estimate
		is     error
		phrase string
	}{
		{"no event below", some, shareOf(t, 0, 10), ErrUndefined, "denominator is 0 of 10"},
		{"no event above", shareOf(t, 0, 10), some, ErrUndefined, "numerator is 0 of 10"},
		{"a count", Count(3, 10), some, nil, "numerator is 3"},
		{"no value", some, Estimate{Value: math.NaN()}, ErrUndefined, "denominator has no value"},
		{"no share", some, Estimate{Value: 1.5, SE: .1, Level: Level}, nil, "denominator is 1.5"},
		{"no standard error", bent, some, nil, "numerator is 0.5 with SE 0"},
		{"two levels", some, other, nil, "levels 0.95 and 0.9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ShareRatio(c.a, c.b)
			if err == nil || !strings.Contains(err.Error(), c.phrase) || (c.is != nil && !errors.Is(err, c.is)) {
				t.Errorf("error %v, want one with %q that is %v", err, c.phrase, c.is)
			}
		})
	}
}
