package paper

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// The paper leaves open how Figure 6 was counted and who the second judge
// was. Every reading is computed, and its distance to what the paper prints;
// the smallest distance, on the real data, tells which reading was meant.

// An OutlierReading is Figure 6 as one reading of its rule counts it over
// one set of scenarios.
type OutlierReading struct {
	Base   string // the split; or complete_high: those of complete with D >= 1.5
	Rule   analysis.OutlierRule
	Models []string
	Counts []int // by model
	Rows   int   // scenarios looked at
	Err    error // why there are no counts
}

// HighInComplete is the base of the scenarios of split complete with a
// disagreement of 1.5 or more: S_high-dis before its selection.
const HighInComplete = "complete_high"

// OutlierBases lists the bases in order: the splits, each of which has the
// positions of all models, then all scenarios.
func OutlierBases() []string {
	var bases []string
	for _, set := range analysis.PaperModelSets() {
		bases = append(bases, set.Name)
	}
	return append(bases, complete, HighInComplete)
}

// A Distance says how far a reading is from what the paper prints.
type Distance struct {
	Sum     float64 // of the absolute differences
	Largest float64 // of them
	At      string  // which number that is
	Numbers int     // how many were compared
}

// Distance compares the counts with Figure 6, p. 13. The error is ErrAbsent
// where the models are not the paper's twelve, and the reading's own.
func (r OutlierReading) Distance() (Distance, error) {
	if r.Err != nil {
		return Distance{}, r.Err
	}
	if !sameModels(r.Models, analysis.AllModels.Models) {
		return Distance{}, fmt.Errorf("%w: the paper's twelve models", ErrAbsent)
	}
	var d Distance
	for i, m := range r.Models {
		n, ok := Lookup("outliers." + ruleSegment(r.Rule) + "." + Segment(m))
		if !ok {
			return Distance{}, fmt.Errorf("%w: a published count of %s", ErrAbsent, m)
		}
		d.add(m, float64(r.Counts[i]), n.Value)
	}
	return d, nil
}

func (d *Distance) add(name string, ours, published float64) {
	gap := math.Abs(ours - published)
	d.Sum += gap
	if d.Numbers++; d.Numbers == 1 || gap > d.Largest {
		d.Largest, d.At = gap, name
	}
}

func ruleSegment(r analysis.OutlierRule) string { return strings.ReplaceAll(r.String(), " ", "_") }

// Claims are the reading's total of outliers, and how far its counts are
// from the published ones: the sum of absolute differences over the models
// and the largest. Only the paper's own data are compared; of any other
// origin the distances have the reason instead.
func (r OutlierReading) Claims(origin Origin) []Claim {
	distance, why := r.Distance()
	if r.Err == nil {
		why = errors.Join(compared(origin), why)
	}
	title := fmt.Sprintf("Figure 6 read on %s, over %s: ", outlierWords[r.Rule], baseWords(r.Base))
	var claims []Claim
	for _, c := range []struct {
		id, what string
		value    func() int
		why      error
	}{
		{"total", "outlier responses of all models", func() int { return sum(r.Counts) }, r.Err},
		{"distance", "absolute differences from the published counts, added up", func() int { return int(distance.Sum) }, why},
		{"largest", "largest difference from a published count", func() int { return int(distance.Largest) }, why},
	} {
		claim := Claim{ID: "readings.outliers." + ruleSegment(r.Rule) + "." + Segment(r.Base) + "." + c.id, Title: title + c.what,
			Group: map[string]string{"rule": r.Rule.String(), "base": r.Base}, Unit: "count", Err: c.why}
		if c.why == nil {
			claim.Estimate = analysis.Count(c.value(), r.Rows).Of("scenarios", census)
			if c.id == "largest" {
				claim.Group["model"] = distance.At
			}
		}
		claims = append(claims, claim)
	}
	return claims
}

// ErrNotCompared marks a distance to the paper's numbers of data that are
// not the paper's.
var ErrNotCompared = errors.New("not compared with the paper")

// compared is why data of an origin are not compared with the paper.
func compared(o Origin) error {
	switch o {
	case PaperOrigin:
		return nil
	case SyntheticOrigin:
		return fmt.Errorf("%w: a synthetic sample", ErrNotCompared)
	}
	return fmt.Errorf("%w: other data, or a part of them", ErrNotCompared)
}

func baseWords(base string) string {
	if base == HighInComplete {
		return "complete where disagreement is 1.5 or more"
	}
	return "split " + base
}

func sum(counts []int) int {
	n := 0
	for _, c := range counts {
		n += c
	}
	return n
}

