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
