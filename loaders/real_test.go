package loaders_test

import (
	"context"
	"math"
	"os"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

// realRows is a few rows of the public dataset. They are not ours to
// commit, so the test needs the folder that has them.
const realRows = "../../shared/paper/real_rows.csv"

func TestRealRows(t *testing.T) {
	if _, err := os.Stat(realRows); err != nil {
		t.Skipf("the rows of the public dataset are not part of the repository: %v", err)
	}
	d, err := loaders.Open(context.Background(), realRows, loaders.Options{Split: "all_models"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.Scenarios(context.Background(), "all_models")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Positions(s.ModelSet())
	if err != nil {
		t.Fatal(err)
	}
	dis, err := analysis.MeasureDisagreement(p, analysis.AllModels)
	if err != nil {
		t.Fatal(err)
	}
	// rank and disagreement of the three rows: by hand from the positions.
	want := []struct {
		key  string
		rank int64
		d    float64
	}{{"32-579-value1", 3104, 2.385}, {"16-17-value2", 7807, 2.216}, {"96-207-value1", 12982, 2.087}}
	if s.Rows() != len(want) {
		t.Fatalf("%d rows, want %d", s.Rows(), len(want))
	}
	for row, w := range want {
		key, _ := s.Key(row)
		rank, _ := s.Rank(row)
		spread, ok := dis.At(row)
		if !ok || key.String() != w.key || rank != w.rank || math.Abs(spread.StdDev()-w.d) > 5e-4 {
			t.Errorf("row %d is %v rank %d D %v, want %v", row, key, rank, spread.StdDev(), w)
		}
	}
	query, err := s.Text(context.Background(), "query", 1)
	if err != nil || len(query[0]) < 100 {
		t.Errorf("query of row 1: %d bytes, error %v", len(query[0]), err)
	}
	if p, why := d.Provenance(); p != loaders.OtherData {
		t.Errorf("three rows are taken for %v (%s)", p, why)
	}
}
