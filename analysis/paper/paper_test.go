package paper_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
)

func number(t *testing.T, id string) paper.Number {
	t.Helper()
	n, ok := paper.Lookup(id)
	if !ok {
		t.Fatalf("no published number %s", id)
	}
	return n
}

func TestNumbersAreWellFormed(t *testing.T) {
	seen := map[string]bool{}
	for _, n := range paper.Numbers() {
		if seen[n.ID] {
			t.Errorf("%s: listed twice", n.ID)
		}
		seen[n.ID] = true
		if n.Digits >= 0 {
			_, decimals, _ := strings.Cut(n.Text, ".")
			if len(decimals) != n.Digits {
				t.Errorf("%s: %s has %d decimals, digits says %d", n.ID, n.Text, len(decimals), n.Digits)
			}
		}
		if !slices.Contains([]string{"count", "share", "ratio", "kappa"}, n.Unit) {
			t.Errorf("%s: unit %q", n.ID, n.Unit)
		}
		if n.Unit == "share" && (n.Value < 0 || n.Value > 1) {
			t.Errorf("%s: share %v", n.ID, n.Value)
		}
		if n.Page < 0 || n.Page > 27 || n.Page == 0 && !strings.HasPrefix(n.ID, "anchors.") {
			t.Errorf("%s: page %d", n.ID, n.Page)
		}
		if n.Note == "" {
			t.Errorf("%s: no note", n.ID)
		}
		if !slices.Contains([]paper.Relation{paper.Equals, paper.AtLeast, paper.About}, n.Relation) {
			t.Errorf("%s: relation %q", n.ID, n.Relation)
		}
		if !n.Prints(n.Value) {
			t.Errorf("%s: %s does not print itself", n.ID, n.Text)
		}
	}
}

// Every model and category that an id names must exist, and every model of
// a figure must be there.
func TestNumbersNameKnownModels(t *testing.T) {
	var slugs []string
	for _, c := range analysis.Categories() {
		slugs = append(slugs, analysis.Slug(c.Name))
	}
	for _, m := range analysis.KnownModels() {
		for _, reading := range []string{"same_value", "either_value"} {
			number(t, "outliers."+reading+"."+m.ID)
		}
		number(t, "values.fig10.critical-thinking."+m.ID)
	}
	for _, n := range paper.Numbers() {
		parts := strings.Split(n.ID, ".")
		if parts[0] != "values" {
			continue
		}
		if !slices.Contains(slugs, parts[2]) {
			t.Errorf("%s: no category %q", n.ID, parts[2])
		}
		if parts[1] != "fig10" && !slices.Contains(slugs, parts[3]) {
			t.Errorf("%s: no category %q", n.ID, parts[3])
		}
	}
	for _, set := range analysis.PaperModelSets() {
		number(t, "disagreement."+set.Name+".count")
	}
}

// Sums and relations that the paper's numbers must obey if they were
// copied correctly; by hand.
func TestNumbersAreCopiedCorrectly(t *testing.T) {
	sum := func(prefix string) (s float64, n int) {
		for _, x := range paper.Numbers() {
			if strings.HasPrefix(x.ID, prefix) {
				s += x.Value
				n++
			}
		}
		return s, n
	}
	for _, c := range []struct {
		prefix string
		sum    float64
		n      int
	}{
		{"outliers.same_value.", 34459, 12},                 // 10,503 + 9,244 + ... + 169
		{"outliers.either_value.", 34459, 12},               // the same bars
		{"disagreement.", 132403, 6},                        // rows of all six splits
		{"values.fig10.ethical-responsibility.", 97412, 12}, // added up in Python
		{"values.fig11a.", 27.72, 100},                      // diagonal 10
	} {
		if s, n := sum(c.prefix); math.Abs(s-c.sum) > 1e-9 || n != c.n {
			t.Errorf("%s: sum %v of %d, want %v of %d", c.prefix, s, n, c.sum, c.n)
		}
	}
	// 33,113 + 2*4,936 + 3*325 = 43,960 rows; 33,113 + 4,936 + 325 = 38,374 pairs.
	one := number(t, "anchors.all_models.pairs_with_1_row").Value
	two := number(t, "anchors.all_models.pairs_with_2_rows").Value
	three := number(t, "anchors.all_models.pairs_with_3_rows").Value
	if got, want := one+2*two+3*three, number(t, "disagreement.all_models.count").Value; got != want {
		t.Errorf("rows of the pairs: %v, want %v", got, want)
	}
	if got, want := one+two+three, number(t, "anchors.all_models.pairs").Value; got != want {
		t.Errorf("pairs: %v, want %v", got, want)
	}
	// Table 2's plus-minus figures are standard errors of 1,000 scenarios.
	for _, share := range []string{"all_pass", "at_least_one_fails", "all_fail"} {
		for _, column := range []string{"random", "all_models", "openai_models"} {
			p := number(t, "compliance.table2."+share+"."+column).Value
			se := number(t, "compliance.table2."+share+"_se."+column)
			if got := math.Sqrt(p * (1 - p) / 1000); !se.Prints(got) {
				t.Errorf("%s: sqrt(p(1-p)/1000) is %v", se.ID, got)
			}
		}
	}
	// Fleiss' kappa on two categories from flag rates and agreements.
	p := (number(t, "judges.flag_rate.claude_4").Value + number(t, "judges.flag_rate.gpt41").Value + number(t, "judges.flag_rate.gemini_2_5").Value) / 3
	observed := (number(t, "judges.agreement.claude_4.gpt41").Value + number(t, "judges.agreement.claude_4.gemini_2_5").Value + number(t, "judges.agreement.gpt41.gemini_2_5").Value) / 3
	chance := p*p + (1-p)*(1-p)
	if kappa := (observed - chance) / (1 - chance); !number(t, "judges.fleiss.binary").Prints(kappa) {
		t.Errorf("kappa from the printed agreements: %v", kappa)
	}
	// A column of Figure 11 is what the first category goes with: p. 27
	// of the paper reads Professional -> Methodical rigor off it.
	if n := number(t, "values.fig11a.professional-and-technical-excellence.methodical-rigor"); n.Text != "0.47" {
		t.Errorf("%s is %s, want 0.47", n.ID, n.Text)
	}
}

