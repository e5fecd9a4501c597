package parquet

import (
	"context"
	"fmt"
	"io"
	"runtime"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

func init() { loaders.RegisterFormat(".parquet", Format{}) }

// Format opens parquet files. It is registered for names that end in
// ".parquet".
type Format struct{}

// Open reads the footer of f, checks all that can be checked without
// touching the columns, and returns the file as a Table. The error names
// the file and the footer, the schema, or the row group and column. When
// Open fails, f stays open.
func (Format) Open(ctx context.Context, f loaders.File) (loaders.Table, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	t := &table{file: f}
	if err := contain(t.open); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name(), err)
	}
	return t, nil
}

// A table is an open file. It does not change after Open, so any number of
// goroutines may read from it.
type table struct {
	file    loaders.File
	columns []loaders.Column
	byName  map[string]*node
	groups  []group
	keys    map[string]string
	limit   int // bytes that one decoded page may take
}

// A group is one row group.
type group struct {
	first, rows int // first row, counted in the file
	chunks      []chunk
}

func (t *table) Columns() []loaders.Column { return append([]loaders.Column(nil), t.columns...) }
func (t *table) RowGroups() int            { return len(t.groups) }
func (t *table) RowsIn(group int) int      { return t.groups[group].rows }
func (t *table) Close() error              { return t.file.Close() }

// Reopen is Open on bytes whose footer was read and checked before.
func (t *table) Reopen(f loaders.File) loaders.Table {
	again := *t
	again.file = f
	return &again
}

func (t *table) Metadata(key string) (string, bool) {
	value, ok := t.keys[key]
	return value, ok
}

// Ranges says where the values of a column lie, for files that are fetched
// range by range. It is nil for a column or row group that is not there.
func (t *table) Ranges(group int, column string) []loaders.Range {
	n, ok := t.byName[column]
	if !ok || group < 0 || group >= len(t.groups) {
		return nil
	}
	var ranges []loaders.Range
	for _, l := range n.leaves {
		if c := &t.groups[group].chunks[l.chunk]; c.size > 0 {
			ranges = append(ranges, loaders.Range{Offset: c.offset, Length: c.size})
		}
	}
	return ranges
}

// column finds a column by name in a row group. The group and the length
// of the destination are the caller's business to get right, so a wrong one
// is an error that says which.
func (t *table) column(group int, name string, dst int) (*node, error) {
	if group < 0 || group >= len(t.groups) {
		return nil, fmt.Errorf("%s: row group %d, the file has %d", t.file.Name(), group, len(t.groups))
	}
	if rows := t.groups[group].rows; dst >= 0 && dst != rows {
		return nil, fmt.Errorf("%s: row group %d: room for %d rows, want %d", t.file.Name(), group, dst, rows)
	}
	n, ok := t.byName[name]
	if !ok {
		names := make([]string, len(t.columns))
		for i, c := range t.columns {
			names[i] = c.Name
		}
		return nil, fmt.Errorf("%s: %w", t.file.Name(), analysis.UnknownName("column", name, names))
	}
	return n, nil
}

// flatColumn is column for one that must be flat and of one of the kinds.
func (t *table) flatColumn(group int, name string, dst int, want string, kinds ...loaders.Kind) (*leaf, error) {
	n, err := t.column(group, name, dst)
	if err != nil {
		return nil, err
	}
	l := n.flat()
	for _, k := range kinds {
		if l != nil && l.kind == k {
			return l, nil
		}
	}
	return nil, fmt.Errorf("%s: schema: %w: column %q is %s, want %s", t.file.Name(), loaders.ErrSchema, name, n.column().Kind, want)
}

// place wraps an error of one column chunk.
func (t *table) place(group int, l *leaf, err error) error {
	return fmt.Errorf("%s: row group %d column %q: %w", t.file.Name(), group, l.name(), err)
}

// contain runs decode and turns a panic into an error. The libraries below
// panic on bytes they did not expect; this is the only border at which that
// is caught, and no callback of a caller runs inside it.
func contain(decode func() error) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case runtime.Error:
			err = fmt.Errorf("damaged: %w", p)
		default:
			err = fmt.Errorf("damaged: %v", p)
		}
	}()
	return decode()
}

// readAt fills b from the file. A short read is an error even at its end.
func (t *table) readAt(b []byte, off int64) error {
	if n, err := t.file.ReadAt(b, off); n < len(b) {
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return fmt.Errorf("reading %d bytes at %d: %w", len(b), off, err)
	}
	return nil
}
