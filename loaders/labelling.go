package loaders

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// ErrNoLabels marks labels that the source lacks. The paper's were never
// published.
var ErrNoLabels = errors.New("no labels")

// ErrSeveralLabellers marks a choice among labellers that nobody made.
var ErrSeveralLabellers = errors.New("several labellers")

// LabelTable is all that the label files of a source say. It does not
// change after loading.
type LabelTable struct {
	Labellings []*Labelling // by set, then labeller
	// Bad lists by file and column the rows that were left out: without a
	// complete key, a label set or a model, with a model where the set is
	// of scenarios, or with a label that the set does not have.
	Bad []BadColumn
}

// A Labelling is the labels of one set by one labeller: a set of labels for
// each scenario, or for each response to it.
type Labelling struct {
	analysis.LabelScheme
	// Labeller is who labelled: the name in the files, and after an @ the
	// version of the prompt, where they give one.
	Labeller string
	// From and To are the first and the last date of the labels, as
	// 2026-01-31; "" where the files give none.
	From, To string
	Models   []string // with labels, in the fixed order; of scenarios: none

	Repeated    int // rows that say again what another one says
	Conflicting int // responses whose rows contradict each other; they are missing
	Unlabelled  int // rows of an exclusive set without a label

	keys    labelKeys
	columns [][]analysis.LabelSet // [model][key]
}

// labelKeys are the labelled scenarios, ascending.
type labelKeys struct {
	chunk, entry []int64
	nudge        []int32 // into nudges
	nudges       []string
}

func (k *labelKeys) len() int { return len(k.chunk) }

func (k *labelKeys) at(i int) Key { return Key{k.chunk[i], k.entry[i], k.nudges[k.nudge[i]]} }

func (k *labelKeys) find(key Key) (int, bool) {
	lo, hi := 0, k.len()
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if compareKeys(k.at(mid), key) < 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < k.len() && k.at(lo) == key
}

// Labellers lists who labelled a set, by name.
func (t *LabelTable) Labellers(set string) []string {
	var names []string
	for _, l := range t.Labellings {
		if l.Name == set {
			names = append(names, l.Labeller)
		}
	}
	return names
}

