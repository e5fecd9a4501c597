package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/internal/jupyter"
	"github.com/specstress/specstress/internal/kernel"
	"github.com/specstress/specstress/internal/label"
	"github.com/specstress/specstress/internal/nbformat"
	"github.com/specstress/specstress/internal/notebook"
	"github.com/specstress/specstress/internal/reproduce"
	"github.com/specstress/specstress/loaders"
)

func newRun() *cobra.Command {
	var params []string
	r := notebooks{command: ownKernel}
	cmd := &cobra.Command{
		Use:   "run NOTEBOOK...",
		Short: "Execute notebooks and write them with their outputs",
		Long: `Execute notebooks from top to bottom, each in a kernel of its own, and write
them with their outputs into a folder; the notebooks themselves stay as they
are. A failing cell ends its notebook, what came before it is written, and the
exit code is 1. A cell that needs what the data do not have, such as verdicts,
ends its notebook too: the rest is left out, and said to be. That is no
failure, unless the data are the built-in sample, which has everything.`,
		Args: wants(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, p := range params {
				parameter, err := notebook.ParseParameter(p)
				if err != nil {
					return usageError{fmt.Errorf("-p: %w", err)}
				}
				r.params = append(r.params, parameter)
			}
			if r.timeout < 0 {
				return usageError{fmt.Errorf("--timeout is %v, want 0 or more", r.timeout)}
			}
			r.stdout, r.stderr = cmd.OutOrStdout(), cmd.ErrOrStderr()
			return r.run(cmd.Context(), args)
		},
	}
	cmd.Flags().StringArrayVarP(&params, "param", "p", nil, "set `name=value` of the cell tagged parameters; repeatable")
	cmd.Flags().StringVar(&r.data, "data", "", "source that cells read (default SPECSTRESS_DATA, else sample)")
	cmd.Flags().StringVar(&r.out, "out", filepath.Join("out", "notebooks"), "folder to write")
	cmd.Flags().DurationVar(&r.timeout, "timeout", 10*time.Minute, "longest time for one cell; 0 means none")
	cmd.Flags().BoolVar(&r.html, "html", false, "write a page of each as well")
	return cmd
}

// notebooks says how notebooks are executed.
type notebooks struct {
	params         []notebook.Parameter
	data, out      string
	by             string // who chose data
	timeout        time.Duration
	html           bool
	documents      documents
	command        func(notebook string) ([]string, error) // starts a kernel
	stdout, stderr io.Writer
}

// startLimit is how long a kernel may take to answer: it may have to be
// compiled first.
const startLimit = 10 * time.Minute

// ownKernel starts this program as the kernel, for the clone that the
// notebook lies in.
func ownKernel(path string) ([]string, error) {
	root, err := kernel.FindRoot(filepath.Dir(path))
	if err != nil {
		if root, err = findRoot(""); err != nil {
			return nil, err
		}
	}
	bin, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return []string{bin, "kernel", "start", "--no-completion", root, "{connection_file}"}, nil
}

// A job is one notebook to execute.
type job struct {
	path, name string // name is without .ipynb
	nb         *nbformat.Notebook
}

// run executes all notebooks. What is wrong with a call is found before the
// first one starts; one that fails does not keep the others from running.
func (r *notebooks) run(ctx context.Context, paths []string) error {
	source, err := r.nameSource()
	if err != nil {
		return err
	}
	jobs, err := r.jobs(paths, source)
	if err != nil {
		return err
	}
	revision, provenance, err := r.openSource(ctx, source)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return err
	}
	r.documents.of(jobs)
	var failed []string
	var ended []outcome
	for _, j := range jobs {
		facts := notebook.Facts{
			File: j.name + ".ipynb", Code: reproduce.Version, Source: r.data, Revision: revision,
			Synthetic: provenance == loaders.Synthetic, Parameters: r.params,
		}
		how, err := r.one(ctx, j, source, facts)
		ended = append(ended, how)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && len(jobs) == 1:
			return err
		case err != nil:
			failed = append(failed, j.path)
			fmt.Fprintln(r.stderr, label.Plain(err.Error()))
		}
	}
	if err := r.pages(ended, provenance == loaders.Synthetic); err != nil {
		return err
	}
	if failed != nil {
		return fmt.Errorf("%d of %d notebooks failed: %s", len(failed), len(jobs), strings.Join(failed, ", "))
	}
	return nil
}

