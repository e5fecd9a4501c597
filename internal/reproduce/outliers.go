package reproduce

import (
	"context"
	"fmt"
	"slices"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
)

var readings = []struct {
	rule              analysis.OutlierRule
	id, words, figure string
}{
	{analysis.SameValue, "same_value", "on one value", "fig6"},
	{analysis.EitherValue, "either_value", "on either value", eitherValueFigure},
}

// eitherValueFigure is the file name of Figure 6 in its second reading.
const eitherValueFigure = "fig6-either-value"

// An outlying is the outlier counts in both readings, or why there are none.
type outlying struct {
	set    analysis.ModelSet
	split  string
	own    bool
	byRule [2]*analysis.Outliers
	err    error
}

func outliersWork(src *source) work {
	m := outlying{set: analysis.AllModels, split: src.baseSplit()}
	return work{
		tasks: []task{{"fig6: outliers", func(context.Context) error {
			return unlessReason(m.measure(src), &m.err)
		}}},
		finish: func(behind backdrop) (body, error) { return outliersBody(&m, behind) },
	}
}

func (m *outlying) measure(src *source) error {
	s, err := src.base()
	if err != nil {
		return err
	}
	m.set = s.ModelSet()
	m.own = !slices.Equal(m.set.Models, analysis.AllModels.Models)
	positions, err := s.Positions(m.set)
	if err != nil {
		return err
	}
	for i, r := range readings {
		if m.byRule[i], err = analysis.MeasureOutliers(positions, m.set, r.rule); err != nil {
			return err
		}
	}
	return nil
}

func outliersBody(m *outlying, behind backdrop) (body, error) {
	b := body{}
	for i, r := range readings {
		for k, model := range m.set.Models {
			c := claim{id: outlierID(r.id, model),
				title: fmt.Sprintf("Outlier responses of %s, %s", analysis.LookupModel(model).Name, r.words),
				group: map[string]string{"rule": r.rule.String(), "model": model, "split": m.split}, unit: unitCount, err: m.err, own: m.own}
			if m.err == nil {
				o := m.byRule[i]
				c.estimate = analysis.Count(o.Counts[k], o.Rows)
				// A position that is missing differs from nothing, so
				// filling it in can only add outliers.
				c.reach = &paper.Bounds{Lo: float64(o.Counts[k]), Hi: float64(o.Counts[k] + incomplete(o))}
			}
			b.claims = append(b.claims, c)
		}
	}
	if m.err != nil {
		b.noFigure = m.err.Error()
		return b, nil
	}
	b.notes = []string{
		fmt.Sprintf("Counted over split %s, models: %s.", clean(m.split), modelNames(m.set.Models)),
		"The paper does not say whether the differences must lie on one value, nor over which scenarios it counted; both readings are given, and either is compared with the same published count.",
	}
	for _, x := range m.byRule[0].Excluded {
		b.notes = append(b.notes, clean(x.String())+".")
	}
	for i, r := range readings {
		var ids []string
		for _, model := range m.byRule[i].Models {
			ids = append(ids, outlierID(r.id, model))
		}
		b.draw(func() (*figure.Figure, error) {
			f, err := figure.Fig6(m.byRule[i], figure.Fig6Options{Source: behind.Source, Published: behind.published(1, ids...)})
			if err == nil {
				f.ID = r.figure
			}
			return f, err
		})
	}
	return b, nil
}

func outlierID(reading, model string) string { return "outliers." + reading + "." + segment(model) }

// incomplete counts the scenarios that lack a position.
func incomplete(o *analysis.Outliers) (n int) {
	for _, x := range o.Excluded {
		n += x.N
	}
	return n
}
