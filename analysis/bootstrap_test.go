package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// meanOf is the bootstrap statistic "mean of the clusters' values".
func meanOf(x []float64) func([]int32) (float64, error) {
	return func(weights []int32) (float64, error) {
		var sum, n float64
		for c, w := range weights {
			sum += float64(w) * x[c]
			n += float64(w)
		}
		return sum / n, nil
	}
}

func normals(n int, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 0))
	x := make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
	}
	return x
}

func TestBootstrapSameOnAnyNumberOfCores(t *testing.T) {
	x := normals(101, 3)
	var want analysis.Resampled
	for i, cores := range []int{1, 2, 7} {
		old := runtime.GOMAXPROCS(cores)
		got, err := analysis.Bootstrap(len(x), 300, 5, 0.9, meanOf(x))
		runtime.GOMAXPROCS(old)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			want = got
		}
		if got.Lo != want.Lo || got.Hi != want.Hi || got.SE != want.SE || !slices.Equal(got.Replicates, want.Replicates) {
			t.Errorf("%d cores give other bytes", cores)
		}
	}
	other, _ := analysis.Bootstrap(len(x), 300, 6, 0.9, meanOf(x))
	if slices.Equal(other.Replicates, want.Replicates) {
		t.Error("another seed gives the same draws")
	}
}

func TestBootstrapOfMean(t *testing.T) {
	// Theory: the bootstrap standard error of a mean of C values is the
	// population standard deviation over the root of C; the noise of 2,000
	// replicates is about 1.6 % of it. The limits are those of a normal.
	x := normals(400, 4)
	var sum, squares float64
	for _, v := range x {
		sum += v
		squares += v * v
	}
	mean := sum / 400
	se := math.Sqrt(squares/400-mean*mean) / 20
	r, err := analysis.Bootstrap(len(x), analysis.Replicates, analysis.DefaultSeed, 0.95, meanOf(x))
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(r.SE/se-1) > 0.06 {
		t.Errorf("SE %v, theory %v", r.SE, se)
	}
	if math.Abs(r.Lo-(mean-1.96*se)) > 0.2*se || math.Abs(r.Hi-(mean+1.96*se)) > 0.2*se {
		t.Errorf("interval %v, %v, theory %v ± %v", r.Lo, r.Hi, mean, 1.96*se)
	}
}

