package figure

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Dots draws a marker for each value and a line for its interval.
type Dots struct {
	Points      []Point
	Style       Style
	Orientation Orientation
	Hollow      bool      // outlines: published values beside ours
	Dodge       vg.Length // shift across the values, to keep series apart
	// Format writes a text above each mark; nil writes none. It serves
	// intervals that a marker hides.
	Format func(Point) string
}

// NewDots returns dots for the points. Values that are infinite or beyond
// 1e15 are an error; NaN leaves a gap.
func NewDots(points []Point, s Style, o Orientation) (*Dots, error) {
	if err := checkPoints("dots", points); err != nil {
		return nil, err
	}
	return &Dots{Points: points, Style: s, Orientation: o}, nil
}

// Plot implements plot.Plotter.
func (d *Dots) Plot(c draw.Canvas, p *plot.Plot) {
	to := placing(&c, p, d.Orientation, d.Dodge)
	drawIntervals(&c, to, d.Points, d.Orientation, d.Style.line(1))
	for _, pt := range d.Points {
		if math.IsNaN(pt.Value) {
			continue
		}
		if at := to(pt.At, pt.Value); c.Contains(at) {
			d.Style.Marker.draw(&c, at, d.radius(), d.Style, d.Hollow)
			if d.Format != nil {
				drawAbove(&c, at, d.Format(pt))
			}
		}
	}
}

// drawAbove centres a text above a mark, or as near as the canvas allows.
func drawAbove(c *draw.Canvas, at vg.Point, txt string) {
	sty := labelStyle()
	w := sty.Width(txt)
	x := max(min(at.X, c.Max.X-w/2-1), c.Min.X+w/2+1)
	sty.XAlign = draw.XCenter
	drawText(c, sty, vg.Point{X: x, Y: at.Y + markerRadius*1.5 + sty.Height(txt)}, txt)
}

// radius is larger for outlines, so that they show around a filled marker.
func (d *Dots) radius() vg.Length {
	if d.Hollow {
		return markerRadius * 1.5
	}
	return markerRadius
}

// DataRange implements plot.DataRanger.
func (d *Dots) DataRange() (xmin, xmax, ymin, ymax float64) {
	return dataRange(d.Points, d.Orientation)
}

// Thumbnail implements plot.Thumbnailer.
func (d *Dots) Thumbnail(c *draw.Canvas) {
	d.Style.Marker.draw(c, c.Center(), d.radius(), d.Style, d.Hollow)
}
