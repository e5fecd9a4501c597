package analysis_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/specstress/specstress/analysis"
)

// winsTable makes a contest for each win that a table counts: wins[i][j]
// of item i over item j.
func winsTable(items []string, wins [][]int) *analysis.Comparisons {
	c := &analysis.Comparisons{Items: items}
	for i, row := range wins {
		for j, n := range row {
			for range n {
				c.First, c.Second = append(c.First, int32(i)), append(c.Second, int32(j))
				c.Outcome = append(c.Outcome, analysis.FirstWins)
			}
		}
	}
	return c
}

// simulated draws contests between items of known abilities, clusters of up
// to three nudges on a pair.
func simulated(theta []float64, rows int, order, nudge float64, seed uint64) *analysis.Comparisons {
	rng := rand.New(rand.NewPCG(seed, 0))
	c := &analysis.Comparisons{Items: make([]string, len(theta))}
	for i := range c.Items {
		c.Items[i] = "v" + string(rune('a'+i%26))
	}
	for id := int32(0); len(c.First) < rows; id++ {
		i, j := rng.IntN(len(theta)), rng.IntN(len(theta)-1)
		if j >= i {
			j++
		}
		for v := range min(1+rng.IntN(3), rows-len(c.First)) {
			sign := []float64{0, 1, -1}[v]
			eta := theta[i] - theta[j] + order + nudge*sign
			outcome := analysis.SecondWins
			if rng.Float64() < 1/(1+math.Exp(-eta)) {
				outcome = analysis.FirstWins
			}
			c.First, c.Second = append(c.First, int32(i)), append(c.Second, int32(j))
			c.Outcome = append(c.Outcome, outcome)
			c.Nudge = append(c.Nudge, []analysis.Nudge{analysis.NudgeNone, analysis.NudgeFirst, analysis.NudgeSecond}[v])
			c.Clusters.ID = append(c.Clusters.ID, id)
		}
		c.Clusters.N = int(id) + 1
	}
	return c
}

// referenceBradleyTerry runs the published case and the edge cases of
// TestReferenceStats. Abilities and standard errors are beside those of the
// first item.
func referenceBradleyTerry(r *reference) {
	var in struct {
		Items []string
		Wins  [][]int
	}
	r.input(&in)
	fit, err := analysis.FitBradleyTerry(winsTable(in.Items, in.Wins), analysis.BradleyTerryModel{})
	if r.c.Expected["log_ability"] == nil {
		r.same("log_ability", 0, err)
		if !strings.Contains(fmt.Sprint(err), in.Items[0]) {
			r.Errorf("%v does not name %s: %v", err, in.Items[0], r.c.Expected["reason"])
		}
		r.compared = append(r.compared, "reason")
		return
	}
	if err != nil {
		r.Fatal(err)
	}
	abilities, errors := make([]float64, len(in.Items)), make([]float64, len(in.Items))
	for i := range in.Items {
		abilities[i] = fit.Theta[i] - fit.Theta[0]
		if i == 0 {
			continue // has no error beside itself
		}
		e, err := fit.Difference(i, 0, analysis.Information)
		if err != nil {
			r.Fatal(err)
		}
		errors[i] = e.SE
	}
	r.each("log_ability", abilities)
	r.each("std_err", errors)
	deviance, df := fit.Deviance()
	r.same("deviance", deviance, nil)
	// Pairs less free abilities.
	if n := len(in.Items); df != n*(n-1)/2-(n-1) {
		r.Errorf("%d degrees of freedom of %d items", df, n)
	}
}

// bradleyTerryOracle is what bradleyterry.py wrote.
type bradleyTerryOracle struct {
	First, Second []int32
	Nudge         []int
	Outcome       []analysis.Outcome
	Cluster       []int32
	Items         int

	ML, Ridge1            []float64 // of plain
	X                     []float64 // of the others: abilities, order, nudge
	Information, Sandwich []float64 // likewise
	LogLikelihood, Ridge  float64
}

