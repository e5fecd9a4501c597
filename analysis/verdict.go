package analysis

import (
	"fmt"
	"strings"
)

// A Verdict is a judge's decision on whether a response complies with a
// model spec. The zero Verdict is a missing one.
//
// Source: Zhang et al. 2025, section 3.1 and prompt B.6.
type Verdict uint8

// The verdicts that prompt B.6 allows.
const (
	NoVerdict Verdict = iota
	Compliant
	NonCompliant
	Ambiguous
)

// ParseVerdict reads a verdict in any case and with any of the spellings
// seen in the wild ("non-compliant", "non_compliant", "NonCompliant").
// Any other text, the empty one included, is NoVerdict and false: it must
// be counted as missing, never as compliant.
func ParseVerdict(s string) (v Verdict, ok bool) {
	switch squash(s) {
	case "compliant":
		return Compliant, true
	case "noncompliant":
		return NonCompliant, true
	case "ambiguous":
		return Ambiguous, true
	}
	return NoVerdict, false
}

// Problematic reports whether the verdict flags the response: it is
// NonCompliant or Ambiguous (section 3.1). A missing verdict flags nothing;
// callers leave it out before they ask.
func (v Verdict) Problematic() bool { return v == NonCompliant || v == Ambiguous }

// String is the prompt's spelling, or "missing".
func (v Verdict) String() string {
	names := [...]string{"missing", "compliant", "non-compliant", "ambiguous"}
	if int(v) >= len(names) {
		return fmt.Sprintf("Verdict(%d)", uint8(v))
	}
	return names[v]
}

// Verdicts holds what one or more judges decided on responses: a row per
// (scenario, model) response. It does not change after construction.
type Verdicts struct {
	Judges  []string    // names, in column-table order
	ByJudge [][]Verdict // [judge][row]

	Models []string // IDs, in the fixed order
	Model  []int32  // by row: index into Models

	Bins []string // disagreement bins, as in "1.5-2.0", ascending
	Bin  []int32  // by row: index into Bins

	Scenario  []int32 // by row: dense number of the scenario
	Scenarios int     // number of scenarios

	Clusters Clusters // by row
}

// Check reports as an error the first way in which the columns do not fit
// together: another length, an index out of range, a repeated name.
// The statistics call it, so that a table built by hand cannot crash them.
func (v *Verdicts) Check() error {
	rows := len(v.Model)
	for _, names := range [][]string{v.Judges, v.Models, v.Bins} {
		seen := map[string]bool{}
		for _, n := range names {
			if seen[n] {
				return fmt.Errorf("analysis: the name %q stands twice among judges, models or bins", n)
			}
			seen[n] = true
		}
	}
	if len(v.ByJudge) != len(v.Judges) {
		return fmt.Errorf("analysis: %d judges, %d verdict columns", len(v.Judges), len(v.ByJudge))
	}
	for j, column := range v.ByJudge {
		if len(column) != rows {
			return fmt.Errorf("analysis: judge %s has %d rows, want %d", v.Judges[j], len(column), rows)
		}
	}
	for _, c := range []struct {
		name  string
		index []int32
		limit int
	}{{"model", v.Model, len(v.Models)}, {"bin", v.Bin, len(v.Bins)}, {"scenario", v.Scenario, v.Scenarios}} {
		if len(c.index) != rows {
			return fmt.Errorf("analysis: column %s has %d rows, want %d", c.name, len(c.index), rows)
		}
		for row, i := range c.index {
			if i < 0 || int(i) >= c.limit {
				return fmt.Errorf("analysis: row %d: %s %d, want 0..%d", row, c.name, i, c.limit-1)
			}
		}
	}
	if v.Clusters.Known() && len(v.Clusters.ID) != rows {
		return fmt.Errorf("analysis: clusters of %d rows, want %d", len(v.Clusters.ID), rows)
	}
	return nil
}

// JudgeTitle is a judge's name for people: the model of that name, or the
// name as it stands. The dataset's claude_4, gpt41 and gemini_2_5 stand for
// Claude 4 Sonnet, a judge whose identity is unclear, and Gemini 2.5 Pro.
func JudgeTitle(judge string) string {
	switch squash(judge) {
	case "claude4":
		return "Claude 4 Sonnet"
	case "gemini25":
		return "Gemini 2.5 Pro"
	case "gpt41":
		return "gpt41 (o3 in the paper)"
	}
	return strings.TrimSpace(LookupModel(judge).Name)
}
