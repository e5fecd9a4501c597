package analysis

import (
	"fmt"
	"math"
)

// PopulationStdDev returns the population standard deviation of x, in its
// unit: the root of the mean squared distance from the mean, 0 or more. It
// divides by n, not n−1, as the paper's disagreement does; of positions,
// which are small integers, Disagreement gives it exactly.
//
// The mean is subtracted before squaring, from sums that carry along what
// rounding took from them, so that a small spread around a large mean keeps
// its digits.
//
// Errors: ErrTooFew for no values; ErrUndefined when the squares overflow;
// and an error that names the first NaN or infinity.
//
// Source: Neumaier 1974 for the sums; Chan, Golub and LeVeque 1983, The
// American Statistician 37:242-247, for the corrected two passes.
func PopulationStdDev(x []float64) (float64, error) {
	if len(x) == 0 {
		return 0, fmt.Errorf("analysis: population standard deviation of no values: %w", ErrTooFew)
	}
	var sum compensated
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return 0, fmt.Errorf("analysis: population standard deviation: value %d is %v", i, v)
		}
		sum.add(v)
	}
	n := float64(len(x))
	mean := sum.value() / n
	var squares, rest compensated
	for _, v := range x {
		squares.add((v - mean) * (v - mean))
		rest.add(v - mean) // not quite 0, as the mean is rounded
	}
	variance := (squares.value() - rest.value()*rest.value()/n) / n
	if math.IsNaN(variance) || math.IsInf(variance, 0) {
		return 0, fmt.Errorf("analysis: population standard deviation: values are too large to square: %w", ErrUndefined)
	}
	return math.Sqrt(max(0, variance)), nil
}

// compensated is a sum with what rounding has taken from it.
type compensated struct{ sum, lost float64 }

func (c *compensated) add(x float64) {
	t := c.sum + x
	if math.Abs(c.sum) >= math.Abs(x) {
		c.lost += (c.sum - t) + x
	} else {
		c.lost += (x - t) + c.sum
	}
	c.sum = t
}

func (c *compensated) value() float64 { return c.sum + c.lost }
