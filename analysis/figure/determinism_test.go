package figure_test

import (
	"bytes"
	"runtime"
	"sync"
	"testing"

	"github.com/specstress/specstress/analysis/figure"
)

func TestSameBytes(t *testing.T) {
	encode := func() (all []byte) {
		for _, f := range figures(t, synthetic) {
			var b bytes.Buffer
			for _, err := range []error{f.WriteSVG(&b), f.WritePNG(&b, goldenDPI), f.WriteCSV(&b), f.WritePDF(&b), f.WriteTeX(&b)} {
				if err != nil {
					t.Error(err)
				}
			}
			all = append(all, b.Bytes()...)
		}
		return all
	}
	want := encode()
	for _, procs := range []int{1, 2} {
		old := runtime.GOMAXPROCS(procs)
		var two sync.WaitGroup
		var got [2][]byte
		for i := range got {
			two.Go(func() { got[i] = encode() })
		}
		two.Wait()
		runtime.GOMAXPROCS(old)
		for _, g := range got {
			if !bytes.Equal(g, want) {
				t.Errorf("GOMAXPROCS %d: other bytes", procs)
			}
		}
	}
}

// Writing a figure leaves it as it was, so that it can be written again in
// another size.
func TestWritingChangesNothing(t *testing.T) {
	for _, f := range figures(t, synthetic) {
		var first, second bytes.Buffer
		if err := f.WriteSVG(&first); err != nil {
			t.Fatal(err)
		}
		narrower, err := f.Sized(figure.Size{Width: f.Width * 0.9})
		if err != nil {
			t.Fatal(err)
		}
		if err := narrower.WriteSVG(new(bytes.Buffer)); err != nil {
			t.Fatal(err)
		}
		if err := f.WriteSVG(&second); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s: other bytes after writing a smaller one", f.ID)
		}
	}
}
