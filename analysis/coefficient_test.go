package analysis_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
)

const (
	unweighted = analysis.Unweighted
	missing    = analysis.NoRating
)

type rating = analysis.Rating

// coefficients are all of them that take weights, for any number of raters.
var coefficients = []struct {
	name string
	of   func(*analysis.Ratings, analysis.Weighting, analysis.Clusters) (analysis.Agreement, error)
}{
	{"percent", analysis.PercentAgreement},
	{"fleiss", analysis.FleissKappaUnequal},
	{"conger", analysis.CongerKappa},
	{"gwet", analysis.GwetAC},
	{"cohen", analysis.CohenKappa},
	{"scott", analysis.ScottPi},
}

var metrics = []analysis.Metric{analysis.NominalMetric, analysis.OrdinalMetric, analysis.IntervalMetric, analysis.RatioMetric}

func rawRatings(t testing.TB, raw [][]rating, categories int) *analysis.Ratings {
	t.Helper()
	r, err := analysis.RatingsByRater(raw, categories)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func inOrder(t testing.TB, r *analysis.Ratings, scores ...int) *analysis.Ratings {
	t.Helper()
	ordered, err := r.Ordered(scores...)
	if err != nil {
		t.Fatal(err)
	}
	return ordered
}

func close(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, tol)
	}
}

// testdata/oracle/agreement.json holds randomised ratings with values and
// standard errors by irrCAC, krippendorff, scikit-learn and statsmodels; the
// script beside it makes it and says what to know of these programs. Their
// sampling variances are Gwet's and, of two raters in a table, those of
// Fleiss, Cohen and Everitt, which divide by n where ours divides by n-1.
func TestAgreementOracle(t *testing.T) {
	text, err := os.ReadFile("testdata/oracle/agreement.json")
	if err != nil {
		t.Fatal(err)
	}
	type value []float64 // and, if known, its standard error
	type weightings struct{ Identity, Linear, Quadratic, Ordinal map[string]value }
	var cases []struct {
		Name, Items string
		Categories  int
		weightings
		Alpha                 map[string]value
		Cohen, Scott, Percent map[string]value
		Complete              struct {
			Items  int
			Fleiss float64
		}
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) != 30 {
		t.Fatalf("%d cases, want 30", len(cases))
	}
	compared := 0
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			var raw [][]rating
			for item := range strings.FieldsSeq(c.Items) {
				var row []rating
				for _, digit := range item {
					row = append(row, rating(digit-'0'))
					if digit == '.' {
						row[len(row)-1] = missing
					}
				}
				raw = append(raw, row)
			}
			scores := make([]int, c.Categories)
			for k := range scores {
				scores[k] = k + 1
			}
			r := inOrder(t, rawRatings(t, raw, c.Categories), scores...)
			const tol = 1e-12
			same := func(what string, a analysis.Agreement, err error, want value, scale float64) {
				t.Helper()
				if err != nil {
					t.Errorf("%s: %v", what, err)
					return
				}
				if len(want) == 0 {
					t.Errorf("%s: nothing to compare with", what)
					return
				}
				compared++
				close(t, what, a.Value, want[0], tol)
				if len(want) > 1 {
					close(t, what+": SE", a.SE, want[1]*scale, tol)
				}
			}
			names := []string{"identity", "linear", "quadratic", "ordinal"}
			for w, want := range []map[string]value{c.Identity, c.Linear, c.Quadratic, c.Ordinal} {
				for _, f := range coefficients[1:4] {
					a, err := f.of(r, analysis.Weighting(w), analysis.Clusters{})
					same(f.name+" "+names[w], a, err, want[f.name], 1)
				}
				if r.Raters() != 2 {
					continue
				}
				for i, want := range []map[string]value{c.Cohen, c.Scott, c.Percent} {
					f := coefficients[[]int{4, 5, 0}[i]]
					a, err := f.of(r, analysis.Weighting(w), analysis.Clusters{})
					n := float64(a.N)
					scale := math.Sqrt(n / (n - 1))
					if f.name == "percent" && w == 0 {
						scale = 1 // a share
					}
					same(f.name+" "+names[w], a, err, want[names[w]], scale)
				}
			}
			for _, m := range metrics {
				a, err := analysis.KrippendorffAlpha(r, m, analysis.Clusters{})
				same("alpha "+m.String(), a, err, c.Alpha[m.String()], 1)
			}
			all, err := analysis.CompareAgreement(r, analysis.Clusters{})
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range all.Coefficients {
				if row.Coefficient == "Fleiss' kappa of complete items" {
					close(t, row.Coefficient, row.Value, c.Complete.Fleiss, tol)
					if row.N != c.Complete.Items {
						t.Errorf("%d complete items, want %d", row.N, c.Complete.Items)
					}
				}
			}
		})
	}
	t.Logf("%d coefficients compared over %d data sets", compared, len(cases))
}

