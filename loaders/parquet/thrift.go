package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unsafe"

	"github.com/parquet-go/parquet-go/format"
)

// Thrift compact types, as they stand in the low half of a field header.
const (
	thriftTrue   = 1
	thriftFalse  = 2
	thriftByte   = 3
	thriftI16    = 4
	thriftI32    = 5
	thriftI64    = 6
	thriftDouble = 7
	thriftBinary = 8
	thriftList   = 9
	thriftSet    = 10
	thriftStruct = 12
)

var errThrift = errors.New("a length exceeds the bytes present")

// A thriftWalk steps over a compact-protocol struct without allocating.
// parquet-go v0.32.0 allocates a list or string of whatever length is
// stated before it looks for the elements; the walk comes first and refuses
// lengths that the bytes cannot hold, and lists whose elements would take
// more memory than the budget.
type thriftWalk struct {
	b      []byte
	at     int
	budget int // bytes of decoded lists still allowed
}

// skim returns the length of the thrift struct at the start of b.
func skim(b []byte, s thriftShape, budget int) (int, error) {
	w := thriftWalk{b: b, budget: budget}
	err := w.fields(s, 0)
	return w.at, err
}

// A thriftShape says which struct is being walked, as far as the weight of
// its lists differs.
type thriftShape int

const (
	anyStruct thriftShape = iota
	fileMetaData
	rowGroup
)

// list returns what an element of a list field weighs once decoded, and
// its shape. The identifiers are those of parquet.thrift.
func (s thriftShape) list(field int) (weight int, elem thriftShape) {
	switch {
	case s == fileMetaData && field == 2:
		return int(unsafe.Sizeof(format.SchemaElement{})), anyStruct
	case s == fileMetaData && field == 4:
		return int(unsafe.Sizeof(format.RowGroup{})), rowGroup
	case s == rowGroup && field == 1:
		return int(unsafe.Sizeof(format.ColumnChunk{})), anyStruct
	}
	return int(unsafe.Sizeof(format.KeyValue{})), anyStruct // the largest of the others
}

const maxThriftDepth = 32 // parquet's own structs nest about ten deep

func (w *thriftWalk) fields(s thriftShape, depth int) error {
	if depth > maxThriftDepth {
		return errors.New("structs nest too deep")
	}
	for id := 0; ; {
		h, err := w.byte()
		if err != nil {
			return err
		}
		if h == 0 {
			return nil
		}
		if delta := int(h >> 4); delta != 0 {
			id += delta
		} else {
			u, err := w.uvarint()
			if err != nil {
				return err
			}
			id = int(int16(u>>1) ^ -int16(u&1))
		}
		typ := h & 15
		if typ == thriftTrue || typ == thriftFalse {
			continue // a field's boolean is its type
		}
		weight, elem := s.list(id)
		if err := w.value(typ, weight, elem, depth); err != nil {
			return err
		}
	}
}

func (w *thriftWalk) value(typ byte, weight int, elem thriftShape, depth int) error {
	switch typ {
	case thriftTrue, thriftFalse, thriftByte: // a list's boolean is a byte
		return w.advance(1)
	case thriftI16, thriftI32, thriftI64:
		_, err := w.uvarint()
		return err
	case thriftDouble:
		return w.advance(8)
	case thriftBinary:
		n, err := w.uvarint()
		if err != nil {
			return err
		}
		return w.advance(n)
	case thriftList, thriftSet:
		return w.list(weight, elem, depth)
	case thriftStruct:
		return w.fields(elem, depth+1)
	}
	return fmt.Errorf("thrift type %d is not used by parquet", typ)
}

func (w *thriftWalk) list(weight int, elem thriftShape, depth int) error {
	if depth > maxThriftDepth {
		return errors.New("lists nest too deep")
	}
	h, err := w.byte()
	if err != nil {
		return err
	}
	n := uint64(h >> 4)
	if n == 15 {
		if n, err = w.uvarint(); err != nil {
			return err
		}
	}
	if n > uint64(len(w.b)-w.at) { // every element takes a byte
		return errThrift
	}
	if w.budget -= int(n) * weight; w.budget < 0 {
		return fmt.Errorf("a list of %d elements is out of proportion to the file", n)
	}
	itemWeight, _ := anyStruct.list(0) // of a list within the list
	for range n {
		if err := w.value(h&15, itemWeight, elem, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (w *thriftWalk) byte() (byte, error) {
	if w.at >= len(w.b) {
		return 0, errThrift
	}
	w.at++
	return w.b[w.at-1], nil
}

func (w *thriftWalk) uvarint() (uint64, error) {
	u, n := binary.Uvarint(w.b[w.at:])
	if n <= 0 {
		return 0, errThrift
	}
	w.at += n
	return u, nil
}

func (w *thriftWalk) advance(n uint64) error {
	if n > uint64(len(w.b)-w.at) {
		return errThrift
	}
	w.at += int(n)
	return nil
}
