package analysis

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// testdata/fleiss.json holds published examples and edge cases; each says
// where it is from and with which program it was recomputed.
func TestFleissKappaPublished(t *testing.T) {
	text, err := os.ReadFile("testdata/fleiss.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		ID    string
		Input struct {
			Counts  [][]int
			Ratings [][]*int
		}
		Expected struct {
			Kappa    *float64
			Observed *float64  `json:"P_bar"`
			Chance   *float64  `json:"Pe_bar"`
			Shares   []float64 `json:"p_j"`
			Subjects int
		}
		Tol float64
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) != 9 {
		t.Fatalf("%d cases, want 9", len(cases))
	}
	undefined := map[string]error{
		"fleiss_edge_single_category":       ErrUndefined,
		"fleiss_edge_one_subject_all_agree": ErrUndefined,
		"fleiss_edge_one_rater":             ErrTooFew,
	}
	for _, c := range cases {
		t.Run(c.ID, func(t *testing.T) {
			counts := c.Input.Counts
			if c.Input.Ratings != nil {
				ratings := make([][]int, len(c.Input.Ratings))
				for i, item := range c.Input.Ratings {
					for _, r := range item {
						if r == nil {
							ratings[i] = append(ratings[i], -1)
						} else {
							ratings[i] = append(ratings[i], *r)
						}
					}
				}
				var err error
				if counts, _, err = CountRatings(ratings, 6); err != nil {
					t.Fatal(err)
				}
			}
			k, err := FleissKappa(counts)
			if c.Expected.Kappa == nil {
				if want := undefined[c.ID]; want == nil || !errors.Is(err, want) {
					t.Errorf("kappa = %v, error %v; want %v", k.Value, err, want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			near(t, "kappa", k.Value, *c.Expected.Kappa, c.Tol)
			if c.Expected.Observed != nil {
				near(t, "observed", k.Observed, *c.Expected.Observed, c.Tol)
				near(t, "chance", k.Chance, *c.Expected.Chance, c.Tol)
				for j, p := range c.Expected.Shares {
					near(t, fmt.Sprint("share ", j), k.Shares[j], p, c.Tol)
				}
			}
			if c.Expected.Subjects != 0 && k.Items != c.Expected.Subjects {
				t.Errorf("%d items, want %d", k.Items, c.Expected.Subjects)
			}
			if k.N != len(counts) || k.HasInterval() {
				t.Errorf("n = %d, level %v; want %d and no interval", k.N, k.Level, len(counts))
			}
		})
	}
}

func TestFleissKappaRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		counts [][]int
		is     error
		phrase string
	}{
		{"no items", nil, ErrTooFew, "no items"},
		{"no categories", [][]int{{}, {}}, ErrTooFew, "0 raters, want at least 2"},
		{"one rater", [][]int{{1, 0}, {0, 1}}, ErrTooFew, "1 raters, want at least 2"},
		{"one category used", [][]int{{0, 3}, {0, 3}}, ErrUndefined, "every rating is in category 1"},
		{"ragged", [][]int{{1, 2}, {1, 1, 1}}, nil, "item 1 has 3 categories, want 2"},
		{"unequal raters", [][]int{{1, 2}, {2, 1}, {2, 2}}, nil, "item 2 has 4 raters, want 3"},
		{"negative", [][]int{{1, 2}, {4, -1}}, nil, "item 1: count of category 1 is -1"},
		{"too many raters to square", [][]int{{1 << 40, 1}}, nil, "item 0: count of category 0 is 1099511627776"},
		{"ratings in place of counts", [][]int{{1, 1, 2}, {3, 1, 2}}, nil, "item 1 has 6 raters, want 4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err1 := FleissKappa(c.counts)
			_, err2 := FleissKappaClustered(c.counts, Clusters{})
			for _, err := range []error{err1, err2} {
				if err == nil || !strings.Contains(err.Error(), c.phrase) || (c.is != nil && !errors.Is(err, c.is)) {
					t.Errorf("error %v, want one with %q that is %v", err, c.phrase, c.is)
				}
			}
		})
	}
	_, err := FleissKappaClustered([][]int{{1, 1}, {2, 0}}, Clusters{ID: []int32{0}, N: 1})
	if err == nil {
		t.Error("clusters of one item for two: no error")
	}
}

