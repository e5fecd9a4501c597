package loaders

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// An Outcome is how an assumption about the dataset fared.
type Outcome string

// The outcomes.
const (
	Holds     Outcome = "holds"
	Differs   Outcome = "differs"
	NotTested Outcome = "not tested"
)

// A Finding is one assumption about the dataset, tested. It quotes no text
// of the dataset, so that it can be shown to anybody.
type Finding struct {
	Subject    string // split or config
	Assumption string
	Expected   string
	Found      string
	Outcome    Outcome
	Affects    string // results that rest on it
}

// Check tests what the loaders and statistics assume about the published
// files, which nobody has documented in full: columns, keys, ranges,
// orders, and how the configs join. The error is for a source that cannot
// be read at all; everything else is a Finding.
func (d *Dataset) Check(ctx context.Context) ([]Finding, error) {
	c := &checker{dataset: d, byKey: map[Key]located{}}
	splits := append(d.Splits(ConfigComplete), d.Splits(ConfigDefault)...)
	for _, split := range splits {
		s, err := d.Scenarios(ctx, split)
		if err != nil {
			if ctx.Err() != nil {
				return nil, err
			}
			c.add(split, "the split can be read", "no error", err.Error(), false, "everything of this split")
			continue
		}
		c.scenarios(s)
	}
	j, err := d.Verdicts(ctx)
	switch {
	case errors.Is(err, ErrNoData):
		c.untested(ConfigJudges, "verdicts are here", "not in this source", "compliance.*, judges.*")
	case err != nil:
		c.add(ConfigJudges, "the verdicts can be read", "no error", err.Error(), false, "compliance.*, judges.*")
	default:
		c.verdicts(j)
	}
	return c.findings, nil
}

type checker struct {
	dataset  *Dataset
	findings []Finding
	byKey    map[Key]located // scenarios of complete and the splits, first come
}

// located is where a scenario was first seen.
type located struct {
	in     *Scenarios
	row    int32
	spread analysis.Spread // over the OpenAI models
}

func (c *checker) add(subject, assumption, expected, found string, holds bool, affects string) {
	outcome := Differs
	if holds {
		outcome = Holds
	}
	c.findings = append(c.findings, Finding{subject, assumption, expected, found, outcome, affects})
}

func (c *checker) untested(subject, assumption, why, affects string) {
	c.findings = append(c.findings, Finding{subject, assumption, "", why, NotTested, affects})
}

// count adds a finding that expects a count of zero.
func (c *checker) none(subject, assumption string, found int, of int, affects string) {
	c.add(subject, assumption, "0", fmt.Sprintf("%d of %d", found, of), found == 0, affects)
}

func (c *checker) scenarios(s *Scenarios) {
	split, info := s.Split(), s.Info()
	for _, a := range info.Anchors {
		c.add(split, a.Name, fmt.Sprint(a.Expected), fmt.Sprint(a.Found), a.Expected == a.Found, "every result of the split")
	}
	c.add(split, "the twelve models of the paper", fmt.Sprint(len(analysis.AllModels.Models)), strings.Join(info.Models, " "),
		slices.Equal(info.Models, analysis.AllModels.Models), "disagreement.*, outliers.*, preference.*")
	if unknown := unknownColumns(info.Columns, scenarioColumns); len(unknown) > 0 {
		c.add(split, "no columns beyond the declared ones", "none", strings.Join(unknown, " "), false, "nothing: they are kept and not read")
	} else {
		c.add(split, "no columns beyond the declared ones", "none", "none", true, "nothing")
	}
	bad := 0
	for _, b := range info.Bad {
		bad += b.N
	}
	c.none(split, "positions and indexes are whole numbers in their range", bad, info.Rows, "disagreement.*, outliers.*, preference.*")
	missing := 0
	for _, col := range info.Columns {
		if strings.HasSuffix(col.Name, value1Suffix) || strings.HasSuffix(col.Name, value2Suffix) {
			missing += col.Nulls
		}
	}
	c.none(split, "no position is missing", missing, info.Rows*len(info.Models)*2, "disagreement.*, outliers.*, preference.* leave them out")
	c.none(split, "every row has a scenario key", info.NoKey, info.Rows, "clusters, so every interval; joins")
	c.none(split, "scenario keys are unique", info.DuplicateKeys, info.Rows, "every count")
	c.names(split, "nudge_direction is neutral, value1 or value2", s.nudge, []string{"neutral", "value1", "value2"})
	c.names(split, "query_generator is claude or o3", s.generator, []string{"claude", "o3"})
	if info.Unmapped >= 0 {
		c.none(split, "every value is in the taxonomy", info.Unmapped, info.Values, "preference.*")
	} else {
		c.untested(split, "every value is in the taxonomy", "no taxonomy given", "preference.*")
	}
	c.onePairPerCluster(s)
	c.selection(s)
	c.join(s)
}

