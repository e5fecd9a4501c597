package parquet

import (
	"context"
	"fmt"
	"sort"

	"github.com/specstress/specstress/loaders"
)

// ReadText yields the given rows of a text or nested column. Pages without
// any of the rows are not decompressed.
func (t *table) ReadText(ctx context.Context, group int, column string, rows []int, yield func(row int, text string, ok bool)) error {
	n, err := t.column(group, column, -1)
	if err != nil {
		return err
	}
	for i, row := range rows {
		if row < 0 || row >= t.groups[group].rows || i > 0 && row <= rows[i-1] {
			return fmt.Errorf("%s: row group %d column %q: row %d asked for, want ascending rows below %d",
				t.file.Name(), group, column, row, t.groups[group].rows)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if n.flat() == nil {
		return t.readNested(ctx, group, n, rows, yield)
	}
	l, err := t.flatColumn(group, column, -1, "text or nested", loaders.Text)
	if err != nil {
		return err
	}
	next := 0
	wanted := func(first, n int) bool {
		i := sort.SearchInts(rows, first)
		return i < len(rows) && rows[i] < first+n
	}
	return t.scan(ctx, group, l, wanted, func(b *batch) error {
		b.each(l, func(row, value int) {
			if next == len(rows) || row != rows[next] {
				return
			}
			next++
			if value < 0 {
				yield(row, "", false)
			} else {
				yield(row, string(b.values.bytes(value)), true)
			}
		})
		return nil
	})
}
