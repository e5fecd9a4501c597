package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func TestExtremesAreThoseOfTheta(t *testing.T) {
	theta := []float64{0.3, -1.2, 2, 0, -0.4, 1.1, -2}
	c := simulated(theta, 4000, 0, 0, 9)
	c.Items = append(c.Items, "rare")
	c.First, c.Second = append(c.First, 7, 7), append(c.Second, 0, 1)
	c.Outcome, c.Nudge = append(c.Outcome, analysis.FirstWins, analysis.FirstWins), append(c.Nudge, analysis.NudgeNone, analysis.NudgeNone)
	c.Clusters = analysis.Clusters{N: len(c.First)}
	for i := range c.First {
		c.Clusters.ID = append(c.Clusters.ID, int32(i))
	}
	f, err := analysis.FitBradleyTerry(c, analysis.ValueModel())
	if err != nil {
		t.Fatal(err)
	}
	top, bottom, err := f.Extremes(2, 0, analysis.PosteriorByCluster)
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, r := range slices.Concat(top, bottom) {
		got = append(got, r.Item)
		e, err := f.Ability(r.Item, analysis.PosteriorByCluster)
		if err != nil {
			t.Fatal(err)
		}
		if r.Ability.Value != f.Theta[r.Item] || r.Ability.SE != e.SE || r.Ability.N != f.Compared[r.Item] || r.Ability.Clusters != r.Ability.N {
			t.Errorf("%s: %v, want %v of its own %d contests", r.Name, r.Ability, e, f.Compared[r.Item])
		}
		// 400 points are odds of ten to one.
		within(t, r.Name+" in points", r.Elo.Hi, e.Hi*400/math.Log(10), 1e-9)
	}
	// Of 4,000 contests the order is sure; the rare item, unbeaten in two
	// contests, is no extreme.
	if want := []int{2, 5, 6, 1}; !slices.Equal(got, want) {
		t.Errorf("extremes %v, want %v", got, want)
	}
	if top[1].Rank.Value != 2 || bottom[1].Rank.Value != 6 {
		t.Errorf("places %v and %v, want 2 and 6 of 7", top[1].Rank.Value, bottom[1].Rank.Value)
	}
	top, _, err = f.Extremes(100, 1, analysis.Posterior)
	if err != nil || len(top) != 8 {
		t.Errorf("%d of all items, %v; want 8", len(top), err)
	}
}

// Over the items that all have often enough, the pairs are those of
// CorrelateRankings.
func TestCompareRankings(t *testing.T) {
	theta := []float64{0.3, -1.2, 2, 0, -0.4, 1.1, -2, 0.7}
	var fits []*analysis.BradleyTerry
	for seed := range uint64(3) {
		f, err := analysis.FitBradleyTerry(simulated(theta, 120, 0, 0, seed), analysis.ValueModel())
		if err != nil {
			t.Fatal(err)
		}
		fits = append(fits, f)
	}
	common := 0 // items that all have in 25 contests
	got, err := analysis.CompareRankings(fits, 25)
	if err != nil {
		t.Fatal(err)
	}
	for item := range theta {
		if min(fits[0].Compared[item], fits[1].Compared[item], fits[2].Compared[item]) >= 25 {
			common++
		}
	}
	if common < 3 || common == len(theta) {
		t.Fatalf("%d items are common: the test shows nothing", common)
	}
	for i := range fits {
		for j := range fits {
			if got[i][j].N != common || got[i][j].Unit != "items" || got[i][j].Value != got[j][i].Value {
				t.Errorf("%d, %d: %v, want %d items", i, j, got[i][j], common)
			}
		}
	}
	got, err = analysis.CompareRankings(fits, 1)
	if err != nil {
		t.Fatal(err)
	}
	want, err := analysis.CorrelateRankings(fits, 1, func(x, y []float64, c analysis.Clusters) (analysis.Estimate, error) {
		r, err := analysis.Spearman(x, y, c)
		return r.Estimate, err
	})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := fmt.Sprint(got[1][0], got[2][1]), fmt.Sprint(want[1][0], want[2][1]); a != b {
		t.Errorf("%s, want %s", a, b)
	}
	if _, err := analysis.CompareRankings(fits, 1000); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("no common item: %v", err)
	}
	if m, err := analysis.CompareRankings(nil, 0); m != nil || err != nil {
		t.Errorf("no fits: %v, %v", m, err)
	}
}

func ExampleCompareRankings() {
	var fits []*analysis.BradleyTerry
	for seed := range uint64(2) {
		f, err := analysis.FitBradleyTerry(simulated([]float64{-1, -0.5, 0.5, 1}, 2000, 0, 0, seed), analysis.ValueModel())
		if err != nil {
			fmt.Println(err)
			return
		}
		fits = append(fits, f)
	}
	r, err := analysis.CompareRankings(fits, 0)
	fmt.Println(r[0][1].Value, r[0][1].N, err)
	// Output: 1 4 <nil>
}

func ExampleBradleyTerry_Extremes() {
	f, err := analysis.FitBradleyTerry(chess(), analysis.BradleyTerryModel{Ridge: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	top, bottom, err := f.Extremes(1, 0, analysis.Posterior)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s %+.0f, %s %+.0f Elo points\n", top[0].Name, top[0].Elo.Value, bottom[0].Name, bottom[0].Elo.Value)
	// Output: Ann +105, Cem -67 Elo points
}

// Four models of two providers with one category each way: by hand the
// squared distances are 0.01 within and 0.36, 0.49, 0.25, 0.36 between, T =
// (0.02 + 1.46)/4, W = 0.02/2 and F = (T - W)/(W/2) = 72. Of the three ways
// to pair four models only one is as clear.
func TestPreferenceSeparation(t *testing.T) {
	share := func(x float64) analysis.Estimate { return analysis.Estimate{Value: x} }
	p := &analysis.Preferences{
		Categories: []string{"a", "gap"},
		Models:     []string{"o3", "claude_opus_4", "gpt_4o", "claude_opus_3", "somebody"},
		ByModel: [][]analysis.Estimate{
			{share(0.1), share(0.7), share(0.2), share(0.8), share(0.5)},
			{share(0.1), share(math.NaN()), share(0.2), share(0.8), share(0.5)},
		},
	}
	s, excluded, err := analysis.PreferenceSeparation(p)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "pseudo-F", s.PseudoF.Statistic, 72, 1e-9)
	within(t, "P", s.PseudoF.P, 1./3, 1e-12)
	within(t, "gap", s.Gap.Statistic, (0.6+0.7+0.5+0.6)/4-0.1, 1e-12)
	if fmt.Sprint(excluded) != "[1 models of unknown provider 1 categories without a share of every model]" {
		t.Errorf("left out %v", excluded)
	}
	p.ByModel = p.ByModel[1:]
	if _, _, err := analysis.PreferenceSeparation(p); err == nil {
		t.Error("no category gave a separation")
	}
}

func ExamplePreferenceSeparation() {
	share := func(x float64) analysis.Estimate { return analysis.Estimate{Value: x} }
	s, _, err := analysis.PreferenceSeparation(&analysis.Preferences{
		Categories: []string{"Critical thinking"},
		Models:     []string{"o3", "gpt_4o", "claude_opus_3", "claude_opus_4"},
		ByModel:    [][]analysis.Estimate{{share(0.1), share(0.2), share(0.7), share(0.8)}},
	})
	fmt.Printf("F = %.0f, P = %.2f, %v\n", s.PseudoF.Statistic, s.PseudoF.P, err)
	// Output: F = 72, P = 0.33, <nil>
}
