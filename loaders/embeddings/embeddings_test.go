package embeddings_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/loaders/embeddings"
	_ "github.com/specstress/specstress/loaders/parquet"
)

// TestOpen reads the files that testdata/make.py wrote with NumPy and
// pyarrow: element j of row i is (10*i+j)/8.
func TestOpen(t *testing.T) {
	for _, c := range []struct {
		file   string
		opt    embeddings.Options
		mapped bool
	}{
		{"v1_f4.npy", embeddings.Options{}, true},
		{"v2_f4.npy", embeddings.Options{}, true},
		{"v3_f4.npy", embeddings.Options{}, true},
		{"v1_f8.npy", embeddings.Options{}, false},
		{"big_f4.npy", embeddings.Options{}, false},
		{"big_f8.npy", embeddings.Options{}, false},
		{"raw.f32", embeddings.Options{Dim: 3}, true},
		{"list_f4.parquet", embeddings.Options{}, false},
		{"list_f8.parquet", embeddings.Options{Column: "embedding"}, false},
		{"fixed_f4.parquet", embeddings.Options{}, false},
	} {
		t.Run(c.file, func(t *testing.T) {
			e, err := embeddings.Open(context.Background(), filepath.Join("testdata", c.file), c.opt)
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close()
			if e.Rows != 5 || e.Dim != 3 || len(e.Data) != 15 {
				t.Fatalf("%d rows of %d, %d numbers", e.Rows, e.Dim, len(e.Data))
			}
			if littleEndian := binary.NativeEndian.Uint16([]byte{1, 0}) == 1; littleEndian && e.Mapped != c.mapped {
				t.Errorf("mapped is %v", e.Mapped)
			}
			for i, x := range e.Data {
				if want := float32(10*(i/3)+i%3) / 8; x != want {
					t.Errorf("row %d column %d is %v, want %v", i/3, i%3, x, want)
				}
			}
			var keys []string
			for _, k := range e.Keys {
				keys = append(keys, k.String())
			}
			var want []string
			if c.file == "list_f4.parquet" {
				want = []string{"7-0-neutral", "7-1-value1", "8-0-value2", "8-1-neutral", "9-0-value1"}
			}
			if !slices.Equal(keys, want) {
				t.Errorf("keys %v, want %v", keys, want)
			}
			if err := e.Close(); err != nil {
				t.Error(err)
			}
			if err := e.Close(); err != nil {
				t.Errorf("closed twice: %v", err)
			}
		})
	}
}

// npy is a file with that header, NumPy's padding and some numbers.
func npy(version byte, header string, numbers int) []byte {
	var b bytes.Buffer
	b.WriteString("\x93NUMPY")
	b.Write([]byte{version, 0})
	if version == 1 {
		binary.Write(&b, binary.LittleEndian, uint16(len(header)))
	} else {
		binary.Write(&b, binary.LittleEndian, uint32(len(header)))
	}
	b.WriteString(header)
	b.Write(make([]byte, 4*numbers))
	return b.Bytes()
}

