package analysis

import (
	"context"
	"fmt"
	"slices"
)

// SeedSensitivity says how much a selection by FarthestFirst owes to the
// random point that it starts with.
type SeedSensitivity struct {
	Seeds []uint64
	Sizes []int     // by seed, how many points were selected
	Radii []float64 // by seed, the covering radius

	// Overlap is the mean, over pairs of seeds, of the points that both
	// selected over those that either did (Jaccard), 0 to 1; LeastOverlap
	// is that of the pair that agrees least.
	Overlap, LeastOverlap float64

	Always, Ever int // points that every, or some, seed selected
}

// MeasureSeedSensitivity selects with each seed, two or more. opt.Start is
// not used, and its method must be FarthestFirst, or PaperMethod without
// weights: WangCheng has no random start.
//
// The errors are those of KCenter, and ErrTooFew for fewer than two seeds.
// No element of
// a vector is missing, see NewVectors.
//
// Source: see KCenter.
func MeasureSeedSensitivity(ctx context.Context, v *Vectors, opt KCenterOptions, seeds []uint64) (*SeedSensitivity, error) {
	if len(seeds) < 2 {
		return nil, fmt.Errorf("analysis: seed sensitivity of %d seeds: %w", len(seeds), ErrTooFew)
	}
	r := &SeedSensitivity{Seeds: slices.Clone(seeds), LeastOverlap: 1}
	times := make([]int, v.rows)
	chosen := make([][]bool, len(seeds))
	for i, seed := range seeds {
		opt.Start = StartRandom(seed)
		s, err := KCenter(ctx, v, opt)
		if err != nil {
			return nil, err
		}
		if s.Method != FarthestFirst {
			return nil, fmt.Errorf("analysis: seed sensitivity: %s has no random start", s.Method)
		}
		r.Sizes, r.Radii = append(r.Sizes, len(s.Rows)), append(r.Radii, s.Radius)
		chosen[i] = make([]bool, v.rows)
		for _, row := range s.Rows {
			chosen[i][row] = true
			times[row]++
		}
	}
	for _, n := range times {
		if n > 0 {
			r.Ever++
		}
		if n == len(seeds) {
			r.Always++
		}
	}
	pairs := 0
	for i := range seeds {
		for j := range i {
			both := 0
			for row, in := range chosen[i] {
				if in && chosen[j][row] {
					both++
				}
			}
			overlap := float64(both) / float64(r.Sizes[i]+r.Sizes[j]-both)
			r.Overlap += overlap
			r.LeastOverlap = min(r.LeastOverlap, overlap)
			pairs++
		}
	}
	r.Overlap /= float64(pairs)
	return r, nil
}
