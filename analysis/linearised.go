package analysis

// A linearised is a weighted sum of shares over the same clusters and how
// far each cluster moves it, by the delta method. What it is of, and which
// interval comes of its variance, is the caller's.
type linearised struct {
	n           int       // units
	independent float64   // the sum's variance, were all units independent
	size        []int64   // units of a cluster
	influence   []float64 // of a cluster on the sum
}

func newLinearised(clusters int) *linearised {
	return &linearised{size: make([]int64, clusters), influence: make([]float64, clusters)}
}

// add adds the share of a tally that has units, times a weight.
func (l *linearised) add(weight float64, t *ShareTally) {
	n, hits := t.Units(), t.Hits()
	p := float64(hits) / float64(n)
	l.n += n
	if n > 1 {
		l.independent += weight * weight * p * (1 - p) / float64(n-1)
	}
	for c, units := range t.units {
		l.size[c] += int64(units)
		// hits - p·units, over n; the integers first, so that a
		// cluster that is like the whole has an influence of 0.
		l.influence[c] += weight * float64(int64(t.hits[c])*int64(n)-int64(hits)*int64(units)) / (float64(n) * float64(n))
	}
}

// variance is the sum's: that of the squared influences over the C clusters
// with a unit, times C/(C-1). Of one cluster it is 0 and says nothing.
func (l *linearised) variance() (variance float64, clusters int) {
	for c, x := range l.influence {
		if l.size[c] > 0 {
			clusters++
			variance += x * x
		}
	}
	if c := float64(clusters); c > 1 {
		variance = c / (c - 1) * variance
	}
	return variance, clusters
}

// designEffect is the variance over that of independent units, at least 1,
// as a smaller one is mostly luck. Where it cannot be estimated, because all
// shares are 0 or 1 or there is but one cluster, it is the largest that
// clusters of this size can cause, the mean cluster size as a unit meets it,
// sum(n²)/sum(n), and how says so.
func (l *linearised) designEffect() (effect float64, clusters int, how string) {
	variance, clusters := l.variance()
	if l.independent > 0 && clusters > 1 {
		return max(1, variance/l.independent), clusters, ""
	}
	var squares int64
	for _, size := range l.size {
		squares += size * size
	}
	return float64(squares) / float64(l.n), clusters, " (the mean cluster size, as it cannot be estimated)"
}