func (o bradleyTerryOracle) comparisons() *analysis.Comparisons {
	c := &analysis.Comparisons{Items: make([]string, o.Items), First: o.First, Second: o.Second, Outcome: o.Outcome}
	for i := range c.Items {
		c.Items[i] = fmt.Sprint("item ", i)
	}
	for _, n := range o.Nudge {
		c.Nudge = append(c.Nudge, map[int]analysis.Nudge{0: analysis.NudgeNone, 1: analysis.NudgeFirst, -1: analysis.NudgeSecond}[n])
	}
	c.Clusters = analysis.Clusters{ID: o.Cluster, N: int(slices.Max(o.Cluster)) + 1}
	return c
}

// TestBradleyTerryAgainstPython compares with choix, statsmodels and scipy:
// testdata/oracle/bradleyterry.py says how.
func TestBradleyTerryAgainstPython(t *testing.T) {
	raw, err := os.ReadFile("testdata/oracle/bradleyterry.json")
	if err != nil {
		t.Fatal(err)
	}
	var oracle struct{ Plain, GLM, Ridge bradleyTerryOracle }
	if err := json.Unmarshal(raw, &oracle); err != nil {
		t.Fatal(err)
	}
	fit := func(o bradleyTerryOracle, m analysis.BradleyTerryModel) *analysis.BradleyTerry {
		f, err := analysis.FitBradleyTerry(o.comparisons(), m)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	near := func(what string, got, want, tolerance float64) {
		t.Helper()
		if !(math.Abs(got-want) <= tolerance) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	for i, want := range oracle.Plain.ML {
		near("choix", fit(oracle.Plain, analysis.BradleyTerryModel{}).Theta[i], want, 1e-6)
		near("choix with a ridge", fit(oracle.Plain, analysis.BradleyTerryModel{Ridge: 1}).Theta[i], oracle.Plain.Ridge1[i], 1e-6)
	}
	glm := fit(oracle.GLM, analysis.BradleyTerryModel{Order: true, Nudge: true})
	near("log-likelihood", glm.LogLikelihood(), oracle.GLM.LogLikelihood, 1e-9)
	ridge := fit(oracle.Ridge, analysis.BradleyTerryModel{Order: true, Nudge: true, Ridge: oracle.Ridge.Ridge, Ties: analysis.TiesHalf})
	for name, c := range map[string]struct {
		f *analysis.BradleyTerry
		o bradleyTerryOracle
	}{"statsmodels": {glm, oracle.GLM}, "scipy": {ridge, oracle.Ridge}} {
		n := c.o.Items
		for variance, want := range map[analysis.Variance][]float64{analysis.Information: c.o.Information, analysis.Sandwich: c.o.Sandwich} {
			for i := range n {
				e, err := c.f.Ability(i, variance)
				if err != nil {
					t.Fatal(err)
				}
				near(name+": ability", e.Value, c.o.X[i], 1e-8)
				near(name+": its standard error", e.SE, want[i], 1e-8)
			}
			order, err1 := c.f.OrderEffect(variance)
			nudge, err2 := c.f.NudgeEffect(variance)
			if err := errors.Join(err1, err2); err != nil {
				t.Fatal(err)
			}
			near(name+": order", order.Value, c.o.X[n], 1e-8)
			near(name+": nudge", nudge.Value, c.o.X[n+1], 1e-8)
			near(name+": order's standard error", order.SE, want[n], 1e-8)
			near(name+": nudge's standard error", nudge.SE, want[n+1], 1e-8)
		}
	}
}

// TestBradleyTerryGradient computes the gradient at the solution by its
// definition, row by row.
func TestBradleyTerryGradient(t *testing.T) {
	for _, m := range []analysis.BradleyTerryModel{
		analysis.ValueModel(), {Ridge: 0.01, Order: true}, {Nudge: true, Ridge: 100}, {Order: true, Nudge: true},
	} {
		theta := normals(60, 5)
		c := simulated(theta, 8000, 0.3, 1, 6)
		f, err := analysis.FitBradleyTerry(c, m)
		if err != nil {
			t.Fatal(err)
		}
		g := make([]float64, len(theta)+2)
		sum := 0.0
		for i, x := range f.Theta {
			g[i] = m.Ridge * x
			sum += x
		}
		for row, outcome := range c.Outcome {
			y := 0.0
			if outcome == analysis.FirstWins {
				y = 1
			}
			r := f.Probability(int(c.First[row]), int(c.Second[row]), c.Nudge[row]) - y
			g[c.First[row]] += r
			g[c.Second[row]] -= r
			if m.Order {
				g[len(theta)] += r
			}
			if m.Nudge {
				g[len(theta)+1] += r * []float64{0, 0, 1, -1}[c.Nudge[row]]
			}
		}
		for i, v := range g {
			if math.Abs(v) > 1e-9 {
				t.Errorf("%+v: gradient %v in place %d", m, v, i)
			}
		}
		if math.Abs(sum) > 1e-10 {
			t.Errorf("%+v: abilities sum to %v", m, sum)
		}
	}
}

func TestBradleyTerryLaws(t *testing.T) {
	c := simulated(normals(25, 1), 900, 0.2, 0.8, 2)
	c.Outcome[3], c.Outcome[8] = analysis.Tied, analysis.NoOutcome
	m := analysis.ValueModel()
	m.Ties = analysis.TiesHalf
	fit := func(c *analysis.Comparisons) *analysis.BradleyTerry {
		t.Helper()
		f, err := analysis.FitBradleyTerry(c, m)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	whole := fit(c)

	shuffled := simulated(normals(25, 1), 900, 0.2, 0.8, 2)
	for to, from := range rand.New(rand.NewPCG(3, 3)).Perm(900) {
		shuffled.First[to], shuffled.Second[to] = c.First[from], c.Second[from]
		shuffled.Outcome[to], shuffled.Nudge[to] = c.Outcome[from], c.Nudge[from]
		shuffled.Clusters.ID[to] = c.Clusters.ID[from]
	}
	if f := fit(shuffled); !slices.Equal(f.Theta, whole.Theta) || f.Order != whole.Order || f.Nudge != whole.Nudge {
		t.Error("another order of rows gives other bits")
	}

	// Every contest told from the other side: the advantage of standing
	// first becomes a disadvantage, nothing else changes.
	mirrored := &analysis.Comparisons{Items: c.Items, First: c.Second, Second: c.First, Clusters: c.Clusters}
	for row := range c.Outcome {
		mirrored.Outcome = append(mirrored.Outcome, []analysis.Outcome{0, analysis.SecondWins, analysis.FirstWins, analysis.Tied}[c.Outcome[row]])
		mirrored.Nudge = append(mirrored.Nudge, []analysis.Nudge{0, analysis.NudgeNone, analysis.NudgeSecond, analysis.NudgeFirst}[c.Nudge[row]])
	}
	f := fit(mirrored)
	if math.Abs(f.Order+whole.Order) > 1e-9 || math.Abs(f.Nudge-whole.Nudge) > 1e-9 {
		t.Errorf("mirrored: order %v, nudge %v, want %v, %v", f.Order, f.Nudge, -whole.Order, whole.Nudge)
	}
	for i := range f.Theta {
		if math.Abs(f.Theta[i]-whole.Theta[i]) > 1e-9 {
			t.Errorf("mirrored: item %d has %v, want %v", i, f.Theta[i], whole.Theta[i])
		}
	}
	// Winners and losers swapped without a nudge: abilities change sign.
	m.Nudge, m.Order = false, false
	for row, o := range c.Outcome {
		mirrored.Outcome[row] = []analysis.Outcome{0, analysis.SecondWins, analysis.FirstWins, analysis.Tied}[o]
	}
	mirrored.First, mirrored.Second = c.First, c.Second
	won, lost := fit(c), fit(mirrored)
	for i := range won.Theta {
		if math.Abs(won.Theta[i]+lost.Theta[i]) > 1e-9 {
			t.Errorf("winners and losers swapped: item %d has %v and %v", i, won.Theta[i], lost.Theta[i])
		}
	}
	// A constant added to all abilities changes no probability, so the
	// fit's own constant is a matter of taste: the likelihood knows none.
	if a, b := won.Probability(1, 2, analysis.NudgeNone), 1/(1+math.Exp(won.Theta[2]+7-won.Theta[1]-7)); math.Abs(a-b) > 1e-12 {
		t.Errorf("probability %v, want %v", a, b)
	}
}

func TestBradleyTerryRecovery(t *testing.T) {
	// 40 items, 40,000 contests: information of about 2,000/6 contests'
	// variance an item, so an error of 0.06 and four times that at most.
	theta := normals(40, 8)
	sum := 0.0
	for _, x := range theta {
		sum += x
	}
	f, err := analysis.FitBradleyTerry(simulated(theta, 40000, 0.25, 0.7, 9), analysis.BradleyTerryModel{Order: true, Nudge: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range theta {
		if got, want := f.Theta[i], x-sum/40; math.Abs(got-want) > 0.25 {
			t.Errorf("item %d: %v, want %v", i, got, want)
		}
	}
	if math.Abs(f.Order-0.25) > 0.06 || math.Abs(f.Nudge-0.7) > 0.08 {
		t.Errorf("order %v, nudge %v, want 0.25, 0.7", f.Order, f.Nudge)
	}
}

// contestsOf makes contests from lines such as "a>b", "a<b", "a=b", "a?b" with a
// nudge towards the first (+) or second (-) item behind.
func contestsOf(lines ...string) *analysis.Comparisons {
	c := &analysis.Comparisons{}
	for _, line := range lines {
		for _, at := range []int{0, 2} {
			item := slices.Index(c.Items, line[at:at+1])
			if item < 0 {
				item = len(c.Items)
				c.Items = append(c.Items, line[at:at+1])
			}
			if at == 0 {
				c.First = append(c.First, int32(item))
			} else {
				c.Second = append(c.Second, int32(item))
			}
		}
		c.Outcome = append(c.Outcome, map[byte]analysis.Outcome{'>': analysis.FirstWins, '<': analysis.SecondWins, '=': analysis.Tied}[line[1]])
		nudge := analysis.NudgeNone
		switch {
		case strings.HasSuffix(line, "+"):
			nudge = analysis.NudgeFirst
		case strings.HasSuffix(line, "-"):
			nudge = analysis.NudgeSecond
		case strings.HasSuffix(line, "!"):
			nudge = analysis.NoNudge
		}
		c.Nudge = append(c.Nudge, nudge)
	}
	return c
}

func TestBradleyTerryUndefined(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		model analysis.BradleyTerryModel
		want  error
		says  string // part of the error
	}{
		{"one group beats the other", []string{"a>b", "b>a", "c>d", "d>c", "a>c", "b>d"}, analysis.BradleyTerryModel{}, analysis.ErrUndefined, "{c, d} never won against the rest"},
		{"never won", []string{"a>b", "b>a", "a>c"}, analysis.BradleyTerryModel{}, analysis.ErrUndefined, "c never won"},
		{"nothing left", []string{"a=b", "a?b"}, analysis.BradleyTerryModel{Ridge: 1}, analysis.ErrTooFew, "1 tied"},
		{"the first always wins", []string{"a>b", "b>a", "b>c", "c>a"}, analysis.BradleyTerryModel{Order: true, Ridge: 1}, analysis.ErrUndefined, "decides every contest"},
		{"the nudge always wins", []string{"a>b+", "b<a-", "b>c+", "c>a", "a>c"}, analysis.BradleyTerryModel{Nudge: true, Order: true, Ridge: 1}, analysis.ErrUndefined, "decides every contest"},
		// a and b only ever stand first, c and d second: order cannot be
		// told from ability.
		{"sides never change", []string{"a>c", "a<c", "b>c", "b<c", "a>d", "a<d"}, analysis.BradleyTerryModel{Order: true}, analysis.ErrUndefined, "cannot tell order"},
		// Whoever stands first wins, save against a: wins connect all, yet
		// order and the ability of a grow together without end.
		{"order and ability together", []string{"a>b", "b>c", "c>b", "a>c", "b=a"}, analysis.BradleyTerryModel{Order: true, Ties: analysis.TiesHalf}, analysis.ErrUndefined, "no maximum"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := analysis.FitBradleyTerry(contestsOf(c.lines...), c.model)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, %v, want %v that says %q", f, err, c.want, c.says)
			}
		})
	}
}

func TestBradleyTerryWarnings(t *testing.T) {
	f, err := analysis.FitBradleyTerry(contestsOf("a>b", "a>c", "b>c", "c>b", "d>e", "f?g", "h=h"), analysis.ValueModel())
	if err == nil {
		t.Fatalf("the first wins all but one: got %v", f)
	}
	m := analysis.BradleyTerryModel{Nudge: true, Ridge: 1}
	f, err = analysis.FitBradleyTerry(contestsOf("a>b", "a>c", "b>c", "c>b", "d>e", "f?g", "h>h", "a=b", "a>b!"), m)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(f.Warnings); !strings.Contains(got, "nudge is left out") || !strings.Contains(got, "2 groups") ||
		!strings.Contains(got, "never lost: a, d") || !strings.Contains(got, "never won: e") {
		t.Errorf("warnings: %v", got)
	}
	if want := []analysis.Exclusion{{Reason: "outcome missing", N: 1}, {Reason: "nudge missing", N: 1}, {Reason: "item against itself", N: 1}, {Reason: "tied", N: 1}}; !slices.Equal(f.Excluded, want) {
		t.Errorf("left out %v, want %v", f.Excluded, want)
	}
	if f.Model.Nudge || f.N != 5 || !slices.Equal(f.Compared, []int{2, 3, 3, 1, 1, 0, 0, 0}) || f.Wins[1] != 1 {
		t.Errorf("got %+v", f)
	}
	if _, err := f.Difference(0, 3, analysis.Sandwich); !errors.Is(err, analysis.ErrUndefined) {
		t.Errorf("difference between groups: %v", err)
	}
	if _, err := f.Ability(5, analysis.Sandwich); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("ability of f: %v", err)
	}
	if _, err := f.NudgeEffect(analysis.Sandwich); !errors.Is(err, analysis.ErrUndefined) {
		t.Errorf("nudge: %v", err)
	}
	e, err := f.Difference(0, 1, analysis.Sandwich)
	if err != nil || !strings.Contains(e.String(), "clusters unknown") {
		t.Errorf("difference: %v, %v", e, err)
	}
	// A single cluster has a value and no interval.
	one := contestsOf("a>b", "b>a", "a>b")
	one.Clusters = analysis.Clusters{ID: []int32{4, 4, 4}, N: 9}
	if f, err = analysis.FitBradleyTerry(one, analysis.BradleyTerryModel{}); err != nil {
		t.Fatal(err)
	}
	if e, err := f.Difference(0, 1, analysis.Sandwich); err != nil || e.HasInterval() || math.Abs(e.Value-math.Ln2) > 1e-9 || len(e.Warnings) == 0 {
		t.Errorf("one cluster: %v, %v", e, err)
	}
	if _, err := f.Rank(20, 1); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("ranking of one cluster: %v", err)
	}
}

