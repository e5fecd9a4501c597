package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
)

// An AgreementComparison has all coefficients of agreement side by side.
type AgreementComparison struct {
	Items, Raters, Categories int
	Missing                   int // ratings that are missing

	Coefficients []AgreementRow      // of all raters together
	Pairs        []RaterPair         // of more than two raters who are told apart
	ByCategory   []CategoryAgreement // by category
	Prevalence   Prevalence
	Warnings     []error // doubts about the whole
}

// An AgreementRow is one coefficient.
type AgreementRow struct {
	Agreement
	Err error // why it has no value; Value is then NaN
}

// A RaterPair has the coefficients of two raters.
type RaterPair struct {
	A, B         int
	Coefficients []AgreementRow
}

// CompareAgreement returns every coefficient that the ratings allow:
// percent agreement, Fleiss' kappa, Gwet's AC1 and Krippendorff's alpha;
// Conger's kappa where raters are told apart; Cohen's kappa and Scott's pi
// of two raters, or of each pair of more; Fleiss' kappa of the complete
// items, too, where ratings are missing. Ratings with an order (see
// Ratings.Ordered) add the weighted coefficients and alpha's ordinal and
// interval forms. Then come the coefficients by category, and the warning
// of the kappa paradox.
//
// Each is made as its own function says, interval, clusters and missing
// ratings included; its Method names the rule for missing ratings, as
// coefficients of one table may differ for no other reason. A coefficient
// without a value has an error that wraps ErrTooFew or ErrUndefined.
//
// The coefficients answer different questions of the same data, so which
// one a report rests on should be settled before seeing them.
//
// Errors: ErrTooFew when no item has two ratings, and an error for clusters
// that do not fit the items.
//
// Source: Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition.
func CompareAgreement(r *Ratings, clusters Clusters) (*AgreementComparison, error) {
	c := &AgreementComparison{Items: r.items, Raters: r.raters, Categories: r.categories, Missing: r.Missing()}
	var err error
	if c.Coefficients, err = r.coefficients(clusters); err != nil {
		return nil, err
	}
	if r.raw != nil && r.raters > 2 {
		for a := range r.raters {
			for b := a + 1; b < r.raters; b++ {
				pair, err := r.Pair(a, b)
				if err != nil {
					return nil, err
				}
				rows, err := pair.pairCoefficients(clusters)
				if err != nil {
					return nil, err
				}
				c.Pairs = append(c.Pairs, RaterPair{a, b, rows})
			}
		}
	}
	if c.ByCategory, err = AgreementByCategory(r, clusters); err != nil {
		return nil, err
	}
	c.Prevalence, err = MeasurePrevalence(r)
	switch {
	case err != nil && !noValue(err):
		return nil, err
	case err != nil:
		c.Warnings = append(c.Warnings, err)
	case c.Prevalence.Warning != nil:
		c.Warnings = append(c.Warnings, c.Prevalence.Warning)
	}
	return c, nil
}

// weightings are those that make sense for the categories.
func (r *Ratings) weightings() []Weighting {
	if r.scores == nil {
		return []Weighting{Unweighted}
	}
	return []Weighting{Unweighted, LinearWeights, QuadraticWeights, OrdinalWeights}
}

// coefficients are those of all raters together.
func (r *Ratings) coefficients(clusters Clusters) ([]AgreementRow, error) {
	if len(r.with(2)) == 0 {
		return nil, fmt.Errorf("analysis: compare agreement: no item with at least 2 ratings: %w", ErrTooFew)
	}
	if r.raw != nil && r.raters == 2 {
		rows, err := r.pairCoefficients(clusters)
		if err != nil {
			return nil, err
		}
		more, err := r.overall(clusters, false)
		return append(rows, more...), err
	}
	return r.overall(clusters, true)
}

// pairCoefficients are those that two raters have, and only two.
func (r *Ratings) pairCoefficients(clusters Clusters) ([]AgreementRow, error) {
	var rows agreementRows
	rows.add("percent agreement")(PercentAgreement(r, Unweighted, clusters))
	for _, w := range r.weightings() {
		rows.add(weighted("Cohen's kappa", w))(CohenKappa(r, w, clusters))
		rows.add(weighted("Scott's pi", w))(ScottPi(r, w, clusters))
	}
	return rows.list, rows.err
}