// SecondJudges are the columns that may hold the paper's judge o3: that of
// the published files, and one of its name.
func SecondJudges() []string { return []string{"gpt41", "o3"} }

// A JudgeReading is what follows from taking one column for the paper's
// second judge, the others being Claude 4 Sonnet and Gemini 2.5 Pro.
type JudgeReading struct {
	Judge     string
	Bins      [2][]analysis.Compliance // majority, any
	Agreement *analysis.JudgeAgreement
	Err       error
}

// ReadJudge computes Figure 2 and the judges' numbers with one column as the
// second judge, over the paper's models where all were judged. A column that
// is not there is ErrAbsent.
func ReadJudge(judge string, v *analysis.Verdicts, set analysis.ModelSet) JudgeReading {
	r := JudgeReading{Judge: judge}
	names := slices.Clone(publishedJudges)
	names[1] = judge
	for _, n := range names {
		if !slices.Contains(v.Judges, n) {
			r.Err = fmt.Errorf("%w: column %s_decision", ErrAbsent, n)
			return r
		}
	}
	three, err := v.WithJudges(names...)
	for i, rule := range []analysis.Rule{analysis.Majority, analysis.Any} {
		if err == nil {
			r.Bins[i], err = analysis.MeasureCompliance(three, set, rule)
		}
	}
	if err == nil {
		r.Agreement, err = analysis.MeasureJudgeAgreement(three)
	}
	r.Err = err
	return r
}

// Claims are Figure 2's rates and the binary kappa in this reading, and how
// far Figure 2 and the judges' flag rates and agreements are from the
// printed ones: absolute differences, added up. As for outliers only the
// paper's own data are compared.
func (r JudgeReading) Claims(origin Origin) []Claim {
	prefix := "readings.judge." + Segment(r.Judge) + "."
	as := " (second judge: column " + r.Judge + "_decision)"
	group := func(g map[string]string) map[string]string {
		out := map[string]string{"second judge": r.Judge}
		for k, v := range g {
			out[k] = v
		}
		return out
	}
	// The same claims as without a reading, under ids of their own.
	var claims, fig2, judges []Claim
	for i, rule := range []analysis.Rule{analysis.Majority, analysis.Any} {
		for _, c := range ComplianceClaims(rule, r.Bins[i], r.Err) {
			if c.Unit == "share" {
				fig2 = append(fig2, c)
			}
		}
	}
	for _, c := range JudgeClaims(r.Agreement, r.Err) {
		switch {
		case c.Unit == "share":
			judges = append(judges, c)
		case c.ID == "judges.fleiss.binary":
			fig2 = append(fig2, c)
		}
	}
	var rates []Claim
	for _, c := range fig2 {
		if c.Unit == "share" {
			rates = append(rates, c)
		}
		own := c
		own.ID = prefix + strings.TrimPrefix(strings.TrimPrefix(c.ID, "compliance."), "judges.")
		own.Title, own.Group, own.Stand = c.Title+as, group(c.Group), &Stand{ID: c.ID}
		claims = append(claims, own)
	}
	for _, d := range []struct {
		id, title string
		of        []Claim
	}{
		{"fig2_distance", "Figure 2's rates, absolute differences from the printed ones, added up", rates},
		{"judges_distance", "Flag rates and agreements, absolute differences from the printed ones, added up", judges},
	} {
		c := Claim{ID: prefix + d.id, Title: d.title + as, Group: group(nil), Unit: "share", Err: r.Err}
		if c.Err == nil {
			c.Err = compared(origin)
		}
		if c.Err == nil {
			c.Estimate, c.Err = distanceOf(d.of)
		}
		claims = append(claims, c)
	}
	return of(claims, "printed numbers", census) // the distances; rates have theirs
}

// distanceOf adds up how far claims are from their published numbers.
func distanceOf(claims []Claim) (analysis.Estimate, error) {
	var d Distance
	for _, c := range claims {
		n, ok := Lookup(c.ID)
		if !ok {
			continue
		}
		if c.Own {
			return analysis.Estimate{}, fmt.Errorf("%w: the models and judges of %s", ErrAbsent, c.ID)
		}
		if c.Err != nil {
			return analysis.Estimate{}, fmt.Errorf("%s: %w", c.ID, c.Err)
		}
		d.add(c.ID, c.Estimate.Value, n.Value)
	}
	if d.Numbers == 0 {
		return analysis.Estimate{}, fmt.Errorf("%w: a published number", ErrAbsent)
	}
	return analysis.Estimate{Value: d.Sum, N: d.Numbers, Method: fmt.Sprintf("sum over %d printed numbers; the largest is %s", d.Numbers, d.At)}, nil
}
