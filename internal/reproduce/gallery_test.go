package reproduce

import (
	"strings"
	"testing"
)

// The report shows lines of Go for its figures, and each of them shows the
// figure.
func TestGalleryCode(t *testing.T) {
	for _, id := range []string{"fig1", "disagreement", "fig2", "judges", "fig6", "preference"} {
		if code := galleryCode()[id]; !strings.Contains(code, "nb.Show(") || strings.Contains(code, "return ") {
			t.Errorf("%s: lines %q", id, code)
		}
	}
}
