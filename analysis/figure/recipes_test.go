package figure_test

import (
	"fmt"
	"image/color"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
)

// The recipes of docs/figures.md. TestRecipesAreTheDocs holds both
// together; what a recipe's reader does not need to see, its output, stands
// below a blank line.

// must is nb.Must, for programs.
func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

// What analysis measured, small enough to be seen through.
var (
	outliers = &analysis.Outliers{
		Models: []string{"gpt_4o", "grok_4", "o3", "claude_3_5_sonnet"},
		Counts: []int{3, 12, 5, 9}, Rows: 40,
	}
	majority = []analysis.Compliance{compliant("0.0-1.5", 1, 100), compliant("1.5-3.0", 8, 100)}
	anyJudge = []analysis.Compliance{compliant("0.0-1.5", 5, 100), compliant("1.5-3.0", 40, 100)}
	sets     = []*analysis.Disagreements{must(analysis.MeasureDisagreement(
		scores([]string{"o3", "o4_mini"}, []string{"042", "612"}, []string{"333", "333"}), analysis.O3VsO4Mini))}
)

func compliant(bin string, failing, of int) analysis.Compliance {
	hits := make([]bool, of)
	for i := range failing {
		hits[i] = true
	}
	return analysis.Compliance{Set: analysis.OpenAIModels, Judges: []string{"claude_4", "gpt41", "gemini_2_5"},
		Bin: bin, Scenarios: of, AllFail: must(analysis.Share(hits, analysis.Clusters{}))}
}

// inches is the size of a figure.
func inches(f *figure.Figure) string {
	return fmt.Sprintf("%.2f x %.2f in", f.Width/vg.Inch, f.Height/vg.Inch)
}

func Example_recipePrint() {
	dir := must(os.MkdirTemp("", "figures"))
	defer os.RemoveAll(dir)

	f := must(figure.Fig6(outliers, figure.Fig6Options{}))
	files := must(f.Save(filepath.Join(dir, "fig6"), figure.ICMLColumn, "pdf", "tex"))

	for _, file := range files {
		fmt.Println(filepath.Base(file))
	}
	// Output:
	// fig6.pdf
	// fig6.tex
	// fig6.csv
	// fig6.txt
	// fig6.json
}

func Example_recipeSize() {
	f := must(figure.Fig6(outliers, figure.Fig6Options{}))
	narrow := must(f.Sized(figure.NatureColumn)) // as high as it needs to be
	exact := must(f.Sized(figure.Size{Width: 4 * vg.Inch, Height: 2.5 * vg.Inch}))

	fmt.Println(inches(narrow)[:4], inches(exact))
	// Output: 3.50 4.00 x 2.50 in
}

func Example_recipeTitle() {
	f := must(figure.Fig2(majority, anyJudge, figure.Fig2Options{}))
	f.Title = "" // the paper has a caption
	f.Plot().X.Label.Text = "Disagreement of the five models"
	f.Plot().Y.Label.Text = "All fail (%)"

	fmt.Println(f.Encode(new(strings.Builder), "svg"))
	// Output: <nil>
}

func Example_recipeAxis() {
	f := must(figure.Fig2(majority, anyJudge, figure.Fig2Options{}))
	y := &f.Plot().Y
	y.Min, y.Max = 0, 60
	y.Tick.Marker = figure.Ticks{Format: func(v float64) string { return strconv.Itoa(int(v)) + " %" }}

	fmt.Println(y.Tick.Marker.Ticks(y.Min, y.Max)[3].Label)
	// Output: 30 %
}

func Example_recipeBins() {
	f := must(figure.Disagreement(sets, figure.DisagreementOptions{Bins: 6, Threshold: 2}))

	fmt.Println(len(f.Rows.Rows), "rows:", f.Rows.Rows[0][1], f.Rows.Rows[0][2], "and six bins")
	// Output: 7 rows: at or above the threshold 2 and six bins
}

func Example_recipeHorizontal() {
	f := must(figure.Fig6(outliers, figure.Fig6Options{Orientation: figure.Horizontal}))

	fmt.Println(f.Plot().X.Label.Text)
	// Output: Number of outlier queries
}

func Example_recipeStyle() {
	f := must(figure.Fig2(majority, anyJudge, figure.Fig2Options{}))
	line := f.Legend[1].Thumb.(*figure.Line) // the same that the plot draws
	line.Style = figure.Style{
		Color:  color.NRGBA{R: 0x88, G: 0x22, B: 0x55, A: 0xff},
		Marker: figure.Triangle,
		Dashes: []vg.Length{1, 2},
	}

	fmt.Println(f.Legend[1].Name)
	// Output: Any judge (≥ 1)
}

func Example_recipeRule() {
	f := must(figure.Fig2(majority, anyJudge, figure.Fig2Options{}))
	rule := figure.Rule{At: 5, Orientation: figure.Horizontal}
	f.Plot().Add(rule)
	f.Legend = append(f.Legend, figure.Entry{Name: "Table 2", Thumb: rule})

	fmt.Println(len(f.Legend))
	// Output: 3
}

