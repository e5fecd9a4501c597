// Package release knows which release of specstress this is.
package release

// Version is the release that made an artefact. It is written by hand, so
// that the same sources give the same bytes wherever they are built.
const Version = "0.1.0"
