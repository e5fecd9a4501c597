package figure

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
)

// A Table is the numbers behind a figure's marks: one row for each.
// Numbers are unrounded; what has no value is an empty cell.
type Table struct {
	Header []string
	Rows   [][]string
}

// Prose is a cell of running text, such as a query: longer than a name, and
// like all cells on one line and without what acts on a terminal, a page or
// a spreadsheet. It is cut at 2,000 characters.
type Prose string

// Add appends a row. Numbers and texts are formatted for a CSV file; text
// is cleaned, and kept from running as a formula in a spreadsheet.
func (t *Table) Add(cells ...any) {
	row := make([]string, len(cells))
	for i, cell := range cells {
		switch c := cell.(type) {
		case float64:
			if !math.IsNaN(c) {
				row[i] = strconv.FormatFloat(c, 'g', -1, 64)
			}
		case int:
			row[i] = strconv.Itoa(c)
		case Prose:
			row[i] = label.Formula(label.Prose(string(c)))
		default:
			row[i] = label.Sheet(fmt.Sprint(c))
		}
	}
	t.Rows = append(t.Rows, row)
}

// EstimateColumns are the names of the cells of AddEstimate, after others.
func EstimateColumns(before ...string) []string {
	return append(slices.Clone(before), estimateHeader...)
}

// AddEstimate appends a row of cells and, after them, an estimate with its
// interval, sample size, method and what was left out.
func (t *Table) AddEstimate(e analysis.Estimate, before ...any) {
	t.Add(append(slices.Clone(before), estimateCells(e)...)...)
}

// estimateHeader names the cells of estimateCells.
var estimateHeader = []string{"value", "lo", "hi", "level", "se", "n", "clusters", "method", "excluded", "warnings"}

// estimateCells are the numbers of an estimate. Without an interval lo, hi,
// level and se are empty, and without clusters their number is.
func estimateCells(e analysis.Estimate) []any {
	var excluded, warnings []string
	for _, x := range e.Excluded {
		excluded = append(excluded, x.String())
	}
	for _, w := range e.Warnings {
		warnings = append(warnings, w.Error())
	}
	cells := []any{e.Value, "", "", "", "", e.N, "", e.Method, strings.Join(excluded, "; "), strings.Join(warnings, "; ")}
	if e.HasInterval() {
		cells[1], cells[2], cells[3], cells[4] = e.Lo, e.Hi, e.Level, e.SE
	}
	if e.Clusters > 0 {
		cells[6] = e.Clusters
	}
	return cells
}

func (t Table) write(w io.Writer, synthetic string) error {
	out := csv.NewWriter(w)
	header := make([]string, len(t.Header))
	for i, name := range t.Header {
		header[i] = label.Sheet(name)
	}
	if synthetic != "" {
		header = append(header, "source")
	}
	if err := out.Write(header); err != nil {
		return err
	}
	for i, row := range t.Rows {
		if len(row) != len(t.Header) {
			return fmt.Errorf("csv row %d has %d cells, want %d", i+1, len(row), len(t.Header))
		}
		if synthetic != "" {
			row = append(row[:len(row):len(row)], label.Sheet(synthetic))
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