func TestBradleyTerryBadInput(t *testing.T) {
	good := func() *analysis.Comparisons { return contestsOf("a>b", "b>a", "a>b") }
	for name, c := range map[string]struct {
		spoil func(*analysis.Comparisons, *analysis.BradleyTerryModel)
		says  string
	}{
		"item":     {func(c *analysis.Comparisons, _ *analysis.BradleyTerryModel) { c.Second[1] = 2 }, "row 1: item 2"},
		"outcome":  {func(c *analysis.Comparisons, _ *analysis.BradleyTerryModel) { c.Outcome[2] = 4 }, "row 2"},
		"nudge":    {func(c *analysis.Comparisons, _ *analysis.BradleyTerryModel) { c.Nudge[2] = 9 }, "row 2"},
		"nudges":   {func(c *analysis.Comparisons, m *analysis.BradleyTerryModel) { c.Nudge, m.Nudge = nil, true }, "0 nudges"},
		"columns":  {func(c *analysis.Comparisons, _ *analysis.BradleyTerryModel) { c.First = c.First[:2] }, "2 first items"},
		"ridge":    {func(_ *analysis.Comparisons, m *analysis.BradleyTerryModel) { m.Ridge = math.NaN() }, "ridge is NaN"},
		"ties":     {func(_ *analysis.Comparisons, m *analysis.BradleyTerryModel) { m.Ties = 7 }, "ties"},
		"clusters": {func(c *analysis.Comparisons, _ *analysis.BradleyTerryModel) { c.Clusters = pairs(2) }, "clusters of 2 rows"},
	} {
		t.Run(name, func(t *testing.T) {
			in, m := good(), analysis.BradleyTerryModel{}
			c.spoil(in, &m)
			if _, err := analysis.FitBradleyTerry(in, m); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want an error that says %q", err, c.says)
			}
		})
	}
}

