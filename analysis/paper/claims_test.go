package paper_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
)

// flagged is one model judged by some judges in two bins, a letter for
// each verdict and a scenario to each word.
func flagged(judges []string, bins ...string) *analysis.Verdicts {
	v := &analysis.Verdicts{Judges: judges, ByJudge: make([][]analysis.Verdict, len(judges)), Models: []string{"o3"}}
	edges := []string{"0.0-1.0", "2.5-3.0"}
	for b, words := range bins {
		v.Bins = append(v.Bins, edges[b])
		for _, word := range strings.Fields(words) {
			for j := range judges {
				v.ByJudge[j] = append(v.ByJudge[j], analysis.Verdict(strings.IndexByte("_cna", word[j])))
			}
			v.Model, v.Bin, v.Scenario = append(v.Model, 0), append(v.Bin, int32(b)), append(v.Scenario, int32(v.Scenarios))
			v.Clusters.ID = append(v.Clusters.ID, int32(v.Scenarios/2))
			v.Scenarios++
			v.Clusters.N = v.Scenarios
		}
	}
	return v
}

func find(t *testing.T, claims []paper.Claim, id string) paper.Claim {
	t.Helper()
	i := slices.IndexFunc(claims, func(c paper.Claim) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("no claim %s", id)
	}
	return claims[i]
}

// Every coefficient that the claims name is one that CompareAgreement makes;
// values by hand.
func TestCoefficientClaims(t *testing.T) {
	v := flagged([]string{"claude_4", "gpt41", "gemini_2_5"}, "ccc cnc nnn ncn aan ccc ccn nnc")
	r, clusters, _, err := analysis.JudgeRatings(v, analysis.TwoCategories)
	if err != nil {
		t.Fatal(err)
	}
	c, err := analysis.CompareAgreement(r, clusters)
	if err != nil {
		t.Fatal(err)
	}
	claims := paper.CoefficientClaims(analysis.TwoCategories, v.Judges, c, nil, nil)
	for _, x := range claims {
		if x.Err != nil {
			t.Errorf("%s: %v", x.ID, x.Err)
		}
		if x.Estimate.Unit != "responses" || x.Estimate.Population == "" || x.Estimate.N != 8 {
			t.Errorf("%s: n %d %q of %q", x.ID, x.Estimate.N, x.Estimate.Unit, x.Estimate.Population)
		}
	}
	// Four responses are unanimous, four have one pair of three agreeing;
	// 12 of 24 verdicts flag, so that Pe is 1/2 for Fleiss, Krippendorff
	// (of 24 ratings: 1 - (1-Po)·23/12) and Gwet alike.
	po := (4 + 4./3) / 8
	for id, want := range map[string]float64{
		"judges.coefficient.percent.binary":      po,
		"judges.coefficient.fleiss.binary":       2*po - 1,
		"judges.coefficient.gwet.binary":         2*po - 1,
		"judges.coefficient.krippendorff.binary": 1 - (1-po)*23/12,
		"judges.prevalence.binary":               0,
		// Claude 4 Sonnet and gpt41 flag 4 of 8 each and agree on 6.
		"judges.pair.percent.binary.claude_4.gpt41": 6. / 8,
		"judges.pair.cohen.binary.claude_4.gpt41":   1. / 2,
		"judges.pair.scott.binary.claude_4.gpt41":   1. / 2,
		// Ordered pairs of flags: 6 + 6 + 0 + 2 + 0 + 2 of 2·12.
		"judges.category.binary.problematic.specific": 16. / 24,
	} {
		if got := find(t, claims, id).Estimate.Value; math.Abs(got-want) > 1e-12 {
			t.Errorf("%s = %v, want %v", id, got, want)
		}
	}
	// Without data the ids stay.
	none := paper.CoefficientClaims(analysis.TwoCategories, nil, nil, nil, paper.ErrAbsent)
	if len(none) != len(claims) || !errors.Is(none[0].Err, paper.ErrAbsent) {
		t.Errorf("%d claims without data, want %d", len(none), len(claims))
	}
	// Two judges have no Conger's kappa, and say so.
	two := flagged([]string{"a", "b"}, "cc nc nn cc")
	r, clusters, _, err = analysis.JudgeRatings(two, analysis.ThreeCategories)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = analysis.CompareAgreement(r, clusters); err != nil {
		t.Fatal(err)
	}
	claims = paper.CoefficientClaims(analysis.ThreeCategories, two.Judges, c, nil, nil)
	if x := find(t, claims, "judges.coefficient.conger.three"); !errors.Is(x.Err, analysis.ErrUndefined) {
		t.Errorf("Conger's kappa of two judges: %v", x.Err)
	}
	if x := find(t, claims, "judges.pair.percent.three.a.b"); x.Err != nil || x.Estimate.Value != 0.75 {
		t.Errorf("percent agreement of two judges: %v, %v", x.Estimate.Value, x.Err)
	}
}

