package analysis

import (
	"errors"
	"fmt"
	"slices"
)

// A Rating is the category that a rater put an item into: 0, 1, 2 and so
// on, or NoRating. It is a type of its own so that ratings cannot be passed
// where counts of ratings are expected, nor counts for ratings.
type Rating int32

// NoRating is a missing rating.
const NoRating Rating = -1

// Ratings says into which category raters put items. It is made of raw
// ratings by RatingsByRater or of counts by RatingsFromCounts, and does not
// change afterwards, so that many goroutines may read it.
type Ratings struct {
	items, raters, categories int

	raw    []Rating // item after item, raters to each; nil where only counts are known
	counts []int32  // item after item, categories to each
	rated  []int32  // how many ratings an item has
	scores []int    // of the categories, ascending; nil while they have no order
}

// RatingsByRater makes Ratings of raw ones. ratings[i][r] is the category,
// 0 <= category < categories, that rater r gave item i, or NoRating. All
// raters have a place in every item, and the same place.
//
// Categories counts those that raters could choose, whether or not anybody
// did: Gwet's coefficients depend on it.
//
// Errors: ErrTooFew for no item, no rater or no category; and an error that
// names the first item with another number of places or with a rating out
// of range.
func RatingsByRater(ratings [][]Rating, categories int) (*Ratings, error) {
	switch {
	case len(ratings) == 0:
		return nil, fmt.Errorf("analysis: ratings: no items: %w", ErrTooFew)
	case len(ratings[0]) == 0:
		return nil, fmt.Errorf("analysis: ratings: no raters: %w", ErrTooFew)
	case categories < 1:
		return nil, fmt.Errorf("analysis: ratings: %d categories, want at least 1: %w", categories, ErrTooFew)
	case len(ratings[0]) > maxRaters:
		return nil, fmt.Errorf("analysis: ratings: %d raters, want at most %d", len(ratings[0]), maxRaters)
	}
	r := newRatings(len(ratings), len(ratings[0]), categories)
	r.raw = make([]Rating, 0, r.items*r.raters)
	for i, item := range ratings {
		if len(item) != r.raters {
			return nil, fmt.Errorf("analysis: ratings: item %d has %d raters, want %d as in item 0", i, len(item), r.raters)
		}
		for rater, category := range item {
			switch {
			case category == NoRating:
				continue
			case category < 0 || int(category) >= categories:
				return nil, fmt.Errorf("analysis: ratings: item %d: rater %d gave category %d, want 0..%d or NoRating", i, rater, category, categories-1)
			}
			r.of(int32(i))[category]++
			r.rated[i]++
		}
		r.raw = append(r.raw, item...)
	}
	return r, nil
}

// RatingsFromCounts makes Ratings of counts: counts[i][c] is how many
// raters put item i into category c. Who they were is not known, so
// coefficients that tell raters apart, Cohen's and Conger's kappa, cannot
// be had. Items may have unequal numbers of raters.
//
// Errors: ErrTooFew for no item or no category; and an error that names the
// first item with a negative or enormous count or with another number of
// categories.
func RatingsFromCounts(counts [][]int) (*Ratings, error) {
	switch {
	case len(counts) == 0:
		return nil, fmt.Errorf("analysis: ratings: no items: %w", ErrTooFew)
	case len(counts[0]) == 0:
		return nil, fmt.Errorf("analysis: ratings: no categories, so 0 raters, want at least 2: %w", ErrTooFew)
	}
	r := newRatings(len(counts), 0, len(counts[0]))
	for i, item := range counts {
		if len(item) != r.categories {
			return nil, fmt.Errorf("analysis: ratings: item %d has %d categories, want %d as in item 0", i, len(item), r.categories)
		}
		for c, n := range item {
			if n < 0 || n > maxRaters {
				return nil, fmt.Errorf("analysis: ratings: item %d: count of category %d is %d, want 0..%d", i, c, n, maxRaters)
			}
			r.of(int32(i))[c] = int32(n)
			r.rated[i] += int32(n)
			if r.rated[i] > maxRaters {
				return nil, fmt.Errorf("analysis: ratings: item %d has %d raters or more, want at most %d", i, r.rated[i], maxRaters)
			}
		}
		r.raters = max(r.raters, int(r.rated[i]))
	}
	return r, nil
}

