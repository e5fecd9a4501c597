// Package reproduce computes the paper's results from a dataset and writes
// them as a folder: report.html, results.json, tables and figures.
//
// [Compute] reads the dataset split by split and gives a [Run]: a
// [Manifest] of what went in, and one [Section] per figure with its
// [Result] records, which docs/results.md lists by id. [Run.Write] puts the
// folder on disk.
//
// Every result carries a status that says how it stands to the paper;
// package paper decides it. Nothing made from the synthetic sample can be
// mistaken for a reproduction: the status says so, and so do the report's
// banner, every section, every table row and the folder's JSON.
package reproduce
