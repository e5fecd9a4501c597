package figure

import (
	"image/color"
	"math"
	"strings"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/specstress/specstress/internal/label"
)

// markColor lets the data show through: the mark lies over it, so that no
// bar can hide it.
var markColor = color.NRGBA{0x60, 0x60, 0x60, 0x38}

// drawMark writes what the data are across a plotting area, from corner to
// corner and as large as fits. The letters are shapes, not text, so that
// they look the same wherever the figure goes, and cannot be missing.
func drawMark(c draw.Canvas, text string) {
	text = strings.ToUpper(label.Clean(text))
	sty := textStyle(100, xfont.WeightBold)
	face := font.DefaultCache.Lookup(sty.Font, sty.Font.Size)
	size := c.Size()
	length, height := face.Width(text), face.Extents().Ascent*0.8
	if length <= 0 || size.X <= 0 || size.Y <= 0 {
		return
	}
	angle := math.Atan2(float64(size.Y), float64(size.X))
	sin, cos := math.Sincos(angle)
	scale := 0.96 * min(
		float64(size.X)/(float64(length)*cos+float64(height)*sin),
		float64(size.Y)/(float64(length)*sin+float64(height)*cos))
	centre := c.Center()
	to := func(x, y vg.Length) vg.Point {
		u, v := float64(x-length/2)*scale, float64(y-height/2)*scale
		return vg.Point{X: centre.X + vg.Length(u*cos-v*sin), Y: centre.Y + vg.Length(u*sin+v*cos)}
	}
	c.SetColor(markColor)
	for _, letter := range outlines(face, text, to) {
		c.Fill(letter)
	}
}

// outlines are the shapes of the letters of a line of text. Characters
// that the font lacks are left out.
func outlines(face font.Face, text string, to func(x, y vg.Length) vg.Point) []vg.Path {
	var letters []vg.Path
	var buf sfnt.Buffer
	const em = 2048
	unit := face.Font.Size / em
	x := vg.Length(0)
	for _, r := range text {
		index, err := face.Face.GlyphIndex(&buf, r)
		if err != nil || index == 0 {
			continue
		}
		segments, err := face.Face.LoadGlyph(&buf, index, fixed.I(em), nil)
		if err != nil {
			continue
		}
		at := func(p fixed.Point26_6) vg.Point {
			return to(x+vg.Length(p.X)/64*unit, -vg.Length(p.Y)/64*unit)
		}
		var path vg.Path
		for _, s := range segments {
			switch s.Op {
			case sfnt.SegmentOpMoveTo:
				path.Move(at(s.Args[0]))
			case sfnt.SegmentOpLineTo:
				path.Line(at(s.Args[0]))
			case sfnt.SegmentOpQuadTo:
				path.QuadTo(at(s.Args[0]), at(s.Args[1]))
			case sfnt.SegmentOpCubeTo:
				path.CubeTo(at(s.Args[0]), at(s.Args[1]), at(s.Args[2]))
			}
		}
		if len(path) > 0 {
			path.Close()
			letters = append(letters, path)
		}
		advance, err := face.Face.GlyphAdvance(&buf, index, fixed.I(em), xfont.HintingNone)
		if err == nil {
			x += vg.Length(advance) / 64 * unit
		}
	}
	return letters
}
