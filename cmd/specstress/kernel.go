package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/internal/kernel"
)

func newKernel() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "kernel",
		Short: "Install the Jupyter kernel for notebooks, or start it",
		Args:  wants(cobra.NoArgs),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newKernelInstall(), newKernelUninstall(), newKernelStart())
	return cmd
}

// where names the place of a kernelspec.
type where struct {
	user   bool
	prefix string
}

func (w *where) register(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&w.user, "user", false, "for this user (the default)")
	cmd.Flags().StringVar(&w.prefix, "prefix", "", "for one Python environment: its folder")
	cmd.MarkFlagsMutuallyExclusive("user", "prefix")
}

func newKernelInstall() *cobra.Command {
	var at where
	var root string
	cmd := &cobra.Command{
		Use:   "install",
		Short: "Make the kernel " + kernel.DisplayName + " known to Jupyter, and build what cells need",
		Args:  wants(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			root, err := findRoot(root)
			if err != nil {
				return err
			}
			bin, err := os.Executable()
			if err != nil {
				return err
			}
			if strings.Contains(filepath.ToSlash(bin), "/go-build") {
				return usageError{fmt.Errorf("kernel install: a command made by go run is gone when it ends; build it: make build, then bin/specstress kernel install")}
			}
			dir, err := kernel.SpecDir(at.prefix)
			if err != nil {
				return err
			}
			say := func(s string) { fmt.Fprintln(cmd.ErrOrStderr(), s, "...") }
			tools, err := kernel.BuildTools(cmd.Context(), root, say)
			if err != nil {
				return err
			}
			say("compiling what cells import")
			if err := kernel.Warm(root, tools); err != nil {
				return err
			}
			if err := kernel.WriteSpec(dir, kernel.NewSpec(bin, root)); err != nil {
				return err
			}
			if _, err := kernel.BuildCompletion(cmd.Context(), root, tools, say); err != nil {
				if cmd.Context().Err() != nil {
					return err
				}
				why, _, _ := strings.Cut(err.Error(), "\n")
				fmt.Fprintf(cmd.ErrOrStderr(), "warning: no completion in cells; building gopls needs the network once: %s\n", why)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "kernel %q installed in %s\n", kernel.DisplayName, dir)
			return err
		},
	}
	at.register(cmd)
	cmd.Flags().StringVar(&root, "root", "", "the clone whose packages cells import; by default the one here")
	return cmd
}

// findRoot returns the clone to use: the one named, the one the current
// folder lies in, or the one the command was built in.
func findRoot(root string) (string, error) {
	if root != "" {
		abs, err := filepath.Abs(root)
		if err != nil {
			return "", err
		}
		return abs, kernel.CheckRoot(abs)
	}
	found, err := kernel.FindRoot(".")
	if err == nil {
		return found, nil
	}
	if bin, binErr := os.Executable(); binErr == nil {
		if found, binErr := kernel.FindRoot(filepath.Dir(bin)); binErr == nil {
			return found, nil
		}
	}
	return "", err
}

func newKernelUninstall() *cobra.Command {
	var at where
	cmd := &cobra.Command{
		Use:   "uninstall",
		Short: "Take the kernel away from Jupyter",
		Args:  wants(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := kernel.SpecDir(at.prefix)
			if err != nil {
				return err
			}
			removed, err := kernel.RemoveSpec(dir)
			if err != nil {
				return err
			}
			text := "removed " + dir
			if !removed {
				text = "no kernel in " + dir
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), text)
			return err
		},
	}
	at.register(cmd)
	return cmd
}

func newKernelStart() *cobra.Command {
	var opt kernel.StartOptions
	cmd := &cobra.Command{
		Use:    "start ROOT CONNECTION_FILE",
		Short:  "Be the kernel; Jupyter calls this",
		Hidden: true,
		Args:   wants(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return kernel.Start(cmd.Context(), args[0], args[1], opt)
		},
	}
	cmd.Flags().BoolVar(&opt.NoCompletion, "no-completion", false, "start no gopls")
	return cmd
}
