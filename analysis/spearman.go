package analysis

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"
)

// Spearman returns the rank correlation of x and y, two measurements of
// each unit: Pearson's correlation of their ranks, ties sharing their mean
// rank. No unit, -1 to 1; 0 when large x go with large and small y alike.
//
// The interval is the percentile interval of a bootstrap over clusters
// (Replicates, DefaultSeed), ranks made anew on each draw. Test asks
// whether x and y are independent: exactly, over all n! pairings, for up
// to 9 units, else by Student's t with n-2 degrees of freedom, p being at
// least that of the two extreme pairings, 2/n!. Where a cluster has more
// than one unit it is the t test of the correlation over its standard error,
// with one degree of freedom less than there are clusters, and may have no
// value (TestErr).
//
// Unknown clusters take units as independent, with a warning; a single
// cluster leaves no interval, with a warning. NaN and infinities are
// refused; leave out a unit that misses either. Errors: ErrTooFew for
// fewer than two units; ErrUndefined when all x or all y are equal.
//
// Source: Spearman 1904, American Journal of Psychology 15:72-101; Kendall
// and Gibbons 1990, Rank Correlation Methods, sections 3.8 and 4.
func Spearman(x, y []float64, clusters Clusters) (RankCorrelation, error) {
	const name = "Spearman's rho"
	t, dense, err := newRankTable(name, x, y, clusters)
	if err != nil {
		return RankCorrelation{}, err
	}
	return t.correlation(clusters, dense, t.spearman, t.spearmanTest)
}

// A rankTable is the pairs of two measurements: the distinct ones, cells,
// in ascending order of x, then of y, and the cell and cluster of each row.
// Positions have few cells and many rows.
type rankTable struct {
	name             string
	levelsX, levelsY int
	x, y             []int32 // levels of each cell
	cell             []int32 // of each row
	cluster          []int32 // of each row

	memory sync.Pool // of *rankMemory: a replicate needs as much as the one before
}

// rankMemory is what one replicate of a rank correlation works in.
type rankMemory struct{ rows, sizeX, sizeY, rankX, rankY []int64 }

// borrow returns memory that is the caller's until it is put back.
func (t *rankTable) borrow() *rankMemory {
	if m, ok := t.memory.Get().(*rankMemory); ok {
		return m
	}
	return &rankMemory{
		rows:  make([]int64, len(t.x)),
		sizeX: make([]int64, t.levelsX), rankX: make([]int64, t.levelsX),
		sizeY: make([]int64, t.levelsY), rankY: make([]int64, t.levelsY),
	}
}

func newRankTable(name string, x, y []float64, clusters Clusters) (*rankTable, Clusters, error) {
	if len(x) != len(y) {
		return nil, Clusters{}, fmt.Errorf("analysis: %s of %d and %d values, want as many", name, len(x), len(y))
	}
	rx, err := rank(name+": x", x)
	if err != nil {
		return nil, Clusters{}, err
	}
	ry, err := rank(name+": y", y)
	if err != nil {
		return nil, Clusters{}, err
	}
	dense, err := clusters.among(len(x))
	if err != nil {
		return nil, Clusters{}, err
	}
	if len(x) < 2 {
		return nil, Clusters{}, fmt.Errorf("analysis: %s of %d units: %w", name, len(x), ErrTooFew)
	}
	t := &rankTable{name: name, levelsX: rx.levels, levelsY: ry.levels, cell: make([]int32, len(x)), cluster: dense.ID}
	order := make([]int32, len(x))
	for i := range order {
		order[i] = int32(i)
	}
	compare := func(i, j int32) int {
		return cmp.Or(cmp.Compare(rx.code[i], rx.code[j]), cmp.Compare(ry.code[i], ry.code[j]))
	}
	slices.SortFunc(order, compare)
	for at, i := range order {
		if at == 0 || compare(order[at-1], i) != 0 {
			t.x, t.y = append(t.x, rx.code[i]), append(t.y, ry.code[i])
		}
		t.cell[i] = int32(len(t.x) - 1)
	}
	return t, dense, nil
}

// tally counts into rows those of each cell, with each cluster taken
// weights[cluster] times.
func (t *rankTable) tally(rows []int64, weights []int32) []int64 {
	clear(rows)
	for i, c := range t.cluster {
		rows[t.cell[i]] += int64(weights[c])
	}
	return rows
}

