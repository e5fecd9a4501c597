package analysis

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// FailRatio returns the share of frequent non-compliance in bin a over that
// in bin b: by how many times it is higher. Both are bins of one call of
// MeasureCompliance, which may hold variants of one value pair; the
// interval is that of RatioOfShares, a bootstrap of whole value pairs with
// their scenarios in both bins. N is the scenarios of both.
//
// What the bins left out, and their doubts, are the result's, too. Errors:
// those of RatioOfShares, the bins' own, and an error for bins that
// MeasureCompliance did not make.
//
// Source: Zhang et al. 2025, abstract and Figure 2, without an interval.
func FailRatio(a, b Compliance) (Estimate, error) {
	return compareBins(a, b, RatioOfShares)
}

// FailDifference is FailRatio for the difference a minus b, -1..1, by
// DifferenceOfShares. Missing verdicts, errors and source are as there.
func FailDifference(a, b Compliance) (Estimate, error) {
	return compareBins(a, b, DifferenceOfShares)
}

func compareBins(a, b Compliance, of func(a, b *ShareTally) (Estimate, error)) (Estimate, error) {
	if err := errors.Join(a.Err, b.Err); err != nil {
		return Estimate{}, err
	}
	if a.failing == nil || b.failing == nil {
		return Estimate{}, errBinByHand
	}
	e, err := of(a.failing, b.failing)
	if err != nil {
		return Estimate{}, err
	}
	if a.AllFail.Clusters == 0 { // unknown: scenarios were drawn
		e.Clusters = 0
	}
	e.Excluded = mergeExclusions(a.Excluded, b.Excluded)
	e.Warnings = mergeWarnings(e.Warnings, mergeWarnings(a.AllFail.Warnings, b.AllFail.Warnings))
	return e, nil
}

var errBinByHand = errors.New("analysis: compliance: the bin was not made by MeasureCompliance")

// FailTrend tests whether frequent non-compliance has no trend over bins of
// disagreement: ClusteredTrend with each bin's midpoint as its score, so
// that unequal bins count as far apart as they are. Where a bin's name has
// no two numbers, scores are 0, 1, 2 and so on. Scenarios with a missing
// verdict, and bins without a decided scenario, play no part.
//
// Errors: those of ClusteredTrend, and an error for bins that
// MeasureCompliance did not make.
//
// Source: a test of ours for Zhang et al. 2025, Figure 2, which has none.
func FailTrend(bins []Compliance) (Test, error) {
	if len(bins) == 0 {
		return Test{}, fmt.Errorf("analysis: trend over no bins: %w", ErrTooFew)
	}
	tallies, scores := make([]*ShareTally, len(bins)), make([]float64, len(bins))
	var excluded []Exclusion
	var warnings []error
	numbered := true
	for i, b := range bins {
		if tallies[i] = b.failing; b.failing == nil {
			return Test{}, errBinByHand
		}
		midpoint, ok := binMidpoint(b.Bin)
		scores[i], numbered = midpoint, numbered && ok
		excluded = mergeExclusions(excluded, b.Excluded)
		warnings = mergeWarnings(warnings, b.AllFail.Warnings)
	}
	if !numbered {
		scores = nil
	}
	t, err := ClusteredTrend(tallies, scores)
	if err != nil {
		return Test{}, err
	}
	if numbered {
		t.Method += ", scores at the bins' midpoints"
	}
	if slices.Contains(warnings, errClustersUnknown) { // then each scenario was one
		t.Clusters = 0
	}
	t.Excluded = excluded
	t.Warnings = mergeWarnings(t.Warnings, warnings)
	return t, nil
}

// binMidpoint is the middle of a bin that is named by its ends, as BinName
// does.
func binMidpoint(name string) (float64, bool) {
	from, to, _ := strings.Cut(name, "-")
	lo, err1 := strconv.ParseFloat(from, 64)
	hi, err2 := strconv.ParseFloat(to, 64)
	return (lo + hi) / 2, err1 == nil && err2 == nil && lo < hi
}

// FailDetectable returns the smallest difference of frequent
// non-compliance, upwards from that of bin b, that a two-sided test at 5 %
// on as many scenarios as a and b have finds with a probability of 80 %.
// Their numbers are divided by the larger of their design effects. The
// value has no interval. Errors: those of MinimumDetectableShares, and the
// bins' own.
//
// Source: see MinimumDetectableShares.
func FailDetectable(a, b Compliance) (Estimate, error) {
	if err := errors.Join(a.Err, b.Err); err != nil {
		return Estimate{}, err
	}
	opt := PowerOptions{DesignEffect: max(1, a.AllFail.DesignEffect, b.AllFail.DesignEffect)}
	d, err := MinimumDetectableShares(b.AllFail.Value, a.Scenarios, b.Scenarios, opt)
	if err != nil {
		return Estimate{}, err
	}
	return Estimate{
		Value: d, N: a.Scenarios + b.Scenarios, DesignEffect: opt.DesignEffect,
		Method: fmt.Sprintf("smallest difference above the lower bin's share that a two-sided test at %g %% finds with 80 %% power, n over the design effect %.2f",
			100*(1-Level), opt.DesignEffect),
	}, nil
}

// FitCompliance regresses frequent non-compliance on disagreement: per
// scenario,
//
//	logit P(all models of the set are flagged) = intercept + slope·D
//
// with errors robust to what variants of one value pair have in common (see
// Logistic). disagreement gives D of a row of the table, and false where it
// is not known; the first row of a scenario speaks for it. Scenarios that
// are undecided, or have no D, are left out and counted.
//
// Scenarios are drawn bin by bin, the same number from each, in the
// published files. Being drawn by D does not bias a regression on D, but
// the intercept then speaks of a mixture of bins that is nobody's.
//
// Errors: those of MeasureCompliance and Logistic; ErrTooFew where no
// scenario has a disagreement.
//
// Source: a model of ours for Zhang et al. 2025, Figure 2; see Logistic.
func FitCompliance(v *Verdicts, set ModelSet, rule Rule, disagreement func(row int) (float64, bool)) (LogisticFit, error) {
	outcomes, warnings, err := judgeScenarios(v, set, rule)
	if err != nil {
		return LogisticFit{}, err
	}
	var c Compliance
	c.fill(outcomes, v.Clusters, warnings)
	clusters := Clusters{N: v.Clusters.N}
	var x [][]float64
	var fails []bool
	unknown := 0
	for _, o := range outcomes {
		if o.reason != "" {
			continue
		}
		d, ok := disagreement(int(o.row))
		if !ok {
			unknown++
			continue
		}
		x, fails = append(x, []float64{d}), append(fails, o.flagged == o.models)
		if v.Clusters.Known() {
			clusters.ID = append(clusters.ID, v.Clusters.ID[o.row])
		}
	}
	if len(x) == 0 {
		return LogisticFit{}, fmt.Errorf("analysis: compliance: no decided scenario has a disagreement: %w", ErrTooFew)
	}
	fit, err := Logistic(x, fails, []string{"disagreement"}, clusters)
	if err != nil {
		return LogisticFit{}, err
	}
	excluded := mergeExclusions(c.Excluded, exclusions(Exclusion{"disagreement unknown", unknown}))
	for i := range fit.Coefficients {
		k := &fit.Coefficients[i]
		for _, e := range []*Estimate{&k.LogOdds, &k.OddsRatio} {
			e.Excluded, e.Warnings = excluded, mergeWarnings(e.Warnings, warnings)
		}
		k.Wald.Excluded, k.Wald.Warnings = excluded, mergeWarnings(k.Wald.Warnings, warnings)
	}
	return fit, nil
}
