package figure_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	xfont "golang.org/x/image/font"

	"github.com/specstress/specstress/analysis/figure"
)

// A document is what the tests look at in an SVG file.
type document struct {
	attr         map[string]string // of the root
	title, desc  string
	texts        []svgText
	marks        int // shapes in the mark's paint
	elementNames map[string]int
}

type svgText struct {
	attr map[string]string
	text string
}

func parseSVG(t *testing.T, f *figure.Figure) document {
	t.Helper()
	var b bytes.Buffer
	if err := f.WriteSVG(&b); err != nil {
		t.Fatalf("%s: %v", f.ID, err)
	}
	d := xml.NewDecoder(&b)
	doc := document{elementNames: map[string]int{}}
	var name string
	var current svgText
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return doc
		}
		if err != nil {
			t.Fatalf("%s: %v", f.ID, err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			name = e.Name.Local
			doc.elementNames[name]++
			current = svgText{attr: map[string]string{}}
			for _, a := range e.Attr {
				current.attr[a.Name.Local] = a.Value
			}
			if name == "svg" {
				doc.attr = current.attr
			}
			if current.attr["fill"] == "#606060" && current.attr["fill-opacity"] != "" {
				doc.marks++
			}
		case xml.CharData:
			switch name {
			case "title":
				doc.title += string(e)
			case "desc":
				doc.desc += string(e)
			case "text":
				current.text += string(e)
			}
		case xml.EndElement:
			if e.Name.Local == "text" {
				doc.texts = append(doc.texts, current)
			}
			name = ""
		}
	}
}

func everyFigure(t *testing.T) map[string]*figure.Figure {
	all := variants(t)
	for _, f := range figures(t, synthetic) {
		all[f.ID] = f
	}
	return all
}

func TestSVGIsWellFormedAndUnclipped(t *testing.T) {
	all := everyFigure(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		f := all[name]
		doc := parseSVG(t, f)
		want := fmt.Sprintf("0 0 %s %s", trim(f.Width.Points()), trim(f.Height.Points()))
		if doc.attr["viewBox"] != want || doc.attr["width"] == "" || doc.attr["height"] == "" {
			t.Errorf("%s: root %v, want viewBox %s with width and height", name, doc.attr, want)
		}
		for _, family := range []string{"Liberation Sans", "Arial", "Helvetica", "sans-serif"} {
			if !strings.Contains(doc.attr["font-family"], family) {
				t.Errorf("%s: fonts %s lack %s", name, doc.attr["font-family"], family)
			}
		}
		if doc.title != f.Title || doc.title == "" {
			t.Errorf("%s: title %q, want %q", name, doc.title, f.Title)
		}
		for element := range doc.elementNames {
			if !slices.Contains([]string{"svg", "title", "desc", "metadata", "path", "text"}, element) {
				t.Errorf("%s: element %s", name, element)
			}
		}
		for _, text := range doc.texts {
			for _, r := range text.text {
				if unicode.In(r, unicode.Cc, unicode.Cf) {
					t.Errorf("%s: character %U in %q", name, r, text.text)
				}
			}
		}
		checkTexts(t, name, f, doc.texts)
	}
}

func trim(x float64) string {
	return strconv.FormatFloat(float64(int64(x*100+0.5))/100, 'f', -1, 64)
}

// A box is where a text stands on the page, y down, in points.
type box struct{ left, right, top, bottom float64 }

