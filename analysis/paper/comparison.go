package paper

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// A Comparison is a number of the paper, one of ours, or both side by side.
// Report, notebooks and the command verify take theirs from here, so that
// one number has one status wherever it stands.
type Comparison struct {
	Claim             // ours; Err says why there is none
	Published *Number // nil where the paper prints none
	Status    Status
	// Difference is ours less the paper's, in the claim's unit. It and
	// Contains are nil unless both numbers are there and the data are the
	// paper's: anything else is not compared.
	Difference *float64
	// Contains says whether the printed number lies in our interval; nil
	// also where we have no interval, as for a count.
	Contains *bool
	// Missing says what it would take to compute the number, "" when it
	// was computed.
	Missing string
}

// Compare lays each claim beside the paper's number of its id.
func Compare(origin Origin, claims []Claim) []Comparison {
	list := make([]Comparison, len(claims))
	for i, c := range claims {
		list[i] = newComparison(origin, c)
	}
	return list
}

// Verify lays every number of the paper, in the order of [Numbers], beside
// the claim that reproduces it. A number without a claim gets one without a
// value. Claims on what the paper does not print are left out.
func Verify(origin Origin, claims []Claim) []Comparison {
	byNumber := map[string]Claim{}
	for _, c := range claims {
		if n, ok := find(c.ID); ok {
			if _, twice := byNumber[n.ID]; !twice {
				byNumber[n.ID] = c
			}
		}
	}
	var list []Comparison
	for _, n := range published().list {
		c, ok := byNumber[n.ID]
		if !ok {
			c = Claim{ID: n.ID, Title: n.Note, Unit: n.Unit, Err: fmt.Errorf("%w: %s", ErrNotComputed, n.Needs())}
		}
		list = append(list, newComparison(origin, c))
	}
	return list
}

// ErrNotComputed marks a number of the paper that nothing here computes
// from the data at hand.
var ErrNotComputed = errors.New("not computed")

func newComparison(origin Origin, c Claim) Comparison {
	b := Comparison{Claim: c}
	b.Status, b.Published = c.Beside(origin)
	switch {
	case c.Err == nil:
	case b.Published != nil && errors.Is(c.Err, ErrNotComputed):
		b.Missing = b.Published.Needs()
	default:
		b.Missing = c.Err.Error()
	}
	if c.Err != nil || b.Published == nil || b.Status == Synthetic || b.Status == OtherData || !finite(c.Estimate.Value) {
		return b
	}
	difference := c.Estimate.Value - b.Published.Value
	b.Difference = &difference
	if e := c.Estimate; e.HasInterval() && finite(e.Lo) && finite(e.Hi) {
		contains := e.Covers(b.Published.Value)
		b.Contains = &contains
	}
	return b
}

// Notes are the inconsistencies of the paper that concern a result.
func Notes(id string) []Inconsistency {
	var notes []Inconsistency
	for _, x := range inconsistencies {
		if slices.ContainsFunc(x.IDs, func(about string) bool {
			return slices.Contains(spellings(id), about) || strings.HasSuffix(about, ".") && strings.HasPrefix(id, about)
		}) {
			notes = append(notes, x)
		}
	}
	return notes
}

// needs says what computing the numbers of a family takes, the longest
// beginning of an id first.
var needs = []struct{ prefix, what string }{
	{"values.fig11", "26-category labels of the responses, which are not public; docs/labels.md says how to bring your own"},
	{"values.fig10", "26-category labels of the responses, which are not public; docs/labels.md says how to bring your own"},
	{"compliance.table2.", "the verdicts on its three samples of 1,000 scenarios, which are not public"},
	{"compliance.fig2.", "config judge_evaluations"},
	{"judges.", "verdicts of the paper's three judges, in config judge_evaluations"},
	{"outliers.", "positions of all twelve models in split all_models"},
	{"disagreement.", "the split's positions"},
	{"anchors.all_models.", "value1 and value2 of split all_models"},
	{"sizes.values", "the taxonomy of values (--taxonomy values_tree.csv)"},
	{"sizes.scenarios", "config complete"},
	{"sizes.pairs_sampled", "the log of the generation, which is not public: pairs whose queries were all dropped leave no trace"},
	{"sizes.distinct", "embeddings of all queries, which are not public"},
	{"sizes.diverse", "embeddings of all queries and labels of their topics and opinions, which are not public"},
	{"sizes.some_pair_disagrees", "a formula, which the paper does not give, and embeddings of all queries, which are not public"},
	{"sizes.most_models_diverge", "a formula, which the paper does not give, and embeddings of all queries, which are not public"},
	{"sizes.table2_scenarios", "the three samples of Table 2, which are not public"},
	{"sizes.fig2_scenarios_per_bin", "the about 80 of the 5,000 judged scenarios that were not published; by bin, ours are the n of Figure 2"},
	{"sizes.judged_responses", "which 5,000 responses are meant, which the paper does not say"},
}

