package figure

import (
	"fmt"
	"html"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/specstress/specstress/internal/label"
)

// The forms of a table for print round its numbers: within a column all to
// the same decimals, which leave the largest three digits. The CSV has
// every digit.

// WriteLaTeX writes the table for LaTeX with the package booktabs: a
// tabular, for a table environment of the document. Texts are escaped, and
// numbers aligned at their decimal points. The caption becomes a comment.
func (t Table) WriteLaTeX(w io.Writer, caption string, src Source) error {
	p, err := t.printed(src)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString(texComment(caption))
	if src.Synthetic != "" {
		b.WriteString(texComment("Data: " + src.Synthetic))
	}
	b.WriteString("% Needs \\usepackage{booktabs}.\n\\begin{tabular}{")
	for _, number := range p.number {
		b.WriteString(map[bool]string{true: "r", false: "l"}[number])
	}
	b.WriteString("}\n\\toprule\n")
	row := func(cells []string) {
		for i, c := range cells {
			if i > 0 {
				b.WriteString(" & ")
			}
			b.WriteString(texEscape(c))
		}
		b.WriteString(" \\\\\n")
	}
	row(p.header)
	b.WriteString("\\midrule\n")
	for _, cells := range p.rows {
		row(cells)
	}
	b.WriteString("\\bottomrule\n\\end{tabular}\n")
	_, err = io.WriteString(w, b.String())
	return err
}

// WriteMarkdown writes the table as a pipe table below its caption.
func (t Table) WriteMarkdown(w io.Writer, caption string, src Source) error {
	p, err := t.printed(src)
	if err != nil {
		return err
	}
	var b strings.Builder
	if caption = titled(caption, src); caption != "" {
		b.WriteString(markdownEscape(caption) + "\n\n")
	}
	row := func(cells []string) {
		for _, c := range cells {
			b.WriteString("| " + markdownEscape(c) + " ")
		}
		b.WriteString("|\n")
	}
	row(p.header)
	for _, number := range p.number {
		b.WriteString(map[bool]string{true: "| ---: ", false: "| --- "}[number])
	}
	b.WriteString("|\n")
	for _, cells := range p.rows {
		row(cells)
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// WriteHTML writes the table as an HTML element with its caption.
func (t Table) WriteHTML(w io.Writer, caption string, src Source) error {
	p, err := t.printed(src)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("<table>\n")
	if caption = titled(caption, src); caption != "" {
		b.WriteString("<caption>" + html.EscapeString(caption) + "</caption>\n")
	}
	row := func(element, more string, cells []string) {
		b.WriteString("<tr>")
		for i, c := range cells {
			style := ""
			if p.number[i] {
				style = ` style="text-align:right"`
			}
			fmt.Fprintf(&b, "<%s%s%s>%s</%s>", element, more, style, html.EscapeString(c), element)
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("<thead>\n")
	row("th", ` scope="col"`, p.header)
	b.WriteString("</thead>\n<tbody>\n")
	for _, cells := range p.rows {
		row("td", "", cells)
	}
	b.WriteString("</tbody>\n</table>\n")
	_, err = io.WriteString(w, b.String())
	return err
}

// titled is the caption, after what made-up data are called.
func titled(caption string, src Source) string {
	return strings.TrimSpace(sentence(src.Synthetic) + " " + oneLine(caption))
}

// A printed table has its numbers rounded, and says which columns are
// numbers.
type printed struct {
	header []string
	rows   [][]string
	number []bool
}

func (t Table) printed(src Source) (printed, error) {
	p := printed{number: make([]bool, len(t.Header))}
	for _, h := range t.Header {
		p.header = append(p.header, label.Clean(h))
	}
	for i, row := range t.Rows {
		if len(row) != len(t.Header) {
			return p, fmt.Errorf("figure: table row %d has %d cells, want %d", i+1, len(row), len(t.Header))
		}
		cells := make([]string, len(row))
		for c, cell := range row {
			cells[c] = label.Prose(unsheeted(cell))
		}
		p.rows = append(p.rows, cells)
	}
	for c := range t.Header {
		p.number[c] = p.round(c)
	}
	if src.Synthetic != "" {
		p.header, p.number = append(p.header, "source"), append(p.number, false)
		for i := range p.rows {
			p.rows[i] = append(p.rows[i], label.Clean(src.Synthetic))
		}
	}
	return p, nil
}

// unsheeted is a cell without the apostrophe that kept it from running in a
// spreadsheet.
func unsheeted(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && label.Formula(rest) == cell {
		return rest
	}
	return cell
}

// round rounds a column of numbers; it reports false for one of texts.
func (p printed) round(column int) bool {
	values := make([]float64, len(p.rows))
	largest, whole, any := 0.0, true, false
	for i, row := range p.rows {
		if row[column] == "" {
			continue
		}
		v, err := strconv.ParseFloat(row[column], 64)
		if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
			return false
		}
		values[i], any = v, true
		largest = max(largest, math.Abs(v))
		whole = whole && !strings.ContainsAny(row[column], ".eE")
	}
	if !any {
		return false
	}
	decimals := 0
	if !whole && largest > 0 {
		decimals = min(max(2-int(math.Floor(math.Log10(largest))), 0), 12)
	}
	for i, row := range p.rows {
		if row[column] != "" {
			row[column] = strings.Replace(strconv.FormatFloat(values[i], 'f', decimals, 64), "-", "−", 1)
		}
	}
	return true
}

func markdownEscape(s string) string {
	var b strings.Builder
	for _, r := range html.EscapeString(s) {
		if strings.ContainsRune("\\|*_`[]~#$", r) && r != '#' || r == '#' && b.Len() == 0 {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
