package notebook

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/nbformat"
)

// Tags of the cell that declares parameters and of the one that sets them.
const (
	parametersTag = "parameters"
	injectedTag   = "injected-parameters"
)

// A Parameter is a name with the value given for it, as written on the
// command line.
type Parameter struct{ Name, Value string }

// ParseParameter parses name=value.
func ParseParameter(s string) (Parameter, error) {
	name, value, ok := strings.Cut(s, "=")
	if !ok || !token.IsIdentifier(name) {
		return Parameter{}, fmt.Errorf("parameter %.80q, want name=value with a Go name", s)
	}
	return Parameter{name, value}, nil
}

// Inject puts a cell with the given values behind the cell tagged
// parameters; one that an earlier run put there goes. A value is written as
// Go in the form of its declaration: const or var, same type; texts need no
// quotes, lists of texts are split at commas. Of a name given twice the last
// value counts.
//
// Errors: no parameters cell, a name that it does not declare
// (analysis.ErrUnknownName, with the nearest ones), a value that is not of
// the declared type.
func Inject(nb *nbformat.Notebook, given []Parameter) error {
	nb.Cells = slices.DeleteFunc(nb.Cells, func(c *nbformat.Cell) bool { return slices.Contains(c.Tags(), injectedTag) })
	if len(given) == 0 {
		return nil
	}
	at := nb.Tagged(parametersTag)
	if at < 0 {
		return fmt.Errorf("parameter %s: no cell is tagged %q, so nothing can be set", given[0].Name, parametersTag)
	}
	declared, err := declarations(nb.Cells[at].Source)
	if err != nil {
		return fmt.Errorf("cell %d: its parameters cannot be read: %w", at+1, err)
	}
	value := map[string]string{}
	var names []string
	for _, d := range declared {
		names = append(names, d.name)
	}
	for _, p := range given {
		if !slices.Contains(names, p.Name) {
			return analysis.UnknownName("parameter", p.Name, names)
		}
		value[p.Name] = p.Value
	}
	var lines []string
	for _, d := range declared {
		text, set := value[d.name]
		if !set {
			continue
		}
		line, err := d.set(text)
		if err != nil {
			return fmt.Errorf("parameter %s: %w", d.name, err)
		}
		lines = append(lines, line)
	}
	cell := nbformat.NewCode(strings.Join(lines, "\n")+"\n", injectedTag)
	for slices.ContainsFunc(nb.Cells, func(c *nbformat.Cell) bool { return c.ID == cell.ID }) {
		cell.ID += "p"
	}
	nb.Cells = slices.Insert(nb.Cells, at+1, cell)
	return nil
}

// A declaration is one name of a parameters cell.
type declaration struct {
	keyword string // const or var
	name    string
	written string // the type as written, "" without
	kind    string // what values must be: string, int, float64, bool, []string, ...; "" unknown
}

// declarations reads the constants and variables of a cell, whose lines for
// GoNB (magics and shell commands) are left out.
func declarations(source string) ([]declaration, error) {
	var b strings.Builder
	b.WriteString("package p; ")
	for line := range strings.Lines(source) {
		if t := strings.TrimSpace(line); strings.HasPrefix(t, "%%") || strings.HasPrefix(t, "%main") {
			break // statements follow
		} else if strings.HasPrefix(t, "%") || strings.HasPrefix(t, "!") || strings.HasPrefix(t, "package ") {
			line = "\n"
		}
		b.WriteString(line)
	}
	text := b.String()
	file, err := parser.ParseFile(token.NewFileSet(), "cell", text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var all []declaration
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST && group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			s := spec.(*ast.ValueSpec)
			for i, name := range s.Names {
				d := declaration{keyword: group.Tok.String(), name: name.Name}
				if s.Type != nil {
					d.written = text[s.Type.Pos()-file.FileStart : s.Type.End()-file.FileStart]
					d.kind = d.written
				} else if i < len(s.Values) {
					d.kind = kindOf(s.Values[i])
				}
				all = append(all, d)
			}
		}
	}
	return all, nil
}

