package loaders

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// A Key names one scenario across splits and configs: the value pair's
// place in the generation run and the nudge of the query. It is written
// chunk-entry-nudge, as in 32-579-value1.
type Key struct {
	Chunk, Entry int64
	Nudge        string
}

// String is the key's written form.
func (k Key) String() string { return fmt.Sprintf("%d-%d-%s", k.Chunk, k.Entry, k.Nudge) }

// ParseKey reads the written form.
func ParseKey(s string) (Key, error) {
	parts := strings.SplitN(s, "-", 3)
	if len(parts) == 3 && parts[2] != "" {
		chunk, err1 := strconv.ParseInt(parts[0], 10, 64)
		entry, err2 := strconv.ParseInt(parts[1], 10, 64)
		if err1 == nil && err2 == nil {
			return Key{chunk, entry, parts[2]}, nil
		}
	}
	return Key{}, fmt.Errorf("loaders: scenario key %q, want chunk-entry-nudge as in 32-579-value1", s)
}

// keyAt puts a row's key together.
func keyAt(chunk, entry Ints, nudge Coded, row int) (Key, bool) {
	if chunk.V == nil || entry.V == nil || nudge.Codes == nil {
		return Key{}, false
	}
	c, ok1 := chunk.At(row)
	e, ok2 := entry.At(row)
	n, ok3 := nudge.At(row)
	return Key{c, e, n}, ok1 && ok2 && ok3
}

// clusterIDs numbers the value pairs (chunk, entry) in order of first
// appearance. Where a column or one of its values is missing there are no
// clusters.
func clusterIDs(chunk, entry Ints, rows int) analysis.Clusters {
	if chunk.V == nil || entry.V == nil || chunk.nulls() > 0 || entry.nulls() > 0 {
		return analysis.Clusters{}
	}
	ids := make([]int32, rows)
	next := int32(0)
	id := numbering(chunk.V, entry.V)
	for row := range ids {
		at := id(chunk.V[row], entry.V[row])
		if *at == 0 {
			next++
			*at = next
		}
		ids[row] = *at - 1
	}
	return analysis.Clusters{ID: ids, N: int(next)}
}

// numbering gives each pair of numbers a place for its own number, which is
// 0 at first. The published files have some 100 chunks of 1,500 entries, of
// which a plain table is several times quicker than a map.
func numbering(first, second []int64) func(a, b int64) *int32 {
	if len(first) == 0 {
		return nil
	}
	low, lowest := slices.Min(first), slices.Min(second)
	// Unsigned, so that the distance of any two int64 fits.
	width, breadth := uint64(slices.Max(first))-uint64(low), uint64(slices.Max(second))-uint64(lowest)
	if limit := 8 * uint64(len(first)); width < limit && breadth < limit && (width+1)*(breadth+1) <= limit {
		table := make([]int32, (width+1)*(breadth+1))
		return func(a, b int64) *int32 { return &table[uint64(a-low)*(breadth+1)+uint64(b-lowest)] }
	}
	type pair struct{ a, b int64 }
	seen := make(map[pair]*int32, len(first)/2)
	return func(a, b int64) *int32 {
		at := seen[pair{a, b}]
		if at == nil {
			at = new(int32)
			seen[pair{a, b}] = at
		}
		return at
	}
}

// gatherClusters is clusterIDs of some rows of a table of which they are
// known.
func gatherClusters(c analysis.Clusters, rows []int32) analysis.Clusters {
	to := make([]int32, c.N) // new number + 1
	ids := make([]int32, len(rows))
	n := int32(0)
	for i, row := range rows {
		at := &to[c.ID[row]]
		if *at == 0 {
			n++
			*at = n
		}
		ids[i] = *at - 1
	}
	return analysis.Clusters{ID: ids, N: int(n)}
}

// countKeys counts the rows without a complete key and those whose key, and
// model where a row belongs to one of several, stands in a row before.
func countKeys(rows int, key func(row int) (Key, bool), model func(row int) int32) (without, repeated int) {
	type id struct {
		key   Key
		model int32
	}
	seen := make(map[id]struct{}, rows)
	for row := range rows {
		k, ok := key(row)
		if !ok {
			without++
			continue
		}
		seen[id{k, model(row)}] = struct{}{}
	}
	return without, rows - without - len(seen)
}

// oneModel is countKeys' model for tables with one row per scenario.
func oneModel(int) int32 { return 0 }
