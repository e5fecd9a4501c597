package figure_test

import (
	"math"
	"testing"

	"github.com/specstress/specstress/analysis/figure"
)

// FuzzParseSize parses any text as a size. One that is accepted is finite
// and not negative.
func FuzzParseSize(f *testing.F) {
	for _, s := range append(figure.SizeNames(), "", "3.5,2.25", "3.5", "nan,1", "inf,inf", "-1,2", "1e308,1e308", ",", "1,2,3", "0x1p3,1", "icml ", "\x00") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		size, err := figure.ParseSize(text)
		if err != nil {
			return
		}
		for _, x := range []float64{float64(size.Width), float64(size.Height)} {
			if math.IsNaN(x) || math.IsInf(x, 0) || x < 0 {
				t.Errorf("%q is %v", text, size)
			}
		}
	})
}
