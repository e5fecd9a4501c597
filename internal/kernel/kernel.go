package kernel

import (
	"context"
	"path/filepath"
)

// Env of a cell's program and, through it, of package nb.
const (
	EnvBin  = "SPECSTRESS_BIN"  // the command, for what a cell cannot do itself
	EnvRoot = "SPECSTRESS_ROOT" // the repository
	EnvData = "SPECSTRESS_DATA" // the default source, may be empty

	// Who chose the default source, if it was not the user by EnvData
	// itself: an option of the command or "nobody"; then a space and the
	// source.
	EnvDataBy = "SPECSTRESS_DATA_BY"
)

// StartOptions: the zero value is a kernel for people.
type StartOptions struct {
	NoCompletion bool // do without gopls, for notebooks run by a program
}

// Start becomes the kernel for the repository at root; it returns only with
// an error. Connection is Jupyter's connection file.
func Start(ctx context.Context, root, connection string, opt StartOptions) error {
	return start(ctx, root, connection, opt)
}

// LogPath is where kernels write what GoNB would print in the terminal of
// JupyterLab, lines marked as errors that are none among it.
func LogPath() (string, error) {
	dir, err := home()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "kernel.log"), nil
}
