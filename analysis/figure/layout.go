package figure

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Room, in points: around the figure, between panels, between the parts of
// a legend, and the least a plotting area must have.
const (
	margin   = 4
	panelGap = 10
	thumb    = 16
	thumbGap = 4
	entryGap = 12
	leastRun = 24
)

func (f *Figure) checkSize() error {
	w, h := f.Width, f.Height
	if !(w >= vg.Inch && w <= 100*vg.Inch && h >= vg.Inch/2 && h <= 100*vg.Inch) {
		return fmt.Errorf("figure %s: %.4g by %.4g inches, want 1..100 wide and 0.5..100 high", f.ID, w/vg.Inch, h/vg.Inch)
	}
	if len(f.Panels) == 0 || len(f.Panels) > maxPanels {
		return fmt.Errorf("figure %s has %d panels, want 1..%d", f.ID, len(f.Panels), maxPanels)
	}
	for i, p := range f.Panels {
		if p.Plot == nil {
			return fmt.Errorf("figure %s: panel %d has no plot", f.ID, i+1)
		}
		for _, a := range []struct {
			name string
			plot.Axis
		}{{"x", p.Plot.X}, {"y", p.Plot.Y}} {
			if err := checkAxis(a.Axis); err != nil {
				return fmt.Errorf("figure %s: panel %d: %s axis %w", f.ID, i+1, a.name, err)
			}
		}
	}
	return nil
}

const maxPanels = 48

// draw draws title, legend and panels, in this order from the top.
func (f *Figure) draw(c draw.Canvas) error {
	_, err := f.arrange(c)
	return err
}

// arrange is draw, and tells the plotting area of each panel.
func (f *Figure) arrange(c draw.Canvas) (areas []vg.Rectangle, err error) {
	fillRect(&c, white, c.Rectangle)
	c = draw.Crop(c, margin, -margin, margin, -margin)
	if title := wrap(f.Title, titleStyle(), c.Size().X, 4); title != "" {
		drawText(&c, titleStyle(), vg.Point{X: c.Min.X, Y: c.Max.Y}, title)
		c.Max.Y -= titleStyle().Height(title) + 3
	}
	c.Max.Y -= f.drawLegend(c)
	return f.drawPanels(c)
}

// drawLegend writes the entries in rows and returns the height it took.
func (f *Figure) drawLegend(c draw.Canvas) vg.Length {
	if len(f.Legend) == 0 {
		return 0
	}
	sty := labelStyle()
	room := c.Size().X
	x, y := c.Min.X, c.Max.Y
	rowHeight := sty.Height("x")
	for _, e := range f.Legend {
		thumb := vg.Length(thumb)
		if wide, ok := e.Thumb.(interface{ ThumbnailWidth() vg.Length }); ok {
			thumb = min(wide.ThumbnailWidth(), room*0.8)
		}
		name := wrap(e.Name, sty, room-thumb-thumbGap, 3)
		w, h := thumb+thumbGap+sty.Width(name), sty.Height(name)
		if x > c.Min.X && x+w > c.Max.X {
			x, y = c.Min.X, y-rowHeight-1
			rowHeight = sty.Height("x")
		}
		rowHeight = max(rowHeight, h)
		line := sty.Height("x")
		sample := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: x, Y: y - line + 1.5}, Max: vg.Point{X: x + thumb, Y: y - 1.5}}}
		if e.Thumb != nil {
			e.Thumb.Thumbnail(&sample)
		}
		drawText(&c, sty, vg.Point{X: x + thumb + thumbGap, Y: y}, name)
		x += w + entryGap
	}
	return c.Max.Y - y + rowHeight + 5
}

// columns is how many panels stand in a row.
func (f *Figure) columns() int {
	cols := f.Columns
	if cols <= 0 {
		cols = 3
		if len(f.Panels) == 4 {
			cols = 2
		}
	}
	return min(cols, len(f.Panels))
}

