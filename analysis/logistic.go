package analysis

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// A LogisticFit is a logistic regression.
type LogisticFit struct {
	Coefficients []Coefficient // the intercept first, then as in names

	N, Events         int     // units, and those of them where y is true
	Clusters          int     // 0 when they are unknown
	LogLikelihood     float64 // natural logarithm, at the coefficients
	NullLogLikelihood float64 // of the intercept alone
	Iterations        int
	Warnings          []error // also in every coefficient
}

// A Coefficient of a logistic regression is by how much the log odds of y
// change with one unit of its predictor.
type Coefficient struct {
	Name      string
	LogOdds   Estimate
	OddsRatio Estimate // the exponentials of value and limits
	Wald      Test     // of no change
}

// Logistic fits the log odds of y as an intercept plus a linear function of
// predictors, by maximum likelihood (Newton's method). x[i] holds those of
// unit i, in the order of names; the intercept is added. Missing values
// have to be left out before.
//
// Errors are robust to what units of a cluster have in common: the
// covariance is the sandwich H⁻¹(Σ uᵤuᵤᵀ)H⁻¹, u being the sum of a
// cluster's scores, times C/(C-1)·(n-1)/(n-k) for C clusters, n units and k
// coefficients (CR1). Intervals, at Level, and Wald tests take Student's t
// distribution with C-1 degrees of freedom. Unknown clusters make each unit
// one of its own, with a warning; the errors are then robust to a wrong
// variance only (HC1). A design effect is the robust variance over the
// model's.
//
// Fewer than ten events, or units without one, per coefficient give a
// warning, as do fewer than 40 clusters.
//
// Errors: ErrUndefined when no finite coefficients are the likeliest,
// because all y are alike or the predictors separate, completely or for
// some units, those with y from those without, and when a predictor is
// constant or a combination of others; its text names the predictor.
// ErrTooFew for no more units or clusters than coefficients. And an error
// that names the unit for a row of another length, a NaN or an infinity.
//
// Source: McCullagh and Nelder 1989, Generalized Linear Models, section
// 4.4; Albert and Anderson 1984, Biometrika 71:1-10 on separation; Cameron
// and Miller 2015, Journal of Human Resources 50:317-372 on clusters.
func Logistic(x [][]float64, y []bool, names []string, clusters Clusters) (LogisticFit, error) {
	dense, err := clusters.among(len(y))
	if err != nil {
		return LogisticFit{}, err
	}
	m, err := newLogisticModel(x, y, names)
	if err != nil {
		return LogisticFit{}, err
	}
	k := m.k
	if dense.N <= k {
		return LogisticFit{}, fmt.Errorf("analysis: logistic: %d clusters for %d coefficients: %w", dense.N, k, ErrTooFew)
	}
	fit, err := m.newton()
	if err != nil {
		return LogisticFit{}, err
	}
	f := LogisticFit{
		N: len(y), Events: m.events, LogLikelihood: fit.logLikelihood, Iterations: fit.iterations,
		NullLogLikelihood: xlogx(m.events, len(y)) + xlogx(len(y)-m.events, len(y)),
	}
	if clusters.Known() {
		f.Clusters = dense.N
	} else {
		f.Warnings = append(f.Warnings, errClustersUnknown)
	}
	if rare := min(m.events, len(y)-m.events); rare < fewEvents*k {
		f.Warnings = append(f.Warnings, fmt.Errorf("%d coefficients rest on %d events in %d: they and their intervals are rough", k, m.events, len(y)))
	}
	if dense.N < fewClusters {
		f.Warnings = append(f.Warnings, fmt.Errorf("%d clusters are few for robust errors: intervals may be too narrow", dense.N))
	}

	model, robust, err := m.covariances(fit, dense)
	if err != nil {
		return LogisticFit{}, err
	}
	beta, covariance := m.onPredictors(fit.gamma, robust)
	_, independent := m.onPredictors(fit.gamma, model)
	t := distuv.StudentsT{Sigma: 1, Nu: float64(dense.N - 1)}
	quantile := t.Quantile((1 + Level) / 2)
	for j, name := range m.names {
		e := Estimate{
			Value: beta.AtVec(j), SE: math.Sqrt(covariance.At(j, j)), Level: Level,
			N: f.N, Clusters: f.Clusters, DesignEffect: covariance.At(j, j) / independent.At(j, j),
			Method:   fmt.Sprintf("logistic regression, cluster-robust t interval %g %% with %d degrees of freedom", 100*Level, dense.N-1),
			Warnings: f.Warnings,
		}
		if e.DesignEffect < 1e-20 { // of scores that are 0 but for rounding
			return LogisticFit{}, fmt.Errorf("analysis: logistic: clusters do not differ in %s, so its error is 0: %w", name, ErrUndefined)
		}
		e.Lo, e.Hi = e.Value-quantile*e.SE, e.Value+quantile*e.SE
		odds := e
		odds.fromLog(e.Value, e.SE, quantile)
		odds.Method = "odds ratio of a " + e.Method
		f.Coefficients = append(f.Coefficients, Coefficient{
			Name: name, LogOdds: e, OddsRatio: odds,
			Wald: Test{
				Statistic: e.Value / e.SE, P: 2 * t.Survival(math.Abs(e.Value/e.SE)), N: f.N, Clusters: f.Clusters,
				Method:   fmt.Sprintf("Wald t with %d degrees of freedom, no change of the log odds, cluster-robust error", dense.N-1),
				Warnings: f.Warnings,
			},
		})
	}
	return f, nil
}

