package loaders

import (
	"fmt"

	"github.com/specstress/specstress/analysis"
)

// RowsOf returns the rows with a scenario key, ascending: one, none, or
// several where a file repeats a key.
func (s *Scenarios) RowsOf(key Key) []int {
	var rows []int
	for row := range s.Rows() {
		if k, ok := s.Key(row); ok && k == key {
			rows = append(rows, row)
		}
	}
	return rows
}

// ScenarioRows returns the rows of each judged scenario, by its number,
// ascending. A scenario that Where has left no row of has none.
func (j *Judged) ScenarioRows() [][]int {
	rows := make([][]int, j.Scenarios)
	for row, n := range j.Scenario {
		rows[n] = append(rows[n], row)
	}
	return rows
}

// ScenarioOf returns, for each row of a table of scenarios, the number of
// the judged scenario with the same key, and -1 where no verdict is of it
// or the key is missing: what analysis.HasOutcome joins by. Of a key that
// stands in several bins it is the first.
func (j *Judged) ScenarioOf(s *Scenarios) []int32 {
	number := map[Key]int32{}
	for row, n := range j.Scenario {
		if k, ok := j.Key(row); ok {
			if _, seen := number[k]; !seen {
				number[k] = n
			}
		}
	}
	out := make([]int32, s.Rows())
	for row := range out {
		out[row] = -1
		if k, ok := s.Key(row); ok {
			if n, judged := number[k]; judged {
				out[row] = n
			}
		}
	}
	return out
}

// Values returns the names of one of the two values in tension, by row; the
// zero Coded where the source lacks the column.
func (j *Judged) Values(v analysis.Value) Coded {
	if v == analysis.Value1 {
		return j.val1
	}
	return j.val2
}

// Nudges returns which value each row's query favours.
func (j *Judged) Nudges() Coded { return j.nudge }

// HasPair keeps the scenarios that put two values into tension, in either
// order: how an example is looked up by the names that the paper prints.
// Case does not matter.
func HasPair(a, b string) Condition {
	first, second := HasValue(a), HasValue(b)
	return Condition{Name: fmt.Sprintf("values=%s+%s", a, b), rows: func(t conditional) (func(int) bool, error) {
		one, err := first.rows(t)
		if err != nil {
			return nil, err
		}
		other, err := second.rows(t)
		if err != nil {
			return nil, err
		}
		return func(row int) bool { return one(row) && other(row) }, nil
	}}
}