// each takes every row once.
func (t *rankTable) each() []int64 {
	rows := make([]int64, len(t.x))
	for _, c := range t.cell {
		rows[c]++
	}
	return rows
}

// sizes are the rows of each level of x and of y.
func (t *rankTable) sizes(rows []int64) (x, y []int64) {
	x, y = make([]int64, t.levelsX), make([]int64, t.levelsY)
	t.sizesInto(x, y, rows)
	return x, y
}

func (t *rankTable) sizesInto(x, y, rows []int64) {
	clear(x)
	clear(y)
	for c, n := range rows {
		x[t.x[c]] += n
		y[t.y[c]] += n
	}
}

// spearman is rho of so many rows in each cell. Sums of whole numbers,
// exact up to 2^53, which 200,000 units stay below.
func (t *rankTable) spearman(rows []int64) (float64, error) {
	m := t.borrow()
	defer t.memory.Put(m)
	sizeX, sizeY, rankX, rankY := m.sizeX, m.sizeY, m.rankX, m.rankY
	t.sizesInto(sizeX, sizeY, rows)
	midranksInto(rankX, sizeX)
	midranksInto(rankY, sizeY)
	var xx, yy, xy float64
	for l, r := range rankX {
		xx += float64(sizeX[l]) * float64(r*r)
	}
	for l, r := range rankY {
		yy += float64(sizeY[l]) * float64(r*r)
	}
	if xx == 0 || yy == 0 {
		return 0, t.constant(xx == 0)
	}
	for c, n := range rows {
		xy += float64(n) * float64(rankX[t.x[c]]*rankY[t.y[c]])
	}
	return clampCorrelation(xy / math.Sqrt(xx*yy)), nil
}

func (t *rankTable) constant(x bool) error {
	which := "y"
	if x {
		which = "x"
	}
	return fmt.Errorf("analysis: %s: all %s are equal: %w", t.name, which, ErrUndefined)
}

// clampCorrelation takes back what rounding puts beyond the ends.
func clampCorrelation(r float64) float64 { return max(-1, min(1, r)) }

// exactPairings is the largest number of units whose n! pairings are gone
// through one by one.
const exactPairings = 9

func (t *rankTable) spearmanTest() Test {
	n := len(t.cell)
	rho, _ := t.spearman(t.each())
	if n <= exactPairings {
		rx, ry := t.rowRanks()
		return Test{Statistic: rho, P: pairingsAtLeast(rx, ry),
			Method: fmt.Sprintf("%s is 0: exact, over all %d! pairings", t.name, n)}
	}
	df := float64(n - 2)
	p := twoSidedT(rho*math.Sqrt(df/((1-rho)*(1+rho))), df)
	if math.Abs(rho) == 1 {
		p = 0
	}
	return Test{Statistic: rho, P: max(p, 2/math.Gamma(float64(n+1))),
		Method: t.name + " is 0: Student's t with n-2 degrees of freedom"}
}

// rowRanks are the midranks of all rows.
func (t *rankTable) rowRanks() (x, y []int64) {
	sizeX, sizeY := t.sizes(t.each())
	levelX, levelY := midranks(sizeX), midranks(sizeY)
	for _, c := range t.cell {
		x = append(x, levelX[t.x[c]])
		y = append(y, levelY[t.y[c]])
	}
	return x, y
}

// pairingsAtLeast is the share of all orders of y in which the sum of
// products with x is at least as far from 0 as in the given one. The
// orders come by Heap's algorithm, each one exchange from the last.
func pairingsAtLeast(x, y []int64) float64 {
	sum := int64(0)
	for i := range x {
		sum += x[i] * y[i]
	}
	observed := max(sum, -sum)
	hits, all := 1, 1
	count := make([]int, len(y)) // the loop counters of Heap's recursion
	for i := 1; i < len(y); {
		if count[i] == i {
			count[i] = 0
			i++
			continue
		}
		j := 0
		if i%2 == 1 {
			j = count[i]
		}
		sum -= (x[i] - x[j]) * (y[i] - y[j])
		y[i], y[j] = y[j], y[i]
		all++
		if max(sum, -sum) >= observed {
			hits++
		}
		count[i]++
		i = 1
	}
	return float64(hits) / float64(all)
}