// randomRatings makes items that raters agree on more than by chance, with
// ratings missing and one category in favour.
func randomRatings(items, raters, categories int, missingRate float64, rng *rand.Rand) [][]rating {
	favour := rng.Float64()
	raw := make([][]rating, items)
	for i := range raw {
		truth := rating(rng.IntN(categories))
		if rng.Float64() < favour {
			truth = 0
		}
		for range raters {
			c := truth
			if rng.IntN(3) == 0 {
				c = rating(rng.IntN(categories))
			}
			if rng.Float64() < missingRate {
				c = missing
			}
			raw[i] = append(raw[i], c)
		}
	}
	return raw
}

// everything is the value, standard error and interval of every coefficient.
func everything(t *testing.T, r *analysis.Ratings, clusters analysis.Clusters) map[string]analysis.Agreement {
	t.Helper()
	c, err := analysis.CompareAgreement(r, clusters)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]analysis.Agreement{}
	for _, row := range c.Coefficients {
		if row.Err != nil {
			t.Fatal(row.Err)
		}
		all[row.Coefficient] = row.Agreement
	}
	return all
}

func TestAgreementLaws(t *testing.T) {
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 17))
		raters, categories := 2+rng.IntN(4), 2+rng.IntN(4)
		raw := randomRatings(80, raters, categories, []float64{0, .15}[seed%2], rng)
		r := rawRatings(t, raw, categories)
		clusters := analysis.Clusters{ID: make([]int32, len(raw)), N: 30}
		for i := range clusters.ID {
			clusters.ID[i] = int32(rng.IntN(30))
		}
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			want := everything(t, r, clusters)
			for name, a := range want {
				if !a.Covers(a.Value) || !(a.SE > 0) || a.Value > 1 || a.Value < -1 || a.Hi > 1 {
					t.Errorf("%s: %v", name, a.Estimate)
				}
				if a.Observed < 0 || a.Observed > 1 || a.Chance < 0 || a.Chance >= 1 {
					t.Errorf("%s: observed %v, chance %v", name, a.Observed, a.Chance)
				}
				close(t, name+" by its formula", a.Value, (a.Observed-a.Chance)/(1-a.Chance), 1e-12)
				if !(a.DesignEffect > 0) || a.Clusters == 0 || a.Clusters > 30 || len(a.Warnings) > 0 {
					t.Errorf("%s: design effect %v, %d clusters, warnings %v", name, a.DesignEffect, a.Clusters, a.Warnings)
				}
			}

			// Order of items and numbers of clusters change no digit.
			moved := make([][]rating, len(raw))
			renumbered := analysis.Clusters{ID: make([]int32, len(raw)), N: 90}
			number := rng.Perm(90)
			for i, j := range rng.Perm(len(raw)) {
				moved[i], renumbered.ID[i] = raw[j], int32(number[clusters.ID[j]])
			}
			for name, a := range everything(t, rawRatings(t, moved, categories), renumbered) {
				close(t, name+": design effect after moving items", a.DesignEffect, want[name].DesignEffect, 1e-9)
				a.DesignEffect = want[name].DesignEffect // a sum of floats
				if !reflect.DeepEqual(a, want[name]) {
					t.Errorf("%s: order of items matters:\n%+v\n%+v", name, a, want[name])
				}
			}

			// Order of raters and names of categories change the value of
			// no coefficient, but for rounding, nor its standard error.
			one := everything(t, r, analysis.Clusters{})
			raterOf, categoryOf := rng.Perm(raters), rng.Perm(categories)
			renamed := make([][]rating, len(raw))
			for i := range raw {
				for _, g := range raterOf {
					c := raw[i][g]
					if c != missing {
						c = rating(categoryOf[c])
					}
					renamed[i] = append(renamed[i], c)
				}
			}
			for name, a := range everything(t, rawRatings(t, renamed, categories), analysis.Clusters{}) {
				close(t, name+" renamed", a.Value, one[name].Value, 1e-12)
				close(t, name+" renamed: SE", a.SE, one[name].SE, 1e-12)
			}

			// Reversing the order of categories changes no weight.
			reversed := make([][]rating, len(raw))
			for i := range raw {
				for _, c := range raw[i] {
					if c != missing {
						c = rating(categories-1) - c
					}
					reversed[i] = append(reversed[i], c)
				}
			}
			ordered := everything(t, inOrder(t, r), analysis.Clusters{})
			for name, a := range everything(t, inOrder(t, rawRatings(t, reversed, categories)), analysis.Clusters{}) {
				close(t, name+" reversed", a.Value, ordered[name].Value, 1e-12)
			}

			// Scores twice as far apart are the same weights.
			scores := make([]int, categories)
			for k := range scores {
				scores[k] = 5 + 2*k
			}
			for name, a := range everything(t, inOrder(t, r, scores...), analysis.Clusters{}) {
				close(t, name+" at double distance", a.Value, ordered[name].Value, 1e-12)
			}
		})
	}
}

