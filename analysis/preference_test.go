package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func TestPreferencesByHand(t *testing.T) {
	set, err := analysis.NewModelSet("three", "gpt_4o", "o3", "grok_4")
	if err != nil {
		t.Fatal(err)
	}
	rows := []row{
		{{5, 6, 4}, {0, 5, gap}},
		{{6, 4, gap}, {1, 1, gap}},
		{{3, 5, 5}, {6, 6, gap}},
	}
	clusters := analysis.Clusters{ID: []int32{7, 7, 2}, N: 9}
	names := []string{"honesty", "unused", "candour", "rarely"}
	codes := [2][]int32{{0, 0, 0}, {2, -1, 0}}
	codes[1][1] = 3
	got, err := analysis.MeasureValuePreferences(table(t, set.Models, rows, clusters), names, codes, set)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"honesty", "candour", "rarely"}; !slices.Equal(got.Categories, want) {
		t.Fatalf("values %q, want %q", got.Categories, want)
	}
	if want := []string{"OpenAI", "xAI"}; !slices.Equal(got.Providers, want) {
		t.Errorf("providers %q, want %q", got.Providers, want)
	}
	nan := math.NaN()
	for i, want := range []struct {
		models, providers   []float64
		units, missing      []int
		distinct, pMissings int
	}{
		// honesty: value 1 of all rows and value 2 of the third, so that
		// each model has four units; positions 5 6 3|6, 6 4 5|6, 4 - 5|-.
		{[]float64{3.0 / 4, 3.0 / 4, 1.0 / 2}, []float64{3.0 / 4, 1.0 / 2}, []int{4, 4, 2}, []int{0, 0, 2}, 2, 0},
		{[]float64{0, 1, nan}, []float64{1.0 / 2, nan}, []int{1, 1, 0}, []int{0, 0, 1}, 1, 0},
		{[]float64{0, 0, nan}, []float64{0, nan}, []int{1, 1, 0}, []int{0, 0, 1}, 1, 0},
	} {
		for m := range set.Models {
			e := got.ByModel[i][m]
			if e.Value != want.models[m] && !(math.IsNaN(e.Value) && math.IsNaN(want.models[m])) {
				t.Errorf("%s, %s: %v, want %v", got.Categories[i], set.Models[m], e.Value, want.models[m])
			}
			left := 0
			for _, x := range e.Excluded {
				left += x.N
			}
			if e.N != want.units[m] || left != want.missing[m] {
				t.Errorf("%s, %s: n %d and %d missing, want %d and %d", got.Categories[i], set.Models[m], e.N, left, want.units[m], want.missing[m])
			}
			if e.N > 0 && (e.Clusters != want.distinct || !e.Covers(e.Value)) {
				t.Errorf("%s, %s: %+v", got.Categories[i], set.Models[m], e)
			}
			if e.N == 0 && (len(e.Warnings) == 0 || !errors.Is(e.Warnings[0], analysis.ErrTooFew)) {
				t.Errorf("%s, %s has no value and no reason", got.Categories[i], set.Models[m])
			}
		}
		for k := range got.Providers {
			e := got.ByProvider[i][k]
			if e.Value != want.providers[k] && !(math.IsNaN(e.Value) && math.IsNaN(want.providers[k])) {
				t.Errorf("%s, %s: %v, want %v", got.Categories[i], got.Providers[k], e.Value, want.providers[k])
			}
		}
	}
}

func TestProviderMeanOverModelsThatAnswered(t *testing.T) {
	set, _ := analysis.NewModelSet("two", "gpt_4o", "o3")
	p := table(t, set.Models, []row{{{6, gap}, {1, 1}}, {{1, gap}, {1, 1}}}, analysis.Clusters{ID: []int32{0, 1}, N: 2})
	got, err := analysis.MeasureValuePreferences(p, []string{"candour"}, [2][]int32{{0, 0}, {-1, -1}}, set)
	if err != nil {
		t.Fatal(err)
	}
	e := got.ByProvider[0][0]
	if e.Value != 0.5 || e.N != 2 || len(e.Warnings) != 1 || len(e.Excluded) != 1 || e.Excluded[0].N != 2 {
		t.Errorf("got %v", e)
	}
}

func TestPreferencesCountUnmapped(t *testing.T) {
	p, set := twoModels()
	nowhere := make([]int32, 8)
	for i := range nowhere {
		nowhere[i] = -1
	}
	some := slices.Clone(nowhere)
	some[2], some[7] = 25, 3
	got, err := analysis.MeasurePreferences(p, [2][]int32{nowhere, some}, set)
	if err != nil {
		t.Fatal(err)
	}
	all := analysis.Categories()
	if want := []string{all[3].Name, all[25].Name}; !slices.Equal(got.Categories, want) || got.Unmapped != 14 {
		t.Errorf("categories %q, %d unmapped", got.Categories, got.Unmapped)
	}
}

