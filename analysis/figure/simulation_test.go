package figure_test

import (
	"image"
	"image/color"
	"math"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/specstress/specstress/analysis/figure"
)

// sample is a legend's sample as printed at 300 dots per inch, white around.
func printedSample(thumb plot.Thumbnailer) image.Image {
	const w, h = 24, 12 // points
	img := vgimg.NewWith(vgimg.UseWH(w, h), vgimg.UseDPI(figure.PrintDPI))
	c := draw.NewCanvas(img, w, h)
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	inner := draw.Crop(c, 2, -2, 2, -2)
	thumb.Thumbnail(&inner)
	return img.Image()
}

// greyscale is how light a pixel is on a black and white print: L* of CIE.
func greyscale(c color.Color) float64 { return lab(linear(c))[0] }

// unlikeSamples is the share of pixels that look different.
func unlikeSamples(a, b image.Image, see func(x, y color.Color) float64, atLeast float64) float64 {
	off, all := 0, 0
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			all++
			if see(a.At(x, y), b.At(x, y)) > atLeast {
				off++
			}
		}
	}
	return float64(off) / float64(all)
}

// TestSeriesDifferOnPaper draws every series as bar, line and dot and looks
// at them as a black and white printer and as each kind of dichromat does:
// any two must differ visibly in a fair part of what they fill, whether by
// shade, hatch, dashes or marker.
func TestSeriesDifferOnPaper(t *testing.T) {
	const n = 7
	see := map[string]func(x, y color.Color) float64{
		"in greyscale": func(x, y color.Color) float64 { return math.Abs(greyscale(x) - greyscale(y)) },
	}
	for name, m := range dichromats {
		see["with "+name] = func(x, y color.Color) float64 { return distance(seenBy(x, m), seenBy(y, m)) }
	}
	kinds := map[string]func(s figure.Style) plot.Thumbnailer{
		"bars":  func(s figure.Style) plot.Thumbnailer { return &figure.Bars{Style: s} },
		"lines": func(s figure.Style) plot.Thumbnailer { return &figure.Line{Style: s} },
		"dots":  func(s figure.Style) plot.Thumbnailer { return &figure.Dots{Style: s} },
	}
	// Of the sample's area: a bar fills two thirds of it, a marker a tenth.
	want := map[string]float64{"bars": 0.10, "lines": 0.010, "dots": 0.006}
	for kind, thumb := range kinds {
		var printed [n]image.Image
		for i := range printed {
			printed[i] = printedSample(thumb(figure.SeriesStyle(i)))
		}
		for i := range n {
			for j := i + 1; j < n; j++ {
				for name, f := range see {
					// Four times what can just be noticed (Mahy et al. 1994).
					if share := unlikeSamples(printed[i], printed[j], f, 9.2); share < want[kind] {
						t.Errorf("%s of series %d and %d differ in %.2f %% of the sample %s, want %.1f %%", kind, i, j, 100*share, name, 100*want[kind])
					}
				}
			}
		}
	}
}
