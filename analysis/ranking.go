package analysis

import (
	"errors"
	"fmt"
	"math"
)

// ValuePairs says which two values each of some scenarios puts in tension,
// and which one its query favours.
type ValuePairs struct {
	Names  []string   // of values
	Codes  [2][]int32 // [value][row]: index into Names, -1 for none
	Nudges []Nudge    // by row; may be nil where the model has no nudge
}

// CompareValues makes a contest between its two values of each scenario: a
// model's response prefers the one towards which its position leans
// further, and equal positions are a tie. Where a position is missing, so
// is the outcome. Model counts from 0 in the order of Models; clusters are
// those of the positions.
//
// The values are those that the scenario was seeded with, so this ranks
// what a model favours when made to choose, not what it brings up itself.
//
// It is an error for there to be no such model, and for pairs to have
// another number of rows than the positions.
//
// Source: re-analysis of the public positions of Zhang et al. 2025.
func CompareValues(p *Positions, model int, pairs ValuePairs) (*Comparisons, error) {
	switch {
	case model < 0 || model >= len(p.models):
		return nil, fmt.Errorf("analysis: compare values: model %d, want 0..%d", model, len(p.models)-1)
	case len(pairs.Codes[0]) != p.rows || len(pairs.Codes[1]) != p.rows:
		return nil, fmt.Errorf("analysis: compare values: %d first and %d second values, want %d", len(pairs.Codes[0]), len(pairs.Codes[1]), p.rows)
	case pairs.Nudges != nil && len(pairs.Nudges) != p.rows:
		return nil, fmt.Errorf("analysis: compare values: %d nudges, want %d", len(pairs.Nudges), p.rows)
	}
	outcome := make([]Outcome, p.rows)
	for row := range outcome {
		first, ok1 := p.columns[model][Value1][row].Score()
		second, ok2 := p.columns[model][Value2][row].Score()
		switch {
		case !ok1 || !ok2:
			outcome[row] = NoOutcome
		case first > second:
			outcome[row] = FirstWins
		case first < second:
			outcome[row] = SecondWins
		default:
			outcome[row] = Tied
		}
	}
	return &Comparisons{
		Items: pairs.Names, First: pairs.Codes[0], Second: pairs.Codes[1],
		Outcome: outcome, Nudge: pairs.Nudges, Clusters: p.clusters,
	}, nil
}

// RankValues fits a Bradley-Terry model to the choices of each model of a
// set, in the set's order. Errors are those of CompareValues and
// FitBradleyTerry, with the model's name. Missing positions are left out
// and counted, as FitBradleyTerry says.
//
// Source: see CompareValues and FitBradleyTerry.
func RankValues(p *Positions, pairs ValuePairs, set ModelSet, model BradleyTerryModel) ([]*BradleyTerry, error) {
	p, err := p.Select(set)
	if err != nil {
		return nil, err
	}
	fits := make([]*BradleyTerry, len(p.models))
	errs := make([]error, len(p.models))
	inParallel(len(p.models), func() func(int) {
		return func(m int) {
			c, err := CompareValues(p, m, pairs)
			if err == nil {
				fits[m], err = FitBradleyTerry(c, model)
			}
			if err != nil {
				errs[m] = fmt.Errorf("model %s: %w", p.models[m], err)
			}
		}
	})
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return fits, nil
}

