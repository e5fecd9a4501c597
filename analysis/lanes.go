package analysis

import "slices"

// Eight rows of a column lie in one word, a byte each, so that one addition
// adds a model's positions to the tallies of eight scenarios:
//
//	byte      7   6   5   4   3   2   1   0
//	        ┌───┬───┬───┬───┬───┬───┬───┬───┐
//	n       │ 7 │ 0 │ 4 │ 1 │ 7 │ 6 │ 3 │ 5 │   score+1, 0 for missing
//	        └───┴───┴───┴───┴───┴───┴───┴───┘
//	row      +7  +6  +5  +4  +3  +2  +1  +0
//
// Squares are taken from the middle of the scale, as (score-3)², which is 9
// at most: the variance is the same, and the sums of 28 models fit a byte.
// Sets of more models are added up 28 at a time.
const (
	laneRows   = 8
	laneModels = 28                 // 28·9 = 252
	laneOnes   = 0x0101010101010101 // a one in every byte
	center     = 4                  // n of the score in the middle
)

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

// laneTally counts, in each byte, positions, and sums their n and the
// squares of their distances from the middle.
type laneTally struct{ count, sum, square uint64 }

// add adds eight positions. n has three bits, which say all: its square
// from the middle is 1 if it is odd, 4 if it is 2 or 6, and 8 more if it is
// 1 or 7.
func (t *laneTally) add(word uint64) {
	b0, b1, b2 := word&laneOnes, word>>1&laneOnes, word>>2&laneOnes
	t.count += b0 | b1 | b2
	t.sum += word
	t.square += b0 + b1&^b0<<2 + b0&^(b1^b2)<<3
}

func (t *laneTally) merge(o *laneTally) {
	t.count += o.count
	t.sum += o.sum
	t.square += o.square
}

// spread is that of one row; shift is 8 times its byte.
func (t *laneTally) spread(shift int) Spread {
	n := int32(t.count >> shift & 0xff)
	sum := int32(t.sum>>shift&0xff) - center*n
	return Spread{uint32(n*int32(t.square>>shift&0xff) - sum*sum), uint16(n)}
}

// The common case is that no position is missing. Then n is the same for all
// rows, one multiplication scales the squares of four, and a table has the
// square of the sum.
type completeSet struct {
	models uint64
	square [256]uint16 // by a byte of the sum: (sum - center·models)²
}

func newCompleteSet(models int) (c completeSet) {
	c.models = uint64(models)
	for sum := range c.square {
		d := sum - center*models
		c.square[sum] = uint16(d * d) // of sums that occur it fits
	}
	return c
}

const evenBytes = 0x00ff00ff00ff00ff

// spreads writes those of eight rows on which no position is missing.
func (c *completeSet) spreads(a, b *laneTally, dst []Spread) {
	_ = dst[7]
	evenA, oddA := (a.square&evenBytes)*c.models, (a.square>>8&evenBytes)*c.models
	evenB, oddB := (b.square&evenBytes)*c.models, (b.square>>8&evenBytes)*c.models
	n := uint16(c.models)
	for i := 0; i < laneRows; i += 2 {
		shift := 8 * i
		qa := uint16(evenA>>shift) - c.square[uint8(a.sum>>shift)]
		qb := uint16(evenB>>shift) - c.square[uint8(b.sum>>shift)]
		dst[i] = Spread{uint32(max(qa, qb)), n}
		qa = uint16(oddA>>shift) - c.square[uint8(a.sum>>(shift+8))]
		qb = uint16(oddB>>shift) - c.square[uint8(b.sum>>(shift+8))]
		dst[i+1] = Spread{uint32(max(qa, qb)), n}
	}
}

// blockRows is how many rows are worked on at a time: few enough that their
// tallies stay in the nearest cache, and a multiple of 64.
const (
	blockRows  = 1024
	blockWords = blockRows / laneRows
)

