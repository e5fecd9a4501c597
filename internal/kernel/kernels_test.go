//go:build unix

package kernel

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/specstress/specstress/internal/jupyter"
)

// TestKernels interrupts, restarts and kills real kernels, and runs two at
// once.
func TestKernels(t *testing.T) {
	if testing.Short() {
		t.Skip("builds GoNB and compiles cells: half a minute the first time")
	}
	t.Setenv("GOPROXY", "off")
	bin := filepath.Join(t.TempDir(), "specstress")
	if text, err := exec.Command("go", "build", "-o", bin, "github.com/specstress/specstress/cmd/specstress").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	t.Run("two at once", func(t *testing.T) { testTwo(t, bin) })
	t.Run("interrupt", func(t *testing.T) { testInterrupt(t, bin) })
	t.Run("restart", func(t *testing.T) { testRestart(t, bin) })
	t.Run("kill", func(t *testing.T) { testKill(t, bin) })
}

// testTwo: each cell waits for a sign that the other kernel's cell gives, so
// they run at the same time or not at all; and each kernel keeps to its own
// declarations.
func testTwo(t *testing.T, bin string) {
	dir := t.TempDir()
	at := [2]connection{newConnection(t, dir), newConnection(t, dir)}
	failed := make(chan error, len(at))
	for me := range at {
		k := at[me].start(t, bin)
		go func() {
			failed <- func() error {
				if got, err := k.run(fmt.Sprintf("func own(n int) int { return n * %d }", 7+me)); got != "" || err != nil {
					return fmt.Errorf("kernel %d: %q, %v", me, got, err)
				}
				for turn := range 3 {
					cell := fmt.Sprintf("%%%%\n"+
						"nb.Must0(os.WriteFile(\"%[1]d-%[3]d\", nil, 0o600))\n"+
						"for begin := time.Now(); time.Since(begin) < time.Minute; time.Sleep(time.Millisecond) {\n"+
						"\tif _, err := os.Stat(\"%[2]d-%[3]d\"); err == nil {\n"+
						"\t\tfmt.Println(own(%[3]d))\n\t\treturn\n\t}\n}\nfmt.Println(\"alone\")", me, 1-me, turn)
					want := fmt.Sprintf("stdout %d\n", turn*(7+me))
					if got, err := k.run(cell); got != want || err != nil {
						return fmt.Errorf("kernel %d, turn %d: %q, %v, want %q", me, turn, got, err, want)
					}
				}
				return nil
			}()
		}()
	}
	for range at {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
}

// testInterrupt ends a cell that runs for ever, one that hears the signal
// and one that does not; what was declared stays.
func testInterrupt(t *testing.T, bin string) {
	at := newConnection(t, t.TempDir())
	k := at.start(t, bin)
	if _, err := k.run("func answer() int { return 42 }"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, before string
		limit        time.Duration
	}{
		{"that listens", "", 3 * time.Second},
		{"that is deaf", "signal.Ignore(os.Interrupt)\n", 9 * time.Second}, // GoNB kills after 5 s
	} {
		t.Run("a cell "+test.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			var begin time.Time
			heard := listener{hear: func(string) { begin = time.Now(); cancel() }}
			reply, err := k.Execute(ctx, "import \"os/signal\"\n%%\n"+test.before+"fmt.Println(\"looping\")\nfor {\n}", &heard)
			if !errors.Is(err, context.Canceled) || reply.Status != "error" {
				t.Fatalf("got %+v, %v, want the cell interrupted", reply, err)
			}
			if took := time.Since(begin); took > test.limit {
				t.Errorf("the cell went on for %v", took)
			}
			if got, err := k.run("%%\nfmt.Println(answer())"); got != "stdout 42\n" || err != nil {
				t.Errorf("the next cell: %q, %v", got, err)
			}
			if left := cells(t, at.tmp()); len(left) > 0 {
				t.Errorf("programs still run: %v", left)
			}
		})
	}
}

// testRestart does what Jupyter's manager does: it asks the kernel to leave
// and starts another with the same connection file.
func testRestart(t *testing.T, bin string) {
	at := newConnection(t, t.TempDir())
	first := at.start(t, bin)
	if got, err := first.run("func answer() int { return 42 }\n%%\nfmt.Println(answer())"); got != "stdout 42\n" || err != nil {
		t.Fatalf("%q, %v", got, err)
	}
	if err := first.Shutdown(); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-first.exited:
		if err != nil {
			t.Errorf("the kernel left with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the kernel does not leave when asked to")
	}
	second := at.start(t, bin)
	if got, err := second.run("%%\nfmt.Println(answer())"); !strings.Contains(got, "undefined: answer") || err != nil {
		t.Errorf("a declaration of the first kernel in the second: %q, %v", got, err)
	}
	if got, err := second.run("func answer() int { return 43 }\n%%\nfmt.Println(answer())"); got != "stdout 43\n" || err != nil {
		t.Errorf("the second kernel: %q, %v", got, err)
	}
	at.checkFolders(t, second)
}

