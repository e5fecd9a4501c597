package paper

import (
	"strings"

	"github.com/specstress/specstress/analysis"
)

// ProviderClaims are what can be tested of the paper's "clear provider
// separation" (p. 15), on the proxy of analysis.MeasurePreferences: whether
// models of one provider favour like categories more than chance would have
// it (PERMANOVA), and by how much each pair of providers differs in each
// category, with P adjusted by Benjamini and Hochberg over the whole table.
// why is why there is no separation.
//
// With an error there need be no list: ids are those of the known categories
// and the providers of the set.
func ProviderClaims(split string, set analysis.ModelSet, s analysis.Separation, why error, list []analysis.ProviderDifference, err error) ([]Claim, error) {
	var claims []Claim
	for _, c := range []struct {
		id, what string
		fill     func(c *Claim)
	}{
		{"pseudo_f", "pseudo-F", func(c *Claim) { c.tested(s.PseudoF, nil) }},
		{"gap", "mean distance between providers less within", func(c *Claim) { c.tested(s.Gap, nil) }},
		{"r2", "part of the squared distances that providers explain", func(c *Claim) {
			c.Estimate = analysis.Estimate{Value: s.R2, N: s.PseudoF.N, Excluded: s.PseudoF.Excluded, Warnings: s.PseudoF.Warnings,
				Method: "R² of PERMANOVA, Euclidean distances between profiles of shares by category"}
			c.Unit = Coefficient
		}},
	} {
		x := Claim{ID: "providers.separation." + c.id, Title: "Separation of providers by the categories that their models favour (proxy): " + c.what,
			Unit: Statistic, Group: map[string]string{"split": split}, Err: err}
		if err == nil {
			if x.Err = why; x.Err == nil {
				c.fill(&x)
			}
		}
		claims = append(claims, x)
	}
	of(claims, "models", "models that bear these providers' names at random")

	if err != nil {
		list = nil
		providers, _ := set.Providers()
		for _, category := range analysis.Categories() {
			for i, a := range providers {
				for _, b := range providers[i+1:] {
					list = append(list, analysis.ProviderDifference{Category: category.Name, A: a, B: b, Err: err})
				}
			}
		}
	}
	var table []Claim
	for _, d := range list {
		c := Claim{ID: "providers.difference." + strings.Join([]string{analysis.Slug(d.Category), Segment(analysis.Slug(d.A)), Segment(analysis.Slug(d.B))}, "."),
			Title: d.Category + " favoured by " + d.A + " less by " + d.B + " (proxy)", Unit: Difference,
			Group:    map[string]string{"category": d.Category, "a": d.A, "b": d.B, "split": split},
			Estimate: d.Estimate, Err: d.Err}
		if d.Err == nil {
			c.Test = &d.Test
		}
		table = append(table, c)
	}
	of(table, "positions", "tradeoffs like those of split "+split)
	if err := adjust(table, "Benjamini-Hochberg", analysis.BenjaminiHochberg); err != nil {
		return nil, err
	}
	return append(claims, table...), nil
}
