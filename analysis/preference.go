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
	byCode, unmapped, err := p.favours(codes, len(names))
	if err != nil {
		return nil, err
	}
	out := &Preferences{Models: p.Models(), Unmapped: unmapped}
	out.Providers, _ = set.Providers()
	for code, f := range byCode {
		byModel := make([]Estimate, len(p.models))
		of := map[string][]*ShareTally{} // by provider
		for m, model := range p.models {
			if byModel[m], err = preference(p.clusters.Known(), f.units, f.byModel[m]); err != nil {
				return nil, err
			}
			provider := LookupModel(model).Provider
			of[provider] = append(of[provider], f.byModel[m])
		}
		byProvider := make([]Estimate, len(out.Providers))
		for i, provider := range out.Providers {
			if byProvider[i], err = preference(p.clusters.Known(), f.units*len(of[provider]), of[provider]...); err != nil {
				return nil, err
			}
		}
		out.Categories = append(out.Categories, names[code])
		out.ByModel = append(out.ByModel, byModel)
		out.ByProvider = append(out.ByProvider, byProvider)
	}
	return out, nil
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
