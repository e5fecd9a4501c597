package figure

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Bars draws a bar from zero to each value, with its interval.
type Bars struct {
	Points      []Point
	Style       Style
	Orientation Orientation
	Width       float64 // in units of the axis of categories; 0 means 0.7
	// Format writes each value at the end of its bar; nil writes none.
	Format func(value float64) string
}

// NewBars returns bars for the points. Values that are infinite or beyond
// 1e15 are an error; NaN leaves a gap.
func NewBars(points []Point, s Style, o Orientation) (*Bars, error) {
	if err := checkPoints("bars", points); err != nil {
		return nil, err
	}
	return &Bars{Points: points, Style: s, Orientation: o}, nil
}

func (b *Bars) halfWidth() float64 {
	if b.Width > 0 {
		return b.Width / 2
	}
	return 0.35
}

// Plot implements plot.Plotter.
func (b *Bars) Plot(c draw.Canvas, p *plot.Plot) {
	to := placing(&c, p, b.Orientation, 0)
	half := b.halfWidth()
	for _, pt := range b.Points {
		if math.IsNaN(pt.Value) {
			continue
		}
		from, end := to(pt.At-half, 0), to(pt.At+half, pt.Value)
		r := vg.Rectangle{
			Min: vg.Point{X: max(min(from.X, end.X), c.Min.X), Y: max(min(from.Y, end.Y), c.Min.Y)},
			Max: vg.Point{X: min(max(from.X, end.X), c.Max.X), Y: min(max(from.Y, end.Y), c.Max.Y)},
		}
		if r.Min.X < r.Max.X && r.Min.Y < r.Max.Y {
			b.Style.fill(&c, r)
		}
	}
	drawIntervals(&c, to, b.Points, b.Orientation, thinLine(black))
	if b.Format != nil {
		b.drawValues(&c, to)
	}
}

// drawValues writes the values beyond the ends of bars and intervals.
func (b *Bars) drawValues(c *draw.Canvas, to place) {
	for _, pt := range b.Points {
		if math.IsNaN(pt.Value) {
			continue
		}
		sty, end := labelStyle(), pt.Value
		if pt.interval() {
			end = max(end, pt.Hi)
		}
		at := to(pt.At, end)
		txt := b.Format(pt.Value)
		h := sty.Height(txt)
		if b.Orientation == Horizontal {
			drawText(c, sty, vg.Point{X: at.X + 2, Y: at.Y + h/2}, txt)
			continue
		}
		sty.XAlign = draw.XCenter
		drawText(c, sty, vg.Point{X: at.X, Y: at.Y + h + 0.5}, txt)
	}
}

// DataRange implements plot.DataRanger. Bars start at zero, and reach half
// their width to both sides.
func (b *Bars) DataRange() (xmin, xmax, ymin, ymax float64) {
	alo, ahi, vlo, vhi := dataRange(b.Points, Vertical)
	alo, ahi = alo-b.halfWidth(), ahi+b.halfWidth()
	vlo, vhi = min(vlo, 0), max(vhi, 0)
	if b.Orientation == Horizontal {
		return vlo, vhi, alo, ahi
	}
	return alo, ahi, vlo, vhi
}

// GlyphBoxes implements plot.GlyphBoxer: it makes room for the values at
// the ends of bars.
func (b *Bars) GlyphBoxes(p *plot.Plot) []plot.GlyphBox {
	if b.Format == nil {
		return nil
	}
	var boxes []plot.GlyphBox
	sty := labelStyle()
	for _, pt := range b.Points {
		if math.IsNaN(pt.Value) {
			continue
		}
		end := pt.Value
		if pt.interval() {
			end = max(end, pt.Hi)
		}
		txt := b.Format(pt.Value)
		w, h := sty.Width(txt), sty.Height(txt)
		box := plot.GlyphBox{X: p.X.Norm(pt.At), Y: p.Y.Norm(end),
			Rectangle: vg.Rectangle{Min: vg.Point{X: -w / 2}, Max: vg.Point{X: w / 2, Y: h + 1}}}
		if b.Orientation == Horizontal {
			box = plot.GlyphBox{X: p.X.Norm(end), Y: p.Y.Norm(pt.At),
				Rectangle: vg.Rectangle{Min: vg.Point{Y: -h / 2}, Max: vg.Point{X: w + 3, Y: h / 2}}}
		}
		boxes = append(boxes, box)
	}
	return boxes
}

// Thumbnail implements plot.Thumbnailer.
func (b *Bars) Thumbnail(c *draw.Canvas) { b.Style.fill(c, c.Rectangle) }
