package figure

import (
	"image/color"
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/image/font"
	"gonum.org/v1/plot"
	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/specstress/specstress/internal/label"
)

// Sizes of text, in points at final size.
const (
	labelSize = 8
	titleSize = 9
)

// textStyle is the house font, which has the metrics of Arial.
func textStyle(size vg.Length, weight font.Weight) text.Style {
	return text.Style{
		Color:   color.Black,
		Font:    plotfont.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight, Size: size},
		Handler: lines{text.Plain{Fonts: plotfont.DefaultCache}},
		XAlign:  draw.XLeft,
		YAlign:  draw.YTop,
	}
}

func labelStyle() text.Style { return textStyle(labelSize, font.WeightNormal) }
func titleStyle() text.Style { return textStyle(titleSize, font.WeightBold) }

// Lines draws text of several lines as tall as it says it is. The handler
// of gonum/plot v0.17.0 sets them closer than it measures them.
type lines struct{ text.Plain }

// Draw writes txt so that a single line lies where gonum would put it; its
// axes allow for the shift.
func (h lines) Draw(c vg.Canvas, txt string, sty text.Style, pt vg.Point) {
	txt = strings.TrimRight(txt, "\n")
	if txt == "" {
		return
	}
	face := h.Fonts.Lookup(sty.Font, sty.Font.Size)
	e := face.Extents()
	c.SetColor(sty.Color)
	if sty.Rotation != 0 {
		c.Push()
		defer c.Pop()
		c.Rotate(sty.Rotation)
		sin, cos := math.Sincos(sty.Rotation)
		pt = vg.Point{X: pt.Y*vg.Length(sin) + pt.X*vg.Length(cos), Y: pt.Y*vg.Length(cos) - pt.X*vg.Length(sin)}
	}
	shift := e.Ascent + e.Descent - sty.Font.Size
	baseline := pt.Y + sty.Height(txt)*(1+vg.Length(sty.YAlign)) - e.Ascent - shift
	for _, line := range h.Lines(txt) {
		at := vg.Point{X: pt.X + vg.Length(sty.XAlign)*face.Width(line), Y: baseline}
		if a, ok := innermost(c).(aligner); ok {
			a.fillAligned(face, at, line, float64(sty.XAlign))
		} else {
			c.FillString(face, at, line)
		}
		baseline -= e.Height
	}
}

// An aligner is a canvas that sets text in another font than it was
// measured with, and so wants to know how it is aligned: 0, -0.5 or -1
// times its width from the point it is tied to.
type aligner interface {
	fillAligned(f plotfont.Face, at vg.Point, line string, align float64)
}

// innermost is the canvas that plots draw on through draw.Canvas.
func innermost(c vg.Canvas) vg.Canvas {
	for {
		switch d := c.(type) {
		case *draw.Canvas:
			c = d.Canvas
		case draw.Canvas:
			c = d.Canvas
		default:
			return c
		}
	}
}

// drawText writes lines with the top of the first at pt.
func drawText(c *draw.Canvas, sty text.Style, pt vg.Point, txt string) {
	e := sty.FontExtents()
	pt.Y += e.Ascent + e.Descent - sty.Font.Size // undo the shift of Draw
	c.FillText(sty, pt, txt)
}

// wrap cleans a text and breaks it into as few lines as are no wider than
// width, of much the same length, between words where possible. What goes
// beyond the last line is cut, which "…" shows.
func wrap(s string, sty text.Style, width vg.Length, maxLines int) string {
	words := wordsOf(s)
	out := fill(words, sty, width)
	if len(out) > maxLines {
		return strings.Join(cut(out, sty, width, maxLines), "\n")
	}
	// The narrowest column that takes no more lines, to half a point,
	// leaves no single word behind.
	least, most := vg.Length(0), width
	for _, word := range words {
		least = max(least, sty.Width(word))
	}
	for len(out) > 1 && most-least > 0.5 {
		middle := (least + most) / 2
		if narrower := fill(words, sty, middle); len(narrower) > len(out) {
			least = middle
		} else {
			most, out = middle, narrower
		}
	}
	return strings.Join(out, "\n")
}

// paragraph is wrap with full lines, as in running text.
func paragraph(s string, sty text.Style, width vg.Length, maxLines int) []string {
	return cut(fill(wordsOf(s), sty, width), sty, width, maxLines)
}

func wordsOf(s string) []string {
	words := strings.Split(label.Clean(s), " ") // not at no-break spaces
	return slices.DeleteFunc(words, func(word string) bool { return word == "" })
}

// cut ends the last of so many lines in "…" where there are more.
func cut(out []string, sty text.Style, width vg.Length, maxLines int) []string {
	if len(out) <= maxLines {
		return out
	}
	last := out[maxLines-1]
	for last != "" && sty.Width(last+"…") > width {
		_, n := lastRune(last)
		last = last[:len(last)-n]
	}
	return append(out[:maxLines-1], last+"…")
}

// fill puts as many words into each line as there is room for, and breaks
// those that are wider than a line.
func fill(words []string, sty text.Style, width vg.Length) []string {
	var out []string
	line := ""
	for _, word := range words {
		joined := word
		if line != "" {
			joined = line + " " + word
		}
		if sty.Width(joined) <= width {
			line = joined
			continue
		}
		if line != "" {
			out = append(out, line)
		}
		for line = word; line != "" && sty.Width(line) > width; {
			head := fitting(line, sty, width)
			out = append(out, line[:head])
			line = line[head:]
		}
	}
	if line != "" {
		out = append(out, line)
	}
	return out
}

// fitting is how many bytes of s, whole characters and at least one of
// them, fit into the width.
func fitting(s string, sty text.Style, width vg.Length) int {
	end := 0
	for i, r := range s {
		next := i + len(string(r))
		if end > 0 && sty.Width(s[:next]) > width {
			break
		}
		end = next
	}
	return end
}

// wrapLines wraps each line of a text by itself, or the text as one where
// that takes too many lines.
func wrapLines(s string, sty text.Style, width vg.Length, maxLines int) string {
	var all []string
	for part := range strings.SplitSeq(s, "\n") {
		all = append(all, strings.Split(wrap(part, sty, width, maxLines), "\n")...)
		if len(all) > maxLines {
			return wrap(s, sty, width, maxLines)
		}
	}
	return strings.Join(all, "\n")
}

func lastRune(s string) (r rune, bytes int) {
	all := []rune(s)
	r = all[len(all)-1]
	return r, len(string(r))
}

// newPlot is a gonum plot in the house style: small type, no ticks between
// the labelled ones, thin grey axes that touch the data.
func newPlot() *plot.Plot {
	p := plot.New()
	p.TextHandler = lines{text.Plain{Fonts: plotfont.DefaultCache}}
	p.BackgroundColor = nil
	style := func(old text.Style) text.Style {
		s := labelStyle()
		s.XAlign, s.YAlign = old.XAlign, old.YAlign
		return s
	}
	p.Title.TextStyle = titleStyle()
	p.Title.TextStyle.XAlign = draw.XCenter
	p.Legend.TextStyle = style(p.Legend.TextStyle)
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Label.TextStyle = style(a.Label.TextStyle)
		a.Label.Padding = vg.Points(2)
		a.Tick.Label = style(a.Tick.Label)
		a.Tick.Length = vg.Points(2.5)
		a.Tick.LineStyle = thinLine(axisGrey)
		a.LineStyle = thinLine(axisGrey)
		a.Padding = 0
		a.Tick.Marker = Ticks{}
	}
	return p
}

// fromRight reports whether a character belongs to a script that is
// written from right to left.
func fromRight(r rune) bool {
	return unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko)
}
