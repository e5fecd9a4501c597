package analysis

import (
	"fmt"
	"slices"
)

// Kappa is Fleiss' kappa and what it rests on.
type Kappa struct {
	Estimate
	Categories []string  // names, where they are known
	Observed   float64   // mean pairwise agreement
	Chance     float64   // agreement expected by chance
	Shares     []float64 // of each category, over all ratings
	Items      int
	Raters     int
}

// FleissKappa returns how far raters agree beyond chance:
//
//	kappa = (Observed − Chance) / (1 − Chance)
//
// where Observed is the share of rater pairs that agree, averaged over
// items, and Chance is the sum of the squared category shares. No unit;
// 1 is perfect agreement, 0 what chance gives, and the least value is
// −1/(raters−1).
//
// counts[i][c] is how many raters put item i into category c: counts, not
// ratings; CountRatings makes the one of the other. Every item must have
// the same number of raters, so an item with a missing rating has to be
// left out before.
//
// The value comes without an interval (Level 0); FleissKappaClustered adds
// one.
//
// Errors: ErrTooFew for no items or fewer than two raters; ErrUndefined
// when all ratings fall into one category, as chance agreement is then
// perfect; and an error that names the first item with a negative count,
// with another number of categories or with another number of raters.
//
// Source: Fleiss 1971, Psychological Bulletin 76:378-382.
func FleissKappa(counts [][]int) (Kappa, error) {
	f, items, err := equalFleiss(counts)
	if err != nil {
		return Kappa{}, err
	}
	return f.kappa(sumByCluster(f, items, Clusters{ID: make([]int32, len(items)), N: 1}))
}

// FleissKappaClustered is FleissKappa with a standard error and an
// interval at Level. They are those of sampling: the percentile interval
// of a bootstrap that draws whole clusters of items, Replicates times,
// with DefaultSeed. Numbering clusters differently or reordering items
// changes no digit.
//
// Clusters has an ID per item. When they are unknown, items are drawn one
// by one and a warning says so. With a single cluster there is nothing to
// draw: the value then comes without an interval (Level 0) and a warning
// says why.
//
// Missing ratings and errors are those of FleissKappa; clusters that do not
// fit the items are an error, too.
//
// Source: Fleiss 1971; see Bootstrap.
func FleissKappaClustered(counts [][]int, clusters Clusters) (Kappa, error) {
	dense, err := clusters.among(len(counts))
	if err != nil {
		return Kappa{}, err
	}
	f, items, err := equalFleiss(counts)
	if err != nil {
		return Kappa{}, err
	}
	t := sumByCluster(f, items, dense)
	k, err := f.kappa(t)
	if err != nil {
		return Kappa{}, err
	}
	r, err := t.resample(f)
	if err != nil {
		k.Warnings = append(k.Warnings, fmt.Errorf("no interval: %w", err))
	} else {
		method := k.Method
		k.Estimate = r.Estimate(k.Value, k.Items)
		k.Method = method + ", " + k.Method
	}
	if !clusters.Known() {
		k.Clusters = 0
		k.Warnings = append(k.Warnings, errClustersUnknown)
	}
	return k, nil
}

// FleissKappaUnequal is Fleiss' kappa of ratings that may have unequal
// numbers of raters, and weights:
//
//	kappa = (Observed − Chance) / (1 − Chance)
//
// where Observed is the (weighted) share of pairs of raters that agree on
// an item, averaged over items, and Chance that of two ratings drawn
// blindly by the shares of categories. No unit; 1 is perfect agreement, 0
// what chance gives. Unweighted and with equal numbers of raters it is
// FleissKappa, to the last digit.
//
// Missing ratings: Observed is over the items with two or more ratings; a
// category's share is over all items with any, each counting alike. This
// can be far from the kappa of the items that are complete, which
// CountRatings and FleissKappa give, so Method says which it is.
//
// Errors: ErrTooFew when no item has two ratings; ErrUndefined when all
// ratings fall into one category; and an error for weights without an order
// and for clusters that do not fit the items.
//
// Source: Fleiss 1971; Gwet 2014, sections 2.4 and 5.3, for weights, unequal
// raters and the variance.
func FleissKappaUnequal(r *Ratings, w Weighting, clusters Clusters) (Agreement, error) {
	a, err := r.fleissKappa(weighted("Fleiss' kappa", w), w, r.with(1), clusters)
	if err != nil {
		return Agreement{}, err
	}
	return a.missing(r, pooledRule, "items without a rating"), nil
}

