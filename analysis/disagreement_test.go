package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// realRows are the positions of three rows of the dataset's all_models
// split, models in the order of KnownModels.
var realRows = []row{
	{{6, 2, 5, 0, 1, 0, 0, 0, 1, 1, 5, 6}, {5, 2, 5, 0, 0, 0, 0, 0, 0, 0, 4, 5}}, // rank 3104
	{{2, 3, 3, 3, 3, 1, 2, 2, 1, 2, 3, 2}, {1, 3, 5, 5, 6, 0, 1, 1, 1, 1, 5, 6}}, // rank 7807
	{{0, 5, 4, 0, 5, 1, 2, 2, 4, 4, 6, 6}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}, // rank 12982
}

func TestDisagreementOfRealRows(t *testing.T) {
	// Python 3, statistics.pstdev of the same numbers, larger of the two.
	want := []string{"2.385", "2.216", "2.087"}
	d, err := analysis.MeasureDisagreement(table(t, knownIDs(), realRows, analysis.Clusters{}), analysis.AllModels)
	if err != nil {
		t.Fatal(err)
	}
	for i := range realRows {
		s, ok := d.At(i)
		if got := fmt.Sprintf("%.3f", s.StdDev()); !ok || got != want[i] {
			t.Errorf("row %d: D = %s, want %s", i, got, want[i])
		}
	}
}

func TestDisagreement(t *testing.T) {
	flat := []int{3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3}
	for _, c := range []struct {
		name string
		in   row
		want float64
	}{
		// Arithmetic; the first two are the largest that 12 and 5 models
		// can reach.
		{"even split between the extremes", row{{0, 0, 0, 0, 0, 0, 6, 6, 6, 6, 6, 6}, flat}, 3},
		{"five models", row{{0, 0, 6, 6, 6}, {3, 3, 3, 3, 3}}, 2.939387691339814},
		{"all agree", row{flat, flat}, 0},
		{"larger of the two", row{{0, 6, 6, 0}, {3, 3, 3, 4}}, 3},
		{"larger is value 2", row{{3, 3, 3, 4}, {0, 6, 6, 0}}, 3},
		{"population, not sample", row{{1, 2, 3, 4}, {2, 2, 2, 2}}, 1.118033988749895}, // NumPy docs, np.std
		{"missing left out, not counted as 0", row{{6, gap, 4, gap}, {5, 5, gap, 5}}, 1},
		{"larger by fewer models", row{{0, 6, gap, gap, gap}, {0, 6, 6, 0, 6}}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := analysis.Disagreement([2][]analysis.Position{column(t, c.in[0]...), column(t, c.in[1]...)})
			if err != nil || math.Abs(s.StdDev()-c.want) > 1e-12 {
				t.Errorf("D = %v, %v, want %v", s.StdDev(), err, c.want)
			}
		})
	}
}

func TestDisagreementTooFew(t *testing.T) {
	for _, in := range []row{{{}, {}}, {{4}, {4}}, {{1, 2}, {3, gap}}, {{gap, gap}, {3, 3}}} {
		s, err := analysis.Disagreement([2][]analysis.Position{column(t, in[0]...), column(t, in[1]...)})
		if !errors.Is(err, analysis.ErrTooFew) || s.Computable() || !math.IsNaN(s.StdDev()) {
			t.Errorf("%v: %v, %v", in, s, err)
		}
	}
	long := make([]analysis.Position, 30000)
	if _, err := analysis.Disagreement([2][]analysis.Position{long, long}); err == nil {
		t.Error("30,000 models accepted")
	}
}

