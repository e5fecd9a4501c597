package analysis

import (
	"fmt"
	"math"
)

// A Spread is an exact population variance, Q / N²: of N scores with sum
// S1 and sum of squares S2, Q = N·S2 − S1². Kept as integers, it compares
// without rounding. The zero Spread is "not computable".
type Spread struct {
	Q uint32
	N uint16
}

// maxModels is how many positions a Spread can hold: Q is at most
// N²·(MaxScore/2)², which must fit 32 bits.
const maxModels = 21845

// Computable reports whether there is a disagreement at all.
func (s Spread) Computable() bool { return s.N > 0 }

// StdDev is the population standard deviation in score units, from 0 to
// MaxScore/2. It is rounded twice, so thresholds and bins compare spreads
// instead. Of the zero Spread it is NaN.
func (s Spread) StdDev() float64 { return math.Sqrt(float64(s.Q)) / float64(s.N) }

// Compare returns -1, 0 or +1 as the variance of s is below, at or above
// that of t, exactly. A Spread that is not computable is below all others.
func (s Spread) Compare(t Spread) int {
	if s.N == 0 || t.N == 0 {
		return int(min(s.N, 1)) - int(min(t.N, 1))
	}
	// Crosswise, neither product leaves 64 bits.
	a := uint64(s.Q) * uint64(t.N) * uint64(t.N)
	b := uint64(t.Q) * uint64(s.N) * uint64(s.N)
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// AtLeast reports whether the standard deviation is t or more, decided
// exactly as CountAtLeast does. Of a Spread that is not computable the
// answer is no. A negative t, NaN and infinity are errors.
func (s Spread) AtLeast(t float64) (bool, error) {
	threshold, err := newThreshold(t)
	if err != nil {
		return false, err
	}
	return s.Computable() && uint64(s.Q) >= threshold.atLeast(int(s.N)), nil
}

// Disagreement returns how widely models differ on one scenario: the
// larger, over its two values, of the population standard deviation of
// their positions, from 0 (all agree) to MaxScore/2 (an even split between
// the extremes).
//
// byValue[v] holds one position per model; missing ones are left out, on
// each value by itself. The error is ErrTooFew when either value has fewer
// than two present.
//
// Source: Zhang et al. 2025, section 2.2. The paper does not say that its
// standard deviation is the population one; the dataset's column
// max_pop_std_openai and the last bin of Figure 2, which ends at 3.0, do.
func Disagreement(byValue [2][]Position) (Spread, error) {
	var tallies [2]uint64
	for v, positions := range byValue {
		if len(positions) > maxModels {
			return Spread{}, fmt.Errorf("analysis: disagreement of %d models, want at most %d", len(positions), maxModels)
		}
		for _, p := range positions {
			tallies[v] += tallyOf[p.n]
		}
	}
	for v, t := range tallies {
		if t&tallyMask < 2 {
			return Spread{}, fmt.Errorf("analysis: disagreement: %d positions on value %d, want 2: %w", t&tallyMask, v+1, ErrTooFew)
		}
	}
	return wider(spreadOf(tallies[0]), spreadOf(tallies[1])), nil
}

// A tally of positions is count, sum and sum of squares in one word, wide
// enough for maxModels: one addition counts one position.
const (
	sumShift    = 16
	squareShift = 36
	tallyMask   = 1<<sumShift - 1
	sumMask     = 1<<(squareShift-sumShift) - 1
)

// tallyOf holds what one position adds. All 256 entries spare the inner
// loop its bounds check; a missing position adds nothing.
var tallyOf = func() (table [256]uint64) {
	for score := range uint64(MaxScore + 1) {
		table[score+1] = 1 | score<<sumShift | score*score<<squareShift
	}
	return table
}()

// wider is the larger of the spreads of two values, the zero Spread unless
// both are of two positions or more.
func wider(s, t Spread) Spread {
	switch {
	case s.N < 2 || t.N < 2:
		return Spread{}
	case s.N == t.N: // nearly always
		return Spread{max(s.Q, t.Q), s.N}
	case s.Compare(t) >= 0:
		return s
	}
	return t
}

func spreadOf(tally uint64) Spread {
	n, sum, squares := tally&tallyMask, tally>>sumShift&sumMask, tally>>squareShift
	return Spread{uint32(n*squares - sum*sum), uint16(n)}
}

// Disagreements is how widely the models of one set differ on each of
// many scenarios. It does not change after construction.
type Disagreements struct {
	Set      ModelSet
	spreads  []Spread // by row; the zero Spread where not computable
	tally    SpreadTally
	clusters Clusters // dense
	known    bool     // whether the clusters are
}

// MeasureDisagreement computes Disagreement for every scenario over the
// models of a set. Scenarios with fewer than two positions on a value are
// not computable; Excluded counts them. A model that p lacks is an error
// with the nearest names, a set of one model is ErrTooFew.
//
// Missing positions are left out, on each value by itself.
//
// Source: Zhang et al. 2025, section 2.2; see Disagreement.
func MeasureDisagreement(p *Positions, set ModelSet) (*Disagreements, error) {
	if err := checkDisagreementSet(set); err != nil {
		return nil, err
	}
	columns, err := p.columnsOf(set)
	if err != nil {
		return nil, err
	}
	clusters, err := p.clusters.among(p.rows)
	if err != nil {
		return nil, err
	}
	d := &Disagreements{Set: set, spreads: make([]Spread, p.rows), clusters: clusters, known: p.clusters.Known()}
	err = inBlocks(p.rows, func() (work func(lo, hi int) error, finish func()) {
		s := newSpreader(p, [][]int{columns})
		var tally SpreadTally
		return func(lo, hi int) error {
			s.block(lo)
			s.spreads(0, lo, d.spreads[lo:hi])
			tally.addAll(d.spreads[lo:hi])
			return nil
		}, func() { d.tally.Merge(&tally) }
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

func checkDisagreementSet(set ModelSet) error {
	switch n := len(set.Models); {
	case n < 2:
		return fmt.Errorf("analysis: disagreement over set %s of %d models: %w", set.Name, n, ErrTooFew)
	case n > maxModels:
		return fmt.Errorf("analysis: disagreement over set %s of %d models, want at most %d", set.Name, n, maxModels)
	}
	return nil
}

// Len is the number of scenarios, computable or not.
func (d *Disagreements) Len() int { return len(d.spreads) }

// At is the disagreement on one scenario, and false where it is not
// computable.
func (d *Disagreements) At(row int) (Spread, bool) {
	return d.spreads[row], d.spreads[row].Computable()
}

// Tally counts the scenarios by their exact disagreement.
func (d *Disagreements) Tally() *SpreadTally { return &d.tally }

// Computable is the number of scenarios that have a disagreement.
func (d *Disagreements) Computable() int { return d.Len() - d.NotComputable() }

// NotComputable is the number of scenarios with fewer than two positions
// on a value.
func (d *Disagreements) NotComputable() int { return d.tally.NotComputable() }

// Excluded says how many scenarios every number here leaves out, and why;
// it is empty when it leaves out none.
func (d *Disagreements) Excluded() []Exclusion { return notComputable(d.NotComputable()) }

// Scores returns the standard deviations of the computable scenarios, in
// row order. They are for plots and means; At keeps to rows, and exact
// comparisons to spreads.
func (d *Disagreements) Scores() []float64 {
	scores := make([]float64, 0, len(d.spreads))
	for _, s := range d.spreads {
		if s.Computable() {
			scores = append(scores, s.StdDev())
		}
	}
	return scores
}

// Mean estimates the mean disagreement over the computable scenarios, in
// score units, with a bootstrap over value pairs; see the function Mean.
// The error is ErrTooFew when no scenario is computable.
func (d *Disagreements) Mean() (Estimate, error) {
	var clusters Clusters
	if d.known {
		clusters = Clusters{ID: make([]int32, 0, d.Len()), N: d.clusters.N}
		for row, s := range d.spreads {
			if s.Computable() {
				clusters.ID = append(clusters.ID, d.clusters.ID[row])
			}
		}
	}
	e, err := Mean(d.Scores(), clusters)
	if err != nil {
		return Estimate{}, fmt.Errorf("analysis: disagreement of set %s: %w", d.Set.Name, err)
	}
	e.Excluded = d.Excluded()
	return e, nil
}

// CountAtLeast counts the scenarios with a disagreement of t or more.
//
// It is exact: t is taken as the decimal number that it prints as, so 1.1
// means 11/10, and compared in integers. Rounded standard deviations put
// scenarios at a threshold on the wrong side. A negative t, NaN and
// infinity are errors.
func (d *Disagreements) CountAtLeast(t float64) (int, error) { return d.tally.CountAtLeast(t) }

// ShareAtLeast estimates the share of computable scenarios with a
// disagreement of t or more, 0..1; see CountAtLeast and Share. The error
// is ErrTooFew when no scenario is computable.
func (d *Disagreements) ShareAtLeast(t float64) (Estimate, error) {
	tally := NewShareTally(d.clusters.N)
	err := d.eachAtLeast(t, func(row int, reaches bool) { tally.Add(int(d.clusters.ID[row]), reaches) })
	if err != nil {
		return Estimate{}, err
	}
	e, err := shareMean(d.known, tally)
	if err != nil {
		return Estimate{}, fmt.Errorf("analysis: disagreement of set %s: %w", d.Set.Name, err)
	}
	e.Excluded = d.Excluded()
	return e, nil
}

func (d *Disagreements) eachAtLeast(t float64, visit func(row int, reaches bool)) error {
	threshold, err := newThreshold(t)
	if err != nil {
		return err
	}
	smallest := make([]uint64, len(d.Set.Models)+1) // Q that reaches t, by N
	for n := range smallest {
		smallest[n] = threshold.atLeast(n)
	}
	for row, s := range d.spreads {
		if s.Computable() {
			visit(row, uint64(s.Q) >= smallest[s.N])
		}
	}
	return nil
}
