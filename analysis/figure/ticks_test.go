package figure_test

import (
	"math"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis/figure"
)

func TestTicks(t *testing.T) {
	// Expected labels by hand.
	for _, c := range []struct {
		name   string
		lo, hi float64
		ticks  figure.Ticks
		want   string
	}{
		{"halves", 0, 3, figure.Ticks{}, "0.0 0.5 1.0 1.5 2.0 2.5 3.0"},
		{"percent", 0, 100, figure.Ticks{}, "0 20 40 60 80 100"},
		{"groups of three", 0, 12000, figure.Ticks{}, "0 2,000 4,000 6,000 8,000 10,000 12,000"},
		{"negative ones, with a minus sign", -0.2, 0.2, figure.Ticks{}, "−0.2 −0.1 0.0 0.1 0.2"},
		{"only whole counts", 0, 2, figure.Ticks{Least: 1}, "0 1 2"},
		{"not from a round number", 3.3, 4.4, figure.Ticks{}, "3.4 3.6 3.8 4.0 4.2 4.4"},
		{"no extent", 1, 1, figure.Ticks{}, ""},
		{"NaN", math.NaN(), 1, figure.Ticks{}, ""},
		{"infinite", math.Inf(-1), 1, figure.Ticks{}, ""},
	} {
		var got []string
		for _, tick := range c.ticks.Ticks(c.lo, c.hi) {
			got = append(got, tick.Label)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 43960: "43,960", -1234567: "−1,234,567"} {
		if got := figure.Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
}
