package analysis

import "math/bits"

// Bit planes hold 64 rows of a column in three words, one for each bit of
// n = score+1, so that one instruction asks 64 scenarios at once and a
// count of bits counts them:
//
//	n of the rows     1 0 7 4 …             row 0, 1, 2, 3, …
//	                 ┌─┬─┬─┬─┬─
//	planes[0]        │1│0│1│0│…   bit 0 of n
//	planes[1]        │0│0│1│0│…   bit 1
//	planes[2]        │0│0│1│1│…   bit 2
//	                 └─┴─┴─┴─┴─
type planes [3]uint64

// planeRows is how many rows planes hold.
const planeRows = 64

// blockPlanes are those of a block of rows.
type blockPlanes [blockRows / planeRows]planes

// planesOf transposes at most 64 positions; rows that are not there are
// missing.
func planesOf(c []Position) (p planes) {
	if planesFast(&p, c) {
		return p
	}
	shift := 0
	for ; len(c) >= laneRows; shift += laneRows {
		p.put(wordOf(c), shift)
		c = c[laneRows:]
	}
	if len(c) > 0 {
		p.put(lastWordOf(c), shift)
	}
	return p
}

// put enters eight rows. The product has the lowest bit of every byte of
// the word in its highest byte.
func (p *planes) put(word uint64, shift int) {
	const gather = 0x0102040810204080
	for bit := range p {
		p[bit] |= (word >> bit & laneOnes) * gather >> 56 << shift
	}
}

// present has the rows whose position is not missing.
func (p *planes) present() uint64 { return p[0] | p[1] | p[2] }

// extremes are the rows of one model's positions on which another model can
// be significantly away: by score.
type extremes struct {
	is0, is1, is2, is4, is5, is6 uint64
	to1, to2, from4, from5       uint64 // at most 1, 2; at least 4, 5
}

// extremes reads n = 1, 2, 3 and 5, 6, 7 from its bits.
func (p *planes) extremes() (e extremes) {
	low, high := p[1]&^p[2], p[1]&p[2] // 2 and 3; 6 and 7
	e.is0, e.is1, e.is2 = p[0]&^p[1]&^p[2], low&^p[0], low&p[0]
	e.is4, e.is5, e.is6 = p[0]&^p[1]&p[2], high&^p[0], high&p[0]
	e.to1, e.from5 = e.is0|e.is1, high
	e.to2, e.from4 = e.is0|low, high|e.is4
	return e
}

// far has the rows on which two scores differ by 4 or more, which on a
// scale of 7 leaves three cases to either side.
func (e *extremes) far(o *extremes) uint64 {
	return e.is0&o.from4 | e.is1&o.from5 | e.is2&o.is6 |
		e.is6&o.to2 | e.is5&o.to1 | e.is4&o.is0
}

// A bitCounter counts, for each of 64 rows, the masks that have it: bit k of
// the counts is word k of words, as many as the number of masks takes.
type bitCounter struct {
	words [16]uint64
	bits  int
}

func newBitCounter(masks int) bitCounter { return bitCounter{bits: bits.Len(uint(masks))} }

// add counts two masks: a full adder for the lowest bit, and its carry
// through the others.
func (c *bitCounter) add(x, y uint64) {
	half := c.words[0] ^ x
	carry := c.words[0]&x | half&y
	c.words[0] = half ^ y
	for k := 1; k < c.bits; k++ {
		carry, c.words[k&15] = carry&c.words[k&15], carry^c.words[k&15]
	}
}

// atLeast has the rows that are counted n times or more: those where
// subtracting n borrows nothing. n is at most the number of masks.
func (c *bitCounter) atLeast(n int) uint64 {
	var borrow uint64
	for k := range c.bits {
		if n>>k&1 == 1 {
			borrow |= ^c.words[k]
		} else {
			borrow &= ^c.words[k]
		}
	}
	return ^borrow
}
