package analysis

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// compareShares is a function of the shares of two tallies over the same
// clusters, with a bootstrap over these.
func compareShares(statistic string, a, b *ShareTally, of func(a, b float64) (float64, error)) (Estimate, error) {
	joint, err := jointShares(statistic, a, b)
	if err != nil {
		return Estimate{}, err
	}
	value, err := joint.total.compare(of)
	if err != nil {
		return Estimate{}, fmt.Errorf("analysis: %s: %w", statistic, err)
	}
	e := Estimate{Value: value, N: a.Units() + b.Units(), Clusters: len(joint.clusters), Method: statistic}
	r, err := Bootstrap(len(joint.clusters), Replicates, DefaultSeed, Level, func(weights []int32) (float64, error) {
		return joint.drawn(weights).compare(of)
	})
	switch {
	case errors.Is(err, ErrTooFew) || errors.Is(err, ErrUndefined):
		e.Warnings = append(e.Warnings, fmt.Errorf("no interval: %w", err))
	case err != nil:
		return Estimate{}, err
	case r.SE == 0:
		e.Warnings = append(e.Warnings, errors.New("no interval: every bootstrap replicate is the same"))
	default:
		e = r.Estimate(value, e.N)
		e.Method = statistic + ", " + e.Method
	}
	for _, t := range []*ShareTally{a, b} {
		if rare := min(t.Hits(), t.Units()-t.Hits()); rare < fewEvents {
			e.Warnings = mergeWarnings(e.Warnings, []error{fmt.Errorf("rests on a share of %d in %d: the interval is rough", t.Hits(), t.Units())})
		}
	}
	return e, nil
}

// bothCounts are the hits and units of two tallies.
type bothCounts struct{ hitsA, unitsA, hitsB, unitsB int64 }

// compare is a function of the two shares; ErrTooFew when one has no units.
func (c bothCounts) compare(of func(a, b float64) (float64, error)) (float64, error) {
	if c.unitsA == 0 || c.unitsB == 0 {
		return 0, fmt.Errorf("share of no units: %w", ErrTooFew)
	}
	return of(float64(c.hitsA)/float64(c.unitsA), float64(c.hitsB)/float64(c.unitsB))
}

// jointCounts are two tallies over the same clusters. Those without a unit
// in either are left out, and the others are ordered by their content,
// which frees the draws of a bootstrap from the numbers of clusters.
type jointCounts struct {
	clusters []bothCounts
	total    bothCounts
}

func jointShares(statistic string, a, b *ShareTally) (jointCounts, error) {
	if len(a.units) != len(b.units) {
		return jointCounts{}, fmt.Errorf("analysis: %s: tallies over %d and %d clusters, want the same", statistic, len(a.units), len(b.units))
	}
	var j jointCounts
	for c := range a.units {
		if a.units[c] > 0 || b.units[c] > 0 {
			counts := bothCounts{int64(a.hits[c]), int64(a.units[c]), int64(b.hits[c]), int64(b.units[c])}
			j.clusters = append(j.clusters, counts)
			j.total.add(1, counts)
		}
	}
	slices.SortFunc(j.clusters, func(x, y bothCounts) int {
		return cmp.Or(cmp.Compare(x.hitsA, y.hitsA), cmp.Compare(x.unitsA, y.unitsA),
			cmp.Compare(x.hitsB, y.hitsB), cmp.Compare(x.unitsB, y.unitsB))
	})
	return j, nil
}

// drawn are the counts with each cluster taken weights[cluster] times.
func (j jointCounts) drawn(weights []int32) bothCounts {
	var sum bothCounts
	for c, w := range weights {
		sum.add(int64(w), j.clusters[c])
	}
	return sum
}

func (c *bothCounts) add(times int64, x bothCounts) {
	c.hitsA += times * x.hitsA
	c.unitsA += times * x.unitsA
	c.hitsB += times * x.hitsB
	c.unitsB += times * x.unitsB
}
