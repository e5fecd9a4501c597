package analysis

import (
	"fmt"
	"math"
)

// PreferenceSeparation asks whether models of one provider favour the same
// categories: ProviderSeparation over the models' shares in each category.
// The proxy is that of MeasurePreferences, and so is what can be said.
//
// Categories in which a model has no share, and models of unknown provider,
// are left out and counted. The test is exact where there are at most
// 9,999 arrangements, else as many permutations with DefaultSeed.
//
// Errors: those of ProviderSeparation, and ErrTooFew where no category is
// left.
//
// Source: a test of ours. Zhang et al. 2025 speak of "clear provider
// separation" and give none.
func PreferenceSeparation(p *Preferences) (Separation, []Exclusion, error) {
	var profiles [][]float64
	var providers []string
	var models []int
	for m, id := range p.Models {
		if provider := LookupModel(id).Provider; provider != UnknownProvider {
			models, providers, profiles = append(models, m), append(providers, provider), append(profiles, nil)
		}
	}
	left := 0
next:
	for _, shares := range p.ByModel {
		for _, m := range models {
			if math.IsNaN(shares[m].Value) {
				left++
				continue next
			}
		}
		for i, m := range models {
			profiles[i] = append(profiles[i], shares[m].Value)
		}
	}
	excluded := exclusions(
		Exclusion{"models of unknown provider", len(p.Models) - len(models)},
		Exclusion{"categories without a share of every model", left})
	if len(models) == 0 || len(profiles[0]) == 0 {
		return Separation{}, excluded, fmt.Errorf("analysis: separation: no category has shares of all models of known provider: %w", ErrTooFew)
	}
	s, err := ProviderSeparation(profiles, providers, separationPermutations, DefaultSeed)
	s.PseudoF.Excluded, s.Gap.Excluded = excluded, excluded
	return s, excluded, err
}

// separationPermutations is enough to go through all 8,316 arrangements of
// the paper's twelve models.
const separationPermutations = 9_999
