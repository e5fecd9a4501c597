package figure

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/specstress/specstress/internal/label"
)

// A Fig9Curve is one selection of scenarios: Distance[k] is the distance at
// which the (k+1)-th was selected, and so the smallest distance between any
// two of the first k+1. Distances do not increase; that of the first, which
// has no other, may be NaN or infinite.
type Fig9Curve struct {
	Name     string
	Distance []float64
}

// selected is how many scenarios are at least d apart.
func (c Fig9Curve) selected(d float64) int {
	return sort.Search(len(c.Distance), func(k int) bool { return k > 0 && c.Distance[k] < d })
}

// Fig9Options: the zero value is the paper's threshold.
type Fig9Options struct {
	Source
	Threshold float64 // the marked distance; 0 means the paper's 0.4
	// Published is the number of scenarios that the paper prints at the
	// threshold, one value, drawn as an outline. nil draws none.
	Published []float64
}

// distinctDistance is where the paper stops selecting.
//
// Source: Zhang et al. 2025, section 2.2 and appendix A.
const distinctDistance = 0.4

// fig9Rows is how many rows a curve gets in the CSV at most; a longer one is
// told at so many equal steps of distance.
const fig9Rows = 200

// Fig9 draws how many scenarios can be selected that are all at least some
// distance apart, against that distance: a step curve for each selection.
// Curves of any length are drawn to the resolution of print: what is dropped
// lies within 1/300 inch of what is drawn.
//
// No curve, more than seven, one without a scenario, and distances that
// increase, are negative or are no numbers are errors, as are published
// values beside synthetic data.
//
// Source: Zhang et al. 2025, Figure 9.
func Fig9(curves []Fig9Curve, opt Fig9Options) (*Figure, error) {
	const id = "fig9"
	if len(curves) == 0 || len(curves) > len(seriesStyles) {
		return nil, fmt.Errorf("figure %s: %d curves, want 1..%d", id, len(curves), len(seriesStyles))
	}
	if opt.Threshold == 0 {
		opt.Threshold = distinctDistance
	}
	if !(opt.Threshold > 0 && drawable(opt.Threshold)) {
		return nil, fmt.Errorf("figure %s: threshold %v, want a positive distance", id, opt.Threshold)
	}
	if err := checkPublished(id, opt.Source, len(opt.Published), 1); err != nil {
		return nil, err
	}
	f := New(id, "Distinct scenarios by distance", 1)
	f.Rows.Header = []string{"selection", "distance", "selected", "published"}
	p := f.Plot()
	p.X.Label.Text, p.Y.Label.Text = "Smallest distance between selected scenarios", "Selected scenarios"
	p.Y.Tick.Marker = Ticks{Least: 1}
	p.Add(Grid{}, Rule{At: opt.Threshold, Orientation: Vertical})
	lo, hi, top := opt.Threshold, opt.Threshold, 0
	var told []string
	for i, c := range curves {
		if err := checkCurve(c); err != nil {
			return nil, fmt.Errorf("figure %s: selection %q: %w", id, c.Name, err)
		}
		if n := len(c.Distance); n > 1 {
			lo, hi = min(lo, c.Distance[n-1]), max(hi, c.Distance[1])
		}
		top = max(top, len(c.Distance))
		line := &steps{c, SeriesStyle(i)}
		p.Add(line)
		f.Legend = append(f.Legend, Entry{c.Name, line})
		told = append(told, fmt.Sprintf("%s %s", label.Clean(c.Name), Count(c.selected(opt.Threshold))))
		c.addRows(&f.Rows, opt)
	}
	highest := float64(top)
	if opt.Published != nil {
		dots, err := NewDots([]Point{{At: opt.Threshold, Value: opt.Published[0]}}, Style{Color: black, Marker: Diamond}, Vertical)
		if err != nil {
			return nil, fmt.Errorf("figure %s: %w", id, err)
		}
		dots.Hollow = true
		p.Add(dots)
		f.Legend = append(f.Legend, Entry{"Published (outline)", dots})
		if opt.Published[0] > highest {
			highest = opt.Published[0]
		}
	}
	margin := 0.03 * (hi - lo)
	if margin == 0 { // all scenarios at one distance
		margin = opt.Threshold / 2
	}
	p.X.Min, p.X.Max = max(0, lo-margin), hi+margin
	p.Y.Min, p.Y.Max = 0, headroom(highest)
	at := decimal(opt.Threshold)
	f.describe(opt.Source,
		fmt.Sprintf("Falling curves of the number of selected scenarios by their smallest distance, from %s to %s. At %s: %s.", short(lo), short(hi), at, strings.Join(told, "; ")),
		"How many scenarios can be selected so that any two are at least a distance apart, by k-center selection.",
		fmt.Sprintf("The dashed line marks %s, where %s are selected.", at, strings.Join(told, "; ")),
		outlined(opt.Published))
	return f, nil
}

