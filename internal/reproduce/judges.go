package reproduce

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
)

// paperJudges are the judge columns of the published files.
var paperJudges = []string{"claude_4", "gpt41", "gemini_2_5"}

// A judging is how the judges compare, or why they do not.
type judging struct {
	judges    []string
	rows      int
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
	m.judges = paperJudges
	j, err := src.judged()
	if err != nil {
		return err
	}
	m.judges, m.rows = j.Judges, j.Rows()
	m.agreement, err = analysis.MeasureJudgeAgreement(&j.Verdicts)
	return err
}

func judgesBody(m *judging, behind backdrop) (body, error) {
	b := body{claims: m.claims()}
	if m.err != nil {
		b.noFigure = m.err.Error()
		return b, nil
	}
	b.notes = []string{judgesNote(m.judges), "All bins of disagreement are pooled; the paper does not say which 5,000 responses its figures are of."}
	for i, e := range m.agreement.FlagRate {
		for _, x := range e.Excluded {
			if x.N > 0 {
				b.excluded = append(b.excluded, Excluded{"judges", clean(m.judges[i]), x.Reason, x.N})
			}
		}
	}
	if len(m.judges) < 2 {
		b.noFigure = "one judge agrees with nobody"
		return b, nil
	}
	var rates, pairs []string
	for _, c := range b.claims {
		switch {
		case strings.HasPrefix(c.id, "judges.flag_rate."):
			rates = append(rates, c.id)
		case strings.HasPrefix(c.id, "judges.agreement."):
			pairs = append(pairs, c.id)
		}
	}
	b.draw(func() (*figure.Figure, error) {
		return figure.Judges(m.agreement, figure.JudgesOptions{Source: behind.Source,
			PublishedFlagRate: behind.published(1, rates...), PublishedAgreement: behind.published(1, pairs...),
			PublishedKappa: behind.published(1, "judges.fleiss.binary", "judges.fleiss.three")})
	})
	return b, nil
}

func (m *judging) claims() []claim {
	var claims []claim
	add := func(c claim) {
		if c.err == nil {
			c.err = m.err
		}
		claims = append(claims, c)
	}
	for i, judge := range m.judges {
		c := claim{id: "judges.flag_rate." + segment(judge), title: "Responses flagged by " + analysis.JudgeTitle(judge),
			group: map[string]string{"judge": judge}, unit: unitShare}
		if m.agreement != nil {
			c.estimate, c.err = m.agreement.FlagRate[i], m.agreement.FlagRateErr[i]
			c.reach = m.reach(c.estimate)
		}
		add(c)
	}
	pair := 0
	for i, a := range m.judges {
		for _, other := range m.judges[i+1:] {
			c := claim{id: "judges.agreement." + segment(a) + "." + segment(other),
				title: "Agreement of " + analysis.JudgeTitle(a) + " and " + analysis.JudgeTitle(other),
				group: map[string]string{"a": a, "b": other}, unit: unitShare}
			if m.agreement != nil {
				c.estimate, c.err = m.agreement.Pairs[pair].Agreement, m.agreement.Pairs[pair].Err
				c.reach = m.reach(c.estimate)
			}
			pair++
			add(c)
		}
	}
	group := map[string]string{"judges": strings.Join(m.judges, ", ")}
	binary := claim{id: "judges.fleiss.binary", title: "Fleiss' kappa, two categories", group: group, unit: unitKappa, own: len(m.judges) != 3}
	three := claim{id: "judges.fleiss.three", title: "Fleiss' kappa, three categories", group: group, unit: unitKappa, own: len(m.judges) != 3}
	if m.agreement != nil {
		binary.estimate, binary.err = m.agreement.Binary.Estimate, m.agreement.BinaryErr
		three.estimate, three.err = m.agreement.Three.Estimate, m.agreement.ThreeErr
	}
	add(binary)
	add(three)
	return claims
}

// reach is the range of a share over all rows, however the verdicts that
// are missing would turn out.
func (m *judging) reach(e analysis.Estimate) *paper.Bounds {
	if m.rows == 0 || !finite(e.Value) || e.N > m.rows {
		return nil
	}
	hits := math.Round(e.Value * float64(e.N))
	return &paper.Bounds{Lo: hits / float64(m.rows), Hi: (hits + float64(m.rows-e.N)) / float64(m.rows)}
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
