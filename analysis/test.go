package analysis

import (
	"fmt"
	"math"
)

// A Test is the outcome of testing a null hypothesis. The function that
// made it says what the hypothesis is; Method says it for people.
//
// A small P speaks against the hypothesis, a large one does not speak for
// it: what N could have found is the question of MinimumDetectable.
type Test struct {
	Statistic float64 // in the terms of Method
	P         float64 // 0..1, two-sided unless Method says otherwise; a resampled one is never 0
	N         int     // sampling units behind the test
	Clusters  int     // independent groups of units; 0 when not clustered
	Method    string  // statistic, null hypothesis and how P was made
	Seed      uint64  // of a resampling method, else 0

	Excluded []Exclusion // what was left out of N, and why
	Warnings []error     // doubts that do not forbid the test
}

// String is the test on one line: p to two significant digits, the
// statistic, n, clusters, method, what was left out and what is in doubt.
func (t Test) String() string {
	p := FormatP(t.P)
	if t.P >= 1e-4 {
		p = "= " + p
	}
	return fmt.Sprintf("p %s (statistic %.4g, n = %s%s)", p, t.Statistic, decimal(float64(t.N), 0),
		basis(t.Clusters, t.Method, t.Excluded, t.Warnings))
}

// FormatP is a p value as tables show it: two significant digits, and no more
// zeros than anybody reads, "< 0.0001". NaN is "not computable".
func FormatP(p float64) string {
	switch {
	case math.IsNaN(p):
		return "not computable"
	case p < 1e-4:
		return "< 0.0001"
	default:
		return fmt.Sprintf("%.2g", p)
	}
}
