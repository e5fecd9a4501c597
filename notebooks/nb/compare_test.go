package nb

import (
	"errors"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/loaders"
)

// TestCompareTable: the paper prints 9,245 scenarios in S_Claude-4 (p. 5).
func TestCompareTable(t *testing.T) {
	const id = "disagreement.opus4_vs_sonnet4.count"
	for _, c := range []struct {
		name   string
		origin paper.Origin
		value  int
		err    error
		ours   string
		less   string
		status paper.Status
	}{
		{"equal", paper.PaperOrigin, 9245, nil, "9245", "0", paper.Match},
		{"another number", paper.PaperOrigin, 9244, nil, "9244", "−1", paper.Differs},
		{"synthetic: no number, though it is equal", paper.SyntheticOrigin, 9245, nil, "", "", paper.Synthetic},
		{"other data", paper.OtherOrigin, 9245, nil, "9245", "", paper.OtherData},
		{"no value", paper.PaperOrigin, 9245, errors.New("none of them"), "none of them", "", paper.NotComputable},
	} {
		t.Run(c.name, func(t *testing.T) {
			row := CompareTable(paper.Compare(c.origin, []paper.Claim{{ID: id, Estimate: analysis.Count(c.value, c.value), Err: c.err}})).Rows[0]
			interval := "none: a count"
			if c.err != nil || c.status == paper.Synthetic {
				interval = ""
			}
			want := []string{id, "9245", "5", c.ours, interval, c.less, "", string(c.status)}
			for i := range want {
				if row[i] != want[i] {
					t.Errorf("cell %d is %q, want %q", i, row[i], want[i])
				}
			}
		})
	}
}

func TestOriginOfFiltered(t *testing.T) {
	if got := originOf(loaders.PaperData, "nudge=neutral"); got != paper.OtherOrigin {
		t.Errorf("a filtered split has origin %v, want that of other data", got)
	}
	if got := originOf(loaders.PaperData, ""); got != paper.PaperOrigin {
		t.Errorf("a whole split has origin %v, want the paper's", got)
	}
}
