package analysis

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// fewEvents is the number of events below which the normal approximation
// behind an interval is in doubt: the textbook's np >= 10.
const fewEvents = 10

// ShareRatio returns a over b, how many times as large the one share is,
// with the log interval at the level of the shares. It takes them as
// independent, which scenarios of two bins are except where variants of
// one value pair lie in both; RatioOfShares takes these into account. With
// few events, or none in a, ShareRatioScore has the better interval.
//
// The variance of the logarithm is (1−a)/(a·nₐ) + (1−b)/(b·n_b), n being
// effective sample sizes, so that clusters count as they do in the shares.
// As a share's SE is √(a(1−a)/nₐ), that is (SEₐ/a)² + (SE_b/b)². SE is
// the ratio times its root. N and Clusters are those of both together.
// Fewer than ten events in either share give a warning, for then the
// interval is rough.
//
// Errors: ErrUndefined when a or b has no value, when b is 0, and when a is
// 0: the ratio is then 0, but its logarithm has no interval, and adding
// half an event, as some do, would answer for made-up data. An a or b that
// is not a share with an interval, or intervals of different levels, are
// errors, too. Where both are 1 the ratio has no interval (Level 0) and a
// warning.
//
// Source: Katz, Baptista, Azen and Pike 1978, Biometrics 34:469-474.
func ShareRatio(a, b Estimate) (Estimate, error) {
	if err := checkPart("numerator", a); err != nil {
		return Estimate{}, err
	}
	if err := checkPart("denominator", b); err != nil {
		return Estimate{}, err
	}
	if a.Level != b.Level {
		return Estimate{}, fmt.Errorf("analysis: ratio of shares: levels %v and %v, want one", a.Level, b.Level)
	}
	ratio := a.Value / b.Value
	logSE := math.Hypot(a.SE/a.Value, b.SE/b.Value)
	e := ofBoth(a, b)
	e.Value, e.Method = ratio, "ratio of shares"
	if logSE == 0 {
		e.Warnings = append(e.Warnings, errors.New("no interval: both shares are 1"))
		return e, nil
	}
	factor := math.Exp(normalQuantile(a.Level) * logSE)
	e.SE, e.Lo, e.Hi, e.Level = ratio*logSE, ratio/factor, ratio*factor, a.Level
	e.Method += fmt.Sprintf(", log interval %g %% on the shares' effective sample sizes", 100*a.Level)
	if events := fewer(a, b); events < fewEvents {
		e.Warnings = append(e.Warnings, fmt.Errorf("rests on %v events: the interval is rough", events))
	}
	return e, nil
}

// ShareRatioScore is ShareRatio with Koopman's score interval on the
// shares' effective sample sizes. It takes the shares as independent, too,
// but it is made for few events: it holds with none in a, where the ratio
// is 0, and with only events on both sides. Fewer than ten events give a
// warning that says how many, as a ratio that rests on them is uncertain
// however well its interval is made.
//
// SE is √(SEₐ² + ratio²·SE_b²)/b, the ratio's by linearisation; with few
// events the interval is far from symmetric and SE says little.
//
// Errors: ErrUndefined when a or b has no value and when b is 0, though
// Koopman then has a lower limit; and an error when one is not a share
// with an interval or their levels differ.
//
// Source: Koopman 1984, Biometrics 40:513-517.
func ShareRatioScore(a, b Estimate) (Estimate, error) {
	if err := checkShares("ratio of shares", a, b); err != nil {
		return Estimate{}, err
	}
	if b.Value == 0 {
		return Estimate{}, fmt.Errorf("analysis: ratio of shares: the second is 0 of %d: %w", b.N, ErrUndefined)
	}
	e := ofBoth(a, b)
	e.Value = a.Value / b.Value
	e.SE = math.Hypot(a.SE, e.Value*b.SE) / b.Value
	n, m := effectiveSize(a), effectiveSize(b)
	var err error
	if e.Lo, e.Hi, err = Koopman(a.Value*n, n, b.Value*m, m, a.Level); err != nil {
		return Estimate{}, err
	}
	e.Level = a.Level
	e.Method = fmt.Sprintf("ratio of shares, Koopman's score interval %g %% on the shares' effective sample sizes", 100*a.Level)
	if events := fewer(a, b); events < fewEvents {
		e.Warnings = append(e.Warnings, fmt.Errorf("rests on %v events", events))
	}
	return e, nil
}

// fewer is the number of events in the share that has fewer of them.
func fewer(a, b Estimate) float64 {
	return math.Round(min(a.Value*float64(a.N), b.Value*float64(b.N)))
}

// effectiveSize is how many independent units give a share its interval.
func effectiveSize(share Estimate) float64 {
	if share.SE > 0 {
		return share.Value * (1 - share.Value) / (share.SE * share.SE)
	}
	return float64(share.N) / max(1, share.DesignEffect)
}

// RatioOfShares returns the share of a over that of b, where both are
// counted over the same clusters: two bins of scenarios, say, when variants
// of one value pair may lie in both. The interval is that of
// DifferenceOfShares, a bootstrap of whole clusters with their units in
// both tallies; replicates without an event in b have no ratio and are
// counted in a warning. With few events in b, replicates spread over few
// different values and the interval is rough; where no cluster has units
// in both tallies, ShareRatioScore is better.
//
// N is the units of both, Clusters those with a unit in either; a unit of
// which it is missing whether it is an event is in neither tally. Where no
// interval can be made, as without an event in a, the value has none
// (Level 0) and a warning.
//
// Errors: ErrUndefined when b has no event, ErrTooFew when a tally has no
// units, and an error when the tallies are over different numbers of
// clusters.
//
// Source: see Bootstrap.
func RatioOfShares(a, b *ShareTally) (Estimate, error) {
	return compareShares("ratio of shares", a, b, func(a, b float64) (float64, error) {
		if b == 0 {
			return 0, fmt.Errorf("no event in the denominator: %w", ErrUndefined)
		}
		return a / b, nil
	})
}

// checkPart checks that e can be a side of a ratio.
func checkPart(side string, e Estimate) error {
	switch {
	case math.IsNaN(e.Value):
		return fmt.Errorf("analysis: ratio of shares: %s has no value: %w", side, ErrUndefined)
	case !e.HasInterval() || !(e.Value >= 0 && e.Value <= 1) || !(e.SE >= 0):
		return fmt.Errorf("analysis: ratio of shares: %s is %v with SE %v and level %v, want a share 0..1 with an interval", side, e.Value, e.SE, e.Level)
	case e.Value == 0:
		return fmt.Errorf("analysis: ratio of shares: %s is 0 of %d: %w", side, e.N, ErrUndefined)
	case e.SE == 0 && e.Value < 1:
		return fmt.Errorf("analysis: ratio of shares: %s is %v with SE 0, want a positive SE", side, e.Value)
	}
	return nil
}

// mergeExclusions adds up what two estimates left out, by reason.
func mergeExclusions(a, b []Exclusion) []Exclusion {
	out := append([]Exclusion(nil), a...)
next:
	for _, x := range b {
		for i := range out {
			if out[i].Reason == x.Reason {
				out[i].N += x.N
				continue next
			}
		}
		out = append(out, x)
	}
	return out
}

// mergeWarnings lists the warnings of two estimates, each text once.
func mergeWarnings(a, b []error) []error {
	out := slices.Clone(a)
	for _, w := range b {
		if !slices.ContainsFunc(out, func(o error) bool { return o.Error() == w.Error() }) {
			out = append(out, w)
		}
	}
	return out
}
