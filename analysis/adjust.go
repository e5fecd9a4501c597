package analysis

import (
	"cmp"
	"fmt"
	"slices"
)

// Holm adjusts the p values of one table so that the chance of even one
// false discovery among them is at most the level, however they depend on
// each other: compare each with the level itself. The result is in the
// order of p, 0..1, and never below it.
//
// The k-th smallest of m is multiplied by m-k+1, and is at least the
// adjusted one before. A test without a value, NaN, is refused with its
// index, as is what lies outside 0..1: leave it out and say so, for every
// p counts towards m. No p values give none.
//
// Source: Holm 1979, Scandinavian Journal of Statistics 6:65-70.
func Holm(p []float64) ([]float64, error) {
	order, err := ascending("Holm", p)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(p))
	least := 0.0
	for k, i := range order {
		least = max(least, min(1, float64(len(p)-k)*p[i]))
		out[i] = least
	}
	return out, nil
}

// BenjaminiHochberg adjusts the p values of one table so that of those at
// most q the expected share of false discoveries is at most q, if the tests
// are independent or rise and fall together. The result is in the order of
// p, 0..1, and never below it. It finds more than Holm, and promises less.
//
// The k-th smallest of m is multiplied by m/k, and is at most the adjusted
// one after. NaN and what lies outside 0..1 are refused, as by Holm.
//
// Source: Benjamini and Hochberg 1995, Journal of the Royal Statistical
// Society B 57:289-300; Benjamini and Yekutieli 2001, Annals of Statistics
// 29:1165-1188 on dependence.
func BenjaminiHochberg(p []float64) ([]float64, error) {
	order, err := ascending("Benjamini-Hochberg", p)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(p))
	most := 1.0
	for k := len(order); k > 0; k-- {
		i := order[k-1]
		most = min(most, max(p[i], p[i]*float64(len(p))/float64(k)))
		out[i] = most
	}
	return out, nil
}

// ascending checks p values and lists them from the smallest.
func ascending(method string, p []float64) ([]int, error) {
	order := make([]int, len(p))
	for i, v := range p {
		if !(v >= 0 && v <= 1) {
			return nil, fmt.Errorf("analysis: %s: p value %d is %v, want 0..1", method, i, v)
		}
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	return order, nil
}
