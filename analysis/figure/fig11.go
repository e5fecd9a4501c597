package figure

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
)

// Fig11Options: the zero value is the paper's figure.
type Fig11Options struct {
	Source
	// Panel is the letter of the paper's panel that this is, for the id;
	// "" for pairs of models that the paper does not show.
	Panel string `option:"-"`
	// Lift adds a second panel with the shares over the base rates.
	Lift Lift
	// Published is the paper's matrix, [y][x] in the order of the labels,
	// drawn in a panel of its own. Without a co-occurrence it is drawn alone.
	Published *PublishedMatrix
}

// A PublishedMatrix is a panel of Figure 11 as the paper prints it.
type PublishedMatrix struct {
	A, B   string   // model IDs: of columns X and rows Y
	Labels []string // of columns and rows
	P      [][]float64
}

// Lift says whether the lift stands beside the shares.
type Lift int

// The choices.
const (
	NoLift Lift = iota
	WithLift
)

// UnmarshalText reads "no-lift" or "with-lift".
func (l *Lift) UnmarshalText(text []byte) error { return oneOf(l, text, "no-lift", "with-lift") }

// Fig11 draws how often one model expresses a category of values where
// another one expresses a category: a heat map of P(B expresses Y | A
// expresses X), a column for each X of A and a row for each Y of B. The CSV
// has each cell with its interval, and the lift.
//
// Shares mix association with base rates, so that a category that B
// expresses everywhere has a dark row; the lift is free of that. A cell
// without a value, where A never expresses X, is crossed out.
//
// Without a co-occurrence, which needs labels that were never published, it
// draws the published matrix and says so across the panel. Neither, a
// published one beside synthetic data, and matrices that are not square are
// errors.
//
// Source: Zhang et al. 2025, Figure 11.
func Fig11(c *analysis.CoOccurrence, opt Fig11Options) (*Figure, error) {
	id := "fig11" + opt.Panel
	if c == nil && opt.Published == nil {
		return nil, fmt.Errorf("figure %s: no co-occurrence and no published one; it needs labels of the set %s, which were never published: docs/labels.md says how to make them: %w",
			id, analysis.ValueLabels.Name, analysis.ErrTooFew)
	}
	var panels []heatPanel
	a, b := "", ""
	if c != nil {
		if len(c.Labels) == 0 || len(c.Labels) > maxNames {
			return nil, fmt.Errorf("figure %s: %d labels, want 1..%d", id, len(c.Labels), maxNames)
		}
		a, b = c.A, c.B
		shares, err := valuesOf(id, c.P, len(c.Labels))
		if err != nil {
			return nil, err
		}
		panels = append(panels, heatPanel{values: shares, labels: c.Labels, hi: 1, format: shortShare})
		if opt.Lift == WithLift {
			lift, err := valuesOf(id, c.Lift, len(c.Labels))
			if err != nil {
				return nil, err
			}
			panels = append(panels, heatPanel{name: "Lift P(Y | X) / P(Y)", values: lift, labels: c.Labels, hi: headroom(largest(lift)), format: shortLift})
		}
	}
	if p := opt.Published; p != nil {
		if err := checkPublished(id, opt.Source, 1, 1); err != nil {
			return nil, err
		}
		if len(p.P) != len(p.Labels) || len(p.Labels) == 0 || slices.ContainsFunc(p.P, func(row []float64) bool { return len(row) != len(p.Labels) }) {
			return nil, fmt.Errorf("figure %s: the published matrix is not of %d by %d", id, len(p.Labels), len(p.Labels))
		}
		if c != nil && (c.A != p.A || c.B != p.B || !slices.Equal(c.Labels, p.Labels)) {
			return nil, fmt.Errorf("figure %s: the published matrix is of other models or labels", id)
		}
		a, b = p.A, p.B
		panels = append(panels, heatPanel{name: "Published", mark: publishedMark, values: p.P, labels: p.Labels, hi: 1, format: shortShare})
	}
	nameA, nameB := analysis.LookupModel(a).Name, analysis.LookupModel(b).Name
	title := label.Clean("Values of " + nameB + " given those of " + nameA)
	if a == b {
		title = label.Clean("Values that " + nameA + " expresses together")
	}
	f := New(id, title, len(panels))
	f.Width, f.Columns = PageWidth, 2
	row := rowHigh(panels[0].labels, 0.28*PageWidth/vg.Length(min(len(panels), 2)))
	rows := vg.Length((len(panels) + 1) / 2)
	f.Height = rows*(vg.Length(len(panels[0].labels))*max(row, 24)+110) + 40
	for i, h := range panels {
		if err := h.draw(f, &f.Panels[i], nameA, nameB); err != nil {
			return nil, fmt.Errorf("figure %s: %w", id, err)
		}
		if len(panels) > 1 && h.name == "" {
			f.Panels[i].Title = "P(Y | X)"
		}
	}
	f.grow()
	fig11Rows(f, c, opt.Published)
	f.describe(opt.Source, fig11Alt(panels[0], nameA, nameB), fig11Sentences(c, opt.Published, nameA, nameB)...)
	return f, nil
}

