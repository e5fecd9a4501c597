package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// Spearman, which scipy has checked, is the reference: digit by digit.
func TestSpearmanMatrixIsSpearman(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 0))
	for _, clusters := range []analysis.Clusters{{}, {ID: make([]int32, 90), N: 30}} {
		columns := make([][]float64, 4)
		for row := range 90 {
			if clusters.Known() {
				clusters.ID[row] = int32(row / 3)
			}
			common := rng.NormFloat64()
			for c := range columns {
				x := common + rng.NormFloat64()
				if c == 2 {
					x = math.Round(x) // ties
				}
				columns[c] = append(columns[c], x)
			}
		}
		got, err := analysis.SpearmanMatrix(columns, clusters)
		if err != nil {
			t.Fatal(err)
		}
		for i := range columns {
			for j := range columns {
				if i == j {
					if got[i][j].Value != 1 || got[i][j].HasInterval() {
						t.Errorf("the diagonal is %v", got[i][j])
					}
					continue
				}
				want, err := analysis.Spearman(columns[max(i, j)], columns[min(i, j)], clusters)
				if err != nil {
					t.Fatal(err)
				}
				if a, b := fmt.Sprintf("%+v", got[i][j]), fmt.Sprintf("%+v", want.Estimate); a != b {
					t.Errorf("%d, %d: %s, want %s", i, j, a, b)
				}
			}
		}
	}
}

func TestSpearmanMatrixWithoutValue(t *testing.T) {
	got, err := analysis.SpearmanMatrix([][]float64{{1, 2, 3}, {5, 5, 5}, {3, 2, 1}}, analysis.Clusters{})
	if err != nil {
		t.Fatal(err)
	}
	if e := got[0][1]; !math.IsNaN(e.Value) || len(e.Warnings) == 0 || !errors.Is(e.Warnings[0], analysis.ErrUndefined) {
		t.Errorf("a constant column: %v", e)
	}
	if e := got[2][0]; e.Value != -1 {
		t.Errorf("opposite columns: %v", e)
	}
	for name, columns := range map[string][][]float64{
		"one unit":       {{1}, {2}},
		"other length":   {{1, 2}, {1, 2, 3}},
		"not a number":   {{1, 2}, {1, math.NaN()}},
		"without values": {{}, {}},
	} {
		if _, err := analysis.SpearmanMatrix(columns, analysis.Clusters{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if m, err := analysis.SpearmanMatrix(nil, analysis.Clusters{}); m != nil || err != nil {
		t.Errorf("no columns: %v, %v", m, err)
	}
}

func ExampleSpearmanMatrix() {
	m, err := analysis.SpearmanMatrix([][]float64{{1, 2, 3, 4, 5}, {1, 2, 3, 5, 4}, {5, 4, 3, 2, 1}}, analysis.Clusters{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f %.1f %.1f\n", m[0][1].Value, m[0][2].Value, m[1][2].Value)
	// Output: 0.9 -1.0 -0.9
}
