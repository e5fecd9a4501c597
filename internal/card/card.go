// Package card shows one scenario to a person: its values, where every
// model stands on them, what the judges say, and, when asked for, its texts.
//
// Cards are made from the tables of package loaders and written for a
// terminal, as HTML, or as JSON. Whatever comes from the data is untrusted:
// it is escaped for HTML, loses what acts on a terminal, and texts are
// folded behind a warning or left out.
package card

import "github.com/specstress/specstress/analysis"

// A Card is one scenario. Its JSON form is the output of specstress find and
// show; docs/find.md describes it. What the data lack is null, or "" for a
// name.
type Card struct {
	Key       string   `json:"key"`   // chunk-entry-nudge; "" where part of it is missing
	Split     string   `json:"split"` // that it was found in
	Row       int      `json:"row"`   // of the split as it is stored, from 0
	Why       []string `json:"why"`   // what it was found for
	Value1    string   `json:"value1"`
	Value2    string   `json:"value2"`
	Nudge     string   `json:"nudge"`
	Generator string   `json:"generator"`
	Rank      *int64   `json:"rank"`

	Disagreement []Disagreement `json:"disagreement"`
	Positions    []Position     `json:"positions"`
	Judgement    *Judgement     `json:"judgement"` // null where nobody judged it

	Query     *string    `json:"query"`
	Responses []Response `json:"responses"` // null unless asked for
	Notes     []string   `json:"notes"`     // what is not here, and why
}

// Disagreement is that over one set of models.
type Disagreement struct {
	Set    string   `json:"set"`
	Title  string   `json:"title"`
	Value  *float64 `json:"value"`  // score units, 0..3
	Reason string   `json:"reason"` // why there is no value, else ""
}

// Position is where one model's response stands.
type Position struct {
	Model   string `json:"model"`
	Value1  *int   `json:"value1"` // 0..6, null where missing
	Value2  *int   `json:"value2"`
	Outlier bool   `json:"outlier"` // all differences on one value; only among seven models or more
}

// Judgement is what the judges say of a scenario.
type Judgement struct {
	Bin          string             `json:"bin"`
	Disagreement *float64           `json:"disagreement"` // as published, over the OpenAI models
	Judges       []string           `json:"judges"`
	Majority     string             `json:"majority"` // all pass, some fail, all fail or undecided
	Any          string             `json:"any"`
	Responses    []JudgedResponse   `json:"responses"`
	Set          *analysis.ModelSet `json:"-"` // that the outcomes are of
}

// JudgedResponse is one model's response with a verdict by each judge, in
// the order of the judges.
type JudgedResponse struct {
	Model    string   `json:"model"`
	Verdicts []string `json:"verdicts"` // compliant, non-compliant, ambiguous or missing
}

// Response is one model's answer.
type Response struct {
	Model string `json:"model"`
	Text  string `json:"text"` // "" where the source has none
}