// kindOf tells the type of a value where its form does; "" elsewhere.
func kindOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		return map[token.Token]string{token.STRING: "string", token.INT: "int", token.FLOAT: "float64"}[e.Kind]
	case *ast.Ident:
		if e.Name == "true" || e.Name == "false" {
			return "bool"
		}
	case *ast.UnaryExpr:
		if e.Op == token.SUB || e.Op == token.ADD {
			return kindOf(e.X)
		}
	case *ast.ParenExpr:
		return kindOf(e.X)
	case *ast.CompositeLit:
		if list, ok := e.Type.(*ast.ArrayType); ok && list.Len == nil {
			if of, ok := list.Elt.(*ast.Ident); ok {
				return "[]" + of.Name
			}
		}
	case *ast.CallExpr:
		// float64(3), or nb.Param("name", 3), whose default tells.
		if f, ok := e.Fun.(*ast.Ident); ok && slices.Contains([]string{"string", "int", "uint64", "int64", "float64", "bool"}, f.Name) {
			return f.Name
		}
		if f, ok := e.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Param" && len(e.Args) > 0 {
			return kindOf(e.Args[len(e.Args)-1])
		}
	case *ast.BinaryExpr:
		if x, y := kindOf(e.X), kindOf(e.Y); x == y {
			return x
		}
		if sel, ok := e.Y.(*ast.SelectorExpr); ok && isName(sel.X, "time") {
			return "time.Duration"
		}
	}
	return ""
}

func isName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// set is the declaration with another value.
func (d declaration) set(text string) (string, error) {
	value, err := literal(d.kind, text)
	if err != nil {
		return "", err
	}
	written := d.written
	switch {
	case written != "":
		written = " " + written
	case d.keyword == "var" && slices.Contains([]string{"uint64", "int64"}, d.kind):
		written = " " + d.kind
	}
	return fmt.Sprintf("%s %s%s = %s", d.keyword, d.name, written, value), nil
}

// literal writes a value of a kind as Go.
func literal(kind, text string) (string, error) {
	wrong := func(want string) (string, error) {
		return "", fmt.Errorf("value %.80q, want %s", text, want)
	}
	trimmed := strings.TrimSpace(text)
	switch kind {
	case "string":
		return strconv.Quote(text), nil
	case "bool":
		b, err := strconv.ParseBool(trimmed)
		if err != nil {
			return wrong("true or false")
		}
		return strconv.FormatBool(b), nil
	case "int", "int64", "int32":
		n, err := strconv.ParseInt(trimmed, 0, 64)
		if err != nil {
			return wrong("a whole number")
		}
		return strconv.FormatInt(n, 10), nil
	case "uint", "uint64", "uint32":
		n, err := strconv.ParseUint(trimmed, 0, 64)
		if err != nil {
			return wrong("a whole number of at least 0")
		}
		return strconv.FormatUint(n, 10), nil
	case "float64":
		x, err := strconv.ParseFloat(trimmed, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return wrong("a finite number")
		}
		s := strconv.FormatFloat(x, 'g', -1, 64)
		if !strings.ContainsAny(s, ".e") {
			s += ".0" // else the name would become an int
		}
		return s, nil
	case "time.Duration":
		t, err := time.ParseDuration(trimmed)
		if err != nil {
			return wrong("a duration such as 1m30s")
		}
		return fmt.Sprintf("time.Duration(%d)", t), nil
	}
	if of, list := strings.CutPrefix(kind, "[]"); list {
		items := []string{}
		if trimmed != "" {
			for item := range strings.SplitSeq(text, ",") {
				s, err := literal(of, strings.TrimSpace(item))
				if err != nil {
					return "", err
				}
				items = append(items, s)
			}
		}
		return kind + "{" + strings.Join(items, ", ") + "}", nil
	}
	if _, err := parser.ParseExpr(text); err != nil {
		return wrong("a Go expression, since its declaration does not tell the type")
	}
	if strings.ContainsAny(text, "\n\r") {
		return "", errors.New("a Go expression must stand on one line")
	}
	return trimmed, nil
}
