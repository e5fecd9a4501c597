package shim

import (
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const head = "package main\n\n"

// TestRewrite: expected programs are written by hand. Lines stay where they
// are, and so do columns, or a line comment sets them right.
func TestRewrite(t *testing.T) {
	const begin, open = "func main() {\n", "func main() { defer specstress_crash();/*line :3:14*/\n"
	const show = "package main; import specstress_nb \"m/nb\"\n\n"
	for _, test := range []struct{ name, body, wantHead, want string }{
		{"declared and not read", "count := f()\n}\n", head, "_      = f()\n}\n"},
		{"one of two", "x, err := f()\nif err != nil {}\n}\n", head, "_, err := f()\nif err != nil {}\n}\n"},
		{"the new one of two", "err := f()\nx, err := g()\ng(err)\nprintln()\n}\n", head,
			"err := f()\n_, err  = g()\ng(err)\nprintln()\n}\n"},
		{"assigned is not read", "x := 1\nx = 2\n}\n", head, "_  = 1\n_ = 2\n}\n"},
		{"incremented is read", "x := 1\nx++\n}\n", head, "x := 1\nx++\n}\n"},
		{"var", "var a, b int\n_ = b\n}\n", head, "var _, b int\n_ = b\n}\n"},
		{"range", "for i, v := range xs {}\n}\n", head, "for _, _  = range xs {}\n}\n"},
		{"range, one read", "for i, v := range xs { println(v) }\n}\n", head, "for _, v := range xs { println(v) }\n}\n"},
		{"if", "if n := f(); true {}\n}\n", head, "if _  = f(); true {}\n}\n"},
		{"receive", "select { case v := <-c: }\n}\n", head, "select { case _  = <-c: }\n}\n"},
		{"type switch", "switch v := x.(type) {}\n}\n", head, "switch      x.(type) {}\n}\n"},
		{"field of the same name", "Name := f()\nprintln(x.Name)\n}\n", head, "_     = f()\nprintln(x.Name)\n}\n"},
		{"key of the same name counts as read", "a := 1\nuse(T{a: 2})\nprintln()\n}\n", head, "a := 1\nuse(T{a: 2})\nprintln()\n}\n"},
		{"package variable assigned", "global = 1\n}\nvar global int\n", head, "global = 1\n}\nvar global int\n"},

		{"value shown", "x := 1\nx\n}\n", show, "x := 1\nspecstress_nb.Show(/*line :5:1*/x)\n}\n"},
		{"call shown", "dis.Share(1.5)\n}\n", show, "specstress_nb.Show(/*line :4:1*/dis.Share(1.5))\n}\n"},
		{"not the last", "dis.Share(1.5)\nprintln()\n}\n", head, "dis.Share(1.5)\nprintln()\n}\n"},
		{"printing is not shown", "fmt.Println(1)\n}\n", head, "fmt.Println(1)\n}\n"},
		{"nor is writing", "b.WriteString(\"x\")\n}\n", head, "b.WriteString(\"x\")\n}\n"},
		{"shown already", "nb.Show(x)\n}\n", head, "nb.Show(x)\n}\n"},
		{"known void", "w.Flush()\n}\n", head, "w.Flush()\n}\n"},
		{"void of the cell", "f()\n}\nfunc f() {}\n", head, "f()\n}\nfunc f() {}\n"},
		{"waiting", "<-done\n}\n", head, "<-done\n}\n"},
		{"stub", "flag.Parse()\n}\n", head, "flag.Parse()\n}\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := Rewrite([]byte(head+begin+test.body), Options{NB: "m/nb", Void: map[string]bool{"w.Flush": true}})
			if err != nil {
				t.Fatal(err)
			}
			want := test.wantHead + open + test.want
			if string(got.Source) != want {
				t.Errorf("got\n%s\nwant\n%s", got.Source, want)
			}
		})
	}
}

