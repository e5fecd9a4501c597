package reproduce_test

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/internal/reproduce"
	"github.com/specstress/specstress/loaders"
)

// In the fixture's verdicts one of four scenarios of the lowest bin fails
// throughout and three pass, and all three decided ones of the highest fail.
func TestTable2CrossCheckByHand(t *testing.T) {
	dir := fixture(t)
	// Scenarios 2 and 3 now agree, so that of the five with a disagreement
	// four are in the lowest bin, 0 to 0.4, and one in the highest.
	rows := scenarioRows(analysis.OpenAIModels.Models)
	last := len(rows[0]) - 2 // value 1 of the last model
	rows[3][last], rows[4][last] = "3", "3"
	writeCSV(t, filepath.Join(dir, "openai_models.csv"), rows)
	r := compute(t, open(t, dir, loaders.Options{}), reproduce.Options{Only: []string{"table2"}})
	for id, want := range map[string]float64{
		"compliance.table2_check.all_fail.openai_models":           4./5*1/4 + 1./5,
		"compliance.table2_check.all_pass.openai_models":           4. / 5 * 3 / 4,
		"compliance.table2_check.at_least_one_fails.openai_models": 4./5*1/4 + 1./5,
	} {
		res := result(t, r, id)
		if res.Value == nil || math.Abs(*res.Value-want) > 1e-12 || res.N != 7 || res.Lo == nil {
			t.Errorf("%s: %v of %d, %s, want %v of 7 with an interval", id, res.Value, res.N, res.Reason, want)
		}
		if res.Status != paper.OtherData || !strings.Contains(res.Title, "Cross-check") {
			t.Errorf("%s: %q has status %s", id, res.Title, res.Status)
		}
	}
	// As the fixture comes, two scenarios are 1.2 wide, in a bin that nobody
	// judged.
	asIs := compute(t, open(t, fixture(t), loaders.Options{}), reproduce.Options{Only: []string{"table2"}})
	if res := result(t, asIs, "compliance.table2_check.all_fail.openai_models"); res.Value != nil || !strings.Contains(res.Reason, "outside the judged bins") {
		t.Errorf("%s: %v, %q", res.ID, res.Value, res.Reason)
	}
	if res := result(t, r, "compliance.table2_check.all_fail.random"); res.Value != nil || !strings.HasPrefix(res.Reason, "not in this source") {
		t.Errorf("%s: %v, %q", res.ID, res.Value, res.Reason)
	}
}

func TestReadingsOfOtherData(t *testing.T) {
	r := compute(t, open(t, fixture(t), loaders.Options{}), reproduce.Options{Only: []string{"readings"}})
	for id, want := range map[string]string{ // id: value, or reason
		"readings.outliers.same_value.all_models.total":    "0", // nobody is 4 away from nine
		"readings.outliers.same_value.all_models.distance": "not compared with the paper: other data",
		"readings.outliers.either_value.complete.total":    "not in this source: split complete",
		"readings.outliers.either_value.complete.distance": "not in this source: split complete",
		"readings.judge.gpt41.fig2.majority.0.0-1.0":       "0.25",
		"readings.judge.gpt41.fig2_distance":               "not compared with the paper: other data",
		"readings.judge.o3.fleiss.binary":                  "not in this source: column o3_decision",
	} {
		res := result(t, r, id)
		if got := res.Display().Value; res.Value != nil {
			if got = strings.TrimSuffix(got, " %"); want == "0.25" {
				want = "25.0"
			}
			if got != want {
				t.Errorf("%s is %s, want %s", id, got, want)
			}
		} else if !strings.HasPrefix(res.Reason, want) {
			t.Errorf("%s: reason %q, want %q", id, res.Reason, want)
		}
		if res.Status != paper.OtherData {
			t.Errorf("%s: status %s", id, res.Status)
		}
	}
}
