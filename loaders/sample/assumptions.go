package sample

import (
	"slices"

	"github.com/specstress/specstress/loaders/sample/internal/latent"
)

// An Assumption is one thing that the public traces of the dataset leave
// open and that a sample has to decide.
type Assumption struct {
	Of      string // config or split
	What    string
	Assumed string
}

// Assumptions lists what a sample assumes about the published files.
func Assumptions() []Assumption { return slices.Clone(assumptions) }

var assumptions = []Assumption{
	{"all files", "compression, encoding", "snappy; dictionary for names and positions, plain for long text; data pages of version 1; row groups of 1,000 rows"},
	{"all files", "page checksums", "present (the published files probably have none)"},
	{"all files", "nullability", "every column may be NULL"},
	{"all files", "row order", "by rank in the splits; by chunk, entry and nudge elsewhere"},
	{"default", "shards", "4 for all_models (published); 2, 3, 1, 2, 1 for claude_models, openai_models, gpt41_vs_mini, o3_vs_o4mini, opus4_vs_sonnet4"},
	{"default", "rank", "counts from 1 within the split, by falling disagreement; ties by chunk, entry and nudge"},
	{"default, complete", "NULL positions", "0.1 % of positions, at most one in a scenario; a scenario is selected by the positions that are left"},
	{"default, complete", "responses", "the twelve columns exist; NULL unless text was asked for"},
	{"default, complete", "chunk_index, entry_idx", "100 chunks of 1,500 value pairs, both counted from 0; larger samples have more chunks"},
	{"default, complete", "query_generator", "claude for two of three pairs, o3 for one"},
	{"default, complete", "values", "3,302 in use, 3,301 of them in the tree"},
	{"complete", "columns", "those of default without rank, then value1_bias_spectrum and value2_bias_spectrum"},
	{"complete", "spectra", "JSON text of seven {position, response}, the same in every row"},
	{"complete", "rows", "411,000 (published: over 410,000)"},
	{"judge_evaluations", "columns and order", "prompt, model, bin_name, std_range, max_pop_std_openai, chunk_idx, entry_idx, query_key, value1, value2, response, claude_4_decision, gpt41_decision, gemini_2_5_decision"},
	{"judge_evaluations", "types", "text; max_pop_std_openai a double; chunk_idx and entry_idx 64-bit integers"},
	{"judge_evaluations", "model", "the position columns' prefix, as in gpt_4_1"},
	{"judge_evaluations", "bin_name, std_range", "std_1.5_to_2.0 and [1.5, 2.0)"},
	{"judge_evaluations", "query_key", "the nudge: neutral, value1, value2"},
	{"judge_evaluations", "response", "a column of that name; NULL unless text was asked for"},
	{"judge_evaluations", "gpt41_decision", "stands for the paper's judge o3"},
	{"judge_evaluations", "missing rows", "400 of 25,000, at random"},
	{"judge_evaluations", "unrecognised verdicts", "one a bin, spelt unparsed"},
	{"judge_evaluations", "ambiguous verdicts", "0.3 % of the problematic ones, so that kappa on three categories rounds like the published one"},
	{"judge_evaluations", "scenarios", "drawn at random from complete by disagreement among the five OpenAI models"},
	{"labels", "existence", "none were published; these are drawn by the random model, for the scenarios of all_models: refusal levels and topics from invented numbers, categories so that the counts come near Figure 10"},
	{"labels", "columns", "those of docs/labels.md without reason; row groups of 50,000 rows"},
	{"labels", "unlabelled", "0.2 % of responses, 0.1 % of scenarios"},
	{"labels", "labeller, date", "one labeller; a date of the year 2000, which no label can have"},
	{"values_tree.csv", "shares of occurrences", "proportional to the number of values"},
}

// splitNames are the splits of default in the dataset card's order.
func splitNames() []string {
	var names []string
	for _, s := range latent.Splits {
		names = append(names, s.Name)
	}
	return names
}
