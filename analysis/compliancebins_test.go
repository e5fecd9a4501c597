package analysis

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// testdata/verdicts.json is what pandas 3.1.1, numpy 2.4.6 and statsmodels
// 0.15.0 make of verdicts.csv; its disagreements are invented.
func TestComplianceTestsAgainstStatsmodels(t *testing.T) {
	var want struct {
		Tests []struct {
			Rule             string
			N, Clusters      int
			Z                float64
			Ratio            float64
			Difference       float64
			RatioLimits      [2]float64 `json:"ratio_limits"`
			DifferenceLimits [2]float64 `json:"difference_limits"`
			Fitted           int
			Beta, SE, P      [2]float64
		}
	}
	readExpected(t, &want)
	if len(want.Tests) != 2 {
		t.Fatalf("%d cases, want 2", len(want.Tests))
	}
	v := readVerdicts(t)
	disagreement := func(row int) (float64, bool) {
		s := int(v.Scenario[row])
		return float64(s*7%31) / 10, s%29 != 0
	}
	for _, w := range want.Tests {
		rule := map[string]Rule{"majority": Majority, "any": Any}[w.Rule]
		bins, err := MeasureCompliance(v, everyModel(v), rule)
		if err != nil {
			t.Fatal(err)
		}
		trend, err := FailTrend(bins)
		if err != nil {
			t.Fatal(err)
		}
		near(t, w.Rule+" trend", trend.Statistic, w.Z, 1e-9)
		if trend.N != w.N || trend.Clusters != w.Clusters || len(trend.Excluded) == 0 {
			t.Errorf("%s trend: %v, want n %d in %d clusters, and what was left out", w.Rule, trend, w.N, w.Clusters)
		}
		// Limits of two bootstraps of 2,000 and 20,000 replicates.
		ratio, err := FailRatio(bins[2], bins[1])
		if err != nil {
			t.Fatal(err)
		}
		near(t, w.Rule+" ratio", ratio.Value, w.Ratio, 1e-12)
		near(t, w.Rule+" ratio from", ratio.Lo, w.RatioLimits[0], 0.1*w.Ratio)
		near(t, w.Rule+" ratio to", math.Log(ratio.Hi), math.Log(w.RatioLimits[1]), 0.2)
		difference, err := FailDifference(bins[2], bins[1])
		if err != nil {
			t.Fatal(err)
		}
		near(t, w.Rule+" difference", difference.Value, w.Difference, 1e-12)
		near(t, w.Rule+" difference from", difference.Lo, w.DifferenceLimits[0], 0.02)
		near(t, w.Rule+" difference to", difference.Hi, w.DifferenceLimits[1], 0.02)

		fit, err := FitCompliance(v, everyModel(v), rule, disagreement)
		if err != nil {
			t.Fatal(err)
		}
		if left := exclusions(Exclusion{"disagreement unknown", w.N - w.Fitted}); fit.N != w.Fitted || !slices.Contains(fit.Coefficients[0].LogOdds.Excluded, left[0]) {
			t.Errorf("%s logistic: n %d, left out %v; want %d and %v", w.Rule, fit.N, fit.Coefficients[0].LogOdds.Excluded, w.Fitted, left)
		}
		for i, c := range fit.Coefficients {
			near(t, w.Rule+" "+c.Name, c.LogOdds.Value, w.Beta[i], 1e-8)
			near(t, w.Rule+" SE of "+c.Name, c.LogOdds.SE, w.SE[i], 1e-8)
			near(t, w.Rule+" P of "+c.Name, c.Wald.P, w.P[i], 1e-8)
		}
	}
}

// Rows in another order, judges and models too, change nothing.
func TestComplianceTestsKnowNoOrder(t *testing.T) {
	v := readVerdicts(t)
	text := func(v *Verdicts) string {
		bins, err := MeasureCompliance(v, everyModel(v), Any)
		if err != nil {
			t.Fatal(err)
		}
		ratio, err1 := FailRatio(bins[2], bins[1])
		trend, err2 := FailTrend(bins)
		return fmt.Sprint(ratio, trend, err1, err2)
	}
	rng := rand.New(rand.NewPCG(3, 0))
	if a, b := text(v), text(shuffled(v, rng)); a != b {
		t.Errorf("%s, shuffled %s", a, b)
	}
}

