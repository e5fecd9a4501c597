package figure

import (
	"image/color"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/internal/label"
)

// Ticks places about five labelled ticks at round numbers: multiples of 1,
// 2 or 5 times a power of ten. Format writes a label; nil means as few
// digits as tell the ticks apart.
//
// Drawn where there is room for fewer, they are fewer.
type Ticks struct {
	Format func(float64) string
	Least  float64 // the smallest distance, such as 1 between counts
	most   int     // how many there is room for; 0 means enough
}

// Ticks are the round numbers from lo to hi.
func (t Ticks) Ticks(lo, hi float64) []plot.Tick {
	step := max(tickStep(hi-lo), t.Least)
	for t.most > 0 && step > 0 && (hi-lo)/step > float64(t.most) && !math.IsInf(step, 0) {
		step = tickStep(6.0001 * step) // the next round number
	}
	if step <= 0 {
		return nil
	}
	format := t.Format
	if format == nil {
		decimals := max(0, -int(math.Floor(math.Log10(step)*(1+1e-12)+1e-9)))
		format = func(x float64) string { return thousands(strconv.FormatFloat(x, 'f', decimals, 64)) }
	}
	var ticks []plot.Tick
	first, last := math.Ceil(lo/step-1e-9), math.Floor(hi/step+1e-9)
	for i := first; i <= last && len(ticks) < 20; i++ {
		x := i * step
		if x == 0 {
			x = 0 // not -0
		}
		ticks = append(ticks, plot.Tick{Value: x, Label: format(x)})
	}
	return ticks
}

// tickStep is the round step that cuts a range into four to nine; 0 for a
// range that cannot be cut.
func tickStep(size float64) float64 {
	if !(size > 0) || math.IsInf(size, 0) {
		return 0
	}
	power := math.Pow(10, math.Floor(math.Log10(size)))
	for _, m := range []float64{0.1, 0.2, 0.5, 1, 2, 5} {
		if size/(m*power) <= 6 {
			return m * power
		}
	}
	return 2 * power
}

// thousands groups the digits of a plain number, whose sign is a minus.
func thousands(number string) string {
	return label.Thousands(strings.Replace(number, "-", "−", 1))
}

// Count writes a whole number as people do: 10,503.
func Count(n int) string { return thousands(strconv.Itoa(n)) }

// Names are the labels of an axis of categories; name i stands at i. When
// the figure is drawn they are wrapped to the room there is, or turned by
// a quarter where even single words are too long.
type Names []string

// Ticks are the names within the axis.
func (n Names) Ticks(lo, hi float64) []plot.Tick {
	var ticks []plot.Tick
	for i, name := range n {
		if x := float64(i); x >= lo && x <= hi {
			ticks = append(ticks, plot.Tick{Value: x, Label: name})
		}
	}
	return ticks
}

// fittedNames are names that fit, and how much of the page each category
// has.
type fittedNames struct {
	Names
	room vg.Length
}

// fitted is the names wrapped to a width.
func (n Names) fitted(sty text.Style, width vg.Length, maxLines int) Names {
	out := make(Names, len(n))
	for i, name := range n {
		out[i] = wrapLines(name, sty, width, maxLines)
	}
	return out
}

// broken reports whether a word of any name is wider than the width.
func (n Names) broken(sty text.Style, width vg.Length) bool {
	for _, name := range n {
		for _, word := range strings.Fields(name) {
			if sty.Width(word) > width {
				return true
			}
		}
	}
	return false
}

// SetNames makes an axis one of categories, the first at 0, with half a
// category of room at both ends. Names may contain line breaks.
func SetNames(a *plot.Axis, names []string) {
	a.Min, a.Max = -0.5, float64(max(len(names), 1))-0.5
	shown := make(Names, len(names))
	for i, name := range names {
		shown[i] = name
		if strings.TrimSpace(label.Clean(name)) == "" {
			shown[i] = "(no name)"
		}
	}
	a.Tick.Marker = shown
	a.Tick.Length = vg.Points(2.5) // room, not lines
	a.Tick.Color = color.Transparent
}
