package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func TestMannWhitneyAgainstScipy(t *testing.T) {
	var oracle struct {
		Comparisons []struct {
			X, Y []float64
			U, P float64
		}
		Clustered []struct {
			X, Y           []float64
			Clusters       []int32
			N              int
			Superiority, T float64
			P              float64
		}
	}
	oracleJSON(t, "ranks.json", &oracle)
	for i, c := range oracle.Comparisons {
		name := fmt.Sprintf("case %d, %d and %d", i, len(c.X), len(c.Y))
		r, err := analysis.MannWhitney(c.X, c.Y, singles(len(c.X)+len(c.Y)))
		if err != nil {
			t.Fatal(name, err)
		}
		if r.U != c.U {
			t.Errorf("%s: U %v, want %v", name, r.U, c.U)
		}
		nearP(t, name, r.Test.P, c.P)
	}
	for i, c := range oracle.Clustered {
		name := fmt.Sprintf("clustered case %d", i)
		r, err := analysis.MannWhitney(c.X, c.Y, analysis.Clusters{ID: c.Clusters, N: c.N})
		if err != nil {
			t.Fatal(name, err)
		}
		near(t, name+": superiority", r.Superiority.Value, c.Superiority, 1e-13)
		near(t, name+": t", r.Test.Statistic, c.T, 1e-10)
		nearP(t, name, r.Test.P, c.P)
	}
	if len(oracle.Comparisons) == 0 || len(oracle.Clustered) == 0 {
		t.Error("no cases")
	}
}

func TestMannWhitneyByHand(t *testing.T) {
	// Of the C(4, 2) = 6 mixtures the two extreme ones are as far out.
	r, err := analysis.MannWhitney([]float64{3, 4}, []float64{1, 2}, singles(4))
	if err != nil || r.U != 4 || r.Superiority.Value != 1 || r.Test.P != 2.0/6 {
		t.Errorf("apart: %+v, %v", r, err)
	}
	// Nothing but ties: no side is favoured, and nothing speaks against it.
	r, err = analysis.MannWhitney([]float64{5, 5}, []float64{5, 5, 5}, singles(5))
	if err != nil || r.U != 3 || r.Superiority.Value != 0.5 || r.Test.P != 1 || len(r.Test.Warnings) != 1 {
		t.Errorf("all tied: %+v, %v", r, err)
	}
	// Clusters that do not overlap leave no variance to test with.
	r, err = analysis.MannWhitney([]float64{3, 3, 4, 4}, []float64{1, 1, 2, 2}, pairs(8))
	if err != nil || r.Superiority.Value != 1 || !errors.Is(r.TestErr, analysis.ErrUndefined) || !math.IsNaN(r.Test.P) {
		t.Errorf("clusters apart: %+v, %v", r, err)
	}
}

func TestMannWhitneyLaws(t *testing.T) {
	for seed := range uint64(10) {
		rng := rand.New(rand.NewPCG(seed, 9))
		m, n := 4+rng.IntN(40), 4+rng.IntN(40)
		x, y := make([]float64, m), make([]float64, n)
		for i := range x {
			x[i] = float64(rng.IntN(7))
		}
		for i := range y {
			y[i] = float64(rng.IntN(6))
		}
		for _, clusters := range []analysis.Clusters{singles(m + n), pairs(m + n)} {
			// The other way round the ids follow their units.
			turned := analysis.Clusters{N: clusters.N}
			turned.ID = append(turned.ID, clusters.ID[m:]...)
			turned.ID = append(turned.ID, clusters.ID[:m]...)
			a, err := analysis.MannWhitney(x, y, clusters)
			if err != nil {
				t.Fatal(err)
			}
			b, err := analysis.MannWhitney(y, x, turned)
			if err != nil {
				t.Fatal(err)
			}
			if a.U+b.U != float64(m*n) {
				t.Errorf("U %v and %v of %d pairs", a.U, b.U, m*n)
			}
			near(t, "p the other way round", b.Test.P, a.Test.P, 1e-12)
			near(t, "limits the other way round", b.Superiority.Hi, 1-a.Superiority.Lo, 1e-12)
			if !a.Superiority.Covers(a.Superiority.Value) || a.Superiority.Lo < 0 || a.Superiority.Hi > 1 {
				t.Errorf("%v", a.Superiority)
			}
		}
	}
}

func TestMannWhitneyRefuses(t *testing.T) {
	if _, err := analysis.MannWhitney(nil, []float64{1}, analysis.Clusters{}); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("no x: %v", err)
	}
	if _, err := analysis.MannWhitney([]float64{1}, []float64{math.Inf(1)}, analysis.Clusters{}); err == nil {
		t.Error("infinity accepted")
	}
	if _, err := analysis.MannWhitney([]float64{1}, []float64{2}, singles(3)); err == nil {
		t.Error("clusters of other rows accepted")
	}
}

func ExampleMannWhitney() {
	// Positions in scenarios of high and of low disagreement, each of its own
	// value pair.
	high := []float64{6, 5, 6, 4, 5}
	low := []float64{3, 4, 2, 3, 5}
	valuePairs := analysis.Clusters{ID: []int32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, N: 10}
	r, err := analysis.MannWhitney(high, low, valuePairs)
	fmt.Printf("P(higher) %.2f [%.2f, %.2f], p = %.2f, %v\n",
		r.Superiority.Value, r.Superiority.Lo, r.Superiority.Hi, r.Test.P, err)
	// Output: P(higher) 0.90 [0.67, 1.00], p = 0.04, <nil>
}
