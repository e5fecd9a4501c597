package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// paired is random data of units in clusters: two measurements with ties,
// and two that are true or false.
type paired struct {
	x, y     []float64
	a, b     []bool
	clusters analysis.Clusters
}

func randomPaired(rng *rand.Rand) paired {
	n := 8 + rng.IntN(40)
	p := paired{clusters: analysis.Clusters{ID: make([]int32, n), N: 3 + n/2}}
	share := rng.Float64()
	for i := range n {
		x := float64(rng.IntN(7))
		p.x, p.y = append(p.x, x), append(p.y, math.Round(x/2+3*rng.Float64()))
		p.a, p.b = append(p.a, rng.Float64() < share), append(p.b, rng.Float64() < 0.4)
		p.clusters.ID[i] = int32(rng.IntN(p.clusters.N))
	}
	return p
}

// shuffled has the units in another order.
func (p paired) shuffled(rng *rand.Rand) paired {
	q := paired{clusters: analysis.Clusters{N: p.clusters.N}}
	for _, i := range rng.Perm(len(p.x)) {
		q.x, q.y = append(q.x, p.x[i]), append(q.y, p.y[i])
		q.a, q.b = append(q.a, p.a[i]), append(q.b, p.b[i])
		q.clusters.ID = append(q.clusters.ID, p.clusters.ID[i])
	}
	return q
}

// exchanged has the two measurements in each other's place.
func (p paired) exchanged() paired {
	return paired{x: p.y, y: p.x, a: p.b, b: p.a, clusters: p.clusters}
}

func (p paired) tallies() (a, b *analysis.ShareTally) {
	a, b = analysis.NewShareTally(p.clusters.N), analysis.NewShareTally(p.clusters.N)
	for i, id := range p.clusters.ID {
		a.Add(int(id), p.a[i])
		b.Add(int(id), p.b[i])
	}
	return a, b
}

// law is an estimate from paired data, what it must lie within, and what
// becomes of it when the measurements are exchanged; nil where nothing is
// said of that.
type law struct {
	name      string
	of        func(p paired) (analysis.Estimate, error)
	lo, hi    float64
	exchanged func(value float64) float64
}

func laws() []law {
	same := func(v float64) float64 { return v }
	minus := func(v float64) float64 { return -v }
	over := func(v float64) float64 { return 1 / v }
	shares := func(f func(a, b analysis.Estimate) (analysis.Estimate, error)) func(paired) (analysis.Estimate, error) {
		return func(p paired) (analysis.Estimate, error) {
			a, err1 := analysis.Share(p.a, p.clusters)
			b, err2 := analysis.Share(p.b, p.clusters)
			if err := errors.Join(err1, err2); err != nil {
				return analysis.Estimate{}, err
			}
			return f(a, b)
		}
	}
	tallies := func(f func(a, b *analysis.ShareTally) (analysis.Estimate, error)) func(paired) (analysis.Estimate, error) {
		return func(p paired) (analysis.Estimate, error) {
			a, b := p.tallies()
			return f(a, b)
		}
	}
	inf := math.Inf(1)
	return []law{
		{"Mean", func(p paired) (analysis.Estimate, error) { return analysis.Mean(p.x, p.clusters) }, 0, 6, nil},
		{"Share", func(p paired) (analysis.Estimate, error) { return analysis.Share(p.a, p.clusters) }, 0, 1, nil},
		{"ShareMean", tallies(func(a, b *analysis.ShareTally) (analysis.Estimate, error) { return analysis.ShareMean(a, b) }), 0, 1, same},
		{"ShareDifference", shares(analysis.ShareDifference), -1, 1, minus},
		{"DifferenceOfShares", tallies(analysis.DifferenceOfShares), -1, 1, minus},
		{"ShareRatio", shares(analysis.ShareRatio), 0, inf, over},
		{"ShareRatioScore", shares(analysis.ShareRatioScore), 0, inf, over},
		{"RatioOfShares", tallies(analysis.RatioOfShares), 0, inf, over},
		{"ShareOddsRatio", shares(analysis.ShareOddsRatio), 0, inf, over},
		{"PairedDifference", func(p paired) (analysis.Estimate, error) { return analysis.PairedDifference(p.x, p.y, p.clusters) }, -6, 6, minus},
		{"PairedShareDifference", func(p paired) (analysis.Estimate, error) {
			return analysis.PairedShareDifference(p.a, p.b, p.clusters)
		}, -1, 1, minus},
		{"Spearman", func(p paired) (analysis.Estimate, error) {
			r, err := analysis.Spearman(p.x, p.y, p.clusters)
			return r.Estimate, err
		}, -1, 1, same},
		{"Kendall", func(p paired) (analysis.Estimate, error) {
			r, err := analysis.Kendall(p.x, p.y, p.clusters)
			return r.Estimate, err
		}, -1, 1, same},
		{"MannWhitney", func(p paired) (analysis.Estimate, error) {
			both := analysis.Clusters{ID: append(append([]int32{}, p.clusters.ID...), p.clusters.ID...), N: p.clusters.N}
			r, err := analysis.MannWhitney(p.x, p.y, both)
			return r.Superiority, err
		}, 0, 1, func(v float64) float64 { return 1 - v }},
	}
}

