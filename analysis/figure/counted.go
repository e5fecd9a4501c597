package figure

import (
	"fmt"
	"math"
	"strconv"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
)

// counted are value counts, or published ones alone, and what Figures 7 and
// 10 show of them.
type counted struct {
	id         string
	counts     *analysis.ValueCounts
	opt        Fig10Options
	models     []string
	order      []int // places in models
	categories []*countedCategory
}

// newCounted checks and finds what the options ask for, at most so many
// categories.
func newCounted(id string, v *analysis.ValueCounts, opt Fig10Options, most int) (*counted, error) {
	if len(opt.Categories) == 0 || len(opt.Categories) > most {
		return nil, fmt.Errorf("figure %s: %d categories, want 1..%d", id, len(opt.Categories), most)
	}
	if opt.Published != nil {
		if err := checkPublished(id, opt.Source, 1, 1); err != nil {
			return nil, err
		}
	}
	c := &counted{id: id, counts: v, opt: opt, models: fig10Models}
	if v != nil {
		if err := checkCounts(id, v); err != nil {
			return nil, err
		}
		c.models = v.Models
	} else if len(opt.Published) == 0 {
		return nil, fmt.Errorf("figure %s: no value counts and no published ones; the counts need labels of the set %s, which were never published: docs/labels.md says how to make them: %w",
			id, analysis.ValueLabels.Name, analysis.ErrTooFew)
	}
	var err error
	if c.order, err = pickModels(id, c.models, opt.Models, fig10Models); err != nil {
		return nil, err
	}
	for _, name := range opt.Categories {
		category, err := c.category(name)
		if err != nil {
			return nil, err
		}
		c.categories = append(c.categories, category)
	}
	return c, nil
}

func checkCounts(id string, v *analysis.ValueCounts) error {
	if len(v.Models) == 0 || len(v.Counts) != len(v.Models) || len(v.Shares) != len(v.Models) || len(v.Labelled) != len(v.Models) {
		return fmt.Errorf("figure %s: no models, or not one row of counts for each", id)
	}
	for m := range v.Models {
		if len(v.Counts[m]) != len(v.Labels) || len(v.Shares[m]) != len(v.Labels) {
			return fmt.Errorf("figure %s: %s has counts of %d categories, want %d", id, v.Models[m], len(v.Counts[m]), len(v.Labels))
		}
	}
	return nil
}

// A countedCategory is one category by model.
type countedCategory struct {
	*counted
	name      string
	place     int // among the labels; -1 where there are no counts of ours
	published map[string]float64
}

func (c *counted) category(name string) (*countedCategory, error) {
	out := &countedCategory{counted: c, name: name, place: -1, published: c.opt.Published[name]}
	if c.counts == nil {
		if out.published == nil {
			return nil, fmt.Errorf("figure %s: no published counts of %q", c.id, name)
		}
		return out, nil
	}
	scheme := analysis.LabelScheme{Labels: c.counts.Labels}
	place, ok := scheme.Find(name)
	if !ok {
		return nil, fmt.Errorf("figure %s: %w", c.id, analysis.UnknownName("category", name, c.counts.Labels))
	}
	out.place = place
	return out, nil
}

// ours is the share of a model's responses, and the count behind it; NaN
// where there is none.
func (c *countedCategory) ours(m int) (share analysis.Estimate, count float64) {
	if c.place < 0 {
		return analysis.Estimate{Value: math.NaN()}, math.NaN()
	}
	if c.counts.Labelled[m] == 0 {
		return c.counts.Shares[m][c.place], math.NaN()
	}
	return c.counts.Shares[m][c.place], float64(c.counts.Counts[m][c.place])
}

func (c *countedCategory) paper(m int) float64 {
	if v, ok := c.published[c.models[m]]; ok {
		return v
	}
	return math.NaN()
}

// value is what a model is sorted by.
func (c *countedCategory) value(m int) float64 {
	if _, count := c.ours(m); !math.IsNaN(count) || c.place >= 0 {
		return count
	}
	return c.paper(m)
}

// point is a model's mark: the count, and the share's interval times the
// number of labelled responses.
func (c *countedCategory) point(at float64, m int, with Intervals) Point {
	share, count := c.ours(m)
	p := Point{At: at, Value: count}
	if !math.IsNaN(count) && share.HasInterval() {
		n := float64(c.counts.Labelled[m])
		p.Lo, p.Hi = share.Lo*n, share.Hi*n
	}
	return drawnWith(with, p)
}

// marks are a model's: ours, and the paper's as an outline. top is the
// largest number among them, and present says whether there is any.
func (c *countedCategory) marks(at float64, m int) (ours, outline Point, top float64, present bool) {
	ours, outline = c.point(at, m, c.opt.Intervals), Point{At: at, Value: c.paper(m)}
	for _, x := range []float64{ours.Value, ours.Hi, outline.Value} {
		if x > top { // false for NaN
			top = x
		}
	}
	return ours, outline, top, !math.IsNaN(ours.Value) || !math.IsNaN(outline.Value)
}

