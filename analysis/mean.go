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
//
// DesignEffect is the linearised variance over clusters against that of as
// many independent values, and may be below 1; 0 where it has no value. It
// is for reading: the interval has it within.
//
// Source: see Bootstrap, and ShareMean for the linearised variance.
func Mean(x []float64, clusters Clusters) (Estimate, error) {
	if err := allFinite("mean", "value", x); err != nil {
		return Estimate{}, err
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
	if clusters.Known() {
		e.DesignEffect = designEffect(x, mean, dense)
	}
	if !clusters.Known() {
		e.Clusters = 0
		e.Warnings = append(e.Warnings, errClustersUnknown)
	}
	return e, nil
}

// designEffect is that of a mean; 0 where the values do not vary or belong
// to one cluster.
func designEffect(x []float64, mean float64, dense Clusters) float64 {
	influence := make([]float64, dense.N)
	squares := 0.0
	for i, v := range x {
		influence[dense.ID[i]] += v - mean
		squares += (v - mean) * (v - mean)
	}
	if squares == 0 || dense.N < 2 {
		return 0
	}
	clustered := 0.0
	for _, d := range influence {
		clustered += d * d
	}
	n, c := float64(len(x)), float64(dense.N)
	return c / (c - 1) * clustered / (n / (n - 1) * squares)
}

// allFinite refuses NaN and infinities, by index. A rank or a mean of them
// is none, and they are most often missing values that somebody filled in.
func allFinite(what, each string, x []float64) error {
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("analysis: %s: %s %d is %v", what, each, i, v)
		}
	}
	return nil
}
