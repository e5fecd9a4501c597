package latent

import (
	"cmp"
	"math"
)

// A Spread is an exact population variance q/n² of n scores: q = n·S2−S1².
// The zero Spread is not computable. A whole scenario's spread is the
// larger of its two values' (the paper's disagreement, squared).
type Spread struct{ q, n uint32 }

// A Set is a choice of models by index.
type Set []int

// The paper's model sets, named after their splits.
var (
	AllModels = Set{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	Claude    = Set{0, 1, 2, 3, 4}
	OpenAI    = Set{6, 7, 8, 10, 11}
	Opus4     = Set{3, 4} // and Sonnet 4
	GPT41     = Set{6, 7} // and mini
	O3        = Set{10, 11}
)

// Spread returns the set's spread in one scenario: the zero Spread when
// either value has fewer than two positions present.
func (s *Scenario) Spread(set Set) Spread {
	var of [2]Spread
	for v := range of {
		var n, s1, s2 uint32
		for _, m := range set {
			if r := uint32(s.Scores[v][m]); r != Missing {
				n, s1, s2 = n+1, s1+r, s2+r*r
			}
		}
		if n < 2 {
			return Spread{}
		}
		of[v] = Spread{n*s2 - s1*s1, n}
	}
	if of[0].Compare(of[1]) > 0 {
		return of[0]
	}
	return of[1]
}

// Computable tells a spread from the zero Spread.
func (a Spread) Computable() bool { return a.n > 0 }

// Compare orders spreads exactly.
func (a Spread) Compare(b Spread) int {
	return cmp.Compare(uint64(a.q)*uint64(b.n)*uint64(b.n), uint64(b.q)*uint64(a.n)*uint64(a.n))
}

// AtLeast reports, exactly, whether the standard deviation is at least
// halves/2: 4q >= (halves·n)².
func (a Spread) AtLeast(halves uint32) bool {
	return a.n > 0 && 4*a.q >= halves*halves*a.n*a.n
}

// StdDev is the population standard deviation.
func (a Spread) StdDev() float64 { return math.Sqrt(float64(a.q)) / float64(a.n) }
