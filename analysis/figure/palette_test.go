package figure_test

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"github.com/specstress/specstress/analysis/figure"
)

// seenBy is a colour as somebody sees it, in CIE L*a*b*.
func seenBy(c color.Color, m [3][3]float64) [3]float64 {
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

// Any two series differ in marker, hatch and dashes; series that stand next
// to each other in the order also differ in colour for everybody.
func TestSeriesStayApart(t *testing.T) {
	sight := map[string][3][3]float64{"full sight": {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}
	for name, m := range dichromats {
		sight[name] = m
	}
	const n = 7
	for i := range n {
		a := figure.SeriesStyle(i)
		for j := i + 1; j < n; j++ {
			b := figure.SeriesStyle(j)
			if a.Marker == b.Marker || a.Hatch == b.Hatch || fmt.Sprint(a.Dashes) == fmt.Sprint(b.Dashes) {
				t.Errorf("series %d and %d share marker, hatch or dashes", i, j)
			}
		}
		if i == n-1 {
			continue
		}
		b := figure.SeriesStyle(i + 1)
		for name, m := range sight {
			// As in TestProvidersStayApart: several times what can just be
			// noticed.
			if d := distance(seenBy(a.Color, m), seenBy(b.Color, m)); d < 12 {
				t.Errorf("series %d and %d differ by %.1f with %s, want 12", i, i+1, d, name)
			}
		}
		if d := math.Abs(lab(linear(a.Color))[0] - lab(linear(b.Color))[0]); d < 5 {
			t.Logf("series %d and %d differ by %.1f in lightness only: in greyscale by marker, hatch and dashes", i, i+1, d)
		}
	}
}
