package repo

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/internal/nbformat"
)

const modulePath = "github.com/specstress/specstress/"

// A ban names functions, methods and types of a package that must not be
// used, and the files that may all the same, each for a reason of its own.
type ban struct {
	pkg     string   // import path; below it, too, where it ends with /
	names   []string // as in Func, Type.Method; a final * stands for anything
	allowed []string // files or folders of the module
	why     string
}

var bans = []ban{
	{"github.com/janpfeifer/gonb/gonbui", []string{"Display*", "Embed*", "UpdateMarkdown", "UpdateHTML"}, []string{"notebooks/nb/progress.go"},
		"they send text to the browser unescaped; nb.Show escapes"},
	{"github.com/go-gota/gota/", []string{"DataFrame.GroupBy", "Groups.*", "DataFrame.Rapply", "DataFrame.Capply", "DataFrame.WriteCSV", "DataFrame.WriteJSON", "DataFrame.Col", "Load*", "Read*", "DataFrame.*Join"}, []string{"loaders/frame.go"},
		"gota v0.12.0 merges keys, shuffles rows, cuts digits, and panics on a column that is not there"},
	{"gonum.org/v1/plot/plotter", []string{"NewHist*", "NewHeatMap", "NewLabels", "NewBoxPlot"}, nil,
		"gonum/plot v0.17.0 panics or hangs on NaN; the figure package has its own"},
	{"gonum.org/v1/plot", []string{"Plot.NominalX", "Plot.NominalY", "Plot.Save"}, nil,
		"they panic on no names, or write without the sizes and fonts of figure"},
	{"github.com/parquet-go/parquet-go", []string{"Read", "ReadFile", "NewGenericReader", "NewReader", "NewRowGroupReader", "OpenFile", "GenericReader.*", "Reader.*", "ReadModeAsync", "ReadMode"}, nil,
		"parquet-go v0.32.0 panics, takes gigabytes or loses rows on damaged files; loaders/parquet is the guard"},
	{"math/rand", []string{"*"}, nil, "the global source differs from run to run; math/rand/v2 with a seed"},
	{"math/rand/v2", []string{"Int*", "Uint*", "Float*", "Perm", "Shuffle", "N", "NormFloat64", "ExpFloat64"}, []string{"loaders/hub/", "loaders/embed/"}, // pauses before another try
		"the global source differs from run to run; take rand.New(rand.NewPCG(seed, stream))"},
	{"text/template", []string{"*"}, nil, "it does not escape; html/template does"},
	{"html/template", []string{"HTML", "JS", "CSS", "URL", "HTMLAttr", "JSStr", "Srcset"}, []string{"internal/reproduce/report.go", "internal/notebook/", "cmd/specstress/run_pages.go"},
		"they switch the escaping off; these files have sanitised or made what they mark"},
	{"time", []string{"Now", "Since"}, []string{"internal/bench/", "internal/kernel/", "internal/shim/", "internal/jupyter/", "notebooks/nb/progress.go", "cmd/specstress/", "loaders/hub/", "loaders/embed/", "internal/hubtest/",
		"loaders/packed_format.go", "loaders/sample/install.go"},
		"the clock must not get into a result; these measure, wait, or name a temporary file"},
}

// TestDangerousCalls type-checks every package of the module and finds
// calls that hide a panic, a hang, a random order or an unescaped text, and
// two more: markup put together by Sprintf, and output or a float sum in the
// random order of a map.
func TestDangerousCalls(t *testing.T) {
	packages, exports := listPackages(t)
	fset := token.NewFileSet()
	imp := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		file, ok := exports[path]
		if !ok || file == "" {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(file)
	})
	files := 0
	for _, p := range packages {
		checked, err := checkPackage(fset, imp, p.path, p.files, nil)
		if err != nil {
			t.Fatal(err)
		}
		files += len(p.files)
		for _, problem := range checked {
			t.Error(problem)
		}
	}
	if files < 100 {
		t.Errorf("only %d files looked at", files)
	}

	// Cells, which are no package, by the names alone. One that fetched
	// modules would leave the pinned versions.
	notebooks, err := filepath.Glob("../../notebooks/*.ipynb")
	if err != nil || len(notebooks) == 0 {
		t.Fatalf("%d notebooks, %v", len(notebooks), err)
	}
	for _, path := range notebooks {
		nb, err := nbformat.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range nb.Cells {
			for _, bad := range []string{"gonbui.Display", ".GroupBy(\"", ".LoadMaps(", ".Rapply(", ".WriteCSV(", "plotter.NewHist", "rand.Int", "time.Now", `Sprintf("<`, "go get ", "go mod "} {
				if c.Type == nbformat.Code && strings.Contains(strings.ReplaceAll(c.Source, "loaders.WriteCSV(", ""), bad) {
					t.Errorf("%s: cell %d calls %s", filepath.Base(path), i, bad)
				}
			}
		}
	}
}

