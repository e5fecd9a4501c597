package analysis

import "fmt"

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
	switch r {
	case SameValue:
		return "same value"
	case EitherValue:
		return "either value"
	}
	return fmt.Sprintf("OutlierRule(%d)", int(r))
}

// A response is an outlier when it significantly disagrees with at least 9
// of the other 11; scores that differ by 4 or more disagree significantly.
//
// Source: Zhang et al. 2025, section 3.3.
const (
	outlierDistance = 4
	outlierAllies   = 2 // how many of the others may agree: 11 - 9
)

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
	m := len(set.Models)
	if m > maxModels {
		return nil, fmt.Errorf("analysis: outliers in set %s of %d models, want at most %d", set.Name, m, maxModels)
	}
	if m < outlierAllies+2 {
		return nil, fmt.Errorf("analysis: outliers in set %s of %d models, want at least %d: %w", set.Name, m, outlierAllies+2, ErrTooFew)
	}
	if rule != SameValue && rule != EitherValue {
		return nil, fmt.Errorf("analysis: outliers: rule %d, want SameValue or EitherValue", int(rule))
	}
	p, err := p.Select(set)
	if err != nil {
		return nil, err
	}
	o := &Outliers{Rule: rule, Models: p.models, Counts: make([]int, m), Rows: p.rows, words: (p.rows + 63) / 64}
	o.is = make([]uint64, m*o.words)
	incomplete := 0
	need := m - 1 - outlierAllies

	const block = 512
	var differ [2][block]lanes // by value and row of the block
	for lo := 0; lo < p.rows; lo += block {
		hi := min(lo+block, p.rows)
		for v := range differ {
			clear(differ[v][:])
			for _, column := range p.columns {
				for i, position := range column[v][lo:hi] {
					adds := &differsFrom[position.n]
					row := &differ[v][i&(block-1)]
					row[0] += adds[0]
					row[1] += adds[1]
				}
			}
		}
		for i := range hi - lo {
			if differ[0][i].missing()+differ[1][i].missing() > 0 {
				incomplete++
			}
		}
		for model, column := range p.columns {
			on1, on2 := column[0][lo:hi], column[1][lo:hi]
			for i, own := range on1 {
				d1 := differ[0][i&(block-1)].of(own)
				d2 := differ[1][i&(block-1)].of(on2[i])
				outlier := max(d1, d2) >= need
				// Who differs on both values is one model, not two.
				if !outlier && rule == EitherValue && d1+d2 >= need {
					outlier = d1+d2-p.differOnBoth(model, lo+i) >= need
				}
				if outlier {
					o.Counts[model]++
					o.is[model*o.words+(lo+i)/64] |= 1 << ((lo + i) % 64)
				}
			}
		}
	}
	if incomplete > 0 {
		o.Excluded = []Exclusion{{"scenarios lack a position: only those present are compared", incomplete}}
	}
	return o, nil
}

// Lanes say for each score how many positions are significantly different
// from it: 16 bits each, two words of four. A Position's n is the lane, so
// that the lane of a missing one is free to count those missing.
type lanes [2]uint64

// differsFrom holds what one position adds to the lanes. All 256 entries
// spare the inner loop its bounds check.
var differsFrom = func() (table [256]lanes) {
	table[0][0] = 1
	for n, far := range farFrom {
		for other := range MaxScore + 2 {
			if far>>other&1 == 1 {
				table[n][other/4] |= 1 << (16 * (other % 4))
			}
		}
	}
	return table
}()

// of is how many positions differ from p: none from a missing one.
func (l *lanes) of(p Position) int {
	if p.n == 0 {
		return 0
	}
	return int(l[p.n/4&1] >> (16 * (p.n % 4)) & 0xffff)
}

func (l *lanes) missing() int { return int(l[0] & 0xffff) }

// differOnBoth counts the models that differ significantly from one model
// on both values.
func (p *Positions) differOnBoth(model, row int) int {
	from1 := farFrom[p.columns[model][0][row].n]
	from2 := farFrom[p.columns[model][1][row].n]
	both := 0
	for _, column := range p.columns {
		both += int((from1 >> column[0][row].n) & (from2 >> column[1][row].n) & 1)
	}
	return both
}

// farFrom holds for each position a bit for every other, as numbered by n,
// that is significantly different; a missing one is so from none.
var farFrom = func() (table [256]uint8) {
	for score := range MaxScore + 1 {
		for other := range MaxScore + 1 {
			if abs(score-other) >= outlierDistance {
				table[score+1] |= 1 << (other + 1)
			}
		}
	}
	return table
}()

func abs(x int) int { return max(x, -x) }

// Is reports whether a model's response is an outlier on a row of the
// table. Model counts from 0 in the order of Models.
func (o *Outliers) Is(row, model int) bool {
	return o.is[model*o.words+row/64]>>(row%64)&1 == 1
}
