package parquet

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/reliability"
	"github.com/specstress/specstress/loaders"
)

var update = flag.Bool("update", false, "write docs/schema.md anew from the outcomes found")

// A cell is one column of the published schema, in the way in which a file
// of the matrix has it.
type cell struct {
	name     string
	kind     reflect.Type
	required bool
	value    func(row int) any // nil for NULL
}

// The matrix's files hold eight scenarios of four pairs.
const matrixRows = 8

// publishedCells are the 44 columns, in the published order: responses list
// gpt_4_1 before gpt_4_1_mini, positions the reverse.
func publishedCells() []cell {
	const (
		responses = "claude_3_5_sonnet claude_3_7_sonnet claude_opus_3 claude_opus_4 claude_sonnet_4 gemini_2_5_pro gpt_4_1 gpt_4_1_mini gpt_4o grok_4 o3 o4_mini"
		positions = "claude_3_5_sonnet claude_3_7_sonnet claude_opus_3 claude_opus_4 claude_sonnet_4 gemini_2_5_pro gpt_4_1_mini gpt_4_1 gpt_4o grok_4 o3 o4_mini"
	)
	number, text := reflect.TypeFor[int64](), reflect.TypeFor[string]()
	words := func(prefix string, n int) func(int) any {
		return func(row int) any { return fmt.Sprintf("%s %d", prefix, row%n) }
	}
	cells := []cell{
		{"rank", number, false, func(row int) any { return int64(row + 1) }},
		{"query_generator", text, false, words("generator", 2)},
		{"value1", text, false, words("one", 3)},
		{"value2", text, false, words("two", 5)},
		{"nudge_direction", text, false, func(row int) any { return []string{"neutral", "value1"}[row%2] }},
		{"query", text, false, words("query", 8)},
	}
	for _, m := range strings.Fields(responses) {
		cells = append(cells, cell{"response_" + m, text, false, words(m, 8)})
	}
	for i, m := range strings.Fields(positions) {
		for v := range 2 {
			// Every pair of columns differs, so that none can pass for another.
			at := func(row int) any { return int64((row*(i+1) + 3*v + i) % 7) }
			cells = append(cells, cell{fmt.Sprintf("%s_value%d_position", m, v+1), number, false, at})
		}
	}
	return append(cells,
		cell{"chunk_index", number, false, func(row int) any { return int64(row / 4) }},
		cell{"entry_idx", number, false, func(row int) any { return int64(row / 2) }})
}

// parquetOf writes cells as a file; two that share a name are told apart
// while they are written, since parquet-go would not write them.
func parquetOf(t *testing.T, cells []cell, rows int) []byte {
	t.Helper()
	names := map[string]string{} // as written -> as wanted
	var fields []reflect.StructField
	for i, c := range cells {
		name := c.name
		if slices.ContainsFunc(cells[:i], func(b cell) bool { return b.name == c.name }) {
			name = fmt.Sprintf("twin%d", i)
			names[name] = c.name
		}
		tag := name + ",optional"
		if c.required {
			tag = name
		}
		fields = append(fields, reflect.StructField{Name: fmt.Sprintf("C%d", i), Type: c.kind, Tag: reflect.StructTag(fmt.Sprintf("parquet:%q", tag))})
	}
	schema := pq.NewSchema("schema", pq.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface()))
	var b bytes.Buffer
	w := pq.NewWriter(&b, schema)
	for row := range rows {
		values := make(pq.Row, len(cells))
		for i, c := range cells {
			v := c.value(row)
			level := 1
			if c.required {
				level = 0
			}
			if v == nil {
				values[i] = pq.NullValue().Level(0, 0, i)
			} else {
				values[i] = pq.ValueOf(reflect.ValueOf(v).Convert(c.kind).Interface()).Level(0, level, i)
			}
		}
		if _, err := w.WriteRows([]pq.Row{values}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		return b.Bytes()
	}
	s := &seed{file: b.Bytes()}
	s.footer = len(s.file) - 8 - int(uint32(s.file[len(s.file)-8])|uint32(s.file[len(s.file)-7])<<8|uint32(s.file[len(s.file)-6])<<16)
	var p thrift.CompactProtocol
	if err := thrift.Unmarshal(&p, s.file[s.footer:len(s.file)-8], &s.meta); err != nil {
		t.Fatal(err)
	}
	rename := func(to *string) {
		if wanted, ok := names[*to]; ok {
			*to = wanted
		}
	}
	for i := range s.meta.Schema {
		rename(&s.meta.Schema[i].Name)
	}
	for g := range s.meta.RowGroups {
		for c := range s.meta.RowGroups[g].Columns {
			rename(&s.meta.RowGroups[g].Columns[c].MetaData.PathInSchema[0])
		}
	}
	return s.withFooter(marshal(&s.meta))
}

