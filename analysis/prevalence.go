package analysis

import "fmt"

// Prevalence says how unevenly raters use the categories, and what this
// does to kappa.
type Prevalence struct {
	Category int     // the one used most
	Share    float64 // its share of ratings, averaged over items
	// Index is 0 when all categories are used alike and 1 when one is used
	// alone: (q·Share − 1)/(q − 1) of q categories. Of two it is the
	// prevalence index, the difference of their shares.
	Index float64
	// Even is the kappa that the observed agreement would give if all
	// categories were used alike: (Observed − 1/q)/(1 − 1/q).
	Even float64
	// Warning is the kappa paradox, where there is one; else nil.
	Warning error
}

// paradox is how far kappa may fall short of Even: one step of the scale of
// Landis and Koch 1977, Biometrics 33:159-174.
const paradox = 0.2

// MeasurePrevalence returns how uneven the shares of categories are. Where
// one category takes nearly all ratings, raters agree a great deal by
// chance, so that kappa is low or without a value though agreement is high;
// this is the paradox of Feinstein and Cicchetti. The rule for a warning is
// that unweighted Fleiss' kappa falls short of Even by more than 0.2, or
// has no value because a single category is used.
//
// Missing ratings: as in FleissKappaUnequal.
//
// Errors: ErrTooFew when no item has two ratings; ErrUndefined for a single
// category to choose.
//
// Source: Feinstein and Cicchetti 1990, Journal of Clinical Epidemiology
// 43:543-549; Byrt, Bishop and Carlin 1993, Journal of Clinical
// Epidemiology 46:423-429, for index and adjusted kappa of two categories;
// Brennan and Prediger 1981, Educational and Psychological Measurement
// 41:687-699, for Even of more. Index of more than two is our extension.
func MeasurePrevalence(r *Ratings) (Prevalence, error) {
	items := r.with(1)
	f, err := r.fleiss(Unweighted, items)
	if err != nil {
		return Prevalence{}, fmt.Errorf("analysis: prevalence: %w", err)
	}
	sums := sumByCluster(f, items, Clusters{ID: make([]int32, len(items)), N: 1}).total(nil)
	observed, err := f.observed(sums)
	if err != nil {
		return Prevalence{}, fmt.Errorf("analysis: prevalence: %w", err)
	}
	if r.categories < 2 {
		return Prevalence{}, fmt.Errorf("analysis: prevalence: a single category to choose: %w", ErrUndefined)
	}
	var p Prevalence
	shares, _ := f.shares(sums)
	for c, share := range shares {
		if share > p.Share {
			p.Category, p.Share = c, share
		}
	}
	q := float64(r.categories)
	p.Index = (q*p.Share - 1) / (q - 1)
	p.Even = (observed - 1/q) / (1 - 1/q)
	kappa, err := f.value(sums)
	switch {
	case err != nil:
		p.Warning = fmt.Errorf("kappa paradox: raters agree on %.3g of pairs, but kappa has no value, as every rating is in category %d (Feinstein and Cicchetti 1990)", observed, p.Category)
	case p.Even-kappa.Value > paradox:
		p.Warning = fmt.Errorf("kappa paradox: category %d has %.3g of the ratings, so kappa is %.2f where the same observed agreement of %.3g on evenly used categories would give %.2f, more than %v above (Feinstein and Cicchetti 1990)",
			p.Category, p.Share, kappa.Value, observed, p.Even, paradox)
	}
	return p, nil
}
