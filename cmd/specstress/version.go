package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/internal/reproduce"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  wants(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "specstress %s (%s, %s/%s)\n", reproduce.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
