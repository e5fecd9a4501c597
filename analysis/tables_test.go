package analysis_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// Tables of positions that several tests share.

// gap is a missing position in the tables of these tests.
const gap = -1

func column(t testing.TB, scores ...int) []analysis.Position {
	t.Helper()
	out := make([]analysis.Position, len(scores))
	for i, s := range scores {
		if s == gap {
			continue
		}
		p, err := analysis.NewPosition(s)
		if err != nil {
			t.Fatal(err)
		}
		out[i] = p
	}
	return out
}

// A row is one scenario's scores by model, on value 1 and on value 2.
type row [2][]int

// table makes Positions of rows, with one model per score.
func table(t testing.TB, models []string, rows []row, clusters analysis.Clusters) *analysis.Positions {
	t.Helper()
	columns := make([][2][]analysis.Position, len(models))
	for m := range models {
		for v := range 2 {
			scores := make([]int, len(rows))
			for i, r := range rows {
				scores[i] = r[v][m]
			}
			columns[m][v] = column(t, scores...)
		}
	}
	p, err := analysis.NewPositions(models, columns, clusters)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// someModels names n models and the set of them all.
func someModels(t testing.TB, n int) ([]string, analysis.ModelSet) {
	t.Helper()
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("model_%03d", i)
	}
	set, err := analysis.NewModelSet("test", names...)
	if err != nil {
		t.Fatal(err)
	}
	return names, set
}

func knownIDs() []string {
	var ids []string
	for _, m := range analysis.KnownModels() {
		ids = append(ids, m.ID)
	}
	return ids
}

// variance is the definition in rational arithmetic.
func variance(scores []int) *big.Rat {
	n := new(big.Rat).SetInt64(int64(len(scores)))
	mean := new(big.Rat)
	for _, s := range scores {
		mean.Add(mean, new(big.Rat).SetInt64(int64(s)))
	}
	mean.Quo(mean, n)
	sum := new(big.Rat)
	for _, s := range scores {
		d := new(big.Rat).Sub(new(big.Rat).SetInt64(int64(s)), mean)
		sum.Add(sum, d.Mul(d, d))
	}
	return sum.Quo(sum, n)
}

// multisets calls f with every ascending list of n scores.
func multisets(n int, f func([]int)) {
	scores := make([]int, n)
	var fill func(i, from int)
	fill = func(i, from int) {
		if i == n {
			f(scores)
			return
		}
		for s := from; s <= analysis.MaxScore; s++ {
			scores[i] = s
			fill(i+1, s)
		}
	}
	fill(0, 0)
}

// randomRows has every score and now and then a gap.
func randomRows(n, models int, seed uint64) []row {
	rng := rand.New(rand.NewPCG(seed, 0))
	rows := make([]row, n)
	for i := range rows {
		for v := range 2 {
			rows[i][v] = make([]int, models)
			for m := range models {
				rows[i][v][m] = rng.IntN(8) - 1
			}
		}
	}
	return rows
}

// twoModels is a small table for the examples: how far two models are
// apart on the first value of eight scenarios, two of each value pair.
func twoModels() (*analysis.Positions, analysis.ModelSet) {
	set, _ := analysis.NewModelSet("two", "gpt_4o", "grok_4")
	columns := make([][2][]analysis.Position, 2)
	for scenario := range 8 {
		low, _ := analysis.NewPosition(0)
		high, _ := analysis.NewPosition(min(scenario, analysis.MaxScore))
		columns[0][0] = append(columns[0][0], low)
		columns[1][0] = append(columns[1][0], high)
		columns[0][1] = append(columns[0][1], low)
		columns[1][1] = append(columns[1][1], low)
	}
	clusters := analysis.Clusters{ID: []int32{0, 0, 1, 1, 2, 2, 3, 3}, N: 4}
	p, _ := analysis.NewPositions(set.Models, columns, clusters)
	return p, set
}

// bigTable has random positions of the paper's twelve models, about one in
// fifty missing, and three scenarios to a value pair.
func bigTable(b *testing.B, rows int) *analysis.Positions { return randomTable(b, rows, 50) }

// randomTable has the paper's twelve models; one position of every oneIn is
// missing, none if that is 0.
func randomTable(b testing.TB, rows, oneIn int) *analysis.Positions {
	b.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	var scores [8]analysis.Position
	for s := range 7 {
		scores[s], _ = analysis.NewPosition(s)
	}
	columns := make([][2][]analysis.Position, 12)
	for m := range columns {
		for v := range 2 {
			columns[m][v] = make([]analysis.Position, rows)
			for i := range rows {
				score := rng.IntN(7)
				if oneIn > 0 && rng.IntN(oneIn) == 0 {
					score = 7
				}
				columns[m][v][i] = scores[score]
			}
		}
	}
	clusters := analysis.Clusters{ID: make([]int32, rows), N: rows/3 + 1}
	for i := range clusters.ID {
		clusters.ID[i] = int32(i / 3)
	}
	p, err := analysis.NewPositions(knownIDs(), columns, clusters)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func rowsPerSecond(b *testing.B, rows int) {
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// pairs gives each two neighbouring units one cluster.
func pairs(n int) analysis.Clusters {
	c := analysis.Clusters{ID: make([]int32, n), N: (n + 1) / 2}
	for i := range c.ID {
		c.ID[i] = int32(i / 2)
	}
	return c
}

func singles(n int) analysis.Clusters {
	c := analysis.Clusters{ID: make([]int32, n), N: n}
	for i := range c.ID {
		c.ID[i] = int32(i)
	}
	return c
}

func bools(s string) []bool {
	out := make([]bool, len(s))
	for i := range s {
		out[i] = s[i] == '1'
	}
	return out
}
