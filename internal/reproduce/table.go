package reproduce

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"

	"github.com/specstress/specstress/internal/label"
)

// A Table is named columns of cells, written as CSV for programs and as
// Markdown for people.
type Table struct {
	Columns []string
	Rows    [][]Cell
}

// A Cell is a text, a number or nothing. The zero Cell is nothing.
type Cell struct {
	text    string
	number  float64
	kind    cellKind
	display string // of a number, for people
}

type cellKind uint8

const (
	nothing cellKind = iota
	textual
	numeric
)

func textCell(s string) Cell { return Cell{text: clean(s), kind: textual} }

func numberCell(x float64) Cell { return Cell{number: x, kind: numeric} }

func optionalCell(x *float64) Cell {
	if x == nil {
		return Cell{}
	}
	return numberCell(*x)
}

// CSV is the table with numbers in full precision and empty cells for
// nothing. A text that a spreadsheet would run as a formula gets an
// apostrophe before it.
func (t Table) CSV() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(t.Columns) // a bytes.Buffer never fails
	for _, row := range t.Rows {
		record := make([]string, len(row))
		for i, c := range row {
			switch c.kind {
			case textual:
				record[i] = label.Formula(c.text)
			case numeric:
				record[i] = strconv.FormatFloat(c.number, 'g', -1, 64)
			}
		}
		_ = w.Write(record)
	}
	w.Flush()
	return b.Bytes()
}

// Markdown is the table for people, with numbers as they are displayed.
func (t Table) Markdown() []byte {
	var b bytes.Buffer
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	head := make([]string, len(t.Columns))
	rule := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		head[i], rule[i] = escapeMarkdown(c), "---"
	}
	line(head)
	line(rule)
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = escapeMarkdown(c.text)
			if c.kind == numeric {
				if cells[i] = c.display; cells[i] == "" {
					cells[i] = strconv.FormatFloat(c.number, 'g', -1, 64)
				}
			}
		}
		line(cells)
	}
	return b.Bytes()
}

// escapeMarkdown keeps a text from becoming a link, an image, HTML, a
// formula or the end of its cell. Underscores stay, for model names have
// them and none of those starts with one.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\`*[]<>|&!~$", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
