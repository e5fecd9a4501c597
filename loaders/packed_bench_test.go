package loaders_test

import (
	"testing"

	"github.com/specstress/specstress/loaders"
)

// BenchmarkOpenPacked opens the built-in sample, which has the published
// sizes, and reads one table of it, checksum included: what every notebook
// cell does first. all_models has 43,960 rows, complete 411,000.
func BenchmarkOpenPacked(b *testing.B) {
	d, err := loaders.Open(ctx, "sample", loaders.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := d.Pack(ctx); err != nil {
		b.Fatal(err)
	}
	for _, split := range []string{"all_models", loaders.ConfigComplete} {
		b.Run(split, func(b *testing.B) {
			rows := 0
			for b.Loop() {
				p, err := loaders.OpenPacked(ctx, "sample", loaders.Options{})
				if err != nil {
					b.Fatal(err)
				}
				s, err := p.Scenarios(ctx, split)
				if err != nil {
					b.Fatal(err)
				}
				rows += s.Rows()
			}
			b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
		})
	}
	b.Run("verdicts", func(b *testing.B) {
		for b.Loop() {
			p, err := loaders.OpenPacked(ctx, "sample", loaders.Options{})
			if err != nil {
				b.Fatal(err)
			}
			if _, err := p.Verdicts(ctx); err != nil {
				b.Fatal(err)
			}
		}
	})
}
