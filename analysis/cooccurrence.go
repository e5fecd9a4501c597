package analysis

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// CoOccurrence says how often model B bears one label where model A bears
// another. Matrices have a row for each Y of B and a column for each X of
// A, as in the paper's figure.
type CoOccurrence struct {
	A, B   string
	Labels []string // of rows and columns
	// P is P(B bears Y | A bears X), 0..1; NaN with a warning where A never
	// bears X.
	P [][]Estimate // [y][x]
	// Lift is P over P(B bears Y): 1 where X says nothing of Y, above 1
	// where they go together; NaN with a warning where either never occurs.
	Lift    [][]Estimate // [y][x]
	CountA  []int        // by X: rows in which A bears it
	CountB  []int        // by Y: rows in which B bears it
	Rows    int          // rows in which both responses are labelled
	Missing int          // rows left out, as either is not
}

// MeasureCoOccurrence returns for models A and B, which may be the same,
// and for each X and Y of some labels
//
//	P(Y|X) = #{rows: A bears X and B bears Y} / #{rows: A bears X}
//	Lift   = P(Y|X) / P(Y),  P(Y) = #{rows: B bears Y} / #{rows}
//
// A row counts once for a label, however often the response expresses it.
// Rows in which either response is not labelled are left out of all counts
// and counted in Missing.
//
// Raw shares mix association with base rates: a label that B bears
// everywhere has a high P with every X. So read them beside the lift.
//
// The interval of P is that of Share, on the rows in which A bears X. That
// of the lift is the normal one of its logarithm, the variance being that
// of the linearised logarithm, C/(C−1)·Σ over clusters of the squared sum
// over rows of
//
//	[X and Y]/n(X and Y) + 1/n − [X]/n(X) − [Y]/n(Y)
//
// SE is the lift times its root. A lift of 0 has no interval, and one on
// fewer than ten joint rows a warning. Unknown clusters take rows as
// independent, with a warning. Where A is B, P on the diagonal is 1 by
// definition and has no interval.
//
// The error is ErrTooFew when no row is labelled for both; others name a
// model or label that does not exist or columns that do not fit.
//
// Source: Zhang et al. 2025, appendix C.2 and Figure 11; lift: Brin et al.
// 1997, SIGMOD Record 26(2):255-264, there called interest; linearisation:
// Särndal, Swensson and Wretman 1992, section 5.5.
func MeasureCoOccurrence(l *Labels, a, b string, labels []int) (*CoOccurrence, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	var columns [2][]LabelSet
	for i, name := range []string{a, b} {
		m := slices.Index(l.Models, name)
		if m < 0 {
			return nil, UnknownName("model", name, l.Models)
		}
		columns[i] = l.ByModel[m]
	}
	for _, label := range labels {
		if label < 0 || label >= len(l.Names) {
			return nil, fmt.Errorf("analysis: co-occurrence: label %d, want 0..%d", label, len(l.Names)-1)
		}
	}
	clusters, err := l.Clusters.among(len(columns[0]))
	if err != nil {
		return nil, err
	}
	t := newJointTally(columns, clusters, labels)
	t.known = l.Clusters.Known()
	if len(t.rows) == 0 {
		return nil, fmt.Errorf("analysis: co-occurrence of %s and %s: no row labelled for both: %w", a, b, ErrTooFew)
	}
	out := &CoOccurrence{A: a, B: b, CountA: t.count[0], CountB: t.count[1], Rows: len(t.rows), Missing: len(columns[0]) - len(t.rows)}
	for _, label := range labels {
		out.Labels = append(out.Labels, l.Names[label])
	}
	out.P, out.Lift = make([][]Estimate, len(labels)), make([][]Estimate, len(labels))
	errs := make([]error, len(labels))
	inParallel(len(labels), func() func(int) {
		local := newLocalNumbers(clusters)
		return func(y int) {
			out.P[y], out.Lift[y] = make([]Estimate, len(labels)), make([]Estimate, len(labels))
			for x := range labels {
				share, err := t.share(x, y, local)
				if err != nil {
					errs[y] = err
					return
				}
				out.P[y][x] = share
				if a == b && x == y && t.count[0][x] > 0 {
					out.P[y][x] = Estimate{Value: 1, N: t.count[0][x], Method: "1 by definition"}
				}
				out.Lift[y][x] = t.lift(x, y)
				for _, e := range []*Estimate{&out.P[y][x], &out.Lift[y][x]} {
					e.Unit = "scenarios"
					if out.Missing > 0 {
						e.Excluded = []Exclusion{{notLabelled, out.Missing}}
					}
				}
			}
		}
	})
	return out, errors.Join(errs...)
}

