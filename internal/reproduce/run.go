package reproduce

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/loaders"
)

// A Run is everything that one dataset gives: what Write puts on disk.
type Run struct {
	Manifest Manifest
	Results  []Result // of all sections, in order
	Sections []Section
	Later    []FigureInfo // asked for by name, but not made by this version
	Origin   paper.Origin
	Why      string   // how the origin was told
	Filter   string   // conditions, for captions; "" for all rows
	Warnings []string // doubts about the source and its files
	// Notebooks are the pages that the report links to. Compute leaves them
	// empty: whoever has notebooks executed on the same data sets them.
	Notebooks []Notebook

	claims []paper.Claim // of all sections, for Verify
}

// A Notebook is the page of an executed notebook: notebooks/NAME.html beside
// the report.
type Notebook struct{ Name, Title string }

// A Section is one figure with its numbers.
type Section struct {
	ID       string // as --only names it
	Title    string
	Results  []Result
	Figures  []*figure.Figure
	NoFigure string   // why there is no picture, else ""
	Notes    []string // which models, judges and rows the numbers are of
	Warnings []string
	excluded []Excluded
}

// A work computes one section in tasks that may run at once; finish puts
// them together when all have ended.
type work struct {
	tasks  []task
	finish func(backdrop) (body, error)
}

type task struct {
	stage string
	run   func(ctx context.Context) error
}

// alone is the work of one task, which may measure nothing for a reason.
func alone(stage string, reason *error, measure func(context.Context) error, finish func(backdrop) (body, error)) work {
	run := func(ctx context.Context) error { return unlessReason(measure(ctx), reason) }
	return work{tasks: []task{{stage, run}}, finish: finish}
}

// A body is a section before its results are laid beside the paper.
type body struct {
	claims   []paper.Claim
	figures  []*figure.Figure
	noFigure string
	notes    []string
	warnings []string
	excluded []Excluded
}

// exclude notes what a figure leaves out of a split, bin, judge or model.
func (b *body) exclude(figure, of string, list []analysis.Exclusion) {
	for _, x := range list {
		if x.N > 0 {
			b.excluded = append(b.excluded, Excluded{figure, of, x.Reason, x.N})
		}
	}
}

// sections says how each figure is computed.
var sections = map[string]func(*source, Options) work{
	"fig1":         pipelineWork,
	"disagreement": disagreementWork,
	"fig2":         complianceWork,
	"judges":       judgesWork,
	"fig6":         outliersWork,
	"preference":   preferenceWork,
	"ranking":      rankingWork,
	"readings":     readingsWork,
	"table2":       table2Work,
	"fig4a":        levelsWork,
	"fig4b":        ratesWork("fig4b"),
	"fig4c":        ratesWork("fig4c"),
	"fig4d":        ratesWork("fig4d"),
	"fig7":         fig7Work,
	"fig10":        fig10Work("fig10", figure.Fig10Categories()...),
}

func init() {
	for i, category := range figure.Fig10Categories() {
		id := "fig10" + string(rune('a'+i))
		sections[id] = fig10Work(id, category)
	}
	for _, pair := range paper.ValuePairs() {
		sections["fig11"+pair.Panel] = pairWork(pair)
	}
}

// Compute computes the wished figures from a dataset.
//
// What the source lacks gives results without a value and with the reason.
// Errors: an unknown figure or a condition that fits no row of any split
// (analysis.ErrUnknownName, with the nearest names), damage found in a
// file, or the context's. The run does not depend on the number of workers.
func Compute(ctx context.Context, d *loaders.Dataset, opt Options) (*Run, error) {
	now, later, err := opt.figures()
	if err != nil {
		return nil, err
	}
	src := newSource(ctx, d, opt.Where)
	works := make([]work, len(now))
	var tasks []task
	for i, f := range now {
		works[i] = sections[f.ID](src, opt)
		tasks = append(tasks, works[i].tasks...)
	}
	if err := runTasks(ctx, opt, tasks); err != nil {
		return nil, err
	}
	if err := src.misspelt(); err != nil {
		return nil, fmt.Errorf("reproduce: %w", err)
	}

	// Only now: reading rows may show that the source is synthetic.
	provenance, why := d.Provenance()
	r := &Run{Later: later, Filter: opt.filter(), Origin: originOf(provenance, opt), Why: clean(why)}
	for _, w := range d.Warnings() {
		r.Warnings = append(r.Warnings, clean(w.Error()))
	}
	for _, split := range append(src.splits(), loaders.ConfigJudges, loaders.ConfigLabels) {
		r.Warnings = append(r.Warnings, src.warnings[split]...)
	}
	behind := r.backdrop()
	behind.wishes = newWishes(opt.Figure)
	for i, f := range now {
		b, err := works[i].finish(behind)
		if err != nil {
			return nil, fmt.Errorf("reproduce: %s: %w", f.ID, err)
		}
		s := Section{ID: f.ID, Title: f.Title, Figures: b.figures, NoFigure: b.noFigure,
			Notes: b.notes, Warnings: b.warnings, excluded: b.excluded}
		for _, c := range b.claims {
			s.Results = append(s.Results, newResult(c, r.Origin))
		}
		r.claims = append(r.claims, b.claims...)
		r.Sections = append(r.Sections, s)
	}
	if err := behind.wishes.err(); err != nil {
		return nil, fmt.Errorf("reproduce: %w", err)
	}
	r.numberRepeats()
	for _, s := range r.Sections {
		r.Results = append(r.Results, s.Results...)
	}
	r.Manifest = newManifest(d, src, opt, r, fmt.Sprintf("%s: %s", provenance, why))
	for _, s := range r.Sections {
		for _, f := range s.Figures {
			f.Source.Provenance = r.Manifest.provenance()
		}
	}
	return r, nil
}

