package analysis_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// vectorsOf makes vectors of points.
func vectorsOf(t testing.TB, points [][]float64) *analysis.Vectors {
	t.Helper()
	var data []float32
	for _, p := range points {
		for _, x := range p {
			data = append(data, float32(x))
		}
	}
	return mustVectors(t, data, len(points[0]), analysis.Euclidean)
}

func mustVectors(t testing.TB, data []float32, dim int, metric analysis.VectorMetric) *analysis.Vectors {
	t.Helper()
	v, err := analysis.NewVectors(context.Background(), data, dim, metric)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func selectPoints(t testing.TB, v *analysis.Vectors, opt analysis.KCenterOptions) *analysis.Selection {
	t.Helper()
	s, err := analysis.KCenter(context.Background(), v, opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// bruteRadius is the least covering radius of k points, and one set of them
// that has it, by trying all sets.
func bruteRadius(points [][]float64, weights []float64, k int) (radius float64, set []int) {
	radius = math.Inf(1)
	var try func(from int, chosen []int)
	try = func(from int, chosen []int) {
		if len(chosen) == k {
			if r := coveringRadius(points, weights, chosen); r < radius {
				radius, set = r, slices.Clone(chosen)
			}
			return
		}
		for i := from; i < len(points); i++ {
			try(i+1, append(chosen, i))
		}
	}
	try(0, nil)
	return radius, set
}

func coveringRadius(points [][]float64, weights []float64, chosen []int) float64 {
	radius := 0.0
	for i, p := range points {
		nearest := math.Inf(1)
		for _, c := range chosen {
			nearest = min(nearest, euclid(p, points[c]))
		}
		if weights != nil {
			nearest *= weights[i]
		}
		radius = max(radius, nearest)
	}
	return radius
}

func euclid(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += (a[i] - b[i]) * (a[i] - b[i])
	}
	return math.Sqrt(sum)
}

// TestKCenterReference holds the selections to reference_stats.json.
func TestKCenterReference(t *testing.T) {
	text, err := os.ReadFile("testdata/reference_stats.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			ID       string
			Stat     string
			Input    json.RawMessage
			Expected struct {
				Selected      []int
				SelectedFirst []int `json:"selected_first"`
				Radius        float64
				OptRadius     *float64 `json:"opt_radius"`
				Opt           []int
				Ratio         float64
			}
			Tol float64
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, c := range file.Cases {
		if !strings.HasPrefix(c.Stat, "k_center") || c.Stat == "k_center_property" {
			continue // the latter is TestKCenterLaws
		}
		seen++
		t.Run(c.ID, func(t *testing.T) {
			var in struct {
				Points  [][]float64
				Weights []float64
				K       int
				Start   *int
			}
			if err := json.Unmarshal(c.Input, &in); err != nil {
				t.Fatal(err)
			}
			start := analysis.StartHeaviest()
			if in.Start != nil {
				start = analysis.StartAt(*in.Start)
			}
			v := vectorsOf(t, in.Points)
			s := selectPoints(t, v, analysis.KCenterOptions{Method: analysis.FarthestFirst, Weights: in.Weights, K: in.K, Start: start})
			want := c.Expected.Selected
			if want == nil {
				want = c.Expected.SelectedFirst
			}
			if !slices.Equal(s.Rows, want) || math.Abs(s.Radius-c.Expected.Radius) > c.Tol {
				t.Errorf("selected %v with radius %v, want %v with %v", s.Rows, s.Radius, want, c.Expected.Radius)
			}
			if c.Expected.OptRadius == nil {
				return
			}
			best, set := bruteRadius(in.Points, in.Weights, in.K)
			if math.Abs(best-*c.Expected.OptRadius) > c.Tol || math.Abs(coveringRadius(in.Points, in.Weights, c.Expected.Opt)-best) > c.Tol {
				t.Errorf("the least radius is %v by %v, want %v by %v", best, set, *c.Expected.OptRadius, c.Expected.Opt)
			}
			if in.Weights == nil {
				return
			}
			if ratio := s.Radius / best; ratio <= 2 || math.Abs(ratio-c.Expected.Ratio) > c.Tol {
				t.Errorf("farthest-first has %v times the least radius, want %v, which is above 2", ratio, c.Expected.Ratio)
			}
			w := selectPoints(t, v, analysis.KCenterOptions{Weights: in.Weights, K: in.K})
			if w.Method != analysis.WangCheng || len(w.Rows) > in.K || w.Radius > 2*best {
				t.Errorf("wang-cheng: %d points with radius %v, want at most %d with at most %v", len(w.Rows), w.Radius, in.K, 2*best)
			}
		})
	}
	if seen != 3 {
		t.Errorf("%d cases, want 3", seen)
	}
}

// TestKCenterLaws tries what is proved on random instances, as
// reference_stats.json asks under kcenter_property: 3 to 9 points of a 20x20
// grid, k of 1 to 4.
func TestKCenterLaws(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 1))
	const slack = 1 + 1e-9
	for instance := range 1000 {
		n, k := 3+rng.IntN(7), 1+rng.IntN(4)
		k = min(k, n)
		points := make([][]float64, n)
		weights := make([]float64, n)
		for i := range points {
			points[i] = []float64{float64(rng.IntN(20)), float64(rng.IntN(20))}
			weights[i] = 0.1 + 3*rng.Float64()
		}
		v := vectorsOf(t, points)
		fail := func(format string, args ...any) {
			t.Helper()
			t.Fatalf("instance %d, k=%d, points %v, weights %.3v: %s", instance, k, points, weights, fmt.Sprintf(format, args...))
		}
		for _, w := range [][]float64{nil, weights} {
			best, _ := bruteRadius(points, w, k)
			opt := analysis.KCenterOptions{Method: analysis.FarthestFirst, Weights: w, K: k, Start: analysis.StartHeaviest()}
			s := selectPoints(t, v, opt)
			factor := 2.0
			if w != nil {
				factor = min(3, 1+slices.Max(w)/slices.Min(w)) // Dyer and Frieze 1985
			}
			if s.Radius > factor*best*slack {
				fail("farthest-first: radius %v, the least %v", s.Radius, best)
			}
			if math.Abs(s.Radius-coveringRadius(points, w, s.Rows)) > 1e-6*s.Radius {
				fail("farthest-first: radius %v, want %v", s.Radius, coveringRadius(points, w, s.Rows))
			}
			if w == nil {
				for i, a := range s.Rows {
					for _, b := range s.Rows[:i] {
						if euclid(points[a], points[b])*slack < s.Radius {
							fail("points %d and %d are nearer than the radius %v", a, b, s.Radius)
						}
					}
				}
			}
			if k > 1 {
				opt.K = k - 1
				fewer := selectPoints(t, v, opt)
				prefix, err := s.Prefix(min(k-1, len(s.Rows)))
				if err != nil {
					t.Fatal(err)
				}
				prefix.Distances, fewer.Distances = 0, 0
				if len(s.Rows) == k && !reflect.DeepEqual(prefix, fewer) {
					fail("the first %d are %+v, alone %+v", k-1, prefix, fewer)
				}
			}
			if best == 0 {
				continue
			}
			c := selectPoints(t, v, analysis.KCenterOptions{Method: analysis.WangCheng, Weights: w, Threshold: 2 * best * slack})
			if len(c.Rows) > k || c.Radius > 2*best*slack {
				fail("wang-cheng at twice the least radius %v: %d points, radius %v", best, len(c.Rows), c.Radius)
			}
			c = selectPoints(t, v, analysis.KCenterOptions{Method: analysis.WangCheng, Weights: w, K: k})
			if len(c.Rows) > k || c.Radius > 2*best*slack || math.Abs(c.Radius-coveringRadius(points, w, c.Rows)) > 1e-6*c.Radius {
				fail("wang-cheng for k: %v with radius %v, the least %v", c.Rows, c.Radius, best)
			}
		}
	}
}

// denseKCenter is KCenter by computing every distance: what the frontier
// must agree with in everything but the number of distances.
func denseKCenter(v *analysis.Vectors, opt analysis.KCenterOptions, first int) *analysis.Selection {
	weight := func(row int) float64 {
		if opt.Weights == nil {
			return 1
		}
		return opt.Weights[row]
	}
	s := &analysis.Selection{Method: opt.Method, Threshold: opt.Threshold, Points: v.Rows()}
	near := make([]float64, v.Rows())
	for i := range near {
		near[i] = math.Inf(1)
	}
	taken := make([]bool, v.Rows())
	score := func(row int) float64 {
		if weight(row) == 0 {
			return 0
		}
		return near[row] * weight(row)
	}
	take := func(row int, distance, score float64) {
		s.Rows, s.Distance, s.Score = append(s.Rows, row), append(s.Distance, distance), append(s.Score, score)
		taken[row] = true
		for i := range near {
			near[i] = min(near[i], v.Distance(i, row))
		}
	}
	farthest := func() int {
		best := -1
		for i := range near {
			if !taken[i] && (best < 0 || score(i) > score(best)) {
				best = i
			}
		}
		return best
	}
	if opt.Method == analysis.WangCheng {
		order := make([]int, v.Rows())
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weight(b), weight(a)) })
		take(order[0], math.Inf(1), math.Inf(1))
		for _, row := range order[1:] {
			if score(row) > opt.Threshold {
				take(row, near[row], score(row))
			}
		}
		if best := farthest(); best >= 0 {
			s.Radius = score(best)
		}
		return s
	}
	take(first, math.Inf(1), math.Inf(1))
	for {
		best := farthest()
		s.Radius = 0
		if best >= 0 {
			s.Radius = score(best)
		}
		switch {
		case opt.Threshold >= 0 && s.Radius <= opt.Threshold:
			s.Stopped = analysis.AtThreshold
		case len(s.Rows) == opt.K:
			s.Stopped = analysis.AtK
		case s.Radius == 0:
			s.Stopped = analysis.AllCovered
		default:
			take(best, near[best], score(best))
			continue
		}
		return s
	}
}

