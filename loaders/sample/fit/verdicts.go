package main

import (
	"context"
	"math"
	"runtime"

	"github.com/specstress/specstress/loaders/sample/internal/latent"
)

// fitVerdicts moves the bins' badness and the judges, so that Figure 2,
// the judges' flag rates and agreements and Table 2 come out.
func fitVerdicts(ctx context.Context, p *latent.Params, rounds, generations int) error {
	w, r, err := realise(ctx, *p, fittedSeed)
	if err != nil {
		return err
	}
	params := []free{{"yielding", &p.Yielding, .1, 0, .95}}
	for i := range p.Bins {
		b := &p.Bins[i]
		params = append(params,
			free{"mean", &b.Mean, .1, -5, 5},
			free{"scenario", &b.Scenario, .1, .1, 4},
			free{"response", &b.Response, .1, .1, 4},
		)
	}
	for i := range p.Judges {
		j := &p.Judges[i]
		params = append(params,
			free{"leniency", &j.Leniency, .1, -3, 3},
			free{"noise", &j.Noise, .1, .1, 4},
			free{"persistence", &j.Persistence, .1, 0, .95},
		)
	}
	start := make([]float64, len(params))
	for i, f := range params {
		start[i] = *f.at
	}
	residuals := func(ctx context.Context) ([]float64, error) {
		w.Params = *p
		bins, err := w.Judge(ctx, r.Drawn, runtime.GOMAXPROCS(0))
		if err != nil {
			return nil, err
		}
		r.Bins = bins
		var out []float64
		for _, t := range latent.VerdictTargets(r) {
			// The power spreads what cannot be met over several targets.
			off := t.Off()
			out = append(out, math.Copysign(math.Pow(math.Abs(off), 1.5), off))
		}
		// Nothing is published on passing by bin; let it fall with
		// disagreement, as failing rises.
		rates := latent.PassRates(r)
		for b := range latent.NumBins - 1 {
			out = append(out, max(0, rates[b+1]-rates[b])/.01)
		}
		for i, f := range params {
			out = append(out, pull/5*(*f.at-start[i])/f.step)
		}
		return out, nil
	}
	if err := fit(ctx, params, rounds, residuals, report); err != nil {
		return err
	}
	return polish(ctx, params, generations, residuals, report)
}
