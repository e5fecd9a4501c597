package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/specstress/specstress/internal/jupyter/fakekernel"
	"github.com/specstress/specstress/internal/nbformat"
	"github.com/specstress/specstress/internal/notebook"
)

func init() { fakekernel.Main() } // the tests' kernel is this binary

// writeNotebook writes a notebook of code cells, the first one tagged
// parameters, and returns its path.
func writeNotebook(t *testing.T, dir, name string, cells ...string) string {
	t.Helper()
	nb := &nbformat.Notebook{Metadata: map[string]any{}}
	for i, c := range cells {
		cell := nbformat.NewCode(c, "t")
		cell.ID = string(rune('a' + i))
		if i == 0 {
			cell.Metadata["tags"] = []any{"parameters"}
		}
		nb.Cells = append(nb.Cells, cell)
	}
	text, err := nb.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// fake executes with the fake kernel into a new folder.
func fake(t *testing.T) (r *notebooks, out *bytes.Buffer) {
	t.Setenv(fakekernel.Variable, "1")
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("SPECSTRESS_DATA", "")
	out = &bytes.Buffer{}
	return &notebooks{
		out: filepath.Join(t.TempDir(), "out"), html: true, timeout: time.Minute, stdout: out, stderr: out,
		command: func(string) ([]string, error) { return []string{os.Args[0], "{connection_file}"}, nil },
	}, out
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	path := writeNotebook(t, dir, "a.ipynb", "const threshold = 1.5\nvar from = \"x\"", "env SPECSTRESS_DATA", "cwd", "env SPECSTRESS_DATA_BY")
	r, out := fake(t)
	r.params = []notebook.Parameter{{Name: "threshold", Value: "2"}}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.run(t.Context(), []string{path}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), filepath.Join(r.out, "a.html")+" (5 code cells, ") {
		t.Errorf("printed %q", out)
	}
	nb, err := nbformat.ReadFile(filepath.Join(r.out, "a.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	if got := nb.Cells[1].Source; got != "const threshold = 2.0\n" {
		t.Errorf("injected %q", got)
	}
	if got := nb.Cells[2].Outputs[0].Text; got != "sample" {
		t.Errorf("cells read %q", got)
	}
	if got := nb.Cells[3].Outputs[0].Text; !same(got, dir) {
		t.Errorf("cells run in %q, want %q", got, dir)
	}
	if got := nb.Cells[4].Outputs[0].Text; got != "nobody sample" {
		t.Errorf("cells are told that the data are from %q", got)
	}
	text, err := os.ReadFile(filepath.Join(r.out, "a.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	var recorded struct {
		Metadata struct {
			Specstress struct {
				Code, Status string
				Data         struct {
					Source, Revision string
					Synthetic        bool
				}
				Parameters map[string]string
			}
		}
	}
	if err := json.Unmarshal(text, &recorded); err != nil {
		t.Fatal(err)
	}
	got := recorded.Metadata.Specstress
	if got.Code == "" || got.Status != "completed" || got.Data.Source != "sample" || got.Data.Revision == "" || !got.Data.Synthetic || got.Parameters["threshold"] != "2" {
		t.Errorf("recorded %+v", got)
	}
	page, err := os.ReadFile(filepath.Join(r.out, "a.html"))
	if err != nil || !strings.Contains(string(page), "SYNTHETIC SAMPLE") {
		t.Errorf("page without its banner, %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the notebook itself changed, %v", err)
	}
	if err := r.run(t.Context(), []string{path}); err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(filepath.Join(r.out, "a.ipynb")); err != nil || !bytes.Equal(text, again) {
		t.Errorf("the second run gave other bytes, %v", err)
	}
}

// TestRunSource: a source given as a parameter is the one recorded, and
// found from the notebook's folder.
func TestRunSource(t *testing.T) {
	scenarios, _ := ownFiles(t)
	t.Chdir(filepath.Dir(scenarios))
	path := writeNotebook(t, t.TempDir(), "a.ipynb", `const source = ""`, "env SPECSTRESS_DATA")
	r, _ := fake(t)
	r.params = []notebook.Parameter{{Name: "source", Value: "mine.csv"}}
	if err := r.run(t.Context(), []string{path}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(r.out, "a.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	nb, err := nbformat.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	if got := nb.Cells[2].Outputs[0].Text; !filepath.IsAbs(got) || !same(got, scenarios) || !strings.Contains(nb.Cells[1].Source, got) {
		t.Errorf("cells read %q and set %q", got, nb.Cells[1].Source)
	}
	for _, want := range []string{`"source": "mine.csv"`, `"synthetic": false`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("recorded no %s", want)
		}
	}
}

func TestRunFails(t *testing.T) {
	dir := t.TempDir()
	bad := writeNotebook(t, dir, "bad.ipynb", "print before", `fail Panic \e[31mno\e[0m such row`, "print after")
	good := writeNotebook(t, dir, "good.ipynb", "print fine")
	r, out := fake(t)
	err := r.run(t.Context(), []string{bad, good})
	if err == nil || !strings.Contains(err.Error(), "1 of 2 notebooks failed: "+bad) {
		t.Errorf("error %v", err)
	}
	for _, want := range []string{bad + ": cell 2: Panic: no such row", filepath.Join(r.out, "good.html")} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("printed %q, want %q in it", out, want)
		}
	}
	page, err := os.ReadFile(filepath.Join(r.out, "bad.html"))
	if err != nil || !strings.Contains(string(page), "Stopped before the end") {
		t.Errorf("the page of the failed notebook: %v", err)
	}
	text, err := os.ReadFile(filepath.Join(r.out, "bad.ipynb"))
	if err != nil || !strings.Contains(string(text), `"status": "failed"`) {
		t.Errorf("the failed notebook: %v", err)
	}
}

