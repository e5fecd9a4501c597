package notebook

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/specstress/specstress/internal/jupyter"
	"github.com/specstress/specstress/internal/nbformat"
)

// A Kernel runs cells; jupyter.Kernel is one.
type Kernel interface {
	Execute(ctx context.Context, code string, h jupyter.Handler) (jupyter.Reply, error)
}

// Options says how to execute. The zero value waits for ever.
type Options struct {
	Timeout time.Duration // for each cell; 0 means none
	// Progress, if set, is told before each cell how many code cells of all
	// are done, and once more at the end.
	Progress func(done, total int)
}

// A CellError says that a cell failed and why.
type CellError struct {
	Cell   int    // from 1, counting text cells too, as editors do
	Name   string // the error's kind, as the kernel names it; "" without one
	Detail string // plain text, the traceback if there is one
	Err    error  // timeout, death of the kernel or a question to the user, else nil
}

func (e *CellError) Error() string {
	s := fmt.Sprintf("cell %d", e.Cell)
	if e.Err != nil {
		return s + ": " + e.Err.Error()
	}
	if e.Name != "" && !strings.Contains(e.Detail, e.Name) {
		s += ": " + e.Name
	}
	return s + ": " + strings.TrimSpace(e.Detail)
}

func (e *CellError) Unwrap() error { return e.Err }

// errTimeout is the cause of a cell's end when it took too long.
type errTimeout struct{ limit time.Duration }

func (e errTimeout) Error() string {
	return fmt.Sprintf("not done after %v; --timeout allows more", e.limit)
}
func (e errTimeout) Is(target error) bool { return target == context.DeadlineExceeded }

// Execute runs the code cells of a notebook in order and puts what they show
// in place of their outputs. It stops at the first cell that fails, with a
// *CellError; the outputs until then, the error among them, stay. A cell
// that fails for what the data lack is a *LackError instead. When ctx ends,
// the error is ctx's and the notebook is half done.
func Execute(ctx context.Context, nb *nbformat.Notebook, k Kernel, opt Options) error {
	total := 0
	for _, c := range nb.Cells {
		if c.Type == nbformat.Code {
			c.Outputs, c.ExecutionCount = nil, nil
			total++
		}
	}
	progress := func(done int) {
		if opt.Progress != nil {
			opt.Progress(done, total)
		}
	}
	displays := map[string][]*nbformat.Output{}
	done := 0
	for i, c := range nb.Cells {
		if c.Type != nbformat.Code {
			continue
		}
		progress(done)
		done++
		if strings.TrimSpace(c.Source) == "" {
			continue
		}
		if err := executeCell(ctx, i+1, c, k, opt.Timeout, displays); err != nil {
			return err
		}
	}
	progress(done)
	return nil
}

func executeCell(ctx context.Context, number int, c *nbformat.Cell, k Kernel, limit time.Duration, displays map[string][]*nbformat.Output) error {
	within, cancel := ctx, func() {}
	if limit > 0 {
		within, cancel = context.WithTimeoutCause(ctx, limit, errTimeout{limit})
	}
	defer cancel()
	r := &recorder{cell: c, displays: displays}
	reply, err := k.Execute(within, c.Source, r)
	r.end()
	if reply.Count > 0 {
		c.ExecutionCount = &reply.Count
	}
	if err == nil && (r.failed != nil || reply.Status != "ok") {
		if lack := lackOf(c, number); lack != nil {
			return lack
		}
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		// The file should say why, not only the terminal.
		c.Outputs = append(c.Outputs, &nbformat.Output{Type: nbformat.Error, EName: "Stopped", EValue: err.Error(), Traceback: []string{err.Error()}})
		return &CellError{Cell: number, Err: err}
	case r.failed != nil:
		detail := strings.Join(r.failed.Traceback, "\n")
		if strings.TrimSpace(detail) == "" {
			detail = r.failed.EValue
		}
		detail = plain(detail)
		if !strings.Contains(strings.TrimSpace(detail), "\n") { // GoNB's says no more than the exit status
			detail = strings.TrimSpace(detail + "\n" + lastLines(c, 20))
		}
		return &CellError{Cell: number, Name: plain(r.failed.EName), Detail: detail}
	case reply.Status != "ok":
		return &CellError{Cell: number, Name: plain(reply.EName), Detail: plain(reply.EValue)}
	}
	return nil
}

