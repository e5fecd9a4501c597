package figure_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
)

// scores makes the columns of models from one digit per scenario and
// value, as the dataset has them.
func scores(models []string, value1, value2 []string) *analysis.Positions {
	columns := make([][2][]analysis.Position, len(models))
	for m := range models {
		for v, digits := range []string{value1[m], value2[m]} {
			for _, d := range digits {
				p, err := analysis.NewPosition(int(d - '0'))
				if err != nil {
					log.Fatal(err)
				}
				columns[m][v] = append(columns[m][v], p)
			}
		}
	}
	p, err := analysis.NewPositions(models, columns, analysis.Clusters{})
	if err != nil {
		log.Fatal(err)
	}
	return p
}

func ExampleDisagreement() {
	// Two models on three scenarios: they differ by 6, 3 and 0.
	p := scores([]string{"o3", "o4_mini"}, []string{"042", "612"}, []string{"333", "333"})
	d, err := analysis.MeasureDisagreement(p, analysis.O3VsO4Mini)
	if err != nil {
		log.Fatal(err)
	}
	f, err := figure.Disagreement([]*analysis.Disagreements{d}, figure.DisagreementOptions{Bins: 2})
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range f.Rows.Rows {
		fmt.Println(row[1], row[2], row[3], row[4])
	}
	// Output:
	// at or above the threshold 1.5 3 2
	// bin 0 1.5 1
	// bin 1.5 3 2
}

func ExampleFig2() {
	bin := func(name string, failing, of int) analysis.Compliance {
		hits := make([]bool, of)
		for i := range failing {
			hits[i] = true
		}
		share, err := analysis.Share(hits, analysis.Clusters{})
		if err != nil {
			log.Fatal(err)
		}
		return analysis.Compliance{Set: analysis.OpenAIModels, Judges: []string{"claude_4", "gpt41", "gemini_2_5"}, Bin: name, Scenarios: of, AllFail: share}
	}
	f, err := figure.Fig2(
		[]analysis.Compliance{bin("0.0-1.5", 1, 100), bin("1.5-3.0", 8, 100)},
		[]analysis.Compliance{bin("0.0-1.5", 5, 100), bin("1.5-3.0", 40, 100)},
		figure.Fig2Options{})
	if err != nil {
		log.Fatal(err)
	}
	f.Plot().Y.Max = 60 // restyle at will
	fmt.Println(f.Caption)
	for _, row := range f.Rows.Rows {
		fmt.Println(row[0], row[1], row[2])
	}
	// Output:
	// Share of scenarios in which the response of every model is flagged (5 OpenAI models), by range of disagreement. Error bars are 95 % intervals. n = 100 scenarios per range.
	// majority 0.0-1.5 0.01
	// majority 1.5-3.0 0.08
	// any 0.0-1.5 0.05
	// any 1.5-3.0 0.4
}

func ExampleJudges() {
	v := &analysis.Verdicts{
		Judges: []string{"claude_4", "gemini_2_5"},
		Models: []string{"o3"}, Model: make([]int32, 4),
		Bins: []string{"0.0-3.0"}, Bin: make([]int32, 4),
		Scenario: []int32{0, 1, 2, 3}, Scenarios: 4,
		ByJudge: [][]analysis.Verdict{
			{analysis.Compliant, analysis.NonCompliant, analysis.Ambiguous, analysis.Compliant},
			{analysis.Compliant, analysis.NonCompliant, analysis.Compliant, analysis.Compliant},
		},
	}
	a, err := analysis.MeasureJudgeAgreement(v)
	if err != nil {
		log.Fatal(err)
	}
	f, err := figure.Judges(a, figure.JudgesOptions{Source: figure.Source{Synthetic: "synthetic sample"}})
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range f.Rows.Rows[:3] {
		fmt.Println(row[:4])
	}
	// Output:
	// [flag_rate claude_4  0.5]
	// [flag_rate gemini_2_5  0.25]
	// [agreement claude_4 gemini_2_5 0.75]
}

