package nb

import (
	"context"
	"fmt"
	"strings"

	"github.com/janpfeifer/gonb/gonbui"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/internal/card"
	"github.com/specstress/specstress/loaders"
)

// Cards are scenarios for Show, each with its values, where every model
// stands, what the judges say, and its query. Texts are untrusted: they are
// escaped, and folded behind a content warning.
type Cards struct {
	maker     card.Maker
	found     []analysis.Found
	of        string // what the rest are of
	left      int    // how many more there are
	responses bool
	from      *Dataset
}

// WithResponses adds the models' responses, side by side.
func (c Cards) WithResponses() Cards {
	c.responses = true
	return c
}

// Cards are the first n scenarios.
func (s *Scenarios) Cards(n int) Cards {
	all := make([]analysis.Found, s.Rows())
	for row := range all {
		all[row].Row = row
	}
	return s.CardsOf(n, all)
}

// CardsOf are the first n of the scenarios that analysis.Find returned for
// these rows, with what each was found for.
func (s *Scenarios) CardsOf(n int, found []analysis.Found) Cards {
	c := Cards{maker: card.Maker{Dataset: s.dataset.Dataset, Scenarios: s.Scenarios}, of: "scenarios of split " + s.Split(), from: s.dataset}
	return c.first(n, found)
}

// Cards are the first n judged scenarios.
func (v *Verdicts) Cards(n int) Cards {
	var all []analysis.Found
	for scenario, rows := range v.ScenarioRows() {
		if len(rows) > 0 { // Where may have left none
			all = append(all, analysis.Found{Row: scenario})
		}
	}
	return v.CardsOf(n, all)
}

// CardsOf are the first n of the judged scenarios that analysis.Find
// returned for their numbers. Where they stand is looked up in the splits of
// the same source.
func (v *Verdicts) CardsOf(n int, found []analysis.Found) Cards {
	c := Cards{maker: card.Maker{Dataset: v.dataset.Dataset, Judged: v.Judged}, of: "judged scenarios", from: v.dataset}
	return c.first(n, found)
}

func (c Cards) first(n int, found []analysis.Found) Cards {
	c.found = found[:min(len(found), max(n, 0))]
	c.left = len(found) - len(c.found)
	return c
}

// bundle makes the cards, having the command read their texts.
func (c Cards) bundle(synthetic string) (bundle, error) {
	m := c.maker
	m.Responses = c.responses
	if m.Judged == nil && len(c.from.Splits(loaders.ConfigJudges)) > 0 {
		j, err := c.from.Dataset.Verdicts(context.Background())
		if err != nil {
			return bundle{}, err
		}
		m.Judged = j
	}
	m.ReadTexts = func(ctx context.Context, from card.Texts, columns []string, rows []int) (map[string][]string, error) {
		if s, ok := from.(*loaders.Scenarios); ok {
			return c.from.textColumns(ctx, s.Split(), s, columns, rows)
		}
		return c.from.textColumns(ctx, loaders.ConfigJudges, m.Judged, columns, rows)
	}
	cards, err := m.Make(context.Background(), c.found)
	if err != nil {
		return bundle{}, err
	}
	var h, text strings.Builder
	if synthetic != "" {
		h.WriteString(`<div class="mark" style="font-weight:bold;color:#b00020">` + strings.ToUpper(synthetic) + "</div>")
		text.WriteString(strings.ToUpper(synthetic) + "\n\n")
	}
	if len(cards) == 0 {
		h.WriteString(element("p", "", "None of the "+c.of+"."))
		text.WriteString("None of the " + c.of + ".\n")
	}
	for i, one := range cards {
		h.WriteString(one.HTML())
		// A notebook file holds this form beside the HTML, unfolded.
		if gonbui.IsNotebook {
			one.Query, one.Responses = nil, nil
		}
		if i > 0 {
			text.WriteString("\n")
		}
		text.WriteString(one.Text())
	}
	if c.left > 0 {
		note := fmt.Sprintf("%s more %s are not shown.", figure.Count(c.left), c.of)
		h.WriteString(element("p", "", note))
		text.WriteString("\n" + note + "\n")
	}
	return htmlBundle(h.String(), text.String()), nil
}

// Example is a scenario for figure.Table1, without its query.
func (s *Scenarios) Example(row int) figure.Example {
	e := figure.Example{Value1: nameAt(s.Values(analysis.Value1), row), Value2: nameAt(s.Values(analysis.Value2), row), Nudge: nameAt(s.Nudges(), row)}
	if k, ok := s.Key(row); ok {
		e.Key = k.String()
	}
	set := s.ModelSet()
	spread, _ := Must(analysis.MeasureDisagreement(s.Positions(set), set)).At(row)
	e.Disagreement = spread.StdDev() // NaN where it is not computable
	return e
}

// AtOdds is a response for figure.Table3, without the query: which judges
// find it compliant and which flag it.
func (v *Verdicts) AtOdds(row int) figure.AtOdds {
	o := figure.AtOdds{Model: v.Models[v.Model[row]]}
	o.Value1, o.Value2, o.Nudge = nameAt(v.Values(analysis.Value1), row), nameAt(v.Values(analysis.Value2), row), nameAt(v.Nudges(), row)
	if k, ok := v.Key(row); ok {
		o.Key = k.String()
	}
	for j, judge := range v.Judges {
		switch verdict := v.ByJudge[j][row]; {
		case verdict == analysis.Compliant:
			o.Passes = append(o.Passes, judge)
		case verdict.Problematic():
			o.Flags = append(o.Flags, judge)
		}
	}
	return o
}

// PaperOrigin says whether results on these scenarios may be compared with
// what the paper prints.
func (s *Scenarios) PaperOrigin() paper.Origin {
	p, _ := s.dataset.Provenance()
	return originOf(p, s.Filter())
}

// PaperOrigin is Scenarios.PaperOrigin.
func (v *Verdicts) PaperOrigin() paper.Origin {
	p, _ := v.dataset.Provenance()
	return originOf(p, v.Filter())
}

// nameAt is "" for NULL and for a column that is not there.
func nameAt(c loaders.Coded, row int) string {
	if c.Codes == nil {
		return ""
	}
	name, _ := c.At(row)
	return name
}