// An item to a cluster is no clustering: the same value, a design effect of
// 1, and about the same standard error from the bootstrap.
func TestAgreementOneItemPerCluster(t *testing.T) {
	raw := randomRatings(400, 3, 3, .1, rand.New(rand.NewPCG(2, 3)))
	r := inOrder(t, rawRatings(t, raw, 3))
	own := analysis.Clusters{ID: make([]int32, len(raw)), N: len(raw)}
	for i := range own.ID {
		own.ID[i] = int32(i)
	}
	without := everything(t, r, analysis.Clusters{})
	for name, a := range everything(t, r, own) {
		b := without[name]
		if a.Value != b.Value || a.Clusters != a.N || b.Clusters != 0 {
			t.Errorf("%s: %v of %d clusters, without them %v of %d", name, a.Value, a.Clusters, b.Value, b.Clusters)
		}
		close(t, name+": design effect", a.DesignEffect, 1, 1e-9)
		if ratio := a.SE / b.SE; ratio < .9 || ratio > 1.1 {
			t.Errorf("%s: SE %v by the bootstrap, %v linearised", name, a.SE, b.SE)
		}
		if len(b.Warnings) != 1 || !strings.Contains(b.Warnings[0].Error(), "clusters unknown") {
			t.Errorf("%s: warnings %v, want that of unknown clusters", name, b.Warnings)
		}
	}
}

// Items told five times, each with its copies in a cluster, are no news:
// the design effect is near 5, and the bootstrap's SE as before.
func TestAgreementCopies(t *testing.T) {
	raw := randomRatings(300, 3, 2, 0, rand.New(rand.NewPCG(4, 3)))
	var copies [][]rating
	clusters, single := analysis.Clusters{N: len(raw)}, analysis.Clusters{N: len(raw)}
	for i, item := range raw {
		single.ID = append(single.ID, int32(i))
		for range 5 {
			copies, clusters.ID = append(copies, item), append(clusters.ID, int32(i))
		}
	}
	want := everything(t, rawRatings(t, raw, 2), single)
	for name, a := range everything(t, rawRatings(t, copies, 2), clusters) {
		// Alpha's correction for chance depends a little on n.
		tol := 1e-12
		if strings.HasPrefix(name, "Krippendorff") {
			tol = 1e-3
		}
		close(t, name, a.Value, want[name].Value, tol)
		close(t, name+": SE", a.SE, want[name].SE, tol)
		close(t, name+": design effect", a.DesignEffect, 5, .05)
	}
}

