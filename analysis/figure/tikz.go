package figure

import (
	"errors"
	"fmt"
	"image"
	"io"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/specstress/specstress/internal/label"
)

// WriteTeX writes the figure as a PGF picture, to be read by \input in a
// LaTeX document that loads the package pgf or tikz. Text has the document's
// font in the figure's sizes; it can hold no TeX command. Characters that
// pdfLaTeX cannot set without more packages are set by their number in
// LuaLaTeX and XeLaTeX and shown as [U+6B63] in pdfLaTeX. Images are an
// error.
func (f *Figure) WriteTeX(w io.Writer) error {
	if err := f.checkSize(); err != nil {
		return err
	}
	c := &texCanvas{pen: newPen(f.Width, f.Height), set: map[string]string{}}
	vg.Initialize(c)
	if err := f.draw(draw.NewCanvas(c, f.Width, f.Height)); err != nil {
		return err
	}
	about, err := f.about()
	if err != nil {
		return err
	}
	if c.err != nil {
		return fmt.Errorf("figure %s: tex: %w", f.ID, c.err)
	}
	var b strings.Builder
	for _, line := range []string{about.Title, about.description(), about.keywords(), "Manifest: " + about.JSON} {
		b.WriteString(texComment(line))
	}
	b.WriteString("% Needs \\usepackage{pgf} or \\usepackage{tikz}. Include it unscaled, by \\input.\n")
	fmt.Fprintf(&b, "\\begingroup\\makeatletter\n\\begin{pgfpicture}\n\\pgfpathrectangle{\\pgfpointorigin}{%s}\\pgfusepath{use as bounding box}\n",
		texPoint(spot{c.w.Points(), c.h.Points()}))
	b.WriteString(c.body.String())
	b.WriteString("\\end{pgfpicture}\n\\makeatother\\endgroup\n")
	_, err = io.WriteString(w, b.String())
	return err
}

// A texCanvas writes PGF's basic layer.
type texCanvas struct {
	pen
	body strings.Builder
	set  map[string]string // the last argument of a command
	err  error
}

// texPoint is a point from the lower left corner; bp are the points of
// PostScript.
func texPoint(s spot) string {
	return "\\pgfqpoint{" + coord(s.x) + "bp}{" + coord(s.y) + "bp}"
}

// up turns a point of the page into one of PGF, whose y points up.
func (c *texCanvas) up(s spot) spot { return spot{s.x, c.h.Points() - s.y} }

// command writes a command that sets something, unless it is set already.
func (c *texCanvas) command(name, argument string) {
	if c.set[name] != argument {
		c.set[name] = argument
		c.body.WriteString(name + argument + "\n")
	}
}

// paint sets the present colour: for "stroke" or "fill".
func (c *texCanvas) paint(use string) {
	n := c.color()
	rgb := fmt.Sprintf("{%d,%d,%d}", n.R, n.G, n.B)
	if c.set[use] != rgb {
		c.set[use] = rgb
		fmt.Fprintf(&c.body, "\\definecolor{specstress%s}{RGB}%s\\pgfset%scolor{specstress%s}\n", use, rgb, use, use)
	}
	c.command("\\pgfset"+use+"opacity", "{"+coord(float64(n.A)/0xff)+"}")
}

func (c *texCanvas) path(p vg.Path, use string) {
	c.walk(p, func(op byte, points ...spot) {
		c.body.WriteString(map[byte]string{'M': "\\pgfpathmoveto", 'L': "\\pgfpathlineto",
			'Q': "\\pgfpathquadraticcurveto", 'C': "\\pgfpathcurveto", 'Z': "\\pgfpathclose"}[op])
		for _, pt := range points {
			c.body.WriteString("{" + texPoint(c.up(pt)) + "}")
		}
		c.body.WriteByte('\n')
	})
	c.body.WriteString("\\pgfusepath{" + use + "}\n")
}

// The methods of vg.Canvas that write.

func (c *texCanvas) Stroke(p vg.Path) {
	if c.now.width <= 0 {
		return
	}
	scale := c.scale()
	c.paint("stroke")
	c.command("\\pgfsetlinewidth", "{"+coord(c.now.width.Points()*scale)+"bp}")
	var dashes strings.Builder
	list := c.now.dashes
	if len(list)%2 == 1 { // PGF wants pairs
		list = append(list[:len(list):len(list)], list...)
	}
	for _, d := range list {
		dashes.WriteString("{" + coord(d.Points()*scale) + "bp}")
	}
	c.command("\\pgfsetdash", "{"+dashes.String()+"}{"+coord(c.now.offset.Points()*scale)+"bp}")
	c.path(p, "stroke")
}

func (c *texCanvas) Fill(p vg.Path) {
	c.paint("fill")
	c.path(p, "fill")
}

func (c *texCanvas) FillString(f font.Face, at vg.Point, text string) {
	c.fillAligned(f, at, text, 0)
}

// fillAligned writes a line that starts at a point. The document's font has
// other widths than the one that the figure was measured with, so the line
// is tied where it is aligned: at its start, its middle or its end.
func (c *texCanvas) fillAligned(f font.Face, at vg.Point, text string, align float64) {
	text = label.Clean(text)
	if f.Font.Size <= 0 || text == "" {
		return
	}
	at.X -= vg.Length(align) * f.Width(text) // align is 0, -0.5 or -1
	where := "left,"
	switch {
	case align <= -0.75:
		where = "right,"
	case align <= -0.25:
		where = ""
	}
	turned := ""
	if !c.level() {
		m := c.now.to
		turned = fmt.Sprintf("\\pgftransformcm{%.4f}{%.4f}{%.4f}{%.4f}{\\pgfpointorigin}", m[0], -m[1], m[2], -m[3])
	}
	n := c.color()
	style := ""
	if f.Font.Weight >= xfont.WeightSemiBold {
		style += "\\bfseries"
	}
	if f.Font.Style != xfont.StyleNormal {
		style += "\\itshape"
	}
	c.command("\\pgfsetfillopacity", "{"+coord(float64(n.A)/0xff)+"}")
	size := f.Font.Size.Points()
	fmt.Fprintf(&c.body, "\\begin{pgfscope}\\pgftransformshift{%s}%s\\pgftext[%sbase]{\\color[RGB]{%d,%d,%d}\\fontsize{%s}{%s}\\selectfont%s{}%s}\\end{pgfscope}\n",
		texPoint(c.up(c.at(at))), turned, where, n.R, n.G, n.B, coord(size), coord(1.2*size), style, texEscape(text))
}

func (c *texCanvas) DrawImage(vg.Rectangle, image.Image) {
	c.err = errors.New("a picture cannot hold an image; pdf, svg and png can")
}