// TestKCenterAsDense: thousands of random sets, most of them with ties and
// duplicates, give exactly what computing every distance gives.
func TestKCenterAsDense(t *testing.T) {
	sets := 6000
	if testing.Short() {
		sets = 1500
	}
	rng := rand.New(rand.NewPCG(3, 5))
	for set := range sets {
		n, dim := 1+rng.IntN(120), []int{1, 2, 3, 5, 32, 40}[rng.IntN(6)]
		data := make([]float32, n*dim)
		grid := []int{2, 4, 20, 0}[rng.IntN(4)] // few places: many ties and duplicates
		for i := range data {
			if grid > 0 {
				data[i] = float32(rng.IntN(grid))
			} else {
				data[i] = float32(rng.NormFloat64())
			}
		}
		v := mustVectors(t, data, dim, analysis.Euclidean)
		opt := analysis.KCenterOptions{Method: analysis.FarthestFirst, Threshold: -1, Workers: 1 + set%3}
		if rng.IntN(2) == 0 {
			opt.Weights = make([]float64, n)
			for i := range opt.Weights {
				opt.Weights[i] = float64(rng.IntN(4)) / 2 // ties, and points without weight
			}
		}
		switch rng.IntN(3) {
		case 0:
			opt.K = 1 + rng.IntN(n)
		case 1:
			opt.Threshold = 3 * rng.Float64()
		}
		if rng.IntN(3) == 0 {
			opt.Method, opt.K = analysis.WangCheng, 0
			opt.Threshold = 0.1 + 3*rng.Float64()
		}
		first := rng.IntN(n)
		opt.Start = analysis.StartAt(first)
		got, want := selectPoints(t, v, opt), denseKCenter(v, opt, first)
		if got.Distances > int64(n)*int64(max(1, len(got.Rows))) {
			t.Fatalf("set %d: %d distances among %d points for %d selected", set, got.Distances, n, len(got.Rows))
		}
		got.Distances = 0
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("set %d, n=%d dim=%d grid=%d, %+v:\n got %+v\nwant %+v", set, n, dim, grid, opt, got, want)
		}
	}
}

