package analysis

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// MaxLabels is the number of labels that a LabelSet can tell apart.
const MaxLabels = 63

// A LabelSet is the labels that one response bears, such as the categories
// of the values that it expresses: each at most once, numbered from 0 to
// MaxLabels-1. The zero LabelSet is a missing one; a response that was
// looked at and bears no label is NewLabelSet().
type LabelSet struct{ bits uint64 } // the highest bit: not missing

const labelled = 1 << MaxLabels

// NewLabelSet returns the set of the given labels. A repeated label counts
// once. A label outside 0..MaxLabels-1 is an error.
func NewLabelSet(labels ...int) (LabelSet, error) {
	s := LabelSet{labelled}
	for _, l := range labels {
		if l < 0 || l >= MaxLabels {
			return LabelSet{}, fmt.Errorf("analysis: label %d, want 0..%d", l, MaxLabels-1)
		}
		s.bits |= 1 << l
	}
	return s, nil
}

// Missing reports whether nobody labelled the response.
func (s LabelSet) Missing() bool { return s.bits == 0 }

// Has reports whether the response bears a label. A missing set has none.
func (s LabelSet) Has(label int) bool {
	return label >= 0 && label < MaxLabels && s.bits>>label&1 == 1
}

// Labels holds the labels that the responses of some models bear: a row per
// scenario.
type Labels struct {
	Names    []string // of labels, such as the 26 categories
	Models   []string
	ByModel  [][]LabelSet // [model][row]
	Clusters Clusters     // by row
}

// Bits returns the set as a number, bit i for label i, and false for a
// missing one.
func (s LabelSet) Bits() (bits uint64, ok bool) { return s.bits &^ labelled, !s.Missing() }

// LabelSetOf is the set whose Bits are these. A bit above label
// MaxLabels-1 is an error.
//
// Source: the layout is ours.
func LabelSetOf(bits uint64) (LabelSet, error) {
	if bits&labelled != 0 {
		return LabelSet{}, fmt.Errorf("analysis: label %d, want 0..%d", MaxLabels, MaxLabels-1)
	}
	return LabelSet{bits | labelled}, nil
}

// Only returns the label of a set that has exactly one, and false else.
func (s LabelSet) Only() (label int, ok bool) {
	own := s.bits &^ labelled
	if bits.OnesCount64(own) != 1 {
		return 0, false
	}
	return bits.TrailingZeros64(own), true
}

// check reports the first way in which the columns do not fit together.
func (l *Labels) check() error {
	if len(l.Names) > MaxLabels {
		return fmt.Errorf("analysis: %d labels, want at most %d", len(l.Names), MaxLabels)
	}
	if len(l.ByModel) != len(l.Models) {
		return fmt.Errorf("analysis: %d models, %d columns of labels", len(l.Models), len(l.ByModel))
	}
	for m, column := range l.ByModel {
		if len(column) != len(l.ByModel[0]) {
			return fmt.Errorf("analysis: model %s has labels in %d rows, want %d", l.Models[m], len(column), len(l.ByModel[0]))
		}
		for row, s := range column {
			if s.bits&^labelled>>len(l.Names) != 0 {
				return fmt.Errorf("analysis: row %d: model %s has a label above %d", row, l.Models[m], len(l.Names)-1)
			}
		}
	}
	return nil
}

// MostFrequent returns the up to k labels that occur in most rows of a
// model, by falling frequency, equal ones in their own order. Labels that
// never occur are not among them. It is an error for there to be no such
// model.
func (l *Labels) MostFrequent(model string, k int) ([]int, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	m := slices.Index(l.Models, model)
	if m < 0 {
		return nil, UnknownName("model", model, l.Models)
	}
	count := make([]int, len(l.Names))
	var labels []int
	for label := range l.Names {
		for _, s := range l.ByModel[m] {
			if s.Has(label) {
				count[label]++
			}
		}
		if count[label] > 0 {
			labels = append(labels, label)
		}
	}
	slices.SortStableFunc(labels, func(x, y int) int { return cmp.Compare(count[y], count[x]) })
	return labels[:min(max(k, 0), len(labels))], nil
}

// share is the share of the labelled rows of a model that are hits, among
// the given rows; nil means all. Without a labelled row its value is NaN,
// with a warning.
func (l *Labels) share(model int, within []bool, clusters Clusters, hit func(LabelSet) bool) (Estimate, error) {
	tally := NewShareTally(clusters.N)
	missing := 0
	for row, s := range l.ByModel[model] {
		switch {
		case within != nil && !within[row]:
		case s.Missing():
			missing++
		default:
			tally.Add(int(clusters.ID[row]), hit(s))
		}
	}
	e := Estimate{Value: math.NaN(), Warnings: []error{fmt.Errorf("no labelled response: %w", ErrTooFew)}}
	if tally.Units() > 0 {
		var err error
		if e, err = shareMean(l.Clusters.Known(), tally); err != nil {
			return Estimate{}, err
		}
	}
	e.Unit = "responses"
	if missing > 0 {
		e.Excluded = []Exclusion{{notLabelled, missing}}
	}
	return e, nil
}

// notLabelled is why a response is left out of what labels say.
const notLabelled = "not labelled"

// checkWithin finds a choice of rows that does not fit.
func (l *Labels) checkWithin(statistic string, within []bool) error {
	if within != nil && len(within) != l.rows() {
		return fmt.Errorf("analysis: %s: a choice among %d rows, want %d", statistic, len(within), l.rows())
	}
	return nil
}

func (l *Labels) rows() int {
	if len(l.ByModel) == 0 {
		return 0
	}
	return len(l.ByModel[0])
}
