package analysis

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/specstress/specstress/internal/sqdist"
)

// An Assignment gives every point to the nearest of some selected points.
type Assignment struct {
	Centre   []int32   // by point: index into the selected points, the first of several
	Distance []float64 // by point, unweighted; 0 for a selected point and its duplicates
}

// Nearest finds for every point the nearest of the points listed, such as
// Selection.Rows. It computes all distances, points times selected points,
// which lazy selection avoids; workers is as in KCenterOptions.
//
// Errors: no point listed (ErrTooFew), one that is out of range, and that of
// ctx.
// No element of a vector is missing, see NewVectors.
//
// Source: see KCenter.
func Nearest(ctx context.Context, v *Vectors, selected []int, workers int) (*Assignment, error) {
	if len(selected) == 0 {
		return nil, fmt.Errorf("analysis: nearest: no point is selected: %w", ErrTooFew)
	}
	rows := make([]float32, 0, len(selected)*v.dim)
	for _, row := range selected {
		if row < 0 || row >= v.rows {
			return nil, fmt.Errorf("analysis: nearest: row %d is selected, want 0..%d", row, v.rows-1)
		}
		rows = append(rows, v.Row(row)...)
	}
	a := &Assignment{make([]int32, v.rows), make([]float64, v.rows)}
	const points = 32 // that share a block of selected points while it is in the cache
	block := max(1, blockBytes/(4*v.dim))
	err := onWorkers(ctx, workers, (v.rows+points-1)/points, func(task int) {
		lo, hi := task*points, min((task+1)*points, v.rows)
		var near [points]float32
		for i := range near {
			near[i] = float32(math.Inf(1))
		}
		squares := make([]float32, block)
		for from := 0; from < len(selected); from += block {
			to := min(from+block, len(selected))
			for i := lo; i < hi; i++ {
				sqdist.Rows(squares[:to-from], v.Row(i), rows[from*v.dim:to*v.dim])
				for j, s := range squares[:to-from] {
					if s < near[i-lo] {
						near[i-lo], a.Centre[i] = s, int32(from+j)
					}
				}
			}
		}
		for i := lo; i < hi; i++ {
			a.Distance[i] = math.Sqrt(float64(near[i-lo]))
		}
	})
	if err != nil {
		return nil, fmt.Errorf("analysis: nearest: %w", err)
	}
	return a, nil
}

// Within counts the points that are at most a distance from their selected
// point: the coverage at that distance.
func (a *Assignment) Within(distance float64) int {
	n := 0
	for _, d := range a.Distance {
		if d <= distance {
			n++
		}
	}
	return n
}

// Sizes counts the points of each selected point, itself among them.
func (a *Assignment) Sizes() []int {
	sizes := make([]int, int(slices.Max(a.Centre))+1)
	for _, c := range a.Centre {
		sizes[c]++
	}
	return sizes
}
