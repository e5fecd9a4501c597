package repo

import (
	"context"
	"math"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

// TestOwnData holds docs/your-data.md to what it says of its example. The
// expected values are the hand arithmetic shown there.
func TestOwnData(t *testing.T) {
	ctx := context.Background()
	d, err := loaders.Open(ctx, "../../docs/examples", loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}

	s, err := d.Scenarios(ctx, "own-data")
	if err != nil {
		t.Fatal(err)
	}
	positions, err := s.Positions(s.ModelSet())
	if err != nil {
		t.Fatal(err)
	}
	dis, err := analysis.MeasureDisagreement(positions, s.ModelSet())
	if err != nil {
		t.Fatal(err)
	}
	want := []float64{math.Sqrt(2) / 3, math.Sqrt(26) / 3, math.Sqrt(2) / 3, math.Sqrt(42) / 3, 1 / 2.0}
	for row, w := range want {
		spread, ok := dis.At(row)
		if got := spread.StdDev(); !ok || math.Abs(got-w) > 1e-12 {
			t.Errorf("row %d: disagreement %v, %v, want %v", row, got, ok, w)
		}
	}
	if _, ok := dis.At(5); ok || dis.NotComputable() != 1 {
		t.Errorf("row 5 computable: %v; %d rows not computable, want 1", ok, dis.NotComputable())
	}
	if got, err := dis.CountAtLeast(1.5); err != nil || got != 2 {
		t.Errorf("count at 1.5 or more: %v, %v, want 2", got, err)
	}
	if got, err := dis.Mean(); err != nil || math.Abs(got.Value-1.06) > 0.005 || got.N != 5 {
		t.Errorf("mean %v over %d, %v, want 1.06 over 5", got.Value, got.N, err)
	}

	v, err := d.Verdicts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	set, err := analysis.NewModelSet("mine", v.Models...)
	if err != nil {
		t.Fatal(err)
	}
	type bin struct {
		name            string
		scenarios, left int
		rate            float64
	}
	for _, rule := range []analysis.Rule{analysis.Majority, analysis.Any} {
		bins, err := analysis.MeasureCompliance(&v.Verdicts, set, rule)
		if err != nil {
			t.Fatal(err)
		}
		var got []bin
		for _, c := range bins {
			got = append(got, bin{c.Bin, c.Scenarios, c.Undecided, c.AllFail.Value})
		}
		want := [3]bin{{"0.0-1.0", 2, 1, 0}, {"1.5-2.0", 1, 0, 1}, {"2.0-2.5", 1, 0, 1}}
		if len(got) != len(want) || [3]bin(got) != want {
			t.Errorf("%v: got %v, want %v", rule, got, want)
		}
	}
	agreement, err := analysis.MeasureJudgeAgreement(&v.Verdicts)
	if err != nil {
		t.Fatal(err)
	}
	if r := agreement.FlagRate[0]; math.Abs(r.Value-7/13.0) > 1e-12 || r.N != 13 {
		t.Errorf("flag rate %v of %d, want 7/13", r.Value, r.N)
	}
}
