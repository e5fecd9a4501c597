package latent

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// A Split is one selection of scenarios of high disagreement.
type Split struct {
	Name string // as in the dataset
	Set  Set
	Rows int // published number of rows
}

// Splits are the six of the paper, section 2.2.
var Splits = []Split{
	{"all_models", AllModels, 43_960},
	{"claude_models", Claude, 20_790},
	{"openai_models", OpenAI, 26_295},
	{"gpt41_vs_mini", GPT41, 10_160},
	{"o3_vs_o4mini", O3, 21_953},
	{"opus4_vs_sonnet4", Opus4, 9_245},
}

// pairsByRows is how many value pairs have one, two and three rows in
// all_models of the public dataset; 43,960 rows in all.
var pairsByRows = [...]int{33_113, 4_936, 325}

// thresholdHalves is the threshold of high disagreement, 1.5, in halves.
const thresholdHalves = 3

// Selected is a split drawn from a world.
type Selected struct {
	Split
	Candidates int     // scenarios at or above the threshold
	Scenarios  []int32 // indexes into the world, by falling disagreement
}

// Scale is the share of the published sizes that a population of the
// given size gets: in proportion, and never more than all.
func Scale(rows int) float64 { return min(1, float64(rows)/FullRows) }

func scaled(n int, scale float64) int { return int(math.Round(float64(n) * scale)) }

// A candidate is a scenario at or above the threshold. Thinning takes
// those of lowest order: -ln(u)/weight with u uniform, which is weighted
// sampling without replacement (Efraimidis and Spirakis 2006).
type candidate struct {
	scenario, pair int32
	spread         Spread
	order          float64
}

// SelectAll draws the six splits, at the same time.
func (w *World) SelectAll() []Selected {
	out := make([]Selected, len(Splits))
	var group sync.WaitGroup
	for i := range Splits {
		group.Go(func() { out[i] = w.Select(i) })
	}
	group.Wait()
	return out
}

// Select draws split number i: all scenarios whose disagreement is at
// least 1.5, thinned at random to the published size, or what there is.
// In all_models the thinning also gives the published number of value
// pairs with one, two and three rows.
func (w *World) Select(i int) Selected {
	split := Splits[i]
	scale := Scale(len(w.Scenarios))
	rng := newStream()
	var found []candidate
	for j := range w.Scenarios {
		s := &w.Scenarios[j]
		if spread := s.Spread(split.Set); spread.AtLeast(thresholdHalves) {
			u := rng.at(w.Seed, forThinning+purpose(i), s.ID()).Float64()
			found = append(found, candidate{int32(j), s.Pair, spread,
				-math.Log1p(-u) * math.Pow(spread.StdDev(), -w.Params.KeepPower)})
		}
	}
	count := len(found)
	if i == 0 {
		found = thinByPair(found, scale)
	} else {
		found = lowest(found, scaled(split.Rows, scale))
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(b.spread.Compare(a.spread), cmp.Compare(a.scenario, b.scenario))
	})
	out := Selected{Split: split, Candidates: count, Scenarios: make([]int32, len(found))}
	for k, c := range found {
		out.Scenarios[k] = c.scenario
	}
	return out
}

// lowest keeps the n candidates of lowest order.
func lowest(found []candidate, n int) []candidate {
	slices.SortFunc(found, byOrder)
	return found[:min(n, len(found))]
}

func byOrder(a, b candidate) int {
	return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.scenario, b.scenario))
}

// thinByPair keeps three scenarios of some pairs, then two of some of the
// pairs left, then one.
func thinByPair(found []candidate, scale float64) []candidate {
	var pairs [][]candidate // the candidates of one pair, lowest order first
	for len(found) > 0 {
		n := 1
		for n < len(found) && found[n].pair == found[0].pair {
			n++
		}
		slices.SortFunc(found[:n], byOrder)
		pairs = append(pairs, found[:n])
		found = found[n:]
	}
	slices.SortFunc(pairs, func(a, b []candidate) int { return byOrder(a[0], b[0]) })
	var kept []candidate
	for rows := len(pairsByRows); rows > 0; rows-- {
		want := scaled(pairsByRows[rows-1], scale)
		var left [][]candidate
		for _, pair := range pairs {
			if want > 0 && len(pair) >= rows {
				kept = append(kept, pair[:rows]...)
				want--
			} else {
				left = append(left, pair)
			}
		}
		pairs = left
	}
	return kept
}
