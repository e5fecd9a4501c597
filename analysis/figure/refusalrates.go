package figure

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
)

// RefusalRateOptions: the zero value is the paper's figure.
type RefusalRateOptions struct {
	Source
	Topic  string   // what the second series is called; "" means the paper's
	Levels []int    // which levels count; nil means the paper's
	Models []string // only these, in this order; nil means all
	// Order is the paper's; ByValue puts the highest rate of the topic first,
	// or of all responses where there is no topic.
	Order ModelOrder
	// Orientation is Vertical as in the paper; more than 30 models are
	// drawn Horizontal, which has room for their names.
	Orientation Orientation
	Intervals   Intervals
}

// A rateFigure is what Figures 4b, 4c and 4d differ in.
type rateFigure struct {
	id, topic, title, axis string
	from                   int // the first level that counts
	top                    float64
}

// A rateSeries is the rates of one series of bars, by model.
type rateSeries struct {
	key, name string
	of        *analysis.Refusals
	rates     []analysis.Estimate
}

// series are all responses and, where topic is not nil, those on it.
func (d rateFigure) series(overall, topic *analysis.Refusals, opt RefusalRateOptions) ([]rateSeries, error) {
	all := []rateSeries{{"overall", "Overall", overall, nil}}
	if topic != nil {
		all = append(all, rateSeries{"topic", opt.Topic, topic, nil})
	}
	for i := range all {
		s := &all[i]
		if err := checkRefusals(d.id, s.of); err != nil {
			return nil, err
		}
		if !slices.Equal(s.of.Models, overall.Models) || !slices.Equal(s.of.Levels, overall.Levels) {
			return nil, fmt.Errorf("figure %s: other models or levels overall than for %s", d.id, label.Clean(s.name))
		}
		var err error
		if s.rates, err = s.of.Rate(opt.Levels...); err != nil {
			return nil, fmt.Errorf("figure %s: %w", d.id, err)
		}
	}
	return all, nil
}

// draw draws the rates of all responses and of those on a topic; the topic
// may be nil.
func (d rateFigure) draw(overall, topic *analysis.Refusals, opt RefusalRateOptions) (*Figure, error) {
	if err := checkRefusals(d.id, overall); err != nil {
		return nil, err
	}
	if opt.Topic == "" {
		opt.Topic = d.topic
	}
	if opt.Levels == nil {
		opt.Levels = overall.From(d.from)
	}
	all, err := d.series(overall, topic, opt)
	if err != nil {
		return nil, err
	}
	order, err := pickModels(d.id, overall.Models, opt.Models, analysis.AllModels.Models)
	if err != nil {
		return nil, err
	}
	if opt.Order == ByValue {
		byValue(order, func(i int) float64 { return all[len(all)-1].rates[i].Value })
	}
	if len(order) > manyModels {
		opt.Orientation = Horizontal
	}

	f := New(d.id, d.title+" by model", 1)
	f.Width, f.Height = PageWidth, 3*vg.Inch
	if opt.Orientation == Horizontal {
		f.Height = vg.Length(len(order))*max(20, rowHigh(modelNames(overall.Models, order), 0.3*f.Width)) + 96
	}
	f.Rows.Header = append([]string{"series", "scenarios", "model", "name", "provider"}, estimateHeader...)
	p := f.Plot()
	p.Add(Grid{opt.Orientation})
	width := 0.78 / float64(len(all))
	var shown []analysis.Estimate
	var told []string
	top := 0.0
	for i, s := range all {
		points := make([]Point, len(order))
		shift := (float64(i) - float64(len(all)-1)/2) * width
		if opt.Orientation == Horizontal {
			shift = -shift // the first series on top
		}
		for rank, m := range order {
			points[rank] = drawnWith(opt.Intervals, PointOf(placeOf(rank, len(order), opt.Orientation)+shift, s.rates[m], 100))
			model := analysis.LookupModel(overall.Models[m])
			f.Rows.Add(append([]any{s.key, s.of.Rows, model.ID, model.Name, model.Provider}, estimateCells(s.rates[m])...)...)
			shown = append(shown, s.rates[m])
		}
		bars, err := NewBars(points, SeriesStyle(i), opt.Orientation)
		if err != nil {
			return nil, fmt.Errorf("figure %s: %w", d.id, err)
		}
		bars.Width = width
		_, xmax, _, ymax := bars.DataRange()
		if opt.Orientation == Horizontal {
			ymax = xmax
		}
		if ymax > top { // false for NaN
			top = ymax
		}
		p.Add(bars)
		f.Legend = append(f.Legend, Entry{s.name, &Bars{Style: SeriesStyle(i)}})
		told = append(told, label.Clean(s.name)+": "+extremes(overall.Models, order, shown[len(shown)-len(order):]))
	}
	values, names := axesOf(p, opt.Orientation)
	nameModels(names, overall.Models, order, opt.Orientation)
	values.Label.Text = d.axis
	values.Min, values.Max = 0, max(d.top, min(headroom(top), 100))
	values.Tick.Marker = Ticks{}
	if withoutValue(shown) {
		f.Panels[0].Empty = noData
	}
	if opt.Intervals == NoIntervals {
		shown = nil
	}
	share, scenarios := rateCaption(overall, topic, opt)
	f.describe(opt.Source,
		fmt.Sprintf("Bars of the share of refusing responses for %d models. %s", len(order), strings.Join(told, " ")),
		share, intervals(shown...), scenarios, leftOut(excludedAt(overall, order)...))
	return f, nil
}

// rateCaption says which share is shown, and of how many scenarios.
func rateCaption(overall, topic *analysis.Refusals, opt RefusalRateOptions) (share, scenarios string) {
	counted := make([]string, len(opt.Levels))
	for i, level := range opt.Levels {
		counted[i] = label.Clean(overall.Levels[level])
	}
	scenarios = fmt.Sprintf("n = %s scenarios overall.", Count(overall.Rows))
	if topic != nil {
		scenarios = fmt.Sprintf("n = %s scenarios overall, %s on the topic %s.", Count(overall.Rows), Count(topic.Rows), label.Clean(opt.Topic))
	}
	return "Share of each model’s labelled responses at one of the levels: " + strings.Join(counted, "; ") + ".", scenarios
}
