package figure

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
)

// An Order is how categories are sorted.
type Order int

// The orders.
const (
	BySpread Order = iota // the widest gap between providers first
	ByName
	AsGiven
)

// PreferenceOptions: the zero value shows all categories, those on which
// providers differ most on top.
type PreferenceOptions struct {
	Source
	Order Order
	Top   int // only so many, after sorting; 0 means all
}

// ProviderPreference draws, for each category of values, how often the
// models of each provider favour it: a dot and its interval per provider.
// It is a proxy for the paper's value prioritization and says so in its
// title; it must not be compared with Figures 7 and 10.
//
// A provider without any position on a category has no dot there. No
// category and more than 120 of them are errors; Top keeps to fewer.
//
// Source: the proxy of analysis.MeasurePreferences.
func ProviderPreference(p *analysis.Preferences, opt PreferenceOptions) (*Figure, error) {
	const id = "preference"
	if p == nil || len(p.Categories) == 0 || len(p.Providers) == 0 {
		return nil, fmt.Errorf("figure %s: no category or no provider: %w", id, analysis.ErrTooFew)
	}
	if len(p.ByProvider) != len(p.Categories) {
		return nil, fmt.Errorf("figure %s: %d rows of estimates, want %d", id, len(p.ByProvider), len(p.Categories))
	}
	for i, row := range p.ByProvider {
		if len(row) != len(p.Providers) {
			return nil, fmt.Errorf("figure %s: category %q has %d estimates, want %d", id, p.Categories[i], len(row), len(p.Providers))
		}
	}
	order := categoryOrder(p, opt.Order)
	if opt.Top > 0 && opt.Top < len(order) {
		order = order[:opt.Top]
	}
	if len(order) > maxNames || len(p.Providers) > len(seriesStyles) {
		return nil, fmt.Errorf("figure %s: %d categories of %d providers, want at most %d (set Top) of %d",
			id, len(order), len(p.Providers), maxNames, len(seriesStyles))
	}

	f := New(id, "How often providers favour a value (proxy, not the paper’s labels)", 1)
	rowHeight := vg.Length(max(18.8, 4+3.6*float64(len(p.Providers))))
	f.Width, f.Height = PageWidth, vg.Length(len(order))*rowHeight+100
	f.Rows.Header = append([]string{"category", "provider"}, estimateHeader...)
	panel := f.Plot()
	panel.Add(Bands{len(order)}, Grid{Horizontal})
	names := make([]string, len(order))
	lo, hi := math.Inf(1), math.Inf(-1)
	var all []analysis.Estimate
	for i, provider := range p.Providers {
		points := make([]Point, len(order))
		for rank, c := range order {
			up := len(order) - 1 - rank
			names[up] = p.Categories[c]
			points[rank] = PointOf(float64(up), p.ByProvider[c][i], 100)
		}
		dots, err := NewDots(points, ProviderStyle(provider), Horizontal)
		if err != nil {
			return nil, fmt.Errorf("figure %s: %w", id, err)
		}
		dots.Dodge = 3.6 * (vg.Length(len(p.Providers)-1)/2 - vg.Length(i))
		xmin, xmax, _, _ := dots.DataRange()
		lo, hi = min(lo, xmin), max(hi, xmax)
		panel.Add(dots)
		f.Legend = append(f.Legend, Entry{provider, dots})
	}
	for _, c := range order {
		for i, provider := range p.Providers {
			e := p.ByProvider[c][i]
			f.Rows.Add(append([]any{p.Categories[c], provider}, estimateCells(e)...)...)
			if !math.IsNaN(e.Value) {
				all = append(all, e)
			}
		}
	}
	SetNames(&panel.Y, names)
	panel.X.Label.Text = fmt.Sprintf("Value favoured: position ≥ %d (%%)", analysis.FavorScore)
	panel.X.Min, panel.X.Max = 0, 100
	if len(all) == 0 {
		f.Panels[0].Empty = noData
	} else if step := tickStep(hi - lo); step > 0 {
		panel.X.Min, panel.X.Max = max(0, math.Floor(lo/step)*step), min(100, math.Ceil(hi/step)*step)
	}
	shown := fmt.Sprintf("%d categories.", len(order))
	if len(order) < len(p.Categories) {
		shown = fmt.Sprintf("%d of %d categories.", len(order), len(p.Categories))
	}
	f.describe(opt.Source,
		fmt.Sprintf("Dots with intervals for %d categories of values and %d providers. On top, %s: %s.",
			len(order), len(p.Providers), label.Clean(p.Categories[order[0]]), told(p, order[0])),
		"A proxy from positions on the values that scenarios were seeded with, not the paper’s labels of free-form values: how often a position is strongly in favour, mean over a provider’s models.",
		shown, intervals(all...), sizes("positions per dot", all...), unmapped(p.Unmapped))
	return f, nil
}

// told lists the providers' values on a category.
func told(p *analysis.Preferences, category int) string {
	var parts []string
	for i, provider := range p.Providers {
		parts = append(parts, label.Clean(provider)+" "+inPercent(p.ByProvider[category][i]))
	}
	return strings.Join(parts, ", ")
}

func unmapped(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("Left out: %s values outside the taxonomy.", Count(n))
}

// categoryOrder sorts the categories; equal ones keep their order.
func categoryOrder(p *analysis.Preferences, by Order) []int {
	order := make([]int, len(p.Categories))
	spread := make([]float64, len(p.Categories))
	for c := range order {
		order[c] = c
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, e := range p.ByProvider[c] {
			if !math.IsNaN(e.Value) {
				lo, hi = min(lo, e.Value), max(hi, e.Value)
			}
		}
		spread[c] = max(hi-lo, 0)
	}
	switch by {
	case BySpread:
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(spread[b], spread[a]) })
	case ByName:
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p.Categories[a], p.Categories[b]) })
	}
	return order
}
