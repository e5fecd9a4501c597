package reproduce

import (
	"io"
	"math"

	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
)

// A backdrop is what stands behind the marks of every figure: which data
// they show, and whether the paper's numbers may stand beside.
type backdrop struct {
	figure.Source
	beside bool
	origin paper.Origin
}

// backdrop lays the paper's numbers under ours only where both are of the
// same data.
func (r *Run) backdrop() backdrop {
	b := backdrop{Source: figure.Source{Filter: r.Filter}, beside: r.Origin == paper.PaperOrigin, origin: r.Origin}
	if r.Origin == paper.SyntheticOrigin {
		b.Synthetic = syntheticName
	}
	return b
}

// published returns the paper's values of the given results times scale,
// NaN where it has none; nil where they may not stand beside ours.
func (b backdrop) published(scale float64, ids ...string) []float64 {
	if !b.beside {
		return nil
	}
	values := make([]float64, len(ids))
	for i, id := range ids {
		values[i] = math.NaN()
		if n, ok := paper.Lookup(id); ok {
			values[i] = n.Value * scale
		}
	}
	return values
}

// draw adds a figure. One that refuses the data, such as a hundred judges,
// is told as missing with its reason; the numbers are there all the same.
func (b *body) draw(make func() (*figure.Figure, error)) {
	f, err := make()
	if err == nil {
		err = f.Encode(io.Discard, "svg") // some refuse only when written
	}
	if err != nil {
		b.noFigure = err.Error()
		return
	}
	b.figures = append(b.figures, f)
}