// TestDangerousCallsNotices is the negative control.
func TestDangerousCallsNotices(t *testing.T) {
	fset := token.NewFileSet()
	imp := importer.ForCompiler(fset, "source", nil)
	const head = "package p\nimport (\"fmt\"; \"io\"; \"time\"; \"math/rand/v2\"; \"text/template\")\nvar _ = fmt.Sprint\nvar _ io.Writer\nvar _ time.Duration\nvar _ *rand.Rand\n"
	for source, want := range map[string]string{
		"func f(w io.Writer, m map[string]int) { for k := range m { fmt.Fprintln(w, k) } }":   "writes in the order of a map",
		"func f(m map[string]float64) (s float64) { for _, v := range m { s += v }; return }": "sums floats in the order of a map",
		"func f(x string) string { return fmt.Sprintf(\"<b>%s</b>\", x) }":                    "markup",
		"var x = time.Now()":                  "time.Now",
		"var x = rand.IntN(3)":                "math/rand/v2.IntN",
		"var x template.Template":             "text/template",
		"var x = rand.New(rand.NewPCG(1, 2))": "",
		"func f(m map[string]int) (s int) { for _, v := range m { s += v }; return }": "",
	} {
		got, err := checkPackage(fset, imp, modulePath+"p", nil, map[string]string{"p.go": strings.Replace(head+source, "; \"text/template\"", map[bool]string{true: "; \"text/template\"", false: ""}[strings.Contains(source, "template.")], 1)})
		if err != nil {
			t.Fatal(err)
		}
		if all := strings.Join(got, "; "); want == "" && all != "" || !strings.Contains(all, want) {
			t.Errorf("%s: %q, want %q", source, all, want)
		}
	}
}

type listed struct {
	path  string
	files []string
}

func listPackages(t *testing.T) (ours []listed, exports map[string]string) {
	t.Helper()
	cmd := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}\t{{.Dir}}\t{{range .GoFiles}}{{.}} {{end}}", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	exports = map[string]string{}
	for line := range strings.Lines(string(out)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		exports[f[0]] = f[1]
		if !strings.HasPrefix(f[0], modulePath) {
			continue
		}
		p := listed{path: f[0]}
		for _, name := range strings.Fields(f[3]) {
			p.files = append(p.files, filepath.Join(f[2], name))
		}
		ours = append(ours, p)
	}
	return ours, exports
}

