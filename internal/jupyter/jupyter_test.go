package jupyter

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/specstress/specstress/internal/jupyter/fakekernel"
)

func TestMain(m *testing.M) {
	fakekernel.Main()
	os.Exit(m.Run())
}

// TestSign compares with Python:
//
//	hmac.new(b"a0436f6c-1916-498b-8eb9-e81ab9368e84", b'{"a": 1}{}{}{"code": "1+1"}', "sha256").hexdigest()
func TestSign(t *testing.T) {
	parts := [][]byte{[]byte(`{"a": 1}`), []byte(`{}`), []byte(`{}`), []byte(`{"code": "1+1"}`)}
	const want = "fcbb77b7763c6d42803d7a33ffb19bc9e56774d85d789509105520ef46fef79b"
	if got := string(sign([]byte("a0436f6c-1916-498b-8eb9-e81ab9368e84"), parts)); got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
	if got := sign(nil, parts); got != nil {
		t.Errorf("signature without a key: %s", got)
	}
}

func TestDecode(t *testing.T) {
	key := []byte("key")
	m, err := newMessage("session", "execute_request", map[string]string{"code": "x"})
	if err != nil {
		t.Fatal(err)
	}
	m.Route = [][]byte{[]byte("id")}
	frames, err := m.encode(key)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode(key, frames)
	if err != nil || got.Header != m.Header || string(got.Content) != `{"code":"x"}` || string(got.Route[0]) != "id" {
		t.Errorf("%v: got %+v, want %+v", err, got, m)
	}
	if _, err := decode([]byte("other"), frames); !errors.Is(err, errSignature) {
		t.Errorf("another key: %v", err)
	}
	frames[len(frames)-1] = []byte(`{"code":"y"}`)
	if _, err := decode(key, frames); !errors.Is(err, errSignature) {
		t.Errorf("changed content: %v", err)
	}
	for n := range frames {
		if _, err := decode(key, frames[:n]); err == nil {
			t.Errorf("the first %d frames are taken for a message", n)
		}
	}
}

// seen notes what a handler is told.
type seen []string

func (s *seen) add(format string, args ...any)      { *s = append(*s, fmt.Sprintf(format, args...)) }
func (s *seen) Stream(name, text string)            { s.add("%s %d %.30q", name, len(text), text) }
func (s *seen) Display(b Bundle, id string)         { s.add("display %s %v", id, b.Data) }
func (s *seen) Update(b Bundle, id string)          { s.add("update %s %v", id, b.Data) }
func (s *seen) Result(b Bundle, n int)              { s.add("result %d %v", n, b.Data) }
func (s *seen) Clear(wait bool)                     { s.add("clear %v", wait) }
func (s *seen) Error(name, text string, _ []string) { s.add("error %s %s", name, text) }