func TestDisagreementOfVeryManyModels(t *testing.T) {
	// As many as fit: n models at 0 and n+1 at 6 have the variance
	// 36·n(n+1)/(2n+1)².
	const n = 10922
	p := column(t, slices.Concat(make([]int, n), slices.Repeat([]int{6}, n+1))...)
	s, err := analysis.Disagreement([2][]analysis.Position{p, p})
	if err != nil || s.Q != 36*n*(n+1) || s.N != 2*n+1 {
		t.Errorf("got %v, %v", s, err)
	}
	p = append(p, p[0])
	if _, err := analysis.Disagreement([2][]analysis.Position{p, p}); err == nil {
		t.Error("one more accepted")
	}
	crowd := analysis.ModelSet{Name: "crowd", Models: make([]string, len(p))}
	empty, err := analysis.NewPositions(nil, nil, analysis.Clusters{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := analysis.MeasureDisagreement(empty, crowd); err == nil || errors.Is(err, analysis.ErrUnknownName) {
		t.Errorf("a set of %d models: %v", len(p), err)
	}
	if _, err := analysis.MeasureOutliers(empty, crowd, analysis.SameValue); err == nil || errors.Is(err, analysis.ErrUnknownName) {
		t.Errorf("outliers in a set of %d models: %v", len(p), err)
	}
}

func TestClustersMustFit(t *testing.T) {
	names, set := someModels(t, 4)
	p := table(t, names, randomRows(3, 4, 1), analysis.Clusters{ID: []int32{0, 9, 1}, N: 3})
	if _, err := analysis.MeasureDisagreement(p, set); err == nil {
		t.Error("a cluster out of range accepted")
	}
	zero := make([]int32, 3)
	if _, err := analysis.MeasurePreferences(p, [2][]int32{zero, zero}, set); err == nil {
		t.Error("a cluster out of range accepted by preferences")
	}
}

func TestThresholdsAreExact(t *testing.T) {
	check := func(scores []int) {
		p := column(t, scores...)
		s, err := analysis.Disagreement([2][]analysis.Position{p, p})
		if err != nil {
			t.Fatal(err)
		}
		v := variance(scores)
		for k := range 62 {
			edge := big.NewRat(int64(k), 20)
			want := v.Cmp(new(big.Rat).Mul(edge, edge)) >= 0
			if got, err := s.AtLeast(float64(k) / 20); err != nil || got != want {
				t.Fatalf("%v at least %d/20: %v, %v, want %v", scores, k, got, err, want)
			}
		}
	}
	for n := 2; n <= 6; n++ {
		multisets(n, check)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		scores := make([]int, 7+rng.IntN(94))
		for i := range scores {
			scores[i] = rng.IntN(7)
		}
		check(scores)
	}
}

func TestCompareIsExact(t *testing.T) {
	var spreads []analysis.Spread
	var variances []*big.Rat
	for n := 2; n <= 4; n++ {
		multisets(n, func(scores []int) {
			p := column(t, scores...)
			s, err := analysis.Disagreement([2][]analysis.Position{p, p})
			if err != nil {
				t.Fatal(err)
			}
			spreads = append(spreads, s)
			variances = append(variances, variance(scores))
		})
	}
	for i, s := range spreads {
		for j, u := range spreads {
			if got, want := s.Compare(u), variances[i].Cmp(variances[j]); got != want {
				t.Fatalf("compare %v with %v: %d, want %d", s, u, got, want)
			}
		}
		if s.Compare(analysis.Spread{}) != 1 || (analysis.Spread{}).Compare(s) != -1 {
			t.Fatalf("%v against none", s)
		}
	}
}

func TestMeasureDisagreementIsRowByRow(t *testing.T) {
	for _, models := range []int{2, 5, 12, 40} {
		names, set := someModels(t, models)
		rows := randomRows(3000, models, uint64(models))
		d, err := analysis.MeasureDisagreement(table(t, names, rows, analysis.Clusters{}), set)
		if err != nil {
			t.Fatal(err)
		}
		missing := 0
		for i, r := range rows {
			want, err := analysis.Disagreement([2][]analysis.Position{column(t, r[0]...), column(t, r[1]...)})
			got, ok := d.At(i)
			if ok != (err == nil) || got != want {
				t.Fatalf("%d models, row %d: %v, want %v, %v", models, i, got, want, err)
			}
			if err != nil {
				missing++
			}
			if ok && !(got.StdDev() >= 0 && got.StdDev() <= 3) {
				t.Fatalf("row %d: D = %v", i, got.StdDev())
			}
		}
		if d.NotComputable() != missing || d.Computable() != 3000-missing || len(d.Scores()) != 3000-missing {
			t.Errorf("%d not computable, want %d", d.NotComputable(), missing)
		}
	}
}

func TestDisagreementLaws(t *testing.T) {
	names, set := someModels(t, 7)
	rows := randomRows(500, 7, 1)
	d, err := analysis.MeasureDisagreement(table(t, names, rows, analysis.Clusters{}), set)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(2, 2))
	changed := make([]row, len(rows))
	for i, r := range rows {
		order := rng.Perm(7)
		for v := range 2 {
			for _, m := range order {
				score := r[1-v][m] // values swapped
				if score != gap {
					score = analysis.MaxScore - score // and mirrored
				}
				changed[i][v] = append(changed[i][v], score)
			}
		}
	}
	e, err := analysis.MeasureDisagreement(table(t, names, changed, analysis.Clusters{}), set)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		a, _ := d.At(i)
		b, _ := e.At(i)
		if a.Compare(b) != 0 {
			t.Fatalf("row %d: %v, and %v after reordering models, swapping values and mirroring", i, a, b)
		}
	}
}

