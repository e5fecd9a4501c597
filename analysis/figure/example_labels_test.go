package figure_test

import (
	"fmt"
	"log"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
)

// levels makes labels of one model from one digit per response, 1 to 7 as in
// the legend of Figure 4.
func levels(digits string) *analysis.Refusals {
	l := &analysis.Labels{Names: analysis.RefusalLevels.Labels, Models: []string{"o3"}, ByModel: [][]analysis.LabelSet{nil}}
	for _, d := range digits {
		s, err := analysis.NewLabelSet(int(d - '1'))
		if err != nil {
			log.Fatal(err)
		}
		l.ByModel[0] = append(l.ByModel[0], s)
	}
	r, err := analysis.MeasureRefusals(l, nil)
	if err != nil {
		log.Fatal(err)
	}
	return r
}

func ExampleFig4a() {
	f, err := figure.Fig4a(levels("1177"), figure.Fig4aOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range f.Rows.Rows {
		if row[5] != "0" {
			fmt.Println(row[1], row[4], row[5], row[6])
		}
	}
	// Output:
	// o3 Full Compliance 2 0.5
	// o3 Complete Rejection 2 0.5
}

func ExampleFig4b() {
	f, err := figure.Fig4b(levels("1157"), levels("67"), figure.RefusalRateOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range f.Rows.Rows {
		fmt.Println(row[0], row[3], row[5])
	}
	// Output:
	// overall o3 0.5
	// topic o3 1
}

func ExampleFig4c() {
	f, err := figure.Fig4c(levels("1157"), levels("67"), figure.RefusalRateOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.Rows.Rows[0][5], f.Rows.Rows[1][5], f.Plot().Y.Max)
	// Output: 0.25 0.5 100
}

func ExampleFig4d() {
	f, err := figure.Fig4d(levels("1157"), nil, figure.RefusalRateOptions{Intervals: figure.NoIntervals})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(f.Rows.Rows), f.Plot().Y.Max)
	// Output: 1 60
}

// oneValue is value counts of o3: two of three responses express rigor.
func oneValue() (*analysis.Labels, *analysis.ValueCounts) {
	rigor, err := analysis.NewLabelSet(5)
	if err != nil {
		log.Fatal(err)
	}
	none, err := analysis.NewLabelSet()
	if err != nil {
		log.Fatal(err)
	}
	l := &analysis.Labels{Names: analysis.ValueLabels.Labels, Models: []string{"o3"}, ByModel: [][]analysis.LabelSet{{rigor, rigor, none}}}
	v, err := analysis.CountValues(l)
	if err != nil {
		log.Fatal(err)
	}
	return l, v
}

func ExampleFig7() {
	_, v := oneValue()
	f, err := figure.Fig7(v, figure.Fig7Options{Categories: []string{"Methodical rigor"}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.Rows.Rows[0][:5])
	// Output: [Methodical rigor o3 o3 OpenAI 2]
}

func ExampleFig10() {
	_, v := oneValue()
	f, err := figure.Fig10(v, figure.Fig10Options{Categories: []string{"Methodical rigor", "Critical thinking"}})
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range f.Rows.Rows {
		fmt.Println(row[0], row[1], row[2], row[5])
	}
	// Output:
	// a Methodical rigor o3 2
	// b Critical thinking o3 0
}

func ExampleFig11() {
	l, _ := oneValue()
	c, err := analysis.MeasureCoOccurrence(l, "o3", "o3", []int{5, 18})
	if err != nil {
		log.Fatal(err)
	}
	f, err := figure.Fig11(c, figure.Fig11Options{Lift: figure.WithLift})
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range f.Rows.Rows {
		fmt.Printf("P(%s | %s) = %q\n", row[3], row[2], row[5])
	}
	// Output:
	// P(Methodical rigor | Methodical rigor) = "1"
	// P(Critical thinking | Methodical rigor) = "0"
	// P(Methodical rigor | Critical thinking) = ""
	// P(Critical thinking | Critical thinking) = ""
}

func ExampleNewStack() {
	f := figure.New("drinks", "Tea and coffee", 1)
	s, err := figure.NewStack([][]float64{{30, 60}, {70, 40}}, []figure.Style{figure.SeriesStyle(0), figure.SeriesStyle(1)}, figure.Vertical)
	if err != nil {
		log.Fatal(err)
	}
	f.Plot().Add(s)
	_, _, _, top := s.DataRange()
	fmt.Println(top)
	// Output: 100
}