// overall are those of any number of raters; percent agreement only when
// asked for.
func (r *Ratings) overall(clusters Clusters, percent bool) ([]AgreementRow, error) {
	var rows agreementRows
	if percent {
		rows.add("percent agreement")(PercentAgreement(r, Unweighted, clusters))
	}
	for _, w := range r.weightings() {
		rows.add(weighted("Fleiss' kappa", w))(FleissKappaUnequal(r, w, clusters))
		if r.raw != nil && r.Missing() > 0 {
			name := weighted("Fleiss' kappa of complete items", w)
			rows.add(name)(r.fleissComplete(name, w, clusters))
		}
		if r.raw != nil && r.raters > 2 {
			rows.add(weighted("Conger's kappa", w))(CongerKappa(r, w, clusters))
		}
		rows.add(gwetName(w))(GwetAC(r, w, clusters))
	}
	metrics := []Metric{NominalMetric}
	if r.scores != nil {
		metrics = append(metrics, OrdinalMetric, IntervalMetric)
	}
	for _, m := range metrics {
		rows.add("Krippendorff's alpha, " + m.String())(KrippendorffAlpha(r, m, clusters))
	}
	return rows.list, rows.err
}

// fleissComplete is Fleiss' kappa of the items that all raters rated.
func (r *Ratings) fleissComplete(name string, w Weighting, clusters Clusters) (Agreement, error) {
	a, err := r.fleissKappa(name, w, r.with(max(2, r.raters)), clusters)
	if err != nil {
		return Agreement{}, err
	}
	return a.missing(r, "items with any missing are left out", "items with a missing rating"), nil
}

// agreementRows collects rows; err is the first error that is more than
// the want of a value.
type agreementRows struct {
	list []AgreementRow
	err  error
}

func (rows *agreementRows) add(name string) func(Agreement, error) {
	return func(a Agreement, err error) {
		if err != nil {
			if rows.err == nil && !noValue(err) {
				rows.err = err
			}
			a.Coefficient, a.Method, a.Value = name, name, math.NaN()
		}
		rows.list = append(rows.list, AgreementRow{a, err})
	}
}

// String is the comparison as a table: coefficient, value with interval and
// n, and the rule for missing ratings; then how the intervals were made and
// what is in doubt, each said once.
func (c *AgreementComparison) String() string {
	var cells, b strings.Builder
	table := tabwriter.NewWriter(&cells, 0, 8, 2, ' ', 0)
	var notes []string
	note := func(s string) {
		if !slices.Contains(notes, s) {
			notes = append(notes, s)
		}
	}
	line := func(name string, a Agreement, err error) {
		if err != nil {
			fmt.Fprintf(table, "%s\tnot computable\t%v\n", name, err)
			return
		}
		// The estimate without what is told once below or in the next column.
		fmt.Fprintf(table, "%s\t%v\t%s\n", name, Estimate{Value: a.Value, Lo: a.Lo, Hi: a.Hi, Level: a.Level, N: a.N, Clusters: a.Clusters}, a.Missing)
		_, how, _ := strings.Cut(a.Method, a.Coefficient+", ")
		if how, _, _ = strings.Cut(how, "; missing ratings"); how != "" {
			note("interval: " + how)
		}
		for _, w := range a.Warnings {
			if w != errClustersUnknown { // which is that of all
				w = fmt.Errorf("%s: %w", name, w)
			}
			note("warning: " + w.Error())
		}
	}
	for _, row := range c.Coefficients {
		line(row.Coefficient, row.Agreement, row.Err)
	}
	for _, p := range c.Pairs {
		for _, row := range p.Coefficients {
			line(fmt.Sprintf("raters %d and %d: %s", p.A, p.B, row.Coefficient), row.Agreement, row.Err)
		}
	}
	for _, k := range c.ByCategory {
		name := fmt.Sprintf("category %d, share %.3g: ", k.Category, k.Share)
		line(name+"specific agreement", k.Specific, k.SpecificErr)
		line(name+"kappa against the rest", k.Kappa, k.KappaErr)
	}
	table.Flush()
	fmt.Fprintf(&b, "%d items, %d raters, %d categories, %d ratings missing\n", c.Items, c.Raters, c.Categories, c.Missing)
	for row := range strings.Lines(cells.String()) {
		b.WriteString(strings.TrimRight(row, " \n") + "\n")
	}
	for _, w := range c.Warnings {
		note("warning: " + w.Error())
	}
	for _, n := range notes {
		b.WriteString(n + "\n")
	}
	return b.String()
}
