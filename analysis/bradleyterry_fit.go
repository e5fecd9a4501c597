package analysis

import (
	"fmt"
	"math"
	"slices"
)

// The parameters after the abilities.
const (
	orderTerm = iota
	nudgeTerm
	terms
)

// A design is the contests that count, sorted into cells: contests of one
// pair of items, order and nudge, which are all that a fit can tell apart.
// Counts are whole numbers, in half wins, so that neither the order of
// rows nor weights of a bootstrap change a bit.
type design struct {
	items    int
	model    BradleyTerryModel
	excluded []Exclusion

	// By cell, ascending in (a, b): the pair, a < b, and in what setting.
	a, b []int32
	in   []setting

	// By contest that counts.
	row  []int32 // of Comparisons
	cell []int32
	half []int8 // half wins of a: 0, 1, 2

	clusters  Clusters // dense, by contest that counts
	known     bool     // whether the clusters are
	byCluster []int32  // contests that count, cluster by cluster
}

// A setting of a contest is 3·(order+1) + nudge+1: order is +1 where a
// stood first, else -1; nudge is +1 where the query favoured a, -1 for b.
// Both are 0 where the model does not ask.
type setting uint8

const settings = 9

func newSetting(order, nudge int8) setting { return setting(3*(order+1) + nudge + 1) }

// effects are those numbers.
func (s setting) effects() (order, nudge int8) { return int8(s/3) - 1, int8(s%3) - 1 }

// newDesign leaves out what cannot count and sorts the rest.
func newDesign(c *Comparisons, model BradleyTerryModel) (*design, error) {
	if err := c.check(model); err != nil {
		return nil, err
	}
	d := &design{items: len(c.Items), model: model}
	d.keep(c)
	if len(d.row) == 0 {
		return nil, fmt.Errorf("analysis: Bradley-Terry: no contest to learn from (left out: %v): %w", d.excluded, ErrTooFew)
	}
	all, err := c.Clusters.among(len(c.First))
	if err != nil {
		return nil, err
	}
	d.known = c.Clusters.Known()
	kept := Clusters{ID: make([]int32, len(d.row)), N: all.N}
	for i, row := range d.row {
		kept.ID[i] = all.ID[row]
	}
	if d.clusters, err = kept.among(len(d.row)); err != nil {
		return nil, err
	}
	start := make([]int32, d.clusters.N+1)
	for _, c := range d.clusters.ID {
		start[c+1]++
	}
	accumulate(start)
	d.byCluster = make([]int32, len(d.row))
	for i, c := range d.clusters.ID {
		d.byCluster[start[c]] = int32(i)
		start[c]++
	}
	return d, nil
}

// keep lists the contests that count, in their canonical form.
func (d *design) keep(c *Comparisons) {
	const (
		noItem = iota
		noOutcome
		noNudge
		same
		tied
		reasons
	)
	var left [reasons]int
	kept := make([]int32, 0, len(c.Outcome))
	for row, outcome := range c.Outcome {
		first, second := c.First[row], c.Second[row]
		switch {
		case first < 0 || second < 0:
			left[noItem]++
		case outcome == NoOutcome:
			left[noOutcome]++
		case d.model.Nudge && c.Nudge[row] == NoNudge:
			left[noNudge]++
		case first == second:
			left[same]++
		case outcome == Tied && d.model.Ties == TiesDropped:
			left[tied]++
		default:
			kept = append(kept, int32(row))
		}
	}
	d.row = kept
	for reason, text := range [reasons]string{"item missing", "outcome missing", "nudge missing", "item against itself", "tied"} {
		if left[reason] > 0 {
			d.excluded = append(d.excluded, Exclusion{text, left[reason]})
		}
	}
	d.sort(c)
}

