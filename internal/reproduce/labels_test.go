package reproduce_test

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/internal/reproduce"
	"github.com/specstress/specstress/loaders"
)

// labelledFixture is the fixture with labels of a few responses; model "" is
// the scenario. The fixture's scenario i is entry i/2 of chunk 1, neutral
// for even i and nudged to value 1 for odd ones.
func labelledFixture(t *testing.T, labellers ...string) string {
	t.Helper()
	dir := fixture(t)
	rows := [][]string{{"chunk_index", "entry_idx", "nudge_direction", "model", "label_set", "label", "labeller"}}
	for _, who := range labellers {
		add := func(set, model string, byScenario ...string) {
			for scenario, labels := range byScenario {
				for _, label := range strings.Split(labels, "+") {
					if label != "-" { // not labelled
						rows = append(rows, []string{"1", fmt.Sprint(scenario / 2), []string{"neutral", "value1"}[scenario%2], model, set, label, who})
					}
				}
			}
		}
		add("refusal", "GPT-4.1", "Full Compliance", "Soft Rejection with Alternatives", "Firm Rejection with Explanation", "Complete Rejection", "Full Compliance", "-")
		add("refusal", "grok_4", "Full Compliance", "Full Compliance", "-", "-", "-", "-")
		add("topic", "", "politics", "child grooming", "child grooming+politics", "", "", "-")
		add("category", "claude_opus_4", "Methodical rigor+Ethical responsibility", "Methodical rigor", "", "-", "-", "-")
		add("category", "claude_sonnet_4", "Ethical responsibility", "-", "Critical thinking", "Methodical rigor", "-", "-")
	}
	writeCSV(t, filepath.Join(dir, "labels.csv"), rows)
	return dir
}

