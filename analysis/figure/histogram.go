package figure

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Histogram draws touching bars of given heights between given edges.
// Bars that start at Split or beyond have the full colour, those below it
// a lighter one.
type Histogram struct {
	Edges   []float64 // ascending; one more than Heights
	Heights []float64
	Style   Style
	Split   float64
}

// NewHistogram returns a histogram. The error tells edges that do not
// ascend, a number of heights that does not fit, and what cannot be drawn.
func NewHistogram(edges, heights []float64, s Style) (*Histogram, error) {
	if len(heights) == 0 || len(edges) != len(heights)+1 || len(heights) > maxPoints {
		return nil, fmt.Errorf("figure: histogram of %d bars with %d edges, want 1..%d bars and one edge more", len(heights), len(edges), maxPoints)
	}
	for i, e := range edges {
		if !drawable(e) || i > 0 && !(e > edges[i-1]) {
			return nil, fmt.Errorf("figure: histogram: edge %d is %v, want ascending numbers within ±%g", i, e, maxValue)
		}
	}
	for i, h := range heights {
		if !drawable(h) || h < 0 {
			return nil, fmt.Errorf("figure: histogram: bar %d is %v high, want 0..%g", i, h, maxValue)
		}
	}
	return &Histogram{Edges: edges, Heights: heights, Style: s}, nil
}

// Plot implements plot.Plotter.
func (h *Histogram) Plot(c draw.Canvas, p *plot.Plot) {
	to := placing(&c, p, Vertical, 0)
	for i, height := range h.Heights {
		if height <= 0 {
			continue
		}
		r := vg.Rectangle{Min: to(h.Edges[i], 0), Max: to(h.Edges[i+1], height)}
		r.Min.X, r.Max.X = max(r.Min.X, c.Min.X), min(r.Max.X, c.Max.X)
		r.Min.Y, r.Max.Y = max(r.Min.Y, c.Min.Y), min(r.Max.Y, c.Max.Y)
		if r.Min.X >= r.Max.X || r.Min.Y >= r.Max.Y {
			continue
		}
		s := h.Style
		if h.Edges[i] < h.Split {
			s.Color = lighter(s.Color, 0.6)
		}
		s.fill(&c, r)
		// A hairline keeps neighbours apart, unless they are hairlines.
		if r.Size().X > 2 {
			c.SetLineStyle(draw.LineStyle{Color: color.White, Width: vg.Points(0.3)})
			c.Stroke(r.Path())
		}
	}
}

// DataRange implements plot.DataRanger.
func (h *Histogram) DataRange() (xmin, xmax, ymin, ymax float64) {
	for _, height := range h.Heights {
		ymax = max(ymax, height)
	}
	return h.Edges[0], h.Edges[len(h.Edges)-1], 0, ymax
}

// Thumbnail implements plot.Thumbnailer.
func (h *Histogram) Thumbnail(c *draw.Canvas) { h.Style.fill(c, c.Rectangle) }
