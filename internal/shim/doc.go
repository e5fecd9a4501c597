// Package shim stands between GoNB and the go command, so that notebook
// cells need no network, no setup cell and no housekeeping.
//
// GoNB writes each cell, with the declarations of earlier ones, to main.go
// in a folder of its own and then calls, through PATH,
//
//	go mod init NAME     once, at the start of the kernel
//	goimports -w main.go
//	go get               for modules that are not there yet
//	go build -o BIN
//
// The program cellgo answers to the names go, goimports and gopls:
//
//   - go mod init writes the repository's own go.mod under another module
//     name, with a replace line that leads to the repository: cells import
//     its packages and every pinned dependency, and see edits at once.
//   - goimports is [FixImports]: names come from a fixed table, never from a
//     search of the module cache.
//   - go get without arguments does nothing: there is nothing to get.
//   - go build compiles what [Rewrite] makes of main.go, handed over as an
//     overlay: unused variables are no error, the last expression is shown,
//     a panic names the lines. The file itself stays as GoNB wrote it, line
//     for line, as GoNB translates line numbers back to cells.
//     While a plan holds, made when go last built a cell, only the compiler
//     and the linker are started: plan.go says when it does, quick.go which
//     cells are built so.
//   - anything else goes to the go command unchanged.
package shim