// xlogx is events·log(events/n), 0 for no events.
func xlogx(events, n int) float64 {
	if events == 0 {
		return 0
	}
	return float64(events) * math.Log(float64(events)/float64(n))
}

// A logisticModel holds the predictors, intercept first, made orthogonal:
// column j of q is what the predictors before it leave of predictor j,
// scaled to a mean square of 1. Newton's method is then well conditioned
// whatever their scales.
type logisticModel struct {
	names  []string
	k      int
	scale  []float64     // of a predictor: its largest size
	q      []float64     // k per unit
	r      *mat.TriDense // q times r is the predictors over their scales
	sign   []float64     // of a unit: 1 with y, -1 without
	events int
}

func newLogisticModel(x [][]float64, y []bool, names []string) (*logisticModel, error) {
	n, k := len(y), len(names)+1
	if len(x) != n {
		return nil, fmt.Errorf("analysis: logistic: predictors of %d units, outcomes of %d", len(x), n)
	}
	if n <= k {
		return nil, fmt.Errorf("analysis: logistic: %d units for %d coefficients: %w", n, k, ErrTooFew)
	}
	m := &logisticModel{
		names: append([]string{"intercept"}, names...), k: k, scale: make([]float64, k),
		q: make([]float64, n*k), r: mat.NewTriDense(k, mat.Upper, nil), sign: make([]float64, n),
	}
	varies := make([]bool, k)
	for i, row := range x {
		if len(row) != k-1 {
			return nil, fmt.Errorf("analysis: logistic: unit %d has %d predictors, want %d", i, len(row), k-1)
		}
		m.scale[0], m.q[i*k], m.sign[i] = 1, 1, -1
		for j, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("analysis: logistic: unit %d: %s is %v", i, names[j], v)
			}
			m.q[i*k+j+1] = v
			m.scale[j+1] = max(m.scale[j+1], math.Abs(v))
			varies[j+1] = varies[j+1] || v != x[0][j]
		}
		if y[i] {
			m.sign[i] = 1
			m.events++
		}
	}
	if m.events == 0 || m.events == n {
		return nil, fmt.Errorf("analysis: logistic: %d events in %d units, so the intercept is infinite: %w", m.events, n, ErrUndefined)
	}
	for j := 1; j < k; j++ {
		if !varies[j] {
			return nil, fmt.Errorf("analysis: logistic: %s is constant: %w", m.names[j], ErrUndefined)
		}
	}
	return m, m.orthogonalise()
}

