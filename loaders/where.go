package loaders

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/specstress/specstress/analysis"
)

// A Condition chooses rows, or models, of a table. Its Name goes into the
// caption of everything computed from what it leaves.
type Condition struct {
	Name   string // as in nudge=neutral
	rows   func(t conditional) (keep func(row int) bool, err error)
	models *analysis.ModelSet
}

// conditional is what conditions look at: both kinds of table have it.
type conditional interface {
	named(column string) (Coded, error)
	categories(v analysis.Value) ([]int32, error)
	row(i int) Row
}

// A Row is one row of a table, for conditions of one's own.
type Row struct {
	Key       Key // the zero Key where part of it is missing
	Value1    string
	Value2    string
	Generator string
	Taxonomy  *Taxonomy
}

// Nudge keeps the scenarios whose query favours the given value: neutral,
// value1 or value2.
func Nudge(direction string) Condition { return equals("nudge", "nudge_direction", direction) }

// Generator keeps the scenarios whose query a model family wrote.
func Generator(name string) Condition { return equals("generator", "query_generator", name) }

func equals(word, column, want string) Condition {
	return Condition{Name: word + "=" + want, rows: func(t conditional) (func(int) bool, error) {
		c, err := t.named(column)
		if err != nil {
			return nil, err
		}
		code, ok := c.code(want)
		if !ok {
			return nil, analysis.UnknownName(word, want, c.Names)
		}
		return func(row int) bool { return c.Codes[row] == code }, nil
	}}
}

// HasValue keeps the scenarios in which a value is one of the two. Where no
// value is spelt like this, case does not matter.
func HasValue(name string) Condition {
	return Condition{Name: "value=" + name, rows: func(t conditional) (func(int) bool, error) {
		v1, err := t.named("value1")
		if err != nil {
			return nil, err
		}
		v2, err := t.named("value2")
		if err != nil {
			return nil, err
		}
		c1, ok1 := v1.codeInAnyCase(name)
		c2, ok2 := v2.codeInAnyCase(name)
		if !ok1 && !ok2 {
			return nil, analysis.UnknownName("value", name, v1.Names)
		}
		return func(row int) bool { return ok1 && v1.Codes[row] == c1 || ok2 && v2.Codes[row] == c2 }, nil
	}}
}

// InCategory keeps the scenarios in which one of the two values belongs to
// a category of the taxonomy, given by its name or slug.
func InCategory(name string) Condition {
	return Condition{Name: "category=" + analysis.Slug(name), rows: func(t conditional) (func(int) bool, error) {
		all := analysis.Categories()
		want := slices.IndexFunc(all, func(c analysis.Category) bool { return analysis.Slug(c.Name) == analysis.Slug(name) })
		if want < 0 {
			var names []string
			for _, c := range all {
				names = append(names, c.Name)
			}
			return nil, analysis.UnknownName("category", name, names)
		}
		c1, err := t.categories(analysis.Value1)
		if err != nil {
			return nil, err
		}
		c2, err := t.categories(analysis.Value2)
		if err != nil {
			return nil, err
		}
		return func(row int) bool { return int(c1[row]) == want || int(c2[row]) == want }, nil
	}}
}

// Models keeps the given models; every row stays.
func Models(set analysis.ModelSet) Condition {
	return Condition{Name: "models=" + strings.Join(set.Models, "+"), models: &set}
}

// Matching keeps the rows for which a function says so. The name describes
// it in captions.
func Matching(name string, keep func(Row) bool) Condition {
	return Condition{Name: name, rows: func(t conditional) (func(int) bool, error) {
		return func(row int) bool { return keep(t.row(row)) }, nil
	}}
}

// conditionWords lists what ParseCondition knows.
var conditionWords = []string{"nudge", "generator", "value", "category", "models"}

// ParseCondition reads a condition as the command line has it:
// nudge=neutral, generator=o3, value=honesty, category=critical-thinking
// or models=o3+o4_mini, where models also takes the name of a paper set.
func ParseCondition(s string) (Condition, error) {
	word, arg, ok := strings.Cut(s, "=")
	if !ok || arg == "" {
		return Condition{}, fmt.Errorf("loaders: condition %q, want word=argument with one of the words %s", s, strings.Join(conditionWords, ", "))
	}
	switch word {
	case "nudge":
		return Nudge(arg), nil
	case "generator":
		return Generator(arg), nil
	case "value":
		return HasValue(arg), nil
	case "category":
		return InCategory(arg), nil
	case "models":
		set, err := ParseModelSet(arg)
		return Models(set), err
	}
	return Condition{}, fmt.Errorf("loaders: condition %q: %w", s, analysis.UnknownName("word", word, conditionWords))
}

