//go:build unix

package hub

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/specstress/specstress/internal/hubtest"
	"github.com/specstress/specstress/internal/reliability"
)

// childVar tells a copy of the test program to be a reader of the Hub and
// nothing else: a process that can be killed, starved or shut out.
const childVar = "SPECSTRESS_TEST_HUB_CHILD"

// TestTortureChild is what such a copy runs.
func TestTortureChild(t *testing.T) {
	what := os.Getenv(childVar)
	if what == "" {
		t.Skip("no test of its own: other tests start copies of this program that run it")
	}
	if err := errors.Join(readEveryFile(what), CacheProblem()); err != nil {
		fmt.Println("child error:", err)
		os.Exit(3)
	}
	fmt.Println("child done")
	os.Exit(0)
}

// A hubOf is a Hub with some files, and an environment for children.
type hubOf struct {
	*hubtest.Server
	published map[string][]byte
	dir       string
	program   string
	t         *testing.T
}

func newHubOf(t *testing.T, opt hubtest.Options, sizes map[string]int) *hubOf {
	t.Helper()
	h := &hubOf{published: map[string][]byte{}, dir: t.TempDir(), t: t}
	var files []*hubtest.File
	for name, size := range sizes {
		content := make([]byte, size)
		rng := rand.New(rand.NewPCG(uint64(size), 1))
		for i := range content {
			content[i] = byte(rng.Uint32())
		}
		h.published[name] = content
		files = append(files, hubtest.Bytes(name, content))
	}
	repo := hubtest.NewRepo(tortureRepo)
	repo.Commit("files", files...)
	var err error
	if h.Server, err = hubtest.Start(opt, repo); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	if h.program, err = os.Executable(); err != nil {
		t.Fatal(err)
	}
	return h
}

// child is a process that reads all files in one way.
func (h *hubOf) child(what string, env ...string) *exec.Cmd {
	cmd := exec.Command(h.program, "-test.run=^TestTortureChild$")
	cmd.Env = append([]string{
		childVar + "=" + what, "HF_ENDPOINT=" + h.Endpoint, "HF_TOKEN=" + tortureToken,
		"HF_HOME=" + filepath.Join(h.dir, "hf"), "SPECSTRESS_CACHE=" + filepath.Join(h.dir, "own"),
		"HOME=" + h.dir, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir(), "SPECSTRESS_RETRY_PAUSE=0.01",
	}, env...)
	return cmd
}

// runChild runs a child to its end and returns what it said.
func runChild(cmd *exec.Cmd) (string, error) {
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	return strings.TrimSpace(out.String()), err
}

func (h *hubOf) check(when string) {
	h.t.Helper()
	for _, problem := range unsound(h.dir, h.published) {
		h.t.Errorf("%s: %s", when, problem)
	}
}

var crashSizes = map[string]int{"data/a.parquet": 3_000_000, "data/b.parquet": 400_000, "README.md": 3_000}

// TestTortureKilled kills readers at random moments. What they leave is never a bad
// file under a final name, the next ones go on from there, and in the end
// everything is right.
func TestTortureKilled(t *testing.T) {
	kills := max(int(400**share), 10)
	if testing.Short() {
		kills = 6
	}
	for _, what := range []string{"whole", "ranges"} {
		t.Run(what, func(t *testing.T) {
			// Slow enough for a kill to hit anything: each body in 16 pieces.
			slow := func(r hubtest.Request) hubtest.Fault {
				return hubtest.Fault{Kind: hubtest.Drip, Wait: 3 * time.Millisecond}
			}
			h := newHubOf(t, hubtest.Options{Fault: slow}, crashSizes)
			rng := rand.New(rand.NewPCG(9, 9))
			finished := 0
			for i := range kills / 2 {
				cmd := h.child(what)
				var out bytes.Buffer
				cmd.Stdout, cmd.Stderr = &out, &out
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				timer := time.AfterFunc(time.Duration(20+rng.IntN(250))*time.Millisecond, func() { _ = cmd.Process.Kill() })
				err := cmd.Wait()
				timer.Stop()
				var exit *exec.ExitError
				switch {
				case err == nil:
					finished++
					_ = os.RemoveAll(h.dir) // and once more from nothing
				case !errors.As(err, &exit) || exit.ExitCode() != -1:
					t.Fatalf("kill %d: %v: %s", i, err, out.String())
				}
				h.check(fmt.Sprintf("after kill %d", i))
			}
			out, err := runChild(h.child(what))
			if err != nil {
				t.Fatalf("after %d kills: %v: %s", kills/2, err, out)
			}
			h.check("in the end")
			if what == "whole" {
				left, err := filepath.Glob(filepath.Join(h.dir, "hf", "hub", "datasets--*", "blobs", "*"+incomplete))
				if err != nil || len(left) > 0 {
					t.Errorf("unfinished downloads are left: %v %v", left, err)
				}
			}
			t.Logf("%d kills, of which %d came too late", kills/2, finished)
		})
	}
	reliability.Record(t, "%d downloads killed on their way: nothing damaged, the next one ends well", kills)
}

