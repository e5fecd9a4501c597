package figure

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// HeatMap draws a table of values as coloured cells, the first row on top.
// The colour grows darker from Lo to Hi, so that it reads in greyscale;
// missing values (NaN) are crossed out. Format writes the values into the
// cells, into all or, where one has no room, into none; nil writes none.
type HeatMap struct {
	Values [][]float64 // [row][column]
	Lo, Hi float64
	Format func(float64) string
}

// NewHeatMap returns a heat map whose colours run from lo to hi. Rows of
// different lengths, no cell at all, an infinite value and lo >= hi are
// errors.
func NewHeatMap(values [][]float64, lo, hi float64) (*HeatMap, error) {
	if len(values) == 0 || len(values[0]) == 0 || len(values)*len(values[0]) > maxPoints {
		return nil, fmt.Errorf("figure: heat map of %d rows, want 1..%d cells", len(values), maxPoints)
	}
	if !drawable(lo) || !drawable(hi) || lo >= hi {
		return nil, fmt.Errorf("figure: heat map: colours from %v to %v, want ascending numbers within ±%g", lo, hi, maxValue)
	}
	for r, row := range values {
		if len(row) != len(values[0]) {
			return nil, fmt.Errorf("figure: heat map: row %d has %d cells, want %d", r, len(row), len(values[0]))
		}
		for col, v := range row {
			if !math.IsNaN(v) && !drawable(v) {
				return nil, fmt.Errorf("figure: heat map: row %d, column %d is %v, want a number within ±%g or NaN", r, col, v, maxValue)
			}
		}
	}
	return &HeatMap{Values: values, Lo: lo, Hi: hi}, nil
}

// Plot implements plot.Plotter.
func (h *HeatMap) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	sty := labelStyle()
	sty.XAlign = draw.XCenter
	written := h.fits(sty, x(1)-x(0), y(1)-y(0))
	for r, row := range h.Values {
		at := float64(len(h.Values) - 1 - r)
		for col, v := range row {
			cell := vg.Rectangle{
				Min: vg.Point{X: x(float64(col) - 0.5), Y: y(at - 0.5)},
				Max: vg.Point{X: x(float64(col) + 0.5), Y: y(at + 0.5)},
			}
			if math.IsNaN(v) {
				c.StrokeLines(thinLine(axisGrey), []vg.Point{cell.Min, cell.Max},
					[]vg.Point{{X: cell.Min.X, Y: cell.Max.Y}, {X: cell.Max.X, Y: cell.Min.Y}})
				continue
			}
			shade := h.shade(v)
			fillRect(&c, shade, cell)
			if !written {
				continue
			}
			txt := h.Format(v)
			sty.Color = black
			if lightness(shade) < 0.55 {
				sty.Color = white
			}
			mid := vg.Point{X: (cell.Min.X + cell.Max.X) / 2, Y: (cell.Min.Y + cell.Max.Y) / 2}
			drawText(&c, sty, vg.Point{X: mid.X, Y: mid.Y + sty.Height(txt)/2}, txt)
		}
	}
}

// fits reports whether there is room for the value of every cell: numbers in
// some cells alone would look as if the others had none.
func (h *HeatMap) fits(sty text.Style, width, height vg.Length) bool {
	if h.Format == nil {
		return false
	}
	for _, row := range h.Values {
		for _, v := range row {
			if txt := h.Format(v); !math.IsNaN(v) && (sty.Width(txt) > width || sty.Height(txt) > height) {
				return false
			}
		}
	}
	return true
}

// shade is white at Lo and the palette's blue, darkened, at Hi.
func (h *HeatMap) shade(v float64) color.Color {
	t := min(max((v-h.Lo)/(h.Hi-h.Lo), 0), 1)
	dark := color.NRGBA{0x00, 0x45, 0x6c, 0xff}
	return lighter(dark, 1-t)
}

// lightness is the relative luminance that decides on the colour of text.
func lightness(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return (0.299*float64(n.R) + 0.587*float64(n.G) + 0.114*float64(n.B)) / 255
}

// DataRange implements plot.DataRanger.
func (h *HeatMap) DataRange() (xmin, xmax, ymin, ymax float64) {
	return -0.5, float64(len(h.Values[0])) - 0.5, -0.5, float64(len(h.Values)) - 0.5
}

// Label names the columns and the rows on the axes of a plot.
func (h *HeatMap) Label(p *plot.Plot, columns, rows []string) {
	SetNames(&p.X, columns)
	up := slices.Clone(rows)
	slices.Reverse(up) // the axis counts from below
	SetNames(&p.Y, up)
}

// A ColorBar explains the colours of a heat map in the figure's legend.
type ColorBar struct {
	Map    *HeatMap
	Format func(float64) string // of both ends; nil means two decimals
}

const (
	barWidth = 80
	barSteps = 40
)

func (b ColorBar) ends() (lo, hi string) {
	format := b.Format
	if format == nil {
		format = func(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }
	}
	return format(b.Map.Lo), format(b.Map.Hi)
}

// ThumbnailWidth is the room that the bar and its ends take in a legend.
func (b ColorBar) ThumbnailWidth() vg.Length {
	lo, hi := b.ends()
	sty := labelStyle()
	return sty.Width(lo) + sty.Width(hi) + barWidth + 9
}

// Thumbnail implements plot.Thumbnailer.
func (b ColorBar) Thumbnail(c *draw.Canvas) {
	lo, hi := b.ends()
	sty := labelStyle()
	top := c.Center().Y + sty.Height("x")/2
	drawText(c, sty, vg.Point{X: c.Min.X, Y: top}, lo)
	x := c.Min.X + sty.Width(lo) + 3
	for i := range barSteps {
		shade := b.Map.shade(b.Map.Lo + (b.Map.Hi-b.Map.Lo)*(float64(i)+0.5)/barSteps)
		from := x + vg.Length(i)*barWidth/barSteps
		fillRect(c, shade, vg.Rectangle{Min: vg.Point{X: from, Y: c.Min.Y}, Max: vg.Point{X: min(from+barWidth/barSteps+0.4, x+barWidth), Y: c.Max.Y}})
	}
	c.SetLineStyle(thinLine(axisGrey))
	c.Stroke(vg.Rectangle{Min: vg.Point{X: x, Y: c.Min.Y}, Max: vg.Point{X: x + barWidth, Y: c.Max.Y}}.Path())
	drawText(c, sty, vg.Point{X: x + barWidth + 3, Y: top}, hi)
}