// A reading is all that the loaders make of a file.
type reading struct {
	scenarios map[string][]string // by column, as our names have it
	texts     map[string][]string // likewise, or the error
	refusals  map[string]error
	doubts    []string
	err       error
}

func read(t *testing.T, file []byte) reading {
	t.Helper()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "all_models.parquet")
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
	r := reading{scenarios: map[string][]string{}, texts: map[string][]string{}, refusals: map[string]error{}}
	d, err := loaders.Open(ctx, path, loaders.Options{})
	if err != nil {
		r.err = err
		return r
	}
	s, err := d.Scenarios(ctx, "all_models")
	if err != nil {
		r.err = err
		return r
	}
	for _, doubt := range s.Doubts() {
		r.doubts = append(r.doubts, doubt.Error())
	}
	df, err := s.DataFrame()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range df.Names() {
		r.scenarios[name] = df.Col(name).Records()
	}
	for _, c := range publishedCells() {
		if c.name != "query" && !strings.HasPrefix(c.name, "response_") {
			continue
		}
		texts, err := s.Text(ctx, c.name, 0, 1, 2, 3, 4, 5, 6, 7)
		if err != nil {
			r.refusals[c.name] = err
		} else {
			r.texts[c.name] = texts
		}
	}
	return r
}

// The outcomes that the matrix knows. There is none for other values.
const (
	asBefore = "read, the same values"
	without  = "read without it"
	refused  = "refused"
	onDemand = "refused when asked for"
)

// outcome compares a reading with that of the published schema. Anything
// but the outcomes above is told as it is, and fails the test.
func outcomeOf(base, got reading, column string) string {
	if got.err != nil {
		name := strings.ToLower(got.err.Error())
		if !errors.Is(got.err, loaders.ErrSchema) || !strings.Contains(name, strings.ToLower(column)) || !strings.Contains(name, "all_models.parquet") {
			return "an error that names too little: " + got.err.Error()
		}
		return refused
	}
	if err := got.refusals[column]; err != nil {
		if !errors.Is(err, loaders.ErrSchema) || !strings.Contains(err.Error(), column) {
			return "an error that names too little: " + err.Error()
		}
		got.texts[column] = base.texts[column]
		if !reflect.DeepEqual(got.texts, base.texts) || !reflect.DeepEqual(got.scenarios, base.scenarios) {
			return "other values beside the refusal"
		}
		return onDemand
	}
	lacks := false
	for name, values := range base.scenarios {
		now, ok := got.scenarios[name]
		switch {
		case !ok && name == column:
			lacks = true
		case name == "key" && slices.Equal(now, make([]string, matrixRows)):
			lacks = true // no key without all of its parts
		case !slices.Equal(now, values):
			return fmt.Sprintf("other values in %s: %v", name, now)
		}
	}
	if !reflect.DeepEqual(got.texts, base.texts) {
		return "other texts"
	}
	if lacks {
		return without
	}
	return asBefore
}

// A change is one column of the matrix: a way in which a file may depart
// from the published schema.
type change struct {
	name  string
	apply func(cells []cell, i int) []cell
}

func retyped[T any](convert func(v any) any) func([]cell, int) []cell {
	return func(cells []cell, i int) []cell {
		old := cells[i].value
		cells[i].kind = reflect.TypeFor[T]()
		cells[i].value = func(row int) any {
			if v := old(row); v != nil {
				return convert(v)
			}
			return nil
		}
		return cells
	}
}

func numberOf(v any) int64 {
	if n, ok := v.(int64); ok {
		return n
	}
	return int64(len(v.(string)))
}

var changes = []change{
	{"absent", func(cells []cell, i int) []cell { return slices.Delete(cells, i, i+1) }},
	{"renamed", func(cells []cell, i int) []cell { cells[i].name = "a_" + cells[i].name + "_z"; return cells }},
	{"other case", func(cells []cell, i int) []cell { cells[i].name = strings.ToUpper(cells[i].name); return cells }},
	{"int32", retyped[int32](func(v any) any { return int32(numberOf(v)) })},
	{"int64", retyped[int64](func(v any) any { return numberOf(v) })},
	{"double", retyped[float64](func(v any) any { return float64(numberOf(v)) })},
	{"string", retyped[string](func(v any) any { return fmt.Sprint(v) })},
	{"boolean", retyped[bool](func(v any) any { return numberOf(v)%2 == 0 })},
	{"required", func(cells []cell, i int) []cell { cells[i].required = true; return cells }},
	{"swapped", func(cells []cell, i int) []cell {
		j := (i + 1) % len(cells)
		cells[i], cells[j] = cells[j], cells[i]
		return cells
	}},
	{"twice", func(cells []cell, i int) []cell { return append(cells, cells[i]) }},
}

