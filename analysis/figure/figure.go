package figure

import (
	"bytes"
	"fmt"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes of the figures here, as wide as one and both columns of a
// two-column paper. Text is 8 to 9 points at these sizes; to print smaller,
// change Width and Height of the figure instead of scaling it.
const (
	ColumnWidth = 3.25 * vg.Inch
	PageWidth   = 6.75 * vg.Inch
)

// PrintDPI is the resolution in which Save and Encode write PNG.
const PrintDPI = 300

// A Source says which data a figure shows. The zero Source is all rows of
// data that are not synthetic.
type Source struct {
	// Synthetic is what to call made-up data, as in "synthetic sample".
	// When it is set, it stands across every panel and at the start of
	// the caption, and in a column of the CSV. Published values are
	// refused beside it.
	Synthetic string
	// Filter says which rows were taken, as in "nudge=neutral", for the
	// caption.
	Filter string
	// Provenance says where the data are from, for the manifest; nil
	// where nobody knows.
	Provenance *Provenance
}

// A Figure is one or more panels, and the numbers their marks encode.
// Everything can be changed until it is written.
type Figure struct {
	ID      string // file name without extension
	Title   string // above the panels; "" for none
	Caption string // below the figure, where a document has one
	Alt     string // what there is to see, for those who cannot see it

	Panels  []Panel // row by row
	Columns int     // panels in a row; 0 means at most three
	Legend  []Entry // above the panels

	Width, Height vg.Length

	Rows   Table // the numbers behind the marks
	Source Source
}

// A Panel is one plot of a figure.
type Panel struct {
	Title string // above the plot, in bold
	Note  string // under the title; may contain line breaks
	Plot  *plot.Plot
	// Empty is written across the plotting area in place of marks, as in
	// "no data (n = 0)".
	Empty string
	// Mark is written large across the plotting area, as the name of
	// synthetic data is: "published" where a panel shows the paper's numbers
	// alone.
	Mark string

	// needs is the height that the plotting area must have at a width; nil
	// where any will do.
	needs func(width vg.Length) vg.Length
}

// An Entry is one line of a legend. The blocks of this package are
// Thumbnailers.
type Entry struct {
	Name  string
	Thumb plot.Thumbnailer
}

// New returns a figure of n empty panels in the house style, as wide as
// both columns of a paper when there are several panels.
func New(id, title string, n int) *Figure {
	f := &Figure{ID: id, Title: title, Width: ColumnWidth, Height: 2.6 * vg.Inch}
	for range n {
		f.Panels = append(f.Panels, Panel{Plot: newPlot()})
	}
	if n > 1 {
		f.Width = PageWidth
	}
	return f
}

// Plot is the plot of the first panel.
func (f *Figure) Plot() *plot.Plot { return f.Panels[0].Plot }

// WriteSVG writes the figure as an SVG document that scales with the page
// it stands in. Text stays text, in Liberation Sans or what looks like it.
func (f *Figure) WriteSVG(w io.Writer) error {
	if err := f.checkSize(); err != nil {
		return err
	}
	c := newSVG(f.Width, f.Height)
	if err := f.draw(draw.NewCanvas(c, f.Width, f.Height)); err != nil {
		return err
	}
	about, err := f.about()
	if err != nil {
		return err
	}
	return c.write(w, about, f.Title, f.description())
}

// WritePNG writes the figure as a picture of the given resolution, which
// the file states, so that it is printed in its size.
func (f *Figure) WritePNG(w io.Writer, dpi int) error {
	if err := f.checkSize(); err != nil {
		return err
	}
	if dpi < 30 || dpi > 1200 {
		return fmt.Errorf("figure %s: %d dots per inch, want 30..1200", f.ID, dpi)
	}
	if dots := f.Width.Dots(float64(dpi)) * f.Height.Dots(float64(dpi)); dots > maxDots {
		return fmt.Errorf("figure %s: %.0f pixels at %d dots per inch, want at most %d", f.ID, dots, dpi, maxDots)
	}
	return f.writePNG(w, dpi)
}

// WriteCSV writes the numbers behind the marks. Of synthetic data, each
// row says so in the column source.
func (f *Figure) WriteCSV(w io.Writer) error {
	if err := f.Rows.write(w, f.Source.Synthetic); err != nil {
		return fmt.Errorf("figure %s: %w", f.ID, err)
	}
	return nil
}

// CSV is what WriteCSV writes.
func (f *Figure) CSV() ([]byte, error) {
	var b bytes.Buffer
	err := f.WriteCSV(&b)
	return b.Bytes(), err
}

// description is what a screen reader reads: caption and alternative text.
func (f *Figure) description() string {
	if f.Alt == "" || f.Caption == "" {
		return f.Alt + f.Caption
	}
	return f.Alt + " " + f.Caption
}