func TestBootstrapDrawsAsManyAsThereAre(t *testing.T) {
	for _, clusters := range []int{2, 3, 64, 1001} {
		_, err := analysis.Bootstrap(clusters, 2, 1, 0.95, func(weights []int32) (float64, error) {
			sum := int32(0)
			for _, w := range weights {
				sum += w
			}
			if int(sum) != clusters || len(weights) != clusters {
				return 0, fmt.Errorf("%d draws from %d clusters", sum, len(weights))
			}
			return 0, nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestBootstrapDrawsEvenly(t *testing.T) {
	// One replicate's weights are multinomial: over 1,000 replicates of 7
	// clusters a weight's mean is 1 with standard error sqrt(6/7/1000).
	for c := range 7 {
		r, err := analysis.Bootstrap(7, 1000, 9, 0.95, func(weights []int32) (float64, error) {
			return float64(weights[c]), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		mean := 0.0
		for _, v := range r.Replicates {
			mean += v / 1000
		}
		if math.Abs(mean-1) > 4*math.Sqrt(6.0/7/1000) {
			t.Errorf("cluster %d is drawn %v times in a replicate", c, mean)
		}
	}
}

func TestBootstrapStream(t *testing.T) {
	// A Python program of its own: PCG-DXSM seeded with (1, replicate), low
	// half of each word first, Lemire's rule. Published intervals rest on
	// these draws.
	want := map[int]float64{0: 1010320, 1: 2110012, 1999: 20230}
	r, err := analysis.Bootstrap(7, analysis.Replicates, analysis.DefaultSeed, 0.95, func(weights []int32) (float64, error) {
		digits := 0.0
		for _, w := range weights {
			digits = 10*digits + float64(w)
		}
		return digits, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for replicate, digits := range want {
		if r.Replicates[replicate] != digits {
			t.Errorf("replicate %d draws %07.0f, want %07.0f", replicate, r.Replicates[replicate], digits)
		}
	}
}

func TestBootstrapDrawsAllSamples(t *testing.T) {
	// Of the 4⁴ samples of four clusters 4!/(2!·1!·1!) = 12 hold the first
	// twice, the second and the third once, and not the fourth.
	const replicates = 20000
	r, err := analysis.Bootstrap(4, replicates, 2, 0.95, func(w []int32) (float64, error) {
		if w[0] == 2 && w[1] == 1 && w[2] == 1 {
			return 1, nil
		}
		return 0, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	hits, p := 0.0, 12.0/256
	for _, v := range r.Replicates {
		hits += v
	}
	if math.Abs(hits/replicates-p) > 4*math.Sqrt(p*(1-p)/replicates) {
		t.Errorf("share of these samples %v, want %v", hits/replicates, p)
	}
}

func TestBootstrapQuantileRule(t *testing.T) {
	// NumPy 2, numpy.quantile of the six values with its default method.
	values := []float64{3.2, 0.1, 0.8, 0.4, 0.2, 1.6}
	for _, c := range []struct{ level, lo, hi float64 }{{0.95, 0.1125, 3.0}, {0.5, 0.25, 1.4}} {
		// Replicates come in no set order; which value is whose is free.
		var next atomic.Int64
		r, err := analysis.Bootstrap(3, len(values), 1, c.level, func([]int32) (float64, error) {
			return values[next.Add(1)-1], nil
		})
		if err != nil || math.Abs(r.Lo-c.lo) > 1e-12 || math.Abs(r.Hi-c.hi) > 1e-12 {
			t.Errorf("level %v: %v, %v, %v; want %v, %v", c.level, r.Lo, r.Hi, err, c.lo, c.hi)
		}
	}
}

func TestBootstrapUndefined(t *testing.T) {
	some := func(weights []int32) (float64, error) {
		switch {
		case weights[0] == 0:
			return 0, analysis.ErrUndefined
		case weights[0] == 2:
			return math.NaN(), nil
		}
		return float64(weights[1]), nil
	}
	r, err := analysis.Bootstrap(3, 500, 1, 0.95, some)
	if err != nil {
		t.Fatal(err)
	}
	if r.Undefined == 0 || r.Undefined+len(r.Replicates) != 500 {
		t.Errorf("%d undefined, %d defined", r.Undefined, len(r.Replicates))
	}
	if e := r.Estimate(1, 3); len(e.Warnings) != 1 {
		t.Errorf("warnings %v", e.Warnings)
	}

	never := func([]int32) (float64, error) { return 0, analysis.ErrTooFew }
	if _, err := analysis.Bootstrap(3, 50, 1, 0.95, never); !errors.Is(err, analysis.ErrUndefined) {
		t.Errorf("never defined: %v", err)
	}
	broken := errors.New("broken")
	if _, err := analysis.Bootstrap(3, 50, 1, 0.95, func([]int32) (float64, error) { return 0, broken }); !errors.Is(err, broken) {
		t.Errorf("broken statistic: %v", err)
	}
}

func TestBootstrapRefuses(t *testing.T) {
	stat := meanOf([]float64{1, 2, 3})
	for _, clusters := range []int{0, 1, -1} {
		if _, err := analysis.Bootstrap(clusters, 10, 1, 0.95, stat); !errors.Is(err, analysis.ErrTooFew) {
			t.Errorf("%d clusters: %v", clusters, err)
		}
	}
	if _, err := analysis.Bootstrap(3, 1, 1, 0.95, stat); err == nil {
		t.Error("one replicate accepted")
	}
	for _, level := range []float64{0, 1, math.NaN()} {
		if _, err := analysis.Bootstrap(3, 10, 1, level, stat); err == nil {
			t.Errorf("level %v accepted", level)
		}
	}
}

func ExampleBootstrap() {
	// Problematic responses and responses of each of five value pairs.
	problematic := []float64{0, 2, 1, 5, 3}
	responses := []float64{5, 5, 10, 5, 5}
	r, err := analysis.Bootstrap(5, analysis.Replicates, analysis.DefaultSeed, analysis.Level,
		func(weights []int32) (float64, error) {
			var p, n float64
			for c, w := range weights {
				p += float64(w) * problematic[c]
				n += float64(w) * responses[c]
			}
			return p / n, nil
		})
	fmt.Printf("%d replicates, %d undefined, 11/30 in [%.1f, %.1f], %v\n",
		len(r.Replicates), r.Undefined, r.Lo, r.Hi, err)
	// Output: 2000 replicates, 0 undefined, 11/30 in [0.1, 0.7], <nil>
}

func ExampleResampled_Estimate() {
	x := []float64{1, 2, 3, 4, 5}
	median := func(weights []int32) (float64, error) { // of an odd number of draws
		below := int32(0)
		for i, w := range weights {
			if below += w; below > 2 {
				return x[i], nil
			}
		}
		return 0, analysis.ErrUndefined
	}
	r, err := analysis.Bootstrap(5, analysis.Replicates, analysis.DefaultSeed, analysis.Level, median)
	if err != nil {
		fmt.Println(err)
		return
	}
	e := r.Estimate(3, 5)
	fmt.Printf("%v [%v, %v], %s\n", e.Value, e.Lo, e.Hi, e.Method)
	// Output: 3 [1, 5], cluster bootstrap, percentile 95 %, 2000 replicates, seed 1
}
