package analysis

import (
	"errors"
	"fmt"
	"math"
)

// A CategoryAgreement is how well raters agree on one category.
type CategoryAgreement struct {
	Category int
	Share    float64 // of the category, averaged over items; 0..1
	// Specific is how likely a second rater is to choose the category for
	// an item if the first did, 0..1.
	Specific    Agreement
	SpecificErr error // why Specific has no value; its Value is then NaN
	// Kappa is Fleiss' kappa of the category against all others.
	Kappa    Agreement
	KappaErr error // why Kappa has no value; its Value is then NaN
}

// AgreementByCategory returns for each category its share, the specific
// agreement
//
//	sum over items of n(n−1) / sum over items of n(m−1)
//
// where n of an item's m ratings are in the category, and Fleiss' kappa of
// the category against the rest. Of two categories both have the same
// kappa, but not the same specific agreement: that is what shows that
// raters agree well on the common one and badly on the rare one.
//
// Missing ratings: specific agreement is over the items with two or more
// ratings; kappa as in FleissKappaUnequal.
//
// Errors: a category that nobody used has ErrUndefined for both; one that
// holds all ratings has ErrUndefined for its kappa. The error of the whole
// is ErrTooFew when no item has two ratings, or that of clusters that do
// not fit the items.
//
// Source: Cicchetti and Feinstein 1990, Journal of Clinical Epidemiology
// 43:551-558; Spitzer and Fleiss 1974 for more than two raters; Fleiss 1971
// for kappa.
func AgreementByCategory(r *Ratings, clusters Clusters) ([]CategoryAgreement, error) {
	items := r.with(2)
	if len(items) == 0 {
		return nil, fmt.Errorf("analysis: agreement by category: no item with at least 2 ratings: %w", ErrTooFew)
	}
	rated := r.with(1)
	list := make([]CategoryAgreement, r.categories)
	for category := range list {
		c := &list[category]
		c.Category = category
		for _, item := range rated {
			c.Share += float64(r.of(item)[category]) / float64(r.rated[item]) / float64(len(rated))
		}
		s := &specific{r, category}
		c.Specific, c.SpecificErr = r.measure(fmt.Sprintf("specific agreement on category %d", category), s, items, clusters)
		if c.SpecificErr == nil {
			c.Specific = c.Specific.missing(r, "an item counts with the pairs that it has", "items with fewer than two ratings")
		}
		c.Kappa, c.KappaErr = FleissKappaUnequal(r.only(category), Unweighted, clusters)
		for _, part := range []struct {
			*Agreement
			err error
		}{{&c.Specific, c.SpecificErr}, {&c.Kappa, c.KappaErr}} {
			if part.err != nil && !noValue(part.err) {
				return nil, part.err
			}
			if part.err != nil {
				part.Value = math.NaN()
			}
		}
	}
	return list, nil
}

// noValue tells a statistic without a value from input that is wrong.
func noValue(err error) bool { return errors.Is(err, ErrTooFew) || errors.Is(err, ErrUndefined) }

// specific keeps the items, the ordered pairs of ratings that both are in
// the category, and those whose first one is.
type specific struct {
	r        *Ratings
	category int
}

func (s *specific) stride() int { return 3 }

func (s *specific) add(item int32, sums []int64) {
	n := int64(s.r.of(item)[s.category])
	sums[0]++
	sums[1] += n * (n - 1)
	sums[2] += n * int64(s.r.rated[item]-1)
}

func (s *specific) value(sums []int64) (Agreement, error) {
	if sums[2] == 0 {
		return Agreement{}, fmt.Errorf("no rating is in category %d: %w", s.category, ErrUndefined)
	}
	v := float64(sums[1]) / float64(sums[2])
	return Agreement{Estimate: Estimate{Value: v}, Observed: v, Items: int(sums[0])}, nil
}

func (s *specific) linear(a Agreement, sums []int64) func(int32) float64 {
	mean := float64(sums[2]) / float64(sums[0])
	return func(item int32) float64 {
		var one [3]int64
		s.add(item, one[:])
		return a.Value + (float64(one[1])-a.Value*float64(one[2]))/mean
	}
}
