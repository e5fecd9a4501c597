package reproduce

import (
	"context"
	"slices"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
)

// A valuing is which categories of values responses express, or why nobody
// knows.
type valuing struct {
	*labelled
	counts *analysis.ValueCounts
	err    error
}

func (m *valuing) measure(src *source) error {
	v, err := src.values()
	m.labelled, m.counts = v.labelled, v.counts
	return err
}

// countValues counts once for all figures.
func (s *source) countValues() (valuing, error) {
	labels, err := s.match(analysis.ValueLabels.Name)
	v := valuing{labelled: labels}
	if err == nil {
		v.counts, err = analysis.CountValues(labels.Labels)
	}
	return v, err
}

// publishedCounts are the paper's, where they may stand beside ours or in
// their stead.
func (b backdrop) publishedCounts() map[string]map[string]float64 {
	if !b.beside {
		return nil
	}
	return paper.PublishedValueCounts()
}

// body is what the figures of values share. Without labels the paper's
// numbers are drawn where they may be.
func (m *valuing) body(behind backdrop) (b body, draws bool) {
	b = body{notes: m.notes(), warnings: m.doubts()}
	if m.err == nil {
		return b, true
	}
	b.notes, b.noFigure = nil, m.err.Error()
	if behind.beside {
		b.noFigure = ""
		b.notes = []string{"The figure has the paper's published numbers alone. Ours: " + clean(m.err.Error()) + "."}
	}
	return b, behind.beside
}

// valuesWork is a figure of value counts: Figure 7, or panels of Figure 10.
func valuesWork(id string, claims func(m *valuing) []paper.Claim, draw func(v *analysis.ValueCounts, behind backdrop, published map[string]map[string]float64) (*figure.Figure, error)) func(*source, Options) work {
	return func(src *source, _ Options) work {
		m := valuing{labelled: &labelled{}}
		return alone(id+": expressed values", &m.err, func(context.Context) error { return m.measure(src) },
			func(behind backdrop) (body, error) {
				b, draws := m.body(behind)
				b.claims = claims(&m)
				if draws {
					b.draw(func() (*figure.Figure, error) {
						f, err := draw(m.counts, behind, behind.publishedCounts())
						if err == nil {
							f.ID = id
						}
						return f, err
					})
				}
				return b, nil
			})
	}
}

var fig7Work = valuesWork("fig7",
	func(m *valuing) []paper.Claim {
		return paper.ValueShareClaims(m.split, figure.Fig7Categories(), m.models, m.counts, m.err)
	},
	func(v *analysis.ValueCounts, behind backdrop, published map[string]map[string]float64) (*figure.Figure, error) {
		return figure.Fig7(v, options(behind, figure.Fig7Options{Source: behind.Source, Published: published}))
	})

// fig10Work is the whole of Figure 10, or one panel.
func fig10Work(id string, categories ...string) func(*source, Options) work {
	return valuesWork(id,
		func(m *valuing) []paper.Claim {
			return paper.ValueCountClaims(m.split, categories, m.models, m.counts, m.err)
		},
		func(v *analysis.ValueCounts, behind backdrop, published map[string]map[string]float64) (*figure.Figure, error) {
			return figure.Fig10(v, options(behind, figure.Fig10Options{Source: behind.Source, Categories: categories, Published: published}))
		})
}

// pairWork is a panel of Figure 11.
func pairWork(pair paper.ValuePair) func(*source, Options) work {
	return func(src *source, _ Options) work {
		m := valuing{labelled: &labelled{}}
		var measured *analysis.CoOccurrence
		measure := func(context.Context) (err error) {
			if err = m.measure(src); err != nil {
				return err
			}
			measured, err = coOccurrence(m.Labels, pair)
			return err
		}
		return alone("fig11"+pair.Panel+": values together", &m.err, measure,
			func(behind backdrop) (body, error) {
				b, draws := m.body(behind)
				b.claims = pair.Claims(m.split, measured, m.err)
				if !draws {
					return b, nil
				}
				var published *figure.PublishedMatrix
				if behind.beside {
					published = &figure.PublishedMatrix{A: pair.A, B: pair.B, Labels: pair.Labels, P: pair.P}
				}
				b.draw(func() (*figure.Figure, error) {
					return figure.Fig11(measured, options(behind, figure.Fig11Options{Source: behind.Source, Panel: pair.Panel, Published: published}))
				})
				return b, nil
			})
	}
}

// coOccurrence measures the labels of a panel in its order.
func coOccurrence(l *analysis.Labels, pair paper.ValuePair) (*analysis.CoOccurrence, error) {
	places := make([]int, len(pair.Labels))
	for i, name := range pair.Labels {
		if places[i] = slices.Index(l.Names, name); places[i] < 0 {
			return nil, analysis.UnknownName("category", name, l.Names)
		}
	}
	return analysis.MeasureCoOccurrence(l, pair.A, pair.B, places)
}
