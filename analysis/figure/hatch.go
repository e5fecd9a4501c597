package figure

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Hatch is the pattern of white lines over the colour of a bar, so that
// bars differ without colour, too.
type Hatch int

// The patterns, in the order in which series get them.
const (
	Solid   Hatch = iota
	Rising        // lines from lower left to upper right
	Falling       // from upper left to lower right
	Crossed       // both
	Level         // horizontal lines
	Upright       // vertical lines
	Dotted
)

const hatchGap = 3.5 // points between lines

// fill fills a rectangle with a style's colour and pattern.
func (s Style) fill(c *draw.Canvas, r vg.Rectangle) {
	c.SetColor(s.Color)
	c.Fill(r.Path())
	clip := draw.Canvas{Canvas: c.Canvas, Rectangle: r}
	line := draw.LineStyle{Color: white, Width: vg.Points(0.7)}
	size := r.Size()
	switch s.Hatch {
	case Rising:
		diagonals(clip, line, 1)
	case Falling:
		diagonals(clip, line, -1)
	case Crossed:
		diagonals(clip, line, 1)
		diagonals(clip, line, -1)
	case Level:
		for y := vg.Length(hatchGap); y < size.Y; y += hatchGap {
			clip.StrokeLine2(line, r.Min.X, r.Min.Y+y, r.Max.X, r.Min.Y+y)
		}
	case Upright:
		for x := vg.Length(hatchGap); x < size.X; x += hatchGap {
			clip.StrokeLine2(line, r.Min.X+x, r.Min.Y, r.Min.X+x, r.Max.Y)
		}
	case Dotted:
		dots := line
		dots.Dashes = []vg.Length{1, 2}
		for y := vg.Length(hatchGap / 2); y < size.Y; y += hatchGap / 2 {
			clip.StrokeLine2(dots, r.Min.X, r.Min.Y+y, r.Max.X, r.Min.Y+y)
		}
	}
}

// diagonals fills a canvas with lines of slope 1 or -1.
func diagonals(c draw.Canvas, sty draw.LineStyle, slope vg.Length) {
	size := c.Size()
	start := c.Min.Y
	if slope < 0 {
		start = c.Max.Y
	}
	const step = hatchGap * 1.4 // across the lines, hatchGap
	for x := -size.Y + step/2; x < size.X; x += step {
		from := vg.Point{X: c.Min.X + x, Y: start}
		to := vg.Point{X: from.X + size.Y, Y: start + slope*size.Y}
		c.StrokeLines(sty, c.ClipLinesX([]vg.Point{from, to})...)
	}
}
