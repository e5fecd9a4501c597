package loaders

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestClusterIDs: the table for numbers that lie close and the map for those
// that do not number the same pairs alike, in order of first appearance.
func TestClusterIDs(t *testing.T) {
	const rows = 3000
	rng := rand.New(rand.NewPCG(4, 2))
	close, far := [2]Ints{}, [2]Ints{}
	for range rows {
		for k, n := range []int{10, 150} {
			x := rng.Int64N(int64(n)) - 3
			close[k].V = append(close[k].V, x)
			far[k].V = append(far[k].V, x*(math.MaxInt64/200))
		}
	}
	type pair struct{ a, b int64 }
	var order []pair
	want := make([]int32, rows)
	for row := range want {
		p := pair{close[0].V[row], close[1].V[row]}
		at := slices.Index(order, p)
		if at < 0 {
			at = len(order)
			order = append(order, p)
		}
		want[row] = int32(at)
	}
	for name, columns := range map[string][2]Ints{"close": close, "far": far} {
		got := clusterIDs(columns[0], columns[1], rows)
		if !slices.Equal(got.ID, want) || got.N != len(order) {
			t.Errorf("%s: %d clusters, want %d, or other numbers", name, got.N, len(order))
		}
	}
	// The whole range of int64 overflows no difference.
	ends := Ints{V: []int64{math.MinInt64, math.MaxInt64, math.MinInt64}}
	if got := clusterIDs(ends, ends, 3); !slices.Equal(got.ID, []int32{0, 1, 0}) {
		t.Errorf("the ends of int64: %v", got.ID)
	}
	if got := clusterIDs(Ints{V: []int64{}}, Ints{V: []int64{}}, 0); got.N != 0 {
		t.Errorf("no rows: %v", got)
	}
}