// sort makes the cells. Two counting sorts, by the less significant part of
// the key first, take a tenth of the time of a comparison sort.
func (d *design) sort(c *Comparisons) {
	n := len(d.row)
	type contest struct {
		a, b int32
		in   setting
		half int8
	}
	contests := make([]contest, n)
	for i, row := range d.row {
		k := contest{a: c.First[row], b: c.Second[row]}
		var order, nudge int8
		if d.model.Order {
			order = 1
		}
		if d.model.Nudge {
			nudge = c.Nudge[row].sign()
		}
		switch c.Outcome[row] {
		case FirstWins:
			k.half = 2
		case Tied:
			k.half = 1
		}
		if k.a > k.b {
			k.a, k.b, order, nudge, k.half = k.b, k.a, -order, -nudge, 2-k.half
		}
		k.in = newSetting(order, nudge)
		contests[i] = k
	}
	sorted := make([]contest, n)
	place := make([]int32, n) // of a sorted contest among the rest
	byB := make([]int32, n)
	start := make([]int32, d.items*settings+1)
	for _, k := range contests {
		start[int(k.b)*settings+int(k.in)+1]++
	}
	accumulate(start)
	for i, k := range contests {
		at := &start[int(k.b)*settings+int(k.in)]
		byB[*at] = int32(i)
		*at++
	}
	start = start[:d.items+1]
	clear(start)
	for _, k := range contests {
		start[k.a+1]++
	}
	accumulate(start)
	for _, i := range byB {
		k := contests[i]
		at := &start[k.a]
		sorted[*at], place[*at] = k, i
		*at++
	}

	a, b, in := make([]int32, 0, n), make([]int32, 0, n), make([]setting, 0, n)
	cell, half := make([]int32, n), make([]int8, n)
	last := contest{a: -1}
	for at, k := range sorted {
		i := place[at]
		half[i] = k.half
		if k.half = 0; k != last {
			a, b, in = append(a, k.a), append(b, k.b), append(in, k.in)
			last = k
		}
		cell[i] = int32(len(a) - 1)
	}
	d.a, d.b, d.in, d.cell, d.half = a, b, in, cell, half
}

// accumulate turns counts, one place up, into where each run starts.
func accumulate(start []int32) {
	for i := range start[1:] {
		start[i+1] += start[i]
	}
}

// tally counts contests and half wins of a by cell, each contest as often
// as its unit weighs; a nil unit means its cluster, nil weights mean once.
func (d *design) tally(unit, weights, half, total []int32) {
	clear(half)
	clear(total)
	if unit == nil {
		unit = d.clusters.ID
	}
	for i, cell := range d.cell {
		w := int32(1)
		if weights != nil {
			w = weights[unit[i]]
		}
		total[cell] += w
		half[cell] += w * int32(d.half[i])
	}
}

// A problem is the penalised likelihood of one weighting of the contests,
// and the memory to maximise it in. Cells of one pair are neighbours, so
// that sums over them stay in registers; the Hessian has an entry per pair
// (edge), whatever the number of cells.
type problem struct {
	items int
	model BradleyTerryModel
	n     float64 // contests

	edgeA, edgeB []int32 // by edge
	edgeOf       []int32 // by item a: its first edge; one more at the end
	cellOf       []int32 // by edge: its first cell; one more at the end

	in          []setting // by cell
	wins, total []float64 // by cell: of a, of both

	// The Hessian: by edge; its diagonal; and its rows of order and nudge.
	h      []float64
	diag   []float64
	border [terms][]float64
	corner [terms][terms]float64

	strength, weakness       []float64 // exp of θ and of -θ, by item
	gradient                 []float64
	step, residual, z, p, hp []float64

	halfTally, totalTally []int32
}

// problem allocates for any weighting of the design.
func (d *design) problem() *problem {
	size := d.items + terms
	cells := len(d.a)
	vector := func(n int) []float64 { return make([]float64, n) }
	p := &problem{
		items: d.items, model: d.model,
		edgeA: make([]int32, 0, cells), edgeB: make([]int32, 0, cells),
		edgeOf: make([]int32, d.items+1), cellOf: make([]int32, 0, cells+1),
		in: make([]setting, 0, cells), wins: vector(cells)[:0], total: vector(cells)[:0],
		strength: vector(d.items), weakness: vector(d.items),
		h: vector(cells), diag: vector(size), gradient: vector(size),
		step: vector(size), residual: vector(size), z: vector(size), p: vector(size), hp: vector(size),
		halfTally: make([]int32, cells), totalTally: make([]int32, cells),
	}
	for t := range p.border {
		p.border[t] = vector(d.items)
	}
	return p
}

// load takes over the cells that weigh anything.
func (p *problem) load(d *design, weights []int32) { p.loadUnits(d, nil, weights) }