func BenchmarkFitBradleyTerry(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	theta := make([]float64, 3302)
	for i := range theta {
		theta[i] = rng.NormFloat64()
	}
	c := simulated(theta, 43960, 0.1, 1.2, 1)
	b.ReportAllocs()
	for b.Loop() {
		fit, err := analysis.FitBradleyTerry(c, analysis.ValueModel())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(fit.Gradient, "gradient")
		b.ReportMetric(float64(fit.Steps), "steps")
	}
}

// PosteriorByCluster by its definition, in dense matrices: on chess, where
// pairs of games are clusters, and on contests that are told twice, a design
// effect of 2.
func TestPosteriorByCluster(t *testing.T) {
	twice := simulated([]float64{-1, 0, 1}, 200, 0, 0, 5)
	rows := len(twice.First)
	twice.First, twice.Second = append(twice.First, twice.First...), append(twice.Second, twice.Second...)
	twice.Outcome, twice.Nudge = append(twice.Outcome, twice.Outcome...), append(twice.Nudge, twice.Nudge...)
	twice.Clusters = analysis.Clusters{N: rows}
	for i := range 2 * rows {
		twice.Clusters.ID = append(twice.Clusters.ID, int32(i%rows))
	}
	for name, c := range map[string]*analysis.Comparisons{"chess": chess(), "told twice": twice} {
		f, err := analysis.FitBradleyTerry(c, analysis.BradleyTerryModel{Ridge: 1})
		if err != nil {
			t.Fatal(err)
		}
		x := denseRows(c, f)
		along := x.solve([]float64{2. / 3, -1. / 3, -1. / 3, 0, 0})
		squares, independent, clusters := 0.0, 0.0, map[int32]bool{}
		for id := range int32(c.Clusters.N) {
			score, own, g := 0.0, 0.0, make([]float64, 3)
			for _, r := range x.rows {
				if r.cluster != id {
					continue
				}
				clusters[id] = true
				a := mat.Dot(r.x, along)
				score += (r.won - r.p) * a
				own += r.p * (1 - r.p) * a * a
				for i := range g {
					g[i] += r.p * (1 - r.p) * a * r.x.AtVec(i)
				}
			}
			squares += score * score
			for i := range g {
				own -= g[i] * g[i] / x.hessian.At(i, i)
			}
			independent += own
		}
		n := float64(len(clusters))
		effect := n / (n - 1) * squares / independent
		got, err := f.Ability(0, analysis.PosteriorByCluster)
		if err != nil {
			t.Fatal(err)
		}
		posterior, err := f.Ability(0, analysis.Posterior)
		if err != nil {
			t.Fatal(err)
		}
		within(t, name+": design effect", got.DesignEffect, effect, 1e-9)
		within(t, name+": SE", got.SE, posterior.SE*math.Sqrt(max(1, effect)), 1e-9)
		if name == "told twice" && (effect < 1.6 || effect > 2.4) {
			t.Errorf("contests told twice have a design effect of %v, want about 2", effect)
		}
	}
}

