// Command specstress reproduces "Stress-Testing Model Specs Reveals
// Character Differences among Language Models" (Zhang et al. 2025) from
// its public dataset, or from one's own data of the same kind.
//
// It exits with 0 when the work was done, whatever the results say, with 1
// when it failed and with 2 when it was called wrongly.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/internal/label"
	"github.com/specstress/specstress/loaders/hub" // registers itself, as decoders and sources do
	_ "github.com/specstress/specstress/loaders/parquet"
	_ "github.com/specstress/specstress/loaders/sample"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

// run executes one command line and returns the exit code.
func run(ctx context.Context, args []string) int {
	root := newRoot()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if problem := hub.CacheProblem(); problem != nil {
		fmt.Fprintln(os.Stderr, label.Plain("specstress: not all that was fetched could be kept for the next time: "+problem.Error()))
	}
	var wrong usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &wrong):
		fmt.Fprintln(os.Stderr, label.Plain("specstress: "+err.Error()))
		return 2
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "specstress: interrupted; nothing half-written was left behind")
		return 1
	}
	fmt.Fprintln(os.Stderr, label.Plain("specstress: "+err.Error()))
	return 1
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "specstress",
		Short:         "Stress-test model specs: figures and statistics of Zhang et al. 2025",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("unknown command %q; see specstress --help", args[0])}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see %s --help", err, cmd.CommandPath())}
	})
	root.AddCommand(newReproduce(), newInfo(), newCheck(), newExport(), newPack(), newText(), newSample(), newKernel(), newDoctor(), newRun(), newLab(), newVersion())
	root.AddCommand(newFind(), newShow())
	root.AddCommand(newEmbed(), newSelect())
	root.AddCommand(newFetch(), newCache())
	root.AddCommand(newVerify(), newFigure(), newExplain())
	return root
}

// A usageError is a wrong call, as against work that failed.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// wants checks the number of arguments.
func wants(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{fmt.Errorf("%w; usage: %s", err, cmd.UseLine())}
		}
		return nil
	}
}
