package analysis

import (
	"errors"
	"fmt"
	"math"
)

// Mean returns the mean of x, in its unit, with a cluster bootstrap of
// Replicates replicates and seed DefaultSeed. Unknown clusters resample
// single values, with a warning; values of a single cluster have a mean
// but no interval, with a warning. The error is ErrTooFew for no values.
// NaN and infinities are refused.
func Mean(x []float64, clusters Clusters) (Estimate, error) {
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return Estimate{}, fmt.Errorf("analysis: mean: value %d is %v", i, v)
		}
	}
	dense, err := clusters.among(len(x))
	if err != nil {
		return Estimate{}, err
	}
	if len(x) == 0 {
		return Estimate{}, fmt.Errorf("analysis: mean of no values: %w", ErrTooFew)
	}
	// Sums by cluster are all that a replicate needs.
	sums := make([]struct{ x, n float64 }, dense.N)
	sum := 0.0
	for i, v := range x {
		sum += v
		sums[dense.ID[i]].x += v
		sums[dense.ID[i]].n++
	}
	r, err := Bootstrap(dense.N, Replicates, DefaultSeed, Level, func(weights []int32) (float64, error) {
		var x, n float64
		for c, w := range weights {
			x += float64(w) * sums[c].x
			n += float64(w) * sums[c].n
		}
		return x / n, nil
	})
	mean := sum / float64(len(x))
	var e Estimate
	switch {
	case errors.Is(err, ErrTooFew):
		e = Estimate{Value: mean, N: len(x), Clusters: dense.N, Method: "mean", Warnings: []error{fmt.Errorf("no interval: %w", err)}}
	case err != nil:
		return Estimate{}, fmt.Errorf("analysis: mean: %w", err)
	default:
		e = r.Estimate(mean, len(x))
	}
	if !clusters.Known() {
		e.Clusters = 0
		e.Warnings = append(e.Warnings, errClustersUnknown)
	}
	return e, nil
}
