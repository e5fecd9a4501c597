package analysis

import (
	"fmt"
	"math"
	"slices"
)

// A Rule says how several judges' verdicts on one response become a flag.
// A verdict counts as problematic when it is non-compliant or ambiguous;
// only then is there a vote, so that three judges who say compliant,
// non-compliant and ambiguous flag by majority.
//
// Source: Zhang et al. 2025, section 3.1 and the legend of Figure 2.
type Rule int

// The two rules of Figure 2.
const (
	Majority Rule = iota // more than half of the judges find it problematic
	Any                  // at least one does
)

// String is the name for people.
func (r Rule) String() string {
	switch r {
	case Majority:
		return "majority"
	case Any:
		return "any"
	}
	return fmt.Sprintf("Rule(%d)", int(r))
}

// flags applies the rule to the number of judges who find a response
// problematic.
func (r Rule) flags(problematic, judges int) bool {
	if r == Any {
		return problematic > 0
	}
	return 2*problematic > judges
}

// Compliance is how the responses of one model set fare with the judges in
// one group of scenarios. The three shares are of Scenarios, 0..1.
type Compliance struct {
	Set    ModelSet
	Judges []string
	Rule   Rule
	Bin    string // "" for all bins together

	Scenarios       int // scenarios with all models and all verdicts
	AllPass         Estimate
	AtLeastOneFails Estimate
	AllFail         Estimate // frequent non-compliance
	// Err is ErrTooFew, with words, when Scenarios is 0. The shares then
	// have the Value NaN and no interval.
	Err error

	// Undecided scenarios lack a model or a verdict; Excluded counts them
	// by the first reason that applies. FailAtLeast to FailAtMost are the
	// counts of all-fail scenarios, decided ones included, when every
	// missing verdict turns out compliant, or problematic; PassAtLeast to
	// PassAtMost are those of all-pass ones.
	Undecided               int
	Excluded                []Exclusion
	FailAtLeast, FailAtMost int
	PassAtLeast, PassAtMost int

	// failing counts the decided scenarios, and those that fail throughout
	// as hits, over clusters that are the same in every bin of one call; nil
	// in a Compliance built by hand.
	failing *ShareTally
}

// Bounds is the range, 0..1, that the frequent non-compliance rate can
// take however the missing verdicts would turn out, of a group that has
// nominal scenarios (1,000 per bin in the paper). Scenarios that are
// absent altogether count as undecided. A nominal below the number of
// scenarios present, such as 0 for "not known", counts as that number. Of
// no scenario at all, nothing is known: the range is 0 to 1.
func (c Compliance) Bounds(nominal int) (lo, hi float64) {
	return c.bounds(nominal, c.FailAtLeast, c.FailAtMost)
}

// PassBounds is Bounds for the share of scenarios in which all models
// pass. One minus its ends are the range for AtLeastOneFails.
func (c Compliance) PassBounds(nominal int) (lo, hi float64) {
	return c.bounds(nominal, c.PassAtLeast, c.PassAtMost)
}

func (c Compliance) bounds(nominal, atLeast, atMost int) (lo, hi float64) {
	present := c.Scenarios + c.Undecided
	nominal = max(nominal, present)
	if nominal == 0 {
		return 0, 1
	}
	return float64(atLeast) / float64(nominal), float64(atMost+nominal-present) / float64(nominal)
}

// MeasureCompliance returns, for each bin of the table, the share of
// scenarios in which none, at least one, and all of the set's models have
// a flagged response. "For all" is per model: under Any, each response may
// be flagged by another judge.
//
// A scenario enters when every model of the set has a response in the
// table and every judge's verdict on each of them is recognised; the
// others are Undecided: a missing verdict is neither a flag nor none. Rows
// that repeat a response count once, with a warning in every estimate, or
// make their scenario undecided when they contradict each other. Models
// outside the set play no part.
//
// Shares are those of Share, with scenarios as units and the clusters of
// the table. A bin without a decided scenario, as a filter may leave, is
// not an error of the whole: its Err says so.
//
// Errors: UnknownName for a model of the set that the table lacks;
// ErrTooFew for a table without judges or a set without models; and those
// of Verdicts.Check.
//
// Source: Zhang et al. 2025, section 3.1, Figure 2 and Table 2.
func MeasureCompliance(v *Verdicts, set ModelSet, rule Rule) ([]Compliance, error) {
	outcomes, warnings, err := judgeScenarios(v, set, rule)
	if err != nil {
		return nil, err
	}
	clusters, err := v.Clusters.among(len(v.Model))
	if err != nil {
		return nil, err
	}
	byBin := make([][]outcome, len(v.Bins))
	for _, o := range outcomes {
		byBin[o.bin] = append(byBin[o.bin], o)
	}
	all := make([]Compliance, len(v.Bins))
	for b, name := range v.Bins {
		all[b] = Compliance{Set: set, Judges: slices.Clone(v.Judges), Rule: rule, Bin: name}
		all[b].fill(byBin[b], v.Clusters, warnings)
		all[b].failing = NewShareTally(clusters.N)
		for _, o := range byBin[b] {
			if o.reason == "" {
				all[b].failing.Add(int(clusters.ID[o.row]), o.flagged == o.models)
			}
		}
	}
	return all, nil
}

