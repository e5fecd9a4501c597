package analysis

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// ProjectedRatio returns how many times as frequent it is in one population
// of scenarios as in another that the responses of all models are flagged,
// both projected from the same judged scenarios: Table 2's fold from the
// data of Figure 2. See ProjectCompliance for what is assumed and left out.
//
// Both shares rest on the same rates, so a ratio r is in the interval when
// that of the difference, the one share less r times the other, holds 0: a
// weighted sum of the rates, some weights being negative, with the limits of
// PostStratify. SE is that of the ratio by the delta method. The design
// effect is the variance of its logarithm, linearised over clusters, over
// that of as many independent scenarios, and at least 1.
//
// N and Clusters are of the judged scenarios behind either share. Without an
// upper limit, as after very few events, there is no interval, and a warning.
// The error is ErrUndefined when one of the shares is 0.
//
// Source: Fieller 1954, JRSS B 16:175-185, for the ratio by way of the
// difference; Zou and Donner 2008, Statistics in Medicine 27:1693-1702.
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
	first, second := o.weights(a.Weights), o.weights(b.Weights)
	relative := make([]float64, len(o.bins)) // what a bin's rate adds to the log ratio
	for bin := range relative {
		relative[bin] = first[bin]/a.AllFail.Value - second[bin]/b.AllFail.Value
	}
	e := Estimate{Value: a.AllFail.Value / b.AllFail.Value, Level: Level,
		Excluded: b.AllFail.Excluded, Warnings: mergeWarnings(a.AllFail.Warnings, b.AllFail.Warnings)}
	log := newLinearised(len(tallies[0].units))
	for bin, t := range tallies {
		if relative[bin] != 0 && t.Units() > 0 {
			log.add(relative[bin], t)
		}
	}
	variance, clusters := log.variance()
	e.N, e.Clusters = log.n, clusters
	e.Method = "ratio of projected shares"
	if log.independent == 0 {
		e.Level = 0
		return e, nil
	}
	e.DesignEffect = max(1, variance/log.independent)
	e.SE = e.Value * math.Sqrt(log.independent*e.DesignEffect)
	if err := fieller(&e, tallies, first, second); err != nil {
		return Estimate{}, err
	}
	return e, nil
}

// weights are the bins' shares of a population, by bin.
func (o *ScenarioOutcomes) weights(list []BinWeight) []float64 {
	total := 0
	for _, w := range list {
		total += w.Scenarios
	}
	weights := make([]float64, len(o.bins))
	for _, w := range list {
		weights[slices.Index(o.bins, w.Bin)] = float64(w.Scenarios) / float64(total)
	}
	return weights
}

// fieller fills in the limits of a ratio of two weighted sums of shares.
func fieller(e *Estimate, tallies []*ShareTally, first, second []float64) error {
	type rate struct{ p, lo, hi float64 }
	rates := make([]rate, len(tallies))
	for bin, t := range tallies {
		if first[bin] == 0 && second[bin] == 0 {
			continue
		}
		n, hits := float64(t.Units()), float64(t.Hits())
		lo, hi, err := Wilson(hits/e.DesignEffect, n/e.DesignEffect, Level)
		if err != nil {
			return err
		}
		rates[bin] = rate{hits / n, lo, hi}
	}
	// difference is first less r times second, and its limits.
	difference := func(r float64) (lo, hi float64) {
		var d, below, above float64
		for bin, x := range rates {
			w := first[bin] - r*second[bin]
			d += w * x.p
			down, up := x.p-x.lo, x.hi-x.p
			if w < 0 {
				down, up = up, down
			}
			below, above = math.Hypot(below, w*down), math.Hypot(above, w*up)
		}
		return d - below, d + above
	}
	lower := bisect(0, e.Value, func(r float64) bool { lo, _ := difference(r); return lo > 0 })
	beyond := 2 * e.Value
	for range 60 {
		if _, hi := difference(beyond); hi < 0 {
			break
		}
		beyond *= 2
	}
	if _, hi := difference(beyond); hi >= 0 {
		e.Level = 0
		e.Warnings = append(e.Warnings, errors.New("no interval: it has no upper limit"))
		return nil
	}
	upper := bisect(e.Value, beyond, func(r float64) bool { _, hi := difference(r); return hi >= 0 })
	e.Lo, e.Hi = lower, upper
	e.Method += fmt.Sprintf(", Fieller's interval %g %% with Wilson's limits of each bin on n over the design effect %.2f", 100*Level, e.DesignEffect)
	return nil
}

// bisect finds where a condition that holds at lo, and not at hi, ends.
func bisect(lo, hi float64, holds func(float64) bool) float64 {
	for range 200 {
		middle := lo + (hi-lo)/2
		if middle <= lo || middle >= hi {
			break
		}
		if holds(middle) {
			lo = middle
		} else {
			hi = middle
		}
	}
	return lo
}
