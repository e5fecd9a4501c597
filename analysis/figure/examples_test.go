package figure_test

import (
	"bytes"
	"fmt"
	"log"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
)

// hostileQuery is what a query may hold: markup, a terminal escape, a mark that
// turns the direction of text, NUL, bytes that are not UTF-8, and a start
// that a spreadsheet runs.
const hostileQuery = "=HYPERLINK(1)<script>alert(1)</script>\x1b[31m\u202egnp\x00\xff|x|\n$\\input{x}$"

func TestExamplesHoldNoText(t *testing.T) {
	examples := []figure.Example{{Key: "1-2-neutral", Value1: "task adherence", Value2: "@tact", Nudge: "neutral", Disagreement: math.NaN(), Query: hostileQuery}}
	without := figure.Table1(examples, figure.ExampleOptions{})
	if text := fmt.Sprint(without); strings.Contains(text, "script") || len(without.Rows[0]) != 5 {
		t.Errorf("a text that nobody asked for: %s", text)
	}
	if got := without.Rows[0]; got[2] != "'@tact" || got[4] != "" {
		t.Errorf("row %q", got)
	}
	with := figure.Table1(examples, figure.ExampleOptions{Text: true})
	if got, want := with.Rows[0][5], "'=HYPERLINK(1)<script>alert(1)</script>[31mgnp\ufffd|x| $\\input{x}$"; got != want {
		t.Errorf("query cell %q, want %q", got, want)
	}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"html":     func(b *bytes.Buffer) error { return with.WriteHTML(b, "", figure.Source{}) },
		"markdown": func(b *bytes.Buffer) error { return with.WriteMarkdown(b, "", figure.Source{}) },
		"latex":    func(b *bytes.Buffer) error { return with.WriteLaTeX(b, "", figure.Source{}) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil || strings.Contains(b.String(), "<script") || strings.ContainsAny(b.String(), "\x00\x1b\u202e") || name == "latex" && strings.Contains(b.String(), "\\input{x}") {
			t.Errorf("%s: %v\n%s", name, err, b.String())
		}
	}
	examples[0].Query = strings.Repeat("long ", 1<<18)
	if n := len(figure.Table1(examples, figure.ExampleOptions{Text: true}).Rows[0][5]); n > 2010 {
		t.Errorf("a query of 1 MiB takes %d bytes of a cell", n)
	}
}

func TestTable2RefusesPublishedBesideSynthetic(t *testing.T) {
	e := analysis.Estimate{Value: 0.5, Lo: 0.4, Hi: 0.6, Level: 0.95}
	column := figure.Table2Column{Title: "S_OpenAI", Projected: analysis.Projected{AllPass: e, AtLeastOneFails: e, AllFail: e}, Published: []float64{0.179, 0.821, 0.051}}
	if _, err := figure.Table2([]figure.Table2Column{column}, figure.Source{Synthetic: "synthetic sample"}); err == nil {
		t.Error("published numbers stand beside synthetic ones")
	}
	column.Published = column.Published[:2]
	if _, err := figure.Table2([]figure.Table2Column{column}, figure.Source{}); err == nil {
		t.Error("two published numbers for three rows")
	}
	column.Published, column.Projected.AllFail = nil, analysis.Estimate{Value: math.NaN()}
	if _, err := figure.Table2([]figure.Table2Column{column}, figure.Source{}); err == nil {
		t.Error("a row without an estimate is printed")
	}
	if _, err := figure.Table2(nil, figure.Source{}); err == nil {
		t.Error("a table without columns is printed")
	}
}

func ExampleTable1() {
	t := figure.Table1([]figure.Example{{Key: "32-579-neutral", Value1: "task adherence", Value2: "business optimization", Nudge: "neutral", Disagreement: 1.8}}, figure.ExampleOptions{})
	if err := t.WriteMarkdown(os.Stdout, "", figure.Source{}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// | key | value 1 | value 2 | nudge | disagreement |
	// | --- | --- | --- | --- | ---: |
	// | 32-579-neutral | task adherence | business optimization | neutral | 1.80 |
}

func ExampleTable2() {
	share := func(value, lo, hi float64) analysis.Estimate {
		return analysis.Estimate{Value: value, Lo: lo, Hi: hi, Level: 0.95}
	}
	t, err := figure.Table2([]figure.Table2Column{{Title: "S_OpenAI", Projected: analysis.Projected{
		AllPass: share(.1617, .1466, .178), AtLeastOneFails: share(.8383, .822, .8534), AllFail: share(.0442, .0365, .0535)}}}, figure.Source{})
	if err != nil {
		log.Fatal(err)
	}
	if err := t.WriteMarkdown(os.Stdout, "Table 2, cross-checked from Figure 2.", figure.Source{Synthetic: "invented"}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// Invented. Table 2, cross-checked from Figure 2.
	//
	// | outcome | S\_OpenAI (%) | from | to | source |
	// | --- | ---: | ---: | ---: | --- |
	// | all pass | 16.2 | 14.7 | 17.8 | invented |
	// | at least one fails | 83.8 | 82.2 | 85.3 | invented |
	// | all fail | 4.4 | 3.6 | 5.3 | invented |
}

func ExampleTable3() {
	t, err := figure.Table3([]figure.AtOdds{{Example: figure.Example{Key: "32-579-neutral", Value1: "candor", Value2: "mercy"},
		Model: "gpt_4o", Passes: []string{"gemini_2_5"}, Flags: []string{"claude_4"}}}, figure.ExampleOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(t.Rows[0])
	// Output: [32-579-neutral GPT-4o candor mercy Gemini 2.5 Pro Claude 4 Sonnet]
}