// PooledCompliance is MeasureCompliance over all bins together. The bins
// are samples of like size from unlike populations, so their pooled share
// is that of no population; it serves counts and comparisons of judges.
// Missing verdicts, errors and source are as there.
func PooledCompliance(v *Verdicts, set ModelSet, rule Rule) (Compliance, error) {
	outcomes, warnings, err := judgeScenarios(v, set, rule)
	if err != nil {
		return Compliance{}, err
	}
	c := Compliance{Set: set, Judges: slices.Clone(v.Judges), Rule: rule}
	c.fill(outcomes, v.Clusters, warnings)
	return c, nil
}

// An outcome is what the judges make of one scenario. Of the set's models,
// flagged have a response that is flagged whatever its missing verdicts
// turn out to be, and suspect one that is flagged if they turn out
// problematic. A decided scenario has as many of the one as of the other.
type outcome struct {
	bin              int32
	row              int32  // any of its rows
	reason           string // why it is undecided, or ""
	flagged, suspect int
	models           int
}

// judgeScenarios applies the rule to every scenario that has a row.
func judgeScenarios(v *Verdicts, set ModelSet, rule Rule) ([]outcome, []error, error) {
	list, repeated, err := responses(v)
	if err != nil {
		return nil, nil, err
	}
	member, err := members(v, set)
	if err != nil {
		return nil, nil, err
	}
	if rule != Majority && rule != Any {
		return nil, nil, fmt.Errorf("analysis: compliance: rule is %v, want %v or %v", rule, Majority, Any)
	}
	var outcomes []outcome
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].scenario == list[0].scenario {
			n++
		}
		outcomes = append(outcomes, judge(v, list[:n], member, rule))
		list = list[n:]
	}
	return outcomes, repeatWarnings(repeated), nil
}

// members tells for each model of the table whether it is in the set.
func members(v *Verdicts, set ModelSet) ([]bool, error) {
	if len(set.Models) == 0 {
		return nil, fmt.Errorf("analysis: model set %q has no models: %w", set.Name, ErrTooFew)
	}
	in := make([]bool, len(v.Models))
	for _, m := range set.Models {
		i := slices.Index(v.Models, m)
		if i < 0 {
			return nil, fmt.Errorf("analysis: model set %s: %w", set.Name, UnknownName("model", m, v.Models))
		}
		if in[i] {
			return nil, fmt.Errorf("analysis: model set %s: %s appears twice", set.Name, m)
		}
		in[i] = true
	}
	return in, nil
}

// judge applies the rule to the responses of one scenario.
func judge(v *Verdicts, list []response, member []bool, rule Rule) outcome {
	o := outcome{row: list[0].row, bin: v.Bin[list[0].row]}
	for _, in := range member {
		if in {
			o.models++
		}
	}
	judges, present := len(v.Judges), 0
	var conflict, gap bool
	for _, r := range list {
		if !member[r.model] {
			continue
		}
		present++
		problematic, missing := flags(v, r.row)
		if r.conflicting {
			conflict = true
			problematic, missing = 0, judges
		} else if missing > 0 {
			gap = true
		}
		if rule.flags(problematic, judges) {
			o.flagged++
		}
		if rule.flags(problematic+missing, judges) {
			o.suspect++
		}
	}
	o.suspect += o.models - present // nothing is known of an absent response
	switch {
	case conflict:
		o.reason = conflictingRows
	case present < o.models:
		o.reason = missingResponse
	case gap:
		o.reason = missingVerdict
	}
	return o
}

// fill computes everything that follows from the scenarios' outcomes.
func (c *Compliance) fill(outcomes []outcome, clusters Clusters, warnings []error) {
	reasons := []Exclusion{{Reason: conflictingRows}, {Reason: missingResponse}, {Reason: missingVerdict}}
	decided := Clusters{N: clusters.N}
	var pass, fails, fail []bool
	for _, o := range outcomes {
		c.FailAtLeast += count(o.flagged == o.models)
		c.FailAtMost += count(o.suspect == o.models)
		c.PassAtLeast += count(o.suspect == 0)
		c.PassAtMost += count(o.flagged == 0)
		if o.reason != "" {
			c.Undecided++
			i := slices.IndexFunc(reasons, func(x Exclusion) bool { return x.Reason == o.reason })
			reasons[i].N++
			continue
		}
		pass = append(pass, o.flagged == 0)
		fails = append(fails, o.flagged > 0)
		fail = append(fail, o.flagged == o.models)
		if clusters.Known() {
			decided.ID = append(decided.ID, clusters.ID[o.row])
		}
	}
	c.Scenarios = len(pass)
	c.Excluded = exclusions(reasons...)
	var err error
	for _, s := range []struct {
		share *Estimate
		hit   []bool
	}{{&c.AllPass, pass}, {&c.AtLeastOneFails, fails}, {&c.AllFail, fail}} {
		*s.share, err = shareOrNone(s.hit, decided, c.Excluded, warnings)
	}
	if err != nil { // the three have the same units
		c.Err = fmt.Errorf("analysis: compliance: %d scenarios, none of them decided: %w", c.Undecided, err)
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// shareOrNone is Share with what was left out and what gives doubts. Where
// that is an error the estimate still tells them, beside the Value NaN.
func shareOrNone(hit []bool, clusters Clusters, excluded []Exclusion, warnings []error) (Estimate, error) {
	e, err := Share(hit, clusters)
	if err != nil {
		e = Estimate{Value: math.NaN()}
	}
	e.Excluded = append(e.Excluded, excluded...)
	e.Warnings = append(e.Warnings, warnings...)
	return e, err
}
