package analysis_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/specstress/specstress/analysis"
)

// ratioOf is the bootstrap statistic "sum of y over sum of x".
func ratioOf(y, x []float64) func([]int32) (float64, error) {
	return func(weights []int32) (float64, error) {
		var sy, sx float64
		for c, w := range weights {
			sy += float64(w) * y[c]
			sx += float64(w) * x[c]
		}
		return sy / sx, nil
	}
}

// varianceOf is the bootstrap statistic "population variance of y".
func varianceOf(y []float64) func([]int32) (float64, error) {
	return func(weights []int32) (float64, error) {
		mean, err := meanOf(y)(weights)
		if err != nil {
			return 0, err
		}
		var squares, n float64
		for c, w := range weights {
			squares += float64(w) * (y[c] - mean) * (y[c] - mean)
			n += float64(w)
		}
		return squares / n, nil
	}
}

func TestBCaAgainstScipy(t *testing.T) {
	var oracle []struct {
		Stat       string
		Y, X       []float64
		Replicates int
		Seed       uint64
		SE         float64
		BCa95      [2]float64 `json:"BCa_0.95"`
		BCa80      [2]float64 `json:"BCa_0.8"`
		Perc95     [2]float64 `json:"percentile_0.95"`
		Perc80     [2]float64 `json:"percentile_0.8"`
	}
	oracleJSON(t, "bca.json", &oracle)
	for _, c := range oracle {
		stat := map[string]func([]int32) (float64, error){"mean": meanOf(c.Y), "ratio": ratioOf(c.Y, c.X), "variance": varianceOf(c.Y)}[c.Stat]
		for _, want := range []struct {
			level     float64
			bca, perc [2]float64
		}{{0.95, c.BCa95, c.Perc95}, {0.8, c.BCa80, c.Perc80}} {
			plain, err := analysis.Bootstrap(len(c.Y), c.Replicates, c.Seed, want.level, stat)
			if err != nil {
				t.Fatal(err)
			}
			bca, err := analysis.BootstrapBCa(len(c.Y), c.Replicates, c.Seed, want.level, stat)
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%s of %d at %v", c.Stat, len(c.Y), want.level)
			near(t, name+": SE", plain.SE, c.SE, 1e-12)
			near(t, name+": percentile", plain.Lo, want.perc[0], 1e-12)
			near(t, name+": percentile", plain.Hi, want.perc[1], 1e-12)
			near(t, name+": BCa", bca.Lo, want.bca[0], 1e-9)
			near(t, name+": BCa", bca.Hi, want.bca[1], 1e-9)
			if bca.SE != plain.SE || !slices.Equal(bca.Replicates, plain.Replicates) || bca.Interval != "BCa" || plain.Interval != "percentile" {
				t.Errorf("%s: %+v", name, bca)
			}
		}
	}
	if len(oracle) == 0 {
		t.Error("no cases")
	}
}

func TestBCaAcceleration(t *testing.T) {
	// Of a mean it is sum d^3 / (6 (sum d^2)^1.5), d the deviations from
	// the mean; blocks of many clusters come near it.
	skewed := func(n int) []float64 {
		x := normals(n, 12)
		for i := range x {
			x[i] = math.Exp(x[i])
		}
		return x
	}
	for _, n := range []int{40, 2000, 4100} {
		x := skewed(n)
		r, err := analysis.BootstrapBCa(n, 200, 1, 0.95, meanOf(x))
		if err != nil {
			t.Fatal(err)
		}
		mean := 0.0
		for _, v := range x {
			mean += v / float64(n)
		}
		var squares, cubes float64
		for _, v := range x {
			squares += (v - mean) * (v - mean)
			cubes += (v - mean) * (v - mean) * (v - mean)
		}
		tolerance := 1e-9
		if n > 2000 {
			tolerance = 0.002
		}
		near(t, fmt.Sprintf("acceleration of %d", n), r.Acceleration, cubes/(6*math.Pow(squares, 1.5)), tolerance)
	}
}

