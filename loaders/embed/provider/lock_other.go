//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package provider

import "os"

// lock does nothing: where there is no flock, two programs must not write
// one journal.
func lock(*os.File) error { return nil }
