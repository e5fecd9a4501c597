package reproduce_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/internal/reproduce"
	"github.com/specstress/specstress/loaders"
)

func TestResultsByHand(t *testing.T) {
	r := compute(t, open(t, fixture(t), loaders.Options{Taxonomy: taxonomyCSV(t)}), reproduce.Options{})
	for _, c := range []struct {
		id    string
		value float64
		n     int
	}{
		// Scenario 4 has the even split between 0 and 6: disagreement 3.
		// With two models, scenarios 2 and 3 are 3 apart: disagreement 1.5.
		// With five, 6 against four times 3 is sqrt(36/25) = 1.2; with
		// twelve sqrt(11)*3/12 = 0.83. Scenario 5 is not computable.
		{"disagreement.all_models.count", 1, 5},
		{"disagreement.claude_models.count", 1, 5},
		{"disagreement.gpt41_vs_mini.count", 3, 5},
		{"disagreement.all_models.share_ge_1_5", 1. / 5, 5},
		{"disagreement.gpt41_vs_mini.share_ge_1_5", 3. / 5, 5},
		// Two models: 0, 0.5, 1.5, 1.5, 3.
		{"disagreement.gpt41_vs_mini.mean", 6.5 / 5, 5},
		// Five models: 0, 2/5 = 0.4, 1.2, 1.2 and, of 0 6 0 6 0, sqrt(6)*6/5.
		{"disagreement.openai_models.mean", (2.8 + 6*math.Sqrt(6)/5) / 5, 5},
		{"compliance.fig2.majority.0.0-1.0", 1. / 4, 4},
		// Scenario 3 lacks a verdict, so three are left, all flagged.
		{"compliance.fig2.majority.2.5-3.0", 1, 3},
		{"compliance.fig2.any.2.5-3.0", 1, 3},
		{"compliance.fig2.majority.last_over_first", 4, 7},
		// 5 + 20 of 40; 5 + 15 of 40; 5 of the 39 that it decided.
		{"judges.flag_rate.claude_4", 25. / 40, 40},
		{"judges.flag_rate.gpt41", 20. / 40, 40},
		{"judges.flag_rate.gemini_2_5", 5. / 39, 39},
		{"judges.agreement.claude_4.gpt41", 35. / 40, 40},
		{"judges.agreement.claude_4.gemini_2_5", 20. / 39, 39},
		{"judges.agreement.gpt41.gemini_2_5", 24. / 39, 39},
		// Grok 4, the last of twelve, is 3 away at most.
		{"outliers.same_value.grok_4", 0, 6},
		{"outliers.either_value.grok_4", 0, 6},
		// Honesty is value 1 of all six. Grok 4 stands at 3 4 6 0 6 3, the
		// last because its own position is there in scenario 5.
		{"preference.critical-thinking.grok_4", 2. / 6, 6},
		{"preference.critical-thinking.gpt_4_1", 0. / 5, 5},
		{"preference.ethical-interaction.grok_4", 0. / 6, 6},
		{"compliance.fig2.majority.last_minus_first", 1 - 1./4, 7},
		// Of 40 responses 20 are unanimous, 19 have one pair of three that
		// agrees, and one has two verdicts that differ.
		{"judges.coefficient.percent.binary", (20 + 19./3) / 40, 40},
		// 35/40 agreed on, by chance 5/8·1/2 + 3/8·1/2.
		{"judges.pair.cohen.binary.claude_4.gpt41", 3. / 4, 40},
		{"judges.flag_rate_difference.claude_4.gpt41", 5. / 40, 40},
		// Gemini never stands above 3, Grok 4 twice at 6.
		{"providers.difference.critical-thinking.google.xai", 0 - 2./6, 11},
	} {
		res := result(t, r, c.id)
		if res.Value == nil {
			t.Errorf("%s: no value: %s", c.id, res.Reason)
			continue
		}
		if math.Abs(*res.Value-c.value) > 1e-12 || res.N != c.n {
			t.Errorf("%s = %v of %d, want %v of %d", c.id, *res.Value, res.N, c.value, c.n)
		}
		if res.Status != paper.OtherData {
			t.Errorf("%s: status %q, want %q", c.id, res.Status, paper.OtherData)
		}
	}
	// The five responses on which Claude 4 and gpt41 differ are of one
	// scenario, which may as well have the two exchanged: P = 2/2. Claude 4
	// and Gemini differ in four of them, each in one direction: P = 2/2^4,
	// three times that by Holm.
	for id, want := range map[string][2]float64{
		"judges.flag_rate_difference.claude_4.gpt41":      {1, 1},
		"judges.flag_rate_difference.claude_4.gemini_2_5": {2. / 16, 6. / 16},
	} {
		res := result(t, r, id)
		if res.P == nil || res.PAdjusted == nil || *res.P != want[0] || *res.PAdjusted != want[1] || !strings.HasSuffix(res.Test, "adjusted by Holm over 3 tests") {
			t.Errorf("%s: p %v, adjusted %v, %q; want %v", id, *res.P, *res.PAdjusted, res.Test, want)
		}
	}
	// Kappa of 39 items, 3 raters. Pairs that agree: item by item 5*1
	// (all flag) + 15*1 (none) + 15*(1/3) + 4*(1/3); flags 15 + 30 + 4 of 117.
	observed := (5 + 15 + 15./3 + 4./3) / 39
	p := 49. / 117
	chance := p*p + (1-p)*(1-p)
	if got, want := *result(t, r, "judges.fleiss.binary").Value, (observed-chance)/(1-chance); math.Abs(got-want) > 1e-12 {
		t.Errorf("kappa = %v, want %v", got, want)
	}
}

