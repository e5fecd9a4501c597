package analysis_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// readOracle reads what another program computed; see the script beside it.
func readOracle(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile("testdata/oracle/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func TestProportionsAgainstPython(t *testing.T) {
	var oracle struct {
		ClopperPearson [][5]float64 `json:"clopper_pearson"`
		TwoShares      []struct {
			Counts   [4]int
			Newcombe [2]float64
			Koopman  [2]float64
			Log      [2]float64
			Woolf    [4]float64
			Haldane  [2]float64
			Exact    [3]float64
		} `json:"two_shares"`
		Edges []struct {
			Counts   [4]int
			Newcombe [2]float64
			Koopman  []float64
			Exact    []float64
		}
		Power [][7]float64
	}
	readOracle(t, "proportions.json", &oracle)
	if len(oracle.ClopperPearson) < 90 || len(oracle.TwoShares) < 20 || len(oracle.Edges) < 6 || len(oracle.Power) < 6 {
		t.Fatal("cases are missing")
	}
	for _, c := range oracle.ClopperPearson {
		lo, hi, err := analysis.ClopperPearson(int(c[0]), int(c[1]), c[2])
		if err != nil {
			t.Fatal(err)
		}
		relative(t, "Clopper-Pearson lower limit", lo, c[3], 1e-10)
		relative(t, "Clopper-Pearson upper limit", hi, c[4], 1e-10)
	}
	for _, c := range oracle.TwoShares {
		x, n, y, m := c.Counts[0], c.Counts[1], c.Counts[2], c.Counts[3]
		a, b := unitShare(t, x, n), unitShare(t, y, m)
		compare := func(what string, e analysis.Estimate, err error, lo, hi, tol float64) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			relative(t, what+" lower limit", e.Lo, lo, tol)
			relative(t, what+" upper limit", e.Hi, hi, tol)
		}
		e, err := analysis.ShareDifference(a, b)
		compare("Newcombe", e, err, c.Newcombe[0], c.Newcombe[1], 1e-11)
		e, err = analysis.ShareRatio(a, b)
		compare("log ratio", e, err, c.Log[0], c.Log[1], 1e-11)
		e, err = analysis.ShareRatioScore(a, b)
		compare("Koopman", e, err, c.Koopman[0], c.Koopman[1], 1e-9)
		lo, hi, err := analysis.Koopman(float64(x), float64(n), float64(y), float64(m), 0.95)
		compare("Koopman of counts", analysis.Estimate{Lo: lo, Hi: hi}, err, c.Koopman[0], c.Koopman[1], 1e-9)
		e, err = analysis.ShareOddsRatio(a, b)
		compare("Woolf", e, err, c.Woolf[2], c.Woolf[3], 1e-11)
		relative(t, "odds ratio", e.Value, c.Woolf[0], 1e-11)
		relative(t, "its SE", e.SE, c.Woolf[1], 1e-11)
		e, err = analysis.HaldaneOddsRatio(x, n, y, m)
		compare("Haldane", e, err, c.Haldane[0], c.Haldane[1], 1e-11)
		e, err = analysis.ExactOddsRatio(x, n, y, m)
		compare("exact", e, err, c.Exact[1], c.Exact[2], 1e-10)
		relative(t, "conditional odds ratio", e.Value, c.Exact[0], 1e-10)
	}
	for _, c := range oracle.Edges {
		x, n, y, m := c.Counts[0], c.Counts[1], c.Counts[2], c.Counts[3]
		e, err := analysis.ShareDifference(unitShare(t, x, n), unitShare(t, y, m))
		if err != nil {
			t.Fatal(err)
		}
		relative(t, "Newcombe lower limit", e.Lo, c.Newcombe[0], 1e-11)
		relative(t, "Newcombe upper limit", e.Hi, c.Newcombe[1], 1e-11)
		if c.Koopman != nil {
			e, err := analysis.ShareRatioScore(unitShare(t, x, n), unitShare(t, y, m))
			if err != nil {
				t.Fatal(err)
			}
			relative(t, "Koopman lower limit", e.Lo, c.Koopman[0], 1e-6)
			relative(t, "Koopman upper limit", e.Hi, c.Koopman[1], 1e-6)
		}
		if c.Exact != nil {
			e, err := analysis.ExactOddsRatio(x, n, y, m)
			if err != nil {
				t.Fatal(err)
			}
			if e.Value != c.Exact[0] || e.Lo != c.Exact[1] {
				t.Errorf("%v: odds ratio %v from %v, want %v from %v", c.Counts, e.Value, e.Lo, c.Exact[0], c.Exact[1])
			}
			relative(t, "exact upper limit", e.Hi, c.Exact[2], 1e-10)
		}
	}
	for _, c := range oracle.Power {
		d, err := analysis.MinimumDetectableShares(c[0], int(c[1]), int(c[2]), analysis.PowerOptions{Level: c[3], Power: c[4], DesignEffect: c[5]})
		if err != nil {
			t.Fatal(err)
		}
		// The far tail, which only statsmodels counts, is 1e-6 of the power.
		relative(t, "detectable difference", d, c[6], 2e-6)
	}
}