// row is the row of a model in the CSV, behind the given cells.
func (c *countedCategory) row(m int, before ...any) []any {
	share, count := c.ours(m)
	lo, hi := any(""), any("")
	if p := c.point(0, m, WithIntervals); p.interval() {
		lo, hi = p.Lo, p.Hi
	}
	cells := append(before, count, lo, hi)
	published := any("")
	if c.published != nil {
		published = c.paper(m)
	}
	return append(append(cells, estimateCells(share)...), published)
}

// draw fills a panel and the figure's table.
func (c *countedCategory) draw(f *Figure, panel *Panel, letter string, order []int) error {
	n := len(order)
	points, outlines := make([]Point, n), make([]Point, n)
	styles := make([]Style, n)
	top, some := 0.0, false
	for i, m := range order {
		ours, outline, high, present := c.marks(placeOf(i, n, Horizontal), m)
		points[i], outlines[i] = ours, outline
		top, some = max(top, high), some || present
		model := analysis.LookupModel(c.models[m])
		styles[i] = ProviderStyle(model.Provider)
		f.Rows.Add(c.row(m, letter, c.name, model.ID, model.Name, model.Provider)...)
	}
	p := panel.Plot
	p.Add(Grid{Horizontal})
	hollow, err := NewBars(outlines, Style{Color: black}, Horizontal)
	if err != nil {
		return err
	}
	hollow.Hollow, hollow.Width = true, 0.84
	bars, err := NewBars(points, Style{}, Horizontal)
	if err != nil {
		return err
	}
	bars.Styles = styles
	if len(f.Panels) == 1 {
		bars.Format = func(v float64) string { return Count(int(math.Round(v))) }
		if c.place < 0 {
			hollow.Format = bars.Format
		}
	}
	if c.published != nil {
		p.Add(hollow)
	}
	p.Add(bars)
	nameModels(&p.Y, c.models, order, Horizontal)
	p.X.Label.Text = "Value occurrences"
	if len(f.Panels) == 1 {
		p.X.Label.Text = "Number of value occurrences"
	}
	p.X.Min, p.X.Max = 0, headroom(max(4, top))
	ticks := Ticks{Least: 1}
	if len(f.Panels) > 1 && p.X.Max >= 2000 {
		ticks.Format = inThousands // panels are narrow
	}
	p.X.Tick.Marker = ticks
	if c.place < 0 {
		panel.Mark = publishedMark
	}
	if !some {
		panel.Empty = noData
	}
	return nil
}

// inThousands writes 2,500 as 2.5k.
func inThousands(v float64) string {
	if v == 0 {
		return "0"
	}
	return strconv.FormatFloat(v/1000, 'f', -1, 64) + "k"
}

// publishedMark stands across panels that show the paper's numbers alone.
const publishedMark = "published"

// told says which models have the most and the fewest.
func (c *countedCategory) told(order []int) string {
	most, fewest := -1, -1
	for _, m := range order {
		v := c.value(m)
		if math.IsNaN(v) {
			continue
		}
		if most < 0 || v > c.value(most) {
			most = m
		}
		if fewest < 0 || v < c.value(fewest) {
			fewest = m
		}
	}
	if most < 0 {
		return label.Clean(c.name) + ": no value."
	}
	one := func(m int) string {
		return label.Clean(analysis.LookupModel(c.models[m]).Name) + " " + Count(int(math.Round(c.value(m))))
	}
	return fmt.Sprintf("%s: from %s to %s.", label.Clean(c.name), one(most), one(fewest))
}

// sentences are the caption's: what is shown, and of how many.
func (c *counted) sentences() []string {
	out := []string{"Number of scenarios in which a model’s response expresses a value of the category, however often."}
	if c.counts == nil {
		return append(out, "The numbers are those that the paper prints, none of this project: the labels behind them were never published.")
	}
	var of []analysis.Estimate
	var excluded [][]analysis.Exclusion
	for _, m := range c.order {
		e := analysis.Estimate{N: c.counts.Labelled[m]}
		if missing := c.counts.Rows - e.N; missing > 0 {
			excluded = append(excluded, []analysis.Exclusion{{Reason: "responses not labelled", N: missing}})
		}
		of = append(of, e)
	}
	out = append(out, sizes("labelled responses per model", of...), leftOut(excluded...))
	if c.opt.Intervals == WithIntervals {
		out = append(out, fmt.Sprintf("Error bars are %.4g %% intervals of the share, times n.", 100*analysis.Level))
	}
	if c.opt.Published != nil {
		out = append(out, "Outlines are the values that the paper prints.")
	}
	return out
}
