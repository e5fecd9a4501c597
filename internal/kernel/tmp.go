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
