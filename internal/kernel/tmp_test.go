//go:build unix

package kernel

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"
)

// TestSweep: a killed kernel's folder goes, a living one's stays, and so
// does what is not ours.
func TestSweep(t *testing.T) {
	root := t.TempDir()
	dead := exec.Command("sh", "-c", "exit 0")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	// A living kernel, as far as its command line tells.
	alive := exec.Command("sh", "-c", "read x", "--kernel")
	in, err := alive.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := alive.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		in.Close()
		_ = alive.Wait()
	}()
	// A cell of the dead one runs on.
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Skip("no program sleep on PATH: ", err)
	}
	program, err := os.ReadFile(sleep)
	if err != nil {
		t.Fatal(err)
	}
	cellDir := filepath.Join(root, strconv.Itoa(dead.ProcessState.Pid()), "gonb_1")
	if err := os.MkdirAll(cellDir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cellDir, "sleep"), program, 0o755); err != nil {
		t.Fatal(err)
	}
	cell := exec.Command(filepath.Join(cellDir, "sleep"), "60")
	if err := cell.Start(); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{ // and whether it stays
		strconv.Itoa(dead.ProcessState.Pid()): false,
		strconv.Itoa(alive.Process.Pid):       true,
		strconv.Itoa(os.Getpid()):             true,
		"notes":                               true,
	}
	for name := range names {
		if err := os.MkdirAll(filepath.Join(root, name, "gonb_1"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if got := sweep(root); got != 1 {
		t.Errorf("swept %d folders, want 1", got)
	}
	if runtime.GOOS == "linux" {
		begin := time.Now()
		if err := cell.Wait(); err == nil || time.Since(begin) > 30*time.Second {
			t.Errorf("the cell ended with %v after %v, want it killed", err, time.Since(begin))
		}
	} else {
		_ = cell.Process.Kill()
		_ = cell.Wait()
	}
	for name, want := range names {
		_, err := os.Stat(filepath.Join(root, name))
		if stays := err == nil; stays != want {
			t.Errorf("folder %s stays: %v, want %v", name, stays, want)
		}
	}
}

// TestSweepTools: tools go when no kernel has been started with them for
// long, and none runs.
func TestSweepTools(t *testing.T) {
	home, root := t.TempDir(), t.TempDir()
	now := time.Now()
	names := map[string]bool{ // and whether it stays
		"tools-new": true, "tools-old": false, "tools-old-but-running": true, "tools-of-a-dead-kernel": false,
		"tools-claimed": true, "gopls-claimed": true, "gopls-old": false, "building-1": false, "tmp": true, "notes-old": true,
	}
	for name := range names {
		dir := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Join(dir, "shims"), 0o755); err != nil {
			t.Fatal(err)
		}
		old := now.Add(-keepTools - time.Hour)
		if name == "tools-new" {
			old = now.Add(-keepTools + time.Hour)
		}
		if err := os.Chtimes(dir, old, old); err != nil {
			t.Fatal(err)
		}
	}
	dead := exec.Command("sh", "-c", "exit 0")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	kernel := func(pid int, dir string) string {
		folder := filepath.Join(root, strconv.Itoa(pid))
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if dir != "" {
			if err := os.WriteFile(filepath.Join(folder, toolsFile), []byte(filepath.Join(home, dir)+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return folder
	}
	alive := exec.Command("sh", "-c", "read x", "--kernel")
	in, err := alive.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := alive.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		in.Close()
		_ = alive.Wait()
	}()
	kernel(alive.Process.Pid, "tools-old-but-running")
	kernel(dead.ProcessState.Pid(), "tools-of-a-dead-kernel")
	own := Tools{Dir: filepath.Join(home, "tools-claimed"), gopls: filepath.Join(home, "gopls-claimed", "gopls")}
	if err := claim(kernel(os.Getpid(), ""), own, now); err != nil {
		t.Fatal(err)
	}
	if got := sweepTools(home, root, now); got != 4 {
		t.Errorf("swept %d folders, want 4", got)
	}
	for name, want := range names {
		_, err := os.Stat(filepath.Join(home, name))
		if stays := err == nil; stays != want {
			t.Errorf("folder %s stays: %v, want %v", name, stays, want)
		}
	}
}

// TestTmpRoot: where the system's folder cannot be used, the cache is.
func TestTmpRoot(t *testing.T) {
	tmp, cache := filepath.Join(t.TempDir(), "tmp dir"), t.TempDir()
	t.Setenv("SPECSTRESS_CACHE", cache)
	t.Setenv("TMPDIR", tmp)
	if err := os.Mkdir(tmp, 0o755); err != nil {
		t.Fatal(err)
	}
	if got, err := tmpRoot(); filepath.Dir(got) != tmp || err != nil {
		t.Errorf("tmpRoot = %s, %v, want a folder in %s", got, err, tmp)
	}
	if err := os.RemoveAll(tmp); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(tmp, nil, 0o644); err != nil { // a file in its place
		t.Fatal(err)
	}
	if got, err := tmpRoot(); got != filepath.Join(cache, "kernel", "tmp") || err != nil {
		t.Errorf("tmpRoot = %s, %v, want one in the cache", got, err)
	}
}
