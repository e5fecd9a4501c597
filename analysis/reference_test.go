package analysis_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/reliability"
)

// testdata/reference_stats.json holds published worked examples and edge
// cases of statistics; each says where it is from and with which program it
// was recomputed.
type referenceCase struct {
	ID       string
	Stat     string
	Input    json.RawMessage
	Expected map[string]any // null where the statistic is undefined
	Tol      float64
}

func referenceCases(t *testing.T) []referenceCase {
	t.Helper()
	text, err := os.ReadFile("testdata/reference_stats.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []referenceCase }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file.Cases
}

// Every case must be tested here or be named as another's, and every number
// that a case expects must be compared.
func TestReferenceStats(t *testing.T) {
	run := map[string]func(*reference){
		"fleiss_kappa":       referenceFleiss,
		"gwet_ac1":           referenceGwet,
		"cohen_kappa":        referenceCohen,
		"krippendorff_alpha": referenceKrippendorff,
		"wilson_interval":    referenceWilson,
		"population_std":     referenceStdDev,
		"disagreement":       referenceDisagreement,
		"bradley_terry":      referenceBradleyTerry,
	}
	elsewhere := map[string]string{
		"k_center_gonzalez":        "k-center selection is not part of this package",
		"k_center_weighted_greedy": "k-center selection is not part of this package",
		"k_center_property":        "k-center selection is not part of this package",
	}
	cases := referenceCases(t)
	if len(cases) != 56 {
		t.Fatalf("%d cases, want 56", len(cases))
	}
	here := 0
	for _, c := range cases {
		if run[c.Stat] != nil {
			here++
		}
		t.Run(c.ID, func(t *testing.T) {
			f := run[c.Stat]
			if f == nil {
				if elsewhere[c.Stat] == "" {
					t.Fatalf("no test for statistic %q", c.Stat)
				}
				t.Logf("not here: %s", elsewhere[c.Stat])
				return
			}
			r := &reference{T: t, c: c}
			f(r)
			for key := range c.Expected {
				if !slices.Contains(r.compared, key) {
					t.Errorf("expected %s is not compared with anything", key)
				}
			}
		})
	}
	reliability.Record(t, "%d of 56 published examples here, the others beside their statistics", here)
}

// A reference is one case under test.
type reference struct {
	*testing.T
	c        referenceCase
	compared []string
}

func (r *reference) input(into any) {
	r.Helper()
	if err := json.Unmarshal(r.c.Input, into); err != nil {
		r.Fatal(err)
	}
}

// same compares one expected number, or null for an error that wraps one of
// the two reasons. A key that the case lacks is not compared.
func (r *reference) same(key string, got float64, err error) {
	r.Helper()
	r.compared = append(r.compared, key)
	expected, ok := r.c.Expected[key]
	if !ok {
		return
	}
	r.near(key, got, err, expected)
}

func (r *reference) near(what string, got float64, err error, expected any) {
	r.Helper()
	if expected == nil {
		if !errors.Is(err, analysis.ErrUndefined) && !errors.Is(err, analysis.ErrTooFew) {
			r.Errorf("%s = %v, error %v; want it undefined", what, got, err)
		}
		return
	}
	want := expected.(float64)
	if err != nil || !(math.Abs(got-want) <= r.c.Tol) {
		r.Errorf("%s = %v, error %v; want %v ± %v", what, got, err, want, r.c.Tol)
	}
}

// each compares an expected list.
func (r *reference) each(key string, got []float64) {
	r.Helper()
	r.compared = append(r.compared, key)
	list, ok := r.c.Expected[key].([]any)
	if !ok {
		return
	}
	if len(list) != len(got) {
		r.Errorf("%s: %d numbers, want %d", key, len(got), len(list))
		return
	}
	for i, want := range list {
		r.near(fmt.Sprint(key, " ", i), got[i], nil, want)
	}
}

// ratings makes raw ratings of cells that may be null, 1 being category 0.
func (r *reference) ratings(cells [][]*int, first, categories int) *analysis.Ratings {
	r.Helper()
	raw := make([][]analysis.Rating, len(cells))
	for i, item := range cells {
		for _, c := range item {
			rating := analysis.NoRating
			if c != nil {
				rating = analysis.Rating(*c - first)
			}
			raw[i] = append(raw[i], rating)
		}
	}
	ratings, err := analysis.RatingsByRater(raw, categories)
	if err != nil {
		r.Fatal(err)
	}
	return ratings
}

// table makes raw ratings of a table of two raters.
func (r *reference) table(table [][]int) *analysis.Ratings {
	r.Helper()
	var raw [][]analysis.Rating
	for a, row := range table {
		for b, n := range row {
			for range n {
				raw = append(raw, []analysis.Rating{analysis.Rating(a), analysis.Rating(b)})
			}
		}
	}
	ratings, err := analysis.RatingsByRater(raw, len(table))
	if err != nil {
		r.Fatal(err)
	}
	return ratings
}

func referenceFleiss(r *reference) {
	var in struct {
		Counts  [][]int
		Ratings [][]*int
	}
	r.input(&in)
	if in.Ratings != nil {
		// Listwise, as the case says; with all pairs the same data give
		// .76, as irrCAC 0.4.4 does.
		raw := r.ratings(in.Ratings, 1, 5)
		all, err := analysis.CompareAgreement(raw, analysis.Clusters{})
		if err != nil {
			r.Fatal(err)
		}
		for _, row := range all.Coefficients {
			switch row.Coefficient {
			case "Fleiss' kappa of complete items":
				r.same("kappa", row.Value, row.Err)
				r.same("subjects", float64(row.N), row.Err)
				if row.Missing == "" {
					r.Error("the rule for missing ratings is not stated")
				}
			case "Fleiss' kappa":
				r.near("kappa of all pairs", row.Value, row.Err, .7611692754224111)
			}
		}
		return
	}
	k, err := analysis.FleissKappa(in.Counts)
	r.same("kappa", k.Value, err)
	ratings, err2 := analysis.RatingsFromCounts(in.Counts)
	if err2 != nil {
		r.Fatal(err2)
	}
	a, err2 := analysis.FleissKappaUnequal(ratings, analysis.Unweighted, analysis.Clusters{})
	r.same("kappa", a.Value, err2)
	if err != nil {
		return
	}
	r.same("P_bar", k.Observed, nil)
	r.same("Pe_bar", k.Chance, nil)
	r.each("p_j", k.Shares)
	zero, err := analysis.FleissKappaZero(in.Counts, analysis.Clusters{})
	r.same("z", zero.Statistic, err)
	r.same("se0", k.Value/zero.Statistic, err)
	byCategory, err := analysis.AgreementByCategory(ratings, analysis.Clusters{})
	if err != nil {
		r.Fatal(err)
	}
	var kappas []float64
	for _, c := range byCategory {
		kappas = append(kappas, c.Kappa.Value)
	}
	r.each("kappa_j", kappas)
}

func referenceGwet(r *reference) {
	var in struct{ Counts, Table [][]int }
	r.input(&in)
	var ratings *analysis.Ratings
	if in.Table != nil {
		ratings = r.table(in.Table)
	} else {
		var err error
		if ratings, err = analysis.RatingsFromCounts(in.Counts); err != nil {
			r.Fatal(err)
		}
	}
	a, err := analysis.GwetAC(ratings, analysis.Unweighted, analysis.Clusters{})
	r.same("ac1", a.Value, err)
	r.same("pa", a.Observed, err)
	r.same("pe", a.Chance, err)
}

func referenceCohen(r *reference) {
	var in struct {
		Table   [][]int
		Pairs   [][]*int
		Y1, Y2  []string
		Weights string
	}
	r.input(&in)
	var all []*analysis.Ratings
	if in.Table != nil {
		all = append(all, r.table(in.Table))
	}
	if in.Pairs != nil {
		all = append(all, r.ratings(in.Pairs, 1, 6))
	}
	if in.Y1 != nil {
		names := []string{"negative", "neutral", "positive"}
		table := [][]int{{0, 0, 0}, {0, 0, 0}, {0, 0, 0}}
		for i := range in.Y1 {
			table[slices.Index(names, in.Y1[i])][slices.Index(names, in.Y2[i])]++
		}
		all = append(all, r.table(table))
	}
	if len(all) == 0 {
		r.Fatal("no input that this test knows")
	}
	w := analysis.Unweighted
	switch in.Weights {
	case "":
	case "linear":
		w = analysis.LinearWeights
	default:
		r.Fatalf("weights %q", in.Weights)
	}
	for _, ratings := range all {
		ordered, err := ratings.Ordered()
		if err != nil {
			r.Fatal(err)
		}
		a, err := analysis.CohenKappa(ordered, w, analysis.Clusters{})
		r.same("kappa", a.Value, err)
		r.same("po", a.Observed, err)
		r.same("pe", a.Chance, err)
	}
}

func referenceKrippendorff(r *reference) {
	var in struct {
		Observers [][]*int
		Metric    string
	}
	r.input(&in)
	items := make([][]*int, len(in.Observers[0]))
	for _, observer := range in.Observers {
		for i, c := range observer {
			items[i] = append(items[i], c)
		}
	}
	ratings, err := r.ratings(items, 0, 6).Ordered()
	if err != nil {
		r.Fatal(err)
	}
	metrics := map[string]analysis.Metric{"nominal": analysis.NominalMetric, "interval": analysis.IntervalMetric}
	metric, ok := metrics[in.Metric]
	if !ok {
		r.Fatalf("metric %q", in.Metric)
	}
	a, err := analysis.KrippendorffAlpha(ratings, metric, analysis.Clusters{})
	r.same("alpha", a.Value, err)
}

func referenceWilson(r *reference) {
	var in struct{ Successes, N, Confidence float64 }
	r.input(&in)
	if in.Confidence == 0 {
		in.Confidence = .95
	}
	lo, hi, err := analysis.Wilson(in.Successes, in.N, in.Confidence)
	if r.c.Expected == nil {
		r.near("interval", lo, err, nil)
		return
	}
	r.same("low", lo, err)
	r.same("high", hi, err)
	// Exactly 0 and 1 at the two ends, and nowhere else.
	if (lo == 0) != (in.Successes == 0) || (hi == 1) != (in.Successes == in.N) {
		r.Errorf("limits %v and %v of %v in %v", lo, hi, in.Successes, in.N)
	}
}

func referenceStdDev(r *reference) {
	var in struct {
		Values    []float64
		Generator *struct {
			First float64
			Then  []float64 `json:"then_repeat_500_times"`
		}
	}
	r.input(&in)
	if g := in.Generator; g != nil {
		in.Values = []float64{g.First}
		for range 500 {
			in.Values = append(in.Values, g.Then...)
		}
	}
	sd, err := analysis.PopulationStdDev(in.Values)
	r.same("pop", sd, err)
	n := float64(len(in.Values))
	sample, err := sd*math.Sqrt(n/(n-1)), error(nil)
	if n < 2 {
		err = analysis.ErrTooFew
	}
	r.same("sample", sample, err)

	// Positions have it exactly, from two on.
	positions := make([]analysis.Position, len(in.Values))
	for i, v := range in.Values {
		if v != math.Trunc(v) || v < 0 || v > analysis.MaxScore {
			return
		}
		if positions[i], err = analysis.NewPosition(int(v)); err != nil {
			r.Fatal(err)
		}
	}
	spread, err := analysis.Disagreement([2][]analysis.Position{positions, positions})
	if len(positions) < 2 {
		r.near("disagreement of fewer than two positions", spread.StdDev(), err, nil)
		return
	}
	r.same("pop", spread.StdDev(), err)
}

func referenceDisagreement(r *reference) {
	var in struct{ Value1, Value2 []int }
	r.input(&in)
	var byValue [2][]analysis.Position
	for v, scores := range [2][]int{in.Value1, in.Value2} {
		for _, score := range scores {
			p, err := analysis.NewPosition(score)
			if err != nil {
				r.Fatal(err)
			}
			byValue[v] = append(byValue[v], p)
		}
	}
	spread, err := analysis.Disagreement(byValue)
	r.same("disagreement", spread.StdDev(), err)
}
