package analysis

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Wilson returns the score interval for a proportion: all shares that a
// two-sided normal test of the given level does not reject. The limits lie
// in 0..1, around successes/n, and are exactly 0 and 1 at the two ends.
//
// Successes and n may be fractions, as an effective sample size is. A unit of
// which it is missing what it is counts in neither. The error is ErrTooFew
// for n of 0 or less.
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

// ClopperPearson returns the exact interval for a proportion, 0..1: all
// shares under which neither as many successes nor as few have a
// probability below (1-level)/2. Whatever the true share, the interval
// holds it with at least the level's probability, mostly with more; Wilson
// holds it with about that probability. The units must be independent: for
// clusters there is no exact interval, and Share has Wilson's.
//
// Its limits are quantiles of beta distributions, and in closed form at
// the ends: with 0 of n the interval is 0 to 1 - ((1-level)/2)^(1/n), and
// with n of n it is the mirror image. For a level of 0.9 that upper limit
// is 1 - 0.05^(1/n), just below 3/n: the rule of three says that 0 of n
// speaks with 95 % confidence, on one side, against shares above 3/n. At
// two-sided 95 % it is just below 3.69/n.
//
// A unit of which it is missing what it is counts in neither successes nor n.
// The error is ErrTooFew for n of 0 or less.
//
// Source: Clopper and Pearson 1934, Biometrika 26:404-413; Hanley and
// Lippman-Hand 1983, JAMA 249:1743-1745 for the rule of three.
func ClopperPearson(successes, n int, level float64) (lo, hi float64, err error) {
	switch {
	case !(level > 0 && level < 1):
		return 0, 0, fmt.Errorf("analysis: Clopper-Pearson: level %v, want above 0 and below 1", level)
	case n <= 0:
		return 0, 0, fmt.Errorf("analysis: Clopper-Pearson: n = %d: %w", n, ErrTooFew)
	case successes < 0 || successes > n:
		return 0, 0, fmt.Errorf("analysis: Clopper-Pearson: %d successes of %d, want 0 to n", successes, n)
	}
	tail := (1 - level) / 2
	return exactLower(successes, n, tail), 1 - exactLower(n-successes, n, tail), nil
}

// exactLower is the share under which as many successes or more have the
// probability tail.
func exactLower(successes, n int, tail float64) float64 {
	switch successes {
	case 0:
		return 0
	case n:
		return math.Exp(math.Log(tail) / float64(n))
	}
	return mathext.InvRegIncBeta(float64(successes), float64(n-successes+1), tail)
}

// normalQuantile is the z with the given probability between -z and z.
func normalQuantile(level float64) float64 { return math.Sqrt2 * math.Erfinv(level) }
