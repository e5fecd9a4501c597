//go:build unix

package kernel

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tmpRoot returns the folder that holds one folder per running kernel: in
// the system's folder for temporary files or, where that may hold no
// programs (noexec), in the cache.
func tmpRoot() (string, error) {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("specstress-%d", os.Getuid()))
	if err := usable(dir); err == nil {
		return dir, nil
	}
	cache, err := home()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(cache, "tmp")
	if err := usable(dir); err != nil {
		return "", fmt.Errorf("kernel: no folder for cells' programs: %w; set TMPDIR to one that may hold programs", err)
	}
	return dir, nil
}

// usable makes dir and reports why programs cannot be run from it. It must
// be the user's own: in a shared folder another could have made it.
func usable(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); !info.IsDir() || ok && int(s.Uid) != os.Getuid() {
		return fmt.Errorf("%s belongs to someone else", dir)
	}
	return runsPrograms(dir)
}

// runsPrograms tries a script in dir.
func runsPrograms(dir string) error {
	probe, err := os.MkdirTemp(dir, "probe-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(probe)
	script := filepath.Join(probe, "sh")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nexit 0\n"), 0o700); err != nil {
		return err
	}
	if err := exec.Command(script).Run(); err != nil && !errors.Is(err, syscall.ETXTBSY) {
		return err
	}
	return nil
}

// sweep removes the folders of kernels that are gone: one that is killed
// leaves its programs behind, tens of megabytes each, and the cell that ran
// may run on for ever.
func sweep(root string) (swept int) {
	entries, err := os.ReadDir(root)
	if err != nil {
		return 0
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || !e.IsDir() || pid == os.Getpid() || runs(pid) {
			continue
		}
		dir := filepath.Join(root, e.Name())
		endCells(dir)
		if os.RemoveAll(dir) == nil {
			swept++
		}
	}
	return swept
}

// toolsFile, in a kernel's folder, names the folder of its tools.
const toolsFile = "tools"

// keepTools is how long tools stay that no kernel has been started with:
// another branch of the clone may want them again. They take 20 MB or so.
const keepTools = 30 * 24 * time.Hour

// sweepTools removes from home the tools of earlier states of the clone,
// unless a kernel whose folder is in root still runs with them, and what
// builds that were killed left behind.
func sweepTools(home, root string, now time.Time) (swept int) {
	used := map[string]bool{}
	kernels, _ := filepath.Glob(filepath.Join(globQuote(root), "*", toolsFile)) // the pattern is a good one
	for _, file := range kernels {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if text, readErr := os.ReadFile(file); err == nil && readErr == nil && runs(pid) {
			for dir := range strings.Lines(string(text)) {
				used[strings.TrimSuffix(dir, "\n")] = true
			}
		}
	}
	entries, err := os.ReadDir(home)
	if err != nil {
		return 0
	}
	for _, e := range entries {
		kind, _, ok := strings.Cut(e.Name(), "-")
		if !ok || !e.IsDir() || kind != "tools" && kind != "gopls" && kind != "building" {
			continue
		}
		dir := filepath.Join(home, e.Name())
		info, err := e.Info()
		if err != nil || now.Sub(info.ModTime()) < keepTools || used[dir] {
			continue
		}
		if os.RemoveAll(dir) == nil {
			swept++
		}
	}
	return swept
}

// claim says that the kernel with the folder dir runs with these tools. The
// time is what sweepTools goes by.
func claim(dir string, tools Tools, now time.Time) error {
	var claimed strings.Builder
	for _, path := range []string{tools.Dir, filepath.Dir(tools.gopls)} {
		fmt.Fprintln(&claimed, path)
		_ = os.Chtimes(path, now, now) // there may be no gopls, or the cache may be someone else's
	}
	return os.WriteFile(filepath.Join(dir, toolsFile), []byte(claimed.String()), 0o600)
}

// endCells ends the programs that were started from dir, where /proc names
// them.
func endCells(dir string) {
	programs, _ := filepath.Glob("/proc/[0-9]*/exe") // the pattern is a good one
	for _, link := range programs {
		path, err := os.Readlink(link)
		if err != nil || !strings.HasPrefix(path, dir+string(filepath.Separator)) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link))); err == nil {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended by itself
		}
	}
}

// runs reports whether process pid is a kernel. Where /proc tells its
// command line, another process of the same number does not count.
func runs(pid int) bool {
	if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
		return false
	}
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return true
	}
	// While a process becomes another program its command line is empty.
	return len(line) == 0 || bytes.Contains(line, []byte("kernel"))
}
