package analysis

import "fmt"

// CongerKappa returns Conger's kappa of two or more raters who are told
// apart,
//
//	kappa = (Observed − Chance) / (1 − Chance)
//
// where Observed is the (weighted) share of pairs of raters that agree on
// an item, averaged over items, and Chance what it would be if every rater
// kept to the own shares of categories but drew them blindly, averaged over
// pairs of raters. No unit; 1 is perfect agreement, 0 what chance gives.
// Of two raters it is Cohen's kappa. It exceeds Fleiss' kappa the more
// the raters' own shares differ.
//
// Missing ratings: Observed is over the items with two or more ratings, and
// a rater's shares are over the items that this rater rated. Raters without
// any rating are left out, with a warning.
//
// Errors: ErrTooFew when no item has two ratings; ErrUndefined when all
// ratings fall into one category; and an error for ratings made from
// counts, for weights without an order and for clusters that do not fit the
// items.
//
// Source: Conger 1980, Psychological Bulletin 88:322-328; Gwet 2014,
// sections 2.4 and 5.3, for weights, missing ratings and the variance.
func CongerKappa(r *Ratings, w Weighting, clusters Clusters) (Agreement, error) {
	const name = "Conger's kappa"
	a, err := r.conger(weighted(name, w), w, r.with(1), clusters)
	if err != nil {
		return Agreement{}, err
	}
	return a.missing(r, "pairs within an item as far as it has them, shares of a rater over the items that this one rated", "items without a rating"), nil
}

func (r *Ratings) conger(name string, w Weighting, items []int32, clusters Clusters) (Agreement, error) {
	if err := r.needRaters(); err != nil {
		return Agreement{}, fmt.Errorf("analysis: %s: %w", name, err)
	}
	p, err := r.pairing(w, items, 0)
	if err != nil {
		return Agreement{}, fmt.Errorf("analysis: %s: %w", name, err)
	}
	c := &conger{p}
	a, err := r.measure(name, c, items, clusters)
	if err != nil {
		return Agreement{}, err
	}
	silent := 0
	for g := range r.raters {
		if c.silent(g, items) {
			silent++
		}
	}
	if silent > 0 {
		a.Raters -= silent
		a.Warnings = append(a.Warnings, fmt.Errorf("%d of %d raters have no rating and are left out", silent, r.raters))
	}
	return a, nil
}

// conger keeps, after the pairing, how often each rater used each category.
type conger struct{ pairing }

func (c *conger) stride() int { return c.width() + c.r.raters*c.r.categories }

func (c *conger) add(item int32, sums []int64) {
	c.count(item, sums)
	used := sums[c.width():]
	for g, category := range c.r.by(item) {
		if category != NoRating {
			used[g*c.r.categories+int(category)]++
		}
	}
}

func (c *conger) silent(rater int, items []int32) bool {
	for _, item := range items {
		if c.r.by(item)[rater] != NoRating {
			return false
		}
	}
	return true
}

// shares are those of each rater who rated, with their number of ratings;
// and their sum by category.
func (c *conger) shares(sums []int64) (byRater [][]float64, ratings []float64, sum []float64) {
	q := c.r.categories
	byRater, ratings, sum = make([][]float64, c.r.raters), make([]float64, c.r.raters), make([]float64, q)
	for g := range byRater {
		used := sums[c.width()+g*q:][:q]
		for _, n := range used {
			ratings[g] += float64(n)
		}
		if ratings[g] == 0 {
			continue
		}
		byRater[g] = make([]float64, q)
		for k, n := range used {
			byRater[g][k] = float64(n) / ratings[g]
			sum[k] += byRater[g][k]
		}
	}
	return byRater, ratings, sum
}

func (c *conger) value(sums []int64) (Agreement, error) {
	observed, err := c.observed(sums)
	if err != nil {
		return Agreement{}, err
	}
	totals := make([]int64, c.r.categories)
	for at, n := range sums[c.width():] {
		totals[at%c.r.categories] += n
	}
	if err := alone(totals); err != nil {
		return Agreement{}, err
	}
	byRater, _, sum := c.shares(sums)
	// Over ordered pairs of raters g != h: all pairs less each with itself.
	chance, raters := c.weights.between(sum, sum), 0.0
	for _, own := range byRater {
		if own != nil {
			chance -= c.weights.between(own, own)
			raters++
		}
	}
	chance /= raters * (raters - 1)
	mean := make([]float64, len(sum))
	for k, s := range sum {
		mean[k] = s / raters
	}
	return c.beyond(observed, chance, mean, sums), nil
}

func (c *conger) linear(a Agreement, sums []int64) func(int32) float64 {
	byRater, ratings, sum := c.shares(sums)
	raters := 0.0
	for _, own := range byRater {
		if own != nil {
			raters++
		}
	}
	all, _ := c.items(sums)
	// effect[g][k] is what one more rating of rater g in category k does.
	effect := make([][]float64, len(byRater))
	for g, own := range byRater {
		if own == nil {
			continue
		}
		others := make([]float64, len(sum))
		for k := range others {
			others[k] = (sum[k] - own[k]) / (raters * (raters - 1))
		}
		effect[g] = c.weights.times(others)
		mean := 0.0
		for k, x := range effect[g] {
			mean += own[k] * x
		}
		for k := range effect[g] {
			effect[g][k] = (effect[g][k] - mean) * all / ratings[g]
		}
	}
	return c.pairing.linear(a, sums, func(item int32) float64 {
		chance := a.Chance
		for g, category := range c.r.by(item) {
			if category != NoRating {
				chance += effect[g][category]
			}
		}
		return chance
	})
}
