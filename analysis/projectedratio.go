package analysis

import (
	"fmt"
	"math"
	"slices"
)

// ProjectedRatio returns how many times as frequent it is in one population
// of scenarios as in another that the responses of all models are flagged,
// both projected from the same judged scenarios: Table 2's fold from the
// data of Figure 2. See ProjectCompliance for what is assumed and left out.
//
// Both shares rest on the same rates, so the variance of the logarithm is
// that of the difference of their relative influences, over clusters, and at
// least that of as many independent scenarios; the interval is symmetric on
// the log scale. N and Clusters are of the judged scenarios behind either
// share. The error is ErrUndefined when one of the shares is 0.
//
// Source: Cochran 1977, Sampling Techniques, section 6.3, for the linearised
// ratio; Katz et al. 1978 for the log interval.
func ProjectedRatio(o *ScenarioOutcomes, over, under *Disagreements) (Estimate, error) {
	a, err := ProjectCompliance(o, over)
	if err != nil {
		return Estimate{}, err
	}
	b, err := ProjectCompliance(o, under)
	if err != nil {
		return Estimate{}, err
	}
	if a.AllFail.Value == 0 || b.AllFail.Value == 0 {
		return Estimate{}, fmt.Errorf("analysis: ratio of projected shares %v and %v: %w", a.AllFail.Value, b.AllFail.Value, ErrUndefined)
	}
	tallies := o.tallies(func(x ScenarioOutcome) bool { return x == AllFail })
	relative := make([]float64, len(o.bins)) // what a bin's rate adds to the log ratio
	for _, side := range []struct {
		weights []BinWeight
		share   float64
	}{{a.Weights, a.AllFail.Value}, {b.Weights, -b.AllFail.Value}} {
		total := 0
		for _, w := range side.weights {
			total += w.Scenarios
		}
		for _, w := range side.weights {
			relative[slices.Index(o.bins, w.Bin)] += float64(w.Scenarios) / float64(total) / side.share
		}
	}
	e := Estimate{Value: a.AllFail.Value / b.AllFail.Value, Level: Level,
		Excluded: b.AllFail.Excluded, Warnings: mergeWarnings(a.AllFail.Warnings, b.AllFail.Warnings)}
	independent := 0.0
	influence := make([]float64, len(tallies[0].units))
	present := make([]bool, len(influence))
	for bin, t := range tallies {
		n, hits := t.Units(), t.Hits()
		if relative[bin] == 0 || n == 0 {
			continue
		}
		e.N += n
		p := float64(hits) / float64(n)
		if n > 1 {
			independent += relative[bin] * relative[bin] * p * (1 - p) / float64(n-1)
		}
		for c, units := range t.units {
			present[c] = present[c] || units > 0
			influence[c] += relative[bin] * float64(int64(t.hits[c])*int64(n)-int64(hits)*int64(units)) / (float64(n) * float64(n))
		}
	}
	squares := 0.0
	for c, x := range influence {
		if present[c] {
			e.Clusters++
			squares += x * x
		}
	}
	if c := float64(e.Clusters); c > 1 {
		squares *= c / (c - 1)
	}
	logSE := math.Sqrt(max(squares, independent))
	e.Method = "ratio of projected shares"
	if logSE == 0 {
		e.Level = 0
		return e, nil
	}
	factor := math.Exp(normalQuantile(Level) * logSE)
	e.SE, e.Lo, e.Hi = e.Value*logSE, e.Value/factor, e.Value*factor
	e.Method += fmt.Sprintf(", log interval %g %% by the delta method over clusters", 100*Level)
	return e, nil
}
