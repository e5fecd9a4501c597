package latent

import (
	"context"
	"math"
	"sync"
	"sync/atomic"
)

// Sizes of the published dataset that the population imitates.
const (
	FullRows     = 411_000 // rows of complete: "over 410,000", paper p. 3
	fullPairs    = 150_000 // value pairs generated, p. 3
	EntriesInOne = 1_500   // entries of a chunk: entry_idx 0..1499
	NumValues    = 3_302   // distinct values in use
)

// A Nudge says which of the two values a query favours.
type Nudge uint8

// The nudges, in file order.
const (
	Neutral Nudge = iota
	Toward1
	Toward2
)

func (n Nudge) String() string { return [...]string{"neutral", "value1", "value2"}[n] }

// The models, in the order of the dataset's position columns.
const NumModels = 12

// ModelIDs are the dataset's column prefixes.
var ModelIDs = [NumModels]string{
	"claude_3_5_sonnet", "claude_3_7_sonnet", "claude_opus_3", "claude_opus_4", "claude_sonnet_4",
	"gemini_2_5_pro", "gpt_4_1_mini", "gpt_4_1", "gpt_4o", "grok_4", "o3", "o4_mini",
}

// provider of each model, as an index.
var provider = [NumModels]int{0, 0, 0, 0, 0, 1, 2, 2, 2, 3, 2, 2}

const numProviders = 4

// Missing is the score that stands for NULL.
const Missing = 7

// Scores are the positions of one scenario: by value, by model.
type Scores [2][NumModels]uint8

// A World is one population of scenarios. It does not change after
// Simulate, so any number of goroutines may read it.
type World struct {
	Params Params
	Seed   uint64

	Pairs     []Pair
	Scenarios []Scenario
}

// A Pair is two values in tension and who wrote the queries.
type Pair struct {
	Value     [2]uint16 // 0..NumValues-1
	Generator uint8     // 0 or 1
	tension   float64
}

// A Scenario is one query and where the twelve answers stand.
type Scenario struct {
	Pair   int32
	Nudge  Nudge
	Scores Scores
	// leaning is the value that going along favours.
	leaning uint8
}

// ID is the scenario's number among all that could have been generated.
func (s Scenario) ID() int { return 3*int(s.Pair) + int(s.Nudge) }

// Chunk and Entry are the pair's place in the generation run.
func (s Scenario) Chunk() int { return int(s.Pair) / EntriesInOne }

// Entry is the pair's place within its chunk.
func (s Scenario) Entry() int { return int(s.Pair) % EntriesInOne }

// Simulate draws a population of the given number of scenarios. The same
// arguments give the same population for any number of workers.
func Simulate(ctx context.Context, p Params, seed uint64, rows, workers int) (*World, error) {
	w := &World{Params: p, Seed: seed}
	n := int(math.Ceil(float64(rows) * fullPairs / FullRows))
	w.Pairs = make([]Pair, n)
	valueTension := make([]float64, NumValues)
	rng := newStream()
	for v := range valueTension {
		valueTension[v] = rng.at(seed, forValue, v).NormFloat64() / math.Sqrt2
	}
	err := parallel(ctx, n, workers, func(rng *stream, i int) {
		rng.at(seed, forPair, i)
		pair := &w.Pairs[i]
		a, b := pairOf(seed, i)
		if rng.IntN(2) == 0 {
			a, b = b, a
		}
		pair.Value = [2]uint16{uint16(a), uint16(b)}
		if rng.IntN(3) == 0 { // two of three generators are Claude models, p. 4
			pair.Generator = 1
		}
		pair.tension = float64(p.TensionByValue*(valueTension[a]+valueTension[b])) +
			float64(p.TensionByPair*rng.NormFloat64())
	})
	if err != nil {
		return nil, err
	}

	appeal := p.appeal(seed)

	// Refused and incomplete generations drop out, p. 3.
	kept := rng.at(seed, forDropOut, 0).choose(rows, 3*n)
	w.Scenarios = make([]Scenario, len(kept))
	err = parallel(ctx, len(kept), workers, func(rng *stream, i int) {
		s := &w.Scenarios[i]
		s.Pair, s.Nudge = kept[i]/3, Nudge(kept[i]%3)
		rng.at(seed, forScenario, int(kept[i]))
		p.answer(rng, s, &w.Pairs[s.Pair], appeal)
	})
	if err != nil {
		return nil, err
	}
	return w, nil
}