// TestSchemaMatrix changes every one of the 44 published columns in every
// way of changes, and states what comes of it. No change may give other
// values than the file holds without an error. docs/schema.md has the
// outcomes; -update writes it.
func TestSchemaMatrix(t *testing.T) {
	cells := publishedCells()
	if len(cells) != 44 {
		t.Fatalf("%d columns, the published files have 44", len(cells))
	}
	base := read(t, parquetOf(t, cells, matrixRows))
	if base.err != nil || len(base.refusals) > 0 || len(base.doubts) > 0 {
		t.Fatalf("the published schema: %v, %v, %v", base.err, base.refusals, base.doubts)
	}
	outcomes := map[string][]string{} // by kind of column: one for each change
	counts := map[string]int{}
	var order []string
	for i, c := range cells {
		group := groupOf(c.name)
		var row []string
		for _, change := range changes {
			changed := change.apply(slices.Clone(cells), i)
			o := outcomeOf(base, read(t, parquetOf(t, changed, matrixRows)), c.name)
			if !slices.Contains([]string{asBefore, without, refused, onDemand}, o) {
				t.Errorf("%s %s: %s", c.name, change.name, o)
			}
			row = append(row, o)
		}
		if counts[group]++; counts[group] == 1 {
			order = append(order, group)
			outcomes[group] = row
		} else if !slices.Equal(outcomes[group], row) {
			t.Errorf("%s: %v, another %s: %v", c.name, row, group, outcomes[group])
		}
	}

	var b strings.Builder
	b.WriteString(schemaHead)
	b.WriteString("| column |")
	for _, change := range changes {
		b.WriteString(" " + change.name + " |")
	}
	b.WriteString("\n|" + strings.Repeat(" --- |", 1+len(changes)) + "\n")
	for _, group := range order {
		name := "`" + group + "`"
		if counts[group] > 1 {
			name += fmt.Sprintf(" (%d)", counts[group])
		}
		b.WriteString("| " + name + " | " + strings.Join(outcomes[group], " | ") + " |\n")
	}
	b.WriteString("\n## Odd values and files\n\n| what | outcome |\n| --- | --- |\n")
	for _, c := range oddCases {
		b.WriteString("| " + c.name + " | " + c.says + " |\n")
	}
	reliability.Record(t, "%d columns in %d ways: every outcome stated, no other value", len(cells), len(changes))
	const path = "../../docs/schema.md"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile(path)
	if err != nil || string(committed) != b.String() {
		t.Errorf("docs/schema.md does not say what was found (%v); go test ./loaders/parquet -run TestSchemaMatrix -update writes it", err)
	}
}

const schemaHead = `# When a file is not what was published

The loaders were written from a description of the published files. This
page says what they do with a file that departs from it in one way. The
table is made by ` + "`TestSchemaMatrix`" + ` in loaders/parquet, which changes every
one of the 44 columns of a split in every way and compares all values;
` + "`TestOddFiles`" + ` holds the second one.

- **read, the same values**: the change does not matter.
- **read without it**: the column, and the scenario key where it is a part of
  it, count as missing, as in data of one's own that never had it. A result
  that needs the column is not computable, with its reason; without
  chunk_index or entry_idx rows are taken as independent, with a warning.
  ` + "`specstress info`" + ` lists the columns that are there, and ` + "`specstress check`" + `
  those whose names it does not know.
- **refused**: an error that names the file, the column, and what was
  expected and found.
- **refused when asked for**: likewise, but only when these texts are asked
  for; nothing else reads them.

No change gives other numbers without an error. A column by another name is
read with ` + "`--column OURS=THEIRS`" + `.

## Changes of a column

`

// groupOf is the column with the model left open.
func groupOf(name string) string {
	switch {
	case strings.HasPrefix(name, "response_"):
		return "response_<model>"
	case strings.HasSuffix(name, "_value1_position"):
		return "<model>_value1_position"
	case strings.HasSuffix(name, "_value2_position"):
		return "<model>_value2_position"
	}
	return name
}

// instead replaces one value of a column.
func instead(at int, v any) func([]cell, int) []cell {
	return func(cells []cell, i int) []cell {
		old := cells[i].value
		cells[i].value = func(row int) any {
			if row == at {
				return v
			}
			return old(row)
		}
		return cells
	}
}

