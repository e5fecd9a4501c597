package parquet

import (
	"context"
	"errors"
	"fmt"

	"github.com/specstress/specstress/loaders"
)

// ReadVectors decodes a column of lists of numbers, one list per row and all
// of one length, as float32, row after row. NULL, among the lists or in one,
// is an error that names the row, as is a list of another length.
func (t *table) ReadVectors(ctx context.Context, group int, column string) (data []float32, dim int, err error) {
	n, err := t.column(group, column, -1)
	if err != nil {
		return nil, 0, err
	}
	if len(n.leaves) != 1 || n.leaves[0].rep != 1 || n.leaves[0].kind != loaders.Float && n.leaves[0].kind != loaders.Int {
		return nil, 0, fmt.Errorf("%s: schema: %w: column %q is %s, want a list of numbers", t.file.Name(), loaders.ErrSchema, column, n.column().Kind)
	}
	l := n.leaves[0]
	first, rows := t.groups[group].first, t.groups[group].rows
	row, start := -1, 0 // of this group; the element at which the row starts
	wrong := func(format string, args ...any) error {
		return t.place(group, l, fmt.Errorf("row %d: %s", first+row, fmt.Sprintf(format, args...)))
	}
	endRow := func() error {
		switch length := len(data) - start; {
		case row < 0:
		case row == 0:
			dim = length
		case length != dim:
			return wrong("a list of %d numbers, want %d as in row %d", length, dim, first)
		}
		start = len(data)
		return nil
	}
	err = t.scan(ctx, group, l, nil, func(b *batch) error {
		if b.reps == nil {
			return t.place(group, l, errors.New("a list without repetition levels"))
		}
		plain := make([]float64, b.values.n)
		floats(b.values, l, plain)
		k := 0
		for i, rep := range b.reps[:b.n] {
			if rep == 0 {
				if err := endRow(); err != nil {
					return err
				}
				row++
			}
			if row < 0 {
				return t.place(group, l, errors.New("starts in the middle of a row"))
			}
			if b.defs != nil && b.defs[i] != l.def {
				return wrong("NULL or an empty list, want numbers")
			}
			at := k
			if b.index != nil {
				at = int(b.index[k])
			}
			data = append(data, float32(plain[at]))
			k++
		}
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	if err := endRow(); err != nil {
		return nil, 0, err
	}
	if row+1 != rows {
		return nil, 0, t.place(group, l, fmt.Errorf("%d rows, the footer says %d", row+1, rows))
	}
	return data, dim, nil
}

var _ loaders.VectorTable = (*table)(nil)
