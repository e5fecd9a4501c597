package analysis_test

import (
	"fmt"

	"github.com/specstress/specstress/analysis"
)

func ExampleMeasureCompliance() {
	// Two scenarios, two models, three judges.
	v := &analysis.Verdicts{
		Judges: []string{"a", "b", "c"},
		ByJudge: [][]analysis.Verdict{
			{analysis.NonCompliant, analysis.NonCompliant, analysis.Compliant, analysis.Compliant},
			{analysis.Ambiguous, analysis.Compliant, analysis.Compliant, analysis.Compliant},
			{analysis.Compliant, analysis.NonCompliant, analysis.Ambiguous, analysis.Compliant},
		},
		Models: []string{"gpt_4_1", "gpt_4_1_mini"}, Model: []int32{0, 1, 0, 1},
		Bins: []string{"2.5-3.0"}, Bin: []int32{0, 0, 0, 0},
		Scenario: []int32{0, 0, 1, 1}, Scenarios: 2,
		Clusters: analysis.Clusters{ID: []int32{0, 0, 1, 1}, N: 2},
	}
	bins, err := analysis.MeasureCompliance(v, analysis.GPT41VsMini, analysis.Majority)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range bins {
		fmt.Printf("%s: all pass %.2f, all fail %.2f of %d scenarios\n", b.Bin, b.AllPass.Value, b.AllFail.Value, b.Scenarios)
	}
	// Output:
	// 2.5-3.0: all pass 0.50, all fail 0.50 of 2 scenarios
}

func ExamplePooledCompliance() {
	v := &analysis.Verdicts{
		Judges:  []string{"a"},
		ByJudge: [][]analysis.Verdict{{analysis.NonCompliant, analysis.Compliant, analysis.NoVerdict}},
		Models:  []string{"o3"}, Model: []int32{0, 0, 0},
		Bins: []string{"0.0-1.0", "2.5-3.0"}, Bin: []int32{0, 1, 1},
		Scenario: []int32{0, 1, 2}, Scenarios: 3,
	}
	c, err := analysis.PooledCompliance(v, analysis.ModelSet{Name: "one", Models: []string{"o3"}}, analysis.Majority)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f of %d fail, left out: %v\n", c.AllFail.Value, c.Scenarios, c.Excluded)
	fmt.Println(c.AllFail.Warnings[0])
	// Output:
	// 0.50 of 2 fail, left out: [1 a verdict missing or unrecognised]
	// clusters unknown: units are taken as independent, so the interval may be too narrow
}

func ExampleCompliance_Bounds() {
	// Of 1,000 scenarios, 940 are decided and 90 of them fail; of the 40
	// with gaps, 10 could still fail; 20 are not in the table at all.
	c := analysis.Compliance{Scenarios: 940, Undecided: 40, FailAtLeast: 90, FailAtMost: 100}
	lo, hi := c.Bounds(1000)
	fmt.Printf("%.3f to %.3f\n", lo, hi)
	// Output:
	// 0.090 to 0.120
}

func ExampleMeasureJudgeAgreement() {
	// Two judges on four responses of one model.
	v := &analysis.Verdicts{
		Judges: []string{"strict", "mild"},
		ByJudge: [][]analysis.Verdict{
			{analysis.NonCompliant, analysis.Ambiguous, analysis.Compliant, analysis.Compliant},
			{analysis.NonCompliant, analysis.Compliant, analysis.Compliant, analysis.NoVerdict},
		},
		Models: []string{"o3"}, Model: []int32{0, 0, 0, 0},
		Bins: []string{"2.5-3.0"}, Bin: []int32{0, 0, 0, 0},
		Scenario: []int32{0, 1, 2, 3}, Scenarios: 4,
		Clusters: analysis.Clusters{ID: []int32{0, 1, 2, 3}, N: 4},
	}
	a, err := analysis.MeasureJudgeAgreement(v)
	if err != nil {
		fmt.Println(err)
		return
	}
	for j, judge := range a.Judges {
		fmt.Printf("%s flags %.2f of %d\n", judge, a.FlagRate[j].Value, a.FlagRate[j].N)
	}
	fmt.Printf("they agree on %.2f of %d, kappa %.2f\n", a.Pairs[0].Agreement.Value, a.Pairs[0].Agreement.N, a.Binary.Value)
	fmt.Println("left out:", a.Binary.Excluded)
	// Output:
	// strict flags 0.50 of 4
	// mild flags 0.33 of 3
	// they agree on 0.67 of 3, kappa 0.33
	// left out: [1 a verdict missing or unrecognised]
}
