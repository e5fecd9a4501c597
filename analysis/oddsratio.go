package analysis

import (
	"fmt"
	"math"
)

// ShareOddsRatio returns the odds of a over the odds of b, with odds
// share/(1-share), of two independent shares: how many times as large the
// one's odds are. It is 0 and up, 1 when the shares are equal, and close to
// their ratio only when both are small.
//
// The interval is Woolf's log interval at the level of the shares: the
// variance of the logarithm is the sum of 1/(n·share·(1-share)), with
// effective sample sizes for n, so that clusters count as they do in the
// shares; of independent units it is the sum of the reciprocals of the four
// counts. SE is the odds ratio times its root. N and Clusters are those of
// both together. Fewer than ten events, or units without one, in either
// share give a warning.
//
// Errors: ErrUndefined when a or b has no value, or is 0 or 1, as the
// logarithm then has no variance: see ExactOddsRatio, and HaldaneOddsRatio
// for the answer that others give. An a or b that is not a share with an
// interval, or intervals of different levels, are errors, too.
//
// Source: Woolf 1955, Annals of Human Genetics 19:251-253.
func ShareOddsRatio(a, b Estimate) (Estimate, error) {
	if err := checkShares("odds ratio", a, b); err != nil {
		return Estimate{}, err
	}
	for i, share := range []Estimate{a, b} {
		if share.SE == 0 || share.Value == 0 || share.Value == 1 {
			return Estimate{}, fmt.Errorf("analysis: odds ratio: %s share is %v of %d with SE %v: %w",
				[]string{"the first", "the second"}[i], share.Value, share.N, share.SE, ErrUndefined)
		}
	}
	spread := func(e Estimate) float64 { return e.SE / (e.Value * (1 - e.Value)) }
	e := ofBoth(a, b)
	e.fromLog(math.Log(a.Value/(1-a.Value))-math.Log(b.Value/(1-b.Value)), math.Hypot(spread(a), spread(b)), normalQuantile(a.Level))
	e.Level = a.Level
	e.Method = fmt.Sprintf("odds ratio, Woolf's log interval %g %% on the shares' effective sample sizes", 100*a.Level)
	rare := func(e Estimate) float64 { return min(e.Value, 1-e.Value) * float64(e.N) }
	if events := math.Round(min(rare(a), rare(b))); events < fewEvents {
		e.Warnings = append(e.Warnings, fmt.Errorf("rests on %v events: the interval is rough", events))
	}
	return e, nil
}

// fromLog sets value, SE and limits from those of the logarithm.
func (e *Estimate) fromLog(log, se, quantile float64) {
	e.Value = math.Exp(log)
	e.SE = e.Value * se
	e.Lo, e.Hi = math.Exp(log-quantile*se), math.Exp(log+quantile*se)
}

// HaldaneOddsRatio returns the odds ratio of x events in n units over y
// events in m after adding half a unit to each of the four counts, events
// and others, with Woolf's log interval at Level of these counts. It has a
// value whatever the counts are, but one that rests on units that nobody
// saw; nothing here uses it unless asked, and its warning says so. The
// units must be independent.
//
// Errors: ErrTooFew for n or m of 0 or less; an error for events outside 0
// to n or m.
//
// Source: Haldane 1956, Annals of Human Genetics 20:309-311; Anscombe
// 1956, Biometrika 43:461-464.
func HaldaneOddsRatio(x, n, y, m int) (Estimate, error) {
	if err := checkTwoByTwo("odds ratio", x, n, y, m); err != nil {
		return Estimate{}, err
	}
	a, b, c, d := float64(x)+.5, float64(n-x)+.5, float64(y)+.5, float64(m-y)+.5
	e := Estimate{
		N: n + m, Level: Level,
		Method:   fmt.Sprintf("odds ratio with half a unit added to each count (Haldane and Anscombe), Woolf's log interval %g %%", 100*Level),
		Warnings: []error{fmt.Errorf("two units that nobody saw are added to the %d", n+m)},
	}
	e.fromLog(math.Log(a/b)-math.Log(c/d), math.Sqrt(1/a+1/b+1/c+1/d), normalQuantile(Level))
	return e, nil
}

