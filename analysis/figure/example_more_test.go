package figure_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
)

func ExampleParseSize() {
	for _, s := range []string{"icml", "3.5,2.25", "imcl"} {
		size, err := figure.ParseSize(s)
		fmt.Printf("%.2f in wide, %v\n", size.Width.Points()/72, err)
	}
	fmt.Println(figure.SizeNames())
	// Output:
	// 3.25 in wide, <nil>
	// 3.50 in wide, <nil>
	// 0.00 in wide, figure: unknown name: no size "imcl"; nearest: icml, acl, nature; or W,H in inches
	// [icml icml-wide neurips acl acl-wide nature nature-wide]
}

func ExampleFigure_Encode() {
	f := must(figure.Fig6(outliers, figure.Fig6Options{}))
	for _, format := range figure.Formats() {
		var b bytes.Buffer
		if err := f.Encode(&b, format); err != nil {
			fmt.Println(err)
			continue
		}
		start, _, _ := strings.Cut(b.String(), "\n")
		fmt.Printf("%s: %.18q\n", format, start)
	}
	// Output:
	// svg: "<svg xmlns=\"http:/"
	// pdf: "%PDF-1.4"
	// png: "\x89PNG\r"
	// tex: "% Outlier response"
	// csv: "rank,model,name,pr"
	// table.tex: "% Outlier response"
	// md: "Outlier responses "
	// html: "<table>"
}

func ExampleFigure_Manifest() {
	f := must(figure.Fig6(outliers, figure.Fig6Options{Source: figure.Source{Synthetic: "synthetic sample"}}))
	m := f.Manifest()
	fmt.Println(m.ID, m.Synthetic, m.Width, m.Rows)
	// Output: fig6 synthetic sample 6.75 4
}

func ExampleTable_WriteMarkdown() {
	var t figure.Table
	t.Header = figure.EstimateColumns("model")[:4] // without n, method and so on
	t.Add("grok_4", 0.08, 0.04, 0.15)
	t.Add("o3", math.NaN(), "", "") // not computable: an empty cell
	fmt.Println(t.WriteMarkdown(os.Stdout, "Refusals", figure.Source{Synthetic: "synthetic sample"}))
	// Output:
	// Synthetic sample. Refusals
	//
	// | model | value | lo | hi | source |
	// | --- | ---: | ---: | ---: | --- |
	// | grok\_4 | 0.0800 | 0.0400 | 0.150 | synthetic sample |
	// | o3 |  |  |  | synthetic sample |
	// <nil>
}

func ExamplePointOf() {
	e := must(analysis.Share([]bool{true, false, false, false}, analysis.Clusters{}))
	p := figure.PointOf(2, e, 100) // at 2 on the axis of categories, in percent
	fmt.Printf("%.0f at %.0f, from %.1f to %.1f\n", p.Value, p.At, p.Lo, p.Hi)
	// Output: 25 at 2, from 4.6 to 69.9
}

// Models of one provider share its colour, in shades, and differ in marker.
func ExampleModelStyle() {
	a, b := figure.ModelStyle("o3"), figure.ModelStyle("gpt_4o")
	fmt.Println(a.Marker == b.Marker, a.Hatch == figure.ProviderStyle("OpenAI").Hatch)
	// Output: false true
}

func ExampleTicks() {
	for _, t := range (figure.Ticks{}).Ticks(0, 2600) {
		fmt.Print(t.Label, " ")
	}
	fmt.Println(figure.Count(10503))
	// Output: 0 500 1,000 1,500 2,000 2,500 10,503
}

func ExampleSetNames() {
	f := figure.New("x", "", 1)
	figure.SetNames(&f.Plot().X, []string{"GPT-4o", "Claude 3.5 Sonnet"})
	fmt.Println(f.Plot().X.Min, f.Plot().X.Max, slices.Contains(figure.Formats(), "pdf"))
	// Output: -0.5 1.5 true
}
