package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func TestRatings(t *testing.T) {
	raw := [][]rating{{0, 2, missing}, {1, 1, 1}, {missing, missing, missing}}
	r := rawRatings(t, raw, 3)
	if r.Items() != 3 || r.Raters() != 3 || r.Categories() != 3 || r.Missing() != 4 {
		t.Errorf("%d items, %d raters, %d categories, %d missing; want 3, 3, 3, 4", r.Items(), r.Raters(), r.Categories(), r.Missing())
	}
	raw[1][0] = 2 // the ratings are a copy
	pair, err := r.Pair(0, 1)
	if err != nil {
		t.Fatal(err)
	}
	a, err := analysis.PercentAgreement(pair, unweighted, analysis.Clusters{})
	if err != nil || a.Value != .5 || a.N != 2 || a.Items != 2 || pair.Missing() != 2 {
		t.Errorf("agreement %v of %d, %d missing, error %v; want 1/2 of 2, 2", a.Value, a.N, pair.Missing(), err)
	}

	counts, err := analysis.RatingsFromCounts([][]int{{2, 1}, {0, 2}})
	if err != nil {
		t.Fatal(err)
	}
	if counts.Raters() != 3 || counts.Missing() != 1 {
		t.Errorf("counts: %d raters, %d missing; want 3 and 1", counts.Raters(), counts.Missing())
	}
	if _, err := counts.Pair(0, 1); err == nil || !strings.Contains(err.Error(), "made from counts") {
		t.Errorf("pair of counts: error %v", err)
	}
	for _, p := range [][2]int{{0, 0}, {-1, 1}, {0, 3}} {
		if _, err := r.Pair(p[0], p[1]); err == nil || !strings.Contains(err.Error(), "want two of 0..2") {
			t.Errorf("pair %v: error %v", p, err)
		}
	}
}

func TestRatingsRefuse(t *testing.T) {
	for _, c := range []struct {
		raw        [][]rating
		categories int
		is         error
		phrase     string
	}{
		{nil, 2, analysis.ErrTooFew, "no items"},
		{[][]rating{{}}, 2, analysis.ErrTooFew, "no raters"},
		{[][]rating{{0}}, 0, analysis.ErrTooFew, "0 categories"},
		{[][]rating{{0, 1}, {0}}, 2, nil, "item 1 has 1 raters, want 2"},
		{[][]rating{{0, 1}, {0, 2}}, 2, nil, "item 1: rater 1 gave category 2, want 0..1"},
		{[][]rating{{0, -2}}, 2, nil, "item 0: rater 1 gave category -2"},
	} {
		_, err := analysis.RatingsByRater(c.raw, c.categories)
		if err == nil || !strings.Contains(err.Error(), c.phrase) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%v: error %v, want one with %q that is %v", c.raw, err, c.phrase, c.is)
		}
	}
	for _, c := range []struct {
		counts [][]int
		is     error
		phrase string
	}{
		{nil, analysis.ErrTooFew, "no items"},
		{[][]int{{}}, analysis.ErrTooFew, "no categories"},
		{[][]int{{1, 2}, {3}}, nil, "item 1 has 1 categories, want 2"},
		{[][]int{{1, -2}}, nil, "item 0: count of category 1 is -2"},
		{[][]int{{1 << 20, 1 << 20}}, nil, "item 0 has 2097152 raters or more"},
	} {
		_, err := analysis.RatingsFromCounts(c.counts)
		if err == nil || !strings.Contains(err.Error(), c.phrase) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%v: error %v, want one with %q that is %v", c.counts, err, c.phrase, c.is)
		}
	}
	r := rawRatings(t, [][]rating{{0, 1}}, 2)
	for _, c := range []struct {
		scores []int
		phrase string
	}{
		{[]int{1}, "1 scores, want one for each of 2"},
		{[]int{2, 2}, "score 2 of category 1 is not above 2"},
		{[]int{0, 1 << 30}, "score 1073741824 of category 1"},
	} {
		if _, err := r.Ordered(c.scores...); err == nil || !strings.Contains(err.Error(), c.phrase) {
			t.Errorf("%v: error %v, want one with %q", c.scores, err, c.phrase)
		}
	}
	// Sums that could leave 64 bits are refused rather than wrapped.
	huge, err := analysis.RatingsFromCounts([][]int{{1 << 20, 0}, {0, 1 << 20}})
	if err != nil {
		t.Fatal(err)
	}
	far := inOrder(t, huge, 0, 1_000_000)
	if _, err := analysis.GwetAC(far, analysis.QuadraticWeights, analysis.Clusters{}); err == nil || !strings.Contains(err.Error(), "too many for exact sums") {
		t.Errorf("sums beyond 64 bits: error %v", err)
	}
}

