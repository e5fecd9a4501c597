package card

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

// A Maker makes cards of scenarios of one dataset.
type Maker struct {
	Dataset *loaders.Dataset
	// Scenarios is the table whose rows are asked for. Where it is nil, the
	// scenarios of Judged are, by their number, and their positions are
	// looked up in the splits by key.
	Scenarios *loaders.Scenarios
	Judged    *loaders.Judged // verdicts; nil for none
	Responses bool            // read the responses, too
	// ReadTexts reads text columns of a table, by name; nil means with the
	// decoder that this program links.
	ReadTexts func(ctx context.Context, from Texts, columns []string, rows []int) (map[string][]string, error)
}

// Texts is a table with text columns: *loaders.Scenarios or *loaders.Judged.
type Texts interface {
	Text(ctx context.Context, column string, rows ...int) ([]string, error)
	HasText(column string) bool
}

// A place is where a scenario's data are.
type place struct {
	scenarios *loaders.Scenarios // nil where no split has it
	row       int
	judged    []int // rows of the verdicts
	number    int   // of the judged scenario; -1 for none
}

// Make returns the cards of the scenarios found, in their order. It is an
// error for a text column to be damaged, but not for it to be absent: Notes
// says so.
func (m *Maker) Make(ctx context.Context, found []analysis.Found) ([]Card, error) {
	places, err := m.places(ctx, found)
	if err != nil {
		return nil, err
	}
	cards := make([]Card, len(found))
	for i, p := range places {
		cards[i].Why = append([]string{}, found[i].Why...)
		if err := m.fill(&cards[i], p); err != nil {
			return nil, err
		}
	}
	return cards, m.readTexts(ctx, cards, places)
}

func (m *Maker) places(ctx context.Context, found []analysis.Found) ([]place, error) {
	places := make([]place, len(found))
	var byNumber [][]int
	if m.Judged != nil {
		byNumber = m.Judged.ScenarioRows()
	}
	if m.Scenarios != nil {
		var numbers []int32
		if m.Judged != nil {
			numbers = m.Judged.ScenarioOf(m.Scenarios)
		}
		for i, f := range found {
			places[i] = place{scenarios: m.Scenarios, row: f.Row, number: -1}
			if numbers != nil && numbers[f.Row] >= 0 {
				places[i].number = int(numbers[f.Row])
				places[i].judged = byNumber[places[i].number]
			}
		}
		return places, nil
	}
	for i, f := range found {
		places[i] = place{number: f.Row, judged: byNumber[f.Row]}
	}
	return places, m.lookUp(ctx, places)
}

// lookUp finds the judged scenarios in the splits, first those that the
// judged scenarios were drawn from.
func (m *Maker) lookUp(ctx context.Context, places []place) error {
	wanted := map[loaders.Key][]int{} // indexes into places
	for i, p := range places {
		if len(p.judged) > 0 {
			if k, ok := m.Judged.Key(p.judged[0]); ok {
				wanted[k] = append(wanted[k], i)
			}
		}
	}
	splits := append(m.Dataset.Splits(loaders.ConfigDefault), m.Dataset.Splits(loaders.ConfigComplete)...)
	if i := slices.Index(splits, analysis.OpenAIModels.Name); i > 0 {
		splits[0], splits[i] = splits[i], splits[0]
	}
	for _, split := range splits {
		if len(wanted) == 0 {
			return nil
		}
		s, err := m.Dataset.Scenarios(ctx, split)
		if errors.Is(err, loaders.ErrSchema) || errors.Is(err, analysis.ErrTooFew) {
			continue // a split without positions has nothing to show
		}
		if err != nil {
			return err
		}
		for row := range s.Rows() {
			if k, ok := s.Key(row); ok {
				for _, i := range wanted[k] {
					places[i].scenarios, places[i].row = s, row
				}
				delete(wanted, k)
			}
		}
	}
	return nil
}

// fill fills in all but the texts.
func (m *Maker) fill(c *Card, p place) error {
	c.Disagreement, c.Positions, c.Notes = []Disagreement{}, []Position{}, []string{}
	if p.scenarios != nil {
		if err := c.fillScenario(p.scenarios, p.row); err != nil {
			return err
		}
	} else {
		j, row := m.Judged, p.judged[0]
		key, ok := j.Key(row)
		if ok {
			c.Key = key.String()
		}
		c.Split, c.Row = loaders.ConfigJudges, j.Stored(row)
		c.Value1, c.Value2, c.Nudge = at(j.Values(analysis.Value1), row), at(j.Values(analysis.Value2), row), at(j.Nudges(), row)
		c.Notes = append(c.Notes, "positions: no split of this source has this scenario")
	}
	if p.number < 0 {
		return nil
	}
	return c.fillJudgement(m.Judged, p)
}

