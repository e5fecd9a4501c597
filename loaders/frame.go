package loaders

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
)

// FrameColumns lists the columns that DataFrame can give: the scenario
// key, the columns of the split and each model's positions.
func (s *Scenarios) FrameColumns() []string {
	names := []string{"key"}
	for _, c := range []struct {
		name string
		has  bool
	}{{"rank", s.rank.V != nil}, {"query_generator", s.generator.Codes != nil}, {"value1", s.val1.Codes != nil},
		{"value2", s.val2.Codes != nil}, {"nudge_direction", s.nudge.Codes != nil},
		{"chunk_index", s.chunk.V != nil}, {"entry_idx", s.entry.V != nil}} {
		if c.has {
			names = append(names, c.name)
		}
	}
	for _, m := range s.Models() {
		names = append(names, m+value1Suffix, m+value2Suffix)
	}
	return names
}

// DataFrame returns the scenarios as a gota frame with the given columns,
// or all of FrameColumns. Positions and other numbers are float64 with NaN
// for a missing one; texts are strings with "" for a missing one. The error
// names a column that is not there and its nearest names.
//
// Mind gota v0.12.0: a NaN poisons Mean and StdDev, StdDev is the sample
// one, GroupBy merges keys and shuffles rows (use GroupBy of this package). Col, Numbers and WriteCSV stand in for
// methods that panic, cut digits or write formulas.
func (s *Scenarios) DataFrame(columns ...string) (dataframe.DataFrame, error) {
	known := s.FrameColumns()
	if len(columns) == 0 {
		columns = known
	}
	var all []series.Series
	for _, name := range columns {
		if !slices.Contains(known, name) {
			return dataframe.DataFrame{}, fmt.Errorf("loaders: split %s: %w", s.split, analysis.UnknownName("column", name, known))
		}
		all = append(all, s.series(name))
	}
	return newFrame(all)
}

// series makes one column that is known to exist.
func (s *Scenarios) series(name string) series.Series {
	switch name {
	case "key":
		keys := make([]string, s.Rows())
		for row := range keys {
			if k, ok := s.Key(row); ok {
				keys[row] = k.String()
			}
		}
		return series.New(keys, series.String, name)
	case "rank":
		return intSeries(s.rank, name)
	case "chunk_index":
		return intSeries(s.chunk, name)
	case "entry_idx":
		return intSeries(s.entry, name)
	}
	if c, err := s.named(name); err == nil {
		texts := make([]string, s.Rows())
		for row := range texts {
			texts[row] = textAt(c, row)
		}
		return series.New(texts, series.String, name)
	}
	for i, m := range s.models {
		for v, suffix := range []string{value1Suffix, value2Suffix} {
			if name == m+suffix {
				return series.New(scores(s.positions[i][v]), series.Float, name)
			}
		}
	}
	panic("loaders: FrameColumns lists " + name + ", series does not know it")
}

func intSeries(c Ints, name string) series.Series {
	values := make([]float64, len(c.V))
	for row := range values {
		values[row] = math.NaN()
		if v, ok := c.At(row); ok {
			values[row] = float64(v)
		}
	}
	return series.New(values, series.Float, name)
}

// scores turns positions into numbers, NaN for a missing one.
func scores(column []analysis.Position) []float64 {
	out := make([]float64, len(column))
	for row, p := range column {
		out[row] = math.NaN()
		if score, ok := p.Score(); ok {
			out[row] = float64(score)
		}
	}
	return out
}

// A LongRow is one position: of one model, on one value of one scenario.
type LongRow struct {
	Row      int    // of the Scenarios
	Model    string // ID
	Value    analysis.Value
	Position analysis.Position
}

// Long yields every position, missing ones included, scenario by scenario
// and within one by model and value.
func (s *Scenarios) Long() func(yield func(LongRow) bool) {
	models := s.Models()
	return func(yield func(LongRow) bool) {
		columns := make([][2][]analysis.Position, len(models))
		for i, m := range models {
			columns[i] = s.positions[slices.Index(s.models, m)]
		}
		for row := range s.Rows() {
			for i, m := range models {
				for v := range columns[i] {
					if !yield(LongRow{row, m, analysis.Value(v), columns[i][v][row]}) {
						return
					}
				}
			}
		}
	}
}

