package figure_test

import (
	"os"
	"testing"
)

// FIGURES_DIR=/tmp/figures go test -run Pictures writes every figure there, to be looked at.
func TestPictures(t *testing.T) {
	dir := os.Getenv("FIGURES_DIR")
	if dir == "" {
		t.Skip("FIGURES_DIR is not set: no pictures to look at")
	}
	for _, f := range figures(t, synthetic) {
		if _, err := f.Save(dir); err != nil {
			t.Error(err)
		}
		t.Log(f.Caption)
	}
}
