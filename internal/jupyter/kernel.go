package jupyter

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// A Command says how a kernel is started.
type Command struct {
	Args []string // program and arguments; {connection_file} stands for the file's path
	Dir  string   // working folder of kernel and cells; "" for the current one
	Env  []string // added to this process's environment
	Log  io.Writer
}

// A Kernel is a running kernel with a client.
type Kernel struct {
	*Client
	cmd    *exec.Cmd
	mark   string
	dir    string // of the connection file
	tail   *tail
	exited chan struct{}
	close  sync.Once
}

// ErrDied means that the kernel's process has ended.
var ErrDied = errors.New("jupyter: the kernel died")

// markName is the variable by which a kernel's descendants are told, for
// cells and language servers may leave its process group.
const markName = "SPECSTRESS_KERNEL_MARK"

// Start starts a kernel and waits until it answers or ctx ends, which then
// leaves no process behind.
func Start(ctx context.Context, command Command) (*Kernel, error) {
	at, err := NewConnection("specstress")
	if err != nil {
		return nil, err
	}
	k := &Kernel{mark: randomHex(16), tail: &tail{also: command.Log}, exited: make(chan struct{})}
	if k.dir, err = os.MkdirTemp("", "specstress-run-"); err != nil {
		return nil, fmt.Errorf("jupyter: %w", err)
	}
	file := filepath.Join(k.dir, "connection.json")
	if err := at.WriteFile(file); err != nil {
		os.RemoveAll(k.dir)
		return nil, fmt.Errorf("jupyter: %w", err)
	}
	args := make([]string, len(command.Args))
	for i, a := range command.Args {
		args[i] = strings.ReplaceAll(a, "{connection_file}", file)
	}
	k.cmd = exec.Command(args[0], args[1:]...)
	k.cmd.Dir = command.Dir
	k.cmd.Env = append(append(os.Environ(), command.Env...), markName+"="+k.mark)
	k.cmd.Stdout, k.cmd.Stderr = k.tail, k.tail
	k.cmd.WaitDelay = time.Second // a descendant may hold on to the pipes
	ownGroup(k.cmd)
	if err := k.cmd.Start(); err != nil {
		os.RemoveAll(k.dir)
		return nil, fmt.Errorf("jupyter: start the kernel: %w", err)
	}
	go func() {
		k.cmd.Wait()
		close(k.exited)
	}()
	dialing, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-k.exited:
			cancel()
		case <-dialing.Done():
		}
	}()
	if k.Client, err = Dial(dialing, at); err != nil {
		if died := k.died(); died != nil && ctx.Err() == nil {
			err = died
		}
		k.Close()
		return nil, err
	}
	return k, nil
}

// Execute runs a cell, see [Client.Execute]. When the kernel dies meanwhile
// the error is ErrDied with the last lines that it wrote.
func (k *Kernel) Execute(ctx context.Context, code string, h Handler) (Reply, error) {
	reply, err := k.Client.Execute(ctx, code, h)
	if errors.Is(err, ErrLost) {
		select { // the process ends shortly after its sockets
		case <-k.exited:
		case <-time.After(2 * time.Second):
		}
		if died := k.died(); died != nil {
			return reply, died
		}
	}
	return reply, err
}

// died is nil while the process runs.
func (k *Kernel) died() error {
	select {
	case <-k.exited:
	default:
		return nil
	}
	if words := k.tail.String(); words != "" {
		return fmt.Errorf("%w (%v); it wrote last:\n%s", ErrDied, k.cmd.ProcessState, words)
	}
	return fmt.Errorf("%w (%v)", ErrDied, k.cmd.ProcessState)
}

// Close asks the kernel to leave, ends what is left of it and of its
// descendants, and removes the connection file.
func (k *Kernel) Close() {
	k.close.Do(func() {
		defer os.RemoveAll(k.dir)
		if k.Client != nil {
			k.Shutdown() // one that does not hear it is killed below
			k.wait(3 * time.Second)
			k.Client.Close()
		}
		if k.died() == nil {
			terminate(k.cmd)
			k.wait(2 * time.Second)
		}
		sweep(k.cmd, markName+"="+k.mark)
		k.wait(5 * time.Second)
	})
}

func (k *Kernel) wait(limit time.Duration) {
	select {
	case <-k.exited:
	case <-time.After(limit):
	}
}

// A tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	end  []byte
	also io.Writer
}

const tailBytes = 4 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.end = append(t.end, p...); len(t.end) > tailBytes {
		t.end = append([]byte(nil), t.end[len(t.end)-tailBytes:]...)
	}
	if t.also != nil {
		t.also.Write(p) // a log that cannot be written is no reason to stop
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(t.end)), "\n")
	return strings.Join(lines[max(0, len(lines)-12):], "\n")
}
