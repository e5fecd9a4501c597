package analysis

import "fmt"

// PairedDifference returns the mean of a minus b over units that have
// both, in their unit: by how much two models, or two conditions, differ on
// the same scenarios. What the units have in common cancels, so the
// interval is far narrower than that of a difference of two samples.
//
// The interval is the percentile interval of a bootstrap that draws whole
// clusters of units (Replicates, DefaultSeed). Unknown clusters draw single
// units, with a warning; a single cluster leaves no interval, with a
// warning. NaN and infinities are refused; leave out a unit that misses
// either. The error is ErrTooFew for no units. SignFlip is the test.
//
// Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap,
// chapters 8 and 13.
func PairedDifference(a, b []float64, clusters Clusters) (Estimate, error) {
	if len(a) != len(b) {
		return Estimate{}, fmt.Errorf("analysis: paired difference of %d and %d values, want as many", len(a), len(b))
	}
	if err := allFinite("paired difference", "a", a); err != nil {
		return Estimate{}, err
	}
	if err := allFinite("paired difference", "b", b); err != nil {
		return Estimate{}, err
	}
	d := make([]float64, len(a))
	for i := range d {
		d[i] = a[i] - b[i]
	}
	e, err := Mean(d, clusters)
	if err != nil {
		return Estimate{}, fmt.Errorf("analysis: paired difference: %w", err)
	}
	e.Method = "paired difference of means, " + e.Method
	return e, nil
}

// PairedShareDifference returns the share of units of which a is true less
// the share of which b is, -1 to 1, over the same units. It is the
// PairedDifference of ones and zeros, and McNemar is the test.
//
// Where a and b differ on no unit, or always in one direction, the
// bootstrap sees no other data than these, and its interval has no width
// or is too narrow; fewer than ten units on which they differ give a
// warning.
//
// Missing data, errors and source are as with PairedDifference.
func PairedShareDifference(a, b []bool, clusters Clusters) (Estimate, error) {
	e, err := PairedDifference(indicator(a), indicator(b), clusters)
	if err != nil {
		return Estimate{}, err
	}
	differ := 0
	for i := range a {
		if a[i] != b[i] {
			differ++
		}
	}
	if differ < fewEvents {
		e.Warnings = append(e.Warnings, fmt.Errorf("a and b differ on %d units: the interval is rough", differ))
	}
	return e, nil
}

// indicator is 1 where hit and 0 elsewhere.
func indicator(hit []bool) []float64 {
	x := make([]float64, len(hit))
	for i, h := range hit {
		if h {
			x[i] = 1
		}
	}
	return x
}