// names checks the distinct texts of a column without quoting them.
func (c *checker) names(split, assumption string, col Coded, known []string) {
	if col.Codes == nil {
		c.untested(split, assumption, "no such column", "filters")
		return
	}
	var others int
	for _, n := range col.Names {
		if !slices.Contains(known, n) {
			others++
		}
	}
	c.none(split, assumption, others, len(col.Names), "filters; clusters where it is part of the key")
}

func unknownColumns(columns []ColumnInfo, specs []ColumnSpec) []string {
	var unknown []string
	for _, col := range columns {
		if !slices.ContainsFunc(specs, func(s ColumnSpec) bool {
			return s.Name == col.Name || slices.Contains(s.Aliases, col.Name) || matchesPattern(s.Name, col.Name)
		}) {
			unknown = append(unknown, col.Name)
		}
	}
	return unknown
}

// onePairPerCluster: rows of one (chunk_index, entry_idx) share their value
// pair, which is what makes them a cluster.
func (c *checker) onePairPerCluster(s *Scenarios) {
	const assumption = "rows of one (chunk_index, entry_idx) share their value pair"
	clusters := s.Clusters()
	if !clusters.Known() || s.val1.Codes == nil || s.val2.Codes == nil {
		c.untested(s.Split(), assumption, "key or value columns are missing", "clusters, so every interval")
		return
	}
	first := make([]int32, clusters.N)
	for i := range first {
		first[i] = -1
	}
	broken := 0
	for row, id := range clusters.ID {
		if f := first[id]; f < 0 {
			first[id] = int32(row)
		} else if s.val1.Codes[f] != s.val1.Codes[row] || s.val2.Codes[f] != s.val2.Codes[row] {
			broken++
		}
	}
	c.none(s.Split(), assumption, broken, s.Rows(), "clusters, so every interval")
}

// selection: a split holds scenarios with disagreement of at least 1.5 over
// its models, ranked by it.
func (c *checker) selection(s *Scenarios) {
	if !isPaperSplit(s.Split()) {
		return
	}
	p, err := s.Positions(s.ModelSet())
	if err != nil {
		c.untested(s.Split(), "disagreement over the split's models is at least 1.5", err.Error(), "disagreement.*")
		return
	}
	dis, err := analysis.MeasureDisagreement(p, s.ModelSet())
	if err != nil {
		c.untested(s.Split(), "disagreement over the split's models is at least 1.5", err.Error(), "disagreement.*")
		return
	}
	const threshold = 1.5 // Zhang et al. 2025, section 2.2
	high, err := dis.CountAtLeast(threshold)
	if err == nil {
		c.none(s.Split(), "disagreement over the split's models is at least 1.5", s.Rows()-high, s.Rows(), "disagreement.<split>.*")
	}
	const falls = "disagreement does not rise with rank"
	if s.rank.V == nil || s.rank.nulls() > 0 {
		c.untested(s.Split(), falls, "no complete rank column", "nothing computed; how the split was chosen")
		return
	}
	order := make([]int32, s.Rows())
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return int(s.rank.V[a] - s.rank.V[b]) })
	rises, repeats := 0, 0
	for i := 1; i < len(order); i++ {
		before, _ := dis.At(int(order[i-1]))
		here, _ := dis.At(int(order[i]))
		if here.Compare(before) > 0 {
			rises++
		}
		if s.rank.V[order[i]] == s.rank.V[order[i-1]] {
			repeats++
		}
	}
	c.none(s.Split(), falls, rises, s.Rows(), "nothing computed; how the split was chosen")
	c.none(s.Split(), "ranks are unique", repeats, s.Rows(), "nothing computed")
}

