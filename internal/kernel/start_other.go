//go:build !unix

package kernel

import (
	"context"
	"errors"
	"os"
	"path/filepath"
)

var errSystem = errors.New("kernel: notebooks run on Linux and macOS; on Windows use the Windows Subsystem for Linux (WSL)")

func start(context.Context, string, string, StartOptions) error { return errSystem }

func tmpRoot() (string, error) { return filepath.Join(os.TempDir(), "specstress"), errSystem }
