package loaders

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/specstress/specstress/analysis"
)

// A reader fills columns from parts: callers first ask for columns, then
// run decodes them all, every row group on its own.
type reader struct {
	dataset *Dataset
	split   string
	parts   []Part
	offset  []int // by part: first row in the columns
	rows    int
	files   []*dataFile
	schemas []*schema
	of      []int // by part: index into files
	tasks   []task
}

// A task is one column: how to decode a row group of it into the right
// place, and what to do when all are there.
type task struct {
	columns []string // by file: its name there; "" where it has none
	decode  func(ctx context.Context, t Table, part int, column string, bad *BadValues) error
	absent  func(part int) // fills the rows of a file that lacks the column
	finish  func()
}

func (d *Dataset) newReader(split string, parts []Part, specs []ColumnSpec) (*reader, error) {
	r := &reader{dataset: d, split: split, parts: parts}
	for _, p := range parts {
		i := slices.Index(r.files, p.file)
		if i < 0 {
			i = len(r.files)
			sc, err := newSchema(p.file.name, p.file.columns, d.opt.Columns, specs)
			if err != nil {
				return nil, err
			}
			r.files = append(r.files, p.file)
			r.schemas = append(r.schemas, sc)
		}
		r.of = append(r.of, i)
		r.offset = append(r.offset, r.rows)
		r.rows += p.Rows
	}
	if r.rows == 0 {
		return nil, fmt.Errorf("loaders: %s: split %s has no rows: %w", d.source, split, analysis.ErrTooFew)
	}
	return r, nil
}

// resolve finds a column in every file. It returns nil where none has it.
func (r *reader) resolve(name string) ([]string, error) {
	columns := make([]string, len(r.files))
	found := false
	for i, sc := range r.schemas {
		c, ok, err := sc.find(name)
		if err != nil {
			return nil, err
		}
		if ok {
			columns[i], found = c.Name, true
		}
	}
	if !found {
		return nil, nil
	}
	return columns, nil
}

// window is the part's share of a full column.
func window[T any](r *reader, part int, column []T) []T {
	return column[r.offset[part]:][:r.parts[part].Rows:r.parts[part].Rows]
}

// positions asks for a position column, which every file must have.
func (r *reader) positions(name string) ([]analysis.Position, error) {
	columns, err := r.resolve(name)
	if err != nil {
		return nil, err
	}
	if i := slices.Index(columns, ""); i >= 0 {
		return nil, r.schemas[i].missing(name)
	}
	out := make([]analysis.Position, r.rows)
	r.tasks = append(r.tasks, task{columns: columns,
		decode: func(ctx context.Context, t Table, part int, column string, bad *BadValues) error {
			return t.ReadPositions(ctx, r.parts[part].Group, column, window(r, part, out), bad)
		}})
	return out, nil
}

// ints asks for a column of whole numbers; to stays empty where no file
// has it.
func (r *reader) ints(name string, to *Ints) error {
	columns, err := r.resolve(name)
	if err != nil || columns == nil {
		return err
	}
	to.V, to.Valid = make([]int64, r.rows), make([]bool, r.rows)
	r.tasks = append(r.tasks, task{columns: columns,
		decode: func(ctx context.Context, t Table, part int, column string, bad *BadValues) error {
			return t.ReadInts(ctx, r.parts[part].Group, column, window(r, part, to.V), window(r, part, to.Valid), bad)
		},
		absent: func(int) {}, // not valid already
		finish: func() {
			if !slices.Contains(to.Valid, false) {
				to.Valid = nil
			}
		}})
	return nil
}

// floats asks for a column of numbers; to stays nil where no file has it.
func (r *reader) floats(name string, to *[]float64) error {
	columns, err := r.resolve(name)
	if err != nil || columns == nil {
		return err
	}
	if i := slices.Index(columns, ""); i >= 0 {
		return r.schemas[i].missing(name)
	}
	*to = make([]float64, r.rows)
	r.tasks = append(r.tasks, task{columns: columns,
		decode: func(ctx context.Context, t Table, part int, column string, _ *BadValues) error {
			return t.ReadFloats(ctx, r.parts[part].Group, column, window(r, part, *to))
		}})
	return nil
}