func start(t *testing.T, mode string) *Kernel {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	k, err := Start(ctx, Command{Args: []string{os.Args[0], "{connection_file}"}, Env: []string{fakekernel.Variable + "=" + mode}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Close)
	return k
}

func TestExecute(t *testing.T) {
	k := start(t, "1")
	for _, c := range []struct {
		name, code string
		want       seen
		reply      Reply
	}{
		{"nothing", "", nil, Reply{Status: "ok", Count: 1}},
		{"streams", "print a\\n\nstderr b", seen{`stdout 2 "a\n"`, `stderr 1 "b"`}, Reply{Status: "ok", Count: 2}},
		{"bundles", "display text/plain d\nshow i text/html s\nupdate i text/html u\nresult text/plain 7\nclear",
			seen{"display  map[text/plain:d]", "display i map[text/html:s]", "update i map[text/html:u]", "result 3 map[text/plain:7]", "clear true"}, Reply{Status: "ok", Count: 3}},
		{"an error", "print x\nfail Compile no such name\nprint never", seen{`stdout 1 "x"`, "error Compile no such name"}, Reply{"error", 4, "Compile", "no such name"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got seen
			reply, err := k.Execute(t.Context(), c.code, &got)
			if err != nil {
				t.Fatal(err)
			}
			if reply != c.reply || !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v %q, want %+v %q", reply, got, c.reply, c.want)
			}
		})
	}
	t.Run("1000 messages of 64 kB", func(t *testing.T) {
		var got seen
		if _, err := k.Execute(t.Context(), "flood 1000", &got); err != nil || len(got) != 1000 {
			t.Errorf("%d messages, %v", len(got), err)
		}
	})
	t.Run("questions beside cells", func(t *testing.T) {
		info, err := k.KernelInfo(t.Context())
		if err != nil || info["name"] != "go" {
			t.Errorf("info %v, %v", info, err)
		}
		matches, from, to, err := k.Complete(t.Context(), "fmt.Print", 9)
		if err != nil || !reflect.DeepEqual(matches, []string{"fmt.Println"}) || from != 0 || to != 9 {
			t.Errorf("completions %v %d %d, %v", matches, from, to, err)
		}
		data, err := k.Inspect(t.Context(), "main", 4)
		if err != nil || data["text/plain"] != "func main" {
			t.Errorf("inspection %v, %v", data, err)
		}
		if err := k.Heartbeat(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestInterrupt(t *testing.T) {
	k := start(t, "1")
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	var got seen
	_, err := k.Execute(ctx, "print before\nwait", &got)
	want := seen{`stdout 6 "before"`, "error Interrupted signal: interrupt"}
	if !errors.Is(err, context.DeadlineExceeded) || !reflect.DeepEqual(got, want) {
		t.Errorf("error %v, seen %q, want %q", err, got, want)
	}
	if reply, err := k.Execute(t.Context(), "print after", &seen{}); err != nil || reply.Status != "ok" {
		t.Errorf("the cell after an interrupted one: %+v, %v", reply, err)
	}
}

func TestInput(t *testing.T) {
	k := start(t, "1")
	if _, err := k.Execute(t.Context(), "input", &seen{}); !errors.Is(err, ErrInput) {
		t.Errorf("error %v, want ErrInput", err)
	}
}

func TestDeath(t *testing.T) {
	k := start(t, "1")
	var got seen
	_, err := k.Execute(t.Context(), "print last words\ndie", &got)
	if !errors.Is(err, ErrDied) || !strings.Contains(err.Error(), "exit status 7") || !strings.Contains(err.Error(), "dying as told") {
		t.Errorf("error %v", err)
	}
	if _, err := k.Execute(t.Context(), "print x", &seen{}); !errors.Is(err, ErrDied) {
		t.Errorf("after its death: %v", err)
	}
}

func TestStartFails(t *testing.T) {
	if _, err := Start(t.Context(), Command{Args: []string{filepath.Join(t.TempDir(), "none")}}); err == nil {
		t.Error("no error for a program that is not there")
	}
	_, err := Start(t.Context(), Command{Args: []string{os.Args[0], "x"}, Env: []string{fakekernel.Variable + "=stillborn"}})
	if !errors.Is(err, ErrDied) || !strings.Contains(err.Error(), "no such thing") {
		t.Errorf("a kernel that ends at once: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	_, err = Start(ctx, Command{Args: []string{os.Args[0], "x"}, Env: []string{fakekernel.Variable + "=mute"}})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a kernel that never listens: %v", err)
	}
}

// TestClose leaves no process and no file, not even of a cell that hangs
// and of a process that left the kernel's group.
func TestClose(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("processes outside the kernel's group are found through /proc, which only Linux has")
	}
	k := start(t, "1")
	var pid pidOf
	if _, err := k.Execute(t.Context(), "leave", &pid); err != nil || pid.id == 0 {
		t.Fatalf("process %d, %v", pid.id, err)
	}
	go k.Execute(context.WithoutCancel(t.Context()), "hang", &seen{})
	time.Sleep(50 * time.Millisecond)
	k.Close()
	for _, id := range []int{k.cmd.Process.Pid, pid.id} {
		if state := stateOf(id); state != "" && state != "Z" {
			t.Errorf("process %d still runs: %s", id, state)
		}
	}
	if _, err := os.Stat(k.dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%s is still there: %v", k.dir, err)
	}
}

type pidOf struct {
	seen
	id int
}

func (p *pidOf) Stream(_, text string) { p.id, _ = strconv.Atoi(text) }

// stateOf is the state letter of a process after giving it time to end; ""
// when it is gone.
func stateOf(pid int) string {
	state := ""
	for range 50 {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return ""
		}
		if state = strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))[0]; state == "Z" {
			return state
		}
		time.Sleep(20 * time.Millisecond)
	}
	return state
}

// TestPythonKernel talks to a kernel that others wrote.
func TestPythonKernel(t *testing.T) {
	if testing.Short() {
		t.Skip("starts Python")
	}
	if err := exec.Command("python3", "-c", "import ipykernel").Run(); err != nil {
		t.Skipf("python3 has no ipykernel: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	k, err := Start(ctx, Command{Args: []string{"python3", "-m", "ipykernel_launcher", "-f", "{connection_file}"}})
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	var got seen
	if reply, err := k.Execute(ctx, "print(6 * 7)\n'x'", &got); err != nil || reply.Status != "ok" || !reflect.DeepEqual(got, seen{`stdout 3 "42\n"`, "result 1 map[text/plain:'x']"}) {
		t.Errorf("%+v, %v, seen %q", reply, err, got)
	}
	if reply, err := k.Execute(ctx, "1/0", &seen{}); err != nil || reply.EName != "ZeroDivisionError" {
		t.Errorf("an error: %+v, %v", reply, err)
	}
	short, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	defer cancel()
	if reply, err := k.Execute(short, "while True: pass", &seen{}); !errors.Is(err, context.DeadlineExceeded) || reply.EName != "KeyboardInterrupt" {
		t.Errorf("an endless cell: %+v, %v", reply, err)
	}
	if reply, err := k.Execute(ctx, "input()", &seen{}); err != nil || reply.EName != "StdinNotImplementedError" {
		t.Errorf("a question: %+v, %v", reply, err)
	}
	if matches, _, _, err := k.Complete(ctx, "impor", 5); err != nil || !slices.Contains(matches, "import") {
		t.Errorf("completions %v, %v", matches, err)
	}
	if err := k.Heartbeat(ctx); err != nil {
		t.Error(err)
	}
}
