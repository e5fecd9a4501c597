package analysis

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// describe counts wins and contests by item, finds out what these contests
// can show, and drops the terms that they cannot.
func describe(c *Comparisons, d *design, p *problem) (*BradleyTerry, error) {
	f := &BradleyTerry{
		Items: c.Items, N: len(d.row), Excluded: d.excluded,
		Compared: make([]int, d.items), Wins: make([]float64, d.items),
	}
	for e, a := range p.edgeA {
		b := p.edgeB[e]
		wins, total := 0.0, 0.0
		for cell := p.cellOf[e]; cell < p.cellOf[e+1]; cell++ {
			wins += p.wins[cell]
			total += p.total[cell]
		}
		f.Compared[a] += int(total)
		f.Compared[b] += int(total)
		f.Wins[a] += wins
		f.Wins[b] += total - wins
	}
	for i, n := range f.Compared {
		switch {
		case n == 0:
		case f.Wins[i] == float64(n):
			f.Unbeaten = append(f.Unbeaten, i)
		case f.Wins[i] == 0:
			f.Winless = append(f.Winless, i)
		}
	}
	f.Components = connected(p, f.Compared)
	if err := f.checkTerms(d, p); err != nil {
		return nil, err
	}
	f.Model = d.model
	if d.model.Ridge == 0 {
		return f, f.checkMaximum(p)
	}
	if n := len(f.Components); n > 1 {
		f.Warnings = append(f.Warnings, fmt.Errorf("contests connect only items within each of %d groups: abilities of different groups cannot be compared, and each group's sum to 0", n))
	}
	for _, s := range []struct {
		items []int
		never string
	}{{f.Unbeaten, "never lost"}, {f.Winless, "never won"}} {
		if len(s.items) > 0 {
			f.Warnings = append(f.Warnings, fmt.Errorf("only the ridge keeps the abilities finite of what %s: %s", s.never, f.names(s.items)))
		}
	}
	return f, nil
}

// checkMaximum is Ford's condition, with what order and nudge add to it as
// far as it can be told beforehand; the fit notices the rest.
func (f *BradleyTerry) checkMaximum(p *problem) error {
	const no = "analysis: Bradley-Terry: no maximum of the likelihood without a ridge (Ford 1957): "
	if len(f.Components) > 1 {
		var sets []string
		for _, items := range f.Components[:min(3, len(f.Components))] {
			sets = append(sets, "{"+f.names(items)+"}")
		}
		return fmt.Errorf(no+"contests connect only items within each of %d groups, such as %s: %w", len(f.Components), strings.Join(sets, " and "), ErrUndefined)
	}
	if groups := strongGroups(p.beaten(), f.Compared); len(groups) > 1 {
		var why []string
		if len(f.Unbeaten) > 0 {
			why = append(why, f.names(f.Unbeaten)+" never lost")
		}
		if len(f.Winless) > 0 {
			why = append(why, f.names(f.Winless)+" never won")
		}
		if why == nil {
			// Tarjan finds a group only after all that it beats.
			why = append(why, "{"+f.names(groups[0])+"} never won against the rest")
		}
		return fmt.Errorf(no+"%s: %w", strings.Join(why, "; "), ErrUndefined)
	}
	if p.freeTerms() < f.terms() {
		return fmt.Errorf("analysis: Bradley-Terry: these contests cannot tell order or nudge from abilities without a ridge: %w", ErrUndefined)
	}
	return nil
}

func (f *BradleyTerry) terms() int {
	n := 0
	for _, has := range []bool{f.Model.Order, f.Model.Nudge} {
		if has {
			n++
		}
	}
	return n
}

// names lists the first of some items.
func (f *BradleyTerry) names(items []int) string {
	const most = 5
	var b strings.Builder
	for i, item := range items[:min(most, len(items))] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(f.Items[item])
	}
	if more := len(items) - most; more > 0 {
		fmt.Fprintf(&b, " and %d more", more)
	}
	return b.String()
}

