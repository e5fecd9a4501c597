package analysis

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// EloPerLogit is what one logit is on the Elo scale, on which 400 points
// are odds of 10 to 1.
//
// Source: Elo 1978, The Rating of Chessplayers.
const EloPerLogit = 400 / math.Ln10

// A Variance is a way to estimate how much a fit would vary.
type Variance int

const (
	// Sandwich lets contests of one cluster depend on each other in any
	// way, and the model be wrong about how much outcomes vary.
	Sandwich Variance = iota
	// Information trusts the model and takes all contests as independent,
	// as most programs do.
	Information
	// Posterior trusts the model, too, and also that abilities come from a
	// normal distribution of variance 1/Ridge. It alone makes up for what
	// the ridge takes off, and covers abilities at its level on average
	// over items, though not those far from 0. Without a ridge it is
	// Information.
	Posterior
	// PosteriorByCluster is Posterior times the design effect where that is
	// above 1: it keeps the prior's cover of what the ridge takes off, and
	// widens for clusters as intervals of shares do. The design effect is
	// Sandwich over what Sandwich would be of independent contests, less
	// than Information as residuals are smaller than errors.
	PosteriorByCluster
)

// Difference returns how far the ability of item i is above that of item
// j, in logits, with a normal interval at Level. This, and not whether the
// intervals of two abilities overlap, tells whether i ranks above j.
//
// With gradient contributions s of clusters, curvature H and contrast v:
//
//	Sandwich:    C/(C−1) · Σ (sᵀH⁻¹v)²
//	Information: vᵀH⁻¹v − Ridge·|H⁻¹v|², abilities alone in the norm
//	Posterior:   vᵀH⁻¹v
//
// DesignEffect is Sandwich over Information with Sandwich. With
// PosteriorByCluster it is Sandwich over
//
//	Σ over clusters of Σ pq(xᵀH⁻¹v)² − gᵀD⁻¹g,   g = Σ pq(xᵀH⁻¹v)x
//
// p and q being a contest's probabilities, x its row and D the diagonal of
// H: what a cluster's score would be were its contests independent, given
// that the abilities were fitted to it. Without the second part clusters of
// three that share their luck look a fifth less dependent than they are
// where an item is in nine of them.
//
// A ridge shrinks the difference, and all intervals but Posterior speak of
// the shrunken one: they do not cover what the ridge took off, which is
// most for rarely compared items. With a ridge of 1, abilities of standard
// deviation 1 and 27 contests an item, as many as values have in the
// published data, Sandwich's 95 % intervals contain but some 85 % of the
// abilities themselves, and Posterior's 94 % (simulated).
//
// PosteriorByCluster's contain 93.5 to 96 % of abilities and of differences,
// with 8 to 100 contests an item, and with nudges of a pair independent or
// mostly sharing their luck, provided that abilities spread as the ridge
// assumes; of those beyond 1.5 standard deviations 80 to 89 % at 27 contests
// an item and 70 to 86 % at 8, the others making up for them. Of abilities
// twice as spread it is 68 to 78 %, and hardly any beyond; of half as spread
// ones 96 to 98.5 %. Where a hundred items or more show such a spread, a
// warning says so. Without a ridge, at 60 contests an item, it is 93.5 to
// 97 % (simulated; docs/statistics.md has the figures).
//
// Errors: ErrTooFew for an item that was in no contest; ErrUndefined for
// items that no contests connect, even through others; an error for an
// item that does not exist. Where all contests are one cluster, the
// sandwich has no interval and a warning says so.
//
// Source: White 1982, Econometrica 50:1-25; Liang and Zeger 1986,
// Biometrika 73:13-22; Gray 1992, JASA 87:942-951 on penalties; Nychka
// 1988, JASA 83:1134-1143 on the coverage of Posterior.
func (f *BradleyTerry) Difference(i, j int, variance Variance) (Estimate, error) {
	for _, item := range []int{i, j} {
		if err := f.checkItem(item); err != nil {
			return Estimate{}, err
		}
	}
	if i != j && !slices.ContainsFunc(f.Components, func(items []int) bool {
		return slices.Contains(items, i) && slices.Contains(items, j)
	}) {
		return Estimate{}, fmt.Errorf("analysis: Bradley-Terry: no contests connect %s with %s: %w", f.Items[i], f.Items[j], ErrUndefined)
	}
	contrast := make([]float64, len(f.Items)+terms)
	contrast[i]++
	contrast[j]--
	return f.estimate(f.Theta[i]-f.Theta[j], contrast, variance)
}

