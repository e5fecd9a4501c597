package shim

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// planVersion is to be raised when plans of another kind are made.
const planVersion = 1

// planLife is how long a plan may be used. After that go build has a look
// again, and marks what it finds in its cache as used: it removes what was
// not for some days.
const planLife = 12 * time.Hour

// A plan is what go build found out about the imports of cells: where each
// package's compiled form lies, and how it starts compiler and linker. As
// long as nothing has changed on which that rests, a cell that imports
// nothing else can be built without asking again; most of the time that go
// build takes goes into the asking.
type plan struct {
	Made     time.Time
	Compile  step
	Link     step
	Packages map[string]archive // by import path: all that is linked
	Direct   []string           // those of them that cells may import
	Build    string             // what a program says of how it was built, quoted
	Programs map[string]string  // go and its tools, each with a stamp
	Sources  map[string]string  // the local folders and files it rests on, hashed
}

// A step is one tool's command line, less what differs by cell.
type step struct {
	Tool string
	Args []string
	Env  []string
}

// An archive is a compiled package in go's cache. Its name there is a hash
// of its contents.
type archive struct {
	File string
	Size int64
}

// moduleName stands in a plan for the module of the cell.
const moduleName = "\x00module\x00"

// planPath names the plan for a cell's folder: cells whose settings or
// go.mod differ, but for the module's name, have different ones.
func (g *Go) planPath(name string, gomod []byte) (string, error) {
	gosum, err := os.ReadFile(filepath.Join(g.Dir, "go.sum"))
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%d %q %q %q %q\n", planVersion, g.Command, goSettings(g.Env), goEnvFile(g.Env), BuildFlags)
	fmt.Fprintf(h, "%q\n%q\n", strings.ReplaceAll(string(gomod), name, moduleName), gosum)
	return filepath.Join(g.Plans, hex.EncodeToString(h.Sum(nil))[:16]+".json"), nil
}

// goEnvFile is what go env -w has written.
func goEnvFile(env []string) string {
	var path string
	for _, v := range env {
		if p, ok := strings.CutPrefix(v, "GOENV="); ok {
			path = p
		}
	}
	if path == "" {
		dir, err := os.UserConfigDir()
		if err != nil {
			return ""
		}
		path = filepath.Join(dir, "go", "env")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(text)
}

// readPlan returns a plan that holds now, or an error.
func readPlan(path string) (*plan, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	p := new(plan)
	if err := json.Unmarshal(text, p); err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	return p, nil
}

// check reports why the plan does not hold any more.
func (p *plan) check() error {
	if age := time.Since(p.Made); age < 0 || age > planLife {
		return errors.New("the plan is too old")
	}
	for name, want := range p.Programs {
		if got, err := stamp(name); err != nil || got != want {
			return fmt.Errorf("%s has changed", name)
		}
	}
	for name, want := range p.Sources {
		if got, err := hashSource(name); err != nil || got != want {
			return fmt.Errorf("%s has changed", name)
		}
	}
	for _, a := range p.Packages {
		if info, err := os.Stat(a.File); err != nil || info.Size() != a.Size || !info.Mode().IsRegular() {
			return fmt.Errorf("%s has changed", a.File)
		}
	}
	return nil
}

// stamp tells one installation of a program from another.
func stamp(name string) (string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return "", err
	}
	return fmt.Sprint(info.Size(), " ", info.ModTime().UnixNano()), nil
}

// allows reports whether go has accepted each of these imports in a cell.
// unsafe has no compiled form; C is never among them.
func (p *plan) allows(imports []string) bool {
	for _, i := range imports {
		if i != "unsafe" && !slices.Contains(p.Direct, i) {
			return false
		}
	}
	return true
}

