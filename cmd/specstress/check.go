package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/internal/label"
	"github.com/specstress/specstress/loaders"
)

func newCheck() *cobra.Command {
	var source sourceFlags
	cmd := &cobra.Command{
		Use:   "check SRC...",
		Short: "Test every assumption about the dataset; quotes no text of it, so the output can be pasted into an issue",
		Args:  wants(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			p := newProgress()
			defer p.clear()
			d, conds, err := source.open(cmd.Context(), args, p.rows)
			if err != nil {
				return err
			}
			if len(conds) > 0 {
				return usageError{fmt.Errorf("check looks at whole splits: --where is not for it")}
			}
			findings, err := d.Check(cmd.Context())
			if err != nil {
				return err
			}
			p.clear()
			return writeFindings(cmd, d, findings)
		},
	}
	source.register(cmd)
	return cmd
}

func writeFindings(cmd *cobra.Command, d *loaders.Dataset, findings []loaders.Finding) error {
	w := &strings.Builder{}
	provenance, why := d.Provenance()
	fmt.Fprintf(w, "%s (%s)\n", provenance, why)
	for _, warning := range d.Warnings() {
		fmt.Fprintf(w, "warning: %v\n", warning)
	}
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tw, "OUTCOME\tSUBJECT\tASSUMPTION\tEXPECTED\tFOUND\tAFFECTS")
	count := map[loaders.Outcome]int{}
	for _, f := range findings {
		count[f.Outcome]++
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\n", f.Outcome, f.Subject, f.Assumption, f.Expected, f.Found, f.Affects)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "%d hold, %d differ, %d not tested\n", count[loaders.Holds], count[loaders.Differs], count[loaders.NotTested])
	_, err := io.WriteString(cmd.OutOrStdout(), label.Plain(w.String()))
	return err
}