// Needs says what computing a number takes.
func (n Number) Needs() string {
	for _, x := range needs {
		if strings.HasPrefix(n.ID, x.prefix) {
			return x.what
		}
	}
	return "data that are not public"
}

// AnchorClaims are the counts that an independent re-analysis took from the
// public split all_models: pairs of values with their rows, and values with
// theirs. Each row has the codes of its two values, negative where missing,
// into names. Rows without both values are left out of the pairs. With an
// error the codes are not looked at.
//
// All are complete counts, and reach no further for missing rows.
func AnchorClaims(split string, names []string, value1, value2 []int32, err error) []Claim {
	pairs, missing := map[[2]int32]int{}, 0
	times := make([]int, len(names))
	if err == nil && len(value1) != len(value2) {
		err = fmt.Errorf("paper: anchors: %d rows of value 1 and %d of value 2", len(value1), len(value2))
	}
	if err == nil {
		for row, a := range value1 {
			b := value2[row]
			if a < 0 || b < 0 || int(a) >= len(names) || int(b) >= len(names) {
				missing++
				continue
			}
			pairs[[2]int32{a, b}]++
			times[a]++
			if b != a {
				times[b]++
			}
		}
	}
	byRows := map[int]int{}
	for _, rows := range pairs {
		byRows[rows]++
	}
	values, frequent := 0, 0
	bySlug := map[string]int{}
	for i, n := range times {
		bySlug[analysis.Slug(names[i])] += n
		if n > 0 {
			values++
		}
		if n > 30 {
			frequent++
		}
	}
	var claims []Claim
	add := func(id, title string, n int) {
		c := Claim{ID: "anchors." + Segment(split) + "." + id, Title: title, Unit: "count", Err: err,
			Group: map[string]string{"split": split}, Own: split != analysis.AllModels.Name}
		if err == nil {
			c.Estimate = analysis.Count(n, len(value1), analysis.Exclusion{Reason: "rows without both values", N: missing})
		}
		claims = append(claims, c)
	}
	add("pairs", "Distinct pairs of values", len(pairs))
	for _, rows := range []int{1, 2, 3} {
		id, title := fmt.Sprintf("pairs_with_%d_rows", rows), fmt.Sprintf("Pairs of values with %d rows", rows)
		if rows == 1 {
			id, title = "pairs_with_1_row", "Pairs of values with one row"
		}
		add(id, title, byRows[rows])
	}
	add("values", "Distinct values", values)
	add("values_over_30_times", "Values that occur more than 30 times", frequent)
	for _, n := range published().list {
		if slug, ok := strings.CutPrefix(n.ID, "anchors.all_models.value."); ok {
			add("value."+slug, "Rows with the value "+strings.ReplaceAll(slug, "-", " "), bySlug[slug])
		}
	}
	return claims
}

// SizeClaims are the sizes of the pipeline that data can show: the values
// of the taxonomy and the scenarios of config complete.
func SizeClaims(values int, valuesErr error, scenarios int, scenariosErr error) []Claim {
	claim := func(id, title string, n int, err error) Claim {
		c := Claim{ID: "sizes." + id, Title: title, Group: map[string]string{}, Unit: "count", Err: err}
		if err == nil {
			c.Estimate = analysis.Count(n, n)
		}
		return c
	}
	return []Claim{
		claim("values", "Values in the taxonomy", values, valuesErr),
		claim("scenarios", "Scenarios, in config complete", scenarios, scenariosErr),
	}
}
