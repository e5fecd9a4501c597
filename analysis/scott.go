package analysis

import "fmt"

// ScottPi returns Scott's pi of two raters,
//
//	pi = (Observed − Chance) / (1 − Chance)
//
// where Observed is their (weighted) agreement and Chance that of two
// raters who both used each category as often as the two did on average.
// No unit; 1 is perfect agreement, 0 what chance gives, and the least value
// −1. It is Fleiss' kappa of two raters.
//
// Missing ratings: items without both are left out.
//
// Errors: ErrTooFew when no item has both ratings; ErrUndefined when all
// ratings fall into one category; and an error for another number of raters
// than two (see Ratings.Pair), for weights without an order and for
// clusters that do not fit the items.
//
// Source: Scott 1955, Public Opinion Quarterly 19:321-325; Gwet 2014,
// sections 2.3 and 5.3.
func ScottPi(r *Ratings, w Weighting, clusters Clusters) (Agreement, error) {
	const name = "Scott's pi"
	if r.raters != 2 {
		return Agreement{}, fmt.Errorf("analysis: %s: %d raters, want 2", name, r.raters)
	}
	a, err := r.fleissKappa(weighted(name, w), w, r.with(2), clusters)
	if err != nil {
		return Agreement{}, err
	}
	return a.missing(r, "items without both are left out", "items without both ratings"), nil
}

// weighted is the name of a coefficient with its weights.
func weighted(name string, w Weighting) string {
	if w == Unweighted {
		return name
	}
	return name + " with " + w.String()
}
