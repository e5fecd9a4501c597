package figure

import (
	"fmt"
	"math"
	"strings"

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

// checkAxis refuses what makes gonum/plot v0.17.0 hang or panic. An axis
// to which nothing was added has infinite ends, of which it makes 0.
func checkAxis(a plot.Axis) error {
	if math.IsInf(a.Min, 1) && math.IsInf(a.Max, -1) {
		return nil
	}
	if !drawable(a.Min) || !drawable(a.Max) {
		return fmt.Errorf("from %v to %v, want numbers within ±%g", a.Min, a.Max, maxValue)
	}
	if span := math.Abs(a.Max - a.Min); span > 0 && span < 1e-9*max(math.Abs(a.Min), math.Abs(a.Max)) {
		return fmt.Errorf("from %v to %v, too close to tell ticks apart", a.Min, a.Max)
	}
	if _, log := a.Scale.(plot.LogScale); log && min(a.Min, a.Max) <= 0 {
		return fmt.Errorf("is logarithmic from %v, want more than 0", min(a.Min, a.Max))
	}
	return nil
}

// draw draws title, legend and panels, in this order from the top.
func (f *Figure) draw(c draw.Canvas) error {
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
			thumb = min(wide.ThumbnailWidth(), room/2)
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

// drawPanels aligns the plotting areas of the panels and draws them.
func (f *Figure) drawPanels(c draw.Canvas) error {
	cols := f.Columns
	if cols <= 0 {
		cols = 3
		if len(f.Panels) == 4 {
			cols = 2
		}
	}
	cols = min(cols, len(f.Panels))
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
	plots := make([][]*plot.Plot, rows)
	for r := range plots {
		plots[r] = make([]*plot.Plot, cols)
		for col := range plots[r] {
			i := r*cols + col
			if i >= len(f.Panels) {
				continue
			}
			var err error
			if plots[r][col], err = fit(f.Panels[i].Plot, tiles.At(c, col, r)); err != nil {
				return fmt.Errorf("figure %s: panel %d: %w", f.ID, i+1, err)
			}
		}
	}
	canvases := plot.Align(plots, tiles, c)
	for i, p := range f.Panels {
		r, col := i/cols, i%cols
		q, area := plots[r][col], canvases[r][col]
		data := q.DataCanvas(area)
		if size := data.Size(); size.X < leastRun || size.Y < leastRun {
			return fmt.Errorf("figure %s: panel %d: %.4g by %.4g inches leave no room for the marks beside the texts",
				f.ID, i+1, f.Width/vg.Inch, f.Height/vg.Inch)
		}
		q.Draw(area)
		heads[i].draw(&area, data.Min.X)
		if p.Empty != "" {
			sty := labelStyle()
			sty.XAlign = draw.XCenter
			txt := wrap(p.Empty, sty, data.Size().X-4, 4)
			drawText(&data, sty, vg.Point{X: data.Center().X, Y: data.Center().Y + sty.Height(txt)/2}, txt)
		}
		if f.Source.Synthetic != "" {
			drawMark(data, f.Source.Synthetic)
		}
	}
	return nil
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

// draw writes the head above an area.
func (h head) draw(area *draw.Canvas, x vg.Length) {
	y := area.Max.Y + h.height()
	if h.title != "" {
		drawText(area, titleStyle(), vg.Point{X: x, Y: y}, h.title)
		y -= titleStyle().Height(h.title)
	}
	if h.note != "" {
		drawText(area, labelStyle(), vg.Point{X: x, Y: y}, h.note)
	}
}

// fit returns a copy of a plot whose texts fit a canvas: axis labels and
// the names of categories are wrapped, turned or cut, and ticks are fewer
// where they would touch. It is an error where none of it helps.
func fit(p *plot.Plot, c draw.Canvas) (*plot.Plot, error) {
	q := *p
	q.Title.Text = wrap(q.Title.Text, q.Title.TextStyle, c.Size().X, 3)
	q.Y.Label.Text = wrap(q.Y.Label.Text, q.Y.Label.TextStyle, c.Size().Y*0.8, 2)
	yNames, _ := q.Y.Tick.Marker.(Names)
	if len(yNames) > 0 {
		q.Y.Tick.Marker = yNames.fitted(q.Y.Tick.Label, c.Size().X*0.42, 3)
	}
	xNames, _ := q.X.Tick.Marker.(Names)
	if len(xNames) > 0 {
		q.X.Tick.Marker = Names{} // long names would take the room to be measured
	}
	data := q.DataCanvas(c).Size()
	q.X.Label.Text = wrap(q.X.Label.Text, q.X.Label.TextStyle, data.X, 3)
	if len(xNames) > 0 {
		if err := fitX(&q, xNames, data); err != nil {
			return nil, err
		}
	}
	if len(yNames) > 0 {
		if err := fitY(&q, yNames, c); err != nil {
			return nil, err
		}
	}
	data = q.DataCanvas(c).Size()
	if t, ok := q.X.Tick.Marker.(Ticks); ok {
		widest := vg.Length(0)
		for _, tick := range t.Ticks(q.X.Min, q.X.Max) {
			widest = max(widest, q.X.Tick.Label.Width(tick.Label))
		}
		t.most = max(1, int(data.X/(widest*1.4+1)))
		q.X.Tick.Marker = t
	}
	if t, ok := q.Y.Tick.Marker.(Ticks); ok {
		t.most = max(1, int(data.Y/(q.Y.Tick.Label.Height("0")*1.3)))
		q.Y.Tick.Marker = t
	}
	return &q, nil
}

// fitX wraps the names under a plot, or turns them by a quarter.
func fitX(q *plot.Plot, names Names, size vg.Point) error {
	room := size.X / vg.Length(math.Abs(q.X.Max-q.X.Min))
	sty := q.X.Tick.Label
	if wide := room - sty.Width(" "); wide > 0 && !names.broken(sty, wide) {
		fitted := names.fitted(sty, wide, 5)
		tallest := 0
		for _, name := range fitted {
			tallest = max(tallest, strings.Count(name, "\n")+1)
		}
		if tallest <= 4 {
			q.X.Tick.Marker = fittedNames{fitted, room}
			return nil
		}
	}
	line := sty.Height("x")
	if room < line {
		return fmt.Errorf("%d names need %.2f inches in width, have %.2f", len(names),
			float64(len(names))*float64(line/vg.Inch), size.X/vg.Inch)
	}
	q.X.Tick.Marker = fittedNames{names.fitted(sty, size.Y*0.5, min(3, int(room/line))), room}
	q.X.Tick.Length += 2 // turned, they would touch the axis
	q.X.Tick.Label.Rotation = math.Pi / 2
	q.X.Tick.Label.XAlign = draw.XRight
	q.X.Tick.Label.YAlign = draw.YCenter
	return nil
}

// fitY gives the names beside a plot as many lines as leave them apart.
func fitY(q *plot.Plot, names Names, c draw.Canvas) error {
	sty := q.Y.Tick.Label
	height := q.DataCanvas(c).Size().Y
	room := height / vg.Length(math.Abs(q.Y.Max-q.Y.Min))
	line := sty.Height("x")
	lines := min(3, int(room*1.02/line))
	if lines < 1 {
		return fmt.Errorf("%d names need %.2f inches in height, have %.2f", len(names),
			float64(len(names))*float64(line/vg.Inch), height/vg.Inch)
	}
	q.Y.Tick.Marker = names.fitted(sty, c.Size().X*0.42, lines)
	return nil
}