func TestTrendAgainstPython(t *testing.T) {
	var oracle struct {
		Trend []struct {
			Hits, Units []int
			Scores      []float64
			Z           float64 `json:"mantel_z"`
			P           float64 `json:"mantel_p"`
		}
	}
	readOracle(t, "regression.json", &oracle)
	if len(oracle.Trend) < 13 {
		t.Fatal("cases are missing")
	}
	for i, c := range oracle.Trend {
		got, err := analysis.CochranArmitage(c.Hits, c.Units, c.Scores)
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		n := 0.0
		for _, u := range c.Units {
			n += float64(u)
		}
		z := c.Z * math.Sqrt(n/(n-1)) // Mantel's variance is n/(n-1) times as large
		relative(t, "z", got.Statistic, z, 1e-10)
		relative(t, "P", got.P, math.Erfc(math.Abs(z)/math.Sqrt2), 1e-8)
		if n > 1000 { // where the factor is close to 1, so is P
			relative(t, "P", got.P, c.P, .2)
		}
	}
}

func TestLogisticAgainstPython(t *testing.T) {
	var oracle struct {
		Logistic []struct {
			X             [][]float64
			Y             []int
			Cluster       []int32
			Clusters      int
			Coefficients  []float64
			SE, T, P      []float64
			Interval      [][2]float64
			HC1           []float64 `json:"se_hc1"`
			Model         []float64 `json:"se_model"`
			LogLikelihood float64   `json:"log_likelihood"`
			Null          float64   `json:"null_log_likelihood"`
			Score         float64   `json:"gee_score"`
		}
	}
	readOracle(t, "regression.json", &oracle)
	if len(oracle.Logistic) < 4 {
		t.Fatal("cases are missing")
	}
	for i, c := range oracle.Logistic {
		y := make([]bool, len(c.Y))
		for j, v := range c.Y {
			y[j] = v == 1
		}
		names := []string{"a", "b", "c"}[:len(c.X[0])]
		clusters := analysis.Clusters{ID: c.Cluster, N: 1000}
		fit, err := analysis.Logistic(c.X, y, names, clusters)
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		relative(t, "log-likelihood", fit.LogLikelihood, c.LogLikelihood, 1e-12)
		relative(t, "log-likelihood of the intercept", fit.NullLogLikelihood, c.Null, 1e-12)
		if fit.Clusters != c.Clusters {
			t.Errorf("%d clusters, want %d", fit.Clusters, c.Clusters)
		}
		plain, err := analysis.Logistic(c.X, y, names, analysis.Clusters{})
		if err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		for j, got := range fit.Coefficients {
			relative(t, "coefficient", got.LogOdds.Value, c.Coefficients[j], 1e-9)
			relative(t, "SE", got.LogOdds.SE, c.SE[j], 1e-8)
			relative(t, "lower limit", got.LogOdds.Lo, c.Interval[j][0], 1e-7)
			relative(t, "upper limit", got.LogOdds.Hi, c.Interval[j][1], 1e-7)
			relative(t, "t", got.Wald.Statistic, c.T[j], 1e-8)
			relative(t, "P", got.Wald.P, c.P[j], 1e-7)
			relative(t, "SE without clusters", plain.Coefficients[j].LogOdds.SE, c.HC1[j], 1e-8)
			relative(t, "design effect", got.LogOdds.DesignEffect, c.SE[j]*c.SE[j]/(c.Model[j]*c.Model[j]), 1e-8)
		}

		// The first predictor is a bin's number: the robust score test of it
		// alone is the clustered trend.
		bins := make([]*analysis.ShareTally, 5)
		for b := range bins {
			bins[b] = analysis.NewShareTally(1000)
		}
		for j, row := range c.X {
			bins[int(row[0])].Add(int(c.Cluster[j]), y[j])
		}
		trend, err := analysis.ClusteredTrend(bins, nil)
		if err != nil {
			t.Fatal(err)
		}
		factor := float64(c.Clusters-1) / float64(c.Clusters)
		relative(t, "squared trend", trend.Statistic*trend.Statistic, c.Score*factor, 1e-8)
		if math.Signbit(trend.Statistic) != math.Signbit(c.Coefficients[1]) && math.Abs(trend.Statistic) > 2 {
			t.Errorf("trend %v against a slope of %v", trend.Statistic, c.Coefficients[1])
		}
	}
}
