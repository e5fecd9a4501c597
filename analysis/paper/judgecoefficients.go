package paper

import (
	"fmt"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// coefficientNames maps ids to the names of analysis.CompareAgreement.
var (
	allJudges = []struct{ id, name, title string }{
		{"percent", "percent agreement", "Percent agreement"},
		{"fleiss", "Fleiss' kappa", "Fleiss' kappa"},
		{"conger", "Conger's kappa", "Conger's kappa"},
		{"gwet", "Gwet's AC1", "Gwet's AC1"},
		{"krippendorff", "Krippendorff's alpha, nominal", "Krippendorff's alpha"},
	}
	twoJudges = []struct{ id, name, title string }{
		{"percent", "percent agreement", "Percent agreement"},
		{"cohen", "Cohen's kappa", "Cohen's kappa"},
		{"scott", "Scott's pi", "Scott's pi"},
	}
)

var schemeWords = map[analysis.VerdictScheme]string{
	analysis.TwoCategories:   "two categories",
	analysis.ThreeCategories: "three categories",
}

// CoefficientClaims are all coefficients of agreement of the judges side by
// side, on two or three categories: of all judges, of each pair, by
// category, and how far one category prevails, with the warning of the kappa
// paradox. They use every response that two judges decided, and their
// methods say how; JudgeClaims has Fleiss' kappa as the paper's follows, of
// responses that all decided.
//
// excluded is what was left out of c. With an error c may be nil; without
// judges, they are the paper's.
func CoefficientClaims(scheme analysis.VerdictScheme, judges []string, c *analysis.AgreementComparison, excluded []analysis.Exclusion, err error) []Claim {
	if judges == nil {
		judges = publishedJudges
	}
	if err != nil {
		c = &analysis.AgreementComparison{}
	}
	var claims []Claim
	add := func(id, title, unit string, group map[string]string, a analysis.Agreement, why error) {
		group["categories"] = scheme.String()
		x := Claim{ID: "judges." + id, Title: title + ", " + schemeWords[scheme], Unit: unit, Group: group, Err: err}
		if err == nil {
			x.Estimate, x.Err = a.Estimate, why
			x.Estimate.Excluded = append(append([]analysis.Exclusion{}, excluded...), a.Excluded...)
		}
		claims = append(claims, x)
	}
	find := func(rows []analysis.AgreementRow, name string) (analysis.Agreement, error) {
		for _, row := range rows {
			if row.Coefficient == name {
				return row.Agreement, row.Err
			}
		}
		return analysis.Agreement{}, fmt.Errorf("%s is not of %d judges: %w", name, c.Raters, analysis.ErrUndefined)
	}
	unit := func(id string) string {
		if id == "percent" {
			return Share
		}
		return Coefficient
	}
	for _, k := range allJudges {
		a, why := find(c.Coefficients, k.name)
		add("coefficient."+k.id+"."+scheme.String(), k.title+" of all judges", unit(k.id), map[string]string{"judges": strings.Join(judges, ", ")}, a, why)
	}
	n := 0
	for i, first := range judges {
		for _, second := range judges[i+1:] {
			rows := c.Coefficients // of two judges they are the pair's
			if len(c.Pairs) > 0 {
				rows = c.Pairs[n].Coefficients
			}
			n++
			for _, k := range twoJudges {
				a, why := find(rows, k.name)
				add("pair."+k.id+"."+scheme.String()+"."+Segment(first)+"."+Segment(second),
					k.title+" of "+analysis.JudgeTitle(first)+" and "+analysis.JudgeTitle(second), unit(k.id), map[string]string{"a": first, "b": second}, a, why)
			}
		}
	}
	for i, category := range scheme.Categories() {
		var by analysis.CategoryAgreement
		if err == nil {
			by = c.ByCategory[i]
		}
		id := "category." + scheme.String() + "." + Segment(category)
		add(id+".specific", "Agreement on "+category+" given that one judge says so", Share, map[string]string{"category": category}, by.Specific, by.SpecificErr)
		add(id+".kappa", "Fleiss' kappa of "+category+" against the rest", Coefficient, map[string]string{"category": category}, by.Kappa, by.KappaErr)
	}

	prevalence := Claim{ID: "judges.prevalence." + scheme.String(), Title: "How far one verdict prevails (prevalence index), " + schemeWords[scheme], Unit: Coefficient,
		Group: map[string]string{"categories": scheme.String(), "judges": strings.Join(judges, ", ")}, Err: err}
	switch p := c.Prevalence; {
	case err != nil:
	case p.Share == 0: // CompareAgreement says why
		prevalence.Err = fmt.Errorf("prevalence: %w", analysis.ErrUndefined)
		if len(c.Warnings) > 0 {
			prevalence.Err = c.Warnings[0]
		}
	default:
		prevalence.Estimate = analysis.Estimate{Value: p.Index, N: c.Items, Warnings: c.Warnings,
			Method: fmt.Sprintf("prevalence index, 0 when categories are used alike and 1 when one is used alone; most used: %s, %.3g of verdicts; kappa of evenly used categories at this agreement: %.3f",
				scheme.Categories()[p.Category], p.Share, p.Even)}
	}
	return of(append(claims, prevalence), "responses", likeResponses)
}

// FlagRateDifferenceClaims are by how much each pair of judges differs in
// how often it flags, with McNemar's test by clusters, adjusted by Holm over
// the pairs. With an error there need be no list; without judges, they are
// the paper's.
func FlagRateDifferenceClaims(judges []string, list []analysis.FlagRateDifference, err error) ([]Claim, error) {
	if judges == nil {
		judges = publishedJudges
	}
	var claims []Claim
	n := 0
	for i, a := range judges {
		for _, b := range judges[i+1:] {
			c := Claim{ID: "judges.flag_rate_difference." + Segment(a) + "." + Segment(b), Unit: Difference, Err: err,
				Title: "Responses flagged by " + analysis.JudgeTitle(a) + " less by " + analysis.JudgeTitle(b),
				Group: map[string]string{"a": a, "b": b}}
			if err == nil {
				d := list[n]
				if c.Estimate, c.Err = d.Estimate, d.Err; d.Err == nil {
					c.Test = &d.McNemar.Test
				}
			}
			n++
			claims = append(claims, c)
		}
	}
	return of(claims, "responses", likeResponses), adjust(claims, "Holm", analysis.Holm)
}
