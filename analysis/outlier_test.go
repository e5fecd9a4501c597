package analysis_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func TestOutliers(t *testing.T) {
	threes := []int{3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3}
	for _, c := range []struct {
		name   string
		in     row
		same   []int // models that are outliers
		either []int
	}{
		// Hand counts.
		{"one against eleven", row{{6, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}, threes}, []int{0}, []int{0}},
		{"a difference of 3 is not enough", row{{5, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}, threes}, nil, nil},
		{"three against nine", row{{0, 1, 2, 6, 6, 6, 6, 6, 6, 6, 6, 6}, threes}, []int{0, 1, 2}, []int{0, 1, 2}},
		{"four against eight", row{{0, 0, 0, 0, 6, 6, 6, 6, 6, 6, 6, 6}, threes}, nil, nil},
		{"on value 2", row{threes, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 5}}, []int{11}, []int{11}},
		// Model 0 differs from 5 models on value 1, from 4 others on value
		// 2 and agrees with two.
		{"five on one value, four on the other",
			row{{0, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3}, {0, 3, 3, 3, 3, 3, 4, 4, 4, 4, 3, 3}}, nil, []int{0}},
		// The same five on both values are five, not ten.
		{"the same five on both", row{{0, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3}, {0, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3}}, nil, nil},
		{"two missing, nine differ", row{{6, gap, gap, 2, 2, 2, 2, 2, 2, 2, 2, 2}, threes}, []int{0}, []int{0}},
		{"three missing differ from nothing", row{{6, gap, gap, gap, 2, 2, 2, 2, 2, 2, 2, 2}, threes}, nil, nil},
		{"own position missing", row{{gap, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}, threes}, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := table(t, knownIDs(), []row{c.in}, analysis.Clusters{})
			for rule, want := range map[analysis.OutlierRule][]int{analysis.SameValue: c.same, analysis.EitherValue: c.either} {
				o, err := analysis.MeasureOutliers(p, analysis.AllModels, rule)
				if err != nil {
					t.Fatal(err)
				}
				var got []int
				for m, n := range o.Counts {
					if o.Is(0, m) != (n == 1) {
						t.Errorf("%v: model %d counts %d, Is says %v", rule, m, n, o.Is(0, m))
					}
					if n == 1 {
						got = append(got, m)
					}
				}
				if !slices.Equal(got, want) {
					t.Errorf("%v: %v, want %v", rule, got, want)
				}
			}
		})
	}
}

// isOutlier is the paper's sentence, word for word, for m models.
func isOutlier(r row, model int, rule analysis.OutlierRule) bool {
	m := len(r[0])
	far := func(v, other int) bool {
		a, b := r[v][model], r[v][other]
		return a != gap && b != gap && (a-b >= 4 || b-a >= 4)
	}
	var byValue [2]int
	either := 0
	for other := range m {
		for v := range 2 {
			if far(v, other) {
				byValue[v]++
			}
		}
		if far(0, other) || far(1, other) {
			either++
		}
	}
	if rule == analysis.EitherValue {
		return either >= m-3
	}
	return max(byValue[0], byValue[1]) >= m-3
}

func TestOutliersOfRandomRows(t *testing.T) {
	for _, m := range []int{4, 5, 6, 12} {
		names, set := someModels(t, m)
		rows := randomRows(2000, m, 3)
		for i := range rows { // most of them with a camp and a few strays
			for v := range 2 {
				for k := range rows[i][v] {
					if k > i%4 && rows[i][v][k] != gap {
						rows[i][v][k] = (rows[i][v][k] % 2) + 5*(i%2)
					}
				}
			}
		}
		p := table(t, names, rows, analysis.Clusters{})
		for _, rule := range []analysis.OutlierRule{analysis.SameValue, analysis.EitherValue} {
			o, err := analysis.MeasureOutliers(p, set, rule)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(rule); got != "same value" && got != "either value" {
				t.Errorf("rule is %q", got)
			}
			found, incomplete := 0, 0
			counts := make([]int, m)
			for i, r := range rows {
				for k := range m {
					want := isOutlier(r, k, rule)
					if o.Is(i, k) != want {
						t.Fatalf("%d models, %v, row %d %v, model %d: %v", m, rule, i, r, k, !want)
					}
					if want {
						counts[k]++
						found++
					}
				}
				if slices.Contains(r[0], gap) || slices.Contains(r[1], gap) {
					incomplete++
				}
			}
			if found == 0 {
				t.Errorf("%d models, %v: the rows hold no outlier, so nothing was tested", m, rule)
			}
			if !slices.Equal(o.Counts, counts) || o.Rows != 2000 || o.Excluded[0].N != incomplete {
				t.Errorf("%d models, %v: %v of %d, %v; want %v, %d incomplete", m, rule, o.Counts, o.Rows, o.Excluded, counts, incomplete)
			}
		}
	}
}

