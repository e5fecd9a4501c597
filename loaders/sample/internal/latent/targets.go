package latent

import (
	"context"
	"fmt"
	"math"
)

// A Target is one published number beside the sample's.
type Target struct {
	Name      string  // as in compliance.fig2.any.2.0-2.5
	Published float64 // share or count
	SE        float64 // standard error of the published number
	Simulated float64
}

// Off is how far the sample is from the published number, in standard
// errors of that number.
func (t Target) Off() float64 { return (t.Simulated - t.Published) / t.SE }

// share makes the target for a share among n units.
func share(name string, published, n, simulated float64) Target {
	return Target{name, published, math.Sqrt(published * (1 - published) / n), simulated}
}

// Realised is what one population gives, with all that its targets need.
type Realised struct {
	Splits []Selected
	Drawn  [NumBins][]int32              // scenarios whose responses are judged
	Shares [len(table2)][NumBins]float64 // of the bins, in the sets of Table 2
	Bins   [NumBins][]Judgement
}

// Realise draws the splits and the judgements of a world.
func Realise(ctx context.Context, w *World, workers int) (Realised, error) {
	r := Realised{Splits: w.SelectAll(), Drawn: w.Draw()}
	r.Shares = w.table2Shares(r.Splits)
	var err error
	r.Bins, err = w.Judge(ctx, r.Drawn, workers)
	return r, err
}

// Targets compares a population with the published numbers.
func (w *World) Targets(r Realised) []Target {
	out := VerdictTargets(r)
	return append(out, w.OutlierTargets(r.Splits[0])...)
}

// OutlierTargets counts Figure 6 in the reading that all differences lie
// on one and the same value.
func (w *World) OutlierTargets(all Selected) []Target {
	var counts [NumModels]int
	for _, i := range all.Scenarios {
		for m, is := range w.Scenarios[i].outliers() {
			if is {
				counts[m]++
			}
		}
	}
	var out []Target
	for m, id := range ModelIDs {
		const n = scenariosInAll
		t := share("outliers.same_value."+id, outlierCounts[m]/n, n, float64(counts[m])/n)
		t.Published, t.SE, t.Simulated = t.Published*n, t.SE*n, t.Simulated*n
		out = append(out, t)
	}
	return out
}

// outliers tells which models differ by 4 or more from at least 9 of the
// other 11 on one value (section 3.3).
func (s *Scenario) outliers() (is [NumModels]bool) {
	for v := range s.Scores {
		for m, mine := range s.Scores[v] {
			if mine == Missing {
				continue
			}
			far := 0
			for _, other := range s.Scores[v] {
				if other != Missing && (mine >= other+4 || other >= mine+4) {
					far++
				}
			}
			if far >= 9 {
				is[m] = true
			}
		}
	}
	return is
}

// A tally is what counts in one bin, over the scenarios with
// five responses and three verdicts on each.
type tally struct {
	scenarios, allPass, allFail, anyFail int
}

// tallies counts by bin.
func tallies(r Realised) (bins [NumBins]tally) {
	for b, rows := range r.Bins {
		for len(rows) > 0 {
			n := 1
			for n < len(rows) && rows[n].Scenario == rows[0].Scenario {
				n++
			}
			bins[b].add(rows[:n])
			rows = rows[n:]
		}
	}
	return bins
}

// PassRates are the shares of scenarios of each bin in which no response
// is flagged by a majority. No such number is published.
func PassRates(r Realised) (rates [NumBins]float64) {
	for b, t := range tallies(r) {
		rates[b] = ratio(t.allPass, t.scenarios)
	}
	return rates
}

// VerdictTargets compares Figure 2, the judges' rates and Table 2.
func VerdictTargets(r Realised) []Target {
	var out []Target
	bins := tallies(r)
	var judged [NumJudges]struct{ flagged, of int }
	var agreed [NumJudges]struct{ same, of int }
	for _, rows := range r.Bins {
		for _, row := range rows {
			for j, v := range row.Verdicts {
				if v != Unparsed {
					judged[j].of++
					if v != Compliant {
						judged[j].flagged++
					}
				}
			}
			for k, pair := range judgePairs {
				x, y := row.Verdicts[pair[0]], row.Verdicts[pair[1]]
				if x != Unparsed && y != Unparsed {
					agreed[k].of++
					if (x == Compliant) == (y == Compliant) {
						agreed[k].same++
					}
				}
			}
		}
	}
	n := float64(scenariosBehind)
	for b, t := range bins {
		out = append(out, share("compliance.fig2.majority."+binNames[b], majorityInBin[b], n, ratio(t.allFail, t.scenarios)))
	}
	for b, t := range bins {
		out = append(out, share("compliance.fig2.any."+binNames[b], anyInBin[b], n, ratio(t.anyFail, t.scenarios)))
	}
	n = responsesBehind
	for j, c := range judged {
		out = append(out, share("judges.flag_rate."+JudgeIDs[j], flagRates[j], n, ratio(c.flagged, c.of)))
	}
	for k, c := range agreed {
		name := fmt.Sprintf("judges.agreement.%s.%s", JudgeIDs[judgePairs[k][0]], JudgeIDs[judgePairs[k][1]])
		out = append(out, share(name, agreements[k], n, ratio(c.same, c.of)))
	}
	return append(out, table2Targets(r, bins)...)
}

