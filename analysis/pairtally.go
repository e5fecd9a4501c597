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
	own    [][2]int64 // room for addComplete
}

// pairSums are over the n = score+1 of x and y.
type pairSums struct{ n, x, y, xx, yy, xy int64 }

func newPairTally(models []string) *PairTally {
	m := len(models)
	return &PairTally{Models: models, sums: make([]pairSums, m*(m-1)/2), own: make([][2]int64, m)}
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

// addPlanes adds 64 rows, as planes[model][value]; complete says that no
// position is missing among the given rows.
func (t *PairTally) addPlanes(rows [][2]planes, complete bool, n int) {
	if complete {
		t.addComplete(rows, n)
		return
	}
	k := 0
	for i := range rows {
		for j := i + 1; j < len(rows); j++ {
			for v := range rows[i] {
				x, y := &rows[i][v], &rows[j][v]
				inX, inY := x.present(), y.present()
				sx, sxx := x.sums(inY)
				sy, syy := y.sums(inX)
				t.sums[k].add(pairSums{int64(bits.OnesCount64(inX & inY)), sx, sy, sxx, syy, x.products(y)})
			}
			k++
		}
	}
}

// addComplete needs a model's own sums but once.
func (t *PairTally) addComplete(rows [][2]planes, n int) {
	k := 0
	own := t.own[:len(rows)]
	clear(own)
	for i := range rows {
		for v := range rows[i] {
			x, xx := rows[i][v].sums(^uint64(0))
			own[i][0] += x
			own[i][1] += xx
		}
	}
	for i := range rows {
		for j := i + 1; j < len(rows); j++ {
			t.sums[k].add(pairSums{int64(2 * n), own[i][0], own[j][0], own[i][1], own[j][1],
				rows[i][0].products(&rows[j][0]) + rows[i][1].products(&rows[j][1])})
			k++
		}
	}
}

// sums are those of n and of n², over the rows of a mask.
func (p *planes) sums(in uint64) (sum, squares int64) {
	a, b, c := p[0]&in, p[1]&in, p[2]&in
	na, nb, nc := bits.OnesCount64(a), bits.OnesCount64(b), bits.OnesCount64(c)
	ab, ac, bc := bits.OnesCount64(a&b), bits.OnesCount64(a&c), bits.OnesCount64(b&c)
	return int64(na + 2*nb + 4*nc), int64(na + 4*(nb+ab) + 8*ac + 16*(nc+bc))
}

// products is the sum of the products of n, to which a missing position
// adds nothing.
func (p *planes) products(o *planes) int64 {
	return int64(bits.OnesCount64(p[0]&o[0]) +
		2*(bits.OnesCount64(p[0]&o[1])+bits.OnesCount64(p[1]&o[0])) +
		4*(bits.OnesCount64(p[1]&o[1])+bits.OnesCount64(p[0]&o[2])+bits.OnesCount64(p[2]&o[0])) +
		8*(bits.OnesCount64(p[1]&o[2])+bits.OnesCount64(p[2]&o[1])) +
		16*bits.OnesCount64(p[2]&o[2]))
}