// Ability returns the ability of an item, in logits above the mean of the
// items compared. Intervals, errors and what a ridge does are as with
// Difference.
func (f *BradleyTerry) Ability(item int, variance Variance) (Estimate, error) {
	if err := f.checkItem(item); err != nil {
		return Estimate{}, err
	}
	n := 0
	for _, items := range f.Components {
		n += len(items)
	}
	contrast := make([]float64, len(f.Items)+terms)
	for i, compared := range f.Compared {
		if compared > 0 {
			contrast[i] = -1 / float64(n)
		}
	}
	contrast[item]++
	return f.estimate(f.Theta[item], contrast, variance)
}

func (f *BradleyTerry) checkItem(item int) error {
	switch {
	case item < 0 || item >= len(f.Items):
		return fmt.Errorf("analysis: Bradley-Terry: item %d, want 0..%d", item, len(f.Items)-1)
	case f.Compared[item] == 0:
		return fmt.Errorf("analysis: Bradley-Terry: %s was in no contest: %w", f.Items[item], ErrTooFew)
	}
	return nil
}

// estimate gives a linear function of the parameters its variance.
func (f *BradleyTerry) estimate(value float64, contrast []float64, variance Variance) (Estimate, error) {
	e := Estimate{
		Value: value, N: f.N, Level: Level, Unit: "contests",
		Excluded: slices.Clone(f.Excluded), Method: "Bradley-Terry",
	}
	switch {
	case f.Model.Ridge > 0 && (variance == Posterior || variance == PosteriorByCluster):
		e.Method += fmt.Sprintf(" with ridge %g as a prior", f.Model.Ridge)
	case f.Model.Ridge > 0:
		e.Method += fmt.Sprintf(" with ridge %g, of the shrunken value", f.Model.Ridge)
	}
	if err := f.doubtPrior(); err != nil && (variance == Posterior || variance == PosteriorByCluster) {
		e.Warnings = append(e.Warnings, err)
	}
	v := make([]float64, len(contrast))
	f.problem.reader().solve(v, contrast, 1e-10)
	posterior, shrunk := 0.0, 0.0
	for i, s := range v {
		posterior += s * contrast[i]
	}
	for _, s := range v[:len(f.Items)] {
		shrunk += f.Model.Ridge * s * s
	}
	squares, information := 0.0, posterior-shrunk
	switch variance {
	case Information:
		squares = information
		e.Method += fmt.Sprintf(", normal %g %%, contests taken as independent", 100*Level)
	case Posterior:
		squares = posterior
		e.Method += fmt.Sprintf(", normal %g %%, contests taken as independent", 100*Level)
	case Sandwich, PosteriorByCluster:
		c := f.design.clusters
		if c.N < 2 {
			e.Level = 0
			e.Warnings = append(e.Warnings, fmt.Errorf("no interval: all contests are one cluster: %w", ErrTooFew))
			return e, nil
		}
		for _, s := range f.scores(v) {
			squares += s * s
		}
		squares *= float64(c.N) / float64(c.N-1)
		if f.design.known {
			e.Clusters = c.N
			of := information
			if variance == PosteriorByCluster {
				of = f.independentScores(v)
			}
			if of > 0 {
				e.DesignEffect = squares / of
			}
		} else {
			e.Warnings = append(e.Warnings, errClustersUnknown)
		}
		if variance == Sandwich {
			e.Method += fmt.Sprintf(", normal %g %%, sandwich by cluster", 100*Level)
			break
		}
		squares = posterior * max(1, e.DesignEffect)
		e.Method += fmt.Sprintf(", normal %g %%, variance times the design effect of clusters", 100*Level)
	default:
		return Estimate{}, fmt.Errorf("analysis: Bradley-Terry: no such variance: %d", variance)
	}
	e.SE = math.Sqrt(max(0, squares))
	z := normalQuantile(Level)
	e.Lo, e.Hi = value-z*e.SE, value+z*e.SE
	return e, nil
}

