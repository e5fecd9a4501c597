package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/specstress/specstress/internal/kernel"
	"github.com/specstress/specstress/internal/label"
	"github.com/specstress/specstress/internal/nbformat"
	"github.com/specstress/specstress/internal/notebook"
	"github.com/specstress/specstress/internal/reproduce"
)

// Documents are the pages that links of a run's notebooks lead to: those
// notebooks themselves, and the repository's Markdown files, of which pages
// are made beside them. Other files are not there for whoever gets the
// pages, so links to them stay text.
type documents struct {
	notebooks []string          // absolute paths
	linked    map[string]string // Markdown files that notebooks link to, and their pages
}

func (d *documents) of(jobs []job) {
	d.linked = map[string]string{}
	for _, j := range jobs {
		if path, err := filepath.Abs(j.path); err == nil {
			d.notebooks = append(d.notebooks, path)
		}
	}
}

// link resolves links of a notebook that lies in a folder.
func (d *documents) link(dir string) func(to string) string {
	return func(to string) string {
		file, err := filepath.Abs(filepath.Join(dir, filepath.FromSlash(to)))
		if err != nil {
			return ""
		}
		if slices.Contains(d.notebooks, file) {
			return notebook.NotebookPage(filepath.Base(file))
		}
		root, err := kernel.FindRoot(dir)
		if err != nil || filepath.Ext(file) != ".md" {
			return ""
		}
		name, err := filepath.Rel(root, file)
		if info, statErr := os.Stat(file); err != nil || !filepath.IsLocal(name) || statErr != nil || info.IsDir() {
			return ""
		}
		d.linked[file] = documentPage(filepath.ToSlash(name))
		return d.linked[file]
	}
}

// documentPage is where the page of a Markdown file goes, all in one folder:
// docs/examples/a.md becomes docs/examples-a.html.
func documentPage(name string) string {
	name = strings.TrimSuffix(strings.TrimPrefix(name, "docs/"), ".md")
	return "docs/" + strings.ReplaceAll(name, "/", "-") + ".html"
}

// linkBetween resolves links of a Markdown file, which lead to pages that
// are there for the notebooks' sake.
func (d *documents) linkBetween(from string) func(to string) string {
	return func(to string) string {
		file := filepath.Join(filepath.Dir(from), filepath.FromSlash(to))
		if page, ok := d.linked[file]; ok {
			return path.Base(page)
		}
		if slices.Contains(d.notebooks, file) {
			return "../" + notebook.NotebookPage(filepath.Base(file))
		}
		return ""
	}
}

// An outcome is how a notebook ended.
type outcome struct {
	Name, Title, LeftOut, Failed string
	Written                      bool // there is a page of it
}

//go:embed run_index.html.tmpl
var indexTemplate string

var indexPage = template.Must(template.New("index").Parse(indexTemplate))

// pages writes what the notebooks' pages link to, and, of several, a list
// that tells how each of them ended.
func (r *notebooks) pages(ended []outcome, synthetic bool) error {
	if !r.html {
		return nil
	}
	for file, page := range r.documents.linked {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		nb := &nbformat.Notebook{Cells: []*nbformat.Cell{{Type: nbformat.Markdown, Source: string(text)}}}
		html, err := notebook.Page(nb, notebook.Facts{File: filepath.Base(file), Code: reproduce.Version, Link: r.documents.linkBetween(file)})
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		to := filepath.Join(r.out, filepath.FromSlash(page))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := replaceFile(to, writeBytes(html)); err != nil {
			return err
		}
	}
	if len(ended) < 2 || slices.ContainsFunc(ended, func(o outcome) bool { return o.Name == "index" }) {
		return nil
	}
	for i := range ended {
		for _, s := range []*string{&ended[i].Title, &ended[i].LeftOut, &ended[i].Failed} {
			*s = label.Plain(*s)
		}
	}
	var b bytes.Buffer
	if err := indexPage.Execute(&b, struct {
		Code, Source string
		Synthetic    bool
		Style        template.CSS
		Ended        []outcome
	}{reproduce.Version, label.Plain(r.data), synthetic, template.CSS(notebook.Style), ended}); err != nil {
		return err
	}
	return replaceFile(filepath.Join(r.out, "index.html"), writeBytes(b.Bytes()))
}
