package figure

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"strconv"
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
// on characters that XML forbids. Points are transformed here and rounded
// to hundredths of a point, which hides how processors differ in the last
// bit.
type svgCanvas struct {
	w, h  vg.Length
	body  bytes.Buffer
	now   svgState
	stack []svgState
}

type svgState struct {
	// to maps a point of the plot, y up, to one of the page, y down:
	// x' = to[0]x + to[2]y + to[4], y' = to[1]x + to[3]y + to[5].
	to     [6]float64
	color  color.Color
	width  vg.Length
	dashes []vg.Length
	offset vg.Length
}

func newSVG(w, h vg.Length) *svgCanvas {
	c := &svgCanvas{w: w, h: h}
	c.now.to = [6]float64{1, 0, 0, -1, 0, h.Points()}
	vg.Initialize(c)
	return c
}

// write writes the document. The title and the description are read out by
// screen readers.
func (c *svgCanvas) write(w io.Writer, id, title, description string) error {
	var b bytes.Buffer
	name := cleanID(id)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="%s-title %s-desc"`+
		` width="%sin" height="%sin" viewBox="0 0 %s %s" style="max-width:100%%;height:auto" font-family="%s">`+"\n",
		name, name, coord(float64(c.w/vg.Inch)), coord(float64(c.h/vg.Inch)), coord(c.w.Points()), coord(c.h.Points()), fontFamily)
	fmt.Fprintf(&b, "<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n", name, escape(title), name, escape(description))
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

// escape makes any text one that an XML parser accepts.
func escape(s string) string {
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(s)) // the buffer never fails
	return strings.Map(func(r rune) rune {
		if (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) {
			return -1
		}
		return r
	}, b.String())
}

func coord(x float64) string {
	x = math.Round(x*100) / 100
	if x == 0 {
		x = 0 // not -0
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}

func (c *svgCanvas) point(p vg.Point) string {
	x, y, m := p.X.Points(), p.Y.Points(), c.now.to
	return coord(m[0]*x+m[2]*y+m[4]) + " " + coord(m[1]*x+m[3]*y+m[5])
}

// compose applies n before the present transformation.
func (c *svgCanvas) compose(n [6]float64) {
	m := c.now.to
	c.now.to = [6]float64{
		m[0]*n[0] + m[2]*n[1], m[1]*n[0] + m[3]*n[1],
		m[0]*n[2] + m[2]*n[3], m[1]*n[2] + m[3]*n[3],
		m[0]*n[4] + m[2]*n[5] + m[4], m[1]*n[4] + m[3]*n[5] + m[5],
	}
}

// The methods of vg.Canvas.

func (c *svgCanvas) SetLineWidth(w vg.Length) { c.now.width = w }
func (c *svgCanvas) SetColor(clr color.Color) { c.now.color = clr }
func (c *svgCanvas) Translate(p vg.Point) {
	c.compose([6]float64{1, 0, 0, 1, p.X.Points(), p.Y.Points()})
}
func (c *svgCanvas) Scale(x, y float64)     { c.compose([6]float64{x, 0, 0, y, 0, 0}) }
func (c *svgCanvas) Push()                  { c.stack = append(c.stack, c.now) }
func (c *svgCanvas) Pop()                   { c.now, c.stack = c.stack[len(c.stack)-1], c.stack[:len(c.stack)-1] }
func (c *svgCanvas) Size() (w, h vg.Length) { return c.w, c.h }
func (c *svgCanvas) Rotate(angle float64) {
	sin, cos := math.Sincos(angle)
	c.compose([6]float64{cos, sin, -sin, cos, 0, 0})
}

func (c *svgCanvas) SetLineDash(dashes []vg.Length, offset vg.Length) {
	c.now.dashes, c.now.offset = dashes, offset
}

func (c *svgCanvas) Stroke(p vg.Path) {
	if c.now.width <= 0 {
		return
	}
	scale := math.Sqrt(math.Abs(c.now.to[0]*c.now.to[3] - c.now.to[1]*c.now.to[2]))
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
	n := color.NRGBA{A: 0xff}
	if c.now.color != nil {
		n = color.NRGBAModel.Convert(c.now.color).(color.NRGBA)
	}
	s := fmt.Sprintf(` %s="#%02x%02x%02x"`, attribute, n.R, n.G, n.B)
	if n.A < 0xff {
		s += fmt.Sprintf(` %s-opacity="%s"`, attribute, coord(float64(n.A)/0xff))
	}
	return s
}

func (c *svgCanvas) data(p vg.Path) string {
	var b strings.Builder
	for _, comp := range p {
		switch comp.Type {
		case vg.MoveComp:
			b.WriteString("M" + c.point(comp.Pos))
		case vg.LineComp:
			b.WriteString("L" + c.point(comp.Pos))
		case vg.CurveComp:
			b.WriteString(map[int]string{1: "Q", 2: "C"}[len(comp.Control)])
			for _, control := range comp.Control {
				b.WriteString(c.point(control) + " ")
			}
			b.WriteString(c.point(comp.Pos))
		case vg.ArcComp:
			c.arc(&b, comp)
		case vg.CloseComp:
			b.WriteString("Z")
		}
	}
	return b.String()
}

// arc draws an arc as cubic curves of a quarter circle or less, which
// every transformation leaves right to 0.03 %. Gonum's arcs start with a
// line to their first point.
func (c *svgCanvas) arc(b *strings.Builder, a vg.PathComp) {
	pieces := max(1, int(math.Ceil(math.Abs(a.Angle)/(math.Pi/2)-1e-9)))
	step := a.Angle / float64(pieces)
	reach := 4.0 / 3 * math.Tan(step/4)
	at := func(angle, along float64) vg.Point {
		sin, cos := math.Sincos(angle)
		return vg.Point{X: a.Pos.X + a.Radius*vg.Length(cos-along*sin), Y: a.Pos.Y + a.Radius*vg.Length(sin+along*cos)}
	}
	b.WriteString("L" + c.point(at(a.Start, 0)))
	for i := range pieces {
		from := a.Start + float64(i)*step
		to := from + step
		b.WriteString("C" + c.point(at(from, reach)) + " " + c.point(at(to, -reach)) + " " + c.point(at(to, 0)))
	}
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
	x, y, _ := strings.Cut(c.point(at), " ")
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
	x, y, _ := strings.Cut(c.point(vg.Point{X: r.Min.X, Y: r.Max.Y}), " ")
	size := r.Size()
	fmt.Fprintf(&c.body, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" href="data:image/png;base64,%s"/>`+"\n",
		x, y, coord(size.X.Points()), coord(size.Y.Points()), base64.StdEncoding.EncodeToString(b.Bytes()))
}
