package reproduce

import (
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis/paper"
)

// An assertionView is what the paper says, with the results that bear on it:
// in full where they are named or few, else by the section that has them.
type assertionView struct {
	paper.Assertion
	Results  []rowView
	See      []seeView
	Labelled []seeView // sections with numbers from labels, where public data have none
}

type seeView struct {
	ID, Short string
	N         int
}

// fewResults is how many results that are not named one by one stand in the
// table of assertions; a longer list is read beside its figure.
const fewResults = 2

func (r *Run) assertions() []assertionView {
	var views []assertionView
	for _, a := range paper.Assertions() {
		v := assertionView{Assertion: a}
		for _, s := range r.Sections {
			if ids := needsLabels[a.ID]; ids != "" && computed(s, ids) {
				v.Labelled = append(v.Labelled, seeView{ID: s.ID, Short: sectionTexts[s.ID].short})
			}
			var rows []rowView
			for _, res := range s.Results {
				switch {
				case res.Value == nil || !bears(a, res.ID):
				case slices.Contains(a.IDs, res.ID):
					v.Results = append(v.Results, r.row(res))
				default:
					rows = append(rows, r.row(res))
				}
			}
			switch n := len(rows); {
			case n > fewResults:
				v.See = append(v.See, seeView{s.ID, sectionTexts[s.ID].short, n})
			case n > 0:
				v.Results = append(v.Results, rows...)
			}
		}
		views = append(views, v)
	}
	return views
}

// needsLabels are the ids that bear on an assertion of which public data say
// nothing, where somebody has given labels.
var needsLabels = map[string]string{"refusals": "refusals.", "expressed-values": "values."}

func computed(s Section, prefix string) bool {
	return slices.ContainsFunc(s.Results, func(res Result) bool { return res.Value != nil && strings.HasPrefix(res.ID, prefix) })
}

func bears(a paper.Assertion, id string) bool {
	return slices.ContainsFunc(a.IDs, func(x string) bool {
		return x == id || strings.HasSuffix(x, ".") && strings.HasPrefix(id, x)
	})
}