// join: the same scenario has the same positions wherever it stands.
func (c *checker) join(s *Scenarios) {
	var spreads *analysis.Disagreements
	if p, err := s.AllPositions(); err == nil {
		spreads, _ = analysis.MeasureDisagreement(p, analysis.OpenAIModels) // nil without those models
	}
	known := len(c.byKey)
	absent, differing := 0, 0
	for row := range s.Rows() {
		key, ok := s.Key(row)
		if !ok {
			continue
		}
		if at, ok := c.byKey[key]; ok {
			if !samePositions(s, row, at.in, int(at.row)) {
				differing++
			}
			continue
		}
		absent++
		at := located{in: s, row: int32(row)}
		if spreads != nil {
			at.spread, _ = spreads.At(row)
		}
		c.byKey[key] = at
	}
	if known == 0 {
		return
	}
	if len(c.dataset.Splits(ConfigComplete)) > 0 {
		c.none(s.Split(), "every scenario is in complete", absent, s.Rows(), "post-stratification of Table 2")
	}
	c.none(s.Split(), "a scenario has the same positions in every split", differing, s.Rows(), "every comparison between splits")
}

func samePositions(a *Scenarios, i int, b *Scenarios, j int) bool {
	if !slices.Equal(a.models, b.models) {
		return false
	}
	for m := range a.models {
		for v := range 2 {
			if a.positions[m][v][i] != b.positions[m][v][j] {
				return false
			}
		}
	}
	return true
}

func (c *checker) verdicts(j *Judged) {
	info := j.Info()
	const all = "compliance.*, judges.*"
	c.add(ConfigJudges, "rows", "about 24,600 (nominally 25,000)", fmt.Sprint(info.Rows), info.Rows > 24_000 && info.Rows <= 25_000, all)
	c.add(ConfigJudges, "five disagreement bins", "0.0-1.0 1.0-1.5 1.5-2.0 2.0-2.5 2.5-3.0", strings.Join(j.Bins, " "), len(j.Bins) == 5, "compliance.fig2.*")
	c.add(ConfigJudges, "the five OpenAI models", strings.Join(analysis.OpenAIModels.Models, " "), strings.Join(j.Models, " "),
		slices.Equal(j.Models, analysis.OpenAIModels.Models), all)
	c.add(ConfigJudges, "the paper's judges are Claude 4 Sonnet, o3 and Gemini 2.5 Pro", "claude_4 o3 gemini_2_5", strings.Join(j.Judges, " "),
		slices.Contains(j.Judges, "o3"), "judges.*: a gpt41 column may be a misnamed o3 or another judge")
	if unknown := unknownColumns(info.Columns, judgeColumns); len(unknown) > 0 {
		c.add(ConfigJudges, "no columns beyond the declared ones", "none", strings.Join(unknown, " "), false, "nothing: they are kept and not read")
	}
	unrecognised := 0
	for _, b := range j.Unrecognised() {
		unrecognised += b.N
	}
	c.none(ConfigJudges, "verdicts are compliant, non-compliant or ambiguous", unrecognised, info.Rows*len(j.Judges), all+" count others as missing")
	c.none(ConfigJudges, "every row has a scenario key", info.NoKey, info.Rows, "clusters, so every interval; joins")
	c.none(ConfigJudges, "a scenario and model have one row", info.DuplicateKeys, info.Rows, all)
	perScenario := make([]int, j.Scenarios)
	for _, s := range j.Scenario {
		perScenario[s]++
	}
	short := 0
	for _, n := range perScenario {
		if n < len(j.Models) {
			short++
		}
	}
	c.none(ConfigJudges, "every scenario has a response of every model", short, j.Scenarios, "compliance.* leave the others out")
	c.verdictBins(j)
}

// verdictBins compares the published disagreement with its bin and with
// what the positions of the joined scenario give.
func (c *checker) verdictBins(j *Judged) {
	if j.std == nil {
		c.untested(ConfigJudges, "max_pop_std_openai lies in its bin", "no such column", "compliance.fig2.*")
		return
	}
	outside, joined, apart := 0, 0, 0
	for row, std := range j.std {
		if name, err := binOfStd(std); err != nil || name != j.Bins[j.Bin[row]] {
			outside++
		}
		key, ok := j.Key(row)
		if !ok {
			continue
		}
		if at, ok := c.byKey[key]; ok && at.spread.N > 0 {
			joined++
			const rounding = 1e-6
			if math.Abs(at.spread.StdDev()-std) > rounding {
				apart++
			}
		}
	}
	c.none(ConfigJudges, "max_pop_std_openai lies in its bin", outside, j.Rows(), "compliance.fig2.*")
	if joined == 0 {
		c.untested(ConfigJudges, "max_pop_std_openai follows from the positions", "no verdict joins a scenario of this source", "compliance.fig2.*")
		return
	}
	c.none(ConfigJudges, "max_pop_std_openai follows from the positions", apart, joined, "compliance.fig2.*")
}