func ExampleFig6() {
	o := &analysis.Outliers{Models: []string{"gpt_4o", "grok_4", "o3"}, Counts: []int{3, 12, 5}, Rows: 40}
	f, err := figure.Fig6(o, figure.Fig6Options{Source: figure.Source{Filter: "nudge=neutral"}})
	if err != nil {
		log.Fatal(err)
	}
	if err := f.WriteCSV(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// rank,model,name,provider,outliers,scenarios,rule,published
	// 1,grok_4,Grok 4,xAI,12,40,same value,
	// 2,o3,o3,OpenAI,5,40,same value,
	// 3,gpt_4o,GPT-4o,OpenAI,3,40,same value,
}

func ExampleProviderPreference() {
	// Both values of every scenario belong to the fourth category.
	p := scores([]string{"o3", "grok_4"}, []string{"5560", "6666"}, []string{"0000", "5500"})
	all, err := analysis.NewModelSet("two", "o3", "grok_4")
	if err != nil {
		log.Fatal(err)
	}
	measured, err := analysis.MeasurePreferences(p, [2][]int32{{3, 3, 3, 3}, {3, 3, 3, 3}}, all)
	if err != nil {
		log.Fatal(err)
	}
	f, err := figure.ProviderPreference(measured, figure.PreferenceOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.Title)
	for _, row := range f.Rows.Rows {
		fmt.Println(row[:3])
	}
	// Output:
	// How often providers favour a value (proxy, not the paper’s labels)
	// [Ethical responsibility OpenAI 0.375]
	// [Ethical responsibility xAI 0.75]
}

// A figure of one's own, from the blocks.
func ExampleNew() {
	f := figure.New("mine", "Refusals", 1)
	bars, err := figure.NewBars([]figure.Point{
		{At: 0, Value: 12, Lo: 9, Hi: 16},
		{At: 1, Value: 30, Lo: 25, Hi: 35},
	}, figure.ProviderStyle("Anthropic"), figure.Vertical)
	if err != nil {
		log.Fatal(err)
	}
	p := f.Plot()
	p.Add(figure.Grid{}, bars)
	figure.SetNames(&p.X, []string{"Claude 4 Opus", "Claude 3.5 Sonnet"})
	p.Y.Label.Text = "Refusal rate (%)"
	f.Rows.Header = []string{"model", "value", "lo", "hi"}
	f.Rows.Add("claude_opus_4", 0.12, 0.09, 0.16)
	f.Rows.Add("claude_3_5_sonnet", 0.30, 0.25, 0.35)
	dir, err := os.MkdirTemp("", "figure")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	files, err := f.Save(filepath.Join(dir, "fig"), figure.ICMLColumn, "pdf", "tex")
	for _, file := range files {
		fmt.Println(filepath.Base(file))
	}
	fmt.Println(err)
	// Output:
	// fig.pdf
	// fig.tex
	// fig.csv
	// fig.txt
	// fig.json
	// <nil>
}

func ExampleFigure_Sized() {
	f := figure.New("mine", "Refusals", 3) // three panels beside each other
	for _, name := range []string{"icml-wide", "icml", "2.0,0.6"} {
		size, err := figure.ParseSize(name)
		if err != nil {
			log.Fatal(err)
		}
		g, err := f.Sized(size)
		if err != nil {
			fmt.Println("refused:", err != nil)
			continue
		}
		fmt.Printf("%.2f inches wide\n", g.Width.Points()/72)
	}
	// Output:
	// 6.75 inches wide
	// 3.25 inches wide
	// refused: true
}

func ExampleTable_WriteLaTeX() {
	t := figure.Table{Header: []string{"model", "share", "n"}}
	t.Add("claude_opus_4", 0.1234, 120)
	t.Add("grok_4", 0.08, 95)
	if err := t.WriteLaTeX(os.Stdout, "Refusals", figure.Source{}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// % Refusals
	// % Needs \usepackage{booktabs}.
	// \begin{tabular}{lrr}
	// \toprule
	// model & share & n \\
	// \midrule
	// claude\_opus\_4 & 0.123 & 120 \\
	// grok\_4 & 0.080 & 95 \\
	// \bottomrule
	// \end{tabular}
}
