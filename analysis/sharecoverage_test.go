package analysis_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// clusteredHits are clusters of 1 to 3 units, alike sizes as common. Each
// unit is a hit with probability p; with probability rho it takes the
// cluster's common draw, so that two of a cluster correlate by rho². The
// design effect is then 1 + rho²·(sum(n²)/sum(n) - 1) = 1 + rho²·4/3.
func clusteredHits(rng *rand.Rand, clusters int, p, rho float64) ([]bool, analysis.Clusters) {
	var hit []bool
	ids := analysis.Clusters{N: clusters}
	for c := range clusters {
		common := rng.Float64() < p
		for range 1 + rng.IntN(3) {
			h := common
			if rng.Float64() >= rho {
				h = rng.Float64() < p
			}
			hit, ids.ID = append(hit, h), append(ids.ID, int32(c))
		}
	}
	return hit, ids
}

// With 20 events and more the interval holds the share with about its
// level's probability. With 10 in all, at a share of 0.01, the design
// effect comes out 4 % too small on average, and coverage is 0.93.
func TestShareCoverageOfClusters(t *testing.T) {
	sims := 1000
	cases := []struct {
		clusters int
		p, rho   float64
	}{{500, .05, .9}, {200, .3, .9}}
	if *long {
		sims = 10000
		cases = append(cases, []struct {
			clusters int
			p, rho   float64
		}{{500, .01, .9}, {500, .05, 0}, {500, .5, 1}, {100, .1, .7}, {40, .2, .9}}...)
	}
	for _, c := range cases {
		rng := rand.New(rand.NewPCG(14, uint64(c.clusters)))
		var covered, alone, effect float64
		for range sims {
			hit, ids := clusteredHits(rng, c.clusters, c.p, c.rho)
			e, err := analysis.Share(hit, ids)
			if err != nil {
				t.Fatal(err)
			}
			plain, err := analysis.Share(hit, analysis.Clusters{})
			if err != nil {
				t.Fatal(err)
			}
			effect += e.DesignEffect / float64(sims)
			if e.Covers(c.p) {
				covered += 1 / float64(sims)
			}
			if plain.Covers(c.p) {
				alone += 1 / float64(sims)
			}
		}
		want := 1 + c.rho*c.rho*4/3
		t.Logf("share %.2f in %d clusters: interval holds it in %.4f, without clusters in %.4f; design effect %.2f, true %.2f", c.p, c.clusters, covered, alone, effect, want)
		if covered < .925 || covered > .985 {
			t.Errorf("%+v: coverage %v", c, covered)
		}
		if c.rho > .8 && alone > covered-.02 {
			t.Errorf("%+v: coverage %v without clusters, %v with them", c, alone, covered)
		}
		if effect < .95*want || effect > 1.1*want {
			t.Errorf("%+v: design effect %v, true %v", c, effect, want)
		}
	}
}

// The bootstrap's ratio where clusters have units in both bins: in the
// second bin hits are twice as frequent.
func TestRatioOfSharesCoverage(t *testing.T) {
	if !*long {
		t.Skip("simulates for some seconds: run with -long")
	}
	const sims, clusters = 1000, 300
	for _, p := range []float64{.1, .03} {
		rng := rand.New(rand.NewPCG(15, 0))
		covered, undefined := 0.0, 0
		for range sims {
			a, b := analysis.NewShareTally(clusters), analysis.NewShareTally(clusters)
			for c := range clusters {
				draw := rng.Float64() // of the cluster
				for range 3 {
					u := draw
					if rng.IntN(3) == 0 {
						u = rng.Float64()
					}
					if rng.IntN(2) == 0 {
						a.Add(c, u < 2*p)
					} else {
						b.Add(c, u < p)
					}
				}
			}
			e, err := analysis.RatioOfShares(a, b)
			switch {
			case err != nil || !e.HasInterval():
				undefined++
			case e.Covers(2):
				covered += 1.0 / sims
			}
		}
		t.Logf("ratio of 2, shares %v and %v in %d clusters: bootstrap interval holds it in %.3f, none in %d of %d", 2*p, p, clusters, covered, undefined, sims)
		if math.Abs(covered-.94) > .035 {
			t.Errorf("share %v: coverage %v", p, covered)
		}
	}
}