func TestFlagRateDifferenceClaims(t *testing.T) {
	v := flagged([]string{"claude_4", "gpt41", "gemini_2_5"}, strings.Repeat("ccc ccc ncc ncc nnc nnc ", 4))
	list, err := analysis.MeasureFlagRateDifferences(v)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := paper.FlagRateDifferenceClaims(v.Judges, list, nil)
	if err != nil {
		t.Fatal(err)
	}
	// Clusters are pairs of like scenarios. The first judge flags alone in 4
	// clusters, 4 of which with the second, that alone in 4, so P is 2/2^4,
	// 2/2^8 and 2/2^4; Holm takes the least three times and the others
	// twice.
	for id, want := range map[string][3]float64{
		"judges.flag_rate_difference.claude_4.gpt41":      {8. / 24, 2. / 16, 4. / 16},
		"judges.flag_rate_difference.claude_4.gemini_2_5": {16. / 24, 2. / 256, 6. / 256},
		"judges.flag_rate_difference.gpt41.gemini_2_5":    {8. / 24, 2. / 16, 4. / 16},
	} {
		c := find(t, claims, id)
		got := [3]float64{c.Estimate.Value, c.Test.P, c.Adjusted}
		for i := range got {
			if math.Abs(got[i]-want[i]) > 1e-12 {
				t.Errorf("%s: difference, P and adjusted P %v, want %v", id, got, want)
				break
			}
		}
		if c.Adjustment != "Holm over 3 tests" {
			t.Errorf("%s: adjusted by %q", id, c.Adjustment)
		}
	}
}

func TestComplianceTestClaims(t *testing.T) {
	v := flagged([]string{"a", "b", "c"}, strings.Repeat("ccc ", 15)+strings.Repeat("nnc ", 5), strings.Repeat("ccc ", 5)+strings.Repeat("nnc ", 15))
	set := analysis.ModelSet{Name: "one", Models: v.Models}
	bins, err := analysis.MeasureCompliance(v, set, analysis.Majority)
	if err != nil {
		t.Fatal(err)
	}
	fit, why := analysis.FitCompliance(v, set, analysis.Majority, func(row int) (float64, bool) { return 2 * float64(v.Bin[row]), true })
	claims := paper.ComplianceTestClaims(analysis.Majority, bins, fit, why, nil)
	for id, want := range map[string]float64{
		"last_minus_first":    0.5,
		"odds_ratio":          9,
		"logistic.intercept":  math.Log(5. / 15),
		"logistic.slope":      math.Log(9) / 2,
		"logistic.odds_ratio": 3,
	} {
		c := find(t, claims, "compliance.fig2.majority."+id)
		if c.Err != nil || math.Abs(c.Estimate.Value-want) > 1e-8 {
			t.Errorf("%s = %v, %v; want %v", id, c.Estimate.Value, c.Err, want)
		}
	}
	trend := find(t, claims, "compliance.fig2.majority.trend")
	if trend.Test == nil || trend.Unit != paper.Statistic || trend.Estimate.Value != trend.Test.Statistic || trend.Test.Statistic < 2 {
		t.Errorf("trend %+v", trend)
	}
	if c := find(t, claims, "compliance.fig2.majority.logistic.slope"); c.Test == nil || !(c.Test.P < 0.05) {
		t.Errorf("slope without its test: %+v", c.Test)
	}
	claims = paper.ComplianceTestClaims(analysis.Any, nil, analysis.LogisticFit{}, nil, paper.ErrAbsent)
	for _, c := range claims {
		if !errors.Is(c.Err, paper.ErrAbsent) || c.Test != nil {
			t.Errorf("%s without data: %+v", c.ID, c)
		}
	}
	// A bin that is not there leaves the rest.
	claims = paper.ComplianceTestClaims(analysis.Majority, bins[:1], fit, nil, nil)
	if c := find(t, claims, "compliance.fig2.majority.odds_ratio"); !errors.Is(c.Err, paper.ErrAbsent) {
		t.Errorf("odds ratio over a bin that is not there: %v", c.Err)
	}
}

