package analysis

// Kappa is Fleiss' kappa and what it rests on.
type Kappa struct {
	Estimate
	Categories []string
	Observed   float64   // mean pairwise agreement
	Chance     float64   // agreement expected by chance
	Shares     []float64 // of each category, over all ratings
	Items      int
	Raters     int
}
