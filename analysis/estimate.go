package analysis

import (
	"errors"
	"fmt"
)

// Level is the confidence level of every interval unless a caller asks for
// another.
const Level = 0.95

// ErrTooFew marks a statistic that has no value because too little is
// present: no scenario left, fewer than two positions, one rater.
var ErrTooFew = errors.New("too few observations")

// ErrUndefined marks a statistic whose formula has no value on these data,
// such as kappa when chance agreement is perfect.
var ErrUndefined = errors.New("undefined")

// An Estimate is a number and what it rests on. A pure count is known, not
// estimated: its Level is 0 and SE, Lo and Hi say nothing.
type Estimate struct {
	Value    float64
	SE       float64 // standard error, in the unit of Value
	Lo, Hi   float64 // interval at Level
	Level    float64 // 0 for a count
	N        int     // sampling units behind the value
	Clusters int     // independent groups of units; 0 when not clustered
	// DesignEffect is the variance over that of as many independent units;
	// 0 when it was not estimated.
	DesignEffect float64
	Method       string // how Value, SE and the interval were made
	Seed         uint64 // of a resampling method, else 0

	Excluded []Exclusion // what was left out of N, and why
	Warnings []error     // doubts that do not forbid the number
}

// Count returns the estimate for a pure count over n units.
func Count(value, n int, excluded ...Exclusion) Estimate {
	return Estimate{Value: float64(value), N: n, Method: "count", Excluded: excluded}
}

// HasInterval reports whether SE, Lo and Hi mean anything.
func (e Estimate) HasInterval() bool { return e.Level > 0 }

// Covers reports whether the interval contains x.
func (e Estimate) Covers(x float64) bool { return e.HasInterval() && e.Lo <= x && x <= e.Hi }

// An Exclusion is a number of units that were left out for one reason.
type Exclusion struct {
	Reason string
	N      int
}

func (x Exclusion) String() string { return fmt.Sprintf("%d %s", x.N, x.Reason) }