// clustered makes unit vectors around some directions, a few of them twice.
func clustered(seed uint64, n, dim, topics int) []float32 {
	rng := rand.New(rand.NewPCG(seed, 7))
	centre := make([]float64, topics*dim)
	for i := range centre {
		centre[i] = rng.NormFloat64()
	}
	data := make([]float32, 0, n*dim)
	for range n {
		if len(data) > 0 && rng.IntN(20) == 0 {
			again := rng.IntN(len(data) / dim)
			data = append(data, data[again*dim:(again+1)*dim]...)
			continue
		}
		topic := rng.IntN(topics)
		row := make([]float64, dim)
		length := 0.0
		for i := range row {
			row[i] = centre[topic*dim+i] + 0.6*rng.NormFloat64()
			length += row[i] * row[i]
		}
		for _, x := range row {
			data = append(data, float32(x/math.Sqrt(length)))
		}
	}
	return data
}

// TestKCenterWorkers: one, two and sixteen goroutines give the same, down to
// the number of distances, and it is the dense method's; the sets are large
// enough for goroutines to be used.
func TestKCenterWorkers(t *testing.T) {
	const n, dim = 3000, 96
	v := mustVectors(t, clustered(1, n, dim, 40), dim, analysis.Euclidean)
	rng := rand.New(rand.NewPCG(2, 2))
	weights := make([]float64, n)
	for i := range weights {
		weights[i] = math.Sqrt(float64(rng.IntN(1297))) / 12 // deviations of twelve scores
	}
	for name, opt := range map[string]analysis.KCenterOptions{
		"k":                  {K: 500},
		"threshold":          {Threshold: 0.7},
		"weighted":           {Method: analysis.FarthestFirst, Weights: weights, Threshold: 1},
		"wang-cheng":         {Weights: weights, Threshold: 1},
		"wang-cheng for k":   {Weights: weights, K: 50},
		"started by a seed":  {K: 20, Start: analysis.StartRandom(9)},
		"until all are near": {Threshold: -1, K: 0},
	} {
		t.Run(name, func(t *testing.T) {
			var one *analysis.Selection
			for _, workers := range []int{1, 2, 16} {
				opt.Workers = workers
				s := selectPoints(t, v, opt)
				if one == nil {
					one = s
				}
				if !reflect.DeepEqual(s, one) {
					t.Errorf("%d workers give %d points, %d distances, radius %v; one gives %d, %d, %v",
						workers, len(s.Rows), s.Distances, s.Radius, len(one.Rows), one.Distances, one.Radius)
				}
			}
			if opt.K > 0 && opt.Weights != nil {
				return // the dense method knows no search for k
			}
			opt.Method, opt.Threshold = one.Method, one.Threshold
			want := denseKCenter(v, opt, one.Rows[0])
			want.Distances = one.Distances
			if !reflect.DeepEqual(one, want) {
				t.Errorf("%d points with radius %v, the dense method gives %d with %v", len(one.Rows), one.Radius, len(want.Rows), want.Radius)
			}
		})
	}
}

