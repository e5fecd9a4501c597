package figure

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/specstress/specstress/analysis"
)

// A Point is one mark: a value with its interval, at a place along the
// other axis. A NaN value is a missing one: it leaves a gap.
type Point struct {
	At     float64 // place along the axis of categories
	Value  float64
	Lo, Hi float64 // the interval is drawn where Lo < Hi
}

// PointOf is the mark of an estimate, times a factor such as 100 for
// percent.
func PointOf(at float64, e analysis.Estimate, factor float64) Point {
	p := Point{At: at, Value: e.Value * factor}
	if e.HasInterval() {
		p.Lo, p.Hi = e.Lo*factor, e.Hi*factor
	}
	return p
}

// noData is written where withoutValue holds.
const noData = "no data (n = 0)"

// withoutValue reports whether none of the estimates has a value.
func withoutValue(list []analysis.Estimate) bool {
	return !slices.ContainsFunc(list, func(e analysis.Estimate) bool { return !math.IsNaN(e.Value) })
}

// interval reports whether the point has one to draw.
func (p Point) interval() bool { return p.Lo < p.Hi && !math.IsNaN(p.Value) }

// maxValue bounds every coordinate: beyond it gonum/plot v0.17.0 searches
// for round ticks without end.
const maxValue = 1e15

// maxPoints is more than one can tell apart in any figure.
const maxPoints = 100_000

func checkPoints(block string, points []Point) error {
	if len(points) > maxPoints {
		return fmt.Errorf("figure: %s of %d points, want at most %d", block, len(points), maxPoints)
	}
	for i, p := range points {
		for _, x := range []float64{p.At, p.Lo, p.Hi} {
			if !drawable(x) {
				return fmt.Errorf("figure: %s: point %d has %v, want a number within ±%g", block, i, x, maxValue)
			}
		}
		if !math.IsNaN(p.Value) && !drawable(p.Value) {
			return fmt.Errorf("figure: %s: point %d has the value %v, want one within ±%g or NaN", block, i, p.Value, maxValue)
		}
	}
	return nil
}

// drawable is false for NaN, too.
func drawable(x float64) bool { return math.Abs(x) <= maxValue }

// An Orientation says along which axis values grow.
type Orientation int

// The orientations.
const (
	Vertical   Orientation = iota // values along y
	Horizontal                    // values along x
)

// dataRange is the range of points in the order that plot.DataRanger wants.
func dataRange(points []Point, o Orientation) (xmin, xmax, ymin, ymax float64) {
	alo, ahi := math.Inf(1), math.Inf(-1)
	vlo, vhi := math.Inf(1), math.Inf(-1)
	for _, p := range points {
		alo, ahi = min(alo, p.At), max(ahi, p.At)
		if math.IsNaN(p.Value) {
			continue
		}
		vlo, vhi = min(vlo, p.Value), max(vhi, p.Value)
		if p.interval() {
			vlo, vhi = min(vlo, p.Lo), max(vhi, p.Hi)
		}
	}
	if o == Horizontal {
		return vlo, vhi, alo, ahi
	}
	return alo, ahi, vlo, vhi
}

// A place turns data coordinates into a point of the canvas.
type place func(at, value float64) vg.Point

// placing is where points lie on a canvas; dodge shifts them across the
// direction of values.
func placing(c *draw.Canvas, p *plot.Plot, o Orientation, dodge vg.Length) place {
	x, y := p.Transforms(c)
	if o == Horizontal {
		return func(at, value float64) vg.Point { return vg.Point{X: x(value), Y: y(at) + dodge} }
	}
	return func(at, value float64) vg.Point { return vg.Point{X: x(at) + dodge, Y: y(value)} }
}

// drawIntervals draws the intervals of points as lines with caps, cut off
// where they leave the canvas.
func drawIntervals(c *draw.Canvas, to place, points []Point, o Orientation, sty draw.LineStyle) {
	sty.Dashes = nil
	const halfCap = 1.6
	for _, p := range points {
		if !p.interval() {
			continue
		}
		lo, hi := to(p.At, p.Lo), to(p.At, p.Hi)
		c.StrokeLines(sty, c.ClipLinesXY([]vg.Point{lo, hi})...)
		for _, end := range []vg.Point{lo, hi} {
			across := vg.Point{X: halfCap}
			if o == Horizontal {
				across = vg.Point{Y: halfCap}
			}
			if c.Contains(end) {
				c.StrokeLines(sty, []vg.Point{end.Sub(across), end.Add(across)})
			}
		}
	}
}
