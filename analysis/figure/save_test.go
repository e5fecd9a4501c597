package figure_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis/figure"
)

func TestSaveManifest(t *testing.T) {
	f := figures(t, synthetic)[1]
	f.Source.Provenance = &figure.Provenance{Source: "sample", Revision: "abc", Files: []figure.DataFile{{Name: "a.parquet", Size: 3}}}
	path := filepath.Join(t.TempDir(), "deep", "two")
	files, err := f.Save(path, figure.ACLColumn, figure.Formats()...)
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) []byte {
		t.Helper()
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	var m figure.Manifest
	if err := json.Unmarshal(read(path+".json"), &m); err != nil {
		t.Fatal(err)
	}
	if m.ID != "fig2" || m.Synthetic != "synthetic sample" || m.Width != 3.03 || m.Code == "" || m.Data.Revision != "abc" || m.Caption != f.Caption {
		t.Errorf("manifest %+v", m)
	}
	if len(files) != len(figure.Formats())+2 || len(m.Files) != len(files)-1 {
		t.Errorf("%d files, %d in the manifest, want %d and one less", len(files), len(m.Files), len(figure.Formats())+2)
	}
	for _, s := range m.Files {
		if got := fmt.Sprintf("%x", sha256.Sum256(read(filepath.Join(filepath.Dir(path), s.Name)))); got != s.SHA256 {
			t.Errorf("%s has the hash %s, the manifest says %s", s.Name, got, s.SHA256)
		}
	}
	if text := string(read(path + ".txt")); !strings.Contains(text, f.Caption) || !strings.Contains(text, f.Alt) {
		t.Errorf("caption file %q", text)
	}
	// The manifest inside the files is the same, without files.
	for _, name := range []string{".svg", ".png", ".pdf", ".tex"} {
		if content := read(path + name); !bytes.Contains(content, []byte("a.parquet")) || !bytes.Contains(content, []byte("ynthetic sample")) {
			t.Errorf("no manifest in %s", name)
		}
	}
	// What is saved is what is shown.
	g, err := f.Sized(figure.ACLColumn)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := g.WriteSVG(&b); err != nil || !bytes.Equal(b.Bytes(), read(path+".svg")) {
		t.Errorf("the saved SVG is another one (%v)", err)
	}
}

// An error leaves what was there, and nothing half done beside it.
func TestSaveKeeps(t *testing.T) {
	dir := t.TempDir()
	f := figures(t, synthetic)[1]
	path := filepath.Join(dir, "x")
	write(t, path+".svg", []byte("old"))
	f.Title = "正"
	for _, save := range []func() error{
		func() error { _, err := f.Save(path, figure.Size{}, "svg", "pdf"); return err }, // the second fails
		func() error { _, err := f.Save(path, figure.Size{}, "svg", "eps"); return err },
		func() error { _, err := f.Save(path, figure.Size{Width: 72, Height: 72}, "svg"); return err },
		func() error { _, err := f.Save(path+".svg/y", figure.Size{}); return err }, // a file is no folder
		func() error { _, err := f.Save("/proc/specstress/x", figure.Size{}); return err },
	} {
		if save() == nil {
			t.Error("saved, want an error")
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%d files (%v), want the old one", len(entries), err)
	}
	if got, _ := os.ReadFile(path + ".svg"); string(got) != "old" {
		t.Errorf("the old file is %q", got)
	}
}
