package main

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat"

	"github.com/specstress/specstress/analysis"
)

// grow prints how the time of the battery grows with scenarios and models,
// on random positions in memory, and the line through it.
func grow() error {
	fmt.Printf("%12s %8s %12s %16s   in memory, %d threads\n", "scenarios", "models", "median ms", "ns per position", runtime.GOMAXPROCS(0))
	var rows, times []float64
	for _, size := range []struct{ rows, models int }{
		{44_000, 12}, {411_000, 12}, {4_100_000, 12}, {41_000_000, 12}, {411_000, 50}, {411_000, 100},
	} {
		t, err := timeOf(size.rows, size.models)
		if err != nil {
			return err
		}
		fmt.Printf("%12d %8d %12.1f %16.3f\n", size.rows, size.models, t, t*1e6/float64(size.rows*size.models*2))
		if size.models == 12 {
			rows, times = append(rows, float64(size.rows)/1e6), append(times, t)
		}
	}
	fixed, perMillion := stat.LinearRegression(rows, times, nil, false)
	fmt.Printf("12 models: %.1f ms + %.1f ms per million scenarios (R² %.4f)\n", fixed, perMillion, stat.RSquared(rows, times, nil, fixed, perMillion))
	return nil
}

// timeOf is the median time in ms of five surveys.
func timeOf(rows, models int) (float64, error) {
	rng := rand.New(rand.NewPCG(uint64(rows), uint64(models)))
	var scores [analysis.MaxScore + 1]analysis.Position
	for s := range scores {
		scores[s], _ = analysis.NewPosition(s)
	}
	names := make([]string, models)
	columns := make([][2][]analysis.Position, models)
	for m := range columns {
		names[m] = fmt.Sprintf("model_%d", m)
		for v := range columns[m] {
			columns[m][v] = make([]analysis.Position, rows)
			for i := range columns[m][v] {
				columns[m][v][i] = scores[rng.Uint32()%uint32(len(scores))]
			}
		}
	}
	p, err := analysis.NewPositions(names, columns, analysis.Clusters{})
	if err != nil {
		return 0, err
	}
	all, err := analysis.NewModelSet("all", names...)
	if err != nil {
		return 0, err
	}
	half, err := analysis.NewModelSet("half", names[:models/2]...)
	if err != nil {
		return 0, err
	}
	var times []float64
	for range 5 {
		start := time.Now()
		if _, err := analysis.MeasureSurvey(p, analysis.SurveyOptions{Sets: []analysis.ModelSet{all, half}, Models: all}); err != nil {
			return 0, err
		}
		times = append(times, ms(time.Since(start)))
	}
	slices.Sort(times)
	return times[2], nil
}
