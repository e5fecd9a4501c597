package reproduce

import (
	"errors"
	"math"
	"slices"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
)

// A Result is one number, what it rests on, and how it stands to the
// paper: one record of results.json. What does not apply is null.
type Result struct {
	ID     string            `json:"id"`     // docs/results.md lists them
	Title  string            `json:"title"`  // for people; stands alone
	Group  map[string]string `json:"group"`  // split, bin, model, judge, … that it is of
	Value  *float64          `json:"value"`  // null when not computable
	Reason string            `json:"reason"` // why there is no value, else ""
	Lo     *float64          `json:"lo"`     // interval
	Hi     *float64          `json:"hi"`     //
	Level  *float64          `json:"level"`  // confidence level of the interval
	SE     *float64          `json:"se"`     // standard error
	N      int               `json:"n"`      // sampling units behind the value

	SamplingUnit string   `json:"sampling_unit"` // what n counts, in the plural
	Population   string   `json:"population"`    // what the interval speaks of; census for a complete count
	Clusters     *int     `json:"clusters"`      // independent groups of units
	DesignEffect *float64 `json:"design_effect"` // variance over that of as many independent units; null when not estimated
	Method       string   `json:"method"`        // how value and interval were made
	Unit         string   `json:"unit"`          // one of package paper's

	Statistic *float64 `json:"statistic"`  // of a test; all four null or "" where nothing is tested
	P         *float64 `json:"p"`          // of the test by itself
	PAdjusted *float64 `json:"p_adjusted"` // among those of its table; null where it stands alone
	Test      string   `json:"test"`       // null hypothesis, how p was made, how adjusted

	Paper      *Published   `json:"paper"`      // the number in the paper
	Reanalysis *Reanalysis  `json:"reanalysis"` // the same by somebody who is not the paper
	Status     paper.Status `json:"status"`     // how ours stands to the paper
	Warnings   []string     `json:"warnings"`   // doubts, and what was left out

	excluded []analysis.Exclusion
}

// Excluded is what was left out of N, and why.
func (r Result) Excluded() []analysis.Exclusion { return slices.Clone(r.excluded) }

// Published is the paper's number, in the unit of the result.
type Published struct {
	Value  float64 `json:"value"`
	Digits int     `json:"digits"` // decimals printed
	Page   int     `json:"page"`
	Note   string  `json:"note"`
}

// Reanalysis is a number of the same data that is not the paper's.
type Reanalysis struct {
	Value  float64 `json:"value"`
	Spread float64 `json:"spread"` // printed in brackets behind it
	Source string  `json:"source"`
}

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
		SamplingUnit: clean(c.Estimate.Unit), Population: clean(c.Estimate.Population),
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
	if d := c.Estimate.DesignEffect; d > 0 && finite(d) {
		r.DesignEffect = &d
	}
	if re := c.Reanalysis; re != nil {
		r.Reanalysis = &Reanalysis{re.Value, re.Spread, re.Source}
	}
	if c.Err != nil {
		r.Reason = clean(c.Err.Error())
	} else {
		r.test(c)
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

// test fills in what was tested of a claim.
func (r *Result) test(c paper.Claim) {
	if c.Test == nil || !finite(c.Test.Statistic) || !finite(c.Test.P) {
		return
	}
	r.Statistic, r.P, r.Test = &c.Test.Statistic, &c.Test.P, c.Test.Method
	if c.Adjustment != "" {
		r.PAdjusted = &c.Adjusted
		r.Test += "; adjusted by " + c.Adjustment
	}
	for _, w := range c.Test.Warnings {
		if s := "test: " + clean(w.Error()); !slices.Contains(r.Warnings, clean(w.Error())) {
			r.Warnings = append(r.Warnings, s)
		}
	}
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