// CompareRankings is CorrelateRankings by Spearman's rho over the items
// that all fits have in at least minCompared contests (0 means 5), so that
// all pairs speak of the same items; it costs as much as a few pairs do. A
// set of fits without two such items in common has no correlation at all,
// which is ErrTooFew; no fits have no matrix. It is an error for fits to be
// over different numbers of items.
//
// Items that a fit lacks are left out for all of them.
//
// Source: see Spearman.
func CompareRankings(fits []*BradleyTerry, minCompared int) ([][]Estimate, error) {
	if len(fits) == 0 {
		return nil, nil
	}
	if minCompared == 0 {
		minCompared = 5
	}
	columns := make([][]float64, len(fits))
	for i, f := range fits {
		if len(f.Items) != len(fits[0].Items) {
			return nil, fmt.Errorf("analysis: compare rankings: fit %d has %d items, want %d", i, len(f.Items), len(fits[0].Items))
		}
	}
	rows := 0
	for item := range fits[0].Items {
		least := math.MaxInt
		for _, f := range fits {
			least = min(least, f.Compared[item])
		}
		if least < max(1, minCompared) {
			continue
		}
		rows++
		for i, f := range fits {
			columns[i] = append(columns[i], f.Theta[item])
		}
	}
	// Items are independent draws, each a cluster of its own.
	clusters, err := Clusters{}.among(rows)
	if err != nil {
		return nil, err
	}
	out, err := SpearmanMatrix(columns, clusters)
	if err != nil {
		return nil, fmt.Errorf("analysis: compare rankings: %w", err)
	}
	for _, row := range out {
		for j := range row {
			row[j].Unit = "items"
		}
	}
	return out, nil
}

// CorrelateRankings correlates the abilities of each pair of fits over the
// items that both have in at least minCompared contests (0 means 5): how
// alike two models rank values. Correlation is Spearman or another rank
// correlation of this package; all fits must be over the same items.
//
// The sampling unit is the item: intervals speak of other values of the
// same kind, and take abilities as they are. Abilities are themselves
// noisy, which draws correlations towards 0, and those of models with many
// ties or missing positions most.
//
// A pair without a correlation is NaN with the reason as its warning; the
// diagonal is 1 without an interval. It is an error for the fits to be over
// different numbers of items, and any other than ErrTooFew and ErrUndefined
// that the correlation returns.
//
// Source: see Spearman and Kendall.
func CorrelateRankings(fits []*BradleyTerry, minCompared int, correlation func(x, y []float64, clusters Clusters) (Estimate, error)) ([][]Estimate, error) {
	if minCompared == 0 {
		minCompared = 5
	}
	out := make([][]Estimate, len(fits))
	type pair struct{ i, j int }
	var pairs []pair
	for i, f := range fits {
		if len(f.Items) != len(fits[0].Items) {
			return nil, fmt.Errorf("analysis: correlate rankings: fit %d has %d items, want %d", i, len(f.Items), len(fits[0].Items))
		}
		out[i] = make([]Estimate, len(fits))
		for j := range i {
			pairs = append(pairs, pair{i, j})
		}
	}
	errs := make([]error, len(pairs))
	one := func(i, j int) ([]float64, []float64) {
		var x, y []float64
		for item, theta := range fits[i].Theta {
			if min(fits[i].Compared[item], fits[j].Compared[item]) >= max(1, minCompared) {
				x, y = append(x, theta), append(y, fits[j].Theta[item])
			}
		}
		return x, y
	}
	inParallel(len(pairs), func() func(int) {
		return func(k int) {
			i, j := pairs[k].i, pairs[k].j
			x, y := one(i, j)
			// Items are independent draws, each a cluster of its own.
			clusters, err := Clusters{}.among(len(x))
			if err != nil {
				errs[k] = err
				return
			}
			e, err := correlation(x, y, clusters)
			switch {
			case errors.Is(err, ErrTooFew) || errors.Is(err, ErrUndefined):
				e = Estimate{Value: math.NaN(), N: len(x), Warnings: []error{err}}
			case err != nil:
				errs[k] = err
				return
			}
			out[i][j] = e.Of("items", e.Population)
			out[j][i] = out[i][j]
		}
	})
	for i := range fits {
		x, _ := one(i, i)
		out[i][i] = Estimate{Value: 1, N: len(x), Unit: "items", Method: "a ranking with itself"}
	}
	return out, errors.Join(errs...)
}
