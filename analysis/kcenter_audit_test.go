package analysis_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// TestNearest by hand: points on a line, and a tie that goes to the first.
func TestNearest(t *testing.T) {
	v := vectorsOf(t, [][]float64{{0}, {4}, {10}, {4}, {7}})
	for _, workers := range []int{1, 2, 16} {
		a, err := analysis.Nearest(context.Background(), v, []int{2, 1}, workers)
		if err != nil {
			t.Fatal(err)
		}
		want := &analysis.Assignment{Centre: []int32{1, 1, 0, 1, 0}, Distance: []float64{4, 0, 0, 0, 3}}
		if !reflect.DeepEqual(a, want) {
			t.Errorf("%+v, want %+v", a, want)
		}
		if n := a.Within(3); n != 4 {
			t.Errorf("%d points within 3, want 4", n)
		}
		if s := a.Sizes(); !slices.Equal(s, []int{2, 3}) {
			t.Errorf("sizes %v, want 2 and 3", s)
		}
	}
	for want, selected := range map[string][]int{"no point is selected": nil, "row 5": {5}, "row -1": {-1}} {
		if _, err := analysis.Nearest(context.Background(), v, selected, 0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// TestNearestCovers: the largest distance of an assignment is the radius
// that the lazy selection says, at sizes that go over several blocks.
func TestNearestCovers(t *testing.T) {
	const n, dim = 2000, 96
	v := mustVectors(t, clustered(5, n, dim, 30), dim, analysis.Euclidean)
	s := selectPoints(t, v, analysis.KCenterOptions{K: 700})
	a, err := analysis.Nearest(context.Background(), v, s.Rows, 0)
	if err != nil {
		t.Fatal(err)
	}
	if largest := slices.Max(a.Distance); largest != s.Radius {
		t.Errorf("the largest distance is %v, the radius %v", largest, s.Radius)
	}
}

// TestNearPairs compares with all pairs, on points with duplicates.
func TestNearPairs(t *testing.T) {
	for _, metric := range []analysis.VectorMetric{analysis.Euclidean, analysis.Cosine} {
		for seed := range uint64(30) {
			rng := rand.New(rand.NewPCG(seed, 11))
			n, dim := 2+rng.IntN(150), 1+rng.IntN(40)
			data := make([]float32, n*dim)
			for i := range data {
				data[i] = float32(1 + rng.IntN(3))
				if seed%2 == 0 {
					data[i] = float32(rng.NormFloat64())
				}
			}
			v := mustVectors(t, data, dim, metric)
			limit := 3 * rng.Float64()
			var all []analysis.NearPair
			for a := range n {
				for b := a + 1; b < n; b++ {
					if d := v.Distance(a, b); d <= limit {
						all = append(all, analysis.NearPair{A: a, B: b, Distance: d})
					}
				}
			}
			slices.SortStableFunc(all, func(p, q analysis.NearPair) int {
				switch {
				case p.Distance < q.Distance:
					return -1
				case p.Distance > q.Distance:
					return 1
				}
				return 0 // all is in the order of its rows
			})
			for _, workers := range []int{1, 3} {
				for _, most := range []int{1, 10, 1 << 20} {
					got, total, err := analysis.NearPairs(context.Background(), v, limit, most, workers)
					want := all[:min(most, len(all))]
					if err != nil || total != len(all) || len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
						t.Fatalf("seed %d, %d points: %d of %d pairs, want %d of %d (%v)", seed, n, len(got), total, len(want), len(all), err)
					}
				}
			}
		}
	}
	v := vectorsOf(t, [][]float64{{0}})
	if pairs, total, err := analysis.NearPairs(context.Background(), v, 1, 1, 0); len(pairs) != 0 || total != 0 || err != nil {
		t.Errorf("one point has the pairs %v, %d (%v)", pairs, total, err)
	}
	for _, d := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, _, err := analysis.NearPairs(context.Background(), v, d, 1, 0); err == nil {
			t.Errorf("distance %v was accepted", d)
		}
	}
	if _, _, err := analysis.NearPairs(context.Background(), v, 1, 0, 0); err == nil {
		t.Error("at most 0 pairs was accepted")
	}
}

// TestSeedSensitivity by hand. Of 0, 1, 10 and 11, two points are taken: one
// of each end. Random starts differ, so the mean overlap of their choices is
// that of the sets listed.
func TestSeedSensitivity(t *testing.T) {
	v := vectorsOf(t, [][]float64{{0}, {1}, {10}, {11}})
	seeds := []uint64{1, 2, 3, 4, 5, 6}
	r, err := analysis.MeasureSeedSensitivity(context.Background(), v, analysis.KCenterOptions{K: 2}, seeds)
	if err != nil {
		t.Fatal(err)
	}
	var sets []map[int]bool
	overlap, least, pairs := 0.0, 1.0, 0.0
	ever, count := map[int]bool{}, map[int]int{}
	for _, seed := range seeds {
		s := selectPoints(t, v, analysis.KCenterOptions{K: 2, Start: analysis.StartRandom(seed)})
		set := map[int]bool{}
		for _, row := range s.Rows {
			set[row], ever[row] = true, true
			count[row]++
		}
		for _, other := range sets {
			both := 0.0
			for row := range set {
				if other[row] {
					both++
				}
			}
			overlap += both / (4 - both)
			least = min(least, both/(4-both))
			pairs++
		}
		sets = append(sets, set)
	}
	always := 0
	for _, n := range count {
		if n == len(seeds) {
			always++
		}
	}
	if math.Abs(r.Overlap-overlap/pairs) > 1e-12 || r.LeastOverlap != least || r.Ever != len(ever) || r.Always != always || len(ever) < 3 {
		t.Errorf("%+v, want overlap %v, least %v, ever %d, always %d", r, overlap/pairs, least, len(ever), always)
	}
	for _, c := range []struct {
		opt   analysis.KCenterOptions
		seeds []uint64
		want  string
	}{
		{analysis.KCenterOptions{K: 2}, seeds[:1], "too few"},
		{analysis.KCenterOptions{Method: analysis.WangCheng}, seeds, "no random start"},
		{analysis.KCenterOptions{K: -1}, seeds, "k is -1"},
	} {
		if _, err := analysis.MeasureSeedSensitivity(context.Background(), v, c.opt, c.seeds); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

// disagreeing makes scenarios of two models that are the given numbers of
// points apart on one value: their disagreement is half of that.
func disagreeing(t testing.TB, apart ...int) *analysis.Disagreements {
	t.Helper()
	columns := make([][2][]analysis.Position, 2)
	for _, a := range apart {
		zero, other := mustPosition(t, 0), analysis.Position{}
		if a >= 0 {
			other = mustPosition(t, a)
		}
		columns[0][0], columns[0][1] = append(columns[0][0], zero), append(columns[0][1], zero)
		columns[1][0], columns[1][1] = append(columns[1][0], other), append(columns[1][1], zero)
	}
	set := analysis.ModelSet{Name: "two", Models: []string{"a", "b"}}
	p, err := analysis.NewPositions(set.Models, columns, analysis.Clusters{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := analysis.MeasureDisagreement(p, set)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func mustPosition(t testing.TB, score int) analysis.Position {
	t.Helper()
	p, err := analysis.NewPosition(score)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestKept by hand: disagreements 3, 1.5, 1, 0 and one that is missing.
func TestKept(t *testing.T) {
	d := disagreeing(t, 6, 3, 2, 0, -1)
	k, err := analysis.KeptAtLeast([]int{0, 2, 4}, d, 1.5)
	if err != nil || k != (analysis.Kept{Kept: 1, Of: 2}) {
		t.Errorf("%+v, %v; want 1 of 2", k, err)
	}
	if share, err := k.Share(); share != 0.5 || err != nil {
		t.Errorf("share %v, %v", share, err)
	}
	if _, err := analysis.KeptAtLeast([]int{5}, d, 1.5); err == nil {
		t.Error("row 5 of 5 was accepted")
	}
	if _, err := (analysis.Kept{}).Share(); !errors.Is(err, analysis.ErrUndefined) {
		t.Errorf("a share of nothing: %v", err)
	}
}

// TestRankOrder by hand.
func TestRankOrder(t *testing.T) {
	d := disagreeing(t, 2, 6, 3, 3, -1, 4)
	ranks := []int64{5, 1, 3, 2, 4, 3}
	r, err := analysis.MeasureRankOrder(func(row int) (int64, bool) { return ranks[row], row != 99 }, d)
	if err != nil {
		t.Fatal(err)
	}
	// By rank: 3 (rank 1), 1.5 (2), 1.5 (3, row 2), 2 (3, row 5), 1 (5).
	if r.Ranked != 5 || r.Missing != 1 || r.Repeated != 1 || r.Rises != 1 || r.Ties != 1 || r.Falling() || r.First.StdDev() != 3 || r.Last.StdDev() != 1 {
		t.Errorf("%+v", r)
	}
	r, err = analysis.MeasureRankOrder(func(row int) (int64, bool) { return []int64{3, 0, 1, 2, 9, 9}[row], row < 4 }, d)
	if err != nil || !r.Falling() || r.Ties != 1 || r.Missing != 2 {
		t.Errorf("%+v, %v; want falling", r, err)
	}
	if _, err := analysis.MeasureRankOrder(func(row int) (int64, bool) { return 0, row == 0 }, d); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("one rank: %v", err)
	}
}

// TestCheckOrder: what the scan selects passes its own check at its own
// threshold; other orders do not.
func TestCheckOrder(t *testing.T) {
	const n, dim = 1500, 40
	v := mustVectors(t, clustered(6, n, dim, 20), dim, analysis.Euclidean)
	rng := rand.New(rand.NewPCG(1, 1))
	weights := make([]float64, n)
	for i := range weights {
		weights[i] = 1.5 + float64(rng.IntN(100))/66
	}
	s := selectPoints(t, v, analysis.KCenterOptions{Weights: weights, Threshold: 0.9})
	if len(s.Rows) < 600 || len(s.Rows) == n {
		t.Fatalf("%d of %d points are selected, which tests little", len(s.Rows), n)
	}
	c, err := analysis.CheckOrder(context.Background(), v, s.Rows, weights, 0.9, 2)
	least := slices.Min(s.Score[1:])
	if want := (&analysis.OrderCheck{Points: len(s.Rows), FirstCovered: -1, Least: least}); err != nil || !reflect.DeepEqual(c, want) {
		t.Errorf("%+v, want %+v (%v)", c, want, err)
	}
	// By hand on a line: 0 (weight 2), 1 (3, rises), 5 (1), 1.25 (1: 0.25 away).
	line := vectorsOf(t, [][]float64{{0}, {1}, {5}, {1.25}})
	c, err = analysis.CheckOrder(context.Background(), line, []int{0, 1, 2, 3}, []float64{2, 3, 1, 1}, 0.8, 1)
	if want := (&analysis.OrderCheck{Points: 4, Rises: 1, Covered: 1, FirstCovered: 3, Least: 0.25}); err != nil || !reflect.DeepEqual(c, want) {
		t.Errorf("%+v, want %+v (%v)", c, want, err)
	}
	for _, order := range [][]int{{0, 0}, {4}, {-1}} {
		if _, err := analysis.CheckOrder(context.Background(), line, order, nil, 0.8, 1); err == nil {
			t.Errorf("order %v was accepted", order)
		}
	}
}

func ExampleNearPairs() {
	ctx := context.Background()
	v, err := analysis.NewVectors(ctx, []float32{0, 10, 10.25, 0, 30}, 1, analysis.Euclidean)
	if err != nil {
		panic(err)
	}
	pairs, total, err := analysis.NearPairs(ctx, v, 0.5, 10, 0)
	if err != nil {
		panic(err)
	}
	fmt.Println(total, "pairs:", pairs)
	// Output: 2 pairs: [{0 3 0} {1 2 0.25}]
}

func ExampleNearest() {
	ctx := context.Background()
	v, err := analysis.NewVectors(ctx, []float32{0, 1, 2, 100, 101, 102}, 1, analysis.Euclidean)
	if err != nil {
		panic(err)
	}
	a, err := analysis.Nearest(ctx, v, []int{0, 5}, 0)
	if err != nil {
		panic(err)
	}
	fmt.Println(a.Centre, a.Distance)
	fmt.Println(a.Within(1), "of", v.Rows(), "are within 1; groups of", a.Sizes())
	// Output:
	// [0 0 0 1 1 1] [0 1 2 2 1 0]
	// 4 of 6 are within 1; groups of [3 3]
}

func ExampleMeasureRankOrder() {
	// Two models, three scenarios: 3, 2 and 1.5 points of disagreement.
	score := func(s int) analysis.Position {
		p, err := analysis.NewPosition(s)
		if err != nil {
			panic(err)
		}
		return p
	}
	set := analysis.ModelSet{Name: "two", Models: []string{"a", "b"}}
	low := []analysis.Position{score(0), score(0), score(0)}
	p, err := analysis.NewPositions(set.Models, [][2][]analysis.Position{{low, low}, {{score(6), score(4), score(3)}, low}}, analysis.Clusters{})
	if err != nil {
		panic(err)
	}
	d, err := analysis.MeasureDisagreement(p, set)
	if err != nil {
		panic(err)
	}
	ranks := []int64{10, 20, 30}
	r, err := analysis.MeasureRankOrder(func(row int) (int64, bool) { return ranks[row], true }, d)
	if err != nil {
		panic(err)
	}
	fmt.Println(r.Falling(), r.First.StdDev(), "to", r.Last.StdDev())
	// Output: true 3 to 1.5
}

func ExampleMeasureSeedSensitivity() {
	ctx := context.Background()
	// Two pairs of duplicates: whatever the start, one of each is selected.
	v, err := analysis.NewVectors(ctx, []float32{0, 0, 9, 9}, 1, analysis.Euclidean)
	if err != nil {
		panic(err)
	}
	r, err := analysis.MeasureSeedSensitivity(ctx, v, analysis.KCenterOptions{K: 2}, []uint64{1, 2, 3})
	if err != nil {
		panic(err)
	}
	fmt.Println("sizes", r.Sizes, "radii", r.Radii)
	// Output: sizes [2 2 2] radii [0 0 0]
}

func ExampleCheckOrder() {
	ctx := context.Background()
	v, err := analysis.NewVectors(ctx, []float32{0, 1, 5, 1.25}, 1, analysis.Euclidean)
	if err != nil {
		panic(err)
	}
	c, err := analysis.CheckOrder(ctx, v, []int{0, 1, 2, 3}, []float64{3, 2, 1, 1}, 0.8, 0)
	if err != nil {
		panic(err)
	}
	fmt.Println(c.Rises, "rises;", c.Covered, "would have been left out, the first in place", c.FirstCovered)
	// Output: 0 rises; 1 would have been left out, the first in place 3
}

func ExampleKept() {
	share, err := analysis.Kept{Kept: 3, Of: 4}.Share()
	fmt.Println(share, err)
	// Output: 0.75 <nil>
}

func ExampleVectors() {
	ctx := context.Background()
	v, err := analysis.NewVectors(ctx, []float32{3, 0, 0, 2}, 2, analysis.Cosine)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%d vectors of %d numbers, %.4f apart\n", v.Rows(), v.Dim(), v.Distance(0, 1))

	_, err = analysis.NewVectors(ctx, []float32{3, 0, 0, 0}, 2, analysis.Cosine)
	fmt.Println(err)
	// Output:
	// 2 vectors of 2 numbers, 1.4142 apart
	// analysis: vectors: row 1 is zero and has no direction, which the metric cosine needs
}

func ExampleParseKCenterMethod() {
	m, err := analysis.ParseKCenterMethod("wang-cheng")
	fmt.Println(m == analysis.WangCheng, err)
	_, err = analysis.ParseKCenterMethod("greedy")
	fmt.Println(err)
	// Output:
	// true <nil>
	// unknown name: no method "greedy"; nearest: paper, farthest, wang-cheng
}

func ExampleParseVectorMetric() {
	m, err := analysis.ParseVectorMetric(analysis.Cosine.String())
	fmt.Println(m == analysis.Cosine, err)
	// Output: true <nil>
}

// The scenarios of twoModels whose disagreement is 2.5 or more are the last
// three.
func ExampleKeptAtLeast() {
	p, set := twoModels()
	d, _ := analysis.MeasureDisagreement(p, set)
	kept, err := analysis.KeptAtLeast([]int{0, 6, 7}, d, 2.5)
	fmt.Println(kept.Kept, "of", kept.Of, err)
	// Output: 2 of 3 <nil>
}

func ExampleKept_Share() {
	fmt.Println(analysis.Kept{Kept: 2, Of: 4}.Share())
	_, err := analysis.Kept{}.Share()
	fmt.Println(errors.Is(err, analysis.ErrUndefined))
	// Output:
	// 0.5 <nil>
	// true
}

// onALine has points at 0, 1, 2 and 10.
func onALine() *analysis.Vectors {
	v, err := analysis.NewVectors(context.Background(), []float32{0, 1, 2, 10}, 1, analysis.Euclidean)
	if err != nil {
		panic(err)
	}
	return v
}

func ExampleStartAt() {
	s, err := analysis.KCenter(context.Background(), onALine(), analysis.KCenterOptions{K: 2, Start: analysis.StartAt(3)})
	fmt.Println(s.Rows, s.Distance[1], err)
	// Output: [3 0] 10 <nil>
}

func ExampleStartHeaviest() {
	s, err := analysis.KCenter(context.Background(), onALine(), analysis.KCenterOptions{Method: analysis.FarthestFirst,
		Weights: []float64{1, 3, 1, 1}, K: 2, Start: analysis.StartHeaviest()})
	fmt.Println(s.Rows, err)
	// Output: [1 3] <nil>
}

// Equal seeds begin with the same point.
func ExampleStartRandom() {
	first := func(seed uint64) int {
		s, err := analysis.KCenter(context.Background(), onALine(), analysis.KCenterOptions{K: 1, Start: analysis.StartRandom(seed)})
		if err != nil {
			panic(err)
		}
		return s.Rows[0]
	}
	once, again := first(7), first(7)
	fmt.Println(once == again)
	// Output: true
}

func ExampleNewVectors() {
	_, err := analysis.NewVectors(context.Background(), []float32{3, 4, 0, 0}, 2, analysis.Cosine)
	fmt.Println(err)
	// Output: analysis: vectors: row 1 is zero and has no direction, which the metric cosine needs
}

func ExampleSelection_Prefix() {
	s, _ := analysis.KCenter(context.Background(), onALine(), analysis.KCenterOptions{K: 3, Start: analysis.StartAt(0)})
	two, err := s.Prefix(2)
	fmt.Println(s.Rows, two.Rows, two.Radius, err)
	// Output: [0 3 2] [0 3] 2 <nil>
}
