package analysis

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Replicates and DefaultSeed are those of every bootstrap unless a caller
// asks for others.
const (
	Replicates  = 2000
	DefaultSeed = 1
)

// Resampled is what a bootstrap found out about a statistic.
type Resampled struct {
	SE         float64   // standard deviation of the replicates
	Lo, Hi     float64   // percentile interval at Level
	Level      float64   // confidence level
	Replicates []float64 // the defined ones, in order of drawing
	Undefined  int       // replicates on which the statistic has no value
	Clusters   int       // clusters drawn from
	Seed       uint64
}

// Bootstrap draws clusters with replacement, as many as there are, and
// computes a statistic on each draw. Stat is told how often each cluster
// was drawn and must count all of its units that often. It runs on all
// cores at once and must not keep the weights, which are used again.
//
// Replicate r draws from a PCG stream of its own, seeded with (seed, r):
// the same seed gives the same bytes on any number of cores, and two
// statistics over the same clusters see the same draws. A replicate for
// which stat returns ErrTooFew, ErrUndefined or NaN is left out and
// counted in Undefined; any other error ends the whole.
//
// Lo and Hi are quantiles of the replicates, interpolated linearly between
// order statistics (type 7 of Hyndman and Fan 1996). The error is
// ErrTooFew for fewer than two clusters, and ErrUndefined when fewer than
// half of the replicates are defined: an interval of the rest would speak
// of other data.
//
// Source: Efron and Tibshirani 1993, An Introduction to the Bootstrap,
// section 13.3; Davison and Hinkley 1997, section 3.8 on clusters.
func Bootstrap(clusters, replicates int, seed uint64, level float64, stat func(weights []int32) (float64, error)) (Resampled, error) {
	switch {
	case clusters < 2:
		return Resampled{}, fmt.Errorf("analysis: bootstrap of %d clusters: %w", clusters, ErrTooFew)
	case int64(clusters) > math.MaxInt32:
		return Resampled{}, fmt.Errorf("analysis: bootstrap of %d clusters, want at most %d", clusters, math.MaxInt32)
	case replicates < 2:
		return Resampled{}, fmt.Errorf("analysis: bootstrap of %d replicates, want at least 2", replicates)
	case !(level > 0 && level < 1):
		return Resampled{}, fmt.Errorf("analysis: bootstrap: level %v, want above 0 and below 1", level)
	}
	values := make([]float64, replicates)
	errs := make([]error, replicates)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), replicates) {
		workers.Go(func() {
			weights := make([]int32, clusters)
			for {
				r := int(next.Add(1)) - 1
				if r >= replicates {
					return
				}
				draw(weights, rand.NewPCG(seed, uint64(r)))
				values[r], errs[r] = stat(weights)
			}
		})
	}
	workers.Wait()

	out := Resampled{Level: level, Clusters: clusters, Seed: seed}
	for r, value := range values {
		switch err := errs[r]; {
		case err != nil && !errors.Is(err, ErrTooFew) && !errors.Is(err, ErrUndefined):
			return Resampled{}, fmt.Errorf("analysis: bootstrap: replicate %d: %w", r, err)
		case err != nil || math.IsNaN(value):
			out.Undefined++
		default:
			out.Replicates = append(out.Replicates, value)
		}
	}
	if len(out.Replicates) < 2 || 2*len(out.Replicates) < replicates {
		return Resampled{}, fmt.Errorf("analysis: bootstrap: %d of %d replicates have no value: %w", out.Undefined, replicates, ErrUndefined)
	}
	sorted := slices.Sorted(slices.Values(out.Replicates))
	out.Lo = quantile(sorted, (1-level)/2)
	out.Hi = quantile(sorted, (1+level)/2)
	out.SE = sampleStdDev(out.Replicates)
	return out, nil
}

// Estimate is a statistic's value over n units with the bootstrap's
// standard error and interval.
func (r Resampled) Estimate(value float64, n int) Estimate {
	e := Estimate{
		Value: value, SE: r.SE, Lo: r.Lo, Hi: r.Hi, Level: r.Level,
		N: n, Clusters: r.Clusters, Seed: r.Seed,
		Method: fmt.Sprintf("cluster bootstrap, percentile %.4g %%, %d replicates, seed %d", 100*r.Level, len(r.Replicates)+r.Undefined, r.Seed),
	}
	if r.Undefined > 0 {
		e.Warnings = append(e.Warnings, fmt.Errorf("undefined on %d of %d bootstrap replicates, which are left out", r.Undefined, len(r.Replicates)+r.Undefined))
	}
	return e
}

// draw sets the weights to how often each cluster comes up in as many
// draws as there are clusters.
//
// The high half of a random 32-bit word times n is uniform over 0..n-1
// once the products whose low half is below 2^32 mod n are drawn again
// (Lemire 2019, ACM Transactions on Modeling and Computer Simulation 29).
// A word of the source feeds two draws, in an order that must not change:
// published intervals rest on it.
func draw(weights []int32, source *rand.PCG) {
	clear(weights)
	n := uint64(len(weights))
	reject := uint32(1 << 32 % n)
	left := len(weights)
	for left >= 2 {
		word := source.Uint64()
		first, second := uint64(uint32(word))*n, word>>32*n
		if uint32(first) >= reject {
			weights[first>>32]++
			left--
		}
		if uint32(second) >= reject {
			weights[second>>32]++
			left--
		}
	}
	for left > 0 {
		if product := uint64(uint32(source.Uint64())) * n; uint32(product) >= reject {
			weights[product>>32]++
			left--
		}
	}
}

// quantile interpolates linearly between the order statistics.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := min(int(at), len(sorted)-2)
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// sampleStdDev divides by n-1. Two passes, in order: the same bits always.
func sampleStdDev(x []float64) float64 {
	mean := 0.0
	for _, v := range x {
		mean += v
	}
	mean /= float64(len(x))
	squares := 0.0
	for _, v := range x {
		squares += (v - mean) * (v - mean)
	}
	return math.Sqrt(squares / float64(len(x)-1))
}
