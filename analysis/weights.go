package analysis

import "fmt"

// A Weighting says how much of an agreement two categories are, from 1 for
// the same to 0 for the two farthest apart. All but Unweighted need
// categories with an order: see Ratings.Ordered.
type Weighting int

const (
	// Unweighted counts the same category as agreement and no other.
	Unweighted Weighting = iota
	// LinearWeights are 1 − |x−y|/range, x and y being the scores of the
	// two categories. Cicchetti and Allison 1971.
	LinearWeights
	// QuadraticWeights are 1 − (x−y)²/range². Fleiss and Cohen 1973.
	QuadraticWeights
	// OrdinalWeights are 1 − C(d+1,2)/C(q,2) for categories d places apart
	// among q, whatever their scores. Gwet 2014, section 3.4.
	OrdinalWeights
)

// String is the name for people.
func (w Weighting) String() string {
	switch w {
	case Unweighted:
		return "unweighted"
	case LinearWeights:
		return "linear weights"
	case QuadraticWeights:
		return "quadratic weights"
	case OrdinalWeights:
		return "ordinal weights"
	}
	return fmt.Sprintf("weighting %d", int(w))
}

// A weightMatrix holds weights as whole numbers over their greatest, so
// that sums of weighted pairs stay whole.
type weightMatrix struct {
	q    int
	cell []int64 // row by row
	top  int64   // on the diagonal
}

// weightMatrix is the matrix of a weighting for the categories of r.
func (r *Ratings) weightMatrix(w Weighting) (weightMatrix, error) {
	if w < Unweighted || w > OrdinalWeights {
		return weightMatrix{}, fmt.Errorf("%v is none of those known", w)
	}
	if w != Unweighted && r.scores == nil {
		return weightMatrix{}, fmt.Errorf("%v need categories with an order: see Ratings.Ordered", w)
	}
	m := weightMatrix{q: r.categories, top: 1}
	// apart is how far the categories k and l are from each other.
	apart := func(k, l int) int64 {
		d := int64(l - k)
		switch w {
		case Unweighted:
			return min(d, 1)
		case OrdinalWeights:
			return d * (d + 1) / 2
		}
		d = int64(r.scores[l]) - int64(r.scores[k])
		if w == QuadraticWeights {
			d *= d
		}
		return d
	}
	if m.q > 1 {
		m.top = apart(0, m.q-1)
	}
	m.cell = make([]int64, m.q*m.q)
	for k := range m.q {
		for l := k; l < m.q; l++ {
			m.cell[k*m.q+l] = m.top - apart(k, l)
			m.cell[l*m.q+k] = m.cell[k*m.q+l]
		}
	}
	// Sums of pairs must fit 63 bits, with room for bootstrap replicates,
	// which may draw the largest cluster a few times more than once.
	most := 0.0
	for _, n := range r.rated {
		most = max(most, float64(n))
	}
	if float64(r.items)*most*most*float64(m.top) >= 1<<55 {
		return weightMatrix{}, fmt.Errorf("%d items with up to %v raters and weights up to %d are too many for exact sums", r.items, most, m.top)
	}
	return m, nil
}

// at is the weight, 0..1.
func (m weightMatrix) at(k, l int) float64 { return float64(m.cell[k*m.q+l]) / float64(m.top) }

// sum is that of all weights.
func (m weightMatrix) sum() float64 {
	total := int64(0)
	for _, w := range m.cell {
		total += w
	}
	return float64(total) / float64(m.top)
}

// times is the matrix times a vector by category. It is symmetric.
func (m weightMatrix) times(x []float64) []float64 {
	y := make([]float64, m.q)
	for k := range y {
		for l, v := range x {
			y[k] += m.at(k, l) * v
		}
	}
	return y
}

// between is the mean weight of two independent draws of categories with
// the given shares.
func (m weightMatrix) between(x, y []float64) float64 {
	sum := 0.0
	for k, a := range x {
		for l, b := range y {
			sum += m.at(k, l) * a * b
		}
	}
	return sum
}

// pairs is the sum of the weights of all ordered pairs of an item's
// ratings, given their counts by category, times top.
func (m weightMatrix) pairs(counts []int32) int64 {
	sum := int64(0)
	for k, n := range counts {
		if n == 0 {
			continue
		}
		row := m.cell[k*m.q:][:m.q]
		for l, other := range counts {
			sum += row[l] * int64(n) * int64(other)
		}
		sum -= m.top * int64(n)
	}
	return sum
}