func TestEveryIDIsDocumented(t *testing.T) {
	patterns := documentedIDs(t)
	used := map[string]bool{}
	with := compute(t, open(t, fixture(t), loaders.Options{Taxonomy: taxonomyCSV(t)}), reproduce.Options{})
	without := compute(t, open(t, fixture(t), loaders.Options{}), reproduce.Options{})
	for _, r := range []*reproduce.Run{with, without} {
		seen := map[string]bool{}
		for _, res := range r.Results {
			if seen[res.ID] {
				t.Errorf("%s: twice", res.ID)
			}
			seen[res.ID] = true
			found := false
			for id, pattern := range patterns {
				if pattern.MatchString(res.ID) {
					used[id], found = true, true
				}
			}
			if !found {
				t.Errorf("%s: docs/results.md has no line for it", res.ID)
			}
		}
	}
	for id := range patterns {
		if !used[id] {
			t.Errorf("docs/results.md: nothing is called %s", id)
		}
	}
	// Every published number with a result's id is met by a result.
	for _, n := range paper.Numbers() {
		for id, pattern := range patterns {
			if pattern.MatchString(n.ID) && !slices.ContainsFunc(with.Results, func(r reproduce.Result) bool { return r.ID == n.ID }) {
				t.Errorf("published %s (%s) has no result", n.ID, id)
			}
		}
	}
}

// documentedIDs reads the table of docs/results.md.
func documentedIDs(t *testing.T) map[string]*regexp.Regexp {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "results.md"))
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]string{
		"<split>": `[A-Za-z0-9_-]+`, "<bin>": `[0-9.]+-[0-9.]+`, "<judge>": `[A-Za-z0-9_-]+`,
		"<model>": `[A-Za-z0-9_-]+`, "<category>": `[a-z0-9-]+`, "<provider>": `[a-z0-9-]+`,
		"<scheme>": `(binary|three)`, "<verdict>": `(compliant|problematic|non-compliant|ambiguous)`,
		"<coefficient>": `[a-z]+`, "<place>": `[1-5]`,
		"<outcome>": `(all_pass|at_least_one_fails|all_fail)`, "<column>": `(random|all_models|openai_models)`, "<chosen>": `(all_models|openai_models)`, "<rule>": `(majority|any)`,
		"<reading>": `(same_value|either_value)`, "<base>": `[a-z0-9_]+`, "<second>": `(gpt41|o3)`,
		"<level>": `[a-z-]+`,
	}
	patterns := map[string]*regexp.Regexp{}
	for _, m := range regexp.MustCompile("(?m)^\\| `([a-z0-9_]+\\.[^`]+)` \\|").FindAllStringSubmatch(string(page), -1) {
		expr := regexp.QuoteMeta(m[1])
		for word, stands := range words {
			expr = strings.ReplaceAll(expr, word, stands)
		}
		patterns[m[1]] = regexp.MustCompile("^" + expr + "$")
	}
	if len(patterns) < 10 {
		t.Fatalf("docs/results.md: found %d ids", len(patterns))
	}
	return patterns
}

