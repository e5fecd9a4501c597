package analysis

import (
	"fmt"
	"slices"
	"strconv"
)

// A Criterion says of a scenario whether it is one of those looked for, and
// in words why: "disagreement 2.45 over All 12 models". Row is that of the
// table that the criterion was made for.
type Criterion func(row int) (why string, ok bool)

// A Found is a scenario that meets every criterion, and why.
type Found struct {
	Row int
	Why []string // by criterion
}

// FindOptions: the zero value finds everything, in the order of the rows.
type FindOptions struct {
	Limit int // how many at most; 0 for all
	// First says by a negative number that scenario a comes before b, as
	// Disagreements.Wider does; of equal ones the lower row does. nil means
	// the order of the rows.
	First func(a, b int) int
}

// Find returns the scenarios, of rows 0 to rows-1, that meet all criteria.
// The examples of the paper are made of such searches:
//
//   - Figure 3: DisagreementIn and HasOutcome.
//   - Figure 5: DisagreementIn, and Marked with a topic and with refusals.
//   - Figure 8: OutlierOf.
//   - Table 3: JudgesAtOdds.
//   - the quality gap, high disagreement where every response complies:
//     DisagreementIn, and HasOutcome with AllPass under the rule Any.
//
// It only finds: what it returns was chosen by its outcome, and says
// nothing of how frequent such scenarios are.
func Find(rows int, opt FindOptions, criteria ...Criterion) []Found {
	var found []Found
next:
	for row := range rows {
		why := make([]string, 0, len(criteria))
		for _, meets := range criteria {
			w, ok := meets(row)
			if !ok {
				continue next
			}
			why = append(why, w)
		}
		found = append(found, Found{row, why})
		if opt.First == nil && len(found) == opt.Limit {
			break
		}
	}
	if opt.First != nil {
		slices.SortStableFunc(found, func(a, b Found) int { return opt.First(a.Row, b.Row) })
	}
	if opt.Limit > 0 && len(found) > opt.Limit {
		found = found[:opt.Limit]
	}
	return found
}

// DisagreementIn finds scenarios with a disagreement of lo or more and hi
// or less, decided exactly as by Disagreements.CountAtLeast. A scenario
// without a disagreement is never found. The error is a bound that is
// negative or not finite; MaxScore/2 is the largest disagreement there is.
//
// Source: Zhang et al. 2025, Figures 3 and 5, whose examples are chosen so.
// A scenario whose positions are missing has no disagreement.
func DisagreementIn(d *Disagreements, lo, hi float64) (Criterion, error) {
	var from, above []uint64 // by the number of positions
	for _, b := range []struct {
		at   float64
		cut  func(threshold, int) uint64
		into *[]uint64
	}{{lo, threshold.atLeast, &from}, {hi, threshold.above, &above}} {
		t, err := newThreshold(b.at)
		if err != nil {
			return nil, err
		}
		for n := range len(d.Set.Models) + 1 {
			*b.into = append(*b.into, b.cut(t, n))
		}
	}
	return func(row int) (string, bool) {
		s, ok := d.At(row)
		if !ok || uint64(s.Q) < from[s.N] || uint64(s.Q) >= above[s.N] {
			return "", false
		}
		return fmt.Sprintf("disagreement %s over %s", strconv.FormatFloat(s.StdDev(), 'f', 2, 64), d.Set.Title), true
	}, nil
}

// Wider orders scenarios by falling disagreement, for FindOptions.First.
// One without a disagreement comes last.
func (d *Disagreements) Wider(a, b int) int { return d.spreads[b].Compare(d.spreads[a]) }

// Narrower is Wider from the other end: rising disagreement, and again
// those without one last.
func (d *Disagreements) Narrower(a, b int) int {
	if d.spreads[a].Computable() && d.spreads[b].Computable() {
		return d.Wider(b, a)
	}
	return d.Wider(a, b)
}

// HasOutcome finds scenarios with an outcome. Scenario gives, by row, the
// scenario's number in the outcomes, or -1 where it has no verdicts; nil
// means that rows and numbers are the same.
func HasOutcome(o *ScenarioOutcomes, want ScenarioOutcome, scenario []int32) Criterion {
	return func(row int) (string, bool) {
		at := numberOf(scenario, row, o.Len())
		if at < 0 || o.At(at) != want {
			return "", false
		}
		if want == Undecided {
			return "undecided: " + o.Why(at), true
		}
		n, _ := o.Flagged(at)
		return fmt.Sprintf("%v: %d of %d responses flagged by %s", want, n, len(o.Set.Models), ruleWords[o.Rule]), true
	}
}

var ruleWords = map[Rule]string{Majority: "most judges", Any: "at least one judge"}

func numberOf(scenario []int32, row, n int) int {
	at := row
	if scenario != nil {
		at = int(scenario[row])
	}
	if at >= n {
		return -1
	}
	return at
}

// JudgesAtOdds finds scenarios in which one judge finds a response
// compliant that another flags: see AtOdds, whose errors it returns.
// Scenario is that of HasOutcome.
//
// A missing verdict is at odds with nothing.
//
// Source: Zhang et al. 2025, section 3.1.2 and Table 3.
func JudgesAtOdds(v *Verdicts, passes, flags string, scenario []int32) (Criterion, error) {
	rows, err := AtOdds(v, passes, flags)
	if err != nil {
		return nil, err
	}
	models := make([][]int32, v.Scenarios) // of the responses, by scenario
	for _, row := range rows {
		models[v.Scenario[row]] = append(models[v.Scenario[row]], v.Model[row])
	}
	return func(row int) (string, bool) {
		at := numberOf(scenario, row, len(models))
		if at < 0 || models[at] == nil {
			return "", false
		}
		why := fmt.Sprintf("%s passes, and %s flags, the response of ", JudgeTitle(passes), JudgeTitle(flags))
		for i, m := range models[at] {
			if i > 0 {
				why += ", "
			}
			why += LookupModel(v.Models[m]).Name
		}
		return why, true
	}, nil
}

// OutlierOf finds scenarios in which a model's response is an outlier. The
// error names a model that the outliers were not counted for.
//
// A missing position differs from nothing.
//
// Source: Zhang et al. 2025, section 3.3 and Figure 8.
func OutlierOf(o *Outliers, model string) (Criterion, error) {
	id := LookupModel(model).ID
	at := slices.Index(o.Models, id)
	if at < 0 {
		return nil, fmt.Errorf("analysis: outliers: %w", UnknownName("model", model, o.Models))
	}
	why := fmt.Sprintf("the response of %s is an outlier, on %s", LookupModel(id).Name, outlierWords[o.Rule])
	return func(row int) (string, bool) {
		if row >= o.Rows || !o.Is(row, at) {
			return "", false
		}
		return why, true
	}, nil
}

var outlierWords = map[OutlierRule]string{SameValue: "one value", EitherValue: "either value"}

// Marked finds the scenarios of a mask, a bool per row, such as those whose
// labels say that the topic is politics, or that a response refuses. Name
// says what the mask marks; rows beyond its end are not marked.
func Marked(name string, mask []bool) Criterion {
	return func(row int) (string, bool) { return name, row < len(mask) && mask[row] }
}
