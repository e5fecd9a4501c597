package kernel

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/specstress/specstress/internal/shim"
	"github.com/specstress/specstress/loaders"
)

// Tools are the programs that a kernel consists of.
type Tools struct {
	Dir   string // their folder
	Go    string // the real go command
	GoNB  string
	Shims string // folder with go, goimports and gopls for the cells' PATH
	Plans string // folder for what package shim remembers between cells
	Gopls string // "" when there is none: no completion then
	gopls string // where it will be
}

// home is the kernel's folder in the cache.
func home() (string, error) {
	dir, err := loaders.CacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "kernel"), nil
}

// FindRoot returns the repository that dir lies in.
func FindRoot(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for d := dir; ; d = filepath.Dir(d) {
		if err := CheckRoot(d); err == nil {
			return d, nil
		}
		if d == filepath.Dir(d) {
			return "", fmt.Errorf("%s is not in a clone of specstress: call this from the clone, or give --root", dir)
		}
	}
}

// CheckRoot reports why root is not a clone of this repository.
func CheckRoot(root string) error {
	module, err := shim.ModulePath(root)
	if err != nil {
		return err
	}
	if module != "github.com/specstress/specstress" {
		return fmt.Errorf("%s holds module %s", root, module)
	}
	return nil
}

// FindTools returns the tools for the repository at root, and whether they
// are all built. Other sources or another Go give another folder.
func FindTools(root string) (t Tools, built bool, err error) {
	if t.Go, err = goCommand(root); err != nil {
		return t, false, err
	}
	dir, err := home()
	if err != nil {
		return t, false, err
	}
	key, err := hashFiles(root, t.Go, "go.mod", "go.sum", "internal/shim/*", "internal/shim/cellgo/*")
	if err != nil {
		return t, false, err
	}
	t.at(filepath.Join(dir, "tools-"+key))
	if key, err = hashFiles(root, t.Go, "internal/kernel/gopls/*"); err != nil {
		return t, false, err
	}
	t.gopls = filepath.Join(dir, "gopls-"+key, "gopls")
	if isFile(t.gopls) {
		t.Gopls = t.gopls
	}
	for _, path := range []string{t.GoNB, filepath.Join(t.Shims, "go")} {
		if _, err := os.Stat(path); err != nil {
			return t, false, nil
		}
	}
	return t, true, nil
}

func (t *Tools) at(dir string) {
	t.Dir, t.GoNB, t.Shims, t.Plans = dir, filepath.Join(dir, "gonb"), filepath.Join(dir, "shims"), filepath.Join(dir, "plans")
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// goCommand returns the go that the repository's go.mod asks for. The one
// on PATH may only be the way to it.
func goCommand(root string) (string, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return "", errors.New("no go on PATH: cells are compiled; install Go from https://go.dev/dl/")
	}
	cmd := exec.Command(path, "env", "GOROOT")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go env GOROOT: %w", err)
	}
	name := "go"
	if runtime.GOOS == "windows" {
		name = "go.exe"
	}
	if real := filepath.Join(strings.TrimSpace(string(out)), "bin", name); isFile(real) {
		return real, nil
	}
	return path, nil
}

// hashFiles names a state of the files that patterns below root match,
// tests aside, and of the Go that builds them.
func hashFiles(root, goCommand string, patterns ...string) (string, error) {
	var files []string
	for _, p := range patterns {
		found, err := filepath.Glob(filepath.Join(globQuote(root), filepath.FromSlash(p)))
		if err != nil {
			return "", err
		}
		for _, path := range found {
			if isFile(path) && !strings.HasSuffix(path, "_test.go") {
				files = append(files, path)
			}
		}
	}
	h := sha256.New()
	fmt.Fprintln(h, goCommand, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	slices.Sort(files)
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(h, strings.TrimPrefix(path, root))
		_, err = io.Copy(h, f)
		f.Close()
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:16], nil
}

// globQuote makes a pattern of a path that may hold wildcards.
func globQuote(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// BuildTools builds GoNB and what stands on the cells' PATH, unless they
// are there. Say is told what takes time.
func BuildTools(ctx context.Context, root string, say func(string)) (Tools, error) {
	t, built, err := FindTools(root)
	if err != nil || built {
		return t, err
	}
	say("building the kernel (GoNB)")
	return t, buildFolder(t.Dir, func(dir string) error {
		if err := goBuild(ctx, t.Go, root, filepath.Join(dir, "gonb"), "github.com/janpfeifer/gonb"); err != nil {
			return err
		}
		shims := filepath.Join(dir, "shims")
		if err := goBuild(ctx, t.Go, root, filepath.Join(shims, "go"), "./internal/shim/cellgo"); err != nil {
			return err
		}
		for _, name := range []string{"goimports", "gopls"} {
			if err := os.Symlink("go", filepath.Join(shims, name)); err != nil {
				return err
			}
		}
		return nil
	})
}

// BuildCompletion builds gopls, unless it is there. It has a go.mod of its
// own: its dependencies are no business of the repository's, and those who
// do without completion need not fetch them.
func BuildCompletion(ctx context.Context, root string, t Tools, say func(string)) (Tools, error) {
	if t.Gopls != "" {
		return t, nil
	}
	say("building gopls, for completion")
	err := buildFolder(filepath.Dir(t.gopls), func(dir string) error {
		return goBuild(ctx, t.Go, filepath.Join(root, "internal", "kernel", "gopls"), filepath.Join(dir, "gopls"), "golang.org/x/tools/gopls")
	})
	if err == nil {
		t.Gopls = t.gopls
	}
	return t, err
}

// buildFolder has build fill a folder, which gets its name when it is
// complete. Two kernels may fill it at once; either result is good.
func buildFolder(final string, build func(dir string) error) error {
	if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(final), "building-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := build(tmp); err != nil {
		return err
	}
	if err := os.Rename(tmp, final); err != nil {
		if _, there := os.Stat(final); there != nil {
			return err
		}
	}
	return nil
}

// goBuild builds one program with the go.mod of dir.
func goBuild(ctx context.Context, goCommand, dir, out, pkg string) error {
	cmd := exec.CommandContext(ctx, goCommand, "build", "-buildvcs=false", "-ldflags=-s -w", "-o", out, pkg)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=")
	if text, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w: %s", pkg, err, strings.TrimSpace(string(text)))
	}
	return nil
}
