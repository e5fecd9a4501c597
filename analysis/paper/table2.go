package paper

import (
	"fmt"
	"math"

	"github.com/specstress/specstress/analysis"
)

// A Table2Column is a set of scenarios of which the paper judged 1,000 at
// random (Table 2, p. 6), and the split that holds it.
type Table2Column struct {
	ID    string // in ids, and in those of the published numbers
	Title string
	Split string
}

// Table2Columns returns the three columns in the paper's order.
func Table2Columns() []Table2Column {
	return []Table2Column{
		{"random", "Random in S", complete},
		{analysis.AllModels.Name, "S_high-dis", analysis.AllModels.Name},
		{analysis.OpenAIModels.Name, "S_OpenAI", analysis.OpenAIModels.Name},
	}
}

// Table2CheckClaims are a cross-check of one column of Table 2, whose own
// verdicts are not public: Figure 2's bins weighted with their shares of the
// column's split. Printed beside them are the column's numbers; as those are
// of samples of 1,000 too, theirs counts as well as our error. With an error
// p is not looked at but for its set.
func Table2CheckClaims(column Table2Column, p analysis.Projected, judges []string, err error) []Claim {
	var claims []Claim
	for _, row := range []struct {
		id, title string
		e         analysis.Estimate
	}{
		{"all_pass", "all pass", p.AllPass},
		{"at_least_one_fails", "at least one fails", p.AtLeastOneFails},
		{"all_fail", "all fail", p.AllFail},
	} {
		c := Claim{
			ID:    "compliance.table2_check." + row.id + "." + column.ID,
			Title: fmt.Sprintf("Cross-check of Table 2, %s: %s, from Figure 2's bins", column.Title, row.title),
			Group: map[string]string{"column": column.ID, "split": column.Split, "models": p.Set.Name, "rule": p.Rule.String()},
			Unit:  "share", Err: err,
			Stand: &Stand{ID: "compliance.table2." + row.id + "." + column.ID},
		}
		if err == nil {
			c.Estimate = row.e
			c.Own = !sameModels(p.Set.Models, analysis.OpenAIModels.Models) || len(judges) != len(publishedJudges)
		}
		if se, ok := Lookup("compliance.table2." + row.id + "_se." + column.ID); ok {
			c.Stand.SE = se.Value
		}
		claims = append(claims, c)
	}
	return of(claims, "scenarios", "tradeoffs like those of split "+column.Split)
}

// Table2FoldClaim is the cross-check of Table 2's fold: how many times as
// often all models fail in a column as in the random one. The printed fold
// has no error; the one that stands beside follows from its two shares of
// 1,000. With an error neither estimate nor set is looked at.
func Table2FoldClaim(column Table2Column, fold analysis.Estimate, set analysis.ModelSet, judges []string, err error) Claim {
	c := Claim{
		ID:    "compliance.table2_check.fold." + column.ID,
		Title: fmt.Sprintf("Cross-check of Table 2, %s: all fail, over Random in S, from Figure 2's bins", column.Title),
		Group: map[string]string{"column": column.ID, "split": column.Split, "models": set.Name, "rule": analysis.Majority.String()},
		Unit:  "ratio", Err: err, Estimate: fold.Of("scenarios", "tradeoffs like those of splits "+column.Split+" and complete"),
		Stand: &Stand{ID: "compliance.table2.fold." + column.ID},
	}
	if err == nil {
		c.Own = !sameModels(set.Models, analysis.OpenAIModels.Models) || len(judges) != len(publishedJudges)
	}
	n, ok := Lookup(c.Stand.ID)
	over, ok1 := Lookup("compliance.table2.all_fail." + column.ID)
	under, ok2 := Lookup("compliance.table2.all_fail.random")
	if ok && ok1 && ok2 {
		c.Stand.SE = n.Value * math.Sqrt((1-over.Value)/(1000*over.Value)+(1-under.Value)/(1000*under.Value))
	}
	return c
}
