package figure

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// A Hatch is the pattern of lines over the colour of a bar, white ones or,
// on pale colours, dark ones, so that bars differ without colour, too.
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

// paleFrom is the lightness from which lines of a hatch are dark.
const paleFrom = 0.7

// fill fills a rectangle with a style's colour and pattern.
func (s Style) fill(c *draw.Canvas, r vg.Rectangle) {
	c.SetColor(s.Color)
	c.Fill(r.Path())
	line := draw.LineStyle{Color: white, Width: vg.Points(0.7)}
	if lightness(s.Color) > paleFrom {
		line.Color = axisGrey // white would not show
	}
	if s.Hatch == Dotted {
		line.Dashes = []vg.Length{1, 2}
	}
	// All lines are one path: a figure has thousands of them.
	var path vg.Path
	for _, l := range s.Hatch.lines(draw.Canvas{Canvas: c.Canvas, Rectangle: r}) {
		path.Move(l[0])
		path.Line(l[1])
	}
	if len(path) > 0 {
		c.SetLineStyle(line)
		c.Stroke(path)
	}
}

// lines are those of a pattern that fill a canvas.
func (h Hatch) lines(c draw.Canvas) (lines [][]vg.Point) {
	size := c.Size()
	switch h {
	case Rising:
		return diagonals(c, 1)
	case Falling:
		return diagonals(c, -1)
	case Crossed:
		return append(diagonals(c, 1), diagonals(c, -1)...)
	case Level, Dotted:
		gap := vg.Length(hatchGap)
		if h == Dotted {
			gap /= 2
		}
		for y := gap; y < size.Y; y += gap {
			lines = append(lines, []vg.Point{{X: c.Min.X, Y: c.Min.Y + y}, {X: c.Max.X, Y: c.Min.Y + y}})
		}
	case Upright:
		for x := vg.Length(hatchGap); x < size.X; x += hatchGap {
			lines = append(lines, []vg.Point{{X: c.Min.X + x, Y: c.Min.Y}, {X: c.Min.X + x, Y: c.Max.Y}})
		}
	}
	return lines
}

// diagonals are lines of slope 1 or -1.
func diagonals(c draw.Canvas, slope vg.Length) (lines [][]vg.Point) {
	size := c.Size()
	start := c.Min.Y
	if slope < 0 {
		start = c.Max.Y
	}
	const step = hatchGap * 1.4 // across the lines, hatchGap
	for x := -size.Y + step/2; x < size.X; x += step {
		from := vg.Point{X: c.Min.X + x, Y: start}
		to := vg.Point{X: from.X + size.Y, Y: start + slope*size.Y}
		for _, l := range c.ClipLinesX([]vg.Point{from, to}) {
			if len(l) == 2 {
				lines = append(lines, l)
			}
		}
	}
	return lines
}
