package analysis_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// A population of items by how three raters rate them, in per cent. Its
// coefficients are known, so how often intervals cover them can be counted.
type ratedPopulation struct {
	name     string
	patterns [][]rating // a hundred
}

func populationOf(name string, perCent map[string]int) ratedPopulation {
	p := ratedPopulation{name: name}
	// In order, not in that of the map.
	keys := make([]string, 0, len(perCent))
	for k := range perCent {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		var item []rating
		for _, c := range k {
			item = append(item, rating(c-'0'))
		}
		for range perCent[k] {
			p.patterns = append(p.patterns, item)
		}
	}
	return p
}

var ratedPopulations = []ratedPopulation{
	populationOf("even", map[string]int{"000": 35, "001": 5, "010": 5, "100": 8, "011": 7, "101": 5, "110": 5, "111": 30}),
	populationOf("skewed", map[string]int{"000": 78, "001": 4, "010": 4, "100": 4, "011": 1, "101": 1, "110": 1, "111": 7}),
	populationOf("three categories", map[string]int{"000": 30, "111": 20, "222": 10, "001": 8, "010": 6, "112": 6, "121": 6, "211": 4, "012": 4, "220": 3, "202": 3}),
}

// cover counts how often the intervals of samples contain the coefficients
// of the population.
func cover(t *testing.T, p ratedPopulation, samples int, sample func(rng *rand.Rand) ([][]rating, analysis.Clusters)) map[string]float64 {
	t.Helper()
	// Alpha has a correction for small n, so the population is large.
	var whole [][]rating
	for range 50 {
		whole = append(whole, p.patterns...)
	}
	of := func(raw [][]rating, clusters analysis.Clusters) (all []analysis.Agreement) {
		r := rawRatings(t, raw, 3)
		for _, f := range coefficients[:4] {
			a, err := f.of(r, unweighted, clusters)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, a)
		}
		a, err := analysis.KrippendorffAlpha(r, analysis.NominalMetric, clusters)
		if err != nil {
			t.Fatal(err)
		}
		return append(all, a)
	}
	truth := of(whole, analysis.Clusters{})
	covered := map[string]float64{}
	for s := range samples {
		for i, a := range of(sample(rand.New(rand.NewPCG(uint64(s), 77)))) {
			if a.Covers(truth[i].Value) {
				covered[a.Coefficient] += 1 / float64(samples)
			}
		}
	}
	return covered
}

// Intervals at 95 % cover the coefficient of the population in 92 to 98 of
// a hundred samples of 100 items (linearised), and in 90 to 98 of samples
// of 60 clusters (percentile bootstrap, which is known to fall short in
// small samples). The figures allow for three standard errors of the
// simulation besides. Skewed populations do worse: see the bands.
func TestAgreementCoverage(t *testing.T) {
	items, clustered := 300, 40
	if *long {
		items, clustered = 4000, 1000
	}
	check := func(t *testing.T, covered map[string]float64, samples int, least, most float64) {
		slack := 3 * math.Sqrt(.95*.05/float64(samples))
		for _, name := range []string{"percent agreement", "Fleiss' kappa", "Conger's kappa", "Gwet's AC1", "Krippendorff's alpha, nominal"} {
			share, ok := covered[name]
			if *long {
				t.Logf("%-30s covers in %.3f of %d samples", name, share, samples)
			}
			if !ok || share < least-slack || share > most+slack {
				t.Errorf("%s covers in %.3f of %d samples, want %v..%v ± %.3f", name, share, samples, least, most, slack)
			}
		}
	}
	for _, p := range ratedPopulations {
		least := .92
		if p.name == "skewed" {
			least = .90
		}
		t.Run(p.name+", items", func(t *testing.T) {
			check(t, cover(t, p, items, func(rng *rand.Rand) ([][]rating, analysis.Clusters) {
				raw := make([][]rating, 100)
				for i := range raw {
					raw[i] = p.patterns[rng.IntN(100)]
				}
				return raw, analysis.Clusters{}
			}), items, least, .98)
		})
		t.Run(p.name+", clusters", func(t *testing.T) {
			// One to five items; each is like the cluster's first by .6, so
			// that items by themselves are still those of the population.
			check(t, cover(t, p, clustered, func(rng *rand.Rand) ([][]rating, analysis.Clusters) {
				var raw [][]rating
				clusters := analysis.Clusters{N: 60}
				for c := range 60 {
					first := p.patterns[rng.IntN(100)]
					for i := range 1 + rng.IntN(5) {
						item := first
						if i > 0 && rng.Float64() > .6 {
							item = p.patterns[rng.IntN(100)]
						}
						raw, clusters.ID = append(raw, item), append(clusters.ID, int32(c))
					}
				}
				return raw, clusters
			}), clustered, least-.02, .98)
		})
	}
}

// Taking clustered items as independent makes intervals too narrow, which
// is why a warning says so: this test shows that the clusters matter.
func TestAgreementCoverageWithoutClusters(t *testing.T) {
	samples := 200
	if *long {
		samples = 2000
	}
	p := ratedPopulations[0]
	covered := cover(t, p, samples, func(rng *rand.Rand) ([][]rating, analysis.Clusters) {
		var raw [][]rating
		for range 40 {
			item := p.patterns[rng.IntN(100)]
			for range 5 {
				raw = append(raw, item)
			}
		}
		return raw, analysis.Clusters{}
	})
	if share := covered["Fleiss' kappa"]; share > .75 {
		t.Errorf("intervals without clusters cover in %.3f of samples, want far fewer than .95", share)
	} else {
		t.Logf("without its clusters, Fleiss' kappa covers in %.3f of %d samples", share, samples)
	}
}
