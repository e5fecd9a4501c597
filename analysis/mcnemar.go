package analysis

import (
	"errors"
	"fmt"
	"math"
)

// A McNemarTest compares two yes-no measurements of the same units.
type McNemarTest struct {
	Test
	MidP float64 // less conservative than P: the outcome itself counts half

	Both, OnlyA, OnlyB, Neither int // units by where they are true
}

// McNemar tests whether a and b, each true or false of every unit, are true
// equally often, as the verdicts on two models or by two judges are. Units
// on which they are the same do not matter; Statistic is OnlyA less OnlyB.
//
// P is exact and two-sided: under the null hypothesis a cluster as a whole
// would as likely have a and b exchanged, so P is the share of all ways of
// exchanging them in some clusters whose statistic is at least as far from
// 0. Where every unit is a cluster of its own, or clusters are unknown
// (with a warning), this is the exact binomial test of McNemar. MidP counts
// ways with the same distance half; it may exceed its level slightly. No
// unit on which they differ gives a P of 1, with a warning.
//
// Only where exactness would take minutes, as with thousands of clusters of
// hundreds of units each, is P the normal approximation, which Method says.
//
// Leave out a unit of which either is missing: false would count it as the
// other answer. Errors: ErrTooFew for no units; as many of a as of b are
// needed.
//
// Source: McNemar 1947, Psychometrika 12:153-157; Fagerland, Lydersen and
// Laake 2013, BMC Medical Research Methodology 13:91 for mid-p; Durkalski
// et al. 2003, Statistics in Medicine 22:2417-2428 on clusters.
func McNemar(a, b []bool, clusters Clusters) (McNemarTest, error) {
	if len(a) != len(b) {
		return McNemarTest{}, fmt.Errorf("analysis: McNemar of %d and %d values, want as many", len(a), len(b))
	}
	dense, err := clusters.among(len(a))
	if err != nil {
		return McNemarTest{}, err
	}
	if len(a) == 0 {
		return McNemarTest{}, fmt.Errorf("analysis: McNemar of no units: %w", ErrTooFew)
	}
	out := McNemarTest{Test: Test{N: len(a), Clusters: dense.N}}
	net := make([]int, dense.N) // by cluster, only a less only b
	for i := range a {
		switch {
		case a[i] && b[i]:
			out.Both++
		case a[i]:
			out.OnlyA++
			net[dense.ID[i]]++
		case b[i]:
			out.OnlyB++
			net[dense.ID[i]]--
		default:
			out.Neither++
		}
	}
	flips := newIntegerFlips(net)
	distance := out.OnlyA - out.OnlyB
	out.Statistic = float64(distance)
	if flips.feasible() {
		var same float64
		out.P, same = flips.atLeast(max(distance, -distance))
		out.MidP = out.P - same/2
		out.Method = "McNemar, a and b equally often true: exact"
	} else {
		out.P = twoSidedZ(float64(distance) / math.Sqrt(flips.squares))
		out.MidP = out.P
		out.Method = "McNemar, a and b equally often true: normal approximation"
	}
	if dense.N < len(a) {
		out.Method += ", clusters exchanged whole"
	}
	if out.OnlyA+out.OnlyB == 0 {
		out.MidP = 1
		out.Warnings = append(out.Warnings, errors.New("a and b never differ"))
	}
	if !clusters.Known() {
		out.Clusters = 0
		out.Warnings = append(out.Warnings, errClustersUnknown)
	}
	return out, nil
}

// integerFlips is the sum of whole numbers each of which is taken with
// either sign at random.
type integerFlips struct {
	count   []int // count[d] numbers have the size d; index 0 is unused
	squares float64
}

func newIntegerFlips(numbers []int) integerFlips {
	var f integerFlips
	for _, d := range numbers {
		size := max(d, -d)
		for len(f.count) <= size {
			f.count = append(f.count, 0)
		}
		f.count[size]++
		f.squares += float64(d) * float64(d)
	}
	return f
}

// feasible reports whether atLeast takes no more than about a second.
func (f integerFlips) feasible() bool {
	var steps, width float64 = 0, 1
	for d := 1; d < len(f.count); d++ {
		terms := min(float64(f.count[d])+1, 2*farTail*math.Sqrt(float64(f.count[d]))/2)
		if f.count[d] == 0 {
			continue
		}
		steps += width * terms
		width += 2 * float64(d) * terms
	}
	return steps < 1e9
}

// farTail is how many standard deviations a binomial distribution is
// followed out: to a probability of 1e-300.
const farTail = 37.2

// atLeast is the probability that the sum lies at least so far from 0, and
// that it lies exactly so far. The numbers of one size give a binomial
// distribution; those of different sizes are independent and convolved.
func (f integerFlips) atLeast(distance int) (p, same float64) {
	lowest := 0                 // the sum that probability[0] is of
	probability := []float64{1} // of each sum
	for d := 1; d < len(f.count); d++ {
		if f.count[d] == 0 {
			continue
		}
		from, half := halfBinomial(f.count[d])
		next := make([]float64, len(probability)+2*d*(len(half)-1))
		for i, q := range half {
			at := next[2*d*i:]
			for k, r := range probability {
				at[k] += q * r
			}
		}
		lowest += d * (2*from - f.count[d])
		probability = next
	}
	// The smallest terms first.
	for i, j := 0, len(probability)-1; i <= j; i, j = i+1, j-1 {
		for _, k := range []int{i, j}[:min(2, j-i+1)] {
			switch sum := lowest + k; {
			case max(sum, -sum) == distance:
				same += probability[k]
				p += probability[k]
			case max(sum, -sum) > distance:
				p += probability[k]
			}
		}
	}
	return min(1, p), same
}

// halfBinomial is the distribution of heads among n coins, from the first
// number with a probability above 1e-300. It goes out from the mode by
// ratios of neighbours, so that no logarithm of a factorial costs digits.
func halfBinomial(n int) (from int, p []float64) {
	var up []float64
	sum := 0.0
	mode := n / 2
	for k, q := mode, 1.0; k <= n && q > 1e-300; k++ {
		up = append(up, q)
		q *= float64(n-k) / float64(k+1)
	}
	var down []float64
	for k, q := mode, 1.0; k > 0; k-- {
		q *= float64(k) / float64(n-k+1)
		if q <= 1e-300 {
			break
		}
		down = append(down, q)
	}
	for i := len(down) - 1; i >= 0; i-- {
		p = append(p, down[i])
	}
	p = append(p, up...)
	for _, q := range p {
		sum += q
	}
	for i := range p {
		p[i] /= sum
	}
	return mode - len(down), p
}
