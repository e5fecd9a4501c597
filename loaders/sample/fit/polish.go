package main

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// polish goes on where fit stops because counts make the loss jagged: an
// evolution strategy that needs no differences, CMA-ES with a diagonal
// covariance (Ros and Hansen 2008). It keeps the best parameters that it
// met in the given number of generations.
func polish(ctx context.Context, params []free, generations int, residuals func(context.Context) ([]float64, error), report func(round int, loss float64)) error {
	const population, parents = 40, 20
	n := float64(len(params))
	weights := make([]float64, parents)
	var sum, squares float64
	for i := range weights {
		weights[i] = math.Log(parents+.5) - math.Log(float64(i+1))
		sum += weights[i]
	}
	for i := range weights {
		weights[i] /= sum
		squares += weights[i] * weights[i]
	}
	// Learning rates and the expected length of a normal vector, as in the
	// reference.
	mass := 1 / squares
	cSigma := (mass + 2) / (n + mass + 3)
	damping := 1 + cSigma + 2*max(0, math.Sqrt((mass-1)/(n+1))-1)
	cPath := 4 / (n + 4)
	cCov := (n + 2) / 3 * (1/mass*2/((n+math.Sqrt2)*(n+math.Sqrt2)) +
		(1-1/mass)*min(1, (2*mass-1)/((n+2)*(n+2)+mass)))
	length := math.Sqrt(n) * (1 - 1/(4*n) + 1/(21*n*n))

	start, mean := make([]float64, len(params)), make([]float64, len(params))
	sigma, deviation := 1.0, make([]float64, len(params))
	pathSigma, path := make([]float64, len(params)), make([]float64, len(params))
	for i, p := range params {
		start[i], deviation[i] = *p.at, 1
	}
	evaluate := func(x []float64) (float64, error) {
		for i, p := range params {
			*p.at = math.Round(min(max(start[i]+x[i]*p.step, p.lo), p.hi)*1e4) / 1e4
		}
		r, err := residuals(ctx)
		return square(r), err
	}
	best := slices.Clone(mean)
	lowest, err := evaluate(best)
	if err != nil {
		return err
	}
	type child struct {
		z, x []float64
		loss float64
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for generation := range generations {
		if generation%20 == 0 {
			report(generation, lowest)
		}
		children := make([]child, population)
		for k := range children {
			c := child{z: make([]float64, len(params)), x: make([]float64, len(params))}
			for i := range params {
				c.z[i] = rng.NormFloat64()
				c.x[i] = mean[i] + sigma*deviation[i]*c.z[i]
			}
			if c.loss, err = evaluate(c.x); err != nil {
				return err
			}
			if c.loss < lowest {
				lowest, best = c.loss, c.x
			}
			children[k] = c
		}
		slices.SortStableFunc(children, func(a, b child) int {
			if a.loss < b.loss {
				return -1
			}
			return 1
		})
		norm := 0.0
		for i := range params {
			var step, spread float64
			for k, w := range weights {
				step += w * children[k].z[i]
				spread += w * children[k].z[i] * children[k].z[i]
			}
			pathSigma[i] = (1-cSigma)*pathSigma[i] + math.Sqrt(cSigma*(2-cSigma)*mass)*step
			norm += pathSigma[i] * pathSigma[i]
			path[i] = (1-cPath)*path[i] + math.Sqrt(cPath*(2-cPath)*mass)*step*deviation[i]
			mean[i] += sigma * deviation[i] * step
			variance := deviation[i] * deviation[i]
			deviation[i] = math.Sqrt((1-cCov)*variance + cCov/mass*path[i]*path[i] + cCov*(1-1/mass)*variance*spread)
		}
		sigma *= math.Exp(cSigma / damping * (math.Sqrt(norm)/length - 1))
	}
	lowest, err = evaluate(best)
	report(generations, lowest)
	return err
}