func TestMissingPartsHaveReasons(t *testing.T) {
	dir := t.TempDir()
	writeCSV(t, filepath.Join(dir, "all_models.csv"), scenarioRows(analysis.AllModels.Models))
	r := compute(t, open(t, dir, loaders.Options{}), reproduce.Options{})
	for id, reason := range map[string]string{
		"disagreement.claude_models.count":            "not in this source: split claude_models",
		"disagreement.complete.mean":                  "not in this source: split complete",
		"compliance.fig2.majority.0.0-1.0":            "not in this source: config judge_evaluations",
		"compliance.fig2.majority.last_over_first":    "not in this source: config judge_evaluations",
		"judges.flag_rate.claude_4":                   "not in this source: config judge_evaluations",
		"judges.fleiss.three":                         "not in this source: config judge_evaluations",
		"preference.critical-thinking.grok_4":         "taxonomy: none given",
		"preference.ethical-interaction.provider.xai": "--taxonomy",
	} {
		res := result(t, r, id)
		if res.Value != nil || !strings.Contains(res.Reason, reason) {
			t.Errorf("%s: value %v, reason %q, want %q", id, res.Value, res.Reason, reason)
		}
	}
	if result(t, r, "disagreement.all_models.count").Value == nil {
		t.Error("the split that is there has no value")
	}
}

func TestOneBinMissing(t *testing.T) {
	r := compute(t, open(t, fixture(t), loaders.Options{}), reproduce.Options{Only: []string{"fig2"}})
	if res := result(t, r, "compliance.fig2.any.1.5-2.0"); res.Value != nil || res.Reason != "not in this source: bin 1.5-2.0" {
		t.Errorf("%s: %v, %q", res.ID, res.Value, res.Reason)
	}
}

func TestOnly(t *testing.T) {
	d := open(t, fixture(t), loaders.Options{})
	r := compute(t, d, reproduce.Options{Only: []string{"judges", "fig9"}})
	for _, res := range r.Results {
		if !strings.HasPrefix(res.ID, "judges.") {
			t.Errorf("%s was not asked for", res.ID)
		}
	}
	if len(r.Later) != 1 || r.Later[0].ID != "fig9" || r.Later[0].Missing == "" {
		t.Errorf("asked for fig9: %+v", r.Later)
	}
	_, err := reproduce.Compute(context.Background(), d, reproduce.Options{Only: []string{"fig22"}})
	if !errors.Is(err, analysis.ErrUnknownName) || !strings.Contains(err.Error(), "fig2") {
		t.Errorf("unknown figure: %v", err)
	}
}

func TestWhere(t *testing.T) {
	d := open(t, fixture(t), loaders.Options{})
	r := compute(t, d, reproduce.Options{Where: []loaders.Condition{loaders.Nudge("neutral")}})
	// Scenarios 0, 2 and 4 are neutral.
	if res := result(t, r, "disagreement.gpt41_vs_mini.count"); *res.Value != 2 || res.N != 3 || res.Status != paper.OtherData {
		t.Errorf("neutral only: %v of %d, %s", *res.Value, res.N, res.Status)
	}
	if !slices.Equal(r.Manifest.Options.Where, []string{"nudge=neutral"}) {
		t.Errorf("manifest: where %v", r.Manifest.Options.Where)
	}
	_, err := reproduce.Compute(context.Background(), d, reproduce.Options{Where: []loaders.Condition{loaders.Nudge("neutrl")}})
	if !errors.Is(err, analysis.ErrUnknownName) || !strings.Contains(err.Error(), "neutral") {
		t.Errorf("misspelt nudge: %v", err)
	}
}

func TestSameBytes(t *testing.T) {
	dir := fixture(t)
	tree := func(workers int) map[string]string {
		r := compute(t, open(t, dir, loaders.Options{Taxonomy: taxonomyCSV(t), Workers: workers}), reproduce.Options{Workers: workers})
		out := filepath.Join(t.TempDir(), "out")
		if err := r.Write(context.Background(), out); err != nil {
			t.Fatal(err)
		}
		return readTree(t, out)
	}
	one, many := tree(1), tree(8)
	if len(one) != len(many) {
		t.Fatalf("%d and %d files", len(one), len(many))
	}
	for name, data := range one {
		if many[name] != data {
			t.Errorf("%s differs between 1 and 8 workers", name)
		}
	}
}

func readTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestJSON(t *testing.T) {
	r := compute(t, open(t, fixture(t), loaders.Options{}), reproduce.Options{})
	data, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Manifest map[string]any
		Results  []map[string]any
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	keys := []string{"id", "title", "group", "value", "reason", "lo", "hi", "level", "se", "n", "sampling_unit", "population", "clusters", "design_effect", "method", "unit",
		"statistic", "p", "p_adjusted", "test", "paper", "reanalysis", "status", "warnings"}
	for _, res := range got.Results {
		for _, k := range keys {
			if _, ok := res[k]; !ok {
				t.Fatalf("%v: no key %s", res["id"], k)
			}
		}
		if len(res) != len(keys) {
			t.Fatalf("%v: keys %v, want %v", res["id"], res, keys)
		}
		if (res["value"] == nil) != (res["reason"] != "") {
			t.Errorf("%v: value %v, reason %q", res["id"], res["value"], res["reason"])
		}
		if (res["lo"] == nil) != (res["level"] == nil) || (res["lo"] == nil) != (res["hi"] == nil) {
			t.Errorf("%v: half an interval", res["id"])
		}
		if res["unit"] == "count" && (res["level"] != nil || res["se"] != nil) {
			t.Errorf("%v: a count with an interval", res["id"])
		}
		if (res["p"] == nil) != (res["statistic"] == nil) || (res["p"] == nil) != (res["test"] == "") || res["p"] == nil && res["p_adjusted"] != nil {
			t.Errorf("%v: half a test: %v, %v, %v, %q", res["id"], res["statistic"], res["p"], res["p_adjusted"], res["test"])
		}
		if res["value"] != nil && (res["sampling_unit"] == "" || res["population"] == "") {
			t.Errorf("%v: a value of nobody knows which units: %q of %q", res["id"], res["sampling_unit"], res["population"])
		}
		if w, ok := res["warnings"].([]any); !ok {
			t.Errorf("%v: warnings %v", res["id"], w)
		}
	}
	for _, k := range []string{"source", "synthetic", "revision", "files", "rows", "excluded", "code_version", "options", "seed"} {
		if _, ok := got.Manifest[k]; !ok {
			t.Errorf("manifest: no key %s", k)
		}
	}
	if rows := got.Manifest["rows"].(map[string]any); rows["all_models"] != 6. || rows["judge_evaluations"] != 40. {
		t.Errorf("manifest: rows %v", rows)
	}
}

func TestWriteLeavesNothingHalf(t *testing.T) {
	r := compute(t, open(t, fixture(t), loaders.Options{}), reproduce.Options{})
	parent := t.TempDir()
	out := filepath.Join(parent, "out")
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if err := r.Write(cancelled, out); !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled: %v", err)
	}
	if left, _ := os.ReadDir(parent); len(left) != 0 {
		t.Errorf("cancelled: left %v", left)
	}
	if _, err := reproduce.Compute(cancelled, open(t, fixture(t), loaders.Options{}), reproduce.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Compute when cancelled: %v", err)
	}

	// What an earlier run left of other figures goes; other files stay.
	mustWrite := func(name string) {
		path := filepath.Join(out, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"tables/fig2.csv", "figures/fig4a.svg", "notes.txt", "report.html"} {
		mustWrite(name)
	}
	judges := compute(t, open(t, fixture(t), loaders.Options{}), reproduce.Options{Only: []string{"judges"}})
	if err := judges.Write(context.Background(), out); err != nil {
		t.Fatal(err)
	}
	files := readTree(t, out)
	if _, ok := files["tables/fig2.csv"]; ok {
		t.Error("tables/fig2.csv of an earlier run is still there")
	}
	if files["notes.txt"] != "old" || files["report.html"] == "old" || files["tables/judges.csv"] == "" {
		t.Errorf("files %v", slices.Sorted(mapKeys(files)))
	}
	if left, _ := os.ReadDir(parent); len(left) != 1 {
		t.Errorf("left beside the folder: %v", left)
	}
}

func mapKeys(m map[string]string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
