//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package loaders

import (
	"fmt"
	"os"
	"syscall"
)

// mapFile returns the bytes of a file without reading them: pages come from
// the system's cache when they are looked at. The mapping is private, so
// that changing a column changes neither the file nor another process's
// view, and it stays until the process ends, for columns point into it.
// Packed files are replaced, never changed in place.
func mapFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	size := info.Size()
	if !info.Mode().IsRegular() || size < packHeader || int64(int(size)) != size {
		return nil, fmt.Errorf("%s is not a packed file", path)
	}
	data, err := syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE)
	if err != nil {
		return nil, &os.PathError{Op: "mmap", Path: path, Err: err}
	}
	return data, nil
}