// fleissKappa is that of some items; of two raters it is Scott's pi.
func (r *Ratings) fleissKappa(name string, w Weighting, items []int32, clusters Clusters) (Agreement, error) {
	f, err := r.fleiss(w, items)
	if err != nil {
		return Agreement{}, fmt.Errorf("analysis: %s: %w", name, err)
	}
	return r.measure(name, f, items, clusters)
}

// pooledRule is what Fleiss' kappa and Gwet's coefficients do about missing
// ratings.
const pooledRule = "pairs within an item as far as it has them, shares over all rated items"

// CountRatings turns raw ratings into the counts of FleissKappa.
// ratings[i][r] is the category, 0 <= category < categories, that rater r
// gave item i; a negative one is a missing rating. An item with a missing
// rating is left out altogether; kept lists the others, so that their
// clusters can be picked.
//
// It is an error for an item to have another number of raters than the
// first one or a category out of range, and for there to be no category.
func CountRatings(ratings [][]int, categories int) (counts [][]int, kept []int, err error) {
	if categories < 1 {
		return nil, nil, fmt.Errorf("analysis: kappa: %d categories, want at least 1", categories)
	}
	for i, item := range ratings {
		if len(item) != len(ratings[0]) {
			return nil, nil, fmt.Errorf("analysis: kappa: item %d has %d ratings, want %d", i, len(item), len(ratings[0]))
		}
		for r, c := range item {
			if c >= categories {
				return nil, nil, fmt.Errorf("analysis: kappa: item %d: rater %d gave category %d, want 0..%d", i, r, c, categories-1)
			}
		}
		if slices.ContainsFunc(item, func(c int) bool { return c < 0 }) {
			continue
		}
		count := make([]int, categories)
		for _, c := range item {
			count[c]++
		}
		counts, kept = append(counts, count), append(kept, i)
	}
	return counts, kept, nil
}

// KappaFromAgreement returns the Fleiss' kappa over two categories that a
// report implies which prints only how often each pair of raters agrees
// and how often each rater picks the first category, both as shares 0..1.
// With r raters there are r(r−1)/2 pairs, in any order. All shares must be
// over the same items; where they are nearly so, as when some ratings were
// missing, the result is nearly kappa. It has neither items nor an interval.
//
// Errors: ErrTooFew for fewer than two raters; ErrUndefined when every
// rater always picks the same category; and an error for the wrong number
// of pairs or a share outside 0..1.
//
// Source: Fleiss 1971; the paper's kappa follows so from its section 3.1.2.
func KappaFromAgreement(pairwise, flagRates []float64) (Kappa, error) {
	r := len(flagRates)
	if r < 2 {
		return Kappa{}, fmt.Errorf("analysis: kappa: %d raters, want at least 2: %w", r, ErrTooFew)
	}
	if len(pairwise) != r*(r-1)/2 {
		return Kappa{}, fmt.Errorf("analysis: kappa: %d pairs, want %d for %d raters", len(pairwise), r*(r-1)/2, r)
	}
	for _, x := range slices.Concat(pairwise, flagRates) {
		if !(x >= 0 && x <= 1) {
			return Kappa{}, fmt.Errorf("analysis: kappa: share is %v, want 0..1", x)
		}
	}
	p := mean(flagRates)
	return newKappa(mean(pairwise), []float64{p, 1 - p}, 0, r)
}

