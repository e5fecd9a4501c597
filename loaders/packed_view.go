package loaders

import (
	"encoding/binary"
	"fmt"
	"unsafe"

	"github.com/specstress/specstress/analysis"
)

// This file is all that is unsafe in the package: it looks at the bytes of
// a packed file as at columns, without copying them. What makes that sound:
//
//   - Positions and verdicts are one byte each (the constants below fail to
//     compile otherwise), and checkBytes has looked at every one of them, so
//     that no value occurs that their types could not make.
//   - Wider numbers are only looked at in place where the processor stores
//     them as the file does and their place in memory suits them; else they
//     are copied.
//   - The bytes are a private mapping, or a slice that the garbage collector
//     keeps: they outlive every column, and nobody else changes them.
const (
	_ = 1 - unsafe.Sizeof(analysis.Position{})
	_ = 1 - unsafe.Sizeof(analysis.NoVerdict)
	_ = 1 - unsafe.Sizeof(true)
)

// littleEndian reports how this processor stores numbers.
var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// oneByte are the types of which each value is one byte.
type oneByte interface {
	analysis.Position | analysis.Verdict | bool
}

// bytesAs is b as a column whose values are at most limit, a power of two
// less one.
func bytesAs[T oneByte](b []byte, limit byte) ([]T, error) {
	if err := checkBytes(b, limit); err != nil {
		return nil, err
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)), nil
}

// checkBytes looks at eight bytes at a time.
func checkBytes(b []byte, limit byte) error {
	over := uint64(^limit) * 0x0101010101010101
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if binary.NativeEndian.Uint64(b[i:])&over != 0 {
			break
		}
	}
	for ; i < len(b); i++ {
		if b[i] > limit {
			return fmt.Errorf("row %d is %d, want 0..%d", i, b[i], limit)
		}
	}
	return nil
}

// wide are the types that are more than one byte.
type wide interface{ int32 | int64 | float64 }

// wideAs is b as a column of numbers; what is left over is an error.
func wideAs[T wide](b []byte) ([]T, error) {
	var zero T
	size := int(unsafe.Sizeof(zero))
	if len(b)%size != 0 {
		return nil, fmt.Errorf("%d bytes, want a multiple of %d", len(b), size)
	}
	first := unsafe.Pointer(unsafe.SliceData(b))
	if littleEndian && uintptr(first)%unsafe.Alignof(zero) == 0 {
		return unsafe.Slice((*T)(first), len(b)/size), nil
	}
	out := make([]T, len(b)/size)
	_, err := binary.Decode(b, binary.LittleEndian, out)
	return out, err
}