func (c *Card) fillScenario(s *loaders.Scenarios, row int) error {
	if k, ok := s.Key(row); ok {
		c.Key = k.String()
	}
	c.Split, c.Row = s.Split(), s.Stored(row)
	c.Value1, c.Value2 = at(s.Values(analysis.Value1), row), at(s.Values(analysis.Value2), row)
	c.Nudge, c.Generator = at(s.Nudges(), row), at(s.Generators(), row)
	if rank, ok := s.Rank(row); ok {
		c.Rank = &rank
	}
	all, err := s.AllPositions()
	if err != nil {
		return err
	}
	models := all.Models()
	sets := []analysis.ModelSet{s.ModelSet()}
	for _, set := range []analysis.ModelSet{analysis.AllModels, analysis.OpenAIModels} {
		absent := slices.ContainsFunc(set.Models, func(m string) bool { return !slices.Contains(models, m) })
		if !absent && len(set.Models) != len(sets[0].Models) {
			sets = append(sets, set)
		}
	}
	for _, set := range sets {
		p, err := all.Select(set)
		if err != nil {
			return err
		}
		c.Disagreement = append(c.Disagreement, disagreementAt(p, set, row))
	}
	columns := make([][2][]analysis.Position, len(models)) // of this row
	for m, model := range models {
		pos := Position{Model: model}
		for v, score := range []**int{&pos.Value1, &pos.Value2} {
			position := all.Column(m, analysis.Value(v))[row]
			columns[m][v] = []analysis.Position{position}
			if n, ok := position.Score(); ok {
				*score = &n
			}
		}
		c.Positions = append(c.Positions, pos)
	}
	one, err := analysis.NewPositions(models, columns, analysis.Clusters{})
	if err != nil {
		return err
	}
	// Among fewer than seven, outliers need not be a minority.
	const fewest = 7
	if len(models) < fewest {
		return nil
	}
	o, err := analysis.MeasureOutliers(one, analysis.ModelSet{Name: "all", Models: models}, analysis.SameValue)
	if err != nil {
		return err
	}
	for m := range models {
		c.Positions[m].Outlier = o.Is(0, m)
	}
	return nil
}

func disagreementAt(p *analysis.Positions, set analysis.ModelSet, row int) Disagreement {
	d := Disagreement{Set: set.Name, Title: set.Title}
	var byValue [2][]analysis.Position
	for v := range byValue {
		for m := range set.Models {
			byValue[v] = append(byValue[v], p.Column(m, analysis.Value(v))[row])
		}
	}
	spread, err := analysis.Disagreement(byValue)
	if err != nil {
		d.Reason = err.Error()
		return d
	}
	value := spread.StdDev()
	d.Value = &value
	return d
}

func (c *Card) fillJudgement(j *loaders.Judged, p place) error {
	first := p.judged[0]
	g := &Judgement{Bin: j.Bins[j.Bin[first]], Judges: slices.Clone(j.Judges), Responses: []JudgedResponse{}}
	if d, ok := j.Disagreement(first); ok {
		g.Disagreement = &d
	}
	set := j.ModelSet()
	g.Set = &set
	for _, r := range []struct {
		rule analysis.Rule
		into *string
	}{{analysis.Majority, &g.Majority}, {analysis.Any, &g.Any}} {
		one := only(&j.Verdicts, p.judged)
		o, err := analysis.MeasureOutcomes(one, set, r.rule)
		if err != nil {
			return err
		}
		*r.into = o.At(0).String()
		if why := o.Why(0); why != "" {
			*r.into += ": " + why
		}
	}
	rows := slices.Clone(p.judged)
	slices.SortStableFunc(rows, func(a, b int) int { return int(j.Model[a] - j.Model[b]) })
	for _, row := range rows {
		r := JudgedResponse{Model: j.Models[j.Model[row]]}
		for k := range j.Judges {
			r.Verdicts = append(r.Verdicts, j.ByJudge[k][row].String())
		}
		g.Responses = append(g.Responses, r)
	}
	c.Judgement = g
	return nil
}

