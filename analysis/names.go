package analysis

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrUnknownName marks a model, split, value or column that is not there.
var ErrUnknownName = errors.New("unknown name")

// UnknownName is the error for a name that is not among those known. It
// lists the nearest of them, nearest first, and wraps ErrUnknownName.
func UnknownName(kind, name string, known []string) error {
	near := nearest(name, known)
	if len(near) == 0 {
		return fmt.Errorf("%w: no %s %q; there are none", ErrUnknownName, kind, name)
	}
	return fmt.Errorf("%w: no %s %q; nearest: %s", ErrUnknownName, kind, name, strings.Join(near, ", "))
}

// nearest returns up to three known names in order of edit distance.
func nearest(name string, known []string) []string {
	type scored struct {
		name string
		d    int
	}
	var all []scored
	for _, k := range known {
		all = append(all, scored{k, editDistance(strings.ToLower(name), strings.ToLower(k))})
	}
	slices.SortStableFunc(all, func(a, b scored) int { return a.d - b.d })
	var out []string
	for _, s := range all {
		if len(out) < 3 && !slices.Contains(out, s.name) {
			out = append(out, s.name)
		}
	}
	return out
}

// editDistance is Levenshtein's, over bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

// nameOf is the name of one of a type's values, and of others their number.
func nameOf(kind string, value int, names ...string) string {
	if value < 0 || value >= len(names) {
		return fmt.Sprintf("%s(%d)", kind, value)
	}
	return names[value]
}
