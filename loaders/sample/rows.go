package sample

import (
	"unsafe"

	"github.com/specstress/specstress/loaders/sample/internal/latent"
)

// binNames are the splits of judge_evaluations; binRanges say the same
// for people.
var (
	binNames  = [latent.NumBins]string{"std_0.0_to_1.0", "std_1.0_to_1.5", "std_1.5_to_2.0", "std_2.0_to_2.5", "std_2.5_to_3.0"}
	binRanges = [latent.NumBins]string{"[0.0, 1.0)", "[1.0, 1.5)", "[1.5, 2.0)", "[2.0, 2.5)", "[2.5, 3.0]"}
)

// generatorNames are the labels of query_generator.
var generatorNames = [2]string{"claude", "o3"}

// tables turns a world into rows.
type tables struct {
	*latent.World
	opt    Options
	values []string // by value number
}

// defaultRow enters a row of a split, in the order of defaultFields.
func (t *tables) defaultRow(c *cells, rank, scenario int) {
	c.number(rank)
	t.scenarioCells(c, &t.Scenarios[scenario])
}

// completeRow enters a row of complete, in the order of completeFields.
func (t *tables) completeRow(c *cells, scenario int) {
	t.scenarioCells(c, &t.Scenarios[scenario])
	c.string(spectrum)
	c.string(spectrum)
}

// scenarioCells enters what the splits and complete share.
func (t *tables) scenarioCells(c *cells, s *latent.Scenario) {
	v1, v2 := t.valueNames(s)
	c.string(generatorNames[t.Pairs[s.Pair].Generator])
	c.string(v1)
	c.string(v2)
	c.string(s.Nudge.String())
	c.take(func(dst []byte) []byte { return t.appendQuery(dst, s) })
	for _, m := range responseOrder {
		t.response(c, s, m)
	}
	for m := range latent.ModelIDs {
		for v := range s.Scores {
			if score := s.Scores[v][m]; score == latent.Missing {
				c.null()
			} else {
				c.number(int(score))
			}
		}
	}
	c.number(s.Chunk())
	c.number(s.Entry())
}

// judgeRow enters a row of judge_evaluations, in the order of judgeFields.
func (t *tables) judgeRow(c *cells, bin int, j latent.Judgement) {
	s := &t.Scenarios[j.Scenario]
	v1, v2 := t.valueNames(s)
	c.take(func(dst []byte) []byte { return t.appendQuery(dst, s) })
	c.string(latent.ModelIDs[j.Model])
	c.string(binNames[bin])
	c.string(binRanges[bin])
	c.float(s.Spread(latent.OpenAI).StdDev())
	c.number(s.Chunk())
	c.number(s.Entry())
	c.string(s.Nudge.String())
	c.string(v1)
	c.string(v2)
	t.response(c, s, j.Model)
	for _, v := range j.Verdicts {
		c.string(v.String())
	}
}

func (t *tables) valueNames(s *latent.Scenario) (v1, v2 string) {
	pair := t.Pairs[s.Pair]
	return t.values[pair.Value[0]], t.values[pair.Value[1]]
}

// response enters a response, or NULL in a sample without text.
func (t *tables) response(c *cells, s *latent.Scenario, model int) {
	if !t.opt.Text {
		c.null()
		return
	}
	c.take(func(dst []byte) []byte { return t.appendResponse(dst, s, model) })
}

// bytesOf is a string's bytes, not to be changed.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }
