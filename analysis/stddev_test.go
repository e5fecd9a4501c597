package analysis_test

import (
	"math"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// NIST StRD, NumAcc4: 10000000.2 and 500 times 10000000.1 and 10000000.3,
// whose sample standard deviation is exactly 0.1. The sum of squares less the
// square of the sum, which is the formula in one pass, gives 0 in float64.
// Stored, the numbers are off by up to 1e-9, and that is how far off the
// result may be.
func TestPopulationStdDevNumAcc4(t *testing.T) {
	x := []float64{10000000.2}
	for range 500 {
		x = append(x, 10000000.1, 10000000.3)
	}
	sd, err := analysis.PopulationStdDev(x)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "sample standard deviation", sd*math.Sqrt(1001./1000), 0.1, 1e-9)
}
