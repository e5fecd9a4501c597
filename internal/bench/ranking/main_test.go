package main

import (
	"context"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// BenchmarkFit fits the sample's models in turn.
func BenchmarkFit(b *testing.B) {
	contests, _, err := load(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if _, err := analysis.FitBradleyTerry(contests[n%len(contests)], analysis.ValueModel()); err != nil {
			b.Fatal(err)
		}
	}
}