// checkPackage finds the problems of one package, of files or of sources.
func checkPackage(fset *token.FileSet, imp types.Importer, path string, names []string, sources map[string]string) (problems []string, err error) {
	var files []*ast.File
	parse := func(name string, src any) error {
		f, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
		files = append(files, f)
		return err
	}
	for _, name := range names {
		if err := parse(name, nil); err != nil {
			return nil, err
		}
	}
	for name, src := range sources {
		if err := parse(name, src); err != nil {
			return nil, err
		}
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	if _, err := (&types.Config{Importer: imp}).Check(path, fset, files, info); err != nil {
		return nil, err
	}
	for _, file := range files {
		name := strings.TrimPrefix(path, modulePath) + "/" + filepath.Base(fset.File(file.Pos()).Name())
		say := func(at ast.Node, format string, args ...any) {
			problems = append(problems, fmt.Sprintf("%s:%d: %s", name, fset.Position(at.Pos()).Line, fmt.Sprintf(format, args...)))
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				if b, what := banned(info.Uses[n]); b != nil && !slices.ContainsFunc(b.allowed, func(a string) bool { return strings.HasPrefix(name, a) }) {
					say(n, "%s: %s", what, b.why)
				}
			case *ast.CallExpr:
				if f, ok := callee(info, n).(*types.Func); ok && f.FullName() == "fmt.Sprintf" && len(n.Args) > 1 {
					v := info.Types[n.Args[0]].Value
					if v != nil && v.Kind() == constant.String && strings.HasPrefix(constant.StringVal(v), "<") && !strings.HasPrefix(constant.StringVal(v), "<=") &&
						slices.ContainsFunc(n.Args[1:], func(a ast.Expr) bool { return !numeric(info.TypeOf(a)) }) &&
						!strings.HasPrefix(name, "analysis/figure/") && !strings.HasPrefix(name, "notebooks/nb/") && !strings.HasPrefix(name, "internal/hubtest/") {
						say(n, "markup put together by Sprintf, which does not escape")
					}
				}
			case *ast.RangeStmt:
				if _, ok := info.TypeOf(n.X).Underlying().(*types.Map); ok {
					if what := ordered(info, n.Body); what != "" {
						say(n, "%s in the order of a map, which differs from run to run", what)
					}
				}
			}
			return true
		})
	}
	return problems, nil
}

// numeric reports whether what is printed of a type needs no escaping.
func numeric(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsNumeric|types.IsBoolean) != 0
}

func callee(info *types.Info, call *ast.CallExpr) types.Object {
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return info.Uses[f]
	case *ast.SelectorExpr:
		return info.Uses[f.Sel]
	}
	return nil
}

// banned finds the ban that an object falls under, and what to call it.
func banned(obj types.Object) (*ban, string) {
	if obj == nil || obj.Pkg() == nil {
		return nil, ""
	}
	if _, ok := obj.(*types.PkgName); ok {
		return nil, ""
	}
	name := obj.Name()
	if f, ok := obj.(*types.Func); ok {
		if recv := f.Signature().Recv(); recv != nil {
			t := recv.Type()
			if p, ok := t.(*types.Pointer); ok {
				t = p.Elem()
			}
			if named, ok := t.(*types.Named); ok {
				name = named.Obj().Name() + "." + name
			}
		}
	} else if v, ok := obj.(*types.Var); ok && v.IsField() {
		return nil, ""
	}
	for i, b := range bans {
		if obj.Pkg().Path() != b.pkg && !(strings.HasSuffix(b.pkg, "/") && strings.HasPrefix(obj.Pkg().Path()+"/", b.pkg)) {
			continue
		}
		for _, pattern := range b.names {
			if ok, err := filepath.Match(pattern, name); err == nil && ok && (strings.Contains(pattern, ".") || !strings.Contains(name, ".") || pattern == "*") {
				return &bans[i], obj.Pkg().Path() + "." + name
			}
		}
	}
	return nil, ""
}

// ordered says what in the body of a range over a map depends on its order.
func ordered(info *types.Info, body *ast.BlockStmt) (what string) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			f, ok := callee(info, n).(*types.Func)
			if !ok {
				break
			}
			switch name := f.Name(); {
			case f.Pkg() != nil && f.Pkg().Path() == "fmt" && (strings.HasPrefix(name, "Fprint") || strings.HasPrefix(name, "Print")),
				f.Signature().Recv() != nil && slices.Contains([]string{"Write", "WriteString", "WriteByte", "WriteRune", "Encode"}, name):
				what = "writes"
			}
		case *ast.AssignStmt:
			if n.Tok == token.ADD_ASSIGN || n.Tok == token.SUB_ASSIGN || n.Tok == token.MUL_ASSIGN {
				if b, ok := info.TypeOf(n.Lhs[0]).Underlying().(*types.Basic); ok && b.Info()&types.IsFloat != 0 {
					what = "sums floats"
				}
			}
		}
		return what == ""
	})
	return what
}
