package analysis

import (
	"fmt"
	"slices"
)

// RatingsOfLabels lays the labels of several labellers beside each other for
// the coefficients of agreement: a labeller is a rater, a response an item,
// and the label its category. The labels are an exclusive set, over the same
// models and rows; where a labeller has none for a response its rating is
// missing. Where the set has an order, Ordered makes weighted coefficients
// possible. The clusters are those of the rows, by item.
//
// The error is ErrTooFew for fewer than two labellers; others name columns
// that do not fit and a response with none or several labels.
//
// Source: the layout is ours; see CompareAgreement for the coefficients.
func RatingsOfLabels(labellers ...*Labels) (*Ratings, Clusters, error) {
	if len(labellers) < 2 {
		return nil, Clusters{}, fmt.Errorf("analysis: ratings of %d labellers, want at least 2: %w", len(labellers), ErrTooFew)
	}
	first := labellers[0]
	for i, l := range labellers {
		if err := l.check(); err != nil {
			return nil, Clusters{}, fmt.Errorf("labeller %d: %w", i, err)
		}
		if !slices.Equal(l.Names, first.Names) || !slices.Equal(l.Models, first.Models) || l.rows() != first.rows() {
			return nil, Clusters{}, fmt.Errorf("analysis: ratings: labeller %d has other labels, models or rows than labeller 0", i)
		}
	}
	var items [][]Rating
	clusters := Clusters{N: first.Clusters.N}
	for m, model := range first.Models {
		for row := range first.rows() {
			item := make([]Rating, len(labellers))
			for i, l := range labellers {
				s := l.ByModel[m][row]
				label, ok := s.Only()
				switch {
				case s.Missing():
					item[i] = NoRating
				case !ok:
					return nil, Clusters{}, fmt.Errorf("analysis: ratings: row %d: labeller %d gave the response of %s none or several labels", row, i, model)
				default:
					item[i] = Rating(label)
				}
			}
			items = append(items, item)
		}
		clusters.ID = append(clusters.ID, first.Clusters.ID...)
	}
	if !first.Clusters.Known() {
		clusters = Clusters{}
	}
	r, err := RatingsByRater(items, len(first.Names))
	return r, clusters, err
}
