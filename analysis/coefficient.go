package analysis

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// An Agreement is a coefficient of agreement between raters and what it
// rests on.
//
// Its interval is one of sampling: of items, or of whole clusters of them,
// drawn from a population that is much larger; the raters are the raters.
// With known clusters it is the percentile interval of a Bootstrap, and
// DesignEffect is the linearised variance with these clusters over that
// without. With unknown ones it is that of Student's t with items−1
// degrees of freedom on the linearised variance over items, cut off at 1
// (Gwet 2014, chapter 5; Gwet 2021), and a warning says that clusters are
// unknown. Gwet's variance is on the large side where many items have a
// single rating, which the bootstrap is not. Neither is the standard error
// of the hypothesis that kappa is 0, which tests that hypothesis
// (FleissKappaZero) and makes no interval. A coefficient of one item or one
// cluster comes without an interval and with a warning.
type Agreement struct {
	Estimate
	Coefficient string // such as "Cohen's kappa"
	Weighting   Weighting
	// Observed and Chance are the agreement that there is and that which
	// chance would give, 0..1. The coefficient is what Observed exceeds
	// Chance by, over what it could. Chance is 0 for percent agreement.
	Observed, Chance float64
	Shares           []float64 // of each category, as far as Chance rests on them
	Items            int       // items with two or more ratings
	Raters           int
	// Missing says what became of missing ratings; "" when there are none.
	// It is part of Method, as other rules give other numbers.
	Missing string
}

// A coefficient is what all of them have in common: it is read off sums
// over items of whole numbers. The sums of clusters are then all that a
// bootstrap needs, and the order of items changes no digit.
type coefficient interface {
	// stride is how many sums there are.
	stride() int
	// add adds one item to the sums.
	add(item int32, sums []int64)
	// value reads the coefficient off sums over items: Value, Observed,
	// Chance, Shares and Items of an Agreement. Others are left alone.
	value(sums []int64) (Agreement, error)
	// linear is the coefficient as a mean over items, each of whose terms
	// says what this item did to it. The variance of the terms is that of
	// the coefficient, to first order.
	linear(a Agreement, sums []int64) func(item int32) float64
}

// clusterSums are the sums of each cluster, ascending. Most clusters are like
// many others, such as that of one item on which all raters agree, and stand
// here once.
type clusterSums struct {
	clusters, stride int
	sums             []int64 // of each distinct cluster, one after the other
	end              []int   // of each distinct cluster: the number of the first one after those like it
}

// sumByCluster comes out ordered by content, which frees the draws of a
// bootstrap from the order of items and the numbers of clusters.
func sumByCluster(c coefficient, items []int32, dense Clusters) clusterSums {
	stride := c.stride()
	cells := make([]int64, dense.N*stride)
	byCluster := make([][]int64, dense.N)
	for i := range byCluster {
		byCluster[i] = cells[i*stride:][:stride]
	}
	for at, item := range items {
		c.add(item, byCluster[dense.ID[at]])
	}
	slices.SortFunc(byCluster, slices.Compare)
	t := clusterSums{clusters: dense.N, stride: stride}
	for i, sums := range byCluster {
		if i == 0 || !slices.Equal(sums, byCluster[i-1]) {
			t.sums, t.end = append(t.sums, sums...), append(t.end, i)
		}
		t.end[len(t.end)-1] = i + 1
	}
	return t
}

// total is the sums over all clusters, each taken weights[cluster] times;
// nil weights take each once.
func (t clusterSums) total(weights []int32) []int64 {
	total := make([]int64, t.stride)
	from := 0
	for distinct, end := range t.end {
		times := int64(end - from)
		if weights != nil {
			times = 0
			for _, w := range weights[from:end] {
				times += int64(w)
			}
		}
		from = end
		for i, s := range t.sums[distinct*t.stride:][:t.stride] {
			total[i] += times * s
		}
	}
	return total
}

