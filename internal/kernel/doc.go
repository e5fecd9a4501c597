// Package kernel installs and starts the Jupyter kernel for Go cells.
//
// The kernel is GoNB, built from the repository's own go.mod so that one
// line there pins both it and the package by which cells talk to it. It
// finds go, goimports and gopls on a PATH of ours, see package shim. [Start]
// prepares the environment and becomes GoNB; [Install] writes the
// kernelspec that names Start, and builds beforehand what the first cell
// would wait for.
//
// Everything made here lies in the cache folder and can be made again.
package kernel
