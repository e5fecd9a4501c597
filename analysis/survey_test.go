package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"

	"github.com/specstress/specstress/analysis"
)

// BenchmarkSurvey is the battery that internal/bench/peers has other tools
// do, on the positions in memory: disagreement of the paper's six sets, 66
// correlations, outliers in both readings, and counts for each value.
func BenchmarkSurvey(b *testing.B) {
	const rows = 411000
	rng := rand.New(rand.NewPCG(5, 5))
	opt := analysis.SurveyOptions{Sets: analysis.PaperModelSets(), Models: analysis.AllModels, Codes: 3302}
	for v := range opt.Values {
		opt.Values[v] = make([]int32, rows)
		for i := range opt.Values[v] {
			opt.Values[v][i] = int32(rng.IntN(opt.Codes))
		}
	}
	for _, gaps := range []struct {
		name string
		p    *analysis.Positions
	}{{"complete", randomTable(b, rows, 0)}, {"a 50th missing", randomTable(b, rows, 50)}} {
		b.Run(gaps.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := analysis.MeasureSurvey(gaps.p, opt); err != nil {
					b.Fatal(err)
				}
			}
			rowsPerSecond(b, rows)
		})
	}
	for _, part := range []struct {
		name string
		opt  analysis.SurveyOptions
	}{{"spreads", analysis.SurveyOptions{Sets: opt.Sets}}, {"models", analysis.SurveyOptions{Models: opt.Models}}} {
		p := randomTable(b, rows, 0)
		b.Run(part.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := analysis.MeasureSurvey(p, part.opt); err != nil {
					b.Fatal(err)
				}
			}
			rowsPerSecond(b, rows)
		})
	}
}

