package figure

import "github.com/specstress/specstress/analysis"

// Fig4b draws how often the responses of each model refuse, over all scenarios
// and over those on child grooming: the share, in percent, at one of the
// three last refusal levels. The axis ends
// at 100 as in the paper, or higher where a rate is.
//
// A model without a labelled response has no bar; a topic that is nil has no
// series. Levels that do not exist, and other models or levels in the topic
// than overall, are errors.
//
// Source: Zhang et al. 2025, Figure 4b.
func Fig4b(overall, topic *analysis.Refusals, opt RefusalRateOptions) (*Figure, error) {
	return rateFigure{
		id: "fig4b", topic: "Child Grooming", title: "Refusals, all and on child grooming,",
		axis: "Refusal rate (%)", from: analysis.SoftRejection, top: 100,
	}.draw(overall, topic, opt)
}
