package reproduce

import (
	"context"
	"fmt"
	"slices"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/loaders"
)

// A preferring is the preference proxy, or why there is none.
type preferring struct {
	set      analysis.ModelSet
	split    string
	measured *analysis.Preferences
	err      error

	separation    analysis.Separation
	separationErr error
	differences   []analysis.ProviderDifference
}

func preferenceWork(src *source, _ Options) work {
	m := preferring{set: analysis.AllModels, split: src.baseSplit()}
	return alone("preference: proxy", &m.err, func(context.Context) error { return m.measure(src) }, m.body)
}

func (m *preferring) measure(src *source) error {
	s, err := src.base()
	if err != nil {
		return err
	}
	m.set = s.ModelSet()
	if src.data.Taxonomy() == nil {
		return errNoTaxonomy{}
	}
	var category [2][]int32
	for _, v := range []analysis.Value{analysis.Value1, analysis.Value2} {
		if category[v], err = s.Categories(v); err != nil {
			return err
		}
	}
	positions, err := s.Positions(m.set)
	if err != nil {
		return err
	}
	if m.measured, err = analysis.MeasurePreferences(positions, category, m.set); err != nil {
		return err
	}
	m.separation, _, err = analysis.PreferenceSeparation(m.measured)
	if err := unlessReason(err, &m.separationErr); err != nil {
		return err
	}
	m.differences, err = analysis.MeasureProviderDifferences(positions, category, m.set)
	return err
}

// errNoTaxonomy is loaders.ErrNoTaxonomy with the line that gets one.
type errNoTaxonomy struct{}

func (errNoTaxonomy) Error() string {
	return "taxonomy: none given; get values_tree.csv from huggingface.co/datasets/Anthropic/values-in-the-wild (CC-BY-4.0) and add --taxonomy values_tree.csv"
}

func (errNoTaxonomy) Unwrap() error { return loaders.ErrNoTaxonomy }

func (m *preferring) body(behind backdrop) (body, error) {
	b := body{claims: m.claims()}
	tests, err := paper.ProviderClaims(m.split, m.set, m.separation, m.separationErr, m.differences, m.err)
	if err != nil {
		return body{}, err
	}
	b.claims = append(b.claims, tests...)
	if m.err != nil {
		b.noFigure = m.err.Error()
		return b, nil
	}
	b.notes = []string{
		fmt.Sprintf("A proxy: the share of scenarios with a value of the category in which the model's position on that value is %d or more. It measures whether models favour the values that a scenario was seeded with, not which values their answers express; the paper's Figures 7 and 10 count the latter and cannot be made from public data.", analysis.FavorScore),
		fmt.Sprintf("Counted over split %s. A provider's share is the mean over its models.", clean(m.split)),
	}
	b.exclude("preference", m.split, []analysis.Exclusion{{Reason: "values outside the taxonomy", N: m.measured.Unmapped}})
	b.draw(func() (*figure.Figure, error) {
		return figure.ProviderPreference(m.measured, options(behind, figure.PreferenceOptions{Source: behind.Source}))
	})
	return b, nil
}

// claims gives each category's shares, by model and by provider. Without a
// taxonomy there is one per known category, so that ids stay.
func (m *preferring) claims() []paper.Claim {
	var names []string
	providers, _ := m.set.Providers()
	if m.err == nil {
		names, providers = m.measured.Categories, m.measured.Providers
	} else {
		for _, c := range analysis.Categories() {
			names = append(names, c.Name)
		}
	}
	var claims []paper.Claim
	for i, category := range names {
		slug := analysis.Slug(category)
		add := func(id, who string, group map[string]string, get func() analysis.Estimate) {
			c := paper.Claim{ID: "preference." + slug + "." + id, Title: fmt.Sprintf("%s favoured by %s (proxy)", category, who), Group: group, Unit: paper.Share, Err: m.err}
			group["category"], group["split"] = category, m.split
			if m.err == nil {
				c.Estimate, c.Err = valueOrReason(get())
				c.Estimate = c.Estimate.Of("positions", "tradeoffs like those of split "+m.split)
			}
			claims = append(claims, c)
		}
		for k, model := range m.set.Models {
			add(segment(model), analysis.LookupModel(model).Name, map[string]string{"model": model}, func() analysis.Estimate { return m.measured.ByModel[i][k] })
		}
		for k, provider := range providers {
			who := provider
			if slices.Contains([]string{"", analysis.UnknownProvider}, provider) {
				who = "models of unknown provider"
			}
			add("provider."+segment(analysis.Slug(provider)), who, map[string]string{"provider": provider}, func() analysis.Estimate { return m.measured.ByProvider[i][k] })
		}
	}
	return claims
}

// valueOrReason makes an estimate over nothing a reason.
func valueOrReason(e analysis.Estimate) (analysis.Estimate, error) {
	if !finite(e.Value) {
		return e, fmt.Errorf("%w: no scenario of the category has a position", analysis.ErrTooFew)
	}
	return e, nil
}
