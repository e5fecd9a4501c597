package repo

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// packages are those whose names documents mention, by package name.
var packages = map[string]string{
	"analysis": "analysis",
	"figure":   "analysis/figure",
	"paper":    "analysis/paper",
	"loaders":  "loaders",
	"nb":       "notebooks/nb",
}

var mention = regexp.MustCompile(`\b(analysis|figure|paper|loaders|nb)\.([A-Z]\w*)`)

// TestNames holds documents to names that exist: a reader who copies
// figure.Something from the README must find it.
func TestNames(t *testing.T) {
	declared := map[string]bool{}
	for name, dir := range packages {
		if err := declarations(filepath.Join("../..", filepath.FromSlash(dir)), name, declared); err != nil {
			t.Fatal(err)
		}
	}
	documents, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	mentions := 0
	for _, document := range append(documents, "../../README.md", "../../CONTRIBUTING.md") {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range mention.FindAllString(string(text), -1) {
			mentions++
			if !declared[name] {
				t.Errorf("%s: %s is declared nowhere", filepath.Base(document), name)
			}
		}
	}
	if mentions == 0 {
		t.Error("no document mentions any name")
	}
}

// declarations enters a package's exported names, as in figure.Fig2.
func declarations(dir, pkg string, into map[string]bool) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	before := len(into)
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			for _, name := range namesOf(decl) {
				into[pkg+"."+name] = true
			}
		}
	}
	if len(into) == before {
		return fmt.Errorf("%s: no declarations", dir)
	}
	return nil
}

func namesOf(decl ast.Decl) []string {
	var names []string
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, n := range s.Names {
					names = append(names, n.Name)
				}
			}
		}
	}
	return names
}
