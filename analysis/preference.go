package analysis

import (
	"fmt"
	"math"
)

// FavorScore is the lowest score that counts as favouring a value:
// 5 is strong_favor (prompt B.3).
const FavorScore = 5

// Preferences is the proxy for value prioritization that public data
// allow: how often a model favours the values of a category. It measures
// the favouring of the values that a scenario was seeded with, not the
// free-form values of the paper's section 2.3.
//
// A cell without any position is NaN, with the reason as its warning.
type Preferences struct {
	Categories []string // only those that occur; or single values
	Models     []string
	Providers  []string
	ByModel    [][]Estimate // [category][model]
	ByProvider [][]Estimate // [category][provider]: mean over its models
	Unmapped   int          // scenario values outside the taxonomy
}

// MeasurePreferences returns for each category of the taxonomy that occurs
// the share, 0..1, of its scenarios in which a model's position on the
// value of that category is FavorScore or more; and for each provider the
// plain mean over its models in the set.
//
// category[v][row] is the index into Categories of value v of a scenario,
// -1 for a value outside the taxonomy; those are counted in Unmapped. The
// sampling unit is a scenario's value: a scenario whose values belong to
// two categories is a unit of both, one whose values belong to the same
// category is two units of it. Units of one value pair are not
// independent: the intervals are those of ShareMean with value pairs as
// clusters, or scenarios where value pairs are unknown. Units whose
// position is missing are left out and counted as such, by model.
//
// Errors: one with the nearest names for a model that p lacks; and one for
// columns of another length or a category that does not exist.
//
// Source: a proxy of ours for Zhang et al. 2025, section 2.3; categories
// as in Huang et al. 2025, Values in the Wild.
func MeasurePreferences(p *Positions, category [2][]int32, set ModelSet) (*Preferences, error) {
	names := make([]string, len(categories))
	for i, c := range categories {
		names[i] = c.Name
	}
	return measurePreferences(p, names, category, set)
}

// MeasureValuePreferences is MeasurePreferences with single values in
// place of categories: codes[v][row] is an index into names, -1 for none.
// Values come in the order of names. Missing positions, errors and source
// are as there.
func MeasureValuePreferences(p *Positions, names []string, codes [2][]int32, set ModelSet) (*Preferences, error) {
	return measurePreferences(p, names, codes, set)
}

func measurePreferences(p *Positions, names []string, codes [2][]int32, set ModelSet) (*Preferences, error) {
	p, err := p.Select(set)
	if err != nil {
		return nil, err
	}
	clusters, err := p.clusters.among(p.rows)
	if err != nil {
		return nil, err
	}
	units, unmapped, err := unitsByCode(codes, len(names), p.rows)
	if err != nil {
		return nil, err
	}
	out := &Preferences{Models: p.Models(), Unmapped: unmapped}
	providers, members := set.Providers()
	out.Providers = providers

	local := localNumbers{number: make([]int32, clusters.N), stamp: make([]int32, clusters.N)}
	for code, units := range units {
		if len(units) == 0 {
			continue
		}
		out.Categories = append(out.Categories, names[code])
		within, n := local.of(units, clusters)
		tallies := make(map[string]*ShareTally, len(p.models))
		byModel := make([]Estimate, len(p.models))
		for m, model := range p.models {
			tallies[model] = favour(p.columns[m], units, within, n)
			byModel[m], err = preference(p.clusters.Known(), len(units), tallies[model])
			if err != nil {
				return nil, err
			}
		}
		out.ByModel = append(out.ByModel, byModel)
		byProvider := make([]Estimate, len(providers))
		for i, provider := range providers {
			var of []*ShareTally
			for _, model := range members[provider] {
				of = append(of, tallies[model])
			}
			byProvider[i], err = preference(p.clusters.Known(), len(units)*len(of), of...)
			if err != nil {
				return nil, err
			}
		}
		out.ByProvider = append(out.ByProvider, byProvider)
	}
	return out, nil
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

// localNumbers numbers the clusters of ever other units 0, 1, ... in order
// of appearance, without clearing its memory in between.
type localNumbers struct {
	number []int32 // by cluster, where its stamp is the current round
	stamp  []int32
	round  int32
}

func (l *localNumbers) of(units []unit, clusters Clusters) (within []int32, n int) {
	l.round++
	within = make([]int32, len(units))
	for i, u := range units {
		c := clusters.ID[u.row]
		if l.stamp[c] != l.round {
			l.stamp[c] = l.round
			l.number[c] = int32(n)
			n++
		}
		within[i] = l.number[c]
	}
	return within, n
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

// preference is the mean share of the tallies that hold any unit.
func preference(clustered bool, units int, tallies ...*ShareTally) (Estimate, error) {
	var present []*ShareTally
	for _, t := range tallies {
		if t.Units() > 0 {
			present = append(present, t)
		}
	}
	var excluded []Exclusion
	if len(present) == 0 {
		return Estimate{Value: math.NaN(), Warnings: []error{ErrTooFew}, Excluded: []Exclusion{{"positions missing", units}}}, nil
	}
	e, err := shareMean(clustered, present...)
	if err != nil {
		return Estimate{}, err
	}
	if missing := units - e.N; missing > 0 {
		excluded = append(excluded, Exclusion{"positions missing", missing})
	}
	e.Excluded = excluded
	if left := len(tallies) - len(present); left > 0 {
		e.Warnings = append(e.Warnings, fmt.Errorf("mean over %d models: %d others have no position here", len(present), left))
	}
	return e, nil
}
