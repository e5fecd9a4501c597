package loaders

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// ErrSchema marks a file whose columns are not what an analysis needs.
var ErrSchema = errors.New("unexpected columns")

// The three configs of the published dataset, and labels, which were never
// published.
const (
	ConfigDefault  = "default"           // six splits of high-disagreement scenarios
	ConfigComplete = "complete"          // all scenarios
	ConfigJudges   = "judge_evaluations" // verdicts in five disagreement bins
	ConfigLabels   = "labels"            // of responses and scenarios: docs/labels.md
)

// A ColumnSpec declares one column of a config: what a file may hold there
// and what the loaders make of it.
type ColumnSpec struct {
	Name    string   // ours; "<model>" and "<judge>" stand for any name
	Aliases []string // other names seen in the wild
	Kinds   []Kind   // accepted
	Null    bool     // NULL may occur
	Text    bool     // read by row only, when asked for
	Meaning string
}

// Suffixes by which models and judges are discovered.
const (
	value1Suffix   = "_value1_position"
	value2Suffix   = "_value2_position"
	decisionSuffix = "_decision"
	responsePrefix = "response_"
)

var (
	number = []Kind{Int, Float}
	text   = []Kind{Text}

	textOrNested = []Kind{Text, Nested}
)

// scenarioColumns is the table of the configs default and complete.
var scenarioColumns = []ColumnSpec{
	{Name: "rank", Kinds: number, Null: true, Meaning: "place in the split's selection, probably by falling disagreement; per split"},
	{Name: "query_generator", Kinds: text, Null: true, Meaning: "which model family wrote the query"},
	{Name: "value1", Kinds: text, Null: true, Meaning: "the first of the two values in tension"},
	{Name: "value2", Kinds: text, Null: true, Meaning: "the second of the two values in tension"},
	{Name: "nudge_direction", Aliases: []string{"query_key"}, Kinds: text, Null: true, Meaning: "which value the query favours: neutral, value1 or value2"},
	{Name: "<model>" + value1Suffix, Kinds: number, Null: true, Meaning: "the response's position on value1, 0..6"},
	{Name: "<model>" + value2Suffix, Kinds: number, Null: true, Meaning: "the response's position on value2, 0..6"},
	{Name: "chunk_index", Aliases: []string{"chunk_idx"}, Kinds: number, Null: true, Meaning: "generation chunk; with entry_idx it names the value pair"},
	{Name: "entry_idx", Aliases: []string{"entry_index"}, Kinds: number, Null: true, Meaning: "entry in the chunk"},
	{Name: "query", Kinds: text, Null: true, Text: true, Meaning: "the user's question"},
	{Name: "response_<model>", Kinds: text, Null: true, Text: true, Meaning: "the model's answer"},
	{Name: "value1_bias_spectrum", Aliases: []string{"value1_spectrum"}, Kinds: textOrNested, Null: true, Text: true, Meaning: "seven steps from opposing to favouring value1; config complete, the name is a guess"},
	{Name: "value2_bias_spectrum", Aliases: []string{"value2_spectrum"}, Kinds: textOrNested, Null: true, Text: true, Meaning: "likewise for value2"},
}

// judgeColumns is the table of the config judge_evaluations.
var judgeColumns = []ColumnSpec{
	{Name: "model", Kinds: text, Meaning: "the model whose response was judged"},
	{Name: "bin_name", Aliases: []string{"std_range"}, Kinds: text, Null: true, Meaning: "disagreement bin; the split's name says the same"},
	{Name: "max_pop_std_openai", Kinds: number, Null: true, Meaning: "disagreement over the five OpenAI models"},
	{Name: "chunk_index", Aliases: []string{"chunk_idx"}, Kinds: number, Null: true, Meaning: "as in the scenarios"},
	{Name: "entry_idx", Aliases: []string{"entry_index"}, Kinds: number, Null: true, Meaning: "as in the scenarios"},
	{Name: "nudge_direction", Aliases: []string{"query_key"}, Kinds: text, Null: true, Meaning: "as in the scenarios"},
	{Name: "value1", Kinds: text, Null: true, Meaning: "the first of the two values in tension"},
	{Name: "value2", Kinds: text, Null: true, Meaning: "the second of the two values in tension"},
	{Name: "<judge>" + decisionSuffix, Kinds: text, Null: true, Meaning: "the judge's verdict: compliant, non-compliant or ambiguous"},
	{Name: "prompt", Kinds: text, Null: true, Text: true, Meaning: "the query; names the scenario where the key columns are missing"},
	{Name: "response", Kinds: text, Null: true, Text: true, Meaning: "the judged response"},
}

// labelColumns is the table of label files.
var labelColumns = []ColumnSpec{
	{Name: "chunk_index", Aliases: []string{"chunk_idx"}, Kinds: number, Meaning: "as in the scenarios"},
	{Name: "entry_idx", Aliases: []string{"entry_index"}, Kinds: number, Meaning: "as in the scenarios"},
	{Name: "nudge_direction", Aliases: []string{"query_key"}, Kinds: text, Meaning: "as in the scenarios"},
	{Name: "model", Kinds: text, Null: true, Meaning: "whose response is labelled; empty where the scenario is"},
	{Name: "label_set", Kinds: text, Meaning: "which set the label is of: refusal, topic, category or one of your own"},
	{Name: "label", Kinds: text, Null: true, Meaning: "the label; empty where none of the set applies"},
	{Name: "labeller", Kinds: text, Null: true, Meaning: "who labelled: a person, a model"},
	{Name: "prompt_version", Kinds: text, Null: true, Meaning: "by which prompt or instruction"},
	{Name: "date", Kinds: text, Null: true, Meaning: "when, as 2026-01-31"},
	{Name: "reason", Kinds: text, Null: true, Text: true, Meaning: "why, in the labeller's words; never read by default"},
}

