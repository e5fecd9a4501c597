package figure_test

import (
	"bytes"
	"runtime"
	"sync"
	"testing"

	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/internal/reliability"
)

func TestSameBytes(t *testing.T) {
	encode := func() (all []byte) {
		for _, f := range figures(t, synthetic) {
			var b bytes.Buffer
			for _, format := range figure.Formats() {
				err := error(nil)
				if format == "png" {
					err = f.WritePNG(&b, goldenDPI)
				} else {
					err = f.Encode(&b, format)
				}
				if err != nil {
					t.Error(err)
				}
			}
			all = append(all, b.Bytes()...)
		}
		return all
	}
	want := encode()
	rounds, runs := 1, 0
	if reliability.Long() {
		rounds = 4
	}
	for _, procs := range []int{1, 2, 16} {
		for range rounds {
			old := runtime.GOMAXPROCS(procs)
			var two sync.WaitGroup
			var got [2][]byte
			for i := range got {
				two.Go(func() { got[i] = encode() })
			}
			two.Wait()
			runtime.GOMAXPROCS(old)
			for _, g := range got {
				runs++
				if !bytes.Equal(g, want) {
					t.Errorf("GOMAXPROCS %d: other bytes", procs)
				}
			}
		}
	}
	reliability.Record(t, "every figure in %d formats with the same bytes in %d runs, two at a time, on 1, 2 and 16 processors", len(figure.Formats()), runs)
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
