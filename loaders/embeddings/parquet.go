package embeddings

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/specstress/specstress/loaders"
)

// openParquet reads a column of lists, and the keys of the rows if they are
// there.
func openParquet(ctx context.Context, path, column string) (*Embeddings, error) {
	t, err := loaders.OpenTable(ctx, path)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	vectors, ok := t.(loaders.VectorTable)
	if !ok {
		return nil, errors.New("its decoder reads no lists")
	}
	if column == "" {
		if column, err = onlyNested(t.Columns()); err != nil {
			return nil, err
		}
	}
	e := &Embeddings{}
	for group := range t.RowGroups() {
		rows := t.RowsIn(group)
		if rows == 0 {
			continue
		}
		data, dim, err := vectors.ReadVectors(ctx, group, column)
		if err != nil {
			return nil, err
		}
		if e.Dim == 0 {
			e.Dim = dim
		}
		if dim != e.Dim {
			return nil, fmt.Errorf("row group %d: lists of %d numbers, want %d as in those before", group, dim, e.Dim)
		}
		e.Data = append(e.Data, data...)
		e.Rows += rows
	}
	if e.Rows == 0 || e.Dim == 0 {
		return nil, fmt.Errorf("%d rows of %d numbers, want at least one of one", e.Rows, e.Dim)
	}
	e.Keys, err = readKeys(ctx, t, e.Rows)
	return e, err
}

// onlyNested is the name of the one nested column.
func onlyNested(columns []loaders.Column) (string, error) {
	var names []string
	for _, c := range columns {
		if c.Kind == loaders.Nested {
			names = append(names, c.Name)
		}
	}
	if len(names) != 1 {
		return "", fmt.Errorf("%d columns of lists (%s); name one", len(names), strings.Join(names, ", "))
	}
	return names[0], nil
}

// readKeys reads the columns that name a scenario. Where one of them is
// absent there are no keys; a row without a key is an error.
func readKeys(ctx context.Context, t loaders.Table, rows int) ([]loaders.Key, error) {
	const chunk, entry, nudge = "chunk_index", "entry_idx", "nudge_direction"
	have := map[string]bool{}
	for _, c := range t.Columns() {
		have[c.Name] = true
	}
	if !have[chunk] || !have[entry] || !have[nudge] {
		return nil, nil
	}
	keys := make([]loaders.Key, 0, rows)
	names := []string{}
	codes := map[string]int32{}
	intern := func(text []byte) int32 {
		code, ok := codes[string(text)]
		if !ok {
			code = int32(len(names))
			names = append(names, string(text))
			codes[string(text)] = code
		}
		return code
	}
	for group := range t.RowGroups() {
		n := t.RowsIn(group)
		var ints [2][]int64
		var valid [2][]bool
		for i, name := range []string{chunk, entry} {
			ints[i], valid[i] = make([]int64, n), make([]bool, n)
			var bad loaders.BadValues
			if err := t.ReadInts(ctx, group, name, ints[i], valid[i], &bad); err != nil {
				return nil, err
			}
		}
		nudges := make([]int32, n)
		if err := t.ReadCodes(ctx, group, nudge, nudges, intern); err != nil {
			return nil, err
		}
		for i, code := range nudges {
			if !valid[0][i] || !valid[1][i] || code == loaders.NullCode {
				return nil, fmt.Errorf("row %d has no whole key in %s, %s and %s", len(keys), chunk, entry, nudge)
			}
			keys = append(keys, loaders.Key{Chunk: ints[0][i], Entry: ints[1][i], Nudge: names[code]})
		}
	}
	return keys, nil
}