// A heatPanel is one matrix of the figure.
type heatPanel struct {
	name, mark string
	values     [][]float64 // [y][x]
	labels     []string
	hi         float64
	format     func(float64) string
}

func (h heatPanel) draw(f *Figure, panel *Panel, a, b string) error {
	m, err := NewHeatMap(h.values, 0, h.hi)
	if err != nil {
		return err
	}
	m.Format = h.format
	p := panel.Plot
	p.Add(m)
	m.Label(p, h.labels, h.labels)
	p.X.Label.Text, p.Y.Label.Text = "X: "+a, "Y: "+b
	panel.Title, panel.Mark = h.name, h.mark
	name := "P(Y | X)"
	format := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	if h.mark == "" && h.name != "" {
		name = "lift"
	}
	if h.mark == "" || len(f.Panels) == 1 { // the published one has the scale of ours
		f.Legend = append(f.Legend, Entry{name, ColorBar{Map: m, Format: format}})
	}
	return nil
}

// shortShare writes a share in a small cell: .47, and 1 for one.
func shortShare(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	if s == "1.00" {
		return "1"
	}
	return strings.TrimPrefix(s, "0")
}

func shortLift(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

func valuesOf(id string, matrix [][]analysis.Estimate, n int) ([][]float64, error) {
	if len(matrix) != n {
		return nil, fmt.Errorf("figure %s: %d rows of shares, want %d", id, len(matrix), n)
	}
	out := make([][]float64, n)
	for y, row := range matrix {
		if len(row) != n {
			return nil, fmt.Errorf("figure %s: row %d has %d shares, want %d", id, y, len(row), n)
		}
		for _, e := range row {
			out[y] = append(out[y], e.Value)
		}
	}
	return out, nil
}

func largest(values [][]float64) float64 {
	top := 1.0
	for _, row := range values {
		for _, v := range row {
			if v > top && drawable(v) { // false for NaN
				top = v
			}
		}
	}
	return top
}

// fig11Rows has a row for each cell, column by column of X.
func fig11Rows(f *Figure, c *analysis.CoOccurrence, published *PublishedMatrix) {
	f.Rows.Header = slices.Concat([]string{"given_model", "model", "given", "label", "rows_with_given"}, estimateHeader, []string{"lift", "lift_lo", "lift_hi", "published"})
	labels, a, b := []string(nil), "", ""
	if c != nil {
		labels, a, b = c.Labels, c.A, c.B
	} else {
		labels, a, b = published.Labels, published.A, published.B
	}
	for x := range labels {
		for y := range labels {
			e, lift, with, paper := analysis.Estimate{Value: math.NaN()}, analysis.Estimate{Value: math.NaN()}, any(""), any("")
			if c != nil {
				e, lift = c.P[y][x], c.Lift[y][x]
				if x < len(c.CountA) {
					with = c.CountA[x]
				}
			}
			if published != nil {
				paper = published.P[y][x]
			}
			cells := append([]any{a, b, labels[x], labels[y], with}, estimateCells(e)...)
			cells = append(cells, lift.Value, any(""), any(""), paper)
			if lift.HasInterval() {
				cells[len(cells)-3], cells[len(cells)-2] = lift.Lo, lift.Hi
			}
			f.Rows.Add(cells...)
		}
	}
}

// fig11Alt tells the diagonal: the same category in both responses.
func fig11Alt(h heatPanel, a, b string) string {
	var parts []string
	for i, l := range h.labels[:min(len(h.labels), 12)] {
		value := "no value"
		if v := h.values[i][i]; !math.IsNaN(v) {
			value = fmt.Sprintf("%.2f", v)
		}
		parts = append(parts, label.Clean(l)+" "+value)
	}
	return fmt.Sprintf("Heat map of %d by %d categories, %s given %s. On the diagonal: %s.", len(h.labels), len(h.labels), label.Clean(b), label.Clean(a), strings.Join(parts, ", "))
}

func fig11Sentences(c *analysis.CoOccurrence, published *PublishedMatrix, a, b string) []string {
	out := []string{fmt.Sprintf("Share of the scenarios in which %s expresses the category of the column, X, in which %s expresses that of the row, Y.", label.Clean(a), label.Clean(b))}
	if c == nil {
		return append(out, "The numbers are those that the paper prints, none of this project: the labels behind them were never published.")
	}
	out = append(out, fmt.Sprintf("n = %s scenarios with both responses labelled. The 95 %% interval of each share stands in the table.", Count(c.Rows)))
	if c.Missing > 0 {
		out = append(out, leftOut([]analysis.Exclusion{{Reason: "scenarios with a response not labelled", N: c.Missing}}))
	}
	if published != nil {
		out = append(out, "The panel marked published has the numbers that the paper prints.")
	}
	return out
}
