package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

// warnings are doubts about a selection.
func (c *chosen) warnings() []string {
	var out []string
	shortest, longest := c.vectors.Lengths()
	if c.vectors.Metric() == analysis.Euclidean && !c.vectors.Unit() && c.options.Threshold == 0 && c.options.K == 0 {
		out = append(out, fmt.Sprintf("the vectors have lengths from %.4g to %.4g, and the paper's threshold is meant for length 1; --metric cosine scales them", shortest, longest))
	}
	if c.without > 0 {
		out = append(out, fmt.Sprintf("scenarios without a disagreement, which have weight 0 and cannot be selected: %d", c.without))
	}
	if c.options.K > len(c.selection.Rows) {
		out = append(out, fmt.Sprintf("asked for %d scenarios, selected %d (%s)", c.options.K, len(c.selection.Rows), c.selection.Stopped))
	}
	return out
}

// table is the selection with a row per scenario.
func (c *chosen) table() *table {
	s := c.selection
	t := &table{rows: len(s.Rows)}
	whole := func(name string, f func(i int) int) {
		t.columns = append(t.columns, column{name: name, integer: true, number: func(i int) float64 { return float64(f(i)) }})
	}
	whole("order", func(i int) int { return i + 1 })
	whole("index", func(i int) int { return c.index(s.Rows[i]) })
	t.columns = append(t.columns,
		column{name: "key", text: func(i int) string {
			if c.scenarios == nil {
				return strconv.Itoa(s.Rows[i])
			}
			if k, ok := c.scenarios.Key(s.Rows[i]); ok {
				return k.String()
			}
			return ""
		}},
		column{name: "weight", number: func(i int) float64 {
			if c.weights == nil {
				return 1
			}
			return c.weights[s.Rows[i]]
		}},
		column{name: "distance", number: func(i int) float64 {
			if i == 0 {
				return math.NaN() // there is none before: an empty cell
			}
			return s.Distance[i]
		}})
	if c.synthetic {
		t.markSynthetic()
	}
	return t
}

// index is a row as specstress text takes it.
func (c *chosen) index(row int) int {
	if c.scenarios == nil {
		return row
	}
	return c.scenarios.Stored(row)
}

// A selectReport is what was done and its result.
type selectReport struct {
	Embeddings string   `json:"embeddings"`
	Synthetic  bool     `json:"synthetic"`
	Split      string   `json:"split,omitempty"`
	Filter     string   `json:"filter,omitempty"`
	Points     int      `json:"points"`
	Dimensions int      `json:"dimensions"`
	Metric     string   `json:"metric"`
	Method     string   `json:"method"`
	Weights    string   `json:"weights,omitempty"`
	Start      string   `json:"start,omitempty"`
	Seed       *uint64  `json:"seed,omitempty"`
	Threshold  *float64 `json:"threshold"` // null: none
	K          *int     `json:"k"`         // null: no limit
	Selected   int      `json:"selected"`
	Stopped    string   `json:"stopped"`
	Radius     float64  `json:"radius"`
	Distances  int64    `json:"distances"` // computed
	// HighKept counts scenarios whose disagreement is at least 1.5.
	HighKept *analysis.Kept `json:"high_disagreement,omitempty"`
}

func (c *chosen) report(f *selectFlags, metric analysis.VectorMetric) (selectReport, error) {
	s := c.selection
	r := selectReport{
		Embeddings: c.made, Synthetic: c.synthetic, Points: s.Points, Dimensions: c.vectors.Dim(), Metric: metric.String(),
		Method: s.Method.String(), Weights: f.weights, Selected: len(s.Rows), Stopped: s.Stopped.String(), Radius: s.Radius, Distances: s.Distances,
	}
	if s.Method == analysis.FarthestFirst {
		if r.Start = f.start; f.start == "random" {
			r.Seed = &f.seed
		}
	}
	if s.Threshold >= 0 {
		r.Threshold = &s.Threshold
	}
	if f.k > 0 {
		r.K = &f.k
	}
	if c.scenarios == nil {
		return r, nil
	}
	r.Split, r.Filter = c.scenarios.Split(), c.scenarios.Filter()
	d, err := disagreements(c.scenarios)
	if errors.Is(err, loaders.ErrSchema) {
		return r, nil // a source without positions
	}
	if err != nil {
		return r, err
	}
	kept, err := analysis.KeptAtLeast(s.Rows, d, analysis.HighDisagreement)
	r.HighKept = &kept
	return r, err
}

// String is the report on one line.
func (r selectReport) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "select: %d of %d", r.Selected, r.Points)
	if r.Synthetic {
		b.WriteString(" synthetic")
	}
	fmt.Fprintf(&b, " scenarios by %s", r.Method)
	if r.Weights != "" {
		fmt.Fprintf(&b, ", weights %s", r.Weights)
	}
	if r.Threshold != nil {
		fmt.Fprintf(&b, ", threshold %.6g", *r.Threshold)
	}
	fmt.Fprintf(&b, "; covering radius %.6g; %s, %d-dimensional, %s", r.Radius, r.Embeddings, r.Dimensions, r.Metric)
	if r.HighKept != nil && r.HighKept.Of > 0 {
		fmt.Fprintf(&b, "; of %d with disagreement of at least %g it kept %d", r.HighKept.Of, analysis.HighDisagreement, r.HighKept.Kept)
	}
	return b.String()
}