// The paper prints flag rates of 48.1, 35.5 and 36.5 %, pairwise agreements
// of 67.52, 72.39 and 76.84 %, and a kappa of 0.42 (section 3.1.2). By hand:
// observed .7225, mean flag rate .40033, chance .40033² + .59967² = .51987,
// kappa (.7225 - .51987) / .48013 = .4220.
func TestPublishedKappaFollows(t *testing.T) {
	k, err := KappaFromAgreement([]float64{.6752, .7239, .7684}, []float64{.481, .355, .365})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "observed", k.Observed, .7225, 5e-5)
	near(t, "chance", k.Chance, .51987, 5e-6)
	near(t, "kappa", k.Value, .4220, 5e-5)
	if k.Raters != 3 || k.HasInterval() {
		t.Errorf("%d raters, level %v; want 3 and no interval", k.Raters, k.Level)
	}
}

// On the same items, the agreements and rates give back the kappa of the
// counts.
func TestKappaFromAgreementIsFleiss(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	const items = 200
	var flagged [items][3]bool
	counts := make([][]int, items)
	rates, pairs := make([]float64, 3), make([]float64, 3)
	for i := range flagged {
		counts[i] = []int{0, 0}
		lean := rng.Float64()
		for j := range 3 {
			if flagged[i][j] = rng.Float64() < lean; flagged[i][j] {
				counts[i][0]++
				rates[j] += 1. / items
			} else {
				counts[i][1]++
			}
		}
		for p, pair := range [][2]int{{0, 1}, {0, 2}, {1, 2}} {
			if flagged[i][pair[0]] == flagged[i][pair[1]] {
				pairs[p] += 1. / items
			}
		}
	}
	want, err := FleissKappa(counts)
	if err != nil {
		t.Fatal(err)
	}
	got, err := KappaFromAgreement(pairs, rates)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "kappa", got.Value, want.Value, 1e-12)
}

func TestKappaFromAgreementRefuses(t *testing.T) {
	for _, c := range []struct {
		pairs, rates []float64
		phrase       string
	}{
		{nil, []float64{.5}, "1 raters, want at least 2"},
		{[]float64{.5}, []float64{.5, .5, .5}, "1 pairs, want 3 for 3 raters"},
		{[]float64{72}, []float64{.5, .5}, "share is 72, want 0..1"},
		{[]float64{1}, []float64{0, 0}, "chance agreement is perfect"},
	} {
		if _, err := KappaFromAgreement(c.pairs, c.rates); err == nil || !strings.Contains(err.Error(), c.phrase) {
			t.Errorf("%v, %v: error %v, want one with %q", c.pairs, c.rates, err, c.phrase)
		}
	}
}

func TestCountRatings(t *testing.T) {
	counts, kept, err := CountRatings([][]int{{0, 2, 2}, {1, -1, 1}, {1, 1, 1}}, 3)
	if err != nil {
		t.Fatal(err)
	}
	if want := [][]int{{1, 0, 2}, {0, 3, 0}}; !reflect.DeepEqual(counts, want) || !slices.Equal(kept, []int{0, 2}) {
		t.Errorf("counts %v of items %v, want %v of 0 and 2", counts, kept, want)
	}
	if _, _, err := CountRatings([][]int{{}}, -1); err == nil {
		t.Error("-1 categories: no error")
	}
	for _, c := range []struct {
		ratings [][]int
		phrase  string
	}{
		{[][]int{{0, 1}, {0, 1, 1}}, "item 1 has 3 ratings, want 2"},
		{[][]int{{0, 1}, {0, 3}}, "item 1: rater 1 gave category 3, want 0..2"},
	} {
		if _, _, err := CountRatings(c.ratings, 3); err == nil || !strings.Contains(err.Error(), c.phrase) {
			t.Errorf("error %v, want one with %q", err, c.phrase)
		}
	}
}

// randomCounts makes items that raters agree on more than by chance.
func randomCounts(items, raters, categories int, rng *rand.Rand) [][]int {
	counts := make([][]int, items)
	for i := range counts {
		counts[i] = make([]int, categories)
		typical := rng.IntN(categories)
		for range raters {
			if rng.IntN(2) == 0 {
				counts[i][typical]++
			} else {
				counts[i][rng.IntN(categories)]++
			}
		}
	}
	return counts
}

