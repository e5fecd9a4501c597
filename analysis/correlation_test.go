package analysis_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// correlated makes a table of two models from scores, nil for missing.
func correlated(t *testing.T, x, y [2][]*int, clusters analysis.Clusters) *analysis.Positions {
	t.Helper()
	rows := make([]row, len(x[0]))
	for i := range rows {
		for v := range 2 {
			for _, score := range []*int{x[v][i], y[v][i]} {
				if score == nil {
					rows[i][v] = append(rows[i][v], gap)
				} else {
					rows[i][v] = append(rows[i][v], *score)
				}
			}
		}
	}
	return table(t, []string{"x", "y"}, rows, clusters)
}

// TestCorrelateOracle compares with scipy and a jackknife by complex steps,
// see testdata/oracle/correlation.py.
func TestCorrelateOracle(t *testing.T) {
	var oracle struct {
		Cases []struct {
			X, Y          [2][]*int
			Cluster       []int32
			Clustered     bool
			R, SE, Lo, Hi float64
			N, Clusters   int
		}
	}
	oracleJSON(t, "correlation.json", &oracle)
	for i, c := range oracle.Cases {
		var clusters analysis.Clusters
		if c.Clustered {
			clusters = analysis.Clusters{ID: c.Cluster, N: len(c.Cluster)}
		}
		p := correlated(t, c.X, c.Y, clusters)
		e, err := analysis.Correlate(p, "x", "y")
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("case %d", i)
		near(t, name+": r", e.Value, c.R, 1e-12)
		near(t, name+": se", e.SE, c.SE, 1e-12)
		near(t, name+": lo", e.Lo, c.Lo, 1e-12)
		near(t, name+": hi", e.Hi, c.Hi, 1e-12)
		if e.N != c.N || e.Clusters != c.Clusters || (len(e.Warnings) == 0) != c.Clustered {
			t.Errorf("%s: n %d in %d clusters, warnings %v; want %d in %d", name, e.N, e.Clusters, e.Warnings, c.N, c.Clusters)
		}
	}
	if len(oracle.Cases) == 0 {
		t.Error("no cases")
	}
}

func TestCorrelateRefused(t *testing.T) {
	still := table(t, []string{"x", "y"}, []row{{{3, 1}, {3, 2}}, {{3, 5}, {3, 6}}}, analysis.Clusters{})
	if _, err := analysis.Correlate(still, "x", "y"); !errors.Is(err, analysis.ErrUndefined) {
		t.Errorf("a model that never moves: %v", err)
	}
	if _, err := analysis.Correlate(still, "x", "z"); !errors.Is(err, analysis.ErrUnknownName) {
		t.Errorf("a model that is not there: %v", err)
	}
	one := table(t, []string{"x", "y"}, []row{{{3, 1}, {gap, 2}}}, analysis.Clusters{})
	if _, err := analysis.Correlate(one, "x", "y"); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("one observation: %v", err)
	}
	single := table(t, []string{"x", "y"}, []row{{{3, 1}, {4, 2}}}, analysis.Clusters{})
	if _, err := analysis.Correlate(single, "x", "y"); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("one scenario: %v", err)
	}
	line := table(t, []string{"x", "y"}, []row{{{3, 1}, {4, 2}}, {{5, 3}, {6, 4}}}, analysis.Clusters{})
	e, err := analysis.Correlate(line, "x", "y")
	if err != nil || e.Value != 1 || e.Lo != 1 || e.Hi != 1 || len(e.Warnings) != 2 {
		t.Errorf("on one line: %v, %v", e, err)
	}
}

// By hand: 216 / sqrt(224 · 272).
func ExampleCorrelate() {
	names := []string{"gpt_4_1", "gpt_4_1_mini"}
	scores := [2][2][]int{{{0, 2, 5, 6}, {1, 3, 3, 4}}, {{1, 2, 4, 6}, {0, 3, 2, 6}}} // by model and value
	columns := make([][2][]analysis.Position, 2)
	for m := range columns {
		for v := range 2 {
			for _, score := range scores[m][v] {
				p, _ := analysis.NewPosition(score)
				columns[m][v] = append(columns[m][v], p)
			}
		}
	}
	p, err := analysis.NewPositions(names, columns, analysis.Clusters{ID: []int32{0, 0, 1, 2}, N: 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := analysis.Correlate(p, "gpt_4_1", "gpt_4_1_mini")
	fmt.Println(r, err)
	// Output:
	// 0.875 [0.771, 0.934] (n = 8 positions on a value, 3 clusters, Pearson, Fisher interval on the infinitesimal jackknife, clusters = value pairs) <nil>
}
