// Package loaders reads the dataset of "Stress-Testing Model Specs Reveals
// Character Differences among Language Models" (Zhang et al. 2025), or data
// of the same kind, into typed columns.
//
// The way from files to numbers:
//
//   - Open finds a source's files, tells config and split from their names
//     and columns, and checks their structure. No rows are read yet.
//   - Dataset.Scenarios reads the rows of one split, Dataset.Verdicts those
//     of all judge bins, row group by row group on all cores. Texts such as
//     queries and responses are never read here; Scenarios.Text reads them
//     by row, and SearchText looks for words in them.
//   - Dataset.Labels reads label files, such as refusal levels, which were
//     never published; Labelling.Match lays them beside the rows of a split.
//     docs/labels.md describes them.
//   - Where keeps some rows or models and remembers what it did, for
//     captions. Positions, Clusters and Categories hand plain columns to
//     package analysis; DataFrame and LongFrame hand them to gota.
//   - Dataset.Pack writes all tables of a source into one file of the
//     cache, and OpenPacked opens that in milliseconds without a decoder:
//     this is what notebook cells do. docs/cache.md describes the file.
//   - Info and Check tell what is in a source and which assumptions about
//     the published files hold.
//
// Missing is never zero: a NULL, or a value outside what a column may hold,
// is a missing position or verdict, and the latter are counted (Bad,
// Unrecognised). A column that an analysis needs and a file lacks is an
// error that names it and its nearest relations.
//
// CSV is read by this package. Other formats, the built-in sources, and
// sources that are addresses such as hf://datasets/owner/name come from
// packages that register themselves when imported:
//
//	import _ "github.com/specstress/specstress/loaders/parquet"
//	import _ "github.com/specstress/specstress/loaders/sample"
//	import _ "github.com/specstress/specstress/loaders/hub"
package loaders
