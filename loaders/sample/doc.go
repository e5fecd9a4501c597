// Package sample makes the built-in synthetic dataset: a folder laid out
// like the published repository, with its columns, its row counts and a
// few of its totals, and with nothing else in common with it. It lets
// every figure, test and demonstration run where the real dataset is not
// at hand. Importing the package makes the source "sample" known to the
// loaders.
//
// The steps: a random model draws a population of scenarios, the six
// splits, the judges' verdicts, and labels of the scenarios and responses of
// all_models, which were never published (package latent; its parameters stand
// in internal/latent/params.json and come from the program in fit). Names
// and texts are invented (words.go, text.go). Files are written beside
// their folder and moved into place when all of them are whole
// (install.go). What the published schema leaves open is assumed as
// Assumptions says.
//
// Nobody should take it for the real thing: each parquet file says in its
// metadata, under MetadataKey, that it is synthetic, each text begins with
// "[synthetic sample]" and each value name, labeller and prompt version with
// "synthetic ".
//
// The same options give the same bytes on every run and for any number of
// workers. On another processor architecture the numbers are the same and
// compressed pages may differ.
package sample
