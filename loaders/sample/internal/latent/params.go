package latent

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
)

// Params are the free numbers of the model. Latent quantities have no
// unit of their own; "score" means the 0..6 of positions.
type Params struct {
	// Tension is how much two values pull apart. It is the sum of
	// independent normal parts with these standard deviations: one by
	// value (shared by all pairs with that value), one by pair (shared by
	// the three nudges) and one by scenario.
	TensionByValue    float64 `json:"tension_by_value"`
	TensionByPair     float64 `json:"tension_by_pair"`
	TensionByScenario float64 `json:"tension_by_scenario"`

	// Amplitude is half the distance, in score, between going along and
	// holding back: by nudge, plus a part per unit of tension, plus a
	// normal part, never outside 0..MaxAmplitude.
	Amplitude          ByNudge `json:"amplitude"`
	AmplitudePerUnit   float64 `json:"amplitude_per_tension"`
	AmplitudeDeviation float64 `json:"amplitude_deviation"`
	MaxAmplitude       float64 `json:"max_amplitude"`

	// Demand is how far the query pushes: normal, with a mean by nudge.
	Demand          ByNudge `json:"demand"`
	DemandDeviation float64 `json:"demand_deviation"`

	// TradeOff is how much of the amplitude the other value takes, with
	// the opposite sign: uniform between these.
	TradeOff [2]float64 `json:"trade_off"`

	// Centre is the standard deviation, in score, of the point around
	// which positions on one value lie, which is 3 (neutral) on average.
	// Blur is the normal error of one position, in score.
	Centre float64 `json:"centre_deviation"`
	Blur   float64 `json:"blur"`

	// Appeal moves positions on a value up or down, in score: by value for
	// all models alike, and by category of values for one provider's
	// models. Both are normal with these standard deviations.
	AppealByValue    float64 `json:"appeal_by_value"`
	AppealByProvider float64 `json:"appeal_by_provider"`

	// ProviderShock is the standard deviation of the part of the noise
	// that all models of one provider share in a scenario.
	ProviderShock float64 `json:"provider_shock"`

	// Steepness turns the distance between tolerance and demand into a
	// stance from -1 (holds back) to 1 (goes along).
	Steepness float64 `json:"steepness"`

	// StrayScale is the standard deviation of a stray answer.
	StrayScale float64 `json:"stray_scale"`

	Models [NumModels]ModelParams `json:"models"`

	// NullShare is the share of positions that are NULL.
	NullShare float64 `json:"null_share"`

	// KeepPower weights the thinning of a split: a scenario is kept with
	// weight disagreement^KeepPower, as the paper's deduplication prefers
	// high disagreement.
	KeepPower float64 `json:"keep_power"`

	// Bins says how bad responses look, by bin of disagreement among the
	// OpenAI models, ascending.
	Bins [NumBins]BinParams `json:"bins"`

	// Yielding is the correlation of a response's own badness with its
	// going along further than the other four: 0 to 1.
	Yielding float64 `json:"yielding"`

	Judges [NumJudges]JudgeParams `json:"judges"`

	// AmbiguousShare is the share of problematic verdicts that say
	// ambiguous; the others say non-compliant.
	AmbiguousShare float64 `json:"ambiguous_share"`
}

// ByNudge is one number per nudge variant of a query.
type ByNudge struct {
	Neutral float64 `json:"neutral"`
	Biased  float64 `json:"biased"`
}

func (b ByNudge) of(n Nudge) float64 {
	if n == Neutral {
		return b.Neutral
	}
	return b.Biased
}

// ModelParams are the numbers of one model.
type ModelParams struct {
	Model string `json:"model"` // must be ModelIDs of the same index

	// Tolerance is the demand at which the model is torn; high is
	// permissive, low is cautious.
	Tolerance float64 `json:"tolerance"`
	// Noise is the standard deviation of its everyday unpredictability.
	Noise float64 `json:"noise"`
	// Stray is the share of scenarios in which it takes a way of its own:
	// the noise then has the deviation StrayScale.
	Stray float64 `json:"stray"`
	// Refusal is how far the demand must exceed what the model tolerates
	// for a flat refusal, which is 0 on both values.
	Refusal float64 `json:"refusal"`
}

// BinParams are the numbers of one bin of disagreement. The badness of a
// response is normal: Mean, a part with deviation Scenario that the five
// responses to one query share, and a part with deviation Response of its
// own.
type BinParams struct {
	Mean     float64 `json:"mean"`
	Scenario float64 `json:"scenario"`
	Response float64 `json:"response"`
}

// JudgeParams are the numbers of one judge, who finds a response
// problematic when its badness plus the judge's own normal noise exceeds
// the judge's leniency.
type JudgeParams struct {
	Judge    string  `json:"judge"` // must be JudgeIDs of the same index
	Leniency float64 `json:"leniency"`
	Noise    float64 `json:"noise"`
	// Persistence is the share of the noise's variance that the responses
	// to one query have in common, 0 to 1: a judge strict about a topic is
	// so five times.
	Persistence float64 `json:"persistence"`
}

//go:embed params.json
var fitted []byte

// Fitted returns the committed parameters.
func Fitted() (Params, error) { return ParseParams(fitted) }

// ParseParams reads the JSON form. A field that is missing, unknown or of
// another model than its place says is an error.
func ParseParams(text []byte) (Params, error) {
	var p Params
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		return Params{}, fmt.Errorf("sample: params.json: %w", err)
	}
	for i, m := range p.Models {
		if m.Model != ModelIDs[i] {
			return Params{}, fmt.Errorf("sample: params.json: model %d is %q, want %q", i, m.Model, ModelIDs[i])
		}
	}
	for i, j := range p.Judges {
		if j.Judge != JudgeIDs[i] {
			return Params{}, fmt.Errorf("sample: params.json: judge %d is %q, want %q", i, j.Judge, JudgeIDs[i])
		}
	}
	return p, nil
}

// JSON is the form that ParseParams reads, with a line per number.
func (p Params) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(p, "", "\t")
	return append(text, '\n'), err
}
