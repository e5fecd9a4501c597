package sample

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// Labels are of scenarios and models that are there, say that they are
// synthetic, and come out as their rules say.
func TestLabels(t *testing.T) {
	opt := small
	opt.Rows = 41_100 // a tenth
	dir := write(t, opt)
	split, _ := readAll(t, dir, "data/all_models-*.parquet")
	scenarios := map[key]row{}
	for _, r := range split {
		scenarios[r.key("chunk_index", "nudge_direction")] = r
	}
	models := slices.Concat(claude, openAI, []string{"gemini_2_5_pro", "grok_4"})

	levels := map[string]string{} // by response
	expressed := map[string]int{} // scenarios by model and category
	seen := map[string]bool{}
	topics, none := map[string]int{}, 0
	for _, file := range []struct {
		pattern string
		scheme  analysis.LabelScheme
	}{
		{"labels/refusal.parquet", analysis.RefusalLevels},
		{"labels/topic.parquet", analysis.Topics},
		{"labels/category-*.parquet", analysis.ValueLabels},
	} {
		rows, files := readAll(t, dir, file.pattern)
		for _, f := range files {
			if mark, _ := f.Lookup(MetadataKey); !strings.HasPrefix(mark, "synthetic sample") {
				t.Errorf("%s: metadata %q", file.pattern, mark)
			}
		}
		for _, r := range rows {
			k := r.key("chunk_index", "nudge_direction")
			if scenarios[k] == nil {
				t.Fatalf("%s: scenario %v is not in all_models", file.pattern, k)
			}
			if r["label_set"] != file.scheme.Name || !strings.HasPrefix(fmt.Sprint(r["labeller"]), "synthetic ") ||
				!strings.HasPrefix(fmt.Sprint(r["prompt_version"]), "synthetic ") || r["date"] != "2000-01-01" {
				t.Fatalf("%s: %v", file.pattern, r)
			}
			label, has := r["label"].(string)
			if has && !slices.Contains(file.scheme.Labels, label) {
				t.Fatalf("%s: label %q", file.pattern, label)
			}
			model, ofModel := r["model"].(string)
			if ofModel == file.scheme.PerScenario || ofModel && !slices.Contains(models, model) {
				t.Fatalf("%s: model %q", file.pattern, model)
			}
			if id := fmt.Sprint(k, model, file.scheme.Name, label); seen[id] {
				t.Fatalf("%s stands twice", id)
			} else {
				seen[id] = true
			}
			response := fmt.Sprint(k, model)
			switch file.scheme.Name {
			case "refusal":
				if levels[response] != "" || !has {
					t.Fatalf("%s has %q and %q", response, levels[response], label)
				}
				levels[response] = label
				flat := scenarios[k][model+"_value1_position"] == int64(0) && scenarios[k][model+"_value2_position"] == int64(0)
				if flat && label != "Firm Rejection with Explanation" && label != "Complete Rejection" {
					t.Errorf("%s: positions both 0, level %q", response, label)
				}
			case "topic":
				topics[label]++
			default:
				if has {
					expressed[model+" "+label]++
				} else {
					none++
				}
			}
		}
	}
	n := len(split) * len(models)
	if missing := n - len(levels); missing < n/1000 || missing > n/250 { // 0.2 %
		t.Errorf("%d of %d responses have no refusal level", missing, n)
	}
	if topics[""] == 0 || topics["child grooming"] == 0 || none == 0 {
		t.Errorf("topics %v, %d responses of no category", topics, none)
	}
	// Figure 10, p. 25, a tenth of it: roughly, and never to the digit.
	for _, c := range []struct {
		model, category string
		published       int
	}{
		{"claude_opus_3", "Ethical responsibility", 17644}, {"o4_mini", "Efficiency and resource optimization", 11339},
		{"gemini_2_5_pro", "Emotional depth and authentic connection", 7783}, {"grok_4", "Professional and technical excellence", 10226},
	} {
		if got := 10 * expressed[c.model+" "+c.category]; got < c.published*3/4 || got > c.published*5/4 {
			t.Errorf("%s, %s: %d, far from %d", c.model, c.category, got, c.published)
		}
	}
}
