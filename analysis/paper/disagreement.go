package paper

import "github.com/specstress/specstress/analysis"

// highDisagreement is where the paper calls a scenario one of high
// disagreement (section 2.2).
const highDisagreement = 1.5

// complete is the split of all scenarios, which the paper measures over all
// of its models.
const complete = "complete"

// SplitModels is the set of models over which a split was chosen; for
// complete, all of them; for a split of another name, a set without models.
func SplitModels(split string) analysis.ModelSet {
	for _, set := range analysis.PaperModelSets() {
		if set.Name == split {
			return set
		}
	}
	if split == complete {
		return analysis.ModelSet{Name: split, Title: "All scenarios", Models: analysis.AllModels.Models}
	}
	return analysis.ModelSet{Name: split, Title: split}
}

// DisagreementClaims are the scenarios of one split with a disagreement of
// 1.5 or more, as a count and a share, and the mean disagreement. The paper
// prints the counts, p. 5. With an error only d.Set is looked at, and d may
// be nil.
//
// The count reaches as far as it would if every scenario without a
// disagreement had one of 1.5 or more.
func DisagreementClaims(split string, d *analysis.Disagreements, err error) []Claim {
	set := SplitModels(split)
	var own bool
	if d != nil {
		own = !sameModels(set.Models, d.Set.Models)
		set = d.Set
	}
	title := set.Title
	if split == complete {
		title = "All scenarios, all models"
	} else if len(SplitModels(split).Models) == 0 {
		title += " of split " + split
	}
	claim := func(id, what, unit string) Claim {
		return Claim{ID: "disagreement." + Segment(split) + "." + id, Title: title + ": " + what,
			Group: map[string]string{"split": split, "models": set.Name}, Unit: unit, Own: own, Err: err}
	}
	count := claim("count", "scenarios with disagreement of 1.5 or more", "count")
	share := claim("share_ge_1_5", "share with disagreement of 1.5 or more", "share")
	mean := claim("mean", "mean disagreement", "score")
	if err == nil {
		n, err := d.CountAtLeast(highDisagreement)
		count.Estimate, count.Err = analysis.Count(n, d.Computable(), d.Excluded()...).Of("scenarios", census), err
		count.Reach = &Bounds{float64(n), float64(n + d.NotComputable())}
		share.Estimate, share.Err = d.ShareAtLeast(highDisagreement)
		mean.Estimate, mean.Err = d.Mean()
	}
	return of([]Claim{count, share, mean}, "scenarios", "tradeoffs like those of split "+split)
}