// LongFrame returns Long as a gota frame with the columns scenario (the
// key, or the row number where there is none), model, value (the value's
// name, or value1 and value2) and position (NaN for a missing one).
func (s *Scenarios) LongFrame() (dataframe.DataFrame, error) {
	n := s.Rows() * len(s.Models()) * 2
	scenario, model, value := make([]string, 0, n), make([]string, 0, n), make([]string, 0, n)
	position := make([]float64, 0, n)
	for l := range s.Long() {
		name := fmt.Sprint(l.Row)
		if k, ok := s.Key(l.Row); ok {
			name = k.String()
		}
		text := [...]string{"value1", "value2"}[l.Value]
		if c := s.Values(l.Value); c.Codes != nil {
			text = textAt(c, l.Row)
		}
		scenario, model, value = append(scenario, name), append(model, l.Model), append(value, text)
		position = append(position, scores([]analysis.Position{l.Position})[0])
	}
	return newFrame([]series.Series{
		series.New(scenario, series.String, "scenario"),
		series.New(model, series.String, "model"),
		series.New(value, series.String, "value"),
		series.New(position, series.Float, "position"),
	})
}

// Col returns a column of a frame. The error names a column that is not
// there, with its nearest names.
//
// It stands in for the method of that name, whose result panics at the
// first use where the column is missing (gota v0.12.0).
func Col(df dataframe.DataFrame, name string) (series.Series, error) {
	if df.Err != nil {
		return series.Series{}, fmt.Errorf("loaders: frame: %w", df.Err)
	}
	if names := df.Names(); !slices.Contains(names, name) {
		return series.Series{}, fmt.Errorf("loaders: frame: %w", analysis.UnknownName("column", name, names))
	}
	return df.Col(name), nil
}

// Numbers returns a column of numbers, NaN for a missing one. The error
// names a column that is not there, with its nearest names, or one of texts.
func Numbers(df dataframe.DataFrame, name string) ([]float64, error) {
	c, err := Col(df, name)
	if err != nil {
		return nil, err
	}
	if c.Type() == series.String {
		return nil, fmt.Errorf("loaders: frame: column %q holds texts, want numbers", name)
	}
	return c.Float(), nil
}

// WriteCSV writes a frame: numbers with every digit, an empty cell for a
// missing one, and texts so that no spreadsheet runs them.
//
// It stands in for the method of that name, which cuts numbers after six
// decimals and writes formulas as they are (gota v0.12.0).
func WriteCSV(w io.Writer, df dataframe.DataFrame) error {
	if df.Err != nil {
		return fmt.Errorf("loaders: frame: %w", df.Err)
	}
	out := csv.NewWriter(w)
	header := df.Names()
	for i, name := range header {
		header[i] = label.Sheet(name)
	}
	if err := out.Write(header); err != nil {
		return fmt.Errorf("loaders: frame: %w", err)
	}
	record := make([]string, len(header))
	for row := range df.Nrow() {
		for c := range record {
			record[c] = csvCell(df.Elem(row, c))
		}
		if err := out.Write(record); err != nil {
			return fmt.Errorf("loaders: frame: row %d: %w", row, err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("loaders: frame: %w", err)
	}
	return nil
}

func csvCell(e series.Element) string {
	switch {
	case e.Type() == series.String:
		return label.Sheet(e.String())
	case e.IsNA():
		return ""
	case e.Type() == series.Float:
		return strconv.FormatFloat(e.Float(), 'g', -1, 64)
	}
	return e.String()
}

// newFrame returns gota's hidden error as ours.
func newFrame(columns []series.Series) (dataframe.DataFrame, error) {
	df := dataframe.New(columns...)
	if df.Err != nil {
		return dataframe.DataFrame{}, fmt.Errorf("loaders: frame: %w", df.Err)
	}
	return df, nil
}
