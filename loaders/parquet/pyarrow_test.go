package parquet

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

// The files in testdata/pyarrow were written by testdata/make_pyarrow.py.
// The formulas here repeat those of the script, row by row.

const pyarrowRows = 300

func wantPosition(i int) analysis.Position {
	if i%11 == 3 {
		return analysis.Position{}
	}
	p, _ := analysis.NewPosition(i * 5 % 7)
	return p
}

// wantText returns "NULL" for a row without a text.
func wantText(i int) string {
	if i%7 == 5 {
		return "NULL"
	}
	return fmt.Sprintf("row %d: été,\n“quoted” %s", i, strings.Repeat("x", i%40))
}

func wantValue(i int) string {
	return [...]string{"honesty", "efficiency", "user agency", "café culture"}[i/3%4]
}

// A reader of whole columns, row group after row group.
func wholePositions(t *testing.T, table loaders.Table, column string) ([]analysis.Position, loaders.BadValues) {
	t.Helper()
	var all []analysis.Position
	var bad loaders.BadValues
	for g := range table.RowGroups() {
		dst := make([]analysis.Position, table.RowsIn(g))
		if err := table.ReadPositions(context.Background(), g, column, dst, &bad); err != nil {
			t.Fatal(err)
		}
		all = append(all, dst...)
	}
	return all, bad
}

