// Package notebooks_test runs every cell of the notebooks as an ordinary Go
// program on a small synthetic sample, so that a change of the library that
// breaks a cell is seen without Jupyter.
package notebooks_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/internal/nbformat"
	"github.com/specstress/specstress/internal/shim"
)

const module = "github.com/specstress/specstress"

func notebooks(t *testing.T) map[string]*nbformat.Notebook {
	t.Helper()
	files, err := filepath.Glob("*.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*nbformat.Notebook{}
	for _, file := range files {
		nb, err := nbformat.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[file] = nb
	}
	if len(all) == 0 {
		t.Fatal("no notebook here")
	}
	return all
}

// needs is the line that says what data a notebook needs.
var needs = regexp.MustCompile(`(?m)^\*\*Data\.\*\* (Public data suffice|Proxy only|Needs labels|Needs embeddings)`)

// TestForm holds what every notebook promises its reader.
func TestForm(t *testing.T) {
	docs, err := os.ReadFile("../docs/notebooks.md")
	if err != nil {
		t.Fatal(err)
	}
	for file, nb := range notebooks(t) {
		t.Run(file, func(t *testing.T) {
			if !bytes.Contains(docs, []byte(file)) {
				t.Error("docs/notebooks.md does not name it")
			}
			if spec, _ := nb.Metadata["kernelspec"].(map[string]any); spec["name"] != "specstress" || spec["display_name"] != "Go (specstress)" || spec["language"] != "go" {
				t.Errorf("its kernel is %v, want specstress", spec)
			}
			first, last := nb.Cells[0], nb.Cells[len(nb.Cells)-1]
			if first.Type != nbformat.Markdown || !strings.HasPrefix(first.Source, "# ") {
				t.Error("the first cell is no title")
			}
			for _, want := range []string{"**The claim.**", "docs/paper.md", "p"} {
				if !strings.Contains(first.Source, want) {
					t.Errorf("the first cell lacks %q", want)
				}
			}
			if !needs.MatchString(first.Source) {
				t.Error("the first cell does not say which data are needed")
			}
			invitation := last.Source
			if last.Type == nbformat.Code {
				invitation = nb.Cells[len(nb.Cells)-2].Source
			}
			if !regexp.MustCompile(`(?m)^## (Your turn|Change something|Make it yours)$`).MatchString(invitation) {
				t.Error("the last cell does not invite a change")
			}
			if at := nb.Tagged("parameters"); at < 0 || slices.IndexFunc(nb.Cells, isCode) != at {
				t.Error("the first code cell is not the one tagged parameters")
			}
			ids := map[string]bool{}
			for i, c := range nb.Cells {
				if c.ID == "" || ids[c.ID] {
					t.Errorf("cell %d: id %q is empty or not unique", i+1, c.ID)
				}
				ids[c.ID] = true
				if !isCode(c) {
					continue
				}
				if len(c.Outputs) > 0 || c.ExecutionCount != nil {
					t.Errorf("cell %d: outputs are not committed", i+1)
				}
				if n := 1 + strings.Count(c.Source, "\n"); n > 30 {
					t.Errorf("cell %d has %d lines, want at most 30", i+1, n)
				}
				for line := range strings.Lines(c.Source) {
					// Wider ones are cut off in pages and on laptops.
					if n := len(strings.ReplaceAll(line, "\t", "    ")); n > 100 {
						t.Errorf("cell %d has a line of %d columns, want at most 100: %s", i+1, n, line)
					}
				}
			}
		})
	}
}

// TestLinks follows the links to files of the repository.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)[)#]`)
	for file, nb := range notebooks(t) {
		for i, c := range nb.Cells {
			if isCode(c) {
				continue
			}
			for _, m := range link.FindAllStringSubmatch(c.Source, -1) {
				if _, err := os.Stat(m[1]); err != nil {
					t.Errorf("%s: cell %d links to %s: %v", file, i+1, m[1], err)
				}
			}
		}
	}
}

// TestCells builds a program of each notebook and runs every cell in a
// process of its own, as the kernel does.
func TestCells(t *testing.T) {
	if testing.Short() {
		t.Skip("building and running all cells takes a minute; leave -short out")
	}
	dir := t.TempDir()
	root, env := commandFor(t, dir)
	sample := filepath.Join(dir, "sample")
	command(t, root, filepath.Join(dir, "specstress.exe"), "sample", "--rows", "6000", "--out", sample)
	env = append(env, "SPECSTRESS_DATA="+sample)
	for file, nb := range notebooks(t) {
		t.Run(file, func(t *testing.T) {
			source, cells := assemble(t, nb)
			program := build(t, root, source)
			work := t.TempDir()
			for _, cell := range cells {
				cmd := exec.Command(program, fmt.Sprint(cell))
				cmd.Dir, cmd.Env = work, env
				out, err := cmd.CombinedOutput()
				if err != nil {
					t.Errorf("cell %d: %v\n%s", cell, err, out)
				}
				if len(out) == 0 {
					t.Errorf("cell %d shows nothing", cell)
				}
				if testing.Verbose() {
					t.Logf("cell %d\n%s", cell, out)
				}
				check(t, file, cell, nb.Cells[cell-1].Source, string(out))
			}
		})
	}
}

// check looks at what a cell has printed.
func check(t *testing.T, file string, cell int, source, out string) {
	t.Helper()
	if regexp.MustCompile(`  (match|possible|consistent|differs)\s*\n`).MatchString(out) && strings.Contains(source, "Compare") {
		t.Errorf("cell %d compares simulated numbers with the paper:\n%s", cell, out)
	}
	if strings.Contains(source, "figure.Disagreement(") && file != "09-your-own-data.ipynb" && !strings.Contains(strings.ToLower(out), "synthetic") {
		t.Errorf("cell %d does not say that its data are synthetic:\n%s", cell, out)
	}
	// Counted by hand from testdata/refusal-openings.csv: 29 flagged, 24 of
	// them rightly; 35 should be.
	if file == "04-refusals.ipynb" && strings.Contains(source, "Precision") {
		for _, want := range []string{
			`\n1 +10 +1\n2 +8 +0\n3 +7 +2\n4 +7 +2\n5 +9 +4\n6 +12 +8\n7 +14 +12\n`, `\n0\.83 \[.*n = 29`, `\n0\.69 \[.*n = 35`,
		} {
			if !regexp.MustCompile(want).MatchString(out) {
				t.Errorf("cell %d does not show %s:\n%s", cell, want, out)
			}
		}
	}
	// docs/your-data.md works the example by hand.
	if file == "09-your-own-data.ipynb" && strings.Contains(source, "not computable") {
		for _, want := range []string{
			`0-1-neutral\s+0\.47`, `0-1-value1\s+1\.70`, `0-1-value2\s+0\.47`,
			`0-2-neutral\s+2\.16`, `0-2-value1\s+0\.50`, `0-2-value2\s+not computable`,
		} {
			if !regexp.MustCompile(want).MatchString(out) {
				t.Errorf("cell %d does not show %s:\n%s", cell, want, out)
			}
		}
	}
}

// assemble makes one program of a notebook: declarations stay, and what
// stands below %% in a cell becomes a function that the program runs when
// it is given the cell's number. It also returns these numbers.
func assemble(t *testing.T, nb *nbformat.Notebook) (source []byte, cells []int) {
	t.Helper()
	var decls, bodies, choice strings.Builder
	declared := map[string]int{}      // cell of each name
	used := map[int]map[string]bool{} // names by cell
	for i, c := range nb.Cells {
		if !isCode(c) {
			continue
		}
		above, below, runs := cut(c.Source)
		file := parse(t, i+1, "package p\n"+above)
		for _, name := range names(file) {
			if before, twice := declared[name]; twice {
				t.Errorf("cell %d declares %s, as cell %d does", i+1, name, before)
			}
			declared[name] = i + 1
		}
		body := fmt.Sprintf("func cell%d() {\n%s\n}\n", i+1, below)
		used[i+1] = identifiers(file, parse(t, i+1, "package p\n"+body))
		decls.WriteString(above + "\n")
		if runs {
			cells = append(cells, i+1)
			bodies.WriteString(body)
			fmt.Fprintf(&choice, "case \"%d\": cell%d()\n", i+1, i+1)
		}
	}
	for cell, list := range used {
		for name := range list {
			if declared[name] > cell {
				t.Errorf("cell %d uses %s, which cell %d declares", cell, name, declared[name])
			}
		}
	}
	program := "package main\n" + decls.String() + bodies.String() +
		"func main() {\nswitch os.Args[1] {\n" + choice.String() + "}\n}\n"
	source, err := shim.FixImports([]byte(program), shim.Table(module))
	if err != nil {
		t.Fatal(err)
	}
	return source, cells
}

// cut parts a cell at its line %%.
func cut(source string) (above, below string, runs bool) {
	above, below, runs = strings.Cut("\n"+source, "\n%%\n")
	return above, below, runs
}

func parse(t *testing.T, cell int, source string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("cell %d: %v", cell, err)
	}
	return file
}

// names are those that a file declares.
func names(file *ast.File) (list []string) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				list = append(list, d.Name.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						list = append(list, name.Name)
					}
				case *ast.TypeSpec:
					list = append(list, spec.Name.Name)
				}
			}
		}
	}
	return list
}

// identifiers are all that stand alone or before a dot.
func identifiers(files ...*ast.File) map[string]bool {
	all := map[string]bool{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				ast.Inspect(n.X, func(n ast.Node) bool {
					if id, ok := n.(*ast.Ident); ok {
						all[id.Name] = true
					}
					return true
				})
				return false
			case *ast.Ident:
				all[n.Name] = true
			}
			return true
		})
	}
	return all
}

// build compiles a program as part of this module.
func build(t *testing.T, root string, source []byte) string {
	t.Helper()
	dir := t.TempDir()
	main, program := filepath.Join(dir, "main.go"), filepath.Join(dir, "cells.exe")
	if err := os.WriteFile(main, source, 0o666); err != nil {
		t.Fatal(err)
	}
	command(t, root, "go", "build", "-ldflags=-s -w", "-o", program, main)
	return program
}

func command(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

func isCode(c *nbformat.Cell) bool { return c.Type == nbformat.Code }