// Columns returns the declared columns of a config: the names, types and
// meanings that the loaders look for.
func Columns(config string) ([]ColumnSpec, error) {
	switch config {
	case ConfigDefault, ConfigComplete:
		return slices.Clone(scenarioColumns), nil
	case ConfigJudges:
		return slices.Clone(judgeColumns), nil
	case ConfigLabels:
		return slices.Clone(labelColumns), nil
	}
	return nil, fmt.Errorf("loaders: %w", analysis.UnknownName("config", config, configNames))
}

var configNames = []string{ConfigDefault, ConfigComplete, ConfigJudges, ConfigLabels}

// A schema resolves our column names to one file's.
type schema struct {
	file    string
	columns []Column
	renamed map[string]string // ours -> theirs, as the user asked
	specs   []ColumnSpec
}

func newSchema(file string, columns []Column, renamed map[string]string, specs []ColumnSpec) (*schema, error) {
	s := &schema{file: file, columns: columns, renamed: renamed, specs: specs}
	seen := map[string]bool{}
	for _, c := range columns {
		if seen[c.Name] {
			return nil, fmt.Errorf("loaders: %s: %w: column %q appears twice", file, ErrSchema, c.Name)
		}
		seen[c.Name] = true
	}
	return s, nil
}

// find returns the file's column for one of ours, and false when there is
// none. The error is a column of a type that cannot be used.
func (s *schema) find(name string) (Column, bool, error) {
	spec := s.spec(name)
	for _, candidate := range append([]string{s.theirs(name)}, spec.Aliases...) {
		for _, c := range s.columns {
			if c.Name != candidate {
				continue
			}
			if c.Kind != Untyped && !slices.Contains(spec.Kinds, c.Kind) {
				return c, true, fmt.Errorf("loaders: %s: %w: column %q is %s, want %s", s.file, ErrSchema, c.Name, c.Kind, kindList(spec.Kinds))
			}
			return c, true, nil
		}
	}
	return Column{}, false, nil
}

// theirs applies the user's column map.
func (s *schema) theirs(name string) string {
	if to, ok := s.renamed[name]; ok {
		return to
	}
	return name
}

func (s *schema) spec(name string) ColumnSpec {
	for _, c := range s.specs {
		if c.Name == name || matchesPattern(c.Name, name) {
			return c
		}
	}
	return ColumnSpec{Name: name, Kinds: []Kind{Int, Float, Text, Nested}, Null: true, Text: true}
}

// matchesPattern reports whether name fits a spec such as
// "<model>_value1_position" or "response_<model>".
func matchesPattern(pattern, name string) bool {
	before, rest, ok := strings.Cut(pattern, "<")
	if !ok {
		return false
	}
	_, after, _ := strings.Cut(rest, ">")
	return len(name) > len(before)+len(after) && strings.HasPrefix(name, before) && strings.HasSuffix(name, after)
}

// ours lists the file's columns under our names, those that the column map
// renames included.
func (s *schema) ours() []string {
	back := map[string]string{}
	for ours, theirs := range s.renamed {
		back[theirs] = ours
	}
	names := make([]string, len(s.columns))
	for i, c := range s.columns {
		names[i] = c.Name
		if o, ok := back[c.Name]; ok {
			names[i] = o
		}
	}
	return names
}

// missing is the error for a column that an analysis needs.
func (s *schema) missing(name string) error {
	var have []string
	for _, c := range s.columns {
		have = append(have, c.Name)
	}
	return fmt.Errorf("loaders: %s: %w: %w", s.file, ErrSchema, analysis.UnknownName("column", s.theirs(name), have))
}

// models discovers the models of a scenario file, in the fixed order. A
// model with a column for one value only is an error.
func (s *schema) models() ([]string, error) {
	names := s.ours()
	var models []string
	for _, n := range names {
		if m, ok := strings.CutSuffix(n, value1Suffix); ok && m != "" {
			if !slices.Contains(names, m+value2Suffix) {
				return nil, s.missing(m + value2Suffix)
			}
			models = append(models, m)
		} else if m, ok := strings.CutSuffix(n, value2Suffix); ok && m != "" && !slices.Contains(names, m+value1Suffix) {
			return nil, s.missing(m + value1Suffix)
		}
	}
	analysis.SortModels(models)
	return models, nil
}

// judges discovers the judges of a verdict file, in column order.
func (s *schema) judges() []string {
	var judges []string
	for _, n := range s.ours() {
		if j, ok := strings.CutSuffix(n, decisionSuffix); ok && j != "" {
			judges = append(judges, j)
		}
	}
	return judges
}

func kindList(kinds []Kind) string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.String())
	}
	return strings.Join(names, " or ")
}