// The linearised variance is the derivative of the coefficient: it is near
// that of leaving out one item after the other, which knows no formula.
func TestAgreementJackknife(t *testing.T) {
	for _, missingRate := range []float64{0, .1} {
		raw := randomRatings(150, 4, 4, missingRate, rand.New(rand.NewPCG(8, 3)))
		// Without items of a single rating, whose part in the variance
		// Gwet's formula overstates.
		raw = slices.DeleteFunc(raw, func(item []rating) bool {
			n := 0
			for _, c := range item {
				if c != missing {
					n++
				}
			}
			return n < 2
		})
		r := inOrder(t, rawRatings(t, raw, 4))
		n := float64(len(raw))
		leaveOut := map[string][]float64{}
		for i := range raw {
			rest := slices.Concat(raw[:i], raw[i+1:])
			for name, a := range everything(t, inOrder(t, rawRatings(t, rest, 4)), analysis.Clusters{}) {
				leaveOut[name] = append(leaveOut[name], a.Value)
			}
		}
		for name, a := range everything(t, r, analysis.Clusters{}) {
			mean, squares := 0.0, 0.0
			for _, x := range leaveOut[name] {
				mean += x / n
			}
			for _, x := range leaveOut[name] {
				squares += (x - mean) * (x - mean)
			}
			if strings.Contains(name, "complete items") && missingRate > 0 {
				continue // its n is another
			}
			if ratio := a.SE / math.Sqrt(squares*(n-1)/n); ratio < .95 || ratio > 1.05 {
				t.Errorf("missing %v: %s: SE %v is %.3f times the jackknife's", missingRate, name, a.SE, ratio)
			}
		}
	}
}

// Unweighted and with equal raters, Fleiss' kappa has one value, bit for
// bit, and of two raters Scott's pi is the same; Conger's kappa is Cohen's.
func TestAgreementFamily(t *testing.T) {
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 23))
		raters, categories := 2+rng.IntN(4), 2+rng.IntN(4)
		raw := randomRatings(60, raters, categories, 0, rng)
		r := rawRatings(t, raw, categories)
		counts := make([][]int, len(raw))
		for i, item := range raw {
			counts[i] = make([]int, categories)
			for _, c := range item {
				counts[i][c]++
			}
		}
		clusters := analysis.Clusters{ID: make([]int32, len(raw)), N: 20}
		for i := range clusters.ID {
			clusters.ID[i] = int32(rng.IntN(20))
		}
		want, err := analysis.FleissKappaClustered(counts, clusters)
		if err != nil {
			t.Fatal(err)
		}
		fromCounts, err := analysis.RatingsFromCounts(counts)
		if err != nil {
			t.Fatal(err)
		}
		for _, ratings := range []*analysis.Ratings{r, fromCounts} {
			got, err := analysis.FleissKappaUnequal(ratings, unweighted, clusters)
			if err != nil {
				t.Fatal(err)
			}
			if got.Value != want.Value || got.SE != want.SE || got.Lo != want.Lo || got.Hi != want.Hi ||
				got.Observed != want.Observed || got.Chance != want.Chance || !slices.Equal(got.Shares, want.Shares) || got.Method != want.Method {
				t.Errorf("seed %d: %+v, want %+v", seed, got, want)
			}
		}
		all := everything(t, r, clusters)
		// Chance by each rater's own shares is less than by shared ones, of
		// two raters; of more on average over pairs as well.
		if kappa := all["Fleiss' kappa"].Value; raters == 2 {
			close(t, "Scott's pi", all["Scott's pi"].Value, kappa, 1e-14)
			if cohen := all["Cohen's kappa"].Value; cohen < kappa-1e-14 {
				t.Errorf("seed %d: Cohen's kappa %v below Scott's pi %v", seed, cohen, kappa)
			}
			conger, err := analysis.CongerKappa(r, unweighted, clusters)
			if err != nil || conger.Value != all["Cohen's kappa"].Value || conger.SE != all["Cohen's kappa"].SE {
				t.Errorf("seed %d: Conger's kappa %v, error %v; want Cohen's %v", seed, conger.Value, err, all["Cohen's kappa"].Value)
			}
		} else if conger := all["Conger's kappa"].Value; conger < kappa-1e-14 {
			t.Errorf("seed %d: Conger's kappa %v below Fleiss' %v", seed, conger, kappa)
		}
	}
}

// What the paper prints in section 3.1.2 implies these Cohen's kappas. By
// hand: chance is .481·.355 + .519·.645 = .50551, and likewise .50513 and
// .53915; kappa is (.6752 - .50551)/.49449, (.7239 - .50513)/.49487 and
// (.7684 - .53915)/.46085. As the rates are printed to one decimal of a per
// cent, the third digit may be off by one.
func TestCohenKappasImpliedByPaper(t *testing.T) {
	claude, o3, gemini := .481, .355, .365
	for _, c := range []struct {
		agreement, a, b, want float64
	}{{.6752, claude, o3, .343}, {.7239, claude, gemini, .442}, {.7684, o3, gemini, .4975}} {
		k, err := analysis.CohenKappaFromAgreement(c.agreement, c.a, c.b)
		if err != nil {
			t.Fatal(err)
		}
		close(t, "kappa", k.Value, c.want, 5e-4)
		if k.HasInterval() || k.Raters != 2 {
			t.Errorf("level %v, %d raters; want no interval and 2", k.Level, k.Raters)
		}
	}
}

