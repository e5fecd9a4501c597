package shim

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// useVariables makes the blank identifier of every local variable that is
// declared or assigned and never read. Exploring means leaving such
// variables behind, and Go would refuse the whole cell. Names are replaced
// column by column, so that every message still points at its place.
//
// A variable counts as unread when its function has no other identifier of
// its name; wrongly read by that rule is one that shares its name with
// another, left to [Repair].
func (c *cell) useVariables() {
	for _, d := range c.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
			written, read := c.writtenAndRead(f)
			blank := map[*ast.Ident]bool{}
			for name, idents := range written {
				if !read[name] && c.declaresOne(idents) {
					for _, id := range idents {
						blank[id] = true
					}
				}
			}
			c.blank(f, blank)
		}
	}
}

// writtenAndRead sorts a function's identifiers: by name those that only
// receive a value, and the names of all others.
func (c *cell) writtenAndRead(f *ast.FuncDecl) (written map[string][]*ast.Ident, read map[string]bool) {
	written, read = map[string][]*ast.Ident{}, map[string]bool{}
	receives := map[*ast.Ident]bool{}
	receive := func(e ast.Expr) {
		if id, ok := e.(*ast.Ident); ok && id.Name != "_" {
			receives[id] = true
			written[id.Name] = append(written[id.Name], id)
		}
	}
	field := map[*ast.Ident]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE || n.Tok == token.ASSIGN {
				for _, e := range n.Lhs {
					receive(e)
				}
			}
		case *ast.RangeStmt:
			receive(n.Key)
			receive(n.Value)
		case *ast.ValueSpec:
			if c.isVar(n) {
				for _, id := range n.Names {
					receive(id)
				}
			}
		case *ast.SelectorExpr:
			field[n.Sel] = true
		case *ast.Ident:
			if !receives[n] && !field[n] {
				read[n.Name] = true
			}
		}
		return true
	})
	return written, read
}

func (c *cell) isVar(spec *ast.ValueSpec) bool {
	_, ok := c.info.Defs[spec.Names[0]].(*types.Var)
	return ok || spec.Names[0].Name == "_"
}

// declaresOne reports whether one of the identifiers declares a variable
// here; the others would assign to one of the package.
func (c *cell) declaresOne(idents []*ast.Ident) bool {
	for _, id := range idents {
		if obj := c.info.Uses[id]; obj != nil && obj.Pkg() != nil && obj.Parent() == obj.Pkg().Scope() {
			return false
		}
	}
	for _, id := range idents {
		if _, ok := c.info.Defs[id]; ok {
			return true
		}
	}
	return false
}

// blank makes _ of the identifiers, and = of a := that declares nothing
// any more.
func (c *cell) blank(f *ast.FuncDecl, blank map[*ast.Ident]bool) {
	if len(blank) == 0 {
		return
	}
	switches := map[ast.Stmt]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.TypeSwitchStmt); ok {
			switches[s.Assign] = true
		}
		return true
	})
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if id, ok := n.Lhs[0].(*ast.Ident); ok && switches[n] && blank[id] {
				// switch v := x.(type) without v.
				c.replace(n.Pos(), n.TokPos+2, strings.Repeat(" ", int(n.TokPos)+2-int(n.Pos())))
				delete(blank, id)
				return true
			}
			if n.Tok == token.DEFINE && !c.declares(blank, n.Lhs...) {
				c.replace(n.TokPos, n.TokPos+2, " =")
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE && !c.declares(blank, n.Key, n.Value) {
				c.replace(n.TokPos, n.TokPos+2, " =")
			}
		case *ast.Ident:
			if blank[n] {
				c.replace(n.Pos(), n.End(), "_"+strings.Repeat(" ", len(n.Name)-1))
			}
		}
		return true
	})
}

// declares reports whether the left side of a := still declares a variable.
func (c *cell) declares(blank map[*ast.Ident]bool, left ...ast.Expr) bool {
	for _, e := range left {
		if id, ok := e.(*ast.Ident); ok && id.Name != "_" && !blank[id] {
			if _, ok := c.info.Defs[id]; ok {
				return true
			}
		}
	}
	return false
}
