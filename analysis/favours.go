package analysis

import (
	"fmt"
	"iter"
)

// favours are how often each model favours the values of one code, such as
// that of their category: tallies over the same clusters.
type favours struct {
	units   int // values that a model could favour
	byModel []*ShareTally
}

// favours yields each code that occurs and what is favoured of it. codes are
// 0..n-1, -1 for a value without one, which is counted in unmapped. The
// tallies' clusters are those with a value of the code.
func (p *Positions) favours(codes [2][]int32, n int) (byCode iter.Seq2[int, favours], unmapped int, err error) {
	clusters, err := p.clusters.among(p.rows)
	if err != nil {
		return nil, 0, err
	}
	coded, unmapped, err := unitsByCode(codes, n, p.rows)
	if err != nil {
		return nil, 0, err
	}
	return func(yield func(int, favours) bool) {
		local := newLocalNumbers(clusters)
		for code, units := range coded {
			if len(units) == 0 {
				continue
			}
			within, n := local.of(units)
			f := favours{units: len(units)}
			for _, columns := range p.columns {
				f.byModel = append(f.byModel, favour(columns, units, within, n))
			}
			if !yield(code, f) {
				return
			}
		}
	}, unmapped, nil
}

// A unit is a scenario's value: its row, and which of the two it is.
type unit struct {
	row   int32
	value Value
}

// unitsByCode lists the units of each code by row, and counts those that
// have none.
func unitsByCode(codes [2][]int32, n, rows int) (units [][]unit, unmapped int, err error) {
	count := make([]int, n)
	for v, column := range codes {
		if len(column) != rows {
			return nil, 0, fmt.Errorf("analysis: preferences: value %d has codes for %d rows, want %d", v+1, len(column), rows)
		}
		for row, code := range column {
			switch {
			case code < -1 || int(code) >= n:
				return nil, 0, fmt.Errorf("analysis: preferences: row %d: value %d has code %d, want -1..%d", row, v+1, code, n-1)
			case code == -1:
				unmapped++
			default:
				count[code]++
			}
		}
	}
	units = make([][]unit, n)
	all := make([]unit, 2*rows-unmapped)
	for code, c := range count {
		units[code], all = all[:0:c], all[c:]
	}
	for row := range rows {
		for v, column := range codes {
			if code := column[row]; code >= 0 {
				units[code] = append(units[code], unit{int32(row), Value(v)})
			}
		}
	}
	return units, unmapped, nil
}

// favour tallies how often one model favours the value of a unit.
func favour(columns [2][]Position, units []unit, within []int32, clusters int) *ShareTally {
	tally := NewShareTally(clusters)
	for i, u := range units {
		if score, ok := columns[u.value][u.row].Score(); ok {
			tally.Add(int(within[i]), score >= FavorScore)
		}
	}
	return tally
}
