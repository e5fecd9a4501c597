package figure_test

import (
	"bytes"
	"fmt"
	"log"
	"math"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis/figure"
)

// curve is a selection of n scenarios whose distances fall like a root.
func curve(name string, n int, scale float64) figure.Fig9Curve {
	c := figure.Fig9Curve{Name: name, Distance: make([]float64, n)}
	for k := range c.Distance {
		c.Distance[k] = scale * math.Pow(1-float64(k)/float64(n), 0.4)
	}
	c.Distance[0] = math.Inf(1)
	return c
}

// By hand: at 0.5 the distances 0.9, 0.5 and 0.5 hold besides the first.
func ExampleFig9() {
	f, err := figure.Fig9([]figure.Fig9Curve{{Name: "greedy", Distance: []float64{math.NaN(), 0.9, 0.5, 0.5, 0.1}}},
		figure.Fig9Options{Threshold: 0.45})
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range f.Rows.Rows {
		fmt.Println(row[:3])
	}
	fmt.Println(f.Caption)
	// Output:
	// [greedy 0.9 2]
	// [greedy 0.5 4]
	// [greedy 0.45 4]
	// [greedy 0.1 5]
	// How many scenarios can be selected so that any two are at least a distance apart, by k-center selection. The dashed line marks 0.45, where greedy 4 are selected.
}

// All 411,000 scenarios are drawn in a small file, and no step is lost that
// print could show.
func TestFig9OfAllScenarios(t *testing.T) {
	f, err := figure.Fig9([]figure.Fig9Curve{curve("plain", 411_000, 1), curve("weighted", 411_000, 0.8)}, figure.Fig9Options{Published: []float64{300_000}})
	if err != nil {
		t.Fatal(err)
	}
	for format, most := range map[string]int{"svg": 60_000, "pdf": 60_000, "csv": 120_000} {
		var b bytes.Buffer
		err := within(t, format, func() error { return f.Encode(&b, format) })
		if err != nil || b.Len() > most {
			t.Errorf("%s: %d bytes, want at most %d; %v", format, b.Len(), most, err)
		}
	}
	// (1 - k/n)^0.4 = 0.4 at k = n(1 - 0.4^2.5) = 369,409.7: k up to 369,409
	// have more, and the first is number 0.
	found := false
	for _, row := range f.Rows.Rows {
		if row[0] == "plain" && row[1] == "0.4" {
			found = true
			if row[2] != "369410" || row[3] != "300000" {
				t.Errorf("at 0.4: %v, want 369410 selected", row)
			}
		}
	}
	if !found {
		t.Error("the CSV has no row at the threshold")
	}
}

func TestFig9Refuses(t *testing.T) {
	ok := curve("a", 5, 1)
	for name, c := range map[string]struct {
		curves []figure.Fig9Curve
		opt    figure.Fig9Options
		says   string
	}{
		"no curve":                    {nil, figure.Fig9Options{}, "0 curves"},
		"eight":                       {make([]figure.Fig9Curve, 8), figure.Fig9Options{}, "8 curves"},
		"nothing selected":            {[]figure.Fig9Curve{{Name: "b"}}, figure.Fig9Options{}, "no scenario"},
		"rising":                      {[]figure.Fig9Curve{{Name: "b", Distance: []float64{math.NaN(), 0.1, 0.2}}}, figure.Fig9Options{}, "after 0.1"},
		"rising from the first":       {[]figure.Fig9Curve{{Name: "b", Distance: []float64{0.1, 0.2}}}, figure.Fig9Options{}, "after 0.1"},
		"NaN":                         {[]figure.Fig9Curve{{Name: "b", Distance: []float64{1, math.NaN()}}}, figure.Fig9Options{}, "distance 2 is NaN"},
		"infinite":                    {[]figure.Fig9Curve{{Name: "b", Distance: []float64{1, math.Inf(1)}}}, figure.Fig9Options{}, "+Inf"},
		"negative":                    {[]figure.Fig9Curve{{Name: "b", Distance: []float64{1, -1}}}, figure.Fig9Options{}, "-1"},
		"a threshold below nothing":   {[]figure.Fig9Curve{ok}, figure.Fig9Options{Threshold: -1}, "threshold"},
		"published beside synthetic":  {[]figure.Fig9Curve{ok}, figure.Fig9Options{Source: synthetic, Published: []float64{300_000}}, "published"},
		"two numbers for one outline": {[]figure.Fig9Curve{ok}, figure.Fig9Options{Published: []float64{1, 2}}, "2 published"},
	} {
		if _, err := figure.Fig9(c.curves, c.opt); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	for name, c := range map[string]figure.Fig9Curve{
		"one scenario": {Name: "b", Distance: []float64{math.Inf(1)}},
		"one distance": {Name: "b", Distance: []float64{0.4, 0.4, 0.4}},
		"zero":         {Name: "b", Distance: []float64{0, 0}},
		"hostile name": {Name: "\x1b[31m=1+1<script>\u202e正", Distance: []float64{math.NaN(), 0.3}},
	} {
		f, err := figure.Fig9([]figure.Fig9Curve{c}, figure.Fig9Options{Source: synthetic})
		if err == nil {
			err = within(t, name, func() error { return f.Encode(new(bytes.Buffer), "svg") })
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
