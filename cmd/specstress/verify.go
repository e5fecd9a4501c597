package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/reproduce"
)

func newVerify() *cobra.Command {
	var source sourceFlags
	var data, only []string
	var asJSON, all bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Lay every number that the paper prints beside ours",
		Long: `Lay every number that the paper prints beside ours: the difference, the
status that docs/results.md explains, whether our interval holds the paper's
number, what is missing where there is none of ours, and where the paper is at
odds with itself. Numbers of synthetic or other data are not compared.`,
		Args: wants(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			p := newProgress()
			defer p.clear()
			d, conds, err := source.open(cmd.Context(), data, nil)
			if err != nil {
				return err
			}
			v, err := reproduce.Verify(cmd.Context(), d, only, reproduce.Options{Where: conds, Workers: source.workers, Progress: p.step})
			if errors.Is(err, analysis.ErrUnknownName) && len(conds) == 0 {
				return usageError{err}
			}
			if err != nil {
				return err
			}
			p.clear()
			if !asJSON {
				return v.WriteText(cmd.OutOrStdout(), all)
			}
			b, err := v.JSON()
			if err != nil {
				return err
			}
			_, err = cmd.OutOrStdout().Write(b)
			return err
		},
	}
	source.register(cmd)
	cmd.Flags().StringArrayVar(&data, "data", []string{"sample"}, "source; repeatable for several files")
	cmd.Flags().StringSliceVar(&only, "only", nil, "ids, or beginnings of ids as in judges or compliance.fig2")
	cmd.Flags().BoolVar(&asJSON, "json", false, "machine-readable output: {\"results\": [...]} as in results.json")
	cmd.Flags().BoolVar(&all, "all", false, "a line for each number that cannot be computed, too")
	return cmd
}
