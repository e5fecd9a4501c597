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
	cuts, err := newBinCuts(edges)
	if err != nil {
		return nil, err
	}
	bins := make([]int, len(d.spreads))
	for row, s := range d.spreads {
		bins[row] = cuts.bin(s)
	}
	return bins, nil
}

// Histogram counts the scenarios in each bin [edges[i], edges[i+1]), the
// last one closed at both ends. It is exact, as CountAtLeast is. Edges are
// in score units; fewer than two, or any that are negative, not finite or
// not ascending are errors.
func (d *Disagreements) Histogram(edges []float64) (Histogram, error) {
	return d.tally.Histogram(edges)
}

// binCuts are the edges of bins as exact bounds.
type binCuts struct {
	edges []threshold
	byN   [][]uint64 // the smallest Q of each bin, and the smallest above the last edge
}

func newBinCuts(edges []float64) (*binCuts, error) {
	if len(edges) < 2 {
		return nil, fmt.Errorf("analysis: bins of disagreement have %d edges, want at least 2", len(edges))
	}
	c := &binCuts{edges: make([]threshold, len(edges))}
	for i, edge := range edges {
		if i > 0 && !(edge > edges[i-1]) {
			return nil, fmt.Errorf("analysis: bins of disagreement: edge %v after %v, want ascending edges", edge, edges[i-1])
		}
		t, err := newThreshold(edge)
		if err != nil {
			return nil, err
		}
		c.edges[i] = t
	}
	return c, nil
}

// bin is the bin of a spread, -1 where it is not computable or outside all.
func (c *binCuts) bin(s Spread) int {
	if !s.Computable() {
		return -1
	}
	// As many cuts as are at or below Q, less one.
	bin, _ := slices.BinarySearch(c.of(int(s.N)), uint64(s.Q)+1)
	if bin == len(c.edges) { // above the last edge
		return -1
	}
	return bin - 1
}

// of returns the cuts of spreads of n scores.
func (c *binCuts) of(n int) []uint64 {
	for len(c.byN) <= n {
		c.byN = append(c.byN, nil)
	}
	if c.byN[n] == nil {
		cuts := make([]uint64, len(c.edges))
		last := len(cuts) - 1
		for i, edge := range c.edges[:last] {
			cuts[i] = edge.atLeast(n)
		}
		cuts[last] = c.edges[last].above(n)
		c.byN[n] = cuts
	}
	return c.byN[n]
}
