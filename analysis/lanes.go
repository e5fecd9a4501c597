package analysis

// Rows lie in a column one byte after another, so that eight of them make a
// word, and one addition adds a model's positions to the tallies of eight
// scenarios:
//
//	byte      0   1   2   3   4   5   6   7
//	        ┌───┬───┬───┬───┬───┬───┬───┬───┐
//	n       │ 5 │ 3 │ 6 │ 7 │ 1 │ 4 │ 0 │ 7 │   score+1, 0 for missing
//	        └───┴───┴───┴───┴───┴───┴───┴───┘
//	row      +0  +1  +2  +3  +4  +5  +6  +7
//
// Squares are taken from the middle of the scale, as (score-3)², which is 9
// at most: the variance is the same, and the sums of 28 models fit a byte.
// Sets of more models are added up in wider words.
//
// On processors with AVX2 the same is done on 32 rows at a time, see
// lanes_amd64.s; a test holds both to the same results.
const (
	laneRows   = 8
	laneModels = 28                 // 28·9 = 252
	laneOnes   = 0x0101010101010101 // a one in every byte
	center     = 4                  // n of the score in the middle
)

// blockRows is how many rows are worked on at a time: few enough that their
// tallies stay in the nearest cache.
const (
	blockRows  = 1024
	blockWords = blockRows / laneRows
)

// laneTallies count, in each byte, the positions of a row, and sum their n
// and the squares of their distances from the middle.
type laneTallies struct{ count, sum, square [blockWords]uint64 }

// add adds a column, at most blockRows positions.
func (t *laneTallies) add(column []Position) {
	done := addFast(t, column)
	t.addWords(done/laneRows, column[done:])
}

// addWords adds positions from a word on. The three bits of n say all: its
// square from the middle is 1 if it is odd, 4 if it is 2 or 6, and 8 more if
// it is 1 or 7.
func (t *laneTallies) addWords(w int, column []Position) {
	for ; len(column) > 0; w++ {
		var word uint64
		if len(column) >= laneRows {
			word = wordOf(column)
			column = column[laneRows:]
		} else {
			word = lastWordOf(column)
			column = nil
		}
		b0, b1, b2 := word&laneOnes, word>>1&laneOnes, word>>2&laneOnes
		t.count[w&(blockWords-1)] += b0 | b1 | b2
		t.sum[w&(blockWords-1)] += word
		t.square[w&(blockWords-1)] += b0 + b1&^b0<<2 + b0&^(b1^b2)<<3
	}
}

// wordOf packs eight positions, the first into the lowest byte. The
// compiler makes one load of it.
func wordOf(c []Position) uint64 {
	_ = c[7]
	return uint64(c[0].n) | uint64(c[1].n)<<8 | uint64(c[2].n)<<16 | uint64(c[3].n)<<24 |
		uint64(c[4].n)<<32 | uint64(c[5].n)<<40 | uint64(c[6].n)<<48 | uint64(c[7].n)<<56
}

// lastWordOf packs fewer than eight, as if the others were missing.
func lastWordOf(c []Position) (word uint64) {
	for i, p := range c {
		word |= uint64(p.n) << (8 * i)
	}
	return word
}

func (t *laneTallies) merge(o *laneTallies) {
	if mergeFast(t, o) {
		return
	}
	for w := range t.count {
		t.count[w] += o.count[w]
		t.sum[w] += o.sum[w]
		t.square[w] += o.square[w]
	}
}

// spread is that of one row.
func (t *laneTallies) spread(row int) Spread {
	w, shift := row/laneRows, row%laneRows*8
	n := int32(t.count[w] >> shift & 0xff)
	sum := int32(t.sum[w]>>shift&0xff) - center*n
	return Spread{uint32(n*int32(t.square[w]>>shift&0xff) - sum*sum), uint16(n)}
}

// completeSpreads writes the spreads of rows on which all of some models
// have a position on both values; others get anything. Then n is the same
// for all rows, one multiplication scales the squares of four, and squares
// of sums come from a table.
func completeSpreads(a, b *laneTallies, models int, squareOf *[256]uint16, dst []Spread) {
	done := completeFast(a, b, models, dst)
	n := uint64(models)
	const even = 0x00ff00ff00ff00ff
	for ; done < len(dst); done += laneRows {
		w := done / laneRows & (blockWords - 1)
		evenA, oddA := (a.square[w]&even)*n, (a.square[w]>>8&even)*n
		evenB, oddB := (b.square[w]&even)*n, (b.square[w]>>8&even)*n
		sumA, sumB := a.sum[w], b.sum[w]
		var q [laneRows]uint16
		for i := 0; i < laneRows; i += 2 {
			q[i] = max(uint16(evenA)-squareOf[uint8(sumA)], uint16(evenB)-squareOf[uint8(sumB)])
			q[i+1] = max(uint16(oddA)-squareOf[uint8(sumA>>8)], uint16(oddB)-squareOf[uint8(sumB>>8)])
			evenA, oddA, evenB, oddB = evenA>>16, oddA>>16, evenB>>16, oddB>>16
			sumA, sumB = sumA>>16, sumB>>16
		}
		for i := range dst[done:min(done+laneRows, len(dst))] {
			dst[done+i] = Spread{uint32(q[i]), uint16(n)}
		}
	}
}

// newSquares is the table of completeSpreads: by a byte of the sum,
// (sum - center·models)².
func newSquares(models int) (square [256]uint16) {
	for sum := range square {
		d := sum - center*models
		square[sum] = uint16(d * d) // of sums that occur it fits
	}
	return square
}