// resample is the bootstrap of a coefficient over its clusters.
func (t clusterSums) resample(c coefficient) (Resampled, error) {
	return Bootstrap(t.clusters, Replicates, DefaultSeed, Level, func(weights []int32) (float64, error) {
		a, err := c.value(t.total(weights))
		return a.Value, err
	})
}

// measure is a coefficient over some items of r, with its interval. The
// clusters are those of all items of r.
func (r *Ratings) measure(name string, c coefficient, items []int32, clusters Clusters) (Agreement, error) {
	dense, err := clusters.of(items, r.items)
	if err != nil {
		return Agreement{}, err
	}
	t := sumByCluster(c, items, dense)
	total := t.total(nil)
	a, err := c.value(total)
	if err != nil {
		return Agreement{}, fmt.Errorf("analysis: %s: %w", name, err)
	}
	a.Coefficient, a.Method, a.N, a.Raters = name, name, len(items), r.raters

	terms := make([]float64, len(items))
	linear := c.linear(a, total)
	for at, item := range items {
		terms[at] = linear(item) - a.Value
	}
	single := variance(terms)
	switch {
	case !clusters.Known():
		if len(items) < 2 {
			a.Warnings = append(a.Warnings, fmt.Errorf("no interval: a single item: %w", ErrTooFew))
			break
		}
		a.SE, a.Level = math.Sqrt(single), Level
		t := distuv.StudentsT{Sigma: 1, Nu: float64(len(items) - 1)}.Quantile((1 + Level) / 2)
		a.Lo, a.Hi = a.Value-t*a.SE, min(1, a.Value+t*a.SE)
		a.Method += fmt.Sprintf(", linearised variance over items, Student's t %g %%", 100*Level)
	default:
		a.Clusters = dense.N
		byCluster := make([]float64, dense.N)
		scale := float64(dense.N) / float64(len(items))
		for at, x := range terms {
			byCluster[dense.ID[at]] += x * scale
		}
		if single > 0 && dense.N > 1 {
			a.DesignEffect = variance(byCluster) / single
		}
		resampled, err := t.resample(c)
		if err != nil {
			a.Warnings = append(a.Warnings, fmt.Errorf("no interval: %w", err))
			break
		}
		e := resampled.Estimate(a.Value, a.N)
		e.DesignEffect, e.Method = a.DesignEffect, a.Method+", "+e.Method
		a.Estimate = e
	}
	if a.HasInterval() && a.SE < 1e-12 {
		a.Warnings = append(a.Warnings, errors.New("all items are alike, so the interval has no width: it says nothing of items not seen"))
	}
	if !clusters.Known() {
		a.Warnings = append(a.Warnings, errClustersUnknown)
	}
	return a, nil
}

// variance is that of the mean of independent terms whose mean is 0.
func variance(terms []float64) float64 {
	squares := 0.0
	for _, x := range terms {
		squares += x * x
	}
	n := float64(len(terms))
	return squares / n / (n - 1)
}

// of returns the clusters of some of the rows, renumbered.
func (c Clusters) of(rows []int32, all int) (Clusters, error) {
	if _, err := c.among(all); err != nil || !c.Known() {
		if err == nil {
			return c.among(len(rows))
		}
		return Clusters{}, err
	}
	some := Clusters{ID: make([]int32, len(rows)), N: c.N}
	for at, row := range rows {
		some.ID[at] = c.ID[row]
	}
	return some.among(len(rows))
}

// missing completes an estimate of ratings some of which are missing: what
// was left out, and what became of the rest.
func (a Agreement) missing(r *Ratings, rule, excluded string) Agreement {
	if r.Missing() == 0 {
		return a
	}
	a.Missing = rule
	a.Method += "; missing ratings: " + rule
	if left := r.items - a.N; left > 0 {
		a.Excluded = append(a.Excluded, Exclusion{excluded, left})
	}
	return a
}

