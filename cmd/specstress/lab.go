package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/internal/kernel"
	"github.com/specstress/specstress/loaders"
)

// jupyterLabVersion is what a private environment gets. The kernel does not
// depend on it; it is the version that the browser test drives.
const jupyterLabVersion = "4.6.6"

func newLab() *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "lab [-- ARGUMENTS OF JUPYTER-LAB]",
		Short: "Open the notebooks in JupyterLab with the kernel ready",
		Long: "Uses the jupyter-lab on PATH; where there is none, makes a private environment with JupyterLab " +
			jupyterLabVersion + " in the cache folder, which needs Python 3 and, the first time, a network.",
		RunE: func(cmd *cobra.Command, args []string) error {
			root, err := findRoot("")
			if err != nil {
				return err
			}
			cache, err := loaders.CacheDir()
			if err != nil {
				return err
			}
			say := func(s string) { fmt.Fprintln(cmd.ErrOrStderr(), s, "...") }
			lab, err := findLab(cmd.Context(), cache, say)
			if err != nil {
				return err
			}
			self, err := os.Executable()
			if err != nil {
				return err
			}
			// Our own prefix: nothing is written into anybody's Jupyter.
			prefix := filepath.Join(cache, "jupyter")
			if err := attached(cmd, self, "kernel", "install", "--prefix", prefix, "--root", root).Run(); err != nil {
				return fmt.Errorf("lab: kernel install: %w", err)
			}
			c := attached(cmd, lab, append([]string{"--notebook-dir=" + filepath.Join(root, "notebooks")}, args...)...)
			c.Env = append(os.Environ(), "JUPYTER_PATH="+joinPath(filepath.Join(prefix, "share", "jupyter"), os.Getenv("JUPYTER_PATH")))
			if data != "" {
				c.Env = append(c.Env, kernel.EnvData+"="+data, kernel.EnvDataBy+"=--data "+data)
			}
			if err := c.Run(); err != nil && cmd.Context().Err() == nil {
				return fmt.Errorf("lab: %s: %w", lab, err)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&data, "data", "", "source of notebooks that name none; by default the sample")
	return cmd
}

// attached is a command on this one's terminal. It is told to stop, not
// killed, when the context ends.
func attached(cmd *cobra.Command, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(cmd.Context(), name, args...)
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.Stdin, c.Stdout, c.Stderr = cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr()
	return c
}

// joinPath puts one folder before a list of folders that may be empty.
func joinPath(first, rest string) string {
	if rest == "" {
		return first
	}
	return first + string(os.PathListSeparator) + rest
}

// findLab returns the jupyter-lab to run.
func findLab(ctx context.Context, cache string, say func(string)) (string, error) {
	if lab, err := exec.LookPath("jupyter-lab"); err == nil {
		return lab, nil
	}
	dir := filepath.Join(cache, "jupyterlab-"+jupyterLabVersion)
	bin := filepath.Join(dir, "bin")
	if runtime.GOOS == "windows" {
		bin = filepath.Join(dir, "Scripts")
	}
	lab, complete := filepath.Join(bin, "jupyter-lab"), filepath.Join(dir, "complete")
	if _, err := os.Stat(complete); err == nil {
		return lab, nil
	}
	python, err := findPython()
	if err != nil {
		return "", err
	}
	say("no jupyter-lab on PATH; making a private environment with JupyterLab " + jupyterLabVersion)
	// Scripts of an environment hold its path, so it cannot be moved into
	// place when it is whole: the last file written says that it is.
	if err := os.RemoveAll(dir); err != nil {
		return "", fmt.Errorf("lab: %w", err)
	}
	for _, step := range [][]string{
		{python, "-m", "venv", dir},
		{filepath.Join(bin, "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "jupyterlab==" + jupyterLabVersion},
	} {
		if out, err := exec.CommandContext(ctx, step[0], step[1:]...).CombinedOutput(); err != nil {
			return "", errors.Join(fmt.Errorf("lab: %s: %w\n%s\nInstall JupyterLab yourself (pip install jupyterlab) and try again", step[0], err, out), os.RemoveAll(dir))
		}
	}
	return lab, os.WriteFile(complete, nil, fs.FileMode(0o644))
}

func findPython() (string, error) {
	for _, name := range []string{"python3", "python"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("lab: neither jupyter-lab nor python3 is on PATH; install Python 3.9 or later and try again, or JupyterLab in any way you like (https://jupyter.org/install). Without Python, specstress run executes the notebooks and writes them as pages")
}
