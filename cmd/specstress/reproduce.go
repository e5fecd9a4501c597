package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/internal/label"
	"github.com/specstress/specstress/internal/nbformat"
	"github.com/specstress/specstress/internal/notebook"
	"github.com/specstress/specstress/internal/reproduce"
)

func newReproduce() *cobra.Command {
	var source sourceFlags
	var data []string
	var out, notebooks string
	var opt reproduce.Options
	figures := figureIDs()
	cmd := &cobra.Command{
		Use:   "reproduce",
		Short: "Compute every figure and table that the data allow and write a report",
		Args:  wants(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, id := range opt.Only {
				if !slices.Contains(figures, id) {
					return usageError{fmt.Errorf("--only: %w", analysis.UnknownName("figure", id, figures))}
				}
			}
			if opt.Splits < 2 {
				return usageError{fmt.Errorf("--splits %d: want 2 or more", opt.Splits)}
			}
			pages, err := notebookPages(notebooks)
			if err != nil {
				return err
			}
			p := newProgress()
			defer p.clear()
			d, conds, err := source.open(cmd.Context(), data, nil)
			if err != nil {
				return err
			}
			opt.Where, opt.Workers, opt.Progress = conds, source.workers, p.step
			run, err := reproduce.Compute(cmd.Context(), d, opt)
			if err != nil {
				return err
			}
			run.Notebooks = pages
			if err := run.Write(cmd.Context(), out); err != nil {
				return err
			}
			p.clear()
			return writeSummary(cmd.OutOrStdout(), run, out)
		},
	}
	source.register(cmd)
	cmd.Flags().StringArrayVar(&data, "data", []string{"sample"}, "source; repeatable for several files")
	cmd.Flags().StringVar(&out, "out", "out", "folder to write")
	cmd.Flags().StringVar(&notebooks, "notebooks", "", "folder whose notebooks the report links to; specstress run --html makes their pages")
	cmd.Flags().StringSliceVar(&opt.Only, "only", nil, "figures to make, of "+strings.Join(figures, " "))
	cmd.Flags().IntVar(&opt.Splits, "splits", reproduce.DefaultSplits, "random splits behind the accuracy of a ranking, 2 or more")
	return cmd
}

// notebookPages lists the notebooks of a folder in the order of their names.
func notebookPages(dir string) ([]reproduce.Notebook, error) {
	if dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var pages []reproduce.Notebook
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".ipynb")
		if !ok || strings.HasPrefix(name, ".") {
			continue
		}
		nb, err := nbformat.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		title := notebook.Title(nb)
		if title == "" {
			title = name
		}
		pages = append(pages, reproduce.Notebook{Name: name, Title: label.Clean(title)})
	}
	if pages == nil {
		return nil, fmt.Errorf("--notebooks %s: no notebooks there", dir)
	}
	return pages, nil
}

// writeSummary says what was made and where it is.
func writeSummary(w io.Writer, run *reproduce.Run, out string) error {
	var b strings.Builder
	if run.Manifest.Synthetic {
		fmt.Fprintln(&b, "SYNTHETIC SAMPLE: simulated models and judges. No number below is a result of the paper.")
	}
	fmt.Fprintf(&b, "%s\n", filepath.Join(out, "report.html"))
	for _, s := range run.Sections {
		made := "no figure: " + s.NoFigure
		if s.NoFigure == "" {
			made = "figure"
		}
		fmt.Fprintf(&b, "  %-14s%s (%d numbers; %s)\n", s.ID, s.Title, len(s.Results), made)
	}
	for _, f := range run.Later {
		fmt.Fprintf(&b, "  %-14s%s: %s\n", f.ID, f.Title, f.Missing)
	}
	var statuses []paper.Status
	count := map[paper.Status]int{}
	for _, r := range run.Results {
		if count[r.Status]++; count[r.Status] == 1 {
			statuses = append(statuses, r.Status)
		}
	}
	fmt.Fprintf(&b, "%d numbers:", len(run.Results))
	for i, s := range statuses {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, " %d %s", count[s], s)
	}
	fmt.Fprintf(&b, "\nbeside it: results.json, figures/, tables/\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func figureIDs() []string {
	var ids []string
	for _, f := range reproduce.Figures() {
		ids = append(ids, f.ID)
	}
	return ids
}
