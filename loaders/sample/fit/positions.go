package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"runtime"

	"github.com/specstress/specstress/loaders/sample/internal/latent"
)

// fitPositions moves what decides positions, so that the outlier counts
// and the disagreement at known ranks come out, every split has enough
// candidates, and the bins of disagreement have the weights that Table 2
// asks for given Figure 2.
func fitPositions(ctx context.Context, p *latent.Params, rounds int) error {
	params := []free{
		{"tension_by_value", &p.TensionByValue, .05, .05, 1},
		{"tension_by_pair", &p.TensionByPair, .05, .1, 1.5},
		{"tension_by_scenario", &p.TensionByScenario, .05, .1, 1.5},
		{"amplitude.neutral", &p.Amplitude.Neutral, .1, .3, 2.5},
		{"amplitude.biased", &p.Amplitude.Biased, .1, .5, 3},
		{"amplitude_deviation", &p.AmplitudeDeviation, .1, .05, 1.5},
		{"max_amplitude", &p.MaxAmplitude, .1, 2, 3.5},
		{"demand.neutral", &p.Demand.Neutral, .1, -4, 1},
		{"demand.biased", &p.Demand.Biased, .1, -4, 1},
		{"demand_deviation", &p.DemandDeviation, .1, .5, 4},
		{"provider_shock", &p.ProviderShock, .05, .05, 1.5},
		{"steepness", &p.Steepness, .3, 1, 8},
		{"stray_scale", &p.StrayScale, .2, 1.5, 6},
	}
	for i := range p.Models {
		m := &p.Models[i]
		params = append(params,
			free{m.Model + ".tolerance", &m.Tolerance, .1, -3, 3},
			free{m.Model + ".stray", &m.Stray, .01, 0, .4},
		)
	}
	start := make([]float64, len(params))
	for i, f := range params {
		start[i] = *f.at
	}
	return fit(ctx, params, rounds, func(ctx context.Context) ([]float64, error) {
		w, err := latent.Simulate(ctx, *p, fittedSeed, latent.FullRows, runtime.GOMAXPROCS(0))
		if err != nil {
			return nil, err
		}
		out := positionResiduals(w)
		for i, f := range params { // a weak pull towards the start
			out = append(out, pull*(*f.at-start[i])/f.step)
		}
		return out, nil
	}, report)
}

const pull = .1

// positionResiduals are in standard errors where a published number has
// one.
func positionResiduals(w *latent.World) []float64 {
	splits := w.SelectAll()
	all := splits[0]
	var out []float64
	for _, t := range append(w.OutlierTargets(all), w.RankTargets(all)...) {
		// Far from the target the logarithm keeps the problem nearly
		// linear; close to it, it is the number of standard errors.
		if t.Simulated > 0 && t.Published > 0 {
			out = append(out, math.Log(t.Simulated/t.Published)*t.Published/t.SE/2)
		} else {
			out = append(out, 50)
		}
	}
	out = append(out, shortfall(float64(all.Candidates), spareByPair*float64(all.Rows))/.03)
	for _, s := range splits[1:] {
		out = append(out, shortfall(float64(s.Candidates), spare*float64(s.Rows))/.03)
	}
	// All-fail in Table 2 from the bins' weights and Figure 2's rates.
	for _, off := range w.AllFailResiduals(splits) {
		out = append(out, 1.3*off)
	}
	shares := w.BinShares(w.Everything())
	out = append(out, shortfall(shares[0], calm)/.01)
	for _, share := range shares {
		out = append(out, shortfall(share*float64(len(w.Scenarios)), 1.3*1000)/.1)
	}
	return append(out, (float64(w.FrequentValues(all))-1023)/150)
}

// calm is the least share of scenarios in the lowest bin: with fewer, not
// enough responses pass in Table 2's random sample.
const calm = .85

// How many candidates a split should have for each row. In all_models they
// crowd in fewer value pairs than the published rows do.
const (
	spare       = 1.1
	spareByPair = 1.5
)

// shortfall is 0 when there is enough, else by which factor, as a
// logarithm, it is too little.
func shortfall(have, want float64) float64 {
	return max(0, math.Log(want/max(have, 1e-6)))
}

func report(round int, loss float64) {
	fmt.Fprintf(os.Stderr, "round %d: loss %.1f\n", round, loss)
}
