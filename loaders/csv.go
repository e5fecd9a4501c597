package loaders

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/specstress/specstress/analysis"
)

func init() { RegisterFormat(".csv", csvFormat{}) }

// csvFormat reads CSV extracts with the published column names: a header,
// quoted newlines, "" and NA for NULL. The whole file is held in memory as
// one row group, so that a file of the size of the dataset belongs in
// parquet.
type csvFormat struct{}

// maxCSV bounds what is held in memory.
const maxCSV = 1 << 30

// syntheticKey is the file-level key under which a file says that its
// numbers are synthetic. A CSV file says so in a column named source.
const (
	syntheticKey    = "specstress.synthetic"
	sourceColumn    = "source"
	syntheticSource = "synthetic sample"
)

type csvTable struct {
	file   File
	header []string
	cells  []byte // all cells, one after the other
	ends   []int  // end of each cell, row by row
	lines  []int  // line of each row
	rows   int
}

func (csvFormat) Open(ctx context.Context, f File) (Table, error) {
	if f.Size() > maxCSV {
		return nil, fmt.Errorf("%s: %d bytes of CSV, want at most %d; convert it to parquet", f.Name(), f.Size(), maxCSV)
	}
	t := &csvTable{file: f}
	in := bufio.NewReader(io.NewSectionReader(f, 0, f.Size()))
	switch mark, _ := in.Peek(3); {
	case bytes.Equal(mark, []byte("\ufeff")):
		in.Discard(3) // peeked: cannot fail
	case bytes.HasPrefix(mark, []byte("\xff\xfe")), bytes.HasPrefix(mark, []byte("\xfe\xff")):
		return nil, fmt.Errorf("%s: header: the file is UTF-16, want UTF-8; save it as \"CSV UTF-8\"", f.Name())
	}
	r := csv.NewReader(in)
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("empty file, want a header")
		}
		return nil, fmt.Errorf("%s: header: %w", f.Name(), err)
	}
	for _, name := range header {
		t.header = append(t.header, strings.TrimSpace(name))
	}
	if other := strings.IndexAny(header[0], ";\t"); len(header) == 1 && other >= 0 {
		return nil, fmt.Errorf("%s: header: one column, %q, which %q separates; want commas", f.Name(), header[0], header[0][other])
	}
	for {
		if t.rows%4096 == 0 && ctx.Err() != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), ctx.Err())
		}
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if errors.Is(err, csv.ErrFieldCount) {
			line, _ := r.FieldPos(0)
			return nil, fmt.Errorf("%s: row %d (line %d) has %d cells, want the %d of the header", f.Name(), t.rows, line, len(record), len(header))
		}
		if err != nil {
			return nil, fmt.Errorf("%s: row %d: %w", f.Name(), t.rows, err)
		}
		for _, cell := range record {
			t.cells = append(t.cells, cell...)
			t.ends = append(t.ends, len(t.cells))
		}
		line, _ := r.FieldPos(0)
		t.lines = append(t.lines, line)
		t.rows++
	}
	return t, nil
}

// cell returns a cell, and false for NULL.
func (t *csvTable) cell(row, column int) ([]byte, bool) {
	i := row*len(t.header) + column
	start := 0
	if i > 0 {
		start = t.ends[i-1]
	}
	cell := bytes.TrimSpace(t.cells[start:t.ends[i]])
	switch string(cell) {
	case "", "NA", "NaN", "nan", "null", "NULL", "None", "<NA>":
		return nil, false
	}
	return cell, true
}

func (t *csvTable) Columns() []Column {
	columns := make([]Column, len(t.header))
	for i, name := range t.header {
		columns[i] = Column{name, Untyped, true}
	}
	return columns
}

func (t *csvTable) RowGroups() int { return 1 }

func (t *csvTable) RowsIn(int) int { return t.rows }

