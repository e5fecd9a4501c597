package main

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/internal/kernel"
	"github.com/specstress/specstress/internal/reproduce"
)

func newDoctor() *cobra.Command {
	var at where
	var root string
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look at what notebooks need, and say what to do",
		Args:  wants(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			found, err := findRoot(root)
			if err != nil {
				found = ""
			}
			checks := kernel.Examine(cmd.Context(), found, at.prefix)
			tw := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
			fmt.Fprintf(tw, "ok\tspecstress\t%s\n", reproduce.Version)
			broken := 0
			for _, c := range checks {
				fmt.Fprintf(tw, "%s\t%s\t%s\n", c.Outcome, c.Subject, c.Found)
				if c.Do != "" {
					fmt.Fprintf(tw, "\t\t  → %s\n", c.Do)
				}
				if c.Outcome == kernel.Broken {
					broken++
				}
			}
			if path, err := kernel.LogPath(); err == nil {
				fmt.Fprintf(tw, "\tkernel's log\t%s\n", path)
			}
			if err := tw.Flush(); err != nil {
				return err
			}
			if broken > 0 {
				return errors.New("doctor: not all works; see the lines marked fail")
			}
			return nil
		},
	}
	at.register(cmd)
	cmd.Flags().StringVar(&root, "root", "", "the clone; by default the one here")
	return cmd
}
