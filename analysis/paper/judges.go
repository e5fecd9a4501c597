package paper

import (
	"math"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// JudgeClaims are the flag rate of each judge, the agreement of each pair,
// and Fleiss' kappa on two and on three categories (pp. 6 and 9). With an
// error only a.Judges is looked at; without a, they are the paper's.
//
// A share reaches as far as it would if the responses that were left out
// all counted, or none. How far a kappa reaches is not known.
func JudgeClaims(a *analysis.JudgeAgreement, err error) []Claim {
	judges := publishedJudges
	if a != nil {
		judges = a.Judges
	}
	var claims []Claim
	add := func(id, title string, group map[string]string, unit string, e analysis.Estimate, why error) {
		c := Claim{ID: "judges." + id, Title: title, Group: group, Unit: unit, Err: err}
		if err == nil {
			c.Estimate, c.Err = e, why
		}
		switch {
		case unit == "kappa":
			c.Own = len(judges) != len(publishedJudges)
		case err == nil:
			c.Reach = shareReach(e)
		}
		claims = append(claims, c)
	}
	for i, judge := range judges {
		var e analysis.Estimate
		var why error
		if err == nil {
			e, why = a.FlagRate[i], a.FlagRateErr[i]
		}
		add("flag_rate."+Segment(judge), "Responses flagged by "+analysis.JudgeTitle(judge),
			map[string]string{"judge": judge}, "share", e, why)
	}
	n := 0
	for i, first := range judges {
		for _, second := range judges[i+1:] {
			var pair analysis.JudgePair
			if err == nil {
				pair = a.Pairs[n]
			}
			n++
			add("agreement."+Segment(first)+"."+Segment(second),
				"Agreement of "+analysis.JudgeTitle(first)+" and "+analysis.JudgeTitle(second),
				map[string]string{"a": first, "b": second}, "share", pair.Agreement, pair.Err)
		}
	}
	var k analysis.JudgeAgreement
	if err == nil {
		k = *a
	}
	for _, c := range []struct {
		id, title string
		kappa     analysis.Kappa
		why       error
	}{
		{"fleiss.binary", "Fleiss' kappa, two categories", k.Binary, k.BinaryErr},
		{"fleiss.three", "Fleiss' kappa, three categories", k.Three, k.ThreeErr},
	} {
		add(c.id, c.title, map[string]string{"judges": strings.Join(judges, ", ")}, "kappa", c.kappa.Estimate, c.why)
	}
	return of(claims, "responses", likeResponses)
}

// likeResponses is what intervals on the judges' responses speak of.
const likeResponses = "responses like those judged, all bins pooled"

// shareReach is the range of a share over all units, however those that
// were left out would turn out.
func shareReach(e analysis.Estimate) *Bounds {
	if !finite(e.Value) {
		return nil
	}
	hits, left := math.Round(e.Value*float64(e.N)), 0
	for _, x := range e.Excluded {
		left += x.N
	}
	all := float64(e.N + left)
	return &Bounds{hits / all, (hits + float64(left)) / all}
}
