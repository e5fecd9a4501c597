package analysis

import "fmt"

// GwetAC returns Gwet's AC1, or with weights his AC2,
//
//	AC = (Observed − Chance) / (1 − Chance)
//	Chance = W/(q(q−1)) · sum of π(1−π)
//
// where Observed is the (weighted) share of pairs of raters that agree on
// an item, averaged over items, π is the share of a category, averaged over
// items, q the number of categories and W the sum of all weights. No unit;
// 1 is perfect agreement and 0 what chance gives.
//
// Chance is here agreement by guessing where an item is hard to put into a
// category, which is rare when nearly all ratings are in one. So AC1 stays
// high where kappa falls to 0 or has no value (see Prevalence). It depends
// on how many categories raters could choose, used or not.
//
// Missing ratings: Observed is over the items with two or more ratings; a
// category's share is over all items with any, each counting alike.
//
// Errors: ErrTooFew when no item has two ratings; ErrUndefined for a single
// category to choose; and an error for weights without an order and for
// clusters that do not fit the items.
//
// Source: Gwet 2008, British Journal of Mathematical and Statistical
// Psychology 61:29-48; Gwet 2014, sections 4.2 and 5.3.
func GwetAC(r *Ratings, w Weighting, clusters Clusters) (Agreement, error) {
	name := gwetName(w)
	items := r.with(1)
	f, err := r.fleiss(w, items)
	if err != nil {
		return Agreement{}, fmt.Errorf("analysis: %s: %w", name, err)
	}
	a, err := r.measure(name, &gwet{*f}, items, clusters)
	if err != nil {
		return Agreement{}, err
	}
	return a.missing(r, pooledRule, "items without a rating"), nil
}

func gwetName(w Weighting) string {
	if w == Unweighted {
		return "Gwet's AC1"
	}
	return weighted("Gwet's AC2", w)
}

// gwet has the sums of Fleiss' kappa and another idea of chance.
type gwet struct{ fleiss }

func (g *gwet) value(sums []int64) (Agreement, error) {
	observed, err := g.observed(sums)
	if err != nil {
		return Agreement{}, err
	}
	if g.r.categories < 2 {
		return Agreement{}, fmt.Errorf("a single category to choose: %w", ErrUndefined)
	}
	shares, _ := g.shares(sums)
	chance := 0.0
	for _, p := range shares {
		chance += p * (1 - p)
	}
	return g.beyond(observed, chance*g.scale(), shares, sums), nil
}

// scale is W/(q(q-1)).
func (g *gwet) scale() float64 {
	q := float64(g.r.categories)
	return g.weights.sum() / (q * (q - 1))
}

func (g *gwet) linear(a Agreement, sums []int64) func(int32) float64 {
	effect := make([]float64, len(a.Shares))
	for k, p := range a.Shares {
		effect[k] = (1 - p) * g.scale()
	}
	return g.pairing.linear(a, sums, g.mean(effect))
}
