package figure_test

import (
	"bytes"
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/specstress/specstress/analysis/figure"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

// Look at the pictures before committing what -update wrote.
const goldenDPI = 80

func TestGolden(t *testing.T) {
	for _, f := range figures(t, synthetic) {
		golden(t, f.ID, f)
		if f.ID == "fig1" { // its boxes get taller
			var err error
			if f, err = f.Sized(figure.ICMLColumn); err != nil {
				t.Fatal(err)
			}
		} else {
			f.Width = f.Width * 9 / 10
		}
		golden(t, f.ID+"-narrower", f)
	}
}

func golden(t *testing.T, name string, f *figure.Figure) {
	t.Helper()
	got, err := f.CSV()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", f.ID+".csv")
	if *update {
		write(t, file, got)
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; the new one is %s", file, keep(t, f.ID+".csv", got))
	}

	var picture bytes.Buffer
	if err := f.WritePNG(&picture, goldenDPI); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join("testdata", name+".png")
	if *update {
		write(t, file, picture.Bytes())
	}
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if why := differ(t, picture.Bytes(), old); why != "" {
		t.Errorf("%s %s; the new one is %s", file, why, keep(t, name+".png", picture.Bytes()))
	}
}

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// keep leaves a file where one can look at it after the test.
func keep(t *testing.T, name string, data []byte) string {
	t.Helper()
	file := filepath.Join(os.TempDir(), "specstress-figure", name)
	write(t, file, data)
	return file
}

// differ allows for processors that round differently: up to one pixel in
// two hundred may be off by more than a fifth of the scale, which is less
// than a missing mark.
func differ(t *testing.T, a, b []byte) string {
	t.Helper()
	decode := func(data []byte) image.Image {
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		return img
	}
	x, y := decode(a), decode(b)
	if x.Bounds() != y.Bounds() {
		return "has another size"
	}
	off, all := 0, 0
	for py := x.Bounds().Min.Y; py < x.Bounds().Max.Y; py++ {
		for px := x.Bounds().Min.X; px < x.Bounds().Max.X; px++ {
			r1, g1, b1, _ := x.At(px, py).RGBA()
			r2, g2, b2, _ := y.At(px, py).RGBA()
			all++
			for _, d := range []int{int(r1) - int(r2), int(g1) - int(g2), int(b1) - int(b2)} {
				if max(d, -d) > 0xffff/5 {
					off++
					break
				}
			}
		}
	}
	if off*200 > all {
		return "differs in too many pixels"
	}
	return ""
}