// add enters the judgements of one scenario.
func (t *tally) add(rows []Judgement) {
	if len(rows) < len(OpenAI) {
		return
	}
	majority, some := 0, 0
	for _, row := range rows {
		flags := 0
		for _, v := range row.Verdicts {
			if v == Unparsed {
				return
			}
			if v != Compliant {
				flags++
			}
		}
		if flags > NumJudges/2 {
			majority++
		}
		if flags > 0 {
			some++
		}
	}
	t.scenarios++
	if majority == 0 {
		t.allPass++
	}
	if majority == len(rows) {
		t.allFail++
	}
	if some == len(rows) {
		t.anyFail++
	}
}

// table2Targets weights the bins' rates by how the bins share complete,
// all_models and openai_models.
func table2Targets(r Realised, bins [NumBins]tally) []Target {
	var out []Target
	for k, shares := range r.Shares {
		var pass, fail float64
		for b, t := range bins {
			pass += shares[b] * ratio(t.allPass, t.scenarios)
			fail += shares[b] * ratio(t.allFail, t.scenarios)
		}
		for row, x := range [3]float64{pass, 1 - pass, fail} {
			name := fmt.Sprintf("table2.%s.%s", table2Sets[k], table2Rows[row])
			out = append(out, share(name, table2[k][row], scenariosBehind, x))
		}
	}
	return out
}

// BinShares is how the bins of disagreement among the OpenAI models share
// the given scenarios.
func (w *World) BinShares(scenarios []int32) (shares [NumBins]float64) {
	n := 0.0
	for _, i := range scenarios {
		if b := BinOf(w.Scenarios[i].Spread(OpenAI)); b >= 0 {
			shares[b]++
			n++
		}
	}
	for b := range shares {
		shares[b] /= n
	}
	return shares
}

// Everything is the index of every scenario.
func (w *World) Everything() []int32 {
	all := make([]int32, len(w.Scenarios))
	for i := range all {
		all[i] = int32(i)
	}
	return all
}

// table2Shares is how the bins share the sets that Table 2's samples come
// from.
func (w *World) table2Shares(splits []Selected) (out [len(table2)][NumBins]float64) {
	for k, of := range [...][]int32{w.Everything(), splits[0].Scenarios, splits[2].Scenarios} {
		out[k] = w.BinShares(of)
	}
	return out
}

// AllFailResiduals are how far Figure 2's rates, with the bins' weights of
// this population, are from Table 2's rates of all-fail: what the verdicts
// cannot mend.
func (w *World) AllFailResiduals(splits []Selected) []float64 {
	var out []float64
	for k, shares := range w.table2Shares(splits) {
		rate := 0.0
		for b, share := range shares {
			rate += share * majorityInBin[b]
		}
		out = append(out, share("", table2[k][2], scenariosBehind, rate).Off())
	}
	return out
}

// RankTargets compares the disagreement at three ranks of all_models that
// are known from public rows. A few hundredths count as close: the rows
// say nothing on their neighbours.
func (w *World) RankTargets(all Selected) []Target {
	const close = .02
	var out []Target
	for _, r := range ranks {
		t := Target{Name: fmt.Sprintf("disagreement.all_models.rank_%d", int(r.rank)), Published: r.disagreement, SE: close}
		if i := int(r.rank) - 1; i < len(all.Scenarios) {
			t.Simulated = w.Scenarios[all.Scenarios[i]].Spread(AllModels).StdDev()
		}
		out = append(out, t)
	}
	return out
}

// FrequentValues is how many values stand in more than 30 rows of a
// split; 1,023 in the public all_models.
func (w *World) FrequentValues(s Selected) int {
	rows := make([]int, NumValues)
	for _, i := range s.Scenarios {
		for _, v := range w.Pairs[w.Scenarios[i].Pair].Value {
			rows[v]++
		}
	}
	frequent := 0
	for _, n := range rows {
		if n > 30 {
			frequent++
		}
	}
	return frequent
}

func ratio(part, whole int) float64 { return float64(part) / float64(whole) }
