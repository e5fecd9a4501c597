package analysis

import (
	"context"
	"math"

	"github.com/specstress/specstress/internal/sqdist"
)

// A frontier knows of every point an upper bound of its score: the distance
// to the nearest of the selected points that it has been compared with,
// times its weight. More comparisons only lower it. The point of the largest
// score is therefore found without most of them: look at the point of the
// largest bound, compare it with the selected points that are new to it, and
// when its bound is still the largest, it is the one. Bounds and rows decide
// as full scores would, so the result is that of comparing everything.
type frontier struct {
	v       *Vectors
	weights []float64 // nil: 1
	workers int

	near []float32 // squared distance to the nearest one compared with
	seen []int32   // how many of the selected points it was compared with
	heap scoreHeap // all points that were not taken

	taken    int       // number of selected points
	rows     []float32 // their vectors, one after the other
	computed int64

	batch []bound
}

func newFrontier(ctx context.Context, v *Vectors, opt KCenterOptions) (*frontier, error) {
	f := &frontier{v: v, weights: opt.Weights, workers: opt.Workers, near: make([]float32, v.rows), seen: make([]int32, v.rows)}
	for i := range f.near {
		f.near[i] = float32(math.Inf(1))
	}
	return f, ctx.Err()
}

// take makes a point one of the selected: the front of the heap, or any one
// while there is no heap.
func (f *frontier) take(row int) {
	if len(f.heap) > 0 {
		f.heap.pop()
	}
	f.rows = append(f.rows, f.v.Row(row)...)
	f.taken++
	f.near[row] = 0
	f.seen[row] = math.MaxInt32
}

// distance is the bound on a point's distance.
func (f *frontier) distance(row int) float64 { return math.Sqrt(float64(f.near[row])) }

// score is the bound on a point's score. It never falls when near rises, as
// roots and products are rounded correctly.
func (f *frontier) score(row int) float64 {
	if f.weights == nil {
		return f.distance(row)
	}
	if f.weights[row] == 0 {
		return 0 // not NaN while the distance is infinite
	}
	return f.distance(row) * f.weights[row]
}

// coverAll compares every point with all that are selected so far and fills
// the heap.
func (f *frontier) coverAll(ctx context.Context) error {
	tasks := (f.v.rows + rowsPerTask - 1) / rowsPerTask
	err := onWorkers(ctx, f.workers, tasks, func(task int) {
		var room [roomForSquares]float32
		for row := task * rowsPerTask; row < min((task+1)*rowsPerTask, f.v.rows); row++ {
			f.compare(int32(row), f.taken, -1, &room)
		}
	})
	if err != nil {
		return err
	}
	f.computed += int64(f.v.rows-f.taken) * int64(f.taken)
	f.fill()
	return nil
}

// fill makes the heap of all points that are not selected.
func (f *frontier) fill() {
	f.heap = make(scoreHeap, 0, f.v.rows-f.taken)
	for row := range f.v.rows {
		if f.seen[row] != math.MaxInt32 {
			f.heap = append(f.heap, bound{f.score(row), int32(row)})
		}
	}
	f.heap.build()
}

const (
	// roomForSquares is how many selected points are compared at a time
	// before looking whether more comparisons are needed.
	roomForSquares = 16

	// batchSize is how many of the largest bounds are brought up to date
	// together, for all cores to have work. It is a constant, so that the
	// number of distances does not depend on the number of cores.
	batchSize = 48

	// blockBytes of selected points stay in a core's cache while several
	// points are compared with them.
	blockBytes = 128 << 10

	// perTask is how many points of a batch a goroutine takes at a time.
	perTask = 6

	// parallelFrom is how many elements a batch must have to compare for
	// several goroutines to be quicker than one: some 50 microseconds' work.
	parallelFrom = 1 << 18
)

// farthest finds the point of the largest score, the first of several, and
// its score, which is then exact, as its distance is. Where all points are
// selected, the score is 0.
func (f *frontier) farthest(ctx context.Context) (row int, score float64, err error) {
	for {
		if len(f.heap) == 0 || f.heap[0].score == 0 {
			return -1, 0, ctx.Err()
		}
		top := f.heap[0]
		if int(f.seen[top.row]) == f.taken {
			return int(top.row), top.score, ctx.Err()
		}
		if err := f.refine(ctx); err != nil {
			return 0, 0, err
		}
	}
}

// refine brings some of the largest bounds up to date.
func (f *frontier) refine(ctx context.Context) error {
	f.batch = f.batch[:0]
	work := 0
	for len(f.batch) < batchSize && len(f.heap) > 0 {
		top := f.heap[0]
		stale := f.taken - int(f.seen[top.row])
		if stale == 0 {
			break
		}
		work += stale * f.v.dim
		f.batch = append(f.batch, f.heap.pop())
	}
	floor := -1.0 // a bound below the next one need not be exact yet
	if len(f.heap) > 0 {
		floor = f.heap[0].score
	}
	workers := f.workers
	if work < parallelFrom {
		workers = 1
	}
	tasks := (len(f.batch) + perTask - 1) / perTask
	var computed [(batchSize + perTask - 1) / perTask]int64
	err := onWorkers(ctx, workers, tasks, func(task int) {
		computed[task] = f.bringUp(f.batch[task*perTask:min((task+1)*perTask, len(f.batch))], floor)
	})
	for _, n := range computed {
		f.computed += n
	}
	for _, b := range f.batch {
		f.heap.push(b)
	}
	return err
}

// bringUp lowers the bounds of some points until they are exact or below
// floor, and returns how many distances that took.
func (f *frontier) bringUp(points []bound, floor float64) (computed int64) {
	var room [roomForSquares]float32
	block := max(1, blockBytes/(4*f.v.dim))
	first := f.taken
	for _, p := range points {
		first = min(first, int(f.seen[p.row]))
	}
	for end := min(first+block, f.taken); ; end = min(end+block, f.taken) {
		for i := range points {
			p := &points[i]
			before := f.seen[p.row]
			p.score = f.compare(p.row, end, floor, &room)
			computed += int64(f.seen[p.row] - before)
		}
		if end == f.taken {
			return computed
		}
	}
}

// compare compares a point with the selected points up to end that are new
// to it, while its bound is at least floor, and returns the bound.
func (f *frontier) compare(row int32, end int, floor float64, room *[roomForSquares]float32) float64 {
	score := f.score(int(row))
	x := f.v.Row(int(row))
	dim := f.v.dim
	for int(f.seen[row]) < end && score >= floor {
		from := int(f.seen[row])
		to := min(from+roomForSquares, end)
		squares := room[:to-from]
		sqdist.Rows(squares, x, f.rows[from*dim:to*dim])
		near := f.near[row]
		for _, s := range squares {
			near = min(near, s)
		}
		f.seen[row] = int32(to)
		if near < f.near[row] {
			f.near[row] = near
			score = f.score(int(row))
		}
	}
	return score
}
