package figure_test

import (
	"io"
	"testing"

	"github.com/specstress/specstress/analysis/figure"
)

func BenchmarkWrite(b *testing.B) {
	for _, format := range []string{"svg", "png"} {
		for _, f := range figures(b, figure.Source{Synthetic: "synthetic sample"}) {
			b.Run(f.ID+"/"+format, func(b *testing.B) {
				for b.Loop() {
					if err := f.Encode(io.Discard, format); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
