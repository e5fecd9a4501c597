package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// twoGroups are units with predictor 0 and with predictor 1, each with some
// events.
func twoGroups(events0, n0, events1, n1 int) (x [][]float64, y []bool) {
	for i := range n0 {
		x, y = append(x, []float64{0}), append(y, i < events0)
	}
	for i := range n1 {
		x, y = append(x, []float64{1}), append(y, i < events1)
	}
	return x, y
}

// One predictor that is 0 or 1 has the odds ratio of the two-by-two table,
// and the sandwich is Woolf's variance, the sum of the reciprocal counts,
// times n/(n-2) when each unit is a cluster. By hand: 51 of 1,000 over 11
// of 1,000.
func TestLogisticOfTwoGroups(t *testing.T) {
	x, y := twoGroups(11, 1000, 51, 1000)
	fit, err := analysis.Logistic(x, y, []string{"high"}, singles(2000))
	if err != nil {
		t.Fatal(err)
	}
	slope := fit.Coefficients[1]
	odds := 51.0 / 949 / (11.0 / 989)
	variance := (1.0/51 + 1.0/949 + 1.0/11 + 1.0/989) * 2000 / 1998
	relative(t, "intercept", fit.Coefficients[0].LogOdds.Value, math.Log(11.0/989), 1e-12)
	relative(t, "slope", slope.LogOdds.Value, math.Log(odds), 1e-12)
	relative(t, "SE", slope.LogOdds.SE, math.Sqrt(variance), 1e-10)
	relative(t, "odds ratio", slope.OddsRatio.Value, odds, 1e-12)
	relative(t, "its SE", slope.OddsRatio.SE, odds*math.Sqrt(variance), 1e-10)
	relative(t, "its lower limit", slope.OddsRatio.Lo, math.Exp(slope.LogOdds.Lo), 1e-12)
	// The 97.5 % point of Student's t with 1,999 degrees of freedom is
	// 1.961151 (SciPy 1.17.1).
	relative(t, "upper limit", slope.LogOdds.Hi, math.Log(odds)+1.961151*math.Sqrt(variance), 1e-6)
	relative(t, "design effect", slope.LogOdds.DesignEffect, 2000.0/1998, 1e-9)
	likelihood := 51*math.Log(.051) + 949*math.Log(.949) + 11*math.Log(.011) + 989*math.Log(.989)
	relative(t, "log-likelihood", fit.LogLikelihood, likelihood, 1e-12)
	relative(t, "log-likelihood of the intercept", fit.NullLogLikelihood, 62*math.Log(.031)+1938*math.Log(.969), 1e-12)
	if slope.Name != "high" || fit.Coefficients[0].Name != "intercept" || fit.N != 2000 || fit.Events != 62 || fit.Clusters != 2000 || len(fit.Warnings) != 0 {
		t.Errorf("got %+v", fit)
	}
}

// Every unit told twice in one cluster changes nothing but the small-sample
// factor, C/(C-1)·(n-1)/(n-k).
func TestLogisticOfTwins(t *testing.T) {
	x, y := twoGroups(20, 100, 45, 120)
	once, err := analysis.Logistic(x, y, []string{"high"}, singles(220))
	if err != nil {
		t.Fatal(err)
	}
	var xx [][]float64
	var yy []bool
	for i := range x {
		xx, yy = append(xx, x[i], x[i]), append(yy, y[i], y[i])
	}
	twice, err := analysis.Logistic(xx, yy, []string{"high"}, pairs(440))
	if err != nil {
		t.Fatal(err)
	}
	factor := math.Sqrt(439.0 / 438 / (219.0 / 218))
	for j := range once.Coefficients {
		relative(t, "coefficient", twice.Coefficients[j].LogOdds.Value, once.Coefficients[j].LogOdds.Value, 1e-10)
		relative(t, "SE", twice.Coefficients[j].LogOdds.SE, factor*once.Coefficients[j].LogOdds.SE, 1e-9)
	}
}

