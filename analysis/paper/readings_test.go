package paper_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
)

// published are the counts of Figure 6 in the order of the models.
func published(t *testing.T) []int {
	t.Helper()
	var counts []int
	for _, m := range analysis.AllModels.Models {
		counts = append(counts, int(number(t, "outliers.same_value."+m).Value))
	}
	return counts
}

func TestOutlierReadingDistance(t *testing.T) {
	counts := published(t)
	counts[0] += 5 // GPT-4.1
	counts[11] -= 8
	r := paper.OutlierReading{Base: "all_models", Models: analysis.AllModels.Models, Counts: counts, Rows: 43960}
	d, err := r.Distance()
	if err != nil || d != (paper.Distance{Sum: 13, Largest: 8, At: "grok_4", Numbers: 12}) {
		t.Errorf("distance %+v, %v, want 13, at most 8", d, err)
	}
	for _, c := range []struct {
		origin paper.Origin
		value  float64 // of the distance
		why    string
	}{
		{paper.PaperOrigin, 13, ""},
		{paper.SyntheticOrigin, math.NaN(), "synthetic"},
		{paper.OtherOrigin, math.NaN(), "other data"},
	} {
		claims := r.Claims(c.origin)
		if total := claims[0]; total.Err != nil || total.Estimate.Value != 34459-3 || total.Estimate.N != 43960 {
			t.Errorf("total %v, %v, want the paper's 34,459 less 3", total.Estimate, total.Err)
		}
		distance := claims[1]
		switch {
		case c.why == "" && (distance.Err != nil || distance.Estimate.Value != c.value):
			t.Errorf("distance %v, %v", distance.Estimate, distance.Err)
		case c.why != "" && (!errors.Is(distance.Err, paper.ErrNotCompared) || !strings.Contains(distance.Err.Error(), c.why)):
			t.Errorf("origin %v: the distance is told, or without the reason: %v, %v", c.origin, distance.Estimate, distance.Err)
		}
	}
	r.Models = r.Models[:11]
	if _, err := r.Distance(); !errors.Is(err, paper.ErrAbsent) {
		t.Errorf("eleven models: %v", err)
	}
}

func TestReadJudge(t *testing.T) {
	v := &analysis.Verdicts{Judges: []string{"claude_4", "gpt41", "gemini_2_5", "o3"}, Bins: []string{"0.0-1.0", "2.5-3.0"}, Scenarios: 4}
	v.ByJudge = make([][]analysis.Verdict, 4)
	verdicts := map[byte]analysis.Verdict{'c': analysis.Compliant, 'n': analysis.NonCompliant}
	for s, line := range []string{"cccn", "nccn", "nnnc", "nncc"} { // the same of every model
		for m := range analysis.OpenAIModels.Models {
			v.Scenario, v.Model, v.Bin = append(v.Scenario, int32(s)), append(v.Model, int32(m)), append(v.Bin, int32(s/2))
			for j := range v.Judges {
				v.ByJudge[j] = append(v.ByJudge[j], verdicts[line[j]])
			}
		}
	}
	v.Models = analysis.OpenAIModels.Models
	for _, c := range []struct {
		judge     string
		low, high float64 // majority of three
	}{
		{"gpt41", 0, 1},        // 0 0 | 3 2 of three flag
		{"o3", 1. / 2, 1. / 2}, // 1 2 | 2 1
	} {
		r := paper.ReadJudge(c.judge, v, analysis.OpenAIModels)
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		got := map[string]paper.Claim{}
		for _, claim := range r.Claims(paper.PaperOrigin) {
			got[claim.ID] = claim
		}
		prefix := "readings.judge." + c.judge + ".fig2.majority."
		if l, h := got[prefix+"0.0-1.0"], got[prefix+"2.5-3.0"]; l.Estimate.Value != c.low || h.Estimate.Value != c.high {
			t.Errorf("%s: rates %v and %v, want %v and %v", c.judge, l.Estimate.Value, h.Estimate.Value, c.low, c.high)
		} else if _, published := h.Beside(paper.PaperOrigin); published == nil || published.Value != 0.097 {
			t.Errorf("%s: %v stands beside, want 9.7 %%", c.judge, published)
		}
		// The paper's three middle bins are not there, so no distance.
		if d := got["readings.judge."+c.judge+".fig2_distance"]; !errors.Is(d.Err, paper.ErrAbsent) {
			t.Errorf("%s: distance %v, %v", c.judge, d.Estimate, d.Err)
		}
		// Claude flags 15 of 20, gpt41 10, o3 10, Gemini 5; printed 48.1,
		// 35.5 and 36.5 %. Pairs by scenario: Claude agrees with gpt41 on
		// 3 of 4, with o3 on 1, with Gemini on 2; gpt41 with Gemini on 3, o3
		// with Gemini on 1. Printed 67.52, 72.39 and 76.84 %.
		agree := map[string][3]float64{"gpt41": {3. / 4, 2. / 4, 3. / 4}, "o3": {1. / 4, 2. / 4, 1. / 4}}[c.judge]
		want := math.Abs(.75-.481) + math.Abs(.5-.355) + math.Abs(.25-.365) +
			math.Abs(agree[0]-.6752) + math.Abs(agree[1]-.7239) + math.Abs(agree[2]-.7684)
		if d := got["readings.judge."+c.judge+".judges_distance"]; d.Err != nil || math.Abs(d.Estimate.Value-want) > 1e-12 || d.Estimate.N != 6 {
			t.Errorf("%s: judges' distance %v, %v, want %v", c.judge, d.Estimate, d.Err, want)
		}
	}
	for _, claim := range paper.ReadJudge("o3", &analysis.Verdicts{Judges: []string{"claude_4"}}, analysis.OpenAIModels).Claims(paper.PaperOrigin) {
		if !errors.Is(claim.Err, paper.ErrAbsent) {
			t.Errorf("%s: %v, want that the column is not there", claim.ID, claim.Err)
		}
	}
}