// jobs reads the notebooks and sets their parameters.
func (r *notebooks) jobs(paths []string, source string) ([]job, error) {
	params := slices.Clone(r.params)
	for i, p := range params {
		if p.Name == sourceParameter && p.Value != "" {
			params[i].Value = source
		}
	}
	from := map[string]string{}
	var jobs []job
	for _, path := range paths {
		name, ok := strings.CutSuffix(filepath.Base(path), ".ipynb")
		if !ok || name == "" {
			return nil, usageError{fmt.Errorf("%s is not a notebook, want a file that ends in .ipynb", path)}
		}
		if first, taken := from[strings.ToLower(name)]; taken {
			return nil, usageError{fmt.Errorf("%s and %s would be written to the same file; run them one by one with different --out", first, path)}
		}
		from[strings.ToLower(name)] = path
		nb, err := nbformat.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if same(path, filepath.Join(r.out, name+".ipynb")) {
			return nil, usageError{fmt.Errorf("--out %s would overwrite %s, want another folder", r.out, path)}
		}
		if err := notebook.Inject(nb, params); err != nil {
			return nil, usageError{fmt.Errorf("%s: %w", path, err)}
		}
		jobs = append(jobs, job{path, name, nb})
	}
	return jobs, nil
}

// same reports whether two paths lead to one file.
func same(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// builtIn is the source that is there without any file.
const builtIn = "sample"

// sourceParameter is the parameter by which notebooks may be given their
// data too: what is recorded must be what they read.
const sourceParameter = "source"

// nameSource settles which data cells read and returns its name for them;
// they run in other folders.
func (r *notebooks) nameSource() (string, error) {
	switch {
	case r.by != "": // named before
	case r.data != "":
		r.by = "--data"
	default:
		r.by = kernel.EnvData
	}
	for _, p := range r.params {
		if p.Name != sourceParameter || p.Value == "" {
			continue
		}
		if r.data != "" && r.data != p.Value {
			return "", usageError{fmt.Errorf("two sources: %s and %s, want --data or -p %s", r.data, p.Value, sourceParameter)}
		}
		r.data, r.by = p.Value, "-p"
	}
	if r.data = cmp.Or(r.data, os.Getenv(kernel.EnvData)); r.data == "" {
		r.data, r.by = builtIn, "nobody"
	}
	if _, err := os.Stat(r.data); err == nil && r.data != builtIn {
		return filepath.Abs(r.data)
	}
	return r.data, nil
}

// openSource opens the data once, so that a wrong name fails before anything
// runs, and packs it, which cells would wait for.
func (r *notebooks) openSource(ctx context.Context, name string) (revision string, p loaders.Provenance, err error) {
	d, err := loaders.OpenPacked(ctx, name, loaders.Options{})
	if err != nil {
		if d, err = pack(ctx, name); err != nil {
			return "", 0, err
		}
	}
	p, _ = d.Provenance()
	return d.Revision(), p, nil
}

func pack(ctx context.Context, name string) (*loaders.Dataset, error) {
	p := newProgress()
	defer p.clear()
	d, err := loaders.Open(ctx, name, loaders.Options{Progress: p.rows})
	if err != nil {
		return nil, err
	}
	if _, err := d.Pack(ctx); err != nil {
		return nil, err
	}
	return loaders.OpenPacked(ctx, name, loaders.Options{})
}

// one executes one notebook and writes it, also when a cell failed.
func (r *notebooks) one(ctx context.Context, j job, source string, facts notebook.Facts) (outcome, error) {
	how := outcome{Name: j.name, Title: cmp.Or(notebook.Title(j.nb), j.name)}
	began := time.Now()
	p := newProgress()
	defer p.clear()
	cells := 0
	runErr := r.execute(ctx, j, source, func(done, total int) {
		cells = total
		p.step(facts.File, done, total)
	})
	p.clear()
	var atCell *notebook.CellError
	var lack *notebook.LackError
	switch {
	case ctx.Err() != nil:
		return how, ctx.Err()
	case errors.As(runErr, &lack) && source != builtIn:
		how.LeftOut, facts.LeftOut = lack.Error(), lack.Error()
		runErr = nil
	case lack != nil || errors.As(runErr, &atCell):
		how.Failed, facts.Failed = runErr.Error(), runErr.Error()
	case runErr != nil:
		how.Failed = runErr.Error()
		return how, fmt.Errorf("%s: %w", j.path, runErr)
	}
	record(j.nb, facts)
	shown, err := r.write(j, facts)
	if err != nil {
		return how, err
	}
	how.Written = true
	if runErr != nil {
		return how, fmt.Errorf("%s: %w\n(its outputs until then: %s)", j.path, runErr, shown)
	}
	left := ""
	if lack != nil {
		left = "; left out from " + label.Plain(lack.Error())
	}
	_, err = fmt.Fprintf(r.stdout, "%s (%d code cells, %.1f s%s)\n", shown, cells, time.Since(began).Seconds(), left)
	return how, err
}

// filesFolder is where a notebook's cells put their files: a folder of its
// own in --out. Cells run beside the notebook, and outputs that show the
// path should not tell where a clone lies, so it is relative where it can be.
func (r *notebooks) filesFolder(j job) (string, error) {
	folder, err := filepath.Abs(filepath.Join(r.out, j.name))
	if err != nil {
		return "", err
	}
	beside, err := filepath.Abs(filepath.Dir(j.path))
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(beside); err != nil || real != beside {
		return folder, nil // .. may lead elsewhere
	}
	if rel, err := filepath.Rel(beside, folder); err == nil {
		return rel, nil
	}
	return folder, nil
}

// execute runs a notebook's cells in a kernel that is gone afterwards. As
// under Jupyter, cells run in the notebook's folder.
func (r *notebooks) execute(ctx context.Context, j job, source string, progress func(done, total int)) error {
	args, err := r.command(j.path)
	if err != nil {
		return err
	}
	folder, err := r.filesFolder(j)
	if err != nil {
		return err
	}
	starting, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	k, err := jupyter.Start(starting, jupyter.Command{Args: args, Dir: filepath.Dir(j.path), Env: []string{
		kernel.EnvData + "=" + source, kernel.EnvDataBy + "=" + r.by + " " + source, "SPECSTRESS_OUT=" + folder,
	}})
	if err != nil {
		return err
	}
	defer k.Close()
	if info, err := k.KernelInfo(starting); err == nil && info != nil {
		j.nb.Metadata["language_info"] = info
	}
	return notebook.Execute(ctx, j.nb, k, notebook.Options{Timeout: r.timeout, Progress: progress})
}

// record notes in the notebook what it was executed with; not when, so that
// the same run gives the same bytes.
func record(nb *nbformat.Notebook, facts notebook.Facts) {
	params := map[string]any{}
	for _, p := range facts.Parameters {
		params[p.Name] = p.Value
	}
	status := "completed"
	switch {
	case facts.Failed != "":
		status = "failed"
	case facts.LeftOut != "":
		status = "left out from " + facts.LeftOut
	}
	nb.Metadata["specstress"] = map[string]any{
		"code": facts.Code, "go": runtime.Version(), "parameters": params, "status": status,
		"data": map[string]any{"source": facts.Source, "revision": facts.Revision, "synthetic": facts.Synthetic},
	}
}

// write puts the executed notebook and its page in place and returns the
// path of what a reader opens.
func (r *notebooks) write(j job, facts notebook.Facts) (string, error) {
	text, err := j.nb.Bytes()
	if err != nil {
		return "", fmt.Errorf("%s: %w", j.path, err)
	}
	if err := os.MkdirAll(r.out, 0o755); err != nil {
		return "", err
	}
	shown := filepath.Join(r.out, j.name+".ipynb")
	if err := replaceFile(shown, writeBytes(text)); err != nil || !r.html {
		return shown, err
	}
	facts.Link = r.documents.link(filepath.Dir(j.path))
	page, err := notebook.Page(j.nb, facts)
	if err != nil {
		return "", fmt.Errorf("%s: %w", j.path, err)
	}
	shown = filepath.Join(r.out, j.name+".html")
	return shown, replaceFile(shown, writeBytes(page))
}
