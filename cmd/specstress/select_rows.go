package main

import (
	"fmt"

	"github.com/specstress/specstress/loaders"
	"github.com/specstress/specstress/loaders/embeddings"
)

// A rowMap says which row of a file belongs to each row of a table. Without
// rows they are the same.
type rowMap struct{ rows []int }

// mapRows finds the row of the file for each scenario: by key where the file
// has keys, else by order, of the rows that were kept or of all.
func mapRows(e *embeddings.Embeddings, all, kept *loaders.Scenarios) (*rowMap, error) {
	if kept == nil {
		return &rowMap{}, nil
	}
	if e.Keys != nil {
		return mapKeys(e.Keys, kept.Rows(), kept.Key)
	}
	switch e.Rows {
	case kept.Rows():
		return &rowMap{}, nil
	case all.Rows():
		m := &rowMap{make([]int, kept.Rows())}
		for row := range m.rows {
			m.rows[row] = kept.Stored(row)
		}
		return m, nil
	}
	return nil, fmt.Errorf("%d vectors, want %d, one for each row of split %s in its order", e.Rows, all.Rows(), all.Split())
}

// mapKeys finds the place of each scenario's key.
func mapKeys(keys []loaders.Key, rows int, key func(row int) (loaders.Key, bool)) (*rowMap, error) {
	at := make(map[loaders.Key]int, len(keys))
	for i, k := range keys {
		if first, ok := at[k]; ok {
			return nil, fmt.Errorf("rows %d and %d have the same key %s", first, i, k)
		}
		at[k] = i
	}
	m := &rowMap{make([]int, rows)}
	for row := range m.rows {
		k, ok := key(row)
		if !ok {
			return nil, fmt.Errorf("scenario %d has no key to go by", row)
		}
		if m.rows[row], ok = at[k]; !ok {
			return nil, fmt.Errorf("no row for scenario %s", k)
		}
	}
	return m, nil
}

// gather puts the vectors into the order of the table. Where that is the
// order of the file they stay where they are.
func (m *rowMap) gather(data []float32, dim int) []float32 {
	if m.rows == nil {
		return data
	}
	out := make([]float32, 0, len(m.rows)*dim)
	for _, row := range m.rows {
		out = append(out, data[row*dim:(row+1)*dim]...)
	}
	return out
}
