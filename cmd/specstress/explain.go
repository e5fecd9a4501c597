package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/explain"
)

func newExplain() *cobra.Command {
	var source sourceFlags
	var data []string
	var asJSON, sql bool
	cmd := &cobra.Command{
		Use:   "explain [ID...]",
		Short: "Say what a number is, where it comes from, and how to get it without this program",
		Long: `Say what a number of results.json or of the paper is: its definition and page,
the function that computes it, how many of how many, what was left out and
why, and a query with which DuckDB gives the same number from the same files; or
why SQL cannot, and which command compares the number with another program.

    specstress explain judges.fleiss.binary --data DIR
    specstress explain judges.fleiss.binary --data DIR --sql | duckdb

An ID may be the beginning of several, as in judges.flag_rate. Without one,
--json explains all.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 && !asJSON {
				return usageError{errors.New("which number? results.json and docs/results.md have the ids, as in judges.fleiss.binary")}
			}
			if sql && asJSON {
				return usageError{errors.New("--sql or --json, not both")}
			}
			p := newProgress()
			defer p.clear()
			d, conds, err := source.open(cmd.Context(), data, nil)
			if err != nil {
				return err
			}
			if len(conds) > 0 {
				return usageError{errors.New("--where: numbers are explained over all rows, for the queries read the files as they are")}
			}
			all, m, err := explain.All(cmd.Context(), d, args, explain.Options{
				Taxonomy: source.taxonomy, Labels: source.labels, Labellers: source.labellers, Renamed: len(source.columns) > 0, Workers: source.workers, Progress: p.step})
			if errors.Is(err, analysis.ErrUnknownName) {
				return usageError{err}
			}
			if err != nil {
				return err
			}
			p.clear()
			w := cmd.OutOrStdout()
			if asJSON {
				e := json.NewEncoder(w)
				e.SetEscapeHTML(false)
				e.SetIndent("", " ")
				return e.Encode(map[string]any{"synthetic": m.Synthetic, "explanations": all})
			}
			if sql {
				return writeQueries(w, all)
			}
			if d.BuiltIn() {
				fmt.Fprintf(w, "The queries read the built-in sample from a folder: specstress sample --out %s\n\n", explain.SampleFolder)
			}
			for i, e := range all {
				if i > 0 {
					fmt.Fprintf(w, "\n%s\n\n", strings.Repeat("-", 72))
				}
				if err := e.WriteText(w, m); err != nil {
					return err
				}
			}
			return nil
		},
	}
	source.register(cmd)
	cmd.Flags().StringArrayVar(&data, "data", []string{"sample"}, "source; repeatable for several files")
	cmd.Flags().BoolVar(&asJSON, "json", false, "machine-readable output")
	cmd.Flags().BoolVar(&sql, "sql", false, "only the queries, to be piped into duckdb")
	return cmd
}

func writeQueries(w io.Writer, all []explain.Explanation) error {
	none := true
	for _, e := range all {
		if e.Query == "" {
			if e.Instead != "" {
				if _, err := fmt.Fprintf(w, "-- %s: no query: %s\n", e.ID, e.Instead); err != nil {
					return err
				}
			}
			continue
		}
		none = false
		if _, err := fmt.Fprintf(w, "-- %s\n%s", e.ID, e.Query); err != nil {
			return err
		}
	}
	if none {
		return fmt.Errorf("no query: %s", all[0].ID)
	}
	return nil
}
