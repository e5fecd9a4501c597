package shim

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/parser"
	"go/token"
	"hash"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
)

// A localModule is one whose packages may change from cell to cell: the
// repository, and whatever else a cell's go.mod has replaced by a folder.
type localModule struct{ path, dir string }

// localModules reads a cell's go.mod: its name and its local modules.
func localModules(gomod []byte) (name string, local []localModule, err error) {
	mod, err := modfile.Parse("go.mod", gomod, nil)
	if err != nil {
		return "", nil, err
	}
	if mod.Module == nil {
		return "", nil, fmt.Errorf("go.mod: no module line")
	}
	for _, r := range mod.Replace {
		if !modfile.IsDirectoryPath(r.New.Path) {
			continue
		}
		if !filepath.IsAbs(r.New.Path) {
			return "", nil, fmt.Errorf("go.mod: %s is replaced by a relative path", r.Old.Path)
		}
		local = append(local, localModule{r.Old.Path, filepath.Clean(r.New.Path)})
	}
	return mod.Module.Mod.Path, local, nil
}

// folder returns where a package of a local module lies, or "". Of two
// modules that could have it, go takes the one with the longer path, if the
// package is there; that doubt is an error.
func folder(local []localModule, importPath string) (dir string, of localModule, err error) {
	for _, m := range local {
		rest, ok := strings.CutPrefix(importPath, m.path)
		if !ok || rest != "" && rest[0] != '/' {
			continue
		}
		if dir != "" {
			return "", m, fmt.Errorf("%s may be of %s or of %s", importPath, m.path, of.path)
		}
		dir, of = filepath.Join(m.dir, filepath.FromSlash(rest)), m
	}
	return dir, of, nil
}

// localSources returns the state of all that the compiled form of imports
// rests on in local modules: the folders of packages, imported by way of
// others or not, and files that say what belongs to a module, each with a
// hash.
func localSources(local []localModule, imports []string) (map[string]string, error) {
	state := map[string]string{}
	for _, m := range local {
		for _, name := range []string{"go.mod", "go.sum"} {
			state[filepath.Join(m.dir, name)] = ""
		}
	}
	seen := map[string]bool{}
	for todo := imports; len(todo) > 0; {
		importPath := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[importPath] {
			continue
		}
		seen[importPath] = true
		dir, module, err := folder(local, importPath)
		if err != nil {
			return nil, err
		}
		if dir == "" {
			continue
		}
		// A go.mod on the way there would make it another module's.
		for d := dir; d != module.dir; d = filepath.Dir(d) {
			state[filepath.Join(d, "go.mod")] = ""
		}
		state[dir] = ""
		more, err := folderImports(dir)
		if err != nil {
			return nil, err
		}
		todo = append(todo, more...)
	}
	for p := range state {
		h, err := hashSource(p)
		if err != nil {
			return nil, err
		}
		state[p] = h
	}
	return state, nil
}

// folderImports are the imports of every source in a folder, tests aside.
// It does not look at build constraints: too many do no harm.
func folderImports(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var imports []string
	for _, e := range entries {
		if e.IsDir() || ignored(e.Name()) || path.Ext(e.Name()) != ".go" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		some, err := importsOf(text)
		if err != nil {
			return nil, err
		}
		imports = append(imports, some...)
	}
	return imports, nil
}

// importsOf returns the import paths of a source.
func importsOf(src []byte) ([]string, error) {
	f, err := parser.ParseFile(token.NewFileSet(), "", src, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var imports []string
	for _, spec := range f.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		imports = append(imports, p)
	}
	return imports, nil
}

// compiled are the kinds of files that go compiles or links.
var compiled = map[string]bool{
	".go": true, ".s": true, ".S": true, ".sx": true, ".syso": true,
	".c": true, ".cc": true, ".cpp": true, ".cxx": true, ".m": true,
	".h": true, ".hh": true, ".hpp": true, ".hxx": true,
	".f": true, ".F": true, ".for": true, ".f90": true,
	".swig": true, ".swigcxx": true,
}

// ignored reports whether a file has no part in its package.
func ignored(name string) bool {
	return name[0] == '.' || name[0] == '_' || strings.HasSuffix(name, "_test.go")
}

// hashSource returns a hash of a file, of "" if there is none, or of what a
// folder gives to its package.
func hashSource(name string) (string, error) {
	h := sha256.New()
	info, err := os.Stat(name)
	switch {
	case os.IsNotExist(err):
		return "", nil
	case err != nil:
		return "", err
	case info.IsDir():
		err = hashFolder(h, name)
	default:
		_, err = hashFile(h, name)
	}
	return hex.EncodeToString(h.Sum(nil)), err
}

// hashFolder takes in the names of a package's files, tests aside, and the
// contents of those that go compiles. What a package embeds may be anything
// below its folder.
func hashFolder(h hash.Hash, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	embeds := false
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || ignored(name) {
			continue
		}
		fmt.Fprintf(h, "%q\n", name)
		if !compiled[path.Ext(name)] {
			continue
		}
		text, err := hashFile(h, filepath.Join(dir, name))
		if err != nil {
			return err
		}
		embeds = embeds || bytes.Contains(text, []byte("//go:embed"))
	}
	if !embeds {
		return nil
	}
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		fmt.Fprintf(h, "%q\n", name)
		_, err = hashFile(h, name)
		return err
	})
}

func hashFile(h hash.Hash, name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(h, "%d\n", len(text))
	h.Write(text)
	return text, nil
}
