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
	agreement   *analysis.JudgeAgreement
	comparisons [2]*analysis.AgreementComparison // by scheme
	excluded    [2][]analysis.Exclusion
	reasons     [2]error // why there is no comparison
	differences []analysis.FlagRateDifference
	err         error
}

var schemes = []analysis.VerdictScheme{analysis.TwoCategories, analysis.ThreeCategories}

func judgesWork(src *source, _ Options) work {
	var m judging
	return alone("judges: agreement", &m.err, func(context.Context) error { return m.measure(src) }, m.body)
}

func (m *judging) measure(src *source) error {
	j, err := src.judged()
	if err != nil {
		return err
	}
	if m.agreement, err = analysis.MeasureJudgeAgreement(&j.Verdicts); err != nil {
		return err
	}
	if m.differences, err = analysis.MeasureFlagRateDifferences(&j.Verdicts); err != nil {
		return err
	}
	for i, scheme := range schemes {
		ratings, clusters, excluded, err := analysis.JudgeRatings(&j.Verdicts, scheme)
		if err == nil {
			m.excluded[i] = excluded
			m.comparisons[i], err = analysis.CompareAgreement(ratings, clusters)
		}
		if err := unlessReason(err, &m.reasons[i]); err != nil {
			return err
		}
	}
	return nil
}

// claims are those of the paper's numbers, then what stands beside them.
func (m *judging) claims() ([]paper.Claim, error) {
	claims := paper.JudgeClaims(m.agreement, m.err)
	var judges []string
	if m.err == nil {
		judges = m.agreement.Judges
	}
	for i, scheme := range schemes {
		why := m.err
		if why == nil {
			why = m.reasons[i]
		}
		claims = append(claims, paper.CoefficientClaims(scheme, judges, m.comparisons[i], m.excluded[i], why)...)
	}
	differences, err := paper.FlagRateDifferenceClaims(judges, m.differences, m.err)
	return append(claims, differences...), err
}

func (m *judging) body(behind backdrop) (body, error) {
	claims, err := m.claims()
	if err != nil {
		return body{}, err
	}
	b := body{claims: claims}
	if m.err != nil {
		b.noFigure = m.err.Error()
		return b, nil
	}
	b.notes = []string{judgesNote(m.agreement.Judges), "All bins of disagreement are pooled; the paper does not say which 5,000 responses its figures are of."}
	for i, e := range m.agreement.FlagRate {
		b.exclude("judges", clean(m.agreement.Judges[i]), e.Excluded)
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
		return figure.Judges(m.agreement, options(behind, figure.JudgesOptions{Source: behind.Source,
			PublishedFlagRate: behind.published(1, rates...), PublishedAgreement: behind.published(1, pairs...),
			PublishedKappa: behind.published(1, "judges.fleiss.binary", "judges.fleiss.three")}))
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
