package analysis

import (
	"fmt"
	"math"
)

// Share returns the share of units that are hits, 0..1, one bool per unit.
//
// The interval is Wilson's on n over the design effect, which is at least
// 1 (see ShareMean); SE is the binomial standard error times the root of
// the design effect. Unknown clusters give plain Wilson and a warning.
// Leave out units of which it is missing whether they are hits: false would
// count them as none. The error is ErrTooFew when there are no units.
//
// Source: see ShareMean and Wilson.
func Share(hit []bool, clusters Clusters) (Estimate, error) {
	dense, err := clusters.among(len(hit))
	if err != nil {
		return Estimate{}, err
	}
	tally := NewShareTally(dense.N)
	for i, h := range hit {
		tally.Add(int(dense.ID[i]), h)
	}
	return shareMean(clusters.Known(), tally)
}

// A ShareTally counts units and hits, apart for each of some clusters.
// Tallies over the same clusters add up in any order.
type ShareTally struct {
	hits, units       []int32 // by cluster
	allHits, allUnits int
}

// NewShareTally makes an empty tally for clusters 0..clusters-1.
func NewShareTally(clusters int) *ShareTally {
	return &ShareTally{hits: make([]int32, clusters), units: make([]int32, clusters)}
}

// Add counts one unit of a cluster. A unit of which it is missing whether it
// is a hit is not added.
func (t *ShareTally) Add(cluster int, hit bool) {
	t.units[cluster]++
	t.allUnits++
	if hit {
		t.hits[cluster]++
		t.allHits++
	}
}

// Merge adds the counts of another tally. It is an error for that to be over
// another number of clusters; nothing is added then.
func (t *ShareTally) Merge(u *ShareTally) error {
	if len(u.units) != len(t.units) {
		return fmt.Errorf("analysis: merge share tallies of %d and %d clusters", len(t.units), len(u.units))
	}
	for c := range u.units {
		t.units[c] += u.units[c]
		t.hits[c] += u.hits[c]
	}
	t.allUnits += u.allUnits
	t.allHits += u.allHits
	return nil
}

// Units is the number of units counted.
func (t *ShareTally) Units() int { return t.allUnits }

// Hits is the number of hits among them.
func (t *ShareTally) Hits() int { return t.allHits }

// ShareMean returns the plain mean of the shares of one or more tallies
// over the same clusters: of one tally its share, of a provider's models
// the provider's. Each share counts alike, however many units it has; N is
// the units of all, without those that are missing (see ShareTally.Add). The
// error is ErrTooFew when a tally has no units.
//
// The variance is that of the linearised mean, the sum over clusters of
// squared influence values times C/(C-1). The design effect is this
// variance over what independent units would have, the squared weights'
// sum of p(1-p)/(n-1), and at least 1, as a smaller one is mostly luck.
// Where it cannot be estimated, because all shares are 0 or 1 or there is
// but one cluster, it is the largest that clusters of this size can cause,
// the mean cluster size as a unit meets it, sum(n²)/sum(n). The interval
// is Wilson's on the sample size that gives this variance.
//
// Source: Kish 1965, Survey Sampling, sections 5.4 and 8.2; Korn and
// Graubard 1998, Survey Methodology 24:193-201 for intervals on the
// effective sample size, with Wilson's in place of the exact one.
func ShareMean(tallies ...*ShareTally) (Estimate, error) { return shareMean(true, tallies...) }

func shareMean(clustered bool, tallies ...*ShareTally) (Estimate, error) {
	if len(tallies) == 0 {
		return Estimate{}, fmt.Errorf("analysis: mean of no shares: %w", ErrTooFew)
	}
	clusters := len(tallies[0].units)
	weight := 1 / float64(len(tallies))
	mean := newLinearised(clusters)
	e := Estimate{Level: Level}
	for _, t := range tallies {
		if len(t.units) != clusters {
			return Estimate{}, fmt.Errorf("analysis: mean of shares over %d and %d clusters", clusters, len(t.units))
		}
		if t.Units() == 0 {
			return Estimate{}, fmt.Errorf("analysis: share of no units: %w", ErrTooFew)
		}
		e.Value += float64(t.Hits()) / float64(t.Units())
		mean.add(weight, t)
	}
	e.Value /= float64(len(tallies))
	e.N = mean.n
	var how string
	e.DesignEffect, e.Clusters, how = mean.designEffect()
	if e.Clusters == e.N { // units are independent
		e.DesignEffect, how = 1, ""
	}
	spread := e.Value * (1 - e.Value)
	// n-1 units in the estimated variance, n in the interval: the same
	// effective sample as n over the design effect for one share.
	effective := float64(e.N) / e.DesignEffect
	if mean.independent > 0 && len(tallies) > 1 {
		effective = spread / (mean.independent * e.DesignEffect)
	}
	var err error
	if e.Lo, e.Hi, err = Wilson(e.Value*effective, effective, Level); err != nil {
		return Estimate{}, err
	}
	e.SE = math.Sqrt(spread / effective)
	e.Method = fmt.Sprintf("Wilson %g %%", 100*Level)
	if !clustered {
		e.Warnings = []error{errClustersUnknown}
		if e.Clusters == e.N {
			e.Clusters, e.DesignEffect = 0, 0
			return e, nil
		}
	}
	// Without value pairs, units that share a scenario still depend on
	// each other.
	groups := "value pairs"
	if !clustered {
		groups = "scenarios"
	}
	e.Method += fmt.Sprintf(" on n over the design effect %.2f%s, clusters = %s", e.DesignEffect, how, groups)
	return e, nil
}
