package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func TestMean(t *testing.T) {
	x := normals(600, 8)
	independent, err := analysis.Mean(x, singles(600))
	if err != nil {
		t.Fatal(err)
	}
	// The same numbers twice in a cluster say nothing new.
	twice := make([]float64, 1200)
	for i := range twice {
		twice[i] = x[i/2]
	}
	twins, err := analysis.Mean(twice, pairs(1200))
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(twins.Value-independent.Value) > 1e-14 || math.Abs(twins.SE/independent.SE-1) > 1e-9 {
		t.Errorf("twins %v ± %v, singles %v ± %v", twins.Value, twins.SE, independent.Value, independent.SE)
	}
	if twins.N != 1200 || twins.Clusters != 600 || twins.Seed != 1 || !twins.Covers(twins.Value) {
		t.Errorf("got %+v", twins)
	}
	unknown, err := analysis.Mean(x, analysis.Clusters{})
	if err != nil || unknown.SE != independent.SE || len(unknown.Warnings) != 1 || unknown.Clusters != 0 {
		t.Errorf("unknown clusters: %+v, %v", unknown, err)
	}
}

func TestMeanOfOneCluster(t *testing.T) {
	e, err := analysis.Mean([]float64{1, 2}, analysis.Clusters{ID: []int32{3, 3}, N: 4})
	if err != nil || e.Value != 1.5 || e.N != 2 || e.Clusters != 1 || e.HasInterval() || len(e.Warnings) != 1 {
		t.Errorf("got %v, %v", e, err)
	}
}

func TestMeanRefuses(t *testing.T) {
	if _, err := analysis.Mean(nil, analysis.Clusters{}); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("no values: %v", err)
	}
	if _, err := analysis.Mean([]float64{1}, analysis.Clusters{ID: []int32{4}, N: 4}); err == nil {
		t.Error("a cluster out of range accepted")
	}
	for _, bad := range []float64{math.NaN(), math.Inf(-1)} {
		if _, err := analysis.Mean([]float64{1, bad, 2}, analysis.Clusters{}); err == nil {
			t.Errorf("%v accepted", bad)
		}
	}
}

func ExampleMean() {
	disagreement := []float64{0.5, 0.7, 1.9, 2.1, 1.2, 1.4}
	valuePairs := analysis.Clusters{ID: []int32{0, 0, 1, 1, 2, 2}, N: 3}
	e, err := analysis.Mean(disagreement, valuePairs)
	fmt.Printf("%.2f [%.1f, %.1f], n = %d, %d clusters, %v\n", e.Value, e.Lo, e.Hi, e.N, e.Clusters, err)
	// Output: 1.30 [0.6, 2.0], n = 6, 3 clusters, <nil>
}

func BenchmarkMean(b *testing.B) {
	const rows = 43960
	x := normals(rows, 1)
	clusters := analysis.Clusters{ID: make([]int32, rows), N: 38374}
	for i := range clusters.ID {
		clusters.ID[i] = int32(i % clusters.N)
	}
	for b.Loop() {
		if _, err := analysis.Mean(x, clusters); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
}