func TestBCaUndefined(t *testing.T) {
	x := []float64{1, 2, 3, 4, 5, 6}
	needsAll := func(weights []int32) (float64, error) {
		if weights[2] == 0 {
			return 0, analysis.ErrUndefined
		}
		return meanOf(x)(weights)
	}
	if _, err := analysis.BootstrapBCa(6, 200, 1, 0.95, needsAll); !errors.Is(err, analysis.ErrUndefined) {
		t.Errorf("without a cluster: %v", err)
	}
	notWhole := func(weights []int32) (float64, error) {
		if !slices.ContainsFunc(weights, func(w int32) bool { return w != 1 }) {
			return math.NaN(), nil
		}
		return meanOf(x)(weights)
	}
	if _, err := analysis.BootstrapBCa(6, 200, 1, 0.95, notWhole); !errors.Is(err, analysis.ErrUndefined) {
		t.Errorf("on the data: %v", err)
	}
	// The number of clusters drawn is never as high as on the data.
	distinct := func(weights []int32) (float64, error) {
		n := 0.0
		for _, w := range weights {
			if w > 0 {
				n++
			}
		}
		return n, nil
	}
	if _, err := analysis.BootstrapBCa(30, 200, 1, 0.95, distinct); !errors.Is(err, analysis.ErrUndefined) {
		t.Errorf("one-sided: %v", err)
	}
	// A statistic that does not vary has an interval of no width.
	r, err := analysis.BootstrapBCa(6, 200, 1, 0.95, func([]int32) (float64, error) { return 3, nil })
	if err != nil || r.Lo != 3 || r.Hi != 3 || r.Acceleration != 0 {
		t.Errorf("constant: %+v, %v", r, err)
	}
}

func TestBCaBeyondTheReplicates(t *testing.T) {
	x := normals(30, 5)
	for i := range x {
		x[i] = math.Exp(2 * x[i])
	}
	r, err := analysis.BootstrapBCa(30, 40, 1, 0.95, varianceOf(x))
	if err != nil {
		t.Fatal(err)
	}
	value, _ := varianceOf(x)(slices.Repeat([]int32{1}, 30))
	if e := r.Estimate(value, 30); len(e.Warnings) != 1 || e.Method != "cluster bootstrap, BCa 95 %, 40 replicates, seed 1" {
		t.Errorf("got %+v", e)
	}
}

func TestBootstrapManyIsBootstrapOfEach(t *testing.T) {
	x, y := normals(50, 1), normals(50, 2)
	stats := []func([]int32) (float64, error){meanOf(x), varianceOf(y), ratioOf(x, y)}
	for _, cores := range []int{1, 2, 5} {
		old := runtime.GOMAXPROCS(cores)
		many, err := analysis.BootstrapMany(50, 300, 4, 0.9, len(stats), func(weights []int32, out []float64) (err error) {
			for i, stat := range stats {
				if out[i], err = stat(weights); err != nil {
					return err
				}
			}
			return nil
		})
		runtime.GOMAXPROCS(old)
		if err != nil {
			t.Fatal(err)
		}
		for i, stat := range stats {
			one, err := analysis.Bootstrap(50, 300, 4, 0.9, stat)
			if err != nil {
				t.Fatal(err)
			}
			if one.Lo != many[i].Lo || one.Hi != many[i].Hi || one.SE != many[i].SE || !slices.Equal(one.Replicates, many[i].Replicates) {
				t.Errorf("statistic %d: %+v, alone %+v", i, many[i], one)
			}
		}
	}
}

func TestBootstrapManyUndefined(t *testing.T) {
	many, err := analysis.BootstrapMany(5, 100, 1, 0.95, 3, func(weights []int32, out []float64) error {
		out[0] = float64(weights[0])
		if weights[1] > 1 {
			out[2] = 1 // defined on few replicates only
		}
		return nil // out[1] is never set
	})
	if err != nil {
		t.Fatal(err)
	}
	if many[0].Err != nil || many[0].Undefined != 0 || !errors.Is(many[1].Err, analysis.ErrUndefined) || !errors.Is(many[2].Err, analysis.ErrUndefined) {
		t.Errorf("got %v, %v, %v", many[0].Err, many[1].Err, many[2].Err)
	}
	e := many[1].Estimate(2.5, 9)
	if e.HasInterval() || e.Value != 2.5 || e.N != 9 || len(e.Warnings) != 1 {
		t.Errorf("estimate %+v", e)
	}
	none, err := analysis.BootstrapMany(5, 100, 1, 0.95, 1, func([]int32, []float64) error { return analysis.ErrTooFew })
	if err != nil || !errors.Is(none[0].Err, analysis.ErrUndefined) || none[0].Undefined != 100 {
		t.Errorf("never defined: %+v, %v", none, err)
	}
	if _, err := analysis.BootstrapMany(5, 100, 1, 0.95, 0, nil); err == nil {
		t.Error("no statistics accepted")
	}
}

