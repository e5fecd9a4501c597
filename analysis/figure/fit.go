package figure

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// maxNames is how many categories one can still read in a figure.
const maxNames = 120

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

// fit returns a copy of a plot whose texts fit a canvas: axis labels and
// the names of categories are wrapped or turned, and ticks are fewer
// where they would touch. It is an error where none of it helps.
func fit(p *plot.Plot, c draw.Canvas) (q *plot.Plot, err error) {
	// Names beside the plot get more of the width when they need it.
	shares := []vg.Length{0.42, 0.5, 0.58}
	if names, ok := p.X.Tick.Marker.(Names); ok && len(names) > 0 {
		shares = []vg.Length{0.3, 0.36, 0.42} // those below need width, too
	}
	for _, share := range shares {
		if q, err = fitBeside(p, c, c.Size().X*share); err == nil {
			return q, nil
		}
	}
	return nil, err
}

// fitBeside is fit with a width for the names of categories on the y axis.
func fitBeside(p *plot.Plot, c draw.Canvas, beside vg.Length) (*plot.Plot, error) {
	q := *p
	q.Title.Text = wrap(q.Title.Text, q.Title.TextStyle, c.Size().X, 3)
	q.Y.Label.Text = wrap(q.Y.Label.Text, q.Y.Label.TextStyle, c.Size().Y*0.8, 2)
	yNames, _ := q.Y.Tick.Marker.(Names)
	if len(yNames) > 0 {
		q.Y.Tick.Marker = yNames.fitted(q.Y.Tick.Label, beside, 3)
	}
	xNames, _ := q.X.Tick.Marker.(Names)
	if len(xNames) > 0 {
		q.X.Tick.Marker = Names{} // long names would take the room to be measured
	}
	data := q.DataCanvas(c).Size()
	q.X.Label.Text = wrap(q.X.Label.Text, q.X.Label.TextStyle, data.X, 4)
	if len(xNames) > 0 {
		if err := fitX(&q, xNames, data); err != nil {
			return nil, err
		}
	}
	if len(yNames) > 0 {
		if err := fitY(&q, q.Y.Tick.Marker.(Names), c); err != nil {
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

// A lacking is the height that a plotting area lacks, for who may add it. It
// says nothing by itself.
type lacking struct{ height vg.Length }

func (lacking) Error() string { return "" }

// fitY checks that wrapped names beside a plot leave each other room.
// Cutting them would make pairs look alike.
func fitY(q *plot.Plot, names Names, c draw.Canvas) error {
	sty := q.Y.Tick.Label
	height := q.DataCanvas(c).Size().Y
	room := height / vg.Length(math.Abs(q.Y.Max-q.Y.Min))
	need := vg.Length(0) // between the middles of neighbours
	for i, name := range names {
		before := names[max(i-1, 0)]
		apart := (sty.Height(name) + sty.Height(before)) / 2
		if i > 0 && strings.Count(name+before, "\n") > 2 {
			apart += 2 // or the two read as one
		}
		need = max(need, apart)
	}
	if need > room*1.02 {
		return fmt.Errorf("%d names need %.2f inches in height, have %.2f%w", len(names),
			float64(len(names))*float64(need/vg.Inch), height/vg.Inch, lacking{vg.Length(len(names)) * (need + 2 - room)}) // with some air
	}
	return nil
}
