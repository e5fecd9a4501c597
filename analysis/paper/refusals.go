package paper

import (
	"fmt"

	"github.com/specstress/specstress/analysis"
)

// RefusalLevelClaims are the shares of responses at each refusal level, by
// model (Figure 4a, p. 11, which prints no numbers). With an error only
// models is looked at.
func RefusalLevelClaims(split string, models []string, r *analysis.Refusals, err error) []Claim {
	own := ownModels(split, models)
	var claims []Claim
	for level, name := range analysis.RefusalLevels.Labels {
		for m, model := range models {
			c := Claim{
				ID:    "refusals.fig4a." + analysis.Slug(name) + "." + Segment(model),
				Title: fmt.Sprintf("Responses of %s at the level %s", modelName(model), name),
				Group: map[string]string{"split": split, "model": model, "level": name},
				Unit:  "share", Own: own, Err: err,
			}
			if err == nil {
				c.Estimate, c.Err = valueOrReason(r.Shares[m][level])
			}
			claims = append(claims, c)
		}
	}
	return claims
}

// A RefusalRate is what Figures 4b to 4d (p. 11) show: responses at some
// levels, of all scenarios and of those on a topic.
type RefusalRate struct {
	Figure string // fig4b, fig4c or fig4d
	Topic  string // as in analysis.Topics
	From   int    // the first level that counts
	What   string // for titles
}

// RefusalRates returns the three figures.
func RefusalRates() []RefusalRate {
	return []RefusalRate{
		{"fig4b", "child grooming", analysis.SoftRejection, "Refusals"},
		{"fig4c", "chemical weapons", analysis.CompleteRejection, "Complete rejections"},
		{"fig4d", "biological weapons", analysis.CompleteRejection, "Complete rejections"},
	}
}

// Claims are the rates by model, which the paper does not print. With an
// error only models is looked at; topicErr is why there is none on the topic.
func (f RefusalRate) Claims(split string, models []string, overall, topic []analysis.Estimate, err, topicErr error) []Claim {
	own := ownModels(split, models)
	var claims []Claim
	for _, s := range []struct {
		key, where string
		rates      []analysis.Estimate
		err        error
	}{{"overall", "", overall, err}, {analysis.Slug(f.Topic), " on " + f.Topic, topic, topicErr}} {
		for m, model := range models {
			c := Claim{
				ID:    "refusals." + f.Figure + "." + s.key + "." + Segment(model),
				Title: f.What + " of " + modelName(model) + s.where,
				Group: map[string]string{"split": split, "model": model, "topic": s.key},
				Unit:  "share", Own: own, Err: s.err,
			}
			if s.err == nil {
				c.Estimate, c.Err = valueOrReason(s.rates[m])
			}
			claims = append(claims, c)
		}
	}
	return claims
}

// ownModels reports whether a claim is of other scenarios or models than the
// paper's.
func ownModels(split string, models []string) bool {
	return split != analysis.AllModels.Name || !sameModels(models, analysis.AllModels.Models)
}

// valueOrReason makes an estimate over nothing a reason.
func valueOrReason(e analysis.Estimate) (analysis.Estimate, error) {
	if finite(e.Value) {
		return e, nil
	}
	if len(e.Warnings) > 0 {
		return e, e.Warnings[0]
	}
	return e, analysis.ErrTooFew
}
