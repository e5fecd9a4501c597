package analysis

import (
	"fmt"
	"slices"
)

// Refusals says how far the responses of some models refuse, over all
// scenarios or those of one topic.
type Refusals struct {
	Models []string
	Levels []string
	Counts [][]int      // [model][level]: responses
	Shares [][]Estimate // [model][level]: of the labelled responses; 0..1
	Rows   int          // scenarios looked at, labelled or not

	labels   *Labels
	within   []bool
	clusters Clusters
}

// MeasureRefusals counts responses by refusal level. The labels are an
// exclusive, ordered set: each response bears one level or is missing.
// within chooses rows, such as those of a topic; nil means all.
//
// Responses that nobody labelled are left out of all shares and counted in
// the Excluded of each. A model without a labelled response has shares of
// NaN, with a warning. Intervals are those of Share, clustered by value
// pair.
//
// The error is ErrTooFew when no model has a labelled response among the
// rows; others name a response with no level or with several, a choice of
// rows that does not fit, and columns that do not.
//
// Source: Zhang et al. 2025, section 3.2 and Figure 4.
func MeasureRefusals(l *Labels, within []bool) (*Refusals, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	if err := l.checkWithin("refusals", within); err != nil {
		return nil, err
	}
	clusters, err := l.Clusters.among(l.rows())
	if err != nil {
		return nil, err
	}
	r := &Refusals{Models: slices.Clone(l.Models), Levels: slices.Clone(l.Names), labels: l, within: within, clusters: clusters}
	for row := range l.rows() {
		if within == nil || within[row] {
			r.Rows++
		}
	}
	labelled := 0
	for m, model := range l.Models {
		counts := make([]int, len(l.Names))
		for row, s := range l.ByModel[m] {
			if s.Missing() || within != nil && !within[row] {
				continue
			}
			level, ok := s.Only()
			if !ok {
				return nil, fmt.Errorf("analysis: refusals: row %d: the response of %s has not one level", row, model)
			}
			counts[level]++
			labelled++
		}
		r.Counts = append(r.Counts, counts)
	}
	if labelled == 0 {
		return nil, fmt.Errorf("analysis: refusals: no labelled response in %d scenarios: %w", r.Rows, ErrTooFew)
	}
	r.Shares = make([][]Estimate, len(l.Models))
	for m := range r.Shares {
		r.Shares[m] = make([]Estimate, len(l.Names))
	}
	for level := range l.Names {
		of, err := r.Rate(level)
		if err != nil {
			return nil, err
		}
		for m := range r.Shares {
			r.Shares[m][level] = of[m]
		}
	}
	return r, nil
}

// Rate returns for each model the share of labelled responses at any of the
// given levels, 0..1: the refusal rate with SoftRejection and the two above
// it, the rate of complete rejections with CompleteRejection. A level that
// does not exist, and none at all, are errors.
func (r *Refusals) Rate(levels ...int) ([]Estimate, error) {
	if len(levels) == 0 {
		return nil, fmt.Errorf("analysis: refusal rate over no level: %w", ErrTooFew)
	}
	for _, level := range levels {
		if level < 0 || level >= len(r.Levels) {
			return nil, fmt.Errorf("analysis: refusal level %d, want 0..%d", level, len(r.Levels)-1)
		}
	}
	rates := make([]Estimate, len(r.Models))
	for m := range r.Models {
		var err error
		rates[m], err = r.labels.share(m, r.within, r.clusters, func(s LabelSet) bool {
			return slices.ContainsFunc(levels, s.Has)
		})
		if err != nil {
			return nil, err
		}
	}
	return rates, nil
}

// From lists the levels from one on: From(SoftRejection) are those that the
// paper counts as refusals.
func (r *Refusals) From(level int) []int {
	var levels []int
	for l := max(level, 0); l < len(r.Levels); l++ {
		levels = append(levels, l)
	}
	return levels
}