// maxRaters keeps sums of pairs within 64 bits: 2^23 items at the limit.
const maxRaters = 1 << 20

func newRatings(items, raters, categories int) *Ratings {
	return &Ratings{
		items: items, raters: raters, categories: categories,
		counts: make([]int32, items*categories),
		rated:  make([]int32, items),
	}
}

// Ordered returns the same ratings with scores for their categories, which
// weighted coefficients need: how far apart two categories are is the
// difference of their scores. Without arguments the scores are 0, 1, 2 and
// so on. It is an error for scores not to ascend, to be above a million in
// size, or not to be one for each category.
func (r *Ratings) Ordered(scores ...int) (*Ratings, error) {
	if len(scores) == 0 {
		for c := range r.categories {
			scores = append(scores, c)
		}
	}
	if len(scores) != r.categories {
		return nil, fmt.Errorf("analysis: ratings: %d scores, want one for each of %d categories", len(scores), r.categories)
	}
	for c, score := range scores {
		switch {
		case score < -maxScore || score > maxScore:
			return nil, fmt.Errorf("analysis: ratings: score %d of category %d, want -%d..%d", score, c, maxScore, maxScore)
		case c > 0 && score <= scores[c-1]:
			return nil, fmt.Errorf("analysis: ratings: score %d of category %d is not above %d, that of the category before", score, c, scores[c-1])
		}
	}
	ordered := *r
	ordered.scores = slices.Clone(scores)
	return &ordered, nil
}

// maxScore keeps squared distances far inside the whole numbers of a
// float64.
const maxScore = 1_000_000

// Items is the number of items, rated or not.
func (r *Ratings) Items() int { return r.items }

// Raters is the number of raters; of ratings made from counts it is the
// largest number of ratings that an item has.
func (r *Ratings) Raters() int { return r.raters }

// Categories is the number of categories that raters could choose.
func (r *Ratings) Categories() int { return r.categories }

// Missing is how many ratings are missing. Of counts, whose raters are
// unknown, it is how many items lack of the largest number of ratings.
func (r *Ratings) Missing() int {
	missing := r.items * r.raters
	for _, n := range r.rated {
		missing -= int(n)
	}
	return missing
}

// Pair returns the ratings of two raters alone. The error is for ratings
// made from counts and for a rater who is not there.
func (r *Ratings) Pair(a, b int) (*Ratings, error) {
	if err := r.needRaters(); err != nil {
		return nil, fmt.Errorf("analysis: pair of raters: %w", err)
	}
	if min(a, b) < 0 || max(a, b) >= r.raters || a == b {
		return nil, fmt.Errorf("analysis: ratings: pair of raters %d and %d, want two of 0..%d", a, b, r.raters-1)
	}
	pair := newRatings(r.items, 2, r.categories)
	pair.scores = r.scores
	for i := range int32(r.items) {
		for _, rater := range [2]int{a, b} {
			c := r.by(i)[rater]
			pair.raw = append(pair.raw, c)
			if c != NoRating {
				pair.of(i)[c]++
				pair.rated[i]++
			}
		}
	}
	return pair, nil
}

// only returns ratings with two categories: the given one and the rest.
func (r *Ratings) only(category int) *Ratings {
	two := newRatings(r.items, r.raters, 2)
	copy(two.rated, r.rated)
	for i := range int32(r.items) {
		n := r.of(i)[category]
		two.of(i)[0], two.of(i)[1] = n, r.rated[i]-n
	}
	return two
}

// needRaters is the error for a coefficient that tells raters apart.
func (r *Ratings) needRaters() error {
	if r.raw == nil {
		return errors.New("ratings were made from counts, which do not say who rated")
	}
	return nil
}

// of are the counts of an item, by category.
func (r *Ratings) of(item int32) []int32 {
	return r.counts[int(item)*r.categories:][:r.categories:r.categories]
}

// by are the raw ratings of an item, by rater.
func (r *Ratings) by(item int32) []Rating {
	return r.raw[int(item)*r.raters:][:r.raters:r.raters]
}

// with lists the items that have at least n ratings.
func (r *Ratings) with(n int) []int32 {
	items := make([]int32, 0, r.items)
	for i, rated := range r.rated {
		if int(rated) >= n {
			items = append(items, int32(i))
		}
	}
	return items
}
