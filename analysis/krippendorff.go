package analysis

import "fmt"

// A Metric says how far apart two ratings are, for KrippendorffAlpha.
type Metric int

const (
	// NominalMetric is 0 for the same category and 1 for any two others.
	NominalMetric Metric = iota
	// OrdinalMetric is the square of how many ratings lie between two
	// categories, those of the two themselves by half. It depends on how
	// often categories are used; OrdinalWeights do not.
	OrdinalMetric
	// IntervalMetric is (x−y)² for categories with scores x and y.
	IntervalMetric
	// RatioMetric is ((x−y)/(x+y))² for scores of 0 or more.
	RatioMetric
)

// String is the name for people.
func (m Metric) String() string {
	switch m {
	case NominalMetric:
		return "nominal"
	case OrdinalMetric:
		return "ordinal"
	case IntervalMetric:
		return "interval"
	case RatioMetric:
		return "ratio"
	}
	return fmt.Sprintf("metric %d", int(m))
}

// KrippendorffAlpha returns Krippendorff's alpha,
//
//	alpha = 1 − D_o / D_e
//
// where D_o is the mean distance of two ratings of one item, each item
// counting by its ratings, and D_e that of two ratings of any items. No
// unit; 1 is perfect agreement and 0 what chance gives. Observed and Chance
// are 1 − D_o and 1 − D_e, distances being taken over the largest one
// between two categories.
//
// Missing ratings: a rating whose item has no other is left out, as it can
// be paired with none; there must be two to have a pair. All others count.
//
// The standard error on unknown clusters takes the distances as fixed;
// those of OrdinalMetric are not, quite. The bootstrap makes them anew for
// each replicate.
//
// Errors: ErrTooFew when no item has two ratings; ErrUndefined when all
// those left fall into one category; and an error for a metric other than
// NominalMetric without an order (see Ratings.Ordered), for RatioMetric
// with a negative score and for clusters that do not fit the items.
//
// Source: Krippendorff 2019, Content Analysis, 4th edition, section 12.3;
// Krippendorff 2011, Computing Krippendorff's Alpha-Reliability; Gwet 2014,
// section 5.4, for the variance.
func KrippendorffAlpha(r *Ratings, m Metric, clusters Clusters) (Agreement, error) {
	name := "Krippendorff's alpha, " + m.String()
	if err := r.fits(m); err != nil {
		return Agreement{}, fmt.Errorf("analysis: %s: %w", name, err)
	}
	items := r.with(2)
	p, err := r.pairing(Unweighted, items, r.categories*(r.categories+1)/2)
	if err != nil {
		return Agreement{}, fmt.Errorf("analysis: %s: %w", name, err)
	}
	a, err := r.measure(name, &krippendorff{p, m}, items, clusters)
	if err != nil {
		return Agreement{}, err
	}
	return a.missing(r, "ratings that are alone in their item are left out, all others count", "items with fewer than two ratings"), nil
}

// fits reports whether the categories have what a metric needs.
func (r *Ratings) fits(m Metric) error {
	switch {
	case m < NominalMetric || m > RatioMetric:
		return fmt.Errorf("%v is none of those known", m)
	case m != NominalMetric && r.scores == nil:
		return fmt.Errorf("needs categories with an order: see Ratings.Ordered")
	case m == RatioMetric && r.scores[0] < 0:
		return fmt.Errorf("score %d of category 0 is negative", r.scores[0])
	}
	return nil
}

// krippendorff keeps, for each number of ratings that an item may have, how
// many pairs of its ratings fall into each pair of categories k <= l:
// unordered pairs where k < l, ordered ones where k = l.
type krippendorff struct {
	pairing
	metric Metric
}

func (k *krippendorff) stride() int { return k.width() }

func (k *krippendorff) add(item int32, sums []int64) {
	pairs := k.count(item, sums)
	counts := k.r.of(item)
	at := 0
	for c, n := range counts {
		pairs[at] += int64(n) * int64(n-1)
		at++
		for _, other := range counts[c+1:] {
			pairs[at] += int64(n) * int64(other)
			at++
		}
	}
}

// A coincidence holds how often two categories meet in an item, each item
// counting by its ratings, and how often each category occurs.
type coincidence struct {
	meet    [][]float64 // [k][l] for k < l
	ratings []float64   // by category
	all     float64
}

