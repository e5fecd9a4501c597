package embeddings

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzNPY: no header makes the reader panic, and what it accepts fills the
// file exactly.
func FuzzNPY(f *testing.F) {
	files, err := filepath.Glob("testdata/*.npy")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		size := int64(len(b))
		l, err := parseNPY(b[:min(len(b), maxHeader)], size)
		if err != nil || l.fits(size) != nil {
			return
		}
		if l.offset+int64(l.rows)*int64(l.dim)*l.width() != size {
			t.Fatalf("accepted %+v for %d bytes", l, size)
		}
		if data := inPlace(b[l.offset:], l); data != nil && len(data) != l.rows*l.dim {
			t.Fatalf("%d numbers in place for %+v", len(data), l)
		}
		if data, err := convert(b[l.offset:], l); err == nil && len(data) != l.rows*l.dim {
			t.Fatalf("%d numbers for %+v", len(data), l)
		}
	})
}
