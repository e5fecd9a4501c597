package reproduce

import (
	"errors"
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

// newResult turns a claim into a record. A value that is not finite has
// become an error before; should one slip through, it is told as such and
// never written as a number.
func newResult(c paper.Claim, origin paper.Origin) Result {
	if c.Err == nil && !finite(c.Estimate.Value) {
		c.Err = errors.New("no finite value")
	}
	r := Result{
		ID: c.ID, Title: clean(c.Title), Group: map[string]string{}, Unit: c.Unit,
		Method: c.Estimate.Method, Warnings: []string{}, N: c.Estimate.N, excluded: c.Estimate.Excluded,
	}
	for k, v := range c.Group {
		r.Group[k] = clean(v)
	}
	for _, x := range c.Estimate.Excluded {
		if x.N > 0 {
			r.Warnings = append(r.Warnings, "left out: "+clean(x.String()))
		}
	}
	for _, w := range c.Estimate.Warnings {
		r.Warnings = append(r.Warnings, clean(w.Error()))
	}
	if c.Estimate.Clusters > 0 {
		r.Clusters = &c.Estimate.Clusters
	}
	if c.Err != nil {
		r.Reason = clean(c.Err.Error())
	} else {
		r.Value = &c.Estimate.Value
		if c.Estimate.HasInterval() && finite(c.Estimate.Lo) && finite(c.Estimate.Hi) {
			r.Lo, r.Hi, r.Level = &c.Estimate.Lo, &c.Estimate.Hi, &c.Estimate.Level
			if finite(c.Estimate.SE) {
				r.SE = &c.Estimate.SE
			}
		}
	}
	status, published := c.Beside(origin)
	r.Status = status
	if published != nil {
		r.Paper = &Published{published.Value, published.Digits, published.Page, published.Note}
	}
	return r
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
