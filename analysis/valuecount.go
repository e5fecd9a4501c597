package analysis

import (
	"fmt"
	"slices"
)

// ValueCounts says in how many scenarios the responses of some models bear
// a label, such as a category of values.
type ValueCounts struct {
	Models   []string
	Labels   []string
	Counts   [][]int      // [model][label]: scenarios in which it occurs
	Shares   [][]Estimate // [model][label]: of the labelled responses; 0..1
	Labelled []int        // by model
	Rows     int          // scenarios, labelled or not
}

// CountValues counts, for each model and label, the scenarios in which the
// model's response bears the label at least once: a scenario counts once,
// however often its response expresses the category. (The paper's counts
// are of that kind, for its Figures 10 and 11 agree with each other only
// then.)
//
// Responses that nobody labelled are left out and counted in the Excluded
// of each share; the share of a model without any labelled response is NaN,
// with a warning. Intervals are those of Share, clustered by value pair.
//
// The error is ErrTooFew when no response is labelled; others name columns
// that do not fit.
//
// Source: Zhang et al. 2025, section 2.3 and Figures 7 and 10.
func CountValues(l *Labels) (*ValueCounts, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	clusters, err := l.Clusters.among(l.rows())
	if err != nil {
		return nil, err
	}
	v := &ValueCounts{Models: slices.Clone(l.Models), Labels: slices.Clone(l.Names), Rows: l.rows(), Labelled: make([]int, len(l.Models))}
	all := 0
	for m, column := range l.ByModel {
		counts := make([]int, len(l.Names))
		for _, s := range column {
			if s.Missing() {
				continue
			}
			v.Labelled[m]++
			for label := range counts {
				if s.Has(label) {
					counts[label]++
				}
			}
		}
		all += v.Labelled[m]
		v.Counts = append(v.Counts, counts)
	}
	if all == 0 {
		return nil, fmt.Errorf("analysis: value counts: no labelled response in %d scenarios: %w", v.Rows, ErrTooFew)
	}
	v.Shares = make([][]Estimate, len(l.Models))
	errs := make([]error, len(l.Models))
	inParallel(len(l.Models), func() func(int) {
		return func(m int) {
			v.Shares[m] = make([]Estimate, len(l.Names))
			for label := range l.Names {
				v.Shares[m][label], errs[m] = l.share(m, nil, clusters, func(s LabelSet) bool { return s.Has(label) })
				if errs[m] != nil {
					return
				}
			}
		}
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return v, nil
}

// Of returns the count of a label by model, in the order of Models, with
// the scenarios that it is out of. The error of a label that is not there
// is ErrUnknownName.
func (v *ValueCounts) Of(label string) ([]Estimate, error) {
	i := slices.IndexFunc(v.Labels, func(l string) bool { return squash(l) == squash(label) })
	if i < 0 {
		return nil, UnknownName("label", label, v.Labels)
	}
	out := make([]Estimate, len(v.Models))
	for m := range out {
		out[m] = Count(v.Counts[m][i], v.Labelled[m], v.Shares[m][i].Excluded...)
		out[m].Unit = "responses"
	}
	return out, nil
}
