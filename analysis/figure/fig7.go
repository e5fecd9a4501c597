package figure

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
)

// Fig7Options: the zero value is the paper's figure, as far as it is known.
type Fig7Options struct {
	Source
	// Categories are those to draw; nil means Fig7Categories.
	Categories []string
	Models     []string // only these, in this order; nil means all, in the paper's order
	// Intervals are those of the share of responses, times their number.
	Intervals Intervals
	// Published are the paper's counts of Figure 10, by category and by
	// model ID, drawn as outlines. Without value counts they are drawn alone.
	Published map[string]map[string]float64
}

// Fig7Categories returns the five categories that stand in for those of
// Figure 7. The paper's figure shows five of the 26, of which its text names
// one, business effectiveness; the other four are those of Figures 10a to
// 10d. This is a guess.
func Fig7Categories() []string {
	return append(Fig10Categories()[:4:4], "Business effectiveness")
}

// fig7Style is a model's marker in its provider's colour, which is not made
// as light as ModelStyle does: these marks are small and alone.
func fig7Style(model string) Style {
	s, full := ModelStyle(model), ProviderStyle(analysis.LookupModel(model).Provider).Color
	if _, models := analysis.AllModels.Providers(); slices.Index(models[analysis.LookupModel(model).Provider], analysis.LookupModel(model).ID)%2 == 1 {
		s.Color = lighter(full, 0.35)
	} else {
		s.Color = full
	}
	return s
}

// Fig7 draws in how many scenarios the responses of each model express each
// of a few categories of values: a row for each category, a mark for each
// model. Its numbers are those of Figure 10.
//
// Without value counts, which need labels that were never published, it
// draws the published counts as outlines and says so across the panel. No
// counts at all, published ones beside synthetic data, a category that is
// not there and more than 30 models are errors.
//
// Source: Zhang et al. 2025, Figure 7; which categories it shows, and as
// which kind of chart, could not be seen.
func Fig7(v *analysis.ValueCounts, opt Fig7Options) (*Figure, error) {
	const id = "fig7"
	if opt.Categories == nil {
		opt.Categories = Fig7Categories()
	}
	data, err := newCounted(id, v, Fig10Options{Source: opt.Source, Categories: opt.Categories, Models: opt.Models, Intervals: opt.Intervals, Published: opt.Published}, maxNames)
	if err != nil {
		return nil, err
	}
	order := data.order
	if len(order) > manyModels {
		return nil, fmt.Errorf("figure %s: %d models, want at most %d (choose some with Models, or draw Fig10)", id, len(order), manyModels)
	}
	const step = 4.2 // points between models
	n := len(data.categories)
	f := New(id, "How often models express some values", 1)
	f.Width, f.Height = PageWidth, vg.Length(n)*(step*vg.Length(len(order))+10)+104
	f.Rows.Header = slices.Concat([]string{"category", "model", "name", "provider", "count", "count_lo", "count_hi"}, estimateHeader, []string{"published"})
	panel := f.Plot()
	panel.Add(Bands{n}, Grid{Horizontal})
	top, some := 0.0, false
	for i, m := range order {
		points, outlines := make([]Point, n), make([]Point, n)
		for k, c := range data.categories {
			ours, outline, high, present := c.marks(placeOf(k, n, Horizontal), m)
			points[k], outlines[k] = ours, outline
			top, some = max(top, high), some || present
		}
		style := fig7Style(data.models[m])
		dodge := step * (vg.Length(len(order)-1)/2 - vg.Length(i))
		dots, err := NewDots(points, style, Horizontal)
		if err != nil {
			return nil, fmt.Errorf("figure %s: %w", id, err)
		}
		hollow, err := NewDots(outlines, style, Horizontal)
		if err != nil {
			return nil, fmt.Errorf("figure %s: %w", id, err)
		}
		hollow.Hollow, dots.Dodge, hollow.Dodge = true, dodge, dodge
		if opt.Published != nil {
			panel.Add(hollow)
		}
		panel.Add(dots)
		thumb := dots
		if v == nil {
			thumb = hollow
		}
		f.Legend = append(f.Legend, Entry{analysis.LookupModel(data.models[m]).Name, thumb})
	}
	names := make([]string, n)
	var told []string
	for k, c := range data.categories {
		names[int(placeOf(k, n, Horizontal))] = c.name
		for _, m := range order {
			model := analysis.LookupModel(data.models[m])
			f.Rows.Add(c.row(m, c.name, model.ID, model.Name, model.Provider)...)
		}
		told = append(told, c.told(order))
	}
	if opt.Published != nil {
		f.Legend = append(f.Legend, Entry{"Published (outlines)", &Dots{Style: Style{Color: black}, Hollow: true}})
	}
	SetNames(&panel.Y, names)
	panel.X.Label.Text = "Number of value occurrences"
	panel.X.Min, panel.X.Max = 0, headroom(max(4, top))
	panel.X.Tick.Marker = Ticks{Least: 1}
	if v == nil {
		f.Panels[0].Mark = publishedMark
	}
	if !some {
		f.Panels[0].Empty = noData
	}
	f.describe(opt.Source,
		fmt.Sprintf("Dots of %d models for %d categories of values. %s", len(order), n, strings.Join(told, " ")),
		data.sentences()...)
	return f, nil
}