// Choose finds the labels of a set by a labeller, who is told by Labeller,
// or by that without the version where there is one version only. An empty
// name is the only labeller that there is.
//
// The error wraps ErrNoLabels where the set has no labels,
// ErrSeveralLabellers, naming them, where a choice is needed, and
// analysis.ErrUnknownName for a labeller who is none of them.
func (t *LabelTable) Choose(set, labeller string) (*Labelling, error) {
	names := t.Labellers(set)
	if len(names) == 0 {
		return nil, noLabels(set)
	}
	var found []*Labelling
	for _, l := range t.Labellings {
		if l.Name == set && l.is(labeller) {
			found = append(found, l)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return nil, fmt.Errorf("loaders: labels of set %s: %w", set, analysis.UnknownName("labeller", labeller, names))
	}
	return nil, fmt.Errorf("loaders: labels of set %s: %w: %s; name one", set, ErrSeveralLabellers, strings.Join(names, ", "))
}

// is reports whether a name stands for the labeller; "" does for any.
func (l *Labelling) is(name string) bool {
	bare, _, _ := strings.Cut(l.Labeller, "@")
	return name == "" || name == l.Labeller || name == bare
}

func noLabels(set string) error {
	return fmt.Errorf("%w of set %s: none were published; docs/labels.md says how to make and to name them", ErrNoLabels, set)
}

// Labelled is the number of responses, or scenarios, with labels; those that
// were looked at and bear none are among them.
func (l *Labelling) Labelled() int {
	n := 0
	for _, column := range l.columns {
		for _, s := range column {
			if !s.Missing() {
				n++
			}
		}
	}
	return n
}

// Doubts lists what was left out or taken on trust in these labels.
func (l *Labelling) Doubts() []error {
	var doubts []error
	add := func(n int, what string) {
		if n > 0 {
			doubts = append(doubts, fmt.Errorf("labels of set %s by %s: %d %s", l.Name, l.Labeller, n, what))
		}
	}
	add(l.Repeated, "rows repeat another one; they count once")
	add(l.Conflicting, "responses have rows that contradict each other and are taken as not labelled")
	add(l.Unlabelled, "rows have no label and were left out")
	return doubts
}

// A LabelMatch is labels laid beside the rows of a split.
type LabelMatch struct {
	// Labels has a row per row of the split. Its models are those of the
	// split, or the one model "" where the labels are of scenarios.
	Labels        *analysis.Labels
	Labelling     *Labelling
	UnknownKeys   int      // labelled scenarios that the split lacks
	UnknownModels []string // labelled models that the split lacks
}

// Match lays the labels beside the rows of a split. A row without a
// complete key has no labels. Labels of scenarios or models that the split
// lacks are left out, and counted; none at all is analysis.ErrTooFew.
func (l *Labelling) Match(s *Scenarios) (*LabelMatch, error) {
	models := s.Models()
	m := &LabelMatch{Labelling: l, Labels: &analysis.Labels{Names: l.LabelScheme.Labels, Models: models, Clusters: s.Clusters()}}
	if l.PerScenario {
		m.Labels.Models = []string{""}
	}
	row := make([]int32, s.Rows()) // key, -1 for none
	found := make([]bool, l.keys.len())
	matched := 0
	for i := range row {
		row[i] = -1
		key, ok := s.Key(i)
		if !ok {
			continue
		}
		if k, ok := l.keys.find(key); ok {
			row[i] = int32(k)
			if !found[k] {
				found[k] = true
				matched++
			}
		}
	}
	m.UnknownKeys = l.keys.len() - matched
	m.Labels.ByModel = make([][]analysis.LabelSet, len(m.Labels.Models))
	for c, model := range m.Labels.Models {
		column := make([]analysis.LabelSet, len(row))
		from := slices.Index(l.Models, model)
		if l.PerScenario {
			from = 0
		}
		for i, k := range row {
			if from >= 0 && k >= 0 {
				column[i] = l.columns[from][k]
			}
		}
		m.Labels.ByModel[c] = column
	}
	for _, model := range l.Models {
		if !slices.Contains(models, model) {
			m.UnknownModels = append(m.UnknownModels, model)
		}
	}
	if matched == 0 || !l.PerScenario && len(m.UnknownModels) == len(l.Models) {
		return nil, fmt.Errorf("loaders: split %s: none of its scenarios and models has labels of set %s by %s: %w", s.split, l.Name, l.Labeller, analysis.ErrTooFew)
	}
	return m, nil
}

// Bearing tells the rows whose scenario bears a label, such as a topic. A
// row that is not labelled does not. The error is for a set of labels that
// are not of scenarios, and for a label that it does not have.
func (m *LabelMatch) Bearing(label string) ([]bool, error) {
	if !m.Labelling.PerScenario {
		return nil, fmt.Errorf("loaders: labels of set %s are of responses, want a set of scenarios", m.Labelling.Name)
	}
	i, ok := m.Labelling.Find(label)
	if !ok {
		return nil, fmt.Errorf("loaders: labels of set %s: %w", m.Labelling.Name, analysis.UnknownName("label", label, m.Labels.Names))
	}
	rows := make([]bool, len(m.Labels.ByModel[0]))
	for row, s := range m.Labels.ByModel[0] {
		rows[row] = s.Has(i)
	}
	return rows, nil
}

// Doubts lists the doubts about the labels, and what of them the split
// lacks.
func (m *LabelMatch) Doubts() []error {
	doubts := m.Labelling.Doubts()
	about := fmt.Sprintf("labels of set %s by %s", m.Labelling.Name, m.Labelling.Labeller)
	if m.UnknownKeys > 0 {
		doubts = append(doubts, fmt.Errorf("%s: %d labelled scenarios are not among these rows", about, m.UnknownKeys))
	}
	if n := len(m.UnknownModels); n > 0 {
		doubts = append(doubts, fmt.Errorf("%s: %d labelled models are not among these: %s", about, n, strings.Join(m.UnknownModels[:min(n, 5)], ", ")))
	}
	return doubts
}