// TestTortureNeighbours: eight processes on one cache, each time from nothing. All
// succeed, and when nobody dies, a file is downloaded once.
func TestTortureNeighbours(t *testing.T) {
	rounds := max(int(50**share), 3)
	if testing.Short() {
		rounds = 1
	}
	h := newHubOf(t, hubtest.Options{Latency: 5 * time.Millisecond}, crashSizes)
	var size int64
	for _, b := range h.published {
		size += int64(len(b))
	}
	for round := range rounds {
		for _, what := range []string{"whole", "ranges", "mixed"} {
			if err := os.RemoveAll(h.dir); err != nil {
				t.Fatal(err)
			}
			h.Forget()
			var wait sync.WaitGroup
			for i := range 8 {
				way := what
				if what == "mixed" {
					way = []string{"whole", "ranges"}[i%2]
				}
				wait.Go(func() {
					if out, err := runChild(h.child(way)); err != nil {
						t.Errorf("round %d, %s: %v: %s", round, what, err, out)
					}
				})
			}
			wait.Wait()
			h.check(fmt.Sprintf("round %d, %s", round, what))
			n := h.Counts()
			content := n[hubtest.CDN].Bytes
			if what == "whole" && content > size*11/10 {
				t.Errorf("round %d: 8 processes fetched %d bytes of %d", round, content, size)
			}
			if round == 0 {
				t.Logf("%s: 8 processes fetched %d bytes of %d in %d requests to the CDN", what, content, size, n[hubtest.CDN].Requests)
			}
		}
	}
	reliability.Record(t, "8 processes on one cache, %d rounds in 3 ways: no bad file, whole files fetched once by all together", rounds)
}

// TestTortureFullDisk: a disk that is too full is an error that says so, and what
// was there stays.
func TestTortureFullDisk(t *testing.T) {
	h := newHubOf(t, hubtest.Options{}, map[string]int{"data/a.parquet": 3_000_000, "README.md": 3_000})
	small := filepath.Join(t.TempDir(), "small")
	if err := os.Mkdir(small, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small).CombinedOutput(); err != nil {
		t.Skipf("no small file system can be mounted here: %v: %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", small).Run() })

	// The cache of whole files on it.
	out, err := runChild(h.child("whole", "HF_HOME="+small))
	if err == nil || !strings.Contains(out, "space") || !strings.Contains(out, "a.parquet") {
		t.Errorf("whole: %v: %s; want an error that names space and file", err, out)
	}
	if problems := unsound(small, h.published); problems != nil {
		t.Errorf("whole: %q", problems)
	}
	// Our own cache on it: reading goes on without.
	out, err = runChild(h.child("ranges", "SPECSTRESS_CACHE="+filepath.Join(small, "own")))
	if err == nil || !strings.Contains(out, "no space left") || strings.Contains(out, "wrong bytes") {
		t.Errorf("ranges: %v: %s; want right bytes, and a word about the cache", err, out)
	}
	if problems := unsound(small, h.published); problems != nil {
		t.Errorf("ranges: %q", problems)
	}

	// Space for one file, not for both, and the one is there already.
	if out, err := exec.Command("mount", "-o", "remount,size=4m", small).CombinedOutput(); err != nil {
		t.Fatalf("remount: %v: %s", err, out)
	}
	if out, err = runChild(h.child("whole", "HF_HOME="+small)); err != nil {
		t.Errorf("with space: %v: %s", err, out)
	}
	before := len(h.Requests())
	if out, err = runChild(h.child("whole", "HF_HOME="+small)); err != nil {
		t.Errorf("again: %v: %s", err, out)
	}
	for _, r := range h.Requests()[before:] {
		if r.Host == hubtest.CDN {
			t.Errorf("again: fetched %s", r.URL)
		}
	}
}

// TestTortureReadOnly: a cache that may be read and not written is used; what it
// lacks is fetched and not kept, and a whole file cannot be had.
func TestTortureReadOnly(t *testing.T) {
	h := newHubOf(t, hubtest.Options{}, crashSizes)
	if out, err := runChild(h.child("whole")); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	other := newHubOf(t, hubtest.Options{}, map[string]int{"data/c.parquet": 500_000})
	// As nobody, who owns nothing, from a place where nobody may look.
	public, err := os.MkdirTemp("", "hubtest")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(public) })
	for _, move := range []*hubOf{h, other} {
		dir := filepath.Join(public, fmt.Sprint(len(move.published)))
		if err := os.MkdirAll(move.dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(move.dir, dir); err != nil {
			t.Fatal(err)
		}
		move.dir = dir
	}
	program, err := os.ReadFile(h.program)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(public, "program")
	if err := os.WriteFile(copied, program, 0o755); err != nil {
		t.Fatal(err)
	}
	h.program, other.program = copied, copied
	readOnly(t, public)
	as := func(cmd *exec.Cmd) *exec.Cmd {
		if os.Getuid() == 0 {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		}
		return cmd
	}
	h.Forget()
	// What was verified cannot be noted, so the child says that it could not.
	out, err := runChild(as(h.child("whole", "HF_HUB_OFFLINE=1")))
	if err != nil && !strings.Contains(out, "permission denied") || strings.Contains(out, "wrong bytes") {
		t.Errorf("read-only, all there: %v: %s", err, out)
	}
	if n := h.Counts(); n[hubtest.CDN].Requests+n[hubtest.Hub].Requests > 0 {
		t.Errorf("read-only, all there: %v", n)
	}
	out, err = runChild(as(other.child("whole")))
	if err == nil || !strings.Contains(out, "permission denied") {
		t.Errorf("read-only, whole: %v: %s", err, out)
	}
	out, err = runChild(as(other.child("ranges")))
	if err == nil || !strings.Contains(out, "permission denied") || strings.Contains(out, "wrong bytes") || strings.Contains(out, "data/c.parquet:") {
		t.Errorf("read-only, ranges: %v: %s; want right bytes, and a word about the cache", err, out)
	}
	if problems := unsound(other.dir, other.published); problems != nil {
		t.Errorf("%q", problems)
	}
}

// readOnly takes the right to write from every folder below, until the test
// ends.
func readOnly(t *testing.T, dir string) {
	t.Helper()
	set := func(mode os.FileMode) {
		_ = filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				err = os.Chmod(name, mode)
			}
			return err
		})
	}
	set(0o555)
	t.Cleanup(func() { set(0o755) })
}
