package analysis

import (
	"fmt"
	"math"
)

// Wilson returns the score interval for a proportion: all shares that a
// two-sided normal test of the given level does not reject. The limits lie
// in 0..1, around successes/n, and are exactly 0 and 1 at the two ends.
//
// Successes and n may be fractions, as an effective sample size is. The
// error is ErrTooFew for n of 0 or less.
//
// Source: Wilson 1927, JASA 22:209-212; method 3 of Newcombe 1998,
// Statistics in Medicine 17:857-872.
func Wilson(successes, n, level float64) (lo, hi float64, err error) {
	switch {
	case !(level > 0 && level < 1):
		return 0, 0, fmt.Errorf("analysis: Wilson: level %v, want above 0 and below 1", level)
	case n <= 0:
		return 0, 0, fmt.Errorf("analysis: Wilson: n = %v: %w", n, ErrTooFew)
	case !(successes >= 0 && successes <= n) || math.IsInf(n, 1):
		return 0, 0, fmt.Errorf("analysis: Wilson: %v successes of %v, want 0 to n", successes, n)
	}
	z := normalQuantile(level)
	failures := n - successes
	centre := successes + z*z/2
	half := z * math.Sqrt(successes*failures/n+z*z/4)
	lo = (centre - half) / (n + z*z)
	hi = (centre + half) / (n + z*z)
	if successes == 0 {
		lo = 0
	}
	if failures == 0 {
		hi = 1
	}
	return lo, hi, nil
}

// normalQuantile is the z with the given probability between -z and z.
func normalQuantile(level float64) float64 { return math.Sqrt2 * math.Erfinv(level) }
