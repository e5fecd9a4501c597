package analysis

import (
	"fmt"
	"math"
)

// CohenKappa returns Cohen's kappa of two raters,
//
//	kappa = (Observed − Chance) / (1 − Chance)
//
// where Observed is their (weighted) agreement and Chance what it would be
// if each kept to the own shares of categories but drew them blindly. No
// unit; 1 is perfect agreement, 0 what chance gives. With quadratic weights
// of categories with scores it is close to an intraclass correlation.
//
// Missing ratings: items without both are left out.
//
// Errors: ErrTooFew when no item has both ratings; ErrUndefined when all
// ratings fall into one category; and an error for another number of raters
// than two (see Ratings.Pair), for ratings made from counts, for weights
// without an order and for clusters that do not fit the items.
//
// Source: Cohen 1960, Educational and Psychological Measurement 20:37-46,
// and 1968, Psychological Bulletin 70:213-220, with weights; the variance
// is that of Fleiss, Cohen and Everitt 1969, Psychological Bulletin
// 72:323-327, times n/(n−1).
func CohenKappa(r *Ratings, w Weighting, clusters Clusters) (Agreement, error) {
	const name = "Cohen's kappa"
	if r.raters != 2 {
		return Agreement{}, fmt.Errorf("analysis: %s: %d raters, want 2", name, r.raters)
	}
	a, err := r.conger(weighted(name, w), w, r.with(2), clusters)
	if err != nil {
		return Agreement{}, err
	}
	return a.missing(r, "items without both are left out", "items without both ratings"), nil
}

// CohenKappaFromAgreement returns the Cohen's kappa over two categories
// that a report implies which prints only how often two raters agree and
// how often each picks the first category, all as shares 0..1 over the same
// items. It has neither items nor an interval.
//
// Errors: ErrUndefined when both raters always pick the same category; and
// an error for a share outside 0..1 and for an agreement that no two raters
// with these shares can have. Shares are often printed with few digits, so
// half a per cent beyond what is possible is let pass.
//
// Source: Cohen 1960.
func CohenKappaFromAgreement(agreement, rateA, rateB float64) (Agreement, error) {
	for _, x := range [3]float64{agreement, rateA, rateB} {
		if !(x >= 0 && x <= 1) {
			return Agreement{}, fmt.Errorf("analysis: Cohen's kappa: share is %v, want 0..1", x)
		}
	}
	const rounding = .005
	least, most := math.Abs(rateA+rateB-1), 1-math.Abs(rateA-rateB)
	if agreement < least-rounding || agreement > most+rounding {
		return Agreement{}, fmt.Errorf("analysis: Cohen's kappa: agreement is %v, want %.4g..%.4g with rates of %v and %v", agreement, least, most, rateA, rateB)
	}
	chance := rateA*rateB + (1-rateA)*(1-rateB)
	if chance == 1 {
		return Agreement{}, fmt.Errorf("analysis: Cohen's kappa: both raters always pick the same category, so chance agreement is perfect: %w", ErrUndefined)
	}
	mean := (rateA + rateB) / 2
	return Agreement{
		Estimate:    Estimate{Value: (agreement - chance) / (1 - chance), Method: "Cohen's kappa from printed agreement and rates"},
		Coefficient: "Cohen's kappa",
		Observed:    agreement, Chance: chance, Shares: []float64{mean, 1 - mean}, Raters: 2,
	}, nil
}
