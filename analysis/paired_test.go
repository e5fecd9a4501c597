package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func TestPairedDifference(t *testing.T) {
	// What two measurements have in common cancels: here all but noise.
	common, noise := normals(300, 1), normals(300, 2)
	a, b := make([]float64, 300), make([]float64, 300)
	for i := range a {
		a[i], b[i] = 10*common[i]+noise[i]+0.5, 10*common[i]
	}
	e, err := analysis.PairedDifference(a, b, singles(300))
	if err != nil {
		t.Fatal(err)
	}
	d := make([]float64, 300)
	for i := range d {
		d[i] = a[i] - b[i]
	}
	mean, err := analysis.Mean(d, singles(300))
	if err != nil || e.Value != mean.Value || e.Lo != mean.Lo || e.Hi != mean.Hi || e.N != 300 || e.Seed != 1 {
		t.Errorf("%+v, mean of differences %+v, %v", e, mean, err)
	}
	// Theory: 1/sqrt(300), the noise's standard error; bootstrap noise and
	// the sample's own standard deviation are some percent each.
	if math.Abs(e.SE*math.Sqrt(300)-1) > 0.15 || !e.Covers(0.5) {
		t.Errorf("got %v", e)
	}
	back, err := analysis.PairedDifference(b, a, singles(300))
	if err != nil || back.Value != -e.Value || math.Abs(back.Lo+e.Hi) > 1e-12 {
		t.Errorf("exchanged: %v, want minus %v, %v", back, e, err)
	}
}

func TestPairedShareDifference(t *testing.T) {
	a, b := pairedTable(30, 25, 10, 35)
	e, err := analysis.PairedShareDifference(a, b, singles(100))
	if err != nil || math.Abs(e.Value-0.15) > 1e-15 || len(e.Warnings) != 0 {
		t.Errorf("got %v, %v", e, err)
	}
	// Theory: sqrt(0.35 - 0.15^2)/10 = 0.0572; bootstrap noise 1.6 %.
	if math.Abs(e.SE/0.0572-1) > 0.06 {
		t.Errorf("SE %v, theory 0.0572", e.SE)
	}
	a, b = pairedTable(10, 2, 3, 10)
	if e, err = analysis.PairedShareDifference(a, b, analysis.Clusters{}); err != nil || len(e.Warnings) != 2 {
		t.Errorf("few differing: %+v, %v", e, err)
	}
}

func TestPairedDifferenceRefuses(t *testing.T) {
	if _, err := analysis.PairedDifference([]float64{1}, nil, analysis.Clusters{}); err == nil {
		t.Error("unequal lengths accepted")
	}
	if _, err := analysis.PairedDifference(nil, nil, analysis.Clusters{}); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("nothing: %v", err)
	}
	if _, err := analysis.PairedDifference([]float64{1, 2}, []float64{1, math.NaN()}, analysis.Clusters{}); err == nil {
		t.Error("NaN accepted")
	}
	if _, err := analysis.PairedShareDifference([]bool{true}, nil, analysis.Clusters{}); err == nil {
		t.Error("unequal lengths of shares accepted")
	}
}

func ExamplePairedDifference() {
	// Positions of two models in the same six scenarios of three value pairs.
	a := []float64{5, 6, 3, 4, 6, 5}
	b := []float64{4, 4, 3, 3, 3, 3}
	valuePairs := analysis.Clusters{ID: []int32{0, 0, 1, 1, 2, 2}, N: 3}
	e, err := analysis.PairedDifference(a, b, valuePairs)
	fmt.Printf("%.1f [%.1f, %.1f], %d clusters, %v\n", e.Value, e.Lo, e.Hi, e.Clusters, err)
	// Output: 1.5 [0.5, 2.5], 3 clusters, <nil>
}

func ExamplePairedShareDifference() {
	// Two judges flag 35 and 25 of the same 100 responses, 20 of them both;
	// each response is of its own value pair.
	a, b := make([]bool, 100), make([]bool, 100)
	valuePairs := analysis.Clusters{ID: make([]int32, 100), N: 100}
	for i := range 100 {
		a[i], b[i] = i < 35, i < 20 || i >= 95
		valuePairs.ID[i] = int32(i)
	}
	e, err := analysis.PairedShareDifference(a, b, valuePairs)
	fmt.Printf("%.2f [%.2f, %.2f], %v\n", e.Value, e.Lo, e.Hi, err)
	// Output: 0.10 [0.01, 0.19], <nil>
}