func TestFleissKappaClusteredLaws(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 0))
		raters, categories := 2+rng.IntN(4), 2+rng.IntN(3)
		counts := randomCounts(90, raters, categories, rng)
		clusters := Clusters{ID: make([]int32, len(counts)), N: 40}
		for i := range clusters.ID {
			clusters.ID[i] = int32(rng.IntN(40))
		}
		k, err := FleissKappaClustered(counts, clusters)
		if err != nil {
			t.Fatal(err)
		}
		point, err := FleissKappa(counts)
		if err != nil {
			t.Fatal(err)
		}
		if k.Value != point.Value || !k.Covers(k.Value) || k.SE <= 0 || k.Value > 1 || k.Value < -1/float64(raters-1) {
			t.Errorf("seed %d: clustered %+v, point %v", seed, k.Estimate, point.Value)
		}
		if k.Clusters > 40 || k.Clusters < 20 || k.Seed != DefaultSeed || len(k.Warnings) > 0 {
			t.Errorf("seed %d: %d clusters, seed %d, warnings %v", seed, k.Clusters, k.Seed, k.Warnings)
		}

		// Other order of items, other numbers of clusters, with gaps.
		number := rng.Perm(100)
		var moved [][]int
		renumbered := Clusters{N: 100}
		for _, i := range rng.Perm(len(counts)) {
			moved = append(moved, counts[i])
			renumbered.ID = append(renumbered.ID, int32(number[clusters.ID[i]]))
		}
		if again, err := FleissKappaClustered(moved, renumbered); err != nil || !reflect.DeepEqual(again, k) {
			t.Errorf("seed %d: order matters: %+v and %+v, error %v", seed, again, k, err)
		}

		// A copy of every item in its own cluster is no news: only n grows.
		double := Clusters{ID: slices.Concat(clusters.ID, clusters.ID), N: 40}
		twice, err := FleissKappaClustered(slices.Concat(counts, counts), double)
		if err != nil || twice.N != 2*k.N {
			t.Fatalf("seed %d: n = %d, error %v; want %d", seed, twice.N, err, 2*k.N)
		}
		near(t, "SE of items told twice", twice.SE, k.SE, 1e-12)
		near(t, "upper end of items told twice", twice.Hi, k.Hi, 1e-12)
	}
}

func TestFleissKappaUnknownClusters(t *testing.T) {
	counts := randomCounts(60, 3, 2, rand.New(rand.NewPCG(5, 0)))
	k, err := FleissKappaClustered(counts, Clusters{})
	if err != nil {
		t.Fatal(err)
	}
	if !k.HasInterval() || k.Clusters != 0 || !slices.Contains(k.Warnings, errClustersUnknown) {
		t.Errorf("level %v, %d clusters, warnings %v; want an interval, 0 and a warning", k.Level, k.Clusters, k.Warnings)
	}
}

func TestFleissKappaOneCluster(t *testing.T) {
	k, err := FleissKappaClustered([][]int{{2, 1}, {0, 3}}, Clusters{ID: []int32{4, 4}, N: 5})
	if err != nil {
		t.Fatal(err)
	}
	// Observed (1/3 + 1)/2 = 2/3, chance 1/9 + 4/9 = 5/9: kappa 1/4.
	near(t, "kappa", k.Value, .25, 1e-15)
	if k.HasInterval() || len(k.Warnings) != 1 || !errors.Is(k.Warnings[0], ErrTooFew) {
		t.Errorf("level %v, warnings %v; want no interval and the reason", k.Level, k.Warnings)
	}
}

func BenchmarkFleissKappa(b *testing.B) {
	const items = 24600
	counts := randomCounts(items, 3, 3, rand.New(rand.NewPCG(1, 0)))
	clusters := Clusters{ID: make([]int32, items), N: items / 8}
	for i := range clusters.ID {
		clusters.ID[i] = int32(i / 8)
	}
	for _, c := range []struct {
		name string
		Clusters
	}{{"clusters", clusters}, {"unknown", Clusters{}}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := FleissKappaClustered(counts, c.Clusters); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(items*b.N)/b.Elapsed().Seconds(), "items/s")
		})
	}
}
