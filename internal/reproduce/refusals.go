package reproduce

import (
	"context"
	"fmt"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
)

// A refusing is how far responses refuse, overall and on one topic, or why
// nobody knows.
type refusing struct {
	levels, topics *labelled
	overall, topic *analysis.Refusals
	err, topicErr  error
}

func (m *refusing) measure(src *source) error {
	var err error
	if m.levels, err = src.match(analysis.RefusalLevels.Name); err != nil {
		return err
	}
	m.overall, err = analysis.MeasureRefusals(m.levels.Labels, nil)
	return err
}

func (m *refusing) measureTopic(src *source, topic string) error {
	var err error
	if m.topics, err = src.match(analysis.Topics.Name); err != nil {
		return err
	}
	within, err := m.topics.Bearing(topic)
	if err != nil {
		return err
	}
	m.topic, err = analysis.MeasureRefusals(m.levels.Labels, within)
	return err
}

// body is what both kinds of figures share.
func (m *refusing) body() body {
	b := body{notes: m.levels.notes(), warnings: m.levels.doubts()}
	if m.err != nil {
		b.notes, b.noFigure = nil, m.err.Error()
	}
	return b
}

// levelsWork is Figure 4a.
func levelsWork(src *source, _ Options) work {
	m := refusing{levels: &labelled{}}
	return alone("fig4a: refusal levels", &m.err, func(context.Context) error { return m.measure(src) },
		func(behind backdrop) (body, error) {
			b := m.body()
			b.claims = paper.RefusalLevelClaims(m.levels.split, m.levels.models, m.overall, m.err)
			if m.err == nil {
				b.draw(func() (*figure.Figure, error) {
					return figure.Fig4a(m.overall, options(behind, figure.Fig4aOptions{Source: behind.Source}))
				})
			}
			return b, nil
		})
}

// ratesWork is Figure 4b, 4c or 4d.
func ratesWork(id string) func(*source, Options) work {
	var f paper.RefusalRate
	for _, r := range paper.RefusalRates() {
		if r.Figure == id {
			f = r
		}
	}
	return func(src *source, _ Options) work {
		m := refusing{levels: &labelled{}}
		return work{
			tasks: []task{{id + ": refusal rates", func(context.Context) error {
				if err := unlessReason(m.measure(src), &m.err); err != nil || m.err != nil {
					m.topicErr = m.err
					return err
				}
				return unlessReason(m.measureTopic(src, f.Topic), &m.topicErr)
			}}},
			finish: func(behind backdrop) (body, error) { return ratesBody(f, &m, behind) },
		}
	}
}

func ratesBody(f paper.RefusalRate, m *refusing, behind backdrop) (body, error) {
	b := m.body()
	var overall, topic []analysis.Estimate
	var err error
	if m.err == nil {
		if overall, err = m.overall.Rate(m.overall.From(f.From)...); err != nil {
			return b, err
		}
	}
	if m.topicErr == nil {
		if topic, err = m.topic.Rate(m.topic.From(f.From)...); err != nil {
			return b, err
		}
		b.notes = append(b.notes, fmt.Sprintf("%d of the scenarios are on %s, by %s.", m.topic.Rows, f.Topic, clean(m.topics.Labelling.Labeller)))
		b.warnings = append(b.warnings, m.topics.doubts()...)
	} else if m.err == nil {
		b.warnings = append(b.warnings, clean("no rates on "+f.Topic+": "+m.topicErr.Error()))
	}
	b.claims = f.Claims(m.levels.split, m.levels.models, overall, topic, m.err, m.topicErr)
	if m.err != nil {
		return b, nil
	}
	draw := map[string]func(overall, topic *analysis.Refusals, opt figure.RefusalRateOptions) (*figure.Figure, error){
		"fig4b": figure.Fig4b, "fig4c": figure.Fig4c, "fig4d": figure.Fig4d,
	}[f.Figure]
	b.draw(func() (*figure.Figure, error) {
		return draw(m.overall, m.topic, options(behind, figure.RefusalRateOptions{Source: behind.Source}))
	})
	return b, nil
}
