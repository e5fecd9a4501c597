package figure

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Panels puts figures into one, as panels (a), (b) and so on, with one
// legend, one caption and one table of numbers. The plots are shared with
// the figures, which stay as they are. Sized arranges them for print.
//
// No figure, more than 48 panels, and figures of different data, of which
// only one is synthetic or filtered, are errors: one caption could not tell
// whose numbers are whose.
func Panels(id, title string, figures ...*Figure) (*Figure, error) {
	if len(figures) == 0 {
		return nil, fmt.Errorf("figure %s: no figures to put together", id)
	}
	whole := &Figure{ID: id, Title: title, Width: PageWidth}
	rows := mergedTable{index: map[string]int{}}
	rows.column("panel")
	var captions, alts []string
	var tallest vg.Length
	for i, f := range figures {
		if f == nil || len(f.Panels) == 0 {
			return nil, fmt.Errorf("figure %s: figure %d has no panels", id, i+1)
		}
		if i == 0 {
			whole.Source = f.Source
		}
		if f.Source.Synthetic != whole.Source.Synthetic || f.Source.Filter != whole.Source.Filter {
			return nil, fmt.Errorf("figure %s: %s shows %s, %s shows %s; want the same data", id,
				figures[0].ID, whole.Source.name(), f.ID, f.Source.name())
		}
		if whole.Source.Provenance == nil {
			whole.Source.Provenance = f.Source.Provenance
		}
		mark := panelMark(i)
		for k, p := range f.Panels {
			if k == 0 {
				p.Title = strings.TrimSpace(mark + " " + joined(f.Title, p.Title))
			}
			whole.Panels = append(whole.Panels, p)
		}
		rows.add(mark, f.Rows)
		captions = append(captions, mark+" "+f.own(f.Caption))
		alts = append(alts, mark+" "+f.own(f.Alt))
		lines := vg.Length((len(f.Panels) + f.columns() - 1) / f.columns())
		tallest = max(tallest, f.Height/lines)
	}
	if len(whole.Panels) > maxPanels {
		return nil, fmt.Errorf("figure %s: %d panels, want at most %d", id, len(whole.Panels), maxPanels)
	}
	whole.Legend = mergedLegend(figures)
	whole.Rows = rows.Table
	whole.Height = tallest*vg.Length((len(whole.Panels)+whole.columns()-1)/whole.columns()) + 20
	whole.Caption, whole.Alt = strings.Join(captions, " "), strings.Join(alts, " ")
	if s := sentence(whole.Source.Synthetic); s != "" {
		whole.Caption, whole.Alt = s+" "+whole.Caption, s+" "+whole.Alt
	}
	return whole, nil
}

// Describe sets the figure's source, its caption, sentence by sentence, and
// the text for those who cannot see it. What made-up data are called comes
// first in both, and the filter ends the caption.
func (f *Figure) Describe(src Source, alt string, sentences ...string) {
	f.describe(src, alt, sentences...)
}

// name is what a source is called in a message.
func (s Source) name() string {
	switch {
	case s.Synthetic != "" && s.Filter != "":
		return s.Synthetic + ", " + s.Filter
	case s.Synthetic != "":
		return s.Synthetic
	case s.Filter != "":
		return s.Filter
	}
	return "all rows"
}

// own is a text without what made-up data are called, which the whole says
// once.
func (f *Figure) own(text string) string {
	return strings.TrimSpace(strings.TrimPrefix(text, sentence(f.Source.Synthetic)))
}

func panelMark(i int) string {
	if i < 26 {
		return "(" + string(rune('a'+i)) + ")"
	}
	return fmt.Sprintf("(%d)", i+1)
}

func joined(title, panel string) string {
	if title == "" || panel == "" {
		return title + panel
	}
	return title + ": " + panel
}

// mergedLegend has each entry once where figures do not contradict each
// other, that is where all that have a legend have the same one; else each
// says which panel it is of.
func mergedLegend(figures []*Figure) []Entry {
	var with []int
	for i, f := range figures {
		if len(f.Legend) > 0 {
			with = append(with, i)
		}
	}
	if len(with) == 0 {
		return nil
	}
	names := func(f *Figure) (list []string) {
		for _, e := range f.Legend {
			list = append(list, e.Name)
		}
		return list
	}
	first := figures[with[0]]
	if !slices.ContainsFunc(with, func(i int) bool { return !slices.Equal(names(figures[i]), names(first)) }) {
		return first.Legend
	}
	var all []Entry
	for _, i := range with {
		for _, e := range figures[i].Legend {
			all = append(all, Entry{panelMark(i) + " " + e.Name, e.Thumb})
		}
	}
	return all
}

// A mergedTable has the columns of several tables.
type mergedTable struct {
	Table
	index map[string]int // of a column
}

func (m *mergedTable) column(name string) int {
	i, ok := m.index[name]
	if !ok {
		i = len(m.Header)
		m.index[name] = i
		m.Header = append(m.Header, name)
		for r := range m.Rows {
			m.Rows[r] = append(m.Rows[r], "")
		}
	}
	return i
}

func (m *mergedTable) add(panel string, t Table) {
	columns := make([]int, len(t.Header))
	for c, name := range t.Header {
		columns[c] = m.column(name)
	}
	for _, row := range t.Rows {
		out := make([]string, len(m.Header))
		out[0] = panel
		for c, cell := range row {
			if c < len(columns) {
				out[columns[c]] = cell
			}
		}
		m.Rows = append(m.Rows, out)
	}
}
