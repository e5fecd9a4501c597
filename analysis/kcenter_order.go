package analysis

import (
	"context"
	"fmt"
	"math"
)

// An OrderCheck compares an order of points, such as a split's column rank,
// with Wang and Cheng's scan.
type OrderCheck struct {
	Points int
	Rises  int // points that are heavier than the one before
	// Covered counts points that the scan would have left out: their score,
	// when it is their turn, is at most the threshold. FirstCovered is the
	// first one's place in the order, -1 if there is none.
	Covered, FirstCovered int
	// Least is the smallest score at its turn: the largest threshold that
	// the order could come from. +Inf for one point.
	Least float64
}

// CheckOrder goes through points in an order and asks of each whether the
// scan by WangCheng with that threshold would have selected it after those
// before: with the right embeddings, weights and threshold no point of a
// published split is covered and, in the order of rank, none rises. It takes
// half as many distances as there are pairs.
//
// The errors are those of KCenter for weights and threshold, and a row that
// is out of range or stands in the order twice.
// No element
// of a vector is missing, see NewVectors.
//
// Source: see KCenter.
func CheckOrder(ctx context.Context, v *Vectors, order []int, weights []float64, threshold float64, workers int) (*OrderCheck, error) {
	opt, err := KCenterOptions{Weights: weights, Method: WangCheng, Threshold: threshold, Workers: workers}.resolve(v)
	if err != nil {
		return nil, fmt.Errorf("analysis: order check: %w", err)
	}
	seen := make([]bool, v.rows)
	for _, row := range order {
		if row < 0 || row >= v.rows || seen[row] {
			return nil, fmt.Errorf("analysis: order check: row %d is out of 0..%d or stands there twice", row, v.rows-1)
		}
		seen[row] = true
	}
	f, err := newFrontier(ctx, v, opt)
	if err != nil {
		return nil, fmt.Errorf("analysis: order check: %w", err)
	}
	c := &OrderCheck{Points: len(order), FirstCovered: -1, Least: math.Inf(1)}
	var room [roomForSquares]float32
	for start := 0; start < len(order); start += scanBatch {
		var part []int32
		for _, row := range order[start:min(start+scanBatch, len(order))] {
			part = append(part, int32(row))
		}
		if err := f.compareAll(ctx, part, -1); err != nil {
			return nil, fmt.Errorf("analysis: order check: %w", err)
		}
		for i, row := range part {
			at := start + i
			score := f.compare(row, f.taken, -1, &room)
			if at > 0 {
				c.Least = min(c.Least, score)
				if score <= opt.Threshold {
					c.Covered++
					if c.FirstCovered < 0 {
						c.FirstCovered = at
					}
				}
				if weights != nil && weights[row] > weights[order[at-1]] {
					c.Rises++
				}
			}
			f.take(int(row))
		}
	}
	return c, nil
}
