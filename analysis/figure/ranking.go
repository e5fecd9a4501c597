package figure

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
)

// A ModelRanking has the values at both ends of one model's ranking, the
// outermost first, as BradleyTerry.Extremes finds them.
type ModelRanking struct {
	Model       string // ID
	Top, Bottom []analysis.Ranked
}

// RankingOptions: the zero value shows three values at either end.
type RankingOptions struct {
	Source
	Ends   int      // values at either end; 0 means 3
	Models []string // only these, in this order; nil means all, as given
}

// maxRankings is how many panels fit a page.
const maxRankings = 18

// Ranking draws, in a panel for each model, the values that it prefers most
// (filled) and least (outlined) when a scenario makes it choose: ability in
// Elo points with its interval. All panels have one axis; 0 is a model's
// mean value.
//
// No model, one that is not there and more than 18 are errors. The names are
// the dataset's.
//
// Source: Bradley and Terry's model of package analysis; the paper has no
// such figure.
func Ranking(rankings []ModelRanking, opt RankingOptions) (*Figure, error) {
	const id = "ranking"
	if len(rankings) == 0 {
		return nil, fmt.Errorf("figure %s: no model: %w", id, analysis.ErrTooFew)
	}
	rankings, err := chosenRankings(id, rankings, opt.Models)
	if err != nil {
		return nil, err
	}
	if len(rankings) > maxRankings {
		return nil, fmt.Errorf("figure %s: %d models, want at most %d", id, len(rankings), maxRankings)
	}
	ends := opt.Ends
	if ends <= 0 {
		ends = 3
	}
	f := New(id, "Which values models prefer when made to choose", len(rankings))
	f.Width, f.Columns = PageWidth, min(3, len(rankings))
	if len(rankings) == 1 {
		f.Width = ColumnWidth
	}
	rows := (len(rankings) + f.Columns - 1) / f.Columns
	lines := vg.Length(2) // of a name; panels are narrow
	for _, r := range rankings {
		for _, v := range slices.Concat(r.Top[:min(ends, len(r.Top))], r.Bottom[:min(ends, len(r.Bottom))]) {
			if len(v.Name) > 30 {
				lines = 3
			}
		}
	}
	f.Height = vg.Length(rows)*(vg.Length(2*ends)*9.3*lines+38) + 52
	f.Rows.Header = append([]string{"model", "end", "place", "value_name"}, estimateHeader...)

	lo, hi := math.Inf(1), math.Inf(-1)
	var all []analysis.Estimate
	var told []string
	filled, outlined := &Dots{Style: SeriesStyle(0)}, &Dots{Style: SeriesStyle(1), Hollow: true}
	for i, r := range rankings {
		panel := &f.Panels[i]
		model := analysis.LookupModel(r.Model)
		panel.Title = model.Name
		p := panel.Plot
		top, bottom := r.Top[:min(ends, len(r.Top))], r.Bottom[:min(ends, len(r.Bottom))]
		n := len(top) + len(bottom)
		p.Add(Bands{n}, Grid{Horizontal}, Rule{0, Vertical})
		names := make([]string, n)
		for end, list := range [2][]analysis.Ranked{top, bottom} {
			var points []Point
			for place, v := range list {
				up := n - 1 - place // the most preferred on top
				if end == 1 {
					up = place
				}
				names[up] = v.Name
				points = append(points, PointOf(float64(up), v.Elo, 1))
				all = append(all, v.Elo)
				f.Rows.Add(append([]any{r.Model, [2]string{"top", "bottom"}[end], place + 1, v.Name}, estimateCells(v.Elo)...)...)
			}
			like := [2]*Dots{filled, outlined}[end]
			dots, err := NewDots(points, like.Style, Horizontal)
			if err != nil {
				return nil, fmt.Errorf("figure %s: %s: %w", id, label.Clean(r.Model), err)
			}
			dots.Hollow = like.Hollow
			if xmin, xmax, _, _ := dots.DataRange(); xmin <= xmax {
				lo, hi = min(lo, xmin), max(hi, xmax)
				p.Add(dots)
			}
		}
		SetNames(&p.Y, names)
		if n == 0 {
			panel.Empty = noData
			SetNames(&p.Y, []string{""})
			continue
		}
		told = append(told, fmt.Sprintf("%s: most %s, least %s", label.Clean(model.Name), nameOf(top), nameOf(bottom)))
	}
	reach := 1.04 * max(400, -lo, hi)
	for i := range f.Panels {
		x := &f.Panels[i].Plot.X
		x.Min, x.Max, x.Tick.Marker = -reach, reach, eloTicks(reach)
		if i+f.Columns >= len(f.Panels) { // the lowest of its column
			x.Label.Text = "Elo points"
		}
	}
	f.Legend = []Entry{{fmt.Sprintf("The %d values preferred most", ends), filled}, {fmt.Sprintf("The %d least", ends), outlined}}
	f.describe(opt.Source,
		fmt.Sprintf("Dots with intervals in %d panels, one for each model. %s.", len(rankings), strings.Join(told, "; ")),
		"Values that a model prefers most and least when a scenario sets two against each other: Bradley and Terry’s model with a nudge term, in Elo points above the model’s mean value (400 points are odds of ten to one). The ends of a ranking look more extreme than they are, which a ridge takes off in part.",
		intervals(all...), sizes("contests of a value", all...), rankingExcluded(all))
	return f, nil
}

// chosenRankings are those of some models, in their order, or all of them.
func chosenRankings(id string, all []ModelRanking, models []string) ([]ModelRanking, error) {
	var have []string
	for _, r := range all {
		have = append(have, r.Model)
	}
	order, err := pickModels(id, have, models, have)
	if err != nil {
		return nil, err
	}
	var chosen []ModelRanking
	for _, i := range order {
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

// eloTicks are at 0 and to both sides at as many times 400 points, odds of
// ten to one, as let three labels stand in the narrowest panel.
func eloTicks(reach float64) plot.ConstantTicks {
	step := 400 * max(1, math.Floor(reach/400))
	var ticks []plot.Tick
	for _, x := range []float64{-step, 0, step} {
		ticks = append(ticks, plot.Tick{Value: x, Label: thousands(strconv.FormatFloat(x, 'f', 0, 64))})
	}
	return ticks
}

// nameOf is the outermost value's name.
func nameOf(list []analysis.Ranked) string {
	if len(list) == 0 {
		return "none"
	}
	return label.Clean(list[0].Name)
}

// rankingExcluded tells what every model's contests leave out, by the range
// over models.
func rankingExcluded(all []analysis.Estimate) string {
	var reasons []string
	least, most := map[string]int{}, map[string]int{}
	for _, e := range all {
		for _, x := range e.Excluded {
			if !slices.Contains(reasons, x.Reason) {
				reasons = append(reasons, x.Reason)
				least[x.Reason] = x.N
			}
			least[x.Reason], most[x.Reason] = min(least[x.Reason], x.N), max(most[x.Reason], x.N)
		}
	}
	var parts []string
	for _, r := range reasons {
		n := Count(most[r])
		if least[r] < most[r] {
			n = Count(least[r]) + " to " + n
		}
		parts = append(parts, n+" "+label.Clean(r))
	}
	if parts == nil {
		return ""
	}
	return "Contests left out, by model: " + strings.Join(parts, "; ") + "."
}
