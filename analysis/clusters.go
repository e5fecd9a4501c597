package analysis

import (
	"errors"
	"fmt"
)

// among returns the clusters that occur among the given number of rows,
// renumbered 0..N-1 in order of ID. Unknown clusters make every row a
// cluster of its own. IDs that do not fit the rows are an error.
func (c Clusters) among(rows int) (Clusters, error) {
	if !c.Known() {
		id := make([]int32, rows)
		for i := range id {
			id[i] = int32(i)
		}
		return Clusters{ID: id, N: rows}, nil
	}
	if len(c.ID) != rows {
		return Clusters{}, fmt.Errorf("analysis: clusters of %d rows, want %d", len(c.ID), rows)
	}
	last := int32(-1) // the highest ID that occurs; N may be far above it
	for row, id := range c.ID {
		if id < 0 || int(id) >= c.N {
			return Clusters{}, fmt.Errorf("analysis: row %d: cluster %d, want 0..%d", row, id, c.N-1)
		}
		last = max(last, id)
	}
	number := make([]int32, last+1) // 1 for an ID that occurs, then its new number
	for _, id := range c.ID {
		number[id] = 1
	}
	next := int32(0)
	for id, occurs := range number {
		number[id] = next
		next += occurs
	}
	dense := Clusters{ID: make([]int32, rows), N: int(next)}
	for row, id := range c.ID {
		dense.ID[row] = number[id]
	}
	return dense, nil
}

// localNumbers numbers the clusters of ever other units 0, 1, ... in order
// of appearance, without clearing its memory in between.
type localNumbers struct {
	clusters Clusters
	number   []int32 // by cluster, where its stamp is the current round
	stamp    []int32
	round    int32
}

func newLocalNumbers(c Clusters) *localNumbers {
	return &localNumbers{clusters: c, number: make([]int32, c.N), stamp: make([]int32, c.N)}
}

func (l *localNumbers) of(units []unit) (within []int32, n int) {
	l.round++
	within = make([]int32, len(units))
	for i, u := range units {
		c := l.clusters.ID[u.row]
		if l.stamp[c] != l.round {
			l.stamp[c] = l.round
			l.number[c] = int32(n)
			n++
		}
		within[i] = l.number[c]
	}
	return within, n
}

// errClustersUnknown is the warning on every interval that had to take
// units as independent because nobody knows which belong together.
var errClustersUnknown = errors.New("clusters unknown: units are taken as independent, so the interval may be too narrow")
