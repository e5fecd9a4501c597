package analysis

import (
	"errors"
	"fmt"
	"math"
	"testing"
)

// The scenarios of projected, over only the two of them in the upper bin:
// all fail in 2/3 there and in 5/12 of the whole, 3/5 · 1/4 + 2/5 · 2/3.
func TestProjectedRatioByHand(t *testing.T) {
	v, p := projected()
	set := everyModel(v)
	o, err := MeasureOutcomes(v, set, Majority)
	if err != nil {
		t.Fatal(err)
	}
	under, err := MeasureDisagreement(p, set)
	if err != nil {
		t.Fatal(err)
	}
	score := func(s int) []Position { x, _ := NewPosition(s); return []Position{x} }
	upper, _ := NewPositions([]string{"m0", "m1"}, [][2][]Position{{score(0), score(3)}, {score(6), score(3)}}, Clusters{})
	over, err := MeasureDisagreement(upper, set)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ProjectedRatio(o, over, under)
	if err != nil {
		t.Fatal(err)
	}
	// Independent clusters: what the rates add to the log ratio is
	// -(3/5)/(5/12) = -1.44 and 1/(2/3) - (2/5)/(5/12) = 0.54; the
	// variances are (3/16)/3 = 1/16 and (2/9)/2 = 1/9. By clusters it is
	// 7/6 · (1.44²·(3/4)/16 + 0.54²·(2/3)/9), which is less.
	logSE := math.Sqrt(1.44*1.44/16 + 0.54*0.54/9)
	if math.Abs(e.Value-1.6) > 1e-12 || math.Abs(e.SE-1.6*logSE) > 1e-12 || e.N != 7 || e.Clusters != 7 {
		t.Errorf("%v, SE %v, n %d of %d clusters; want 1.6, %v, 7 of 7", e.Value, e.SE, e.N, e.Clusters, 1.6*logSE)
	}
	// The limits are where the difference's are 0; solved in Python 3 with
	// scipy 1.17.1's brentq, from Wilson's limits of 1 in 4 and 2 in 3.
	const lo, hi = 0.6856587359301577, 2.271198244729704
	if math.Abs(e.Lo-lo) > 1e-9 || math.Abs(e.Hi-hi) > 1e-9 {
		t.Errorf("interval %v to %v, want %v to %v", e.Lo, e.Hi, lo, hi)
	}
	// A population over itself is known to be 1.
	if same, err := ProjectedRatio(o, under, under); err != nil || same.Value != 1 || same.HasInterval() {
		t.Errorf("over itself: %v, %v, want 1 without an interval", same, err)
	}
	none, err := MeasureOutcomes(verdictTable("1.0-1.5 cc cc", "2.5-3.0 cc cc"), set, Majority)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ProjectedRatio(none, over, under); !errors.Is(err, ErrUndefined) {
		t.Errorf("no event at all gives %v", err)
	}
}

func ExampleProjectedRatio() {
	v, p := projected()
	set := ModelSet{Name: "both", Models: v.Models}
	o, _ := MeasureOutcomes(v, set, Majority)
	d, _ := MeasureDisagreement(p, set)
	same, err := ProjectedRatio(o, d, d)
	fmt.Println(same.Value, err)
	// Output: 1 <nil>
}
