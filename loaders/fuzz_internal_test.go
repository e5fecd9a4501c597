package loaders

import (
	"bytes"
	"context"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// A memoryFile is a File of bytes.
type memoryFile struct {
	*bytes.Reader
}

func (memoryFile) Close() error { return nil }
func (memoryFile) Name() string { return "fuzz.csv" }

// FuzzCSV reads any file as a CSV source, every column in every way. The
// table is as large as it says, and a score is 0 to 6 or missing.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n", "a\n\"x\ny\"\n", "\ufeffa,b\r\n1,NA\r\n", "a,a\n1,2\n", "", "\n", "a", "a\n\"", "a,b\n1\n", "a\n1e400\n", "a\n1e300\n1\n", "a\n-0\n", "a\n9223372036854775808\n",
		"o3_value1_position,o3_value2_position\n7,nan\n3,0x1p-2\n", "a\n\x00\xff\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := csvFormat{}.Open(context.Background(), memoryFile{bytes.NewReader(b)})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "fuzz.csv: ") {
				t.Errorf("the error names no file: %v", err)
			}
			return
		}
		n := table.RowsIn(0)
		if n > len(b) {
			t.Fatalf("%d rows in %d bytes", n, len(b))
		}
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		ctx := context.Background()
		for _, c := range table.Columns() {
			var bad BadValues
			positions := make([]analysis.Position, n)
			if table.ReadPositions(ctx, 0, c.Name, positions, &bad) == nil {
				for _, p := range positions {
					if score, ok := p.Score(); ok && (score < 0 || score > analysis.MaxScore) {
						t.Errorf("score %d", score)
					}
				}
			}
			floats := make([]float64, n)
			if table.ReadFloats(ctx, 0, c.Name, floats) == nil {
				for _, x := range floats {
					if math.IsInf(x, 0) {
						t.Errorf("%v is read", x)
					}
				}
			}
			ints, valid := make([]int64, n), make([]bool, n)
			if table.ReadInts(ctx, 0, c.Name, ints, valid, &bad) == nil {
				for i, v := range ints {
					if valid[i] && (v > 1<<53 || v < -1<<53) {
						t.Errorf("%d is read", v)
					}
				}
			}
			names := newInterner()
			if err := table.ReadCodes(ctx, 0, c.Name, make([]int32, n), names.code); err != nil {
				t.Error(err)
			}
			got := 0
			if err := table.ReadText(ctx, 0, c.Name, all, func(int, string, bool) { got++ }); err != nil || got != n {
				t.Errorf("%d texts of %d, %v", got, n, err)
			}
		}
	})
}

// FuzzTaxonomy parses any file. Every value of one that is accepted has one
// of the 26 categories.
func FuzzTaxonomy(f *testing.F) {
	const sound = "cluster_id,name,level,parent_cluster_id\nl3,top,3,\nl2,Critical thinking,2,l3\nl1,x,1,l2\nv,honesty,0,l1\n"
	f.Add([]byte(sound))
	for _, change := range [][2]string{{"l1\n", "l2\n"}, {",0,", ",9,"}, {"l3,top,3,\n", ""}, {"honesty", "\xff"}, {"name", "nmae"}, {"v,honesty", "l1,honesty"}, {"l1,x,1,l2", "l1,x,1,l1"}} {
		f.Add([]byte(strings.Replace(sound, change[0], change[1], 1)))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		tree, err := parseTaxonomy(io.Reader(bytes.NewReader(b)))
		if err != nil {
			return
		}
		for name, c := range tree.category {
			if c < 0 || c >= len(analysis.Categories()) || tree.CategoryOf(name) != c {
				t.Errorf("value %q has category %d", name, c)
			}
		}
		if tree.CategoryOf("no such value, surely") >= 0 {
			t.Error("a value outside has a category")
		}
	})
}

// FuzzCondition parses any condition. One that is accepted keeps its name
// and can be asked of rows.
func FuzzCondition(f *testing.F) {
	for _, s := range []string{"nudge=neutral", "value=a=b", "category=critical-thinking", "models=o3+o4_mini", "models=all_models", "models=++", "=", "value=", "nugde=x", "generator=\x00\xff", "models=o3+o3"} {
		f.Add(s)
	}
	s := &Scenarios{split: "x", models: []string{"o3"}, positions: [][2][]analysis.Position{{make([]analysis.Position, 2), make([]analysis.Position, 2)}},
		nudge: Coded{[]int32{0, NullCode}, []string{"neutral"}}, generator: Coded{[]int32{0, 0}, []string{"o3"}},
		val1: Coded{[]int32{0, 1}, []string{"a", "b"}}, val2: Coded{[]int32{1, NullCode}, []string{"a", "b"}},
		dataset: &Dataset{}, clusters: func() analysis.Clusters { return analysis.Clusters{} }}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCondition(text)
		if err != nil {
			return
		}
		if word, _, _ := strings.Cut(text, "="); !strings.HasPrefix(c.Name, word+"=") {
			t.Errorf("%q is called %q", text, c.Name)
		}
		if kept, err := s.Where(c); err == nil && (kept.Rows() < 1 || kept.Rows() > s.Rows()) {
			t.Errorf("%q keeps %d of %d rows", text, kept.Rows(), s.Rows())
		}
	})
}

// FuzzParseKey parses any text as a scenario key. The written form of one
// that is accepted is the same key.
func FuzzParseKey(f *testing.F) {
	for _, s := range []string{"32-579-value1", "0-0-neutral", "--", "1-2-", "-1-2-x", "1-2-a-b", "9223372036854775808-0-x", "+1-2-x", "1_0-2-x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		k, err := ParseKey(text)
		if err != nil {
			return
		}
		if again, err := ParseKey(k.String()); err != nil || again != k {
			t.Errorf("%q is %v, whose written form is %v, %v", text, k, again, err)
		}
	})
}
