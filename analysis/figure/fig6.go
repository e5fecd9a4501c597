package figure

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
)

// Fig6Options: the zero value is the paper's figure.
type Fig6Options struct {
	Source
	// Published are the paper's counts in the order of the models of the
	// Outliers (NaN for none), drawn as outlines. nil draws none.
	Published []float64
	// Orientation is Vertical as in the paper; more than 30 models are
	// drawn Horizontal, which has room for their names.
	Orientation Orientation
}

// readings of the rule, for titles.
var readings = map[analysis.OutlierRule]string{
	analysis.SameValue:   "one value",
	analysis.EitherValue: "either value",
}

// Fig6 draws how many responses of each model are outliers, in descending
// order; models with the same count keep the fixed order. Counts are
// known, not estimated, and so have no interval.
//
// Source: Zhang et al. 2025, Figure 6.
func Fig6(o *analysis.Outliers, opt Fig6Options) (*Figure, error) {
	const id = "fig6"
	if o == nil || len(o.Models) == 0 || len(o.Models) != len(o.Counts) {
		return nil, fmt.Errorf("figure %s: no models, or not one count for each", id)
	}
	if len(o.Models) > maxNames {
		return nil, fmt.Errorf("figure %s: %d models, want at most %d", id, len(o.Models), maxNames)
	}
	if readings[o.Rule] == "" {
		return nil, fmt.Errorf("figure %s: unknown rule %d", id, int(o.Rule))
	}
	if err := checkPublished(id, opt.Source, len(opt.Published), len(o.Models)); err != nil {
		return nil, err
	}
	order := make([]int, len(o.Models))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(o.Counts[b], o.Counts[a]) })
	if len(o.Models) > 30 {
		opt.Orientation = Horizontal
	}

	f := New(id, fmt.Sprintf("Outlier responses by model (differing on %s)", readings[o.Rule]), 1)
	f.Width = PageWidth
	f.Rows.Header = []string{"rank", "model", "name", "provider", "outliers", "scenarios", "rule", "published"}
	p := f.Plot()
	values, names := &p.Y, &p.X
	if opt.Orientation == Horizontal {
		values, names = names, values
		f.Width, f.Height = ColumnWidth, vg.Length(len(o.Models))*12+66
	}
	p.Add(Grid{opt.Orientation})

	titles := make([]string, len(order))
	counts, published := make([]Point, len(order)), make([]Point, len(order))
	styles := make([]Style, len(order))
	for rank, m := range order {
		place := rank
		if opt.Orientation == Horizontal {
			place = len(order) - 1 - rank // the first on top
		}
		model := analysis.LookupModel(o.Models[m])
		titles[place] = model.Name
		styles[rank] = ProviderStyle(model.Provider)
		counts[rank] = Point{At: float64(place), Value: float64(o.Counts[m])}
		paper := any("")
		if opt.Published != nil {
			paper = opt.Published[m]
			published[rank] = Point{At: float64(place), Value: opt.Published[m]}
		}
		f.Rows.Add(rank+1, model.ID, model.Name, model.Provider, o.Counts[m], o.Rows, o.Rule, paper)
	}
	bars, err := NewBars(counts, Style{}, opt.Orientation)
	if err != nil {
		return nil, fmt.Errorf("figure %s: %w", id, err)
	}
	bars.Styles = styles
	bars.Format = func(v float64) string { return Count(int(v)) }
	f.Legend = providerLegend(o.Models, order)
	top := max(4, float64(o.Counts[order[0]]))
	if opt.Published != nil {
		outlines, err := NewBars(published, Style{Color: black}, opt.Orientation)
		if err != nil {
			return nil, fmt.Errorf("figure %s: %w", id, err)
		}
		outlines.Hollow, outlines.Width = true, 0.84
		for _, pt := range published {
			if pt.Value > top { // false for NaN
				top = pt.Value
			}
		}
		p.Add(outlines) // below, so that they hide nothing
		f.Legend = append(f.Legend, Entry{"Published", outlines})
	}
	p.Add(bars)
	SetNames(names, titles)
	values.Label.Text = "Number of outlier queries"
	values.Min, values.Max = 0, headroom(top)
	values.Tick.Marker = Ticks{Least: 1}
	if o.Rows == 0 {
		f.Panels[0].Empty = noData
	}
	first := label.Clean(analysis.LookupModel(o.Models[order[0]]).Name)
	f.describe(opt.Source,
		fmt.Sprintf("Bar chart of outlier responses by model, from %s with %s down to %s.", first, Count(o.Counts[order[0]]), Count(o.Counts[order[len(order)-1]])),
		fmt.Sprintf("Scenarios in which a model’s response differs by 4 or more from all but at most two of the other models (rule: %s).", o.Rule),
		fmt.Sprintf("Counts, no estimates; n = %s scenarios.", Count(o.Rows)),
		noted(o.Excluded), outlined(opt.Published))
	return f, nil
}

// noted tells exclusions that are notes about what was kept.
func noted(list []analysis.Exclusion) string {
	if len(list) == 0 {
		return ""
	}
	return sentence(Count(list[0].N) + " " + list[0].Reason)
}
