package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/loaders/sample"
)

func newSample() *cobra.Command {
	var out string
	var opt sample.Options
	cmd := &cobra.Command{
		Use:   "sample --out DIR",
		Short: "Write the synthetic sample: the published dataset's shape with simulated numbers",
		Args:  wants(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if out == "" {
				return usageError{fmt.Errorf("sample: --out DIR is needed")}
			}
			if err := sample.Write(cmd.Context(), out, opt); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "synthetic sample in %s; read it with --data %s\n", out, out)
			return err
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "folder to write")
	cmd.Flags().IntVar(&opt.Rows, "rows", 0, "scenarios of config complete; 0 means as many as published")
	cmd.Flags().Uint64Var(&opt.Seed, "seed", 1, "seed; equal seeds give equal bytes")
	cmd.Flags().BoolVar(&opt.Text, "text", false, "with simulated responses: about 8 GB at full size")
	cmd.Flags().IntVar(&opt.Workers, "workers", 0, "goroutines; 0 means one per core")
	return cmd
}