// TestEstimateLaws: an interval contains its value, is finite but where a
// share of 0 lies below a ratio, and stays within what the statistic can be;
// neither the order of units nor the numbers of clusters matter; and
// exchanging the two measurements does what it should.
func TestEstimateLaws(t *testing.T) {
	seeds := simulations(40, 2000)
	defined := map[string]int{}
	for seed := range uint64(seeds) {
		rng := rand.New(rand.NewPCG(seed, 41))
		p := randomPaired(rng)
		q := p.shuffled(rng)
		for i := range q.clusters.ID { // other numbers, with gaps
			q.clusters.ID[i] = 2*int32(p.clusters.N-1) - 2*q.clusters.ID[i]
		}
		q.clusters.N *= 2
		for _, l := range laws() {
			at := fmt.Sprintf("%s, seed %d", l.name, seed)
			e, err := l.of(p)
			other, err2 := l.of(q)
			if (err == nil) != (err2 == nil) {
				t.Errorf("%s: error %v, of shuffled units %v", at, err, err2)
			}
			if err != nil {
				if !errors.Is(err, analysis.ErrUndefined) && !errors.Is(err, analysis.ErrTooFew) {
					t.Errorf("%s: %v", at, err)
				}
				continue
			}
			defined[l.name]++
			const tol = 1e-12
			if math.IsNaN(e.Value) || e.Value < l.lo-tol || e.Value > l.hi+tol || math.Abs(other.Value-e.Value) > tol*max(1, math.Abs(e.Value)) {
				t.Errorf("%s: %v, of shuffled units %v, want the same in %v..%v", at, e.Value, other.Value, l.lo, l.hi)
			}
			if e.HasInterval() && (!e.Covers(e.Value) || e.Lo < l.lo-tol || e.Hi > l.hi+tol || math.IsInf(e.Lo, 0) || math.IsInf(e.Hi, 0) || math.IsNaN(e.SE) || e.SE < 0) {
				t.Errorf("%s: %v with SE %v, want it to hold the value within %v..%v", at, e.Short(), e.SE, l.lo, l.hi)
			}
			if !e.HasInterval() && len(e.Warnings) == 0 {
				t.Errorf("%s: no interval, and no word why", at)
			}
			if l.exchanged == nil {
				continue
			}
			turned, err := l.of(p.exchanged())
			if want := l.exchanged(e.Value); err == nil && math.Abs(turned.Value-want) > 1e-9*max(1, math.Abs(want)) {
				t.Errorf("%s: exchanged %v, want %v", at, turned.Value, want)
			}
		}
	}
	for _, l := range laws() {
		if defined[l.name] < seeds/2 {
			t.Errorf("%s has a value in %d of %d cases only", l.name, defined[l.name], seeds)
		}
	}
}

