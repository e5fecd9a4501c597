package figure

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"image"
	"image/draw"
	"image/png"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	vgdraw "gonum.org/v1/plot/vg/draw"

	"github.com/specstress/specstress/internal/label"
)

// WritePDF writes the figure as a PDF page of its size. Text stays text,
// in the fonts that the figure was measured with, of which the file holds
// the letters it uses. A character that the font lacks is an error, and so
// is text that runs from right to left, which would be set backwards.
func (f *Figure) WritePDF(w io.Writer) error {
	if err := f.checkSize(); err != nil {
		return err
	}
	c := newPDF(f.Width, f.Height)
	if err := f.draw(vgdraw.NewCanvas(c, f.Width, f.Height)); err != nil {
		return err
	}
	about, err := f.about()
	if err != nil {
		return err
	}
	if err := c.write(w, about); err != nil {
		return fmt.Errorf("figure %s: pdf: %w", f.ID, err)
	}
	return nil
}

// A pdfCanvas writes PDF. That of gonum/plot v0.17.0 garbles what is not
// ASCII, embeds whole fonts and writes other bytes every time. The document,
// fonts and images are fpdf's; shapes are written as they are in PDF.
type pdfCanvas struct {
	pen
	doc   *fpdf.Fpdf
	set   map[string]string // the last operands of an operator
	alpha uint8
	fonts map[string]*pdfFont // by PostScript name
	err   error               // the first
}

// A pdfFont is one in use, with its characters so far.
type pdfFont struct {
	family string // in fpdf
	used   map[rune]bool
}

func newPDF(w, h vg.Length) *pdfCanvas {
	c := &pdfCanvas{
		pen: newPen(w, h), set: map[string]string{}, alpha: 0xff, fonts: map[string]*pdfFont{},
		doc: fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: w.Points(), Ht: h.Points()}}),
	}
	c.doc.SetMargins(0, 0, 0)
	c.doc.SetAutoPageBreak(false, 0)
	c.doc.SetCatalogSort(true) // maps in a fixed order
	c.doc.AddPage()
	vg.Initialize(c)
	return c
}

// pdfTime stands where PDF wants to know when a file was made: a fixed time,
// so that the same figure gives the same bytes.
var pdfTime = time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC)

func (c *pdfCanvas) write(w io.Writer, a about) error {
	if c.err != nil {
		return c.err
	}
	c.doc.SetCreationDate(pdfTime)
	c.doc.SetModificationDate(pdfTime)
	c.doc.SetTitle(utf16BE(a.Title), false)
	c.doc.SetSubject(utf16BE(a.description()), false)
	c.doc.SetKeywords(utf16BE(a.keywords()), false)
	c.doc.SetCreator(utf16BE(a.Software), false)
	c.doc.SetLang("en")
	c.doc.SetXmpMetadata(a.xmp())
	var b bytes.Buffer
	if err := c.doc.Output(&b); err != nil {
		return err
	}
	_, err := w.Write(c.namedSubsets(b.Bytes()))
	return err
}

// namedSubsets gives the fonts the names that PDF wants for parts of fonts,
// as in CAFEBA+LiberationSans. Fpdf v0.11.1 has names of its own; ours are
// as long, so that nothing moves.
func (c *pdfCanvas) namedSubsets(file []byte) []byte {
	for name, f := range c.fonts {
		runes := make([]rune, 0, len(f.used))
		for r := range f.used {
			runes = append(runes, r)
		}
		slices.Sort(runes)
		h := fnv.New32a()
		io.WriteString(h, string(runes))
		tag, sum := make([]byte, 6), h.Sum32()
		for i := range tag {
			tag[i] = 'A' + byte(sum%26)
			sum /= 26
		}
		file = bytes.ReplaceAll(file, []byte("/utf8"+f.family+"\n"), []byte("/"+string(tag)+"+"+name+"\n"))
	}
	return file
}

// utf16BE is a text as PDF has it outside of pages. That of fpdf v0.11.1
// garbles characters beyond the first 65,536.
func utf16BE(s string) string {
	b := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return string(b)
}

// op writes an operator of the graphics state, unless it holds already.
func (c *pdfCanvas) op(name, operands string) {
	if c.set[name] != operands {
		c.set[name] = operands
		c.doc.RawWriteStr(operands + " " + name)
	}
}

// paint sets the present colour for an operator: rg to fill, RG to stroke.
func (c *pdfCanvas) paint(name string) {
	n := c.color()
	part := func(v uint8) string { return fmt.Sprintf("%.3g", float64(v)/0xff) }
	c.op(name, part(n.R)+" "+part(n.G)+" "+part(n.B))
	c.opacity(n.A)
}

func (c *pdfCanvas) opacity(a uint8) {
	if a != c.alpha {
		c.alpha = a
		c.doc.SetAlpha(float64(a)/0xff, "Normal")
	}
}

// up turns a point of the page into one of PDF, whose y points up.
func (c *pdfCanvas) up(s spot) spot { return spot{s.x, c.h.Points() - s.y} }

