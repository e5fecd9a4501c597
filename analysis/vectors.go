package analysis

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/specstress/specstress/internal/sqdist"
)

// A VectorMetric says how far apart two vectors are.
type VectorMetric int

const (
	// Euclidean is the length of the difference of the vectors as they
	// are; the paper's (Appendix A, p. 19). The zero value.
	Euclidean VectorMetric = iota
	// Cosine is the length of the difference of the vectors scaled to
	// length 1, which is sqrt(2-2cos): 0 for one direction, 2 for opposite
	// ones; 0.4 is a cosine of 0.92.
	Cosine
)

// String is the name that ParseVectorMetric reads.
func (m VectorMetric) String() string { return nameOf("VectorMetric", int(m), "euclidean", "cosine") }

// ParseVectorMetric reads what String writes. An unknown name is an
// error with the nearest ones.
func ParseVectorMetric(s string) (VectorMetric, error) {
	for _, m := range []VectorMetric{Euclidean, Cosine} {
		if s == m.String() {
			return m, nil
		}
	}
	return 0, UnknownName("metric", s, []string{Euclidean.String(), Cosine.String()})
}

// Vectors are points in a space of many dimensions, such as embeddings of
// queries: one row per scenario. They are checked when they are made and do
// not change; they may be used from several goroutines at once.
type Vectors struct {
	data              []float32
	rows, dim         int
	metric            VectorMetric
	shortest, longest float64
}

// unitTolerance is how far from 1 a length may be for a vector to count as
// scaled to length 1: a few roundings of float32.
const unitTolerance = 1e-5

// NewVectors makes vectors of dim elements from rows that lie one after the
// other. The data are not copied, and may be a mapped file that is larger
// than memory; they must not change afterwards. Only Cosine copies them, and
// only where a row's length is not 1 already.
//
// Errors name the row: a NaN or infinite element, with its place; elements so
// large that distances would overflow; and, for Cosine, a zero vector, which
// has no direction. No rows are ErrTooFew.
func NewVectors(ctx context.Context, data []float32, dim int, metric VectorMetric) (*Vectors, error) {
	if metric != Euclidean && metric != Cosine {
		return nil, fmt.Errorf("analysis: vectors: unknown metric %d", int(metric))
	}
	if dim < 1 {
		return nil, fmt.Errorf("analysis: vectors of %d dimensions, want 1 or more", dim)
	}
	if len(data)%dim != 0 {
		return nil, fmt.Errorf("analysis: vectors: %d elements are no whole number of rows of %d", len(data), dim)
	}
	if len(data) == 0 {
		return nil, fmt.Errorf("analysis: vectors: no rows: %w", ErrTooFew)
	}
	v := &Vectors{data: data, rows: len(data) / dim, dim: dim, metric: metric}
	if v.rows > math.MaxInt32 {
		return nil, fmt.Errorf("analysis: vectors: %d rows, want at most %d", v.rows, math.MaxInt32)
	}
	squares, err := v.squaredLengths(ctx)
	if err != nil {
		return nil, err
	}
	v.shortest, v.longest = math.Inf(1), 0
	for _, s := range squares {
		length := math.Sqrt(float64(s))
		v.shortest, v.longest = min(v.shortest, length), max(v.longest, length)
	}
	if metric == Cosine && !v.Unit() {
		if err := v.scale(); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// Rows is the number of vectors.
func (v *Vectors) Rows() int { return v.rows }

// Dim is the number of elements of each.
func (v *Vectors) Dim() int { return v.dim }

// Metric is how distances are measured.
func (v *Vectors) Metric() VectorMetric { return v.metric }

// Row is one vector, which must not be changed.
func (v *Vectors) Row(i int) []float32 { return v.data[i*v.dim : (i+1)*v.dim : (i+1)*v.dim] }

// Range is the vectors lo to hi-1, one after the other, which must not be
// changed.
func (v *Vectors) Range(lo, hi int) []float32 { return v.data[lo*v.dim : hi*v.dim : hi*v.dim] }

// Lengths are the smallest and the largest Euclidean length of the vectors
// as they were given.
func (v *Vectors) Lengths() (shortest, longest float64) { return v.shortest, v.longest }

// Unit reports whether all vectors were given with length 1, up to 1e-5. The
// paper's thresholds are meant for such ones.
func (v *Vectors) Unit() bool {
	return 1-v.shortest <= unitTolerance && v.longest-1 <= unitTolerance
}

// Distance is the distance between two of the vectors.
func (v *Vectors) Distance(i, j int) float64 {
	var out [1]float32
	sqdist.Rows(out[:], v.Row(i), v.Row(j))
	return math.Sqrt(float64(out[0]))
}

// rowsPerTask is how many rows a goroutine takes at a time where all rows
// are gone through.
const rowsPerTask = 1024

// squaredLengths also checks every element.
func (v *Vectors) squaredLengths(ctx context.Context) ([]float32, error) {
	squares := make([]float32, v.rows)
	zero := make([]float32, v.dim)
	tasks := (v.rows + rowsPerTask - 1) / rowsPerTask
	bad := make([]error, tasks)
	err := onWorkers(ctx, 0, tasks, func(task int) {
		lo, hi := task*rowsPerTask, min((task+1)*rowsPerTask, v.rows)
		sqdist.Rows(squares[lo:hi], zero, v.data[lo*v.dim:hi*v.dim])
		for i, s := range squares[lo:hi] {
			// Four times the square bounds that of any difference. The
			// comparison is false for NaN.
			if !(s <= math.MaxFloat32/4) {
				bad[task] = v.explain(lo + i)
				return
			}
		}
	})
	return squares, errors.Join(err, firstError(bad))
}

// explain says what is wrong with a row.
func (v *Vectors) explain(row int) error {
	for column, x := range v.Row(row) {
		if x := float64(x); math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("analysis: vectors: row %d column %d is %v, want a finite number", row, column, x)
		}
	}
	return fmt.Errorf("analysis: vectors: row %d is too long to square in float32", row)
}

// scale replaces the data by a copy whose rows have length 1.
func (v *Vectors) scale() error {
	scaled := make([]float32, len(v.data))
	for row := range v.rows {
		sum := 0.0
		for _, x := range v.Row(row) {
			sum += float64(float64(x) * float64(x))
		}
		if sum == 0 {
			return fmt.Errorf("analysis: vectors: row %d is zero and has no direction, which the metric cosine needs", row)
		}
		length := math.Sqrt(sum)
		for i, x := range v.Row(row) {
			scaled[row*v.dim+i] = float32(float64(x) / length)
		}
	}
	v.data = scaled
	return nil
}

// onWorkers calls task(0) to task(n-1) on some goroutines, 0 meaning one per
// core, the caller's among them, and returns when all of them are done. Once
// ctx is done it hands out no more of them and returns its error.
func onWorkers(ctx context.Context, workers, n int, task func(i int)) error {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	work := func() {
		for ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			task(i)
		}
	}
	var others sync.WaitGroup
	for range min(workers, n) - 1 {
		others.Go(work)
	}
	work()
	others.Wait()
	return ctx.Err()
}

func firstError(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
