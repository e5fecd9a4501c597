package analysis

import (
	"errors"
	"math"
	"testing"
)

func TestTestString(t *testing.T) {
	for _, c := range []struct {
		test Test
		want string
	}{
		{Test{Statistic: 4, P: 0.0455, N: 1200, Method: "McNemar"}, "p = 0.045 (statistic 4, n = 1,200, McNemar)"},
		{Test{Statistic: 88.25, P: 1e-9, N: 30, Clusters: 10, Excluded: []Exclusion{{"ties", 3}}, Warnings: []error{errors.New("few")}},
			"p < 0.0001 (statistic 88.25, n = 30, 10 clusters; left out: 3 ties; few)"},
		{Test{P: math.NaN()}, "p not computable (statistic 0, n = 0)"},
	} {
		if got := c.test.String(); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}
