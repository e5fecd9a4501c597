package analysis

import (
	"fmt"
	"math"
	"sort"
)

// A Selection lists the points that were selected, in order. No point stands
// there twice: points at distance 0 from a selected one, such as duplicates,
// and points of weight 0 are never selected, but for a first one that was
// asked for.
type Selection struct {
	Method KCenterMethod // FarthestFirst or WangCheng
	Rows   []int

	// Distance is that to the nearest point selected before, +Inf for the
	// first one; it belongs to the unweighted Figure 9. Score is it times
	// the weight: what was compared. Under FarthestFirst scores never rise.
	Distance, Score []float64

	// Radius is the largest score among all points in the end: the covering
	// radius, weighted where there are weights.
	Radius float64

	Threshold float64 // that scores were compared with; negative for none
	Stopped   Stopped

	// Distances counts those that were computed; going through all points
	// for every selected one would take Points times len(Rows).
	Distances int64
	Points    int
}

// Stopped says why a selection ended.
type Stopped int

const (
	AtThreshold Stopped = iota // no score is above the threshold
	AtK                        // K points are selected
	AllCovered                 // every score is 0, and K points were not reached
)

// String says it in words.
func (s Stopped) String() string {
	return nameOf("Stopped", int(s), "threshold", "k", "all covered")
}

// add selects a point.
func (s *Selection) add(f *frontier, row int, distance float64) {
	score := distance
	if f.weights != nil && !math.IsInf(distance, 0) {
		score *= f.weights[row]
	}
	s.Rows = append(s.Rows, row)
	s.Distance = append(s.Distance, distance)
	s.Score = append(s.Score, score)
	f.take(row)
}

// Prefix is the selection of the first k points only, 1 to len(s.Rows), by
// FarthestFirst: the same as selecting k points anew. Distances stays that
// of the whole. The error is for another k and for WangCheng, whose
// selections are not nested.
func (s *Selection) Prefix(k int) (*Selection, error) {
	if s.Method != FarthestFirst {
		return nil, fmt.Errorf("analysis: k-center: prefix of a selection by %s, want one by %s", s.Method, FarthestFirst)
	}
	if k < 1 || k > len(s.Rows) {
		return nil, fmt.Errorf("analysis: k-center: prefix of %d points, want 1..%d", k, len(s.Rows))
	}
	if k == len(s.Rows) {
		return s, nil
	}
	p := *s
	p.Rows, p.Distance, p.Score = s.Rows[:k:k], s.Distance[:k:k], s.Score[:k:k]
	p.Radius, p.Stopped = s.Score[k], AtK
	return &p, nil
}

// SizeAt is how many points FarthestFirst selects for a threshold, from this
// one traversal: a point of the curve of Figure 9. The error is for a
// threshold below that at which the traversal ended, for which more points
// may be needed, for NaN, and for WangCheng.
//
// Source: Zhang et al. 2025, Figure 9 (p. 20).
func (s *Selection) SizeAt(threshold float64) (int, error) {
	if s.Method != FarthestFirst {
		return 0, fmt.Errorf("analysis: k-center: size of a selection by %s, want one by %s", s.Method, FarthestFirst)
	}
	if !(threshold >= s.Radius) {
		return 0, fmt.Errorf("analysis: k-center: size at %v: the traversal went down to %v only", threshold, s.Radius)
	}
	return max(1, sort.Search(len(s.Score), func(i int) bool { return s.Score[i] <= threshold })), nil
}