// A jointTally is the rows labelled for both models.
type jointTally struct {
	columns  [2][]LabelSet
	labels   []int
	clusters Clusters
	known    bool
	rows     []int32
	groups   int      // clusters among the rows
	count    [2][]int // [model][place in labels]
}

func newJointTally(columns [2][]LabelSet, clusters Clusters, labels []int) *jointTally {
	t := &jointTally{columns: columns, labels: labels, clusters: clusters}
	t.count[0], t.count[1] = make([]int, len(labels)), make([]int, len(labels))
	seen := make([]bool, clusters.N)
	for row := range columns[0] {
		if columns[0][row].Missing() || columns[1][row].Missing() {
			continue
		}
		t.rows = append(t.rows, int32(row))
		if c := clusters.ID[row]; !seen[c] {
			seen[c] = true
			t.groups++
		}
		for m := range t.count {
			for place, label := range labels {
				if columns[m][row].Has(label) {
					t.count[m][place]++
				}
			}
		}
	}
	return t
}

// share is P(Y|X).
func (t *jointTally) share(x, y int, local *localNumbers) (Estimate, error) {
	if t.count[0][x] == 0 {
		return Estimate{Value: math.NaN(), Warnings: []error{fmt.Errorf("the first model never bears the label: %w", ErrUndefined)}}, nil
	}
	var units []unit
	for _, row := range t.rows {
		if t.columns[0][row].Has(t.labels[x]) {
			units = append(units, unit{row: row})
		}
	}
	within, n := local.of(units)
	tally := NewShareTally(n)
	for i, u := range units {
		tally.Add(int(within[i]), t.columns[1][u.row].Has(t.labels[y]))
	}
	return shareMean(t.known, tally)
}

// lift is P(Y|X) over P(Y).
func (t *jointTally) lift(x, y int) Estimate {
	nX, nY, n := float64(t.count[0][x]), float64(t.count[1][y]), float64(len(t.rows))
	e := Estimate{N: len(t.rows), Method: "lift"}
	if nX == 0 || nY == 0 {
		e.Value = math.NaN()
		e.Warnings = []error{fmt.Errorf("a label that never occurs: %w", ErrUndefined)}
		return e
	}
	joint := 0
	for _, row := range t.rows {
		if t.columns[0][row].Has(t.labels[x]) && t.columns[1][row].Has(t.labels[y]) {
			joint++
		}
	}
	nXY := float64(joint)
	e.Value = nXY * n / (nX * nY)
	if !t.known {
		e.Warnings = append(e.Warnings, errClustersUnknown)
	} else {
		e.Clusters = t.groups
	}
	if joint == 0 {
		e.Warnings = append(e.Warnings, errors.New("no interval: the labels never occur together"))
		return e
	}
	influence := make([]float64, t.clusters.N)
	for _, row := range t.rows {
		hasX, hasY := t.columns[0][row].Has(t.labels[x]), t.columns[1][row].Has(t.labels[y])
		v := 1 / n
		if hasX && hasY {
			v += 1 / nXY
		}
		if hasX {
			v -= 1 / nX
		}
		if hasY {
			v -= 1 / nY
		}
		influence[t.clusters.ID[row]] += v
	}
	squares := 0.0
	for _, v := range influence {
		squares += v * v
	}
	c := float64(t.groups)
	logSE := math.Sqrt(c / (c - 1) * squares)
	// Rounding alone where both labels are in every row.
	if t.groups < 2 || logSE < 1e-12 {
		e.Warnings = append(e.Warnings, errors.New("no interval: the rows do not vary"))
		return e
	}
	factor := math.Exp(normalQuantile(Level) * logSE)
	e.SE, e.Lo, e.Hi, e.Level = e.Value*logSE, e.Value/factor, e.Value*factor, Level
	e.Method += fmt.Sprintf(", log interval %g %%", 100*Level)
	if t.known {
		e.Method += " by cluster"
	}
	if joint < fewEvents {
		e.Warnings = append(e.Warnings, fmt.Errorf("rests on %d events: the interval is rough", joint))
	}
	return e
}
