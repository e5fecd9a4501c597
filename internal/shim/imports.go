package shim

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// FixImports returns a cell's program with the imports that it uses: those
// that it lacks come from table (package name to import path), those that
// nothing uses are blanked. The program keeps its lines.
//
// A package whose name cannot be told from its path is kept; when nothing
// uses it, [Repair] takes it out after the compiler has said so.
func FixImports(src []byte, table map[string]string) ([]byte, error) {
	c, err := parse(src)
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	ast.Inspect(c.file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok && c.mayBePackage(id) {
				used[id.Name] = true
			}
		}
		return true
	})
	known := map[string]bool{}
	for _, p := range table {
		known[p] = true
	}
	have := map[string]bool{}
	for _, spec := range c.file.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		name, sure := packageName(importPath), known[importPath] || !strings.Contains(importPath, ".")
		if spec.Name != nil {
			name, sure = spec.Name.Name, true
		}
		have[name] = true
		if sure && !used[name] && name != "_" && name != "." {
			c.blankImport(spec)
		}
	}
	var missing []string
	for name := range used {
		if importPath, ok := table[name]; ok && !have[name] {
			missing = append(missing, fmt.Sprintf("; import %s %q", name, importPath))
		}
	}
	slices.Sort(missing)
	c.insert(c.file.Name.End(), strings.Join(missing, ""))
	return c.apply(), nil
}

// mayBePackage reports whether an identifier, found before a dot, names a
// package or nothing that the file declares.
func (c *cell) mayBePackage(id *ast.Ident) bool {
	obj := c.info.Uses[id]
	return obj == nil || isPackage(obj)
}

// blankImport takes an import out, but for its line.
func (c *cell) blankImport(spec *ast.ImportSpec) {
	from, to := spec.Pos(), spec.End()
	for _, d := range c.file.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT && !g.Lparen.IsValid() && g.Specs[0] == spec {
			from = g.Pos()
		}
	}
	c.replace(from, to, strings.Repeat(" ", int(to-from)))
}
