package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
	"github.com/specstress/specstress/loaders"
	"github.com/specstress/specstress/loaders/hub"
)

// sourceFlags says which data a command reads and how.
type sourceFlags struct {
	taxonomy, config, split string
	columns, where          []string
	labels, labellers       []string
	workers                 int

	// only, if set by a command that reads one split, leaves the files of the
	// others alone, where looking at them would mean fetching them.
	only func(config, split string) bool
}

// oneSplit is an only for the scenarios of one split, or all verdicts. A file
// whose name does not tell its config may hold them.
func oneSplit(name string) func(config, split string) bool {
	if name == loaders.ConfigJudges {
		return verdictsOnly
	}
	return func(config, split string) bool {
		return config == "" || split == name && config != loaders.ConfigJudges
	}
}

// splitOfOnesOwn reads a split, and where that is the default, which data of
// one's own do not have, tells of the flag that names another.
func splitOfOnesOwn(ctx context.Context, d *loaders.Dataset, split string) (*loaders.Scenarios, error) {
	s, err := d.Scenarios(ctx, split)
	if split == analysis.AllModels.Name && errors.Is(err, analysis.ErrUnknownName) {
		return nil, fmt.Errorf("%w; name a split with --split", err)
	}
	return s, err
}

// verdictsOnly is an only for the verdicts.
func verdictsOnly(config, _ string) bool { return config == "" || config == loaders.ConfigJudges }

func (f *sourceFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.taxonomy, "taxonomy", "", "values_tree.csv that maps values to the 26 categories: a file, or hf://datasets/Anthropic/values-in-the-wild")
	flags.StringArrayVar(&f.labels, "labels", nil, "`FILE`, folder or glob of labels beside those of the source (docs/labels.md); repeatable")
	flags.StringArrayVar(&f.labellers, "labeller", nil, "take only the labels of this `NAME`; repeatable")
	flags.StringVar(&f.config, "config", "", "config of all files (default, complete, judge_evaluations) where their names do not tell")
	flags.StringVar(&f.split, "as-split", "", "split of all files where their names do not tell")
	flags.StringArrayVar(&f.columns, "column", nil, "column map `ours=theirs`, repeatable")
	flags.StringArrayVar(&f.where, "where", nil, "keep rows or models, as in nudge=neutral, generator=o3, value=NAME, category=SLUG, models=o3+o4_mini; repeatable")
	flags.IntVar(&f.workers, "workers", 0, "goroutines; 0 means one per core")
}

// options turns the flags into the loaders' options. What the flags say
// wrongly is a usage error.
func (f *sourceFlags) options() (loaders.Options, []loaders.Condition, error) {
	opt := loaders.Options{Taxonomy: f.taxonomy, Config: f.config, Split: f.split, Workers: f.workers, Labels: f.labels, Labellers: f.labellers}
	if f.workers < 0 {
		return opt, nil, usageError{fmt.Errorf("--workers is %d, want 0 or more", f.workers)}
	}
	for _, c := range f.columns {
		ours, theirs, ok := strings.Cut(c, "=")
		if !ok || ours == "" || theirs == "" {
			return opt, nil, usageError{fmt.Errorf("--column %q, want ours=theirs", c)}
		}
		if opt.Columns == nil {
			opt.Columns = map[string]string{}
		}
		opt.Columns[ours] = theirs
	}
	var conds []loaders.Condition
	for _, w := range f.where {
		c, err := loaders.ParseCondition(w)
		if err != nil {
			return opt, nil, usageError{fmt.Errorf("--where: %w", err)}
		}
		conds = append(conds, c)
	}
	return opt, conds, nil
}

// open opens one source or several files of one. It tells rows, unless nil,
// how far a split has been read.
func (f *sourceFlags) open(ctx context.Context, sources []string, rows func(split string, done, total int)) (*loaders.Dataset, []loaders.Condition, error) {
	opt, conds, err := f.options()
	if err != nil {
		return nil, nil, err
	}
	opt.Progress = rows
	if f.config == "" && f.split == "" && !slices.ContainsFunc(sources, func(s string) bool { return hub.RevisionOf(s) == "" }) {
		opt.Pick = f.only
	}
	d, err := loaders.OpenFiles(ctx, sources, opt)
	if err == nil {
		sayCommit(d, sources)
	}
	return d, conds, err
}

// sayCommit says which commit a branch turned out to be.
func sayCommit(d *loaders.Dataset, sources []string) {
	if c := d.Commit(); c != "" && !strings.Contains(strings.Join(sources, ","), c) {
		fmt.Fprintln(os.Stderr, label.Plain("specstress: reading "+d.Source()))
	}
}
