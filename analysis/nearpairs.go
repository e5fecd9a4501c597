package analysis

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// A NearPair is two points, A < B, that lie close together.
type NearPair struct {
	A, B     int
	Distance float64
}

func (p NearPair) compare(q NearPair) int {
	return cmp.Or(cmp.Compare(p.Distance, q.Distance), cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B))
}

// NearPairs finds all pairs of points at most a distance apart and returns
// the nearest of them, up to most, nearest first and then by row, with the
// number of all. Near-duplicates are what diversity selection is to remove.
//
// No pair is overlooked: a pair is left out of the comparison only where the
// distances of its two points from one of a few others, up to rounding,
// prove by the triangle inequality that it is farther apart. The result is
// the same for any number of workers, which is as in KCenterOptions.
//
// Errors: a distance that is negative or not finite, most below 1, and that
// of ctx.
//
// Source: Zhang et al. 2025, section 2.2, for what it is to find.
func NearPairs(ctx context.Context, v *Vectors, distance float64, most, workers int) (pairs []NearPair, total int, err error) {
	if !(distance >= 0) || math.IsInf(distance, 0) {
		return nil, 0, fmt.Errorf("analysis: near pairs: distance %v, want a finite number, 0 or more", distance)
	}
	if most < 1 {
		return nil, 0, fmt.Errorf("analysis: near pairs: at most %d, want 1 or more", most)
	}
	const pivots = 12
	s, err := KCenter(ctx, v, KCenterOptions{K: pivots, Start: StartAt(0), Workers: workers})
	if err != nil {
		return nil, 0, err
	}
	// far[i] are the distances of point i from the pivots, some of them
	// repeated where there are fewer.
	far := make([][pivots]float64, v.rows)
	order := make([]int32, v.rows)
	err = onWorkers(ctx, workers, v.rows, func(i int) {
		order[i] = int32(i)
		for p := range pivots {
			far[i][p] = v.Distance(i, s.Rows[p%len(s.Rows)])
		}
	})
	if err != nil {
		return nil, 0, fmt.Errorf("analysis: near pairs: %w", err)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(far[a][0], far[b][0]), cmp.Compare(a, b))
	})
	sorted := make([][pivots]float64, v.rows)
	for at, i := range order {
		sorted[at] = far[i]
	}
	_, longest := v.Lengths()
	if v.metric == Cosine {
		longest = 1
	}
	reach := distance + 1e-4*longest // distances of float32 elements are that exact many times over

	const step = 64
	tasks := (v.rows + step - 1) / step
	found, counts := make([][]NearPair, tasks), make([]int, tasks)
	err = onWorkers(ctx, workers, tasks, func(task int) {
		for at := task * step; at < min((task+1)*step, v.rows); at++ {
			mine := &sorted[at]
		others:
			for other := at + 1; other < v.rows && sorted[other][0]-mine[0] <= reach; other++ {
				theirs := &sorted[other]
				for p := 1; p < pivots; p++ {
					if math.Abs(mine[p]-theirs[p]) > reach {
						continue others
					}
				}
				a, b := int(order[at]), int(order[other])
				d := v.Distance(min(a, b), max(a, b))
				if d > distance {
					continue
				}
				counts[task]++
				found[task] = append(found[task], NearPair{min(a, b), max(a, b), d})
				if len(found[task]) >= 2*most+step {
					found[task] = closest(found[task], most)
				}
			}
		}
		found[task] = closest(found[task], most)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("analysis: near pairs: %w", err)
	}
	for _, n := range counts {
		total += n
	}
	return closest(slices.Concat(found...), most), total, nil
}

// closest sorts pairs and keeps so many.
func closest(pairs []NearPair, most int) []NearPair {
	slices.SortFunc(pairs, NearPair.compare)
	return slices.Clip(pairs[:min(most, len(pairs))])
}
