package analysis

// A bound is an upper bound of a point's score.
type bound struct {
	score float64
	row   int32
}

// before reports whether a is looked at before b: the larger score first,
// then the lower row.
func (a bound) before(b bound) bool {
	return a.score > b.score || a.score == b.score && a.row < b.row
}

// A scoreHeap has at its front the bound that comes before all others. It is
// container/heap for one type with four children a node, which takes a third
// of the time here.
type scoreHeap []bound

func (h scoreHeap) build() {
	for i := len(h) - 1; i >= 0; i-- {
		h.down(i)
	}
}

func (h *scoreHeap) push(b bound) {
	*h = append(*h, b)
	s := *h
	i := len(s) - 1
	for i > 0 {
		parent := (i - 1) / 4
		if !b.before(s[parent]) {
			break
		}
		s[i] = s[parent]
		i = parent
	}
	s[i] = b
}

func (h *scoreHeap) pop() bound {
	s := *h
	top := s[0]
	last := len(s) - 1
	s[0] = s[last]
	*h = s[:last]
	if last > 0 {
		h.down(0)
	}
	return top
}

func (h scoreHeap) down(i int) {
	b := h[i]
	for {
		first := 4*i + 1
		if first >= len(h) {
			break
		}
		best := first
		for c := first + 1; c < min(first+4, len(h)); c++ {
			if h[c].before(h[best]) {
				best = c
			}
		}
		if !h[best].before(b) {
			break
		}
		h[i] = h[best]
		i = best
	}
	h[i] = b
}
