package analysis

import (
	"errors"
	"fmt"
	"math"
	"math/big"
)

// A RankComparison says how often a value of one sample lies above a value
// of another.
type RankComparison struct {
	// Superiority is P(x > y) + P(x = y)/2, 0..1; 1/2 when neither sample
	// tends to lie higher. One minus it exchanges x and y.
	Superiority Estimate
	U           float64 // pairs with x above y, ties counting half
	Test        Test    // that Superiority is 1/2
	TestErr     error   // why Test has no value; its P is then NaN
}

// MannWhitney compares two samples by the order of their values, so that
// any rising change of scale leaves the result as it is. The units are
// different ones; for two measurements of one unit see SignFlip.
//
// The interval of Superiority is the percentile interval of a bootstrap
// over clusters (Replicates, DefaultSeed). Clusters has an ID for each of
// x, then for each of y; a cluster may have units in both.
//
// Test is that of Mann and Whitney where every unit is a cluster of its
// own: exact, with statistic U, without ties and where the ways to mix the
// samples number fewer than 2^63; else with the normal approximation,
// corrected for ties and continuity, and statistic z. Its null hypothesis
// is one distribution for both. Where a cluster has more than one unit
// it is the t test of Superiority over its standard error, summed from
// placements by cluster, with one degree of freedom less than there are
// clusters; it allows for unequal spread, and has no value (TestErr) where
// the samples do not overlap.
//
// Unknown clusters take units as independent, with a warning; a single
// cluster leaves no interval, with a warning. NaN and infinities are
// refused. The error is ErrTooFew when a sample is empty.
//
// Source: Mann and Whitney 1947, Annals of Mathematical Statistics
// 18:50-60; Obuchowski 1997, Biometrics 53:567-578 for clusters.
func MannWhitney(x, y []float64, clusters Clusters) (RankComparison, error) {
	const name = "Mann-Whitney"
	n := len(x) + len(y)
	if len(x) == 0 || len(y) == 0 {
		return RankComparison{}, fmt.Errorf("analysis: %s of %d and %d values: %w", name, len(x), len(y), ErrTooFew)
	}
	both, err := rank(name, append(append(make([]float64, 0, n), x...), y...))
	if err != nil {
		return RankComparison{}, err
	}
	dense, err := clusters.among(n)
	if err != nil {
		return RankComparison{}, err
	}
	s := twoSamples{ranked: both, cluster: dense.ID, nx: len(x)}
	twice, _, _ := s.doubledU(unweighted(dense.N))
	pairs := float64(len(x)) * float64(len(y))
	out := RankComparison{U: float64(twice) / 2}
	value := out.U / pairs
	out.Superiority = Estimate{Value: value, N: n, Clusters: dense.N, Method: "superiority"}
	r, err := Bootstrap(dense.N, Replicates, DefaultSeed, Level, s.superiority)
	switch {
	case isUndefined(err):
		out.Superiority.Warnings = []error{fmt.Errorf("no interval: %w", err)}
	case err != nil:
		return RankComparison{}, fmt.Errorf("analysis: %s: %w", name, err)
	default:
		out.Superiority = r.Estimate(value, n)
		out.Superiority.Method = "superiority, " + out.Superiority.Method
		if r.SE == 0 {
			out.Superiority.Warnings = append(out.Superiority.Warnings, errNoSpread)
		}
	}
	if dense.N < n {
		out.Test, out.TestErr = wald("superiority", "1/2", value-0.5, s.clusteredSE(dense.N, value), n, dense.N)
	} else {
		out.Test = s.test(twice)
		out.Test.N, out.Test.Clusters = n, dense.N
	}
	if !clusters.Known() {
		out.Superiority.Clusters, out.Test.Clusters = 0, 0
		out.Superiority.Warnings = append(out.Superiority.Warnings, errClustersUnknown)
		out.Test.Warnings = append(out.Test.Warnings, errClustersUnknown)
	}
	return out, nil
}

// twoSamples are the rows of x, then those of y.
type twoSamples struct {
	ranked
	cluster []int32
	nx      int
}

// sizes are the weights of each level in x and in y.
func (s twoSamples) sizes(weights []int32) (x, y []int64) {
	x, y = make([]int64, s.levels), make([]int64, s.levels)
	for i, l := range s.code[:s.nx] {
		x[l] += int64(weights[s.cluster[i]])
	}
	for i, l := range s.code[s.nx:] {
		y[l] += int64(weights[s.cluster[s.nx+i]])
	}
	return x, y
}

