// Package figure draws the paper's figures: one file for each, named after
// it.
//
// A function takes what package analysis measured and returns a [Figure]:
// panels with plots that can be restyled, a caption, a text for those who
// cannot see it, and the numbers behind the marks. Computing happens in
// analysis; a figure only arranges and validates. The zero value of its
// options is the paper's figure.
//
//	f, err := figure.Fig2(majority, anyJudge, figure.Fig2Options{})
//	f.Plot().Y.Max = 60
//	files, err := f.Save("figures/fig2", figure.ICMLColumn, "pdf")
//	// figures/fig2.pdf, and beside it .csv, .txt (caption) and .json
//
// Figures are put together from public blocks, [Bars], [Line], [Dots],
// [Histogram], [HeatMap] and [Rule], which are plotters of gonum's plot
// package and so fit into any plot of one's own; [New] makes a figure in
// the house style around them. A block is made by its constructor, which
// refuses what would hang or crash the drawing.
//
// A figure is printed in a [Size], such as [ICMLColumn], for which it is
// laid out anew: text always has 8 to 9 points. It is written as SVG, PDF,
// PNG or PGF for LaTeX, and its numbers as CSV, LaTeX, Markdown or HTML.
//
// What data lack is left out and counted. What cannot be drawn, such as a
// thousand names on one axis, is refused with the reason when the figure
// is made or written.
//
// Figures of synthetic data carry a mark across every panel; see [Source].
// The same figure gives the same bytes every time.
package figure
