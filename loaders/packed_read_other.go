//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package loaders

import "os"

// mapFile reads the file: there is no portable way to map it.
func mapFile(path string) ([]byte, error) { return os.ReadFile(path) }
