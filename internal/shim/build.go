package shim

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// BuildFlags are those that cells are built with: without symbols, which
// nothing here reads, linking takes half the time.
var BuildFlags = []string{"-buildvcs=false", "-ldflags=-s -w"}

// rounds is how often a cell is repaired before its errors are shown. The
// compiler names ten at a time.
const rounds = 5

// A Go runs the go command for cells.
type Go struct {
	Command string   // the real go
	Root    string   // the repository
	Dir     string   // the cell's folder
	Env     []string // as os.Environ

	// For the quick way: this program, to be started as "Self toolexec
	// TOOL ARGUMENTS", and a folder. Without them go builds every cell.
	Self  string
	Plans string

	planned int // builds without go, for tests
}

// Build runs go build or go test -c with args, the first of which is the
// verb, on what [Rewrite] makes of the cell. It returns what go said.
func (g *Go) Build(args []string) (output []byte, err error) {
	if err := refreshModule(g.Dir, g.Root); err != nil {
		return nil, err
	}
	name := "main.go"
	if args[0] == "test" {
		name = "main_test.go"
	}
	src, err := os.ReadFile(filepath.Join(g.Dir, name))
	if err != nil {
		return g.run(args, "") // not a cell
	}
	opt := Options{Test: args[0] == "test", Void: g.readVoid()}
	if module, err := ModulePath(g.Root); err == nil && !slices.Contains(g.Env, "GOOS=js") {
		if _, err := os.Stat(filepath.Join(g.Root, "notebooks", "nb")); err == nil {
			opt.NB = module + "/notebooks/nb"
		}
	}
	quick := g.newQuick(args, src, opt)
	for range rounds {
		cell, err := Rewrite(src, opt)
		if err != nil {
			return g.run(args, "") // go says what is wrong with it
		}
		overlay, err := g.overlay(name, cell.Source)
		if err != nil {
			return nil, err
		}
		if output, err = quick.build(args, overlay, cell.Source); err == nil {
			return output, nil
		}
		if ShowsNothing(output) && cell.Shown != "" && !opt.Void[cell.Shown] {
			opt.Void[cell.Shown] = true
			g.writeVoid(opt.Void)
			continue
		}
		repaired, ok := Repair(src, output)
		if !ok {
			return output, err
		}
		src = repaired
	}
	return output, errors.New("too many errors")
}

// run runs the real go with the flags and settings of cells.
func (g *Go) run(args []string, overlay string, env ...string) ([]byte, error) {
	all := append([]string{args[0]}, BuildFlags...)
	if overlay != "" {
		all = append(all, "-overlay="+overlay)
	}
	cmd := exec.Command(g.Command, append(all, args[1:]...)...)
	cmd.Dir = g.Dir
	// A wider heap for the go command and its compiler only: in the
	// kernel's environment it would be the analysis that needs more memory.
	cmd.Env = append(slices.Clone(g.Env), "GOGC=400", "CGO_ENABLED=0", "GOPROXY=off", "GOWORK=off", "GOFLAGS="+keepFlags(g.Env))
	cmd.Env = append(cmd.Env, env...)
	output, err := cmd.CombinedOutput()
	return tidy(output), err
}

var (
	packageLine = regexp.MustCompile(`(?m)^# gonb_.*\n`)
	overlaid    = regexp.MustCompile(`(?m)(^|[\t ])(?:\./)?(?:\.specstress/)?(main(?:_test)?\.go:)`)
)

// tidy leaves of the compiler's messages what is about the cell.
func tidy(output []byte) []byte {
	output = packageLine.ReplaceAll(output, nil)
	return overlaid.ReplaceAll(output, []byte("$1$2"))
}

// keepFlags is GOFLAGS less what would break a cell's module.
func keepFlags(env []string) string {
	var keep []string
	for _, v := range env {
		if flags, ok := strings.CutPrefix(v, "GOFLAGS="); ok {
			keep = nil
			for _, f := range strings.Fields(flags) {
				if !strings.HasPrefix(strings.TrimLeft(f, "-"), "mod") {
					keep = append(keep, f)
				}
			}
		}
	}
	return strings.Join(keep, " ")
}

// own is where the shim keeps its files in the cell's folder; go passes
// over names with a dot.
func (g *Go) own(name string) string { return filepath.Join(g.Dir, ".specstress", name) }

// overlay stands a source in for the cell's program, and adds [Crash].
func (g *Go) overlay(name string, src []byte) (string, error) {
	files := map[string][]byte{name: src}
	if name == "main.go" {
		files[crashFile] = []byte(Crash)
	}
	if err := os.MkdirAll(g.own(""), 0o755); err != nil {
		return "", err
	}
	var overlay struct{ Replace map[string]string }
	overlay.Replace = map[string]string{}
	for name, text := range files {
		overlay.Replace[filepath.Join(g.Dir, name)] = g.own(name)
		if err := os.WriteFile(g.own(name), text, 0o644); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		return "", err
	}
	return g.own("overlay.json"), os.WriteFile(g.own("overlay.json"), text, 0o644)
}

// readVoid and writeVoid remember, for the life of a kernel, which calls
// turned out to have no value, so that each costs one failed build only.
func (g *Go) readVoid() map[string]bool {
	void := map[string]bool{}
	text, _ := os.ReadFile(g.own("void"))
	for line := range bytes.Lines(text) {
		void[strings.TrimSuffix(string(line), "\n")] = true
	}
	return void
}

func (g *Go) writeVoid(void map[string]bool) {
	var names []string
	for name := range void {
		names = append(names, name)
	}
	slices.Sort(names)
	_ = os.WriteFile(g.own("void"), []byte(strings.Join(names, "\n")+"\n"), 0o644) // the next build asks again
}
