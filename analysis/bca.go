package analysis

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// jackknifeBlocks bounds how many parts BootstrapBCa leaves out in turn.
// The acceleration of n clusters is of the order 1/sqrt(n), and that of b
// blocks is off by about 0.65/b: here by no more than 0.0004.
const jackknifeBlocks = 2000

// BootstrapBCa is Bootstrap with the bias-corrected and accelerated
// interval in place of the percentile one. It shifts the two quantiles for
// a statistic whose replicates are off centre or whose spread changes with
// its value, such as a ratio or a share near 0; on a mean of many units the
// two intervals hardly differ. Replicates and SE are the same bytes.
//
// The bias z0 is the normal quantile of the share of replicates below the
// value on the data, ties counting half. The acceleration is
//
//	a = sum d^3 / (6 (sum d^2)^1.5)
//
// over the values with one cluster left out, d being how far such a value
// lies below their mean: stat is called with weights of 1 and a single 0.
// Above 2,000 clusters it leaves out 2,000 blocks of clusters in turn,
// block b having the clusters b, b+2000, b+4000 and so on.
//
// Errors are those of Bootstrap, and ErrUndefined when stat has no value on
// the data themselves or without one of the clusters, when all replicates
// lie on one side of the value, and when the acceleration is so large that
// the limits change places.
//
// Source: Efron 1987, JASA 82:171-185; Efron and Tibshirani 1993, section
// 14.3.
func BootstrapBCa(clusters, replicates int, seed uint64, level float64, stat func(weights []int32) (float64, error)) (Resampled, error) {
	r, err := Bootstrap(clusters, replicates, seed, level, stat)
	if err != nil {
		return Resampled{}, err
	}
	value, err := stat(unweighted(clusters))
	if err == nil && math.IsNaN(value) {
		err = ErrUndefined
	}
	if err != nil {
		return Resampled{}, fmt.Errorf("analysis: BCa: on the data: %w", err)
	}
	if r.Acceleration, err = acceleration(clusters, stat); err != nil {
		return Resampled{}, fmt.Errorf("analysis: BCa: %w", err)
	}
	below := 0.0
	for _, v := range r.Replicates {
		switch {
		case v < value:
			below++
		case v == value:
			below += 0.5
		}
	}
	below /= float64(len(r.Replicates))
	if below == 0 || below == 1 {
		return Resampled{}, fmt.Errorf("analysis: BCa: all replicates lie on one side of %v: %w", value, ErrUndefined)
	}
	r.Interval, r.Bias = "BCa", distuv.UnitNormal.Quantile(below)
	lo, hi := r.tails()
	if !(lo < hi) {
		return Resampled{}, fmt.Errorf("analysis: BCa: acceleration %.3g is too large for a level of %v: %w", r.Acceleration, level, ErrUndefined)
	}
	sorted := slices.Sorted(slices.Values(r.Replicates))
	r.Lo, r.Hi = quantile(sorted, lo), quantile(sorted, hi)
	return r, nil
}

// acceleration is a sixth of the skewness of the jackknife values; 0 when
// they are all equal.
func acceleration(clusters int, stat func([]int32) (float64, error)) (float64, error) {
	blocks := min(clusters, jackknifeBlocks)
	without := make([]float64, blocks)
	err := parallelUntilError(blocks, func() func(int) error {
		weights := unweighted(clusters)
		take := func(b int, times int32) {
			for c := b; c < clusters; c += blocks {
				weights[c] = times
			}
		}
		return func(b int) error {
			take(b, 0)
			value, err := stat(weights)
			take(b, 1)
			if err == nil && math.IsNaN(value) {
				err = ErrUndefined
			}
			if err != nil {
				return fmt.Errorf("without cluster %d: %w", b, err)
			}
			without[b] = value
			return nil
		}
	})
	if err != nil {
		return 0, err
	}
	centre := mean(without)
	var squares, cubes float64
	for _, v := range without {
		d := centre - v
		squares += d * d
		cubes += d * d * d
	}
	if squares == 0 {
		return 0, nil
	}
	return cubes / (6 * math.Pow(squares, 1.5)), nil
}

// tails are the shares of replicates below Lo and below Hi of a BCa
// interval; NaN where the formula has no value.
func (r Resampled) tails() (lo, hi float64) {
	z := normalQuantile(r.Level)
	tail := func(z float64) float64 {
		shifted := r.Bias + z
		scale := 1 - r.Acceleration*shifted
		if scale <= 0 {
			return math.NaN()
		}
		return distuv.UnitNormal.CDF(r.Bias + shifted/scale)
	}
	return tail(-z), tail(z)
}

// beyond reports whether a BCa limit would lie outside of the replicates.
func (r Resampled) beyond() bool {
	if r.Interval != "BCa" {
		return false
	}
	lo, hi := r.tails()
	step := 1 / float64(len(r.Replicates))
	return lo < step || hi > 1-step
}
