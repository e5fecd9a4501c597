package loaders

import (
	"context"
	"fmt"
	"slices"
	"sort"
)

// Text reads a text column, such as query or response_o3, for some rows:
// only the row groups that hold them are read. Texts come in the order of
// the rows; NULL is "". The texts are untrusted and may be offensive.
//
// The error names a column that is not there, with its nearest names, or a
// row outside the table.
func (s *Scenarios) Text(ctx context.Context, column string, rows ...int) ([]string, error) {
	files, err := s.dataset.filesOf(s.split)
	if err != nil {
		return nil, err
	}
	parts := partsOf(files)
	starts := make([]int, len(parts)) // row of the split at which each part starts
	for i := 1; i < len(parts); i++ {
		starts[i] = starts[i-1] + parts[i-1].Rows
	}
	wanted := map[int][]int{} // by part: indexes into rows
	for i, row := range rows {
		if row < 0 || row >= s.Rows() {
			return nil, fmt.Errorf("loaders: split %s: row %d, want 0..%d", s.split, row, s.Rows()-1)
		}
		stored := s.stored(row)
		part := sort.Search(len(starts), func(p int) bool { return starts[p] > stored }) - 1
		wanted[part] = append(wanted[part], i)
	}
	out := make([]string, len(rows))
	for p, part := range parts {
		if wanted[p] == nil {
			continue
		}
		at := map[int][]int{} // by row of the group: indexes into out
		var inGroup []int
		for _, i := range wanted[p] {
			row := s.stored(rows[i]) - starts[p]
			if at[row] == nil {
				inGroup = append(inGroup, row)
			}
			at[row] = append(at[row], i)
		}
		slices.Sort(inGroup)
		err := s.dataset.readText(ctx, part, column, inGroup, func(row int, text string) {
			for _, i := range at[row] {
				out[i] = text
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// HasText reports whether every file of the split has a text column of that
// name.
func (s *Scenarios) HasText(column string) bool {
	files, err := s.dataset.filesOf(s.split)
	if err != nil {
		return false
	}
	for _, f := range files {
		sc, err := newSchema(f.name, f.columns, s.dataset.opt.Columns, scenarioColumns)
		if err != nil {
			return false
		}
		if _, ok, err := sc.find(column); err != nil || !ok {
			return false
		}
	}
	return true
}

// stored is the row of the split that a row of this table came from.
func (s *Scenarios) stored(row int) int {
	if s.origin != nil {
		return int(s.origin[row])
	}
	return row
}

func (d *Dataset) readText(ctx context.Context, part Part, column string, rows []int, yield func(row int, text string)) error {
	sc, err := newSchema(part.File, part.file.columns, d.opt.Columns, scenarioColumns)
	if err != nil {
		return err
	}
	c, ok, err := sc.find(column)
	if err != nil {
		return err
	}
	if !ok {
		return sc.missing(column)
	}
	t, _, err := openTable(ctx, part.file.path, part.file.name)
	if err != nil {
		return err
	}
	defer t.Close()
	err = t.ReadText(ctx, part.Group, c.Name, rows, func(row int, text string, ok bool) {
		if ok {
			yield(row, text)
		}
	})
	if err != nil {
		return fmt.Errorf("loaders: %w", err)
	}
	return nil
}

// Stored is the row of the whole split that a row of this table came from:
// what specstress text takes as a row.
func (s *Scenarios) Stored(row int) int { return s.stored(row) }
