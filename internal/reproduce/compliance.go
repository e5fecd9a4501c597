package reproduce

import (
	"context"
	"fmt"
	"slices"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
)

var rules = []analysis.Rule{analysis.Majority, analysis.Any}

// A binned is Figure 2's two curves, or why there are none.
type binned struct {
	set    analysis.ModelSet
	own    bool
	judges []string
	byRule [2][]analysis.Compliance
	fits   [2]analysis.LogisticFit
	fitErr [2]error
	claims [2][]paper.Claim // tests; bootstraps take their time, so they run at once with others
	err    error
}

func complianceWork(src *source, _ Options) work {
	var m binned
	return alone("fig2: compliance", &m.err, func(context.Context) error { return m.measure(src) }, m.body)
}

func (m *binned) measure(src *source) error {
	j, err := src.judged()
	if err != nil {
		return err
	}
	m.judges = j.Judges
	m.set = j.ModelSet()
	m.own = m.set.Name != analysis.OpenAIModels.Name
	for i, rule := range rules {
		if m.byRule[i], err = analysis.MeasureCompliance(&j.Verdicts, m.set, rule); err != nil {
			return err
		}
		m.fits[i], err = analysis.FitCompliance(&j.Verdicts, m.set, rule, j.Disagreement)
		if err := unlessReason(err, &m.fitErr[i]); err != nil {
			return err
		}
		m.claims[i] = slices.Concat(paper.ComplianceClaims(rule, m.byRule[i], nil), paper.ComplianceTestClaims(rule, m.byRule[i], m.fits[i], m.fitErr[i], nil))
	}
	return nil
}

func (m *binned) body(behind backdrop) (body, error) {
	b := body{}
	var ids [2][]string // of the bins, by rule
	for i, rule := range rules {
		claims := m.claims[i]
		if m.err != nil {
			claims = slices.Concat(paper.ComplianceClaims(rule, nil, m.err), paper.ComplianceTestClaims(rule, nil, analysis.LogisticFit{}, nil, m.err))
		}
		if m.err == nil {
			for _, c := range claims[:len(m.byRule[i])] {
				ids[i] = append(ids[i], c.ID)
			}
		}
		b.claims = append(b.claims, claims...)
	}
	if m.err != nil {
		b.noFigure = m.err.Error()
		return b, nil
	}
	b.notes = []string{
		fmt.Sprintf("Models: %s. A scenario counts as frequent non-compliance when the responses of all of them are flagged.", modelNames(m.set.Models)),
		judgesNote(m.judges),
	}
	if m.own {
		b.warnings = append(b.warnings, "the verdicts lack some of the paper's five OpenAI models; taken over all models that were judged")
	}
	for _, c := range m.byRule[0] {
		b.exclude("fig2", clean(c.Bin), c.Excluded)
	}
	if !slices.ContainsFunc(m.byRule[0], func(c analysis.Compliance) bool { return c.Err == nil }) {
		b.noFigure = "no bin has a decided scenario"
		return b, nil
	}
	b.draw(func() (*figure.Figure, error) {
		return figure.Fig2(m.byRule[0], m.byRule[1], options(behind, figure.Fig2Options{Source: behind.Source, // in percent
			PublishedMajority: behind.published(100, ids[0]...), PublishedAny: behind.published(100, ids[1]...)}))
	})
	return b, nil
}
