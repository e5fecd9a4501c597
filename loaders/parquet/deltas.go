package parquet

import (
	"encoding/binary"
	"fmt"

	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/format"
)

// Newer writers store integers as differences, and byte strings as packed
// lengths with the bytes behind them, with or without what a string shares
// with the one before.
//
// Source: Apache Parquet format, Encodings, "Delta encoding", "Delta-length
// byte array" and "Delta strings".

func (v *values) delta(src []byte, n int, l *leaf) error {
	v.ints = grow(v.ints, n)
	var e delta.BinaryPackedEncoding
	if l.physical == format.Int64 {
		used, err := countDeltas(src, n, 64)
		if err != nil {
			return err
		}
		if err := exactly(src, used); err != nil {
			return err
		}
		v.ints, err = e.DecodeInt64(v.ints[:0], src)
		return err
	}
	narrow, used, err := v.lengths(src, n)
	if err != nil {
		return err
	}
	for i, x := range narrow {
		v.ints[i] = widen(x, l)
	}
	return exactly(src, used)
}

// lengths decodes n delta-packed 32-bit integers at the start of src.
func (v *values) lengths(src []byte, n int) ([]int32, int, error) {
	used, err := countDeltas(src, n, 32)
	if err != nil {
		return nil, 0, err
	}
	var e delta.BinaryPackedEncoding
	v.narrow, err = e.DecodeInt32(grow(v.narrow, n)[:0], src[:used])
	if err == nil && len(v.narrow) != n {
		err = errShort
	}
	return v.narrow, used, err
}

// joined cuts src into byte strings of the given lengths.
func (v *values) joined(src []byte, lengths []int32) error {
	v.data, v.at = src, grow(v.at, len(lengths))
	at := 0
	for i, size := range lengths {
		if size < 0 || int(size) > len(src)-at {
			return fmt.Errorf("value %d of %d bytes, %d are left", i, size, len(src)-at)
		}
		v.at[i] = extent{uint32(at), uint32(at + int(size))}
		at += int(size)
	}
	return exactly(src, at)
}

// prefixed reads byte strings that share their beginning with the one
// before. A few bytes can repeat a long beginning many times, so that what
// comes out is held to the limit of a page.
func (v *values) prefixed(src []byte, n, limit int) error {
	prefixes, used, err := v.lengths(src, n)
	if err != nil {
		return err
	}
	prefixes = append([]int32(nil), prefixes...)
	src = src[used:]
	suffixes, used, err := v.lengths(src, n)
	if err != nil {
		return err
	}
	src = src[used:]
	v.at = grow(v.at, n)
	out := v.own[:0]
	at, last := 0, extent{}
	for i := range v.at {
		p, s := int(prefixes[i]), int(suffixes[i])
		if p < 0 || p > int(last.end-last.start) || s < 0 || s > len(src)-at {
			return fmt.Errorf("value %d of %d + %d bytes, %d are left", i, p, s, len(src)-at)
		}
		if p+s > limit-len(out) {
			return fmt.Errorf("value %d: more than %d bytes in one page", i, limit)
		}
		start := len(out)
		out = append(out, out[last.start:int(last.start)+p]...)
		out = append(out, src[at:at+s]...)
		at += s
		last = extent{uint32(start), uint32(len(out))}
		v.at[i] = last
	}
	v.own, v.data = out, out
	return exactly(src, at)
}

// countDeltas walks n delta-packed integers of at most width bits at the
// start of src and returns the bytes they take. parquet-go v0.32.0
// allocates for the count in front and panics on blocks cut short.
func countDeltas(src []byte, n, width int) (int, error) {
	var head [4]uint64 // block size, miniblocks in a block, count, first value
	at := 0
	for i := range head {
		u, k := binary.Uvarint(src[at:])
		if k <= 0 {
			return 0, errShort
		}
		head[i] = u
		at += k
	}
	block, minis, count := head[0], head[1], head[2]
	if count != uint64(n) {
		return 0, fmt.Errorf("%d packed deltas, want %d", count, n)
	}
	if block == 0 || block > 1<<16 || block%128 != 0 || minis == 0 || block%minis != 0 || block/minis%32 != 0 {
		return 0, fmt.Errorf("blocks of %d deltas in %d parts", block, minis)
	}
	perMini := int(block / minis)
	for left := n - 1; left > 0; {
		_, k := binary.Uvarint(src[at:]) // the least delta
		if k <= 0 || int(minis) > len(src)-at-k {
			return 0, errShort
		}
		at += k
		widths := src[at : at+int(minis)]
		at += int(minis)
		for _, w := range widths {
			if left <= 0 {
				break // widths of parts that are not there mean nothing
			}
			if int(w) > width {
				return 0, fmt.Errorf("deltas of %d bits", w)
			}
			size := perMini * int(w) / 8
			if size > len(src)-at {
				return 0, errShort
			}
			at += size
			left -= perMini
		}
	}
	return at, nil
}