func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

// newKappa applies the formula.
func newKappa(observed float64, shares []float64, items, raters int) (Kappa, error) {
	chance := 0.0
	for c, share := range shares {
		if share == 1 { // exactly so when one category holds every rating
			return Kappa{}, fmt.Errorf("analysis: kappa: every rating is in category %d, so chance agreement is perfect: %w", c, ErrUndefined)
		}
		chance += share * share
	}
	return Kappa{
		Estimate: Estimate{Value: (observed - chance) / (1 - chance), N: items, Method: "Fleiss' kappa"},
		Observed: observed, Chance: chance, Shares: shares,
		Items: items, Raters: raters,
	}, nil
}

// equalFleiss is the coefficient of counts that must have the same number
// of raters in every item.
func equalFleiss(counts [][]int) (*fleiss, []int32, error) {
	r, err := RatingsFromCounts(counts)
	if err != nil {
		return nil, nil, err
	}
	for i, n := range r.rated {
		if n != r.rated[0] {
			return nil, nil, fmt.Errorf("analysis: kappa: item %d has %d raters, want %d as in item 0", i, n, r.rated[0])
		}
	}
	if r.raters < 2 {
		return nil, nil, fmt.Errorf("analysis: kappa: %d raters, want at least 2: %w", r.raters, ErrTooFew)
	}
	items := r.with(2)
	f, err := r.fleiss(Unweighted, items)
	if err != nil {
		return nil, nil, fmt.Errorf("analysis: kappa: %w", err)
	}
	return f, items, nil
}

// kappa is the statistic of all clusters.
func (f *fleiss) kappa(t clusterSums) (Kappa, error) {
	a, err := f.value(t.total(nil))
	if err != nil {
		return Kappa{}, fmt.Errorf("analysis: kappa: %w", err)
	}
	return newKappa(a.Observed, a.Shares, a.Items, f.r.raters)
}

// fleiss keeps, for each number of ratings that an item may have, how often
// each category was used.
type fleiss struct{ pairing }

func (r *Ratings) fleiss(w Weighting, items []int32) (*fleiss, error) {
	p, err := r.pairing(w, items, r.categories)
	return &fleiss{p}, err
}

func (f *fleiss) stride() int { return f.width() }

func (f *fleiss) add(item int32, sums []int64) {
	used := f.count(item, sums)
	for c, n := range f.r.of(item) {
		used[c] += int64(n)
	}
}

// shares are those of the categories, averaged over items; and how many
// ratings each holds.
func (f *fleiss) shares(sums []int64) (shares []float64, ratings []int64) {
	shares, ratings = make([]float64, f.r.categories), make([]int64, f.r.categories)
	all, _ := f.items(sums)
	for at, size := range f.sizes {
		block := sums[at*f.block:][:f.block]
		if block[0] == 0 {
			continue
		}
		n := float64(block[0])
		for c, used := range block[2:] {
			ratings[c] += used
			shares[c] += n / all * (float64(used) / (n * float64(size)))
		}
	}
	return shares, ratings
}

func (f *fleiss) value(sums []int64) (Agreement, error) {
	observed, err := f.observed(sums)
	if err != nil {
		return Agreement{}, err
	}
	shares, ratings := f.shares(sums)
	if err := alone(ratings); err != nil {
		return Agreement{}, err
	}
	return f.beyond(observed, f.weights.between(shares, shares), shares, sums), nil
}

func (f *fleiss) linear(a Agreement, sums []int64) func(int32) float64 {
	return f.pairing.linear(a, sums, f.mean(f.weights.times(a.Shares)))
}

// mean is the mean of something by category over an item's ratings.
func (f *fleiss) mean(byCategory []float64) func(item int32) float64 {
	return func(item int32) float64 {
		sum := 0.0
		for c, n := range f.r.of(item) {
			sum += float64(n) * byCategory[c]
		}
		return sum / float64(f.r.rated[item])
	}
}
