package analysis

import (
	"fmt"
	"maps"
	"slices"
)

// A SpreadTally counts scenarios by their exact disagreement. The Spread of
// N scores takes at most 9·N²+1 values, so that few counters hold everything
// that can be asked of how disagreement is distributed, at any threshold
// and in any bins, without a look at the rows. Tallies of parts of the rows
// add up to that of the whole in any order.
//
// The zero SpreadTally is empty and ready to use.
type SpreadTally struct {
	counts [][]int64        // [N][Q] for N up to denseModels; nil where none has that N
	sparse map[Spread]int64 // of more models
	rows   int
	none   int // not computable
}

// denseModels is up to where a counter for every possible Spread is worth
// its memory, 1 MB at most.
const denseModels = 128

// Add counts one scenario.
func (t *SpreadTally) Add(s Spread) { t.addAll([]Spread{s}) }

func (t *SpreadTally) addAll(spreads []Spread) {
	t.rows += len(spreads)
	n, counter := uint16(0), []int64(nil)
	for _, s := range spreads {
		switch {
		case s.N == 0:
			t.none++
			continue
		case s.N > denseModels:
			t.count(s, 1)
			continue
		case s.N != n:
			n, counter = s.N, t.counter(int(s.N))
		}
		counter[s.Q]++
	}
}

// counter counts the spreads of n scores.
func (t *SpreadTally) counter(n int) []int64 {
	for len(t.counts) <= n {
		t.counts = append(t.counts, nil)
	}
	if t.counts[n] == nil {
		// Popoviciu: the variance is at most a quarter of the range squared.
		t.counts[n] = make([]int64, n*n*MaxScore*MaxScore/4+1)
	}
	return t.counts[n]
}

func (t *SpreadTally) count(s Spread, times int64) {
	if s.N <= denseModels {
		t.counter(int(s.N))[s.Q] += times
		return
	}
	if t.sparse == nil {
		t.sparse = map[Spread]int64{}
	}
	t.sparse[s] += times
}

// each visits what was counted, in ascending order of N and Q.
func (t *SpreadTally) each(visit func(s Spread, times int64)) {
	for n, counter := range t.counts {
		for q, times := range counter {
			if times > 0 {
				visit(Spread{uint32(q), uint16(n)}, times)
			}
		}
	}
	for _, s := range slices.SortedFunc(maps.Keys(t.sparse), func(a, b Spread) int {
		if a.N != b.N {
			return int(a.N) - int(b.N)
		}
		return a.Compare(b)
	}) {
		visit(s, t.sparse[s])
	}
}

// Merge adds the counts of another tally.
func (t *SpreadTally) Merge(o *SpreadTally) {
	t.rows += o.rows
	t.none += o.none
	o.each(t.count)
}

// Rows is the number of scenarios counted, computable or not.
func (t *SpreadTally) Rows() int { return t.rows }

// NotComputable is the number of those with fewer than two positions on a
// value.
func (t *SpreadTally) NotComputable() int { return t.none }

// CountAtLeast counts the scenarios with a disagreement of x or more; see
// Disagreements.CountAtLeast, which is exact in the same way and has the same
// errors.
func (t *SpreadTally) CountAtLeast(x float64) (int, error) {
	threshold, err := newThreshold(x)
	if err != nil {
		return 0, err
	}
	count, n, smallest := int64(0), uint16(0), uint64(0)
	t.each(func(s Spread, times int64) {
		if s.N != n {
			n, smallest = s.N, threshold.atLeast(int(s.N))
		}
		if uint64(s.Q) >= smallest {
			count += times
		}
	})
	return int(count), nil
}

// Histogram counts the scenarios in each bin [edges[i], edges[i+1]), the
// last one closed at both ends; see Disagreements.Histogram, also for errors.
func (t *SpreadTally) Histogram(edges []float64) (Histogram, error) {
	cuts, err := newBinCuts(edges)
	if err != nil {
		return Histogram{}, err
	}
	h := Histogram{
		Edges:    append([]float64(nil), edges...),
		Counts:   make([]int, len(edges)-1),
		Excluded: notComputable(t.none),
	}
	t.each(func(s Spread, times int64) {
		if bin := cuts.bin(s); bin >= 0 {
			h.Counts[bin] += int(times)
		} else {
			h.Outside += int(times)
		}
	})
	return h, nil
}

// Mean is the plain mean of the standard deviations, in score units, with
// no interval: that takes the rows, see Disagreements.Mean. It is summed in
// the order of the spreads, so that rows in any order give the same bytes.
// The error is ErrTooFew when no scenario is computable.
func (t *SpreadTally) Mean() (float64, error) {
	if t.rows == t.none {
		return 0, fmt.Errorf("analysis: mean disagreement of %d scenarios, none computable: %w", t.rows, ErrTooFew)
	}
	sum := 0.0
	t.each(func(s Spread, times int64) { sum += float64(float64(times) * s.StdDev()) })
	return sum / float64(t.rows-t.none), nil
}

// notComputable is what numbers of disagreement leave out, if anything.
func notComputable(n int) []Exclusion {
	return exclusions(Exclusion{"not computable: fewer than two positions on a value", n})
}
