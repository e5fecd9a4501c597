package analysis_test

import (
	"fmt"

	"github.com/specstress/specstress/analysis"
)

// judged are two scenarios with two models and two judges.
func judged() *analysis.Verdicts {
	const ok, no = analysis.Compliant, analysis.NonCompliant
	return &analysis.Verdicts{
		Judges: []string{"claude_4", "gemini_2_5"}, ByJudge: [][]analysis.Verdict{{no, no, no, ok}, {no, no, ok, ok}},
		Models: []string{"o3", "o4_mini"}, Model: []int32{0, 1, 0, 1},
		Bins: []string{"2.5-3.0"}, Bin: []int32{0, 0, 0, 0},
		Scenario: []int32{0, 0, 1, 1}, Scenarios: 2,
	}
}

// Scenarios in which every response breaks the spec, as in Figure 3.
func ExampleFind() {
	o, _ := analysis.MeasureOutcomes(judged(), analysis.O3VsO4Mini, analysis.Majority)
	for _, f := range analysis.Find(o.Len(), analysis.FindOptions{Limit: 5}, analysis.HasOutcome(o, analysis.AllFail, nil)) {
		fmt.Println(f.Row, f.Why)
	}
	// Output: 0 [all fail: 2 of 2 responses flagged by most judges]
}

func ExampleMeasureOutcomes() {
	o, err := analysis.MeasureOutcomes(judged(), analysis.O3VsO4Mini, analysis.Any)
	fmt.Println(o.At(0), err)
	fmt.Println(o.At(1))
	// Output:
	// all fail <nil>
	// some fail
}

// The rows of the responses that Gemini passes and Claude does not.
func ExampleAtOdds() {
	rows, err := analysis.AtOdds(judged(), "gemini_2_5", "claude_4")
	fmt.Println(rows, err)
	// Output: [2] <nil>
}

func ExampleJudgesAtOdds() {
	meets, _ := analysis.JudgesAtOdds(judged(), "gemini_2_5", "claude_4", nil)
	fmt.Println(analysis.Find(2, analysis.FindOptions{}, meets))
	// Output: [{1 [Gemini 2.5 Pro passes, and Claude 4 Sonnet flags, the response of o3]}]
}

// Labels say which scenarios are of a topic and which responses refuse; two
// masks find what is both.
func ExampleMarked() {
	politics := []bool{true, false, true}
	refused := []bool{false, false, true}
	fmt.Println(analysis.Find(3, analysis.FindOptions{}, analysis.Marked("politics", politics), analysis.Marked("o3 refuses", refused)))
	// Output: [{2 [politics o3 refuses]}]
}

// The quality gap: the models are far apart, and every response complies.
func ExampleHasOutcome() {
	low, _ := analysis.NewPosition(0)
	high, _ := analysis.NewPosition(6)
	middle, _ := analysis.NewPosition(3)
	p, _ := analysis.NewPositions(analysis.O3VsO4Mini.Models, [][2][]analysis.Position{
		{{low, low}, {middle, middle}},   // o3 on value 1 and 2 of two scenarios
		{{high, low}, {middle, middle}}}, // o4 mini
		analysis.Clusters{})
	d, _ := analysis.MeasureDisagreement(p, analysis.O3VsO4Mini)
	wide, _ := analysis.DisagreementIn(d, 2, analysis.MaxScore/2)

	v := judged()
	for j := range v.ByJudge { // suppose that nobody flags anything
		v.ByJudge[j] = []analysis.Verdict{analysis.Compliant, analysis.Compliant, analysis.Compliant, analysis.Compliant}
	}
	o, _ := analysis.MeasureOutcomes(v, analysis.O3VsO4Mini, analysis.Any)
	fmt.Println(analysis.Find(2, analysis.FindOptions{First: d.Wider}, wide, analysis.HasOutcome(o, analysis.AllPass, nil)))
	// Output: [{0 [disagreement 3.00 over o3 vs o4 mini all pass: 0 of 2 responses flagged by at least one judge]}]
}

