package analysis

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/specstress/specstress/internal/label"
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
	Unit     string  // what N counts, in the plural, such as "scenarios"; "" for units
	Clusters int     // independent groups of units; 0 when not clustered
	// DesignEffect is the variance over that of as many independent units;
	// 0 when it was not estimated.
	DesignEffect float64
	Method       string // how Value, SE and the interval were made
	Seed         uint64 // of a resampling method, else 0
	// Population is what the units are drawn from and the interval speaks
	// of, such as "tradeoffs like those of split all_models"; "census" for
	// a complete count of what there is; "" when nobody said.
	Population string

	Excluded []Exclusion // what was left out of N, and why
	Warnings []error     // doubts that do not forbid the number
}

// Count returns the estimate for a pure count over n units.
func Count(value, n int, excluded ...Exclusion) Estimate {
	return Estimate{Value: float64(value), N: n, Method: "count", Excluded: excluded}
}

// Of returns the estimate with the names of its sampling unit and of the
// population that its interval speaks of. Functions on plain slices cannot
// know them.
func (e Estimate) Of(unit, population string) Estimate {
	e.Unit, e.Population = unit, population
	return e
}

// HasInterval reports whether SE, Lo and Hi mean anything.
func (e Estimate) HasInterval() bool { return e.Level > 0 }

// Covers reports whether the interval contains x.
func (e Estimate) Covers(x float64) bool { return e.HasInterval() && e.Lo <= x && x <= e.Hi }

// String is the estimate on one line: value, interval, n, clusters, method,
// what was left out and what is in doubt. Value and limits show as many
// decimals as give half the interval's width two significant digits, so
// that the last one shown is still noise to a tenth; counts are whole. NaN
// is "not computable".
func (e Estimate) String() string {
	unit := ""
	if e.Unit != "" {
		unit = " " + e.Unit
	}
	return fmt.Sprintf("%s (n = %s%s%s)", e.Short(), decimal(float64(e.N), 0), unit,
		basis(e.Clusters, e.Method, e.Excluded, e.Warnings))
}

// basis is what estimates and tests say of themselves behind n.
func basis(clusters int, method string, excluded []Exclusion, warnings []error) string {
	var b strings.Builder
	if clusters > 0 {
		fmt.Fprintf(&b, ", %s clusters", decimal(float64(clusters), 0))
	}
	if method != "" {
		b.WriteString(", " + method)
	}
	for i, x := range excluded {
		b.WriteString([]string{"; left out: ", ", "}[min(i, 1)] + x.String())
	}
	for _, w := range warnings {
		b.WriteString("; " + w.Error())
	}
	return b.String()
}

// Short is value and interval, as String begins: what a table has room for.
func (e Estimate) Short() string {
	switch decimals := e.decimals(); {
	case math.IsNaN(e.Value):
		return "not computable"
	case e.HasInterval():
		return fmt.Sprintf("%s [%s, %s]", decimal(e.Value, decimals), decimal(e.Lo, decimals), decimal(e.Hi, decimals))
	default:
		return decimal(e.Value, decimals)
	}
}

// decimals is how many of them Short shows, -1 for as many as there are.
func (e Estimate) decimals() int {
	half := (e.Hi - e.Lo) / 2
	if !e.HasInterval() || !(half > 0) || math.IsInf(half, 1) {
		return -1
	}
	return min(max(0, 1-int(math.Floor(math.Log10(half)))), 12)
}

// decimal writes x with thousands set apart by commas.
func decimal(x float64, decimals int) string {
	return label.Thousands(strconv.FormatFloat(x, 'f', decimals, 64))
}

// An Exclusion is a number of units that were left out for one reason.
type Exclusion struct {
	Reason string
	N      int
}

// String is the number and the reason, as in "12 tied".
func (x Exclusion) String() string { return fmt.Sprintf("%d %s", x.N, x.Reason) }