// orthogonalise scales the predictors and applies Gram and Schmidt's
// method, twice over for rounding.
func (m *logisticModel) orthogonalise() error {
	n, k := len(m.sign), m.k
	dot := func(a, b int) float64 {
		sum := 0.0
		for i := range n {
			sum += m.q[i*k+a] * m.q[i*k+b]
		}
		return sum / float64(n)
	}
	for j := range k {
		for i := range n {
			m.q[i*k+j] /= m.scale[j]
		}
		before := math.Sqrt(dot(j, j))
		for range 2 {
			for l := range j {
				along := dot(l, j)
				m.r.SetTri(l, j, m.r.At(l, j)+along)
				for i := range n {
					m.q[i*k+j] -= along * m.q[i*k+l]
				}
			}
		}
		left := math.Sqrt(dot(j, j))
		if left <= collinear*before {
			return fmt.Errorf("analysis: logistic: %s is a combination of the predictors before it: %w", m.names[j], ErrUndefined)
		}
		m.r.SetTri(j, j, left)
		for i := range n {
			m.q[i*k+j] /= left
		}
	}
	return nil
}

// collinear is the part of a predictor that must be left beside the others:
// less could be rounding.
const collinear = 1e-10

// A logisticPoint is a model at some coefficients of q.
type logisticPoint struct {
	gamma         *mat.VecDense
	logLikelihood float64
	gradient      *mat.VecDense
	hessian       *mat.SymDense // of the negative log-likelihood
	residual      []float64     // by unit
	separates     bool          // every unit is on its side of even odds
	furthest      float64       // largest log odds, either sign
	iterations    int
}

// at computes a point.
func (m *logisticModel) at(gamma *mat.VecDense) *logisticPoint {
	k := m.k
	p := &logisticPoint{
		gamma: gamma, gradient: mat.NewVecDense(k, nil), hessian: mat.NewSymDense(k, nil),
		residual: make([]float64, len(m.sign)), separates: true,
	}
	g, h := p.gradient.RawVector().Data, p.hessian.RawSymmetric().Data
	for i, sign := range m.sign {
		row := m.q[i*k:][:k]
		logOdds := 0.0
		for j, v := range row {
			logOdds += v * gamma.AtVec(j)
		}
		p.furthest = max(p.furthest, math.Abs(logOdds))
		// The probability of the other outcome, which stays exact when it
		// is close to 0.
		margin := sign * logOdds
		wrong := 1 / (1 + math.Exp(margin))
		p.logLikelihood -= max(-margin, 0) + math.Log1p(math.Exp(-math.Abs(margin))) // log(1 + exp(-margin))
		p.separates = p.separates && margin > 0
		p.residual[i] = sign * wrong
		weight := wrong * (1 - wrong)
		for a, v := range row {
			g[a] += p.residual[i] * v
			for b := a; b < k; b++ {
				h[a*k+b] += weight * v * row[b]
			}
		}
	}
	return p
}

// newton finds the likeliest coefficients.
//
// Where none are finite, each step moves the log odds of the separated
// units by about 1 for ever, while proper fits converge with the square of
// the error.
func (m *logisticModel) newton() (*logisticPoint, error) {
	const steps, done, certain = 50, 1e-9, 12
	p := m.at(mat.NewVecDense(m.k, nil))
	var step mat.VecDense
	for iteration := 1; iteration <= steps; iteration++ {
		var cholesky mat.Cholesky
		if !cholesky.Factorize(p.hessian) {
			break
		}
		if err := cholesky.SolveVecTo(&step, p.gradient); err != nil {
			break
		}
		next := m.step(p, &step)
		if next.separates {
			return nil, fmt.Errorf("analysis: logistic: %s separates the units with an event from those without, so that no finite coefficients are the likeliest: %w", m.growing(&step), ErrUndefined)
		}
		p = next
		p.iterations = iteration
		if mat.Norm(&step, 2) < done {
			return p, nil
		}
	}
	if p.furthest > certain {
		return nil, fmt.Errorf("analysis: logistic: quasi-complete separation: the coefficient of %s grows without end, so that no finite coefficients are the likeliest: %w", m.growing(&step), ErrUndefined)
	}
	return nil, fmt.Errorf("analysis: logistic: no convergence in %d steps: %w", steps, ErrUndefined)
}

