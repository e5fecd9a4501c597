package analysis

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
)

// Permutations is the number drawn by every permutation test unless a
// caller asks for another; the least p is one over one more.
const Permutations = 9999

// SignFlip tests whether differences are as likely to have one sign as the
// other, as those between two measurements of the same units are when it
// does not matter which is which. Statistic is the mean of d, in its unit; P
// is two-sided.
//
// Under the null hypothesis a cluster's differences may change their sign
// together. P is exact when there are at most as many patterns of signs as
// permutations: the share of patterns whose mean is at least as far from 0.
// Else it is (b+1)/(m+1), b of m random patterns being such, which is valid
// and never 0. Pattern r is drawn from a PCG stream of its own, seeded with
// (seed, r), so that the bytes are the same on any number of cores. Means
// that are as far but for rounding count as as far.
//
// Clusters whose differences sum to 0 change nothing and are not permuted.
// When all do, P is 1, with a warning. Unknown clusters flip single
// differences, with a warning. NaN and infinities are refused; leave out
// units that miss a measurement. Errors: ErrTooFew for no differences; and
// fewer than one permutation.
//
// Source: Fisher 1935, The Design of Experiments, section 21; Phipson and
// Smyth 2010, Statistical Applications in Genetics and Molecular Biology
// 9:39 on (b+1)/(m+1).
func SignFlip(d []float64, permutations int, seed uint64, clusters Clusters) (Test, error) {
	if err := allFinite("sign flips", "difference", d); err != nil {
		return Test{}, err
	}
	dense, err := clusters.among(len(d))
	switch {
	case err != nil:
		return Test{}, err
	case len(d) == 0:
		return Test{}, fmt.Errorf("analysis: sign flips of no differences: %w", ErrTooFew)
	case permutations < 1:
		return Test{}, fmt.Errorf("analysis: sign flips: %d permutations, want at least 1", permutations)
	}
	sums := make([]float64, dense.N)
	total := 0.0
	for i, v := range d {
		sums[dense.ID[i]] += v
		total += v
	}
	f := newFlips(sums)
	t := Test{Statistic: total / float64(len(d)), N: len(d), Clusters: dense.N}
	if len(f.sums) < 63 && 1<<len(f.sums) <= permutations {
		t.P = f.exact()
		t.Method = fmt.Sprintf("sign flips by cluster, mean 0: exact, %d patterns", 1<<len(f.sums))
	} else {
		t.P, t.Seed = f.drawn(permutations, seed), seed
		t.Method = fmt.Sprintf("sign flips by cluster, mean 0: %d random patterns, seed %d", permutations, seed)
	}
	if len(f.sums) == 0 {
		t.Warnings = append(t.Warnings, errors.New("no cluster differs from 0"))
	}
	if !clusters.Known() {
		t.Clusters = 0
		t.Warnings = append(t.Warnings, errClustersUnknown)
	}
	return t, nil
}

// flips are the sums of clusters, without those that are 0.
type flips struct {
	sums   []float64
	total  float64
	enough float64 // distance from 0 that counts as that of the total
}

func newFlips(sums []float64) flips {
	var f flips
	scale := 0.0
	for _, s := range sums {
		if s != 0 {
			f.sums = append(f.sums, s)
			f.total += s
			scale += math.Abs(s)
		}
	}
	f.enough = math.Abs(f.total) - 1e-12*scale
	return f
}

// exact goes through all patterns by Gray code, one flip from each to the
// next. A pattern and its opposite are equally far from 0, so that half of
// them, with the last sign as it is, are enough.
func (f flips) exact() float64 {
	if len(f.sums) == 0 {
		return 1
	}
	flipped := append([]float64(nil), f.sums...)
	half := uint64(1) << (len(flipped) - 1)
	hits := uint64(0)
	for pattern := uint64(0); pattern < half; pattern++ {
		if pattern > 0 {
			i := bits.TrailingZeros64(pattern)
			flipped[i] = -flipped[i]
		}
		sum := 0.0 // anew, so that rounding does not build up
		for _, s := range flipped {
			sum += s
		}
		if math.Abs(sum) >= f.enough {
			hits++
		}
	}
	return float64(hits) / float64(half)
}

// drawn is (b+1)/(m+1). A bit of the source is a sign.
func (f flips) drawn(permutations int, seed uint64) float64 {
	hit := make([]bool, permutations)
	// A task never fails.
	_ = parallelUntilError(permutations, func() func(int) error {
		return func(r int) error {
			source := rand.NewPCG(seed, uint64(r))
			sum := 0.0
			for start := 0; start < len(f.sums); start += 64 {
				word := source.Uint64()
				for _, s := range f.sums[start:min(start+64, len(f.sums))] {
					// The lowest bit of the word becomes the sign.
					sum += math.Float64frombits(math.Float64bits(s) ^ word<<63)
					word >>= 1
				}
			}
			hit[r] = math.Abs(sum) >= f.enough
			return nil
		}
	})
	return atLeastOne(hit)
}

// atLeastOne is the p of random permutations: the data as they are count
// among them.
func atLeastOne(hit []bool) float64 {
	b := 1
	for _, h := range hit {
		if h {
			b++
		}
	}
	return float64(b) / float64(len(hit)+1)
}