// pairing is the part that observed agreement is read from: per number of
// ratings that an item may have, how many items have it, and the weights
// of their agreeing pairs. They are kept apart by that number because the
// mean over items of an item's share of pairs is then made of whole
// numbers.
type pairing struct {
	r       *Ratings
	weights weightMatrix
	kind    Weighting
	sizes   []int32 // the numbers of ratings that occur, ascending
	at      map[int32]int
	block   int // sums for each size; items and pairs are the first two
}

func (r *Ratings) pairing(w Weighting, items []int32, more int) (pairing, error) {
	weights, err := r.weightMatrix(w)
	if err != nil {
		return pairing{}, err
	}
	p := pairing{r: r, weights: weights, kind: w, at: map[int32]int{}, block: 2 + more}
	for _, item := range items {
		p.at[r.rated[item]] = 0
	}
	for size := range p.at {
		p.sizes = append(p.sizes, size)
	}
	slices.Sort(p.sizes)
	for at, size := range p.sizes {
		p.at[size] = at
	}
	return p, nil
}

// width is how many sums the pairing takes.
func (p *pairing) width() int { return len(p.sizes) * p.block }

// count adds an item and returns the rest of the sums for its size.
func (p *pairing) count(item int32, sums []int64) (rest []int64) {
	block := sums[p.at[p.r.rated[item]]*p.block:][:p.block]
	block[0]++
	block[1] += p.weights.pairs(p.r.of(item))
	return block[2:]
}

// items counts all items and those with two or more ratings.
func (p *pairing) items(sums []int64) (all, paired float64) {
	for at, size := range p.sizes {
		n := float64(sums[at*p.block])
		all += n
		if size >= 2 {
			paired += n
		}
	}
	return all, paired
}

// observed is the mean agreement of the items with two or more ratings.
func (p *pairing) observed(sums []int64) (float64, error) {
	_, paired := p.items(sums)
	if paired == 0 {
		return 0, fmt.Errorf("no item with at least 2 ratings: %w", ErrTooFew)
	}
	mean := 0.0
	for at, size := range p.sizes {
		n, m := float64(sums[at*p.block]), float64(size)
		if size >= 2 && n > 0 {
			mean += n / paired * (float64(sums[at*p.block+1]) / (n * m * (m - 1) * float64(p.weights.top)))
		}
	}
	return mean, nil
}

// agreement is an item's share of agreeing pairs, 0 when it has no pair.
func (p *pairing) agreement(item int32) float64 {
	m := float64(p.r.rated[item])
	if m < 2 {
		return 0
	}
	return float64(p.weights.pairs(p.r.of(item))) / (m * (m - 1) * float64(p.weights.top))
}

// beyond applies the formula that all chance-corrected coefficients share.
func (p *pairing) beyond(observed, chance float64, shares []float64, sums []int64) Agreement {
	_, paired := p.items(sums)
	return Agreement{
		Estimate:  Estimate{Value: (observed - chance) / (1 - chance)},
		Weighting: p.kind, Observed: observed, Chance: chance, Shares: shares, Items: int(paired),
	}
}

// linear is the coefficient as a mean over items, where that of chance is
// given as a mean over items whose terms chance makes.
//
// Source: Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition,
// section 5.3; Gwet 2021, Educational and Psychological Measurement 81.
func (p *pairing) linear(a Agreement, sums []int64, chance func(item int32) float64) func(item int32) float64 {
	all, paired := p.items(sums)
	return func(item int32) float64 {
		x := 0.0
		if p.r.rated[item] >= 2 {
			x = all / paired * (p.agreement(item) - a.Chance)
		}
		return (x - 2*(1-a.Value)*(chance(item)-a.Chance)) / (1 - a.Chance)
	}
}

// alone is the error for ratings that all fall into one category.
func alone(totals []int64) error {
	used, only := 0, 0
	for c, n := range totals {
		if n > 0 {
			used, only = used+1, c
		}
	}
	if used > 1 {
		return nil
	}
	return fmt.Errorf("every rating is in category %d, so chance agreement is perfect: %w", only, ErrUndefined)
}
