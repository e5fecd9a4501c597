package analysis

import (
	"cmp"
	"errors"
	"slices"
)

// Extremes returns the k items of the greatest ability and the k of the
// least, both from the outermost inwards, among those in minCompared
// contests or more (0 means 5): of rarer ones hardly anything but the ridge
// is known. Abilities and Elo points have the closed intervals of Ability,
// where Rank has those of a bootstrap that refits the model thousands of
// times; N and Clusters are the item's own. Rank is the place among the
// same items, 1 the strongest, without an interval: which items are the
// extreme ones is itself uncertain. Being selected costs the intervals of
// PosteriorByCluster little where abilities spread as the ridge assumes: they
// contain 92 to 96.5 % of the extreme abilities. Without a ridge it is 75 to
// 95 %, for the extreme ones are those with luck; with abilities twice as
// spread 10 to 40 % (simulated).
//
// Of fewer than 2k items some are in both lists. Errors: those of Ability.
func (f *BradleyTerry) Extremes(k, minCompared int, variance Variance) (top, bottom []Ranked, err error) {
	if minCompared == 0 {
		minCompared = 5
	}
	var items []int
	for i, n := range f.Compared {
		if n >= max(1, minCompared) {
			items = append(items, i)
		}
	}
	place := places(f.Theta, items)
	clusters := f.clustersByItem()
	ranked := func(at int) (Ranked, error) {
		item := items[at]
		e, err := f.Ability(item, variance)
		if err != nil {
			return Ranked{}, err
		}
		e.N = f.Compared[item]
		if f.design.known {
			e.Clusters = clusters[item]
		}
		r := Ranked{Item: item, Name: f.Items[item], Compared: f.Compared[item], Wins: f.Wins[item], Ability: e, Elo: e}
		for _, x := range []*float64{&r.Elo.Value, &r.Elo.SE, &r.Elo.Lo, &r.Elo.Hi} {
			*x *= EloPerLogit
		}
		r.Rank = Estimate{Value: place[at], N: len(items), Unit: "items", Method: "place"}
		return r, nil
	}
	order := make([]int, len(items))
	for at := range order {
		order[at] = at
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(f.Theta[items[y]], f.Theta[items[x]]) })
	for i := range min(k, len(order)) {
		high, err1 := ranked(order[i])
		low, err2 := ranked(order[len(order)-1-i])
		if err := errors.Join(err1, err2); err != nil {
			return nil, nil, err
		}
		top, bottom = append(top, high), append(bottom, low)
	}
	return top, bottom, nil
}
