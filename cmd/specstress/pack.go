package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newPack() *cobra.Command {
	var source sourceFlags
	var lines bool
	cmd := &cobra.Command{
		Use:   "pack SRC...",
		Short: "Write a source's packed form, which notebook cells read; print the file",
		Args:  wants(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			p := newProgress()
			defer p.clear()
			rows := p.rows
			if lines {
				rows = func(split string, done, total int) {
					fmt.Fprintf(cmd.ErrOrStderr(), "progress %d %d %s\n", done, total, split)
				}
			}
			d, conds, err := source.open(cmd.Context(), args, rows)
			if err != nil {
				return err
			}
			if len(conds) > 0 {
				return usageError{fmt.Errorf("pack takes whole splits: --where is not for it")}
			}
			file, err := d.Pack(cmd.Context())
			if err != nil {
				return err
			}
			p.clear()
			_, err = fmt.Fprintln(cmd.OutOrStdout(), file)
			return err
		},
	}
	source.register(cmd)
	cmd.Flags().BoolVar(&lines, "progress-lines", false, "tell on standard error how far it is, in lines for a program: progress DONE TOTAL SPLIT")
	return cmd
}
