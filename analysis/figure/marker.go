package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Marker is the shape of a point.
type Marker int

// The markers, in the order in which series get them.
const (
	Circle Marker = iota
	Square
	Triangle
	Diamond
	Pentagon
	InvertedTriangle
	Star
)

const markerRadius = 2.6 // points

// draw draws the marker around a point, filled or as an outline
// that hides nothing. The shapes have about the same area.
func (m Marker) draw(c *draw.Canvas, at vg.Point, radius vg.Length, s Style, hollow bool) {
	path := m.path(at, radius)
	if hollow {
		c.SetLineStyle(draw.LineStyle{Color: s.Color, Width: vg.Points(0.9)})
		c.Stroke(path)
		return
	}
	c.SetColor(s.Color)
	c.Fill(path)
}

func (m Marker) path(at vg.Point, r vg.Length) vg.Path {
	var p vg.Path
	if m == Circle {
		p.Move(vg.Point{X: at.X + r, Y: at.Y})
		p.Arc(at, r, 0, 2*math.Pi)
		p.Close()
		return p
	}
	corners, turn, size := 4, 0.25, vg.Length(1.25)
	switch m {
	case Triangle:
		corners, turn, size = 3, 0.25, 1.4
	case InvertedTriangle:
		corners, turn, size = 3, 0.75, 1.4
	case Square:
		corners, turn = 4, 0.125
	case Pentagon:
		corners, turn, size = 5, 0.25, 1.15
	case Star:
		corners, turn, size = 10, 0.25, 1.5
	}
	for i := range corners {
		radius := r * size
		if m == Star && i%2 == 1 {
			radius *= 0.45
		}
		sin, cos := math.Sincos(2 * math.Pi * (turn + float64(i)/float64(corners)))
		pt := vg.Point{X: at.X + radius*vg.Length(cos), Y: at.Y + radius*vg.Length(sin)}
		if i == 0 {
			p.Move(pt)
		} else {
			p.Line(pt)
		}
	}
	p.Close()
	return p
}