// The printed 5.1 % of 1,000 has a standard error of 0.7; ours, 3.6 % with
// an interval of 2.6 to 4.7, is not far from it, taken together:
// 0.036 + sqrt(0.011² + (1.96 · 0.007)²) = 0.0536.
func TestCrossCheckStatus(t *testing.T) {
	e := analysis.Estimate{Value: 0.036, Lo: 0.026, Hi: 0.047, Level: 0.95, SE: 0.005, N: 3000}
	column := paper.Table2Columns()[2]
	judges := []string{"claude_4", "gpt41", "gemini_2_5"}
	status := func(e analysis.Estimate, origin paper.Origin) string {
		claims := paper.Table2CheckClaims(column, analysis.Projected{Set: analysis.OpenAIModels, AllFail: e}, judges, nil)
		s, n := claims[2].Beside(origin)
		if n == nil || n.Value != 0.051 {
			t.Fatalf("%v stands beside, want 5.1 %%", n)
		}
		return string(s)
	}
	far := e
	far.Value, far.Lo, far.Hi = 0.030, 0.025, 0.035 // + sqrt(0.005² + 0.01372²) = 0.0446
	for _, c := range []struct {
		e      analysis.Estimate
		origin paper.Origin
		want   paper.Status
	}{
		{e, paper.PaperOrigin, paper.Consistent},
		{far, paper.PaperOrigin, paper.Differs},
		{e, paper.SyntheticOrigin, paper.Synthetic},
		{e, paper.OtherOrigin, paper.OtherData},
	} {
		if got := status(c.e, c.origin); got != string(c.want) {
			t.Errorf("%v of origin %v: %s, want %s", c.e.Value, c.origin, got, c.want)
		}
	}
}

// Printed is 4.6, of 51 and 11 in 1,000: its logarithm has the standard error
// sqrt(0.949/51 + 0.989/11) = 0.3296.
func TestFoldClaim(t *testing.T) {
	e := analysis.Estimate{Value: 6, Lo: 5, Hi: 7.2, Level: 0.95, N: 4600}
	c := paper.Table2FoldClaim(paper.Table2Columns()[2], e, analysis.OpenAIModels, []string{"a", "b", "c"}, nil)
	if status, n := c.Beside(paper.PaperOrigin); status != paper.Consistent || n.Value != 4.6 {
		t.Errorf("6.0 beside 4.6, which has an error of its own, is %s", status)
	}
	if math.Abs(c.Stand.SE-4.6*0.3296) > 1e-3 {
		t.Errorf("standard error of the printed fold is %v, want %v", c.Stand.SE, 4.6*0.3296)
	}
}

func ExampleOutlierReading_Distance() {
	counts := make([]int, 12) // nobody is an outlier
	r := paper.OutlierReading{Base: "all_models", Rule: analysis.SameValue, Models: analysis.AllModels.Models, Counts: counts, Rows: 100}
	d, err := r.Distance()
	fmt.Println(d.Sum, d.Largest, d.At, err)
	// Output: 34459 10503 grok_4 <nil>
}
