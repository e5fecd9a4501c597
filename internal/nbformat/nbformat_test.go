package nbformat

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestRoundTrip reads and writes notebooks that Jupyter's nbformat 5.11.1
// wrote (testdata/make.py): the bytes must be the same.
func TestRoundTrip(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.ipynb")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no notebooks: %v", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			nb, err := ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got, err := nb.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func TestReadFields(t *testing.T) {
	nb, err := ReadFile("testdata/full.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	if i := nb.Tagged("parameters"); i != 1 || nb.Cells[i].Source != "const threshold = 1.5\n" {
		t.Errorf("parameters cell is %d", i)
	}
	c := nb.Cells[2]
	if c.ExecutionCount == nil || *c.ExecutionCount != 3 || len(c.Outputs) != 4 {
		t.Fatalf("cell 3 is %+v", c)
	}
	if got := c.Outputs[1].Data["image/svg+xml"]; got != "<svg>\n</svg>\n" {
		t.Errorf("svg is %q, want its lines joined", got)
	}
	// Lists in JSON types are data, not lines.
	if got, want := c.Outputs[1].Data["application/vnd.x+json"], []any{"l\n", "m"}; !reflect.DeepEqual(got, want) {
		t.Errorf("json is %v, want %v", got, want)
	}
	if got, want := c.Outputs[3].Traceback, []string{"line 1", "line 2\n"}; !reflect.DeepEqual(got, want) {
		t.Errorf("traceback is %q, want %q", got, want)
	}
}

// TestOlder reads a notebook of 4.2, which has no ids and may hold source
// as one text; it becomes 4.5 with the same ids each time.
func TestOlder(t *testing.T) {
	const text = `{"nbformat":4,"nbformat_minor":2,"metadata":{"signature":"x"},"cells":[
		{"cell_type":"code","source":"x","metadata":{"trusted":true},"outputs":[],"execution_count":null},
		{"cell_type":"code","source":"x","metadata":{},"outputs":[],"execution_count":null}]}`
	var first []byte
	for range 2 {
		nb, err := Read([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if a, b := nb.Cells[0].ID, nb.Cells[1].ID; !validID.MatchString(a) || a == b {
			t.Errorf("ids %q and %q", a, b)
		}
		got, err := nb.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(got), "signature") || strings.Contains(string(got), "trusted") {
			t.Errorf("transient keys are kept:\n%s", got)
		}
		if !strings.Contains(string(got), `"nbformat_minor": 5`) {
			t.Errorf("not 4.5:\n%s", got)
		}
		if first != nil && !bytes.Equal(first, got) {
			t.Error("ids differ between two reads")
		}
		first = got
	}
}

func TestReadErrors(t *testing.T) {
	const start = `{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[`
	for _, c := range []struct{ name, text, want string }{
		{"no JSON", "<html>", "not a notebook"},
		{"cut off", `{"nbformat":4,`, "not a notebook"},
		{"two", `{"nbformat":4,"cells":[]}{}`, "after the notebook's end"},
		{"not UTF-8", "{\"nbformat\":4,\"x\":\"\xff\"}", "UTF-8"},
		{"format 3", `{"nbformat":3,"worksheets":[]}`, "nbformat is not 4"},
		{"no format", `{"cells":[]}`, "nbformat is not 4"},
		{"cells no list", `{"nbformat":4,"cells":{}}`, "cells is not a list"},
		{"unknown cell", start + `{"cell_type":"heading"}]}`, `cell 1: cell_type is "heading"`},
		{"source a number", start + `{"cell_type":"raw","source":1}]}`, "cell 1: source is neither"},
		{"unknown output", start + `{"cell_type":"code","outputs":[{"output_type":"pyout"}]}]}`, `output 1: output_type is "pyout"`},
		{"bad id", start + `{"cell_type":"raw","id":"a b"}]}`, `id "a b"`},
		{"same id", start + `{"cell_type":"raw","id":"a"},{"cell_type":"raw","id":"a"}]}`, `cell 2: id "a" is that of cell 1 too`},
		{"negative count", start + `{"cell_type":"code","execution_count":-1}]}`, "execution_count is -1"},
		{"fraction", start + `{"cell_type":"code","execution_count":1.5}]}`, "execution_count is 1.5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read([]byte(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestBytesRefusesNoJSON(t *testing.T) {
	nb := &Notebook{Metadata: map[string]any{"x": 1.5}}
	if _, err := nb.Bytes(); err == nil || !strings.Contains(err.Error(), "x: a notebook cannot hold a float64") {
		t.Errorf("error %v", err)
	}
}

// FuzzNotebook checks that reading never panics and that what was written
// reads back to the same bytes.
func FuzzNotebook(f *testing.F) {
	paths, _ := filepath.Glob("testdata/*.ipynb")
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		nb, err := Read(text)
		if err != nil {
			return
		}
		once, err := nb.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Read(once)
		if err != nil {
			t.Fatalf("what was written does not read: %v\n%s", err, once)
		}
		twice, err := again.Bytes()
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%v: written twice differs:\n%s\n%s", err, once, twice)
		}
	})
}
