package analysis

import (
	"fmt"
	"math"
)

// A ProviderDifference is how much more often one provider's models favour
// the values of a category than another's.
type ProviderDifference struct {
	Category string
	A, B     string   // providers
	Estimate Estimate // of A less B, -1..1
	Test     Test     // of no difference
	Err      error    // why there is neither; Estimate.Value is then NaN
}

// MeasureProviderDifferences returns, for each category of the taxonomy
// that occurs and each pair of the set's providers, the difference of their
// shares in MeasurePreferences, with an interval and a test that allow for
// what the two have in common: all models answer the same scenarios.
//
// The variance is that of the linearised difference, as ShareMean's: the
// sum over value pairs of squared influence values times C/(C-1). The
// interval is normal, at Level, and cut to -1..1; the test is z, two-sided.
// DesignEffect is this variance over what independent positions would have;
// it is below 1 where models that answer alike cancel each other. N is the
// positions of both providers. Fewer than 40 clusters, and fewer than ten
// positions in favour or not in favour on either side, give a warning.
//
// There are many rows: adjust their P, by BenjaminiHochberg for instance.
// All rows hold of these models; that a provider's next one would be like
// them is not tested here (see ProviderSeparation).
//
// In 100 value pairs of three scenarios that are mostly alike, the interval
// contains the difference in 93.5 to 96.5 of a hundred samples (simulated).
//
// category, missing positions and errors are as in MeasurePreferences. A
// difference has ErrTooFew where a provider has no position or all are of
// one value pair, and ErrUndefined where no position varies.
//
// Source: linearisation as in Kish 1965, Survey Sampling, section 12.11;
// the proxy is ours.
func MeasureProviderDifferences(p *Positions, category [2][]int32, set ModelSet) ([]ProviderDifference, error) {
	p, err := p.Select(set)
	if err != nil {
		return nil, err
	}
	byCode, _, err := p.favours(category, len(categories))
	if err != nil {
		return nil, err
	}
	providers, _ := set.Providers()
	var out []ProviderDifference
	for code, f := range byCode {
		of := map[string][]*ShareTally{} // by provider; models without a position are left out, as in the share
		for m, model := range p.models {
			if t := f.byModel[m]; t.Units() > 0 {
				provider := LookupModel(model).Provider
				of[provider] = append(of[provider], t)
			}
		}
		for i, a := range providers {
			for _, b := range providers[i+1:] {
				d := ProviderDifference{Category: categories[code].Name, A: a, B: b}
				d.Estimate, d.Test, d.Err = shareContrast(of[a], of[b])
				switch {
				case d.Err != nil && !noValue(d.Err):
					return nil, d.Err
				case d.Err != nil:
					d.Estimate.Value, d.Test.P = math.NaN(), math.NaN()
				case !p.clusters.Known():
					d.Estimate.Clusters, d.Test.Clusters, d.Estimate.DesignEffect = 0, 0, 0
					d.Estimate.Warnings = append(d.Estimate.Warnings, errClustersUnknown)
					d.Test.Warnings = append(d.Test.Warnings, errClustersUnknown)
				}
				out = append(out, d)
			}
		}
	}
	return out, nil
}

// shareContrast is the mean share of the tallies a less that of b, all over
// the same clusters.
func shareContrast(a, b []*ShareTally) (Estimate, Test, error) {
	if len(a) == 0 || len(b) == 0 {
		return Estimate{}, Test{}, fmt.Errorf("analysis: difference of providers: one has no position: %w", ErrTooFew)
	}
	e := Estimate{Level: Level}
	var influence []float64
	var present []bool
	independent := 0.0 // the variance, were all positions independent
	rare := math.Inf(1)
	for side, tallies := range [2][]*ShareTally{a, b} {
		weight := [2]float64{1, -1}[side] / float64(len(tallies))
		hits, all := 0, 0
		for _, t := range tallies {
			if influence == nil {
				influence, present = make([]float64, len(t.units)), make([]bool, len(t.units))
			}
			n := float64(t.Units())
			share := float64(t.Hits()) / n
			e.Value += weight * share
			independent += weight * weight * share * (1 - share) / n
			hits, all = hits+t.Hits(), all+t.Units()
			for c, units := range t.units {
				if units > 0 {
					present[c] = true
					influence[c] += weight * (float64(t.hits[c]) - share*float64(units)) / n
				}
			}
		}
		e.N += all
		rare = min(rare, float64(hits), float64(all-hits))
	}
	squares := 0.0
	for c := range influence {
		if present[c] {
			e.Clusters++
			squares += influence[c] * influence[c]
		}
	}
	switch {
	case e.Clusters < 2:
		return Estimate{}, Test{}, fmt.Errorf("analysis: difference of providers: all positions are of one value pair: %w", ErrTooFew)
	case squares < 1e-24:
		return Estimate{}, Test{}, fmt.Errorf("analysis: difference of providers: no difference varies between value pairs: %w", ErrUndefined)
	}
	c := float64(e.Clusters)
	e.SE = math.Sqrt(c / (c - 1) * squares)
	if independent > 0 {
		e.DesignEffect = e.SE * e.SE / independent
	}
	half := normalQuantile(Level) * e.SE
	e.Lo, e.Hi = max(-1, e.Value-half), min(1, e.Value+half)
	e.Method = fmt.Sprintf("difference of mean shares, linearised variance over value pairs, normal %g %%", 100*Level)
	if e.Clusters < fewClusters {
		e.Warnings = append(e.Warnings, fmt.Errorf("%d clusters are few for a linearised variance: interval and P are rough", e.Clusters))
	}
	if rare < fewEvents {
		e.Warnings = append(e.Warnings, fmt.Errorf("rests on %v positions in favour, or not in favour, of one provider: interval and P are rough", rare))
	}
	z := e.Value / e.SE
	return e, Test{
		Statistic: z, P: twoSidedZ(z), N: e.N, Clusters: e.Clusters, Warnings: e.Warnings,
		Method: "z, no difference of mean shares, linearised variance over value pairs, normal P",
	}, nil
}
