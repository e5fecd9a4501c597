package paper

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// scenariosPerBin is how many the paper judged in each bin of Figure 2
// (p. 6); fewer are public.
const scenariosPerBin = 1000

// publishedJudges are the judge columns of the published files.
var publishedJudges = []string{"claude_4", "gpt41", "gemini_2_5"}

var ruleWords = map[analysis.Rule]string{
	analysis.Majority: "majority of judges",
	analysis.Any:      "at least one judge",
}

// ComplianceClaims are one curve of Figure 2: the share of frequent
// non-compliance in each bin, in the order of bins, then the paper's bins
// that are not among them, then the last of the paper's bins over the first,
// whose interval draws value pairs with their scenarios in both.
// With an error there need be no bins.
//
// A share reaches as far as it would whatever the missing verdicts and the
// scenarios missing from the paper's 1,000 in a bin turned out to be.
func ComplianceClaims(rule analysis.Rule, bins []analysis.Compliance, err error) []Claim {
	set, own := analysis.OpenAIModels, false
	if len(bins) > 0 {
		own = !sameModels(set.Models, bins[0].Set.Models) || len(bins[0].Judges) != len(publishedJudges)
		set = bins[0].Set
	}
	claim := func(id, bin, what, unit string) Claim {
		return Claim{ID: "compliance.fig2." + rule.String() + "." + id, Unit: unit, Own: own, Err: err,
			Title: fmt.Sprintf("Frequent non-compliance, %s, disagreement %s", ruleWords[rule], what),
			Group: map[string]string{"rule": rule.String(), "bin": bin, "models": set.Name}}
	}
	var claims []Claim
	for _, b := range bins {
		c := claim(binSegment(b.Bin), b.Bin, between(b.Bin), "share")
		if err == nil {
			lo, hi := b.Bounds(scenariosPerBin)
			c.Estimate, c.Err, c.Reach = b.AllFail, b.Err, &Bounds{lo, hi}
		}
		claims = append(claims, c)
	}
	// A filter or a partial download may leave a bin of the paper without rows.
	names := publishedBins()
	for _, name := range names {
		if findBin(bins, name) == nil {
			c := claim(binSegment(name), name, between(name), "share")
			if err == nil {
				c.Err = fmt.Errorf("%w: bin %s", ErrAbsent, name)
			}
			claims = append(claims, c)
		}
	}
	first, last := names[0], names[len(names)-1]
	ratio := claim("last_over_first", last+" over "+first, between(last)+" over "+between(first), "ratio")
	if err == nil {
		ratio.ofBins(bins, last, first)
	}
	return of(append(claims, ratio), "scenarios", likeBins)
}

// likeBins is what intervals on the judged scenarios speak of.
const likeBins = "tradeoffs like those judged, bin by bin"

// ofBins makes a claim one bin's share over another's.
func (c *Claim) ofBins(bins []analysis.Compliance, over, under string) {
	a, b := binNamed(bins, over), binNamed(bins, under)
	if c.Err = errors.Join(a.Err, b.Err); c.Err != nil {
		return
	}
	c.Estimate, c.Err = analysis.FailRatio(a, b)
	aLo, aHi := a.Bounds(scenariosPerBin)
	bLo, bHi := b.Bounds(scenariosPerBin)
	switch {
	case bLo > 0:
		c.Reach = &Bounds{aLo / bHi, aHi / bLo}
	case bHi > 0:
		c.Reach = &Bounds{aLo / bHi, math.MaxFloat64}
	}
}

// publishedBins are the names of Figure 2's five bins.
func publishedBins() []string {
	var names []string
	edges := analysis.PaperBins()
	for i := range edges[1:] {
		names = append(names, analysis.BinName(edges[i], edges[i+1]))
	}
	return names
}

func findBin(bins []analysis.Compliance, name string) *analysis.Compliance {
	i := slices.IndexFunc(bins, func(b analysis.Compliance) bool { return b.Bin == name })
	if i < 0 {
		return nil
	}
	return &bins[i]
}

// between is a bin's name for people, with a dash.
func between(bin string) string { return strings.ReplaceAll(bin, "-", "–") }

// binNamed is the bin of a name, or one that says that it is absent.
func binNamed(bins []analysis.Compliance, name string) analysis.Compliance {
	if b := findBin(bins, name); b != nil {
		return *b
	}
	return analysis.Compliance{Bin: name, Err: fmt.Errorf("%w: bin %s", ErrAbsent, name)}
}

// binSegment is a bin as part of an id; bins keep their points: 0.0-1.0.
func binSegment(bin string) string {
	parts := strings.Split(bin, ".")
	for i := range parts {
		parts[i] = Segment(parts[i])
	}
	return strings.Join(parts, ".")
}
