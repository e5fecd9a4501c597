// Package embeddings reads vectors, one per scenario, from the files in
// which they are kept:
//
//   - .npy, the format of NumPy, versions 1 to 3: two dimensions, float32 or
//     float64, in C order
//   - .f32, raw little-endian float32, row after row; the number of
//     dimensions must be told
//   - .parquet, a column of lists of numbers; import the decoder for its
//     side effect, as for package loaders
//
// A float32 file in the processor's byte order is mapped, not read: it may
// be larger than memory. Everything else is converted into memory.
//
// The paper's embeddings are not public. Whoever supplies some must have
// embedded the queries in the order of the split's rows, or give the rows
// their keys: columns chunk_index, entry_idx and nudge_direction in parquet.
package embeddings

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/specstress/specstress/loaders"
)

// Options: the zero value suffices for .npy and for a parquet file with one
// column of lists.
type Options struct {
	Dim    int    // .f32: elements of a row
	Column string // .parquet: the column of lists; "" if there is only one
}

// Embeddings are the rows of a file.
type Embeddings struct {
	Data      []float32 // row after row; read-only where Mapped
	Rows, Dim int
	Mapped    bool

	// Keys are those of the rows, nil where the file has none.
	Keys []loaders.Key

	close func() error
}

// Close ends the mapping, after which Data must not be used.
func (e *Embeddings) Close() error {
	if e.close == nil {
		return nil
	}
	end := e.close
	e.close, e.Data = nil, nil
	return end()
}

// Open opens a file. What its header states is compared with its size before
// it is believed. Errors name the file and what was expected; a mapped file
// must not be changed or cut short while it is open, which no program can
// notice in time.
//
// The numbers themselves are checked by analysis.NewVectors.
func Open(ctx context.Context, path string, opt Options) (*Embeddings, error) {
	e, err := open(ctx, path, opt)
	if err != nil {
		return nil, fmt.Errorf("embeddings: %s: %w", filepath.ToSlash(path), err)
	}
	return e, nil
}

func open(ctx context.Context, path string, opt Options) (*Embeddings, error) {
	ext := strings.ToLower(filepath.Ext(path))
	if opt.Dim < 0 {
		return nil, fmt.Errorf("%d dimensions, want 1 or more", opt.Dim)
	}
	if ext != ".f32" && opt.Dim > 0 || ext != ".parquet" && opt.Column != "" {
		return nil, errors.New("dimensions are told for .f32 only, a column for .parquet only")
	}
	switch ext {
	case ".parquet":
		return openParquet(ctx, path, opt.Column)
	case ".npy":
		return openFlat(path, func(head []byte, size int64) (layout, error) { return parseNPY(head, size) })
	case ".f32":
		return openFlat(path, func(_ []byte, size int64) (layout, error) { return rawLayout(opt.Dim, size) })
	}
	return nil, fmt.Errorf("ends in %q, want .npy, .f32 or .parquet", ext)
}

// A layout says where the numbers lie in a file.
type layout struct {
	offset    int64
	rows, dim int
	double    bool // float64
	big       bool // big-endian
}

func (l layout) width() int64 {
	if l.double {
		return 8
	}
	return 4
}

// fits compares a layout with the size of its file.
func (l layout) fits(size int64) error {
	if l.rows < 1 || l.dim < 1 {
		return fmt.Errorf("%d rows of %d numbers, want at least one of one", l.rows, l.dim)
	}
	body := size - l.offset
	if int64(l.rows) > body/l.width()/int64(l.dim) || int64(l.rows)*int64(l.dim)*l.width() != body {
		return fmt.Errorf("%d bytes follow the header, want %d rows of %d numbers of %d bytes", body, l.rows, l.dim, l.width())
	}
	return nil
}

func rawLayout(dim int, size int64) (layout, error) {
	if dim == 0 {
		return layout{}, errors.New("a raw file does not say how many dimensions it has; tell it")
	}
	if size == 0 || size%(4*int64(dim)) != 0 {
		return layout{}, fmt.Errorf("%d bytes are no whole number of rows of %d numbers of 4 bytes", size, dim)
	}
	return layout{rows: int(size / (4 * int64(dim))), dim: dim}, nil
}

// openFlat opens a file that is a header and numbers.
func openFlat(path string, parse func(head []byte, size int64) (layout, error)) (*Embeddings, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unwrapPath(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, unwrapPath(err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("is a %s, want a regular file", info.Mode().Type())
	}
	size := info.Size()
	if int64(int(size)) != size {
		return nil, fmt.Errorf("%d bytes are more than this processor can address", size)
	}
	head := make([]byte, min(size, maxHeader))
	if _, err := f.ReadAt(head, 0); err != nil {
		return nil, unwrapPath(err)
	}
	l, err := parse(head, size)
	if err != nil {
		return nil, err
	}
	if err := l.fits(size); err != nil {
		return nil, err
	}
	e := &Embeddings{Rows: l.rows, Dim: l.dim}
	data, unmap, err := mapFile(f, size)
	if err != nil {
		return nil, err
	}
	if e.Data = inPlace(data[l.offset:], l); e.Data != nil {
		e.Mapped, e.close = unmap != nil, unmap
		return e, nil
	}
	e.Data, err = convert(data[l.offset:], l)
	if unmap != nil {
		err = errors.Join(err, unmap())
	}
	return e, err
}

// unwrapPath drops the path from an error, as it is said once already.
func unwrapPath(err error) error {
	var at *os.PathError
	if errors.As(err, &at) {
		return fmt.Errorf("%s: %w", at.Op, at.Err)
	}
	return err
}