// oddCases are put into every position column, one at a time.
var oddCases = []struct {
	name, says string
	apply      func([]cell, int) []cell
	bad        string // how the value is told, "" for a plain missing one
}{
	{"NULL in a position column", "that position is missing, in all 24 columns; never 0", instead(3, nil), ""},
	{"-1 in a position column", "missing, counted, the first named with its row", instead(3, int64(-1)), "-1"},
	{"7 in a position column", "missing, counted, the first named with its row", instead(3, int64(7)), "7"},
	{"2^40 in a position column", "missing, counted, the first named with its row", instead(3, int64(1<<40)), "1099511627776"},
	{"2.5 in a position column of doubles", "missing, counted, the first named with its row", func(cells []cell, i int) []cell {
		cells = retyped[float64](func(v any) any { return float64(numberOf(v)) })(cells, i)
		return instead(3, 2.5)(cells, i)
	}, "2.5"},
	{"NaN in a position column of doubles", "missing: pandas writes NULL so", func(cells []cell, i int) []cell {
		cells = retyped[float64](func(v any) any { return float64(numberOf(v)) })(cells, i)
		return instead(3, math.NaN())(cells, i)
	}, ""},
	{"two rows with one scenario key", "both are read, a warning counts the repeated one", nil, ""},
	{"a file without rows", "listed with a warning; asking for the split is an error, `ErrTooFew`", nil, ""},
	{"a file without row groups", "as a file without rows", nil, ""},
}

// TestOddFiles holds the second table of docs/schema.md.
func TestOddFiles(t *testing.T) {
	cells := publishedCells()
	base := read(t, parquetOf(t, cells, matrixRows))
	for _, c := range oddCases {
		if c.apply == nil {
			continue
		}
		columns := 0
		for i, col := range cells {
			if !strings.HasSuffix(col.name, "_position") {
				continue
			}
			columns++
			got := read(t, parquetOf(t, c.apply(slices.Clone(cells), i), matrixRows))
			want := map[string][]string{}
			for name, values := range base.scenarios {
				want[name] = slices.Clone(values)
			}
			want[col.name][3] = "NaN" // how a frame has a missing position
			if got.err != nil || !reflect.DeepEqual(got.scenarios, want) {
				t.Errorf("%s: %s: %v, %v, want %v", c.name, col.name, got.err, got.scenarios[col.name], want[col.name])
			}
			said := fmt.Sprintf("column %s: left out as missing: 1, the first in row 3: %s", col.name, c.bad)
			if c.bad == "" && len(got.doubts) > 0 || c.bad != "" && (len(got.doubts) != 1 || !strings.HasSuffix(got.doubts[0], said)) {
				t.Errorf("%s: %s: doubts %q, want %q", c.name, col.name, got.doubts, said)
			}
		}
		if columns != 24 {
			t.Errorf("%d position columns", columns)
		}
	}

	reliability.Record(t, "%d odd cases, six of them in each of 24 position columns", len(oddCases))
	twin := publishedCells()
	for i, c := range twin {
		switch c.name {
		case "chunk_index", "entry_idx", "nudge_direction":
			first := c.value(0)
			twin = instead(5, first)(twin, i)
		}
	}
	got := read(t, parquetOf(t, twin, matrixRows))
	if got.err != nil || len(got.scenarios["key"]) != matrixRows || len(got.doubts) != 1 || !strings.Contains(got.doubts[0], "1 rows repeat the scenario key") {
		t.Errorf("a repeated key: %v, %v", got.err, got.doubts)
	}

	empty := parquetOf(t, cells, 0)
	s := &seed{file: empty}
	for name, file := range map[string][]byte{"no rows": empty, "no row groups": withoutGroups(t, s)} {
		path := filepath.Join(t.TempDir(), "all_models.parquet")
		if err := os.WriteFile(path, file, 0o644); err != nil {
			t.Fatal(err)
		}
		d, err := loaders.Open(context.Background(), path, loaders.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if w := fmt.Sprint(d.Warnings()); !strings.Contains(w, "all_models.parquet has no rows") {
			t.Errorf("%s: warnings %s", name, w)
		}
		if _, err := d.Scenarios(context.Background(), "all_models"); !errors.Is(err, analysis.ErrTooFew) || !strings.Contains(err.Error(), "no rows") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// withoutGroups is a file whose footer lists no row group.
func withoutGroups(t *testing.T, s *seed) []byte {
	t.Helper()
	s.footer = len(s.file) - 8 - int(uint32(s.file[len(s.file)-8])|uint32(s.file[len(s.file)-7])<<8)
	var p thrift.CompactProtocol
	if err := thrift.Unmarshal(&p, s.file[s.footer:len(s.file)-8], &s.meta); err != nil {
		t.Fatal(err)
	}
	s.meta.RowGroups, s.meta.NumRows = nil, 0
	return s.withFooter(marshal(&s.meta))
}
