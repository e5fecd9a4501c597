package analysis

import (
	"fmt"
	"math"
)

// ShareDifference returns a minus b, -1..1, of two independent shares, at
// their level. For shares of the same clusters, such as two models on one
// set of scenarios, use DifferenceOfShares.
//
// The interval is Newcombe's hybrid of the two shares' own intervals:
//
//	lo = a - b - √((a - loₐ)² + (hi_b - b)²)
//	hi = a - b + √((hiₐ - a)² + (b - lo_b)²)
//
// With the intervals of Share, which are Wilson's on n over the design
// effect, clusters count as they do there. It lies within -1..1, is not
// symmetric, and serves with no event on either side, too. SE is the root
// of the summed squares of the two standard errors. N and Clusters are
// those of both together.
//
// Errors: ErrUndefined when a or b has no value; and an error when one is
// not a share with an interval or their levels differ.
//
// Source: Newcombe 1998, Statistics in Medicine 17:873-890, method 10; Zou
// and Donner 2008, Statistics in Medicine 27:1693-1702 for intervals other
// than Wilson's.
func ShareDifference(a, b Estimate) (Estimate, error) {
	if err := checkShares("difference of shares", a, b); err != nil {
		return Estimate{}, err
	}
	e := ofBoth(a, b)
	e.Value = a.Value - b.Value
	e.SE = math.Hypot(a.SE, b.SE)
	e.Lo = max(-1, e.Value-math.Hypot(a.Value-a.Lo, b.Hi-b.Value))
	e.Hi = min(1, e.Value+math.Hypot(a.Hi-a.Value, b.Value-b.Lo))
	e.Level = a.Level
	e.Method = fmt.Sprintf("difference of shares, Newcombe %g %% from the shares' intervals", 100*a.Level)
	return e, nil
}

// DifferenceOfShares returns the share of a minus that of b, -1..1, where
// both are counted over the same clusters: two models on the same
// scenarios, or two bins that share value pairs. The interval is a
// bootstrap's that draws clusters, with all of their units in both tallies
// at once, Replicates times with DefaultSeed: what the two have in common
// cancels. Units that are no cluster's get one each in the tallies.
//
// N is the units of both, Clusters those with a unit in either; a unit of
// which it is missing whether it is an event is in neither tally. Numbering
// clusters differently changes no digit. Where every replicate gives the
// same difference, as with no event at all, or where there is but one
// cluster, the value has no interval (Level 0) and a warning. Fewer than
// ten events, or than ten units without one, in either tally give a
// warning.
//
// Errors: ErrTooFew when a tally has no units; and an error when the
// tallies are over different numbers of clusters.
//
// Source: see Bootstrap.
func DifferenceOfShares(a, b *ShareTally) (Estimate, error) {
	return compareShares("difference of shares", a, b, func(a, b float64) (float64, error) {
		return a - b, nil
	})
}

// checkShares checks that a and b are shares with intervals of one level.
func checkShares(statistic string, a, b Estimate) error {
	for i, e := range []Estimate{a, b} {
		side := [2]string{"the first", "the second"}[i]
		switch {
		case math.IsNaN(e.Value):
			return fmt.Errorf("analysis: %s: %s has no value: %w", statistic, side, ErrUndefined)
		case !e.HasInterval() || !(e.SE >= 0) || e.N < 1 ||
			!(0 <= e.Lo && e.Lo <= e.Value && e.Value <= e.Hi && e.Hi <= 1):
			return fmt.Errorf("analysis: %s: %s is %v in %v..%v with SE %v and level %v, want a share 0..1 within its interval",
				statistic, side, e.Value, e.Lo, e.Hi, e.SE, e.Level)
		}
	}
	if a.Level != b.Level {
		return fmt.Errorf("analysis: %s: levels %v and %v, want one", statistic, a.Level, b.Level)
	}
	return nil
}

// ofBoth is what an estimate has from the two it is made of.
func ofBoth(a, b Estimate) Estimate {
	e := Estimate{
		N:        a.N + b.N,
		Excluded: mergeExclusions(a.Excluded, b.Excluded),
		Warnings: mergeWarnings(a.Warnings, b.Warnings),
	}
	if a.Clusters > 0 && b.Clusters > 0 {
		e.Clusters = a.Clusters + b.Clusters
	}
	if a.Unit == b.Unit {
		e.Unit = a.Unit
	}
	if a.Population == b.Population {
		e.Population = a.Population
	}
	return e
}
