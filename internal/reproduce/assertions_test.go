package reproduce

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis/paper"
)

// TestScope: the report, the README and docs/paper.md count the same numbers.
func TestScope(t *testing.T) {
	want := regexp.MustCompile(`\d+`).FindAllString(scope(), 2)
	for _, page := range []string{"README.md", "docs/paper.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", page))
		if err != nil {
			t.Fatal(err)
		}
		got := regexp.MustCompile(`Of the (\d+) numbers that the\s+paper prints,\s+(\d+) can`).FindStringSubmatch(string(text))
		if got == nil || !slices.Equal(got[1:], want) {
			t.Errorf("%s counts %q, the report %q", page, got, want)
		}
	}
}

// TestAssertionsMeetResults: every id of an assertion is that of a result, so
// that a renamed one does not leave its assertion untested in silence.
func TestAssertionsMeetResults(t *testing.T) {
	r := &Run{}
	var results []Result
	for _, id := range []string{
		"disagreement.all_models.count", "compliance.fig2.majority.0.0-1.0",
		"compliance.fig2.majority.last_over_first", "compliance.fig2.any.last_over_first",
		"compliance.fig2.majority.odds_ratio", "compliance.fig2.any.odds_ratio",
		"compliance.fig2.majority.trend", "compliance.fig2.any.trend", "compliance.fig2.majority.logistic.odds_ratio",
		"compliance.fig2.majority.last_minus_first", "compliance.fig2.majority.detectable",
		"judges.fleiss.binary", "judges.coefficient.gwet.binary", "judges.coefficient.krippendorff.binary", "judges.prevalence.binary",
		"judges.flag_rate_difference.claude_4.gpt41", "judges.flag_rate.gpt41",
		"outliers.same_value.o3", "preference.critical-thinking.o3",
		"providers.separation.pseudo_f", "providers.separation.gap", "providers.separation.r2",
		"providers.difference.critical-thinking.openai.xai",
	} {
		value := 2.0
		results = append(results, Result{ID: id, Value: &value})
	}
	r.Sections = []Section{{ID: "all", Results: results}}
	value := 0.5
	labelled := &Run{Sections: []Section{{ID: "fig4a", Results: []Result{{ID: "refusals.fig4a.complete-rejection.o3", Value: &value}}},
		{ID: "fig7", Results: []Result{{ID: "values.fig7.critical-thinking.o3"}}}}} // of which nothing could be computed
	for _, v := range labelled.assertions() {
		if got := len(v.Labelled); got != 0 && v.ID != "refusals" || got != 1 && v.ID == "refusals" {
			t.Errorf("%s: %d sections with numbers from labels", v.ID, got)
		}
	}
	for _, v := range r.assertions() {
		for _, id := range v.IDs {
			one := paper.Assertion{IDs: []string{id}}
			if !slices.ContainsFunc(results, func(res Result) bool { return bears(one, res.ID) }) {
				t.Errorf("%s: no result is called %s", v.ID, id)
			}
		}
		if (v.Tested != "") != (len(v.Results)+len(v.See) > 0) {
			t.Errorf("%s: tested %q, yet %d results and %d sections", v.ID, v.Tested, len(v.Results), len(v.See))
		}
	}
}
