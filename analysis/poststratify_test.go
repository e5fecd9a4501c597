package analysis

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

// tallyOfHits has one unit per cluster, from cluster first on.
func tallyOfHits(clusters, first, hits, units int) *ShareTally {
	t := NewShareTally(clusters)
	for i := range units {
		t.Add(first+i, i < hits)
	}
	return t
}

func TestPostStratifyByHand(t *testing.T) {
	// Strata of 300 and 100 units; 2 of 10 and 5 of 10 hits:
	// 0.75 · 0.2 + 0.25 · 0.5 = 0.275. Independent units have the variance
	// 0.5625 · 0.16/9 + 0.0625 · 0.25/9 = 0.01173611.
	const value, independent = 0.275, 0.5625*0.16/9 + 0.0625*0.25/9
	for _, c := range []struct {
		name   string
		second *ShareTally
		deff   float64
		n      int // clusters
	}{
		// 20/19 · (0.5625 · 1.6 + 0.0625 · 2.5)/100 is less than that.
		{"clusters of one", tallyOfHits(20, 10, 5, 10), 1, 20},
		// Unit i of both strata in one cluster: two clusters of influence
		// 0.0725, three of -0.0025, five of -0.0275; their squares add up
		// to 0.0143125, times 10/9.
		{"pairs across the strata", tallyOfHits(20, 0, 5, 10), 0.0143125 * 10 / 9 / independent, 10},
	} {
		e, err := PostStratify(Stratum{"low", 300, tallyOfHits(20, 0, 2, 10)}, Stratum{"empty", 0, nil}, Stratum{"high", 100, c.second})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(e.Value-value) > 1e-15 || math.Abs(e.DesignEffect-c.deff) > 1e-12 || e.N != 20 || e.Clusters != c.n {
			t.Errorf("%s: %v with design effect %v, n %d, %d clusters; want %v, %v, 20, %d", c.name, e.Value, e.DesignEffect, e.N, e.Clusters, value, c.deff, c.n)
		}
		if want := math.Sqrt(independent * c.deff); math.Abs(e.SE-want) > 1e-12 {
			t.Errorf("%s: SE %v, want %v", c.name, e.SE, want)
		}
		if !e.Covers(value) || len(e.Warnings) != 2 {
			t.Errorf("%s: interval %v to %v, warnings %v", c.name, e.Lo, e.Hi, e.Warnings)
		}
	}
}

// One stratum is a plain share.
func TestPostStratifyOneStratum(t *testing.T) {
	tally := NewShareTally(40)
	for i := range 100 {
		tally.Add(i%40, i%3 == 0)
	}
	share, err := ShareMean(tally)
	if err != nil {
		t.Fatal(err)
	}
	got, err := PostStratify(Stratum{"all", 7, tally})
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(got.Value-share.Value) > 1e-15 || math.Abs(got.DesignEffect-share.DesignEffect) > 1e-12 || math.Abs(got.Lo-share.Lo) > 1e-12 || math.Abs(got.Hi-share.Hi) > 1e-12 {
		t.Errorf("%v, as a share %v", got, share)
	}
}

func TestPostStratifyWithoutEvents(t *testing.T) {
	e, err := PostStratify(Stratum{"a", 900, tallyOfHits(200, 0, 0, 100)}, Stratum{"b", 100, tallyOfHits(200, 100, 0, 100)})
	if err != nil {
		t.Fatal(err)
	}
	// Wilson's upper limit of 0 in 100 is z²/(100 + z²); weights 0.9, 0.1.
	z2 := 1.959963984540054 * 1.959963984540054
	if want := z2 / (100 + z2) * math.Hypot(0.9, 0.1); e.Value != 0 || e.Lo != 0 || math.Abs(e.Hi-want) > 1e-12 {
		t.Errorf("no event: %v, %v to %v, want 0 to %v", e.Value, e.Lo, e.Hi, want)
	}
}

func TestPostStratifyRefuses(t *testing.T) {
	some := tallyOfHits(10, 0, 2, 10)
	for _, c := range []struct {
		name   string
		strata []Stratum
		want   error
	}{
		{"nothing", nil, ErrTooFew},
		{"an empty population", []Stratum{{"a", 0, some}}, ErrTooFew},
		{"a stratum without a sample", []Stratum{{"a", 5, some}, {"b", 1, NewShareTally(10)}}, ErrTooFew},
		{"other clusters", []Stratum{{"a", 5, some}, {"b", 1, tallyOfHits(11, 0, 1, 5)}}, nil},
		{"a negative size", []Stratum{{"a", -1, some}}, nil},
	} {
		if _, err := PostStratify(c.strata...); err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: error %v, want %v", c.name, err, c.want)
		}
	}
}