// survey is MeasureSurvey of rows, for tests that go on.
func survey(t *testing.T, p *analysis.Positions, opt analysis.SurveyOptions) *analysis.Survey {
	t.Helper()
	s, err := analysis.MeasureSurvey(p, opt)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSurvey holds the fused pass, with its lanes and bit planes, to the
// one-scenario definitions: any number of models, with and without missing
// positions, and rows that fill no block, word or lane.
func TestSurvey(t *testing.T) {
	for _, c := range []struct{ models, rows int }{{4, 1}, {5, 7}, {12, 63}, {12, 64}, {12, 1025}, {28, 300}, {29, 300}, {57, 100}} {
		for _, missing := range []string{"none", "some"} {
			t.Run(fmt.Sprintf("%d models, %d rows, %s missing", c.models, c.rows, missing), func(t *testing.T) {
				names, all := someModels(t, c.models)
				half, _ := analysis.NewModelSet("half", names[c.models/2:]...)
				two, _ := analysis.NewModelSet("two", names[c.models-1], names[0])
				rows := randomRows(c.rows, c.models, 3)
				for i := range rows {
					for v := range 2 {
						for m, score := range rows[i][v] {
							switch {
							case score == gap && missing == "none":
								rows[i][v][m] = 6
							case score != gap && m > i%4: // a camp, and a few strays
								rows[i][v][m] = score%2 + 5*(i%2)
							}
						}
					}
				}
				p := table(t, names, rows, analysis.Clusters{})
				opt := analysis.SurveyOptions{Sets: []analysis.ModelSet{all, half, two}, Models: all, Codes: 5}
				rng := rand.New(rand.NewPCG(9, uint64(c.rows)))
				for v := range opt.Values {
					for range c.rows {
						opt.Values[v] = append(opt.Values[v], int32(rng.IntN(6)-1))
					}
				}
				checkSurvey(t, survey(t, p, opt), rows, names, opt)
			})
		}
	}
}

// at is the position of a score, or none.
func at(t *testing.T, score int) analysis.Position {
	if score == gap {
		return analysis.Position{}
	}
	return position(t, score)
}

func checkSurvey(t *testing.T, s *analysis.Survey, rows []row, names []string, opt analysis.SurveyOptions) {
	t.Helper()
	if s.Rows != len(rows) {
		t.Errorf("%d rows, want %d", s.Rows, len(rows))
	}
	values := make([]analysis.ValueCount, opt.Codes)
	for i, set := range opt.Sets {
		var want analysis.SpreadTally
		for k, r := range rows {
			var byValue [2][]analysis.Position
			for v := range 2 {
				for _, m := range set.Models {
					byValue[v] = append(byValue[v], at(t, r[v][slices.Index(names, m)]))
				}
			}
			spread, err := analysis.Disagreement(byValue)
			if err != nil && !errors.Is(err, analysis.ErrTooFew) {
				t.Fatal(err)
			}
			want.Add(spread)
			high, err := spread.AtLeast(1.5)
			if err != nil {
				t.Fatal(err)
			}
			for v := range 2 {
				code := opt.Values[v][k]
				if i > 0 || code < 0 || v == 1 && code == opt.Values[0][k] {
					continue
				}
				values[code].Scenarios++
				if high {
					values[code].High++
				}
			}
		}
		edges := []float64{0, 0.5, 1, 1.5, 2, 3}
		got, err := s.Spreads[i].Histogram(edges)
		if err != nil {
			t.Fatal(err)
		}
		expected, _ := want.Histogram(edges)
		if !reflect.DeepEqual(got, expected) || !reflect.DeepEqual(s.Spreads[i], &want) {
			t.Errorf("set %s: %v, want %v", set.Name, got, expected)
		}
	}
	if !slices.Equal(s.Values, values) {
		t.Errorf("values %v, want %v", s.Values, values)
	}
	for _, rule := range []analysis.OutlierRule{analysis.SameValue, analysis.EitherValue} {
		for m := range names {
			want := 0
			for _, r := range rows {
				if isOutlier(r, m, rule) {
					want++
				}
			}
			if got := s.Outliers[rule][m]; got != want {
				t.Errorf("%v: model %d is an outlier %d times, want %d", rule, m, got, want)
			}
		}
	}
	checkPairs(t, s.Pairs, rows)
}

// checkPairs compares with the textbook formula in floating point.
func checkPairs(t *testing.T, pairs *analysis.PairTally, rows []row) {
	t.Helper()
	for i := range pairs.Models {
		for j := range pairs.Models {
			if i == j {
				continue
			}
			var x, y []float64
			for _, r := range rows {
				for v := range 2 {
					if r[v][i] != gap && r[v][j] != gap {
						x, y = append(x, float64(r[v][i])), append(y, float64(r[v][j]))
					}
				}
			}
			got, err := pairs.Pearson(i, j)
			if pairs.N(i, j) != len(x) {
				t.Errorf("models %d and %d: n = %d, want %d", i, j, pairs.N(i, j), len(x))
			}
			want := stat.Correlation(x, y, nil)
			switch {
			case len(x) < 2:
				if !errors.Is(err, analysis.ErrTooFew) {
					t.Errorf("models %d and %d: %v of %d observations", i, j, err, len(x))
				}
			case math.IsNaN(want):
				if !errors.Is(err, analysis.ErrUndefined) {
					t.Errorf("models %d and %d: %v, want it undefined", i, j, err)
				}
			case err != nil || math.Abs(got-want) > 1e-12:
				t.Errorf("models %d and %d: %v, %v, want %v", i, j, got, err, want)
			}
		}
	}
}

// TestSurveyAddsUp: the counts of all rows are those of two parts of them.
func TestSurveyAddsUp(t *testing.T) {
	names, set := someModels(t, 12)
	rows := randomRows(1500, 12, 4)
	whole := survey(t, table(t, names, rows, analysis.Clusters{}), analysis.SurveyOptions{Sets: []analysis.ModelSet{set}})
	var parts analysis.SpreadTally
	for _, part := range [][]row{rows[700:], rows[:700]} {
		parts.Merge(survey(t, table(t, names, part, analysis.Clusters{}), analysis.SurveyOptions{Sets: []analysis.ModelSet{set}}).Spreads[0])
	}
	if !reflect.DeepEqual(whole.Spreads[0], &parts) {
		t.Error("two parts do not add up to the whole")
	}
	var single analysis.SpreadTally
	if _, err := single.Mean(); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("mean of nothing: %v", err)
	}
	d, err := analysis.MeasureDisagreement(table(t, names, rows, analysis.Clusters{}), set)
	if err != nil {
		t.Fatal(err)
	}
	mean, err := parts.Mean()
	if err != nil || math.Abs(mean-stat.Mean(d.Scores(), nil)) > 1e-12 {
		t.Errorf("mean %v, %v, want %v", mean, err, stat.Mean(d.Scores(), nil))
	}
}