// TestKCenterEdges: what is odd is handled or refused with its place.
func TestKCenterEdges(t *testing.T) {
	ctx := context.Background()
	one := vectorsOf(t, [][]float64{{1, 2}})
	if s := selectPoints(t, one, analysis.KCenterOptions{K: 3}); !slices.Equal(s.Rows, []int{0}) || s.Stopped != analysis.AllCovered || s.Radius != 0 {
		t.Errorf("one point: %+v", s)
	}
	same := vectorsOf(t, [][]float64{{0, 0}, {0, 0}, {0, 0}})
	for _, m := range []analysis.KCenterMethod{analysis.FarthestFirst, analysis.WangCheng} {
		s := selectPoints(t, same, analysis.KCenterOptions{Method: m, K: 2, Start: analysis.StartAt(1)})
		if len(s.Rows) != 1 || s.Radius != 0 || s.Stopped != analysis.AllCovered {
			t.Errorf("%s of three zero vectors: %+v, want one", m, s)
		}
	}
	if s := selectPoints(t, vectorsOf(t, [][]float64{{0}, {1}, {5}}), analysis.KCenterOptions{Method: analysis.FarthestFirst, Weights: []float64{1, 1, 0}, K: 3, Start: analysis.StartAt(2)}); !slices.Equal(s.Rows, []int{2, 0, 1}) {
		t.Errorf("a start of weight 0: %v, want 2 0 1", s.Rows)
	}

	line := vectorsOf(t, [][]float64{{0}, {1}, {5}})
	nan, inf := math.NaN(), math.Inf(1)
	for want, opt := range map[string]analysis.KCenterOptions{
		"2 weights for 3 points":           {Weights: []float64{1, 2}},
		"row 1: its weight is NaN":         {Weights: []float64{1, nan, 1}},
		"row 2: its weight is -1":          {Weights: []float64{1, 1, -1}},
		"row 0: its weight is +Inf":        {Weights: []float64{inf, 1, 1}},
		"k is -1":                          {K: -1},
		"the threshold is NaN":             {Threshold: nan},
		"start at row 3, want 0..2":        {Start: analysis.StartAt(3)},
		"start at row -1, want 0..2":       {Start: analysis.StartAt(-1)},
		"-2 workers":                       {Workers: -2},
		"unknown method 7":                 {Method: 7},
		"takes a threshold or k, not both": {Method: analysis.WangCheng, K: 1, Threshold: 1},
	} {
		if _, err := analysis.KCenter(ctx, line, opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want %q", opt, err, want)
		}
	}

	f := float32(1)
	for _, c := range []struct {
		data   []float32
		dim    int
		metric analysis.VectorMetric
		want   string
	}{
		{[]float32{f, f, f, float32(nan)}, 2, analysis.Euclidean, "row 1 column 1 is NaN"},
		{[]float32{f, f, float32(inf), f}, 2, analysis.Euclidean, "row 1 column 0 is +Inf"},
		{[]float32{f, f, 3e19, f}, 2, analysis.Euclidean, "row 1 is too long"},
		{[]float32{f, f, 0, 0}, 2, analysis.Cosine, "row 1 is zero"},
		{[]float32{f, f, f}, 2, analysis.Euclidean, "3 elements are no whole number of rows of 2"},
		{nil, 2, analysis.Euclidean, "no rows"},
		{[]float32{f}, 0, analysis.Euclidean, "0 dimensions"},
		{[]float32{f}, 1, 9, "unknown metric 9"},
	} {
		if _, err := analysis.NewVectors(ctx, c.data, c.dim, c.metric); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v in %d dimensions, %s", err, c.dim, c.want)
		}
	}

	ctx, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := analysis.KCenter(ctx, line, analysis.KCenterOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context: %v", err)
	}
}

