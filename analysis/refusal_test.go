package analysis_test

import (
	"errors"
	"fmt"
	"log"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// levelsOf makes a column from one digit per row, 1 to 7 as in the paper's
// legend; a blank is a missing label.
func levelsOf(t testing.TB, digits string) []analysis.LabelSet {
	var column []analysis.LabelSet
	for _, d := range digits {
		var s analysis.LabelSet
		if d != ' ' {
			var err error
			if s, err = analysis.NewLabelSet(int(d - '1')); err != nil {
				t.Fatal(err)
			}
		}
		column = append(column, s)
	}
	return column
}

func refusalLabels(t testing.TB, byModel ...string) *analysis.Labels {
	l := &analysis.Labels{Names: analysis.RefusalLevels.Labels}
	for i, digits := range byModel {
		l.Models = append(l.Models, fmt.Sprintf("m%d", i))
		l.ByModel = append(l.ByModel, levelsOf(t, digits))
	}
	return l
}

func TestRefusals(t *testing.T) {
	l := refusalLabels(t, "1 57716", "      1", "       ")
	l.Clusters = analysis.Clusters{ID: []int32{0, 0, 1, 1, 2, 2, 3}, N: 4}
	r, err := analysis.MeasureRefusals(l, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := []int{2, 0, 0, 0, 1, 1, 2}; !slices.Equal(r.Counts[0], want) || r.Rows != 7 {
		t.Errorf("counts %v of %d rows, want %v of 7", r.Counts[0], r.Rows, want)
	}
	refusal, err := r.Rate(r.From(analysis.SoftRejection)...)
	if err != nil {
		t.Fatal(err)
	}
	complete, err := r.Rate(analysis.CompleteRejection)
	if err != nil {
		t.Fatal(err)
	}
	// 5, 7, 7 and 6 of six labelled responses; 7 and 7.
	if e := refusal[0]; e.Value != 4./6 || e.N != 6 || e.Clusters != 4 || len(e.Excluded) != 1 || e.Excluded[0].N != 1 {
		t.Errorf("refusal rate %v", e)
	}
	if e := complete[0]; e.Value != 2./6 || !e.HasInterval() {
		t.Errorf("complete rejections %v", e)
	}
	if e := refusal[1]; e.Value != 0 || e.N != 1 {
		t.Errorf("one labelled response: %v", e)
	}
	if e := refusal[2]; !math.IsNaN(e.Value) || len(e.Warnings) == 0 || !errors.Is(e.Warnings[0], analysis.ErrTooFew) {
		t.Errorf("no labelled response: %v", e)
	}

	within, err := analysis.MeasureRefusals(l, []bool{true, true, false, false, true, false, false})
	if err != nil {
		t.Fatal(err)
	}
	if e := within.Shares[0][analysis.CompleteRejection]; within.Rows != 3 || e.Value != 1./2 || e.N != 2 {
		t.Errorf("within three rows: %d, %v", within.Rows, e)
	}
}

// The interval of a rate is that of Share on the same hits, whose coverage
// and values are tested there.
func TestRefusalRateIsAShare(t *testing.T) {
	digits := strings.Repeat("1727161", 20)
	l := refusalLabels(t, digits)
	hits := make([]bool, len(digits))
	for row := range digits {
		l.Clusters.ID = append(l.Clusters.ID, int32(row/3))
		hits[row] = digits[row] == '7'
	}
	l.Clusters.N = (len(digits) + 2) / 3
	r, err := analysis.MeasureRefusals(l, nil)
	if err != nil {
		t.Fatal(err)
	}
	want, err := analysis.Share(hits, l.Clusters)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Shares[0][analysis.CompleteRejection]; got.Value != want.Value || got.Lo != want.Lo || got.Hi != want.Hi || got.SE != want.SE {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestRefusalsRefuse(t *testing.T) {
	two := refusalLabels(t, "12")
	two.ByModel[0][1] = labelSet(t, 1, 2)
	none := refusalLabels(t, "12")
	none.ByModel[0][0] = labelSet(t)
	for _, c := range []struct {
		name   string
		labels *analysis.Labels
		within []bool
		want   string
	}{
		{"two levels", two, nil, "row 1: the response of m0 has not one level"},
		{"no level", none, nil, "row 0: the response of m0 has not one level"},
		{"no label", refusalLabels(t, "   "), nil, "no labelled response in 3 scenarios"},
		{"none within", refusalLabels(t, "123"), make([]bool, 3), "no labelled response in 0 scenarios"},
		{"other rows", refusalLabels(t, "123"), make([]bool, 2), "a choice among 2 rows, want 3"},
		{"no models", &analysis.Labels{}, nil, "no labelled response"},
	} {
		if _, err := analysis.MeasureRefusals(c.labels, c.within); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	r, err := analysis.MeasureRefusals(refusalLabels(t, "12"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, levels := range [][]int{nil, {7}, {-1}} {
		if _, err := r.Rate(levels...); err == nil {
			t.Errorf("levels %v are accepted", levels)
		}
	}
}

func TestCountValues(t *testing.T) {
	l := &analysis.Labels{
		Names: analysis.ValueLabels.Labels, Models: []string{"a", "b"},
		ByModel: [][]analysis.LabelSet{
			{labelSet(t, 3, 5), labelSet(t, 3), labelSet(t), {}},
			{{}, {}, {}, {}},
		},
	}
	v, err := analysis.CountValues(l)
	if err != nil {
		t.Fatal(err)
	}
	if v.Counts[0][3] != 2 || v.Counts[0][5] != 1 || v.Labelled[0] != 3 || v.Labelled[1] != 0 || v.Rows != 4 {
		t.Errorf("counts %v of %v labelled, %d rows", v.Counts[0], v.Labelled, v.Rows)
	}
	if e := v.Shares[0][3]; e.Value != 2./3 || e.N != 3 || e.Excluded[0].N != 1 {
		t.Errorf("share %v", e)
	}
	if !math.IsNaN(v.Shares[1][3].Value) {
		t.Errorf("share of nothing: %v", v.Shares[1][3])
	}
	of, err := v.Of("ethical-responsibility")
	if err != nil || of[0].Value != 2 || of[0].HasInterval() {
		t.Errorf("%v, %v", of, err)
	}
	if _, err := v.Of("wit"); !errors.Is(err, analysis.ErrUnknownName) {
		t.Errorf("unknown category: %v", err)
	}
	l.ByModel[0] = make([]analysis.LabelSet, 4)
	if _, err := analysis.CountValues(l); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("nothing labelled: %v", err)
	}
}

func TestLabelSchemes(t *testing.T) {
	// The counts of Zhang et al. 2025: seven levels, eight topics, 26
	// categories.
	for i, n := range []int{7, 8, 26} {
		s := analysis.PaperSchemes()[i]
		if len(s.Labels) != n {
			t.Errorf("%s has %d labels, want %d", s.Name, len(s.Labels), n)
		}
		for place, label := range s.Labels {
			for _, spelling := range []string{label, strings.ToUpper(label), strings.ReplaceAll(label, " ", "_")} {
				if got, ok := s.Find(spelling); !ok || got != place {
					t.Errorf("%s: %q is at %d, %v", s.Name, spelling, got, ok)
				}
			}
		}
		if _, ok := s.Find("no such label"); ok {
			t.Errorf("%s has any label", s.Name)
		}
	}
	signs := analysis.LabelScheme{Labels: []string{"+", "−"}}
	if i, ok := signs.Find("−"); !ok || i != 1 {
		t.Errorf("labels of signs alone: %d, %v", i, ok)
	}
	s := labelSet(t, 0, 62)
	bits, ok := s.Bits()
	if back, err := analysis.LabelSetOf(bits); !ok || err != nil || back != s {
		t.Errorf("%x, %v, %v", bits, ok, err)
	}
	if _, err := analysis.LabelSetOf(1 << 63); err == nil {
		t.Error("a label beyond the last is accepted")
	}
}

func TestRatingsOfLabels(t *testing.T) {
	// Two models of five rows; the second labeller left the last one out.
	a, b := refusalLabels(t, "11771", "71711"), refusalLabels(t, "17771", "7171 ")
	for _, l := range []*analysis.Labels{a, b} {
		l.Clusters = analysis.Clusters{ID: []int32{0, 0, 1, 1, 2}, N: 3}
	}
	r, clusters, err := analysis.RatingsOfLabels(a, b)
	if err != nil {
		t.Fatal(err)
	}
	if r.Items() != 10 || r.Raters() != 2 || r.Categories() != 7 || r.Missing() != 1 || !slices.Equal(clusters.ID, []int32{0, 0, 1, 1, 2, 0, 0, 1, 1, 2}) {
		t.Errorf("%d items, %d raters, %d categories, %d missing, clusters %v", r.Items(), r.Raters(), r.Categories(), r.Missing(), clusters.ID)
	}
	kappa, err := analysis.CohenKappa(r, analysis.Unweighted, clusters)
	if err != nil {
		t.Fatal(err)
	}
	// Nine items: they agree on 8; a has level 1 in 5, b in 4, so that
	// chance is (5*4 + 4*5)/81 and kappa (8/9 - 40/81)/(41/81).
	if want := 32. / 41; math.Abs(kappa.Value-want) > 1e-12 {
		t.Errorf("kappa %v, want %v", kappa.Value, want)
	}
	b.ByModel[0][0] = labelSet(t, 1, 2)
	other := refusalLabels(t, "11771")
	for name, list := range map[string][]*analysis.Labels{"several labels": {a, b}, "other labels, models": {a, other}, "1 labellers": {a}} {
		if _, _, err := analysis.RatingsOfLabels(list...); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func ExampleMeasureRefusals() {
	// Levels of four responses of one model; the third is not labelled.
	l := &analysis.Labels{Names: analysis.RefusalLevels.Labels, Models: []string{"o3"}, ByModel: [][]analysis.LabelSet{nil}}
	for _, level := range []string{"Full Compliance", "Complete Rejection", "", "Firm Rejection with Explanation"} {
		var s analysis.LabelSet
		if place, ok := analysis.RefusalLevels.Find(level); ok {
			s, _ = analysis.NewLabelSet(place)
		}
		l.ByModel[0] = append(l.ByModel[0], s)
	}
	r, err := analysis.MeasureRefusals(l, nil)
	if err != nil {
		log.Fatal(err)
	}
	rates, err := r.Rate(r.From(analysis.SoftRejection)...)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.3f of %d, %v\n", rates[0].Value, rates[0].N, rates[0].Excluded)
	// Output:
	// 0.667 of 3, [1 not labelled]
}

func ExampleCountValues() {
	rigor, _ := analysis.NewLabelSet(0)
	both, _ := analysis.NewLabelSet(0, 1)
	l := &analysis.Labels{Names: []string{"rigor", "care"}, Models: []string{"o3"}, ByModel: [][]analysis.LabelSet{{rigor, both, {}}}}
	v, err := analysis.CountValues(l)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(v.Counts[0], "of", v.Labelled[0])
	// Output:
	// [2 1] of 2
}
