package figure_test

import (
	"bytes"
	"image"
	"image/color"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/specstress/specstress/analysis/figure"
)

func pdfOf(t *testing.T, f *figure.Figure) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.WritePDF(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tool runs a program of poppler-utils on a PDF file, or skips.
func tool(t *testing.T, pdf []byte, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed (Debian package poppler-utils): %v", name, err)
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	write(t, file, pdf)
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
	return string(out)
}

func words(s string) []string {
	w := strings.Fields(s)
	slices.Sort(w)
	return w
}

// Every word of the SVG is in the PDF as a reader copies it.
func TestPDFText(t *testing.T) {
	for name, f := range everyFigure(t) {
		if strings.HasSuffix(name, "-hostile") {
			continue // TestPDFRefuses
		}
		var want strings.Builder
		for _, text := range parseSVG(t, f).texts {
			want.WriteString(text.text + " ")
		}
		got := tool(t, pdfOf(t, f), "pdftotext", "-raw", "FILE", "-")
		a, b := words(got), words(want.String())
		if strings.Join(a, "") != strings.Join(b, "") && !slices.Equal(letters(got), letters(want.String())) {
			t.Errorf("%s: pdftotext gives\n%q, want\n%q", name, a, b)
		}
	}
}

// letters are the characters but spaces, sorted: pdftotext joins what stands
// close.
func letters(s string) []rune {
	r := []rune(strings.Join(strings.Fields(s), ""))
	slices.Sort(r)
	return r
}

func TestPDFUnicode(t *testing.T) {
	const text = "κ ± – − ≥ Δ é naïveté ’ … 95 % χ² μ × ≤ ≈ ß Ł ő € “ ” (a\\b) {nb}"
	f := figure.New("x", text, 1)
	got := tool(t, pdfOf(t, f), "pdftotext", "-raw", "FILE", "-")
	for _, w := range strings.Fields(text) {
		if !strings.Contains(got, w) {
			t.Errorf("%q lacks %q", got, w)
		}
	}
}

func TestPDFFonts(t *testing.T) {
	for _, f := range figures(t, synthetic) {
		lines := strings.Split(strings.TrimSpace(tool(t, pdfOf(t, f), "pdffonts", "FILE")), "\n")
		if len(lines) < 4 {
			t.Errorf("%s: fonts %q, want regular and bold", f.ID, lines)
		}
		for _, line := range lines[2:] {
			if !strings.Contains(line, "+LiberationSans") || !strings.Contains(line, "CID TrueType") || !strings.Contains(line, "yes yes yes") {
				t.Errorf("%s: font %q, want an embedded subset of a TrueType font with Unicode", f.ID, line)
			}
		}
	}
}

func TestPDFMetadata(t *testing.T) {
	f := figures(t, synthetic)[1]
	got := tool(t, pdfOf(t, f), "pdfinfo", "FILE")
	for _, want := range []string{"Title:           " + f.Title, "Synthetic sample. Share of", "Keywords:        synthetic sample, fig2", "Metadata Stream: yes", "Page size:       234 x 187.2 pts", "≥ 2 of 3 judges"} {
		if !strings.Contains(got, want) {
			t.Errorf("pdfinfo lacks %q:\n%s", want, got)
		}
	}
	if xmp := tool(t, pdfOf(t, f), "pdfinfo", "-meta", "FILE"); !strings.Contains(xmp, "&#34;id&#34;:&#34;fig2&#34;") {
		t.Errorf("no manifest in %s", xmp)
	}
}

// A chart of one panel stays below 40 KB, but for the refusal levels, which
// are 84 hatched parts and seven long names. One plain letter needs most of
// it: a font's instructions cannot be cut.
func TestPDFSize(t *testing.T) {
	for _, f := range figures(t, synthetic) {
		most := 40_000
		switch {
		case f.ID == "fig4a":
			most = 42_000
		case len(f.Panels) > 1 || f.ID == "preference":
			most = 80_000
		}
		if n := len(pdfOf(t, f)); n > most {
			t.Errorf("%s: %d bytes", f.ID, n)
		}
	}
}

func TestPDFSameBytes(t *testing.T) {
	f := figures(t, synthetic)[1]
	want := pdfOf(t, f)
	for _, procs := range []int{1, 2} {
		old := runtime.GOMAXPROCS(procs)
		for range 5 {
			if !bytes.Equal(pdfOf(t, f), want) {
				t.Errorf("GOMAXPROCS %d: other bytes", procs)
			}
		}
		runtime.GOMAXPROCS(old)
	}
}

// The page looks like the PNG: seen from as far as cells of 4 by 4 pixels,
// which hides how letters are smoothed, but for a few cells of a small page.
func TestPDFLooksLikePNG(t *testing.T) {
	if _, err := exec.LookPath("pdftoppm"); err != nil {
		t.Skipf("pdftoppm is not installed (Debian package poppler-utils): %v", err)
	}
	all := everyFigure(t)
	all["picture"] = withPicture(t)
	for name, f := range all {
		if strings.HasSuffix(name, "-hostile") || strings.HasSuffix(name, "-hundred") {
			continue
		}
		out := filepath.Join(t.TempDir(), "p")
		tool(t, pdfOf(t, f), "pdftoppm", "-r", "80", "-png", "-singlefile", "FILE", out)
		page, err := os.ReadFile(out + ".png")
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := f.WritePNG(&b, 80); err != nil {
			t.Fatal(err)
		}
		if off := afar(t, page, b.Bytes()); off > 0.012 {
			t.Errorf("%s: %.1f %% of the page looks different", name, 100*off)
		}
	}
}

// afar is the share of cells whose mean lightness differs by a fifth.
func afar(t *testing.T, a, b []byte) float64 {
	t.Helper()
	x, y := decoded(t, a), decoded(t, b)
	size := x.Bounds().Intersect(y.Bounds()).Size()
	mean := func(img image.Image, cx, cy int) (sum int) {
		for py := range 4 {
			for px := range 4 {
				sum += int(color.GrayModel.Convert(img.At(4*cx+px, 4*cy+py)).(color.Gray).Y)
			}
		}
		return sum / 16
	}
	off, n := 0, 0
	for cy := range size.Y / 4 {
		for cx := range size.X / 4 {
			n++
			if d := mean(x, cx, cy) - mean(y, cx, cy); max(d, -d) > 255/5 {
				off++
			}
		}
	}
	return float64(off) / float64(n)
}

func decoded(t *testing.T, file []byte) image.Image {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// picture is a plotter that draws an image of 16 bits per channel.
type picture struct{ img image.Image }

func (p picture) Plot(c draw.Canvas, _ *plot.Plot) {
	c.DrawImage(vg.Rectangle{Min: c.Min.Add(vg.Point{X: 10, Y: 10}), Max: c.Center()}, p.img)
}

func withPicture(t *testing.T) *figure.Figure {
	img := image.NewNRGBA64(image.Rect(0, 0, 2, 1))
	img.Set(0, 0, color.NRGBA{0xff, 0, 0, 0xff})
	img.Set(1, 0, color.NRGBA{0, 0, 0xff, 0x80})
	f := figure.New("picture", "An image", 1)
	f.Plot().Add(picture{img})
	return f
}

func TestPDFRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"正直":         "lacks '正' (U+6B63)",
		"ok 🙂":       "(U+1F642)",
		"שלום":       "right to left",
		"\ufffe ok?": "lacks",
	} {
		err := within(t, text, func() error { return figure.New("x", text, 1).WritePDF(io.Discard) })
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want an error with %q", text, err, want)
		}
	}
	for _, text := range []string{"", strings.Repeat("long ", 100), "a\nb", "\x00\x1b[31m", `\write18{x}`, "<&>\"'", "a\u202eb"} {
		if err := within(t, text, func() error { return figure.New("x", text, 1).WritePDF(io.Discard) }); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}
