// Package nb is what notebook cells call: it opens data, shows results and
// reports failure, so that a cell reads as the analysis it is.
//
//	d := nb.Data("sample").Split("all_models").Where(loaders.Nudge("neutral"))
//	set := analysis.AllModels.Without("grok_4")
//	dis := nb.Must(analysis.MeasureDisagreement(d.Positions(set), set))
//	nb.Show(dis.ShareAtLeast(1.5))
//	nb.Show(figure.Disagreement([]*analysis.Disagreements{dis}, figure.DisagreementOptions{Source: d.Origin()}))
//
// A call that fails prints one error and ends the cell, with a status that
// makes the cell fail. Nothing is replaced in silence: Data opens the
// source that it is given or ends the cell, and says above the results
// which source it was. Once a synthetic source has been opened, whatever
// the cell shows says so.
//
// Data reads the packed form of a source (docs/cache.md) and has the
// command specstress make it where it is missing or stale, so that cells
// never link a decoder. Texts of the dataset are untrusted: Show escapes
// them for HTML and takes out what acts on terminals.
//
// Outside a notebook, in a program or a test, everything is printed as
// plain text.
package nb
