package analysis_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func labelSet(t *testing.T, labels ...int) analysis.LabelSet {
	t.Helper()
	s, err := analysis.NewLabelSet(labels...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestCoOccurrenceAgainstPython compares with numpy, which takes another
// road to the limits: testdata/oracle/cooccurrence.py says which.
func TestCoOccurrenceAgainstPython(t *testing.T) {
	raw, err := os.ReadFile("testdata/oracle/cooccurrence.json")
	if err != nil {
		t.Fatal(err)
	}
	var oracle struct {
		Cluster []int32
		Labels  [2][]*[]int
		P, Lift [][]*[3]*float64
	}
	if err := json.Unmarshal(raw, &oracle); err != nil {
		t.Fatal(err)
	}
	l := &analysis.Labels{
		Names: []string{"p", "q", "r", "s", "never"}, Models: []string{"A", "B"}, ByModel: make([][]analysis.LabelSet, 2),
		Clusters: analysis.Clusters{ID: oracle.Cluster, N: 70},
	}
	missing := 0
	for row := range oracle.Cluster {
		for m, column := range oracle.Labels {
			var s analysis.LabelSet
			if column[row] != nil {
				s = labelSet(t, *column[row]...)
			}
			l.ByModel[m] = append(l.ByModel[m], s)
		}
		if oracle.Labels[0][row] == nil || oracle.Labels[1][row] == nil {
			missing++
		}
	}
	c, err := analysis.MeasureCoOccurrence(l, "A", "B", []int{0, 1, 2, 3, 4})
	if err != nil {
		t.Fatal(err)
	}
	if c.Missing != missing || c.Rows+missing != len(oracle.Cluster) || missing == 0 {
		t.Errorf("%d rows, %d missing, want %d missing of %d", c.Rows, c.Missing, missing, len(oracle.Cluster))
	}
	intervals := 0
	for name, m := range map[string]struct {
		got  [][]analysis.Estimate
		want [][]*[3]*float64
	}{"P": {c.P, oracle.P}, "lift": {c.Lift, oracle.Lift}} {
		for y := range m.want {
			for x, want := range m.want[y] {
				got := m.got[y][x]
				if want == nil {
					if !math.IsNaN(got.Value) || len(got.Warnings) == 0 || !errors.Is(got.Warnings[0], analysis.ErrUndefined) {
						t.Errorf("%s[%d][%d] = %v, want none", name, y, x, got)
					}
					continue
				}
				if math.Abs(got.Value-*want[0]) > 1e-12 {
					t.Errorf("%s[%d][%d] = %v, want %v", name, y, x, got.Value, *want[0])
				}
				if (want[1] != nil) != got.HasInterval() {
					t.Errorf("%s[%d][%d] = %v, want an interval: %v", name, y, x, got, want[1] != nil)
				} else if want[1] != nil {
					intervals++
					if math.Abs(got.Lo-*want[1]) > 1e-10 || math.Abs(got.Hi-*want[2]) > 1e-10 {
						t.Errorf("%s[%d][%d]: %v to %v, want %v to %v", name, y, x, got.Lo, got.Hi, *want[1], *want[2])
					}
				}
			}
		}
	}
	if intervals < 30 {
		t.Errorf("%d intervals compared", intervals)
	}
}

// TestCoOccurrencePublished holds the definition to the paper: in Figure
// 11a, A and B being Claude Opus 4, P(Y|X)/P(X|Y) is the number of
// scenarios with Y over that with X, which Figure 10 prints. The figure's
// cells have two digits.
func TestCoOccurrencePublished(t *testing.T) {
	count := []float64{9648, 7384, 7023, 6485, 6300} // critical thinking, efficiency, ethical responsibility, intellectual integrity, professional excellence
	p := [][]float64{                                // [y][x], the same order
		{1, 0.16, 0.22, 0.20, 0.14},
		{0.12, 1, 0.11, 0.07, 0.16},
		{0.16, 0.10, 1, 0.15, 0.11},
		{0.14, 0.06, 0.14, 1, 0.09},
		{0.09, 0.14, 0.10, 0.09, 1},
	}
	for y := range p {
		for x := range y {
			lo, hi := (p[y][x]-0.005)/(p[x][y]+0.005), (p[y][x]+0.005)/(p[x][y]-0.005)
			if want := count[y] / count[x]; want < lo || want > hi {
				t.Errorf("P(%d|%d)/P(%d|%d) lies in %.3f..%.3f, counts give %.3f", y, x, x, y, lo, hi, want)
			}
		}
	}
	// The same law of ours, without rounding.
	l := randomLabels(t, 500)
	c, err := analysis.MeasureCoOccurrence(l, "A", "A", []int{3, 0, 2, 1})
	if err != nil {
		t.Fatal(err)
	}
	for y := range c.P {
		for x := range c.P {
			if a, b := c.P[y][x].Value*float64(c.CountA[x]), c.P[x][y].Value*float64(c.CountA[y]); math.Abs(a-b) > 1e-9 {
				t.Errorf("joint count of %d and %d is %v and %v", x, y, a, b)
			}
		}
		if e := c.P[y][y]; e.Value != 1 || e.HasInterval() {
			t.Errorf("diagonal: %v", e)
		}
	}
}

// randomLabels has two models and four labels, "d" rare, in clusters of two.
func randomLabels(t *testing.T, rows int) *analysis.Labels {
	rng := rand.New(rand.NewPCG(5, 5))
	l := &analysis.Labels{Names: []string{"a", "b", "c", "d"}, Models: []string{"A", "B"}, ByModel: make([][]analysis.LabelSet, 2), Clusters: pairs(rows)}
	for range rows {
		for m := range l.ByModel {
			var labels []int
			for label, share := range []float64{0.3, 0.5, 0.2, 0.05} {
				if rng.Float64() < share {
					labels = append(labels, label)
				}
			}
			l.ByModel[m] = append(l.ByModel[m], labelSet(t, labels...))
		}
	}
	return l
}

// TestLiftCoverage: labels drawn independently have lift 1.
func TestLiftCoverage(t *testing.T) {
	runs := 300
	if *long {
		runs = 10000
	}
	rng := rand.New(rand.NewPCG(8, 8))
	covered, n := 0, 0
	for range runs {
		l := &analysis.Labels{Names: []string{"x"}, Models: []string{"A", "B"}, ByModel: make([][]analysis.LabelSet, 2), Clusters: pairs(300)}
		// Rows of a pair are alike in each model, yet models know nothing
		// of each other.
		for m, share := range []float64{0.4, 0.25} {
			for range 150 {
				tendency := []float64{share / 2, 3 * share / 2}[rng.IntN(2)]
				for range 2 {
					var labels []int
					if rng.Float64() < tendency {
						labels = []int{0}
					}
					l.ByModel[m] = append(l.ByModel[m], labelSet(t, labels...))
				}
			}
		}
		c, err := analysis.MeasureCoOccurrence(l, "A", "B", []int{0})
		if err != nil {
			t.Fatal(err)
		}
		n++
		if c.Lift[0][0].Covers(1) {
			covered++
		}
	}
	share := float64(covered) / float64(n)
	t.Logf("%.3f of %d intervals contain the lift", share, n)
	if slack := 3 * math.Sqrt(0.95*0.05/float64(n)); share < 0.935-slack || share > 0.965+slack {
		t.Errorf("coverage %.3f, want 0.95", share)
	}
}

func TestCoOccurrenceEdges(t *testing.T) {
	l := randomLabels(t, 40)
	if _, err := analysis.MeasureCoOccurrence(l, "A", "C", nil); err == nil || !strings.Contains(err.Error(), "C") {
		t.Errorf("no such model: %v", err)
	}
	if _, err := analysis.MeasureCoOccurrence(l, "A", "B", []int{4}); err == nil || !strings.Contains(err.Error(), "label 4") {
		t.Errorf("no such label: %v", err)
	}
	l.Clusters = analysis.Clusters{}
	c, err := analysis.MeasureCoOccurrence(l, "A", "B", []int{0})
	if err != nil || !strings.Contains(c.Lift[0][0].String(), "clusters unknown") || !strings.Contains(c.P[0][0].String(), "clusters unknown") {
		t.Errorf("unknown clusters: %v, %v", c, err)
	}
	l.ByModel[1][7] = labelSet(t, 9)
	if _, err := analysis.MeasureCoOccurrence(l, "A", "B", []int{0}); err == nil || !strings.Contains(err.Error(), "row 7") {
		t.Errorf("label without a name: %v", err)
	}
	l.ByModel[1] = make([]analysis.LabelSet, 40)
	if _, err := analysis.MeasureCoOccurrence(l, "A", "B", []int{0}); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("nothing labelled: %v", err)
	}
	l.ByModel[1] = l.ByModel[1][:9]
	if _, err := l.MostFrequent("A", 1); err == nil {
		t.Error("columns of unequal length are no error")
	}
	if _, err := analysis.NewLabelSet(63); err == nil {
		t.Error("label 63 is no error")
	}
	if s := labelSet(t); s.Missing() || s.Has(0) || s.Has(-1) || s.Has(63) || !(analysis.LabelSet{}).Missing() {
		t.Error("a set without labels is not a missing one")
	}
	// Labels that never meet have a lift of 0, and everything everywhere
	// one of 1, neither with an interval.
	apart := &analysis.Labels{Names: []string{"x", "y", "z"}, Models: []string{"A"}, Clusters: pairs(4), ByModel: [][]analysis.LabelSet{{
		labelSet(t, 0, 2), labelSet(t, 0, 2), labelSet(t, 1, 2), labelSet(t, 1, 2)}}}
	c, err = analysis.MeasureCoOccurrence(apart, "A", "A", []int{0, 1, 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []struct {
		got  analysis.Estimate
		want float64
	}{{c.Lift[0][1], 0}, {c.Lift[2][2], 1}} {
		if e.got.Value != e.want || e.got.HasInterval() || len(e.got.Warnings) == 0 {
			t.Errorf("got %v, want %v without an interval", e.got, e.want)
		}
	}
}

func TestMostFrequent(t *testing.T) {
	l := &analysis.Labels{Names: []string{"w", "x", "y", "z"}, Models: []string{"A"}, ByModel: [][]analysis.LabelSet{{
		labelSet(t, 1, 2), labelSet(t, 2, 1), labelSet(t, 0, 2), {}, labelSet(t)}}}
	for k, want := range map[int][]int{0: {}, 2: {2, 1}, 10: {2, 1, 0}, -3: {}} {
		if got, err := l.MostFrequent("A", k); err != nil || !slices.Equal(got, want) {
			t.Errorf("%d most frequent: %v, %v, want %v", k, got, err, want)
		}
	}
	if _, err := l.MostFrequent("B", 1); err == nil {
		t.Error("no model B, yet no error")
	}
}

func ExampleMeasureCoOccurrence() {
	set := func(labels ...int) analysis.LabelSet {
		s, _ := analysis.NewLabelSet(labels...)
		return s
	}
	l := &analysis.Labels{
		Names:  []string{"Critical thinking", "Clarity and precision"},
		Models: []string{"o3", "grok_4"},
		ByModel: [][]analysis.LabelSet{
			{set(0), set(0, 1), set(1), set(0), set(), {}},
			{set(1), set(0, 1), set(1), set(0), set(1), set(0)},
		},
		Clusters: analysis.Clusters{ID: []int32{0, 0, 1, 2, 3, 4}, N: 5},
	}
	labels, err := l.MostFrequent("o3", 10)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := analysis.MeasureCoOccurrence(l, "o3", "grok_4", labels)
	if err != nil {
		fmt.Println(err)
		return
	}
	for y, row := range c.P {
		for x, p := range row {
			fmt.Printf("%s given %s: %.2f, lift %.2f\n", c.Labels[y], c.Labels[x], p.Value, c.Lift[y][x].Value)
		}
	}
	fmt.Println(c.Rows, "rows,", c.Missing, "missing")
	// Output:
	// Critical thinking given Critical thinking: 0.67, lift 1.67
	// Critical thinking given Clarity and precision: 0.50, lift 1.25
	// Clarity and precision given Critical thinking: 0.67, lift 0.83
	// Clarity and precision given Clarity and precision: 1.00, lift 1.25
	// 5 rows, 1 missing
}

func ExampleNewLabelSet() {
	s, err := analysis.NewLabelSet(2, 5)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Has(5), s.Has(4), s.Missing(), analysis.LabelSet{}.Missing())
	// Output: true false false true
}

func ExampleLabels_MostFrequent() {
	one, _ := analysis.NewLabelSet(1)
	both, _ := analysis.NewLabelSet(0, 1)
	l := &analysis.Labels{Names: []string{"x", "y"}, Models: []string{"o3"}, ByModel: [][]analysis.LabelSet{{one, both}}}
	labels, err := l.MostFrequent("o3", 1)
	fmt.Println(labels, err)
	// Output: [1] <nil>
}