// TestRewriteCompiles lets the compiler judge: what it refuses before it
// accepts afterwards, and with the same line in the message if not.
func TestRewriteCompiles(t *testing.T) {
	for _, test := range []struct{ name, src, want string }{
		{"names shared with others", head + "import \"os\"\nfunc main() {\n\tvar err error\n\tfunc() { err := 3 }()\n\tif err != nil {\n\t\tx, err := os.Open(\"\")\n\t\t_ = x\n\t}\n}\n", ""},
		{"import of an unknown name", head + "import str \"strings\"\nimport \"math/rand/v2\"\n\nfunc main() {\n\tstrings := 1\n}\n", ""},
		{"many", head + "func main() {\n" + strings.Repeat("\tfunc() { x := 1; { x := 2; x++ } }()\n", 30) + "}\n", ""},
		{"last call without value", head + "func main() {\n\tdefer println()\n\tT{}.Void()\n}\n\ntype T struct{}\n\nfunc (T) Void() {}\n", ""},
		{"an error stays in its place", head + "func main() {\n\tx := 1\n\ty := undefined\n}\n", "main.go:5:7: undefined: undefined\n"},
		{"in the last expression, too", head + "func main() {\n\tf(\"a\")\n}\n\nfunc f(int) int { return 0 }\n", "main.go:4:4: cannot use \"a\" (untyped string constant) as int value in argument to f\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := fakeRepository(t)
			if err := os.WriteFile(filepath.Join(g.Dir, "main.go"), []byte(test.src), 0o644); err != nil {
				t.Fatal(err)
			}
			output, err := g.Build([]string{"build", "-o", filepath.Join(g.Dir, "cell")})
			if (err != nil) != (test.want != "") || string(output) != test.want {
				t.Errorf("got %q, %v, want %q", output, err, test.want)
			}
			after, err := os.ReadFile(filepath.Join(g.Dir, "main.go"))
			if err != nil || string(after) != test.src {
				t.Errorf("main.go was changed: %s, %v", after, err)
			}
		})
	}
}

