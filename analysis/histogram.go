package analysis

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Histogram counts scenarios by disagreement.
type Histogram struct {
	Edges    []float64 // len(Counts)+1; bins are [a,b), the last one [a,b]
	Counts   []int
	Outside  int // computable scenarios outside all bins
	Excluded []Exclusion
}

// PaperBins returns the edges of Figure 2's five bins of disagreement.
//
// Source: Zhang et al. 2025, Figure 2.
func PaperBins() []float64 { return []float64{0, 1, 1.5, 2, 2.5, 3} }

// BinName is the name of a bin in figures and result ids, as in
// "1.5-2.0": its edges with at least one decimal.
func BinName(lo, hi float64) string { return edgeName(lo) + "-" + edgeName(hi) }

func edgeName(edge float64) string {
	s := strconv.FormatFloat(edge, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// Bin returns for each scenario the index of its bin, or -1 where the
// disagreement is not computable or outside all bins. The bins, and the
// errors for edges that make none, are those of Histogram.
func (d *Disagreements) Bin(edges []float64) ([]int, error) {
	lower, err := d.binCuts(edges)
	if err != nil {
		return nil, err
	}
	bins := make([]int, len(d.spreads))
	for row, s := range d.spreads {
		// As many cuts as are at or below Q, less one.
		bin, _ := slices.BinarySearch(lower[s.N], uint64(s.Q)+1)
		bin--
		if bin == len(edges)-1 { // above the last edge
			bin = -1
		}
		bins[row] = bin
	}
	return bins, nil
}

// Histogram counts the scenarios in each bin [edges[i], edges[i+1]), the
// last one closed at both ends. It is exact, as CountAtLeast is. Edges are
// in score units; fewer than two, or any that are negative, not finite or
// not ascending are errors.
func (d *Disagreements) Histogram(edges []float64) (Histogram, error) {
	bins, err := d.Bin(edges)
	if err != nil {
		return Histogram{}, err
	}
	h := Histogram{
		Edges:    append([]float64(nil), edges...),
		Counts:   make([]int, len(edges)-1),
		Outside:  d.Computable(),
		Excluded: d.Excluded(),
	}
	for _, bin := range bins {
		if bin >= 0 {
			h.Counts[bin]++
			h.Outside--
		}
	}
	return h, nil
}

// binCuts returns for each number of positions N the smallest Q of each
// bin, and the smallest above the last edge. No bin holds the spread of
// N = 0, which has no cuts.
func (d *Disagreements) binCuts(edges []float64) ([][]uint64, error) {
	if len(edges) < 2 {
		return nil, fmt.Errorf("analysis: bins of disagreement have %d edges, want at least 2", len(edges))
	}
	cuts := make([][]uint64, len(d.Set.Models)+1)
	for i, edge := range edges {
		if i > 0 && !(edge > edges[i-1]) {
			return nil, fmt.Errorf("analysis: bins of disagreement: edge %v after %v, want ascending edges", edge, edges[i-1])
		}
		t, err := newThreshold(edge)
		if err != nil {
			return nil, err
		}
		for n := 2; n < len(cuts); n++ {
			cut := t.atLeast(n)
			if i == len(edges)-1 {
				cut = t.above(n)
			}
			cuts[n] = append(cuts[n], cut)
		}
	}
	return cuts, nil
}
