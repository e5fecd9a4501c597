package main

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// BenchmarkWorst selects from points on a sphere, without clusters: every
// point is nearly as far from the selected ones as any other.
func BenchmarkWorst(b *testing.B) {
	const n, dim, k = 20_000, 384, 500
	rng := rand.New(rand.NewPCG(1, 1))
	data := make([]float32, n*dim)
	for i := range data {
		data[i] = float32(rng.NormFloat64() / math.Sqrt(dim))
	}
	v, err := analysis.NewVectors(b.Context(), data, dim, analysis.Cosine)
	if err != nil {
		b.Fatal(err)
	}
	opt := analysis.KCenterOptions{K: k, Start: analysis.StartAt(0)}
	b.Run("lazy", func(b *testing.B) {
		for b.Loop() {
			s, err := analysis.KCenter(b.Context(), v, opt)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(s.Distances)/n/k, "computed")
		}
	})
	b.Run("dense", func(b *testing.B) {
		for b.Loop() {
			dense(v, opt)
		}
	})
}
