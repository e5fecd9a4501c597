package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/internal/label"
	"github.com/specstress/specstress/loaders"
)

func newInfo() *cobra.Command {
	var source sourceFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "info SRC...",
		Short: "Say what a source holds: rows, columns, missing and bad values, published anchors",
		Args:  wants(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			p := newProgress()
			defer p.clear()
			d, conds, err := source.open(cmd.Context(), args, p.rows)
			if err != nil {
				return err
			}
			infos, err := describe(cmd, d, conds)
			if err != nil {
				return err
			}
			labels, left, err := describeLabels(cmd.Context(), d)
			if err != nil {
				return err
			}
			p.clear()
			if asJSON {
				return writeInfoJSON(cmd.OutOrStdout(), d, infos, labels, left)
			}
			return writeInfo(cmd.OutOrStdout(), d, infos, labels, left)
		},
	}
	source.register(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "machine-readable output")
	return cmd
}

func describe(cmd *cobra.Command, d *loaders.Dataset, conds []loaders.Condition) ([]*loaders.Info, error) {
	var infos []*loaders.Info
	for _, split := range append(d.Splits(loaders.ConfigDefault), d.Splits(loaders.ConfigComplete)...) {
		s, err := d.Scenarios(cmd.Context(), split)
		if err != nil {
			return nil, err
		}
		if s, err = s.Where(conds...); err != nil {
			return nil, err
		}
		infos = append(infos, s.Info())
	}
	if len(d.Splits(loaders.ConfigJudges)) > 0 {
		j, err := d.Verdicts(cmd.Context())
		if err != nil {
			return nil, err
		}
		if j, err = j.Where(conds...); err != nil {
			return nil, err
		}
		infos = append(infos, j.Info())
	}
	return infos, nil
}

func writeInfoJSON(w io.Writer, d *loaders.Dataset, infos []*loaders.Info, labels []labelInfo, left []string) error {
	provenance, why := d.Provenance()
	var warnings []string
	for _, err := range d.Warnings() {
		warnings = append(warnings, err.Error())
	}
	warnings = append(warnings, left...)
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(map[string]any{
		"source": d.Source(), "provenance": provenance.String(), "reason": why,
		"synthetic": provenance == loaders.Synthetic, "warnings": warnings, "splits": infos, "labels": labels,
	})
}

func writeInfo(out io.Writer, d *loaders.Dataset, infos []*loaders.Info, labels []labelInfo, left []string) error {
	w := &strings.Builder{}
	provenance, why := d.Provenance()
	fmt.Fprintf(w, "%s: %s (%s)\n", d.Source(), strings.ToUpper(provenance.String()), why)
	for _, warning := range d.Warnings() {
		fmt.Fprintf(w, "warning: %v\n", warning)
	}
	for _, i := range infos {
		fmt.Fprintf(w, "\n%s / %s: %d rows in %d files, %d models", i.Config, i.Split, i.Rows, i.Files, len(i.Models))
		if len(i.Judges) > 0 {
			fmt.Fprintf(w, ", judges %s", strings.Join(i.Judges, ", "))
		}
		fmt.Fprintf(w, "\n  %d value pairs, %d values", i.Pairs, i.Values)
		if i.Unmapped >= 0 {
			fmt.Fprintf(w, ", %d outside the taxonomy", i.Unmapped)
		}
		fmt.Fprintf(w, "; %d rows without a key, %d duplicate keys\n", i.NoKey, i.DuplicateKeys)
		for _, a := range i.Anchors {
			mark := "as published"
			if a.Expected != a.Found {
				mark = "DIFFERS"
			}
			fmt.Fprintf(w, "  %s: %d, published %d: %s\n", a.Name, a.Found, a.Expected, mark)
		}
		for _, b := range i.Bad {
			fmt.Fprintf(w, "  warning: %v\n", b)
		}
		if i.Encoding != "" {
			fmt.Fprintf(w, "  warning: %s\n", i.Encoding)
		}
		tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
		for _, c := range i.Columns {
			nulls := "not read"
			if c.Nulls >= 0 {
				nulls = fmt.Sprintf("%d missing", c.Nulls)
			}
			fmt.Fprintf(tw, "    %s\t%s\t%s\n", c.Name, c.Kind, nulls)
		}
		if err := tw.Flush(); err != nil {
			return err
		}
	}
	writeLabels(w, labels, left)
	_, err := io.WriteString(out, label.Plain(w.String()))
	return err
}
