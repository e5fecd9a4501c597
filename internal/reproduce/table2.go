package reproduce

import (
	"cmp"
	"context"
	"fmt"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
)

// A projection is one column of Table 2 by way of Figure 2, or why there is
// none.
type projection struct {
	projected analysis.Projected
	outcomes  *analysis.ScenarioOutcomes
	spread    *analysis.Disagreements
	judges    []string
	err       error
}

func table2Work(src *source, _ Options) work {
	columns := paper.Table2Columns()
	parts := make([]projection, len(columns))
	w := work{finish: func(backdrop) (body, error) { return table2Body(columns, parts) }}
	for i, c := range columns {
		w.tasks = append(w.tasks, task{"table2: " + c.ID, func(ctx context.Context) error {
			return unlessReason(parts[i].measure(ctx, src, c.Split), &parts[i].err)
		}})
	}
	return w
}

func (p *projection) measure(ctx context.Context, src *source, split string) error {
	p.projected.Set = analysis.OpenAIModels
	j, err := src.judged()
	if err != nil {
		return err
	}
	p.judges, p.projected.Set = j.Judges, j.ModelSet()
	s, err := src.scenarios(ctx, split)
	if err != nil {
		return err
	}
	positions, err := s.Positions(p.projected.Set)
	if err != nil {
		return err
	}
	if p.spread, err = analysis.MeasureDisagreement(positions, p.projected.Set); err != nil {
		return err
	}
	if p.outcomes, err = analysis.MeasureOutcomes(&j.Verdicts, p.projected.Set, analysis.Majority); err != nil {
		return err
	}
	projected, err := analysis.ProjectCompliance(p.outcomes, p.spread)
	if err == nil {
		p.projected = projected
	}
	return err
}

// fold is how many times as often all models fail as in another column.
func (p *projection) fold(other projection) (analysis.Estimate, error) {
	if err := cmp.Or(p.err, other.err); err != nil {
		return analysis.Estimate{}, err
	}
	return analysis.ProjectedRatio(p.outcomes, p.spread, other.spread)
}

func table2Body(columns []paper.Table2Column, parts []projection) (body, error) {
	b := body{noFigure: "a table, and only a cross-check of it: the verdicts on the paper's three samples are not public"}
	random := parts[0]
	for i, c := range columns {
		p := parts[i]
		b.claims = append(b.claims, paper.Table2CheckClaims(c, p.projected, p.judges, p.err)...)
		if i > 0 {
			fold, err := p.fold(random)
			b.claims = append(b.claims, paper.Table2FoldClaim(c, fold, p.projected.Set, p.judges, err))
		}
		if p.err != nil {
			continue
		}
		note := fmt.Sprintf("%s: scenarios of split %s by disagreement over %s, and judged ones behind each rate:", c.Title, clean(c.Split), clean(p.projected.Set.Title))
		for _, w := range p.projected.Weights {
			note += fmt.Sprintf(" %s: %s (%s judged);", clean(w.Bin), figure.Count(w.Scenarios), figure.Count(w.Judged))
		}
		b.notes = append(b.notes, note[:len(note)-1]+".")
		b.exclude("table2", c.ID, p.projected.AllFail.Excluded)
	}
	return b, nil
}
