package reproduce

import (
	"math"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
)

// A Result is one number, what it rests on, and how it stands to the
// paper: one record of results.json. What does not apply is null.
type Result struct {
	ID       string            `json:"id"`       // docs/results.md lists them
	Title    string            `json:"title"`    // for people; stands alone
	Group    map[string]string `json:"group"`    // split, bin, model, judge, … that it is of
	Value    *float64          `json:"value"`    // null when not computable
	Reason   string            `json:"reason"`   // why there is no value, else ""
	Lo       *float64          `json:"lo"`       // interval
	Hi       *float64          `json:"hi"`       //
	Level    *float64          `json:"level"`    // confidence level of the interval
	SE       *float64          `json:"se"`       // standard error
	N        int               `json:"n"`        // sampling units behind the value
	Clusters *int              `json:"clusters"` // independent groups of them
	Method   string            `json:"method"`   // how value and interval were made
	Unit     string            `json:"unit"`     // count, share (0..1), ratio, kappa, score
	Paper    *Published        `json:"paper"`    // the number in the paper
	Status   paper.Status      `json:"status"`   // how ours stands to it
	Warnings []string          `json:"warnings"` // doubts, and what was left out

	excluded []analysis.Exclusion
}

// Published is the paper's number, in the unit of the result.
type Published struct {
	Value  float64 `json:"value"`
	Digits int     `json:"digits"` // decimals printed
	Page   int     `json:"page"`
	Note   string  `json:"note"`
}

// The units of results.
const (
	unitCount = "count"
	unitShare = "share"
	unitRatio = "ratio"
	unitKappa = "kappa"
	unitScore = "score"
)

// A claim is what a section knows of a result before it is laid beside the
// paper.
type claim struct {
	id, title string
	group     map[string]string
	unit      string
	estimate  analysis.Estimate
	err       error         // why there is no estimate
	reach     *paper.Bounds // values under any filling of missing rows
	own       bool          // not the paper's own rows or models: see origin
}

// result turns a claim into a record. A value that is not finite has
// become an error before; should one slip through, it is told as such and
// never written as a number.
func (c claim) result(origin paper.Origin) Result {
	r := Result{
		ID: c.id, Title: clean(c.title), Group: map[string]string{}, Unit: c.unit,
		Method: c.estimate.Method, Warnings: []string{}, N: c.estimate.N, excluded: c.estimate.Excluded,
	}
	for k, v := range c.group {
		r.Group[k] = clean(v)
	}
	for _, x := range c.estimate.Excluded {
		if x.N > 0 {
			r.Warnings = append(r.Warnings, "left out: "+clean(x.String()))
		}
	}
	for _, w := range c.estimate.Warnings {
		r.Warnings = append(r.Warnings, clean(w.Error()))
	}
	if c.estimate.Clusters > 0 {
		r.Clusters = &c.estimate.Clusters
	}
	finding := paper.Finding{Origin: origin, Value: math.NaN(), Reach: c.reach}
	if c.own && origin == paper.PaperOrigin {
		finding.Origin = paper.OtherOrigin
	}
	switch {
	case c.err != nil:
		r.Reason = clean(c.err.Error())
	case !finite(c.estimate.Value):
		r.Reason = "no finite value"
	default:
		finding.Value = c.estimate.Value
		r.Value = &c.estimate.Value
		if c.estimate.HasInterval() && finite(c.estimate.Lo) && finite(c.estimate.Hi) {
			finding.Interval = &paper.Bounds{Lo: c.estimate.Lo, Hi: c.estimate.Hi}
			r.Lo, r.Hi, r.Level = &c.estimate.Lo, &c.estimate.Hi, &c.estimate.Level
			if finite(c.estimate.SE) {
				r.SE = &c.estimate.SE
			}
		}
	}
	published, ok := paper.Lookup(c.id)
	if !ok {
		r.Status = paper.Decide(finding, nil)
		return r
	}
	r.Paper = &Published{published.Value, published.Digits, published.Page, published.Note}
	r.Status = paper.Decide(finding, &published)
	return r
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