// scores returns the share of each cluster in the gradient, along v.
func (f *BradleyTerry) scores(v []float64) []float64 {
	d, n := f.design, len(f.Items)
	out := make([]float64, d.clusters.N)
	for i, cell := range d.cell {
		a, b := d.a[cell], d.b[cell]
		order, nudge := d.in[cell].effects()
		eta := f.Theta[a] - f.Theta[b] + f.Order*float64(order) + f.Nudge*float64(nudge)
		along := v[a] - v[b] + v[n+orderTerm]*float64(order) + v[n+nudgeTerm]*float64(nudge)
		out[d.clusters.ID[i]] += (float64(d.half[i])/2 - logistic(eta)) * along
	}
	return out
}

// doubtPrior is a warning where the abilities of a hundred items or more do
// not spread as the ridge has it: squared abilities plus their variances have
// the mean 1/Ridge under it. Of abilities twice as spread the root comes out
// at 1.27, of half as spread ones at 0.72, as the ridge itself draws it
// towards 1 (simulated, 27 contests an item).
//
// Source: Dempster, Laird and Rubin 1977, JRSS B 39:1-38, whose step this is.
func (f *BradleyTerry) doubtPrior() error {
	if f.Model.Ridge == 0 {
		return nil
	}
	sum, n := 0.0, 0
	for i, compared := range f.Compared {
		if compared > 0 {
			sum += f.Theta[i]*f.Theta[i] + 1/f.problem.diag[i]
			n++
		}
	}
	than := "more"
	switch ratio := math.Sqrt(sum / float64(n) * f.Model.Ridge); {
	case n < 100 || ratio >= 0.8 && ratio <= 1.2:
		return nil
	case ratio < 1:
		than = "less"
	}
	return fmt.Errorf("abilities spread %s than a ridge of %g assumes: the interval is rough", than, f.Model.Ridge)
}

// independentScores is what the sum of squares of the scores would be in the
// mean if all contests were independent. An approximation below a tenth of a
// cluster's own variance is not believed: the cluster is all there is of an
// item.
//
// Source: Bell and McCaffrey 2002, Survey Methodology 28:169-181, for the
// bias of residuals by cluster.
func (f *BradleyTerry) independentScores(v []float64) float64 {
	d, n := f.design, len(f.Items)
	pull := make([]float64, n) // g, of the cluster at hand
	var items []int32
	total, own := 0.0, 0.0
	finish := func() {
		fitted := 0.0
		for _, i := range items {
			fitted += pull[i] * pull[i] / f.problem.diag[i]
			pull[i] = 0
		}
		items = items[:0]
		total += max(own-fitted, own/10)
		own = 0
	}
	for at, i := range d.byCluster {
		if at > 0 && d.clusters.ID[i] != d.clusters.ID[d.byCluster[at-1]] {
			finish()
		}
		cell := d.cell[i]
		a, b := d.a[cell], d.b[cell]
		order, nudge := d.in[cell].effects()
		p := logistic(f.Theta[a] - f.Theta[b] + f.Order*float64(order) + f.Nudge*float64(nudge))
		along := v[a] - v[b] + v[n+orderTerm]*float64(order) + v[n+nudgeTerm]*float64(nudge)
		own += p * (1 - p) * along * along
		pull[a] += p * (1 - p) * along
		pull[b] -= p * (1 - p) * along
		items = append(items, a, b)
	}
	finish()
	return total
}

// reader shares the Hessian and has its own memory for solving.
func (p *problem) reader() *problem {
	q := *p
	size := p.items + terms
	q.residual, q.z, q.p, q.hp = make([]float64, size), make([]float64, size), make([]float64, size), make([]float64, size)
	return &q
}

// A Ranked is an item with its ability and place. All intervals are of the
// cluster bootstrap.
type Ranked struct {
	Item     int // index into Items
	Name     string
	Compared int      // contests it took part in
	Wins     float64  // a tie counts half
	Ability  Estimate // logits above the mean item
	Elo      Estimate // the same in points: 0 is the mean item
	Rank     Estimate // 1 is the strongest; equal abilities share the mean of their places
}

// Ranking lists all items that were in a contest, strongest first.
type Ranking struct {
	Items        []Ranked
	Order, Nudge Estimate // logits; NaN with a warning where the model has none
}

