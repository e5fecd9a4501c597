//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package embeddings

import (
	"fmt"
	"os"
	"syscall"
)

// mapFile returns the bytes of a file without reading them: pages come from
// the system's cache when they are looked at and can be dropped again.
func mapFile(f *os.File, size int64) (data []byte, unmap func() error, err error) {
	data, err = syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, fmt.Errorf("mmap: %w", err)
	}
	return data, func() error { return syscall.Munmap(data) }, nil
}