func (t *csvTable) Metadata(key string) (string, bool) {
	c := slices.Index(t.header, sourceColumn)
	if key != syntheticKey || c < 0 {
		return "", false
	}
	for row := range t.rows {
		if cell, ok := t.cell(row, c); ok && strings.Contains(string(cell), syntheticSource) {
			return string(cell), true
		}
	}
	return "", false
}

func (t *csvTable) Close() error { return t.file.Close() }

func (t *csvTable) column(name string) (int, error) {
	if c := slices.Index(t.header, name); c >= 0 {
		return c, nil
	}
	return 0, fmt.Errorf("%s: %w", t.file.Name(), analysis.UnknownName("column", name, t.header))
}

// numbers calls yield for every row with its cell as a number; a cell that
// is none, or not a whole one where whole is set, is entered in bad. A
// column in which no cell is a number is an error.
func (t *csvTable) numbers(name string, whole bool, bad *BadValues, yield func(row int, x float64, ok bool)) error {
	c, err := t.column(name)
	if err != nil {
		return err
	}
	cells, wrong := 0, 0
	first := 0
	for row := range t.rows {
		cell, ok := t.cell(row, c)
		if !ok {
			yield(row, 0, false)
			continue
		}
		cells++
		x, err := strconv.ParseFloat(string(cell), 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) || whole && x != math.Trunc(x) {
			if wrong++; wrong == 1 {
				first = row
			}
			bad.Add(row, strconv.Quote(string(cell)))
			yield(row, 0, false)
			continue
		}
		yield(row, x, true)
	}
	if cells > 0 && wrong == cells {
		cell, _ := t.cell(first, c)
		return fmt.Errorf("%s: column %q: row %d (line %d) is %q, want a number; no cell of the column is one", t.file.Name(), name, first, t.lines[first], cell)
	}
	return nil
}

func (t *csvTable) ReadPositions(_ context.Context, _ int, column string, dst []analysis.Position, bad *BadValues) error {
	return t.numbers(column, true, bad, func(row int, x float64, ok bool) {
		dst[row] = analysis.Position{}
		if !ok {
			return
		}
		if x < 0 || x > analysis.MaxScore {
			bad.Add(row, strconv.FormatFloat(x, 'g', -1, 64))
			return
		}
		dst[row], _ = analysis.NewPosition(int(x)) // in range
	})
}

func (t *csvTable) ReadInts(_ context.Context, _ int, column string, dst []int64, valid []bool, bad *BadValues) error {
	return t.numbers(column, true, bad, func(row int, x float64, ok bool) {
		// Beyond 2^53 a float64 is not every whole number any more.
		if ok && math.Abs(x) > 1<<53 {
			bad.Add(row, strconv.FormatFloat(x, 'g', -1, 64))
			ok, x = false, 0
		}
		dst[row], valid[row] = int64(x), ok
	})
}

func (t *csvTable) ReadFloats(_ context.Context, _ int, column string, dst []float64) error {
	var bad BadValues
	err := t.numbers(column, false, &bad, func(row int, x float64, ok bool) {
		if dst[row] = x; !ok {
			dst[row] = math.NaN()
		}
	})
	if err == nil && bad.N > 0 {
		return fmt.Errorf("%s: column %q: row %d (line %d) is %s, want a number", t.file.Name(), column, bad.FirstRow, t.lines[bad.FirstRow], bad.First)
	}
	return err
}

func (t *csvTable) ReadCodes(_ context.Context, _ int, column string, dst []int32, intern func([]byte) int32) error {
	c, err := t.column(column)
	if err != nil {
		return err
	}
	for row := range dst {
		dst[row] = NullCode
		if cell, ok := t.cell(row, c); ok {
			dst[row] = intern(cell)
		}
	}
	return nil
}

func (t *csvTable) ReadText(_ context.Context, _ int, column string, rows []int, yield func(int, string, bool)) error {
	c, err := t.column(column)
	if err != nil {
		return err
	}
	for _, row := range rows {
		cell, ok := t.cell(row, c)
		yield(row, string(cell), ok)
	}
	return nil
}
