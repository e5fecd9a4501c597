package analysis

// A Spread is an exact population variance, Q / N²: of N scores with sum
// S1 and sum of squares S2, Q = N·S2 − S1². Kept as integers, it compares
// without rounding. The zero Spread is "not computable".
type Spread struct {
	Q uint32
	N uint16
}

// Disagreements is how widely the models of one set differ on each of
// many scenarios.
type Disagreements struct {
	Set      ModelSet
	spreads  []Spread // by row; the zero Spread where not computable
	clusters Clusters
}

// A Histogram counts scenarios by disagreement.
type Histogram struct {
	Edges    []float64 // len(Counts)+1; bins are [a,b), the last one [a,b]
	Counts   []int
	Outside  int // computable scenarios outside all bins
	Excluded []Exclusion
}
