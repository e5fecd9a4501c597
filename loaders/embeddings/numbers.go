package embeddings

import (
	"encoding/binary"
	"fmt"
	"math"
	"unsafe"
)

var littleEndian = binary.NativeEndian.Uint16([]byte{1, 0}) == 1

// inPlace looks at the bytes as at numbers, without copying them, where the
// processor stores float32 as the file does and their place in memory suits
// it; else it returns nil.
func inPlace(b []byte, l layout) []float32 {
	first := unsafe.Pointer(unsafe.SliceData(b))
	if l.double || l.big == littleEndian || uintptr(first)%unsafe.Alignof(float32(0)) != 0 {
		return nil
	}
	return unsafe.Slice((*float32)(first), len(b)/4)
}

// convert reads the numbers one by one. A float64 that float32 cannot hold
// is an error; one that it rounds is not.
func convert(b []byte, l layout) ([]float32, error) {
	var order binary.ByteOrder = binary.LittleEndian
	if l.big {
		order = binary.BigEndian
	}
	out := make([]float32, l.rows*l.dim)
	for i := range out {
		if !l.double {
			out[i] = math.Float32frombits(order.Uint32(b[4*i:]))
			continue
		}
		x := math.Float64frombits(order.Uint64(b[8*i:]))
		out[i] = float32(x)
		if math.IsInf(float64(out[i]), 0) && !math.IsInf(x, 0) {
			return nil, fmt.Errorf("row %d column %d is %v, more than float32 can hold", i/l.dim, i%l.dim, x)
		}
	}
	return out, nil
}