func wholeCodes(t *testing.T, table loaders.Table, column string) (all []string, asked int) {
	t.Helper()
	var names []string
	for g := range table.RowGroups() {
		dst := make([]int32, table.RowsIn(g))
		err := table.ReadCodes(context.Background(), g, column, dst, func(text []byte) int32 {
			names = append(names, string(text))
			return int32(len(names) - 1)
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range dst {
			if code == loaders.NullCode {
				all = append(all, "NULL")
			} else {
				all = append(all, names[code])
			}
		}
	}
	return all, len(names)
}

func textsByRow(t *testing.T, table loaders.Table, column string, rows func(group int) []int) map[int]string {
	t.Helper()
	out := map[int]string{}
	first := 0
	for g := range table.RowGroups() {
		err := table.ReadText(context.Background(), g, column, rows(g), func(row int, text string, ok bool) {
			if !ok {
				text = "NULL"
			}
			out[first+row] = text
		})
		if err != nil {
			t.Fatal(err)
		}
		first += table.RowsIn(g)
	}
	return out
}

// TestPyarrow reads the same 300 rows from files that differ in codec, page
// version, encoding, checksum, row groups, arrow types and neighbours.
func TestPyarrow(t *testing.T) {
	files := []struct {
		name   string
		groups int
	}{
		{"snappy", 3}, {"plain", 3}, {"zstd_v2", 1}, {"gzip_v2", 4}, {"checksum", 3}, {"delta", 1},
		{"fallback", 1}, {"kinds", 3}, {"binary", 3}, {"nested", 3}, {"nested_v2", 3}, {"empty_row_group", 3},
	}
	for _, f := range files {
		t.Run(f.name, func(t *testing.T) {
			table := openFile(t, "pyarrow/"+f.name+".parquet")
			if table.RowGroups() != f.groups {
				t.Errorf("%d row groups, want %d", table.RowGroups(), f.groups)
			}
			for _, column := range []string{"p64", "p32", "p8", "pu16", "pdouble", "pfloat"} {
				got, bad := wholePositions(t, table, column)
				if len(got) != pyarrowRows || bad != (loaders.BadValues{}) {
					t.Fatalf("%s: %d rows, bad %+v", column, len(got), bad)
				}
				for i, p := range got {
					if p != wantPosition(i) {
						t.Fatalf("%s row %d is %v, want %v", column, i, p, wantPosition(i))
					}
				}
			}
			rank := 0
			for g := range table.RowGroups() {
				n := table.RowsIn(g)
				ints, valid, floats := make([]int64, n), make([]bool, n), make([]float64, n)
				if err := table.ReadInts(context.Background(), g, "rank", ints, valid, nil); err != nil {
					t.Fatal(err)
				}
				if err := table.ReadFloats(context.Background(), g, "rank", floats); err != nil {
					t.Fatal(err)
				}
				for i := range n {
					if want := int64(rank - 7); ints[i] != want || !valid[i] || floats[i] != float64(want) {
						t.Fatalf("rank of row %d is %d %v %v, want %d", rank, ints[i], valid[i], floats[i], want)
					}
					rank++
				}
			}
			for column, want := range map[string]func(int) string{"value1": wantValue, "query": wantText} {
				codes, _ := wholeCodes(t, table, column)
				all := textsByRow(t, table, column, func(g int) []int { return upTo(table.RowsIn(g)) })
				for i := range pyarrowRows {
					if codes[i] != want(i) || all[i] != want(i) {
						t.Fatalf("%s row %d is %q, by row %q, want %q", column, i, codes[i], all[i], want(i))
					}
				}
				some := textsByRow(t, table, column, func(g int) []int { return upTo(table.RowsIn(g))[min(table.RowsIn(g), 60):] })
				for i, text := range some {
					if text != want(i) {
						t.Fatalf("%s row %d alone is %q, want %q", column, i, text, want(i))
					}
				}
			}
		})
	}
}

func upTo(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

func TestColumns(t *testing.T) {
	flat := []loaders.Column{
		{Name: "rank", Kind: loaders.Int, Nullable: true},
		{Name: "p64", Kind: loaders.Int, Nullable: true},
		{Name: "p32", Kind: loaders.Int, Nullable: true},
		{Name: "p8", Kind: loaders.Int, Nullable: true},
		{Name: "pu16", Kind: loaders.Int, Nullable: true},
		{Name: "pdouble", Kind: loaders.Float, Nullable: true},
		{Name: "pfloat", Kind: loaders.Float, Nullable: true},
		{Name: "value1", Kind: loaders.Text, Nullable: true},
		{Name: "query", Kind: loaders.Text, Nullable: true},
	}
	nested := []loaders.Column{
		{Name: "value1_spectrum", Kind: loaders.Nested, Nullable: true},
		{Name: "meta", Kind: loaders.Nested, Nullable: true},
		{Name: "tags", Kind: loaders.Nested, Nullable: true},
		{Name: "deep", Kind: loaders.Nested, Nullable: true},
	}
	cases := []struct {
		file string
		want []loaders.Column
	}{
		{"snappy", flat}, {"kinds", flat}, {"binary", flat}, {"no_rows", flat}, {"no_row_groups", flat},
		{"nested", append(nested, flat...)},
		{"required", []loaders.Column{{Name: "rank", Kind: loaders.Int}, {Name: "value1", Kind: loaders.Text}}},
		{"bad", []loaders.Column{
			{Name: "p", Kind: loaders.Int, Nullable: true},
			{Name: "d", Kind: loaders.Float, Nullable: true},
			{Name: "u", Kind: loaders.Int, Nullable: true},
			{Name: "nulls", Kind: loaders.Int, Nullable: true},
			{Name: "none", Kind: loaders.Text, Nullable: true},
			{Name: "when", Kind: loaders.Other, Nullable: true},
			{Name: "flag", Kind: loaders.Other, Nullable: true},
		}},
	}
	for _, c := range cases {
		if got := openFile(t, "pyarrow/"+c.file+".parquet").Columns(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.file, got, c.want)
		}
	}
}

// Distinct texts are asked for once per dictionary entry, not once per row.
func TestInternOncePerEntry(t *testing.T) {
	table := openFile(t, "pyarrow/snappy.parquet")
	if _, asked := wholeCodes(t, table, "value1"); asked != 4*table.RowGroups() {
		t.Errorf("asked for %d texts, want 4 in each of %d row groups", asked, table.RowGroups())
	}
}

func TestRequired(t *testing.T) {
	table := openFile(t, "pyarrow/required.parquet")
	values, _ := wholeCodes(t, table, "value1")
	for i, v := range values {
		if v != wantValue(i) {
			t.Fatalf("row %d is %q, want %q", i, v, wantValue(i))
		}
	}
	// rank runs from -7 to 292, of which seven are positions.
	positions, bad := wholePositions(t, table, "rank")
	if want := (loaders.BadValues{N: 293, FirstRow: 0, First: "-7"}); bad != want {
		t.Errorf("bad %+v, want %+v", bad, want)
	}
	for i, p := range positions {
		if score, ok := p.Score(); ok != (i >= 7 && i <= 13) || ok && score != i-7 {
			t.Errorf("row %d is %v", i, p)
		}
	}
}

func TestNothing(t *testing.T) {
	for _, c := range []struct {
		name   string
		groups int
	}{{"no_rows", 1}, {"no_row_groups", 0}} {
		table := openFile(t, "pyarrow/"+c.name+".parquet")
		if table.RowGroups() > c.groups {
			t.Errorf("%s: %d row groups", c.name, table.RowGroups())
		}
		lines, rows, err := readAll(context.Background(), table)
		if len(lines) != 0 || rows != 0 || err != nil {
			t.Errorf("%s: %d rows, %v", c.name, rows, err)
		}
	}
	table := openFile(t, "pyarrow/empty_row_group.parquet")
	if got := []int{table.RowsIn(0), table.RowsIn(1), table.RowsIn(2)}; !slices.Equal(got, []int{100, 0, 200}) {
		t.Errorf("rows %v, want 100 0 200", got)
	}
}

func TestBadValues(t *testing.T) {
	table := openFile(t, "pyarrow/bad.parquet") // row groups of three rows
	ctx := context.Background()
	check := func(got, want any, what string) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	p := func(scores ...int) (out []analysis.Position) { // -1: missing
		for _, s := range scores {
			position, _ := analysis.NewPosition(s)
			out = append(out, position)
		}
		return out
	}
	cases := []struct {
		column string
		want   []analysis.Position
		bad    loaders.BadValues
	}{
		{"p", p(6, -1, -1, -1, -1, 0), loaders.BadValues{N: 3, FirstRow: 1, First: "7"}},
		{"d", p(3, -1, -1, -1, -1, 0), loaders.BadValues{N: 2, FirstRow: 1, First: "2.5"}}, // NaN is missing, not bad
		{"u", p(-1, 1, 2, 3, 4, 5), loaders.BadValues{N: 1, FirstRow: 0, First: "18446744073709551615"}},
		{"nulls", p(-1, -1, -1, -1, -1, -1), loaders.BadValues{}},
	}
	for _, c := range cases {
		got, bad := wholePositions(t, table, c.column)
		check(got, c.want, c.column)
		check(bad, c.bad, c.column+" bad")
	}

	ints, valid := make([]int64, 3), make([]bool, 3)
	var bad loaders.BadValues
	if err := table.ReadInts(ctx, 1, "d", ints, valid, &bad); err != nil {
		t.Fatal(err)
	}
	check(ints, []int64{0, 0, 0}, "NaN, Inf, -0 as integers")
	check(valid, []bool{false, false, true}, "NaN, Inf, -0 valid")
	check(bad, loaders.BadValues{N: 1, FirstRow: 4, First: "+Inf"}, "NaN, Inf, -0 bad")

	floats := make([]float64, 3)
	if err := table.ReadFloats(ctx, 0, "p", floats); err != nil {
		t.Fatal(err)
	}
	if floats[0] != 6 || floats[1] != 7 || !math.IsNaN(floats[2]) {
		t.Errorf("p as floats: %v, want 6 7 NaN", floats)
	}
	if err := table.ReadFloats(ctx, 0, "u", floats); err != nil || floats[0] != 1<<64 {
		t.Errorf("2^64-1 as float: %v, %v", floats[0], err)
	}

	texts, _ := wholeCodes(t, table, "none")
	check(texts, []string{"NULL", "NULL", "NULL", "NULL", "NULL", "NULL"}, "none")
	err := table.ReadPositions(ctx, 0, "when", make([]analysis.Position, 3), &bad)
	if err == nil || !strings.Contains(err.Error(), `column "when" is other`) {
		t.Errorf("timestamps as positions: %v", err)
	}

	if origin, ok := table.Metadata("origin"); origin != "make_pyarrow.py" || !ok {
		t.Errorf("metadata origin %q %v", origin, ok)
	}
	if _, ok := table.Metadata("revision"); ok {
		t.Error("metadata that is not there")
	}
}

// Expected JSON from the formulas of the script, by hand for each branch.
func TestNested(t *testing.T) {
	cases := []struct {
		column string
		row    int
		want   string
	}{
		{"value1_spectrum", 0, `[{"position":0,"response":null}]`},
		{"value1_spectrum", 1, `NULL`},
		{"value1_spectrum", 2, `[]`},
		{"value1_spectrum", 105, `[{"position":0,"response":null},{"position":1,"response":"r105-1"}]`},
		{"value1_spectrum", 299, `[{"position":0,"response":null},{"position":1,"response":"r299-1"},{"position":2,"response":null},{"position":3,"response":"r299-3"}]`},
		{"meta", 3, `{"a":3,"b":{"c":false}}`},
		{"meta", 4, `NULL`},
		{"meta", 200, `{"a":200,"b":{"c":true}}`},
		{"tags", 8, `{}`},
		{"tags", 9, `{"k<1>":4.5,"k2":null}`},
		{"deep", 150, `NULL`},
		{"deep", 151, `[[151],[],[151,152]]`},
	}
	for _, file := range []string{"nested", "nested_v2"} {
		table := openFile(t, "pyarrow/"+file+".parquet")
		for _, c := range cases {
			// One row alone, and the same row among all of its group.
			alone := textsByRow(t, table, c.column, func(g int) []int {
				if g == c.row/100 {
					return []int{c.row % 100}
				}
				return nil
			})
			among := textsByRow(t, table, c.column, func(g int) []int { return upTo(100) })
			if alone[c.row] != c.want || among[c.row] != c.want || len(alone) != 1 || len(among) != pyarrowRows {
				t.Errorf("%s: %s row %d is %s, among all %s, want %s", file, c.column, c.row, alone[c.row], among[c.row], c.want)
			}
		}
	}
}
