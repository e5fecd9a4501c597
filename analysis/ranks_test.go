package analysis_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// oracleJSON reads what a program in testdata/oracle wrote.
func oracleJSON(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "oracle", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

// near compares to a tolerance relative to want, absolute below 1.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// nearP compares p values, small ones to as many digits as large ones.
func nearP(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*want) {
		t.Errorf("%s: p = %v, want %v", what, got, want)
	}
}

func TestRankCorrelationsAgainstScipy(t *testing.T) {
	var oracle struct {
		Correlations []struct {
			X, Y     []float64
			Rho, Tau float64
			RhoP     float64 `json:"rho_p"`
			TauP     float64 `json:"tau_p"`
		}
	}
	oracleJSON(t, "ranks.json", &oracle)
	for i, c := range oracle.Correlations {
		name := fmt.Sprintf("case %d, n = %d", i, len(c.X))
		rho, err := analysis.Spearman(c.X, c.Y, singles(len(c.X)))
		if err != nil {
			t.Fatal(name, err)
		}
		near(t, name+": rho", rho.Value, c.Rho, 1e-12)
		nearP(t, name+": rho", rho.Test.P, c.RhoP)
		tau, err := analysis.Kendall(c.X, c.Y, singles(len(c.X)))
		if err != nil {
			t.Fatal(name, err)
		}
		near(t, name+": tau", tau.Value, c.Tau, 1e-12)
		nearP(t, name+": tau", tau.Test.P, c.TauP)
	}
	if len(oracle.Correlations) == 0 {
		t.Error("no cases")
	}
}

// tauByPairs is tau-b by its definition, over all pairs of units.
func tauByPairs(x, y []float64) float64 {
	var net, orderedX, orderedY float64
	sign := func(a, b float64) float64 {
		switch {
		case a > b:
			return 1
		case a < b:
			return -1
		}
		return 0
	}
	for i := range x {
		for j := range i {
			a, b := sign(x[i], x[j]), sign(y[i], y[j])
			net += a * b
			orderedX += a * a
			orderedY += b * b
		}
	}
	return net / math.Sqrt(orderedX*orderedY)
}

// positionsLike are small integers that go together to some degree.
func positionsLike(n int, seed uint64) (x, y []float64) {
	rng := rand.New(rand.NewPCG(seed, 17))
	for range n {
		a := rng.IntN(7)
		b := min(6, max(0, a+rng.IntN(7)-3))
		x, y = append(x, float64(a)), append(y, float64(b))
	}
	return x, y
}

func TestRankCorrelationLaws(t *testing.T) {
	type statistic func(x, y []float64, c analysis.Clusters) (analysis.RankCorrelation, error)
	for name, f := range map[string]statistic{"Spearman": analysis.Spearman, "Kendall": analysis.Kendall} {
		for seed := range uint64(12) {
			n := 8 + int(seed)*5
			x, y := positionsLike(n, seed)
			clusters := pairs(n)
			must := func(x, y []float64, c analysis.Clusters) analysis.RankCorrelation {
				t.Helper()
				r, err := f(x, y, c)
				if err != nil {
					t.Fatal(name, err)
				}
				return r
			}
			r := must(x, y, clusters)
			if name == "Kendall" {
				near(t, "tau by pairs", r.Value, tauByPairs(x, y), 1e-13)
			}
			if r.Value < -1 || r.Value > 1 || r.Lo < -1 || r.Hi > 1 || r.N != n || r.Clusters != (n+1)/2 || r.Test.P < 0 || r.Test.P > 1 {
				t.Errorf("%s: %+v", name, r)
			}
			swapped := must(y, x, clusters)
			if swapped.Value != r.Value || swapped.Lo != r.Lo || swapped.Hi != r.Hi || swapped.Test.P != r.Test.P {
				t.Errorf("%s: exchanging x and y: %v, want %v", name, swapped, r)
			}
			negative := make([]float64, n)
			for i := range y {
				negative[i] = -y[i]
			}
			if turned := must(x, negative, clusters); turned.Value != -r.Value || math.Abs(turned.SE-r.SE) > 1e-12 {
				t.Errorf("%s: y turned round: %v, want %v", name, turned, r)
			}
			// A rising change of scale leaves all bytes as they are.
			curved := make([]float64, n)
			for i := range x {
				curved[i] = math.Exp(x[i]) - 100
			}
			if same := must(curved, y, clusters); same.Estimate.String() != r.Estimate.String() || same.Lo != r.Lo || same.Test.P != r.Test.P {
				t.Errorf("%s: another scale: %v, want %v", name, same, r)
			}
			// So does another order of the rows.
			order := rand.New(rand.NewPCG(seed, 3)).Perm(n)
			px, py := make([]float64, n), make([]float64, n)
			pc := analysis.Clusters{ID: make([]int32, n), N: clusters.N}
			for to, from := range order {
				px[to], py[to], pc.ID[to] = x[from], y[from], clusters.ID[from]
			}
			if moved := must(px, py, pc); moved.Value != r.Value || moved.Lo != r.Lo || moved.Hi != r.Hi || moved.Test.P != r.Test.P {
				t.Errorf("%s: rows in another order: %v, want %v", name, moved, r)
			}
		}
	}
}

