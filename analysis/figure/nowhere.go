package figure

import (
	"fmt"
	"image"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/specstress/specstress/internal/label"
)

// Nowhere is a canvas to measure on: it keeps where texts stand and draws
// nothing.
type nowhere struct {
	pen
	texts []placed
}

// A placed text covers a rectangle of the page.
type placed struct {
	text                     string
	left, top, right, bottom float64
}

func (*nowhere) Stroke(vg.Path)                      {}
func (*nowhere) Fill(vg.Path)                        {}
func (*nowhere) DrawImage(vg.Rectangle, image.Image) {}

// FillString keeps what a reader sees of a line: from below the baseline to
// the top of capitals.
func (c *nowhere) FillString(f font.Face, at vg.Point, text string) {
	text = label.Clean(text)
	w, size := f.Width(text), f.Font.Size
	var p placed
	for i, corner := range []vg.Point{{Y: -0.2 * size}, {X: w, Y: -0.2 * size}, {Y: 0.75 * size}, {X: w, Y: 0.75 * size}} {
		s := c.at(at.Add(corner))
		if i == 0 {
			p = placed{text, s.x, s.y, s.x, s.y}
		}
		p.left, p.right = min(p.left, s.x), max(p.right, s.x)
		p.top, p.bottom = min(p.top, s.y), max(p.bottom, s.y)
	}
	c.texts = append(c.texts, p)
}

// areas are the plotting areas of the panels, or why there are none. A text
// that leaves the page is an error, and so are two of which one covers the
// other by more than half a point.
func (f *Figure) areas() ([]vg.Rectangle, error) {
	if err := f.checkSize(); err != nil {
		return nil, err
	}
	c := &nowhere{pen: newPen(f.Width, f.Height)}
	areas, err := f.arrange(draw.NewCanvas(c, f.Width, f.Height))
	if err != nil {
		return nil, err
	}
	const slack = 0.5
	inches := fmt.Sprintf("%.4g by %.4g inches", f.Width/vg.Inch, f.Height/vg.Inch)
	for i, a := range c.texts {
		if a.left < 0 || a.top < 0 || a.right > c.w.Points() || a.bottom > c.h.Points() {
			return nil, fmt.Errorf("figure %s: %s are too small: %q leaves the page", f.ID, inches, a.text)
		}
		for _, b := range c.texts[:i] {
			if min(a.right, b.right)-max(a.left, b.left) > slack && min(a.bottom, b.bottom)-max(a.top, b.top) > slack {
				return nil, fmt.Errorf("figure %s: %s are too small: %q and %q overlap%w", f.ID, inches, a.text, b.text, lacking{4})
			}
		}
	}
	return areas, nil
}