func TestLookupJudges(t *testing.T) {
	for id, want := range map[string]string{
		"judges.flag_rate.o3":               "0.355",
		"judges.flag_rate.gpt41":            "0.355",
		"judges.agreement.gemini_2_5.o3":    "0.7684",
		"judges.agreement.claude_4.o3":      "0.6752",
		"judges.agreement.gpt41.claude_4":   "0.6752",
		"outliers.same_value.o3":            "4086", // the model, not the judge
		"compliance.fig2.majority.0.0-1.0":  "0.007",
		"compliance.fig2.any.2.5-3.0":       "0.494",
		"compliance.table2.fold.all_models": "3.3",
	} {
		n := number(t, id)
		if n.Text != want || n.ID != id {
			t.Errorf("Lookup(%s) = %s %s, want %s", id, n.ID, n.Text, want)
		}
	}
	for _, id := range []string{"", "judges.fleiss.three", "judges.flag_rate.claude_5", "disagreement.complete.count"} {
		if n, ok := paper.Lookup(id); ok {
			t.Errorf("Lookup(%q) = %v, want none", id, n)
		}
	}
}

func TestPrints(t *testing.T) {
	for _, c := range []struct {
		id   string
		x    float64
		want bool
	}{
		// 0.7 % with one decimal: 0.65 % to 0.75 %, ties included.
		{"compliance.fig2.majority.0.0-1.0", 0.007, true},
		{"compliance.fig2.majority.0.0-1.0", 7.0 / 985, true},
		{"compliance.fig2.majority.0.0-1.0", 13.0 / 2000, true}, // float64 below the tie
		{"compliance.fig2.majority.0.0-1.0", 15.0 / 2000, true},
		{"compliance.fig2.majority.0.0-1.0", 0.00649999, false},
		{"compliance.fig2.majority.0.0-1.0", 0.00750001, false},
		{"compliance.fig2.any.2.0-2.5", 0.275, true}, // printed as 28
		{"compliance.fig2.any.2.0-2.5", 0.2749, false},
		{"disagreement.all_models.count", 43960, true},
		{"disagreement.all_models.count", 43961, false},
		{"sizes.some_pair_disagrees", 220000, true}, // "over"
		{"sizes.some_pair_disagrees", 231044, true},
		{"sizes.some_pair_disagrees", 219999, false},
		{"sizes.distinct", 250000, true}, // "approximately 300,000"
		{"sizes.distinct", 249999, false},
		{"judges.fleiss.binary", math.NaN(), false},
		{"judges.fleiss.binary", math.Inf(1), false},
	} {
		if got := number(t, c.id).Prints(c.x); got != c.want {
			t.Errorf("%s prints %v: %v, want %v", c.id, c.x, got, c.want)
		}
	}
}

