//go:build unix

package kernel

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

func start(ctx context.Context, root, connection string, opt StartOptions) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	if err := CheckRoot(root); err != nil {
		return fmt.Errorf("kernel: %w; if the clone was moved, repeat: specstress kernel install", err)
	}
	if connection, err = filepath.Abs(connection); err != nil {
		return err
	}
	if _, err := os.Stat(connection); err != nil {
		return fmt.Errorf("kernel: connection file: %w", err)
	}
	tools, built, err := FindTools(root)
	if err == nil && !built {
		tools, err = BuildTools(ctx, root, func(s string) { fmt.Fprintln(os.Stderr, "specstress:", s, "...") })
	}
	if err != nil {
		return err
	}
	if opt.NoCompletion {
		tools.Gopls = ""
	}
	tmp, err := tmpRoot()
	if err != nil {
		return err
	}
	sweep(tmp)
	// exec keeps the process id, so the folder's name says whose it is.
	dir := filepath.Join(tmp, strconv.Itoa(os.Getpid()))
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	if err := claim(dir, tools, time.Now()); err != nil {
		return err
	}
	if cache, err := home(); err == nil {
		sweepTools(cache, tmp, time.Now())
	}
	env, err := environment(root, dir, tools)
	if err != nil {
		return err
	}
	if err := logToFile(); err != nil {
		return err
	}
	return syscall.Exec(tools.GoNB, []string{tools.GoNB, "--kernel", connection, "-raw_error=true"}, env)
}

// environment is that of the kernel and its cells.
func environment(root, tmp string, tools Tools) ([]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	set := [][2]string{
		{EnvBin, self},
		{EnvRoot, root},
		{EnvData, os.Getenv(EnvData)},
		{"SPECSTRESS_GO", tools.Go},
		{"SPECSTRESS_PLANS", tools.Plans},
		{"SPECSTRESS_GOPLS", tools.Gopls},
		{"TMPDIR", tmp},
		{"PATH", tools.Shims + string(os.PathListSeparator) + filepath.Dir(tools.Go) + string(os.PathListSeparator) + os.Getenv("PATH")},
	}
	for _, s := range set {
		if err := os.Setenv(s[0], s[1]); err != nil {
			return nil, err
		}
	}
	return os.Environ(), nil
}

// logLimit is where a log is set aside and a new one begun.
const logLimit = 4 << 20

// logToFile sends standard output and standard error to the log.
func logToFile() error {
	path, err := LogPath()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && info.Size() > logLimit {
		_ = os.Rename(path, path+".old") // another kernel may have done it
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	for _, fd := range []int{1, 2} {
		if err := dup(int(f.Fd()), fd); err != nil {
			return err
		}
	}
	return f.Close()
}