// randomUnits have k predictors of very different sizes, and outcomes that
// depend on the first.
func randomUnits(n, k int, seed uint64) (x [][]float64, y []bool, clusters analysis.Clusters) {
	rng := rand.New(rand.NewPCG(seed, 0))
	clusters.N = n / 2
	for range n {
		row := make([]float64, k)
		for j := range row {
			row[j] = (rng.NormFloat64() + 5) * math.Pow(1000, float64(j))
		}
		x = append(x, row)
		y = append(y, rng.Float64() < 1/(1+math.Exp(5-row[0])))
		clusters.ID = append(clusters.ID, int32(rng.IntN(clusters.N)))
	}
	return x, y, clusters
}

func TestLogisticLaws(t *testing.T) {
	x, y, clusters := randomUnits(200, 3, 4)
	names := []string{"a", "b", "c"}
	fit, err := analysis.Logistic(x, y, names, clusters)
	if err != nil {
		t.Fatal(err)
	}
	same := func(what string, other analysis.LogisticFit, err error, of func(j int) (int, float64)) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		relative(t, what+": log-likelihood", other.LogLikelihood, fit.LogLikelihood, 1e-11)
		for j := 1; j <= 3; j++ {
			at, factor := of(j)
			got, want := other.Coefficients[at].LogOdds, fit.Coefficients[j].LogOdds
			relative(t, what+": coefficient", got.Value, factor*want.Value, 1e-7)
			relative(t, what+": SE", got.SE, math.Abs(factor)*want.SE, 1e-8)
		}
	}

	// Rows in another order.
	order := rand.New(rand.NewPCG(7, 0)).Perm(200)
	var xp [][]float64
	var yp []bool
	ids := analysis.Clusters{N: clusters.N}
	for _, i := range order {
		xp, yp, ids.ID = append(xp, x[i]), append(yp, y[i]), append(ids.ID, clusters.ID[i])
	}
	other, err := analysis.Logistic(xp, yp, names, ids)
	same("rows permuted", other, err, func(j int) (int, float64) { return j, 1 })

	// Predictors in another order and other units, and shifted.
	var xq [][]float64
	var not []bool
	for i, row := range x {
		xq = append(xq, []float64{row[2]/1e6 - 40, 1e9 * row[0], row[1] + 12345})
		not = append(not, !y[i])
	}
	other, err = analysis.Logistic(xq, y, []string{"c", "a", "b"}, clusters)
	same("predictors changed", other, err, func(j int) (int, float64) {
		return []int{2, 3, 1}[j-1], []float64{1e-9, 1, 1e6}[j-1]
	})

	// Events and others swapped.
	other, err = analysis.Logistic(x, not, names, clusters)
	same("outcomes swapped", other, err, func(j int) (int, float64) { return j, -1 })

	for _, c := range fit.Coefficients {
		if !c.LogOdds.Covers(c.LogOdds.Value) || !c.OddsRatio.Covers(c.OddsRatio.Value) || !(c.Wald.P > 0 && c.Wald.P <= 1) {
			t.Errorf("%+v", c)
		}
		if (c.Wald.P < .05) == c.LogOdds.Covers(0) {
			t.Errorf("%s: P %v, interval %v..%v", c.Name, c.Wald.P, c.LogOdds.Lo, c.LogOdds.Hi)
		}
	}
	if !slices.Equal(x[0], xp[slices.Index(order, 0)]) {
		t.Error("predictors were changed")
	}
}

