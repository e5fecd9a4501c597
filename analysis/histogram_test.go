package analysis_test

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func TestHistogramIsExact(t *testing.T) {
	// Every scenario of four models against bins of 0.05 in rational
	// arithmetic; many lie right on an edge.
	var rows []row
	multisets(4, func(scores []int) {
		rows = append(rows, row{slices.Clone(scores), {3, 3, 3, 3}})
	})
	rows = append(rows, row{{gap, gap, gap, 1}, {3, 3, 3, 3}})
	names, set := someModels(t, 4)
	d, err := analysis.MeasureDisagreement(table(t, names, rows, analysis.Clusters{}), set)
	if err != nil {
		t.Fatal(err)
	}
	for _, last := range []int{60, 30, 2} { // the lower ones leave some outside
		edges := make([]float64, last+1)
		for k := range edges {
			edges[k] = float64(k) / 20
		}
		want := analysis.Histogram{Counts: make([]int, last)}
		wantBins := make([]int, len(rows))
		for i, r := range rows {
			wantBins[i] = -1
			if r[0][0] == gap {
				continue
			}
			v := variance(r[0])
			square := func(k int) *big.Rat { return big.NewRat(int64(k*k), 400) }
			for k := range last {
				if v.Cmp(square(k)) >= 0 && (v.Cmp(square(k+1)) < 0 || k == last-1 && v.Cmp(square(last)) == 0) {
					wantBins[i] = k
				}
			}
			if wantBins[i] < 0 {
				want.Outside++
			} else {
				want.Counts[wantBins[i]]++
			}
		}
		bins, err := d.Bin(edges)
		if err != nil || !slices.Equal(bins, wantBins) {
			t.Errorf("bins up to %d/20: %v, %v, want %v", last, bins, err, wantBins)
		}
		h, err := d.Histogram(edges)
		if err != nil || !slices.Equal(h.Counts, want.Counts) || h.Outside != want.Outside {
			t.Errorf("histogram up to %d/20: %+v, %v, want %+v", last, h, err, want)
		}
		if len(h.Excluded) != 1 || h.Excluded[0].N != 1 {
			t.Errorf("left out %v", h.Excluded)
		}
	}
}

func TestBinsRefused(t *testing.T) {
	d, err := analysis.MeasureDisagreement(twoModels())
	if err != nil {
		t.Fatal(err)
	}
	nan, inf := math.NaN(), math.Inf(1)
	for _, edges := range [][]float64{nil, {1}, {0, 0}, {1, 0.5}, {-1, 1}, {0, nan}, {nan, 1}, {0, inf}} {
		if _, err := d.Bin(edges); err == nil {
			t.Errorf("edges %v accepted by Bin", edges)
		}
		if _, err := d.Histogram(edges); err == nil {
			t.Errorf("edges %v accepted by Histogram", edges)
		}
	}
}

func TestBinName(t *testing.T) {
	edges := analysis.PaperBins()
	for i, want := range []string{"0.0-1.0", "1.0-1.5", "1.5-2.0", "2.0-2.5", "2.5-3.0"} {
		if got := analysis.BinName(edges[i], edges[i+1]); got != want {
			t.Errorf("bin %d is %q, want %q", i, got, want)
		}
	}
	if got := analysis.BinName(0.25, 10); got != "0.25-10.0" {
		t.Error(got)
	}
}

func ExampleBinName() {
	edges := analysis.PaperBins()
	for i := range len(edges) - 1 {
		fmt.Println(analysis.BinName(edges[i], edges[i+1]))
	}
	// Output:
	// 0.0-1.0
	// 1.0-1.5
	// 1.5-2.0
	// 2.0-2.5
	// 2.5-3.0
}