// connected returns the items that contests connect, larger groups first.
func connected(p *problem, compared []int) [][]int {
	root := make([]int32, p.items)
	for i := range root {
		root[i] = int32(i)
	}
	find := func(i int32) int32 {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for e, a := range p.edgeA {
		// The lower number becomes the root.
		ra, rb := find(a), find(p.edgeB[e])
		root[max(ra, rb)] = min(ra, rb)
	}
	var groups [][]int
	number := make([]int, p.items)
	for i, n := range compared {
		if n == 0 {
			continue
		}
		r := find(int32(i))
		if int(r) == i {
			number[i] = len(groups)
			groups = append(groups, nil)
		}
		groups[number[r]] = append(groups[number[r]], i)
	}
	slices.SortStableFunc(groups, func(x, y []int) int { return cmp.Compare(len(y), len(x)) })
	return groups
}

// beaten lists for each item those it has beaten, if but by half.
func (p *problem) beaten() [][]int32 {
	beats := make([][]int32, p.items)
	for e, a := range p.edgeA {
		b := p.edgeB[e]
		var won, lost bool
		for cell := p.cellOf[e]; cell < p.cellOf[e+1]; cell++ {
			won = won || p.wins[cell] > 0
			lost = lost || p.wins[cell] < p.total[cell]
		}
		if won {
			beats[a] = append(beats[a], b)
		}
		if lost {
			beats[b] = append(beats[b], a)
		}
	}
	return beats
}

// strongGroups returns the sets of compared items in which everyone beats
// everyone, if through others; a set comes after all that it beats. The
// search keeps its own stack: chains may be as long as there are items.
//
// Source: Tarjan 1972, SIAM Journal on Computing 1:146-160.
func strongGroups(beats [][]int32, compared []int) [][]int {
	n := len(beats)
	order, low := make([]int, n), make([]int, n) // 0 means not seen
	on := make([]bool, n)
	next := make([]int, n) // the arrow to follow next
	var path, open []int
	var groups [][]int
	seen := 0
	for start := range beats {
		if compared[start] == 0 || order[start] > 0 {
			continue
		}
		path = append(path, start)
		for len(path) > 0 {
			v := path[len(path)-1]
			if order[v] == 0 {
				seen++
				order[v], low[v] = seen, seen
				open, on[v] = append(open, v), true
			}
			if next[v] < len(beats[v]) {
				w := int(beats[v][next[v]])
				next[v]++
				if order[w] == 0 {
					path = append(path, w)
				} else if on[w] {
					low[v] = min(low[v], order[w])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				up := path[len(path)-1]
				low[up] = min(low[up], low[v])
			}
			if low[v] == order[v] {
				at := len(open) - 1
				for open[at] != v {
					at--
				}
				group := slices.Clone(open[at:])
				slices.Sort(group)
				for _, w := range group {
					on[w] = false
				}
				open = open[:at]
				groups = append(groups, group)
			}
		}
	}
	return groups
}

// checkTerms leaves the nudge out where it never varies, and refuses order
// and nudge that decide every contest by themselves, which no ridge on the
// abilities prevents.
func (f *BradleyTerry) checkTerms(d *design, p *problem) error {
	// Contests by nudge of the first item (-1, 0, 1), and which of them the
	// first item won or lost, if but by half.
	var any, won, lost [3]bool
	for cell, wins := range p.wins {
		// Without order the side is unknown, and no matter: then a cell and
		// its mirror image say the same of the nudge.
		order, nudge := p.in[cell].effects()
		w, l := wins > 0, wins < p.total[cell]
		if order < 0 {
			nudge, w, l = -nudge, l, w
		}
		at := int(nudge) + 1
		any[at], won[at], lost[at] = true, won[at] || w, lost[at] || l
	}
	kinds := 0
	for _, a := range any {
		if a {
			kinds++
		}
	}
	if d.model.Nudge && (d.model.Order && kinds == 1 || !any[0] && !any[2]) {
		d.model.Nudge = false
		for _, in := range [][]setting{d.in, p.in} {
			for cell := range in {
				order, _ := in[cell].effects()
				in[cell] = newSetting(order, 0)
			}
		}
		f.Warnings = append(f.Warnings, errors.New("the nudge is left out of the model: it is the same in every contest"))
	}
	var directions [][2]int // of (order, nudge) that might grow for ever
	switch {
	case d.model.Order && d.model.Nudge:
		directions = [][2]int{{1, 1}, {-1, -1}, {0, 1}, {0, -1}, {1, -1}, {-1, 1}}
	case d.model.Order:
		directions = [][2]int{{1, 0}, {-1, 0}}
	case d.model.Nudge:
		directions = [][2]int{{0, 1}, {0, -1}}
	}
next:
	for _, dir := range directions {
		moves := false
		for at := range any {
			if !any[at] {
				continue
			}
			t := dir[0] + dir[1]*(at-1)
			if t > 0 && lost[at] || t < 0 && won[at] {
				continue next
			}
			moves = moves || t != 0
		}
		if moves {
			return fmt.Errorf("analysis: Bradley-Terry: order or nudge decides every contest in which it has a say, so its effect is infinite: %w", ErrUndefined)
		}
	}
	return nil
}

// freeTerms is the number of combinations of order and nudge that no
// choice of abilities imitates. Walking over the contests gives every item
// the ability that would imitate them; contests that close a circle tell
// whether it fits all round. Whole numbers, so there is no doubt.
func (p *problem) freeTerms() int {
	type effect [terms]int64
	neighbours := make([][]int32, p.items) // edges
	for e, a := range p.edgeA {
		neighbours[a] = append(neighbours[a], int32(e))
		neighbours[p.edgeB[e]] = append(neighbours[p.edgeB[e]], int32(e))
	}
	of := func(cell int32) effect {
		order, nudge := p.in[cell].effects()
		return effect{int64(order), int64(nudge)}
	}
	potential := make([]effect, p.items)
	seen := make([]bool, p.items)
	for start := range p.items {
		if seen[start] {
			continue
		}
		seen[start] = true
		for queue := []int32{int32(start)}; len(queue) > 0; queue = queue[1:] {
			v := queue[0]
			for _, e := range neighbours[v] {
				step, w := of(p.cellOf[e]), p.edgeB[e]
				if w == v {
					w = p.edgeA[e]
					step = effect{-step[0], -step[1]}
				}
				if !seen[w] {
					seen[w] = true
					potential[w] = effect{potential[v][0] - step[0], potential[v][1] - step[1]}
					queue = append(queue, w)
				}
			}
		}
	}
	var first effect
	rank := 0
	for e, a := range p.edgeA {
		b := p.edgeB[e]
		for cell := p.cellOf[e]; cell < p.cellOf[e+1]; cell++ {
			step := of(cell)
			gap := effect{step[0] - potential[a][0] + potential[b][0], step[1] - potential[a][1] + potential[b][1]}
			switch {
			case gap == effect{}:
			case rank == 0:
				first, rank = gap, 1
			case rank == 1 && first[0]*gap[1] != first[1]*gap[0]:
				return 2
			}
		}
	}
	return rank
}
