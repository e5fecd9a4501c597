package figure_test

import (
	"bytes"
	"encoding/binary"
	"image/png"
	"testing"
)

func TestPNGTellsItsResolution(t *testing.T) {
	f := figures(t, synthetic)[1]
	var b bytes.Buffer
	if err := f.WritePNG(&b, 300); err != nil {
		t.Fatal(err)
	}
	file := b.Bytes()
	i := bytes.Index(file, []byte("pHYs"))
	if i < 0 {
		t.Fatal("no pHYs chunk")
	}
	// 300 dots per 25.4 mm are 11,811 per metre; the unit 1 is the metre.
	if x, y, unit := binary.BigEndian.Uint32(file[i+4:]), binary.BigEndian.Uint32(file[i+8:]), file[i+12]; x != 11811 || y != 11811 || unit != 1 {
		t.Errorf("pHYs says %d by %d, unit %d", x, y, unit)
	}
	img, err := png.Decode(bytes.NewReader(file)) // checks the chunk's sum
	if err != nil {
		t.Fatal(err)
	}
	// 3.25 by 2.6 inches.
	if size := img.Bounds().Size(); size.X != 975 || size.Y != 780 {
		t.Errorf("%d by %d pixels, want 975 by 780", size.X, size.Y)
	}
}
