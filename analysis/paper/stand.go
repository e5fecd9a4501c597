package paper

import "math"

// A Stand is a published number that stands beside a result which is not its
// reproduction: a cross-check of it, or one reading of it.
type Stand struct {
	ID string // of the number
	// SE is the number's own standard error where it was estimated from a
	// sample and ours is not of that sample; else 0. The result is then
	// consistent with it when the interval of their difference holds 0.
	SE float64
}

// widen turns an interval around a value into the range of published numbers
// from which the value does not differ by more than both errors allow: the
// distances to the ends add up in squares (Newcombe 1998, Statistics in
// Medicine 17:873-890, method 10, with the printed standard error).
func (s Stand) widen(value float64, b *Bounds) *Bounds {
	const z = 1.959963984540054 // of 95 %, the level of all intervals here
	if b == nil || s.SE == 0 {
		return b
	}
	d := z * s.SE
	return &Bounds{value - math.Hypot(value-b.Lo, d), value + math.Hypot(b.Hi-value, d)}
}