func TestRankCorrelationOfTwins(t *testing.T) {
	// Every unit twice in a cluster: rho is the same, and its spread that
	// of the single units.
	x, y := positionsLike(80, 5)
	single, err := analysis.Spearman(x, y, singles(80))
	if err != nil {
		t.Fatal(err)
	}
	var xx, yy []float64
	for i := range x {
		xx, yy = append(xx, x[i], x[i]), append(yy, y[i], y[i])
	}
	twins, err := analysis.Spearman(xx, yy, pairs(160))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "rho", twins.Value, single.Value, 1e-12)
	near(t, "SE", twins.SE, single.SE, 1e-12)
	near(t, "t", twins.Test.Statistic, twins.Value/twins.SE, 1e-12)
}

func TestRankCorrelationRefuses(t *testing.T) {
	two, three := []float64{1, 2}, []float64{1, 2, 3}
	for _, f := range []func(x, y []float64, c analysis.Clusters) (analysis.RankCorrelation, error){analysis.Spearman, analysis.Kendall} {
		if _, err := f(two, three, analysis.Clusters{}); err == nil {
			t.Error("unequal lengths accepted")
		}
		if _, err := f([]float64{1}, []float64{1}, analysis.Clusters{}); !errors.Is(err, analysis.ErrTooFew) {
			t.Errorf("one unit: %v", err)
		}
		if _, err := f(three, []float64{4, 4, 4}, analysis.Clusters{}); !errors.Is(err, analysis.ErrUndefined) {
			t.Errorf("constant y: %v", err)
		}
		if _, err := f([]float64{1, math.NaN(), 2}, three, analysis.Clusters{}); err == nil {
			t.Error("NaN accepted")
		}
		if _, err := f(three, three, singles(2)); err == nil {
			t.Error("clusters of other rows accepted")
		}
		// One cluster: a value, no interval and no test.
		r, err := f(three, []float64{1, 3, 2}, analysis.Clusters{ID: []int32{0, 0, 0}, N: 1})
		if err != nil || r.HasInterval() || len(r.Warnings) != 1 || !errors.Is(r.TestErr, analysis.ErrTooFew) || !math.IsNaN(r.Test.P) {
			t.Errorf("one cluster: %+v, %v", r, err)
		}
		// A perfect correlation of clusters has no spread, so no t test.
		r, err = f([]float64{1, 1, 2, 2, 3, 3, 4, 4}, []float64{1, 1, 2, 2, 3, 3, 4, 4}, pairs(8))
		if err != nil || r.Value != 1 || !errors.Is(r.TestErr, analysis.ErrUndefined) || !slices.ContainsFunc(r.Warnings, func(error) bool { return true }) {
			t.Errorf("perfect: %+v, %v", r, err)
		}
	}
	// By hand: of the 10! orders the two extreme ones are as far out.
	ten := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	r, err := analysis.Spearman(ten, ten, analysis.Clusters{})
	if err != nil || r.Test.P != 2.0/3628800 || len(r.Test.Warnings) != 1 {
		t.Errorf("perfect of ten: %+v, %v", r, err)
	}
}

func ExampleSpearman() {
	// Positions of two models on one value, in eight scenarios of four
	// value pairs.
	a := []float64{0, 1, 5, 6, 3, 3, 2, 4}
	b := []float64{1, 1, 6, 5, 2, 4, 0, 4}
	valuePairs := analysis.Clusters{ID: []int32{0, 0, 1, 1, 2, 2, 3, 3}, N: 4}
	r, err := analysis.Spearman(a, b, valuePairs)
	fmt.Printf("rho %.2f, n = %d, %d clusters, %v\n", r.Value, r.N, r.Clusters, err)
	// Output: rho 0.88, n = 8, 4 clusters, <nil>
}

func ExampleKendall() {
	a := []float64{0, 1, 5, 6, 3, 3, 2, 4}
	b := []float64{1, 1, 6, 5, 2, 4, 0, 4}
	valuePairs := analysis.Clusters{ID: []int32{0, 1, 2, 3, 4, 5, 6, 7}, N: 8}
	r, err := analysis.Kendall(a, b, valuePairs)
	fmt.Printf("tau-b %.2f, p = %.3f, %s, %v\n", r.Value, r.Test.P, r.Test.Method, err)
	// Output: tau-b 0.72, p = 0.017, Kendall's tau-b is 0: exact, over all orders of the units, <nil>
}

func BenchmarkKendall(b *testing.B) {
	const rows = 43960
	x, y := positionsLike(rows, 1)
	clusters := analysis.Clusters{ID: make([]int32, rows), N: 38374}
	for i := range clusters.ID {
		clusters.ID[i] = int32(i % clusters.N)
	}
	for name, f := range map[string]func(x, y []float64, c analysis.Clusters) (analysis.RankCorrelation, error){"Spearman": analysis.Spearman, "Kendall": analysis.Kendall} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := f(x, y, clusters); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// Abilities of as many values as two models rank, hardly two alike, with
// their bootstrap.
func BenchmarkSpearman(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 0))
	x, y := make([]float64, 3300), make([]float64, 3300)
	for i := range x {
		x[i] = rng.NormFloat64()
		y[i] = x[i] + rng.NormFloat64()
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := analysis.Spearman(x, y, analysis.Clusters{}); err != nil {
			b.Fatal(err)
		}
	}
}