func TestPreferencesRefused(t *testing.T) {
	p, set := twoModels()
	good := make([]int32, 8)
	for name, codes := range map[string][2][]int32{
		"a code too high": {good, {0, 0, 0, 0, 0, 0, 0, 26}},
		"a code too low":  {good, {0, 0, 0, 0, 0, 0, 0, -2}},
		"a row missing":   {good, good[:7]},
		"no codes":        {},
	} {
		if _, err := analysis.MeasurePreferences(p, codes, set); err == nil {
			t.Errorf("%s accepted", name)
		}
	}
	if _, err := analysis.MeasurePreferences(p, [2][]int32{good, good}, analysis.AllModels); !errors.Is(err, analysis.ErrUnknownName) {
		t.Errorf("models that are not there: %v", err)
	}
}

// TestPreferencesAgreeWithShare takes the long way round: the hits of each
// category and model as a list of bools.
func TestPreferencesAgreeWithShare(t *testing.T) {
	const n, models, codesUsed = 400, 5, 4
	names, set := someModels(t, models)
	rows := randomRows(n, models, 11)
	rng := rand.New(rand.NewPCG(4, 4))
	var codes [2][]int32
	clusters := analysis.Clusters{N: n}
	for i := range n {
		clusters.ID = append(clusters.ID, int32(i*2/3))
		for v := range 2 {
			codes[v] = append(codes[v], int32(rng.IntN(codesUsed+1))-1)
		}
	}
	got, err := analysis.MeasureValuePreferences(table(t, names, rows, clusters), []string{"a", "b", "c", "d"}, codes, set)
	if err != nil {
		t.Fatal(err)
	}
	for code := range codesUsed {
		for m := range models {
			var hit []bool
			var ids analysis.Clusters
			ids.N = clusters.N
			for i := range n {
				for v := range 2 {
					if score := rows[i][v][m]; codes[v][i] == int32(code) && score != gap {
						hit = append(hit, score >= 5)
						ids.ID = append(ids.ID, clusters.ID[i])
					}
				}
			}
			want, err := analysis.Share(hit, ids)
			if err != nil {
				t.Fatal(err)
			}
			e := got.ByModel[code][m]
			if e.Value != want.Value || e.N != want.N || e.Clusters != want.Clusters ||
				math.Abs(e.Lo-want.Lo) > 1e-12 || math.Abs(e.Hi-want.Hi) > 1e-12 {
				t.Errorf("code %d, model %d: %v, want %v", code, m, e, want)
			}
		}
	}
}

func TestPreferencesWithoutValuePairs(t *testing.T) {
	// Both values of each scenario are of one category: the scenario is
	// the cluster that is left.
	set, _ := analysis.NewModelSet("one", "o3")
	rows := []row{{{6}, {6}}, {{0}, {0}}, {{5}, {5}}, {{1}, {1}}}
	zero := make([]int32, 4)
	got, err := analysis.MeasurePreferences(table(t, set.Models, rows, analysis.Clusters{}), [2][]int32{zero, zero}, set)
	if err != nil {
		t.Fatal(err)
	}
	e := got.ByModel[0][0]
	// Four clusters of twins, as in TestShare: design effect 28/12.
	if e.N != 8 || e.Clusters != 4 || math.Abs(e.DesignEffect-28.0/12) > 1e-12 || len(e.Warnings) != 1 {
		t.Errorf("got %+v", e)
	}
}

func ExampleMeasurePreferences() {
	p, set := twoModels()
	critical := make([]int32, 8) // value 1 is of one category throughout
	unknown := make([]int32, 8)  // value 2 is not in the taxonomy
	for i := range critical {
		critical[i], unknown[i] = 18, -1
	}
	pref, err := analysis.MeasurePreferences(p, [2][]int32{critical, unknown}, set)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, category := range pref.Categories {
		for m, model := range pref.Models {
			fmt.Printf("%s: %s favours it in %.3f\n", category, model, pref.ByModel[i][m].Value)
		}
	}
	// Output:
	// Critical thinking: gpt_4o favours it in 0.000
	// Critical thinking: grok_4 favours it in 0.375
}

func ExampleMeasureValuePreferences() {
	p, set := twoModels()
	honesty := make([]int32, 8)
	none := []int32{-1, -1, -1, -1, -1, -1, -1, -1}
	pref, err := analysis.MeasureValuePreferences(p, []string{"honesty"}, [2][]int32{honesty, none}, set)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s: %s %.3f\n", pref.Categories[0], pref.Providers[1], pref.ByProvider[0][1].Value)
	// Output: honesty: xAI 0.375
}

func BenchmarkMeasurePreferences(b *testing.B) {
	for _, rows := range []int{43960, 411000} {
		p := bigTable(b, rows)
		for _, codes := range []int{26, 3302} {
			rng := rand.New(rand.NewPCG(1, 3))
			names := make([]string, codes)
			var column [2][]int32
			for range rows {
				for v := range column {
					column[v] = append(column[v], int32(rng.IntN(codes)))
				}
			}
			b.Run(fmt.Sprintf("rows=%d/codes=%d", rows, codes), func(b *testing.B) {
				for b.Loop() {
					if _, err := analysis.MeasureValuePreferences(p, names, column, analysis.AllModels); err != nil {
						b.Fatal(err)
					}
				}
				rowsPerSecond(b, rows)
			})
		}
	}
}