func TestCohenKappaFromAgreementRefuses(t *testing.T) {
	for _, c := range []struct {
		agreement, a, b float64
		is              error
		phrase          string
	}{
		{67.5, .5, .5, nil, "share is 67.5"},
		{math.NaN(), .5, .5, nil, "share is NaN"},
		{.95, .5, .9, nil, "want 0.4..0.6"},
		{1, 1, 1, analysis.ErrUndefined, "always pick the same"},
	} {
		_, err := analysis.CohenKappaFromAgreement(c.agreement, c.a, c.b)
		if err == nil || !strings.Contains(err.Error(), c.phrase) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%v: error %v", c, err)
		}
	}
}

func TestAgreementUndefined(t *testing.T) {
	tooFew, undefined := analysis.ErrTooFew, analysis.ErrUndefined
	for _, c := range []struct {
		name       string
		raw        [][]rating
		categories int
		// what a kappa, percent agreement and Gwet's coefficient return
		kappa, percent, gwet error
	}{
		{"one category used", [][]rating{{1, 1}, {1, 1}, {1, 1}}, 2, undefined, nil, nil},
		{"one category there is", [][]rating{{0, 0}, {0, 0}}, 1, undefined, nil, undefined},
		{"no pair", [][]rating{{0, missing}, {missing, 1}}, 2, tooFew, tooFew, tooFew},
		{"no rating", [][]rating{{missing, missing}, {missing, missing}}, 2, tooFew, tooFew, tooFew},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := inOrder(t, rawRatings(t, c.raw, c.categories))
			check := func(name string, err, want error) {
				t.Helper()
				if !errors.Is(err, want) || (want == nil) != (err == nil) {
					t.Errorf("%s: error %v, want %v", name, err, want)
				}
			}
			for _, w := range []analysis.Weighting{unweighted, analysis.QuadraticWeights} {
				for _, f := range coefficients {
					a, err := f.of(r, w, analysis.Clusters{})
					want := c.kappa
					switch f.name {
					case "percent":
						want = c.percent
					case "gwet":
						want = c.gwet
					}
					check(f.name, err, want)
					if err == nil && a.Value != 1 {
						t.Errorf("%s = %v, want 1", f.name, a.Value)
					}
				}
			}
			for _, m := range metrics {
				_, err := analysis.KrippendorffAlpha(r, m, analysis.Clusters{})
				check("alpha "+m.String(), err, c.kappa)
			}
		})
	}
}

func TestAgreementAllAgree(t *testing.T) {
	r := inOrder(t, rawRatings(t, [][]rating{{0, 0}, {2, 2}, {1, 1}, {0, 0}}, 3))
	for _, clusters := range []analysis.Clusters{{}, {ID: []int32{0, 1, 1, 2}, N: 3}} {
		for name, a := range everything(t, r, clusters) {
			close(t, name, a.Value, 1, 1e-12)
			if name == "percent agreement" {
				// Wilson's interval: 4 of 4, on n over the design effect.
				if a.Lo > .55 || a.Hi != 1 {
					t.Errorf("%s: interval %v to %v", name, a.Lo, a.Hi)
				}
				continue
			}
			if !slices.ContainsFunc(a.Warnings, func(w error) bool { return strings.Contains(w.Error(), "no width") }) {
				t.Errorf("%s: interval %v to %v without a warning: %v", name, a.Lo, a.Hi, a.Warnings)
			}
		}
	}
}

func TestAgreementNoInterval(t *testing.T) {
	// One item, or all in one cluster, has nothing to draw.
	one := rawRatings(t, [][]rating{{0, 1}}, 2)
	two := rawRatings(t, [][]rating{{0, 1}, {1, 1}}, 2)
	for _, c := range []struct {
		r        *analysis.Ratings
		clusters analysis.Clusters
	}{{one, analysis.Clusters{}}, {two, analysis.Clusters{ID: []int32{3, 3}, N: 4}}} {
		for _, f := range coefficients[1:] {
			a, err := f.of(c.r, unweighted, c.clusters)
			if err != nil {
				t.Fatal(err)
			}
			if a.HasInterval() || a.SE != 0 || !errors.Is(a.Warnings[0], analysis.ErrTooFew) {
				t.Errorf("%s: %+v", f.name, a.Estimate)
			}
		}
	}
}

