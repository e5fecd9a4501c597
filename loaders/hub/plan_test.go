package hub

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/specstress/specstress/loaders"
)

func TestPlan(t *testing.T) {
	const kb = 1 << 10
	for _, c := range []struct {
		name   string
		wanted []loaders.Range
		size   int64
		have   []span
		want   []span
	}{
		{"nothing", nil, 100, nil, nil},
		{"one", []loaders.Range{{Offset: 10, Length: 5}}, 100, nil, []span{{10, 15}}},
		{"in any order, adjacent", []loaders.Range{{Offset: 15, Length: 5}, {Offset: 10, Length: 5}}, 100, nil, []span{{10, 20}}},
		{"overlapping", []loaders.Range{{Offset: 10, Length: 10}, {Offset: 12, Length: 3}}, 100, nil, []span{{10, 20}}},
		{"over a gap of 64 KB", []loaders.Range{{Offset: 0, Length: 1}, {Offset: 64*kb + 1, Length: 1}}, 100 * kb, nil, []span{{0, 64*kb + 2}}},
		{"not over one byte more", []loaders.Range{{Offset: 0, Length: 1}, {Offset: 64*kb + 2, Length: 1}}, 100 * kb, nil, []span{{0, 1}, {64*kb + 2, 64*kb + 3}}},
		{"what is there is left out", []loaders.Range{{Offset: 0, Length: 30}}, 100, []span{{10, 20}}, []span{{0, 10}, {20, 30}}},
		{"all is there", []loaders.Range{{Offset: 12, Length: 5}}, 100, []span{{10, 20}}, nil},
		{"joined, but not over what is there", []loaders.Range{{Offset: 0, Length: 1}, {Offset: 50, Length: 1}}, 100, []span{{10, 20}}, []span{{0, 10}, {20, 51}}},
		{"cut at both ends", []loaders.Range{{Offset: -10, Length: 15}, {Offset: 95, Length: 10}}, 100, []span{{5, 95}}, []span{{0, 5}, {95, 100}}},
		{"the tail of a short file", []loaders.Range{{Offset: 300 - 1000, Length: 1000}}, 300, nil, []span{{0, 300}}},
		{"outside", []loaders.Range{{Offset: 100, Length: 5}, {Offset: math.MaxInt64, Length: math.MaxInt64}, {Offset: 5, Length: -3}, {Offset: -10, Length: 10}}, 100, nil, nil},
		{"a large one in pieces", []loaders.Range{{Offset: 0, Length: 40 << 20}}, 40 << 20, nil, []span{{0, 16 << 20}, {16 << 20, 32 << 20}, {32 << 20, 40 << 20}}},
	} {
		if got := plan(c.wanted, c.size, c.have); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestPlanLaws: whatever is wanted is there afterwards, nothing twice, and
// no more than the gaps besides.
func TestPlanLaws(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for round := range 2000 {
		size := 1 + r.Int64N(400_000)
		var have []span
		for at := int64(0); at < size; {
			s := span{at + r.Int64N(100_000), 0}
			s.end = s.start + 1 + r.Int64N(20_000)
			if s.end > size {
				break
			}
			have, at = append(have, s), s.end+r.Int64N(2)
		}
		wanted := make([]loaders.Range, r.IntN(8))
		for i := range wanted {
			wanted[i] = loaders.Range{Offset: r.Int64N(size+100) - 50, Length: r.Int64N(30_000)}
		}
		got := plan(wanted, size, have)
		covered := make([]byte, size)
		for _, s := range append(append([]span{}, have...), got...) {
			if s.start < 0 || s.start >= s.end || s.end > size {
				t.Fatalf("round %d: span %v of a file of %d", round, s, size)
			}
			for i := s.start; i < s.end; i++ {
				covered[i]++
			}
		}
		for i, n := range covered {
			if n > 1 {
				t.Fatalf("round %d: byte %d comes twice", round, i)
			}
		}
		for _, w := range wanted {
			for i := max(0, w.Offset); i < min(size, w.Offset+w.Length); i++ {
				if covered[i] == 0 {
					t.Fatalf("round %d: byte %d of %v does not come", round, i, w)
				}
			}
		}
	}
}
