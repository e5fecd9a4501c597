package figure

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/specstress/specstress/internal/label"
)

// A Pipeline is what some data hold of the paper's pipeline. A nil count is
// one that nobody knows, and a step without any is drawn as missing.
type Pipeline struct {
	Values    *int      // distinct values
	Pairs     *int      // distinct value pairs
	Scenarios *int      // queries, each with its value pair
	Nudges    []Counted // of the scenarios: neutral, value1, value2
	Of        string    // where these are counted, such as "split complete"
	Models    int       // whose responses were placed; 0 when unknown
	// Disagreement are the sets of models and their scenarios of high
	// disagreement.
	Disagreement []Counted
	// Responses are those that judges gave verdicts on.
	Responses *int
	Judges    []string
}

// A Counted is a part and its size.
type Counted struct {
	Name string
	N    int
}

// Fig1Options: the zero value is the paper's pipeline.
type Fig1Options struct {
	Source
}

// Fig1 draws the paper's pipeline, from values to verdicts, with the counts
// of the data at hand. In a narrow size its two halves stand below each
// other. Steps that the data do not show have a dashed frame.
//
// Negative counts and more than 24 parts of one step are errors.
//
// Source: Zhang et al. 2025, Figure 1 and sections 2.1 to 3.1; drawn anew.
func Fig1(p Pipeline, opt Fig1Options) (*Figure, error) {
	const id = "fig1"
	steps, err := pipelineSteps(p)
	if err != nil {
		return nil, fmt.Errorf("figure %s: %w", id, err)
	}
	f := New(id, "From values to verdicts", 1)
	f.Width = PageWidth
	f.Plot().HideAxes()
	chart := &schematic{steps}
	f.Plot().Add(chart)
	f.Panels[0].needs = chart.height
	// As high as it must be: the title's line, margins, and the boxes.
	f.Height = chart.height(f.Width-2*margin) + titleSize*1.4 + 2*margin + 8
	f.Rows.Header = []string{"step", "part", "n"}
	var told []string
	for _, s := range steps {
		n := any("")
		if s.n != nil {
			n = *s.n
			told = append(told, fmt.Sprintf("%s %s", strings.ToLower(s.name), Count(*s.n)))
		}
		f.Rows.Add(s.name, "", n)
		for _, part := range s.parts {
			f.Rows.Add(s.name, part.Name, part.N)
		}
	}
	counted := "None of its counts is known for these data."
	if told != nil {
		counted = "Counts of the data at hand: " + strings.Join(told, "; ") + "."
	}
	f.describe(opt.Source,
		"Boxes joined by arrows, from values over value pairs, queries and responses to positions, disagreement and verdicts. "+counted,
		"The pipeline of the paper: how scenarios are made, and how responses are placed, compared and judged.", counted)
	return f, nil
}

// A step is one box.
type step struct {
	name   string
	n      *int
	does   string // in a sentence
	parts  []Counted
	absent bool
	second bool // of the right half
}

func pipelineSteps(p Pipeline) ([]step, error) {
	of := ""
	if p.Of != "" {
		of = " In " + label.Clean(p.Of) + "."
	}
	models := "the models"
	if p.Models > 0 {
		models = fmt.Sprintf("%d models", p.Models)
	}
	judges := ""
	if len(p.Judges) > 0 {
		names := make([]string, len(p.Judges))
		for i, j := range p.Judges {
			names[i] = label.Clean(j)
		}
		judges = " Judges: " + strings.Join(names, ", ") + "."
	}
	steps := []step{
		{name: "Values", n: p.Values, does: "What assistants express in conversations, from a published taxonomy." + of},
		{name: "Value pairs", n: p.Pairs, does: "Two values that one query sets against each other."},
		{name: "Scenarios", n: p.Scenarios, does: "Queries that force a tradeoff: neutral, or nudged towards either value.", parts: p.Nudges},
		{name: "Responses", does: "One answer of each of " + models + " to every query.", absent: p.Models == 0},
		{name: "Positions", does: "Where an answer stands on each value, 0 (opposes) to 6 (favours), by a rubric made for its scenario.", second: true, absent: p.Models == 0},
		{name: "High disagreement", does: "Scenarios in which the larger population standard deviation of the positions is 1.5 or more, by set of models.", parts: p.Disagreement, second: true},
		{name: "Verdicts", n: p.Responses, does: "Responses judged against the model spec: compliant, non-compliant or ambiguous." + judges, second: true},
	}
	for i := range steps {
		s := &steps[i]
		if s.n != nil && *s.n < 0 {
			return nil, fmt.Errorf("%s: %d, want 0 or more", s.name, *s.n)
		}
		if len(s.parts) > 24 {
			return nil, fmt.Errorf("%s: %d parts, want at most 24", s.name, len(s.parts))
		}
		for _, part := range s.parts {
			if part.N < 0 {
				return nil, fmt.Errorf("%s: %s: %d, want 0 or more", s.name, label.Clean(part.Name), part.N)
			}
		}
		switch s.name {
		case "Responses", "Positions":
		case "High disagreement":
			s.absent = len(s.parts) == 0
		default:
			s.absent = s.n == nil
		}
	}
	return steps, nil
}

// A schematic draws steps as boxes, in one column or two.
type schematic struct{ steps []step }

const (
	boxPad    = 4.0
	boxGap    = 11.0
	columnGap = 26.0
	twoFrom   = 4.6 * vg.Inch // from this width on there are two columns
)

func (s *schematic) columns(width vg.Length) (cols [][]step, each vg.Length) {
	if width < twoFrom {
		return [][]step{s.steps}, width
	}
	var left, right []step
	for _, st := range s.steps {
		if st.second {
			right = append(right, st)
		} else {
			left = append(left, st)
		}
	}
	return [][]step{left, right}, (width - columnGap) / 2
}

