package nb

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/go-gota/gota/dataframe"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/internal/label"
)

// A notebook shows the start of a table; the whole of it is a file's job.
const (
	maxRows    = 40
	maxColumns = 24
)

// A grid is a table as it is shown.
type grid struct {
	header []string
	rows   [][]string
	note   string // below it: how much is not shown
	above  string // what the data are, where they are made up
}

// bundle is the grid as an HTML table, in the class that notebooks know
// from other languages, and in aligned columns.
func (g grid) bundle() bundle {
	var h, text strings.Builder
	if g.above != "" {
		h.WriteString(`<div class="mark" style="font-weight:bold;color:#b00020">` + html.EscapeString(label.Plain(g.above)) + "</div>")
		text.WriteString(label.Plain(g.above) + "\n")
	}
	h.WriteString(`<table border="1" class="dataframe"><thead><tr>`)
	for _, name := range g.header {
		h.WriteString("<th>" + html.EscapeString(cellText(name)) + "</th>")
	}
	h.WriteString("</tr></thead><tbody>")
	tw := tabwriter.NewWriter(&text, 0, 8, 2, ' ', 0)
	writeLine(tw, g.header)
	for _, row := range g.rows {
		h.WriteString("<tr>")
		for _, cell := range row {
			h.WriteString("<td>" + html.EscapeString(cellText(cell)) + "</td>")
		}
		h.WriteString("</tr>")
		writeLine(tw, row)
	}
	h.WriteString("</tbody></table>")
	tw.Flush() // to a strings.Builder, which takes everything
	if g.note != "" {
		h.WriteString(element("div", "", g.note))
		text.WriteString(g.note + "\n")
	}
	return htmlBundle(h.String(), text.String())
}

// cellText is a cell on one line, not longer than is read in a table.
func cellText(s string) string {
	const longest = 400
	s = clean(s)
	if r := []rune(s); len(r) > longest {
		return string(r[:longest]) + "…"
	}
	return s
}

func writeLine(tw *tabwriter.Writer, cells []string) {
	for i, c := range cells {
		if i > 0 {
			fmt.Fprint(tw, "\t")
		}
		fmt.Fprint(tw, cellText(c))
	}
	fmt.Fprintln(tw)
}

// newGrid cuts a table to what is shown of it.
func newGrid(header []string, rows int, cell func(row, column int) string, synthetic string) grid {
	columns := min(len(header), maxColumns)
	g := grid{header: header[:columns], above: strings.ToUpper(synthetic)}
	for row := range min(rows, maxRows) {
		cells := make([]string, columns)
		for c := range cells {
			cells[c] = cell(row, c)
		}
		g.rows = append(g.rows, cells)
	}
	if rows > maxRows || len(header) > maxColumns {
		g.note = fmt.Sprintf("%s of %s rows and %d of %d columns shown", figure.Count(min(rows, maxRows)), figure.Count(rows), columns, len(header))
	}
	return g
}

func tableBundle(t figure.Table, synthetic string) bundle {
	return newGrid(t.Header, len(t.Rows), func(row, column int) string {
		if column >= len(t.Rows[row]) {
			return ""
		}
		return rounded(t.Rows[row][column])
	}, synthetic).bundle()
}

// quotedNumber is a number with a sign, or an estimate, that figure.Table
// took for what a spreadsheet would run.
var quotedNumber = regexp.MustCompile(`^'[-+][\d.,]+( \[[-+\d., ]+\])?$`)

// rounded shortens an unrounded number for reading, and takes the apostrophe
// off a number in words that only files need.
func rounded(cell string) string {
	if quotedNumber.MatchString(cell) {
		return cell[1:]
	}
	if !strings.Contains(cell, ".") || len(cell) < 8 {
		return cell
	}
	if x, err := strconv.ParseFloat(cell, 64); err == nil {
		return strconv.FormatFloat(x, 'g', 5, 64)
	}
	return cell
}

// frameBundle shows a gota frame; an error that it hides is returned.
func frameBundle(df dataframe.DataFrame, synthetic string) (bundle, error) {
	if df.Err != nil {
		return bundle{}, fmt.Errorf("nb: frame: %w", df.Err)
	}
	names := df.Names()
	return newGrid(names, df.Nrow(), func(row, column int) string {
		return rounded(df.Elem(row, column).String())
	}, synthetic).bundle(), nil
}

// estimateBundle shows estimates one to a row. The plain text is that of
// Estimate.String, which rounds to what the interval allows.
func estimateBundle(list []analysis.Estimate, synthetic string) bundle {
	g := newGrid([]string{"value", "interval", "n", "clusters", "left out", "method", "doubts"}, len(list), func(row, column int) string {
		return estimateCells(list[row])[column]
	}, synthetic)
	b := g.bundle()
	var lines []string
	if synthetic != "" {
		lines = append(lines, strings.ToUpper(synthetic))
	}
	for _, e := range list {
		lines = append(lines, e.String())
	}
	for mime, text := range textBundle(strings.Join(lines, "\n")).data {
		b.data[mime] = text
	}
	return b
}

func estimateCells(e analysis.Estimate) []string {
	value, interval := e.Short(), "none" // "value [lo, hi]"
	if before, after, ok := strings.Cut(value, " ["); ok {
		value = before
		interval = fmt.Sprintf("[%s, %.4g %%", after, 100*e.Level)
	}
	return append([]string{value, interval}, restsOn(e.N, e.Clusters, e.Excluded, e.Method, e.Warnings)...)
}

// restsOn is what an estimate and a test have in common.
func restsOn(n, clusters int, excluded []analysis.Exclusion, method string, warnings []error) []string {
	grouped := "not clustered"
	if clusters > 0 {
		grouped = figure.Count(clusters)
	}
	var reasons, doubts []string
	for _, x := range excluded {
		reasons = append(reasons, x.String())
	}
	for _, w := range warnings {
		doubts = append(doubts, w.Error())
	}
	left := strings.Join(reasons, "; ")
	if left == "" {
		left = "nothing"
	}
	return []string{figure.Count(n), grouped, left, method, strings.Join(doubts, "; ")}
}

// testBundle shows a test in one row. The plain text is that of Test.String.
func testBundle(t analysis.Test, synthetic string) bundle {
	cells := append([]string{analysis.FormatP(t.P), fmt.Sprintf("%.4g", t.Statistic)}, restsOn(t.N, t.Clusters, t.Excluded, t.Method, t.Warnings)...)
	b := newGrid([]string{"p", "statistic", "n", "clusters", "left out", "method", "doubts"}, 1, func(_, column int) string {
		return cells[column]
	}, synthetic).bundle()
	text := t.String()
	if synthetic != "" {
		text = strings.ToUpper(synthetic) + "\n" + text
	}
	for mime, plain := range textBundle(text).data {
		b.data[mime] = plain
	}
	return b
}
