package analysis

import (
	"fmt"
	"slices"
)

// A RankOrder says whether a split's column rank follows disagreement.
type RankOrder struct {
	Ranked   int // scenarios that have a rank and a disagreement
	Missing  int // those that lack one of them
	Repeated int // ranks that a scenario before has too

	// Rises counts neighbours in rank of which the second disagrees more,
	// and Ties those that disagree equally, of Ranked-1. No rise means that
	// rank is an order by falling disagreement.
	Rises, Ties int

	First, Last Spread // of the lowest and the highest rank
}

// Falling reports whether disagreement never rises with rank.
func (r *RankOrder) Falling() bool { return r.Rises == 0 }

// MeasureRankOrder puts the scenarios of a split in the order of their rank,
// the row deciding among equal ones, and compares neighbours exactly, in
// whole numbers. rank gives a row's rank, and false where it is missing. The
// error is ErrTooFew for fewer than two scenarios with both.
//
// Source: the guess of docs/diversity.md that rank is the order in which
// the splits were selected (Zhang et al. 2025, p. 19).
func MeasureRankOrder(rank func(row int) (int64, bool), d *Disagreements) (*RankOrder, error) {
	type ranked struct {
		rank   int64
		spread Spread
	}
	r := &RankOrder{}
	var list []ranked
	for row := range d.Len() {
		n, ok1 := rank(row)
		spread, ok2 := d.At(row)
		if !ok1 || !ok2 {
			r.Missing++
			continue
		}
		list = append(list, ranked{n, spread})
	}
	if r.Ranked = len(list); r.Ranked < 2 {
		return nil, fmt.Errorf("analysis: rank order of %d scenarios with a rank and a disagreement: %w", r.Ranked, ErrTooFew)
	}
	slices.SortStableFunc(list, func(a, b ranked) int {
		switch {
		case a.rank < b.rank:
			return -1
		case a.rank > b.rank:
			return 1
		}
		return 0
	})
	for i := 1; i < len(list); i++ {
		if list[i].rank == list[i-1].rank {
			r.Repeated++
		}
		switch c := list[i].spread.Compare(list[i-1].spread); {
		case c > 0:
			r.Rises++
		case c == 0:
			r.Ties++
		}
	}
	r.First, r.Last = list[0].spread, list[len(list)-1].spread
	return r, nil
}
