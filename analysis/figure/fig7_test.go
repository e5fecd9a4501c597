package figure_test

import (
	"testing"

	"github.com/specstress/specstress/analysis/figure"
)

// TestNoDataOnlyWithoutLabels shows that "no data" is said of responses that
// nobody labelled, not of values that none of them express.
func TestNoDataOnlyWithoutLabels(t *testing.T) {
	for _, c := range []struct {
		name     string
		labelled int
		want     string
	}{
		{"labelled, never expressed", 30, ""},
		{"not labelled", 0, "no data (n = 0)"},
	} {
		v := valueCounts(t, []string{"o3"}, 30)
		v.Labelled[0] = c.labelled
		for label := range v.Labels {
			v.Counts[0][label] = 0
		}
		opt := figure.Fig10Options{Categories: v.Labels[:1], Intervals: figure.NoIntervals}
		seven, err := figure.Fig7(v, figure.Fig7Options{Categories: opt.Categories, Intervals: opt.Intervals})
		if err != nil {
			t.Fatal(err)
		}
		ten, err := figure.Fig10(v, opt)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := seven.Panels[0].Empty, ten.Panels[0].Empty; a != c.want || b != c.want {
			t.Errorf("%s: Figure 7 says %q, Figure 10 %q, want %q", c.name, a, b, c.want)
		}
	}
}
