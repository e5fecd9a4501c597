//go:build amd64 && !purego

package analysis

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestLanesAVX2 holds the kernels for processors with AVX2 to the plain ones,
// on columns of every length that matters, complete and not.
func TestLanesAVX2(t *testing.T) {
	if !useAVX2 {
		t.Skip("this processor has no AVX2")
	}
	defer func() { useAVX2 = true }()
	rng := rand.New(rand.NewPCG(2, 8))
	for _, rows := range []int{1, 7, 31, 32, 33, 63, 64, 65, 100, 127, 128, 1000, 1023, 1024} {
		for _, models := range []int{1, 2, 12, laneModels} {
			for _, low := range []int{0, 1} { // with missing positions, and without
				columns := make([][2][]Position, models)
				for m := range columns {
					for v := range columns[m] {
						columns[m][v] = make([]Position, rows)
						for i := range columns[m][v] {
							columns[m][v][i].n = uint8(low + rng.IntN(8-low))
						}
					}
				}
				useAVX2 = true
				fast := lanesOutcome(columns)
				useAVX2 = false
				if slow := lanesOutcome(columns); fast != slow {
					t.Errorf("%d rows, %d models, n from %d: AVX2 gives\n%s\nwant\n%s", rows, models, low, fast, slow)
				}
			}
		}
	}
}

// lanesOutcome is everything that the kernels compute.
func lanesOutcome(columns [][2][]Position) string {
	rows, models := len(columns[0][0]), len(columns)
	var both [2]laneTallies
	outcome := ""
	for v := range both {
		var part laneTallies
		for m := range columns {
			part.add(columns[m][v])
			if m == models/2 {
				both[v], part = part, laneTallies{}
			}
			sum, done := productsFast(columns[0][v], columns[m][v])
			for i := done; i < rows; i++ {
				sum += int64(columns[0][v][i].n) * int64(columns[m][v][i].n)
			}
			outcome += fmt.Sprint(sum, planesOf(columns[m][v][:min(rows, planeRows)]), " ")
		}
		both[v].merge(&part)
		outcome += fmt.Sprint(both[v])
	}
	squares := newSquares(models)
	complete := make([]Spread, rows)
	completeSpreads(&both[0], &both[1], models, &squares, complete)
	for i := range complete { // of others it may write anything
		a, b := both[0].spread(i), both[1].spread(i)
		if int(a.N) != models || int(b.N) != models {
			complete[i] = Spread{}
		} else if want := (Spread{max(a.Q, b.Q), a.N}); complete[i] != want {
			outcome += fmt.Sprintf("row %d: %v, want %v; ", i, complete[i], want)
		}
	}
	return outcome + fmt.Sprint(slices.Clone(complete))
}
