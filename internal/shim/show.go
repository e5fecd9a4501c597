package shim

import (
	"go/ast"
	"go/token"
	"regexp"
	"strings"
)

// showAlias is the name by which a rewritten cell calls the nb package, as
// it may use the name nb itself for something else.
const showAlias = "specstress_nb"

// silent are calls whose results nobody wants to see under a cell.
var silent = map[string]bool{
	"append": true, "clear": true, "close": true, "copy": true, "delete": true,
	"panic": true, "print": true, "println": true,
	"flag.Parse": true, "os.Exit": true,
	"nb.Show": true, "nb.Must0": true,
}

// writes matches the names of functions and methods that print, whatever
// they are called on: their count of bytes is no result.
var writes = regexp.MustCompile(`(^|\.)(Print|Fprint|Write)\w*$`)

// lastExpression returns the expression in the last line of main whose
// value is to be shown, or nil. Whether a call has a value cannot be told
// without its declaration: those in the cell's program are looked up, of
// others it is assumed, and void names the exceptions met before.
func (c *cell) lastExpression(void map[string]bool) ast.Expr {
	f := c.mainFunc()
	if f == nil || len(f.Body.List) == 0 {
		return nil
	}
	stmt, ok := f.Body.List[len(f.Body.List)-1].(*ast.ExprStmt)
	if !ok {
		return nil
	}
	switch e := ast.Unparen(stmt.X).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.ARROW { // waits for a channel
			return nil
		}
	case *ast.CallExpr:
		name := c.text(e.Fun)
		if silent[name] || void[name] || writes.MatchString(name) || strings.HasPrefix(name, "log.") {
			return nil
		}
		if lit, ok := e.Fun.(*ast.FuncLit); ok && lit.Type.Results == nil {
			return nil
		}
		if id, ok := e.Fun.(*ast.Ident); ok && c.isVoid(id.Name) {
			return nil
		}
	}
	return stmt.X
}

// isVoid reports whether the program declares a function of that name
// without a result.
func (c *cell) isVoid(name string) bool {
	for _, d := range c.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == name {
			return f.Type.Results == nil
		}
	}
	return false
}

// show has the expression's value shown by nb.Show.
func (c *cell) show(e ast.Expr, nb string) {
	c.insert(c.file.Name.End(), `; import `+showAlias+` "`+nb+`"`)
	c.insert(e.Pos(), showAlias+".Show("+c.resume(e.Pos()))
	c.insert(e.End(), ")")
}