// TestRefused: headers that lie or say what is not supported, each with its
// reason.
func TestRefused(t *testing.T) {
	const good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
	with := func(old, new string) string { return strings.Replace(good, old, new, 1) }
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"x.npy", nil, "EOF|no .npy file"},
		{"x.npy", []byte("PK\x03\x04 a zip file"), "no .npy file"},
		{"x.npy", npy(4, good, 6), "version 4.0"},
		{"x.npy", npy(1, good, 5), "20 bytes follow the header, want 2 rows"},
		{"x.npy", npy(1, good, 7), "28 bytes follow"},
		{"x.npy", npy(1, with("(2, 3)", "(2147483647, 2147483647)"), 6), "bytes follow the header"},
		{"x.npy", npy(1, with("(2, 3)", "(99999999999999999999, 3)"), 6), "shape"},
		{"x.npy", npy(1, with("(2, 3)", "(-2, 3)"), 6), "shape"},
		{"x.npy", npy(1, with("(2, 3)", "(0, 3)"), 0), "0 rows"},
		{"x.npy", npy(1, with("(2, 3)", "(6,)"), 6), "shape [6], want rows and columns"},
		{"x.npy", npy(1, with("(2, 3)", "()"), 6), "shape [], want rows and columns"},
		{"x.npy", npy(1, with("(2, 3)", "("+strings.Repeat("1,", 40)+")"), 6), "more than 32"},
		{"x.npy", npy(1, with("False", "True"), 6), "fortran_order"},
		{"x.npy", npy(1, with("<f4", "|O"), 6), `type "|O"`},
		{"x.npy", npy(1, with("<f4", "<f2"), 6), `type "<f2"`},
		{"x.npy", npy(1, with("'<f4'", "[('a', '<f4')]"), 6), "records"},
		{"x.npy", npy(1, with("'shape'", "'shapes'"), 6), "unknown entry"},
		{"x.npy", npy(1, with("'fortran_order': False, ", ""), 6), "no entry"},
		{"x.npy", npy(1, with("'fortran_order': False", "'descr': '<f4'"), 6), "twice"},
		{"x.npy", npy(1, good+" + x", 6), "follow its end"},
		{"x.npy", npy(1, "{'descr", 6), "does not end"},
		{"x.npy", npy(2, good, 6)[:11], "cut short"},
		{"x.npy", append([]byte("\x93NUMPY\x02\x00\xff\xff\xff\xff"), make([]byte, 100)...), "a header of 4294967295 bytes"},
		{"x.f32", make([]byte, 12), "does not say how many dimensions"},
		{"x.csv", []byte("1,2"), "want .npy, .f32 or .parquet"},
		{"x.parquet", []byte("PAR1PAR1"), "footer"},
	} {
		path := filepath.Join(t.TempDir(), c.name)
		if err := os.WriteFile(path, c.file, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := embeddings.Open(context.Background(), path, embeddings.Options{})
		if err == nil || !strings.Contains(err.Error(), c.name) || !slices.ContainsFunc(strings.Split(c.want, "|"), func(w string) bool { return strings.Contains(err.Error(), w) }) {
			t.Errorf("%s %q: %v, want %q", c.name, c.file[:min(90, len(c.file))], err, c.want)
		}
	}
	for file, want := range map[string]string{
		"fortran.npy":         "fortran_order",
		"null_list.parquet":   "row 1: NULL",
		"null_number.parquet": "row 1: NULL",
		"ragged.parquet":      "row 1: a list of 1 numbers, want 2",
		"absent.npy":          "no such file",
		".":                   "ends in",
	} {
		if _, err := embeddings.Open(context.Background(), filepath.Join("testdata", file), embeddings.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
	for want, opt := range map[string]embeddings.Options{
		"whole number of rows of 4": {Dim: 4},
		"-1 dimensions":             {Dim: -1},
		"for .parquet only":         {Dim: 3, Column: "x"},
	} {
		if _, err := embeddings.Open(context.Background(), "testdata/raw.f32", opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", opt, err, want)
		}
	}
	if _, err := embeddings.Open(context.Background(), "testdata/list_f4.parquet", embeddings.Options{Column: "entry_idx"}); err == nil || !strings.Contains(err.Error(), "want a list of numbers") {
		t.Errorf("a column of integers: %v", err)
	}
}

// TestTooLargeForFloat32: rounding is accepted, overflow is not.
func TestTooLargeForFloat32(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npy")
	file := npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2)}", 4)
	binary.LittleEndian.PutUint64(file[len(file)-8:], 0x7e37e43c8800759c) // 1e300
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := embeddings.Open(context.Background(), path, embeddings.Options{}); err == nil || !strings.Contains(err.Error(), "row 0 column 1 is 1e+300") {
		t.Errorf("1e300: %v", err)
	}
}

func ExampleOpen() {
	ctx := context.Background()
	e, err := embeddings.Open(ctx, "testdata/v1_f4.npy", embeddings.Options{})
	if err != nil {
		panic(err)
	}
	defer e.Close()
	fmt.Println(e.Rows, "rows of", e.Dim, "numbers; the second row is", e.Data[e.Dim:2*e.Dim])
	// Output: 5 rows of 3 numbers; the second row is [1.25 1.375 1.5]
}

// TestWriteNPY: the same bytes as NumPy writes for the same numbers.
func TestWriteNPY(t *testing.T) {
	want, err := os.ReadFile("testdata/v1_f4.npy")
	if err != nil {
		t.Fatal(err)
	}
	var data []float32
	for i := range 15 {
		data = append(data, float32(10*(i/3)+i%3)/8)
	}
	var got bytes.Buffer
	if err := embeddings.WriteNPY(&got, data, 3); err != nil || !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%q, want %q (%v)", got.Bytes(), want, err)
	}
	if err := embeddings.WriteNPY(&got, data, 4); err == nil {
		t.Error("15 numbers were written as rows of 4")
	}
}

// TestDamaged flips every byte of a parquet file and cuts it at every
// length: errors may come out, and rows that fit together, nothing else.
func TestDamaged(t *testing.T) {
	whole, err := os.ReadFile("testdata/list_f4.parquet")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.parquet")
	refused := 0
	try := func(what string, content []byte) {
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		e, err := embeddings.Open(context.Background(), path, embeddings.Options{})
		if err != nil {
			refused++
			return
		}
		if len(e.Data) != e.Rows*e.Dim || e.Rows < 1 || e.Dim < 1 || e.Keys != nil && len(e.Keys) != e.Rows {
			t.Errorf("%s: %d numbers in %d rows of %d, %d keys", what, len(e.Data), e.Rows, e.Dim, len(e.Keys))
		}
	}
	step := 1
	if testing.Short() {
		step = 16
	}
	for at := 0; at < len(whole); at += step {
		content := bytes.Clone(whole)
		content[at] ^= byte(1 + at%255)
		try(fmt.Sprintf("byte %d", at), content)
		try(fmt.Sprintf("cut at %d", at), whole[:at])
	}
	if cut := (len(whole) + step - 1) / step; refused < cut {
		t.Errorf("%d of %d damaged files were refused, want at least the ones cut short", refused, 2*cut)
	}
}
