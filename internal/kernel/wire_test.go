//go:build unix

package kernel

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/specstress/specstress/internal/jupyter"
)

// TestKernel runs cells in the real kernel, as Jupyter does: in a folder
// with spaces, without network, and from nothing but the module cache.
func TestKernel(t *testing.T) {
	if testing.Short() {
		t.Skip("builds GoNB and compiles cells: half a minute the first time")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	base := filepath.Join(t.TempDir(), "some notebooks")
	tmp := filepath.Join(base, "tmp")
	if err := os.MkdirAll(tmp, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOPROXY", "off")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	bin := filepath.Join(base, "specstress")
	if text, err := exec.Command("go", "build", "-o", bin, "github.com/specstress/specstress/cmd/specstress").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	k, err := jupyter.Start(ctx, jupyter.Command{
		Args: []string{bin, "kernel", "start", "--no-completion", root, "{connection_file}"},
		Dir:  base,
		Env:  []string{"TMPDIR=" + tmp},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	for _, test := range []struct{ name, code, want string }{
		{"left-out imports of ours, gota and plot", "%%\ns := series.New([]int{1, 2}, series.Int, \"\")\nvar _ *plot.Plot\nfmt.Println(analysis.AllModels.Name, s.Len())", "stdout all_models 2\n"},
		{"unused variables and imports", "import \"os\"\n%%\nx := 1\ny, z := 2, 3\nfmt.Println(z)", "stdout 3\n"},
		{"environment", "%%\nfmt.Println(os.Getenv(\"SPECSTRESS_ROOT\"), os.Getenv(\"GOGC\"))", "stdout " + root + " \n"},
		{"where it runs", "%%\nd, err := os.Getwd()\nfmt.Println(filepath.Base(d), err)", "stdout some notebooks <nil>\n"},
		{"a declaration", "func third(xs []int) int {\n\treturn xs[2]\n}", ""},
		{"the last value", "%%\nthird([]int{5, 6, 7})", "display 7\n"},
		{"an error of the compiler", "%%\n\nfmt.Println(nothing)", "error main.go:16:13: undefined: nothing\nCell[7]: Line 3\n"},
		{"a panic", "%%\n\nthird(nil)", "stderr panic: runtime error: index out of range [2] with length 0\nmain.third [[ Cell [5] Line 2 ]]\nmain.main [[ Cell [8] Line 3 ]]\n"},
		{"life goes on", "%%\nfmt.Println(1)", "stdout 1\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var heard transcript
			if _, err := k.Execute(ctx, test.code, &heard); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(test.want) {
				if !strings.Contains(heard.String(), strings.TrimSuffix(line, "\n")) {
					t.Errorf("got\n%s\nwithout %q", heard.String(), line)
				}
			}
			if test.want == "" && heard.String() != "" {
				t.Errorf("got %q, want nothing", heard.String())
			}
		})
	}
	k.Close()
	// GoNB removes its own folder; the next start would sweep the rest.
	if left, _ := filepath.Glob(filepath.Join(globQuote(tmp), "specstress-*", "*", "gonb_*")); len(left) > 0 {
		t.Errorf("the kernel left %v", left)
	}
}

// A transcript is what a cell shows, in plain text.
type transcript struct{ strings.Builder }

func (tr *transcript) Stream(name, text string) {
	text = strings.NewReplacer("\x1b[7m", "", "\x1b[0m", "", "\n    ", "").Replace(text)
	fmt.Fprintf(tr, "%s %s", name, text)
}
func (tr *transcript) Display(b jupyter.Bundle, _ string) {
	fmt.Fprintf(tr, "display %v\n", b.Data["text/plain"])
}
func (tr *transcript) Result(b jupyter.Bundle, _ int)    { tr.Display(b, "") }
func (tr *transcript) Update(b jupyter.Bundle, _ string) { tr.Display(b, "") }
func (tr *transcript) Clear(bool)                        {}
func (tr *transcript) Error(name, value string, traceback []string) {
	fmt.Fprintf(tr, "error %s\n%s\n", value, strings.Join(traceback, "\n"))
}
