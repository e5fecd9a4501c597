package analysis_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// TestSimulatedCoverageIsExact draws samples, as the simulations of this
// package do where outcomes are too many to count, for intervals whose
// coverage can be counted: the two must agree within four standard errors
// of the simulation.
func TestSimulatedCoverageIsExact(t *testing.T) {
	const n, m, p, q = 40, 60, 0.2, 0.1
	sims := simulations(20_000, 1_000_000)
	for _, c := range []struct {
		name   string
		holds  func(x, y int) (lo, hi float64, err error)
		target float64
	}{
		{"Wilson", func(x, _ int) (float64, float64, error) { return analysis.Wilson(float64(x), n, 0.95) }, p},
		{"Clopper-Pearson", func(x, _ int) (float64, float64, error) { return analysis.ClopperPearson(x, n, 0.95) }, p},
		{"Newcombe", func(x, y int) (float64, float64, error) {
			e, err := analysis.ShareDifference(unitShare(t, x, n), unitShare(t, y, m))
			return e.Lo, e.Hi, err
		}, p - q},
		{"Koopman", func(x, y int) (float64, float64, error) {
			return analysis.Koopman(float64(x), n, float64(y), m, 0.95)
		}, p / q},
		{"odds ratio, Woolf", func(x, y int) (float64, float64, error) {
			e, err := analysis.ShareOddsRatio(unitShare(t, x, n), unitShare(t, y, m))
			return e.Lo, e.Hi, err
		}, p / (1 - p) / (q / (1 - q))},
	} {
		var holds [n + 1][m + 1]bool
		exact := 0.0
		ofX, ofY := binomial(n, p), binomial(m, q)
		for x := range holds {
			for y := range holds[x] {
				lo, hi, err := c.holds(x, y)
				if err != nil && !errors.Is(err, analysis.ErrUndefined) {
					t.Fatal(err)
				}
				holds[x][y] = err == nil && lo <= c.target && c.target <= hi
				if holds[x][y] {
					exact += ofX[x] * ofY[y]
				}
			}
		}
		rng := rand.New(rand.NewPCG(9, 9))
		draw := func(n int, p float64) (hits int) {
			for range n {
				if rng.Float64() < p {
					hits++
				}
			}
			return hits
		}
		held := 0
		for range sims {
			if holds[draw(n, p)][draw(m, q)] {
				held++
			}
		}
		got := float64(held) / float64(sims)
		if math.Abs(got-exact) > 4*math.Sqrt(exact*(1-exact)/float64(sims)) {
			t.Errorf("%s: %.4f of %d simulated intervals hold the truth, counted %.4f", c.name, got, sims, exact)
		}
		if *long {
			t.Logf("%s: coverage counted %.4f, simulated %.4f of %d", c.name, exact, got, sims)
		}
	}
}
