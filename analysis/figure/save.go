package figure

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Formats are those that Encode writes, by file extension: pictures first,
// then the numbers behind the marks as tables.
var formats = []string{"svg", "pdf", "png", "tex", "csv", "table.tex", "md", "html"}

// Formats lists what Encode and Save write.
func Formats() []string { return slices.Clone(formats) }

// Encode writes the figure in a format: "svg", "pdf", "png", "tex" (PGF, for
// LaTeX), or its numbers as "csv", "table.tex" (LaTeX), "md" or "html".
func (f *Figure) Encode(w io.Writer, format string) error {
	switch format {
	case "svg":
		return f.WriteSVG(w)
	case "pdf":
		return f.WritePDF(w)
	case "png":
		return f.WritePNG(w, PrintDPI)
	case "tex":
		return f.WriteTeX(w)
	case "csv":
		return f.WriteCSV(w)
	case "table.tex":
		return f.Rows.WriteLaTeX(w, f.Title, f.Source)
	case "md":
		return f.Rows.WriteMarkdown(w, f.Title, f.Source)
	case "html":
		return f.Rows.WriteHTML(w, f.Title, f.Source)
	}
	return fmt.Errorf("figure %s: format %q, want one of %s", f.ID, format, strings.Join(formats, ", "))
}

// Save writes the figure in some formats and returns the paths of all files.
// The path has no extension, as in "figures/fig2"; one that ends in a slash
// is a folder, in which files are named after the figure's ID. Folders are
// made when needed. Without formats it writes SVG and PNG.
//
// The size is one like ICMLColumn, or the zero Size for the figure's own.
// What is too small for the texts is an error that says which.
//
// Beside the pictures stand their numbers (.csv), caption and alternative
// text (.txt) and the Manifest (.json). A file is replaced only when all of
// them could be written: an error leaves what was there.
func (f *Figure) Save(path string, size Size, formats ...string) (files []string, err error) {
	dir, name := filepath.Split(path)
	if name == "" {
		name = f.ID
	}
	if name == "" || name != filepath.Base(name) || name == "." || name == ".." || strings.ContainsRune(name, 0) {
		return nil, fmt.Errorf("figure %s: %q is no file name", f.ID, name)
	}
	if len(formats) == 0 {
		formats = []string{"svg", "png"}
	}
	g, err := f.Sized(size)
	if err != nil {
		return nil, err
	}
	m := g.Manifest()
	var contents [][]byte
	add := func(format string, content []byte) {
		files = append(files, filepath.Join(dir, name+"."+format))
		contents = append(contents, content)
		m.Files = append(m.Files, SavedFile{Name: name + "." + format, Format: format, SHA256: fmt.Sprintf("%x", sha256.Sum256(content))})
	}
	for _, format := range append(slices.Clone(formats), "csv") {
		if slices.ContainsFunc(m.Files, func(s SavedFile) bool { return s.Format == format }) {
			continue
		}
		var b bytes.Buffer
		if err := g.Encode(&b, format); err != nil {
			return nil, err
		}
		add(format, b.Bytes())
	}
	add("txt", []byte(m.text()))
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return nil, fmt.Errorf("figure %s: manifest: %w", f.ID, err)
	}
	files, contents = append(files, filepath.Join(dir, name+".json")), append(contents, b.Bytes())
	if err := replaceFiles(files, contents); err != nil {
		return nil, fmt.Errorf("figure %s: save: %w", f.ID, err)
	}
	return files, nil
}

// text is the caption file.
func (m Manifest) text() string {
	return "Title: " + m.Title + "\n\nCaption: " + m.Caption + "\n\nAlternative text: " + m.Alt + "\n"
}

// replaceFiles writes files beside their places and moves them there when
// all are written, so that no half file ever has its name.
func replaceFiles(files []string, contents [][]byte) (err error) {
	dir := filepath.Dir(files[0])
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var temps []string
	defer func() {
		for _, t := range temps { // fails once they are moved
			os.Remove(t)
		}
	}()
	for i, file := range files {
		t, err := os.CreateTemp(dir, "."+filepath.Base(file)+"-*")
		if err != nil {
			return err
		}
		temps = append(temps, t.Name())
		_, err = t.Write(contents[i])
		// CreateTemp's 0600 is for secrets.
		if err := errors.Join(err, t.Chmod(0o644), t.Close()); err != nil {
			return err
		}
	}
	for i, file := range files {
		if err := os.Rename(temps[i], file); err != nil {
			return err
		}
	}
	return nil
}
