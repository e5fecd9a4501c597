package analysis

import (
	"cmp"
	"math"
)

// Kendall returns Kendall's tau-b of x and y, two measurements of each
// unit: how many more pairs of units they put in the same order than in
// opposite orders, over the geometric mean of the numbers of pairs that
// each of them orders at all. No unit, -1 to 1. It suits small integers,
// as positions are: a pair that is tied in one of the two counts on
// neither side and lowers the bound as little as can be.
//
// The interval is the percentile interval of a bootstrap over clusters
// (Replicates, DefaultSeed). Test asks whether x and y are independent:
// exactly for up to 60 units without ties, and for up to 9 with some, else
// by the normal approximation with the variance that ties leave. Where a cluster
// has more than one unit it is the t test of tau over its standard error,
// with one degree of freedom less than there are clusters, and may have no
// value (TestErr).
//
// Unknown clusters take units as independent, with a warning; a single
// cluster leaves no interval, with a warning. NaN and infinities are
// refused; leave out a unit that misses either. Errors: ErrTooFew for
// fewer than two units; ErrUndefined when all x or all y are equal.
//
// A value takes time n plus d log(levels of y) for d distinct pairs (x, y).
//
// Source: Kendall and Gibbons 1990, Rank Correlation Methods, sections 3.4
// and 4; Knight 1966, JASA 61:436-439 on counting.
func Kendall(x, y []float64, clusters Clusters) (RankCorrelation, error) {
	const name = "Kendall's tau-b"
	t, dense, err := newRankTable(name, x, y, clusters)
	if err != nil {
		return RankCorrelation{}, err
	}
	return t.correlation(clusters, dense, t.kendall, t.kendallTest)
}

// kendall is tau-b of so many rows in each cell; rows of one cell are tied.
// Whole numbers up to the last step.
func (t *rankTable) kendall(rows []int64) (float64, error) {
	sizeX, sizeY := t.sizes(rows)
	orderedX, orderedY := orderedPairs(sizeX), orderedPairs(sizeY)
	if orderedX == 0 || orderedY == 0 {
		return 0, t.constant(orderedX == 0)
	}
	return clampCorrelation(float64(t.concordance(rows)) / math.Sqrt(float64(orderedX)*float64(orderedY))), nil
}

// orderedPairs counts the pairs whose two units are on different levels.
func orderedPairs(size []int64) int64 {
	n, pairs := int64(0), int64(0)
	for _, s := range size {
		pairs += n * s
		n += s
	}
	return pairs
}

// concordance is concordant less discordant pairs. It meets the cells in the
// order of x and keeps the rows of those met in a Fenwick tree over the
// levels of y; cells of one x enter together, after all of them have asked.
func (t *rankTable) concordance(rows []int64) int64 {
	tree := make([]int64, t.levelsY+1)
	upTo := func(level int32) (sum int64) { // rows met on the levels 0..level-1
		for i := level; i > 0; i &= i - 1 {
			sum += tree[i]
		}
		return sum
	}
	var net, met int64
	for start := 0; start < len(rows); {
		end := start
		for ; end < len(rows) && t.x[end] == t.x[start]; end++ {
			if n := rows[end]; n != 0 {
				net += n * (upTo(t.y[end]) - (met - upTo(t.y[end]+1)))
			}
		}
		for ; start < end; start++ {
			n := rows[start]
			met += n
			for i := int(t.y[start]) + 1; n != 0 && i < len(tree); i += i & -i {
				tree[i] += n
			}
		}
	}
	return net
}

// exactOrders is the largest number of untied units whose orders are
// counted by their inversions.
const exactOrders = 60

func (t *rankTable) kendallTest() Test {
	n := len(t.cell)
	tau, _ := t.kendall(t.each())
	net := t.concordance(t.each())
	out := Test{Statistic: tau, Method: t.name + " is 0: "}
	switch tied := t.levelsX < n || t.levelsY < n; {
	case !tied && n <= exactOrders:
		out.P = ordersAtLeast(n, net)
		out.Method += "exact, over all orders of the units"
	case n <= exactPairings:
		out.P = t.tiedOrdersAtLeast(net)
		out.Method += "exact, over all orders of the units"
	default:
		out.P = twoSidedZ(float64(net) / math.Sqrt(t.netVariance()))
		out.Method += "normal approximation with the variance of ties"
	}
	return out
}

// ordersAtLeast is the share of the n! orders whose concordant and
// discordant pairs differ by at least as much as net. The number of
// discordant pairs is a sum of independent uniform numbers, 0..i for the
// i-th unit: Knuth, volume 3, section 5.1.1.
func ordersAtLeast(n int, net int64) float64 {
	probability := []float64{1} // of each number of discordant pairs
	for i := 1; i < n; i++ {
		next := make([]float64, len(probability)+i)
		for k, p := range probability {
			for j := 0; j <= i; j++ {
				next[k+j] += p / float64(i+1)
			}
		}
		probability = next
	}
	pairs := int64(len(probability) - 1)
	sum := 0.0
	for k, p := range probability {
		if d := pairs - 2*int64(k); max(d, -d) >= max(net, -net) {
			sum += p
		}
	}
	return min(1, sum)
}

// tiedOrdersAtLeast goes through the orders one by one, as every one of
// them leaves the numbers of tied pairs as they are.
func (t *rankTable) tiedOrdersAtLeast(net int64) float64 {
	n := len(t.cell)
	var x, y []int32
	for _, c := range t.cell {
		x, y = append(x, t.x[c]), append(y, t.y[c])
	}
	hits, all := 0, 0
	var place func(k int)
	place = func(k int) {
		if k == n {
			d := int64(0)
			for i := range n {
				for j := range i {
					d += int64(cmp.Compare(x[i], x[j]) * cmp.Compare(y[i], y[j]))
				}
			}
			all++
			if max(d, -d) >= max(net, -net) {
				hits++
			}
			return
		}
		for i := k; i < n; i++ {
			y[k], y[i] = y[i], y[k]
			place(k + 1)
			y[k], y[i] = y[i], y[k]
		}
	}
	place(0)
	return float64(hits) / float64(all)
}

// netVariance is that of concordant less discordant pairs over all orders:
// Kendall and Gibbons 1990, section 4.4.
func (t *rankTable) netVariance() float64 {
	n := float64(len(t.cell))
	sizeX, sizeY := t.sizes(t.each())
	pairs, triples, whole := tieTerms(sizeX)
	pairsY, triplesY, wholeY := tieTerms(sizeY)
	return (n*(n-1)*(2*n+5)-whole-wholeY)/18 +
		triples*triplesY/(9*n*(n-1)*(n-2)) +
		pairs*pairsY/(2*n*(n-1))
}

// tieTerms are the sums over ties of s(s-1), s(s-1)(s-2) and s(s-1)(2s+5).
func tieTerms(size []int64) (pairs, triples, whole float64) {
	for _, s := range size {
		s := float64(s)
		pairs += s * (s - 1)
		triples += s * (s - 1) * (s - 2)
		whole += s * (s - 1) * (2*s + 5)
	}
	return pairs, triples, whole
}
