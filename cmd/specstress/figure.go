package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/internal/label"
	"github.com/specstress/specstress/internal/reproduce"
)

func newFigure() *cobra.Command {
	var source sourceFlags
	var data, formats, options []string
	var size, out string
	var list, asJSON bool
	cmd := &cobra.Command{
		Use:   "figure ID",
		Short: "Draw one figure for print, with its numbers, caption and manifest beside it",
		Long: `Draw one figure for print. It is laid out anew for the size, never scaled:
text always has 8 to 9 points. Beside it are its numbers (.csv), caption and
alternative text (.txt) and manifest (.json). docs/figures.md has the options
of each figure.`,
		Args: wants(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if list || asJSON {
				if len(args) > 0 {
					return usageError{errors.New("--list and --json list all figures and take no ID")}
				}
				return listFigures(cmd.OutOrStdout(), asJSON)
			}
			if len(args) == 0 {
				return usageError{fmt.Errorf("which figure? specstress figure --list has them; usage: %s", cmd.UseLine())}
			}
			id := args[0]
			s, err := figureFlags(id, size, formats, options)
			if err != nil {
				return usageError{err}
			}
			p := newProgress()
			defer p.clear()
			d, conds, err := source.open(cmd.Context(), data, nil)
			if err != nil {
				return err
			}
			all, run, err := reproduce.Draw(cmd.Context(), d, id, reproduce.Options{
				Where: conds, Workers: source.workers, Progress: p.step, Figure: options})
			if errors.Is(err, figure.ErrOption) {
				return usageError{err}
			}
			if err != nil {
				return err
			}
			p.clear()
			var files []string
			for _, f := range all {
				if f, err = f.Sized(s); err != nil {
					return err
				}
				saved, err := f.Save(strings.TrimSuffix(out, "/")+"/", figure.Size{}, formats...)
				if err != nil {
					return err
				}
				files = append(files, saved...)
				if f.Height > pageHeight {
					fmt.Fprintf(cmd.ErrOrStderr(), "note: %s is %.1f inches high, more than a page holds; a wider --size or fewer panels (docs/figures.md: --option models=..., categories=...) make it lower\n", f.ID, f.Height/vg.Inch)
				}
			}
			if run.Manifest.Synthetic {
				fmt.Fprintln(cmd.OutOrStdout(), "SYNTHETIC SAMPLE: simulated models and judges. The figure is marked so across.")
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), strings.Join(files, "\n"))
			return err
		},
	}
	source.register(cmd)
	flags := cmd.Flags()
	flags.StringArrayVar(&data, "data", []string{"sample"}, "source; repeatable for several files")
	flags.StringVar(&size, "size", "", strings.Join(figure.SizeNames(), ", ")+", or W,H in inches; default: the figure's own")
	flags.StringSliceVar(&formats, "format", []string{"pdf", "svg", "png"}, "of "+strings.Join(figure.Formats(), ", "))
	flags.StringVar(&out, "out", "figures", "folder to write")
	flags.StringArrayVar(&options, "option", nil, "restyle, as in bins=12 or orientation=horizontal; repeatable")
	flags.BoolVar(&list, "list", false, "list the figures")
	flags.BoolVar(&asJSON, "json", false, "list them machine-readable: {\"figures\": [{\"id\", \"title\", \"paper\"}]}")
	return cmd
}

// pageHeight is what the text of a page of letter paper has room for.
const pageHeight = 9.25 * vg.Inch

// figureFlags checks what can be told wrong before any data are read.
func figureFlags(id, size string, formats, options []string) (figure.Size, error) {
	var ids []string
	for _, p := range reproduce.Pictures() {
		ids = append(ids, p.ID)
	}
	if !slices.Contains(ids, id) {
		return figure.Size{}, analysis.UnknownName("figure", id, ids)
	}
	for _, f := range formats {
		if !slices.Contains(figure.Formats(), f) {
			return figure.Size{}, fmt.Errorf("--format: %w", analysis.UnknownName("format", f, figure.Formats()))
		}
	}
	for _, o := range options {
		if name, _, ok := strings.Cut(o, "="); !ok || name == "" {
			return figure.Size{}, fmt.Errorf("--option %q, want name=value", o)
		}
	}
	s, err := figure.ParseSize(size)
	if err != nil {
		return s, fmt.Errorf("--size: %w", err)
	}
	return s, nil
}

func listFigures(w io.Writer, asJSON bool) error {
	all := reproduce.Pictures()
	if asJSON {
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		return e.Encode(map[string]any{"figures": all})
	}
	var b strings.Builder
	tw := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	for _, missing := range []bool{false, true} {
		if missing {
			fmt.Fprintln(tw, "\nNot made by this version:")
		}
		for _, p := range all {
			if (p.Missing != "") != missing {
				continue
			}
			why := ""
			if missing {
				why = "\t" + p.Missing
			}
			fmt.Fprintf(tw, "%s\t%s%s\n", p.ID, p.Title, why)
		}
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(w, label.Plain(b.String()))
	return err
}
