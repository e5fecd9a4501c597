package embeddings

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"strings"
)

// WriteNPY writes rows of dim numbers as a .npy file of version 1, as NumPy
// does: little-endian float32, the numbers aligned to 64 bytes.
func WriteNPY(w io.Writer, data []float32, dim int) error {
	if dim < 1 || len(data)%dim != 0 {
		return fmt.Errorf("embeddings: %d numbers are no whole number of rows of %d", len(data), dim)
	}
	header := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", len(data)/dim, dim)
	const before = 10 // magic, version, length
	padding := 63 - (before+len(header))%64
	header += strings.Repeat(" ", padding) + "\n"
	out := bufio.NewWriterSize(w, 1<<16)
	out.WriteString("\x93NUMPY\x01\x00")
	binary.Write(out, binary.LittleEndian, uint16(len(header)))
	out.WriteString(header)
	var b [4]byte
	for _, x := range data {
		binary.LittleEndian.PutUint32(b[:], math.Float32bits(x))
		out.Write(b[:])
	}
	return out.Flush() // tells any error of the writes before
}