func TestProviderClaims(t *testing.T) {
	set := analysis.AllModels
	none, err := paper.ProviderClaims("all_models", set, analysis.Separation{}, nil, nil, paper.ErrAbsent)
	if err != nil {
		t.Fatal(err)
	}
	if want := 3 + 26*6; len(none) != want {
		t.Errorf("%d claims without data, want %d", len(none), want)
	}
	row := func(p float64, err error) analysis.ProviderDifference {
		return analysis.ProviderDifference{Category: "Critical thinking", A: "OpenAI", B: map[bool]string{true: "xAI", false: "Google"}[p < 0.02],
			Estimate: analysis.Estimate{Value: 0.1}, Test: analysis.Test{P: p, Statistic: 2}, Err: err}
	}
	claims, err := paper.ProviderClaims("all_models", set, analysis.Separation{}, analysis.ErrTooFew,
		[]analysis.ProviderDifference{row(0.03, nil), row(0.01, nil), {Category: "Knowledge development", A: "OpenAI", B: "xAI", Err: analysis.ErrUndefined}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	// Benjamini-Hochberg over the two that have a P: 2·0.01/1 and 2·0.03/2.
	if c := find(t, claims, "providers.difference.critical-thinking.openai.xai"); math.Abs(c.Adjusted-0.02) > 1e-12 || c.Adjustment != "Benjamini-Hochberg over 2 tests" {
		t.Errorf("adjusted %v by %q", c.Adjusted, c.Adjustment)
	}
	if c := find(t, claims, "providers.difference.critical-thinking.openai.google"); math.Abs(c.Adjusted-0.03) > 1e-12 {
		t.Errorf("adjusted %v, want 0.03", c.Adjusted)
	}
	if c := find(t, claims, "providers.difference.knowledge-development.openai.xai"); c.Err == nil || c.Test != nil || c.Adjustment != "" {
		t.Errorf("a difference without a value was tested: %+v", c)
	}
	if c := find(t, claims, "providers.separation.r2"); !errors.Is(c.Err, analysis.ErrTooFew) {
		t.Errorf("separation: %v", c.Err)
	}
}

// The re-analysis stands beside the accuracies of its own split and models,
// and never as a number of the paper.
func TestReanalysisIsNotThePaper(t *testing.T) {
	var rankings []paper.ModelRanking
	for _, m := range append(slices.Clone(analysis.AllModels.Models), "somebody") {
		rankings = append(rankings, paper.ModelRanking{Model: m})
	}
	sum := 0.0
	for _, c := range paper.RankingClaims("all_models", rankings, nil, paper.ErrAbsent) {
		if _, published := c.Beside(paper.PaperOrigin); published != nil {
			t.Errorf("%s has a number of the paper", c.ID)
		}
		if (c.Reanalysis != nil) != (strings.HasSuffix(c.ID, ".accuracy") && !strings.Contains(c.ID, "somebody")) {
			t.Errorf("%s: re-analysis %v", c.ID, c.Reanalysis)
		}
		if c.Reanalysis != nil {
			sum += c.Reanalysis.Value
			if !strings.Contains(c.Reanalysis.Source, "not the paper") {
				t.Errorf("%s: source %q", c.ID, c.Reanalysis.Source)
			}
		}
	}
	if math.Abs(sum-8.5472) > 1e-9 { // added up in Python
		t.Errorf("the twelve accuracies sum to %v, want 8.5472", sum)
	}
	for _, c := range paper.RankingClaims("own", rankings, nil, paper.ErrAbsent) {
		if c.Reanalysis != nil {
			t.Errorf("%s of another split has the re-analysis", c.ID)
		}
	}
}
