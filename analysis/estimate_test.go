package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func TestEstimateString(t *testing.T) {
	for _, c := range []struct {
		name string
		e    analysis.Estimate
		want string
	}{
		{"half width .0225 shows three decimals",
			analysis.Estimate{Value: 0.42345, Lo: 0.4011, Hi: 0.4461, Level: 0.95, N: 4936, Clusters: 4812, Method: "Wilson"},
			"0.423 [0.401, 0.446] (n = 4,936, 4,812 clusters, Wilson)"},
		{"half width .005 shows four",
			analysis.Estimate{Value: 0.5, Lo: 0.495, Hi: 0.505, Level: 0.95, N: 1},
			"0.5000 [0.4950, 0.5050] (n = 1)"},
		{"half width 3.7 shows one",
			analysis.Estimate{Value: 13.857, Lo: 10.2, Hi: 17.6, Level: 0.95, N: 2000, Method: "log"},
			"13.9 [10.2, 17.6] (n = 2,000, log)"},
		{"wide ones are whole",
			analysis.Estimate{Value: -1234567, Lo: -2000000, Hi: 0, Level: 0.95, N: 3},
			"-1,234,567 [-2,000,000, 0] (n = 3)"},
		{"a count", analysis.Count(10503, 43960, analysis.Exclusion{Reason: "incomplete", N: 7}, analysis.Exclusion{Reason: "odd", N: 1}),
			"10,503 (n = 43,960, count; left out: 7 incomplete, 1 odd)"},
		{"a unit", analysis.Count(5, 1000).Of("scenarios", "census"), "5 (n = 1,000 scenarios, count)"},
		{"a small count", analysis.Count(-12, 123), "-12 (n = 123, count)"},
		{"no width", analysis.Estimate{Value: 0.5, Lo: 0.5, Hi: 0.5, Level: 0.95, N: 2}, "0.5 [0.5, 0.5] (n = 2)"},
		{"no upper limit", analysis.Estimate{Value: 2, Lo: 0.25, Hi: math.Inf(1), Level: 0.95, N: 2}, "2 [0.25, +Inf] (n = 2)"},
		{"no value", analysis.Estimate{Value: math.NaN(), Warnings: []error{errors.New("too few")}}, "not computable (n = 0; too few)"},
		{"no value with a level", analysis.Estimate{Value: math.NaN(), Level: 0.95}, "not computable (n = 0)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.e.String(); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestEstimateCovers(t *testing.T) {
	e := analysis.Estimate{Value: 0.5, Lo: 0.4, Hi: 0.6, Level: 0.95}
	if !e.Covers(0.4) || !e.Covers(0.6) || e.Covers(0.61) || e.Covers(math.NaN()) {
		t.Error("the interval is closed and holds no NaN")
	}
	if analysis.Count(3, 9).Covers(3) {
		t.Error("a count has no interval to cover anything")
	}
}

func ExampleEstimate_String() {
	flagged := make([]bool, 200)
	for i := range 9 {
		flagged[20*i] = true
	}
	clusters := analysis.Clusters{ID: make([]int32, 200), N: 200}
	for i := range clusters.ID {
		clusters.ID[i] = int32(i)
	}
	e, err := analysis.Share(flagged, clusters)
	fmt.Println(err)
	fmt.Println(e)
	fmt.Println(analysis.Count(10503, 43960))
	// Output:
	// <nil>
	// 0.045 [0.024, 0.083] (n = 200, 200 clusters, Wilson 95 % on n over the design effect 1.00, clusters = value pairs)
	// 10,503 (n = 43,960, count)
}

func ExampleEstimate_Short() {
	e := analysis.Estimate{Value: -0.01195, Lo: -0.01987, Hi: -0.003859, Level: 0.95, N: 24596}
	fmt.Println(e.Short())
	// Output: -0.0120 [-0.0199, -0.0039]
}

func ExampleFormatP() {
	fmt.Println(analysis.FormatP(0.04517), analysis.FormatP(3.1e-25))
	// Output: 0.045 < 0.0001
}

func ExampleEstimate_Of() {
	e, err := analysis.Mean([]float64{0, 1.5, 3}, analysis.Clusters{ID: []int32{0, 1, 2}, N: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	e = e.Of("scenarios", "tradeoffs like those of split all_models")
	fmt.Println(e.N, e.Unit, "of", e.Population)
	// Output: 3 scenarios of tradeoffs like those of split all_models
}

func ExampleCount() {
	outliers := analysis.Count(10503, 43960, analysis.Exclusion{Reason: "a position missing", N: 12})
	fmt.Println(outliers)
	fmt.Println(outliers.HasInterval())
	// Output:
	// 10,503 (n = 43,960, count; left out: 12 a position missing)
	// false
}
