package paper_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
)

// TestEveryPublishedNumberIsListed walks a second transcription of the paper
// (testdata/published_numbers.json, made apart from numbers.csv) and finds
// each of its numbers in the list, under the id that its place asks for.
func TestEveryPublishedNumberIsListed(t *testing.T) {
	data, err := os.ReadFile("testdata/published_numbers.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	left := map[string]bool{}
	for _, n := range paper.Numbers() {
		if n.Page > 0 {
			left[n.ID] = true
		}
	}
	found := 0
	want := func(id string, printed any, factor float64) {
		t.Helper()
		n, ok := paper.Lookup(id)
		x, isNumber := printed.(float64)
		switch text, isText := printed.(string); {
		case !isNumber && !isText:
			t.Fatalf("%s: %v in the JSON is no number", id, printed)
		case isText:
			// "over 220000", "printed 6, must be 0.6": the last number of it.
			words := strings.Fields(text)
			var err error
			if x, err = strconv.ParseFloat(words[len(words)-1], 64); err != nil {
				t.Fatalf("%s: %v", id, err)
			}
		}
		if !ok || math.Abs(n.Value-x*factor) > 1e-12 {
			t.Errorf("%s: listed as %q (%v), the paper prints %v", id, n.Text, ok, printed)
			return
		}
		delete(left, id)
		found++
	}
	object := func(x any) map[string]any { return x.(map[string]any) }
	list := func(x any) []any { return x.([]any) }
	model := func(name string) string {
		// The paper writes GPT 4.1 in Figure 6 and GPT-4.1 elsewhere.
		for _, m := range analysis.KnownModels() {
			if strings.ReplaceAll(m.Name, "-", " ") == strings.ReplaceAll(name, "-", " ") {
				return m.ID
			}
		}
		t.Fatalf("no model %q", name)
		return ""
	}

	for key, x := range object(all["sizes"]) {
		id := map[string]string{
			"values": "values", "pairs_sampled": "pairs_sampled", "scenarios_min": "scenarios", "diverse_at_delta_0.4": "distinct",
			"some_pair_disagrees": "some_pair_disagrees", "substantial_divergence": "most_models_diverge", "diverse_topic_or_opinion": "diverse",
		}[key]
		if key == "subsets" {
			for split, rows := range object(x) {
				want("disagreement."+split+".count", rows, 1)
			}
			continue
		}
		want("sizes."+id, x, 1)
	}
	for key, x := range object(all["table2_percent"]) {
		if key == "columns" {
			continue
		}
		if key == "n" {
			want("sizes.table2_scenarios", x, 1)
			continue
		}
		id, factor := key, 0.01
		if rest, ok := strings.CutPrefix(key, "se_"); ok {
			id = rest + "_se"
		}
		if key == "fold" {
			factor = 1
		}
		for i, sample := range []string{"random", "all_models", "openai_models"} {
			want("compliance.table2."+id+"."+sample, list(x)[i], factor)
		}
	}
	// Of the share that fails, the JSON leaves out the standard errors: they
	// are those of its complement.
	for _, sample := range []string{"random", "all_models", "openai_models"} {
		n, _ := paper.Lookup("compliance.table2.all_pass_se." + sample)
		want("compliance.table2.at_least_one_fails_se."+sample, n.Value, 1)
	}
	fig2 := object(all["fig2_percent"])
	want("sizes.fig2_scenarios_per_bin", fig2["n_per_bin"], 1)
	edges := analysis.PaperBins()
	for _, rule := range []string{"majority", "any"} {
		values := list(fig2[rule])
		for i, x := range values {
			want("compliance.fig2."+rule+"."+analysis.BinName(edges[i], edges[i+1]), x, 0.01)
		}
		// Not printed, but the abstract speaks of it: to one decimal.
		n, _ := paper.Lookup("compliance.fig2." + rule + ".last_over_first")
		if ratio := values[4].(float64) / values[0].(float64); !n.Prints(ratio) {
			t.Errorf("%s: %v, listed as %s", n.ID, ratio, n.Text)
		}
		delete(left, n.ID)
	}
	judges := object(all["judges"])
	column := map[string]string{"Claude 4 Sonnet": "claude_4", "o3": "gpt41", "Gemini 2.5 Pro": "gemini_2_5"}
	for name, x := range object(judges["flag_rate_percent"]) {
		want("judges.flag_rate."+column[name], x, 0.01)
	}
	for pair, x := range object(judges["pairwise_agreement_percent"]) {
		a, b, _ := strings.Cut(pair, "|")
		want("judges.agreement."+column[a]+"."+column[b], x, 0.01)
	}
	want("judges.fleiss.binary", judges["fleiss_kappa"], 1)
	want("sizes.judged_responses", judges["n_responses"], 1)
	for name, x := range object(all["fig6_outliers"]) {
		want("outliers.same_value."+model(name), x, 1)
		want("outliers.either_value."+model(name), x, 1)
	}
	fig10 := object(all["fig10_counts"])
	for category, counts := range object(fig10["panels"]) {
		for i, x := range list(counts) {
			want("values.fig10."+analysis.Slug(category)+"."+model(list(fig10["models"])[i].(string)), x, 1)
		}
	}
	for panel, x := range object(all["fig11"]) {
		order := list(object(x)["order"])
		for y, row := range list(object(x)["P"]) { // rows Y, columns X
			for col, cell := range list(row) {
				want("values.fig11"+panel+"."+analysis.Slug(order[col].(string))+"."+analysis.Slug(order[y].(string)), cell, 1)
			}
		}
	}
	for id := range left {
		t.Errorf("%s is listed, but not in the JSON", id)
	}
	// 13 sizes and splits, 22 of Table 2, 11 of Figure 2, 8 of the judges, 24
	// of Figure 6 in two readings, 108 of Figure 10, 400 of Figure 11.
	if found != 13+22+11+8+24+108+400 {
		t.Errorf("found %d numbers", found)
	}
}

// TestEveryNumberSaysWhatItNeeds: no number rests on the sentence for those
// that nobody thought of.
func TestEveryNumberSaysWhatItNeeds(t *testing.T) {
	for _, n := range paper.Numbers() {
		if n.Needs() == "data that are not public" {
			t.Errorf("%s: nothing says what it needs", n.ID)
		}
	}
}

func TestVerify(t *testing.T) {
	share := func(id string, value, lo, hi float64) paper.Claim {
		return paper.Claim{ID: id, Unit: "share", Estimate: analysis.Estimate{Value: value, Lo: lo, Hi: hi, Level: 0.95, N: 1000}}
	}
	claims := []paper.Claim{
		share("judges.flag_rate.o3", 0.36, 0.35, 0.37),                  // the paper: 0.355, of a column by another name
		share("judges.agreement.gemini_2_5.claude_4", 0.74, 0.73, 0.75), // the paper: 0.7239, of the pair in the other order
		{ID: "disagreement.all_models.count", Unit: "count", Estimate: analysis.Count(43950, 43960)},
		{ID: "disagreement.claude_models.count", Unit: "count", Err: fmt.Errorf("%w: split claude_models", paper.ErrAbsent)},
		{ID: "preference.critical-thinking.o3", Unit: "share", Estimate: analysis.Estimate{Value: 0.5}},
	}
	find := func(list []paper.Comparison, id string) paper.Comparison {
		t.Helper()
		for _, c := range list {
			if c.ID == id {
				return c
			}
		}
		t.Fatalf("%s is not there", id)
		return paper.Comparison{}
	}
	ours := paper.Verify(paper.PaperOrigin, claims)
	if len(ours) != len(paper.Numbers()) {
		t.Errorf("%d comparisons of %d numbers", len(ours), len(paper.Numbers()))
	}
	c := find(ours, "judges.flag_rate.o3")
	if c.Status != paper.Consistent || c.Contains == nil || !*c.Contains || math.Abs(*c.Difference-0.005) > 1e-12 || c.Missing != "" {
		t.Errorf("inside the interval: %+v", c)
	}
	c = find(ours, "judges.agreement.gemini_2_5.claude_4")
	if c.Status != paper.Differs || c.Contains == nil || *c.Contains {
		t.Errorf("outside of the interval: %+v", c)
	}
	c = find(ours, "disagreement.all_models.count")
	if c.Contains != nil || c.Difference == nil || *c.Difference != -10 {
		t.Errorf("a count has no interval: %+v", c)
	}
	c = find(ours, "disagreement.claude_models.count")
	if c.Status != paper.NotComputable || c.Difference != nil || !strings.Contains(c.Missing, "split claude_models") {
		t.Errorf("absent: %+v", c)
	}
	c = find(ours, "values.fig10.critical-thinking.o3")
	if c.Status != paper.NotComputable || !errors.Is(c.Err, paper.ErrNotComputed) || !strings.Contains(c.Missing, "26-category labels") {
		t.Errorf("not public: %+v", c)
	}
	for _, c := range paper.Verify(paper.SyntheticOrigin, claims) {
		if c.Status != paper.Synthetic || c.Difference != nil || c.Contains != nil {
			t.Errorf("synthetic, yet compared: %+v", c)
		}
	}
	for _, c := range paper.Verify(paper.OtherOrigin, claims) {
		if c.Difference != nil || c.Contains != nil {
			t.Errorf("other data, yet compared: %+v", c)
		}
	}
}

func TestNotes(t *testing.T) {
	for id, want := range map[string]string{
		"compliance.table2.all_fail_se.all_models":                "A misprint of 0.6",
		"judges.flag_rate.o3":                                     "gpt41_decision",
		"values.fig11a.methodical-rigor.clarity-and-precision":    "P(X | X)",
		"values.fig10.business-effectiveness.claude_opus_3":       "3.57",
		"compliance.fig2.majority.last_over_first":                "7",
		"values.fig10.ethical-responsibility.claude_3_5_sonnet":   "17,644",
		"anchors.all_models.values":                               "3,302",
		"outliers.either_value.grok_4":                            "Both readings",
		"values.fig10.emotional-depth-and-authentic-connection.o": "provider separation",
	} {
		found := false
		for _, x := range paper.Notes(id) {
			found = found || strings.Contains(x.Finding, want)
		}
		if !found {
			t.Errorf("%s: no note says %q", id, want)
		}
	}
	if notes := paper.Notes("disagreement.all_models.count"); notes != nil {
		t.Errorf("notes on a number that nothing is wrong with: %v", notes)
	}
}

// Four rows by hand: the pair a-b twice, b-a and a-c once, one row without
// its second value. a is in four rows, b in three, c in one.
func TestAnchorClaims(t *testing.T) {
	got := map[string]float64{}
	for _, c := range paper.AnchorClaims("all_models", []string{"Role authenticity", "immersion", "c"},
		[]int32{0, 0, 1, 0, 2}, []int32{1, 1, 0, 2, -1}, nil) {
		if c.Err != nil || c.Estimate.N != 5 || c.Estimate.Excluded[0].N != 1 {
			t.Errorf("%+v", c)
		}
		if _, ok := paper.Lookup(c.ID); !ok {
			t.Errorf("%s is not in the list", c.ID)
		}
		got[strings.TrimPrefix(c.ID, "anchors.all_models.")] = c.Estimate.Value
	}
	want := map[string]float64{"pairs": 3, "pairs_with_1_row": 2, "pairs_with_2_rows": 1, "pairs_with_3_rows": 0, "values": 3, "values_over_30_times": 0,
		"value.role-authenticity": 4, "value.immersion": 3, "value.sales-effectiveness": 0, "value.brand-consistency": 0, "value.organizational-transparency": 0}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
	for _, c := range paper.AnchorClaims("all_models", []string{"a"}, []int32{0}, nil, nil) {
		if c.Err == nil {
			t.Errorf("%s: rows of different numbers", c.ID)
		}
	}
}

func ExampleVerify() {
	ours := []paper.Claim{{ID: "disagreement.gpt41_vs_mini.count", Unit: "count", Estimate: analysis.Count(10160, 10160)}}
	for _, c := range paper.Verify(paper.PaperOrigin, ours) {
		if c.Err == nil {
			fmt.Println(c.ID, c.Published, c.Estimate.Value, *c.Difference, c.Status)
		}
	}
	// Output: disagreement.gpt41_vs_mini.count 10160 10160 0 match
}