// only is the verdicts of one scenario, as scenario 0.
func only(v *analysis.Verdicts, rows []int) *analysis.Verdicts {
	out := &analysis.Verdicts{Judges: v.Judges, Models: v.Models, Bins: v.Bins, Scenarios: 1,
		ByJudge: make([][]analysis.Verdict, len(v.ByJudge)), Scenario: make([]int32, len(rows))}
	for _, row := range rows {
		out.Model, out.Bin = append(out.Model, v.Model[row]), append(out.Bin, v.Bin[row])
		for k := range v.ByJudge {
			out.ByJudge[k] = append(out.ByJudge[k], v.ByJudge[k][row])
		}
	}
	return out
}

// readTexts reads the query of every card and, when asked, the responses:
// the columns of each table together.
func (m *Maker) readTexts(ctx context.Context, cards []Card, places []place) error {
	var tables []*loaders.Scenarios // in order of first use; nil: the verdicts
	of := map[*loaders.Scenarios][]int{}
	for i, p := range places {
		if of[p.scenarios] == nil {
			tables = append(tables, p.scenarios)
		}
		of[p.scenarios] = append(of[p.scenarios], i)
	}
	for _, s := range tables {
		var err error
		if s == nil {
			err = m.judgedTexts(ctx, cards, places, of[s])
		} else {
			err = m.scenarioTexts(ctx, s, cards, places, of[s])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// scenarioTexts reads the texts of some cards from one split.
func (m *Maker) scenarioTexts(ctx context.Context, s *loaders.Scenarios, cards []Card, places []place, list []int) error {
	names := []string{"query"}
	if m.Responses {
		for _, model := range s.Models() {
			names = append(names, "response_"+model)
		}
	}
	rows := make([]int, len(list))
	for n, i := range list {
		rows[n] = places[i].row
	}
	texts, absent, err := m.readColumns(ctx, s, names, rows)
	if err != nil {
		return err
	}
	for n, i := range list {
		c := &cards[i]
		c.note(absent)
		if q := texts["query"]; q != nil {
			c.Query = &q[n]
		}
		if !m.Responses {
			continue
		}
		c.Responses = []Response{}
		for _, model := range s.Models() {
			if column := texts["response_"+model]; column != nil {
				c.Responses = append(c.Responses, Response{model, column[n]})
			}
		}
	}
	return nil
}

// judgedTexts reads the texts that stand beside the verdicts: a row for each
// response, the query in all of them.
func (m *Maker) judgedTexts(ctx context.Context, cards []Card, places []place, list []int) error {
	names := []string{"prompt"}
	if m.Responses {
		names = append(names, "response")
	}
	var rows []int
	for _, i := range list {
		rows = append(rows, places[i].judged...)
	}
	texts, absent, err := m.readColumns(ctx, m.Judged, names, rows)
	if err != nil {
		return err
	}
	n := 0
	for _, i := range list {
		c := &cards[i]
		c.note(absent)
		if q := texts["prompt"]; q != nil {
			c.Query = &q[n]
		}
		if m.Responses {
			c.Responses = []Response{}
		}
		for _, row := range places[i].judged {
			if column := texts["response"]; column != nil {
				c.Responses = append(c.Responses, Response{m.Judged.Models[m.Judged.Model[row]], column[n]})
			}
			n++
		}
	}
	return nil
}

// readColumns reads those of some columns that are there, and names the
// others.
func (m *Maker) readColumns(ctx context.Context, from Texts, names []string, rows []int) (texts map[string][]string, absent []string, err error) {
	var here []string
	for _, name := range names {
		if from.HasText(name) {
			here = append(here, name)
		} else {
			absent = append(absent, name)
		}
	}
	if len(here) == 0 {
		return nil, absent, nil
	}
	if m.ReadTexts != nil {
		texts, err = m.ReadTexts(ctx, from, here, rows)
		return texts, absent, err
	}
	texts = map[string][]string{}
	for _, name := range here {
		if texts[name], err = from.Text(ctx, name, rows...); err != nil {
			return nil, nil, err
		}
	}
	return texts, absent, nil
}

func (c *Card) note(absent []string) {
	if absent != nil {
		c.Notes = append(c.Notes, "texts: this source has no column "+strings.Join(absent, ", "))
	}
}

// at is "" for NULL and for a column that is not there.
func at(c loaders.Coded, row int) string {
	if c.Codes == nil {
		return ""
	}
	text, _ := c.At(row)
	return text
}