// NudgeEffect's and OrderEffect's correction by its definition, in dense
// matrices, with a ridge and without, where the trace is a sum; and for more
// items than that, where it is a mean over signs, within the error that its
// comment names.
func TestEffectsAreCorrected(t *testing.T) {
	for _, c := range []struct {
		items, contests int
		ridge, within   float64 // standard errors
	}{{5, 200, 0, 1e-6}, {5, 60, 1, 1e-6}, {300, 4000, 1, 0.02}} {
		model := analysis.BradleyTerryModel{Order: true, Nudge: true, Ridge: c.ridge}
		data := simulated(normals(c.items, 3), c.contests, 0.3, 0.8, 4)
		f, err := analysis.FitBradleyTerry(data, model)
		if err != nil {
			t.Fatal(err)
		}
		x := denseRows(data, f)
		over, under := 0.0, 0.0
		for i := range c.items {
			d := x.hessian.At(i, i)
			over += f.Theta[i]*f.Theta[i] - (d-c.ridge)/(d*d)
			under += math.Pow((d-c.ridge)/d, 2)
		}
		kappa := c.ridge * max(0, over/under)
		for term, effect := range []func(analysis.Variance) (analysis.Estimate, error){f.OrderEffect, f.NudgeEffect} {
			contrast := make([]float64, c.items+2)
			contrast[c.items+term] = 1
			along := x.solve(contrast)
			sum := 0.0
			for _, r := range x.rows {
				h := x.solve(r.x.RawVector().Data)
				norm := 0.0
				for i := range c.items {
					norm += h.AtVec(i) * h.AtVec(i)
				}
				sum += r.p * (1 - r.p) * (1 - 2*r.p) * mat.Dot(r.x, along) * ((kappa-0.5)*mat.Dot(r.x, h) + c.ridge*(1-kappa)/2*norm)
			}
			value := []float64{f.Order, f.Nudge}[term] - sum
			for _, v := range []analysis.Variance{analysis.Posterior, analysis.PosteriorByCluster} {
				e, err := effect(v)
				if err != nil {
					t.Fatal(err)
				}
				t.Logf("%d items: off by %.4f standard errors", c.items, (e.Value-value)/e.SE)
				within(t, fmt.Sprintf("%d items, ridge %v, term %d", c.items, c.ridge, term), e.Value, value, c.within*e.SE)
				if math.Abs((e.Lo+e.Hi)/2-e.Value) > 1e-9 || math.Abs(sum) < 1e-3 {
					t.Errorf("%d items, ridge %v, term %d: %v, moved by %v", c.items, c.ridge, term, e, sum)
				}
			}
		}
	}
}