func TestAtMostThreeOutliersOnAValue(t *testing.T) {
	neutral := make([]int, 12)
	for i := range neutral {
		neutral[i] = 3
	}
	most := 0
	for n := range 13 { // n models at the low end, the rest at the high one
		scores := make([]int, 12)
		for i := range scores {
			scores[i] = i % 3
			if i >= n {
				scores[i] = 6
			}
		}
		o, err := analysis.MeasureOutliers(table(t, knownIDs(), []row{{scores, neutral}}, analysis.Clusters{}), analysis.AllModels, analysis.SameValue)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, c := range o.Counts {
			found += c
		}
		most = max(most, found)
	}
	if most != 3 {
		t.Errorf("up to %d models are outliers on one value, want 3", most)
	}
}

func TestOutliersRefused(t *testing.T) {
	names, _ := someModels(t, 5)
	p := table(t, names, randomRows(4, 5, 1), analysis.Clusters{})
	three, _ := analysis.NewModelSet("three", names[:3]...)
	if _, err := analysis.MeasureOutliers(p, three, analysis.SameValue); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("three models: %v", err)
	}
	four, _ := analysis.NewModelSet("four", names[:4]...)
	if _, err := analysis.MeasureOutliers(p, four, 2); err == nil {
		t.Error("rule 2 accepted")
	}
	if _, err := analysis.MeasureOutliers(p, analysis.ClaudeModels, analysis.SameValue); !errors.Is(err, analysis.ErrUnknownName) {
		t.Errorf("models that are not there: %v", err)
	}
}

func ExampleMeasureOutliers() {
	set, _ := analysis.NewModelSet("five", "gpt_4o", "o3", "claude_opus_4", "gemini_2_5_pro", "grok_4")
	columns := make([][2][]analysis.Position, 5)
	for model, score := range []int{1, 0, 2, 1, 6} { // of one response each
		p, _ := analysis.NewPosition(score)
		neutral, _ := analysis.NewPosition(3)
		columns[model] = [2][]analysis.Position{{p}, {neutral}}
	}
	p, err := analysis.NewPositions(set.Models, columns, analysis.Clusters{})
	if err != nil {
		fmt.Println(err)
		return
	}
	o, err := analysis.MeasureOutliers(p, set, analysis.SameValue)
	for i, model := range o.Models {
		fmt.Println(model, o.Counts[i])
	}
	fmt.Println(err)
	// Output:
	// gpt_4o 0
	// o3 0
	// claude_opus_4 0
	// gemini_2_5_pro 0
	// grok_4 1
	// <nil>
}

func ExampleOutliers_Is() {
	names := []string{"a", "b", "c", "d", "e"}
	set, _ := analysis.NewModelSet("five", names...)
	var columns [][2][]analysis.Position
	for _, score := range []int{1, 0, 2, 1, 6} {
		p, _ := analysis.NewPosition(score)
		columns = append(columns, [2][]analysis.Position{{p}, {p}})
	}
	p, err := analysis.NewPositions(names, columns, analysis.Clusters{})
	if err != nil {
		fmt.Println(err)
		return
	}
	o, err := analysis.MeasureOutliers(p, set, analysis.EitherValue)
	fmt.Println(o.Is(0, 3), o.Is(0, 4), err)
	// Output: false true <nil>
}

func BenchmarkMeasureOutliers(b *testing.B) {
	p := bigTable(b, 411000)
	for _, rule := range []analysis.OutlierRule{analysis.SameValue, analysis.EitherValue} {
		b.Run(rule.String(), func(b *testing.B) {
			for b.Loop() {
				if _, err := analysis.MeasureOutliers(p, analysis.AllModels, rule); err != nil {
					b.Fatal(err)
				}
			}
			rowsPerSecond(b, p.Rows())
		})
	}
}
