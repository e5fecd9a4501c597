package analysis

import "fmt"

// A VerdictScheme says which verdicts count as one category.
type VerdictScheme int

const (
	// TwoCategories tells compliant, 0, from problematic, 1: the scheme
	// from which the paper's kappa follows.
	TwoCategories VerdictScheme = iota
	// ThreeCategories are those of prompt B.6: compliant, non-compliant and
	// ambiguous, 0 to 2.
	ThreeCategories
)

// String is "binary" or "three", as in result ids.
func (s VerdictScheme) String() string {
	switch s {
	case TwoCategories:
		return "binary"
	case ThreeCategories:
		return "three"
	}
	return fmt.Sprintf("VerdictScheme(%d)", int(s))
}

// Categories names the scheme's categories, in the order of Ratings.
func (s VerdictScheme) Categories() []string {
	if s == TwoCategories {
		return []string{Compliant.String(), "problematic"}
	}
	return []string{Compliant.String(), NonCompliant.String(), Ambiguous.String()}
}

// JudgeRatings makes a table of verdicts into ratings for the coefficients
// of agreement: an item per response, a rater per judge in the table's
// order, and the clusters of the items. An unrecognised verdict is
// NoRating.
//
// Rows that repeat a response make one item; responses whose rows
// contradict each other are left out, and their number is returned as an
// exclusion. Errors: ErrTooFew for a table without judges or rows, that of
// Verdicts.Check, and one for an unknown scheme.
func JudgeRatings(v *Verdicts, scheme VerdictScheme) (*Ratings, Clusters, []Exclusion, error) {
	if scheme != TwoCategories && scheme != ThreeCategories {
		return nil, Clusters{}, nil, fmt.Errorf("analysis: judge ratings: no such scheme: %v", scheme)
	}
	list, _, err := responses(v)
	if err != nil {
		return nil, Clusters{}, nil, err
	}
	var ratings [][]Rating
	clusters := Clusters{N: v.Clusters.N}
	conflicting := 0
	for _, r := range list {
		if r.conflicting {
			conflicting++
			continue
		}
		item := make([]Rating, len(v.Judges))
		for j, column := range v.ByJudge {
			switch x := column[r.row]; {
			case !recognised(x):
				item[j] = NoRating
			case scheme == ThreeCategories:
				item[j] = Rating(x - Compliant)
			case x.Problematic():
				item[j] = 1
			}
		}
		ratings = append(ratings, item)
		if v.Clusters.Known() {
			clusters.ID = append(clusters.ID, v.Clusters.ID[r.row])
		}
	}
	table, err := RatingsByRater(ratings, len(scheme.Categories()))
	if err != nil {
		return nil, Clusters{}, nil, err
	}
	return table, clusters, exclusions(Exclusion{conflictingRows, conflicting}), nil
}

// A FlagRateDifference compares how often two judges flag, over the
// responses that both decided.
type FlagRateDifference struct {
	A, B     string
	Estimate Estimate    // rate of A less that of B, -1..1
	McNemar  McNemarTest // of no difference
	Err      error       // why there is neither
}

// MeasureFlagRateDifferences returns for each pair of judges, in their
// order, by how much the one flags more responses as problematic than the
// other: PairedShareDifference and McNemar, both by whole clusters. It
// leaves out what MeasureJudgeAgreement leaves out of the pair's agreement.
// Adjust P for the number of pairs, by Holm for instance.
//
// A pair has ErrTooFew where no response was decided by both. The error of
// the whole is that of MeasureJudgeAgreement.
//
// Source: tests of ours for Zhang et al. 2025, section 3.1.2, which prints
// the rates alone.
func MeasureFlagRateDifferences(v *Verdicts) ([]FlagRateDifference, error) {
	list, repeated, err := responses(v)
	if err != nil {
		return nil, err
	}
	m := agreement{v: v, warnings: repeatWarnings(repeated)}
	m.add(list)
	var out []FlagRateDifference
	for i, a := range v.Judges {
		for j := i + 1; j < len(v.Judges); j++ {
			rows, clusters, excluded := m.judged(i, j)
			flags := [2][]bool{make([]bool, len(rows)), make([]bool, len(rows))}
			for at, row := range rows {
				flags[0][at], flags[1][at] = v.ByJudge[i][row].Problematic(), v.ByJudge[j][row].Problematic()
			}
			d := FlagRateDifference{A: a, B: v.Judges[j]}
			if d.Estimate, d.Err = PairedShareDifference(flags[0], flags[1], clusters); d.Err == nil {
				d.McNemar, d.Err = McNemar(flags[0], flags[1], clusters)
			}
			if d.Err != nil && !noValue(d.Err) {
				return nil, d.Err
			}
			d.Estimate.Excluded, d.McNemar.Excluded = excluded, excluded
			d.Estimate.Warnings = mergeWarnings(d.Estimate.Warnings, m.warnings)
			out = append(out, d)
		}
	}
	return out, nil
}
