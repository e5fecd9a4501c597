package analysis_test

import (
	"fmt"

	"github.com/specstress/specstress/analysis"
)

// shareOfUnits is the share of n independent units that are hits.
func shareOfUnits(hits, n int) analysis.Estimate {
	tally := analysis.NewShareTally(n) // each unit a cluster of its own
	for unit := range n {
		tally.Add(unit, unit < hits)
	}
	share, err := analysis.ShareMean(tally)
	if err != nil {
		panic(err)
	}
	return share
}

func ExampleNewShareTally() {
	// Two responses to each of two value pairs, three of them flagged.
	t := analysis.NewShareTally(2)
	t.Add(0, true)
	t.Add(0, true)
	t.Add(1, true)
	t.Add(1, false)
	fmt.Println(t.Hits(), "of", t.Units())
	// Output: 3 of 4
}

func ExampleShareTally_Merge() {
	// Two workers counted different rows of the same value pairs.
	a, b := analysis.NewShareTally(2), analysis.NewShareTally(2)
	a.Add(0, true)
	b.Add(0, false)
	b.Add(1, true)
	fmt.Println(a.Merge(b), a.Hits(), "of", a.Units())
	fmt.Println(a.Merge(analysis.NewShareTally(3)))
	// Output:
	// <nil> 2 of 3
	// analysis: merge share tallies of 2 and 3 clusters
}

func ExampleShareDifference() {
	d, err := analysis.ShareDifference(shareOfUnits(56, 70), shareOfUnits(48, 80)) // Newcombe 1998
	fmt.Printf("%.4f, %.4f to %.4f, %v\n", d.Value, d.Lo, d.Hi, err)
	// Output: 0.2000, 0.0524 to 0.3339, <nil>
}

func ExampleShareRatio() {
	// Figure 2 of the paper: 97 of 1,000 scenarios against 7 of 1,000.
	e, err := analysis.ShareRatio(shareOfUnits(97, 1000), shareOfUnits(7, 1000))
	fmt.Printf("%.2f times, %.1f to %.1f, %v\n", e.Value, e.Lo, e.Hi, err)
	fmt.Println(e.Warnings)
	// Output:
	// 13.86 times, 6.5 to 29.7, <nil>
	// [rests on 7 events: the interval is rough]
}

func ExampleShareRatioScore() {
	// Table 2 of the paper: 51 of 1,000 scenarios against 11 of 1,000.
	e, err := analysis.ShareRatioScore(shareOfUnits(51, 1000), shareOfUnits(11, 1000))
	fmt.Printf("%.1f times, %.1f to %.1f, %v\n", e.Value, e.Lo, e.Hi, err)
	// Output: 4.6 times, 2.5 to 8.8, <nil>
}

func ExampleShareOddsRatio() {
	e, err := analysis.ShareOddsRatio(shareOfUnits(51, 1000), shareOfUnits(11, 1000))
	fmt.Printf("%.2f, %.2f to %.2f, %v\n", e.Value, e.Lo, e.Hi, err)
	// Output: 4.83, 2.50 to 9.33, <nil>
}