// TestCosine: directions alone count; chords of right angles are sqrt 2.
func TestCosine(t *testing.T) {
	data := []float32{3, 0, 0, 0.5, 10, 0, -2, 0}
	v := mustVectors(t, data, 2, analysis.Cosine)
	for _, c := range []struct {
		i, j int
		want float64
	}{{0, 1, math.Sqrt2}, {0, 2, 0}, {0, 3, 2}, {1, 3, math.Sqrt2}} {
		if d := v.Distance(c.i, c.j); math.Abs(d-c.want) > 1e-6 {
			t.Errorf("rows %d and %d are %v apart, want %v", c.i, c.j, d, c.want)
		}
	}
	if shortest, longest := v.Lengths(); shortest != 0.5 || longest != 10 || v.Unit() {
		t.Errorf("lengths %v to %v, want 0.5 to 10 and not unit", shortest, longest)
	}
	if data[0] != 3 {
		t.Error("the caller's data were changed")
	}
	unit := []float32{1, 0, 0.6, 0.8}
	if v := mustVectors(t, unit, 2, analysis.Cosine); !v.Unit() || &v.Row(0)[0] != &unit[0] {
		t.Error("unit vectors were copied")
	}
}

// TestSizeAt reads Figure 9 from one traversal.
func TestSizeAt(t *testing.T) {
	const dim = 24
	v := mustVectors(t, clustered(4, 500, dim, 12), dim, analysis.Euclidean)
	all := selectPoints(t, v, analysis.KCenterOptions{Threshold: 0.3, Start: analysis.StartAt(0)})
	for _, threshold := range []float64{0.3, 0.5, 0.9, 1.3, 2} {
		n, err := all.SizeAt(threshold)
		if err != nil {
			t.Fatal(err)
		}
		s := selectPoints(t, v, analysis.KCenterOptions{Threshold: threshold, Start: analysis.StartAt(0)})
		if len(s.Rows) != n || !slices.Equal(s.Rows, all.Rows[:n]) {
			t.Errorf("at %v the curve has %d, a selection of its own %d", threshold, n, len(s.Rows))
		}
	}
	few := selectPoints(t, v, analysis.KCenterOptions{K: 10, Start: analysis.StartAt(0)})
	if n, err := few.SizeAt(few.Radius); n != 10 || err != nil {
		t.Errorf("at the radius of ten points: %d, %v", n, err)
	}
	if _, err := few.SizeAt(few.Radius / 2); err == nil {
		t.Error("a size below the end of the traversal was given")
	}
	if _, err := all.SizeAt(math.NaN()); err == nil {
		t.Error("a size at NaN was given")
	}
	if _, err := all.Prefix(0); err == nil {
		t.Error("a prefix of no points was given")
	}
	w := selectPoints(t, v, analysis.KCenterOptions{Method: analysis.WangCheng, Threshold: 0.5})
	if _, err := w.SizeAt(1); err == nil {
		t.Error("wang-cheng has no curve")
	}
	if _, err := w.Prefix(1); err == nil {
		t.Error("wang-cheng has no prefixes")
	}
}