func TestLogisticSeparation(t *testing.T) {
	line := func(n int, event func(i int) bool) (x [][]float64, y []bool) {
		for i := range n {
			x, y = append(x, []float64{1, float64(i % 7)}), append(y, event(i))
			x[i][0] = float64(i)
		}
		return x, y
	}
	for _, c := range []struct {
		name   string
		event  func(i int) bool
		phrase string
	}{
		{"complete", func(i int) bool { return i >= 20 }, "order separates"},
		{"complete, upside down", func(i int) bool { return i < 5 }, "order separates"},
		{"one side of the other predictor only", func(i int) bool { return i%7 == 3 && i%2 == 0 || i%7 > 3 }, "quasi-complete"},
	} {
		x, y := line(42, c.event)
		fit, err := analysis.Logistic(x, y, []string{"order", "rest"}, singles(42))
		if !errors.Is(err, analysis.ErrUndefined) || !strings.Contains(err.Error(), c.phrase) {
			t.Errorf("%s: %+v, %v", c.name, fit, err)
		}
	}
	// A group without an event, as in a two-by-two table with a 0.
	x, y := twoGroups(0, 50, 12, 50)
	if _, err := analysis.Logistic(x, y, []string{"high"}, singles(100)); !errors.Is(err, analysis.ErrUndefined) || !strings.Contains(err.Error(), "coefficient of high") {
		t.Errorf("a group without an event: %v", err)
	}
	// One unit on the wrong side is enough for a proper fit, and a steep
	// one at that.
	x, y = line(42, func(i int) bool { return i >= 20 })
	y[19], y[20], y[22] = true, false, false
	if fit, err := analysis.Logistic(x, y, []string{"order", "rest"}, singles(42)); err != nil || fit.Coefficients[1].LogOdds.Value < .5 {
		t.Errorf("nearly separated: %+v, %v", fit, err)
	}
}

func TestLogisticRefuses(t *testing.T) {
	good, y, clusters := randomUnits(40, 2, 9)
	changed := func(change func(row []float64)) [][]float64 {
		var out [][]float64
		for _, row := range good {
			row = slices.Clone(row)
			change(row)
			out = append(out, row)
		}
		return out
	}
	all := make([]bool, 40)
	broken := changed(func([]float64) {})
	broken[7][1] = math.NaN()
	short := changed(func([]float64) {})
	short[5] = short[5][:1]
	for _, c := range []struct {
		name     string
		x        [][]float64
		y        []bool
		clusters analysis.Clusters
		is       error
		phrase   string
	}{
		{"no event", good, all, clusters, analysis.ErrUndefined, "0 events in 40"},
		{"a constant", changed(func(r []float64) { r[1] = 3 }), y, clusters, analysis.ErrUndefined, "b is constant"},
		{"a constant 0", changed(func(r []float64) { r[0] = 0 }), y, clusters, analysis.ErrUndefined, "a is constant"},
		{"a combination", changed(func(r []float64) { r[1] = 1e5*r[0] - 7 }), y, clusters, analysis.ErrUndefined, "b is a combination"},
		{"NaN", broken, y, clusters, nil, "unit 7: b is NaN"},
		{"a short row", short, y, clusters, nil, "unit 5 has 1 predictors, want 2"},
		{"fewer rows", good[:39], y, clusters, nil, "39 units"},
		{"few units", good[:3], []bool{true, false, true}, analysis.Clusters{}, analysis.ErrTooFew, "3 units for 3"},
		{"few clusters", good, y, analysis.Clusters{ID: make([]int32, 40), N: 1}, analysis.ErrTooFew, "1 clusters for 3"},
		{"clusters of other rows", good, y, analysis.Clusters{ID: make([]int32, 39), N: 1}, nil, "39 rows"},
		{"nothing", nil, nil, analysis.Clusters{}, analysis.ErrTooFew, "0 units"},
	} {
		_, err := analysis.Logistic(c.x, c.y, []string{"a", "b"}, c.clusters)
		if err == nil || !strings.Contains(err.Error(), c.phrase) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.phrase)
		}
	}
}