func TestFailTrendScores(t *testing.T) {
	bin := func(name string, hits, units int) Compliance {
		tally := NewShareTally(100)
		for i := range units {
			tally.Add(i, i < hits)
		}
		return Compliance{Bin: name, failing: tally}
	}
	// By hand: midpoints 0.5, 1.25 and 1.75 are as 0, 3 and 5.
	named := []Compliance{bin("0.0-1.0", 5, 60), bin("1.0-1.5", 9, 80), bin("1.5-2.0", 20, 70)}
	got, err := FailTrend(named)
	if err != nil {
		t.Fatal(err)
	}
	want, err := ClusteredTrend([]*ShareTally{named[0].failing, named[1].failing, named[2].failing}, []float64{0, 3, 5})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "midpoints", got.Statistic, want.Statistic, 1e-12)
	if !strings.Contains(got.Method, "midpoints") {
		t.Errorf("method %q does not tell the scores", got.Method)
	}
	named[1].Bin = "middle"
	got, err = FailTrend(named)
	if err != nil {
		t.Fatal(err)
	}
	want, err = ClusteredTrend([]*ShareTally{named[0].failing, named[1].failing, named[2].failing}, nil)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "names without numbers", got.Statistic, want.Statistic, 1e-12)

	if _, err := FailTrend(nil); !errors.Is(err, ErrTooFew) {
		t.Errorf("no bins: %v", err)
	}
	if _, err := FailTrend([]Compliance{{Bin: "by hand"}}); err == nil {
		t.Error("a bin without counts gave a trend")
	}
	if _, err := FailRatio(Compliance{}, named[0]); err == nil {
		t.Error("a bin without counts gave a ratio")
	}
	if _, err := FailDifference(Compliance{Err: ErrTooFew}, named[0]); !errors.Is(err, ErrTooFew) {
		t.Errorf("an empty bin: %v", err)
	}
}

// Of the paper's 1,000 scenarios to a bin and 0.7 % in the first: Fleiss,
// Levin and Paik's formula solved by scipy 1.17.1's brentq.
func TestFailDetectable(t *testing.T) {
	v := worked()
	bins, err := MeasureCompliance(v, everyModel(v), Majority)
	if err != nil {
		t.Fatal(err)
	}
	bins[0].Scenarios, bins[0].AllFail = 1000, Estimate{Value: 0.007, DesignEffect: 1}
	bins[1].Scenarios, bins[1].AllFail = 1000, Estimate{Value: 0.097, DesignEffect: 0.5}
	got, err := FailDetectable(bins[1], bins[0])
	if err != nil {
		t.Fatal(err)
	}
	near(t, "detectable", got.Value, 0.014957607504, 1e-9)
	if got.N != 2000 || got.HasInterval() || got.DesignEffect != 1 {
		t.Errorf("%+v", got)
	}
}

func ExampleFailRatio() {
	v := nested()
	bins, err := MeasureCompliance(v, ModelSet{Name: "one", Models: v.Models}, Majority)
	if err != nil {
		fmt.Println(err)
		return
	}
	ratio, err := FailRatio(bins[1], bins[0])
	fmt.Printf("%.1f times, n = %d scenarios of %d value pairs, %v\n", ratio.Value, ratio.N, ratio.Clusters, err)
	// Output: 2.5 times, n = 200 scenarios of 100 value pairs, <nil>
}

func ExampleFailDifference() {
	v := nested()
	bins, err := MeasureCompliance(v, ModelSet{Name: "one", Models: v.Models}, Majority)
	if err != nil {
		fmt.Println(err)
		return
	}
	difference, err := FailDifference(bins[1], bins[0])
	fmt.Printf("%.2f more, %v\n", difference.Value, err)
	// Output: 0.30 more, <nil>
}

func ExampleFailDetectable() {
	v := nested()
	bins, err := MeasureCompliance(v, ModelSet{Name: "one", Models: v.Models}, Majority)
	if err != nil {
		fmt.Println(err)
		return
	}
	least, err := FailDetectable(bins[1], bins[0])
	fmt.Printf("%.2f or more could have been found, %v\n", least.Value, err)
	// Output: 0.18 or more could have been found, <nil>
}

func ExampleFailTrend() {
	v := nested()
	bins, err := MeasureCompliance(v, ModelSet{Name: "one", Models: v.Models}, Majority)
	if err != nil {
		fmt.Println(err)
		return
	}
	trend, err := FailTrend(bins)
	fmt.Printf("z = %.2f, %v\n", trend.Statistic, err)
	// Output: z = 5.45, <nil>
}

func ExampleFitCompliance() {
	v := nested()
	fit, err := FitCompliance(v, ModelSet{Name: "one", Models: v.Models}, Majority, func(row int) (float64, bool) {
		return float64(v.Bin[row]), true
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	// (0.5/0.5)/(0.2/0.8)
	fmt.Printf("odds ratio %.2f\n", fit.Coefficients[1].OddsRatio.Value)
	// Output: odds ratio 4.00
}

// nested is one model and one judge on two scenarios of each of 100 value
// pairs, one to a bin: 20 fail in the first, these and 30 others in the
// second.
func nested() *Verdicts {
	v := &Verdicts{
		Judges: []string{"judge"}, ByJudge: [][]Verdict{nil}, Models: []string{"o3"},
		Bins: []string{"0.0-1.0", "1.0-2.0"}, Scenarios: 200, Clusters: Clusters{N: 100},
	}
	for i := range 200 {
		verdict := Compliant
		if pair := i / 2; pair < 20 || i%2 == 1 && pair < 50 {
			verdict = NonCompliant
		}
		v.ByJudge[0] = append(v.ByJudge[0], verdict)
		v.Model, v.Bin, v.Scenario = append(v.Model, 0), append(v.Bin, int32(i%2)), append(v.Scenario, int32(i))
		v.Clusters.ID = append(v.Clusters.ID, int32(i/2))
	}
	return v
}