func ExampleKCenter() {
	ctx := context.Background()
	// Six points on a line, in two groups.
	v, err := analysis.NewVectors(ctx, []float32{0, 1, 2, 100, 101, 102}, 1, analysis.Euclidean)
	if err != nil {
		panic(err)
	}
	s, err := analysis.KCenter(ctx, v, analysis.KCenterOptions{K: 2, Start: analysis.StartAt(0)})
	if err != nil {
		panic(err)
	}
	fmt.Println(s.Rows, s.Radius)

	// The paper's weighted rule: heavy scenarios first, and none whose
	// disagreement times distance to one before is at most 0.8.
	s, err = analysis.KCenter(ctx, v, analysis.KCenterOptions{Weights: []float64{0.5, 2, 0.7, 1, 1, 2.5}})
	if err != nil {
		panic(err)
	}
	fmt.Println(s.Method, s.Rows, s.Threshold)
	// Output:
	// [0 5] 2
	// wang-cheng [5 1 3 4] 0.8
}

func ExampleSelection_SizeAt() {
	ctx := context.Background()
	v, err := analysis.NewVectors(ctx, []float32{0, 1, 2, 100, 101, 102}, 1, analysis.Euclidean)
	if err != nil {
		panic(err)
	}
	s, err := analysis.KCenter(ctx, v, analysis.KCenterOptions{Threshold: -1, Start: analysis.StartAt(0)})
	if err != nil {
		panic(err)
	}
	for _, d := range []float64{50, 1.5, 0.5} {
		n, err := s.SizeAt(d)
		if err != nil {
			panic(err)
		}
		fmt.Println(n, "scenarios farther apart than", d)
	}
	first, err := s.Prefix(2)
	if err != nil {
		panic(err)
	}
	fmt.Println("the first two cover all within", first.Radius)
	// Output:
	// 2 scenarios farther apart than 50
	// 4 scenarios farther apart than 1.5
	// 6 scenarios farther apart than 0.5
	// the first two cover all within 2
}
