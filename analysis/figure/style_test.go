package figure_test

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
)

// linear is the light that an sRGB colour sends out (IEC 61966-2-1).
func linear(c color.Color) [3]float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	var out [3]float64
	for i, v := range []uint8{n.R, n.G, n.B} {
		x := float64(v) / 255
		if x <= 0.04045 {
			out[i] = x / 12.92
		} else {
			out[i] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	return out
}

// lab is CIE L*a*b* under D65.
func lab(rgb [3]float64) [3]float64 {
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4124564*rgb[0] + 0.3575761*rgb[1] + 0.1804375*rgb[2]) / 0.95047)
	y := f(0.2126729*rgb[0] + 0.7151522*rgb[1] + 0.0721750*rgb[2])
	z := f((0.0193339*rgb[0] + 0.1191920*rgb[1] + 0.9503041*rgb[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

// The matrices of Machado, Oliveira and Fernandes 2009 for full
// dichromacy, on linear light.
var dichromats = map[string][3][3]float64{
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

func TestProvidersStayApart(t *testing.T) {
	providers, _ := analysis.AllModels.Providers()
	providers = append(providers, analysis.UnknownProvider)
	for i, a := range providers {
		for _, b := range providers[i+1:] {
			x, y := figure.ProviderStyle(a), figure.ProviderStyle(b)
			if x.Marker == y.Marker || x.Hatch == y.Hatch || fmt.Sprint(x.Dashes) == fmt.Sprint(y.Dashes) {
				t.Errorf("%s and %s share marker, hatch or dashes", a, b)
			}
			for name, m := range dichromats {
				seen := func(c color.Color) [3]float64 {
					rgb := linear(c)
					var out [3]float64
					for r := range out {
						for k := range rgb {
							out[r] += m[r][k] * rgb[k]
						}
						out[r] = min(max(out[r], 0), 1)
					}
					return lab(out)
				}
				// A difference of 2.3 can just be noticed (Mahy et al.
				// 1994); marks are small, so ask for several times that.
				if d := distance(seen(x.Color), seen(y.Color)); d < 12 {
					t.Errorf("%s and %s differ by %.1f with %s, want 12", a, b, d, name)
				}
			}
			if b == analysis.UnknownProvider {
				continue
			}
			if d := math.Abs(lab(linear(x.Color))[0] - lab(linear(y.Color))[0]); d < 10 {
				t.Errorf("%s and %s differ by %.1f in lightness, want 10 for greyscale", a, b, d)
			}
		}
	}
}

func distance(a, b [3]float64) float64 {
	return math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
}

func TestModelsStayApart(t *testing.T) {
	_, models := analysis.AllModels.Providers()
	for provider, ids := range models {
		for i, a := range ids {
			for _, b := range ids[i+1:] {
				x, y := figure.ModelStyle(a), figure.ModelStyle(b)
				if x.Marker == y.Marker || x.Color == y.Color {
					t.Errorf("%s: %s and %s share marker or colour", provider, a, b)
				}
			}
		}
		if len(ids) > 1 {
			continue
		}
		for _, other := range analysis.AllModels.Models {
			if other != ids[0] && figure.ModelStyle(other).Marker == figure.ModelStyle(ids[0]).Marker {
				t.Errorf("%s, the only model of %s, has the marker of %s", ids[0], provider, other)
			}
		}
	}
}