func TestDecide(t *testing.T) {
	kappa := number(t, "judges.fleiss.binary") // 0.42
	for _, c := range []struct {
		name      string
		f         paper.Finding
		published *paper.Number
		want      paper.Status
	}{
		{"synthetic comes before everything", paper.Finding{Origin: paper.SyntheticOrigin, Value: 0.42}, &kappa, paper.Synthetic},
		{"synthetic without a number", paper.Finding{Origin: paper.SyntheticOrigin, Value: math.NaN()}, nil, paper.Synthetic},
		{"other data are not compared", paper.Finding{Origin: paper.OtherOrigin, Value: 0.42}, &kappa, paper.OtherData},
		{"the zero origin claims nothing", paper.Finding{Value: 0.42}, &kappa, paper.OtherData},
		{"no paper value comes before not computable", paper.Finding{Origin: paper.PaperOrigin, Value: math.NaN()}, nil, paper.NoPaperValue},
		{"not computable", paper.Finding{Origin: paper.PaperOrigin, Value: math.NaN()}, &kappa, paper.NotComputable},
		{"infinite is not a number", paper.Finding{Origin: paper.PaperOrigin, Value: math.Inf(1)}, &kappa, paper.NotComputable},
		{"match", paper.Finding{Origin: paper.PaperOrigin, Value: 0.4249}, &kappa, paper.Match},
		{"match at the tie", paper.Finding{Origin: paper.PaperOrigin, Value: 0.425}, &kappa, paper.Match},
		{"match comes before possible", paper.Finding{Origin: paper.PaperOrigin, Value: 0.42, Reach: &paper.Bounds{Lo: 0.4, Hi: 0.5}}, &kappa, paper.Match},
		{"possible", paper.Finding{Origin: paper.PaperOrigin, Value: 0.44, Reach: &paper.Bounds{Lo: 0.425, Hi: 0.46}}, &kappa, paper.Possible},
		{"out of reach by a hair", paper.Finding{Origin: paper.PaperOrigin, Value: 0.44, Reach: &paper.Bounds{Lo: 0.4251, Hi: 0.46}}, &kappa, paper.Differs},
		{"possible comes before consistent", paper.Finding{Origin: paper.PaperOrigin, Value: 0.44, Interval: &paper.Bounds{Lo: 0.4, Hi: 0.5}, Reach: &paper.Bounds{Lo: 0.42, Hi: 0.46}}, &kappa, paper.Possible},
		{"consistent", paper.Finding{Origin: paper.PaperOrigin, Value: 0.44, Interval: &paper.Bounds{Lo: 0.42, Hi: 0.46}}, &kappa, paper.Consistent},
		{"the interval must hold the number, not what rounds to it", paper.Finding{Origin: paper.PaperOrigin, Value: 0.44, Interval: &paper.Bounds{Lo: 0.4201, Hi: 0.46}}, &kappa, paper.Differs},
		{"differs without an interval", paper.Finding{Origin: paper.PaperOrigin, Value: 0.44}, &kappa, paper.Differs},
	} {
		if got := paper.Decide(c.f, c.published); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	for _, s := range paper.Statuses() {
		if s.Meaning() == "" {
			t.Errorf("%s has no meaning", s)
		}
	}
}

func TestInconsistenciesNameNumbers(t *testing.T) {
	for _, x := range paper.Inconsistencies() {
		if x.Where == "" || x.Says == "" || x.Finding == "" {
			t.Errorf("%+v: something is empty", x)
		}
		for _, id := range x.IDs {
			if !strings.HasSuffix(id, ".") {
				number(t, id)
				continue
			}
			if !slices.ContainsFunc(paper.Numbers(), func(n paper.Number) bool { return strings.HasPrefix(n.ID, id) }) {
				t.Errorf("%s: no number is called %s…", x.Where, id)
			}
		}
	}
}

func TestAssertionsAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range paper.Assertions() {
		if a.ID == "" || a.Where == "" || a.Says == "" || a.Limits == "" {
			t.Errorf("%+v: something is empty", a)
		}
		if (a.Tested == "") != (len(a.IDs) == 0) {
			t.Errorf("%s: tested %q by the results %q; one without the other", a.ID, a.Tested, a.IDs)
		}
		if seen[a.ID] {
			t.Errorf("%s is there twice", a.ID)
		}
		seen[a.ID] = true
	}
}

func ExampleDecide() {
	published, _ := paper.Lookup("compliance.fig2.majority.2.5-3.0")
	ours := paper.Finding{
		Origin:   paper.PaperOrigin,
		Value:    95.0 / 984,
		Interval: &paper.Bounds{Lo: 0.080, Hi: 0.117},
		Reach:    &paper.Bounds{Lo: 0.095, Hi: 0.111}, // 16 of 1,000 scenarios are missing
	}
	fmt.Printf("paper %s, ours %.4f: %s\n", published, ours.Value, paper.Decide(ours, &published))
	// Output: paper 0.097, ours 0.0965: match
}