func (p *problem) loadUnits(d *design, unit, weights []int32) {
	d.tally(unit, weights, p.halfTally, p.totalTally)
	edgeA, edgeB, cellOf := p.edgeA[:0], p.edgeB[:0], p.cellOf[:0]
	in, wins, totals := p.in[:0], p.wins[:0], p.total[:0]
	n := int64(0)
	clear(p.edgeOf)
	lastA, lastB := int32(-1), int32(-1)
	for c, total := range p.totalTally {
		if total == 0 {
			continue
		}
		if a, b := d.a[c], d.b[c]; a != lastA || b != lastB {
			edgeA, edgeB = append(edgeA, a), append(edgeB, b)
			cellOf = append(cellOf, int32(len(wins)))
			p.edgeOf[a+1]++
			lastA, lastB = a, b
		}
		in = append(in, d.in[c])
		wins, totals = append(wins, float64(p.halfTally[c])/2), append(totals, float64(total))
		n += int64(total)
	}
	p.edgeA, p.edgeB, p.cellOf = edgeA, edgeB, append(cellOf, int32(len(wins)))
	p.in, p.wins, p.total, p.n = in, wins, totals, float64(n)
	accumulate(p.edgeOf)
	p.h = p.h[:len(p.edgeA)]
}

// tolerance is the gradient at which to stop: far below any use, and above
// the rounding of a sum over all contests.
func (p *problem) tolerance() float64 { return math.Max(1e-9, 1e-14*p.n) }

// derive computes gradient and Hessian at x and returns the largest
// component of the gradient.
func (p *problem) derive(x []float64) float64 {
	theta, g, diag := x[:p.items], p.gradient, p.diag
	for i, t := range theta {
		g[i] = p.model.Ridge * t
		diag[i] = p.model.Ridge
	}
	for t := range terms {
		clear(p.border[t])
	}
	// The odds against a are exp(-θa)·exp(θb)·exp(-order·α-nudge·β): an
	// exponential for each item and setting, none for each contest.
	var orderIn, nudgeIn, against [settings]float64
	for in := range setting(settings) {
		order, nudge := in.effects()
		orderIn[in], nudgeIn[in] = float64(order), float64(nudge)
		against[in] = math.Exp(-x[p.items+orderTerm]*orderIn[in] - x[p.items+nudgeTerm]*nudgeIn[in])
	}
	for i, t := range theta {
		p.strength[i], p.weakness[i] = math.Exp(t), math.Exp(-t)
	}
	var gOrder, gNudge, hOrder, hNudge, hBoth float64
	toOrder, toNudge := p.border[orderTerm], p.border[nudgeTerm]
	cell := 0
	for a, weakness := range p.weakness {
		// Sums over the contests of a; memory is slower than registers.
		var slopeA, curveA, orderA, nudgeA float64
		for e := int(p.edgeOf[a]); e < int(p.edgeOf[a+1]); e++ {
			b := p.edgeB[e]
			odds := weakness * p.strength[b]
			var slope, curve, byOrder, byNudge float64
			end := int(p.cellOf[e+1])
			ins, wins, totals := p.in[cell:end], p.wins[cell:end], p.total[cell:end]
			cell = end
			for k, in := range ins {
				order, nudge := orderIn[in], nudgeIn[in]
				q := 1 / (1 + odds*against[in])
				expected := totals[k] * q
				s := expected - wins[k]
				h := expected * (1 - q)
				ho, hn := h*order, h*nudge
				slope += s
				curve += h
				gOrder += s * order
				gNudge += s * nudge
				byOrder += ho
				byNudge += hn
				hOrder += ho * order
				hNudge += hn * nudge
				hBoth += ho * nudge
			}
			p.h[e] = curve
			slopeA += slope
			curveA += curve
			orderA += byOrder
			nudgeA += byNudge
			g[b] -= slope
			diag[b] += curve
			toOrder[b] -= byOrder
			toNudge[b] -= byNudge
		}
		g[a] += slopeA
		diag[a] += curveA
		toOrder[a] += orderA
		toNudge[a] += nudgeA
	}
	g[p.items+orderTerm], g[p.items+nudgeTerm] = gOrder, gNudge
	diag[p.items+orderTerm], diag[p.items+nudgeTerm] = hOrder, hNudge
	p.corner = [terms][terms]float64{{hOrder, hBoth}, {hBoth, hNudge}}
	largest := 0.0
	for i, v := range g {
		largest = max(largest, math.Abs(v))
		if diag[i] == 0 {
			diag[i] = 1 // of no contest: stays where it is
		}
	}
	return largest
}

