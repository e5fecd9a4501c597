package parquet

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/parquet-go/parquet-go/encoding/bytestreamsplit"
	"github.com/parquet-go/parquet-go/format"
)

// plainDictionary is what files of format version 1 call both a dictionary
// of plain values and the indexes into it.
//
//lint:ignore SA1019 deprecated for writers; a reader must know it
const plainDictionary = format.PlainDictionary

// values holds the decoded values of a page or a dictionary, NULL left out.
// One of its three parts is in use, as the physical type wants: integers
// and booleans, floats, or byte strings.
type values struct {
	n      int
	ints   []int64
	floats []float64
	data   []byte
	at     []extent
	narrow []int32 // room for delta decoding
	own    []byte  // room for byte strings put together
}

// An extent is where a byte string lies in data.
type extent struct{ start, end uint32 }

func (v *values) bytes(i int) []byte { return v.data[v.at[i].start:v.at[i].end] }

func isDictionary(e format.Encoding) bool {
	return e == format.RLEDictionary || e == plainDictionary
}

// checkEncoding refuses encodings that a column of this type cannot have or
// that values.decode does not know.
func checkEncoding(e format.Encoding, l *leaf) error {
	ok := false
	switch e {
	case format.Plain:
		ok = true
	case format.RLEDictionary, plainDictionary:
		ok = l.physical != format.Boolean
	case format.RLE:
		ok = l.physical == format.Boolean
	case format.DeltaBinaryPacked:
		ok = l.physical == format.Int32 || l.physical == format.Int64
	case format.DeltaLengthByteArray, format.DeltaByteArray:
		ok = l.physical == format.ByteArray
	case format.ByteStreamSplit:
		ok = l.physical == format.Float || l.physical == format.Double
	}
	if !ok {
		return fmt.Errorf("encoding %s of %s values is not supported", e, l.physical)
	}
	return nil
}

// decode reads n values from src, which must end where they end. data
// aliases src.
func (v *values) decode(src []byte, n int, e format.Encoding, l *leaf, limit int) error {
	v.n, v.data = n, nil
	if n == 0 {
		v.ints, v.floats, v.at = v.ints[:0], v.floats[:0], v.at[:0]
		return nil // what an encoding writes for no values differs by writer
	}
	switch e {
	case format.Plain, plainDictionary:
		return v.plain(src, n, l)
	case format.RLE:
		return v.runs(src, n)
	case format.DeltaBinaryPacked:
		return v.delta(src, n, l)
	case format.DeltaLengthByteArray:
		lengths, used, err := v.lengths(src, n)
		if err != nil {
			return err
		}
		return v.joined(src[used:], lengths)
	case format.DeltaByteArray:
		return v.prefixed(src, n, limit)
	case format.ByteStreamSplit:
		return v.split(src, n, l)
	}
	return fmt.Errorf("encoding %s is not supported", e)
}

func (v *values) plain(src []byte, n int, l *leaf) error {
	switch l.physical {
	case format.Boolean:
		if err := exactly(src, (n+7)/8); err != nil {
			return err
		}
		v.ints = grow(v.ints, n)
		for i := range v.ints {
			v.ints[i] = int64(src[i/8] >> (i % 8) & 1)
		}
	case format.Int32:
		if err := exactly(src, 4*n); err != nil {
			return err
		}
		v.ints = grow(v.ints, n)
		for i := range v.ints {
			v.ints[i] = widen(int32(binary.LittleEndian.Uint32(src[4*i:])), l)
		}
	case format.Int64:
		if err := exactly(src, 8*n); err != nil {
			return err
		}
		v.ints = grow(v.ints, n)
		for i := range v.ints {
			v.ints[i] = int64(binary.LittleEndian.Uint64(src[8*i:]))
		}
	case format.Float:
		if err := exactly(src, 4*n); err != nil {
			return err
		}
		v.floats = grow(v.floats, n)
		for i := range v.floats {
			v.floats[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(src[4*i:])))
		}
	case format.Double:
		if err := exactly(src, 8*n); err != nil {
			return err
		}
		v.floats = grow(v.floats, n)
		for i := range v.floats {
			v.floats[i] = math.Float64frombits(binary.LittleEndian.Uint64(src[8*i:]))
		}
	case format.ByteArray:
		return v.prefixedByLength(src, n)
	default: // fixed length
		if err := exactly(src, l.width*n); err != nil {
			return err
		}
		v.data, v.at = src, grow(v.at, n)
		for i := range v.at {
			v.at[i] = extent{uint32(i * l.width), uint32((i + 1) * l.width)}
		}
	}
	return nil
}

func (v *values) prefixedByLength(src []byte, n int) error {
	if n > len(src)/4 {
		return errShort
	}
	v.data, v.at = src, grow(v.at, n)
	at := 0
	for i := range v.at {
		if len(src)-at < 4 {
			return errShort
		}
		size := binary.LittleEndian.Uint32(src[at:])
		at += 4
		if uint64(size) > uint64(len(src)-at) {
			return fmt.Errorf("value %d of %d bytes, %d are left", i, size, len(src)-at)
		}
		v.at[i] = extent{uint32(at), uint32(at) + size}
		at += int(size)
	}
	return exactly(src, at)
}

// runs reads booleans, which newer writers store as runs.
func (v *values) runs(src []byte, n int) error {
	if len(src) < 4 || uint64(binary.LittleEndian.Uint32(src)) > uint64(len(src)-4) {
		return errShort
	}
	bits, err := decodeLevels(nil, src[4:], 1, n)
	if err != nil {
		return err
	}
	v.ints = grow(v.ints, n)
	for i := range v.ints {
		v.ints[i] = 1
		if bits != nil {
			v.ints[i] = int64(bits[i])
		}
	}
	return nil
}

func (v *values) split(src []byte, n int, l *leaf) error {
	var e bytestreamsplit.Encoding
	v.floats = grow(v.floats, n)
	if l.physical == format.Double {
		if err := exactly(src, 8*n); err != nil {
			return err
		}
		_, err := e.DecodeDouble(v.floats[:0], src)
		return err
	}
	if err := exactly(src, 4*n); err != nil {
		return err
	}
	narrow, err := e.DecodeFloat(make([]float32, 0, n), src)
	if err != nil || len(narrow) != n {
		return fmt.Errorf("%d floats, want %d: %v", len(narrow), n, err)
	}
	for i, x := range narrow {
		v.floats[i] = float64(x)
	}
	return nil
}

func widen(x int32, l *leaf) int64 {
	if l.unsigned {
		return int64(uint32(x))
	}
	return int64(x)
}

// exactly refuses bytes that are missing or left over: both mean that the
// count and the values are not of one piece.
func exactly(src []byte, want int) error {
	if len(src) != want {
		return fmt.Errorf("the values take %d bytes, the page has %d", want, len(src))
	}
	return nil
}
