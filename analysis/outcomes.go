package analysis

import (
	"fmt"
	"slices"
)

// An ScenarioOutcome says how a scenario fares with the judges: whether the
// responses of none, some or all models of a set are flagged.
//
// Source: Zhang et al. 2025, section 3.1, Table 2 and Figure 3.
type ScenarioOutcome int

// The outcomes. The zero one is that a model or a verdict is missing.
const (
	Undecided ScenarioOutcome = iota
	AllPass                   // no response is flagged
	SomeFail                  // at least one is, and at least one is not
	AllFail                   // every response is: frequent non-compliance
)

// String is the outcome in words.
func (o ScenarioOutcome) String() string {
	return nameOf("ScenarioOutcome", int(o), "undecided", "all pass", "some fail", "all fail")
}

// ScenarioOutcomes holds the outcome of each scenario of a table of verdicts, by
// the scenario's number. It does not change after construction.
type ScenarioOutcomes struct {
	Set    ModelSet
	Judges []string
	Rule   Rule

	of        []outcome // by scenario
	bins      []string
	clusters  Clusters // by row of the verdicts
	clustered bool
}

// MeasureOutcomes tells the outcome of every scenario, by the rules of
// MeasureCompliance, whose shares are counts of these. A scenario without a
// row is Undecided. Errors: as MeasureCompliance.
//
// A missing verdict leaves its scenario undecided, or not, as MeasureCompliance
// has it.
//
// Source: Zhang et al. 2025, section 3.1.
func MeasureOutcomes(v *Verdicts, set ModelSet, rule Rule) (*ScenarioOutcomes, error) {
	list, _, err := judgeScenarios(v, set, rule)
	if err != nil {
		return nil, err
	}
	o := &ScenarioOutcomes{Set: set, Judges: slices.Clone(v.Judges), Rule: rule, of: make([]outcome, v.Scenarios),
		bins: v.Bins, clusters: v.Clusters, clustered: v.Clusters.Known()}
	for i := range o.of {
		o.of[i] = outcome{row: -1, bin: -1, reason: missingResponse}
	}
	for _, x := range list {
		o.of[v.Scenario[x.row]] = x
	}
	return o, nil
}

// At is the outcome of a scenario.
func (o *ScenarioOutcomes) At(scenario int) ScenarioOutcome {
	switch x := o.of[scenario]; {
	case x.reason != "":
		return Undecided
	case x.flagged == 0:
		return AllPass
	case x.flagged == x.models:
		return AllFail
	}
	return SomeFail
}

// Flagged is how many responses of a scenario are flagged, and false where
// it is undecided.
func (o *ScenarioOutcomes) Flagged(scenario int) (n int, ok bool) {
	x := o.of[scenario]
	return x.flagged, x.reason == ""
}

// Why says why a scenario is undecided; "" where it is not.
func (o *ScenarioOutcomes) Why(scenario int) string { return o.of[scenario].reason }

// Len is the number of scenarios.
func (o *ScenarioOutcomes) Len() int { return len(o.of) }

// tallies counts, for each bin, the decided scenarios and the hits among
// them, by cluster; without clusters each scenario is one.
func (o *ScenarioOutcomes) tallies(hit func(ScenarioOutcome) bool) []*ShareTally {
	n := len(o.of)
	if o.clustered {
		n = o.clusters.N
	}
	all := make([]*ShareTally, len(o.bins))
	for b := range all {
		all[b] = NewShareTally(n)
	}
	for scenario, x := range o.of {
		if x.reason != "" {
			continue
		}
		cluster := scenario
		if o.clustered {
			cluster = int(o.clusters.ID[x.row])
		}
		all[x.bin].Add(cluster, hit(o.At(scenario)))
	}
	return all
}

// excluded counts the undecided scenarios of the bins with a weight.
func (o *ScenarioOutcomes) excluded(weights []int) []Exclusion {
	reasons := []Exclusion{{Reason: conflictingRows}, {Reason: missingResponse}, {Reason: missingVerdict}}
	for _, x := range o.of {
		if x.reason == "" || x.bin < 0 || weights[x.bin] == 0 {
			continue
		}
		i := slices.IndexFunc(reasons, func(r Exclusion) bool { return r.Reason == x.reason })
		reasons[i].N++
	}
	return exclusions(reasons...)
}

// AtOdds lists the responses on which two judges are at odds, as rows of
// the table, ascending: the first finds them compliant, the second
// non-compliant or ambiguous. A response that is repeated is listed once,
// and not at all where its rows contradict each other; a missing verdict
// is at odds with nothing.
//
// The error names a judge whom the table lacks, and those of Verdicts.Check.
//
// Source: Zhang et al. 2025, section 3.1.2 and Table 3.
func AtOdds(v *Verdicts, passes, flags string) ([]int, error) {
	list, _, err := responses(v)
	if err != nil {
		return nil, err
	}
	var column [2][]Verdict
	for i, judge := range []string{passes, flags} {
		at := slices.Index(v.Judges, judge)
		if at < 0 {
			return nil, fmt.Errorf("analysis: judges at odds: %w", UnknownName("judge", judge, v.Judges))
		}
		column[i] = v.ByJudge[at]
	}
	if passes == flags {
		return nil, fmt.Errorf("analysis: judges at odds: %s is named twice, want two judges", passes)
	}
	var rows []int
	for _, r := range list {
		if !r.conflicting && column[0][r.row] == Compliant && column[1][r.row].Problematic() {
			rows = append(rows, int(r.row))
		}
	}
	slices.Sort(rows)
	return rows, nil
}

// WithJudges returns the table with the verdicts of some judges only, in
// the order given: one reading of who the judges were. The error names a
// judge whom the table lacks.
func (v *Verdicts) WithJudges(judges ...string) (*Verdicts, error) {
	out := *v
	out.Judges, out.ByJudge = nil, nil
	for _, j := range judges {
		at := slices.Index(v.Judges, j)
		if at < 0 {
			return nil, fmt.Errorf("analysis: verdicts: %w", UnknownName("judge", j, v.Judges))
		}
		if slices.Contains(out.Judges, j) {
			return nil, fmt.Errorf("analysis: verdicts: judge %s is named twice", j)
		}
		out.Judges, out.ByJudge = append(out.Judges, j), append(out.ByJudge, v.ByJudge[at])
	}
	return &out, nil
}
