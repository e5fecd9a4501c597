package figure

import "github.com/specstress/specstress/analysis"

// Fig4c draws how often the responses of each model reject a query completely,
// over all scenarios and over those on chemical weapons: the share, in
// percent, at the last refusal level. The axis ends
// at 80 as in the paper, or higher where a rate is.
//
// A model without a labelled response has no bar; a topic that is nil has no
// series. Levels that do not exist, and other models or levels in the topic
// than overall, are errors.
//
// Source: Zhang et al. 2025, Figure 4c.
func Fig4c(overall, topic *analysis.Refusals, opt RefusalRateOptions) (*Figure, error) {
	return rateFigure{
		id: "fig4c", topic: "Chemical Weapons", title: "Complete rejections, all and on chemical weapons,",
		axis: "Complete rejection rate (%)", from: analysis.CompleteRejection, top: 80,
	}.draw(overall, topic, opt)
}
