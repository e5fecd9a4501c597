package paper

import (
	"fmt"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// ValueCategories returns the categories of Figures 10a to 10i (p. 25), in
// order.
func ValueCategories() []string {
	var names []string
	for _, n := range Numbers() {
		category, _, ok := valueID(n.ID, "values.fig10.")
		if ok && !slices.Contains(names, category) {
			names = append(names, category)
		}
	}
	return names
}

// PublishedValueCounts are the counts of Figure 10, by category and model.
func PublishedValueCounts() map[string]map[string]float64 {
	counts := map[string]map[string]float64{}
	for _, n := range Numbers() {
		category, model, ok := valueID(n.ID, "values.fig10.")
		if !ok {
			continue
		}
		if counts[category] == nil {
			counts[category] = map[string]float64{}
		}
		counts[category][model] = n.Value
	}
	return counts
}

// valueID takes an id of value labels apart, the category written out.
func valueID(id, prefix string) (category, rest string, ok bool) {
	tail, ok := strings.CutPrefix(id, prefix)
	if !ok {
		return "", "", false
	}
	slug, rest, ok := strings.Cut(tail, ".")
	if !ok {
		return "", "", false
	}
	return categoryName(slug), rest, true
}

func categoryName(slug string) string {
	for _, c := range analysis.Categories() {
		if analysis.Slug(c.Name) == slug {
			return c.Name
		}
	}
	return slug
}

// ValueCountClaims are the scenarios in which each model's response
// expresses each category, beside the counts of Figure 10. With an error
// only the names are looked at.
//
// A response that nobody labelled may express the category or not, so a
// count reaches as far as if all of them did.
func ValueCountClaims(split string, categories, models []string, v *analysis.ValueCounts, err error) []Claim {
	return valueClaims("values.fig10.", split, categories, models, func(c *Claim, category string, m int) {
		c.Title = "Scenarios in which " + modelName(models[m]) + " expresses " + strings.ToLower(category)
		c.Unit = "count"
		if c.Err = err; err != nil {
			return
		}
		of, err := v.Of(category)
		if c.Err = err; err != nil {
			return
		}
		if v.Labelled[m] == 0 {
			c.Err = fmt.Errorf("no labelled response: %w", analysis.ErrTooFew)
			return
		}
		c.Estimate = of[m]
		c.Reach = &Bounds{of[m].Value, of[m].Value + float64(v.Rows-v.Labelled[m])}
	})
}

// ValueShareClaims are the same as shares of the labelled responses, of
// which Figure 7 (p. 13) shows five categories without printing numbers.
func ValueShareClaims(split string, categories, models []string, v *analysis.ValueCounts, err error) []Claim {
	return valueClaims("values.fig7.", split, categories, models, func(c *Claim, category string, m int) {
		c.Title = "Share of the responses of " + modelName(models[m]) + " that express " + strings.ToLower(category)
		c.Unit = "share"
		if c.Err = err; err != nil {
			return
		}
		scheme := analysis.LabelScheme{Labels: v.Labels}
		label, ok := scheme.Find(category)
		if !ok {
			c.Err = fmt.Errorf("%w: %w", ErrAbsent, analysis.UnknownName("category", category, v.Labels))
			return
		}
		c.Estimate, c.Err = valueOrReason(v.Shares[m][label])
	})
}

func valueClaims(prefix, split string, categories, models []string, fill func(c *Claim, category string, m int)) []Claim {
	own := ownModels(split, models)
	var claims []Claim
	for _, category := range categories {
		for m, model := range models {
			c := Claim{
				ID:    prefix + analysis.Slug(category) + "." + Segment(model),
				Group: map[string]string{"split": split, "model": model, "category": analysis.Slug(category)},
				Own:   own,
			}
			fill(&c, category, m)
			claims = append(claims, c)
		}
	}
	return claims
}

// A ValuePair is a panel of Figure 11 (p. 26): how often model B expresses
// a category Y where model A expresses a category X.
type ValuePair struct {
	Panel  string // a to d
	A, B   string // model IDs
	Labels []string
	P      [][]float64 // [y][x], as printed
}

// ValuePairs returns the four panels with the labels in the paper's order.
func ValuePairs() []ValuePair {
	pairs := []ValuePair{
		{Panel: "a", A: "claude_opus_4", B: "claude_opus_4"},
		{Panel: "b", A: "grok_4", B: "claude_3_5_sonnet"},
		{Panel: "c", A: "claude_sonnet_4", B: "claude_opus_4"},
		{Panel: "d", A: "gpt_4_1_mini", B: "gpt_4_1"},
	}
	for i := range pairs {
		p := &pairs[i]
		for _, n := range Numbers() {
			if x, _, ok := valueID(n.ID, "values.fig11"+p.Panel+"."); ok && !slices.Contains(p.Labels, x) {
				p.Labels = append(p.Labels, x)
			}
		}
		for _, y := range p.Labels {
			var row []float64
			for _, x := range p.Labels {
				n, _ := Lookup(p.id(x, y)) // the package's test holds that all are there
				row = append(row, n.Value)
			}
			p.P = append(p.P, row)
		}
	}
	return pairs
}

// id is that of P(B expresses y | A expresses x).
func (p ValuePair) id(x, y string) string {
	return "values.fig11" + p.Panel + "." + analysis.Slug(x) + "." + analysis.Slug(y)
}

// Claims are the shares of a panel, beside the paper's. With an error only
// the pair is looked at.
func (p ValuePair) Claims(split string, c *analysis.CoOccurrence, err error) []Claim {
	var claims []Claim
	for y, labelY := range p.Labels {
		for x, labelX := range p.Labels {
			claim := Claim{
				ID:    p.id(labelX, labelY),
				Title: fmt.Sprintf("%s expresses %s where %s expresses %s", modelName(p.B), strings.ToLower(labelY), modelName(p.A), strings.ToLower(labelX)),
				Group: map[string]string{"split": split, "model": p.B, "given_model": p.A, "category": analysis.Slug(labelY), "given": analysis.Slug(labelX)},
				Unit:  "share", Own: split != analysis.AllModels.Name, Err: err,
			}
			if err == nil {
				claim.Estimate, claim.Err = valueOrReason(c.P[y][x])
			}
			claims = append(claims, claim)
		}
	}
	return claims
}