// coded asks for a text column; to stays empty where no file has it.
// Columns that share an interner share codes.
func (r *reader) coded(names *interner, name string, to *Coded) error {
	columns, err := r.resolve(name)
	if err != nil || columns == nil {
		return err
	}
	to.Codes = make([]int32, r.rows)
	names.columns = append(names.columns, to)
	r.tasks = append(r.tasks, task{columns: columns,
		decode: func(ctx context.Context, t Table, part int, column string, _ *BadValues) error {
			return t.ReadCodes(ctx, r.parts[part].Group, column, window(r, part, to.Codes), names.code)
		},
		absent: func(part int) {
			for i := range window(r, part, to.Codes) {
				window(r, part, to.Codes)[i] = NullCode
			}
		},
		finish: names.settle})
	return nil
}

// run decodes what was asked for and returns the columns with values that
// had to be left out, in order of file and column.
func (r *reader) run(ctx context.Context) ([]BadColumn, error) {
	tables := make([]openOnce, len(r.files))
	locations := make([]location, len(r.files))
	for i, f := range r.files {
		tables[i].at, locations[i] = f.location, f.location
		for _, task := range r.tasks {
			if c := task.columns[i]; c != "" {
				tables[i].columns = append(tables[i].columns, c)
			}
		}
	}
	for p, i := range r.of {
		tables[i].parts++
		tables[i].groups = append(tables[i].groups, r.parts[p].Group)
	}
	defer func() {
		for i := range tables {
			tables[i].close()
		}
	}()
	bad := make([][]BadValues, len(r.parts)) // by part and task
	var done atomic.Int64
	err := parallel(ctx, r.dataset.workersFor(locations...), len(r.parts), func(p int) error {
		i := r.of[p]
		t, err := tables[i].open(ctx)
		if err != nil {
			return err
		}
		defer tables[i].release()
		if g := r.parts[p].Group; g >= t.RowGroups() || t.RowsIn(g) != r.parts[p].Rows {
			return fmt.Errorf("loaders: %s changed since it was opened: row group %d", r.parts[p].File, g)
		}
		bad[p] = make([]BadValues, len(r.tasks))
		for k, task := range r.tasks {
			if task.columns[i] == "" {
				task.absent(p)
				continue
			}
			if err := task.decode(ctx, t, p, task.columns[i], &bad[p][k]); err != nil {
				return fmt.Errorf("loaders: %w", err)
			}
		}
		r.dataset.progress(r.split, int(done.Add(1)), len(r.parts))
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, task := range r.tasks {
		if task.finish != nil {
			task.finish()
		}
	}
	return r.badColumns(bad), nil
}

func (r *reader) badColumns(bad [][]BadValues) []BadColumn {
	var out []BadColumn
	for i, f := range r.files {
		for k, task := range r.tasks {
			c := BadColumn{File: f.name, Column: task.columns[i]}
			for p := range r.parts {
				if r.of[p] == i {
					c.Merge(bad[p][k])
				}
			}
			if c.N > 0 {
				out = append(out, c)
			}
		}
	}
	return out
}

func (d *Dataset) progress(split string, done, total int) {
	if d.opt.Progress == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opt.Progress(split, done, total)
}

// An openOnce opens a file when its first part is read and closes it after
// its last, so that only files at work hold memory. A file from afar begins
// to fetch all that will be read of it when it is opened.
type openOnce struct {
	at      location
	groups  []int
	columns []string
	mu      sync.Mutex
	table   *openedTable
	err     error
	parts   int // still to be read
}

func (o *openOnce) open(ctx context.Context) (Table, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.table == nil && o.err == nil {
		if o.table, o.err = openTable(ctx, o.at); o.err == nil {
			o.table.fetch(slices.DeleteFunc(o.groups, func(g int) bool { return g >= o.table.RowGroups() }), o.columns)
		}
	}
	if o.err != nil {
		return nil, o.err
	}
	return o.table, nil
}

func (o *openOnce) release() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.parts--; o.parts == 0 {
		o.closeLocked()
	}
}

func (o *openOnce) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closeLocked()
}

func (o *openOnce) closeLocked() {
	if o.table != nil {
		o.table.Close() // read-only: nothing can be lost
		o.table = nil
	}
}
