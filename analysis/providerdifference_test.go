package analysis_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// By hand. Honesty is value 1 of four scenarios in clusters 0 0 1 1, so
// that its category has the positions below. In favour are 5 and 6:
//
//	gpt_4o  1 1 | 1 0   share 3/4, less it 1/4  1/4 |  1/4 -3/4
//	o3      1 0 | 0 0   share 1/4          3/4 -1/4 | -1/4 -1/4
//	grok_4  0 0 | 1 1   share 1/2         -1/2 -1/2 |  1/2  1/2
//
// The influence of cluster 0 is (1/2)(2/4)/4 + (1/2)(2/4)/4 + 1/4 = 3/8,
// that of cluster 1 is -3/8; the variance 2/1·2·(3/8)² = 9/16. Of
// independent positions it would be (3/16 + 3/16)/4/4 + 1/4/4 = 11/128.
func TestProviderDifferencesByHand(t *testing.T) {
	set, err := analysis.NewModelSet("three", "gpt_4o", "o3", "grok_4")
	if err != nil {
		t.Fatal(err)
	}
	rows := []row{
		{{5, 6, 4}, {0, 0, 0}},
		{{6, 4, 3}, {0, 0, 0}},
		{{5, 1, 5}, {0, 0, 0}},
		{{3, 0, 6}, {0, 0, 0}},
	}
	p := table(t, set.Models, rows, analysis.Clusters{ID: []int32{4, 4, 9, 9}, N: 12})
	got, err := analysis.MeasureProviderDifferences(p, [2][]int32{{18, 18, 18, 18}, {-1, -1, -1, -1}}, set)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].Category != "Critical thinking" || got[0].A != "OpenAI" || got[0].B != "xAI" || got[0].Err != nil {
		t.Fatalf("%+v", got)
	}
	e, z := got[0].Estimate, got[0].Test
	within(t, "difference", e.Value, 0, 1e-15)
	within(t, "SE", e.SE, 0.75, 1e-15)
	within(t, "design effect", e.DesignEffect, 9./16/(11./128), 1e-12)
	within(t, "lo", e.Lo, -1, 0) // cut
	within(t, "P", z.P, 1, 1e-12)
	if e.N != 12 || e.Clusters != 2 || len(e.Warnings) != 2 {
		t.Errorf("n %d of %d clusters, warnings %v; want 12, 2 and two", e.N, e.Clusters, e.Warnings)
	}
}

// The difference is that of the shares of MeasurePreferences, and exchanging
// providers turns its sign.
func TestProviderDifferencesAreOfPreferences(t *testing.T) {
	set := analysis.AllModels
	p, codes := randomPreferences(t, set, 300, 5)
	shares, err := analysis.MeasurePreferences(p, codes, set)
	if err != nil {
		t.Fatal(err)
	}
	got, err := analysis.MeasureProviderDifferences(p, codes, set)
	if err != nil {
		t.Fatal(err)
	}
	if want := len(shares.Categories) * 6; len(got) != want {
		t.Fatalf("%d differences, want %d", len(got), want)
	}
	for _, d := range got {
		c := slices.Index(shares.Categories, d.Category)
		of := func(provider string) analysis.Estimate {
			return shares.ByProvider[c][slices.Index(shares.Providers, provider)]
		}
		within(t, d.Category, d.Estimate.Value, of(d.A).Value-of(d.B).Value, 1e-12)
		if d.Estimate.N != of(d.A).N+of(d.B).N || !d.Estimate.Covers(d.Estimate.Value) {
			t.Errorf("%s, %s less %s: %v", d.Category, d.A, d.B, d.Estimate)
		}
		if significant := d.Test.P < 0.05; significant == d.Estimate.Covers(0) {
			t.Errorf("%s, %s less %s: P %v and interval %v disagree", d.Category, d.A, d.B, d.Test.P, d.Estimate)
		}
	}
}

// Where no two providers differ, one test in twenty finds a difference at
// 5 %: of 40 data sets with 26·6 tests each, which are not independent.
func TestProviderDifferencesKeepTheirLevel(t *testing.T) {
	found, tests := 0, 0
	for seed := range uint64(40) {
		p, codes := randomPreferences(t, analysis.AllModels, 1500, seed)
		list, err := analysis.MeasureProviderDifferences(p, codes, analysis.AllModels)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			tests++
			if d.Test.P < 0.05 {
				found++
			}
		}
	}
	if rate := float64(found) / float64(tests); rate < 0.04 || rate > 0.065 {
		t.Errorf("%d of %d tests found a difference that is not there: %.3f, want about 0.05", found, tests, rate)
	}
}

// randomPreferences are models that favour at random, a value of a pair
// alike in its scenarios.
func randomPreferences(t *testing.T, set analysis.ModelSet, rows int, seed uint64) (*analysis.Positions, [2][]int32) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 1))
	columns := make([][2][]analysis.Position, len(set.Models))
	var codes [2][]int32
	clusters := analysis.Clusters{N: rows/2 + 1}
	lean := make([]float64, 0, rows)
	for row := range rows {
		clusters.ID = append(clusters.ID, int32(row/2))
		if row%2 == 0 {
			lean = append(lean, rng.NormFloat64())
		} else {
			lean = append(lean, lean[row-1])
		}
		for v := range 2 {
			if row%2 == 0 {
				codes[v] = append(codes[v], int32(rng.IntN(26)))
			} else {
				codes[v] = append(codes[v], codes[v][row-1])
			}
		}
	}
	for m := range columns {
		for v := range 2 {
			own := 0.0
			for row := range rows {
				if row%2 == 0 {
					own = rng.NormFloat64()
				}
				score := int(math.Round(3.5 + lean[row] + own + rng.NormFloat64()))
				at, err := analysis.NewPosition(min(max(score, 0), 6))
				if err != nil {
					t.Fatal(err)
				}
				if rng.IntN(50) == 0 {
					at = analysis.Position{}
				}
				columns[m][v] = append(columns[m][v], at)
			}
		}
	}
	p, err := analysis.NewPositions(set.Models, columns, clusters)
	if err != nil {
		t.Fatal(err)
	}
	return p, codes
}

func ExampleMeasureProviderDifferences() {
	position := func(score int) analysis.Position { p, _ := analysis.NewPosition(score); return p }
	var columns [2][2][]analysis.Position
	var codes [2][]int32
	clusters := analysis.Clusters{N: 50}
	for row := range 50 { // o3 favours the value in 40, Grok 4 in 25
		for m, favours := range []bool{row < 40, row%2 == 0} {
			score := 3
			if favours {
				score = 6
			}
			columns[m][0] = append(columns[m][0], position(score))
			columns[m][1] = append(columns[m][1], position(3))
		}
		codes[0], codes[1] = append(codes[0], 18), append(codes[1], -1)
		clusters.ID = append(clusters.ID, int32(row))
	}
	set := analysis.ModelSet{Name: "two", Models: []string{"o3", "grok_4"}}
	p, err := analysis.NewPositions(set.Models, columns[:], clusters)
	if err != nil {
		fmt.Println(err)
		return
	}
	list, err := analysis.MeasureProviderDifferences(p, codes, set)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range list {
		fmt.Printf("%s, %s less %s: %.2f, P = %.4f\n", d.Category, d.A, d.B, d.Estimate.Value, d.Test.P)
	}
	// Output:
	// Critical thinking, OpenAI less xAI: 0.30, P = 0.0010
}
