package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
	"github.com/specstress/specstress/loaders/embeddings"
)

// selectFlags are the flags of select that say what to select and how.
type selectFlags struct {
	source                             sourceFlags
	embed                              embedFlags
	data                               []string
	split, file, column, weights       string
	method, metric, start, out, report string
	seed                               uint64
	threshold                          float64
	k                                  int
}

func newSelect() *cobra.Command {
	var f selectFlags
	cmd := &cobra.Command{
		Use:   "select --embeddings FILE | --embed local|openai|gemini",
		Short: "Select scenarios that lie far apart: k-center, as the paper thins out and makes its splits",
		Long: `Select scenarios that lie far apart: k-center, as the paper thins out and makes its splits.

Without --threshold and --k the thresholds are the paper's: 0.4, or 0.8 of
weight times distance. They are meant for vectors of length 1; see
docs/diversity.md for the two readings of the weighted rule and the audit.`,
		Args: wants(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	f.source.register(cmd)
	f.embed.register(cmd, "")
	flags := cmd.Flags()
	flags.StringArrayVar(&f.data, "data", nil, "source whose rows the vectors belong to; repeatable. Without one, keys are row numbers")
	flags.StringVar(&f.split, "split", analysis.AllModels.Name, "split whose rows the vectors belong to")
	flags.StringVar(&f.file, "embeddings", "", "vectors, one per scenario: .npy, .parquet with a column of lists, or .f32 with --dim")
	flags.StringVar(&f.column, "embedding-column", "", ".parquet: the column of lists, where there are several")
	flags.StringVar(&f.weights, "weights", "", "disagreement, or a CSV file with a column weight and, to go by key, a column key; none by default")
	flags.StringVar(&f.method, "method", "paper", "paper (farthest without weights, wang-cheng with), farthest or wang-cheng")
	flags.StringVar(&f.metric, "metric", analysis.Euclidean.String(), "euclidean, or cosine, which scales vectors to length 1")
	flags.StringVar(&f.start, "start", "random", "farthest: random, heaviest or a row from 0")
	flags.Uint64Var(&f.seed, "seed", analysis.DefaultSeed, "seed of --start random")
	flags.Float64Var(&f.threshold, "threshold", 0, "stop where no weight times distance is larger")
	flags.IntVar(&f.k, "k", 0, "stop at so many scenarios")
	flags.StringVar(&f.out, "out", "", "file to write, .csv or .parquet; by default CSV on standard output")
	flags.StringVar(&f.report, "report", "", "file to write what was done and its result to, as JSON")
	return cmd
}

// A chosen is all that a selection rests on.
type chosen struct {
	scenarios *loaders.Scenarios // nil without a dataset
	rows      *rowMap
	vectors   *analysis.Vectors
	made      string // what made the vectors
	synthetic bool
	weights   []float64
	without   int // rows without a disagreement
	selection *analysis.Selection
	options   analysis.KCenterOptions
}

func (f *selectFlags) run(cmd *cobra.Command) error {
	opt, metric, err := f.check(cmd)
	if err != nil {
		return err
	}
	write, err := f.writer()
	if err != nil {
		return err
	}
	p := newProgress()
	defer p.clear()
	c, closeFile, err := f.load(cmd, p, metric)
	if err != nil {
		return err
	}
	defer closeFile()
	opt.Weights = c.weights
	opt.Workers = f.source.workers
	opt.Progress = func(selected int, _ float64) { p.step("selecting", selected, c.vectors.Rows()) }
	if c.selection, err = analysis.KCenter(cmd.Context(), c.vectors, opt); err != nil {
		return err
	}
	c.options = opt
	p.clear()
	for _, w := range c.warnings() {
		fmt.Fprintf(cmd.ErrOrStderr(), "select: warning: %s\n", w)
	}
	t := c.table()
	if f.out == "" {
		err = write(cmd.OutOrStdout(), t)
	} else if err = replaceFile(f.out, func(w io.Writer) error { return write(w, t) }); err != nil {
		err = fmt.Errorf("select: %s: %w", f.out, err)
	}
	if err != nil {
		return err
	}
	report, err := c.report(f, metric)
	if err != nil {
		return err
	}
	fmt.Fprintln(cmd.ErrOrStderr(), report)
	if f.report == "" {
		return nil
	}
	text, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	if err := replaceFile(f.report, writeBytes(append(text, '\n'))); err != nil {
		return fmt.Errorf("select: %s: %w", f.report, err)
	}
	return nil
}

// check turns the flags into options. What the flags say wrongly is a usage
// error.
func (f *selectFlags) check(cmd *cobra.Command) (analysis.KCenterOptions, analysis.VectorMetric, error) {
	wrong := func(format string, args ...any) (analysis.KCenterOptions, analysis.VectorMetric, error) {
		return analysis.KCenterOptions{}, 0, usageError{fmt.Errorf("select: "+format, args...)}
	}
	if (f.file == "") == (f.embed.by == "") {
		return wrong("name either --embeddings FILE or --embed local, openai or gemini")
	}
	given := cmd.Flags().Changed
	switch {
	case len(f.data) == 0 && (f.embed.by != "" || f.weights == "disagreement"):
		return wrong("name the source with --data: texts and disagreement come from there")
	case len(f.data) == 0 && (given("split") || given("where")):
		return wrong("--split and --where need --data")
	case given("threshold") && !(f.threshold > 0 && !math.IsInf(f.threshold, 0)):
		return wrong("--threshold is %v, want a number above 0", f.threshold)
	case given("k") && f.k < 1:
		return wrong("--k is %d, want 1 or more", f.k)
	}
	opt := analysis.KCenterOptions{K: f.k, Threshold: f.threshold}
	var err error
	if opt.Method, err = analysis.ParseKCenterMethod(f.method); err != nil {
		return wrong("--method: %w", err)
	}
	metric, err := analysis.ParseVectorMetric(f.metric)
	if err != nil {
		return wrong("--metric: %w", err)
	}
	scan := opt.Method == analysis.WangCheng || opt.Method == analysis.PaperMethod && f.weights != ""
	if scan && (given("start") || given("seed")) {
		return wrong("wang-cheng begins with the heaviest; --start and --seed are for --method farthest")
	}
	if scan && given("k") && given("threshold") {
		return wrong("wang-cheng takes --threshold or --k, not both")
	}
	switch row, err := strconv.Atoi(f.start); {
	case f.start == "random":
		opt.Start = analysis.StartRandom(f.seed)
	case given("seed"):
		return wrong("--seed is for --start random")
	case f.start == "heaviest":
		opt.Start = analysis.StartHeaviest()
	case err == nil && row >= 0:
		opt.Start = analysis.StartAt(row)
	default:
		return wrong("--start %q, want random, heaviest or a row from 0", f.start)
	}
	return opt, metric, nil
}

// writer is how the table is written.
func (f *selectFlags) writer() (func(io.Writer, *table) error, error) {
	format := "csv"
	if f.out != "" {
		format = strings.TrimPrefix(filepath.Ext(f.out), ".")
	}
	write, ok := tableWriters[format]
	if !ok {
		return nil, usageError{fmt.Errorf("select: --out %q, want .csv or .parquet", f.out)}
	}
	return write, nil
}

// load reads everything that the selection rests on.
func (f *selectFlags) load(cmd *cobra.Command, p *progress, metric analysis.VectorMetric) (c *chosen, closeFile func() error, err error) {
	ctx := cmd.Context()
	c, closeFile = &chosen{}, func() error { return nil }
	var all *loaders.Scenarios
	if len(f.data) > 0 {
		d, conds, err := f.source.open(ctx, f.data, p.rows)
		if err != nil {
			return nil, nil, err
		}
		if all, c.scenarios, err = readSplit(ctx, d, f.split, conds); err != nil {
			return nil, nil, err
		}
		provenance, _ := d.Provenance()
		c.synthetic = provenance == loaders.Synthetic
	}
	var data []float32
	var dim int
	if f.file == "" {
		e, err := f.embed.embedder()
		if err != nil {
			return nil, nil, err
		}
		v, err := f.embed.embed(ctx, e, c.scenarios, p)
		if err != nil {
			return nil, nil, err
		}
		data, dim, c.made, c.rows = v.Data, v.Dim, e.Name(), &rowMap{}
	} else {
		e, err := embeddings.Open(ctx, f.file, embeddings.Options{Dim: f.embed.dim, Column: f.column})
		if err != nil {
			return nil, nil, err
		}
		closeFile = e.Close
		c.made = filepath.Base(f.file)
		if c.rows, err = mapRows(e, all, c.scenarios); err != nil {
			return nil, nil, errors.Join(fmt.Errorf("select: %s: %w", f.file, err), closeFile())
		}
		data, dim = c.rows.gather(e.Data, e.Dim), e.Dim
	}
	if c.vectors, err = analysis.NewVectors(ctx, data, dim, metric); err == nil {
		err = f.weigh(c)
	}
	if err != nil {
		return nil, nil, errors.Join(err, closeFile())
	}
	return c, closeFile, nil
}