// testKill kills a kernel whose cell is running. The next start ends the
// cell and takes the folder away; another kernel is left alone.
func testKill(t *testing.T, bin string) {
	dir := t.TempDir()
	killed, other := newConnection(t, dir), newConnection(t, dir)
	k, bystander := killed.start(t, bin), other.start(t, bin)
	if _, err := bystander.run("func answer() int { return 42 }"); err != nil {
		t.Fatal(err)
	}
	heard := listener{hear: func(string) { _ = k.process.Kill() }}
	if _, err := k.Execute(t.Context(), "%%\nfmt.Println(\"looping\")\nfor {\n\ttime.Sleep(time.Millisecond)\n}", &heard); !errors.Is(err, jupyter.ErrLost) {
		t.Fatalf("got %v, want the connection lost", err)
	}
	<-k.exited
	killed.checkFolders(t, k, bystander) // until the next start
	third := newConnection(t, dir).start(t, bin)
	if got, err := third.run("%%\nfmt.Println(1)"); got != "stdout 1\n" || err != nil {
		t.Errorf("the kernel after it: %q, %v", got, err)
	}
	killed.checkFolders(t, bystander, third)
	if left := cells(t, killed.tmp()); len(left) > 0 {
		t.Errorf("programs still run: %v", left)
	}
	if got, err := bystander.run("%%\nfmt.Println(answer())"); got != "stdout 42\n" || err != nil {
		t.Errorf("the other kernel: %q, %v", got, err)
	}
}

// A connection is where a kernel is started, again and again.
type connection struct {
	jupyter.Connection
	dir, file string
}

func newConnection(t *testing.T, dir string) connection {
	t.Helper()
	at, err := jupyter.NewConnection(Name)
	if err != nil {
		t.Fatal(err)
	}
	c := connection{at, dir, filepath.Join(dir, strconv.Itoa(at.ShellPort)+".json")}
	if err := at.WriteFile(c.file); err != nil {
		t.Fatal(err)
	}
	return c
}

// tmp is where kernels have their folders.
func (c connection) tmp() string {
	return filepath.Join(c.dir, fmt.Sprintf("specstress-%d", os.Getuid()))
}

// A running is a kernel with its client. Unlike jupyter.Kernel it cleans
// nothing up, until the test's end.
type running struct {
	*jupyter.Client
	process *os.Process
	exited  chan error
}

func (c connection) start(t *testing.T, bin string) running {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin, "kernel", "start", "--no-completion", root, c.file)
	cmd.Dir, cmd.Env = c.dir, append(os.Environ(), "TMPDIR="+c.dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() {
		exited <- cmd.Wait()
		close(exited)
	}()
	t.Cleanup(func() { // cells included
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-exited
	})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute) // it may have to build GoNB
	defer cancel()
	client, err := jupyter.Dial(ctx, c.Connection)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return running{client, cmd.Process, exited}
}

// run executes a cell and returns what it shows.
func (r running) run(code string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	var heard transcript
	_, err := r.Execute(ctx, code, &heard)
	return heard.String(), err
}

// checkFolders holds the folders of kernels to those of the given ones.
func (c connection) checkFolders(t *testing.T, kernels ...running) {
	t.Helper()
	entries, err := os.ReadDir(c.tmp())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, e := range entries {
		got[e.Name()] = true
	}
	for _, k := range kernels {
		name := strconv.Itoa(k.process.Pid)
		if !got[name] {
			t.Errorf("the folder of kernel %s is gone", name)
		}
		delete(got, name)
	}
	if len(got) > 0 {
		t.Errorf("folders %v are left", got)
	}
}

// cells are the programs that run from below dir, where /proc tells.
func cells(t *testing.T, dir string) (found []string) {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if path, err := os.Readlink(link); err == nil && strings.HasPrefix(path, dir) {
			found = append(found, path)
		}
	}
	return found
}

// A listener is told when a cell first writes.
type listener struct {
	transcript
	hear func(text string)
}

func (l *listener) Stream(name, text string) {
	if l.hear != nil {
		l.hear(text)
		l.hear = nil
	}
	l.transcript.Stream(name, text)
}
