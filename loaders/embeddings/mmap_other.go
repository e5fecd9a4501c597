//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package embeddings

import (
	"io"
	"os"
)

// mapFile reads the file: there is no portable way to map it.
func mapFile(f *os.File, size int64) (data []byte, unmap func() error, err error) {
	data = make([]byte, size)
	_, err = io.ReadFull(io.NewSectionReader(f, 0, size), data)
	return data, nil, err
}
