package analysis

import "fmt"

// PercentAgreement returns how much raters agree, without correction for
// chance: the share of pairs of raters that agree on an item, averaged over
// items; weighted, the mean weight of the pairs. A share, 0..1.
//
// The interval of two raters unweighted is that of Share: Wilson's on n
// over the design effect. Else it is as at Agreement.
//
// Missing ratings: an item's share is over the pairs that it has; items
// with fewer than two ratings are left out.
//
// Errors: ErrTooFew when no item has two ratings; and an error for weights
// without an order and for clusters that do not fit the items.
//
// Source: Gwet 2014, section 2.2; Fleiss 1971 for more than two raters.
func PercentAgreement(r *Ratings, w Weighting, clusters Clusters) (Agreement, error) {
	const name = "percent agreement"
	items := r.with(2)
	p, err := r.pairing(w, items, 0)
	if err != nil {
		return Agreement{}, fmt.Errorf("analysis: %s: %w", name, err)
	}
	a, err := r.measure(name, &percent{p}, items, clusters)
	if err != nil {
		return Agreement{}, err
	}
	if r.raters == 2 && w == Unweighted {
		if err := a.likeShare(&percent{p}, items, clusters); err != nil {
			return Agreement{}, err
		}
	}
	return a.missing(r, "an item counts with the pairs that it has", "items with fewer than two ratings"), nil
}

// likeShare replaces the interval by that of a share.
func (a *Agreement) likeShare(p *percent, items []int32, clusters Clusters) error {
	dense, err := clusters.of(items, p.r.items)
	if err != nil {
		return err
	}
	tally := NewShareTally(dense.N)
	for at, item := range items {
		tally.Add(int(dense.ID[at]), p.agreement(item) == 1)
	}
	e, err := shareMean(clusters.Known(), tally)
	if err != nil {
		return err
	}
	e.Method = a.Coefficient + ", " + e.Method
	a.Estimate = e
	return nil
}

type percent struct{ pairing }

func (p *percent) stride() int { return p.width() }

func (p *percent) add(item int32, sums []int64) { p.count(item, sums) }

func (p *percent) value(sums []int64) (Agreement, error) {
	observed, err := p.observed(sums)
	return p.beyond(observed, 0, nil, sums), err
}

func (p *percent) linear(Agreement, []int64) func(int32) float64 { return p.agreement }