// projected are two bins of four judged scenarios over two models, and a
// population of five scenarios over the same models: three in the lower
// bin, two in the upper.
func projected() (*Verdicts, *Positions) {
	v := verdictTable(
		"1.0-1.5 cc cc", "1.0-1.5 cc cc", "1.0-1.5 nn cc", "1.0-1.5 nn nn",
		"2.5-3.0 nn nn", "2.5-3.0 nn nn", "2.5-3.0 nn cc", "2.5-3.0 c_ cc")
	score := func(list ...int) []Position {
		out := make([]Position, len(list))
		for i, s := range list {
			out[i], _ = NewPosition(s)
		}
		return out
	}
	// Of two models disagreement is half the difference: 1, 1, 1, 3, 2.5.
	p, _ := NewPositions([]string{"m0", "m1"}, [][2][]Position{
		{score(0, 1, 2, 0, 0), score(3, 3, 3, 3, 3)}, {score(2, 3, 4, 6, 5), score(3, 3, 3, 3, 3)}}, Clusters{})
	return v, p
}

func TestProjectCompliance(t *testing.T) {
	v, p := projected()
	set := everyModel(v)
	o, err := MeasureOutcomes(v, set, Majority)
	if err != nil {
		t.Fatal(err)
	}
	d, err := MeasureDisagreement(p, set)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ProjectCompliance(o, d)
	if err != nil {
		t.Fatal(err)
	}
	// Lower bin 2, 2, 1 of 4; upper, where one is undecided, 0, 3, 2 of 3.
	for _, c := range []struct {
		name string
		e    Estimate
		want float64
	}{
		{"all pass", got.AllPass, 3. / 5 * 2 / 4},
		{"at least one fails", got.AtLeastOneFails, 3./5*2/4 + 2./5},
		{"all fail", got.AllFail, 3./5*1/4 + 2./5*2/3},
	} {
		if math.Abs(c.e.Value-c.want) > 1e-15 || c.e.N != 7 {
			t.Errorf("%s: %v of %d, want %v of 7", c.name, c.e.Value, c.e.N, c.want)
		}
		if len(c.e.Excluded) != 1 || c.e.Excluded[0].N != 1 {
			t.Errorf("%s: left out %v, want the scenario that lacks a verdict", c.name, c.e.Excluded)
		}
	}
	if fmt.Sprint(got.Weights) != "[{1.0-1.5 3 4} {2.5-3.0 2 3}]" {
		t.Errorf("weights %v", got.Weights)
	}

	v.Bins[0] = "0.0-1.0" // half-open, so that nobody judged a disagreement of 1
	if o, err = MeasureOutcomes(v, set, Majority); err != nil {
		t.Fatal(err)
	}
	if _, err := ProjectCompliance(o, d); !errors.Is(err, ErrUndefined) || !strings.Contains(err.Error(), "3 of 5") {
		t.Errorf("scenarios that no bin holds give %v", err)
	}
	v.Bins[0] = "all"
	if o, err = MeasureOutcomes(v, set, Majority); err != nil {
		t.Fatal(err)
	}
	if _, err := ProjectCompliance(o, d); !errors.Is(err, ErrUndefined) {
		t.Errorf("a bin that is no range gives %v", err)
	}
	other, err := MeasureDisagreement(p, ModelSet{Name: "other", Models: []string{"m1", "m0"}})
	if err != nil {
		t.Fatal(err)
	}
	other.Set.Models = []string{"m0", "m9"}
	if _, err := ProjectCompliance(o, other); err == nil {
		t.Error("disagreement over other models is no error")
	}
}

func ExamplePostStratify() {
	low, high := NewShareTally(2000), NewShareTally(2000)
	for i := range 1000 {
		low.Add(i, i < 14)       // 1.4 %
		high.Add(1000+i, i < 97) // 9.7 %
	}
	e, err := PostStratify(Stratum{"1.5-2.0", 8000, low}, Stratum{"2.5-3.0", 2000, high})
	fmt.Printf("%.4f [%.4f, %.4f] %v\n", e.Value, e.Lo, e.Hi, err)
	// Output: 0.0306 [0.0250, 0.0391] <nil>
}

func ExampleProjectCompliance() {
	v, p := projected()
	set := ModelSet{Name: "both", Models: v.Models}
	o, _ := MeasureOutcomes(v, set, Majority)
	d, _ := MeasureDisagreement(p, set)
	table2, err := ProjectCompliance(o, d)
	fmt.Printf("%.3f %v\n", table2.AllFail.Value, err)
	// Output: 0.417 <nil>
}