// boxOf measures a text with the font's own widths.
func boxOf(t *testing.T, name string, text svgText) box {
	t.Helper()
	number := func(s string) float64 {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	size := number(text.attr["font-size"])
	if size < 8 || size > 9 {
		t.Errorf("%s: text %q of %v points, want 8 to 9", name, text.text, size)
	}
	font := plotfont.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size)}
	if text.attr["font-weight"] == "bold" {
		font.Weight = xfont.WeightBold
	}
	face := plotfont.DefaultCache.Lookup(font, vg.Length(size))
	along := face.Width(text.text).Points()
	if m := text.attr["transform"]; m != "" {
		var p [6]float64
		if _, err := fmt.Sscanf(m, "matrix(%g %g %g %g %g %g)", &p[0], &p[1], &p[2], &p[3], &p[4], &p[5]); err != nil {
			t.Fatal(err)
		}
		if p[0] != 0 || p[1] != -1 {
			t.Fatalf("%s: text %q with %s, want a quarter turn", name, text.text, m)
		}
		return box{p[4] - size*0.75, p[4] + size*0.2, p[5] - along, p[5]}
	}
	x, y := number(text.attr["x"]), number(text.attr["y"])
	return box{x, x + along, y - size*0.75, y + size*0.2}
}

// checkTexts finds texts that are clipped or lie on each other.
func checkTexts(t *testing.T, name string, f *figure.Figure, texts []svgText) {
	t.Helper()
	boxes := make([]box, len(texts))
	for i, text := range texts {
		b := boxOf(t, name, text)
		boxes[i] = b
		if b.left < 0 || b.top < 0 || b.right > f.Width.Points() || b.bottom > f.Height.Points() {
			t.Errorf("%s: text %q spans %.1f of %.1f by %.1f points", name, text.text, b, f.Width.Points(), f.Height.Points())
		}
		for j, o := range boxes[:i] {
			const slack = 0.5
			if min(b.right, o.right)-max(b.left, o.left) > slack && min(b.bottom, o.bottom)-max(b.top, o.top) > slack {
				t.Errorf("%s: texts %q and %q overlap", name, texts[j].text, text.text)
			}
		}
	}
}

// The widths of columns and pages of the usual venues, in inches.
func TestTextsAtPrintWidths(t *testing.T) {
	for _, width := range []float64{3.03, 3.25, 3.5, 5.5, 6.3, 6.75, 7.2} {
		for _, f := range append(figures(t, synthetic), figures(t, figure.Source{})...) {
			name := fmt.Sprintf("%s at %v in", f.ID, width)
			f.Width = vg.Length(width) * vg.Inch
			if width < 4 && len(f.Panels) > 1 { // one below the other
				f.Columns = 1
				f.Height = min(f.Height*vg.Length(len(f.Panels)), 90*vg.Inch)
			}
			if f.ID == "fig1" { // its boxes get taller
				f.Height *= 2.5
			}
			checkTexts(t, name, f, parseSVG(t, f).texts)
		}
	}
}

func TestMark(t *testing.T) {
	const letters = len("SYNTHETICSAMPLE")
	for _, f := range figures(t, synthetic) {
		doc := parseSVG(t, f)
		if want := letters * len(f.Panels); doc.marks != want {
			t.Errorf("%s: %d shapes of the mark, want %d", f.ID, doc.marks, want)
		}
		if !strings.HasPrefix(f.Caption, "Synthetic sample. ") {
			t.Errorf("%s: caption %q does not start with the mark", f.ID, f.Caption)
		}
		if !strings.Contains(f.Caption, "Filter: nudge=neutral.") {
			t.Errorf("%s: caption %q lacks the filter", f.ID, f.Caption)
		}
		csv, err := f.CSV()
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(strings.TrimSuffix(string(csv), "\n"), "\n") {
			want := ",synthetic sample"
			if i == 0 {
				want = ",source"
			}
			if !strings.HasSuffix(line, want) {
				t.Errorf("%s: csv line %d is %q, want it to end with %q", f.ID, i+1, line, want)
			}
		}
	}
	for _, f := range figures(t, figure.Source{}) {
		doc := parseSVG(t, f)
		csv, _ := f.CSV()
		if doc.marks != 0 || strings.Contains(strings.ToLower(f.Caption+doc.desc+string(csv)), "synthetic") {
			t.Errorf("%s: real data are called synthetic", f.ID)
		}
	}
}
