package notebooks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/internal/reproduce"
	"github.com/specstress/specstress/loaders"
	_ "github.com/specstress/specstress/loaders/parquet"
	_ "github.com/specstress/specstress/loaders/sample"
)

// TestGalleryPage holds docs/gallery.md together: a picture of the sample
// for every figure that the report makes, drawn by the lines of Go beneath
// it where gallery_figures_test.go has them, and by the command for all.
// make gallery writes pages and pictures anew.
func TestGalleryPage(t *testing.T) {
	if testing.Short() {
		t.Skip("computes everything from the sample; leave -short out")
	}
	root, env := commandFor(t, t.TempDir())
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		t.Setenv(name, value)
	}
	t.Setenv("SPECSTRESS_DATA", "sample")

	d, err := loaders.Open(t.Context(), "sample", loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	run, err := reproduce.Compute(t.Context(), d, reproduce.Options{})
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[string]*figure.Figure{}
	for _, s := range run.Sections {
		for _, f := range s.Figures {
			drawn[f.ID] = f
		}
	}
	byNotebook := map[string]string{}
	for _, g := range gallery {
		byNotebook[g.figure] = g.notebook
	}
	lines := galleryCode(t)
	var page strings.Builder
	page.WriteString(galleryHead)
	entry := func(id, title string, f *figure.Figure, command bool) {
		if own := galleryLines[id]; own != nil {
			g := own()
			if f == nil {
				f = g
			} else if what := unlike(pictureOf(t, g), pictureOf(t, f)); what != "" {
				t.Errorf("%s: the lines of the gallery draw another figure than the report (%s)", id, what)
			}
		}
		shown := id
		if id == "preference" {
			shown = "preference-all" // the notebook's shows the first few
		}
		name := shown + "-synthetic-sample.svg"
		path := filepath.Join(root, "docs", "img", name)
		picture := pictureOf(t, f)
		old, err := os.ReadFile(path)
		if what := unlike(withoutWords(string(old)), picture); err != nil || what != "" {
			switch {
			case !*update:
				t.Errorf("docs/img/%s is stale (%s, %v); make gallery draws it anew", name, what, err)
			case byNotebook[shown] != "":
				t.Errorf("docs/img/%s, which notebook %s draws, is not the report's (%s)", name, byNotebook[id], what)
			default:
				keepPicture(t, path, f)
			}
		}
		if size := len(picture); size > 40_000+16_000*len(f.Panels) {
			t.Errorf("docs/img/%s has %d bytes; a page of such pictures is slow", name, size)
		}
		fmt.Fprintf(&page, "## %s\n\n![%s, drawn from the synthetic sample and marked so across the plot](img/%s)\n\n", title, title, name)
		if code := lines[id]; code != "" {
			fmt.Fprintf(&page, "```go\n%s```\n\n", code)
		}
		if command {
			fmt.Fprintf(&page, "    specstress figure %s --data DIR\n\n", id)
		}
		if n := byNotebook[id]; n != "" {
			fmt.Fprintf(&page, "Step by step in [%s](../notebooks/%s.ipynb).\n\n", n, n)
		}
	}
	for _, p := range reproduce.Pictures() {
		if f := drawn[p.ID]; f != nil {
			entry(p.ID, p.Title, f, true)
			delete(drawn, p.ID)
		}
	}
	for _, s := range run.Sections { // figures that Pictures does not name, in order
		for _, f := range s.Figures {
			if drawn[f.ID] != nil {
				entry(f.ID, f.Title, f, false)
			}
		}
	}
	entry("panels", "Two figures in one", nil, false)
	entry("bars", "A figure of your own", nil, false)
	for id := range galleryLines {
		if !strings.Contains(page.String(), "img/"+id+"-") {
			t.Errorf("gallery_figures_test.go draws %s, which is no figure of the report", id)
		}
	}

	var code bytes.Buffer // the same lines, for the report
	e := json.NewEncoder(&code)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(lines); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"docs/gallery.md": page.String(), "internal/reproduce/gallery.json": code.String()} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if *update {
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if old, err := os.ReadFile(path); err != nil || string(old) != want {
			t.Errorf("%s is stale (%v); make gallery writes it anew", name, err)
		}
	}
}

const galleryHead = `# Gallery

Every figure of the report, from the synthetic sample: simulated models and
judges, not results. The lines of Go draw it in a notebook cell, where ` + "`nb.Data()`" + `
is the source that the notebook was opened with; the command draws it for
print. [figures.md](figures.md) says how to restyle, size and save them.

This page and its pictures are written by ` + "`make gallery`" + `.

`

// pictureOf is a figure without what it says of its data's files.
func pictureOf(t *testing.T, f *figure.Figure) string {
	t.Helper()
	var b bytes.Buffer
	if err := plain(f).WriteSVG(&b); err != nil {
		t.Fatal(err)
	}
	return withoutWords(b.String())
}

// plain is a figure without the list of its data's files, which is longer
// than most pictures.
func plain(f *figure.Figure) *figure.Figure {
	g := *f
	g.Source.Provenance = nil
	return &g
}

var hiddenWords = regexp.MustCompile(`(?s)<(metadata|desc|title)[ >].*?</(metadata|desc|title)>`)

var labelled = regexp.MustCompile(` aria-labelledby="[^"]*"`)

// withoutWords is an SVG without title, description and manifest, and the
// attribute that names them by the figure's id.
func withoutWords(svg string) string {
	return labelled.ReplaceAllString(hiddenWords.ReplaceAllString(svg, ""), "")
}

func keepPicture(t *testing.T, path string, f *figure.Figure) {
	t.Helper()
	var b bytes.Buffer
	if err := plain(f).WriteSVG(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// galleryCode is the text between the braces of each gallery function.
func galleryCode(t *testing.T) map[string]string {
	t.Helper()
	const file = "gallery_figures_test.go"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{}
	for _, decl := range parsed.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok {
			from, to := set.Position(f.Body.Lbrace).Offset+1, set.Position(f.Body.Rbrace).Offset
			body := strings.ReplaceAll(string(text[from:to]), "\n\t", "\n")
			bodies[f.Name.Name] = strings.TrimPrefix(body, "\n")
		}
	}
	code := map[string]string{}
	for id, f := range galleryLines {
		full := runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name()
		body, ok := bodies[full[strings.LastIndexByte(full, '.')+1:]]
		if !ok {
			t.Fatalf("%s: no function %s in %s", id, full, file)
		}
		// A cell shows what a function returns.
		lines := strings.Split(strings.TrimSuffix(body, "\n"), "\n")
		if last := len(lines) - 1; strings.HasPrefix(lines[last], "return ") {
			lines[last] = "nb.Show(" + strings.TrimPrefix(lines[last], "return ") + ")"
		}
		code[id] = strings.Join(slices.Concat(lines, []string{""}), "\n")
	}
	return code
}