func checkCurve(c Fig9Curve) error {
	if len(c.Distance) == 0 {
		return fmt.Errorf("no scenario was selected")
	}
	for k, d := range c.Distance {
		switch {
		case k == 0 && (math.IsNaN(d) || math.IsInf(d, 1)):
		case !(d >= 0) || !drawable(d):
			return fmt.Errorf("distance %d is %v, want 0..%g", k+1, d, maxValue)
		case k > 1 && d > c.Distance[k-1], k == 1 && d > c.Distance[0]:
			return fmt.Errorf("distance %d is %v after %v, want none that increases", k+1, d, c.Distance[k-1])
		}
	}
	return nil
}

// addRows tells the curve: each selection of a short one, else how many are
// selected at equal steps of distance; and always at the threshold.
func (c Fig9Curve) addRows(t *Table, opt Fig9Options) {
	at := []float64{opt.Threshold}
	if n := len(c.Distance); n > fig9Rows {
		lo, hi := c.Distance[n-1], c.Distance[1]
		for i := range fig9Rows {
			at = append(at, hi+(lo-hi)*float64(i)/(fig9Rows-1))
		}
	} else {
		at = append(at, c.Distance[1:]...)
	}
	slices.Sort(at)
	at = slices.Compact(at)
	slices.Reverse(at)
	for _, d := range at {
		published := any("")
		if opt.Published != nil && d == opt.Threshold {
			published = opt.Published[0]
		}
		t.Add(c.Name, d, c.selected(d), published)
	}
}

// short writes a number with three digits.
func short(x float64) string { return fmt.Sprintf("%.3g", x) }

// Steps draws a curve as the steps that it is, dropping what print cannot
// show.
type steps struct {
	curve Fig9Curve
	style Style
}

const printDot = vg.Inch / PrintDPI

// Plot implements plot.Plotter.
func (s *steps) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	var line []vg.Point
	far := func(a, b vg.Point) bool {
		return max(a.X-b.X, b.X-a.X) > printDot/2 || max(a.Y-b.Y, b.Y-a.Y) > printDot/2
	}
	add := func(pt vg.Point, last bool) {
		if n := len(line); n == 0 || far(pt, line[n-1]) || last {
			line = append(line, pt)
		}
	}
	// From the smallest distance to the left edge of nothing: all are
	// selected already, so the curve ends there.
	d := s.curve.Distance
	for k := len(d) - 1; k > 0; k-- {
		at := x(d[k])
		add(vg.Point{X: at, Y: y(float64(k + 1))}, false)
		add(vg.Point{X: at, Y: y(float64(k))}, false)
	}
	// A single scenario is selected whatever the distance.
	add(vg.Point{X: c.Max.X, Y: y(1)}, true)
	c.StrokeLines(s.style.line(1.1), c.ClipLinesXY(simplified(line, printDot/4))...)
}

// simplified drops points of a line that lie within a distance of what is
// left.
//
// Source: Ramer 1972; Douglas and Peucker 1973.
func simplified(line []vg.Point, within vg.Length) []vg.Point {
	if len(line) < 3 {
		return line
	}
	first, last := line[0], line[len(line)-1]
	along := last.Sub(first)
	length := vg.Length(math.Hypot(float64(along.X), float64(along.Y)))
	farthest, at := vg.Length(-1), 0
	for i, pt := range line[1 : len(line)-1] {
		off := pt.Sub(first)
		d := vg.Length(math.Hypot(float64(off.X), float64(off.Y)))
		if length > 0 {
			d = vg.Length(math.Abs(float64(along.X*off.Y-along.Y*off.X))) / length
		}
		if d > farthest {
			farthest, at = d, i+1
		}
	}
	if farthest <= within {
		return []vg.Point{first, last}
	}
	left := simplified(line[:at+1], within)
	return append(left[:len(left)-1:len(left)-1], simplified(line[at:], within)...)
}

// Thumbnail implements plot.Thumbnailer.
func (s *steps) Thumbnail(c *draw.Canvas) {
	y := c.Center().Y
	c.StrokeLine2(s.style.line(1.1), c.Min.X, y, c.Max.X, y)
}