// TestTestLaws: p lies in 0..1, and neither the order of units nor which
// measurement comes first changes it.
func TestTestLaws(t *testing.T) {
	for seed := range uint64(simulations(40, 2000)) {
		rng := rand.New(rand.NewPCG(seed, 43))
		p := randomPaired(rng)
		q := p.shuffled(rng)
		for name, test := range map[string]func(p paired) (analysis.Test, error){
			"McNemar": func(p paired) (analysis.Test, error) {
				r, err := analysis.McNemar(p.a, p.b, p.clusters)
				return r.Test, err
			},
			"Spearman": func(p paired) (analysis.Test, error) {
				r, err := analysis.Spearman(p.x, p.y, p.clusters)
				return r.Test, errors.Join(err, r.TestErr)
			},
			"Kendall": func(p paired) (analysis.Test, error) {
				r, err := analysis.Kendall(p.x, p.y, p.clusters)
				return r.Test, errors.Join(err, r.TestErr)
			},
			"ClusteredTrend": func(p paired) (analysis.Test, error) {
				a, b := p.tallies()
				return analysis.ClusteredTrend([]*analysis.ShareTally{a, b}, nil)
			},
		} {
			one, err1 := test(p)
			two, err2 := test(q)
			turned, err3 := test(p.exchanged())
			if err := errors.Join(err1, err2, err3); err != nil {
				if !errors.Is(err, analysis.ErrUndefined) && !errors.Is(err, analysis.ErrTooFew) {
					t.Errorf("%s, seed %d: %v", name, seed, err)
				}
				continue
			}
			if !(one.P >= 0 && one.P <= 1) || math.Abs(one.P-two.P) > 1e-9 || math.Abs(one.P-turned.P) > 1e-9 {
				t.Errorf("%s, seed %d: p %v, of shuffled units %v, exchanged %v", name, seed, one.P, two.P, turned.P)
			}
		}
	}
}

// TestCoOccurrenceLaws: the order of rows changes nothing, lift is the same
// whichever model is asked first, and P is a share of at most 1 that an
// interval contains.
func TestCoOccurrenceLaws(t *testing.T) {
	l := randomLabels(t, 200)
	all := []int{0, 1, 2}
	ab, err := analysis.MeasureCoOccurrence(l, "A", "B", all)
	if err != nil {
		t.Fatal(err)
	}
	ba, err := analysis.MeasureCoOccurrence(l, "B", "A", all)
	if err != nil {
		t.Fatal(err)
	}
	mixed := &analysis.Labels{Names: l.Names, Models: l.Models, ByModel: make([][]analysis.LabelSet, 2), Clusters: analysis.Clusters{N: l.Clusters.N}}
	for _, row := range rand.New(rand.NewPCG(1, 45)).Perm(200) {
		for m := range mixed.ByModel {
			mixed.ByModel[m] = append(mixed.ByModel[m], l.ByModel[m][row])
		}
		mixed.Clusters.ID = append(mixed.Clusters.ID, l.Clusters.ID[row])
	}
	shuffled, err := analysis.MeasureCoOccurrence(mixed, "A", "B", all)
	if err != nil {
		t.Fatal(err)
	}
	for y := range all {
		for x := range all {
			p, lift := ab.P[y][x], ab.Lift[y][x]
			if !p.Covers(p.Value) || p.Lo < 0 || p.Hi > 1 || !lift.Covers(lift.Value) || lift.Lo < 0 {
				t.Errorf("%d given %d: %v, lift %v", y, x, p, lift)
			}
			within(t, "lift the other way", ba.Lift[x][y].Value, lift.Value, 1e-12)
			within(t, "its upper limit", ba.Lift[x][y].Hi, lift.Hi, 1e-9)
			within(t, "P of shuffled rows", shuffled.P[y][x].Value, p.Value, 0)
			within(t, "upper limit of shuffled rows", shuffled.Lift[y][x].Hi, lift.Hi, 1e-9)
		}
	}
}