// doubledU is twice U, and the sizes of the samples, with each cluster
// taken weights[cluster] times.
func (s twoSamples) doubledU(weights []int32) (twice, nx, ny int64) {
	x, y := s.sizes(weights)
	for l := range x {
		twice += x[l] * (2*ny + y[l])
		nx, ny = nx+x[l], ny+y[l]
	}
	return twice, nx, ny
}

func (s twoSamples) superiority(weights []int32) (float64, error) {
	twice, nx, ny := s.doubledU(weights)
	if nx == 0 || ny == 0 {
		return 0, ErrTooFew
	}
	return float64(twice) / (2 * float64(nx) * float64(ny)), nil
}

// clusteredSE sums, by cluster, how far the placement of each unit among
// the other sample is from superiority, and takes the sums as independent.
func (s twoSamples) clusteredSE(clusters int, superiority float64) float64 {
	x, y := s.sizes(unweighted(clusters))
	nx, ny := float64(s.nx), float64(len(s.code)-s.nx)
	placeX, placeY := make([]float64, s.levels), make([]float64, s.levels)
	var belowX, belowY int64
	for l := range x {
		placeX[l] = float64(2*belowY+y[l])/(2*ny) - superiority
		placeY[l] = float64(2*(int64(s.nx)-belowX-x[l])+x[l])/(2*nx) - superiority
		belowX, belowY = belowX+x[l], belowY+y[l]
	}
	influence := make([]float64, clusters)
	for i, l := range s.code {
		if i < s.nx {
			influence[s.cluster[i]] += placeX[l] / nx
		} else {
			influence[s.cluster[i]] += placeY[l] / ny
		}
	}
	squares := 0.0
	for _, v := range influence {
		squares += v * v
	}
	c := float64(clusters)
	return math.Sqrt(c / (c - 1) * squares)
}

// test is that of independent units.
func (s twoSamples) test(twice int64) Test {
	m, n := s.nx, len(s.code)-s.nx
	pairs := int64(m) * int64(n)
	if s.levels == len(s.code) && mixtures(m, n) {
		return Test{Statistic: float64(twice) / 2, P: exactMannWhitney(m, n, max(twice, 2*pairs-twice)/2),
			Method: "Mann-Whitney, one distribution: exact, statistic U"}
	}
	t := Test{P: 1, Method: "Mann-Whitney, one distribution: normal approximation with ties and continuity, statistic z"}
	all := float64(m + n)
	ties := 0.0                              // sum of t^3 - t
	x, y := s.sizes(unweighted(len(s.code))) // every row is a cluster here
	for l := range x {
		size := float64(x[l] + y[l])
		ties += size * (size - 1) * (size + 1)
	}
	variance := float64(pairs) / 12 * (all + 1 - ties/(all*(all-1)))
	if s.levels == 1 {
		t.Warnings = append(t.Warnings, errors.New("all values are equal"))
		return t
	}
	distance := float64(twice-pairs) / 2
	z := math.Max(0, math.Abs(distance)-0.5) / math.Sqrt(variance)
	t.Statistic, t.P = math.Copysign(z, distance), min(1, twoSidedZ(z))
	return t
}

// mixtures reports whether m values and n others can be mixed in fewer
// than 2^63 ways.
func mixtures(m, n int) bool {
	if small := min(m, n); small > 33 { // C(68, 34) is beyond
		return false
	}
	return new(big.Int).Binomial(int64(m+n), int64(min(m, n))).IsInt64()
}

// exactMannWhitney is the two-sided p of a U of at least mn/2. The number
// of mixtures with each U are the coefficients of the Gaussian binomial, a
// product of (1-q^(n+i))/(1-q^i). Steps on the way may pass 2^64, but adding
// and taking away are exact modulo 2^64, and the results are below it.
func exactMannWhitney(m, n int, u int64) float64 {
	m, n = min(m, n), max(m, n)
	ways := make([]uint64, m*n+1)
	ways[0] = 1
	for i := 1; i <= m; i++ {
		for k := len(ways) - 1; k >= n+i; k-- {
			ways[k] -= ways[k-n-i]
		}
		for k := i; k < len(ways); k++ {
			ways[k] += ways[k-i]
		}
	}
	var tail, all uint64
	for k, w := range ways {
		all += w
		if int64(k) >= u {
			tail += w
		}
	}
	return min(1, 2*float64(tail)/float64(all))
}
