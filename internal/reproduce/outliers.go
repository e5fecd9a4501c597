package reproduce

import (
	"context"
	"fmt"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
)

var readings = []struct {
	rule   analysis.OutlierRule
	figure string
}{
	{analysis.SameValue, "fig6"},
	{analysis.EitherValue, eitherValueFigure},
}

// eitherValueFigure is the file name of Figure 6 in its second reading.
const eitherValueFigure = "fig6-either-value"

// An outlying is the outlier counts in both readings, or why there are none.
type outlying struct {
	set    analysis.ModelSet
	split  string
	byRule [2]*analysis.Outliers
	err    error
}

func outliersWork(src *source, _ Options) work {
	m := outlying{set: analysis.AllModels, split: src.baseSplit()}
	return alone("fig6: outliers", &m.err, func(context.Context) error { return m.measure(src) }, m.body)
}

func (m *outlying) measure(src *source) error {
	s, err := src.base()
	if err != nil {
		return err
	}
	m.set = s.ModelSet()
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

func (m *outlying) body(behind backdrop) (body, error) {
	b := body{}
	var ids [2][]string // by reading
	for i, r := range readings {
		o := m.byRule[i]
		if m.err != nil {
			o = &analysis.Outliers{Rule: r.rule, Models: m.set.Models}
		}
		claims := paper.OutlierClaims(m.split, o, m.err)
		for _, c := range claims {
			ids[i] = append(ids[i], c.ID)
		}
		b.claims = append(b.claims, claims...)
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
		b.draw(func() (*figure.Figure, error) {
			f, err := figure.Fig6(m.byRule[i], options(behind, figure.Fig6Options{Source: behind.Source, Published: behind.published(1, ids[i]...)}))
			if err == nil {
				f.ID = r.figure
			}
			return f, err
		})
	}
	return b, nil
}