// The two tables of Feinstein and Cicchetti 1990 with the same agreement of
// .85: kappa .70 where both categories are as common, .32 where one is
// rare. By hand, of the second: Fleiss' chance is .875² + .125² = .78125,
// kappa (.85 - .78125)/.21875 = .3143, and on even categories .70.
func TestPrevalence(t *testing.T) {
	table := func(a, b, c, d int) *analysis.Ratings {
		return (&reference{T: t}).table([][]int{{a, b}, {c, d}})
	}
	for _, c := range []struct {
		name                      string
		r                         *analysis.Ratings
		category                  int
		cohen, share, index, even float64
		warns                     string
	}{
		{"balanced", table(40, 9, 6, 45), 1, .6995, .525, .05, .70, ""},
		{"skewed", table(80, 10, 5, 5), 0, .3182, .875, .75, .70, "kappa is 0.31 where the same observed agreement of 0.85 on evenly used categories would give 0.70"},
		{"one category", table(0, 0, 0, 9), 1, math.NaN(), 1, 1, 1, "kappa has no value, as every rating is in category 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := analysis.MeasurePrevalence(c.r)
			if err != nil {
				t.Fatal(err)
			}
			if p.Category != c.category {
				t.Errorf("category %d, want %d", p.Category, c.category)
			}
			close(t, "share", p.Share, c.share, 1e-12)
			close(t, "index", p.Index, c.index, 1e-12)
			close(t, "even", p.Even, c.even, 1e-12)
			all, err := analysis.CompareAgreement(c.r, analysis.Clusters{})
			if err != nil {
				t.Fatal(err)
			}
			if (p.Warning != nil) != (c.warns != "") || !strings.Contains(fmt.Sprint(p.Warning), c.warns) && c.warns != "" {
				t.Errorf("warning %v, want %q", p.Warning, c.warns)
			}
			if c.warns != "" && !strings.Contains(all.String(), c.warns) {
				t.Errorf("the comparison does not print the warning:\n%v", all)
			}
			for _, row := range all.Coefficients {
				if row.Coefficient != "Cohen's kappa" {
					continue
				}
				if math.IsNaN(c.cohen) {
					if !errors.Is(row.Err, analysis.ErrUndefined) || !math.IsNaN(row.Value) {
						t.Errorf("Cohen's kappa %v, error %v; want NaN and ErrUndefined", row.Value, row.Err)
					}
					continue
				}
				close(t, "Cohen's kappa", row.Value, c.cohen, 5e-5)
			}
		})
	}
	single := rawRatings(t, [][]rating{{0, 0}}, 1)
	if _, err := analysis.MeasurePrevalence(single); !errors.Is(err, analysis.ErrUndefined) {
		t.Errorf("a single category to choose: error %v", err)
	}
	nobody := rawRatings(t, [][]rating{{missing, 0}}, 2)
	if _, err := analysis.MeasurePrevalence(nobody); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("no pair: error %v", err)
	}
}

// By hand, of the skewed table above: 2·80/(2·80+15) and 2·5/(2·5+15).
func TestAgreementByCategory(t *testing.T) {
	r := (&reference{T: t}).table([][]int{{80, 10, 0}, {5, 5, 0}, {0, 0, 0}})
	list, err := analysis.AgreementByCategory(r, analysis.Clusters{})
	if err != nil {
		t.Fatal(err)
	}
	close(t, "specific agreement on 0", list[0].Specific.Value, 160./175, 1e-15)
	close(t, "specific agreement on 1", list[1].Specific.Value, 10./25, 1e-15)
	close(t, "share of 0", list[0].Share, .875, 1e-12)
	close(t, "kappa of 0", list[0].Kappa.Value, .06875/.21875, 1e-12)
	close(t, "kappa of 1", list[1].Kappa.Value, .06875/.21875, 1e-12)
	for _, c := range list[:2] {
		if !c.Specific.Covers(c.Specific.Value) || !c.Kappa.Covers(c.Kappa.Value) || c.SpecificErr != nil || c.KappaErr != nil {
			t.Errorf("category %d: %+v", c.Category, c)
		}
	}
	unused := list[2]
	if !errors.Is(unused.SpecificErr, analysis.ErrUndefined) || !errors.Is(unused.KappaErr, analysis.ErrUndefined) ||
		!math.IsNaN(unused.Specific.Value) || !math.IsNaN(unused.Kappa.Value) {
		t.Errorf("a category that nobody used: %+v", unused)
	}
	nobody := rawRatings(t, [][]rating{{missing, 0}}, 2)
	if _, err := analysis.AgreementByCategory(nobody, analysis.Clusters{}); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("no pair: error %v", err)
	}
	if _, err := analysis.CompareAgreement(nobody, analysis.Clusters{}); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("comparison without a pair: error %v", err)
	}
}

func TestFleissKappaZeroWarns(t *testing.T) {
	counts := [][]int{{2, 1}, {0, 3}, {3, 0}}
	for _, c := range []struct {
		clusters analysis.Clusters
		warning  string
	}{
		{analysis.Clusters{}, "clusters unknown"},
		{analysis.Clusters{ID: []int32{0, 0, 1}, N: 2}, "items of one cluster"},
		{analysis.Clusters{ID: []int32{0, 1, 2}, N: 3}, "[]"},
	} {
		test, err := analysis.FleissKappaZero(counts, c.clusters)
		if err != nil || !strings.Contains(fmt.Sprint(test.Warnings), c.warning) {
			t.Errorf("warnings %v, error %v; want %q", test.Warnings, err, c.warning)
		}
	}
	if _, err := analysis.FleissKappaZero([][]int{{2, 0}}, analysis.Clusters{}); !errors.Is(err, analysis.ErrUndefined) {
		t.Errorf("one category: error %v", err)
	}
	if _, err := analysis.FleissKappaZero(counts, analysis.Clusters{ID: []int32{0}, N: 1}); err == nil {
		t.Error("clusters that do not fit: no error")
	}
}

func TestPopulationStdDevRefuses(t *testing.T) {
	for _, c := range []struct {
		x      []float64
		is     error
		phrase string
	}{
		{[]float64{1, math.NaN()}, nil, "value 1 is NaN"},
		{[]float64{math.Inf(-1)}, nil, "value 0 is -Inf"},
		{[]float64{1e200, -1e200}, analysis.ErrUndefined, "too large"},
	} {
		if _, err := analysis.PopulationStdDev(c.x); err == nil || !strings.Contains(err.Error(), c.phrase) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%v: error %v", c.x, err)
		}
	}
}
