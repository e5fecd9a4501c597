package loaders

import (
	"context"
	"fmt"
	"slices"
)

// Responses reads a model's responses to the scenarios of the given keys, in
// their order. Only the row groups that hold them are read, and kept in the
// cache where the source is remote. The texts are untrusted and may be
// offensive.
//
// The error names a key that no row has, a key that several rows have, or a
// model without responses here.
func (s *Scenarios) Responses(ctx context.Context, model string, keys ...Key) ([]string, error) {
	rows := make([]int, len(keys))
	wanted := map[Key][]int{}
	for i, k := range keys {
		rows[i] = -1
		wanted[k] = append(wanted[k], i)
	}
	for row := range s.Rows() {
		k, ok := s.Key(row)
		if !ok {
			continue
		}
		for _, i := range wanted[k] {
			if rows[i] >= 0 {
				return nil, fmt.Errorf("loaders: split %s: scenario %s: rows %d and %d have this key, want one", s.split, k, rows[i], row)
			}
			rows[i] = row
		}
	}
	if i := slices.Index(rows, -1); i >= 0 {
		return nil, fmt.Errorf("loaders: split %s: no scenario has the key %s", s.split, keys[i])
	}
	return s.Text(ctx, responsePrefix+model, rows...)
}