// step is the point a Newton step away, or half of it and so on until it is
// no less likely.
func (m *logisticModel) step(p *logisticPoint, step *mat.VecDense) *logisticPoint {
	for scale := 1.0; ; scale /= 2 {
		var gamma mat.VecDense
		gamma.AddScaledVec(p.gamma, scale, step)
		next := m.at(&gamma)
		if next.logLikelihood >= p.logLikelihood*(1+1e-12) || // but for rounding
			scale < 1e-6 {
			return next
		}
	}
}

// growing names the predictor that matters most along a step: its
// coefficient there times its spread.
func (m *logisticModel) growing(step *mat.VecDense) string {
	beta, _ := m.onPredictors(step, mat.NewSymDense(m.k, nil))
	best, name := -1.0, m.names[0]
	for j := 1; j < m.k; j++ {
		spread := 0.0
		for l := 1; l <= j; l++ {
			spread = math.Hypot(spread, m.r.At(l, j))
		}
		if size := math.Abs(beta.AtVec(j)) * m.scale[j] * spread; size > best {
			best, name = size, m.names[j]
		}
	}
	return name
}

// covariances are those of the coefficients of q, the model's and the
// cluster-robust one.
func (m *logisticModel) covariances(p *logisticPoint, clusters Clusters) (model, robust *mat.SymDense, err error) {
	n, k := len(m.sign), m.k
	scores := mat.NewDense(clusters.N, k, nil)
	for i, residual := range p.residual {
		sum := scores.RawRowView(int(clusters.ID[i]))
		for j, v := range m.q[i*k:][:k] {
			sum[j] += residual * v
		}
	}
	var cholesky mat.Cholesky
	if !cholesky.Factorize(p.hessian) {
		return nil, nil, fmt.Errorf("analysis: logistic: the likelihood is flat: %w", ErrUndefined)
	}
	model, robust = new(mat.SymDense), mat.NewSymDense(k, nil)
	if err := cholesky.InverseTo(model); err != nil {
		return nil, nil, fmt.Errorf("analysis: logistic: the likelihood is nearly flat (%v): %w", err, ErrUndefined)
	}
	var influence mat.Dense
	influence.Mul(scores, model)
	c := float64(clusters.N)
	robust.SymOuterK(c/(c-1)*float64(n-1)/float64(n-k), influence.T())
	return model, robust, nil
}

// onPredictors turns coefficients of q, and their covariance, into those of
// the predictors as they are.
func (m *logisticModel) onPredictors(gamma *mat.VecDense, covariance *mat.SymDense) (*mat.VecDense, *mat.SymDense) {
	var inverse mat.TriDense
	if err := inverse.InverseTri(m.r); err != nil {
		panic(err) // orthogonalise has seen to it that r is no worse than 1/collinear
	}
	var beta mat.VecDense
	beta.MulVec(&inverse, gamma)
	var half, full mat.Dense
	half.Mul(&inverse, covariance)
	full.Mul(&half, inverse.T())
	out := mat.NewSymDense(m.k, nil)
	for a := range m.k {
		beta.SetVec(a, beta.AtVec(a)/m.scale[a])
		for b := a; b < m.k; b++ {
			out.SetSym(a, b, full.At(a, b)/m.scale[a]/m.scale[b])
		}
	}
	return &beta, out
}