func TestMeasureDisagreementRefuses(t *testing.T) {
	names, _ := someModels(t, 3)
	p := table(t, names, randomRows(4, 3, 1), analysis.Clusters{})
	one, _ := analysis.NewModelSet("one", "model_001")
	if _, err := analysis.MeasureDisagreement(p, one); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("one model: %v", err)
	}
	if _, err := analysis.MeasureDisagreement(p, analysis.AllModels); !errors.Is(err, analysis.ErrUnknownName) {
		t.Errorf("models that are not there: %v", err)
	}
}

func TestDisagreementSummary(t *testing.T) {
	names, set := someModels(t, 2)
	// |a-b|/2 on value 1: 0, 0.5, 1, 1.5, 2, 2.5, 3; the last lacks one.
	rows := []row{
		{{3, 3}, {1, 1}}, {{3, 4}, {1, 1}}, {{3, 5}, {1, 1}}, {{3, 6}, {1, 1}},
		{{2, 6}, {1, 1}}, {{1, 6}, {1, 1}}, {{0, 6}, {1, 1}}, {{0, 6}, {gap, 1}},
	}
	d, err := analysis.MeasureDisagreement(table(t, names, rows, pairs(8)), set)
	if err != nil {
		t.Fatal(err)
	}
	left := []analysis.Exclusion{{Reason: "not computable: fewer than two positions on a value", N: 1}}

	if n, err := d.CountAtLeast(1.5); n != 4 || err != nil {
		t.Errorf("at least 1.5: %d, %v", n, err)
	}
	e, err := d.ShareAtLeast(1.5)
	if err != nil || e.Value != 4.0/7 || e.N != 7 || e.Clusters != 4 || !slices.Equal(e.Excluded, left) {
		t.Errorf("share at least 1.5: %+v, %v", e, err)
	}
	e, err = d.Mean()
	if err != nil || e.Value != 1.5 || e.N != 7 || e.Clusters != 4 || !slices.Equal(e.Excluded, left) || !e.Covers(1.5) {
		t.Errorf("mean: %+v, %v", e, err)
	}
	if want := []float64{0, 0.5, 1, 1.5, 2, 2.5, 3}; !slices.Equal(d.Scores(), want) {
		t.Errorf("scores %v", d.Scores())
	}

	for _, bad := range []float64{-0.1, math.NaN(), math.Inf(1)} {
		if _, err := d.CountAtLeast(bad); err == nil {
			t.Errorf("threshold %v accepted", bad)
		}
		if _, err := d.ShareAtLeast(bad); err == nil {
			t.Errorf("threshold %v accepted", bad)
		}
	}
	if _, err := (analysis.Spread{}).AtLeast(-1); err == nil {
		t.Error("threshold -1 accepted")
	}
	if reaches, err := (analysis.Spread{}).AtLeast(0); reaches || err != nil {
		t.Errorf("no spread is at least 0: %v, %v", reaches, err)
	}
	for _, edge := range []struct {
		t    float64
		want int
	}{{0, 7}, {3, 1}, {3.0000001, 0}, {1e300, 0}, {5e-324, 6}} {
		if n, err := d.CountAtLeast(edge.t); n != edge.want || err != nil {
			t.Errorf("at least %v: %d, %v, want %d", edge.t, n, err, edge.want)
		}
	}
}

func TestNothingComputable(t *testing.T) {
	names, set := someModels(t, 2)
	for _, rows := range [][]row{{}, {{{gap, 1}, {2, 2}}}} {
		d, err := analysis.MeasureDisagreement(table(t, names, rows, analysis.Clusters{}), set)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.ShareAtLeast(1.5); !errors.Is(err, analysis.ErrTooFew) {
			t.Errorf("share of nothing: %v", err)
		}
		if _, err := d.Mean(); !errors.Is(err, analysis.ErrTooFew) {
			t.Errorf("mean of nothing: %v", err)
		}
		if h, err := d.Histogram(analysis.PaperBins()); err != nil || !slices.Equal(h.Counts, make([]int, 5)) || h.Outside != 0 {
			t.Errorf("histogram of nothing: %+v, %v", h, err)
		}
	}
}

