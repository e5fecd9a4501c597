//go:build unix

// Command cellgo stands in for go, goimports and gopls on the PATH of the
// notebook kernel; see package shim. It is a program of its own because a
// cell starts it three times: it links nothing that takes time to start.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/specstress/specstress/internal/shim"
)

func main() {
	name := strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
	var err error
	switch name {
	case "go":
		err = goCommand(os.Args[1:])
	case "goimports":
		err = goimports(os.Args[1:])
	case "gopls":
		err = gopls(os.Args[1:])
	default:
		err = fmt.Errorf("call it go, goimports or gopls, not %s", name)
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		os.Exit(exit.ExitCode())
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "specstress %s: %v\n", name, err)
		os.Exit(1)
	}
}

func goCommand(args []string) error {
	if len(args) > 1 && args[0] == "toolexec" {
		shim.Note(args[1:])
		return syscall.Exec(args[1], args[1:], os.Environ())
	}
	command, root := os.Getenv("SPECSTRESS_GO"), os.Getenv("SPECSTRESS_ROOT")
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	// !go in a cell runs in the notebook's folder and means the real one.
	inCell := filepath.Clean(dir) == filepath.Clean(os.Getenv("GONB_TMP_DIR"))
	switch {
	case !inCell || len(args) == 0:
	case len(args) == 3 && args[0] == "mod" && args[1] == "init":
		return shim.WriteModule(dir, root, args[2])
	case args[0] == "get" && (len(args) == 1 || len(args) == 2 && args[1] == "-t"):
		return nil
	case args[0] == "build" || args[0] == "test":
		g := &shim.Go{Command: command, Root: root, Dir: dir, Env: os.Environ(), Plans: os.Getenv("SPECSTRESS_PLANS")}
		g.Self, _ = os.Executable() // "" has go build every cell
		output, err := g.Build(args)
		os.Stdout.Write(bytes.TrimRight(output, "\n")) // GoNB shows an empty line as an empty message
		return err
	}
	return syscall.Exec(command, append([]string{command}, args...), os.Environ())
}

// goimports is called with -w and a file.
func goimports(args []string) error {
	if len(args) != 2 || args[0] != "-w" {
		return errors.New("usage: goimports -w FILE")
	}
	src, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	module, err := shim.ModulePath(os.Getenv("SPECSTRESS_ROOT"))
	if err != nil {
		return err
	}
	if src, err = shim.FixImports(src, shim.Table(module)); err != nil {
		return err
	}
	return os.WriteFile(args[1], src, 0o644)
}
