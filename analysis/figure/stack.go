package figure

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Stack draws a bar for each category, put together from a part of each
// series, the first series at zero. Series differ in colour and hatch.
type Stack struct {
	Parts       [][]float64 // [series][category]; NaN leaves the category blank
	Styles      []Style     // by series
	Orientation Orientation
	Width       float64 // in units of the axis of categories; 0 means 0.7
	// Format writes the value into parts that have room for it; nil writes
	// none.
	Format func(value float64) string
}

// NewStack returns bars for the parts of each series. Series of different
// lengths, more series than styles, and parts that are negative, infinite or
// beyond 1e15 are errors.
func NewStack(parts [][]float64, styles []Style, o Orientation) (*Stack, error) {
	if len(parts) == 0 || len(parts)*len(parts[0]) > maxPoints {
		return nil, fmt.Errorf("figure: stack of %d series, want 1..%d parts", len(parts), maxPoints)
	}
	if len(styles) < len(parts) {
		return nil, fmt.Errorf("figure: stack of %d series with %d styles", len(parts), len(styles))
	}
	for s, series := range parts {
		if len(series) != len(parts[0]) {
			return nil, fmt.Errorf("figure: stack: series %d has %d parts, want %d", s, len(series), len(parts[0]))
		}
		for i, v := range series {
			if !math.IsNaN(v) && (!drawable(v) || v < 0) {
				return nil, fmt.Errorf("figure: stack: series %d, part %d is %v, want 0..%g or NaN", s, i, v, maxValue)
			}
		}
	}
	return &Stack{Parts: parts, Styles: styles, Orientation: o}, nil
}

func (s *Stack) halfWidth() float64 {
	if s.Width > 0 {
		return s.Width / 2
	}
	return 0.35
}

// blank reports whether any part of a category is missing.
func (s *Stack) blank(category int) bool {
	for _, series := range s.Parts {
		if math.IsNaN(series[category]) {
			return true
		}
	}
	return false
}

// Plot implements plot.Plotter.
func (s *Stack) Plot(c draw.Canvas, p *plot.Plot) {
	var edges vg.Path // white lines between parts, drawn at once
	to := placing(&c, p, s.Orientation, 0)
	for category := range s.Parts[0] {
		if s.blank(category) {
			continue
		}
		n := len(s.Parts[0])
		at, base := placeOf(category, n, s.Orientation), 0.0
		for i, series := range s.Parts {
			a, b := to(at-s.halfWidth(), base), to(at+s.halfWidth(), base+series[category])
			base += series[category]
			r := vg.Rectangle{
				Min: vg.Point{X: max(min(a.X, b.X), c.Min.X), Y: max(min(a.Y, b.Y), c.Min.Y)},
				Max: vg.Point{X: min(max(a.X, b.X), c.Max.X), Y: min(max(a.Y, b.Y), c.Max.Y)},
			}
			if r.Min.X >= r.Max.X || r.Min.Y >= r.Max.Y {
				continue
			}
			s.Styles[i].fill(&c, r)
			edges = append(edges, r.Path()...)
			s.write(&c, r, series[category])
		}
	}
	if len(edges) > 0 {
		c.SetLineStyle(draw.LineStyle{Color: white, Width: vg.Points(0.4)})
		c.Stroke(edges)
	}
}

// write writes a value into its part, on a plate that hides the hatch.
func (s *Stack) write(c *draw.Canvas, r vg.Rectangle, value float64) {
	if s.Format == nil {
		return
	}
	txt, sty := s.Format(value), labelStyle()
	w, h := sty.Width(txt)+2, sty.Height(txt)
	if txt == "" || w > r.Size().X || h > r.Size().Y {
		return
	}
	mid := vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}
	fillRect(c, plate, vg.Rectangle{Min: vg.Point{X: mid.X - w/2, Y: mid.Y - h/2}, Max: vg.Point{X: mid.X + w/2, Y: mid.Y + h/2}})
	sty.XAlign = draw.XCenter
	drawText(c, sty, vg.Point{X: mid.X, Y: mid.Y + h/2}, txt)
}

// DataRange implements plot.DataRanger.
func (s *Stack) DataRange() (xmin, xmax, ymin, ymax float64) {
	top := 0.0
	for category := range s.Parts[0] {
		sum := 0.0
		for _, series := range s.Parts {
			sum += series[category]
		}
		if sum > top { // false for NaN
			top = sum
		}
	}
	last := float64(len(s.Parts[0])-1) + s.halfWidth()
	if s.Orientation == Horizontal {
		return 0, top, -s.halfWidth(), last
	}
	return -s.halfWidth(), last, 0, top
}