// newPlan makes a plan of what go noted when it built a cell of the module
// name. Whatever it does not expect there is an error.
func newPlan(name string, compile, link note, sources map[string]string) (*plan, error) {
	p := &plan{Made: time.Now(), Packages: map[string]archive{}, Programs: map[string]string{}, Sources: sources}
	var err error
	if p.Compile, err = newStep(compile, "-p main -goversion 1 -o - -trimpath - -buildid - -importcfg -", "-complete -nolocalimports -pack -shared"); err != nil {
		return nil, err
	}
	if p.Link, err = newStep(link, "-o - -importcfg -", "-s -w"); err != nil {
		return nil, err
	}
	direct, _, err := readImportcfg(compile.Packages)
	if err != nil {
		return nil, err
	}
	p.Direct = slices.Sorted(maps.Keys(direct))
	linked, build, err := readImportcfg(link.Packages)
	if err != nil {
		return nil, err
	}
	delete(linked, name)
	p.Build = strings.ReplaceAll(build, `\t`+name+`\`, `\t`+moduleName+`\`)
	maps.Copy(linked, direct) // the same files, and some that need no linking
	for importPath, file := range linked {
		info, err := os.Stat(file)
		if err != nil {
			return nil, err
		}
		if importPath == name || strings.HasPrefix(importPath, name+"/") {
			return nil, fmt.Errorf("%s is part of the cell", importPath)
		}
		p.Packages[importPath] = archive{file, info.Size()}
	}
	return p, nil
}

// newStep keeps the flags that are the same for every cell. Flags with a
// value of their own are listed with - for a value that differs; of those
// that join both by =, -buildid differs, and a profile is a file that could
// change.
func newStep(n note, withValue, without string) (step, error) {
	s := step{Tool: n.Tool, Env: n.Env}
	value := strings.Fields(withValue)
	for i := 0; i < len(n.Args); i++ {
		arg := n.Args[i]
		name, _, joined := strings.Cut(arg, "=")
		at := slices.Index(value, arg)
		switch {
		case !strings.HasPrefix(arg, "-"): // a source, or the cell's own package
		case at >= 0 && i+1 < len(n.Args):
			i++
			if value[at+1] != "-" {
				s.Args = append(s.Args, arg, n.Args[i])
			}
		case joined && name == "-buildid":
		case joined && name != "-pgoprofile" || slices.Contains(strings.Fields(without), arg):
			s.Args = append(s.Args, arg)
		default:
			return s, fmt.Errorf("%s is started with %s", n.Tool, arg)
		}
	}
	return s, nil
}

// readImportcfg reads the file by which go tells its tools where packages
// lie, and the line in it about how the program was built.
func readImportcfg(text string) (packages map[string]string, build string, err error) {
	packages = map[string]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		verb, rest, _ := strings.Cut(line, " ")
		switch {
		case line == "" || line[0] == '#':
		case verb == "packagefile":
			importPath, file, ok := strings.Cut(rest, "=")
			if !ok {
				return nil, "", fmt.Errorf("importcfg: %q", line)
			}
			packages[importPath] = file
		case verb == "modinfo":
			build = rest
		default:
			return nil, "", fmt.Errorf("importcfg: %q", line)
		}
	}
	return packages, build, nil
}

// importcfg is a file for the compiler, with the packages that cells may
// import.
func (p *plan) importcfg() []byte {
	var b strings.Builder
	for _, importPath := range p.Direct {
		fmt.Fprintf(&b, "packagefile %s=%s\n", importPath, p.Packages[importPath].File)
	}
	return []byte(b.String())
}

// linkcfg is a file for the linker, with all packages.
func (p *plan) linkcfg(name, main string) []byte {
	var b strings.Builder
	for _, importPath := range slices.Sorted(maps.Keys(p.Packages)) {
		fmt.Fprintf(&b, "packagefile %s=%s\n", importPath, p.Packages[importPath].File)
	}
	fmt.Fprintf(&b, "packagefile %s=%s\n", name, main)
	if p.Build != "" {
		fmt.Fprintf(&b, "modinfo %s\n", strings.ReplaceAll(p.Build, moduleName, name))
	}
	return []byte(b.String())
}

// add takes in what another plan knows, which holds as well, unless the two
// disagree.
func (p *plan) add(other *plan) {
	same := func(a, b step) bool {
		return a.Tool == b.Tool && slices.Equal(a.Args, b.Args) && slices.Equal(a.Env, b.Env)
	}
	if !same(p.Compile, other.Compile) || !same(p.Link, other.Link) ||
		!agree(p.Packages, other.Packages) || !agree(p.Sources, other.Sources) {
		return
	}
	maps.Copy(p.Packages, other.Packages)
	maps.Copy(p.Sources, other.Sources)
	p.Direct = append(p.Direct, other.Direct...)
	slices.Sort(p.Direct)
	p.Direct = slices.Compact(p.Direct)
	if other.Made.Before(p.Made) {
		p.Made = other.Made
	}
}

// agree reports whether two maps have no key with different values.
func agree[V comparable](a, b map[string]V) bool {
	for k, v := range a {
		if w, ok := b[k]; ok && v != w {
			return false
		}
	}
	return true
}
