package analysis

import "slices"

// A spreader computes the spreads of several sets of models at once. Models
// that are in the same sets are added up once: the paper's six sets need
// twelve models in six groups.
type spreader struct {
	columns [][2][]Position
	rows    int
	groups  [][]int          // columns
	lanes   [][2]laneTallies // by group, of one block
	sets    []spreadSet
	both    [2]laneTallies // of one set
	wide    [2][blockRows]uint64
}

// A spreadSet is one set of models.
type spreadSet struct {
	models   int
	groups   []int // where a lane holds so many models
	columns  []int // where it does not
	squareOf [256]uint16
}

// newSpreader takes the columns of each set.
func newSpreader(p *Positions, sets [][]int) *spreader {
	s := &spreader{columns: p.columns, rows: p.rows, sets: make([]spreadSet, len(sets))}
	in := make(map[int][]int) // by column: the sets that it is in
	var left []int
	for i, set := range sets {
		s.sets[i] = spreadSet{models: len(set), squareOf: newSquares(len(set))}
		if len(set) > laneModels {
			s.sets[i].columns = set
			continue
		}
		for _, column := range set {
			if in[column] == nil {
				left = append(left, column)
			}
			in[column] = append(in[column], i)
		}
	}
	for len(left) > 0 {
		shared := in[left[0]]
		var group, rest []int
		for _, column := range left {
			if slices.Equal(in[column], shared) {
				group = append(group, column)
			} else {
				rest = append(rest, column)
			}
		}
		for _, i := range shared {
			s.sets[i].groups = append(s.sets[i].groups, len(s.groups))
		}
		s.groups = append(s.groups, group)
		left = rest
	}
	s.lanes = make([][2]laneTallies, len(s.groups))
	return s
}

// block adds up the rows from lo on, at most blockRows, for spreads to read.
func (s *spreader) block(lo int) {
	hi := min(lo+blockRows, s.rows)
	for g, group := range s.groups {
		for v := range s.lanes[g] {
			s.lanes[g][v] = laneTallies{}
			for _, column := range group {
				s.lanes[g][v].add(s.columns[column][v][lo:hi])
			}
		}
	}
}

// spreads writes those of one set, for the rows that block added up.
func (s *spreader) spreads(i, lo int, dst []Spread) {
	set := &s.sets[i]
	if set.columns != nil {
		s.wideSpreads(set.columns, lo, dst)
		return
	}
	a, b := &s.lanes[set.groups[0]][0], &s.lanes[set.groups[0]][1]
	if len(set.groups) > 1 {
		s.both = s.lanes[set.groups[0]]
		a, b = &s.both[0], &s.both[1]
		for _, g := range set.groups[1:] {
			a.merge(&s.lanes[g][0])
			b.merge(&s.lanes[g][1])
		}
	}
	completeSpreads(a, b, set.models, &set.squareOf, dst)
	all := uint64(set.models) * laneOnes
	for w := 0; w*laneRows < len(dst); w++ {
		if a.count[w&(blockWords-1)] == all && b.count[w&(blockWords-1)] == all {
			continue
		}
		for row := w * laneRows; row < min((w+1)*laneRows, len(dst)); row++ {
			dst[row] = wider(a.spread(row), b.spread(row))
		}
	}
}

// wideSpreads is spreads for any number of models.
func (s *spreader) wideSpreads(columns []int, lo int, dst []Spread) {
	for v := range s.wide {
		clear(s.wide[v][:])
		for _, column := range columns {
			for i, position := range s.columns[column][v][lo : lo+len(dst)] {
				s.wide[v][i&(blockRows-1)] += tallyOf[position.n]
			}
		}
	}
	for i := range dst {
		dst[i] = wider(spreadOf(s.wide[0][i&(blockRows-1)]), spreadOf(s.wide[1][i&(blockRows-1)]))
	}
}
