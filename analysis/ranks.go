package analysis

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// ranked has the rows of a sample by value: code[i] is the place of row i's
// value among the distinct values in ascending order, 0..levels-1.
type ranked struct {
	code   []int32
	levels int
}

// rank sorts the values out; it refuses those that are not finite.
func rank(what string, x []float64) (ranked, error) {
	if err := allFinite(what, "value", x); err != nil {
		return ranked{}, err
	}
	order := make([]int32, len(x))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int { return cmp.Compare(x[i], x[j]) })
	r := ranked{code: make([]int32, len(x))}
	for at, i := range order {
		if at == 0 || x[i] != x[order[at-1]] {
			r.levels++
		}
		r.code[i] = int32(r.levels - 1)
	}
	return r, nil
}

// midranks turns the sizes of the levels into twice their mean ranks less
// n+1: whole numbers that sum to 0 over the rows.
func midranks(size []int64) []int64 {
	out := make([]int64, len(size))
	midranksInto(out, size)
	return out
}

func midranksInto(out, size []int64) {
	n := int64(0)
	for _, s := range size {
		n += s
	}
	below := int64(0)
	for l, s := range size {
		out[l] = 2*below + s - n // 2*(below + (s+1)/2) - (n+1)
		below += s
	}
}

// A RankCorrelation is Spearman's or Kendall's, and the test that it is 0.
type RankCorrelation struct {
	Estimate
	Test    Test  // that the two variables are independent
	TestErr error // why Test has no value; its P is then NaN
}

// correlation puts an estimate and its test together. Where a cluster has
// more than one row, the rows are not exchangeable under the null
// hypothesis, and the test rests on the bootstrap's standard error;
// independent makes that of single rows.
func (t *rankTable) correlation(clusters, dense Clusters, value func(rows []int64) (float64, error), independent func() Test) (RankCorrelation, error) {
	v, err := value(t.each())
	if err != nil {
		return RankCorrelation{}, err
	}
	rows := len(t.cell)
	out := RankCorrelation{Estimate: Estimate{Value: v, N: rows, Clusters: dense.N, Method: t.name}}
	r, err := Bootstrap(dense.N, Replicates, DefaultSeed, Level, func(weights []int32) (float64, error) {
		m := t.borrow()
		defer t.memory.Put(m)
		return value(t.tally(m.rows, weights))
	})
	switch {
	case isUndefined(err):
		out.Warnings = []error{fmt.Errorf("no interval: %w", err)}
	case err != nil:
		return RankCorrelation{}, err
	default:
		out.Estimate = r.Estimate(v, rows)
		out.Method = t.name + ", " + out.Method
		if r.SE == 0 {
			out.Warnings = append(out.Warnings, errNoSpread)
		}
	}
	if !clusters.Known() {
		out.Clusters = 0
		out.Warnings = append(out.Warnings, errClustersUnknown)
	}
	if dense.N == rows {
		out.Test = independent()
		out.Test.N, out.Test.Clusters = rows, out.Clusters
		if !clusters.Known() {
			out.Test.Warnings = append(out.Test.Warnings, errClustersUnknown)
		}
		return out, nil
	}
	out.Test, out.TestErr = wald(t.name, "0", v, r.SE, rows, dense.N)
	out.Test.Seed = out.Seed
	return out, nil
}

// errNoSpread is the warning on an interval of no width.
var errNoSpread = fmt.Errorf("the statistic is the same on every bootstrap replicate: the interval says nothing about other data")

// wald tests that a statistic is null, given how far it lies from there
// and the standard error that clusters give it. Student's t with one
// degree of freedom less than there are clusters.
func wald(name, null string, distance, se float64, rows, clusters int) (Test, error) {
	t := Test{P: math.NaN(), N: rows, Clusters: clusters, Method: name + " is " + null + ": Student's t on the standard error over clusters"}
	switch {
	case clusters < 2:
		return t, fmt.Errorf("analysis: %s: test over %d clusters: %w", name, clusters, ErrTooFew)
	case se == 0 && distance == 0:
		t.P = 1
		return t, nil
	case !(se > 0):
		return t, fmt.Errorf("analysis: %s: standard error over clusters is %v, so there is no test: %w", name, se, ErrUndefined)
	}
	t.Statistic = distance / se
	t.P = twoSidedT(t.Statistic, float64(clusters-1))
	if clusters < fewForT {
		t.Warnings = append(t.Warnings, fmt.Errorf("rests on %d clusters: p is rough", clusters))
	}
	return t, nil
}

// fewForT is the number below which a variance over clusters is itself
// known badly; Cameron and Miller 2015, Journal of Human Resources 50, give
// 20 to 50.
const fewForT = 20

func twoSidedT(t, df float64) float64 {
	return 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Survival(math.Abs(t))
}

func twoSidedZ(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }
