package figure

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Rule is a dashed line across the plotting area that marks a value,
// such as a threshold. With Orientation Vertical it stands upright.
type Rule struct {
	At          float64
	Orientation Orientation
}

// Plot implements plot.Plotter.
func (r Rule) Plot(c draw.Canvas, p *plot.Plot) {
	sty := draw.LineStyle{Color: black, Width: vg.Points(0.8), Dashes: []vg.Length{3, 2}}
	x, y := p.Transforms(&c)
	if at := x(r.At); r.Orientation == Vertical && c.ContainsX(at) {
		c.StrokeLine2(sty, at, c.Min.Y, at, c.Max.Y)
	}
	if at := y(r.At); r.Orientation == Horizontal && c.ContainsY(at) {
		c.StrokeLine2(sty, c.Min.X, at, c.Max.X, at)
	}
}

// Thumbnail implements plot.Thumbnailer.
func (r Rule) Thumbnail(c *draw.Canvas) {
	sty := draw.LineStyle{Color: black, Width: vg.Points(0.8), Dashes: []vg.Length{3, 2}}
	y := c.Center().Y
	c.StrokeLine2(sty, c.Min.X, y, c.Max.X, y)
}

// Grid draws light lines at the ticks of the axis of values. It belongs
// behind the data, so it is added first.
type Grid struct{ Orientation Orientation }

// Plot implements plot.Plotter.
func (g Grid) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	if g.Orientation == Horizontal {
		for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
			if at := x(t.Value); c.ContainsX(at) {
				c.StrokeLine2(thinLine(gridGrey), at, c.Min.Y, at, c.Max.Y)
			}
		}
		return
	}
	for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		if at := y(t.Value); c.ContainsY(at) {
			c.StrokeLine2(thinLine(gridGrey), c.Min.X, at, c.Max.X, at)
		}
	}
}

// Bands shades every other category of an upright axis of N categories, to
// lead the eye from a name to its marks.
type Bands struct{ N int }

// Plot implements plot.Plotter.
func (b Bands) Plot(c draw.Canvas, p *plot.Plot) {
	_, y := p.Transforms(&c)
	for i := b.N - 1; i >= 0; i -= 2 {
		lo, hi := max(y(float64(i)-0.5), c.Min.Y), min(y(float64(i)+0.5), c.Max.Y)
		if lo < hi {
			fillRect(&c, bandGrey, vg.Rectangle{Min: vg.Point{X: c.Min.X, Y: lo}, Max: vg.Point{X: c.Max.X, Y: hi}})
		}
	}
}

func fillRect(c *draw.Canvas, clr color.Color, r vg.Rectangle) {
	c.SetColor(clr)
	c.Fill(r.Path())
}
