package paper

import (
	"fmt"
	"strconv"

	"github.com/specstress/specstress/analysis"
)

// ShownValues is how many values stand at either end of a model's ranking.
const ShownValues = 5

// A ModelRanking is how one model ranks the values of a split.
type ModelRanking struct {
	Model       string
	Fit         *analysis.BradleyTerry // nil where Err says why
	Top, Bottom []analysis.Ranked      // the outermost first
	Accuracy    analysis.Accuracy
	AccuracyErr error
	Err         error
}

// RankingClaims are how models rank the values that scenarios put against
// each other, by Bradley and Terry's model with a nudge term
// (analysis.ValueModel): the values at either end, the effects of nudge and
// order, what has no finite ability but for the ridge, the accuracy on
// contests held out, and the rank correlation of each pair of models, in
// the order of rankings. The paper has none of it; the accuracies stand
// beside those of an independent re-analysis, where the split and the models
// are those.
//
// With an error only the models of the rankings are looked at.
func RankingClaims(split string, rankings []ModelRanking, correlations [][]analysis.Estimate, err error) []Claim {
	var claims []Claim
	for _, r := range rankings {
		name := modelName(r.Model)
		why := err
		if why == nil {
			why = r.Err
		}
		add := func(id, what, unit string, group map[string]string) *Claim {
			group["model"], group["split"] = r.Model, split
			claims = append(claims, Claim{ID: "ranking." + Segment(r.Model) + "." + id, Title: name + ": " + what, Unit: unit, Group: group, Err: why})
			return &claims[len(claims)-1]
		}
		for _, end := range []struct {
			id, what string
			list     []analysis.Ranked
		}{{"top", "value preferred most", r.Top}, {"bottom", "value preferred least", r.Bottom}} {
			for place := range ShownValues {
				what := end.what
				if place > 0 {
					what = fmt.Sprintf("%s, place %d", end.what, place+1)
				}
				c := add(end.id+"."+strconv.Itoa(place+1), what, Elo, map[string]string{"place": strconv.Itoa(place + 1)})
				switch {
				case why != nil:
				case place >= len(end.list):
					c.Err = fmt.Errorf("only %d values in 5 contests or more: %w", len(end.list), analysis.ErrTooFew)
				default:
					c.Estimate = end.list[place].Elo
					c.Estimate.Excluded = nil // which is of all contests; the counts tell it
					c.Title += ": " + end.list[place].Name
					c.Group["value"] = end.list[place].Name
				}
			}
		}
		for _, effect := range []struct{ id, what string }{{"nudge", "effect of a nudge towards a value"}, {"order", "advantage of the value that is named first"}} {
			c := add(effect.id, effect.what, Logit, map[string]string{})
			switch {
			case why != nil:
			case effect.id == "nudge":
				c.Estimate, c.Err = r.Fit.NudgeEffect(analysis.PosteriorByCluster)
			default:
				c.Estimate, c.Err = r.Fit.OrderEffect(analysis.PosteriorByCluster)
			}
		}
		for _, count := range []struct {
			id, what string
			n        func() int
		}{
			{"unbeaten", "values that never lost", func() int { return len(r.Fit.Unbeaten) }},
			{"winless", "values that never won", func() int { return len(r.Fit.Winless) }},
			{"components", "groups of values that no contest connects", func() int { return len(r.Fit.Components) }},
		} {
			c := add(count.id, count.what, "count", map[string]string{})
			if why == nil {
				c.Estimate = analysis.Count(count.n(), r.Fit.N, r.Fit.Excluded...).Of("contests", census)
			}
		}
		c := add("accuracy", "winners foretold of contests held out", Share, map[string]string{})
		if why == nil {
			c.Estimate, c.Err = r.Accuracy.Estimate, r.AccuracyErr
		}
		if re, ok := heldOut[r.Model]; ok && split == analysis.AllModels.Name {
			c.Reanalysis = &re
		}
	}
	for i, a := range rankings {
		for j, b := range rankings[i+1:] {
			c := Claim{ID: "ranking.correlation." + Segment(a.Model) + "." + Segment(b.Model), Unit: Coefficient, Err: err,
				Title: "Rank correlation of the values of " + modelName(a.Model) + " and " + modelName(b.Model),
				Group: map[string]string{"a": a.Model, "b": b.Model, "split": split}}
			if err == nil {
				e := correlations[i][i+1+j]
				if !finite(e.Value) {
					c.Err = analysis.ErrUndefined
					if len(e.Warnings) > 0 {
						c.Err = e.Warnings[0]
					}
				}
				e.Unit, e.Population = "values", "values like those of split "+split
				c.Estimate = e
			}
			claims = append(claims, c)
		}
	}
	return of(claims, "contests", "tradeoffs like those of split "+split)
}