// TestRunInterrupted leaves nothing: no file, no folder.
func TestRunInterrupted(t *testing.T) {
	path := writeNotebook(t, t.TempDir(), "a.ipynb", "wait")
	r, _ := fake(t)
	ctx, cancel := context.WithCancel(t.Context())
	started := r.command
	r.command = func(path string) ([]string, error) {
		time.AfterFunc(500*time.Millisecond, cancel) // the cell waits by then
		return started(path)
	}
	if err := r.run(ctx, []string{path}); err != context.Canceled {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if entries, err := os.ReadDir(r.out); err == nil {
		t.Errorf("left behind %v", entries)
	}
}

func TestRunCalledWrongly(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir, other := t.TempDir(), t.TempDir()
	path := writeNotebook(t, dir, "a.ipynb", "const threshold = 1.5")
	source := writeNotebook(t, dir, "source.ipynb", `const source = ""`)
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"no notebook", nil, 2, "usage"},
		{"no name", []string{path, "-p", "2"}, 2, "name=value"},
		{"a misspelt parameter", []string{path, "-p", "treshold=2"}, 2, "nearest: threshold"},
		{"a value of another type", []string{path, "-p", "threshold=high"}, 2, "finite number"},
		{"a timeout below 0", []string{path, "--timeout", "-1s"}, 2, "--timeout"},
		{"no notebook's name", []string{filepath.Join(dir, "a.py")}, 2, ".ipynb"},
		{"onto itself", []string{path, "--out", dir}, 2, "overwrite"},
		{"two of one name", []string{path, writeNotebook(t, other, "A.ipynb", "x"), "--out", filepath.Join(dir, "o")}, 2, "same file"},
		{"two sources", []string{source, "--data", "sample", "-p", "source=other"}, 2, "two sources"},
		{"not there", []string{filepath.Join(dir, "b.ipynb")}, 1, "b.ipynb"},
		{"data not there", []string{path, "--data", filepath.Join(dir, "none")}, 1, "none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, _, stderr := call(t, append([]string{"run"}, c.args...)...)
			if code != c.code || !strings.Contains(stderr, c.says) {
				t.Errorf("exit %d, want %d; stderr %q should say %q", code, c.code, stderr, c.says)
			}
		})
	}
}

