package main

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"
)

// A free parameter is one number that the fit may move.
type free struct {
	name   string
	at     *float64
	step   float64 // for differences; also the unit of damping
	lo, hi float64
}

// fit lowers the sum of squared residuals by Levenberg's and Marquardt's
// method: damped Gauss-Newton steps, with forward differences. The
// residuals are those of a simulation with fixed random numbers, so that
// differences show the parameters' effect and not chance; counts make
// them jagged, hence the large steps. It stops after the given number of
// rounds, or when a round does not help.
func fit(ctx context.Context, params []free, rounds int, residuals func(context.Context) ([]float64, error), report func(round int, loss float64)) error {
	r, err := residuals(ctx)
	if err != nil {
		return err
	}
	loss, damping := square(r), 1.0
	for round, before := 0, math.Inf(1); round < rounds && loss < before*stalled; round++ {
		report(round, loss)
		before = loss
		jacobian := mat.NewDense(len(r), len(params), nil)
		for j, p := range params {
			was := *p.at
			step := p.step
			if was+step > p.hi {
				step = -step
			}
			*p.at = was + step
			moved, err := residuals(ctx)
			*p.at = was
			if err != nil {
				return err
			}
			for i := range r {
				jacobian.Set(i, j, (moved[i]-r[i])/(step/p.step))
			}
		}
		for try, better := 0, false; try < 6 && !better; try++ {
			delta, ok := damped(jacobian, r, damping)
			if !ok {
				damping *= 4
				continue
			}
			was := make([]float64, len(params))
			for j, p := range params {
				was[j] = *p.at
				*p.at = min(max(was[j]-delta[j]*p.step, p.lo), p.hi)
			}
			moved, err := residuals(ctx)
			if err != nil {
				return err
			}
			if l := square(moved); l < loss {
				r, loss, better = moved, l, true
				damping = max(damping/3, 1e-3)
				continue
			}
			for j, p := range params {
				*p.at = was[j]
			}
			damping *= 4
		}
	}
	report(rounds, loss)
	// Four decimals are enough, and make the file readable.
	for _, p := range params {
		*p.at = math.Round(*p.at*1e4) / 1e4
	}
	return nil
}

// stalled is by which factor a round must lower the loss to go on.
const stalled = .998

// damped solves (J'J + damping·diag(J'J) + small) delta = J'r.
func damped(j *mat.Dense, r []float64, damping float64) ([]float64, bool) {
	_, n := j.Dims()
	var jtj mat.SymDense
	jtj.SymOuterK(1, j.T())
	for k := range n {
		jtj.SetSym(k, k, jtj.At(k, k)*(1+damping)+1e-6)
	}
	var jtr, delta mat.VecDense
	jtr.MulVec(j.T(), mat.NewVecDense(len(r), r))
	var chol mat.Cholesky
	if !chol.Factorize(&jtj) || chol.SolveVecTo(&delta, &jtr) != nil {
		return nil, false
	}
	return delta.RawVector().Data, true
}

func square(r []float64) float64 {
	sum := 0.0
	for _, x := range r {
		sum += x * x
	}
	if math.IsNaN(sum) {
		return math.Inf(1)
	}
	return sum
}
