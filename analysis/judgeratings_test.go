package analysis

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

func TestJudgeRatingsByHand(t *testing.T) {
	v := verdictTable(
		"low  cna ccc n_c",
		"low  aaa nnn|nnc c_c",
	)
	for _, c := range []struct {
		scheme VerdictScheme
		want   string // items in order of scenario and model, a judge to each place
	}{
		// The second response of the second scenario contradicts itself.
		{TwoCategories, "[[0 1 1] [0 0 0] [1 -1 0] [1 1 1] [0 -1 0]]"},
		{ThreeCategories, "[[0 1 2] [0 0 0] [1 -1 0] [2 2 2] [0 -1 0]]"},
	} {
		r, clusters, excluded, err := JudgeRatings(v, c.scheme)
		if err != nil {
			t.Fatal(err)
		}
		var got [][]Rating
		for i := range int32(r.Items()) {
			got = append(got, r.by(i))
		}
		if fmt.Sprint(got) != c.want || r.Categories() != len(c.scheme.Categories()) {
			t.Errorf("%v: %v of %d categories, want %s", c.scheme, got, r.Categories(), c.want)
		}
		if want := []Exclusion{{conflictingRows, 1}}; !slices.Equal(excluded, want) {
			t.Errorf("%v: left out %v, want %v", c.scheme, excluded, want)
		}
		if clusters.Known() != v.Clusters.Known() || clusters.Known() && len(clusters.ID) != r.Items() {
			t.Errorf("%v: clusters %v of %d items", c.scheme, clusters, r.Items())
		}
	}
	if _, _, _, err := JudgeRatings(v, VerdictScheme(7)); err == nil {
		t.Error("scheme 7 was taken")
	}
	if _, _, _, err := JudgeRatings(&Verdicts{}, TwoCategories); !errors.Is(err, ErrTooFew) {
		t.Errorf("no judge: %v", err)
	}
}

// Kappa of the complete responses is that of MeasureJudgeAgreement, which
// statsmodels has checked.
func TestJudgeRatingsAgreeWithKappa(t *testing.T) {
	v := readVerdicts(t)
	a, err := MeasureJudgeAgreement(v)
	if err != nil {
		t.Fatal(err)
	}
	for scheme, want := range map[VerdictScheme]float64{TwoCategories: a.Binary.Value, ThreeCategories: a.Three.Value} {
		r, clusters, _, err := JudgeRatings(v, scheme)
		if err != nil {
			t.Fatal(err)
		}
		c, err := CompareAgreement(r, clusters)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, row := range c.Coefficients {
			if row.Coefficient == "Fleiss' kappa of complete items" {
				found = true
				near(t, scheme.String(), row.Value, want, 1e-12)
			}
		}
		if !found {
			t.Errorf("%v: no kappa of complete items among %v", scheme, c.Coefficients)
		}
	}
}

// Counts of discordant responses by pandas 3.1.1; P of the clusters' nets
// by enumeration of their signs where there are few, else by convolution in
// TestMcNemarLarge.
func TestFlagRateDifferencesAgainstPandas(t *testing.T) {
	var want struct {
		FlagRate   []struct{ Rate float64 } `json:"flag_rate"`
		Discordant []struct {
			OnlyA int `json:"only_a"`
			OnlyB int `json:"only_b"`
			N     int
			Nets  []int
		}
	}
	readExpected(t, &want)
	got, err := MeasureFlagRateDifferences(readVerdicts(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || len(want.Discordant) != 3 {
		t.Fatalf("%d pairs, want %d", len(got), len(want.Discordant))
	}
	for i, w := range want.Discordant {
		d := got[i]
		if d.Err != nil {
			t.Fatal(d.Err)
		}
		if d.McNemar.OnlyA != w.OnlyA || d.McNemar.OnlyB != w.OnlyB || d.McNemar.N != w.N || d.Estimate.N != w.N {
			t.Errorf("%s and %s: %d and %d of %d, want %d and %d of %d", d.A, d.B, d.McNemar.OnlyA, d.McNemar.OnlyB, d.McNemar.N, w.OnlyA, w.OnlyB, w.N)
		}
		near(t, d.A+" less "+d.B, d.Estimate.Value, float64(w.OnlyA-w.OnlyB)/float64(w.N), 1e-12)
		// The distribution of a sum of signed nets, cluster by cluster.
		sums := map[int]float64{0: 1}
		net := 0
		for _, x := range w.Nets {
			next := map[int]float64{}
			for s, p := range sums {
				next[s+x] += p / 2
				next[s-x] += p / 2
			}
			sums, net = next, net+x
		}
		p := 0.0
		for s, q := range sums {
			if max(s, -s) >= max(net, -net) {
				p += q
			}
		}
		near(t, "P of "+d.A+" and "+d.B, d.McNemar.P, p, 1e-12)
		if d.Estimate.Clusters == 0 || d.McNemar.Clusters == 0 || len(d.Estimate.Excluded) == 0 {
			t.Errorf("%s and %s: no clusters, or nothing left out: %v", d.A, d.B, d.Estimate)
		}
	}
}

func ExampleJudgeRatings() {
	v := &Verdicts{
		Judges: []string{"claude_4", "o3"}, ByJudge: [][]Verdict{{Compliant, Ambiguous}, {NonCompliant, NoVerdict}},
		Models: []string{"gpt_4o"}, Model: []int32{0, 0}, Bins: []string{"all"}, Bin: []int32{0, 0},
		Scenario: []int32{0, 1}, Scenarios: 2,
	}
	r, _, _, err := JudgeRatings(v, ThreeCategories)
	fmt.Println(r.Items(), r.Raters(), r.Missing(), ThreeCategories.Categories(), err)
	// Output: 2 2 1 [compliant non-compliant ambiguous] <nil>
}

func ExampleMeasureFlagRateDifferences() {
	v := &Verdicts{Judges: []string{"strict", "mild"}, ByJudge: [][]Verdict{nil, nil}, Models: []string{"o3"}, Bins: []string{"all"}}
	for i := range 20 {
		strict, mild := Compliant, Compliant
		if i < 8 {
			strict = NonCompliant
		}
		if i < 2 {
			mild = NonCompliant
		}
		v.ByJudge[0], v.ByJudge[1] = append(v.ByJudge[0], strict), append(v.ByJudge[1], mild)
		v.Model, v.Bin, v.Scenario = append(v.Model, 0), append(v.Bin, 0), append(v.Scenario, int32(i))
		v.Scenarios++
	}
	list, err := MeasureFlagRateDifferences(v)
	if err != nil {
		fmt.Println(err)
		return
	}
	// Six responses only the strict judge flags: P = 2/2^6.
	fmt.Printf("%.2f more, P = %v\n", list[0].Estimate.Value, list[0].McNemar.P)
	// Output: 0.30 more, P = 0.03125
}