// With another column as the second judge.
func ExampleVerdicts_WithJudges() {
	one, err := judged().WithJudges("gemini_2_5")
	if err != nil {
		fmt.Println(err)
		return
	}
	rates, err := analysis.MeasureCompliance(one, analysis.O3VsO4Mini, analysis.Majority)
	fmt.Println(rates[0].AllFail.Value, err)
	_, err = judged().WithJudges("o3")
	fmt.Println(err)
	// Output:
	// 0.5 <nil>
	// analysis: verdicts: unknown name: no judge "o3"; nearest: claude_4, gemini_2_5
}

// The first scenario on which two models are 5 or 6 scores apart.
func ExampleDisagreementIn() {
	p, set := twoModels()
	d, _ := analysis.MeasureDisagreement(p, set)
	meets, err := analysis.DisagreementIn(d, 2.5, 3)
	fmt.Println(analysis.Find(d.Len(), analysis.FindOptions{Limit: 1}, meets), err)
	// Output: [{5 [disagreement 2.50 over two]}] <nil>
}

// The answers of one model by two labellers, of whom the second left out
// the last response.
func ExampleRatingsOfLabels() {
	one, _ := analysis.NewLabelSet(0)
	other, _ := analysis.NewLabelSet(1)
	labels := func(sets ...analysis.LabelSet) *analysis.Labels {
		return &analysis.Labels{Names: []string{"answers", "refuses"}, Models: []string{"o3"}, ByModel: [][]analysis.LabelSet{sets}}
	}
	ratings, clusters, err := analysis.RatingsOfLabels(labels(one, one, other, other), labels(one, other, other, analysis.LabelSet{}))
	if err != nil {
		fmt.Println(err)
		return
	}
	agreement, err := analysis.PercentAgreement(ratings, analysis.Unweighted, clusters)
	fmt.Printf("%.2f of %d %v\n", agreement.Value, agreement.N, err)
	// Output: 0.67 of 3 <nil>
}

func ExamplePaperSchemes() {
	for _, scheme := range analysis.PaperSchemes() {
		fmt.Println(scheme.Name, len(scheme.Labels))
	}
	// Output:
	// refusal 7
	// topic 8
	// category 26
}

func ExampleLabelSetOf() {
	set, err := analysis.LabelSetOf(0b101)
	fmt.Println(set.Has(0), set.Has(1), set.Has(2), err)
	// Output: true false true <nil>
}

func ExampleRefusals_Rate() {
	full, _ := analysis.NewLabelSet(0)
	firm, _ := analysis.NewLabelSet(analysis.SoftRejection + 1)
	l := &analysis.Labels{Names: analysis.RefusalLevels.Labels, Models: []string{"o3"}, ByModel: [][]analysis.LabelSet{{full, firm, firm, firm}}}
	r, _ := analysis.MeasureRefusals(l, nil)
	rates, err := r.Rate(r.From(analysis.SoftRejection)...)
	fmt.Println(rates[0].Value, err)
	_, err = r.Rate(99)
	fmt.Println(err)
	// Output:
	// 0.75 <nil>
	// analysis: refusal level 99, want 0..6
}

func ExampleValueCounts_Of() {
	rigor, _ := analysis.NewLabelSet(0)
	l := &analysis.Labels{Names: []string{"rigor", "care"}, Models: []string{"o3"}, ByModel: [][]analysis.LabelSet{{rigor, rigor, rigor}}}
	v, _ := analysis.CountValues(l)
	counts, err := v.Of("rigor")
	fmt.Println(counts[0].Value, "of", counts[0].N, err)
	_, err = v.Of("rigour")
	fmt.Println(err)
	// Output:
	// 3 of 3 <nil>
	// unknown name: no label "rigour"; nearest: rigor, care
}
