package latent

import "math/rand/v2"

// A purpose separates the random streams of the model, so that drawing
// more for one never moves another.
type purpose uint64

const (
	forValue purpose = iota + 1
	forPair
	forScenario
	forDropOut
	forThinning // plus the split's number
	forBins     = forThinning + 16
	forVerdicts = forBins + 1
	forMissing  = forBins + 2
	forAppeal   = forBins + 3
	forLabels   = forBins + 4
)

// A stream is one independent sequence of random numbers. Items have a
// stream each, so that the order of work cannot matter.
type stream struct {
	pcg rand.PCG
	rand.Rand
}

func newStream() *stream {
	s := &stream{}
	s.Rand = *rand.New(&s.pcg)
	return s
}

// at moves the stream to the start of an item's sequence.
func (s *stream) at(seed uint64, p purpose, item int) *stream {
	s.pcg.Seed(mix(seed^mix(uint64(p))), mix(uint64(item)))
	return s
}

// mix spreads close numbers over all 64 bits (the finaliser of SplitMix64;
// Steele, Lea and Flood 2014).
func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// choose returns, ascending, k of the numbers 0..n-1 at random, all of
// them when k >= n (selection sampling; Knuth, TAOCP 3.4.2, algorithm S).
func (s *stream) choose(k, n int) []int32 {
	chosen := make([]int32, 0, min(k, n))
	for i := range n {
		if s.IntN(n-i) < k-len(chosen) {
			chosen = append(chosen, int32(i))
		}
	}
	return chosen
}
