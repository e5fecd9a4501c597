package figure

import (
	"fmt"

	"github.com/specstress/specstress/analysis"
)

// A Table2Column is one set of scenarios in Table2.
type Table2Column struct {
	Title     string // as in "S_OpenAI"
	Projected analysis.Projected
	// Published are the paper's shares, 0..1, for all pass, at least one
	// fails and all fail, NaN for none; nil prints no such column.
	Published []float64
}

// Table2 sets out a cross-check of the paper's Table 2 for print: a row for
// each outcome, in percent, with the ends of the 95 % interval. The paper's
// own verdicts are not public, so this is not a reproduction, and a caption
// should say so: the rates of Figure 2's bins are weighted with the bins'
// scenarios in each column. Published numbers are refused beside a synthetic
// source.
//
// Source: Zhang et al. 2025, Table 2; see analysis.ProjectCompliance.
func Table2(columns []Table2Column, src Source) (Table, error) {
	t := Table{Header: []string{"outcome"}}
	if len(columns) == 0 {
		return t, fmt.Errorf("table2: no columns")
	}
	for _, c := range columns {
		if err := checkPublished("table2", src, len(c.Published), 3); err != nil {
			return t, err
		}
		t.Header = append(t.Header, c.Title+" (%)", "from", "to")
		if len(c.Published) > 0 {
			t.Header = append(t.Header, "published (%)")
		}
	}
	for i, row := range []struct {
		title string
		of    func(analysis.Projected) analysis.Estimate
	}{
		{"all pass", func(p analysis.Projected) analysis.Estimate { return p.AllPass }},
		{"at least one fails", func(p analysis.Projected) analysis.Estimate { return p.AtLeastOneFails }},
		{"all fail", func(p analysis.Projected) analysis.Estimate { return p.AllFail }},
	} {
		cells := []any{row.title}
		for _, c := range columns {
			e := row.of(c.Projected)
			if !e.HasInterval() {
				return t, fmt.Errorf("table2: column %s: %s has no interval", c.Title, row.title)
			}
			cells = append(cells, 100*e.Value, 100*e.Lo, 100*e.Hi)
			if len(c.Published) > 0 {
				cells = append(cells, 100*c.Published[i])
			}
		}
		t.Add(cells...)
	}
	return t, nil
}
