package kernel

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/specstress/specstress/internal/label"
	"github.com/specstress/specstress/loaders"
)

// An Outcome is how a check of [Examine] ended.
type Outcome string

// The outcomes: nothing to do, something is missing that not all need, and
// something does not work.
const (
	Good    Outcome = "ok"
	Lacking Outcome = "note"
	Broken  Outcome = "fail"
)

// A Check is one line of the doctor's report.
type Check struct {
	Subject string
	Outcome Outcome
	Found   string
	Do      string // what helps; "" when nothing has to be done
}

// spaceWanted is what the caches and a few notebooks take, with room.
const spaceWanted = 2 << 30

// Examine looks at everything that notebooks rest on, for the clone at root
// and the kernelspec below prefix ("" is the user's own). It changes
// nothing.
func Examine(ctx context.Context, root, prefix string) []Check {
	checks := []Check{{"system", Good, fmt.Sprintf("%s/%s, %d CPUs", runtime.GOOS, runtime.GOARCH, runtime.NumCPU()), ""}}
	if _, err := tmpRoot(); err == nil {
		checks = append(checks, Check{"programs", Good, "cells can be run", ""})
	} else {
		checks = append(checks, Check{"programs", Broken, err.Error(), "set TMPDIR to a folder on a file system mounted without noexec"})
	}
	if root == "" {
		checks = append(checks, Check{"clone", Broken, "not in a clone of the repository", "call specstress doctor from the clone, or give --root"})
	} else {
		checks = append(checks, Check{"clone", Good, root, ""}, examineGo(root), examineTools(root), examineCompletion(root))
	}
	return append(checks, examineCache(), examinePacked(ctx), examineSpec(prefix), examineJupyter(ctx))
}

func examineGo(root string) Check {
	path, err := goCommand(root)
	if err != nil {
		return Check{"go", Broken, err.Error(), "install Go 1.26 or later: https://go.dev/dl/"}
	}
	out, err := exec.Command(path, "version").Output()
	if err != nil {
		return Check{"go", Broken, path + ": " + err.Error(), "install Go 1.26 or later: https://go.dev/dl/"}
	}
	return Check{"go", Good, strings.TrimPrefix(strings.TrimSpace(string(out)), "go version "), ""}
}

func examineTools(root string) Check {
	tools, built, err := FindTools(root)
	switch {
	case err != nil:
		return Check{"gonb", Broken, err.Error(), "call it from a whole clone: git clone https://github.com/specstress/specstress"}
	case !built:
		return Check{"gonb", Lacking, "not built for this state of the clone", "specstress kernel install; else the next start of the kernel takes longer"}
	}
	out, err := exec.Command(tools.GoNB, "-V").CombinedOutput()
	if err != nil {
		return Check{"gonb", Broken, tools.GoNB + ": " + err.Error(), "remove the folder " + tools.Dir + " and repeat: specstress kernel install"}
	}
	return Check{"gonb", Good, strings.TrimSpace(string(out)), ""}
}

func examineCompletion(root string) Check {
	if tools, _, err := FindTools(root); err == nil && tools.Gopls != "" {
		return Check{"completion", Good, "gopls", ""}
	}
	return Check{"completion", Lacking, "gopls is not built", "specstress kernel install, with access to the network"}
}

func examineCache() Check {
	dir, err := loaders.CacheDir()
	if err != nil {
		return Check{"cache", Broken, err.Error(), "set SPECSTRESS_CACHE to a folder"}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return Check{"cache", Broken, err.Error(), "set SPECSTRESS_CACHE to a folder that can be written"}
	}
	probe, err := os.CreateTemp(dir, "doctor-")
	if err != nil {
		return Check{"cache", Broken, err.Error(), "set SPECSTRESS_CACHE to a folder that can be written"}
	}
	probe.Close()
	os.Remove(probe.Name())
	free, ok := freeSpace(dir)
	found := dir
	if ok {
		found = fmt.Sprintf("%s, %.1f GB free", dir, float64(free)/(1<<30))
	}
	if ok && free < spaceWanted {
		return Check{"cache", Lacking, found, "make room, or set SPECSTRESS_CACHE to a folder with at least 2 GB"}
	}
	return Check{"cache", Good, found, ""}
}

// examinePacked reads the packed forms of sources, which notebook cells work
// on, to their ends.
func examinePacked(ctx context.Context) Check {
	files, err := loaders.PackedFiles(ctx)
	if err != nil {
		return Check{"packed data", Broken, label.Plain(err.Error()), "set SPECSTRESS_CACHE to a folder that can be read"}
	}
	var size int64
	var damaged []string
	others := 0
	for _, f := range files {
		size += f.Size
		if f.Err != nil {
			damaged = append(damaged, f.Path)
		}
		if f.Other {
			others++
		}
	}
	if len(damaged) > 0 {
		return Check{"packed data", Broken, fmt.Sprintf("%d of %d files do not have the bytes they were written with", len(damaged), len(files)),
			"remove them, they are made anew when needed: " + strings.Join(damaged, " ")}
	}
	found := fmt.Sprintf("%d sources, %.1f MB, all checksums hold", len(files)-others, float64(size)/1e6)
	if others > 0 {
		found += fmt.Sprintf("; %d of another version, made anew when needed", others)
	}
	return Check{"packed data", Good, found, ""}
}

func examineSpec(prefix string) Check {
	const install = "specstress kernel install"
	dir, err := SpecDir(prefix)
	if err != nil {
		return Check{"kernel", Broken, err.Error(), "set HOME, or give --prefix"}
	}
	spec, err := ReadSpec(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Check{"kernel", Lacking, "not installed in " + dir, install + " (specstress run does without)"}
	case err != nil:
		return Check{"kernel", Broken, err.Error(), install}
	case len(spec.Argv) != 5:
		return Check{"kernel", Broken, filepath.Join(dir, "kernel.json") + " is of another version", install}
	case !isFile(spec.Argv[0]):
		return Check{"kernel", Broken, "it calls " + spec.Argv[0] + ", which is gone", "make build, then " + install}
	}
	if err := CheckRoot(spec.Argv[3]); err != nil {
		return Check{"kernel", Broken, "its clone has moved: " + err.Error(), install + ", from the clone"}
	}
	return Check{"kernel", Good, dir, ""}
}

// patience is how long another program may take to tell its version.
const patience = 20 * time.Second

func examineJupyter(ctx context.Context) Check {
	const do = "make lab, or pip install jupyterlab; specstress run needs neither"
	path, err := exec.LookPath("jupyter")
	if err != nil {
		return Check{"jupyter", Lacking, "not on PATH", do}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return Check{"jupyter", Lacking, path + " does not tell its version: " + err.Error(), do}
	}
	var found []string
	for line := range strings.Lines(string(out)) {
		name, version, ok := strings.Cut(line, ":")
		if name, version = strings.TrimSpace(name), strings.TrimSpace(version); ok && (name == "jupyterlab" || name == "nbconvert" || name == "jupyter_client") && version != "not installed" {
			found = append(found, name+" "+version)
		}
	}
	return Check{"jupyter", Good, strings.Join(found, ", "), ""}
}
