package figure_test

import (
	"fmt"
	"log"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis/figure"
)

// named is a figure of one bar with a row and a legend.
func named(title, series string, src figure.Source) *figure.Figure {
	f := figure.New("x", title, 1)
	bars, err := figure.NewBars([]figure.Point{{Value: 3}}, figure.SeriesStyle(0), figure.Vertical)
	if err != nil {
		log.Fatal(err)
	}
	f.Plot().Add(bars)
	f.Legend = []figure.Entry{{Name: series, Thumb: bars}}
	f.Rows.Header = []string{"model", strings.ToLower(title)}
	f.Rows.Add("o3", 3)
	f.Describe(src, "A bar.", title+" of a model.")
	return f
}

func ExamplePanels() {
	synthetic := figure.Source{Synthetic: "synthetic sample"}
	f, err := figure.Panels("both", "", named("Refusals", "o3", synthetic), named("Outliers", "o3", synthetic))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.Caption)
	fmt.Println(len(f.Panels), "panels:", f.Panels[0].Title, "and", f.Panels[1].Title)
	fmt.Printf("%q\n", f.Rows.Header)
	for _, row := range f.Rows.Rows {
		fmt.Printf("%q\n", row)
	}
	// Output:
	// Synthetic sample. (a) Refusals of a model. (b) Outliers of a model.
	// 2 panels: (a) Refusals and (b) Outliers
	// ["panel" "model" "refusals" "outliers"]
	// ["(a)" "o3" "3" ""]
	// ["(b)" "o3" "" "3"]
}

func TestPanelsLegend(t *testing.T) {
	names := func(f *figure.Figure, err error) (list []string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range f.Legend {
			list = append(list, e.Name)
		}
		return list
	}
	src := figure.Source{}
	if got := names(figure.Panels("x", "", named("A", "o3", src), named("B", "o3", src))); !slices.Equal(got, []string{"o3"}) {
		t.Errorf("the same legend twice: %q", got)
	}
	if got := names(figure.Panels("x", "", named("A", "o3", src), named("B", "grok", src))); !slices.Equal(got, []string{"(a) o3", "(b) grok"}) {
		t.Errorf("different legends: %q", got)
	}
}

func TestPanelsRefuse(t *testing.T) {
	for name, figures := range map[string][]*figure.Figure{
		"none":               nil,
		"a nil one":          {nil},
		"one without panels": {{ID: "x"}},
		"synthetic and real": {named("A", "o3", figure.Source{}), named("B", "o3", synthetic)},
		"another filter":     {named("A", "o3", figure.Source{}), named("B", "o3", figure.Source{Filter: "nudge=neutral"})},
		"too many":           slices.Repeat([]*figure.Figure{named("A", "o3", figure.Source{})}, 49),
	} {
		if f, err := figure.Panels("x", "", figures...); err == nil {
			t.Errorf("%s: %d panels, want an error", name, len(f.Panels))
		}
	}
}
