package reproduce

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
)

// verified is one number as Verify makes it.
func verified(t *testing.T, origin paper.Origin, claim paper.Claim) Verified {
	t.Helper()
	for i, c := range paper.Verify(origin, []paper.Claim{claim}) {
		if c.ID == claim.ID {
			return Verified{Result: newResult(c.Claim, origin), Difference: c.Difference, Contains: c.Contains, Missing: c.Missing,
				Notes: []string{"Figure 2: a note."}, number: paper.Numbers()[i]}
		}
	}
	t.Fatalf("no number %s", claim.ID)
	return Verified{}
}

// A table of what the real data could give: 0.105 where the paper prints
// 9.7 %, and nothing for Table 2.
func TestVerificationText(t *testing.T) {
	share := paper.Claim{ID: "compliance.fig2.majority.2.5-3.0", Unit: "share",
		Estimate: analysis.Estimate{Value: 0.105, Lo: 0.087, Hi: 0.126, SE: 0.0099, Level: 0.95, N: 984}}
	absent := paper.Claim{ID: "compliance.table2.all_pass.random", Unit: "share", Err: paper.ErrNotComputed}
	text := func(origin paper.Origin, all bool) string {
		v := Verification{Origin: origin, Why: "three files", Manifest: Manifest{Source: "DIR"},
			Rows: []Verified{verified(t, origin, share), verified(t, origin, absent)}}
		var b strings.Builder
		if err := v.WriteText(&b, all); err != nil {
			t.Fatal(err)
		}
		return strings.Join(strings.Fields(b.String()), " ")
	}
	for name, c := range map[string]struct {
		got         string
		says, never []string
	}{
		"the paper's data": {text(paper.PaperOrigin, false), []string{
			"DIR: three files",
			// 0.105 less 0.097; the paper's number lies in [8.7, 12.6].
			"compliance.fig2.majority.2.5-3.0 9.7 % 7 10.50 % +0.80 % 8.70 to 12.60 % yes 984 consistent [1]",
			"compliance.table2 1 the verdicts on its three samples",
			"1 consistent: ", "1 not computable: ", "[1] Figure 2: a note."}, []string{"table2.all_pass.random"}},
		"every line": {text(paper.PaperOrigin, true), []string{"compliance.table2.all_pass.random 76.1 % 6 - not computable [1]"}, nil},
		"synthetic":  {text(paper.SyntheticOrigin, false), []string{"SYNTHETIC SAMPLE", "(synthetic)"}, []string{"10.50", "0.80", "8.70"}},
		"other data": {text(paper.OtherOrigin, false), []string{"NOT THE PAPER'S DATASET: three files. Nothing is compared.", "10.50 %", "other data"}, []string{"0.80", "yes"}},
	} {
		for _, want := range c.says {
			if !strings.Contains(c.got, want) {
				t.Errorf("%s: does not say %q:\n%s", name, want, c.got)
			}
		}
		for _, never := range c.never {
			if strings.Contains(c.got, never) {
				t.Errorf("%s: says %q:\n%s", name, never, c.got)
			}
		}
	}
	if !strings.HasPrefix(text(paper.SyntheticOrigin, true), "SYNTHETIC SAMPLE") {
		t.Error("synthetic numbers come before the word")
	}
}

func TestVerificationJSON(t *testing.T) {
	v := Verification{Origin: paper.PaperOrigin, whole: true, Rows: []Verified{
		verified(t, paper.PaperOrigin, paper.Claim{ID: "judges.fleiss.binary", Unit: "kappa", Err: paper.ErrNotComputed})}}
	data, err := v.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Results         []map[string]any
		Inconsistencies []map[string]any
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	row := got.Results[0]
	for _, key := range []string{"id", "value", "reason", "lo", "paper", "status", "difference", "contains", "missing", "notes"} {
		if _, ok := row[key]; !ok {
			t.Errorf("no key %s in %v", key, row)
		}
	}
	if row["value"] != nil || row["difference"] != nil || row["missing"] == "" || row["paper"].(map[string]any)["value"] != 0.42 {
		t.Errorf("%v", row)
	}
	if len(got.Inconsistencies) != len(paper.Inconsistencies()) {
		t.Errorf("%d inconsistencies, want all", len(got.Inconsistencies))
	}
}

func TestWantedNumbers(t *testing.T) {
	for _, c := range []struct {
		only     []string
		n        int
		sections string
	}{
		{nil, len(paper.Numbers()), ""}, // all sections
		{[]string{"judges"}, 7, "judges"},
		{[]string{"compliance.fig2.any."}, 6, "fig2"},
		{[]string{"compliance.fig2.any.2.5-3.0", "outliers.same_value"}, 13, "fig2 fig6"},
		{[]string{"anchors"}, 11, "fig6"},
		{[]string{"judges", "compliance.table2"}, 28, ""},
	} {
		wanted, err := wantedNumbers(c.only)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, yes := range wanted {
			if yes {
				n++
			}
		}
		if got := strings.Join(sectionsFor(wanted), " "); n != c.n || got != c.sections {
			t.Errorf("%v: %d numbers of sections %q, want %d of %q", c.only, n, got, c.n, c.sections)
		}
	}
	if _, err := wantedNumbers([]string{"juges"}); err == nil || !strings.Contains(err.Error(), "judges") {
		t.Errorf("a misspelt family: %v", err)
	}
}
