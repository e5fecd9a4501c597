package loaders

import "slices"

// A Group is the rows that share one key.
type Group[K comparable] struct {
	Key  K
	Rows []int // ascending
}

// GroupBy groups the rows 0..n-1 by a key of any comparable type, a struct
// of several columns included, and returns the groups in the order of
// compare. Rows for which key reports false belong to no group.
//
// It stands in for gota's GroupBy, which joins keys with "_" and so merges
// ("a_b","c") with ("a","b_c"), and whose row order changes from run to
// run (gota v0.12.0).
func GroupBy[K comparable](n int, key func(row int) (K, bool), compare func(a, b K) int) []Group[K] {
	at := map[K]int{}
	var groups []Group[K]
	for row := range n {
		k, ok := key(row)
		if !ok {
			continue
		}
		i, seen := at[k]
		if !seen {
			i = len(groups)
			at[k] = i
			groups = append(groups, Group[K]{Key: k})
		}
		groups[i].Rows = append(groups[i].Rows, row)
	}
	slices.SortFunc(groups, func(a, b Group[K]) int { return compare(a.Key, b.Key) })
	return groups
}