// drawPanels aligns the plotting areas of the panels, draws them and
// returns the areas.
func (f *Figure) drawPanels(c draw.Canvas) (areas []vg.Rectangle, err error) {
	cols := f.columns()
	rows := (len(f.Panels) + cols - 1) / cols
	width := (c.Size().X - vg.Length(cols-1)*panelGap) / vg.Length(cols)

	heads := make([]head, len(f.Panels))
	tiles := draw.Tiles{Cols: cols, Rows: rows, PadX: panelGap}
	for i, p := range f.Panels {
		// Titles start at the y axis, whose labels may take a quarter.
		heads[i] = newHead(p, width*0.75)
		if i < cols {
			tiles.PadTop = max(tiles.PadTop, heads[i].height())
		} else {
			tiles.PadY = max(tiles.PadY, heads[i].height()+panelGap)
		}
	}
	plots, err := f.fitPanels(c, tiles, nil)
	if err != nil {
		return nil, err
	}
	canvases := plot.Align(plots, tiles, c)
	// Texts below a plot that were fitted before it was aligned with
	// narrower ones may be too wide for it now.
	if over := tooWide(plots, canvases, tiles, c); over != nil {
		if plots, err = f.fitPanels(c, tiles, over); err != nil {
			return nil, err
		}
		canvases = plot.Align(plots, tiles, c)
	}
	tops := make([]vg.Length, rows) // of the titles, level in a row
	for i := range f.Panels {
		r, col := i/cols, i%cols
		tops[r] = max(tops[r], canvases[r][col].Max.Y)
	}
	for i, p := range f.Panels {
		r, col := i/cols, i%cols
		q, area := plots[r][col], canvases[r][col]
		data := q.DataCanvas(area)
		// Aligned into less than nothing, an area has the size NaN.
		if size := data.Size(); !(size.X >= leastRun && size.Y >= leastRun) {
			lacks := max(leastRun-size.Y, 0)
			if math.IsNaN(float64(size.Y)) {
				lacks = leastRun
			}
			return nil, fmt.Errorf("figure %s: panel %d: %.4g by %.4g inches leave no room for the marks beside the texts%w",
				f.ID, i+1, f.Width/vg.Inch, f.Height/vg.Inch, lacking{lacks})
		}
		if size := data.Size(); p.needs != nil && size.Y < p.needs(size.X)-0.01 {
			return nil, fmt.Errorf("figure %s: panel %d needs %.2f inches in height, has %.2f%w",
				f.ID, i+1, p.needs(size.X)/vg.Inch, size.Y/vg.Inch, lacking{p.needs(size.X) - size.Y})
		}
		areas = append(areas, data.Rectangle)
		q.Draw(area)
		right := c.Max.X
		if col+1 < cols {
			right = canvases[r][col+1].Min.X
		}
		heads[i].draw(&area, vg.Point{X: min(data.Min.X, right-heads[i].width()), Y: tops[r]})
		if p.Empty != "" {
			sty := labelStyle()
			sty.XAlign = draw.XCenter
			txt := wrap(p.Empty, sty, data.Size().X-4, 4)
			drawText(&data, sty, vg.Point{X: data.Center().X, Y: data.Center().Y + sty.Height(txt)/2}, txt)
		}
		switch {
		case f.Source.Synthetic != "":
			drawMark(data, f.Source.Synthetic)
		case p.Mark != "":
			drawMark(data, p.Mark)
		}
	}
	return areas, nil
}

// fitPanels fits each plot into its tile, less what over says, by panel.
func (f *Figure) fitPanels(c draw.Canvas, tiles draw.Tiles, over []vg.Length) ([][]*plot.Plot, error) {
	plots := make([][]*plot.Plot, tiles.Rows)
	for r := range plots {
		plots[r] = make([]*plot.Plot, tiles.Cols)
		for col := range plots[r] {
			i := r*tiles.Cols + col
			if i >= len(f.Panels) {
				continue
			}
			tile := tiles.At(c, col, r)
			if over != nil {
				tile.Max.X -= over[i]
			}
			var err error
			if plots[r][col], err = fit(f.Panels[i].Plot, tile); err != nil {
				return nil, fmt.Errorf("figure %s: panel %d: %w", f.ID, i+1, err)
			}
		}
	}
	return plots, nil
}

// tooWide is by how much each plotting area was wider alone than it is
// aligned, where texts below depend on it; nil where all are well.
func tooWide(plots [][]*plot.Plot, canvases [][]draw.Canvas, tiles draw.Tiles, c draw.Canvas) (over []vg.Length) {
	width := vg.Length(math.Inf(1))
	for r, row := range plots {
		for col, q := range row {
			if q != nil {
				width = min(width, q.DataCanvas(canvases[r][col]).Size().X)
			}
		}
	}
	found := false
	for r, row := range plots {
		for col, q := range row {
			if q == nil {
				continue
			}
			by := vg.Length(0)
			_, names := q.X.Tick.Marker.(fittedNames)
			// The last tick's label sticks out by as much as a label that
			// is 8 points wider.
			if names || q.X.Label.TextStyle.Width(q.X.Label.Text) > width+8 {
				by = max(0, q.DataCanvas(tiles.At(c, col, r)).Size().X-width)
			}
			found = found || by > 0.5
			over = append(over, by)
		}
	}
	if !found {
		return nil
	}
	return over
}

// A head is what stands above a panel.
type head struct{ title, note string }

func newHead(p Panel, width vg.Length) head {
	return head{wrapLines(p.Title, titleStyle(), width, 3), wrapLines(p.Note, labelStyle(), width, 3)}
}

func (h head) height() vg.Length {
	var sum vg.Length
	if h.title != "" {
		sum += titleStyle().Height(h.title)
	}
	if h.note != "" {
		sum += labelStyle().Height(h.note)
	}
	if sum > 0 {
		sum += 3
	}
	return sum
}

func (h head) width() vg.Length {
	return max(titleStyle().Width(h.title), labelStyle().Width(h.note))
}

// draw writes the head above a point.
func (h head) draw(area *draw.Canvas, at vg.Point) {
	x, y := at.X, at.Y+h.height()
	if h.title != "" {
		drawText(area, titleStyle(), vg.Point{X: x, Y: y}, h.title)
		y -= titleStyle().Height(h.title)
	}
	if h.note != "" {
		drawText(area, labelStyle(), vg.Point{X: x, Y: y}, h.note)
	}
}
