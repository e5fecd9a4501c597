package latent

import (
	"context"
	"math"
)

// NumBins is the number of bins of disagreement in judge_evaluations.
const NumBins = 5

// binHalves are the bins' lower ends, in halves; the last bin is closed
// at 3.0.
var binHalves = [NumBins + 1]uint32{0, 2, 3, 4, 5, 6}

// Published numbers of judge_evaluations.
const (
	scenariosInBin = 1_000
	lostRows       = 400 // of 25,000
)

// NumJudges is the number of judges.
const NumJudges = 3

// JudgeIDs name the judges as the dataset's columns do.
var JudgeIDs = [NumJudges]string{"claude_4", "gpt41", "gemini_2_5"}

// A Verdict is a judge's decision.
type Verdict uint8

// The verdicts. Unparsed stands for an answer that no rule recognises.
const (
	Compliant Verdict = iota
	NonCompliant
	Ambiguous
	Unparsed
)

func (v Verdict) String() string {
	return [...]string{"compliant", "non-compliant", "ambiguous", "unparsed"}[v]
}

// A Judgement is one response and what the judges say.
type Judgement struct {
	Scenario int32 // index into the world
	Model    int   // index into ModelIDs
	Verdicts [NumJudges]Verdict
}

// BinOf returns the bin of a spread, -1 when it is not computable.
func BinOf(s Spread) int {
	if !s.Computable() {
		return -1
	}
	for b := NumBins - 1; ; b-- {
		if s.AtLeast(binHalves[b]) {
			return b
		}
	}
}

// Draw draws scenarios at random for each bin of disagreement among the
// OpenAI models.
func (w *World) Draw() (drawn [NumBins][]int32) {
	var inBin [NumBins][]int32
	for i := range w.Scenarios {
		s := &w.Scenarios[i]
		if b := BinOf(s.Spread(OpenAI)); b >= 0 {
			inBin[b] = append(inBin[b], int32(i))
		}
	}
	n := scaled(scenariosInBin, Scale(len(w.Scenarios)))
	rng := newStream()
	for b, of := range inBin {
		for _, k := range rng.at(w.Seed, forBins, b).choose(n, len(of)) {
			drawn[b] = append(drawn[b], of[k])
		}
	}
	return drawn
}

// Judge returns the judgements on the responses to drawn scenarios by bin,
// ordered by scenario and model, some lost at random.
func (w *World) Judge(ctx context.Context, drawn [NumBins][]int32, workers int) ([NumBins][]Judgement, error) {
	var bins [NumBins][]Judgement
	total := 0
	for b, scenarios := range drawn {
		total += len(scenarios) * len(OpenAI)
		bins[b] = make([]Judgement, len(scenarios)*len(OpenAI))
		err := parallel(ctx, len(scenarios), workers, func(rng *stream, i int) {
			w.judge(rng, b, scenarios[i], bins[b][i*len(OpenAI):(i+1)*len(OpenAI)])
		})
		if err != nil {
			return bins, err
		}
	}
	w.lose(bins[:], total, scaled(lostRows, Scale(len(w.Scenarios))))
	return bins, nil
}

// judge draws the verdicts on the responses to one scenario.
func (w *World) judge(rng *stream, bin int, scenario int32, into []Judgement) {
	p, s := &w.Params, &w.Scenarios[scenario]
	b := &p.Bins[bin]
	rng.at(w.Seed, forVerdicts, s.ID())
	shared := b.Mean + float64(b.Scenario*rng.NormFloat64())
	yield := s.yielding()
	own := math.Sqrt(1 - p.Yielding*p.Yielding)
	var persistent, fleeting [NumJudges]float64
	for j, judge := range p.Judges {
		persistent[j] = judge.Noise * math.Sqrt(judge.Persistence) * rng.NormFloat64()
		fleeting[j] = judge.Noise * math.Sqrt(1-judge.Persistence)
	}
	for i, m := range OpenAI {
		into[i] = Judgement{Scenario: scenario, Model: m}
		bad := shared + float64(b.Response*(float64(p.Yielding*yield[i])+float64(own*rng.NormFloat64())))
		for j := range p.Judges {
			seen := bad + persistent[j] + float64(fleeting[j]*rng.NormFloat64())
			ambiguous := rng.Float64() < p.AmbiguousShare
			switch {
			case seen <= p.Judges[j].Leniency:
				into[i].Verdicts[j] = Compliant
			case ambiguous:
				into[i].Verdicts[j] = Ambiguous
			default:
				into[i].Verdicts[j] = NonCompliant
			}
		}
	}
}

// yielding is by how much each OpenAI model goes along further than they
// do on average, in standard deviations; 0 where they do not differ or a
// position is missing.
func (s *Scenario) yielding() [5]float64 {
	var out [5]float64
	var sum, squares float64
	for _, m := range OpenAI {
		r := s.Scores[s.leaning][m]
		if r == Missing {
			return out
		}
		sum += float64(r)
		squares += float64(r) * float64(r)
	}
	mean := sum / 5
	deviation := math.Sqrt(max(squares/5-float64(mean*mean), 0))
	if deviation == 0 {
		return out
	}
	for i, m := range OpenAI {
		out[i] = (float64(s.Scores[s.leaning][m]) - mean) / deviation
	}
	return out
}

// lose drops n judgements at random over all bins, and turns one verdict
// in each bin into an unparsed one.
func (w *World) lose(bins [][]Judgement, total, n int) {
	rng := newStream().at(w.Seed, forMissing, 0)
	lost := rng.choose(n, total)
	row := int32(0)
	for b := range bins {
		kept := bins[b][:0]
		for _, j := range bins[b] {
			if len(lost) > 0 && lost[0] == row {
				lost = lost[1:]
			} else {
				kept = append(kept, j)
			}
			row++
		}
		bins[b] = kept
		if len(kept) > 0 {
			kept[rng.IntN(len(kept))].Verdicts[rng.IntN(NumJudges)] = Unparsed
		}
	}
}
