package analysis

import (
	"fmt"
	"math/bits"
)

// An OutlierRule says on which value the differences must lie; the paper
// leaves it open (section 3.3).
type OutlierRule int

// The two readings.
const (
	SameValue   OutlierRule = iota // all of them on one and the same value
	EitherValue                    // per other model on either value
)

// String is the name for people.
func (r OutlierRule) String() string {
	return nameOf("OutlierRule", int(r), "same value", "either value")
}

// A response is an outlier when it significantly disagrees with at least 9
// of the other 11; scores that differ by 4 or more disagree significantly,
// which extremes.far spells out.
//
// Source: Zhang et al. 2025, section 3.3.
const outlierAllies = 2 // how many of the others may agree: 11 - 9

// Outliers counts, for each model, the scenarios in which its response is
// an outlier.
type Outliers struct {
	Rule   OutlierRule
	Models []string
	Counts []int // by model
	Rows   int   // scenarios looked at
	// Excluded counts the scenarios of which only a part was looked at, as
	// a position is missing. They are among Rows all the same.
	Excluded []Exclusion

	is    []uint64 // by model, a bit per row
	words int      // of is, per model
}

// MeasureOutliers finds the outlier responses among the models of a set.
// A response is one when its score differs by 4 or more from at least 9 of
// the 11 others; in a set of m models, from all but two of the m-1 others.
// With SameValue the differences must all lie on one value, with
// EitherValue each may lie on either. On one value of a scenario at most
// three models can be outliers, once there are seven or more.
//
// A missing position differs from nothing. A scenario that lacks some
// counts where enough others differ all the same; Excluded says how many
// such scenarios there are.
//
// Errors: ErrTooFew for sets of fewer than four models, as all but two of
// the others would be none; and an error with the nearest names for a model
// that p lacks.
//
// Source: Zhang et al. 2025, section 3.3 and Figure 6, which names neither
// the value nor the treatment of missing positions; for other set sizes
// the generalisation is ours.
func MeasureOutliers(p *Positions, set ModelSet, rule OutlierRule) (*Outliers, error) {
	if err := checkOutlierSet(set); err != nil {
		return nil, err
	}
	if rule != SameValue && rule != EitherValue {
		return nil, fmt.Errorf("analysis: outliers: rule %d, want SameValue or EitherValue", int(rule))
	}
	p, err := p.Select(set)
	if err != nil {
		return nil, err
	}
	m := len(set.Models)
	o := &Outliers{Rule: rule, Models: p.models, Counts: make([]int, m), Rows: p.rows, words: (p.rows + planeRows - 1) / planeRows}
	o.is = make([]uint64, m*o.words)
	incomplete := 0
	err = inBlocks(p.rows, func() (work func(lo, hi int) error, finish func()) {
		f := newOutlierFinder(p, indexes(m))
		lacking := 0
		return func(lo, hi int) error {
			for row := lo; row < hi; row += planeRows {
				lacking += f.read(row, min(row+planeRows, hi))
				f.find(rule)
				for model, is := range f.is {
					o.is[model*o.words+row/planeRows] = is
				}
			}
			return nil
		}, func() { incomplete += lacking }
	})
	if err != nil {
		return nil, err
	}
	for model := range o.Counts {
		for _, is := range o.is[model*o.words : (model+1)*o.words] {
			o.Counts[model] += bits.OnesCount64(is)
		}
	}
	if incomplete > 0 {
		o.Excluded = []Exclusion{{"scenarios lack a position: only those present are compared", incomplete}}
	}
	return o, nil
}

func checkOutlierSet(set ModelSet) error {
	switch n := len(set.Models); {
	case n > maxModels:
		return fmt.Errorf("analysis: outliers in set %s of %d models, want at most %d", set.Name, n, maxModels)
	case n < outlierAllies+2:
		return fmt.Errorf("analysis: outliers in set %s of %d models, want at least %d: %w", set.Name, n, outlierAllies+2, ErrTooFew)
	}
	return nil
}

// An outlierFinder looks for the outliers among 64 scenarios at a time.
type outlierFinder struct {
	columns [][2][]Position
	at      [][2]extremes // by model and value: the rows read last
	far     []uint64      // by two models: where they differ significantly
	is      []uint64      // by model: where it is an outlier
}

func newOutlierFinder(p *Positions, models []int) *outlierFinder {
	m := len(models)
	f := &outlierFinder{at: make([][2]extremes, m), far: make([]uint64, m*m), is: make([]uint64, m)}
	for _, model := range models {
		f.columns = append(f.columns, p.columns[model])
	}
	return f
}

// read takes the rows from lo to hi and counts those that lack a position.
func (f *outlierFinder) read(lo, hi int) (incomplete int) {
	complete := ^uint64(0)
	for model, column := range f.columns {
		for v := range column {
			planes := planesOf(column[v][lo:hi])
			complete &= planes.present()
			f.at[model][v] = planes.extremes()
		}
	}
	return hi - lo - bits.OnesCount64(complete)
}

// readPlanes takes rows whose planes are there already.
func (f *outlierFinder) readPlanes(planes [][2]blockPlanes, w int) {
	for model := range planes {
		for v := range planes[model] {
			f.at[model][v] = planes[model][v][w].extremes()
		}
	}
}

// find says where each model is an outlier among the rows read.
func (f *outlierFinder) find(rule OutlierRule) {
	clear(f.is)
	need := len(f.is) - 1 - outlierAllies
	if rule == EitherValue {
		f.onEither(need)
		return
	}
	f.onOneValue(Value1, need)
	f.onOneValue(Value2, need)
}

// onOneValue marks who differs on one value from as many models as needed.
// How many those are depends on the own score alone, so they are counted
// once for each score.
func (f *outlierFinder) onOneValue(v Value, need int) {
	none := newBitCounter(len(f.at))
	is0, to1, to2, from4, from5, is6 := none, none, none, none, none, none
	for model := 0; model < len(f.at); model += 2 {
		a, b := &f.at[model][v], &noExtremes
		if model+1 < len(f.at) {
			b = &f.at[model+1][v]
		}
		is0.add(a.is0, b.is0)
		to1.add(a.to1, b.to1)
		to2.add(a.to2, b.to2)
		from4.add(a.from4, b.from4)
		from5.add(a.from5, b.from5)
		is6.add(a.is6, b.is6)
	}
	among := extremes{is0: is0.atLeast(need), to1: to1.atLeast(need), to2: to2.atLeast(need),
		from4: from4.atLeast(need), from5: from5.atLeast(need), is6: is6.atLeast(need)}
	for model := range f.at {
		f.is[model] |= f.at[model][v].far(&among)
	}
}

var noExtremes extremes

// onEither marks who differs from as many models as needed on either value.
// Who differs on both values is one model, not two.
func (f *outlierFinder) onEither(need int) {
	m := len(f.at)
	for a := range m {
		for b := range a {
			far := f.at[a][0].far(&f.at[b][0]) | f.at[a][1].far(&f.at[b][1])
			f.far[a*m+b], f.far[b*m+a] = far, far
		}
	}
	for model := range m {
		far := f.far[model*m : (model+1)*m]
		differ := newBitCounter(m)
		for len(far) >= 2 {
			differ.add(far[0], far[1])
			far = far[2:]
		}
		if len(far) == 1 {
			differ.add(far[0], 0)
		}
		f.is[model] = differ.atLeast(need)
	}
}

// Is reports whether a model's response is an outlier on a row of the
// table. Model counts from 0 in the order of Models.
func (o *Outliers) Is(row, model int) bool {
	return o.is[model*o.words+row/planeRows]>>(row%planeRows)&1 == 1
}
