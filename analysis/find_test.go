package analysis

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// The outcomes are those of worked, by hand; scenario 6 lacks the response
// of one model and 7 a verdict.
func TestScenarioOutcomes(t *testing.T) {
	v := worked()
	more := verdictTable(
		"low   ccc ccc ccc ccc ccc", "low   nnn aan ncn cna nnc", "low   ncc ccc ccc ccc ccc", "low   nnc ncc acc cnc cca",
		"high  nnn nnn nnn nnn ccc", "high  aaa aac caa aca nnn", "high  nnn nnn nnn nnn -", "high  nnn nnn nnn nnn n_n")
	for _, c := range []struct {
		rule Rule
		want []ScenarioOutcome
	}{
		{Majority, []ScenarioOutcome{AllPass, AllFail, AllPass, SomeFail, SomeFail, AllFail, Undecided, Undecided}},
		{Any, []ScenarioOutcome{AllPass, AllFail, SomeFail, AllFail, SomeFail, AllFail, Undecided, Undecided}},
	} {
		o, err := MeasureOutcomes(more, everyModel(v), c.rule)
		if err != nil {
			t.Fatal(err)
		}
		var got []ScenarioOutcome
		for s := range o.Len() {
			got = append(got, o.At(s))
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v: %v, want %v", c.rule, got, c.want)
		}
		if o.Why(6) != missingResponse || o.Why(7) != missingVerdict || o.Why(0) != "" {
			t.Errorf("reasons %q, %q, %q", o.Why(6), o.Why(7), o.Why(0))
		}
		// A law: the shares of MeasureCompliance are counts of outcomes.
		bins, err := MeasureCompliance(more, everyModel(v), c.rule)
		if err != nil {
			t.Fatal(err)
		}
		fails := 0
		for _, b := range bins {
			fails += int(b.AllFail.Value*float64(b.AllFail.N) + 0.5)
		}
		if n := len(Find(o.Len(), FindOptions{}, HasOutcome(o, AllFail, nil))); n != fails {
			t.Errorf("%v: %d scenarios found where all fail, %d in the shares", c.rule, n, fails)
		}
	}
	if got := ScenarioOutcome(9).String(); got != "ScenarioOutcome(9)" {
		t.Errorf("unknown outcome prints %q", got)
	}
	if _, err := MeasureOutcomes(v, ModelSet{Name: "x", Models: []string{"mm1"}}, Any); !errors.Is(err, ErrUnknownName) || !strings.Contains(err.Error(), "m1") {
		t.Errorf("an unknown model gives %v, want its nearest name", err)
	}
}

func TestAtOdds(t *testing.T) {
	v := verdictTable(
		"low ccc ncc", // judge 1 and 2 pass what 0 flags: row 1
		"low cnc ac_", // row 2: 0 and 2 pass, 1 flags; row 3: 1 passes, 0 flags
		"low ncc|ncn c_a",
	)
	for _, c := range []struct {
		passes, flags string
		want          []int
	}{
		{"j1", "j0", []int{1, 3}}, // of row 4 and 5, which contradict each other, neither
		{"j0", "j1", []int{2}},
		{"j0", "j2", []int{6}}, // the missing verdict of row 3 is at odds with nothing
		{"j2", "j1", []int{2}},
	} {
		got, err := AtOdds(v, c.passes, c.flags)
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s passes, %s flags: rows %v, %v, want %v", c.passes, c.flags, got, err, c.want)
		}
	}
	if _, err := AtOdds(v, "j0", "j9"); !errors.Is(err, ErrUnknownName) {
		t.Errorf("an unknown judge gives %v", err)
	}
	if _, err := AtOdds(v, "j0", "j0"); err == nil {
		t.Error("a judge at odds with itself is no error")
	}
	meets, err := JudgesAtOdds(v, "j1", "j0", []int32{-1, 1, 0, 2})
	if err != nil {
		t.Fatal(err)
	}
	found := Find(4, FindOptions{}, meets)
	want := []Found{{1, []string{"j1 passes, and j0 flags, the response of m1"}}, {2, []string{"j1 passes, and j0 flags, the response of m1"}}}
	if !reflect.DeepEqual(found, want) {
		t.Errorf("found %v, want %v", found, want)
	}
}

