package shim

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// A quick builds a cell by a [plan], if there is one for it, and has go
// build it otherwise, to make one.
type quick struct {
	g      *Go
	path   string // of the plan; "" when this build has none
	name   string // the cell's module
	target string // the program
	local  []localModule
	plan   *plan // nil when go has to look
}

// newQuick looks for a plan. The cell's own text and its folder must be
// such that go build would do nothing but compile two files and link them.
func (g *Go) newQuick(args []string, src []byte, opt Options) *quick {
	q := &quick{g: g}
	if g.Self == "" || g.Plans == "" || opt.Test || slices.Contains(g.Env, "GOOS=js") ||
		len(args) != 3 || args[0] != "build" || args[1] != "-o" || special.Match(src) || !g.isPlain() {
		return q
	}
	gomod, err := os.ReadFile(filepath.Join(g.Dir, "go.mod"))
	if err != nil {
		return q
	}
	if q.name, q.local, err = localModules(gomod); err != nil {
		return q
	}
	if q.path, err = g.planPath(q.name, gomod); err != nil {
		q.path = ""
		return q
	}
	q.target = args[2]
	q.plan, _ = readPlan(q.path) // why it does not hold does not matter
	return q
}

// special is what the go command reads in a source besides imports.
var special = regexp.MustCompile(`(?m)^\s*//(go:|\s*\+build\b)`)

// isPlain reports whether the cell's folder holds one source and nothing
// else that go build would heed.
func (g *Go) isPlain() bool {
	entries, err := os.ReadDir(g.Dir)
	if err != nil {
		return false
	}
	for _, e := range entries {
		name := e.Name()
		switch {
		case name == "main.go" || ignored(name):
		case compiled[path.Ext(name)], name == "vendor", name == "default.pgo", name == "go.work":
			return false
		}
	}
	return true
}

// build builds the cell from src, which overlay stands for.
func (q *quick) build(args []string, overlay string, src []byte) ([]byte, error) {
	imports, err := importsOf(src)
	if q.path == "" || err != nil {
		return q.g.run(args, overlay)
	}
	if q.plan != nil && q.plan.allows(imports) {
		if output, err, ok := q.byPlan(); ok {
			return output, err
		}
	}
	return q.byGo(args, overlay, imports)
}

// byPlan builds without go. It is not ok when go should have another look:
// at anything but a cell's own mistake.
func (q *quick) byPlan() (output []byte, err error, ok bool) {
	g, p := q.g, q.plan
	object, compileCfg, linkCfg := g.own("cell.a"), g.own("importcfg"), g.own("importcfg.link")
	sources := []string{g.own("main.go"), g.own(crashFile)}
	var trim strings.Builder
	for _, s := range sources {
		trim.WriteString(s + "=>" + filepath.Join(g.Dir, filepath.Base(s)) + ";")
	}
	trim.WriteString(g.own("") + "=>")
	for name, text := range map[string][]byte{compileCfg: p.importcfg(), linkCfg: p.linkcfg(q.name, object)} {
		if err := os.WriteFile(name, text, 0o644); err != nil {
			return nil, err, false
		}
	}
	output, err = q.run(p.Compile, append([]string{"-o", object, "-trimpath", trim.String(), "-importcfg", compileCfg}, sources...)...)
	if err != nil {
		output = tidy([]byte(strings.ReplaceAll(string(output), g.Dir+string(filepath.Separator), "./")))
		return output, err, ownMistake(output)
	}
	// Were it like the one that go gives, go would take this program for
	// that of another cell and leave it in place.
	const buildID = "-buildid=specstress"
	if output, err = q.run(p.Link, "-o", q.target, "-importcfg", linkCfg, buildID, object); err != nil {
		return output, err, false
	}
	g.planned++
	return output, nil, true
}

// run starts a tool with the flags that every cell has and its own.
func (q *quick) run(s step, args ...string) ([]byte, error) {
	cmd := exec.Command(s.Tool, append(slices.Clone(s.Args), args...)...)
	cmd.Dir = q.g.Dir
	cmd.Env = append(slices.Clone(q.g.Env), s.Env...)
	return cmd.CombinedOutput()
}

var mistake = regexp.MustCompile(`^(main\.go:\d+:\d+: .*|\t.*|too many errors)$`)

// ownMistake reports whether the compiler complains of nothing but the
// cell.
func ownMistake(output []byte) bool {
	text := strings.TrimSuffix(string(output), "\n")
	if text == "" || strings.Contains(text, "could not import") {
		return false
	}
	for line := range strings.SplitSeq(text, "\n") {
		if !mistake.MatchString(line) {
			return false
		}
	}
	return true
}

// byGo has go build the cell, and makes a plan of how it did. Should the
// sources have changed meanwhile, nobody knows what went into it: no plan.
func (q *quick) byGo(args []string, overlay string, imports []string) ([]byte, error) {
	g := q.g
	notes := g.own("notes")
	flag := toolexec(g.Self)
	before, err := localSources(q.local, imports)
	if err == nil {
		err = os.RemoveAll(notes)
	}
	if err == nil {
		err = os.MkdirAll(notes, 0o755)
	}
	if err == nil {
		// Go compiles nothing twice, and there would be nothing to note.
		err = os.WriteFile(g.own(crashFile), fmt.Appendf([]byte(Crash), "\n// %d\n", time.Now().UnixNano()), 0o644)
	}
	if err != nil || flag == "" || runtime.GOOS == "windows" {
		return g.run(args, overlay)
	}
	output, err := g.run(append([]string{"build", flag}, args[1:]...), overlay, envNotes+"="+notes, envNotesOf+"="+q.name)
	if err == nil {
		_ = q.keep(notes, before) // without a plan, go builds the next one, too
	}
	return output, err
}

// keep writes the plan that notes give, along with what an older one has.
func (q *quick) keep(notes string, before map[string]string) error {
	compile, okCompile := readNote(notes, "compile")
	link, okLink := readNote(notes, "link")
	if !okCompile || !okLink {
		return os.ErrNotExist
	}
	p, err := newPlan(q.name, compile, link, before)
	if err != nil {
		return err
	}
	for _, name := range []string{q.g.Command, p.Compile.Tool, p.Link.Tool} {
		if p.Programs[name], err = stamp(name); err != nil {
			return err
		}
	}
	for importPath := range p.Packages {
		dir, _, err := folder(q.local, importPath)
		if err != nil {
			return err
		}
		if _, ok := before[dir]; dir != "" && !ok {
			return os.ErrInvalid // not among what was hashed
		}
	}
	if err := p.check(); err != nil {
		return err
	}
	if older, err := readPlan(q.path); err == nil {
		p.add(older)
	}
	q.plan = p
	if err := os.MkdirAll(q.g.Plans, 0o755); err != nil {
		return err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return writeFile(q.path, text)
}