// TestCrash runs cells that panic.
func TestCrash(t *testing.T) {
	for _, test := range []struct{ name, src, want string }{
		{"in a function", head + "func main() {\n\tf(nil)\n\tprintln()\n}\n\nfunc f(xs []int) int { return xs[1] }\n",
			"panic: runtime error: index out of range [1] with length 0\n  main.f\n    main.go:8\n  main.main\n    main.go:4\n"},
		{"in the last expression", head + "func main() {\n\n\tf(nil)\n}\n\nfunc f(xs []int) int { return xs[1] }\n",
			"panic: runtime error: index out of range [1] with length 0\n  main.f\n    main.go:8\n  main.main\n    main.go:5\n"},
		{"on the line of main", head + "func main() { panic(\"oh\") }\n", "panic: oh\n  main.main\n    main.go:3\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := fakeRepository(t)
			if err := os.WriteFile(filepath.Join(g.Dir, "main.go"), []byte(test.src), 0o644); err != nil {
				t.Fatal(err)
			}
			bin := filepath.Join(g.Dir, "cell")
			if output, err := g.Build([]string{"build", "-o", bin}); err != nil {
				t.Fatalf("%s: %v", output, err)
			}
			output, err := exec.Command(bin).CombinedOutput()
			if err == nil {
				t.Error("no error from the cell")
			}
			if got := strings.ReplaceAll(string(output), g.Dir+string(filepath.Separator), ""); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// TestShow runs a cell whose last line is a value, then edits the
// repository under it.
func TestShow(t *testing.T) {
	g := fakeRepository(t)
	write(t, filepath.Join(g.Dir, "main.go"), head+"func main() {\n\tx := 20\n\tx + 1\n}\n")
	bin := filepath.Join(g.Dir, "cell")
	for _, edit := range []struct{ with, want string }{{"println(v)", "21\n"}, {`println("now", v)`, "now 21\n"}} {
		write(t, filepath.Join(g.Root, "notebooks", "nb", "nb.go"), "package nb\n\nfunc Show(vs ...int) { for _, v := range vs { "+edit.with+" } }\n")
		if output, err := g.Build([]string{"build", "-o", bin}); err != nil {
			t.Fatalf("%s: %v", output, err)
		}
		if output, err := exec.Command(bin).CombinedOutput(); err != nil || string(output) != edit.want {
			t.Errorf("got %q, %v, want %q", output, err, edit.want)
		}
	}
}

// fakeRepository returns a Go for a small module whose path has spaces.
func fakeRepository(t *testing.T) *Go {
	t.Helper()
	command, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	base := filepath.Join(t.TempDir(), "a folder with spaces")
	g := &Go{Command: command, Root: filepath.Join(base, "the clone"), Dir: filepath.Join(base, "gonb_1"), Env: os.Environ()}
	write(t, filepath.Join(g.Root, "go.mod"), "module example.org/m\n\ngo 1.26\n\ntool example.org/m/t\n")
	write(t, filepath.Join(g.Root, "go.sum"), "")
	write(t, filepath.Join(g.Root, "notebooks", "nb", "nb.go"), "package nb\n\nfunc Show(...any) {}\n")
	write(t, filepath.Join(g.Dir, "main.go"), "")
	if err := WriteModule(g.Dir, g.Root, "gonb_1"); err != nil {
		t.Fatal(err)
	}
	return g
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFixImports(t *testing.T) {
	table := Table("m")
	for _, test := range []struct{ name, src, want string }{
		{"added, in order", head + "func main() { plot.New(); analysis.F(rand.N(3)) }\n",
			"package main; import analysis \"m/analysis\"; import plot \"gonum.org/v1/plot\"; import rand \"math/rand/v2\"\n\nfunc main() { plot.New(); analysis.F(rand.N(3)) }\n"},
		{"there already", head + "import \"fmt\"\nfunc main() { fmt.Println() }\n", head + "import \"fmt\"\nfunc main() { fmt.Println() }\n"},
		{"there under another path", head + "import \"math/rand\"\nfunc main() { rand.Int() }\n", head + "import \"math/rand\"\nfunc main() { rand.Int() }\n"},
		{"unused", head + "import \"os\"\nfunc main() {}\n", head + "           \nfunc main() {}\n"},
		{"unused alias in a group", head + "import (\n\tf \"fmt\"\n)\nfunc main() {}\n", head + "import (\n\t       \n)\nfunc main() {}\n"},
		{"kept for its effect", head + "import _ \"embed\"\nfunc main() {}\n", head + "import _ \"embed\"\nfunc main() {}\n"},
		{"name not to be told", head + "import \"example.org/go-x\"\nfunc main() {}\n", head + "import \"example.org/go-x\"\nfunc main() {}\n"},
		{"variable of the name", head + "func main() { plot := f(); plot.New() }\n", head + "func main() { plot := f(); plot.New() }\n"},
		{"parameter of the name", head + "func f(path T) { path.Base() }\n", head + "func f(path T) { path.Base() }\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := FixImports([]byte(test.src), table)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != test.want {
				t.Errorf("got\n%q\nwant\n%q", got, test.want)
			}
			if _, err := parser.ParseFile(token.NewFileSet(), "", got, 0); err != nil {
				t.Error(err)
			}
		})
	}
}

// shadowed are the packages of the standard library that a cell has to import
// by hand, each with the package that has its name instead.
var shadowed = map[string]string{
	"crypto/rand":         "math/rand/v2",
	"go/scanner":          "text/scanner",
	"html/template":       "text/template",
	"image/color/palette": "gonum.org/v1/plot/palette",
	"image/draw":          "gonum.org/v1/plot/vg/draw",
	"math/rand":           "math/rand/v2",
	"net/http/pprof":      "runtime/pprof",
}

// TestTable holds the table to the standard library of this Go, to the
// modules of go.mod and to the repository's folders: nothing that cells
// may import is left out, nothing listed is gone, and no name is there
// twice.
func TestTable(t *testing.T) {
	goList := exec.Command("go", "list", "std")
	goList.Env = append(os.Environ(), "CGO_ENABLED=0") // as cells are built
	out, err := goList.Output()
	if err != nil {
		t.Fatal(err)
	}
	listed, byName := map[string]bool{}, map[string]string{}
	for _, p := range append(strings.Fields(std+others), strings.Fields(own)...) {
		if other, ok := byName[packageName(p)]; ok {
			t.Errorf("%s and %s have one name", p, other)
		}
		byName[packageName(p)] = p
		listed[p] = true
	}
	there := map[string]bool{}
	for _, p := range strings.Fields(string(out)) {
		there[p] = true
		parts := strings.Split(p, "/")
		if parts[0] == "vendor" || strings.Contains("/"+p+"/", "/internal/") {
			continue
		}
		if _, known := shadowed[p]; !listed[p] && !known {
			t.Errorf("%s is in no list", p)
		}
	}
	for _, p := range strings.Fields(std) {
		if !there[p] {
			t.Errorf("%s is not in the standard library", p)
		}
	}
	for p, instead := range shadowed {
		if !listed[instead] || packageName(p) != packageName(instead) {
			t.Errorf("%s stands for %s, which is not in the table by that name", instead, p)
		}
	}
	list := exec.Command("go", append([]string{"list", "-f", "{{.Name}}"}, strings.Fields(others)...)...)
	list.Dir = "../.."
	names, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range strings.Fields(string(names)) {
		if p := strings.Fields(others)[i]; packageName(p) != name {
			t.Errorf("%s is package %s", p, name)
		}
	}
}

func TestCellModule(t *testing.T) {
	const repository = `module example.org/m

go 1.26

toolchain go1.26.8

require example.org/a v1.2.3

tool example.org/a/tool

replace example.org/b => ./b
`
	// The quotes are modfile's way with a space.
	const want = `module gonb_1

go 1.26

toolchain go1.26.8

require (
	example.org/a v1.2.3
	example.org/m v0.0.0
)

replace example.org/b => "/the clone/b"

replace example.org/m => "/the clone"
`
	got, err := cellModule("go.mod", []byte(repository), "/the clone", "gonb_1")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