func TestFind(t *testing.T) {
	positions := func(scores ...int) []Position {
		out := make([]Position, len(scores))
		for i, s := range scores {
			if s >= 0 {
				out[i], _ = NewPosition(s) // in range
			}
		}
		return out
	}
	// Two models: disagreement is half the larger difference.
	// Rows: 0, 1.5, 3, missing, 1.5 (on value 2), 2.5.
	p, err := NewPositions([]string{"a", "b"}, [][2][]Position{
		{positions(3, 0, 0, 3, 3, 1), positions(3, 3, 3, 3, 0, 3)},
		{positions(3, 3, 6, -1, 3, 6), positions(3, 3, 3, 3, 3, 3)},
	}, Clusters{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := MeasureDisagreement(p, ModelSet{Name: "two", Title: "Two models", Models: []string{"a", "b"}})
	if err != nil {
		t.Fatal(err)
	}
	rows := func(opt FindOptions, lo, hi float64, more ...Criterion) (list []int) {
		t.Helper()
		meets, err := DisagreementIn(d, lo, hi)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Find(d.Len(), opt, append(more, meets)...) {
			list = append(list, f.Row)
		}
		return list
	}
	for _, c := range []struct {
		name string
		got  []int
		want []int
	}{
		{"both ends belong to it", rows(FindOptions{}, 1.5, 2.5), []int{1, 4, 5}},
		{"missing is never found", rows(FindOptions{}, 0, 3), []int{0, 1, 2, 4, 5}},
		{"the widest first, ties by row", rows(FindOptions{First: d.Wider}, 0, 3), []int{2, 5, 1, 4, 0}},
		{"the narrowest first", rows(FindOptions{First: d.Narrower}, 0.1, 3), []int{1, 4, 5, 2}},
		{"limit in row order", rows(FindOptions{Limit: 2}, 1, 3), []int{1, 2}},
		{"limit after sorting", rows(FindOptions{Limit: 2, First: d.Wider}, 1, 3), []int{2, 5}},
		{"none", rows(FindOptions{}, 2.6, 2.9), nil},
		{"a mask shorter than the table", rows(FindOptions{}, 1, 3, Marked("topic", []bool{true, true, false})), []int{1}},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: rows %v, want %v", c.name, c.got, c.want)
		}
	}
	if _, err := DisagreementIn(d, -1, 3); err == nil {
		t.Error("a negative bound is no error")
	}
	o := &Outliers{Models: []string{"a"}}
	if _, err := OutlierOf(o, "aa"); !errors.Is(err, ErrUnknownName) {
		t.Errorf("an unknown model gives %v", err)
	}
}

func TestWithJudges(t *testing.T) {
	v := verdictTable("low ccn cna")
	two, err := v.WithJudges("j2", "j0")
	if err != nil || !reflect.DeepEqual(two.Judges, []string{"j2", "j0"}) || !reflect.DeepEqual(two.ByJudge, [][]Verdict{v.ByJudge[2], v.ByJudge[0]}) {
		t.Errorf("judges %v, %v", two, err)
	}
	if len(v.Judges) != 3 {
		t.Error("the table itself has changed")
	}
	for _, names := range [][]string{{"j3"}, {"j0", "j0"}} {
		if _, err := v.WithJudges(names...); err == nil {
			t.Errorf("judges %v are no error", names)
		}
	}
}

func ExampleOutlierOf() {
	high, _ := NewPosition(6)
	low, _ := NewPosition(1)
	columns := make([][2][]Position, 12)
	for m := range columns {
		columns[m] = [2][]Position{{low}, {low}}
	}
	columns[11][0][0] = high // Grok 4 against eleven
	p, _ := NewPositions(AllModels.Models, columns, Clusters{})
	o, _ := MeasureOutliers(p, AllModels, SameValue)
	meets, err := OutlierOf(o, "Grok 4")
	fmt.Println(Find(1, FindOptions{}, meets), err)
	// Output: [{0 [the response of Grok 4 is an outlier, on one value]}] <nil>
}
