package analysis_test

import (
	"math/rand/v2"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// BenchmarkBattery is everything that the positions of the whole dataset
// are asked for: disagreement over the paper's six sets with shares,
// histograms of 0.05 and Figure 2's bins, outliers in both readings, and
// preferences; then the bootstrap of one mean, which costs as much again.
func BenchmarkBattery(b *testing.B) {
	const rows = 411000
	p := bigTable(b, rows)
	rng := rand.New(rand.NewPCG(5, 5))
	var category [2][]int32
	for v := range category {
		category[v] = make([]int32, rows)
		for i := range category[v] {
			category[v][i] = int32(rng.IntN(27)) - 1
		}
	}
	var fine []float64
	for k := range 61 {
		fine = append(fine, float64(k)/20)
	}
	check := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	b.Run("counts", func(b *testing.B) {
		for b.Loop() {
			for _, set := range analysis.PaperModelSets() {
				d, err := analysis.MeasureDisagreement(p, set)
				check(err)
				_, err = d.ShareAtLeast(1.5)
				check(err)
				_, err = d.Histogram(fine)
				check(err)
				_, err = d.Histogram(analysis.PaperBins())
				check(err)
			}
			for _, rule := range []analysis.OutlierRule{analysis.SameValue, analysis.EitherValue} {
				_, err := analysis.MeasureOutliers(p, analysis.AllModels, rule)
				check(err)
			}
			_, err := analysis.MeasurePreferences(p, category, analysis.AllModels)
			check(err)
		}
		rowsPerSecond(b, rows)
	})
	b.Run("mean", func(b *testing.B) {
		d, err := analysis.MeasureDisagreement(p, analysis.AllModels)
		check(err)
		for b.Loop() {
			_, err := d.Mean()
			check(err)
		}
		rowsPerSecond(b, rows)
	})
}
