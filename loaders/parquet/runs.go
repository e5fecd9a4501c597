package parquet

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/parquet-go/parquet-go/encoding/rle"
)

// Levels and dictionary indexes come as a sequence of runs: a repeated
// value, or groups of eight values packed bit by bit. A repeated run of
// 2^30 values takes six bytes, so runs are counted before they are
// expanded.
//
// Source: Apache Parquet format, Encodings, "RLE/bit-packing hybrid".

// countRuns walks the runs at the start of src until they hold n values of
// the given width in bits and returns the bytes they take. Only the last
// run may hold more, and only as the padding of packed groups. constant is
// true when a single run repeats one value, which is first.
func countRuns(src []byte, width, n int) (size int, constant bool, first uint64, err error) {
	bytesPerValue := (width + 7) / 8
	at, runs := 0, 0
	for have := 0; have < n; runs++ {
		u, k := binary.Uvarint(src[at:])
		if k <= 0 {
			return 0, false, 0, fmt.Errorf("%d of %d levels or indexes: %w", have, n, errShort)
		}
		at += k
		length, left := u>>1, uint64(n-have)
		if u&1 == 0 {
			if length == 0 || length > left {
				return 0, false, 0, fmt.Errorf("a run of %d levels or indexes, %d are left", length, left)
			}
			if bytesPerValue > len(src)-at {
				return 0, false, 0, errShort
			}
			for i := range bytesPerValue {
				first |= uint64(src[at+i]) << (8 * i)
			}
			if first>>width != 0 {
				return 0, false, 0, fmt.Errorf("%d does not fit %d bits", first, width)
			}
			at += bytesPerValue
			constant = length == uint64(n)
			have += int(length)
			if !constant {
				first = 0
			}
			continue
		}
		if length == 0 || length > (left+7)/8 {
			return 0, false, 0, fmt.Errorf("%d groups of eight levels or indexes, %d are left", length, left)
		}
		if length*uint64(width) > uint64(len(src)-at) {
			return 0, false, 0, errShort
		}
		at += int(length) * width
		have += int(length) * 8
	}
	return at, constant, first, nil
}

// decodeLevels reads n levels of at most highest. It returns nil when all
// of them are the highest, which in a flat column means that no value is
// NULL.
func decodeLevels(dst []uint8, src []byte, highest uint8, n int) ([]uint8, error) {
	width := bitsFor(highest)
	size, constant, first, err := countRuns(src, width, n)
	if err != nil {
		return nil, err
	}
	if constant && first == uint64(highest) || n == 0 {
		return nil, nil
	}
	e := rle.Encoding{BitWidth: width}
	dst, err = e.DecodeLevels(grow(dst, n+8)[:0], src[:size])
	if err != nil {
		return nil, err
	}
	if len(dst) < n {
		return nil, errShort
	}
	if dst = dst[:n]; slices.Max(dst) > highest {
		return nil, fmt.Errorf("level %d, want at most %d", slices.Max(dst), highest)
	}
	return dst, nil
}

// decodeIndexes reads n dictionary indexes below entries. The first byte
// of src is their width in bits.
func decodeIndexes(dst []int32, src []byte, n, entries int) ([]int32, error) {
	if n == 0 {
		return dst[:0], nil
	}
	if len(src) == 0 {
		return nil, errShort
	}
	width := int(src[0])
	if width > 32 {
		return nil, fmt.Errorf("indexes of %d bits", width)
	}
	src = src[1:]
	size, constant, first, err := countRuns(src, width, n)
	if err != nil {
		return nil, err
	}
	switch {
	case width == 0:
		dst = grow(dst, n)
		clear(dst)
	case constant:
		dst = grow(dst, n)
		for i := range dst {
			dst[i] = int32(first)
		}
	default:
		e := rle.Encoding{BitWidth: width}
		if dst, err = e.DecodeInt32(grow(dst, n+8)[:0], src[:size]); err != nil {
			return nil, err
		}
		if len(dst) < n {
			return nil, errShort
		}
		dst = dst[:n]
	}
	var top uint32 // as unsigned, so that a negative index is too large
	for _, i := range dst {
		top = max(top, uint32(i))
	}
	if uint64(top) >= uint64(entries) {
		return nil, fmt.Errorf("index %d into a dictionary of %d", top, entries)
	}
	return dst, nil
}

// bitsFor is how many bits a level takes.
func bitsFor(highest uint8) int {
	n := 0
	for ; highest > 0; highest >>= 1 {
		n++
	}
	return n
}
