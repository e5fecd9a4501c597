package main

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"

	"github.com/parquet-go/parquet-go"

	"github.com/specstress/specstress/internal/label"
)

var tableWriters = map[string]func(io.Writer, *table) error{"csv": writeCSV, "parquet": writeParquet}

// writeCSV writes numbers in full precision and texts so that no
// spreadsheet runs them; a missing value is an empty cell.
func writeCSV(out io.Writer, t *table) error { return writeCSVTexts(out, t, label.Sheet) }

// writeRawCSV writes texts as they are in the data, for programs: a
// spreadsheet would run those that look like a formula.
func writeRawCSV(out io.Writer, t *table) error {
	return writeCSVTexts(out, t, func(s string) string { return s })
}

func writeCSVTexts(out io.Writer, t *table, text func(string) string) error {
	w := csv.NewWriter(out)
	record := make([]string, len(t.columns))
	for i, c := range t.columns {
		record[i] = text(c.name)
	}
	if err := w.Write(record); err != nil {
		return err
	}
	for row := range t.rows {
		for i, c := range t.columns {
			if c.text != nil {
				record[i] = text(c.text(row))
			} else if x := c.number(row); !math.IsNaN(x) {
				record[i] = strconv.FormatFloat(x, 'g', -1, 64)
			} else {
				record[i] = ""
			}
		}
		if err := w.Write(record); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// rowsPerWrite bounds what is held of the rows on their way out.
const rowsPerWrite = 1024

// writeParquet writes texts as they are and NULL for a missing value.
func writeParquet(out io.Writer, t *table) error {
	group := parquet.Group{}
	for _, c := range t.columns {
		switch {
		case c.text != nil:
			group[c.name] = parquet.Optional(parquet.String())
		case c.integer:
			group[c.name] = parquet.Optional(parquet.Int(64))
		default:
			group[c.name] = parquet.Optional(parquet.Leaf(parquet.DoubleType))
		}
	}
	schema := parquet.NewSchema("specstress", group)
	// A Group orders its fields by name; the rows must follow.
	at := map[string]column{}
	for _, c := range t.columns {
		at[c.name] = c
	}
	var ordered []column
	for _, path := range schema.Columns() {
		ordered = append(ordered, at[path[0]])
	}
	w := parquet.NewWriter(out, schema, parquet.Compression(&parquet.Snappy))
	for _, c := range t.columns {
		if c.name == "source" {
			w.SetKeyValueMetadata("specstress.synthetic", c.text(0))
		}
	}
	rows := make([]parquet.Row, 0, rowsPerWrite)
	for row := range t.rows {
		values := make(parquet.Row, len(ordered))
		for i, c := range ordered {
			values[i] = c.value(row).Level(0, 1, i)
			if values[i].IsNull() {
				values[i] = parquet.NullValue().Level(0, 0, i)
			}
		}
		if rows = append(rows, values); len(rows) == rowsPerWrite || row == t.rows-1 {
			if _, err := w.WriteRows(rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
	}
	return w.Close()
}

func (c column) value(row int) parquet.Value {
	if c.text != nil {
		if s := c.text(row); s != "" {
			return parquet.ByteArrayValue([]byte(s))
		}
		return parquet.NullValue()
	}
	x := c.number(row)
	switch {
	case math.IsNaN(x):
		return parquet.NullValue()
	case c.integer:
		return parquet.Int64Value(int64(x))
	}
	return parquet.DoubleValue(x)
}
