package latent

import "math"

// allPairs is the number of unordered pairs of two different values.
const allPairs = NumValues * (NumValues - 1) / 2

// MaxRows is the largest population in which every value pair is
// distinct.
const MaxRows = allPairs / fullPairs * FullRows

// pairOf returns the i-th value pair: a random order of all unordered
// pairs, so that no pair comes twice.
func pairOf(seed uint64, i int) (a, b int) {
	k := shuffled(seed, i)
	// The k-th pair in the order (1,0) (2,0) (2,1) (3,0) ...; exact, since
	// 8k+1 is far below 2^53 and the square root is correctly rounded.
	a = int(1+math.Sqrt(float64(8*k+1))) / 2
	return a, k - a*(a-1)/2
}

// shuffled is the i-th element of a random order of 0..allPairs-1: a
// Feistel network over the next larger power of four, walked until it
// falls into the range (Black and Rogaway 2002).
func shuffled(seed uint64, i int) int {
	const half, mask = 12, 1<<12 - 1
	x := uint64(i)
	for {
		left, right := x>>half, x&mask
		for round := range uint64(4) {
			left, right = right, left^mix(seed^mix(round<<32|right))&mask
		}
		if x = left<<half | right; x < allPairs {
			return int(x)
		}
	}
}