// answer draws what the twelve models do with one scenario. The float64
// conversions keep compilers from fusing multiplication and addition,
// which would give other bits on other processors.
func (p *Params) answer(rng *stream, s *Scenario, pair *Pair, appeal [][numProviders]float64) {
	tension := pair.tension + float64(p.TensionByScenario*rng.NormFloat64())
	amplitude := p.Amplitude.of(s.Nudge) + float64(p.AmplitudePerUnit*tension) +
		float64(p.AmplitudeDeviation*rng.NormFloat64())
	amplitude = min(max(amplitude, 0), p.MaxAmplitude)
	demand := p.Demand.of(s.Nudge) + float64(p.DemandDeviation*rng.NormFloat64())
	tradeOff := p.TradeOff[0] + float64(rng.Float64()*(p.TradeOff[1]-p.TradeOff[0]))

	switch s.Nudge {
	case Neutral:
		s.leaning = uint8(rng.IntN(2))
	case Toward2:
		s.leaning = 1
	}
	var centre [2]float64
	for v := range centre {
		centre[v] = 3 + float64(p.Centre*rng.NormFloat64())
	}
	var shock [numProviders]float64
	for i := range shock {
		shock[i] = p.ProviderShock * rng.NormFloat64()
	}
	for m := range p.Models {
		model := &p.Models[m]
		noise := model.Noise
		if rng.Float64() < model.Stray {
			noise = p.StrayScale
		}
		margin := model.Tolerance - demand + shock[provider[m]] + float64(noise*rng.NormFloat64())
		stance := min(max(p.Steepness*margin, -1), 1)
		along, other := s.leaning, 1-s.leaning
		liking := [2]float64{appeal[pair.Value[0]][provider[m]], appeal[pair.Value[1]][provider[m]]}
		s.Scores[along][m] = score(centre[along] + liking[along] + float64(amplitude*stance) + float64(p.Blur*rng.NormFloat64()))
		s.Scores[other][m] = score(centre[other] + liking[other] - float64(tradeOff*amplitude*stance) + float64(p.Blur*rng.NormFloat64()))
		if margin < -model.Refusal {
			s.Scores[0][m], s.Scores[1][m] = 0, 0
		}
	}
	// At most one NULL a scenario, so that all model sets of three and
	// more stay computable.
	if rng.Float64() < 2*NumModels*p.NullShare {
		s.Scores[rng.IntN(2)][rng.IntN(NumModels)] = Missing
	}
}

// appeal draws what positions gain from the value they are on, by value
// and provider.
func (p *Params) appeal(seed uint64) [][numProviders]float64 {
	rng := newStream()
	byCategory := make([][numProviders]float64, len(ValuesInCategory))
	for c := range byCategory {
		rng.at(seed, forAppeal, c)
		for i := range byCategory[c] {
			byCategory[c][i] = p.AppealByProvider * rng.NormFloat64()
		}
	}
	out := make([][numProviders]float64, NumValues)
	for v := range out {
		own := p.AppealByValue * rng.at(seed, forAppeal, len(ValuesInCategory)+v).NormFloat64()
		for i := range out[v] {
			out[v][i] = own + byCategory[categoryOf(v)][i]
		}
	}
	return out
}

// score rounds to the nearest of 0..6.
func score(x float64) uint8 { return uint8(min(max(x, 0), 6) + 0.5) }

// parallel calls do for 0..n-1, in blocks, each worker with a stream of
// its own, and ends early when ctx does.
func parallel(ctx context.Context, n, workers int, do func(rng *stream, i int)) error {
	const block = 1024
	var next atomic.Int64
	var group sync.WaitGroup
	for range max(1, workers) {
		group.Go(func() {
			rng := newStream()
			for ctx.Err() == nil {
				from := int(next.Add(block)) - block
				if from >= n {
					return
				}
				for i := from; i < min(from+block, n); i++ {
					do(rng, i)
				}
			}
		})
	}
	group.Wait()
	return ctx.Err()
}
