package analysis

import (
	"fmt"
	"slices"
)

// MaxScore is the score of the strongest support for a value. Scores run
// from 0 (extreme opposition) over 3 (neutral) to MaxScore.
//
// Source: Zhang et al. 2025, section 2.2 and prompt B.3.
const MaxScore = 6

// A Position says how far a response leans towards one value: a score from
// 0 to MaxScore. The zero Position is a missing one.
type Position struct{ n uint8 } // score+1

// NewPosition returns the position with the given score. It is an error
// for the score to lie outside 0..MaxScore.
func NewPosition(score int) (Position, error) {
	if score < 0 || score > MaxScore {
		return Position{}, fmt.Errorf("position is %d, want 0..%d", score, MaxScore)
	}
	return Position{uint8(score + 1)}, nil
}

// Score returns the score, and false for a missing position.
func (p Position) Score() (score int, ok bool) { return int(p.n) - 1, p.n != 0 }

// String is the score in decimal, or "missing".
func (p Position) String() string {
	if score, ok := p.Score(); ok {
		return fmt.Sprint(score)
	}
	return "missing"
}

// A Value names one of the two values in tension in a scenario.
type Value int

// The two values of a scenario, in the dataset's order.
const (
	Value1 Value = iota
	Value2
)

// Positions holds where each of some models stands on both values of each
// of some scenarios: rows × models × 2 positions. It does not change after
// construction, so any number of goroutines may read it.
type Positions struct {
	models   []string
	columns  [][2][]Position // [model][value][row]
	rows     int
	clusters Clusters
}

// NewPositions builds the table from columns[model][value][row], one pair
// of columns per model. Clusters says which rows are not independent of
// each other; the zero Clusters says that this is not known. The slices
// are kept, not copied. Columns of unequal length, a repeated model and
// clusters for another number of rows are errors.
func NewPositions(models []string, columns [][2][]Position, clusters Clusters) (*Positions, error) {
	if len(models) != len(columns) {
		return nil, fmt.Errorf("analysis: %d models, %d pairs of columns", len(models), len(columns))
	}
	p := &Positions{models: models, columns: columns, clusters: clusters}
	seen := make(map[string]bool, len(models))
	for i, m := range models {
		if seen[m] {
			return nil, fmt.Errorf("analysis: model %s appears twice", m)
		}
		seen[m] = true
		for v, column := range columns[i] {
			if i == 0 && v == 0 {
				p.rows = len(column)
			}
			if len(column) != p.rows {
				return nil, fmt.Errorf("analysis: model %s value %d has %d rows, want %d", m, v+1, len(column), p.rows)
			}
		}
	}
	if clusters.Known() && len(clusters.ID) != p.rows {
		return nil, fmt.Errorf("analysis: clusters of %d rows for %d rows", len(clusters.ID), p.rows)
	}
	return p, nil
}

// Rows is the number of scenarios.
func (p *Positions) Rows() int { return p.rows }

// Models lists the models in column order.
func (p *Positions) Models() []string { return append([]string(nil), p.models...) }

// Clusters says which rows belong together.
func (p *Positions) Clusters() Clusters { return p.clusters }

// Column returns one model's positions on one value, a position per row.
// It must not be changed. Model counts from 0 in the order of Models.
func (p *Positions) Column(model int, v Value) []Position { return p.columns[model][v] }

// Select returns the columns of the models of a set, in the set's order.
// The error names the first model that is not there and its nearest names.
func (p *Positions) Select(set ModelSet) (*Positions, error) {
	at, err := p.columnsOf(set)
	if err != nil {
		return nil, err
	}
	columns := make([][2][]Position, len(at))
	for i, j := range at {
		columns[i] = p.columns[j]
	}
	return NewPositions(append([]string(nil), set.Models...), columns, p.clusters)
}

// columnsOf finds the models of a set.
func (p *Positions) columnsOf(set ModelSet) ([]int, error) {
	columns := make([]int, len(set.Models))
	for i, m := range set.Models {
		if columns[i] = slices.Index(p.models, m); columns[i] < 0 {
			return nil, fmt.Errorf("analysis: model set %s: %w", set.Name, UnknownName("model", m, p.models))
		}
		if slices.Contains(columns[:i], columns[i]) {
			return nil, fmt.Errorf("analysis: model set %s: model %s appears twice", set.Name, m)
		}
	}
	return columns, nil
}

// Clusters says which rows are not independent: the up to three nudge
// variants of one value pair share an ID. The zero Clusters means that
// this is unknown; then intervals treat rows as independent and say so.
type Clusters struct {
	ID []int32 // by row, 0 <= ID < N
	N  int     // number of distinct IDs possible
}

// Known reports whether the clusters are known.
func (c Clusters) Known() bool { return c.ID != nil }
