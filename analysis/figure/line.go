package figure

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Line joins points by straight lines, with a marker and an interval at
// each. A missing value interrupts it.
type Line struct {
	Points []Point
	Style  Style
	Dodge  vg.Length // shift along x, to keep intervals apart
}

// NewLine returns a line through the points, in their order. Values that
// are infinite or beyond 1e15 are an error; NaN leaves a gap.
func NewLine(points []Point, s Style) (*Line, error) {
	if err := checkPoints("line", points); err != nil {
		return nil, err
	}
	return &Line{Points: points, Style: s}, nil
}

// Plot implements plot.Plotter.
func (l *Line) Plot(c draw.Canvas, p *plot.Plot) {
	to := placing(&c, p, Vertical, l.Dodge)
	var run []vg.Point
	for i, pt := range l.Points {
		if !math.IsNaN(pt.Value) {
			run = append(run, to(pt.At, pt.Value))
		}
		if math.IsNaN(pt.Value) || i == len(l.Points)-1 {
			c.StrokeLines(l.Style.line(1.1), c.ClipLinesXY(run)...)
			run = nil
		}
	}
	l.dots().Plot(c, p)
}

// DataRange implements plot.DataRanger.
func (l *Line) DataRange() (xmin, xmax, ymin, ymax float64) { return l.dots().DataRange() }

// Thumbnail implements plot.Thumbnailer.
func (l *Line) Thumbnail(c *draw.Canvas) {
	y := c.Center().Y
	c.StrokeLine2(l.Style.line(1.1), c.Min.X, y, c.Max.X, y)
	l.dots().Thumbnail(c)
}

func (l *Line) dots() *Dots {
	return &Dots{Points: l.Points, Style: l.Style, Dodge: l.Dodge}
}
