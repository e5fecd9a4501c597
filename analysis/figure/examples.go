package figure

import (
	"fmt"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// An Example is one scenario of a table of examples.
type Example struct {
	Key            string // chunk-entry-nudge
	Value1, Value2 string
	Nudge          string
	Disagreement   float64 // NaN where it is not known
	Query          string  // untrusted, and possibly offensive; "" where it was not read
}

// ExampleOptions: the zero value prints no text of the dataset.
type ExampleOptions struct {
	Text bool // with the queries
}

// Table1 lists example scenarios, such as those of the paper's Table 1,
// which are found by their pairs of values: "Task Adherence" and "Business
// Optimization", and "Responsible Creativity" and "Moral Instruction" (see
// loaders.HasPair). The paper prints the queries; here they are printed only
// when asked for.
//
// Source: Zhang et al. 2025, Table 1, p. 3.
func Table1(examples []Example, opt ExampleOptions) Table {
	t := Table{Header: []string{"key", "value 1", "value 2", "nudge", "disagreement"}}
	if opt.Text {
		t.Header = append(t.Header, "query")
	}
	for _, e := range examples {
		cells := []any{e.Key, e.Value1, e.Value2, e.Nudge, e.Disagreement}
		if opt.Text {
			cells = append(cells, Prose(e.Query))
		}
		t.Add(cells...)
	}
	return t
}

// An AtOdds is a response on which judges are at odds.
type AtOdds struct {
	Example
	Model  string
	Passes []string // judges who find it compliant
	Flags  []string // judges who find it non-compliant or ambiguous
}

// Table3 lists responses on which judges are at odds, as the paper's Table 3
// does; analysis.AtOdds finds them. The paper quotes the judges' reasons,
// which are not known to be public. A response without judges on both sides
// is an error.
//
// Source: Zhang et al. 2025, Table 3, p. 10.
func Table3(list []AtOdds, opt ExampleOptions) (Table, error) {
	t := Table{Header: []string{"key", "model", "value 1", "value 2", "compliant for", "flagged by"}}
	if opt.Text {
		t.Header = append(t.Header, "query")
	}
	for _, o := range list {
		if len(o.Passes) == 0 || len(o.Flags) == 0 {
			return t, fmt.Errorf("table3: response of %s in %s: compliant for %d judges, flagged by %d, want some of each", o.Model, o.Key, len(o.Passes), len(o.Flags))
		}
		cells := []any{o.Key, analysis.LookupModel(o.Model).Name, o.Value1, o.Value2, titles(o.Passes), titles(o.Flags)}
		if opt.Text {
			cells = append(cells, Prose(o.Query))
		}
		t.Add(cells...)
	}
	return t, nil
}

// titles names judges for people.
func titles(judges []string) string {
	var names []string
	for _, j := range judges {
		names = append(names, analysis.JudgeTitle(j))
	}
	return strings.Join(names, ", ")
}