// height is what a width needs.
func (s *schematic) height(width vg.Length) vg.Length {
	cols, each := s.columns(width)
	tallest := vg.Length(0)
	for _, col := range cols {
		tallest = max(tallest, vg.Length(len(col)-1)*boxGap+used(col, each))
	}
	return tallest + 1 // half a line's width at both ends
}

// A box is a step with its texts wrapped to a width.
type box struct {
	head, count string
	lines       []string // of the sentence
	rows        []string // of the parts, with their counts
	counts      []string
	height      vg.Length
}

func (s step) layout(width vg.Length) box {
	inner := width - 2*boxPad - 3
	bold, plain := titleStyle(), labelStyle()
	b := box{head: s.name}
	switch {
	case s.absent:
		b.count = "not in this source"
	case s.n != nil:
		b.count = Count(*s.n)
	}
	b.lines = paragraph(s.does, plain, inner, 6)
	for _, part := range s.parts {
		n := Count(part.N)
		b.rows = append(b.rows, wrap(part.Name, plain, inner-plain.Width(n)-12, 1))
		b.counts = append(b.counts, n)
	}
	b.height = bold.Height("x") + vg.Length(len(b.lines)+len(b.rows))*plain.Height("x") + 2*boxPad + 2
	if len(b.rows) > 0 {
		b.height += 2
	}
	return b
}

// Plot implements plot.Plotter.
func (s *schematic) Plot(c draw.Canvas, _ *plot.Plot) {
	cols, each := s.columns(c.Size().X)
	var ends []vg.Rectangle // last box of a column, first of the next
	for i, col := range cols {
		x := c.Min.X + vg.Length(i)*(each+columnGap)
		y := c.Max.Y - 0.5
		// Spread over the height that the other column takes.
		gap := vg.Length(boxGap)
		if len(col) > 1 {
			gap = min(boxGap*2.5, max(boxGap, (c.Size().Y-1-used(col, each))/vg.Length(len(col)-1)))
		}
		for k, st := range col {
			b := st.layout(each)
			r := vg.Rectangle{Min: vg.Point{X: x, Y: y - b.height}, Max: vg.Point{X: x + each, Y: y}}
			b.draw(&c, r, st.absent)
			if k > 0 {
				arrow(&c, vg.Point{X: x + each/2, Y: y + gap}, vg.Point{X: x + each/2, Y: y})
			}
			if k == len(col)-1 || k == 0 {
				ends = append(ends, r)
			}
			y -= b.height + gap
		}
	}
	if len(cols) == 2 {
		from, to := ends[1], ends[2]
		middle := from.Max.X + columnGap/2
		sty := draw.LineStyle{Color: axisGrey, Width: vg.Points(0.8)}
		at := vg.Point{X: from.Max.X, Y: (from.Min.Y + from.Max.Y) / 2}
		end := vg.Point{X: to.Min.X, Y: (to.Min.Y + to.Max.Y) / 2}
		c.StrokeLines(sty, []vg.Point{at, {X: middle, Y: at.Y}, {X: middle, Y: end.Y}})
		arrow(&c, vg.Point{X: middle, Y: end.Y}, end)
	}
}

// used is the height of a column's boxes.
func used(col []step, width vg.Length) (sum vg.Length) {
	for _, st := range col {
		sum += st.layout(width).height
	}
	return sum
}

func (b box) draw(c *draw.Canvas, r vg.Rectangle, absent bool) {
	frame := draw.LineStyle{Color: axisGrey, Width: vg.Points(0.6)}
	if absent {
		frame.Dashes = []vg.Length{3, 2}
	} else {
		fillRect(c, bandGrey, r)
		fillRect(c, blue, vg.Rectangle{Min: r.Min, Max: vg.Point{X: r.Min.X + 3, Y: r.Max.Y}})
	}
	c.SetLineStyle(frame)
	c.Stroke(r.Path())
	bold, plain := titleStyle(), labelStyle()
	x, y := r.Min.X+3+boxPad, r.Max.Y-boxPad
	drawText(c, bold, vg.Point{X: x, Y: y}, b.head)
	right := r.Max.X - boxPad
	if b.count != "" {
		sty := bold
		if absent {
			sty = plain
		}
		drawText(c, sty, vg.Point{X: right - sty.Width(b.count), Y: y}, b.count)
	}
	y -= bold.Height("x") + 2
	for _, l := range b.lines {
		drawText(c, plain, vg.Point{X: x, Y: y}, l)
		y -= plain.Height("x")
	}
	y -= 2
	for i, l := range b.rows {
		drawText(c, plain, vg.Point{X: x + 6, Y: y}, l)
		drawText(c, plain, vg.Point{X: right - plain.Width(b.counts[i]), Y: y}, b.counts[i])
		y -= plain.Height("x")
	}
}

// arrow is a line with a head at its end.
func arrow(c *draw.Canvas, from, to vg.Point) {
	c.StrokeLine2(draw.LineStyle{Color: axisGrey, Width: vg.Points(0.8)}, from.X, from.Y, to.X, to.Y)
	const long, half = 4.0, 2.2
	var p vg.Path
	p.Move(to)
	if from.X == to.X {
		p.Line(vg.Point{X: to.X - half, Y: to.Y + long})
		p.Line(vg.Point{X: to.X + half, Y: to.Y + long})
	} else {
		p.Line(vg.Point{X: to.X - long, Y: to.Y + half})
		p.Line(vg.Point{X: to.X - long, Y: to.Y - half})
	}
	p.Close()
	c.SetColor(axisGrey)
	c.Fill(p)
}