func (c *pdfCanvas) path(p vg.Path, paint string) {
	var b strings.Builder
	var last spot
	c.walk(p, func(op byte, points ...spot) {
		for i, pt := range points {
			points[i] = c.up(pt)
		}
		if op == 'Q' { // PDF has cubic curves only
			ctl, end := points[0], points[1]
			third := func(a spot) spot { return spot{a.x + (ctl.x-a.x)*2/3, a.y + (ctl.y-a.y)*2/3} }
			op, points = 'C', []spot{third(last), third(end), end}
		}
		for _, pt := range points {
			b.WriteString(pt.String() + " ")
			last = pt
		}
		b.WriteString(map[byte]string{'M': "m ", 'L': "l ", 'C': "c ", 'Z': "h "}[op])
	})
	if b.Len() > 0 {
		c.doc.RawWriteStr(b.String() + paint)
	}
}

// The methods of vg.Canvas that write.

func (c *pdfCanvas) Stroke(p vg.Path) {
	if c.now.width <= 0 {
		return
	}
	scale := c.scale()
	c.paint("RG")
	c.op("w", coord(c.now.width.Points()*scale))
	var dashes []string
	for _, d := range c.now.dashes {
		dashes = append(dashes, coord(d.Points()*scale))
	}
	c.op("d", "["+strings.Join(dashes, " ")+"] "+coord(c.now.offset.Points()*scale))
	c.path(p, "S")
}

func (c *pdfCanvas) Fill(p vg.Path) {
	c.paint("rg")
	c.path(p, "f")
}

func (c *pdfCanvas) FillString(f font.Face, at vg.Point, text string) {
	text = label.Clean(text)
	if f.Font.Size <= 0 || text == "" || c.err != nil {
		return
	}
	family, err := c.font(f, text)
	if err != nil {
		c.err = err
		return
	}
	n := c.color()
	c.opacity(n.A)
	c.doc.SetFillColor(int(n.R), int(n.G), int(n.B)) // so that the next does not wrap each text
	c.doc.SetTextColor(int(n.R), int(n.G), int(n.B))
	delete(c.set, "rg")
	page := c.at(at)
	if c.level() {
		c.doc.SetFont(family, "", f.Font.Size.Points())
		c.doc.Text(page.x, page.y, text)
		return
	}
	m, origin := c.now.to, c.up(page)
	c.doc.RawWriteStr(fmt.Sprintf("q %.4f %.4f %.4f %.4f %s cm", m[0], -m[1], m[2], -m[3], origin))
	c.doc.SetFont(family, "", f.Font.Size.Points())
	c.doc.Text(0, c.h.Points(), text)
	c.doc.RawWriteStr("Q")
}

// font makes sure that a font is in the file and has all characters of a
// text, and returns its name in fpdf.
func (c *pdfCanvas) font(f font.Face, text string) (family string, err error) {
	var buf sfnt.Buffer
	name, err := f.Face.Name(&buf, sfnt.NameIDPostScript)
	if err != nil {
		return "", err
	}
	for _, r := range text {
		if i, err := f.Face.GlyphIndex(&buf, r); err != nil || i == 0 {
			return "", fmt.Errorf("the font %s lacks %q (U+%04X) of %q; svg and png can be written", name, r, r, text)
		}
		if fromRight(r) {
			return "", fmt.Errorf("%q runs from right to left; svg can be written", text)
		}
	}
	have := c.fonts[name]
	if have == nil {
		var file bytes.Buffer
		if _, err := f.Face.WriteSourceTo(&buf, &file); err != nil {
			return "", err
		}
		// As long as the name that namedSubsets gives: utf8sub and a tag
		// with its plus have seven letters both.
		have = &pdfFont{family: "sub" + strings.ToLower(name), used: map[rune]bool{}}
		c.fonts[name] = have
		c.doc.AddUTF8FontFromBytes(have.family, "", file.Bytes())
	}
	for _, r := range text {
		have.used[r] = true
	}
	return have.family, nil
}

func (c *pdfCanvas) DrawImage(r vg.Rectangle, img image.Image) {
	// fpdf reads 8 bits per channel only.
	plain := image.NewNRGBA(img.Bounds())
	draw.Draw(plain, plain.Bounds(), img, img.Bounds().Min, draw.Src)
	var b bytes.Buffer
	if png.Encode(&b, plain) != nil { // only for an image without pixels
		return
	}
	h := fnv.New64a()
	h.Write(b.Bytes())
	name := fmt.Sprintf("%x", h.Sum64())
	c.doc.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "png"}, &b)
	lo, hi := c.at(vg.Point{X: r.Min.X, Y: r.Max.Y}), c.at(vg.Point{X: r.Max.X, Y: r.Min.Y})
	c.doc.ImageOptions(name, lo.x, lo.y, hi.x-lo.x, hi.y-lo.y, false, fpdf.ImageOptions{AllowNegativePosition: true}, 0, "")
}
