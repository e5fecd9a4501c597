package analysis

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
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
	Lo, Hi     float64   // interval at Level
	Level      float64   // confidence level
	Interval   string    // how Lo and Hi were made: "percentile", which "" stands for, or "BCa"
	Replicates []float64 // the defined ones, in order of drawing
	Undefined  int       // replicates on which the statistic has no value
	Clusters   int       // clusters drawn from
	Seed       uint64

	Bias, Acceleration float64 // of a BCa interval: z0 and a; else 0

	// Err says why one of BootstrapMany's statistics has neither SE nor
	// interval, which are then 0, as is Level.
	Err error
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
// counted in Undefined; any other error ends the whole at once, so that
// stat can return that of a context.
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
	one, err := BootstrapMany(clusters, replicates, seed, level, 1, func(weights []int32, out []float64) (err error) {
		out[0], err = stat(weights)
		return err
	})
	if err != nil {
		return Resampled{}, err
	}
	if one[0].Err != nil {
		return Resampled{}, one[0].Err
	}
	return one[0], nil
}

// BootstrapMany is Bootstrap for k statistics that share their draws: each
// gets the same bytes as from Bootstrap alone, and their replicates go
// together, so that a difference of two can be made of them where neither
// is undefined. Where clusters are many, drawing them costs more than the
// statistics do, and is paid once.
//
// Stat sets out[0] to out[k-1]. They come as NaN, and one that stays NaN is
// undefined on this replicate; ErrTooFew and ErrUndefined make all of them
// so. A statistic that is defined on fewer than half of the replicates has
// an Err; the others stand.
//
// Errors of the whole are ErrTooFew for fewer than two clusters, and
// whatever other error stat returns.
//
// Source: see Bootstrap.
func BootstrapMany(clusters, replicates int, seed uint64, level float64, k int, stat func(weights []int32, out []float64) error) ([]Resampled, error) {
	switch {
	case clusters < 2:
		return nil, fmt.Errorf("analysis: bootstrap of %d clusters: %w", clusters, ErrTooFew)
	case int64(clusters) > math.MaxInt32:
		return nil, fmt.Errorf("analysis: bootstrap of %d clusters, want at most %d", clusters, math.MaxInt32)
	case replicates < 2:
		return nil, fmt.Errorf("analysis: bootstrap of %d replicates, want at least 2", replicates)
	case !(level > 0 && level < 1):
		return nil, fmt.Errorf("analysis: bootstrap: level %v, want above 0 and below 1", level)
	case k < 1:
		return nil, fmt.Errorf("analysis: bootstrap of %d statistics, want at least 1", k)
	}
	values := make([]float64, replicates*k) // by replicate, then statistic
	err := parallelUntilError(replicates, func() func(int) error {
		weights := make([]int32, clusters)
		return func(r int) error {
			draw(weights, rand.NewPCG(seed, uint64(r)))
			out := values[r*k : (r+1)*k : (r+1)*k]
			fill(out, math.NaN())
			err := stat(weights, out)
			if isUndefined(err) {
				fill(out, math.NaN())
				return nil
			}
			if err != nil {
				return fmt.Errorf("analysis: bootstrap: replicate %d: %w", r, err)
			}
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	out := make([]Resampled, k)
	for i := range out {
		own := make([]float64, 0, replicates)
		for r := range replicates {
			if v := values[r*k+i]; !math.IsNaN(v) {
				own = append(own, v)
			}
		}
		out[i] = percentile(own, replicates, level)
		out[i].Clusters, out[i].Seed = clusters, seed
	}
	return out, nil
}

// isUndefined reports whether err says that a statistic has no value on these
// data, rather than that something broke.
func isUndefined(err error) bool { return errors.Is(err, ErrTooFew) || errors.Is(err, ErrUndefined) }

// unweighted are the weights of the data as they are.
func unweighted(clusters int) []int32 {
	weights := make([]int32, clusters)
	for c := range weights {
		weights[c] = 1
	}
	return weights
}

func fill(x []float64, v float64) {
	for i := range x {
		x[i] = v
	}
}

// percentile makes the interval from the defined replicates.
func percentile(defined []float64, replicates int, level float64) Resampled {
	out := Resampled{Replicates: defined, Undefined: replicates - len(defined), Interval: "percentile"}
	if len(defined) < 2 || 2*len(defined) < replicates {
		out.Err = fmt.Errorf("analysis: bootstrap: %d of %d replicates have no value: %w", out.Undefined, replicates, ErrUndefined)
		return out
	}
	sorted := slices.Sorted(slices.Values(defined))
	out.Lo = quantile(sorted, (1-level)/2)
	out.Hi = quantile(sorted, (1+level)/2)
	out.SE = sampleStdDev(defined)
	out.Level = level
	return out
}

// Estimate is a statistic's value over n units with the bootstrap's
// standard error and interval.
func (r Resampled) Estimate(value float64, n int) Estimate {
	drawn := len(r.Replicates) + r.Undefined
	interval := cmp.Or(r.Interval, "percentile")
	e := Estimate{Value: value, N: n, Clusters: r.Clusters}
	if r.Err != nil {
		e.Warnings = []error{fmt.Errorf("no interval: %w", r.Err)}
		return e
	}
	e.SE, e.Lo, e.Hi, e.Level, e.Seed = r.SE, r.Lo, r.Hi, r.Level, r.Seed
	e.Method = fmt.Sprintf("cluster bootstrap, %s %.4g %%, %d replicates, seed %d", interval, 100*r.Level, drawn, r.Seed)
	if r.Undefined > 0 {
		e.Warnings = append(e.Warnings, fmt.Errorf("undefined on %d of %d bootstrap replicates, which are left out", r.Undefined, drawn))
	}
	if r.beyond() {
		e.Warnings = append(e.Warnings, errors.New("a BCa limit lies beyond the replicates and is cut off there: draw more"))
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
