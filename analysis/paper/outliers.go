package paper

import (
	"fmt"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// OutlierClaims are the outlier responses of each model, by one reading of
// the rule, over one split. The paper's counts (Figure 6, p. 13) stand
// beside either reading; they are taken to be over all_models. With an
// error only o.Models and o.Rule are looked at.
//
// A position that is missing differs from nothing, so filling it in can
// only add outliers: a count reaches as far as it would if each scenario
// that lacks a position had one.
func OutlierClaims(split string, o *analysis.Outliers, err error) []Claim {
	own := split != analysis.AllModels.Name || !sameModels(o.Models, analysis.AllModels.Models)
	incomplete := 0
	for _, x := range o.Excluded {
		incomplete += x.N
	}
	var claims []Claim
	for i, model := range o.Models {
		c := Claim{
			ID:    "outliers." + strings.ReplaceAll(o.Rule.String(), " ", "_") + "." + Segment(model),
			Title: fmt.Sprintf("Outlier responses of %s, on %s", modelName(model), outlierWords[o.Rule]),
			Group: map[string]string{"rule": o.Rule.String(), "model": model, "split": split},
			Unit:  "count", Own: own, Err: err,
		}
		if err == nil {
			n := o.Counts[i]
			c.Estimate = analysis.Count(n, o.Rows).Of("scenarios", census)
			c.Reach = &Bounds{float64(n), float64(n + incomplete)}
		}
		claims = append(claims, c)
	}
	return claims
}

var outlierWords = map[analysis.OutlierRule]string{
	analysis.SameValue:   "one value",
	analysis.EitherValue: "either value",
}
