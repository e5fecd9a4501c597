package figure

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
)

// A Size is how large a figure is printed. The zero Size is the figure's
// own. With Height 0 the height follows from what the figure shows: plotting
// areas stay as high as they are.
//
// Text has 8 to 9 points in every size: a figure is laid out anew and never
// scaled. Include it in a document without scaling it there.
type Size struct{ Width, Height vg.Length }

// The widths of columns and pages, by the style files of 2025: of ICML,
// NeurIPS (one column only), ACL and Nature. Take them for constants.
var (
	ICMLColumn   = Size{Width: 3.25 * vg.Inch}
	ICMLWide     = Size{Width: 6.75 * vg.Inch}
	NeurIPS      = Size{Width: 5.5 * vg.Inch}
	ACLColumn    = Size{Width: 3.03 * vg.Inch}
	ACLWide      = Size{Width: 6.3 * vg.Inch}
	NatureColumn = Size{Width: 89 * vg.Millimeter}
	NatureWide   = Size{Width: 183 * vg.Millimeter}
)

// sizeNames are the names of the sizes above, in order.
var sizeNames = []struct {
	name string
	size Size
}{
	{"icml", ICMLColumn}, {"icml-wide", ICMLWide}, {"neurips", NeurIPS},
	{"acl", ACLColumn}, {"acl-wide", ACLWide},
	{"nature", NatureColumn}, {"nature-wide", NatureWide},
}

// SizeNames lists the names that ParseSize knows.
func SizeNames() []string {
	names := make([]string, len(sizeNames))
	for i, n := range sizeNames {
		names[i] = n.name
	}
	return names
}

// ParseSize reads the name of a size, such as "icml-wide", or a width and a
// height in inches, as in "3.5,2.25". The empty text is the zero Size. An
// unknown name is an analysis.ErrUnknownName that names the nearest ones.
func ParseSize(s string) (Size, error) {
	if s == "" {
		return Size{}, nil
	}
	for _, n := range sizeNames {
		if n.name == s {
			return n.size, nil
		}
	}
	width, height, ok := strings.Cut(s, ",")
	if !ok {
		return Size{}, fmt.Errorf("figure: %w; or W,H in inches", analysis.UnknownName("size", s, SizeNames()))
	}
	w, errW := strconv.ParseFloat(strings.TrimSpace(width), 64)
	h, errH := strconv.ParseFloat(strings.TrimSpace(height), 64)
	size := Size{vg.Length(w) * vg.Inch, vg.Length(h) * vg.Inch}
	if errW != nil || errH != nil {
		return Size{}, fmt.Errorf("figure: size %q, want two numbers of inches as in 3.5,2.25", s)
	}
	return size, size.check()
}

// String is what ParseSize reads.
func (s Size) String() string {
	for _, n := range sizeNames {
		if n.size == s {
			return n.name
		}
	}
	inches := func(l vg.Length) string {
		return strconv.FormatFloat(math.Round(float64(l/vg.Inch)*1e4)/1e4, 'f', -1, 64)
	}
	if s == (Size{}) {
		return ""
	}
	return inches(s.Width) + "," + inches(s.Height)
}

func (s Size) check() error {
	if !(s.Width >= vg.Inch && s.Width <= 100*vg.Inch) || s.Height != 0 && !(s.Height >= vg.Inch/2 && s.Height <= 100*vg.Inch) {
		return fmt.Errorf("figure: size of %.4g by %.4g inches, want 1..100 wide and 0.5..100 high", s.Width/vg.Inch, s.Height/vg.Inch)
	}
	return nil
}

// leastWidth is how narrow a plotting area gets before panels move below
// each other.
const leastWidth = 0.85 * vg.Inch

// Sized returns the figure laid out in another size; f stays as it is, and
// both share their plots. Panels that get too narrow move below each other.
// A size too small for the texts is an error that says which: nothing is
// scaled or clipped.
func (f *Figure) Sized(s Size) (*Figure, error) {
	g := *f
	if s == (Size{}) || s.Width == f.Width && (s.Height == 0 || s.Height == f.Height) {
		if _, err := g.areas(); err != nil {
			return nil, err
		}
		return &g, nil
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	now, err := f.areas()
	if err != nil {
		return nil, err
	}
	var best *Figure
	for cols := f.columns(); cols >= 1; cols-- {
		g := *f
		g.Columns, g.Width, g.Height = cols, s.Width, s.Height
		areas, problem := g.settle(s, now)
		if problem != nil {
			err = problem
			continue
		}
		best = &g
		if least(areas).X >= min(leastWidth, least(now).X) {
			break
		}
	}
	if best == nil {
		return nil, err
	}
	return best, nil
}

// settle finds the height that keeps the shape of plotting areas about as
// it is now, unless the size has a height. Areas that get narrower get
// lower, too, but less so; rows of names keep their height.
func (f *Figure) settle(s Size, now []vg.Rectangle) (areas []vg.Rectangle, err error) {
	if s.Height != 0 {
		return f.areas()
	}
	rows := vg.Length((len(f.Panels) + f.columns() - 1) / f.columns())
	was := least(now)
	f.Height = rows*(was.Y+40) + 40
	floor := vg.Length(0) // what names need
	for range 12 {
		areas, err = f.areas()
		var l lacking
		if errors.As(err, &l) && l.height > 0 {
			f.Height += rows * (l.height + 1)
			floor = f.Height
			continue
		}
		if err != nil {
			return nil, err
		}
		want := was.Y
		if needs := f.needs(areas); needs > 0 {
			want = needs
		} else if !f.rowsOfNames() {
			// Lower, too, but not squat.
			width := least(areas).X
			want = max(want*vg.Length(math.Sqrt(min(1, float64(width/was.X)))), min(want, width*0.55))
		}
		grow := rows * (want - least(areas).Y)
		if math.Abs(float64(grow)) < 0.5 || grow < 0 && f.Height <= floor {
			break
		}
		f.Height = max(f.Height+grow, floor)
	}
	return areas, err
}

// grow adds the height that long names lack, so that the figure can be drawn
// as it is made.
func (f *Figure) grow() {
	rows := vg.Length((len(f.Panels) + f.columns() - 1) / f.columns())
	for range 16 {
		_, err := f.areas()
		var l lacking
		if !errors.As(err, &l) || l.height <= 0 {
			return // whoever draws it is told what else is wrong
		}
		f.Height += rows * (l.height + 1)
	}
}

// needs is the height that some panel's area must have, 0 for any.
func (f *Figure) needs(areas []vg.Rectangle) (height vg.Length) {
	for i, p := range f.Panels {
		if p.needs != nil {
			height = max(height, p.needs(areas[i].Size().X))
		}
	}
	return height
}

// rowsOfNames reports whether any panel has names beside its plot.
func (f *Figure) rowsOfNames() bool {
	return slices.ContainsFunc(f.Panels, func(p Panel) bool {
		names, ok := p.Plot.Y.Tick.Marker.(Names)
		return ok && len(names) > 0
	})
}

// least is the least width and the least height of some areas.
func least(areas []vg.Rectangle) vg.Point {
	size := areas[0].Size()
	for _, a := range areas[1:] {
		size.X, size.Y = min(size.X, a.Size().X), min(size.Y, a.Size().Y)
	}
	return size
}