// ParseModelSet reads a set of models as the command line has it: the name
// of a paper set, or models apart by +, as in o3+o4_mini.
func ParseModelSet(arg string) (analysis.ModelSet, error) {
	for _, set := range analysis.PaperModelSets() {
		if set.Name == arg {
			return set, nil
		}
	}
	return analysis.NewModelSet(arg, strings.Split(arg, "+")...)
}

// choose evaluates conditions over n rows: the rows that all of them keep,
// and the models that the last condition on models names.
func choose(t conditional, n int, conds []Condition) (rows []int32, models *analysis.ModelSet, err error) {
	var keeps []func(int) bool
	for _, c := range conds {
		if c.models != nil {
			models = c.models
			continue
		}
		if c.rows == nil {
			return nil, nil, fmt.Errorf("condition %q is empty", c.Name)
		}
		keep, err := c.rows(t)
		if err != nil {
			return nil, nil, fmt.Errorf("condition %s: %w", c.Name, err)
		}
		keeps = append(keeps, keep)
	}
	rows = make([]int32, 0, n)
next:
	for row := range n {
		for _, keep := range keeps {
			if !keep(row) {
				continue next
			}
		}
		rows = append(rows, int32(row))
	}
	return rows, models, nil
}

// Where returns the scenarios that meet all conditions. The error names a
// column that is not there, or a name that no row has with its nearest;
// that no row meets all of them is ErrTooFew.
func (s *Scenarios) Where(conds ...Condition) (*Scenarios, error) {
	rows, models, err := choose(s, s.Rows(), conds)
	if err != nil {
		return nil, fmt.Errorf("loaders: split %s: %w", s.split, err)
	}
	out := *s
	out.filter = slices.Clone(s.filter)
	for _, c := range conds {
		out.filter = append(out.filter, c.Name)
	}
	if models != nil {
		if _, err := s.Positions(*models); err != nil {
			return nil, err
		}
		out.keep = models
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("loaders: split %s: no scenario with %s: %w", s.split, strings.Join(out.filter, ", "), analysis.ErrTooFew)
	}
	if len(rows) < s.Rows() {
		out.take(rows)
	}
	return &out, nil
}

// take keeps some rows, in ascending order.
func (s *Scenarios) take(rows []int32) {
	s.rank, s.chunk, s.entry = s.rank.gather(rows), s.chunk.gather(rows), s.entry.gather(rows)
	s.generator, s.nudge = s.generator.gather(rows), s.nudge.gather(rows)
	s.val1, s.val2 = s.val1.gather(rows), s.val2.gather(rows)
	columns := make([][2][]analysis.Position, len(s.positions))
	for m, pair := range s.positions {
		columns[m] = [2][]analysis.Position{gather(pair[0], rows), gather(pair[1], rows)}
	}
	s.positions = columns
	if s.origin == nil {
		s.origin = rows
	} else {
		s.origin = gather(s.origin, rows)
	}
	chunk, entry, n, all := s.chunk, s.entry, len(rows), s.clusters
	s.clusters = sync.OnceValue(func() analysis.Clusters {
		if s.dataset.pack != nil {
			if c := all(); c.Known() { // as it is stored, without work
				return gatherClusters(c, rows)
			}
		}
		return clusterIDs(chunk, entry, n)
	})
}

// Filter describes the conditions so far, for captions; "" means all rows
// and models.
func (s *Scenarios) Filter() string { return strings.Join(s.filter, ", ") }

func (s *Scenarios) named(column string) (Coded, error) {
	c := map[string]Coded{"nudge_direction": s.nudge, "query_generator": s.generator, "value1": s.val1, "value2": s.val2}[column]
	if c.Codes == nil {
		return c, fmt.Errorf("%w: no column %s", ErrSchema, column)
	}
	return c, nil
}

func (s *Scenarios) categories(v analysis.Value) ([]int32, error) { return s.Categories(v) }

func (s *Scenarios) row(i int) Row {
	r := Row{Taxonomy: s.taxonomy}
	r.Key, _ = s.Key(i)
	r.Value1, r.Value2, r.Generator = textAt(s.val1, i), textAt(s.val2, i), textAt(s.generator, i)
	return r
}

// textAt is "" for NULL and for a column that is not there.
func textAt(c Coded, row int) string {
	if c.Codes == nil {
		return ""
	}
	text, _ := c.At(row)
	return text
}
