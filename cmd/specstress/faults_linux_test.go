package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/specstress/specstress/internal/reliability"
	"github.com/specstress/specstress/loaders/sample"
)

// beMain makes the test's binary the command itself.
const beMain = "SPECSTRESS_TEST_BE_MAIN"

func init() {
	if os.Getenv(beMain) != "" {
		main()
	}
}

// child is the command in a process of its own, with a cache of its own.
func child(t *testing.T, args ...string) (cmd *exec.Cmd, stderr *bytes.Buffer) {
	t.Helper()
	cmd = exec.Command(os.Args[0], args...)
	stderr = new(bytes.Buffer)
	cmd.Stderr = stderr
	cmd.Env = append(os.Environ(), beMain+"=1", "SPECSTRESS_CACHE="+filepath.Join(t.TempDir(), "cache"))
	return cmd, stderr
}

// mounted is a file system in memory of some kilobytes.
func mounted(t *testing.T, kilobytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kilobytes)); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// tree lists the files below a folder with their contents.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		files[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// written are the commands that write, each with the place to write to.
func written(scenarios, to string) [][]string {
	return [][]string{
		{"reproduce", "--data", scenarios, "--out", filepath.Join(to, "out")},
		{"export", "disagreement", "--data", scenarios, "--split", "mine", "--out", filepath.Join(to, "d.csv")},
		{"export", "positions", "--data", scenarios, "--split", "mine", "--out", filepath.Join(to, "p.parquet")},
		{"embed", scenarios, "--split", "mine", "--text", "value1", "--out", filepath.Join(to, "v.npy")},
		{"sample", "--out", filepath.Join(to, "sample"), "--rows", "3000"},
	}
}

// bigCSV is a source of many rows.
func bigCSV(t *testing.T, rows int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(strings.SplitAfterN(ownScenarios, "\n", 2)[0])
	for row := range rows {
		fmt.Fprintf(&b, "candor,mercy,neutral,%d,%d,6,0,%d,1\n", row/1000, row%1000, row%7)
	}
	path := filepath.Join(t.TempDir(), "mine.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestFullDisk writes to a disk with next to no room, over what an earlier
// run left there, and to a standard output that takes nothing.
func TestFullDisk(t *testing.T) {
	scenarios := bigCSV(t, 5000)
	commands := 0
	for _, args := range [][]string{
		{"info", scenarios}, {"info", "--json", scenarios}, {"check", scenarios}, {"version"}, {"pack", scenarios},
		{"text", scenarios, "--split", "mine", "--text", "value1", "--rows", "0"}, {"find", "--data", scenarios, "--split", "mine"},
		{"show", "0-1-neutral", "--data", scenarios}, {"cache", "list"},
		{"export", "positions", "--data", scenarios, "--split", "mine", "--format", "csv"},
		{"reproduce", "--data", scenarios, "--out", filepath.Join(t.TempDir(), "out")},
	} {
		commands++
		cmd, stderr := child(t, args...)
		fullOut, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		cmd.Stdout = fullOut
		err = cmd.Run()
		fullOut.Close()
		if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(stderr.String(), "no space left") {
			t.Errorf("%v with a full standard output: %v, %s", args[0], err, stderr)
		}
	}

	for i := range written("", "") {
		dir := mounted(t, 120)
		args := written(scenarios, dir)[i]
		// What is there already has the name to be written, and stays.
		target := args[len(args)-1]
		if args[0] == "sample" {
			target = filepath.Join(dir, "other")
		} else if args[0] == "reproduce" {
			target = filepath.Join(dir, "out", "report.html")
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "ballast"), make([]byte, 80<<10), 0o644); err != nil {
			t.Fatal(err)
		}
		before := tree(t, dir)
		commands++
		cmd, stderr := child(t, args...)
		err := cmd.Run()
		if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(stderr.String(), "no space left") || !strings.Contains(stderr.String(), dir) {
			t.Errorf("%v on a full disk: %v, %s", args[:2], err, stderr)
		}
		if after := tree(t, dir); fmt.Sprint(keys(after)) != fmt.Sprint(keys(before)) || after[target] != "old" {
			t.Errorf("%v on a full disk: files %v, before %v, the old one is %.20q", args[:2], keys(after), keys(before), after[target])
		}
	}
	reliability.Record(t, "%d commands on a full disk or standard output: a clear error each, what was there stays, no half file", commands)
}

func keys(m map[string]string) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	return slices.Sorted(slices.Values(all))
}

