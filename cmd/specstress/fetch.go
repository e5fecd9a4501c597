package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
	"github.com/specstress/specstress/loaders"
	"github.com/specstress/specstress/loaders/hub"
)

// allColumns asks for whole files.
const allColumns = "all"

// A fetch is one call of the command.
type fetch struct {
	source, revision string
	columns          string
	opt              loaders.Options
	dryRun           bool
	rate             float64 // MB a second, for the estimate
}

func newFetch() *cobra.Command {
	var f fetch
	var config, split string
	sets := append(loaders.ColumnSets(), allColumns)
	cmd := &cobra.Command{
		Use:   "fetch [SRC]",
		Short: "Fetch columns of a dataset of the Hugging Face Hub into the cache, or whole files",
		Long: "Fetch columns of a dataset of the Hugging Face Hub into the cache, so that reading them needs no network.\n" +
			"SRC is hf://datasets/OWNER/NAME[@REVISION][/PATH], by default " + hub.PaperDataset + ".\n" +
			"Whole files (--columns all) are verified and lie where Python's huggingface_hub looks for them too.",
		Args: wants(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.source = hub.PaperDataset
			if len(args) > 0 {
				f.source = args[0]
			}
			if !slices.Contains(sets, f.columns) {
				return usageError{fmt.Errorf("--columns: %w", analysis.UnknownName("set of columns", f.columns, sets))}
			}
			if f.rate <= 0 {
				return usageError{fmt.Errorf("--rate is %g, want MB a second", f.rate)}
			}
			if config != "" || split != "" {
				f.opt.Pick = func(c, s string) bool { return (config == "" || c == config) && (split == "" || s == split) }
			}
			return f.run(cmd)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&config, "config", "", "only this config: default, complete or judge_evaluations")
	flags.StringVar(&split, "split", "", "only this split, such as all_models")
	flags.StringVar(&f.columns, "columns", string(loaders.PositionColumns), "what to fetch: metadata (keys, values), positions (and verdicts: what every statistic needs), queries (their texts too), or all (whole files)")
	flags.StringVar(&f.revision, "revision", "", "branch, tag or commit")
	flags.BoolVar(&f.dryRun, "dry-run", false, "only say how many requests and bytes it would take; to know where columns lie, the footers are fetched")
	flags.Float64Var(&f.rate, "rate", 10, "MB a second, for the estimate of the time")
	return cmd
}

func (f *fetch) run(cmd *cobra.Command) error {
	if f.revision != "" {
		source, err := hub.SetRevision(f.source, f.revision)
		if err != nil {
			return usageError{err}
		}
		f.source = source
	}
	if hub.RevisionOf(f.source) == "" {
		return usageError{fmt.Errorf("fetch: %s is no address of a dataset, want hf://datasets/OWNER/NAME[@REVISION][/PATH]", f.source)}
	}
	if f.columns == allColumns {
		return f.whole(cmd)
	}
	p := newProgress()
	defer p.clear()
	set := loaders.ColumnSet(f.columns)
	d, err := loaders.Open(cmd.Context(), f.source, f.opt)
	if err != nil {
		return err
	}
	for _, w := range d.Warnings() {
		fmt.Fprintln(cmd.ErrOrStderr(), label.Plain("specstress: warning: "+w.Error()))
	}
	requests, footers := hub.Traffic()
	cost, err := d.FetchCost(cmd.Context(), set)
	if err != nil {
		return err
	}
	var size int64
	for _, file := range d.Files() {
		size += file.Size
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "%s: %d files, %s\n", label.Plain(d.Source()), len(d.Files()), humanBytes(size))
	fmt.Fprintf(out, "list and footers: %d requests, %s\n", requests, humanBytes(footers))
	fmt.Fprintf(out, "columns (%s): %s\n", f.columns, f.estimate(cost))
	if f.dryRun || cost.Requests == 0 {
		return nil
	}
	began := time.Now()
	stop := p.bytes("fetching "+f.columns, cost.Bytes)
	err = d.Fetch(cmd.Context(), set)
	stop()
	if err != nil {
		return err
	}
	return f.done(cmd, requests, footers, began)
}

// whole fetches whole files, some at a time, and the taxonomy of the
// repository if it has one.
func (f *fetch) whole(cmd *cobra.Command) error {
	l, err := loaders.List(cmd.Context(), f.source, f.opt)
	if err != nil {
		return err
	}
	for _, w := range l.Warnings {
		fmt.Fprintln(cmd.ErrOrStderr(), label.Plain("specstress: warning: "+w.Error()))
	}
	cost := loaders.Cost{}
	for _, file := range l.Files {
		if !hub.Have(file) {
			cost.Requests += 2 // where it is, and the file
			cost.Bytes += file.Size
		}
	}
	out := cmd.OutOrStdout()
	fmt.Fprintf(out, "%s: %d files\nwhole files: %s\n", label.Plain(l.Pinned), len(l.Files), f.estimate(cost))
	if f.dryRun {
		return nil
	}
	p := newProgress()
	defer p.clear()
	began := time.Now()
	requests, bytes := hub.Traffic()
	stop := p.bytes("fetching whole files", cost.Bytes)
	err = downloadAll(cmd.Context(), l.Files, hub.RevisionOf(f.source))
	stop()
	if err != nil {
		return err
	}
	return f.done(cmd, requests, bytes, began)
}

// streams is how many whole files are fetched at once.
const streams = 4

func downloadAll(ctx context.Context, files []loaders.RemoteFile, revision string) error {
	group, either := errgroup.WithContext(ctx)
	group.SetLimit(streams)
	for _, file := range files {
		group.Go(func() error {
			if either.Err() != nil {
				return nil // the error that ended it is told
			}
			_, err := hub.Download(either, file, revision)
			return err
		})
	}
	err := group.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// latency is what a request is taken to wait for its first byte.
const latency = 50 * time.Millisecond

func (f *fetch) estimate(c loaders.Cost) string {
	if c.Requests == 0 {
		return "all in the cache"
	}
	wait := time.Duration((c.Requests+hub.Connections-1)/hub.Connections) * latency
	seconds := wait.Seconds() + float64(c.Bytes)/(f.rate*1e6)
	return fmt.Sprintf("%d requests, %s, about %.1f s at %g MB/s and %d ms a request", c.Requests, humanBytes(c.Bytes), seconds, f.rate, latency.Milliseconds())
}

func (f *fetch) done(cmd *cobra.Command, requests, bytes int64, began time.Time) error {
	r, b := hub.Traffic()
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "fetched: %d requests, %s in %.1f s\n", r-requests, humanBytes(b-bytes), time.Since(began).Seconds())
	return err
}

func humanBytes(n int64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.2f GB", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	case n >= 1e3:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%d bytes", n)
}