func TestAgreementRefuses(t *testing.T) {
	raw := rawRatings(t, [][]rating{{0, 1, 1}, {1, 1, missing}}, 2)
	counts, err := analysis.RatingsFromCounts([][]int{{1, 2}, {0, 2}})
	if err != nil {
		t.Fatal(err)
	}
	negative := inOrder(t, raw, -1, 1)
	short := analysis.Clusters{ID: []int32{0}, N: 1}
	of := func(i int, r *analysis.Ratings, w analysis.Weighting, c analysis.Clusters) error {
		_, err := coefficients[i].of(r, w, c)
		return err
	}
	alpha := func(r *analysis.Ratings, m analysis.Metric, c analysis.Clusters) error {
		_, err := analysis.KrippendorffAlpha(r, m, c)
		return err
	}
	for _, c := range []struct {
		err    error
		phrase string
	}{
		{of(4, raw, unweighted, analysis.Clusters{}), "Cohen's kappa: 3 raters, want 2"},
		{of(5, raw, unweighted, analysis.Clusters{}), "Scott's pi: 3 raters, want 2"},
		{of(2, counts, unweighted, analysis.Clusters{}), "made from counts"},
		{of(0, raw, analysis.LinearWeights, analysis.Clusters{}), "linear weights need categories with an order"},
		{of(1, raw, analysis.QuadraticWeights, analysis.Clusters{}), "quadratic weights need"},
		{of(2, raw, analysis.OrdinalWeights, analysis.Clusters{}), "ordinal weights need"},
		{of(3, raw, 9, analysis.Clusters{}), "weighting 9 is none"},
		{of(0, raw, unweighted, short), "clusters of 1 rows, want 2"},
		{of(1, raw, unweighted, short), "clusters of 1 rows, want 2"},
		{alpha(raw, analysis.OrdinalMetric, analysis.Clusters{}), "ordinal: needs categories with an order"},
		{alpha(raw, analysis.Metric(7), analysis.Clusters{}), "metric 7 is none"},
		{alpha(negative, analysis.RatioMetric, analysis.Clusters{}), "score -1 of category 0 is negative"},
		{alpha(raw, analysis.NominalMetric, short), "clusters of 1 rows, want 2"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.phrase) {
			t.Errorf("error %v, want one with %q", c.err, c.phrase)
		}
	}
	if _, err := analysis.CompareAgreement(raw, short); err == nil {
		t.Error("compare: clusters that do not fit: no error")
	}
}

// A rater who rated nothing is nobody.
func TestCongerSilentRater(t *testing.T) {
	with := rawRatings(t, [][]rating{{0, missing, 1}, {1, missing, 1}, {0, missing, 0}}, 2)
	without := rawRatings(t, [][]rating{{0, 1}, {1, 1}, {0, 0}}, 2)
	a, err := analysis.CongerKappa(with, unweighted, analysis.Clusters{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := analysis.CongerKappa(without, unweighted, analysis.Clusters{})
	if err != nil {
		t.Fatal(err)
	}
	if a.Value != b.Value || a.SE != b.SE || a.Raters != 2 || !strings.Contains(fmt.Sprint(a.Warnings), "1 of 3 raters have no rating") {
		t.Errorf("%+v, want as %+v with a warning", a, b)
	}
}

func BenchmarkCompareAgreement(b *testing.B) {
	const items = 24600
	raw := randomRatings(items, 3, 3, .02, rand.New(rand.NewPCG(1, 0)))
	r := rawRatings(b, raw, 3)
	clusters := analysis.Clusters{ID: make([]int32, items), N: items / 5}
	for i := range clusters.ID {
		clusters.ID[i] = int32(i / 5)
	}
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			if _, err := analysis.CompareAgreement(r, clusters); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, f := range coefficients[:4] {
		b.Run(f.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := f.of(r, unweighted, clusters); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("alpha", func(b *testing.B) {
		for b.Loop() {
			if _, err := analysis.KrippendorffAlpha(r, analysis.NominalMetric, clusters); err != nil {
				b.Fatal(err)
			}
		}
	})
}
