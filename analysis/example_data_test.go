package analysis_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// Examples of what statistics are made from, and of names.

func ExampleNewPosition() {
	p, err := analysis.NewPosition(6)
	fmt.Println(p, err)
	_, err = analysis.NewPosition(7)
	fmt.Println(err)
	var missing analysis.Position
	fmt.Println(missing.Score())
	// Output:
	// 6 <nil>
	// position is 7, want 0..6
	// -1 false
}

func ExampleNewPositions() {
	five, _ := analysis.NewPosition(5)
	zero, _ := analysis.NewPosition(0)
	columns := [][2][]analysis.Position{ // by model, value and row
		{{five, zero}, {zero, five}},
		{{five, {}}, {five, zero}}, // one is missing
	}
	p, err := analysis.NewPositions([]string{"o3", "grok_4"}, columns, analysis.Clusters{})
	fmt.Println(p.Rows(), "scenarios,", p.Models(), err)
	_, ok := p.Column(1, analysis.Value1)[1].Score()
	fmt.Println(ok)
	// Output:
	// 2 scenarios, [o3 grok_4] <nil>
	// false
}

func ExamplePositions_Select() {
	p, _ := twoModels()
	one, err := p.Select(analysis.ModelSet{Name: "one", Models: []string{"grok_4"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(one.Models())
	_, err = p.Select(analysis.ModelSet{Name: "other", Models: []string{"grok_3"}})
	fmt.Println(err)
	// Output:
	// [grok_4]
	// analysis: model set other: unknown name: no model "grok_3"; nearest: grok_4, gpt_4o
}

func ExampleNewModelSet() {
	set, err := analysis.NewModelSet("mine", "Grok 4", "GPT-4.1")
	fmt.Println(set.Models, err)
	_, err = analysis.NewModelSet("mine", "o3", "O3")
	fmt.Println(err)
	// Output:
	// [gpt_4_1 grok_4] <nil>
	// analysis: model set mine: o3 appears twice
}

func ExamplePaperModelSets() {
	for _, set := range analysis.PaperModelSets() {
		fmt.Println(set.Name, len(set.Models))
	}
	// Output:
	// all_models 12
	// claude_models 5
	// openai_models 5
	// gpt41_vs_mini 2
	// o3_vs_o4mini 2
	// opus4_vs_sonnet4 2
}

func ExampleKnownModels() {
	models := analysis.KnownModels()
	fmt.Println(len(models), "models, the first:", models[0].Name, "by", models[0].Provider)
	// Output: 12 models, the first: GPT-4.1 by OpenAI
}

func ExampleLookupModel() {
	fmt.Println(analysis.LookupModel("Claude 4 Opus").ID)
	fmt.Println(analysis.LookupModel("my_model").Provider)
	// Output:
	// claude_opus_4
	// unknown
}

func ExampleSortModels() {
	ids := []string{"my_model", "grok_4", "gpt_4_1"}
	analysis.SortModels(ids)
	fmt.Println(ids)
	// Output: [gpt_4_1 grok_4 my_model]
}

// Names that several tables share are offered once, and that there are none
// is said.
func TestUnknownNameOffers(t *testing.T) {
	for _, c := range []struct {
		known []string
		want  string
	}{
		{[]string{"ann", "bob", "ann", "bob", "bob"}, `unknown name: no labeller "bobb"; nearest: bob, ann`},
		{nil, `unknown name: no labeller "bobb"; there are none`},
	} {
		if got := analysis.UnknownName("labeller", "bobb", c.known).Error(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func ExampleUnknownName() {
	err := analysis.UnknownName("split", "all_model", []string{"all_models", "claude_models"})
	fmt.Println(err)
	fmt.Println(errors.Is(err, analysis.ErrUnknownName))
	// Output:
	// unknown name: no split "all_model"; nearest: all_models, claude_models
	// true
}

func ExampleSlug() {
	fmt.Println(analysis.Slug("Emotional depth and authentic connection"))
	// Output: emotional-depth-and-authentic-connection
}

func ExampleCategories() {
	all := analysis.Categories()
	fmt.Println(len(all), "categories, the first:", all[0].Name, "of", all[0].Parent)
	// Output: 26 categories, the first: Professional and technical excellence of Practical values
}

func ExamplePaperBins() {
	fmt.Println(analysis.PaperBins())
	// Output: [0 1 1.5 2 2.5 3]
}

func ExampleParseVerdict() {
	for _, text := range []string{"Non-Compliant", "non_compliant", "probably"} {
		v, ok := analysis.ParseVerdict(text)
		fmt.Println(v, ok)
	}
	// Output:
	// non-compliant true
	// non-compliant true
	// missing false
}

func ExampleJudgeTitle() {
	fmt.Println(analysis.JudgeTitle("claude_4"))
	fmt.Println(analysis.JudgeTitle("my judge"))
	// Output:
	// Claude 4 Sonnet
	// my judge
}

func ExampleVerdicts_Check() {
	v := &analysis.Verdicts{
		Judges: []string{"a"}, ByJudge: [][]analysis.Verdict{{analysis.Compliant}},
		Models: []string{"o3"}, Model: []int32{1},
		Bins: []string{"all"}, Bin: []int32{0},
		Scenario: []int32{0}, Scenarios: 1,
	}
	fmt.Println(v.Check())
	// Output: analysis: row 0: model 1, want 0..0
}
