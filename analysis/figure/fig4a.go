package figure

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
)

// Fig4aOptions: the zero value is the paper's figure.
type Fig4aOptions struct {
	Source
	Models []string // only these, in this order; nil means all
	// Order is the paper's; ByValue puts the models first that comply most,
	// by the first level.
	Order ModelOrder
	// Orientation is Vertical as in the paper; more than 30 models are
	// drawn Horizontal, which has room for their names.
	Orientation Orientation
}

// levelStyles are those of the seven refusal levels: blue where a response
// complies, orange where it refuses, darker with each level, and a hatch
// each.
var levelStyles = []Style{
	{Color: color.NRGBA{0xd8, 0xe9, 0xf5, 0xff}},
	{Color: color.NRGBA{0x9c, 0xc9, 0xe6, 0xff}, Hatch: Rising},
	{Color: color.NRGBA{0x3f, 0x8f, 0xc4, 0xff}, Hatch: Upright},
	{Color: color.NRGBA{0x00, 0x45, 0x6c, 0xff}, Hatch: Falling},
	{Color: color.NRGBA{0xfb, 0xd8, 0x9a, 0xff}, Hatch: Level},
	{Color: color.NRGBA{0xe0, 0x7b, 0x1a, 0xff}, Hatch: Crossed},
	{Color: color.NRGBA{0x6b, 0x1d, 0x00, 0xff}},
}

// levelStyle is the style of a level; sets of more than seven levels repeat
// them.
func levelStyle(i int) Style { return levelStyles[i%len(levelStyles)] }

// Fig4a draws how far the responses of each model refuse: the shares of the
// refusal levels, in percent, stacked. The CSV has each share with its
// interval, for which stacked bars have no place.
//
// A model without a labelled response has no bar. No model, more than 120 of
// them, and shares that are not one per model and level are errors.
//
// Source: Zhang et al. 2025, Figure 4a.
func Fig4a(r *analysis.Refusals, opt Fig4aOptions) (*Figure, error) {
	const id = "fig4a"
	if err := checkRefusals(id, r); err != nil {
		return nil, err
	}
	order, err := pickModels(id, r.Models, opt.Models, analysis.AllModels.Models)
	if err != nil {
		return nil, err
	}
	if opt.Order == ByValue {
		byValue(order, func(i int) float64 { return r.Shares[i][0].Value })
	}
	if len(order) > manyModels {
		opt.Orientation = Horizontal
	}
	f := New(id, "How far responses refuse, by model", 1)
	f.Width, f.Height = PageWidth, 3.4*vg.Inch
	if opt.Orientation == Horizontal {
		f.Height = vg.Length(len(order))*rowHigh(modelNames(r.Models, order), 0.3*f.Width) + 96
	}
	f.Rows.Header = append([]string{"model", "name", "provider", "level", "level_name", "responses"}, estimateHeader...)
	parts := make([][]float64, len(r.Levels))
	for level := range r.Levels {
		parts[level] = make([]float64, len(order))
	}
	for i, m := range order {
		model := analysis.LookupModel(r.Models[m])
		for level, name := range r.Levels {
			e := r.Shares[m][level]
			parts[level][i] = 100 * e.Value
			f.Rows.Add(append([]any{model.ID, model.Name, model.Provider, level + 1, name, r.Counts[m][level]}, estimateCells(e)...)...)
		}
	}
	styles := make([]Style, len(r.Levels))
	for level, name := range r.Levels {
		styles[level] = levelStyle(level)
		f.Legend = append(f.Legend, Entry{name, &Bars{Style: styles[level]}})
	}
	stack, err := NewStack(parts, styles, opt.Orientation)
	if err != nil {
		return nil, fmt.Errorf("figure %s: %w", id, err)
	}
	stack.Width = 0.78
	p := f.Plot()
	p.Add(Grid{opt.Orientation}, stack)
	values, names := axesOf(p, opt.Orientation)
	nameModels(names, r.Models, order, opt.Orientation)
	values.Label.Text = "Percentage of responses (%)"
	values.Min, values.Max = 0, 100
	values.Tick.Marker = Ticks{}
	if withoutValue(atLevel(r, order, 0)) {
		f.Panels[0].Empty = noData
	}
	f.describe(opt.Source,
		fmt.Sprintf("Stacked bars of %d refusal levels for %d models. %s", len(r.Levels), len(order), ends(r, order)),
		"Share of each model’s responses at each refusal level, from full compliance at the axis to complete rejection.",
		sizes("labelled responses per model", atLevel(r, order, 0)...), leftOut(excludedAt(r, order)...))
	return f, nil
}

// checkRefusals finds columns that do not fit.
func checkRefusals(id string, r *analysis.Refusals) error {
	if r == nil || len(r.Models) == 0 || len(r.Levels) == 0 {
		return fmt.Errorf("figure %s: no model or no level: %w", id, analysis.ErrTooFew)
	}
	if len(r.Shares) != len(r.Models) || len(r.Counts) != len(r.Models) {
		return fmt.Errorf("figure %s: shares of %d models, want %d", id, len(r.Shares), len(r.Models))
	}
	for m := range r.Models {
		if len(r.Shares[m]) != len(r.Levels) || len(r.Counts[m]) != len(r.Levels) {
			return fmt.Errorf("figure %s: %s has shares of %d levels, want %d", id, r.Models[m], len(r.Shares[m]), len(r.Levels))
		}
	}
	return nil
}

// ends tells of the first and the last level which models have the largest
// and the smallest share.
func ends(r *analysis.Refusals, order []int) string {
	var parts []string
	for _, level := range slices.Compact([]int{0, len(r.Levels) - 1}) {
		parts = append(parts, label.Clean(r.Levels[level])+": "+extremes(r.Models, order, atLevel(r, order, level)))
	}
	return strings.Join(parts, " ")
}

// extremes tells the largest and the smallest of shares in a figure's order.
func extremes(models []string, order []int, shares []analysis.Estimate) string {
	place := make([]int, len(shares))
	for i := range place {
		place[i] = i
	}
	byValue(place, func(i int) float64 { return shares[i].Value })
	place = slices.DeleteFunc(place, func(i int) bool { return math.IsNaN(shares[i].Value) })
	if len(place) == 0 {
		return "no value."
	}
	one := func(i int) string {
		return label.Clean(analysis.LookupModel(models[order[i]]).Name) + " " + inPercent(shares[i])
	}
	return fmt.Sprintf("from %s to %s.", one(place[0]), one(place[len(place)-1]))
}

func atLevel(r *analysis.Refusals, order []int, level int) []analysis.Estimate {
	var out []analysis.Estimate
	for _, m := range order {
		out = append(out, r.Shares[m][level])
	}
	return out
}

// excludedAt is what the models' shares leave out; all levels of a model
// leave out the same.
func excludedAt(r *analysis.Refusals, order []int) [][]analysis.Exclusion {
	var out [][]analysis.Exclusion
	for _, m := range order {
		out = append(out, r.Shares[m][0].Excluded)
	}
	return out
}