// A spreader computes the spreads of several sets of models at once. Models
// that are in the same sets are added up once: the paper's six sets need
// twelve models in six groups.
type spreader struct {
	columns [][2][]Position
	rows    int
	groups  [][]int // columns, at most laneModels
	sets    [][]int // groups
	full    []completeSet
	lanes   [][2]lanes // by group, of one block
	wide    []bool     // sets of more models than a lane holds
	tallies [2][blockRows]uint64
}

type lanes [blockWords]laneTally

// newSpreader takes the columns of each set.
func newSpreader(p *Positions, sets [][]int) *spreader {
	s := &spreader{columns: p.columns, rows: p.rows, sets: make([][]int, len(sets)), wide: make([]bool, len(sets)), full: make([]completeSet, len(sets))}
	in := make(map[int][]int) // by column: the sets it is in, that are not wide
	var order []int
	for i, set := range sets {
		if s.wide[i] = len(set) > laneModels; s.wide[i] {
			s.sets[i] = set
			continue
		}
		s.full[i] = newCompleteSet(len(set))
		for _, column := range set {
			if in[column] == nil {
				order = append(order, column)
			}
			in[column] = append(in[column], i)
		}
	}
	for len(order) > 0 {
		sets := in[order[0]]
		var group, rest []int
		for _, column := range order {
			if slices.Equal(in[column], sets) {
				group = append(group, column)
			} else {
				rest = append(rest, column)
			}
		}
		for _, i := range sets {
			s.sets[i] = append(s.sets[i], len(s.groups))
		}
		s.groups = append(s.groups, group)
		order = rest
	}
	s.lanes = make([][2]lanes, len(s.groups))
	return s
}

// block adds up the rows from lo on, at most blockRows, for spreads to read.
func (s *spreader) block(lo int) {
	hi := min(lo+blockRows, s.rows)
	whole := (hi - lo) / laneRows
	for g, group := range s.groups {
		for v := range s.lanes[g] {
			tallies := &s.lanes[g][v]
			clear(tallies[:])
			for _, column := range group {
				c := s.columns[column][v][lo:hi]
				for w := range whole {
					tallies[w&(blockWords-1)].add(wordOf(c[w*laneRows : w*laneRows+laneRows]))
				}
				if whole*laneRows < len(c) {
					tallies[whole].add(lastWordOf(c[whole*laneRows:]))
				}
			}
		}
	}
}

// spreads writes those of one set, for the rows that block added up.
func (s *spreader) spreads(set, lo int, dst []Spread) {
	if s.wide[set] {
		s.wideSpreads(s.sets[set], lo, dst)
		return
	}
	groups := s.sets[set]
	all := s.full[set].models * laneOnes
	for w := 0; w*laneRows < len(dst); w++ {
		a, b := s.lanes[groups[0]][0][w&(blockWords-1)], s.lanes[groups[0]][1][w&(blockWords-1)]
		for _, g := range groups[1:] {
			a.merge(&s.lanes[g][0][w&(blockWords-1)])
			b.merge(&s.lanes[g][1][w&(blockWords-1)])
		}
		out := dst[w*laneRows : min(w*laneRows+laneRows, len(dst))]
		if a.count == all && b.count == all && len(out) == laneRows {
			s.full[set].spreads(&a, &b, out)
			continue
		}
		for i := range out {
			out[i] = wider(a.spread(8*i), b.spread(8*i))
		}
	}
}

// wideSpreads is spreads for any number of models.
func (s *spreader) wideSpreads(set []int, lo int, dst []Spread) {
	for v := range s.tallies {
		clear(s.tallies[v][:])
	}
	for _, column := range set {
		for v := range s.tallies {
			for i, position := range s.columns[column][v][lo : lo+len(dst)] {
				s.tallies[v][i&(blockRows-1)] += tallyOf[position.n]
			}
		}
	}
	for i := range dst {
		dst[i] = wider(spreadOf(s.tallies[0][i&(blockRows-1)]), spreadOf(s.tallies[1][i&(blockRows-1)]))
	}
}
