package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// pairedTable has so many units of each kind.
func pairedTable(both, onlyA, onlyB, neither int) (a, b []bool) {
	a = slices.Concat(slices.Repeat([]bool{true}, both+onlyA), slices.Repeat([]bool{false}, onlyB+neither))
	b = slices.Concat(slices.Repeat([]bool{true}, both), slices.Repeat([]bool{false}, onlyA),
		slices.Repeat([]bool{true}, onlyB), slices.Repeat([]bool{false}, neither))
	return a, b
}

type pairedOracle struct {
	Tables []struct {
		Counts [4]int
		P, Mid float64
	}
	Clustered []struct {
		A, B              []bool
		Clusters          []int32
		N                 int
		Statistic, P, Mid float64
	}
	Flips []struct {
		D        []float64
		Clusters []int32
		N        int
		Mean, P  float64
	}
	Families []struct{ P, Holm, BH []float64 }
}

func TestMcNemarAgainstStatsmodels(t *testing.T) {
	var oracle pairedOracle
	oracleJSON(t, "paired.json", &oracle)
	for _, c := range oracle.Tables {
		a, b := pairedTable(c.Counts[0], c.Counts[1], c.Counts[2], c.Counts[3])
		r, err := analysis.McNemar(a, b, singles(len(a)))
		if err != nil {
			t.Fatal(c.Counts, err)
		}
		if got := [4]int{r.Both, r.OnlyA, r.OnlyB, r.Neither}; got != c.Counts {
			t.Errorf("counts %v, want %v", got, c.Counts)
		}
		nearP(t, fmt.Sprint(c.Counts), r.P, c.P)
		if r.OnlyA+r.OnlyB > 0 { // Fagerland's formula is of differing units
			nearP(t, fmt.Sprint(c.Counts, " mid-p"), r.MidP, c.Mid)
		}
	}
	for i, c := range oracle.Clustered {
		r, err := analysis.McNemar(c.A, c.B, analysis.Clusters{ID: c.Clusters, N: c.N})
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("clustered case %d", i)
		if r.Statistic != c.Statistic {
			t.Errorf("%s: statistic %v, want %v", name, r.Statistic, c.Statistic)
		}
		nearP(t, name, r.P, c.P)
		nearP(t, name+" mid-p", r.MidP, c.Mid)
	}
	if len(oracle.Tables) == 0 || len(oracle.Clustered) == 0 {
		t.Error("no cases")
	}
}

func TestMcNemarLarge(t *testing.T) {
	// The normal approximation with continuity is good to a percent at
	// 60,000 differing units: z = (600-1)/sqrt(60000) = 2.4454, p = 0.014469.
	a, b := pairedTable(40000, 30300, 29700, 100000)
	r, err := analysis.McNemar(a, b, singles(len(a)))
	if err != nil || math.Abs(r.P/0.014469-1) > 0.001 || r.MidP >= r.P {
		t.Errorf("got %+v, %v", r, err)
	}
	// Every unit twice in a cluster: the distances double, p stays.
	twice, err := analysis.McNemar(slices.Concat(a, a), slices.Concat(b, b), twinned(len(a)))
	if err != nil || math.Abs(twice.P/r.P-1) > 1e-9 || twice.Statistic != 1200 {
		t.Errorf("twins: %+v, %v", twice, err)
	}
}

// twinned puts unit i and unit n+i into one cluster.
func twinned(n int) analysis.Clusters {
	c := singles(n)
	return analysis.Clusters{ID: slices.Concat(c.ID, c.ID), N: n}
}

func TestMcNemarOfHugeClusters(t *testing.T) {
	// Clusters of so many sizes that exactness would take too long: z is
	// the sum over the root of the squares.
	var a, b []bool
	var clusters analysis.Clusters
	sum, squares := 0.0, 0.0
	for c := range 2500 {
		size := 200 + c/2
		for range size {
			a, b = append(a, c%20 < 10), append(b, c%20 >= 10)
			clusters.ID = append(clusters.ID, int32(c))
		}
		if c%20 < 10 {
			sum += float64(size)
		} else {
			sum -= float64(size)
		}
		squares += float64(size * size)
	}
	clusters.N = 2500
	r, err := analysis.McNemar(a, b, clusters)
	if err != nil || math.Abs(r.P-math.Erfc(math.Abs(sum)/math.Sqrt(2*squares))) > 1e-12 {
		t.Errorf("got %v, %v", r, err)
	}
}

func TestMcNemarEdges(t *testing.T) {
	if _, err := analysis.McNemar(nil, nil, analysis.Clusters{}); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("no units: %v", err)
	}
	if _, err := analysis.McNemar([]bool{true}, nil, analysis.Clusters{}); err == nil {
		t.Error("unequal lengths accepted")
	}
	r, err := analysis.McNemar([]bool{true, false}, []bool{true, false}, analysis.Clusters{})
	if err != nil || r.P != 1 || r.MidP != 1 || len(r.Warnings) != 2 {
		t.Errorf("no differences: %+v, %v", r, err)
	}
	a, b := pairedTable(3, 9, 2, 5)
	there, _ := analysis.McNemar(a, b, pairs(len(a)))
	back, _ := analysis.McNemar(b, a, pairs(len(a)))
	if there.P != back.P || there.MidP != back.MidP || there.Statistic != -back.Statistic {
		t.Errorf("exchanged: %+v and %+v", there, back)
	}
}

func ExampleMcNemar() {
	// Which of twelve responses two judges flag, each of its own value pair.
	a := []bool{true, true, true, true, true, true, true, true, false, false, false, false}
	b := []bool{true, true, false, false, false, false, false, false, true, false, false, false}
	valuePairs := analysis.Clusters{ID: []int32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, N: 12}
	r, err := analysis.McNemar(a, b, valuePairs)
	fmt.Printf("%d against %d, p = %.3f, mid-p = %.4f, %v\n", r.OnlyA, r.OnlyB, r.P, r.MidP, err)
	// Output: 6 against 1, p = 0.125, mid-p = 0.0703, <nil>
}