// lastLines is the end of what a cell wrote to standard error, which holds
// the messages of compilers and panics.
func lastLines(c *nbformat.Cell, n int) string {
	var b strings.Builder
	for _, o := range c.Outputs {
		if o.Type == nbformat.Stream && o.Name == "stderr" {
			b.WriteString(o.Text)
		}
	}
	lines := strings.Split(strings.TrimSpace(plain(b.String())), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

var (
	exitStatus = regexp.MustCompile(`^(exit status \d+|signal: .*)$`)
	errorLine  = regexp.MustCompile(`^(error|panic|fatal error): `)
)

// lastError is the line of standard error by which a cell's program most
// likely says why it ended: the last one that calls itself an error, else
// the last one.
func lastError(c *nbformat.Cell) string {
	lines := strings.Split(lastLines(c, 1000), "\n")
	for _, line := range slices.Backward(lines) {
		if errorLine.MatchString(line) {
			return line
		}
	}
	return strings.TrimSpace(lines[len(lines)-1])
}

// maxText is how much a cell may print before the rest is left out.
const maxText = 8 << 20

// A recorder turns what a cell shows into its outputs.
type recorder struct {
	cell     *nbformat.Cell
	displays map[string][]*nbformat.Output // by display id, of all cells
	failed   *nbformat.Output
	clear    bool             // with the next output
	stream   *nbformat.Output // the last output, when it is a stream
	text     strings.Builder  // of stream
	printed  int
}

func (r *recorder) add(o *nbformat.Output) *nbformat.Output {
	r.end()
	r.apply()
	r.cell.Outputs = append(r.cell.Outputs, o)
	return o
}

func (r *recorder) apply() {
	if r.clear {
		r.cell.Outputs, r.clear = nil, false
	}
}

// end closes the stream that is being printed.
func (r *recorder) end() {
	if r.stream != nil {
		r.stream.Text = r.text.String()
		r.stream = nil
		r.text.Reset()
	}
}

// Stream joins what is printed to the same stream, as Jupyter does.
func (r *recorder) Stream(name, text string) {
	if r.printed > maxText {
		return
	}
	if r.printed += len(text); r.printed > maxText {
		text = text[:len(text)-(r.printed-maxText)] + fmt.Sprintf("\n(what the cell printed beyond %d MiB is left out)\n", maxText>>20)
	}
	if r.stream == nil || r.stream.Name != name || r.clear {
		r.stream = r.add(&nbformat.Output{Type: nbformat.Stream, Name: name})
	}
	r.text.WriteString(text)
}

func (r *recorder) Display(b jupyter.Bundle, id string) {
	o := r.add(&nbformat.Output{Type: nbformat.DisplayData, Data: b.Data, Metadata: b.Metadata})
	if id != "" {
		r.displays[id] = append(r.displays[id], o)
	}
}

func (r *recorder) Result(b jupyter.Bundle, count int) {
	r.add(&nbformat.Output{Type: nbformat.ExecuteResult, Data: b.Data, Metadata: b.Metadata, ExecutionCount: &count})
}

// Update changes what stands under an id, in this cell or an earlier one: a
// file holds the last state.
func (r *recorder) Update(b jupyter.Bundle, id string) {
	for _, o := range r.displays[id] {
		o.Data, o.Metadata = maps.Clone(b.Data), maps.Clone(b.Metadata)
	}
	// GoNB's progress bars may come as an update of what was never shown.
	if len(r.displays[id]) == 0 && id != "" {
		r.Display(b, id)
	}
}

func (r *recorder) Clear(wait bool) {
	r.end()
	r.clear = true
	if !wait {
		r.apply()
	}
}

// Error keeps a cell's error. Of a program that failed, GoNB tells nothing
// but its exit status; what it said itself is put beside it.
func (r *recorder) Error(name, value string, traceback []string) {
	r.end()
	if exitStatus.MatchString(value) {
		if said := lastError(r.cell); said != "" {
			value = said + " (" + value + ")"
		}
	}
	r.failed = r.add(&nbformat.Output{Type: nbformat.Error, EName: name, EValue: value, Traceback: traceback})
}