// ExactOddsRatio returns the odds ratio of x events in n units over y
// events in m, given that there are x+y events in all: the likeliest value
// of Fisher's noncentral hypergeometric distribution. It is a little closer
// to 1 than (x/(n-x))/(y/(m-y)). The interval, at Level, is the exact one:
// all odds ratios under which neither as many events as x nor as few have
// a probability below (1-Level)/2. It holds the truth with at least the
// level's probability. The units must be independent.
//
// With no event above, or nothing but events below, the value and the lower
// limit are 0. SE is the odds ratio over the standard deviation of the
// events under it, the large-sample one, and 0 there.
//
// Errors: ErrUndefined when it is infinite, as with no event below or
// nothing but events above, and when all units are events or none is;
// ErrTooFew for n or m of 0 or less; and an error for events outside 0 to n
// or m.
//
// Source: Cornfield 1956, Proceedings of the Third Berkeley Symposium
// 4:135-148; Fisher 1935, Journal of the Royal Statistical Society
// 98:39-82.
func ExactOddsRatio(x, n, y, m int) (Estimate, error) {
	if err := checkTwoByTwo("odds ratio", x, n, y, m); err != nil {
		return Estimate{}, err
	}
	h := newHypergeometric(n, m, x+y)
	switch {
	case len(h.log) == 1:
		return Estimate{}, fmt.Errorf("analysis: odds ratio: %d of %d and %d of %d, so any ratio fits: %w", x, n, y, m, ErrUndefined)
	case x == h.first+len(h.log)-1:
		return Estimate{}, fmt.Errorf("analysis: odds ratio: %d of %d over %d of %d is infinite: %w", x, n, y, m, ErrUndefined)
	}
	e := Estimate{
		N: n + m, Level: Level,
		Method: fmt.Sprintf("conditional odds ratio, exact interval %g %%", 100*Level),
	}
	tail := (1 - Level) / 2
	e.Hi = math.Exp(lastTrue(func(log float64) bool { atMost, _, _, _ := h.at(log, x); return atMost > tail }))
	if x > h.first {
		log := lastTrue(func(log float64) bool { _, _, mean, _ := h.at(log, x); return mean < float64(x) })
		_, _, _, variance := h.at(log, x)
		e.Value = math.Exp(log)
		e.SE = e.Value / math.Sqrt(variance)
		e.Lo = math.Exp(lastTrue(func(log float64) bool { _, atLeast, _, _ := h.at(log, x); return atLeast < tail }))
	}
	return e, nil
}

// checkTwoByTwo checks that x of n and y of m are counts of events.
func checkTwoByTwo(statistic string, x, n, y, m int) error {
	switch {
	case n <= 0 || m <= 0:
		return fmt.Errorf("analysis: %s: n = %d, m = %d: %w", statistic, n, m, ErrTooFew)
	case x < 0 || x > n || y < 0 || y > m:
		return fmt.Errorf("analysis: %s: %d events of %d and %d of %d, want 0 to all", statistic, x, n, y, m)
	}
	return nil
}

// A hypergeometric is Fisher's noncentral distribution of the events among
// n units, given those among n+m in all.
type hypergeometric struct {
	first int       // least possible number of events
	log   []float64 // logarithm of each number's weight at odds ratio 1
}

func newHypergeometric(n, m, events int) hypergeometric {
	logChoose := func(n, k int) float64 {
		all, _ := math.Lgamma(float64(n + 1))
		in, _ := math.Lgamma(float64(k + 1))
		out, _ := math.Lgamma(float64(n - k + 1))
		return all - in - out
	}
	h := hypergeometric{first: max(0, events-m)}
	for k := h.first; k <= min(n, events); k++ {
		h.log = append(h.log, logChoose(n, k)+logChoose(m, events-k))
	}
	return h
}

// at is, for the odds ratio with the given logarithm, the probability of at
// most and of at least x events, and their mean and variance.
func (h hypergeometric) at(logOdds float64, x int) (atMost, atLeast, mean, variance float64) {
	weight := func(i int) float64 { return h.log[i] + float64(i)*logOdds }
	top := math.Inf(-1)
	for i := range h.log {
		top = max(top, weight(i))
	}
	var sum, first, below, above float64
	for i := range h.log {
		w := math.Exp(weight(i) - top)
		sum += w
		first += w * float64(i)
		if h.first+i <= x {
			below += w
		}
		if h.first+i >= x {
			above += w
		}
	}
	centre := first / sum
	for i := range h.log {
		variance += math.Exp(weight(i)-top) * (float64(i) - centre) * (float64(i) - centre)
	}
	return below / sum, above / sum, float64(h.first) + centre, variance / sum
}