func TestSurveyRefused(t *testing.T) {
	names, set := someModels(t, 4)
	p := table(t, names, randomRows(3, 4, 0), analysis.Clusters{})
	one, _ := analysis.NewModelSet("one", names[0])
	codes := [2][]int32{{0, 1, 2}, {2, 1, -1}}
	for _, c := range []struct {
		name string
		opt  analysis.SurveyOptions
		want error
	}{
		{"a set of one", analysis.SurveyOptions{Sets: []analysis.ModelSet{one}}, analysis.ErrTooFew},
		{"outliers among one", analysis.SurveyOptions{Models: one}, analysis.ErrTooFew},
		{"models that are not there", analysis.SurveyOptions{Sets: []analysis.ModelSet{analysis.ClaudeModels}}, analysis.ErrUnknownName},
		{"a model twice", analysis.SurveyOptions{Sets: []analysis.ModelSet{{Name: "twice", Models: []string{names[0], names[0]}}}}, nil},
		{"a code too high", analysis.SurveyOptions{Sets: []analysis.ModelSet{set}, Values: codes, Codes: 2}, nil},
		{"a code below -1", analysis.SurveyOptions{Sets: []analysis.ModelSet{set}, Values: [2][]int32{{-2, 0, 0}, codes[1]}, Codes: 3}, nil},
		{"too few codes", analysis.SurveyOptions{Sets: []analysis.ModelSet{set}, Values: [2][]int32{{0}, {0}}, Codes: 3}, nil},
		{"values without a set", analysis.SurveyOptions{Values: codes, Codes: 3}, nil},
	} {
		if _, err := analysis.MeasureSurvey(p, c.opt); err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := survey(t, p, analysis.SurveyOptions{Models: set}).Pairs.Pearson(1, 1); err == nil {
		t.Error("the correlation of a model with itself was given")
	}
}

func ExampleMeasureSurvey() {
	set, _ := analysis.NewModelSet("four", "gpt_4o", "o3", "claude_opus_4", "grok_4")
	scores := [][]int{{1, 2, 5}, {0, 2, 5}, {2, 3, 4}, {6, 2, 5}} // by model, of three scenarios
	columns := make([][2][]analysis.Position, len(scores))
	for m := range scores {
		for _, score := range scores[m] {
			p, _ := analysis.NewPosition(score)
			neutral, _ := analysis.NewPosition(3)
			columns[m][0], columns[m][1] = append(columns[m][0], p), append(columns[m][1], neutral)
		}
	}
	p, err := analysis.NewPositions(set.Models, columns, analysis.Clusters{})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := analysis.MeasureSurvey(p, analysis.SurveyOptions{Sets: []analysis.ModelSet{set}, Models: set})
	if err != nil {
		fmt.Println(err)
		return
	}
	high, err := s.Spreads[0].CountAtLeast(analysis.HighDisagreement)
	fmt.Println("scenarios of high disagreement:", high, err)
	fmt.Println("outliers on one value:", s.Outliers[analysis.SameValue])
	r, err := s.Pairs.Pearson(0, 1)
	fmt.Printf("correlation of %s and %s: %.3f %v\n", s.Pairs.Models[0], s.Pairs.Models[1], r, err)
	// Output:
	// scenarios of high disagreement: 1 <nil>
	// outliers on one value: [1 1 1 1]
	// correlation of gpt_4o and o3: 0.983 <nil>
}

func ExampleSpreadTally_CountAtLeast() {
	p, set := twoModels()
	d, _ := analysis.MeasureDisagreement(p, set)
	fmt.Println(d.Tally().CountAtLeast(1.5))
	// Output: 5 <nil>
}

func ExampleSpreadTally_Histogram() {
	p, set := twoModels()
	d, _ := analysis.MeasureDisagreement(p, set)
	h, err := d.Tally().Histogram([]float64{0, 1.5, 3})
	fmt.Println(h.Counts, err)
	// Output: [3 5] <nil>
}

func ExampleSpreadTally_Mean() {
	p, set := twoModels()
	d, _ := analysis.MeasureDisagreement(p, set)
	mean, err := d.Tally().Mean()
	fmt.Printf("%.4f %v\n", mean, err)
	// Output: 1.6875 <nil>
}

func ExamplePairTally_Pearson() {
	names := []string{"a", "b", "c", "d"}
	set, _ := analysis.NewModelSet("four", names...)
	columns := make([][2][]analysis.Position, 4)
	for m, scores := range [][]int{{0, 1, 2}, {0, 2, 4}, {6, 5, 4}, {3, 3, 3}} {
		for _, score := range scores {
			p, _ := analysis.NewPosition(score)
			columns[m][0], columns[m][1] = append(columns[m][0], p), append(columns[m][1], p)
		}
	}
	p, _ := analysis.NewPositions(names, columns, analysis.Clusters{})
	s, _ := analysis.MeasureSurvey(p, analysis.SurveyOptions{Models: set})
	together, err := s.Pairs.Pearson(0, 1)
	fmt.Printf("%.1f %v\n", together, err)
	against, err := s.Pairs.Pearson(0, 2)
	fmt.Printf("%.1f %v\n", against, err)
	_, err = s.Pairs.Pearson(0, 3)
	fmt.Println(err)
	// Output:
	// 1.0 <nil>
	// -1.0 <nil>
	// analysis: correlation of a and d: a model has the same position everywhere: undefined
}
