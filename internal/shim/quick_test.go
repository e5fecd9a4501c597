package shim

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain lets the test's own program be what go starts its tools through.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "toolexec" {
		Note(os.Args[2:])
		cmd := exec.Command(os.Args[2], os.Args[3:]...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// planning returns a Go that makes plans, for a repository with a package
// lib that rests on a package base and embeds a file.
func planning(t *testing.T) *Go {
	t.Helper()
	g := fakeRepository(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	g.Self, g.Plans = self, filepath.Join(t.TempDir(), "the plans")
	write(t, filepath.Join(g.Root, "base", "base.go"), "package base\n\nvar Value = 1\n")
	write(t, filepath.Join(g.Root, "lib", "lib.go"), `package lib

import (
	_ "embed"

	"example.org/m/base"
)

//go:embed data/text
var Text string

func Value() int { return base.Value }
`)
	write(t, filepath.Join(g.Root, "lib", "data", "text"), "a")
	write(t, filepath.Join(g.Root, "lib", "internal", "secret", "secret.go"), "package secret\n")
	return g
}

// buildAndRun builds main.go and returns what the compiler or else the
// program says, and whether it was built without go.
func buildAndRun(t *testing.T, g *Go, src string, flags ...string) (said string, quick bool) {
	t.Helper()
	write(t, filepath.Join(g.Dir, "main.go"), src)
	bin := filepath.Join(g.Dir, "cell")
	before := g.planned
	output, err := g.Build(append([]string{"build", "-o", bin}, flags...))
	if err != nil {
		return "error " + string(output), g.planned > before
	}
	output, err = exec.Command(bin).CombinedOutput()
	if err != nil {
		return fmt.Sprintf("%s%v", output, err), g.planned > before
	}
	return string(output), g.planned > before
}

const usesLib = head + "import \"example.org/m/lib\"\n\nfunc main() { println(%s, lib.Text, lib.Value()) }\n"

// TestQuick runs a cell after each of many changes. Each must be seen, and
// only where nothing changed but the cell does the build go without go.
func TestQuick(t *testing.T) {
	g := planning(t)
	at := func(elements ...string) string { return filepath.Join(append([]string{g.Root}, elements...)...) }
	lib := strings.ReplaceAll(usesLib, "%s", "1")
	plain := head + "func main() { println(\"plain\") }\n"
	for i, step := range []struct {
		name   string
		change func()
		src    string
		want   string
		quick  bool
	}{
		{"the first", nil, lib, "1 a 1\n", false},
		{"an edited cell", nil, strings.ReplaceAll(usesLib, "%s", "2"), "2 a 1\n", true},
		{"fewer imports", nil, plain, "plain\n", true},
		{"a package by way of another is edited", func() {
			// Neither size nor time gives it away.
			path := at("base", "base.go")
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			write(t, path, "package base\n\nvar Value = 7\n")
			if err := os.Chtimes(path, time.Time{}, info.ModTime()); err != nil {
				t.Fatal(err)
			}
		}, lib, "1 a 7\n", false},
		{"and again", nil, lib, "1 a 7\n", true},
		{"a file is added", func() { write(t, at("lib", "more.go"), "package lib\n\nfunc init() { Text = \"added\" }\n") }, lib, "1 added 7\n", false},
		{"and again", nil, lib, "1 added 7\n", true},
		{"a file is removed", func() { remove(t, at("lib", "more.go")) }, lib, "1 a 7\n", false},
		{"and again", nil, lib, "1 a 7\n", true},
		{"an embedded file is edited", func() { write(t, at("lib", "data", "text"), "b") }, lib, "1 b 7\n", false},
		{"and again", nil, lib, "1 b 7\n", true},
		{"a test is edited", func() { write(t, at("base", "base_test.go"), "package base\n") }, lib, "1 b 7\n", true},
		{"a package does not compile", func() { write(t, at("base", "bad.go"), "package base\n\nvar x int = \"\"\n") }, plain, "plain\n", false},
		{"nor for the cell that needs it", nil, lib,
			"error # example.org/m/base\n" + filepath.Join("..", "the clone", "base", "bad.go") + ":3:13: cannot use \"\" (untyped string constant) as int value in variable declaration\n", false},
		{"and is mended", func() { remove(t, at("base", "bad.go")) }, lib, "1 b 7\n", false},
		{"go.mod is edited", func() {
			write(t, at("go.mod"), "module example.org/m\n\ngo 1.26\n\n// edited\n")
			later := time.Now().Add(time.Second)
			if err := os.Chtimes(at("go.mod"), later, later); err != nil {
				t.Fatal(err)
			}
		}, lib, "1 b 7\n", false},
		{"go.sum is edited", func() { write(t, at("go.sum"), "\n") }, lib, "1 b 7\n", false},
		{"a go.mod makes the package another module's", func() { write(t, at("lib", "go.mod"), "module example.org/m/lib\n") }, lib,
			"error main.go:3:8: no required module provides package example.org/m/lib; to add it:\n\tgo get example.org/m/lib\n", false},
		{"and is gone", func() { remove(t, at("lib", "go.mod")) }, lib, "1 b 7\n", true},
		{"another import", nil, head + "import \"errors\"\n\nfunc main() { println(errors.New(\"e\").Error()) }\n", "e\n", false},
		{"then either", nil, head + "import (\n\t\"errors\"\n\t\"example.org/m/lib\"\n)\n\nfunc main() { println(errors.New(lib.Text).Error()) }\n", "b\n", true},
		{"unsafe", nil, head + "import \"unsafe\"\n\nfunc main() { println(unsafe.Sizeof(int8(1))) }\n", "1\n", true},
		{"a setting of go", func() { g.Env = append(g.Env, "GODEBUG=madvdontneed=1") }, lib, "1 b 7\n", false},
		{"and again", nil, lib, "1 b 7\n", true},
	} {
		if step.change != nil {
			step.change()
		}
		got, quick := buildAndRun(t, g, step.src)
		if got != step.want || quick != step.quick {
			t.Errorf("step %d, %s: got %q, without go %v, want %q, %v", i, step.name, got, quick, step.want, step.quick)
		}
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

// TestQuickStandsBack: what go has to decide is left to go, with the same
// outcome as if there were no plans.
func TestQuickStandsBack(t *testing.T) {
	g := planning(t)
	lib := strings.ReplaceAll(usesLib, "%s", "1")
	for _, test := range []struct {
		name   string
		change func()
		src    string
		want   string
		flags  []string
	}{
		{"an internal package that the plan links", nil, head + "import \"internal/bytealg\"\n\nfunc main() { println(bytealg.MaxLen) }\n", "error package gonb_1\n\tmain.go:3:8: use of internal package internal/bytealg not allowed\n", nil},
		{"an internal package of the repository", nil, head + "import \"example.org/m/lib/internal/secret\"\n\nfunc main() {}\n", "error package gonb_1\n\tmain.go:3:8: use of internal package example.org/m/lib/internal/secret not allowed\n", nil},
		{"no such package", nil, head + "import \"example.org/m/none\"\n\nfunc main() {}\n", "error main.go:3:8: no required module provides package example.org/m/none; to add it:\n\tgo get example.org/m/none\n", nil},
		{"a constraint", nil, "//go:build ignore\n\n" + lib, "error runtime.main_main·f: function main is undeclared in the main package\n", nil},
		{"an embedded file", func() { write(t, filepath.Join(g.Dir, "text"), "embedded") }, head + "import _ \"embed\"\n\n//go:embed text\nvar text string\n\nfunc main() { println(text) }\n", "embedded\n", nil},
		{"flags", nil, lib, "1 a 1\n", []string{"-tags=any"}},
		{"a second source", func() { write(t, filepath.Join(g.Dir, "second.go"), "package main\n\nfunc init() { println(2) }\n") }, lib, "2\n1 a 1\n", nil},
		{"a package of the cell", func() {
			remove(t, filepath.Join(g.Dir, "second.go"))
			write(t, filepath.Join(g.Dir, "sub", "sub.go"), "package sub\n\nfunc F() int { return 3 }\n")
		}, head + "import \"gonb_1/sub\"\n\nfunc main() { println(sub.F()) }\n", "3\n", nil},
		{"edited", func() { write(t, filepath.Join(g.Dir, "sub", "sub.go"), "package sub\n\nfunc F() int { return 4 }\n") },
			head + "import \"gonb_1/sub\"\n\nfunc main() { println(sub.F()) }\n", "4\n", nil},
	} {
		if got, quick := buildAndRun(t, g, lib); !strings.HasSuffix(got, "1 a 1\n") {
			t.Fatalf("before %s: %q, %v", test.name, got, quick)
		}
		if test.change != nil {
			test.change()
		}
		got, quick := buildAndRun(t, g, test.src, test.flags...)
		if got = strings.ReplaceAll(got, g.Dir, "DIR"); got != test.want || quick {
			t.Errorf("%s: got %q, without go %v, want %q", test.name, got, quick, test.want)
		}
	}
}

// TestQuickDoubts: a plan that cannot be trusted is not, and the one that
// go then makes is.
func TestQuickDoubts(t *testing.T) {
	g := planning(t)
	lib := strings.ReplaceAll(usesLib, "%s", "1")
	if _, quick := buildAndRun(t, g, lib); quick {
		t.Fatal("the first was built without go")
	}
	plans, err := filepath.Glob(filepath.Join(g.Plans, "*"))
	if err != nil || len(plans) != 1 {
		t.Fatalf("plans: %v, %v", plans, err)
	}
	sound, err := os.ReadFile(plans[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, old, new string }{
		{"no JSON", `{"Made"`, `{Made"`},
		{"an archive is gone", `-d","Size"`, `-gone","Size"`},
		{"an archive of another size", `"Size":`, `"Size":1`},
		{"from the future", `"Made":"2`, `"Made":"3`},
		{"of long ago", `"Made":"2`, `"Made":"1`},
		{"another compiler", `compile":"`, `compile":"1`},
		{"a compiler that does not run", `"Compile":{"Tool":"`, `"Compile":{"Tool":"/none`},
		{"a linker that does not take its flags", `"-buildmode=exe"`, `"-buildmode=none"`},
		{"a flag of the compiler that is gone", `"-complete"`, `"-none"`},
	} {
		bad := strings.Replace(string(sound), test.old, test.new, 1)
		if bad == string(sound) {
			t.Errorf("%s: no %s in %s", test.name, test.old, sound)
		}
		write(t, plans[0], bad)
		if got, quick := buildAndRun(t, g, lib); got != "1 a 1\n" || quick {
			t.Errorf("%s: got %q, without go %v", test.name, got, quick)
		}
		edited := strings.ReplaceAll(usesLib, "%s", "5")
		if got, quick := buildAndRun(t, g, edited); got != "5 a 1\n" || !quick {
			t.Errorf("after %s: got %q, without go %v", test.name, got, quick)
		}
	}
}

// TestQuickThenGo: go must not take a program that was built without it for
// the one that it built before.
func TestQuickThenGo(t *testing.T) {
	g := planning(t)
	one, two := strings.ReplaceAll(usesLib, "%s", "1"), strings.ReplaceAll(usesLib, "%s", "2")
	plans := g.Plans
	for _, step := range []struct{ plans, src, want string }{
		{plans, one, "1 a 1\n"}, {plans, two, "2 a 1\n"}, {"", one, "1 a 1\n"}, {plans, two, "2 a 1\n"},
	} {
		g.Plans = step.plans
		if got, _ := buildAndRun(t, g, step.src); got != step.want {
			t.Errorf("got %q, want %q", got, step.want)
		}
	}
	if g.planned != 2 {
		t.Errorf("%d builds without go, want 2", g.planned)
	}
}

// TestQuickErrors holds the errors that the quick way shows to those of go,
// byte for byte.
func TestQuickErrors(t *testing.T) {
	g := planning(t)
	byGo := *g
	byGo.Plans = ""
	if got, _ := buildAndRun(t, g, strings.ReplaceAll(usesLib, "%s", "1")); got != "1 a 1\n" {
		t.Fatal(got)
	}
	for _, body := range []string{
		"undefined()\n}\n",
		"x := lib.None\n_ = x\n}\n",
		"var s string = lib.Value()\nprintln(s)\n}\n",
		strings.Repeat("undefined()\n", 15) + "}\n",
		"}\nfunc f() int {\n}\nfunc f() {}\n",
		"switch 1 {\ncase 2:\ncase 2:\n}\n}\n",
		"for {\n}\nprintln(1 +)\n}\n",
		"L:\nprintln(lib.Text)\n}\n",
		"x := 3\n\tx := 4\nprintln(x)\n}\n",
		"lib.Value(1)\n}\n",
		"lib.None()\n}\n",
		"}\ntype T struct{ T }\ntype I interface{ M() }\nvar _ I = T{}\n",
		"}\nfunc external()\n",
		"}\nfunc main() {}\n",
		"}\nfunc specstress_crash() {}\n",
		"}\nvar a, b = b, a\n",
	} {
		src := head + "import \"example.org/m/lib\"\n\nvar _ = lib.Text\n\nfunc main() {\n" + body
		got, _ := buildAndRun(t, g, src)
		want, _ := buildAndRun(t, &byGo, src)
		if got != want || !strings.HasPrefix(want, "error ") {
			t.Errorf("%s\ngot\n%s\nwant\n%s", body, got, want)
		}
	}
	// The plan was there all the time.
	if _, quick := buildAndRun(t, g, strings.ReplaceAll(usesLib, "%s", "2")); !quick {
		t.Error("the cell after was built by go")
	}
}

// TestQuickConcurrent: kernels that share the plans do not disturb each
// other.
func TestQuickConcurrent(t *testing.T) {
	g := planning(t)
	var wg sync.WaitGroup
	kernels := make([]*Go, 4)
	for k := range kernels {
		own := *g
		own.Dir = filepath.Join(filepath.Dir(g.Dir), fmt.Sprintf("gonb_%d", k+2))
		kernels[k] = &own
		write(t, filepath.Join(own.Dir, "main.go"), "")
		if err := WriteModule(own.Dir, own.Root, filepath.Base(own.Dir)); err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			for i := range 4 {
				src := fmt.Sprintf(usesLib, fmt.Sprint(k, ",", i))
				if (k+i)%2 == 0 {
					src = head + fmt.Sprintf("import \"errors\"\n\nfunc main() { println(%d, %d, errors.New(\"e\").Error()) }\n", k, i)
				}
				got, _ := buildAndRun(t, &own, src)
				if !strings.HasPrefix(got, fmt.Sprintf("%d %d ", k, i)) {
					t.Errorf("kernel %d, cell %d: %q", k, i, got)
				}
			}
		})
	}
	wg.Wait()
	if files, err := filepath.Glob(filepath.Join(g.Plans, "*")); err != nil || len(files) != 1 {
		t.Errorf("there are %v, %v, want one plan for all", files, err)
	}
	for k, own := range kernels {
		if got, quick := buildAndRun(t, own, fmt.Sprintf(usesLib, fmt.Sprint(k))); got != fmt.Sprintf("%d a 1\n", k) || own.planned == 0 {
			t.Errorf("kernel %d afterwards: %q, %v, %d in all", k, got, quick, own.planned)
		}
	}
}
