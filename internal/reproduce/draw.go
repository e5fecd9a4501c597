package reproduce

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
)

// A backdrop is what stands behind the marks of every figure: which data
// they show, and whether the paper's numbers may stand beside.
type backdrop struct {
	figure.Source
	beside bool
	origin paper.Origin
	wishes *wishes
}

// Wishes are options of figures by name, as in bins=12, and what became of
// them. A section may draw figures of several kinds: a wish that one of
// them can fulfil is fulfilled.
type wishes struct {
	pairs     []string
	fulfilled []bool
	refused   []error
}

// options are a figure's options with what the user wished. Every section
// passes its own through it.
func options[T any](b backdrop, opt T) T {
	if b.wishes == nil {
		return opt
	}
	for i, pair := range b.wishes.pairs {
		name, value, _ := strings.Cut(pair, "=")
		if err := figure.SetOption(&opt, name, value); err != nil {
			b.wishes.refused[i] = err
			continue
		}
		b.wishes.fulfilled[i] = true
	}
	return opt
}

func newWishes(pairs []string) *wishes {
	return &wishes{pairs, make([]bool, len(pairs)), make([]error, len(pairs))}
}

// err is the first wish that no figure fulfilled.
func (w *wishes) err() error {
	for i, pair := range w.pairs {
		switch {
		case w.fulfilled[i]:
		case w.refused[i] != nil:
			return w.refused[i]
		default:
			return fmt.Errorf("%w: %s, but this figure has none", figure.ErrOption, pair)
		}
	}
	return nil
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
