package analysis

import (
	"context"
	"errors"
	"math"
	"slices"
)

// errTooMany ends a scan that selects more points than it may.
var errTooMany = errors.New("too many points")

// scanBatch is how many points are compared with the selected ones at a
// time, for all cores to have work. A constant, like batchSize.
const scanBatch = 512

// scanByWeight goes through the points by falling weight, the lower row
// first among equals, and selects those whose score is above the threshold.
// A negative threshold selects all points of a score above 0. Where K is
// positive and more points than that would be selected, the error is
// errTooMany.
func scanByWeight(ctx context.Context, v *Vectors, opt KCenterOptions) (*Selection, error) {
	f, err := newFrontier(ctx, v, opt)
	if err != nil {
		return nil, err
	}
	threshold := max(opt.Threshold, 0)
	s := &Selection{Method: WangCheng, Threshold: opt.Threshold, Points: v.rows}
	order := fallingWeight(opt.Weights, v.rows)
	s.add(f, int(order[0]), math.Inf(1))
	// A score at most the threshold decides, so it need not be exact.
	floor := math.Nextafter(threshold, math.Inf(1))
	for start := 1; start < len(order); start += scanBatch {
		part := order[start:min(start+scanBatch, len(order))]
		if err := f.compareAll(ctx, part, floor); err != nil {
			return nil, err
		}
		var room [roomForSquares]float32
		for _, row := range part {
			before := f.seen[row]
			score := f.compare(row, f.taken, floor, &room)
			f.computed += int64(f.seen[row] - before)
			if score <= threshold {
				continue
			}
			if opt.K > 0 && len(s.Rows) == opt.K {
				return nil, errTooMany
			}
			s.add(f, int(row), f.distance(int(row)))
			if opt.Progress != nil && len(s.Rows)%64 == 0 {
				opt.Progress(len(s.Rows), score)
			}
		}
	}
	f.fill()
	if _, s.Radius, err = f.farthest(ctx); err != nil {
		return nil, err
	}
	s.Distances = f.computed
	if opt.Threshold < 0 {
		s.Stopped = AllCovered
	}
	return s, nil
}

// compareAll compares some points with all that are selected, each while its
// bound is at least floor.
func (f *frontier) compareAll(ctx context.Context, points []int32, floor float64) error {
	tasks := (len(points) + perTask - 1) / perTask
	computed := make([]int64, tasks)
	err := onWorkers(ctx, f.workers, tasks, func(task int) {
		var batch [perTask]bound
		part := points[task*perTask : min((task+1)*perTask, len(points))]
		for i, row := range part {
			batch[i].row = row
		}
		computed[task] = f.bringUp(batch[:len(part)], floor)
	})
	for _, n := range computed {
		f.computed += n
	}
	return err
}

// fallingWeight orders the points.
func fallingWeight(weights []float64, rows int) []int32 {
	order := make([]int32, rows)
	for i := range order {
		order[i] = int32(i)
	}
	if weights != nil {
		slices.SortStableFunc(order, func(a, b int32) int {
			switch {
			case weights[a] > weights[b]:
				return -1
			case weights[a] < weights[b]:
				return 1
			}
			return 0
		})
	}
	return order
}

// closeEnough is the relative width at which scanForK stops bisecting.
const closeEnough = 1e-9

// scanForK finds, by bisection, a threshold that selects at most K points
// while one that is smaller by a part in 1e9 selects more. As a threshold of
// twice the least radius of K points selects at most K, the radius found is
// at most twice the least.
func scanForK(ctx context.Context, v *Vectors, opt KCenterOptions) (*Selection, error) {
	progress := opt.Progress
	opt.Progress = nil
	at := func(threshold float64) (*Selection, error) {
		opt.Threshold = threshold
		s, err := scanByWeight(ctx, v, opt)
		if errors.Is(err, errTooMany) {
			return nil, nil
		}
		if err == nil && progress != nil {
			progress(len(s.Rows), threshold)
		}
		return s, err
	}
	best, err := at(0)
	if err != nil {
		return nil, err
	}
	if best != nil { // K points suffice for all that are distinct
		best.Threshold, best.Stopped = -1, AllCovered
		if len(best.Rows) == opt.K {
			best.Stopped = AtK
		}
		return best, nil
	}
	// The heaviest point alone covers everything within its own radius.
	one := opt
	one.K, one.Threshold = 0, math.MaxFloat64
	if best, err = scanByWeight(ctx, v, one); err != nil {
		return nil, err
	}
	computed := best.Distances
	low, high := 0.0, best.Radius
	for high-low > closeEnough*high {
		middle := low + (high-low)/2
		s, err := at(middle)
		switch {
		case err != nil:
			return nil, err
		case s == nil:
			low = middle
		default:
			computed += s.Distances
			best, high = s, middle
		}
	}
	best.Distances, best.Stopped = computed, AtK
	return best, nil
}
