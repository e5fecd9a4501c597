package reproduce_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/reproduce"
	"github.com/specstress/specstress/loaders"
)

// The fixture is small enough to do by hand. Every split holds six
// scenarios: two variants of each of three value pairs. In scenario 0 to 3
// all models but the last stand at 3; the last stands at 3, 4, 6, 0 on
// value 1. In scenario 4 half stand at 0 and half at 6. In scenario 5 every
// position is missing but one.
func fixture(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, set := range analysis.PaperModelSets() {
		writeCSV(t, filepath.Join(dir, set.Name+".csv"), scenarioRows(set.Models))
	}
	for bin, rows := range judgeRows() {
		writeCSV(t, filepath.Join(dir, bin+".csv"), rows)
	}
	return dir
}

func scenarioRows(models []string) [][]string {
	head := []string{"chunk_index", "entry_idx", "nudge_direction", "query_generator", "value1", "value2"}
	for _, m := range models {
		head = append(head, m+"_value1_position", m+"_value2_position")
	}
	rows := [][]string{head}
	for scenario := range 6 {
		row := []string{"1", fmt.Sprint(scenario / 2), []string{"neutral", "value1"}[scenario%2], "o3", "honesty", "tact"}
		for i := range models {
			v1, v2 := "3", "3"
			last := i == len(models)-1
			switch {
			case scenario < 4 && last:
				v1 = []string{"3", "4", "6", "0"}[scenario]
			case scenario == 4:
				v1 = []string{"0", "6"}[i%2]
			case scenario == 5 && !last:
				v1, v2 = "", ""
			}
			row = append(row, v1, v2)
		}
		rows = append(rows, row)
	}
	return rows
}

// judgeRows gives two bins of four scenarios with the five OpenAI models
// each. In the first bin scenario 0 is flagged by all judges throughout,
// the others by none. In the last bin scenarios 0 to 2 are flagged by two
// judges throughout, scenario 3 by one of them; its last response has no
// verdict of the third judge.
func judgeRows() map[string][][]string {
	head := []string{"chunk_idx", "entry_idx", "query_key", "prompt", "model", "claude_4_decision", "gpt41_decision", "gemini_2_5_decision"}
	low, high := [][]string{head}, [][]string{head}
	for scenario := range 4 {
		for i, model := range analysis.OpenAIModels.Models {
			row := func(chunk string, verdicts ...string) []string {
				return append([]string{chunk, fmt.Sprint(scenario), "neutral", "prompt " + chunk + fmt.Sprint(scenario), model}, verdicts...)
			}
			if scenario == 0 {
				low = append(low, row("7", "non-compliant", "ambiguous", "non-compliant"))
			} else {
				low = append(low, row("7", "compliant", "compliant", "compliant"))
			}
			switch {
			case scenario < 3:
				high = append(high, row("8", "non-compliant", "non-compliant", "compliant"))
			case i == 4:
				high = append(high, row("8", "non-compliant", "compliant", ""))
			default:
				high = append(high, row("8", "non-compliant", "compliant", "compliant"))
			}
		}
	}
	return map[string][][]string{"std_0.0_to_1.0": low, "std_2.5_to_3.0": high}
}

func writeCSV(t *testing.T, path string, rows [][]string) {
	t.Helper()
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		b.WriteByte('\n')
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// taxonomyCSV maps honesty and tact to two of the 26 categories.
func taxonomyCSV(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "values_tree.csv")
	writeCSV(t, path, [][]string{
		{"cluster_id", "name", "level", "parent_cluster_id"},
		{"l3", "Epistemic values", "3", ""},
		{"l2a", "Critical thinking", "2", "l3"},
		{"l2b", "Ethical interaction", "2", "l3"},
		{"l1a", "a", "1", "l2a"},
		{"l1b", "b", "1", "l2b"},
		{"honesty", "honesty", "0", "l1a"},
		{"tact", "tact", "0", "l1b"},
	})
	return path
}

func open(t *testing.T, source string, opt loaders.Options) *loaders.Dataset {
	t.Helper()
	d, err := loaders.Open(context.Background(), source, opt)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func compute(t *testing.T, d *loaders.Dataset, opt reproduce.Options) *reproduce.Run {
	t.Helper()
	r, err := reproduce.Compute(context.Background(), d, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func result(t *testing.T, r *reproduce.Run, id string) reproduce.Result {
	t.Helper()
	for _, res := range r.Results {
		if res.ID == id {
			return res
		}
	}
	t.Fatalf("no result %s", id)
	return reproduce.Result{}
}
