package shim

import (
	"bytes"
	"go/ast"
	"regexp"
	"strconv"
	"strings"
)

// Options say how a cell is rewritten.
type Options struct {
	NB   string          // import path of the package with Show; "" shows nothing
	Void map[string]bool // calls, as in "w.Flush", known to have no value
	Test bool            // a %test cell, which has no main
}

// Rewritten is a cell's program, ready to compile.
type Rewritten struct {
	Source []byte
	Shown  string // the call whose value is shown, if it is a call
}

// Rewrite returns what is compiled in place of a cell's program: variables
// that nothing reads are blanked, the value of main's last expression is
// shown, and main reports a panic by [Crash]. Lines keep their numbers, and
// what the user wrote keeps its columns.
func Rewrite(src []byte, opt Options) (Rewritten, error) {
	c, err := parse(src)
	if err != nil {
		return Rewritten{}, err
	}
	c.useVariables()
	r := Rewritten{}
	if f := c.mainFunc(); f != nil && !opt.Test {
		after := f.Body.Lbrace + 1
		c.insert(after, " defer "+crashFunc+"();"+c.resume(after))
		if e := c.lastExpression(opt.Void); e != nil && opt.NB != "" {
			c.show(e, opt.NB)
			if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
				r.Shown = c.text(call.Fun)
			}
		}
	}
	r.Source = c.apply()
	return r, nil
}

var (
	message    = regexp.MustCompile(`(?m)^main(?:_test)?\.go:(\d+):(\d+): (.*)$`)
	unusedName = regexp.MustCompile(`^declared and not used: \w+$`)
	unusedPath = regexp.MustCompile(`^"[^"]+" imported (as \w+ )?and not used$`)
)

// Repair returns the program without the unused variables and imports that
// the compiler complains of, and whether there were any.
func Repair(src []byte, output []byte) ([]byte, bool) {
	c, err := parse(src)
	if err != nil {
		return src, false
	}
	complaints := map[[2]int]bool{}
	for _, m := range message.FindAllSubmatch(output, -1) {
		if unusedName.Match(m[3]) || unusedPath.Match(m[3]) {
			line, _ := strconv.Atoi(string(m[1]))
			column, _ := strconv.Atoi(string(m[2]))
			complaints[[2]int{line, column}] = true
		}
	}
	isMeant := func(n ast.Node) bool {
		at := c.fset.Position(n.Pos())
		return complaints[[2]int{at.Line, at.Column}]
	}
	for _, spec := range c.file.Imports {
		if isMeant(spec) || isMeant(spec.Path) {
			c.blankImport(spec)
		}
	}
	for _, d := range c.file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Body == nil {
			continue
		}
		blank := map[*ast.Ident]bool{}
		for id := range c.info.Defs {
			if id.Pos() < f.Pos() || id.Pos() >= f.End() || !isMeant(id) {
				continue
			}
			blank[id] = true
			// Whatever else means this variable assigns to it, or the
			// compiler would not call it unused.
			for use, obj := range c.info.Uses {
				if obj != nil && obj == c.info.Defs[id] {
					blank[use] = true
				}
			}
		}
		c.blank(f, blank)
	}
	out := c.apply()
	return out, !bytes.Equal(out, src)
}

// ShowsNothing reports whether the compiler complains that the last
// expression of a cell has no value to show.
func ShowsNothing(output []byte) bool {
	for line := range strings.Lines(string(output)) {
		if strings.Contains(line, "(no value) used as value") {
			return true
		}
	}
	return false
}
