package figure

import "github.com/specstress/specstress/analysis"

// Fig4d draws how often the responses of each model reject a query completely,
// over all scenarios and over those on biological weapons: the share, in
// percent, at the last refusal level. The axis ends
// at 60 as in the paper, or higher where a rate is.
//
// A model without a labelled response has no bar; a topic that is nil has no
// series. Levels that do not exist, and other models or levels in the topic
// than overall, are errors.
//
// Source: Zhang et al. 2025, Figure 4d.
func Fig4d(overall, topic *analysis.Refusals, opt RefusalRateOptions) (*Figure, error) {
	return rateFigure{
		id: "fig4d", topic: "Biological Weapons", title: "Complete rejections, all and on biological weapons,",
		axis: "Complete rejection rate (%)", from: analysis.CompleteRejection, top: 60,
	}.draw(overall, topic, opt)
}
