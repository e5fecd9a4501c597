// Package analysis computes the numbers of Zhang et al. 2025,
// "Stress-Testing Model Specs Reveals Character Differences among Language
// Models" (arXiv:2510.07686v2), and what they rest on. Plain values go in,
// plain values come out; the package reads no files and draws nothing.
//
// # From positions to figures
//
// A scenario puts two values in tension. Each response to it has a
// [Position] on each of the two, and [Positions] holds those of many
// scenarios and models; package loaders makes them from the published
// files. A [ModelSet] picks the models to compare, such as [AllModels].
//
//   - [MeasureDisagreement] says how widely the models differ on each
//     scenario, and from there come counts, shares, means and histograms.
//   - [MeasureSurvey] reads the positions of a whole dataset once, and gives
//     everything that takes but counts and sums: what an exploration asks
//     for while it waits.
//   - [Correlate] says how alike two models place themselves.
//   - [MeasureOutliers] finds responses that stand against nearly all
//     others (Figure 6).
//   - [MeasurePreferences] says which categories of values a model favours;
//     a proxy, as the paper's own labels are not public;
//     [PreferenceSeparation] and [MeasureProviderDifferences] ask whether
//     providers differ in it, and [RankValues] what wins when values meet.
//
// Judges decide whether responses comply with a model spec: [Verdicts].
//
//   - [MeasureCompliance] gives the rates of non-compliance by disagreement
//     (Figure 2, Table 2); [FailRatio] compares two bins, [FailTrend] and
//     [FitCompliance] test the gradient over them.
//   - [ProjectCompliance] weights these rates with a split's disagreement,
//     a cross-check of Table 2.
//   - [MeasureJudgeAgreement] gives each judge's rate of flagging, pairwise
//     agreement and [FleissKappa].
//   - [CompareAgreement] puts all coefficients of agreement on any [Ratings]
//     side by side, from Cohen's kappa to Krippendorff's alpha;
//     [JudgeRatings] makes them of verdicts.
//
// [Find] looks for scenarios instead of measuring them: by disagreement,
// outcome, outliers and judges at odds, as the paper's examples were found.
//
// [KCenter] selects scenarios that lie far apart, from [Vectors] such as
// embeddings of their queries, as the paper thins out its scenarios and makes
// its splits; [NearPairs], [MeasureRankOrder] and others audit a selection.
//
// # What a number rests on
//
// Every statistic is an [Estimate]: value, interval, number of sampling
// units and of independent groups of them, method, and what was left out.
// The up to three scenarios of one value pair are not independent, so
// [Clusters] go wherever an interval is made. Shares have Wilson's interval
// on n over the design effect ([Share]), means and kappas a [Bootstrap]
// over clusters. A statistic without a value is an error that says why,
// [ErrTooFew] or [ErrUndefined]; in a table of estimates it is NaN with a
// warning that says so.
//
// Missing positions and verdicts are never taken for a score or a decision:
// they are left out and counted.
//
// # Exact where it can be
//
// Scores are small integers, so disagreement is kept as one ([Spread]) and
// thresholds and bin edges are decided without rounding. Random draws take
// an explicit seed. The same input gives the same bytes on any number of
// cores.
package analysis
