package analysis

import (
	"errors"
	"fmt"
	"math"
)

// SpearmanMatrix returns Spearman's rank correlation of each pair of
// columns, all measurements of the same units: value and interval of each
// are those of Spearman on the pair, to the last digit, but the draws of the
// bootstrap and the ranks of a column on a draw are made once for all pairs.
// The matrix is symmetric, its diagonal 1 without an interval.
//
// A pair without a value, as with a column whose entries are all equal, is
// NaN with the reason as its warning. The error is ErrTooFew for fewer than
// two units, and one that names the column for a NaN, an infinity or another
// length.
//
// Source: see Spearman.
func SpearmanMatrix(columns [][]float64, clusters Clusters) ([][]Estimate, error) {
	const name = "Spearman's rho"
	if len(columns) == 0 {
		return nil, nil
	}
	n := len(columns[0])
	dense, err := clusters.among(n)
	if err != nil {
		return nil, err
	}
	if n < 2 {
		return nil, fmt.Errorf("analysis: %s of %d units: %w", name, n, ErrTooFew)
	}
	ranks := make([]ranked, len(columns))
	for i, x := range columns {
		if len(x) != n {
			return nil, fmt.Errorf("analysis: %s: column %d has %d values, want %d", name, i, len(x), n)
		}
		if ranks[i], err = rank(fmt.Sprintf("%s: column %d", name, i), x); err != nil {
			return nil, err
		}
	}
	all := newRankMatrix(ranks, dense)
	values := make([]float64, all.pairs())
	all.correlate(unweighted(dense.N), values)
	replicates, err := all.bootstrap(dense.N)
	if err != nil && !errors.Is(err, ErrTooFew) {
		return nil, err
	}

	out := make([][]Estimate, len(columns))
	for i := range out {
		out[i] = make([]Estimate, len(columns))
		out[i][i] = Estimate{Value: 1, N: n, Method: "a ranking with itself"}
	}
	k := 0
	for i := range columns {
		for j := range i {
			e := Estimate{Value: values[k], N: n, Clusters: dense.N, Method: name}
			switch {
			case math.IsNaN(values[k]):
				e = Estimate{Value: math.NaN(), N: n, Warnings: []error{fmt.Errorf("analysis: %s: all values of a column are equal: %w", name, ErrUndefined)}}
			case err != nil:
				e.Warnings = []error{fmt.Errorf("no interval: %w", err)}
			case replicates[k].Err != nil:
				e.Warnings = []error{fmt.Errorf("no interval: %w", replicates[k].Err)}
			default:
				e = replicates[k].Estimate(values[k], n)
				e.Method = name + ", " + e.Method
				if replicates[k].SE == 0 {
					e.Warnings = append(e.Warnings, errNoSpread)
				}
			}
			if !clusters.Known() {
				e.Clusters = 0
				e.Warnings = append(e.Warnings, errClustersUnknown)
			}
			out[i][j], out[j][i] = e, e
			k++
		}
	}
	return out, nil
}

// A rankMatrix is several measurements of the same rows, as levels.
type rankMatrix struct {
	columns []ranked
	cluster []int32 // of each row
}

func newRankMatrix(columns []ranked, dense Clusters) *rankMatrix {
	return &rankMatrix{columns: columns, cluster: dense.ID}
}

func (m *rankMatrix) pairs() int { return len(m.columns) * (len(m.columns) - 1) / 2 }

// bootstrap resamples the clusters for all pairs at once.
func (m *rankMatrix) bootstrap(clusters int) ([]Resampled, error) {
	return BootstrapMany(clusters, Replicates, DefaultSeed, Level, max(1, m.pairs()), func(weights []int32, out []float64) error {
		m.correlate(weights, out)
		return nil
	})
}

// correlate sets out to the correlations of pairs (i, j<i), NaN where one
// has none. Sums of whole numbers, as in rankTable.spearman.
func (m *rankMatrix) correlate(weights []int32, out []float64) {
	rows := make([]float64, len(m.cluster)) // how often each is drawn
	for row, c := range m.cluster {
		rows[row] = float64(weights[c])
	}
	byRow := make([][]float64, len(m.columns)) // twice the centred midrank
	squares := make([]float64, len(m.columns))
	for i, column := range m.columns {
		size := make([]int64, column.levels)
		for row, c := range m.cluster {
			size[column.code[row]] += int64(weights[c])
		}
		byLevel := midranks(size)
		for l, r := range byLevel {
			squares[i] += float64(size[l]) * float64(r*r)
		}
		byRow[i] = make([]float64, len(rows))
		for row, code := range column.code {
			byRow[i][row] = float64(byLevel[code])
		}
	}
	weighted := make([]float64, len(rows))
	k := 0
	for i, x := range byRow {
		for row, r := range x {
			weighted[row] = rows[row] * r
		}
		for j, y := range byRow[:i] {
			out[k] = math.NaN()
			if squares[i] > 0 && squares[j] > 0 {
				sum := 0.0
				for row, r := range y {
					sum += weighted[row] * r
				}
				out[k] = clampCorrelation(sum / math.Sqrt(squares[i]*squares[j]))
			}
			k++
		}
	}
}
