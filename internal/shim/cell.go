package shim

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A cell is the program of one notebook cell and the edits to be made.
type cell struct {
	src   []byte
	fset  *token.FileSet
	file  *ast.File
	info  *types.Info
	edits []edit
}

// An edit replaces src[from:to].
type edit struct {
	from, to int
	text     string
}

// parse reads a program and resolves its names as far as that goes without
// its imports: which identifier declares or means what.
func parse(src []byte) (*cell, error) {
	c := &cell{src: src, fset: token.NewFileSet(), info: &types.Info{
		Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{},
	}}
	var err error
	c.file, err = parser.ParseFile(c.fset, "main.go", src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	config := types.Config{Importer: noImports{}, Error: func(error) {}}
	_, _ = config.Check("main", c.fset, []*ast.File{c.file}, c.info) // every import is an error
	return c, nil
}

// noImports makes go/types do without imported packages.
type noImports struct{}

func (noImports) Import(string) (*types.Package, error) { return nil, errors.New("not read") }

func isPackage(obj types.Object) bool {
	_, ok := obj.(*types.PkgName)
	return ok
}

func (c *cell) offset(p token.Pos) int { return c.fset.PositionFor(p, false).Offset }

func (c *cell) replace(from, to token.Pos, text string) {
	c.edits = append(c.edits, edit{c.offset(from), c.offset(to), text})
}

func (c *cell) insert(at token.Pos, text string) { c.replace(at, at, text) }

// resume is a comment after which the compiler counts lines and columns as
// if nothing had been inserted before p.
func (c *cell) resume(p token.Pos) string {
	at := c.fset.PositionFor(p, false)
	return fmt.Sprintf("/*line :%d:%d*/", at.Line, at.Column)
}

// apply makes the edits; of two that overlap, the first one stands.
func (c *cell) apply() []byte {
	slices.SortStableFunc(c.edits, func(a, b edit) int { return a.from - b.from })
	var out bytes.Buffer
	at := 0
	for _, e := range c.edits {
		if e.from < at {
			continue
		}
		out.Write(c.src[at:e.from])
		out.WriteString(e.text)
		at = e.to
	}
	out.Write(c.src[at:])
	return out.Bytes()
}

// text is a node as the cell has it.
func (c *cell) text(n ast.Node) string {
	return strings.Join(strings.Fields(string(c.src[c.offset(n.Pos()):c.offset(n.End())])), " ")
}

// mainFunc returns the program's main function, or nil.
func (c *cell) mainFunc() *ast.FuncDecl {
	for _, d := range c.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "main" && f.Body != nil {
			return f
		}
	}
	return nil
}