// Rank orders the items by ability and gives ability, Elo points and place
// an interval each: it draws clusters with replacement, replicates times,
// and fits the model again to each draw, starting from this fit. One draw
// serves all items.
//
// Intervals are percentile ones at Level. As Difference's sandwich they
// speak of what the ridge has shrunk; and as a replicate has fewer different
// contests and is shrunk once more, abilities far from 0 lie towards the
// outer end of their intervals, at worst beyond it, so that limits are
// stretched to contain the value. An item in fewer than five clusters has
// a warning: its interval rests on hardly anything but the ridge. Where
// clusters are unknown, contests are drawn one by one, and a warning says
// so.
//
// The same seed gives the same bytes on any number of cores. The errors
// are those of Bootstrap: ErrTooFew for fewer than two clusters, and
// ErrUndefined where more than half of the replicates have no maximum,
// which happens without a ridge. Replicates below that are left out and
// counted in a warning.
//
// Source: Davison and Hinkley 1997, Bootstrap Methods and their
// Application, section 3.8; Hunter 2004, Annals of Statistics 32:384-406.
func (f *BradleyTerry) Rank(replicates int, seed uint64) (*Ranking, error) {
	draws, undefined, err := f.resample(replicates, seed)
	if err != nil {
		return nil, err
	}
	var compared []int
	for i, n := range f.Compared {
		if n > 0 {
			compared = append(compared, i)
		}
	}
	ranks := make([][]float64, len(draws))
	inParallel(len(draws), func() func(int) {
		return func(r int) { ranks[r] = places(draws[r], compared) }
	})
	clusters := f.clustersByItem()
	place := places(f.Theta, compared)
	out := &Ranking{Items: make([]Ranked, len(compared))}
	estimate := func(value float64, n, clusters int, column []float64) Estimate {
		e := resampledOf(column, undefined, f.design.clusters.N, seed).Estimate(value, n)
		e.Lo, e.Hi = min(e.Lo, value), max(e.Hi, value)
		e.Unit, e.Clusters = "contests", clusters
		if f.Model.Ridge > 0 {
			e.Method = fmt.Sprintf("Bradley-Terry with ridge %g, of the shrunken value, %s", f.Model.Ridge, e.Method)
		} else {
			e.Method = "Bradley-Terry, " + e.Method
		}
		e.Excluded = slices.Clone(f.Excluded)
		if !f.design.known {
			e.Clusters = 0
			e.Warnings = append(e.Warnings, errClustersUnknown)
		}
		return e
	}
	inParallel(len(compared), func() func(int) {
		column := make([]float64, len(draws))
		return func(k int) {
			item := compared[k]
			one := Ranked{Item: item, Name: f.Items[item], Compared: f.Compared[item], Wins: f.Wins[item]}
			for r, x := range draws {
				column[r] = x[item]
			}
			one.Ability = estimate(f.Theta[item], f.Compared[item], clusters[item], column)
			for r := range draws {
				column[r] = ranks[r][k]
			}
			one.Rank = estimate(place[k], f.Compared[item], clusters[item], column)
			one.Elo = one.Ability
			for _, x := range []*float64{&one.Elo.Value, &one.Elo.SE, &one.Elo.Lo, &one.Elo.Hi} {
				*x *= EloPerLogit
			}
			if n := clusters[item]; n < 5 {
				for _, e := range []*Estimate{&one.Ability, &one.Elo, &one.Rank} {
					e.Warnings = append(e.Warnings, fmt.Errorf("rests on %d clusters: the interval is rough", n))
				}
			}
			out.Items[k] = one
		}
	})
	slices.SortStableFunc(out.Items, func(x, y Ranked) int { return cmp.Compare(y.Ability.Value, x.Ability.Value) })

	for t, to := range []*Estimate{orderTerm: &out.Order, nudgeTerm: &out.Nudge} {
		if has := []bool{orderTerm: f.Model.Order, nudgeTerm: f.Model.Nudge}[t]; !has {
			*to = Estimate{Value: math.NaN(), Warnings: []error{fmt.Errorf("the model does not have it: %w", ErrUndefined)}}
			continue
		}
		column := make([]float64, len(draws))
		for r, x := range draws {
			column[r] = x[len(f.Items)+t]
		}
		*to = estimate([]float64{f.Order, f.Nudge}[t], f.N, f.design.clusters.N, column)
	}
	return out, nil
}

