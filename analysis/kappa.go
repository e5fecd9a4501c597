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
	t, err := tallyFleiss(counts, Clusters{ID: make([]int32, len(counts)), N: 1})
	if err != nil {
		return Kappa{}, err
	}
	return t.kappa([]int32{1})
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
func FleissKappaClustered(counts [][]int, clusters Clusters) (Kappa, error) {
	dense, err := clusters.among(len(counts))
	if err != nil {
		return Kappa{}, err
	}
	t, err := tallyFleiss(counts, dense)
	if err != nil {
		return Kappa{}, err
	}
	return t.bootstrap(clusters.Known())
}

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
// over the same items; where they are nearly so, the result is nearly
// kappa. It has neither items nor an interval.
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

// A fleissTally is all that kappa needs of the items, summed by cluster in
// whole numbers, so that a bootstrap replicate is one weighted sum and has
// the same bits in any order of items.
type fleissTally struct {
	raters, categories int
	// sums has for each cluster, one after the other: its items; the
	// ordered pairs of raters that agree, over all items; and the ratings
	// in each category.
	sums []int64
}

// stride is how many sums a cluster has.
func (t *fleissTally) stride() int { return 2 + t.categories }

func (t *fleissTally) clusters() int { return len(t.sums) / t.stride() }

// tallyFleiss checks the counts and sums them by cluster. Clusters come
// out ordered by their content, which frees the draws of a bootstrap from
// the order of items and the numbers of clusters.
func tallyFleiss(counts [][]int, clusters Clusters) (*fleissTally, error) {
	if len(counts) == 0 {
		return nil, fmt.Errorf("analysis: kappa: no items: %w", ErrTooFew)
	}
	t := &fleissTally{categories: len(counts[0])}
	byCluster := make([][]int64, clusters.N)
	cells := make([]int64, clusters.N*t.stride())
	for c := range byCluster {
		byCluster[c] = cells[c*t.stride():][:t.stride()]
	}
	for i, item := range counts {
		pairs, raters, err := t.check(i, item)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			t.raters = raters
		}
		if raters != t.raters {
			return nil, fmt.Errorf("analysis: kappa: item %d has %d raters, want %d as in item 0", i, raters, t.raters)
		}
		sums := byCluster[clusters.ID[i]]
		sums[0]++
		sums[1] += pairs
		for c, n := range item {
			sums[2+c] += int64(n)
		}
	}
	if t.raters < 2 {
		return nil, fmt.Errorf("analysis: kappa: %d raters, want at least 2: %w", t.raters, ErrTooFew)
	}
	slices.SortFunc(byCluster, slices.Compare)
	t.sums = slices.Concat(byCluster...)
	return t, nil
}

// check returns an item's agreeing ordered pairs and its raters.
func (t *fleissTally) check(i int, item []int) (pairs int64, raters int, err error) {
	if len(item) != t.categories {
		return 0, 0, fmt.Errorf("analysis: kappa: item %d has %d categories, want %d as in item 0", i, len(item), t.categories)
	}
	for c, n := range item {
		if n < 0 || n > maxRaters {
			return 0, 0, fmt.Errorf("analysis: kappa: item %d: count of category %d is %d, want 0..%d", i, c, n, maxRaters)
		}
		pairs += int64(n) * int64(n-1)
		raters += n
	}
	return pairs, raters, nil
}

// maxRaters keeps sums of pairs within 64 bits: 2^23 items at the limit.
const maxRaters = 1 << 20

// kappa is the statistic with each cluster taken weights[cluster] times.
func (t *fleissTally) kappa(weights []int32) (Kappa, error) {
	total := make([]int64, t.stride())
	for cluster, w := range weights {
		sums := t.sums[cluster*len(total):][:len(total)]
		for i, s := range sums {
			total[i] += int64(w) * s
		}
	}
	items, raters := float64(total[0]), float64(t.raters)
	shares := make([]float64, t.categories)
	for c := range shares {
		shares[c] = float64(total[2+c]) / (items * raters)
	}
	observed := float64(total[1]) / (items * raters * (raters - 1))
	return newKappa(observed, shares, int(total[0]), t.raters)
}

// bootstrap is the statistic on the items as they are, with the spread
// that drawing clusters gives it.
func (t *fleissTally) bootstrap(known bool) (Kappa, error) {
	clusters := t.clusters()
	once := make([]int32, clusters)
	for c := range once {
		once[c] = 1
	}
	k, err := t.kappa(once)
	if err != nil {
		return Kappa{}, err
	}
	r, err := Bootstrap(clusters, Replicates, DefaultSeed, Level, func(weights []int32) (float64, error) {
		k, err := t.kappa(weights)
		return k.Value, err
	})
	if err != nil {
		k.Warnings = append(k.Warnings, fmt.Errorf("no interval: %w", err))
	} else {
		method := k.Method
		k.Estimate = r.Estimate(k.Value, k.Items)
		k.Method = method + ", " + k.Method
	}
	if !known {
		k.Clusters = 0
		k.Warnings = append(k.Warnings, errClustersUnknown)
	}
	return k, nil
}