// A denseFit is a fit's contests as rows of a matrix, and its Hessian.
type denseFit struct {
	rows    []denseRow
	hessian *mat.SymDense
	inverse *mat.Dense
}

type denseRow struct {
	x       *mat.VecDense // items, order, nudge
	p, won  float64       // of the first
	cluster int32
}

func denseRows(c *analysis.Comparisons, f *analysis.BradleyTerry) denseFit {
	n := len(c.Items)
	d := denseFit{hessian: mat.NewSymDense(n+2, nil), inverse: mat.NewDense(n+2, n+2, nil)}
	for row, outcome := range c.Outcome {
		if outcome != analysis.FirstWins && outcome != analysis.SecondWins {
			continue
		}
		r := denseRow{x: mat.NewVecDense(n+2, nil), cluster: c.Clusters.ID[row]}
		r.x.SetVec(int(c.First[row]), 1)
		r.x.SetVec(int(c.Second[row]), -1)
		nudge := analysis.NoNudge
		if f.Model.Order {
			r.x.SetVec(n, 1)
		}
		if f.Model.Nudge {
			nudge = c.Nudge[row]
			r.x.SetVec(n+1, []float64{0, 0, 1, -1}[nudge])
		}
		if outcome == analysis.FirstWins {
			r.won = 1
		}
		r.p = f.Probability(int(c.First[row]), int(c.Second[row]), nudge)
		d.hessian.SymRankOne(d.hessian, r.p*(1-r.p), r.x)
		d.rows = append(d.rows, r)
	}
	// Without a ridge, the abilities' common part has no curvature: any will
	// do, for contrasts do not know it. Terms that the model lacks have none.
	curved := mat.NewSymDense(n+2, nil)
	curved.CopySym(d.hessian)
	for i := range n {
		d.hessian.SetSym(i, i, d.hessian.At(i, i)+f.Model.Ridge)
		curved.SetSym(i, i, d.hessian.At(i, i))
		for j := range i + 1 {
			if f.Model.Ridge == 0 {
				curved.SetSym(i, j, curved.At(i, j)+1)
			}
		}
	}
	for i, has := range []bool{f.Model.Order, f.Model.Nudge} {
		if !has {
			curved.SetSym(n+i, n+i, 1)
		}
	}
	if err := d.inverse.Inverse(curved); err != nil {
		panic(err)
	}
	return d
}

func (d denseFit) solve(right []float64) *mat.VecDense {
	out := mat.NewVecDense(len(right), nil)
	out.MulVec(d.inverse, mat.NewVecDense(len(right), right))
	return out
}
