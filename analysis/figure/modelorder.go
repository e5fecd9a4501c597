package figure

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
)

// A ModelOrder says how the models of a figure are sorted.
type ModelOrder int

// The orders.
const (
	PaperOrder ModelOrder = iota // as in the paper's figure, other models behind
	ByValue                      // the highest value first; see the figure
)

// Intervals says whether intervals are drawn; the CSV has them either way.
type Intervals int

// The choices.
const (
	WithIntervals Intervals = iota
	NoIntervals
)

// UnmarshalText reads "paper-order" or "by-value".
func (o *ModelOrder) UnmarshalText(text []byte) error {
	return oneOf(o, text, "paper-order", "by-value")
}

// UnmarshalText reads "with-intervals" or "no-intervals".
func (i *Intervals) UnmarshalText(text []byte) error {
	return oneOf(i, text, "with-intervals", "no-intervals")
}

// oneOf finds a text among the words that stand for 0, 1, ...
func oneOf[T ~int](to *T, text []byte, words ...string) error {
	i := slices.Index(words, string(text))
	if i < 0 {
		return fmt.Errorf("figure: %q, want %s", text, strings.Join(words, " or "))
	}
	*to = T(i)
	return nil
}

// manyModels is from where on names have room only beside horizontal bars.
const manyModels = 30

// pickModels chooses models by ID or printed name, as places in have: the
// wanted ones in their order, or all in the order of fixed and those that
// fixed lacks behind. A model that is not there is an ErrUnknownName, and
// so many that no axis can hold their names are an error.
func pickModels(id string, have, want, fixed []string) ([]int, error) {
	var places []int
	for _, w := range want {
		i := slices.Index(have, analysis.LookupModel(w).ID)
		if i < 0 {
			return nil, fmt.Errorf("figure %s: %w", id, analysis.UnknownName("model", w, have))
		}
		if slices.Contains(places, i) {
			return nil, fmt.Errorf("figure %s: model %s is chosen twice", id, w)
		}
		places = append(places, i)
	}
	if len(want) == 0 {
		for i := range have {
			places = append(places, i)
		}
		rank := func(i int) int {
			if r := slices.Index(fixed, have[i]); r >= 0 {
				return r
			}
			return len(fixed)
		}
		slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(rank(a), rank(b)) })
	}
	if len(places) == 0 || len(places) > maxNames {
		return nil, fmt.Errorf("figure %s: %d models, want 1..%d", id, len(places), maxNames)
	}
	return places, nil
}

// byValue sorts places by falling value; equal ones keep their order, and
// missing ones (NaN) come last.
func byValue(places []int, value func(i int) float64) {
	slices.SortStableFunc(places, func(a, b int) int {
		return cmp.Compare(value(b), value(a)) // to cmp, NaN is less than any number
	})
}

// providerLegend is of bars in their providers' colours, in the order of
// their models in every figure, others behind them.
func providerLegend(models []string, order []int) (legend []Entry) {
	var providers []string
	for _, m := range order {
		if p := analysis.LookupModel(models[m]).Provider; !slices.Contains(providers, p) {
			providers = append(providers, p)
		}
	}
	known, _ := analysis.AllModels.Providers()
	rank := func(p string) int {
		if i := slices.Index(known, p); i >= 0 {
			return i
		}
		return len(known)
	}
	slices.SortStableFunc(providers, func(a, b string) int { return rank(a) - rank(b) })
	for _, p := range providers {
		legend = append(legend, Entry{p, &Bars{Style: ProviderStyle(p)}})
	}
	return legend
}

// axesOf are the axis of values and that of categories.
func axesOf(p *plot.Plot, o Orientation) (values, names *plot.Axis) {
	if o == Horizontal {
		return &p.X, &p.Y
	}
	return &p.Y, &p.X
}

// placeOf is where the i-th of n categories stands: the first on the left,
// or on top.
func placeOf(i, n int, o Orientation) float64 {
	if o == Horizontal {
		return float64(n - 1 - i)
	}
	return float64(i)
}

// nameModels names an axis of models that stand in an order.
func nameModels(a *plot.Axis, models []string, order []int, o Orientation) {
	names := make([]string, len(order))
	for i, m := range order {
		names[int(placeOf(i, len(order), o))] = analysis.LookupModel(models[m]).Name
	}
	SetNames(a, names)
}

// rowHigh is how high a row of an upright axis must be for the longest of
// its names, wrapped into a share of the figure's or panel's width.
func rowHigh(names []string, width vg.Length) vg.Length {
	sty, lines := labelStyle(), 1
	for _, name := range (Names)(names).fitted(sty, width, 3) {
		lines = max(lines, strings.Count(name, "\n")+1)
	}
	return max(12, vg.Length(lines)*sty.Height("x")+2)
}

// modelNames are the printed names of models.
func modelNames(models []string, order []int) []string {
	names := make([]string, len(order))
	for i, m := range order {
		names[i] = analysis.LookupModel(models[m]).Name
	}
	return names
}

// drawnWith is the point with its interval, or without.
func drawnWith(i Intervals, p Point) Point {
	if i == NoIntervals {
		p.Lo, p.Hi = 0, 0
	}
	return p
}