// resample fits the model to draws of clusters and returns the parameters
// of each that has a maximum, in order of drawing.
func (f *BradleyTerry) resample(replicates int, seed uint64) (draws [][]float64, undefined int, err error) {
	d := f.design
	switch {
	case d.clusters.N < 2:
		return nil, 0, fmt.Errorf("analysis: Bradley-Terry: bootstrap of %d clusters: %w", d.clusters.N, ErrTooFew)
	case replicates < 2:
		return nil, 0, fmt.Errorf("analysis: Bradley-Terry: bootstrap of %d replicates, want at least 2", replicates)
	}
	start := append(slices.Clone(f.Theta), f.Order, f.Nudge)
	all := make([][]float64, replicates)
	errs := make([]error, replicates)
	inParallel(replicates, func() func(int) {
		p, weights := d.problem(), make([]int32, d.clusters.N)
		return func(r int) {
			draw(weights, rand.NewPCG(seed, uint64(r)))
			all[r], errs[r] = f.refit(p, nil, weights, start)
		}
	})
	for r, err := range errs {
		switch {
		case err == nil:
			draws = append(draws, all[r])
		case errors.Is(err, ErrUndefined):
			undefined++
		default:
			return nil, 0, fmt.Errorf("analysis: Bradley-Terry: replicate %d: %w", r, err)
		}
	}
	if len(draws) < 2 || 2*len(draws) < replicates {
		return nil, 0, fmt.Errorf("analysis: Bradley-Terry: bootstrap: %d of %d replicates have no maximum of the likelihood: %w", undefined, replicates, ErrUndefined)
	}
	return draws, undefined, nil
}

// refitTolerance is the gradient at which refits stop. It moves an ability
// by a millionth, thousands of times less than the next draw does.
const refitTolerance = 1e-6

// refit fits the model to the contests as often as their unit weighs.
func (f *BradleyTerry) refit(p *problem, unit, weights []int32, start []float64) ([]float64, error) {
	p.loadUnits(f.design, unit, weights)
	x := slices.Clone(start)
	if f.Model.Ridge == 0 {
		// Items may have lost their last contest or gone apart.
		compared := make([]int, p.items)
		for e, a := range p.edgeA {
			compared[a]++
			compared[p.edgeB[e]]++
		}
		for i, n := range compared {
			if n == 0 && f.Compared[i] > 0 {
				return nil, ErrUndefined
			}
		}
		if len(strongGroups(p.beaten(), compared)) > 1 {
			return nil, ErrUndefined
		}
	}
	if _, _, err := p.newton(x, refitTolerance); err != nil {
		return nil, err
	}
	centre(x[:p.items], f.Compared)
	return x, nil
}

// places ranks the chosen items, the greatest theta first; equal ones share
// the mean of their places.
func places(theta []float64, items []int) []float64 {
	order := make([]int32, len(items))
	for k := range order {
		order[k] = int32(k)
	}
	slices.SortFunc(order, func(x, y int32) int { return cmp.Compare(theta[items[y]], theta[items[x]]) })
	out := make([]float64, len(items))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && theta[items[order[to]]] == theta[items[order[from]]] {
			to++
		}
		for _, k := range order[from:to] {
			out[k] = float64(from+1+to) / 2
		}
		from = to
	}
	return out
}

// clustersByItem counts the clusters in which an item has a contest.
func (f *BradleyTerry) clustersByItem() []int {
	d := f.design
	rows := make([]int32, len(d.cell))
	for i := range rows {
		rows[i] = int32(i)
	}
	slices.SortStableFunc(rows, func(x, y int32) int { return cmp.Compare(d.clusters.ID[x], d.clusters.ID[y]) })
	count, last := make([]int, len(f.Items)), make([]int32, len(f.Items))
	for i := range last {
		last[i] = -1
	}
	for _, i := range rows {
		for _, item := range [2]int32{d.a[d.cell[i]], d.b[d.cell[i]]} {
			if c := d.clusters.ID[i]; last[item] != c {
				last[item] = c
				count[item]++
			}
		}
	}
	return count
}

// resampledOf is what Bootstrap returns of these replicates.
func resampledOf(replicates []float64, undefined, clusters int, seed uint64) Resampled {
	sorted := slices.Sorted(slices.Values(replicates))
	return Resampled{
		SE: sampleStdDev(sorted), Lo: quantile(sorted, (1-Level)/2), Hi: quantile(sorted, (1+Level)/2),
		Level: Level, Replicates: replicates, Undefined: undefined, Clusters: clusters, Seed: seed,
	}
}

// inParallel does the jobs 0..n-1 on all cores. Each core calls worker for
// a function, and memory, of its own.
func inParallel(n int, worker func() func(int)) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		workers.Go(func() {
			do := worker()
			for {
				job := int(next.Add(1)) - 1
				if job >= n {
					return
				}
				do(job)
			}
		})
	}
	workers.Wait()
}
