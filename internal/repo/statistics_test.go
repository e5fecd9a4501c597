package repo

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the code of docs/statistics.md anew")

// statistics is package analysis as go doc sees it, tests included, and its
// sources by name.
func statistics(t *testing.T) (*doc.Package, map[string][]byte) {
	t.Helper()
	paths, err := filepath.Glob("../../analysis/*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset, sources := token.NewFileSet(), map[string][]byte{}
	var files []*ast.File
	for _, path := range paths {
		if sources[path], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(fset, path, sources[path], parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	pkg, err := doc.NewFromFiles(fset, files, "github.com/specstress/specstress/analysis")
	if err != nil {
		t.Fatal(err)
	}
	return pkg, sources
}

// functions are the exported ones of a package, constructors included.
func functions(pkg *doc.Package) []*doc.Func {
	all := slices.Clone(pkg.Funcs)
	for _, typ := range pkg.Types {
		all = append(all, typ.Funcs...)
	}
	return all
}

// statisticsOf are the functions that compute something that may have no
// value: those that can fail, but for inputs.
func statisticsOf(pkg *doc.Package) []*doc.Func {
	return slices.DeleteFunc(functions(pkg), func(f *doc.Func) bool { return !fails(f) || isInput(f.Name) })
}

func fails(f *doc.Func) bool {
	return slices.ContainsFunc(fields(f.Decl.Type.Results), func(field *ast.Field) bool {
		id, ok := field.Type.(*ast.Ident)
		return ok && id.Name == "error"
	})
}

// isInput tells a function that makes what statistics are computed from, or
// reads a name. It computes no number, so there is no source to name.
func isInput(name string) bool {
	return strings.HasPrefix(name, "New") || strings.HasPrefix(name, "Parse") ||
		slices.Contains([]string{"CountRatings", "JudgeRatings", "RatingsByRater", "RatingsFromCounts", "UnknownName"}, name)
}

// TestStatisticsDocumented: every exported name of package analysis says
// what it is; every function, and every method that can fail, is shown by an
// example that runs; and a function that can fail says with what, what
// becomes of missing data where it takes rows of them, and where its formula
// is from. Methods that cannot fail read out a value that is there; their
// comments suffice.
func TestStatisticsDocumented(t *testing.T) {
	pkg, _ := statistics(t)
	funcs := functions(pkg)
	values := slices.Concat(pkg.Consts, pkg.Vars)
	for _, typ := range pkg.Types {
		if typ.Doc == "" {
			t.Errorf("type %s has no comment", typ.Name)
		}
		funcs = append(funcs, typ.Methods...)
		values = append(append(values, typ.Consts...), typ.Vars...)
	}
	for _, v := range values {
		for _, name := range undocumented(v) {
			t.Errorf("%s has no comment", name)
		}
	}
	for _, f := range funcs {
		name := f.Name
		if f.Recv != "" {
			name = strings.TrimPrefix(f.Recv, "*") + "." + name
		}
		for _, what := range lacking(f) {
			t.Errorf("%s %s", name, what)
		}
	}
	if len(funcs) == 0 || len(values) == 0 {
		t.Error("nothing exported")
	}
}

// undocumented are the exported constants or variables of a declaration that
// neither it nor they themselves explain.
func undocumented(v *doc.Value) (names []string) {
	for _, spec := range v.Decl.Specs {
		s := spec.(*ast.ValueSpec)
		if v.Doc == "" && s.Doc.Text() == "" && s.Comment.Text() == "" {
			for _, name := range s.Names {
				if name.IsExported() {
					names = append(names, name.Name)
				}
			}
		}
	}
	return names
}

var (
	saysErrors  = regexp.MustCompile(`[Ee]rror|refused`)
	saysMissing = regexp.MustCompile(`[Mm]issing|NaN|[Ll](eft|eave|eaves) out`)
	saysSource  = regexp.MustCompile(`(?m)^Source: |source\s+are as`)
)

// lacking is what the comment of a function or method should say and does
// not.
func lacking(f *doc.Func) (what []string) {
	rows := false
	for _, field := range fields(f.Decl.Type.Params) {
		switch field.Type.(type) {
		case *ast.ArrayType, *ast.Ellipsis, *ast.StarExpr:
			rows = true
		}
	}
	if f.Doc == "" {
		return []string{"has no comment"}
	}
	if f.Recv == "" || fails(f) {
		if !slices.ContainsFunc(f.Examples, func(e *doc.Example) bool { return e.Output != "" }) {
			what = append(what, "has no example with output")
		}
	}
	if fails(f) && !saysErrors.MatchString(f.Doc) {
		what = append(what, "does not say which errors")
	}
	if f.Recv != "" || !fails(f) || isInput(f.Name) {
		return what
	}
	if !saysSource.MatchString(f.Doc) {
		what = append(what, "does not name its source")
	}
	if rows && !saysMissing.MatchString(f.Doc) {
		what = append(what, "does not say what becomes of missing data")
	}
	return what
}

func fields(list *ast.FieldList) []*ast.Field {
	if list == nil {
		return nil
	}
	return list.List
}

func TestLacking(t *testing.T) {
	for source, want := range map[string]string{
		"func F() {}":                                                   "has no comment",
		"// F is 1.\nfunc F() int { return 1 }":                         "has no example with output",
		"// F is 1.\nfunc (T) F() {}":                                   "",
		"// F is 1.\nfunc (T) F() error {}":                             "has no example with output, does not say which errors",
		"// F has errors.\nfunc F() (x, err error) {}":                  "has no example with output, does not name its source",
		"// F has errors.\n//\n// Source: B.\nfunc F(x []int) error {}": "has no example with output, does not say what becomes of missing data",
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+source, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		d := file.Decls[0].(*ast.FuncDecl)
		f := &doc.Func{Name: "F", Doc: d.Doc.Text(), Decl: d}
		if d.Recv != nil {
			f.Recv = "T"
		}
		if got := strings.Join(lacking(f), ", "); got != want {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
	}
}

// shown is a block of code in docs/statistics.md: the name behind "go" is that
// of a function in the tests of package analysis.
var shown = regexp.MustCompile("(?ms)^```go (\\w+)\n(.*?)^```$")

// TestStatisticsExamples holds the code in docs/statistics.md to the tests of
// package analysis, which compile and run it: a block is the body of an
// Example, with its output, or another function as a whole. With -update the
// blocks are written anew.
func TestStatisticsExamples(t *testing.T) {
	pkg, sources := statistics(t)
	code := testFunctions(t, sources)
	const path = "../../docs/statistics.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if all, known := bytes.Count(text, []byte("```go")), len(shown.FindAll(text, -1)); all != known || all == 0 {
		t.Errorf("%d blocks of Go, of which %d name the function that they show; want all", all, known)
	}
	for _, f := range statisticsOf(pkg) {
		if !bytes.Contains(text, []byte("`analysis."+f.Name+"`")) && !bytes.Contains(text, []byte("```go Example"+f.Name+"\n")) {
			t.Errorf("analysis.%s is neither named nor shown", f.Name)
		}
	}
	fresh := shown.ReplaceAllFunc(text, func(block []byte) []byte {
		m := shown.FindSubmatch(block)
		body, ok := code[string(m[1])]
		if !ok {
			t.Errorf("no function %s in the tests of package analysis", m[1])
			return block
		}
		if !*update && body != string(m[2]) {
			t.Errorf("%s is not as the tests have it; go test ./internal/repo -run StatisticsExamples -update writes it anew", m[1])
		}
		return fmt.Appendf(nil, "```go %s\n%s```", m[1], body)
	})
	if *update {
		if err := os.WriteFile(path, fresh, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// testFunctions are the functions of test files as a document shows them.
func testFunctions(t *testing.T, sources map[string][]byte) map[string]string {
	t.Helper()
	code := map[string]string{}
	for path, source := range sources {
		if !strings.HasSuffix(path, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, source, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv != nil {
				continue
			}
			if _, twice := code[f.Name.Name]; twice { // in packages analysis and analysis_test
				code[f.Name.Name] = "two functions have this name\n"
				continue
			}
			offset := func(p token.Pos) int { return fset.Position(p).Offset }
			if strings.HasPrefix(f.Name.Name, "Example") {
				body := strings.Trim(string(source[offset(f.Body.Lbrace)+1:offset(f.Body.Rbrace)]), "\n")
				code[f.Name.Name] = strings.ReplaceAll("\n"+body, "\n\t", "\n")[1:] + "\n"
				continue
			}
			code[f.Name.Name] = string(source[offset(f.Pos()):offset(f.End())]) + "\n"
		}
	}
	return code
}
