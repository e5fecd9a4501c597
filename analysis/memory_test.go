package analysis_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/reliability"
)

// bytesPerScenario is what docs/reliability.md states for 12 models:
// positions on two values, and room for the rest.
const bytesPerScenario = 64

// TestMemoryOfMillions holds the memory of a hundredfold dataset to its
// ceiling at a tenth of it: 4.1 million scenarios of 12 models, measured
// and counted. At most the positions and one spread per scenario
// may be there at once.
func TestMemoryOfMillions(t *testing.T) {
	rows := 410_000
	if reliability.Long() {
		rows = 4_100_000
	}
	const models = 12
	live := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := live()
	rng := rand.New(rand.NewPCG(1, 2))
	ids := make([]string, models)
	columns := make([][2][]analysis.Position, models)
	for m := range columns {
		ids[m] = fmt.Sprintf("m%d", m)
		for v := range 2 {
			column := make([]analysis.Position, rows)
			for row := 0; row < rows; row += 16 {
				word := rng.Uint64()
				for i := row; i < min(row+16, rows); i++ {
					column[i], _ = analysis.NewPosition(int(word >> (4 * (i - row)) & 15 % 7)) // always in range
				}
			}
			columns[m][v] = column
		}
	}
	positions, err := analysis.NewPositions(ids, columns, analysis.Clusters{})
	if err != nil {
		t.Fatal(err)
	}
	set, err := analysis.NewModelSet("all", ids...)
	if err != nil {
		t.Fatal(err)
	}
	var start runtime.MemStats
	runtime.ReadMemStats(&start)
	dis, err := analysis.MeasureDisagreement(positions, set)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dis.CountAtLeast(1.5); err != nil {
		t.Fatal(err)
	}
	var end runtime.MemStats
	runtime.ReadMemStats(&end)
	held := live() - before
	taken := end.TotalAlloc - start.TotalAlloc
	runtime.KeepAlive(positions)
	runtime.KeepAlive(dis)
	if limit := uint64(rows * bytesPerScenario); held > limit || taken > limit {
		t.Errorf("%d scenarios hold %d bytes, and measuring them allocates %d, want at most %d", rows, held, taken, limit)
	}
	reliability.Record(t, "%.2f million scenarios of 12 models hold %d bytes each", float64(rows)/1e6, (held+uint64(rows)/2)/uint64(rows))
}
