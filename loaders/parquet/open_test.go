package parquet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	pq "github.com/parquet-go/parquet-go"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

// A memory is a file in memory.
type memory struct {
	*bytes.Reader
	name string
}

func (m memory) Close() error { return nil }
func (m memory) Name() string { return m.name }

func inMemory(name string, b []byte) loaders.File { return memory{bytes.NewReader(b), name} }

func openBytes(name string, b []byte) (loaders.Table, error) {
	return Format{}.Open(context.Background(), inMemory(name, b))
}

// openFile opens a file of testdata.
func openFile(t *testing.T, name string) loaders.Table {
	t.Helper()
	table, err := openBytes(name, load(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func load(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// readAll reads every column that can be read and returns a line per row
// and column, so that two files can be compared, and the number of rows.
func readAll(ctx context.Context, table loaders.Table) (lines []string, rows int, err error) {
	for g := range table.RowGroups() {
		n := table.RowsIn(g)
		rows += n
		for _, c := range table.Columns() {
			out := make([]string, n)
			switch c.Kind {
			case loaders.Int, loaders.Float:
				err = readNumbersAsText(ctx, table, g, c.Name, out)
			case loaders.Text:
				codes := make([]int32, n)
				var texts []string
				err = table.ReadCodes(ctx, g, c.Name, codes, func(text []byte) int32 {
					texts = append(texts, string(text))
					return int32(len(texts) - 1)
				})
				for i, code := range codes {
					if err == nil && code != loaders.NullCode {
						out[i] = texts[code]
					}
				}
				if err == nil {
					err = sameByRow(ctx, table, g, c.Name, out)
				}
			case loaders.Nested:
				err = sameByRow(ctx, table, g, c.Name, out)
			}
			if err != nil {
				return nil, rows, err
			}
			for i, v := range out {
				lines = append(lines, fmt.Sprintf("%d/%s/%d=%s", g, c.Name, i, v))
			}
		}
	}
	return lines, rows, nil
}

func readNumbersAsText(ctx context.Context, table loaders.Table, g int, column string, out []string) error {
	var bad loaders.BadValues
	positions := make([]analysis.Position, len(out))
	if err := table.ReadPositions(ctx, g, column, positions, &bad); err != nil {
		return err
	}
	ints, valid := make([]int64, len(out)), make([]bool, len(out))
	if err := table.ReadInts(ctx, g, column, ints, valid, &bad); err != nil {
		return err
	}
	floats := make([]float64, len(out))
	if err := table.ReadFloats(ctx, g, column, floats); err != nil {
		return err
	}
	for i := range out {
		out[i] = fmt.Sprint(positions[i], " ", ints[i], " ", valid[i], " ", floats[i])
		if valid[i] && math.IsNaN(floats[i]) {
			return fmt.Errorf("row %d: %s", i, out[i])
		}
	}
	return nil
}

// sameByRow reads a column by row and compares it with what is in want, or
// fills want where that is empty.
func sameByRow(ctx context.Context, table loaders.Table, g int, column string, want []string) error {
	rows := make([]int, len(want))
	for i := range rows {
		rows[i] = i
	}
	n := 0
	err := table.ReadText(ctx, g, column, rows, func(row int, text string, ok bool) {
		n++
		if want[row] == "" {
			want[row] = text
		}
		if text != want[row] {
			panic(fmt.Sprintf("%s row %d: %q by row, %q by code", column, row, text, want[row]))
		}
	})
	if err == nil && n != len(rows) {
		panic(fmt.Sprintf("%s: %d rows, want %d", column, n, len(rows)))
	}
	return err
}

func TestNotParquet(t *testing.T) {
	seed := load(t, "corpus/seed_palike.parquet")
	cases := []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "x.parquet: footer: not a parquet file: 0 bytes, want at least 12"},
		{"eleven bytes", []byte("PAR1\x00\x00\x00PAR1"), "x.parquet: footer: not a parquet file: 11 bytes"},
		{"a text", []byte("scenario,position\n1,2\n"), `x.parquet: footer: not a parquet file: starts with "scen"`},
		{"encrypted footer", append(append([]byte("PARE"), seed[4:len(seed)-4]...), "PARE"...), "x.parquet: footer: the file is encrypted"},
		{"no schema", []byte("PAR1\x00\x01\x00\x00\x00PAR1"), "x.parquet: footer: "},
		{"footer longer than the file", append(seed[:len(seed)-8:len(seed)-8], "\xff\xff\xff\xffPAR1"...), "x.parquet: footer: length 4294967295, want at most 19522"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := openBytes("x.parquet", c.file)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

func TestTruncated(t *testing.T) {
	for _, name := range []string{"seed_palike", "seed_v1_snappy", "seed_v2_palike"} {
		seed := load(t, "corpus/"+name+".parquet")
		for n := range seed {
			if n > 2000 && n%13 != 0 {
				continue
			}
			if _, err := openBytes("cut.parquet", seed[:n]); err == nil {
				t.Fatalf("%s cut to %d bytes of %d opens", name, n, len(seed))
			} else if !strings.HasPrefix(err.Error(), "cut.parquet: footer: ") {
				t.Fatalf("%s cut to %d bytes: %v", name, n, err)
			}
		}
	}
}

func TestColumnRefusals(t *testing.T) {
	table := openFile(t, "corpus/seed_palike.parquet")
	ctx := context.Background()
	n := table.RowsIn(0)
	var bad loaders.BadValues
	cases := []struct {
		name string
		err  error
		want string
	}{
		{"missing", table.ReadPositions(ctx, 0, "o3_value1_positon", make([]analysis.Position, n), &bad), "corpus/seed_palike.parquet: unknown name: no column \"o3_value1_positon\"; nearest: o3_value1_position, o3_value2_position"},
		{"other case", table.ReadPositions(ctx, 0, "O3_value1_position", make([]analysis.Position, n), &bad), "corpus/seed_palike.parquet: unknown name: no column \"O3_value1_position\"; nearest: o3_value1_position"},
		{"text where numbers are wanted", table.ReadPositions(ctx, 0, "query", make([]analysis.Position, n), &bad), `corpus/seed_palike.parquet: schema: unexpected columns: column "query" is text, want integer or float`},
		{"numbers where text is wanted", table.ReadCodes(ctx, 0, "rank", make([]int32, n), nil), `corpus/seed_palike.parquet: schema: unexpected columns: column "rank" is integer, want text`},
		{"numbers by row", table.ReadText(ctx, 0, "rank", []int{0}, nil), `corpus/seed_palike.parquet: schema: unexpected columns: column "rank" is integer, want text or nested`},
		{"too little room", table.ReadFloats(ctx, 0, "rank", make([]float64, n-1)), "corpus/seed_palike.parquet: row group 0: room for 99 rows, want 100"},
		{"no such row group", table.ReadFloats(ctx, 2, "rank", nil), "corpus/seed_palike.parquet: row group 2, the file has 2"},
		{"no such row", table.ReadText(ctx, 1, "query", []int{99, 100}, nil), `corpus/seed_palike.parquet: row group 1 column "query": row 100 asked for, want ascending rows below 100`},
		{"rows out of order", table.ReadText(ctx, 1, "query", []int{3, 2}, nil), `corpus/seed_palike.parquet: row group 1 column "query": row 2 asked for`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.err == nil || !strings.HasPrefix(c.err.Error(), c.want) {
				t.Errorf("error %v, want %s", c.err, c.want)
			}
		})
	}
	if !errors.Is(cases[0].err, analysis.ErrUnknownName) {
		t.Errorf("%v does not wrap ErrUnknownName", cases[0].err)
	}
	if !errors.Is(cases[2].err, loaders.ErrSchema) {
		t.Errorf("%v does not wrap ErrSchema", cases[2].err)
	}
}

func TestCancelled(t *testing.T) {
	table := openFile(t, "corpus/seed_palike.parquet")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (Format{}).Open(ctx, inMemory("x", nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("Open: %v, want context canceled", err)
	}
	_, _, err := readAll(ctx, table)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("read: %v, want context canceled", err)
	}
}

func TestReopen(t *testing.T) {
	const name = "pyarrow/bad.parquet"
	table := openFile(t, name)
	want, rows, err := readAll(context.Background(), table)
	if err != nil || rows == 0 {
		t.Fatal(rows, err)
	}
	table.Close()
	got, _, err := readAll(context.Background(), table.(loaders.Reopener).Reopen(inMemory(name, load(t, name))))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("opened again: %v, or other values", err)
	}
}

// TestReplaced: a file that another one took the place of, after its
// structure was read, is read by its own.
func TestReplaced(t *testing.T) {
	type row struct {
		A *int64 `parquet:"o3_value1_position,optional"`
		B *int64 `parquet:"o3_value2_position,optional"`
		C *int64 `parquet:"gpt_4o_value1_position,optional"`
		D *int64 `parquet:"gpt_4o_value2_position,optional"`
	}
	path := filepath.Join(t.TempDir(), "all_models.parquet")
	write := func(scores ...int64) {
		t.Helper()
		var rows []row
		for _, s := range scores {
			rows = append(rows, row{&s, &s, &s, &s})
		}
		if err := pq.WriteFile(path, rows); err != nil {
			t.Fatal(err)
		}
	}
	open := func() *loaders.Dataset {
		t.Helper()
		d, err := loaders.Open(context.Background(), path, loaders.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	first := func(d *loaders.Dataset) (int, error) {
		s, err := d.Scenarios(context.Background(), "all_models")
		if err != nil {
			return 0, err
		}
		p, err := s.AllPositions()
		if err != nil {
			return 0, err
		}
		score, _ := p.Column(0, analysis.Value1)[0].Score()
		return score, nil
	}
	write(1, 2, 3)
	d := open()
	write(4, 5, 6, 6, 6, 6)
	if _, err := first(d); err == nil {
		t.Error("a file with more rows than were announced was read")
	}
	write(1, 2, 3)
	d = open()
	write(4, 5, 6)
	later := time.Now().Add(time.Second) // where the clock of files is coarse
	if err := os.Chtimes(path, later, later); err != nil {
		t.Fatal(err)
	}
	if score, err := first(d); err != nil || score != 4 {
		t.Errorf("score %d, %v; want 4, from the file that is there", score, err)
	}
}