func ExampleDisagreement() {
	scores := [2][]int{
		{6, 2, 5, 0, 1, 0, 0, 0, 1, 1, 5, 6}, // twelve models on value 1
		{5, 2, 5, 0, 0, 0, 0, 0, 0, 0, 4, 5}, // and on value 2
	}
	var byValue [2][]analysis.Position
	for v := range scores {
		for _, score := range scores[v] {
			p, err := analysis.NewPosition(score)
			if err != nil {
				fmt.Println(err)
				return
			}
			byValue[v] = append(byValue[v], p)
		}
	}
	spread, err := analysis.Disagreement(byValue)
	fmt.Printf("%.3f, exactly the root of %d/%d², %v\n", spread.StdDev(), spread.Q, spread.N, err)
	// Output: 2.385, exactly the root of 819/12², <nil>
}

func ExampleMeasureDisagreement() {
	d, err := analysis.MeasureDisagreement(twoModels())
	if err != nil {
		fmt.Println(err)
		return
	}
	count, _ := d.CountAtLeast(1.5)
	share, _ := d.ShareAtLeast(1.5)
	fmt.Printf("%d of %d scenarios: %.3f [%.2f, %.2f]\n", count, d.Computable(), share.Value, share.Lo, share.Hi)
	// Output: 5 of 8 scenarios: 0.625 [0.24, 0.90]
}

func ExampleDisagreements_Mean() {
	d, err := analysis.MeasureDisagreement(twoModels())
	if err != nil {
		fmt.Println(err)
		return
	}
	mean, err := d.Mean()
	fmt.Printf("%.4f [%.1f, %.1f], n = %d, %v\n", mean.Value, mean.Lo, mean.Hi, mean.N, err)
	// Output: 1.6875 [0.8, 2.8], n = 8, <nil>
}

func ExampleSpread_AtLeast() {
	// Scores three apart are a spread of exactly 1.5.
	three, _ := analysis.NewPosition(3)
	six, _ := analysis.NewPosition(6)
	pair := []analysis.Position{three, six}
	s, err := analysis.Disagreement([2][]analysis.Position{pair, pair})
	if err != nil {
		fmt.Println(err)
		return
	}
	reaches, err := s.AtLeast(1.5)
	fmt.Println(s.StdDev(), reaches, err)
	// Output: 1.5 true <nil>
}

func ExampleDisagreements_Bin() {
	d, err := analysis.MeasureDisagreement(twoModels())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Bin(analysis.PaperBins()))
	// Output: [0 0 1 2 3 4 4 4] <nil>
}

func ExampleDisagreements_Histogram() {
	d, err := analysis.MeasureDisagreement(twoModels())
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err := d.Histogram(analysis.PaperBins())
	for i, n := range h.Counts {
		fmt.Println(analysis.BinName(h.Edges[i], h.Edges[i+1]), n)
	}
	fmt.Println(err)
	// Output:
	// 0.0-1.0 2
	// 1.0-1.5 1
	// 1.5-2.0 1
	// 2.0-2.5 1
	// 2.5-3.0 3
	// <nil>
}

func BenchmarkMeasureDisagreement(b *testing.B) {
	p := bigTable(b, 411000)
	for b.Loop() {
		if _, err := analysis.MeasureDisagreement(p, analysis.AllModels); err != nil {
			b.Fatal(err)
		}
	}
	rowsPerSecond(b, p.Rows())
}

func BenchmarkDisagreementCounts(b *testing.B) {
	p := bigTable(b, 411000)
	d, err := analysis.MeasureDisagreement(p, analysis.AllModels)
	if err != nil {
		b.Fatal(err)
	}
	edges := make([]float64, 61)
	for i := range edges {
		edges[i] = float64(i) / 20
	}
	b.Run("share", func(b *testing.B) {
		for b.Loop() {
			d.ShareAtLeast(1.5)
		}
		rowsPerSecond(b, p.Rows())
	})
	b.Run("histogram", func(b *testing.B) {
		for b.Loop() {
			d.Histogram(edges)
		}
		rowsPerSecond(b, p.Rows())
	})
	b.Run("mean", func(b *testing.B) {
		for b.Loop() {
			d.Mean()
		}
		rowsPerSecond(b, p.Rows())
	})
}

func ExampleDisagreements_CountAtLeast() {
	d, err := analysis.MeasureDisagreement(twoModels())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.CountAtLeast(1.5)) // 0, 0.5, 1, 1.5, 2, 2.5, 3, 3
	fmt.Println(d.CountAtLeast(-1))
	// Output:
	// 5 <nil>
	// 0 analysis: disagreement threshold is -1, want a number of 0 or more
}

func ExampleDisagreements_ShareAtLeast() {
	d, err := analysis.MeasureDisagreement(twoModels())
	if err != nil {
		fmt.Println(err)
		return
	}
	share, err := d.ShareAtLeast(2)
	fmt.Printf("%.3f of %d, %v\n", share.Value, share.N, err)
	// Output: 0.500 of 8, <nil>
}
