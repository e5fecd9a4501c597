package analysis

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// A Model is one of the language models that answered the scenarios.
type Model struct {
	ID       string // the dataset's column prefix, as in claude_opus_4
	Name     string // as the paper prints it
	Provider string // Anthropic, OpenAI, Google, xAI, or UnknownProvider
}

// UnknownProvider is the provider of a model that the registry lacks.
const UnknownProvider = "unknown"

// registry lists the paper's twelve models in the order of the x axes of
// Figure 4, which is the order of every figure and table here.
var registry = []Model{
	{"gpt_4_1", "GPT-4.1", "OpenAI"},
	{"gpt_4o", "GPT-4o", "OpenAI"},
	{"gpt_4_1_mini", "GPT-4.1 mini", "OpenAI"},
	{"o3", "o3", "OpenAI"},
	{"o4_mini", "o4 mini", "OpenAI"},
	{"claude_opus_3", "Claude 3 Opus", "Anthropic"},
	{"claude_3_5_sonnet", "Claude 3.5 Sonnet", "Anthropic"},
	{"claude_3_7_sonnet", "Claude 3.7 Sonnet", "Anthropic"},
	{"claude_sonnet_4", "Claude 4 Sonnet", "Anthropic"},
	{"claude_opus_4", "Claude 4 Opus", "Anthropic"},
	{"gemini_2_5_pro", "Gemini 2.5 Pro", "Google"},
	{"grok_4", "Grok 4", "xAI"},
}

// KnownModels returns the paper's twelve models in the fixed order of all
// figures and tables (Zhang et al. 2025, Figure 4).
func KnownModels() []Model { return slices.Clone(registry) }

// LookupModel finds a model by its ID or its printed name, whatever the
// case and punctuation: "GPT-4.1" and "gpt_4_1" are the same. A model that
// the registry lacks keeps its spelling as ID and name, with provider
// UnknownProvider.
func LookupModel(spelling string) Model {
	key := squash(spelling)
	for _, m := range registry {
		if squash(m.ID) == key || squash(m.Name) == key {
			return m
		}
	}
	return Model{ID: spelling, Name: spelling, Provider: UnknownProvider}
}

// squash keeps the letters and digits, in lower case.
func squash(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// SortModels puts model IDs into the fixed order: the known ones as in
// KnownModels, then the others by name.
func SortModels(ids []string) {
	slices.SortFunc(ids, func(a, b string) int {
		i, j := modelRank(a), modelRank(b)
		if i != j {
			return i - j
		}
		return strings.Compare(a, b)
	})
}

func modelRank(id string) int {
	for i, m := range registry {
		if m.ID == id {
			return i
		}
	}
	return len(registry)
}

// A ModelSet is a named selection of models: the M over which disagreement
// is taken.
type ModelSet struct {
	Name   string   // the dataset's split for a set of the paper
	Title  string   // for people
	Models []string // IDs in the fixed order
}

// The paper's six model sets, named after the split that was chosen by
// disagreement over them (Zhang et al. 2025, section 2.2).
var (
	AllModels      = paperSet("all_models", "All 12 models", func(Model) bool { return true })
	ClaudeModels   = paperSet("claude_models", "5 Claude models", func(m Model) bool { return m.Provider == "Anthropic" })
	OpenAIModels   = paperSet("openai_models", "5 OpenAI models", func(m Model) bool { return m.Provider == "OpenAI" })
	GPT41VsMini    = paperSet("gpt41_vs_mini", "GPT-4.1 vs GPT-4.1 mini", oneOf("gpt_4_1", "gpt_4_1_mini"))
	O3VsO4Mini     = paperSet("o3_vs_o4mini", "o3 vs o4 mini", oneOf("o3", "o4_mini"))
	Opus4VsSonnet4 = paperSet("opus4_vs_sonnet4", "Claude 4 Opus vs Claude 4 Sonnet", oneOf("claude_opus_4", "claude_sonnet_4"))
)

// PaperModelSets returns the six sets in the dataset card's order.
func PaperModelSets() []ModelSet {
	return []ModelSet{AllModels, ClaudeModels, OpenAIModels, GPT41VsMini, O3VsO4Mini, Opus4VsSonnet4}
}

func paperSet(name, title string, in func(Model) bool) ModelSet {
	set := ModelSet{Name: name, Title: title}
	for _, m := range registry {
		if in(m) {
			set.Models = append(set.Models, m.ID)
		}
	}
	return set
}

func oneOf(ids ...string) func(Model) bool {
	return func(m Model) bool { return slices.Contains(ids, m.ID) }
}

// NewModelSet makes a set of the given models, which may be spelt as
// LookupModel allows. Repeats are an error, and so is an empty set.
func NewModelSet(name string, models ...string) (ModelSet, error) {
	set := ModelSet{Name: name, Title: name}
	for _, m := range models {
		id := LookupModel(m).ID
		if slices.Contains(set.Models, id) {
			return ModelSet{}, fmt.Errorf("analysis: model set %s: %s appears twice", name, id)
		}
		set.Models = append(set.Models, id)
	}
	if len(set.Models) == 0 {
		return ModelSet{}, fmt.Errorf("analysis: model set %s has no models", name)
	}
	SortModels(set.Models)
	return set, nil
}

// Without returns the set less the given models; a model that is not in
// the set changes nothing.
func (s ModelSet) Without(models ...string) ModelSet {
	out := ModelSet{Name: s.Name + "-without", Title: s.Title + " without"}
	var dropped []string
	for _, m := range models {
		model := LookupModel(m)
		if slices.Contains(s.Models, model.ID) {
			dropped = append(dropped, model.Name)
			out.Name += "-" + model.ID
		}
	}
	if dropped == nil {
		return s
	}
	out.Title += " " + strings.Join(dropped, ", ")
	for _, id := range s.Models {
		if !slices.Contains(dropped, LookupModel(id).Name) {
			out.Models = append(out.Models, id)
		}
	}
	return out
}

// Providers groups a set's models by provider, in order of first
// appearance.
func (s ModelSet) Providers() (providers []string, models map[string][]string) {
	models = map[string][]string{}
	for _, id := range s.Models {
		p := LookupModel(id).Provider
		if models[p] == nil {
			providers = append(providers, p)
		}
		models[p] = append(models[p], id)
	}
	return providers, models
}
