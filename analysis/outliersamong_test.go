package analysis_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// What is counted among some rows is what a table of these rows gives.
func TestCountAmong(t *testing.T) {
	rows := append(slices.Clone(realRows), row{{0, 1, 2, 6, 6, 6, 6, 6, 6, 6, 6, 6}, {3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3}})
	all, err := analysis.MeasureOutliers(table(t, knownIDs(), rows, analysis.Clusters{}), analysis.AllModels, analysis.EitherValue)
	if err != nil {
		t.Fatal(err)
	}
	keep := func(row int) bool { return row != 1 }
	some, err := analysis.MeasureOutliers(table(t, knownIDs(), append(rows[:1:1], rows[2:]...), analysis.Clusters{}), analysis.AllModels, analysis.EitherValue)
	if err != nil {
		t.Fatal(err)
	}
	counts, n := all.CountAmong(keep)
	if !slices.Equal(counts, some.Counts) || n != 3 {
		t.Errorf("%v in %d rows, want %v in 3", counts, n, some.Counts)
	}
}

func ExampleOutliers_CountAmong() {
	columns := make([][2][]analysis.Position, 12)
	for m := range columns {
		p, _ := analysis.NewPosition(m / 11 * 6) // Grok 4 at 6, the others at 0
		columns[m] = [2][]analysis.Position{{p, p}, {p, p}}
	}
	p, _ := analysis.NewPositions(analysis.AllModels.Models, columns, analysis.Clusters{})
	o, _ := analysis.MeasureOutliers(p, analysis.AllModels, analysis.SameValue)
	counts, rows := o.CountAmong(func(row int) bool { return row == 1 })
	fmt.Println(counts[11], "in", rows)
	// Output: 1 in 1
}
