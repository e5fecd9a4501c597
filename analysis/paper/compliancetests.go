package paper

import (
	"errors"
	"fmt"

	"github.com/specstress/specstress/analysis"
)

// ComplianceTestClaims are what the paper does not say of one curve of
// Figure 2, for which it gives no uncertainty: the last of the paper's bins
// less the first, their odds ratio, and the least difference that as many
// scenarios could show; a test for a trend over all bins; and a logistic
// regression of frequent non-compliance on disagreement, per scenario, by
// analysis.FitCompliance. why is why there is no fit.
//
// With an error there need be no bins.
func ComplianceTestClaims(rule analysis.Rule, bins []analysis.Compliance, fit analysis.LogisticFit, why, err error) []Claim {
	set := analysis.OpenAIModels
	if len(bins) > 0 {
		set = bins[0].Set
	}
	title := "Frequent non-compliance, " + ruleWords[rule] + ": "
	claim := func(id, what, unit string) Claim {
		return Claim{ID: "compliance.fig2." + rule.String() + "." + id, Title: title + what, Unit: unit, Err: err,
			Group: map[string]string{"rule": rule.String(), "models": set.Name}}
	}
	names := publishedBins()
	first, last := names[0], names[len(names)-1]
	low, high := binNamed(bins, first), binNamed(bins, last)
	absent := errors.Join(high.Err, low.Err)
	var claims []Claim
	for _, c := range []struct {
		id, what, unit string
		of             func(a, b analysis.Compliance) (analysis.Estimate, error)
	}{
		{"last_minus_first", "disagreement %s less %s", Difference, analysis.FailDifference},
		{"odds_ratio", "odds at disagreement %s over %s", Ratio, func(a, b analysis.Compliance) (analysis.Estimate, error) {
			return analysis.ShareOddsRatio(a.AllFail, b.AllFail)
		}},
		{"detectable", "least difference between %s and %s that would have been found", Difference, analysis.FailDetectable},
	} {
		x := claim(c.id, fmt.Sprintf(c.what, between(last), between(first)), c.unit)
		x.Group["bin"] = last + " and " + first
		if err == nil {
			if x.Err = absent; x.Err == nil {
				x.Estimate, x.Err = c.of(high, low)
			}
		}
		claims = append(claims, x)
	}

	trend := claim("trend", "trend over the bins of disagreement", Statistic)
	if err == nil {
		trend.tested(analysis.FailTrend(bins))
	}
	claims = append(claims, trend)

	for k, c := range []struct{ id, what, unit string }{
		{"logistic.intercept", "log odds at disagreement 0, logistic regression", Logit},
		{"logistic.slope", "log odds per unit of disagreement, logistic regression", Logit},
		{"logistic.odds_ratio", "odds ratio per unit of disagreement, logistic regression", Ratio},
	} {
		x := claim(c.id, c.what, c.unit)
		if err == nil {
			if x.Err = why; x.Err == nil {
				coefficient := fit.Coefficients[min(k, 1)]
				x.Estimate = coefficient.LogOdds
				if c.unit == Ratio {
					x.Estimate = coefficient.OddsRatio
				}
				if k == 1 { // the same test as of the odds ratio, told once
					x.Test = &coefficient.Wald
				}
			}
		}
		claims = append(claims, x)
	}
	return of(claims, "scenarios", likeBins)
}