func TestBootstrapEndsAtOnce(t *testing.T) {
	// The lowest replicate that fails is named, on any number of cores, and
	// those far above it are never drawn: they would take minutes.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, cores := range []int{1, 4} {
		old := runtime.GOMAXPROCS(cores)
		start := time.Now()
		_, err := analysis.Bootstrap(100000, 1e6, 1, 0.95, func([]int32) (float64, error) { return 0, ctx.Err() })
		runtime.GOMAXPROCS(old)
		if !errors.Is(err, context.Canceled) || err.Error() != "analysis: bootstrap: replicate 0: context canceled" {
			t.Errorf("%d cores: %v", cores, err)
		}
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("%d cores: ended after %v", cores, d)
		}
	}
}

func ExampleBootstrapBCa() {
	// Problematic responses and responses of each of eight value pairs.
	problematic := []float64{0, 0, 1, 5, 0, 0, 1, 0}
	responses := []float64{5, 5, 10, 5, 5, 5, 5, 10}
	share := func(weights []int32) (float64, error) {
		var p, n float64
		for c, w := range weights {
			p += float64(w) * problematic[c]
			n += float64(w) * responses[c]
		}
		return p / n, nil
	}
	r, err := analysis.BootstrapBCa(8, analysis.Replicates, analysis.DefaultSeed, analysis.Level, share)
	fmt.Printf("7/50 in [%.2f, %.2f], acceleration %.2f, %v\n", r.Lo, r.Hi, r.Acceleration, err)
	// Output: 7/50 in [0.02, 0.53], acceleration 0.11, <nil>
}

func ExampleBootstrapMany() {
	// Two means over the same five value pairs, and their difference, on
	// the same draws.
	a, b := []float64{1, 3, 2, 5, 4}, []float64{1, 2, 2, 4, 3}
	r, err := analysis.BootstrapMany(5, analysis.Replicates, analysis.DefaultSeed, analysis.Level, 3,
		func(weights []int32, out []float64) error {
			var sumA, sumB float64
			for c, w := range weights {
				sumA += float64(w) * a[c]
				sumB += float64(w) * b[c]
			}
			out[0], out[1], out[2] = sumA/5, sumB/5, (sumA-sumB)/5
			return nil
		})
	fmt.Printf("a [%.1f, %.1f], b [%.1f, %.1f], a-b [%.1f, %.1f], %v\n",
		r[0].Lo, r[0].Hi, r[1].Lo, r[1].Hi, r[2].Lo, r[2].Hi, err)
	// Output: a [1.8, 4.2], b [1.6, 3.4], a-b [0.2, 1.0], <nil>
}

// BenchmarkBootstrapMany is twelve means over the value pairs of the whole
// dataset, on draws of their own and on shared ones.
func BenchmarkBootstrapMany(b *testing.B) {
	const clusters, k, replicates = 137000, 12, 200
	x := make([][]float64, k)
	for i := range x {
		x[i] = normals(clusters, uint64(i))
	}
	b.Run("apart", func(b *testing.B) {
		for b.Loop() {
			for _, x := range x {
				if _, err := analysis.Bootstrap(clusters, replicates, 1, 0.95, meanOf(x)); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("shared", func(b *testing.B) {
		for b.Loop() {
			_, err := analysis.BootstrapMany(clusters, replicates, 1, 0.95, k, func(weights []int32, out []float64) error {
				for i, x := range x {
					out[i], _ = meanOf(x)(weights)
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
