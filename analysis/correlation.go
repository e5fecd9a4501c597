package analysis

import (
	"fmt"
	"math"
)

// Correlate returns Pearson's correlation of the positions of two models,
// -1 to 1: how far one of them can be told from the other. An observation
// is one value of a scenario on which both have a position; the others are
// left out and counted. Scores are ranks on a rubric made for the scenario,
// so this measures likeness of placement, not of wording.
//
// SE is the infinitesimal jackknife over value pairs, or over scenarios
// where value pairs are unknown, with a warning; the interval is
// symmetrical on Fisher's scale, artanh r. The error is ErrTooFew with
// fewer than two observations or groups of them, ErrUndefined when a model
// has the same position everywhere, and names a model that is not there.
//
// In 100 value pairs of three scenarios that are mostly alike, the interval
// contains correlations of 0.2 and 0.6 in 93 to 96 of a hundred samples
// (simulated).
//
// Source: Pearson 1895; Fisher 1921, Metron 1:3-32; Devlin, Gnanadesikan
// and Kettenring 1975, Biometrika 62:531-545 for the influence function.
func Correlate(p *Positions, model, other string) (Estimate, error) {
	columns, err := p.columnsOf(ModelSet{Name: "correlation", Models: []string{model, other}})
	if err != nil {
		return Estimate{}, err
	}
	clusters, err := p.clusters.among(p.rows)
	if err != nil {
		return Estimate{}, err
	}
	e, err := correlate(p.columns[columns[0]], p.columns[columns[1]], clusters)
	if err != nil {
		return Estimate{}, fmt.Errorf("analysis: correlation of %s and %s: %w", model, other, err)
	}
	how := "value pairs"
	if !p.clusters.Known() {
		how = "scenarios"
		e.Warnings = append(e.Warnings, errClustersUnknown)
	}
	e.Method = "Pearson, Fisher interval on the infinitesimal jackknife, clusters = " + how
	return e, nil
}

func correlate(x, y [2][]Position, clusters Clusters) (Estimate, error) {
	var sums pairSums
	missing := 0
	for v := range x {
		for row, px := range x[v] {
			a, b := int64(px.n), int64(y[v][row].n)
			if a == 0 || b == 0 {
				missing++
				continue
			}
			sums.add(pairSums{1, a, b, a * a, b * b, a * b})
		}
	}
	r, err := sums.pearson()
	if err != nil {
		return Estimate{}, err
	}
	n := float64(sums.n)
	meanX, meanY := float64(sums.x)/n, float64(sums.y)/n
	sdX := math.Sqrt(float64(sums.n*sums.xx-sums.x*sums.x)) / n
	sdY := math.Sqrt(float64(sums.n*sums.yy-sums.y*sums.y)) / n

	influence := make([]float64, clusters.N)
	size := make([]int, clusters.N)
	independent := 0.0
	for v := range x {
		for row, px := range x[v] {
			if px.n == 0 || y[v][row].n == 0 {
				continue
			}
			zx, zy := (float64(px.n)-meanX)/sdX, (float64(y[v][row].n)-meanY)/sdY
			psi := zx*zy - r/2*(zx*zx+zy*zy)
			influence[clusters.ID[row]] += psi
			size[clusters.ID[row]]++
			independent += psi * psi
		}
	}
	e := Estimate{Value: r, Level: Level, N: int(sums.n), Unit: "positions on a value"}
	squares := 0.0
	for c, sum := range influence {
		if size[c] > 0 {
			e.Clusters++
			squares += sum * sum
		}
	}
	if e.Clusters < 2 {
		return Estimate{}, fmt.Errorf("%d independent group of observations, want 2: %w", e.Clusters, ErrTooFew)
	}
	c := float64(e.Clusters)
	e.SE = math.Sqrt(squares*c/(c-1)) / n
	if independent > 0 {
		e.DesignEffect = squares * c / (c - 1) / (independent * n / (n - 1))
	}
	e.Lo, e.Hi = r, r
	if 1-math.Abs(r) > 1e-15 {
		half := normalQuantile(Level) * e.SE / (1 - r*r)
		e.Lo, e.Hi = math.Tanh(math.Atanh(r)-half), math.Tanh(math.Atanh(r)+half)
	} else {
		e.Warnings = append(e.Warnings, fmt.Errorf("all observations lie on one line, which leaves the interval no width"))
	}
	if missing > 0 {
		e.Excluded = []Exclusion{{"values of scenarios on which one of the two has no position", missing}}
	}
	return e, nil
}
