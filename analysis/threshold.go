package analysis

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
)

// A threshold is a disagreement to compare spreads with, exactly. A
// float64 stands for the shortest decimal that prints as it: nobody who
// writes 1.1 means 1.100000000000000088817841970012523.
type threshold struct{ square *big.Rat }

func newThreshold(t float64) (threshold, error) {
	if !(t >= 0) || math.IsInf(t, 1) {
		return threshold{}, fmt.Errorf("analysis: disagreement threshold is %v, want a number of 0 or more", t)
	}
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(t, 'g', -1, 64))
	if !ok {
		return threshold{}, fmt.Errorf("analysis: disagreement threshold %v is not a decimal number", t)
	}
	return threshold{r.Mul(r, r)}, nil
}

// atLeast is the smallest Q of a Spread of n scores that reaches the
// threshold: Q/n² >= t² where Q >= ceil(t²n²).
func (t threshold) atLeast(n int) uint64 {
	q, rest := t.divide(n)
	if rest.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return clampQ(q)
}

// above is the smallest Q that exceeds the threshold.
func (t threshold) above(n int) uint64 {
	q, _ := t.divide(n)
	return clampQ(q.Add(q, big.NewInt(1)))
}

func (t threshold) divide(n int) (q, rest *big.Int) {
	q = big.NewInt(int64(n) * int64(n))
	q.Mul(q, t.square.Num())
	return q.QuoRem(q, t.square.Denom(), new(big.Int))
}

// clampQ makes a bound that no Spread reaches one that still fits.
func clampQ(q *big.Int) uint64 {
	if !q.IsUint64() || q.Uint64() > math.MaxUint32 {
		return math.MaxUint32 + 1
	}
	return q.Uint64()
}