// originOf refuses the comparison with the paper as soon as rows or models
// were left out by choice.
func originOf(p loaders.Provenance, opt Options) paper.Origin {
	switch {
	case p == loaders.Synthetic:
		return paper.SyntheticOrigin
	case p == loaders.PaperData && len(opt.Where) == 0:
		return paper.PaperOrigin
	}
	return paper.OtherOrigin
}

// numberRepeats keeps ids unique where two names differ only in characters
// that an id cannot have.
func (r *Run) numberRepeats() {
	seen := map[string]int{}
	for i := range r.Sections {
		for j := range r.Sections[i].Results {
			id := &r.Sections[i].Results[j].ID
			seen[*id]++
			if n := seen[*id]; n > 1 {
				*id = fmt.Sprintf("%s-%d", *id, n)
			}
		}
	}
}

func newManifest(d *loaders.Dataset, src *source, opt Options, r *Run, origin string) Manifest {
	m := Manifest{
		Source: clean(d.Source()), Synthetic: r.Origin == paper.SyntheticOrigin, Origin: clean(origin),
		Files: []File{}, Rows: src.rows, Excluded: []Excluded{}, Code: Version,
		Options: ManifestOption{Only: append([]string{}, opt.Only...), Where: opt.whereNames(), Splits: cmp.Or(opt.Splits, DefaultSplits)},
		Seed:    analysis.DefaultSeed,
	}
	if commit := d.Commit(); commit != "" {
		m.Revision = &commit
	}
	for _, f := range d.Files() {
		file := File{Name: clean(f.Name), Size: f.Size, Verified: f.Verified}
		if f.SHA256 != "" {
			file.SHA256 = &f.SHA256
		}
		if f.OID != "" {
			file.HubOID = &f.OID
		}
		m.Files = append(m.Files, file)
	}
	for _, s := range r.Sections {
		m.Excluded = append(m.Excluded, s.excluded...)
	}
	return m
}

// runTasks runs all tasks on some goroutines. The error is that of the
// first task that failed, in the order of the tasks; when one fails, those
// not yet begun do not begin. A cancelled context ends it at once.
func runTasks(ctx context.Context, opt Options, tasks []task) error {
	caller := ctx
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make([]error, len(tasks))
	var next atomic.Int64
	var mu sync.Mutex
	done := 0
	var group sync.WaitGroup
	for range min(opt.workers(), len(tasks)) {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(tasks) {
					return
				}
				if errs[i] = ctx.Err(); errs[i] == nil {
					errs[i] = tasks[i].run(ctx)
				}
				if errs[i] != nil {
					cancel()
					return
				}
				if opt.Progress != nil && ctx.Err() == nil {
					mu.Lock()
					done++
					opt.Progress(tasks[i].stage, done, len(tasks))
					mu.Unlock()
				}
			}
		})
	}
	ended := make(chan struct{})
	go func() {
		group.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-caller.Done():
		// A statistic takes no context. It ends by itself, and what it
		// found goes nowhere; whoever pressed Ctrl-C need not wait for it.
		return fmt.Errorf("reproduce: %w", context.Cause(caller))
	}
	// A cancelled task only followed another one's error, unless all did.
	i := slices.IndexFunc(errs, func(err error) bool { return err != nil && !errors.Is(err, context.Canceled) })
	if i < 0 {
		i = slices.IndexFunc(errs, func(err error) bool { return err != nil })
	}
	if i < 0 {
		return nil
	}
	return fmt.Errorf("reproduce: %s: %w", tasks[i].stage, errs[i])
}
