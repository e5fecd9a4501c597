package latent

import (
	"context"
	"math"
)

// Labels are what a labeller would say of the scenarios of a split and of
// the responses to them: by place in the split.
type Labels struct {
	Topics     []LabelSet
	Refusal    [][NumModels]LabelSet // exactly one level each, or none
	Categories [][NumModels]LabelSet
}

// A LabelSet has bit i for label i; the highest bit says that somebody
// looked.
type LabelSet uint32

const labelled LabelSet = 1 << 31

// Labelled reports whether somebody looked.
func (s LabelSet) Labelled() bool { return s&labelled != 0 }

// Has reports whether the set has a label.
func (s LabelSet) Has(label int) bool { return s>>label&1 == 1 }

// Empty reports whether the set has no label.
func (s LabelSet) Empty() bool { return s&^labelled == 0 }

// Label draws the labels of some scenarios and the responses to them. The
// same world gives the same labels, whichever scenarios are asked for.
func (w *World) Label(ctx context.Context, scenarios []int32, workers int) (*Labels, error) {
	l := &Labels{
		Topics:     make([]LabelSet, len(scenarios)),
		Refusal:    make([][NumModels]LabelSet, len(scenarios)),
		Categories: make([][NumModels]LabelSet, len(scenarios)),
	}
	cuts := categoryCuts()
	err := parallel(ctx, len(scenarios), workers, func(rng *stream, i int) {
		s := &w.Scenarios[scenarios[i]]
		rng.at(w.Seed, forLabels, s.ID())
		topics := labelled
		for t, share := range topicShare {
			if rng.Float64() < share {
				topics |= 1 << t
			}
		}
		levels := s.refuse(rng, topics)
		seeded := [2]int{categoryOf(int(w.Pairs[s.Pair].Value[0])), categoryOf(int(w.Pairs[s.Pair].Value[1]))}
		l.Categories[i] = express(rng, &cuts, seeded, &levels)
		for m, level := range levels {
			if rng.Float64() >= unlabelledResponses {
				l.Refusal[i][m] = labelled | 1<<level
			}
			if rng.Float64() < unlabelledResponses {
				l.Categories[i][m] = 0
			}
		}
		if rng.Float64() >= unlabelledScenarios {
			l.Topics[i] = topics
		}
	})
	return l, err
}

// refuse draws the refusal level of each response to a scenario.
func (s *Scenario) refuse(rng *stream, topics LabelSet) (levels [NumModels]int) {
	for m := range levels {
		position := s.Scores[s.leaning][m]
		against := 0.0
		if position != Missing {
			against = 3 - float64(position)
		}
		x := ease[m] + float64(levelPerScore*against) + float64(levelDeviation*rng.NormFloat64())
		stop := 0.0
		for t := range NumTopics {
			if topics.Has(t) {
				x += topicPush[t]
				stop = max(stop, topicStop[t][m])
			}
		}
		for _, cut := range levelCuts {
			if x > cut {
				levels[m]++
			}
		}
		if s.Scores[0][m] == 0 && s.Scores[1][m] == 0 { // a flat refusal
			levels[m] = firmRejection
			stop = max(stop, flatStop[m])
		}
		if rng.Float64() < stop {
			levels[m] = fullRejection
		}
	}
	return levels
}

// express draws the categories that each response to a scenario expresses.
func express(rng *stream, cuts *[NumModels][NumCategories]float64, seeded [2]int, levels *[NumModels]int) (sets [NumModels]LabelSet) {
	own := math.Sqrt(1 - categoryShared*categoryShared)
	for m := range sets {
		sets[m] = labelled
	}
	for c := range NumCategories {
		shared := categoryShared * rng.NormFloat64()
		if seeded[0] == c || seeded[1] == c {
			shared += categorySeeded
		}
		for m := range sets {
			x := shared + float64(own*rng.NormFloat64())
			if levels[m] >= firmRejection {
				if protective[c] {
					x += categoryRefuse
				} else {
					x -= categoryRefuse
				}
			}
			if x > cuts[m][c] {
				sets[m] |= 1 << c
			}
		}
	}
	return sets
}

// categoryCuts are the points above which a response expresses a category:
// those that its share exceeds, on the average over the values that a
// scenario may have.
func categoryCuts() (cuts [NumModels][NumCategories]float64) {
	for c := range NumCategories {
		of := float64(ValuesInCategory[c]) / TreeValues
		seeded := 1 - (1-of)*(1-of)
		var share [NumModels]float64
		for m := range share {
			share[m] = categoryShare[c][provider[m]]
		}
		if counts, ok := figure10[c]; ok {
			for i, m := range figure10Models {
				share[m] = counts[i] / scenariosInAll
			}
		}
		for m := range cuts {
			lo, hi := -8.0, 8.0
			for range 60 {
				mid := (lo + hi) / 2
				if above(mid)+float64(seeded*(above(mid-categorySeeded)-above(mid))) > share[m] {
					lo = mid
				} else {
					hi = mid
				}
			}
			cuts[m][c] = lo
		}
	}
	return cuts
}

// above is the share of a standard normal above x.
func above(x float64) float64 { return math.Erfc(x/math.Sqrt2) / 2 }
