package figure

import (
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// A pen is what the canvases of SVG, PDF and PGF have in common: the state
// that vg.Canvas asks to be remembered, and the way from a path to steps
// on the page. Points are transformed here and written rounded to
// hundredths of a point, which hides how processors differ in the last bit.
type pen struct {
	w, h  vg.Length
	now   penState
	stack []penState
}

type penState struct {
	// to maps a point of the plot, y up, to one of the page, y down:
	// x' = to[0]x + to[2]y + to[4], y' = to[1]x + to[3]y + to[5].
	to     [6]float64
	color  color.Color
	width  vg.Length
	dashes []vg.Length
	offset vg.Length
}

// A spot is a point of the page: from its upper left corner, in points.
type spot struct{ x, y float64 }

func (s spot) String() string { return coord(s.x) + " " + coord(s.y) }

// coord writes a length with at most two decimals.
func coord(x float64) string {
	x = math.Round(x*100) / 100
	if x == 0 {
		x = 0 // not -0
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

func newPen(w, h vg.Length) pen {
	return pen{w: w, h: h, now: penState{to: [6]float64{1, 0, 0, -1, 0, h.Points()}}}
}

// at is where a point of the plot lies on the page.
func (p *pen) at(pt vg.Point) spot {
	x, y, m := pt.X.Points(), pt.Y.Points(), p.now.to
	return spot{m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]}
}

// scale is how much longer than in the plot a line is on the page.
func (p *pen) scale() float64 {
	return math.Sqrt(math.Abs(p.now.to[0]*p.now.to[3] - p.now.to[1]*p.now.to[2]))
}

// level reports whether text lies neither turned nor scaled.
func (p *pen) level() bool { return p.now.to[0] == 1 && p.now.to[3] == -1 }

// color is the present one, black before any was set.
func (p *pen) color() color.NRGBA {
	if p.now.color == nil {
		return color.NRGBA{A: 0xff}
	}
	return color.NRGBAModel.Convert(p.now.color).(color.NRGBA)
}

// compose applies n before the present transformation.
func (p *pen) compose(n [6]float64) {
	m := p.now.to
	p.now.to = [6]float64{
		m[0]*n[0] + m[2]*n[1], m[1]*n[0] + m[3]*n[1],
		m[0]*n[2] + m[2]*n[3], m[1]*n[2] + m[3]*n[3],
		m[0]*n[4] + m[2]*n[5] + m[4], m[1]*n[4] + m[3]*n[5] + m[5],
	}
}

// The methods of vg.Canvas that draw nothing.

// SetLineWidth implements vg.Canvas.
func (p *pen) SetLineWidth(w vg.Length) { p.now.width = w }

// SetColor implements vg.Canvas.
func (p *pen) SetColor(clr color.Color) { p.now.color = clr }

// SetLineDash implements vg.Canvas.
func (p *pen) SetLineDash(dashes []vg.Length, offset vg.Length) {
	p.now.dashes, p.now.offset = dashes, offset
}

// Translate implements vg.Canvas.
func (p *pen) Translate(pt vg.Point) {
	p.compose([6]float64{1, 0, 0, 1, pt.X.Points(), pt.Y.Points()})
}

// Scale implements vg.Canvas.
func (p *pen) Scale(x, y float64) { p.compose([6]float64{x, 0, 0, y, 0, 0}) }

// Rotate implements vg.Canvas.
func (p *pen) Rotate(angle float64) {
	sin, cos := math.Sincos(angle)
	p.compose([6]float64{cos, sin, -sin, cos, 0, 0})
}

// Push implements vg.Canvas.
func (p *pen) Push() { p.stack = append(p.stack, p.now) }

// Pop implements vg.Canvas.
func (p *pen) Pop() { p.now, p.stack = p.stack[len(p.stack)-1], p.stack[:len(p.stack)-1] }

// Size implements vg.CanvasSizer.
func (p *pen) Size() (w, h vg.Length) { return p.w, p.h }

// walk tells the steps of a path, named as in SVG: M and L with one point,
// Q and C with their control points before the end, Z with none.
func (p *pen) walk(path vg.Path, step func(op byte, points ...spot)) {
	for _, comp := range path {
		switch comp.Type {
		case vg.MoveComp:
			step('M', p.at(comp.Pos))
		case vg.LineComp:
			step('L', p.at(comp.Pos))
		case vg.CurveComp:
			switch len(comp.Control) {
			case 1:
				step('Q', p.at(comp.Control[0]), p.at(comp.Pos))
			case 2:
				step('C', p.at(comp.Control[0]), p.at(comp.Control[1]), p.at(comp.Pos))
			}
		case vg.ArcComp:
			p.arc(comp, step)
		case vg.CloseComp:
			step('Z')
		}
	}
}

// arc tells an arc as cubic curves of a quarter circle or less, which
// every transformation leaves right to 0.03 %. Gonum's arcs start with a
// line to their first point.
func (p *pen) arc(a vg.PathComp, step func(op byte, points ...spot)) {
	pieces := max(1, int(math.Ceil(math.Abs(a.Angle)/(math.Pi/2)-1e-9)))
	turn := a.Angle / float64(pieces)
	reach := 4.0 / 3 * math.Tan(turn/4)
	at := func(angle, along float64) spot {
		sin, cos := math.Sincos(angle)
		return p.at(vg.Point{X: a.Pos.X + a.Radius*vg.Length(cos-along*sin), Y: a.Pos.Y + a.Radius*vg.Length(sin+along*cos)})
	}
	step('L', at(a.Start, 0))
	for i := range pieces {
		from := a.Start + float64(i)*turn
		to := from + turn
		step('C', at(from, reach), at(to, -reach), at(to, 0))
	}
}