func TestLogisticWarns(t *testing.T) {
	x, y := twoGroups(4, 30, 9, 30)
	fit, err := analysis.Logistic(x, y, []string{"high"}, analysis.Clusters{})
	if err != nil {
		t.Fatal(err)
	}
	if len(fit.Warnings) != 2 || fit.Clusters != 0 || !strings.Contains(fmt.Sprint(fit.Warnings), "13 events in 60") || !strings.Contains(fmt.Sprint(fit.Warnings), "clusters unknown") {
		t.Errorf("%d clusters, warnings %v", fit.Clusters, fit.Warnings)
	}
	ten := analysis.Clusters{N: 10}
	for i := range x {
		ten.ID = append(ten.ID, int32(i%10))
	}
	fit, err = analysis.Logistic(x, y, []string{"high"}, ten)
	if err != nil || len(fit.Coefficients[1].LogOdds.Warnings) != 2 || !strings.Contains(fmt.Sprint(fit.Warnings), "10 clusters are few") {
		t.Errorf("%v, %v", fit.Warnings, err)
	}
}

// Coverage of the slope's interval where units of a cluster share their
// predictor and half of their luck.
func TestLogisticCoverage(t *testing.T) {
	sims := 200
	if *long {
		sims = 4000
	}
	const clusters, slope = 120, .6
	rng := rand.New(rand.NewPCG(12, 0))
	var robust, alone float64
	for range sims {
		var x [][]float64
		var y []bool
		c := analysis.Clusters{N: clusters}
		for id := range clusters {
			v := rng.NormFloat64()
			p := 1 / (1 + math.Exp(1-slope*v))
			common := rng.Float64() < p
			for range 1 + rng.IntN(5) {
				hit := common
				if rng.IntN(2) == 0 {
					hit = rng.Float64() < p
				}
				x, y, c.ID = append(x, []float64{v}), append(y, hit), append(c.ID, int32(id))
			}
		}
		fit, err := analysis.Logistic(x, y, []string{"v"}, c)
		if err != nil {
			t.Fatal(err)
		}
		if fit.Coefficients[1].LogOdds.Covers(slope) {
			robust += 1 / float64(sims)
		}
		plain, err := analysis.Logistic(x, y, []string{"v"}, analysis.Clusters{})
		if err != nil {
			t.Fatal(err)
		}
		if plain.Coefficients[1].LogOdds.Covers(slope) {
			alone += 1 / float64(sims)
		}
	}
	t.Logf("logistic slope, %d clusters of 1 to 5: clustered interval holds it in %.4f, unclustered in %.4f of %d", clusters, robust, alone, sims)
	if math.Abs(robust-.94) > 4*math.Sqrt(.95*.05/float64(sims))+.01 || alone > robust {
		t.Errorf("coverage %v clustered, %v unclustered", robust, alone)
	}
}

func BenchmarkLogistic(b *testing.B) {
	x, y, clusters := randomUnits(40000, 3, 1)
	for b.Loop() {
		if _, err := analysis.Logistic(x, y, []string{"a", "b", "c"}, clusters); err != nil {
			b.Fatal(err)
		}
	}
	rowsPerSecond(b, len(x))
}

func ExampleLogistic() {
	// Non-compliance in the five bins of the paper's Figure 2, majority
	// rule, by the bin's number; each scenario a cluster of its own.
	var bins [][]float64
	var fails []bool
	clusters := analysis.Clusters{N: 5000}
	for bin, hits := range []int{7, 12, 14, 49, 97} {
		for i := range 1000 {
			bins = append(bins, []float64{float64(bin)})
			fails = append(fails, i < hits)
			clusters.ID = append(clusters.ID, int32(1000*bin+i))
		}
	}
	fit, err := analysis.Logistic(bins, fails, []string{"bin"}, clusters)
	if err != nil {
		fmt.Println(err)
		return
	}
	odds := fit.Coefficients[1].OddsRatio
	fmt.Printf("odds per bin %.2f times, %.2f to %.2f\n", odds.Value, odds.Lo, odds.Hi)
	// Output: odds per bin 2.16 times, 1.86 to 2.51
}