func ExampleNewBars() {
	f := figure.New("refusals", "Refusals", 1)
	f.Rows.Header = figure.EstimateColumns("model")
	var points []figure.Point
	for i, e := range []analysis.Estimate{majority[0].AllFail, majority[1].AllFail} {
		points = append(points, figure.PointOf(float64(i), e, 100))
		f.Rows.AddEstimate(e, []string{"o3", "grok_4"}[i])
	}
	bars := must(figure.NewBars(points, figure.SeriesStyle(0), figure.Vertical))
	bars.Format = func(v float64) string { return strconv.FormatFloat(v, 'f', 0, 64) }
	f.Plot().Add(figure.Grid{}, bars)
	f.Plot().Y.Label.Text = "Refused (%)"
	figure.SetNames(&f.Plot().X, []string{"o3", "Grok 4"})
	f.Describe(figure.Source{}, "Bars: o3 1 %, Grok 4 8 %.", "Share of refused queries.", "Error bars are 95 % intervals.")

	fmt.Println(f.Caption)
	fmt.Println(f.Rows.Rows[1][:2])
	// Output:
	// Share of refused queries. Error bars are 95 % intervals.
	// [grok_4 0.08]
}

func ExampleNewDots() {
	f := figure.New("two", "Two judges", 1)
	names := []string{"Compliance", "Refusals", "Tone"}
	f.Plot().Add(figure.Bands{N: len(names)}, figure.Grid{Orientation: figure.Horizontal})
	for i, judge := range []string{"Judge A", "Judge B"} {
		var points []figure.Point
		for k := range names {
			v := 40 + 10*float64(k) + 5*float64(i)
			points = append(points, figure.Point{At: float64(k), Value: v, Lo: v - 4, Hi: v + 6})
		}
		dots := must(figure.NewDots(points, figure.SeriesStyle(i), figure.Horizontal))
		dots.Dodge = vg.Length(4 - 8*i) // keep the intervals apart
		f.Plot().Add(dots)
		f.Legend = append(f.Legend, figure.Entry{Name: judge, Thumb: dots})
	}
	figure.SetNames(&f.Plot().Y, names)
	f.Plot().X.Label.Text = "Agreement (%)"

	fmt.Println(f.Encode(new(strings.Builder), "svg"))
	// Output: <nil>
}

func ExampleNewHeatMap() {
	f := figure.New("pairs", "Values that occur together", 1)
	heat := must(figure.NewHeatMap([][]float64{{1, 0.3}, {0.4, 1}}, 0, 1))
	heat.Format = func(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }
	names := []string{"Clarity", "Honesty"}
	f.Plot().Add(heat)
	heat.Label(f.Plot(), names, names)
	f.Plot().X.Label.Text, f.Plot().Y.Label.Text = "Given", "Also there"
	f.Legend = []figure.Entry{{Name: "P(Y | X)", Thumb: figure.ColorBar{Map: heat}}}

	fmt.Println(f.Encode(new(strings.Builder), "svg"))
	// Output: <nil>
}

func ExampleNewHistogram() {
	f := figure.New("lengths", "Lengths of answers", 1)
	bars := must(figure.NewHistogram([]float64{0, 100, 200, 400}, []float64{12, 30, 8}, figure.SeriesStyle(0)))
	bars.Split = 200 // darker from here
	f.Plot().Add(figure.Grid{}, bars, figure.Rule{At: 200})
	f.Plot().X.Label.Text, f.Plot().Y.Label.Text = "Words", "Answers"

	fmt.Println(f.Encode(new(strings.Builder), "svg"))
	// Output: <nil>
}

func ExampleNewLine() {
	f := figure.New("sizes", "Errors by size", 1)
	line := must(figure.NewLine([]figure.Point{{At: 1, Value: 90}, {At: 2, Value: 9}, {At: 3, Value: 1}}, figure.SeriesStyle(0)))
	f.Plot().Add(line)
	f.Plot().Y.Min, f.Plot().Y.Max = 1, 100 // above zero
	f.Plot().Y.Scale = plot.LogScale{}
	f.Plot().Y.Tick.Marker = plot.ConstantTicks{{Value: 1, Label: "1"}, {Value: 10, Label: "10"}, {Value: 100, Label: "100"}}

	fmt.Println(f.Encode(new(strings.Builder), "svg"))
	// Output: <nil>
}

func Example_recipePanels() {
	left := must(figure.Fig2(majority, anyJudge, figure.Fig2Options{}))
	right := must(figure.Fig6(outliers, figure.Fig6Options{Orientation: figure.Horizontal}))
	both := must(figure.Panels("both", "", left, right))
	page := must(both.Sized(figure.NeurIPS)) // beside each other
	column := must(both.Sized(figure.ACLColumn))

	fmt.Println(inches(page)[:4], inches(column)[:4], len(both.Panels))
	// Output: 5.50 3.03 2
}

func Example_recipeTable() {
	f := must(figure.Fig6(outliers, figure.Fig6Options{}))
	t := figure.Table{Header: []string{"Model", "Outliers"}}
	for _, row := range f.Rows.Rows {
		t.Add(row[2], row[4])
	}
	err := t.WriteLaTeX(os.Stdout, "", f.Source)

	fmt.Println(err)
	// Output:
	// % Needs \usepackage{booktabs}.
	// \begin{tabular}{lr}
	// \toprule
	// Model & Outliers \\
	// \midrule
	// Grok 4 & 12 \\
	// Claude 3.5 Sonnet & 9 \\
	// o3 & 5 \\
	// GPT{-}4o & 3 \\
	// \bottomrule
	// \end{tabular}
	// <nil>
}

func Example_recipeSynthetic() {
	mine := figure.Source{Synthetic: "simulated answers", Filter: "nudge=neutral"}
	f := must(figure.Fig6(outliers, figure.Fig6Options{Source: mine}))

	fmt.Println(f.Caption[:18], strings.Contains(f.Caption, "Filter: nudge=neutral."))
	// Output: Simulated answers. true
}