// times sets y to the Hessian times x.
func (p *problem) times(y, x []float64) {
	n := p.items
	order, nudge := x[n+orderTerm], x[n+nudgeTerm]
	toOrder := p.corner[0][0]*order + p.corner[0][1]*nudge
	toNudge := p.corner[1][0]*order + p.corner[1][1]*nudge
	byOrder, byNudge := p.border[orderTerm][:n], p.border[nudgeTerm][:n]
	theta, out := x[:n], y[:n]
	ridge := p.model.Ridge
	for i, t := range theta {
		toOrder += byOrder[i] * t
		toNudge += byNudge[i] * t
		out[i] = ridge*t + byOrder[i]*order + byNudge[i]*nudge
	}
	for a, t := range theta {
		from, to := p.edgeOf[a], p.edgeOf[a+1]
		b, h := p.edgeB[from:to], p.h[from:to]
		sum := 0.0
		for e, k := range b {
			flow := h[e] * (t - theta[k])
			sum += flow
			out[k] -= flow
		}
		out[a] += sum
	}
	y[n+orderTerm], y[n+nudgeTerm] = toOrder, toNudge
}

// solve sets step to the solution of Hessian·step = right, by conjugate
// gradients preconditioned by the diagonal, until the residual is within
// the given part of what it was.
//
// Source: Hestenes and Stiefel 1952; Golub and Van Loan 2013, section 11.5.
func (p *problem) solve(step, right []float64, within float64) {
	r, z, dir, hp := p.residual, p.z, p.p, p.hp
	clear(step)
	rz := 0.0
	for i, v := range right {
		r[i] = v
		z[i] = v / p.diag[i]
		dir[i] = z[i]
		rz += v * z[i]
	}
	stop := rz * within * within
	for range 2*len(right) + 50 {
		if !(rz > 0) {
			return
		}
		p.times(hp, dir)
		curve := 0.0
		for i, v := range dir {
			curve += v * hp[i]
		}
		if !(curve > 0) {
			return
		}
		along, next := rz/curve, 0.0
		for i, v := range dir {
			step[i] += along * v
			r[i] -= along * hp[i]
			z[i] = r[i] / p.diag[i]
			next += r[i] * z[i]
		}
		if next <= stop {
			return
		}
		turn := next / rz
		rz = next
		for i, v := range z {
			dir[i] = v + turn*dir[i]
		}
	}
}

// newton moves x to the maximum and returns the steps taken and the largest
// component of the gradient there.
//
// On the way to a maximum at infinity the gradient vanishes, too, but by a
// factor of e for each logit gone; on the way to a finite one the last steps
// are minute. So a logit or more on the last thousandth of the gradient
// means that there is no maximum.
func (p *problem) newton(x []float64, tolerance float64) (steps int, gradient float64, err error) {
	const most = 200
	var near []float64 // where the last thousandth began
	undefined := func() error {
		return fmt.Errorf("analysis: Bradley-Terry: the likelihood has no maximum that %d steps can reach: %w", steps, ErrUndefined)
	}
	gradient = p.derive(x)
	for ; !(gradient <= tolerance); steps++ {
		if near == nil && gradient <= 1000*tolerance {
			near = slices.Clone(x)
		}
		if steps == most || math.IsNaN(gradient) {
			return steps, gradient, undefined()
		}
		p.solve(p.step, p.gradient, max(min(0.01, gradient), 0.03*tolerance/gradient))
		long := false
		slope := 0.0
		for i, s := range p.step {
			x[i] -= s
			slope -= s * p.gradient[i]
			long = long || math.Abs(s) > 0.1
		}
		gradient = p.derive(x)
		// The objective is convex, so where it does not rise at the end of
		// the step, it fell all along; else go back half of the way.
		for part := 0.5; part > 1e-9; part /= 2 {
			end := 0.0
			for i, s := range p.step {
				end -= s * p.gradient[i]
			}
			if end <= -0.1*slope || !long {
				break
			}
			for i, s := range p.step {
				x[i] += part * s
			}
			gradient = p.derive(x)
		}
	}
	for i, was := range near {
		// A ridge keeps abilities finite, however small it is.
		if (p.model.Ridge == 0 || i >= p.items) && math.Abs(x[i]-was) > 1 {
			return steps, gradient, undefined()
		}
	}
	return steps, gradient, nil
}