func (k *krippendorff) coincidence(sums []int64) coincidence {
	q := k.r.categories
	c := coincidence{meet: make([][]float64, q), ratings: make([]float64, q)}
	cells := make([]float64, q*q)
	for i := range c.meet {
		c.meet[i] = cells[i*q:][:q]
	}
	for at, size := range k.sizes {
		pairs, partners := sums[at*k.block+2:], float64(size-1)
		i := 0
		for x := range q {
			for y := x; y < q; y++ {
				n := float64(pairs[i]) / partners
				i++
				if c.ratings[x] += n; x != y {
					c.ratings[y] += n
					c.meet[x][y] += n
				}
			}
		}
		c.all += float64(sums[at*k.block]) * float64(size)
	}
	return c
}

// distances are those between categories k < l, over the largest.
func (k *krippendorff) distances(ratings []float64) [][]float64 {
	q := k.r.categories
	d := make([][]float64, q)
	top := 0.0
	for x := range d {
		d[x] = make([]float64, q)
		between := ratings[x] / 2
		for y := x + 1; y < q; y++ {
			between += ratings[y-1]/2 + ratings[y]/2
			switch k.metric {
			case NominalMetric:
				d[x][y] = 1
			case OrdinalMetric:
				apart := between - ratings[x]/2
				d[x][y] = apart * apart
			default:
				apart := float64(k.r.scores[y] - k.r.scores[x])
				if k.metric == RatioMetric {
					apart /= float64(k.r.scores[y] + k.r.scores[x])
				}
				d[x][y] = apart * apart
			}
			top = max(top, d[x][y])
		}
	}
	for x := range d {
		for y := range d[x] {
			d[x][y] /= top
		}
	}
	return d
}

func (k *krippendorff) value(sums []int64) (Agreement, error) {
	if _, err := k.observed(sums); err != nil {
		return Agreement{}, err
	}
	totals := make([]int64, k.r.categories)
	c := k.coincidence(sums)
	for x, n := range c.ratings {
		if n > 0 {
			totals[x] = 1
		}
	}
	if err := alone(totals); err != nil {
		return Agreement{}, err
	}
	d := k.distances(c.ratings)
	var within, across float64
	for x := range d {
		for y := x + 1; y < len(d); y++ {
			within += c.meet[x][y] * d[x][y]
			across += c.ratings[x] * c.ratings[y] * d[x][y]
		}
	}
	// Each pair of categories stands for two ordered ones.
	within *= 2 / c.all
	across *= 2 / (c.all * (c.all - 1))
	shares := make([]float64, len(c.ratings))
	for x, n := range c.ratings {
		shares[x] = n / c.all
	}
	_, paired := k.items(sums)
	return Agreement{
		Estimate: Estimate{Value: 1 - within/across},
		Observed: 1 - within, Chance: 1 - across, Shares: shares, Items: int(paired),
	}, nil
}

// linear follows Gwet, who writes alpha as a coefficient of agreement with
// weights of 1 less the distance; Chance is drawn there with replacement.
func (k *krippendorff) linear(a Agreement, sums []int64) func(int32) float64 {
	c := k.coincidence(sums)
	d := k.distances(c.ratings)
	weight := func(x, y int) float64 { return 1 - d[min(x, y)][max(x, y)] }
	_, items := k.items(sums)
	mean := c.all / items // ratings of an item
	effect := make([]float64, len(a.Shares))
	chance := 0.0
	for x, p := range a.Shares {
		for y, o := range a.Shares {
			effect[x] += weight(x, y) * o
		}
		chance += p * effect[x]
	}
	raw := a.Observed // of pairs within items
	corrected := raw + (1-raw)/c.all
	alpha := (raw - chance) / (1 - chance)
	return func(item int32) float64 {
		counts := k.r.of(item)
		m := float64(k.r.rated[item])
		var pairs, met float64
		for x, n := range counts {
			if n == 0 {
				continue
			}
			met += float64(n) * effect[x]
			for y, o := range counts {
				pairs += weight(x, y) * float64(n) * float64(o)
			}
		}
		more := (m - mean) / mean
		observed := (pairs-m)/(mean*(m-1)) - corrected*more
		expected := met/mean - chance*more
		x := (observed - chance - 2*(1-alpha)*(expected-chance)) / (1 - chance)
		return x + a.Value - alpha // the mean of x is alpha with replacement
	}
}
