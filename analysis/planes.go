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
//
// Eight words of lanes make 64 rows, and a row keeps its byte: bit 8·b+w of
// a plane is row 8·w+b, see planeBit.
type planes [3]uint64

// planeRows is how many rows planes hold.
const planeRows = 64

// planesOf transposes at most 64 positions; rows that are not there are
// missing.
func planesOf(c []Position) (p planes) {
	w := 0
	for ; len(c) >= laneRows; w++ {
		p.put(wordOf(c[:laneRows]), w)
		c = c[laneRows:]
	}
	if len(c) > 0 {
		p.put(lastWordOf(c), w)
	}
	return p
}

func (p *planes) put(word uint64, w int) {
	p[0] |= (word & laneOnes) << w
	p[1] |= (word >> 1 & laneOnes) << w
	p[2] |= (word >> 2 & laneOnes) << w
}

// planeBit is the bit of a row, counted within the 64.
func planeBit(row int) int { return row%laneRows*laneRows + row/laneRows%laneRows }

// present has the rows whose position is not missing.
func (p *planes) present() uint64 { return p[0] | p[1] | p[2] }

// equal has the rows with one n.
func (p *planes) equal(n uint8) uint64 {
	rows := ^uint64(0)
	for bit, plane := range p {
		if n>>bit&1 == 0 {
			plane = ^plane
		}
		rows &= plane
	}
	return rows
}

// extremes are the rows of one model's positions on which another model can
// be significantly away: by score.
type extremes struct {
	is0, is1, is2, is4, is5, is6 uint64
	to1, to2, from4, from5       uint64 // at most 1, 2; at least 4, 5
}

func (p *planes) extremes() (e extremes) {
	e.is0, e.is1, e.is2 = p.equal(1), p.equal(2), p.equal(3)
	e.is4, e.is5, e.is6 = p.equal(5), p.equal(6), p.equal(7)
	e.to1, e.from5 = e.is0|e.is1, e.is5|e.is6
	e.to2, e.from4 = e.to1|e.is2, e.from5|e.is4
	return e
}

// far has the rows on which two scores differ by 4 or more, which on a
// scale of 7 leaves three cases to either side.
func (e *extremes) far(o *extremes) uint64 {
	return e.is0&o.from4 | e.is1&o.from5 | e.is2&o.is6 |
		e.is6&o.to2 | e.is5&o.to1 | e.is4&o.is0
}

// A bitCounter counts, for each of 64 rows, up to 2^16-1: bit k of the
// counts is word k.
type bitCounter struct {
	words [16]uint64
	used  int
}

// add counts one on the rows of a mask.
func (c *bitCounter) add(rows uint64) {
	for k := 0; rows != 0; k++ {
		if k == c.used {
			c.used++
		}
		rows, c.words[k] = rows&c.words[k], rows^c.words[k]
	}
}

// atLeast has the rows whose count is n or more: those where subtracting n
// borrows nothing.
func (c *bitCounter) atLeast(n int) uint64 {
	if bits.Len(uint(n)) > c.used {
		return 0
	}
	var borrow uint64
	for k := range c.used {
		if n>>k&1 == 1 {
			borrow |= ^c.words[k]
		} else {
			borrow &= ^c.words[k]
		}
	}
	return ^borrow
}
