package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func TestSignFlipAgainstScipy(t *testing.T) {
	var oracle pairedOracle
	oracleJSON(t, "paired.json", &oracle)
	for i, c := range oracle.Flips {
		clusters := analysis.Clusters{ID: c.Clusters, N: c.N}
		exact, err := analysis.SignFlip(c.D, analysis.Permutations, 1, clusters)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "mean", exact.Statistic, c.Mean, 1e-14)
		nearP(t, fmt.Sprintf("case %d", i), exact.P, c.P)
		if exact.Seed != 0 || exact.Clusters != c.N || exact.N != len(c.D) {
			t.Errorf("case %d: %+v", i, exact)
		}
		if c.N < 9 {
			continue
		}
		// As many patterns again, but too few to go through them all: four
		// standard errors of a share of so many.
		m := 1<<9 - 1
		drawn, err := analysis.SignFlip(c.D, m, 1, clusters)
		if err != nil {
			t.Fatal(err)
		}
		if drawn.Seed != 1 || math.Abs(drawn.P-c.P) > 4*math.Sqrt(c.P/float64(m))+1/float64(m) {
			t.Errorf("case %d: drawn %v, exact p %v", i, drawn, c.P)
		}
	}
	if len(oracle.Flips) == 0 {
		t.Error("no cases")
	}
}

func TestSignFlipSameOnAnyNumberOfCores(t *testing.T) {
	d := normals(300, 6)
	var want analysis.Test
	for i, cores := range []int{1, 2, 7} {
		old := runtime.GOMAXPROCS(cores)
		got, err := analysis.SignFlip(d, 999, 5, pairs(300))
		runtime.GOMAXPROCS(old)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			want = got
		}
		if got.P != want.P {
			t.Errorf("%d cores give p = %v, want %v", cores, got.P, want.P)
		}
	}
}

func TestSignFlipLaws(t *testing.T) {
	d := normals(90, 2)
	d[0] += 20
	negative := make([]float64, len(d))
	for i := range d {
		negative[i] = -d[i]
	}
	there, err := analysis.SignFlip(d, 2000, 3, pairs(90))
	if err != nil {
		t.Fatal(err)
	}
	back, err := analysis.SignFlip(negative, 2000, 3, pairs(90))
	if err != nil || back.P != there.P || back.Statistic != -there.Statistic {
		t.Errorf("turned round: %v, want %v, %v", back, there, err)
	}
	// The least p of m permutations is 1/(m+1).
	for i := range d {
		d[i] = 1
	}
	least, err := analysis.SignFlip(d, 1999, 3, analysis.Clusters{})
	if err != nil || least.P != 1.0/2000 || len(least.Warnings) != 1 || least.Clusters != 0 {
		t.Errorf("least: %+v, %v", least, err)
	}
	// By hand: of the signs of 1, 1 and 1 two patterns in eight are as far out.
	three, err := analysis.SignFlip([]float64{1, 1, 1}, 8, 1, singles(3))
	if err != nil || three.P != 0.25 {
		t.Errorf("three: %v, %v", three, err)
	}
	// Differences that cancel within each cluster.
	none, err := analysis.SignFlip([]float64{1, -1, 2, -2}, 99, 1, pairs(4))
	if err != nil || none.P != 1 || len(none.Warnings) != 1 {
		t.Errorf("nothing left: %+v, %v", none, err)
	}
	// McNemar's exact test is the same test of ones, zeros and minus ones.
	a, b := pairedTable(4, 7, 2, 5)
	var net []float64
	for i := range a {
		switch {
		case a[i] && !b[i]:
			net = append(net, 1)
		case !a[i] && b[i]:
			net = append(net, -1)
		default:
			net = append(net, 0)
		}
	}
	flip, err := analysis.SignFlip(net, analysis.Permutations, 1, pairs(len(net)))
	if err != nil {
		t.Fatal(err)
	}
	mcnemar, err := analysis.McNemar(a, b, pairs(len(a)))
	if err != nil || math.Abs(flip.P-mcnemar.P) > 1e-14 {
		t.Errorf("sign flips %v, McNemar %v, %v", flip.P, mcnemar.P, err)
	}
}

func TestSignFlipRefuses(t *testing.T) {
	if _, err := analysis.SignFlip(nil, 99, 1, analysis.Clusters{}); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("nothing: %v", err)
	}
	if _, err := analysis.SignFlip([]float64{1, math.NaN()}, 99, 1, analysis.Clusters{}); err == nil {
		t.Error("NaN accepted")
	}
	if _, err := analysis.SignFlip([]float64{1}, 0, 1, analysis.Clusters{}); err == nil {
		t.Error("no permutations accepted")
	}
	if _, err := analysis.SignFlip([]float64{1}, 9, 1, singles(2)); err == nil {
		t.Error("clusters of other rows accepted")
	}
	d := []float64{3, 1, 2}
	kept := slices.Clone(d)
	if _, err := analysis.SignFlip(d, 9, 1, singles(3)); err != nil || !slices.Equal(d, kept) {
		t.Errorf("input changed to %v, %v", d, err)
	}
}

func ExampleSignFlip() {
	// How much higher one model's position is than another's, in ten
	// scenarios of five value pairs.
	d := []float64{1, 2, 0, 1, 3, 2, 1, 1, 2, 0}
	valuePairs := analysis.Clusters{ID: []int32{0, 0, 1, 1, 2, 2, 3, 3, 4, 4}, N: 5}
	r, err := analysis.SignFlip(d, analysis.Permutations, analysis.DefaultSeed, valuePairs)
	fmt.Println(r, err)
	// Output: p = 0.062 (statistic 1.3, n = 10, 5 clusters, sign flips by cluster, mean 0: exact, 32 patterns) <nil>
}
