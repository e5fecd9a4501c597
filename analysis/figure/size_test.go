package figure_test

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
)

func TestParseSize(t *testing.T) {
	for name, inches := range map[string]float64{
		"icml": 3.25, "icml-wide": 6.75, "neurips": 5.5, "acl": 3.03, "acl-wide": 6.3,
		"nature": 89 / 25.4, "nature-wide": 183 / 25.4,
	} {
		s, err := figure.ParseSize(name)
		if err != nil || math.Abs(float64(s.Width/vg.Inch)-inches) > 1e-9 || s.Height != 0 || s.String() != name {
			t.Errorf("%s: %v by %v, %q, %v, want %v inches wide", name, s.Width, s.Height, s, err, inches)
		}
	}
	if s, err := figure.ParseSize("3.5, 2.25"); err != nil || s != (figure.Size{Width: 252, Height: 162}) || s.String() != "3.5,2.25" {
		t.Errorf("%v (%q), %v", s, s.String(), err)
	}
	if s, err := figure.ParseSize(""); err != nil || s != (figure.Size{}) {
		t.Errorf("no size: %v, %v", s, err)
	}
	if _, err := figure.ParseSize("imcl"); !errors.Is(err, analysis.ErrUnknownName) {
		t.Errorf("a misspelt name: %v", err)
	}
	for _, s := range []string{"1,2,3", "x,1", "0,1", "-3,2", "NaN,1", "1e9,1", "3.25,0.1", ","} {
		if got, err := figure.ParseSize(s); err == nil {
			t.Errorf("%q is %v, want an error", s, got)
		}
	}
}

// Every figure in every size: drawn with 8 to 9 points, unclipped and
// without overlaps, at the width asked for.
func TestEverySize(t *testing.T) {
	for name, f := range everyFigure(t) {
		before := *f
		for _, size := range figure.SizeNames() {
			s, err := figure.ParseSize(size)
			if err != nil {
				t.Fatal(err)
			}
			var g *figure.Figure
			if err := within(t, name, func() (err error) { g, err = f.Sized(s); return err }); err != nil {
				t.Errorf("%s at %s: %v", name, size, err)
				continue
			}
			if g.Width != s.Width {
				t.Errorf("%s at %s is %v wide, want %v", name, size, g.Width, s.Width)
			}
			checkTexts(t, name+" at "+size, g, parseSVG(t, g).texts)
		}
		if f.Width != before.Width || f.Height != before.Height || f.Columns != before.Columns {
			t.Errorf("%s: Sized changed the figure", name)
		}
	}
}

func TestTooSmall(t *testing.T) {
	// One panel under a title: less than no room is left for it.
	one, err := figure.Disagreement(disagreements(t, 300)[:1], figure.DisagreementOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if g, err := one.Sized(figure.Size{Width: vg.Inch, Height: vg.Inch / 2}); err == nil {
		t.Errorf("drawn in %v by %v, want an error", g.Width, g.Height)
	}
	f := figures(t, synthetic)[2]
	for _, s := range []figure.Size{{Width: 1.2 * vg.Inch}, {Width: 3.25 * vg.Inch, Height: vg.Inch}, {Width: 1}, {Width: vg.Length(math.NaN())}} {
		if g, err := f.Sized(s); err == nil {
			t.Errorf("%v: drawn in %v by %v, want an error", s, g.Width, g.Height)
		}
	}
}
