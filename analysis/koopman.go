package analysis

import (
	"fmt"
	"math"
)

// Koopman returns the score interval for the ratio of two independent
// proportions, x of n over y of m: all ratios that a chi-squared test of
// the given level does not reject, with the shares that are likeliest
// under the ratio. The limits are at least 0 and lie around (x/n)/(y/m);
// lo is 0 when x is 0, and hi is +Inf when y is 0, as the ratio may then
// be as large as you like.
//
// Counts may be fractions, as effective sample sizes are. Miettinen and
// Nurminen's interval is the same but for a variance (n+m)/(n+m-1) times
// as large.
//
// Errors: ErrTooFew for n or m of 0 or less, ErrUndefined when x and y are
// both 0.
//
// Source: Koopman 1984, Biometrics 40:513-517; Miettinen and Nurminen
// 1985, Statistics in Medicine 4:213-226.
func Koopman(x, n, y, m, level float64) (lo, hi float64, err error) {
	switch {
	case !(level > 0 && level < 1):
		return 0, 0, fmt.Errorf("analysis: Koopman: level %v, want above 0 and below 1", level)
	case n <= 0 || m <= 0:
		return 0, 0, fmt.Errorf("analysis: Koopman: n = %v, m = %v: %w", n, m, ErrTooFew)
	case !(x >= 0 && x <= n) || math.IsInf(n, 1):
		return 0, 0, fmt.Errorf("analysis: Koopman: %v events of %v above, want 0 to n", x, n)
	case !(y >= 0 && y <= m) || math.IsInf(m, 1):
		return 0, 0, fmt.Errorf("analysis: Koopman: %v events of %v below, want 0 to m", y, m)
	case x == 0 && y == 0:
		return 0, 0, fmt.Errorf("analysis: Koopman: no events, so any ratio fits: %w", ErrUndefined)
	}
	z := normalQuantile(level)
	// The score falls as the ratio grows, from +Inf or, without an event
	// above, 0, to -Inf or, without one below, 0.
	above := func(limit float64) func(float64) bool {
		return func(log float64) bool { return ratioScore(x, n, y, m, math.Exp(log)) > limit }
	}
	lo, hi = 0, math.Inf(1)
	if x > 0 {
		lo = math.Exp(lastTrue(above(z)))
	}
	if y > 0 {
		hi = math.Exp(lastTrue(above(-z)))
	}
	if x > 0 && y > 0 { // but for the last bit, it is so already
		ratio := x / n / (y / m)
		lo, hi = min(lo, ratio), max(hi, ratio)
	}
	return lo, hi, nil
}

// ratioScore is how many standard errors x/n is above ratio times y/m, if
// that is the true ratio.
func ratioScore(x, n, y, m, ratio float64) float64 {
	// The likeliest q with p = ratio·q, as the smaller root of
	// ratio·(n+m)·q² - b·q + x+y in the form that does not cancel.
	b := ratio*(n+y) + x + m
	root := math.Sqrt(max(0, b*b-4*ratio*(n+m)*(x+y)))
	q := 2 * (x + y) / (b + root)
	p := ratio * q
	variance := p*max(0, 1-p)/n + ratio*ratio*q*max(0, 1-q)/m
	difference := x/n - ratio*(y/m)
	if difference == 0 {
		return 0
	}
	return difference / math.Sqrt(variance)
}

// lastTrue is the end of the reals for which a condition holds that holds
// below that end and not above it.
func lastTrue(holds func(float64) bool) float64 {
	lo, hi := -1.0, 1.0
	for !holds(lo) {
		lo *= 2
	}
	for holds(hi) {
		hi *= 2
	}
	return bisectLast(lo, hi, holds)
}

// bisectLast is lastTrue between lo, where the condition holds, and hi, where
// it does not.
func bisectLast(lo, hi float64, holds func(float64) bool) float64 {
	for {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			return mid
		}
		if holds(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
}
