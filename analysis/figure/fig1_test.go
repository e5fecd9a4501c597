package figure_test

import (
	"bytes"
	"fmt"
	"log"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
)

func known(n int) *int { return &n }

// pipeline has the sizes that the paper prints.
func pipeline() figure.Pipeline {
	p := figure.Pipeline{
		Values: known(3307), Pairs: known(150_000), Scenarios: known(410_000), Models: 12, Of: "split complete",
		Nudges:    []figure.Counted{{Name: "neutral", N: 137_000}, {Name: "towards value 1", N: 137_000}, {Name: "towards value 2", N: 136_000}},
		Responses: known(24_600), Judges: []string{"Claude 4 Sonnet", "judge gpt41", "Gemini 2.5 Pro"},
	}
	sizes := map[string]int{"all_models": 43960, "claude_models": 20790, "openai_models": 26295, "opus4_vs_sonnet4": 9245, "gpt41_vs_mini": 10160, "o3_vs_o4mini": 21953}
	for _, set := range analysis.PaperModelSets() {
		p.Disagreement = append(p.Disagreement, figure.Counted{Name: set.Title, N: sizes[set.Name]})
	}
	return p
}

func ExampleFig1() {
	scenarios := 3
	f, err := figure.Fig1(figure.Pipeline{Scenarios: &scenarios, Models: 2,
		Nudges: []figure.Counted{{Name: "neutral", N: 1}, {Name: "towards value 1", N: 2}}}, figure.Fig1Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.Caption)
	for _, row := range f.Rows.Rows {
		fmt.Printf("%q\n", row)
	}
	// Output:
	// The pipeline of the paper: how scenarios are made, and how responses are placed, compared and judged. Counts of the data at hand: scenarios 3.
	// ["Values" "" ""]
	// ["Value pairs" "" ""]
	// ["Scenarios" "" "3"]
	// ["Scenarios" "neutral" "1"]
	// ["Scenarios" "towards value 1" "2"]
	// ["Responses" "" ""]
	// ["Positions" "" ""]
	// ["High disagreement" "" ""]
	// ["Verdicts" "" ""]
}

func TestFig1(t *testing.T) {
	for name, p := range map[string]figure.Pipeline{"no data": {}, "all": pipeline()} {
		f, err := figure.Fig1(p, figure.Fig1Options{})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := f.WriteSVG(&b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		absent := strings.Count(b.String(), "not in this source")
		if want := map[string]int{"no data": 7, "all": 0}[name]; absent != want {
			t.Errorf("%s: %d steps are missing, want %d", name, absent, want)
		}
	}
	f, err := figure.Fig1(pipeline(), figure.Fig1Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Sized(figure.Size{Width: 3.25 * vg.Inch, Height: 2 * vg.Inch}); err == nil || !strings.Contains(err.Error(), "inches in height") {
		t.Errorf("too low for its boxes: %v", err)
	}
	for says, p := range map[string]figure.Pipeline{
		"Scenarios: -1":   {Scenarios: known(-1)},
		"neutral: -2":     {Scenarios: known(1), Nudges: []figure.Counted{{Name: "neutral", N: -2}}},
		"25 parts":        {Disagreement: make([]figure.Counted, 25)},
		"Verdicts: -5, w": {Responses: known(-5)},
	} {
		if _, err := figure.Fig1(p, figure.Fig1Options{}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}
