package reproduce

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
)

// A judging is how the judges compare, or why they do not.
type judging struct {
	agreement *analysis.JudgeAgreement
	err       error
}

func judgesWork(src *source) work {
	var m judging
	return work{
		tasks: []task{{"judges: agreement", func(context.Context) error {
			return unlessReason(m.measure(src), &m.err)
		}}},
		finish: func(behind backdrop) (body, error) { return judgesBody(&m, behind) },
	}
}

func (m *judging) measure(src *source) error {
	j, err := src.judged()
	if err != nil {
		return err
	}
	m.agreement, err = analysis.MeasureJudgeAgreement(&j.Verdicts)
	return err
}

func judgesBody(m *judging, behind backdrop) (body, error) {
	b := body{claims: paper.JudgeClaims(m.agreement, m.err)}
	if m.err != nil {
		b.noFigure = m.err.Error()
		return b, nil
	}
	b.notes = []string{judgesNote(m.agreement.Judges), "All bins of disagreement are pooled; the paper does not say which 5,000 responses its figures are of."}
	for i, e := range m.agreement.FlagRate {
		for _, x := range e.Excluded {
			if x.N > 0 {
				b.excluded = append(b.excluded, Excluded{"judges", clean(m.agreement.Judges[i]), x.Reason, x.N})
			}
		}
	}
	if len(m.agreement.Judges) < 2 {
		b.noFigure = "one judge agrees with nobody"
		return b, nil
	}
	var rates, pairs []string
	for _, c := range b.claims {
		switch {
		case strings.HasPrefix(c.ID, "judges.flag_rate."):
			rates = append(rates, c.ID)
		case strings.HasPrefix(c.ID, "judges.agreement."):
			pairs = append(pairs, c.ID)
		}
	}
	b.draw(func() (*figure.Figure, error) {
		return figure.Judges(m.agreement, figure.JudgesOptions{Source: behind.Source,
			PublishedFlagRate: behind.published(1, rates...), PublishedAgreement: behind.published(1, pairs...),
			PublishedKappa: behind.published(1, "judges.fleiss.binary", "judges.fleiss.three")})
	})
	return b, nil
}

// judgesNote names the judges and their columns, and the open question of
// the second one.
func judgesNote(judges []string) string {
	var names []string
	for _, j := range judges {
		names = append(names, fmt.Sprintf("%s (column %s_decision)", clean(analysis.JudgeTitle(j)), clean(j)))
	}
	note := "Judges: " + strings.Join(names, ", ") + "."
	if slices.Contains(judges, "gpt41") {
		note += " The paper's second judge is o3, the column says gpt41; which of them decided is not documented."
	}
	return note
}

func modelNames(ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, clean(analysis.LookupModel(id).Name))
	}
	return strings.Join(names, ", ")
}
