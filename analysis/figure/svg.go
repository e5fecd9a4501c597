package figure

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"image"
	"image/png"
	"io"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/internal/label"
)

// fontFamily names the font that texts were measured with, then fonts of
// the same widths, then any other.
const fontFamily = "'Liberation Sans', Arial, Helvetica, sans-serif"

// An svgCanvas writes SVG. That of gonum/plot v0.17.0 names one font
// without a substitute, draws text opaque whatever its colour, and passes
// on characters that XML forbids.
type svgCanvas struct {
	pen
	body bytes.Buffer
}

func newSVG(w, h vg.Length) *svgCanvas {
	c := &svgCanvas{pen: newPen(w, h)}
	vg.Initialize(c)
	return c
}

// write writes the document. The title and the description are read out by
// screen readers; the manifest is for programs.
func (c *svgCanvas) write(w io.Writer, a about, title, description string) error {
	var b bytes.Buffer
	name := cleanID(a.ID)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="%s-title %s-desc"`+
		` width="%sin" height="%sin" viewBox="0 0 %s %s" style="max-width:100%%;height:auto" font-family="%s">`+"\n",
		name, name, coord(float64(c.w/vg.Inch)), coord(float64(c.h/vg.Inch)), coord(c.w.Points()), coord(c.h.Points()), fontFamily)
	fmt.Fprintf(&b, "<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n", name, escape(title), name, escape(description))
	fmt.Fprintf(&b, "<metadata>%s</metadata>\n", escape(a.JSON))
	b.Write(c.body.Bytes())
	b.WriteString("</svg>\n")
	_, err := b.WriteTo(w)
	return err
}

// cleanID is an id that several figures on one page do not share.
func cleanID(id string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '-'
	}, "figure-"+id)
}

// escape makes any text one that an XML parser accepts and a viewer shows
// as it reads.
func escape(s string) string {
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(label.Plain(s))) // the buffer never fails
	return b.String()
}

// The methods of vg.Canvas that write.

func (c *svgCanvas) Stroke(p vg.Path) {
	if c.now.width <= 0 {
		return
	}
	scale := c.scale()
	fmt.Fprintf(&c.body, `<path fill="none"%s stroke-width="%s"`, c.paint("stroke"), coord(c.now.width.Points()*scale))
	if len(c.now.dashes) > 0 {
		var list []string
		for _, d := range c.now.dashes {
			list = append(list, coord(d.Points()*scale))
		}
		fmt.Fprintf(&c.body, ` stroke-dasharray="%s" stroke-dashoffset="%s"`, strings.Join(list, " "), coord(c.now.offset.Points()*scale))
	}
	fmt.Fprintf(&c.body, " d=\"%s\"/>\n", c.data(p))
}

func (c *svgCanvas) Fill(p vg.Path) {
	fmt.Fprintf(&c.body, "<path%s d=\"%s\"/>\n", c.paint("fill"), c.data(p))
}

// paint is the present colour as an attribute, with its opacity.
func (c *svgCanvas) paint(attribute string) string {
	n := c.color()
	s := fmt.Sprintf(` %s="#%02x%02x%02x"`, attribute, n.R, n.G, n.B)
	if n.A < 0xff {
		s += fmt.Sprintf(` %s-opacity="%s"`, attribute, coord(float64(n.A)/0xff))
	}
	return s
}

func (c *svgCanvas) data(p vg.Path) string {
	var b strings.Builder
	c.walk(p, func(op byte, points ...spot) {
		b.WriteByte(op)
		for i, at := range points {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(at.String())
		}
	})
	return b.String()
}

func (c *svgCanvas) FillString(f font.Face, at vg.Point, text string) {
	text = label.Clean(text)
	if f.Font.Size <= 0 || text == "" {
		return
	}
	m := c.now.to
	fmt.Fprintf(&c.body, `<text font-size="%s"%s`, coord(f.Font.Size.Points()), c.paint("fill"))
	if f.Font.Weight >= xfont.WeightSemiBold {
		c.body.WriteString(` font-weight="bold"`)
	}
	if f.Font.Style != xfont.StyleNormal {
		c.body.WriteString(` font-style="italic"`)
	}
	x, y, _ := strings.Cut(c.at(at).String(), " ")
	if m[0] == 1 && m[3] == -1 {
		fmt.Fprintf(&c.body, ` x="%s" y="%s"`, x, y)
	} else {
		// The plot's y points up and letters stand upright in it.
		fmt.Fprintf(&c.body, ` transform="matrix(%s %s %s %s %s %s)"`, coord(m[0]), coord(m[1]), coord(-m[2]), coord(-m[3]), x, y)
	}
	fmt.Fprintf(&c.body, ">%s</text>\n", escape(text))
}

func (c *svgCanvas) DrawImage(r vg.Rectangle, img image.Image) {
	var b bytes.Buffer
	if png.Encode(&b, img) != nil { // only for an image without pixels
		return
	}
	x, y, _ := strings.Cut(c.at(vg.Point{X: r.Min.X, Y: r.Max.Y}).String(), " ")
	size := r.Size()
	fmt.Fprintf(&c.body, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" href="data:image/png;base64,%s"/>`+"\n",
		x, y, coord(size.X.Points()), coord(size.Y.Points()), base64.StdEncoding.EncodeToString(b.Bytes()))
}
