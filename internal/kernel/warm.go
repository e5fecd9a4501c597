package kernel

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// warmCell uses what most cells use, so that the first real one finds all
// of it compiled.
const warmCell = `package main

import (
	_ "bufio"
	_ "context"
	_ "encoding/csv"
	_ "encoding/json"
	_ "flag"
	_ "fmt"
	_ "maps"
	_ "math/rand/v2"
	_ "regexp"
	_ "slices"
	_ "sort"
	_ "strings"
	_ "time"

	_ "github.com/go-gota/gota/dataframe"
	_ "github.com/go-gota/gota/series"
	_ "github.com/janpfeifer/gonb/gonbui"
	_ "gonum.org/v1/gonum/stat"
	_ "gonum.org/v1/gonum/stat/distuv"
	_ "gonum.org/v1/plot"
	_ "gonum.org/v1/plot/plotter"
	_ "gonum.org/v1/plot/plotutil"
	_ "gonum.org/v1/plot/vg/draw"
	_ "gonum.org/v1/plot/vg/vgimg"
	_ "gonum.org/v1/plot/vg/vgsvg"
%s)

func main() {}
`

// Warm builds a cell by the way that GoNB goes, so with the very flags
// that later ones are built with.
func Warm(root string, tools Tools) error {
	tmp, err := tmpRoot()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(tmp, "warm_")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	env := append(os.Environ(), EnvRoot+"="+root, "SPECSTRESS_GO="+tools.Go, "SPECSTRESS_PLANS="+tools.Plans, "GONB_TMP_DIR="+dir)
	shim := func(args ...string) error {
		cmd := exec.Command(filepath.Join(tools.Shims, "go"), args...)
		cmd.Dir, cmd.Env = dir, env
		if text, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("kernel: warming up: go %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(string(text)))
		}
		return nil
	}
	if err := shim("mod", "init", filepath.Base(dir)); err != nil {
		return err
	}
	var own strings.Builder
	for _, pkg := range []string{"analysis", "analysis/figure", "analysis/paper", "loaders", "notebooks/nb"} {
		if files, _ := filepath.Glob(filepath.Join(globQuote(filepath.Join(root, filepath.FromSlash(pkg))), "*.go")); len(files) > 0 {
			fmt.Fprintf(&own, "\t_ %q\n", "github.com/specstress/specstress/"+pkg)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "main.go"), fmt.Appendf(nil, warmCell, own.String()), 0o644); err != nil {
		return err
	}
	return shim("build", "-o", filepath.Join(dir, "warm"))
}