// TestReadOnlyFolder writes where nothing may be written.
func TestReadOnlyFolder(t *testing.T) {
	scenarios := bigCSV(t, 100)
	dir := t.TempDir()
	want := "permission denied"
	if os.Getuid() == 0 { // who may write anywhere but on a disk that is read-only
		dir = mounted(t, 1000)
		if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
			t.Skipf("a file system cannot be made read-only here: %v", err)
		}
		want = "read-only file system"
	} else if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	commands := written(scenarios, dir)
	for _, args := range commands {
		cmd, stderr := child(t, args...)
		err := cmd.Run()
		if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 1 || !strings.Contains(stderr.String(), want) || !strings.Contains(stderr.String(), dir) {
			t.Errorf("%v in a read-only folder: %v, %s", args[:2], err, stderr)
		}
	}
	reliability.Record(t, "%d commands in a read-only folder: an error each that names it", len(commands))
}

// TestInterrupt sends SIGINT to every command at work. It ends with 1 and
// says so, within seconds on any machine, and leaves no file.
func TestInterrupt(t *testing.T) {
	big := bigCSV(t, 400_000)
	dataset := filepath.Join(t.TempDir(), "sample")
	if err := sample.Write(context.Background(), dataset, sample.Options{Rows: 60_000}); err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	commands := [][]string{
		{"info", big}, {"check", dataset}, {"pack", big},
		{"text", big, "--split", "mine", "--text", "value1", "--rows", "0"},
		{"export", "positions", "--data", big, "--split", "mine", "--out", filepath.Join(to, "p.csv")},
		{"reproduce", "--data", dataset, "--out", filepath.Join(to, "out")},
		{"find", "--data", big, "--split", "mine"}, {"show", "399-999-neutral", "--data", big},
		{"embed", big, "--split", "mine", "--text", "value1", "--out", filepath.Join(to, "v.npy")},
		{"sample", "--out", filepath.Join(to, "sample")},
	}
	for _, args := range commands {
		stopped := false
		// The moment between the start and the end is looked for.
		for _, wait := range []time.Duration{200, 100, 400, 50, 800, 25, 1600} {
			cmd, stderr := child(t, args...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(wait * time.Millisecond)
			if err := cmd.Process.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatal(err)
			}
			sent := time.Now()
			err := cmd.Wait()
			exit := (*exec.ExitError)(nil)
			if err == nil || errors.As(err, &exit) && !exit.Exited() {
				if err == nil {
					os.RemoveAll(filepath.Join(to, "out"))
					os.RemoveAll(filepath.Join(to, "sample"))
					os.Remove(filepath.Join(to, "p.csv"))
					os.Remove(filepath.Join(to, "v.npy"))
				}
				continue // too late, or before there was anybody to hear it
			}
			stopped = true
			if exit == nil || exit.ExitCode() != 1 || !strings.Contains(stderr.String(), "interrupted") {
				t.Errorf("%s: %v, %s", args[0], err, stderr)
			}
			if late := time.Since(sent); late > 5*time.Second {
				t.Errorf("%s: ended %v after SIGINT", args[0], late)
			}
			t.Logf("%s: ended %v after SIGINT", args[0], time.Since(sent))
			break
		}
		if !stopped {
			t.Errorf("%s was never at work when the signal came", args[0])
		}
		if left := tree(t, to); len(left) > 0 {
			t.Errorf("%s left %v", args[0], keys(left))
		}
	}
	reliability.Record(t, "%d commands interrupted: exit code 1, nothing left behind", len(commands))
}
