package analysis

import (
	"fmt"
	"math"
	"math/bits"
)

// A PairTally holds, for each two of some models, the sums that the
// correlation of their positions is made of, over the scenarios where both
// have one; the two values of a scenario count as two observations. They
// are whole numbers, so that tallies of parts of the rows add up to that of
// the whole in any order.
type PairTally struct {
	Models []string
	sums   []pairSums // of models i < j, in the order 0-1, 0-2, ..., 1-2, ...
}

// pairSums are over the n = score+1 of x and y.
type pairSums struct{ n, x, y, xx, yy, xy int64 }

func newPairTally(models []string) *PairTally {
	m := len(models)
	return &PairTally{Models: models, sums: make([]pairSums, m*(m-1)/2)}
}

// at is where the sums of models i < j stand.
func (t *PairTally) at(i, j int) int { return i*(2*len(t.Models)-i-1)/2 + j - i - 1 }

// merge adds the sums of a tally of the same models.
func (t *PairTally) merge(o *PairTally) {
	for k, s := range o.sums {
		t.sums[k].add(s)
	}
}

func (s *pairSums) add(o pairSums) {
	s.n += o.n
	s.x += o.x
	s.y += o.y
	s.xx += o.xx
	s.yy += o.yy
	s.xy += o.xy
}

// N is the number of observations of two models, by their place in Models.
func (t *PairTally) N(i, j int) int {
	if i == j {
		return 0
	}
	return int(t.sums[t.at(min(i, j), max(i, j))].n)
}

// Pearson is the correlation of two models' positions, -1 to 1, by their
// place in Models, without an interval; see Correlate for one. The error is
// ErrTooFew when fewer than two observations have both, and ErrUndefined
// when one of the models never moves.
func (t *PairTally) Pearson(i, j int) (float64, error) {
	if i == j || min(i, j) < 0 || max(i, j) >= len(t.Models) {
		return 0, fmt.Errorf("analysis: correlation of models %d and %d of %d", i, j, len(t.Models))
	}
	s := t.sums[t.at(min(i, j), max(i, j))]
	r, err := s.pearson()
	if err != nil {
		return 0, fmt.Errorf("analysis: correlation of %s and %s: %w", t.Models[i], t.Models[j], err)
	}
	return r, nil
}

func (s *pairSums) pearson() (float64, error) {
	if s.n < 2 {
		return 0, fmt.Errorf("%d observations, want 2: %w", s.n, ErrTooFew)
	}
	dx, dy := s.n*s.xx-s.x*s.x, s.n*s.yy-s.y*s.y
	if dx == 0 || dy == 0 {
		return 0, fmt.Errorf("a model has the same position everywhere: %w", ErrUndefined)
	}
	r := float64(s.n*s.xy-s.x*s.y) / math.Sqrt(float64(dx)*float64(dy))
	return max(-1, min(r, 1)), nil
}

// A pairCounter adds rows to a PairTally.
type pairCounter struct {
	*PairTally
	columns [][2][]Position
	planes  [][2]blockPlanes // by model and value
}

func newPairCounter(t *PairTally, p *Positions, models []int) *pairCounter {
	c := &pairCounter{PairTally: t, planes: make([][2]blockPlanes, len(models))}
	for _, model := range models {
		c.columns = append(c.columns, p.columns[model])
	}
	return c
}

// block adds the rows from lo to hi, at most blockRows: first as if no
// position were missing, for a missing one adds nothing to a sum of
// products; then what it should not have counted is taken away.
func (c *pairCounter) block(lo, hi int) {
	for v := range 2 {
		own := c.own(v, lo, hi)
		k := 0
		for i := range c.columns {
			for j := i + 1; j < len(c.columns); j++ {
				c.sums[k].add(pairSums{int64(hi - lo), own[i].x, own[j].x, own[i].xx, own[j].xx, c.products(i, j, v, lo, hi)})
				k++
			}
		}
		for i := range c.columns {
			for w := range (hi - lo + planeRows - 1) / planeRows {
				missing := ^c.planes[i][v][w].present()
				if rows := hi - lo - w*planeRows; rows < planeRows {
					missing &= 1<<rows - 1
				}
				for ; missing != 0; missing &= missing - 1 {
					c.takeAway(i, v, lo+w*planeRows+bits.TrailingZeros64(missing))
				}
			}
		}
	}
}

// own are the sums of each model by itself, in x and xx.
func (c *pairCounter) own(v, lo, hi int) []pairSums {
	own := make([]pairSums, len(c.columns))
	for i, column := range c.columns {
		for w := range (hi - lo + planeRows - 1) / planeRows {
			at := lo + w*planeRows
			c.planes[i][v][w] = planesOf(column[v][at:min(at+planeRows, hi)])
			x, xx := c.planes[i][v][w].sums()
			own[i].x += x
			own[i].xx += xx
		}
	}
	return own
}

// products is the sum of the products of the n of two models.
func (c *pairCounter) products(i, j, v, lo, hi int) int64 {
	sum, done := productsFast(c.columns[i][v][lo:hi], c.columns[j][v][lo:hi])
	for w := done / planeRows; w*planeRows < hi-lo; w++ {
		sum += c.planes[i][v][w].products(&c.planes[j][v][w])
	}
	return sum
}

// takeAway takes a row on which model i has no position from its pairs.
func (c *pairCounter) takeAway(i, v, row int) {
	for j := range c.columns {
		n := int64(c.columns[j][v][row].n)
		if j == i || n == 0 && j < i { // of two that are missing, the first one's
			continue
		}
		s := &c.sums[c.at(min(i, j), max(i, j))]
		s.n--
		if j < i {
			s.x -= n
			s.xx -= n * n
		} else {
			s.y -= n
			s.yy -= n * n
		}
	}
}

// sums are those of n and of n².
func (p *planes) sums() (sum, squares int64) {
	a, b, c := p[0], p[1], p[2]
	na, nb, nc := bits.OnesCount64(a), bits.OnesCount64(b), bits.OnesCount64(c)
	ab, ac, bc := bits.OnesCount64(a&b), bits.OnesCount64(a&c), bits.OnesCount64(b&c)
	return int64(na + 2*nb + 4*nc), int64(na + 4*(nb+ab) + 8*ac + 16*(nc+bc))
}

// products is the sum of the products of n.
func (p *planes) products(o *planes) int64 {
	return int64(bits.OnesCount64(p[0]&o[0]) +
		2*(bits.OnesCount64(p[0]&o[1])+bits.OnesCount64(p[1]&o[0])) +
		4*(bits.OnesCount64(p[1]&o[1])+bits.OnesCount64(p[0]&o[2])+bits.OnesCount64(p[2]&o[0])) +
		8*(bits.OnesCount64(p[1]&o[2])+bits.OnesCount64(p[2]&o[1])) +
		16*bits.OnesCount64(p[2]&o[2]))
}
