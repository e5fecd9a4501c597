// Package paper holds what Zhang et al. 2025 ("Stress-Testing Model Specs
// Reveals Character Differences among Language Models",
// arXiv:2510.07686v2) print, and says how a number of ours compares.
//
// Every printed number is a [Number] with the id of the result that
// reproduces it, its printed digits and its page. [Lookup] finds one,
// [Numbers] lists all. [Decide] gives the [Status] of a result beside its
// published number. [Inconsistencies] lists where the paper is at odds with
// itself. Results of ours are [Claim] values, which the functions that end
// in Claims make under the ids of docs/results.md; [Assertions] says which of
// them test what the paper concludes in words.
//
// A number of ours meets the paper's only through Decide, which looks at
// the data's origin first: a synthetic sample or another dataset never
// reads as a reproduction, however close it comes.
package paper