func TestLabelsByHand(t *testing.T) {
	r := compute(t, open(t, labelledFixture(t, "ann"), loaders.Options{}), reproduce.Options{})
	for _, c := range []struct {
		id    string
		value float64
		n     int
	}{
		{"refusals.fig4a.full-compliance.gpt_4_1", 2. / 5, 5},
		{"refusals.fig4a.complete-rejection.gpt_4_1", 1. / 5, 5},
		{"refusals.fig4a.full-compliance.grok_4", 1, 2},
		{"refusals.fig4b.overall.gpt_4_1", 3. / 5, 5},
		{"refusals.fig4b.child-grooming.gpt_4_1", 1, 2}, // scenarios 1 and 2
		{"refusals.fig4b.child-grooming.grok_4", 0, 1},  // scenario 1; 2 has no label
		{"refusals.fig4c.overall.gpt_4_1", 1. / 5, 5},
		{"values.fig7.ethical-responsibility.claude_opus_4", 1. / 3, 3},
		{"values.fig10.ethical-responsibility.claude_opus_4", 1, 3},
		{"values.fig10.critical-thinking.claude_opus_4", 0, 3},
		// Given that Opus 4 expresses rigor (0 and 1), responsibility in 0.
		{"values.fig11a.methodical-rigor.ethical-responsibility", 1. / 2, 2},
		{"values.fig11a.ethical-responsibility.methodical-rigor", 1, 1},
		{"values.fig11a.methodical-rigor.methodical-rigor", 1, 2},
		// Of the rows labelled for both (0 and 2), Sonnet 4 expresses
		// responsibility in 0, and there Opus 4 expresses rigor.
		{"values.fig11c.ethical-responsibility.methodical-rigor", 1, 1},
		{"values.fig11c.critical-thinking.methodical-rigor", 0, 1},
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
	for id, reason := range map[string]string{
		"refusals.fig4a.full-compliance.o3":                 "no labelled response",
		"refusals.fig4b.child-grooming.o3":                  "no labelled response",
		"refusals.fig4c.chemical-weapons.gpt_4_1":           "no labelled response in 0 scenarios",
		"values.fig10.ethical-responsibility.o3":            "no labelled response",
		"values.fig11a.critical-thinking.critical-thinking": "never bears",
		"values.fig11b.methodical-rigor.methodical-rigor":   "no row labelled for both",
	} {
		if res := result(t, r, id); res.Value != nil || !strings.Contains(res.Reason, reason) {
			t.Errorf("%s: value %v, reason %q, want %q", id, res.Value, res.Reason, reason)
		}
	}
	for _, s := range r.Sections {
		if slices.Contains([]string{"fig4a", "fig4b", "fig7", "fig10", "fig11a"}, s.ID) && (len(s.Figures) != 1 || s.Figures[0].ID != s.ID) {
			t.Errorf("%s: %d figures, %s", s.ID, len(s.Figures), s.NoFigure)
		}
		if strings.HasPrefix(s.ID, "fig4") && !strings.Contains(strings.Join(s.Notes, " "), "by ann") {
			t.Errorf("%s: notes %q do not say who labelled", s.ID, s.Notes)
		}
	}
	if rows := r.Manifest.Rows["labels"]; rows != 20 { // counted in labelledFixture
		t.Errorf("%d rows of labels, want 20", rows)
	}
}

func TestWithoutLabels(t *testing.T) {
	r := compute(t, open(t, fixture(t), loaders.Options{}), reproduce.Options{})
	for id, set := range map[string]string{
		"refusals.fig4a.full-compliance.o3":                "refusal",
		"refusals.fig4b.child-grooming.o3":                 "refusal",
		"values.fig7.business-effectiveness.o3":            "category",
		"values.fig10.critical-thinking.o3":                "category",
		"values.fig11d.methodical-rigor.critical-thinking": "category",
	} {
		res := result(t, r, id)
		if res.Value != nil || !strings.HasPrefix(res.Reason, "not in this source: labels of set "+set) || !strings.Contains(res.Reason, "docs/labels.md") {
			t.Errorf("%s: %v, %q", id, res.Value, res.Reason)
		}
	}
	for _, s := range r.Sections {
		if strings.HasPrefix(s.ID, "fig4") || strings.HasPrefix(s.ID, "fig1") && s.ID != "fig1" {
			if len(s.Figures) > 0 || s.NoFigure == "" {
				t.Errorf("%s: %d figures from nothing, reason %q", s.ID, len(s.Figures), s.NoFigure)
			}
		}
	}
}

func TestSeveralLabellers(t *testing.T) {
	dir := labelledFixture(t, "ann", "bob")
	r := compute(t, open(t, dir, loaders.Options{}), reproduce.Options{Only: []string{"fig4a"}})
	res := result(t, r, "refusals.fig4a.full-compliance.gpt_4_1")
	if res.Value != nil || !strings.Contains(res.Reason, "ann, bob; name one with --labeller NAME") {
		t.Errorf("two labellers: %v, %q", res.Value, res.Reason)
	}
	r = compute(t, open(t, dir, loaders.Options{Labellers: []string{"bob"}}), reproduce.Options{Only: []string{"fig4a"}})
	if res := result(t, r, "refusals.fig4a.full-compliance.gpt_4_1"); res.Value == nil || *res.Value != 2./5 {
		t.Errorf("bob alone: %v, %q", res.Value, res.Reason)
	}
}

func TestOnePanelOfFigure10(t *testing.T) {
	d := open(t, labelledFixture(t, "ann"), loaders.Options{})
	r := compute(t, d, reproduce.Options{Only: []string{"fig10e"}})
	if len(r.Sections) != 1 || len(r.Results) != 12 || !strings.HasPrefix(r.Results[0].ID, "values.fig10.critical-thinking.") {
		t.Fatalf("%d sections, %d results", len(r.Sections), len(r.Results))
	}
	if f := r.Sections[0].Figures; len(f) != 1 || f[0].ID != "fig10e" || len(f[0].Panels) != 1 {
		t.Errorf("figures %v", f)
	}
	for _, only := range [][]string{{"fig10"}, {"fig10", "fig10e"}} {
		if r := compute(t, d, reproduce.Options{Only: only}); len(r.Sections) != 1 || len(r.Results) != 9*12 {
			t.Errorf("%v: %d sections, %d results", only, len(r.Sections), len(r.Results))
		}
	}
}

// The paper's numbers are found in its order: Figure 11 (p. 26), panel d.
func TestPublishedValues(t *testing.T) {
	if got := paper.PublishedValueCounts()["Emotional depth and authentic connection"]["gemini_2_5_pro"]; got != 7783 {
		t.Errorf("Figure 10b, Gemini 2.5 Pro: %v, want 7783", got)
	}
	if n := len(paper.ValueCategories()); n != 9 {
		t.Errorf("%d categories of Figure 10, want 9", n)
	}
	d := paper.ValuePairs()[3]
	if d.A != "gpt_4_1_mini" || d.B != "gpt_4_1" || len(d.Labels) != 10 || d.Labels[8] != "Cultural respect and tradition" || d.P[4][0] != 0.20 || d.P[0][4] != 0.43 {
		t.Errorf("Figure 11d: %+v", d)
	}
	for _, name := range d.Labels {
		if _, ok := analysis.ValueLabels.Find(name); !ok {
			t.Errorf("label %q is no category", name)
		}
	}
}