// TestReportLinksNotebooks: the report names the notebooks of a folder.
func TestReportLinksNotebooks(t *testing.T) {
	scenarios, _ := ownFiles(t)
	dir, out := t.TempDir(), t.TempDir()
	writeNotebook(t, dir, "b-untitled.ipynb", "x")
	const titled = `{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"cell_type":"markdown","id":"a","metadata":{},"source":"# First <b>\n\ntext"}]}`
	if err := os.WriteFile(filepath.Join(dir, "a one.ipynb"), []byte(titled), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := call(t, "reproduce", "--data", scenarios, "--only", "disagreement", "--out", out, "--notebooks", dir); code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	page, err := os.ReadFile(filepath.Join(out, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	const want = `<li><a href="notebooks/a%20one.html">First &lt;b&gt;</a></li><li><a href="notebooks/b-untitled.html">b-untitled</a></li>`
	if !strings.Contains(string(page), want) {
		t.Errorf("the report lacks %s", want)
	}
	if code, _, stderr := call(t, "reproduce", "--data", scenarios, "--notebooks", out); code != 1 || !strings.Contains(stderr, "no notebooks there") {
		t.Errorf("a folder without notebooks: exit %d, %s", code, stderr)
	}
}

// TestRunLeavesOut: what the data lack is no failure of somebody's own data,
// and is listed; of the sample, which has everything, it is one.
func TestRunLeavesOut(t *testing.T) {
	scenarios, _ := ownFiles(t)
	dir := t.TempDir()
	lacking := writeNotebook(t, dir, "b.ipynb", "x", "show p text/x-specstress-lacking no <b>verdicts</b>\nfail ERROR exit status 1")
	r, out := fake(t)
	r.data = scenarios
	if err := r.run(t.Context(), []string{writeNotebook(t, dir, "a.ipynb", "x"), lacking}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "left out from cell 2: no <b>verdicts</b>") {
		t.Errorf("printed %q", out)
	}
	for file, want := range map[string]string{
		"b.html":     "Left out from cell 2: no &lt;b&gt;verdicts&lt;/b&gt;",
		"b.ipynb":    `"status": "left out from cell 2: no`,
		"index.html": `<td><a href="a.html">a</a></td><td>ran to its end</td></tr>` + "\n" + `<tr><td><a href="b.html">b</a></td><td>left out from cell 2: no &lt;b&gt;`,
	} {
		text, err := os.ReadFile(filepath.Join(r.out, file))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %s (%v)", file, want, err)
		}
	}
	r, _ = fake(t)
	if err := r.run(t.Context(), []string{lacking}); err == nil || !strings.Contains(err.Error(), "no <b>verdicts</b>") {
		t.Errorf("on the sample: error %v", err)
	}
	r, _ = fake(t)
	r.data = scenarios
	if err := r.run(t.Context(), []string{writeNotebook(t, dir, "c.ipynb", "fail ERROR exit status 1")}); err == nil {
		t.Error("a failure on somebody's own data is none")
	}
}

// TestRunLinks: links lead to pages that the run makes, or are text; cells
// are told of a folder in --out.
func TestRunLinks(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":        "module github.com/specstress/specstress\n",
		"docs/paper.md": "# The paper\n\nsee [more](more.md), [first](../notebooks/a.ipynb)",
		"docs/more.md":  "# More",
		"notebooks/a.ipynb": `{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[
			{"cell_type":"markdown","id":"a","metadata":{},"source":"[p](../docs/paper.md#x) [n](../docs/none.md) [d](../docs) [b](b.ipynb) [a](a.ipynb) [up](../../x.md)"},
			{"cell_type":"code","id":"b","metadata":{},"execution_count":null,"outputs":[],"source":"env SPECSTRESS_OUT"}]}`,
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	r, _ := fake(t)
	if err := r.run(t.Context(), []string{filepath.Join(root, "notebooks", "a.ipynb")}); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"a.html":          `<p><a href="docs/paper.html" rel="noopener noreferrer">p</a> n d b <a href="a.html" rel="noopener noreferrer">a</a> up</p>`,
		"docs/paper.html": `<p>see more, <a href="../a.html" rel="noopener noreferrer">first</a></p>`,
	} {
		text, err := os.ReadFile(filepath.Join(r.out, filepath.FromSlash(file)))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %s (%v)\n%s", file, want, err, text)
		}
	}
	nb, err := nbformat.ReadFile(filepath.Join(r.out, "a.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	told := nb.Cells[1].Outputs[0].Text
	if !filepath.IsAbs(told) {
		told = filepath.Join(root, "notebooks", told)
	}
	if told != filepath.Join(r.out, "a") {
		t.Errorf("files go to %s, want %s", told, filepath.Join(r.out, "a"))
	}
}

// TestRunRealKernel executes Go through the command itself.
func TestRunRealKernel(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the command and cells: a minute with an empty build cache")
	}
	dir := t.TempDir()
	bin := filepath.Join(dir, "specstress")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	good := writeNotebook(t, dir, "good.ipynb", "const threshold = 1.5", "import \"fmt\"\n\nfunc half() float64 { return threshold / 2 }", "%%\nfmt.Println(half())")
	bad := writeNotebook(t, dir, "bad.ipynb", "%%\nvar empty []int\nfmt.Println(empty[0])")
	out := filepath.Join(dir, "out")
	cmd := exec.Command(bin, "run", good, "-p", "threshold=3", "--out", out, "--html")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	nb, err := nbformat.ReadFile(filepath.Join(out, "good.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	if o := nb.Cells[3].Outputs; len(o) != 1 || o[0].Text != "1.5\n" { // half of 3
		t.Errorf("outputs %+v", o)
	}
	text, err := exec.Command(bin, "run", bad, "--out", out).CombinedOutput()
	if err == nil || !strings.Contains(string(text), "cell 1") || !strings.Contains(string(text), "index out of range") || bytes.ContainsRune(text, '\x1b') {
		t.Errorf("a panic: %v: %s", err, text)
	}
}
