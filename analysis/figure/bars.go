package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Bars draws a bar from zero to each value, with its interval.
type Bars struct {
	Points      []Point
	Style       Style
	Styles      []Style // of each bar; nil gives all of them Style
	Orientation Orientation
	Width       float64 // in units of the axis of categories; 0 means 0.7
	// Format writes each value at the end of its bar; nil writes none.
	Format func(value float64) string
	// Upright turns what Format writes; without it the numbers are turned
	// only where they would touch.
	Upright bool
	Hollow  bool // outlines: published values around ours
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
	for i, pt := range b.Points {
		if math.IsNaN(pt.Value) {
			continue
		}
		style := b.Style
		if i < len(b.Styles) {
			style = b.Styles[i]
		}
		from, end := to(pt.At-half, 0), to(pt.At+half, pt.Value)
		r := vg.Rectangle{
			Min: vg.Point{X: max(min(from.X, end.X), c.Min.X), Y: max(min(from.Y, end.Y), c.Min.Y)},
			Max: vg.Point{X: min(max(from.X, end.X), c.Max.X), Y: min(max(from.Y, end.Y), c.Max.Y)},
		}
		if r.Min.X >= r.Max.X || r.Min.Y >= r.Max.Y {
			continue
		}
		if b.Hollow {
			c.SetLineStyle(draw.LineStyle{Color: style.Color, Width: vg.Points(0.9)})
			c.Stroke(r.Path())
			continue
		}
		style.fill(&c, r)
	}
	// White around them, or black bars would swallow their lower halves.
	drawIntervals(&c, to, b.Points, b.Orientation, draw.LineStyle{Color: white, Width: vg.Points(1.5)})
	drawIntervals(&c, to, b.Points, b.Orientation, thinLine(black))
	for _, l := range b.labels(p) {
		at := to(l.at, l.end)
		r := l.box
		r.Min, r.Max = r.Min.Add(at), r.Max.Add(at)
		fillRect(&c, plate, r)
		if l.upright {
			l.sty.Rotation = math.Pi / 2
			l.sty.YAlign = draw.YCenter
			c.FillText(l.sty, vg.Point{X: at.X, Y: r.Min.Y + 1}, l.text)
			continue
		}
		if b.Orientation == Vertical {
			l.sty.XAlign = draw.XCenter
			r.Min.X = at.X - 1
		}
		drawText(&c, l.sty, vg.Point{X: r.Min.X + 1, Y: r.Max.Y}, l.text)
	}
}

// plate keeps lines behind a number from running through it.
var plate = color.NRGBA{0xff, 0xff, 0xff, 0xc8}

// A barLabel is the number beyond the end of a bar and its interval. Where
// neighbours would touch it stands upright.
type barLabel struct {
	text    string
	at, end float64
	box     vg.Rectangle // around the end of the bar
	upright bool
	sty     text.Style
}

func (b *Bars) labels(p *plot.Plot) []barLabel {
	if b.Format == nil {
		return nil
	}
	var all []barLabel
	room := vg.Length(math.Inf(1))
	if names, ok := p.X.Tick.Marker.(fittedNames); ok && b.Orientation == Vertical {
		room = names.room
	}
	sty := labelStyle()
	widest := vg.Length(0)
	for _, pt := range b.Points {
		widest = max(widest, sty.Width(b.Format(pt.Value)))
	}
	for _, pt := range b.Points {
		if math.IsNaN(pt.Value) {
			continue
		}
		l := barLabel{text: b.Format(pt.Value), at: pt.At, end: pt.Value, sty: sty, upright: b.Upright || widest+1 > room}
		if pt.interval() {
			l.end = max(l.end, pt.Hi)
		}
		w, h := sty.Width(l.text)+2, sty.Height(l.text)
		switch {
		case b.Orientation == Horizontal:
			l.upright = false
			l.box = vg.Rectangle{Min: vg.Point{X: 1, Y: -h / 2}, Max: vg.Point{X: 1 + w, Y: h / 2}}
		case l.upright:
			l.box = vg.Rectangle{Min: vg.Point{X: -h / 2, Y: 1}, Max: vg.Point{X: h / 2, Y: 1 + w}}
		default:
			l.box = vg.Rectangle{Min: vg.Point{X: -w / 2, Y: 0.8}, Max: vg.Point{X: w / 2, Y: 0.8 + h}}
		}
		all = append(all, l)
	}
	return all
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
	var boxes []plot.GlyphBox
	for _, l := range b.labels(p) {
		box := plot.GlyphBox{X: p.X.Norm(l.at), Y: p.Y.Norm(l.end), Rectangle: l.box}
		if b.Orientation == Horizontal {
			box.X, box.Y = p.X.Norm(l.end), p.Y.Norm(l.at)
		}
		boxes = append(boxes, box)
	}
	return boxes
}

// Thumbnail implements plot.Thumbnailer.
func (b *Bars) Thumbnail(c *draw.Canvas) {
	if b.Hollow {
		c.SetLineStyle(draw.LineStyle{Color: b.Style.Color, Width: vg.Points(0.9)})
		c.Stroke(c.Rectangle.Path())
		return
	}
	b.Style.fill(c, c.Rectangle)
}
