package analysis_test

import (
	"fmt"

	"github.com/specstress/specstress/analysis"
)

// chess is three players' games, each pair of games a cluster. Abilities,
// deviance and the posterior interval below were computed by numpy, too.
func chess() *analysis.Comparisons {
	c := &analysis.Comparisons{Items: []string{"Ann", "Bob", "Cem"}}
	add := func(first, second int32, outcomes ...analysis.Outcome) {
		for _, o := range outcomes {
			c.First, c.Second = append(c.First, first), append(c.Second, second)
			c.Outcome = append(c.Outcome, o)
			c.Clusters.ID = append(c.Clusters.ID, int32(len(c.First)-1)/2)
		}
		c.Clusters.N = (len(c.First) + 1) / 2
	}
	const w, l, t = analysis.FirstWins, analysis.SecondWins, analysis.Tied
	add(0, 1, w, w, w, l, w, l, w, w)
	add(1, 2, w, l, w, w, t, l, w, l)
	add(2, 0, l, w, l, l, l, w, l, l)
	return c
}

func ExampleFitBradleyTerry() {
	f, err := analysis.FitBradleyTerry(chess(), analysis.BradleyTerryModel{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, name := range f.Items {
		fmt.Printf("%s %+.2f logits, %v of %d won\n", name, f.Theta[i], f.Wins[i], f.Compared[i])
	}
	fmt.Println(f.Excluded)

	// Somebody who never lost has no ability without a ridge.
	c := &analysis.Comparisons{Items: []string{"Ann", "Bob"}, First: []int32{0}, Second: []int32{1}, Outcome: []analysis.Outcome{analysis.FirstWins}}
	_, err = analysis.FitBradleyTerry(c, analysis.BradleyTerryModel{})
	fmt.Println(err)
	f, err = analysis.FitBradleyTerry(c, analysis.BradleyTerryModel{Ridge: 1})
	fmt.Printf("%+.2f %v\n", f.Theta[0], f.Warnings[0])
	// Output:
	// Ann +0.73 logits, 12 of 16 won
	// Bob -0.27 logits, 6 of 15 won
	// Cem -0.47 logits, 5 of 15 won
	// [1 tied]
	// analysis: Bradley-Terry: no maximum of the likelihood without a ridge (Ford 1957): Ann never lost; Bob never won: undefined
	// +0.34 only the ridge keeps the abilities finite of what never lost: Ann
}

func ExampleBradleyTerry_Difference() {
	f, err := analysis.FitBradleyTerry(chess(), analysis.BradleyTerryModel{})
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := f.Difference(0, 1, analysis.Sandwich)
	fmt.Println(e, err)
	// Output:
	// 1.0 [-0.1, 2.1] (n = 23 contests, 12 clusters, Bradley-Terry, normal 95 %, sandwich by cluster; left out: 1 tied) <nil>
}

func ExampleBradleyTerry_Ability() {
	f, err := analysis.FitBradleyTerry(chess(), analysis.BradleyTerryModel{Ridge: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := f.Ability(0, analysis.Posterior)
	fmt.Printf("%.2f [%.2f, %.2f] %v\n", e.Value, e.Lo, e.Hi, err)
	// Output:
	// 0.60 [-0.05, 1.26] <nil>
}

func ExampleBradleyTerry_Rank() {
	f, err := analysis.FitBradleyTerry(chess(), analysis.BradleyTerryModel{Ridge: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := f.Rank(analysis.Replicates, analysis.DefaultSeed)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, item := range r.Items {
		fmt.Printf("%s is %.0f [%.0f, %.0f], %+.0f Elo points\n", item.Name, item.Rank.Value, item.Rank.Lo, item.Rank.Hi, item.Elo.Value)
	}
	// Output:
	// Ann is 1 [1, 1], +105 Elo points
	// Bob is 2 [2, 3], -38 Elo points
	// Cem is 3 [2, 3], -67 Elo points
}

func ExampleBradleyTerry_Deviance() {
	f, err := analysis.FitBradleyTerry(chess(), analysis.BradleyTerryModel{})
	if err != nil {
		fmt.Println(err)
		return
	}
	deviance, df := f.Deviance()
	fmt.Printf("%.3f on %d degree of freedom, log-likelihood %.3f\n", deviance, df, f.LogLikelihood())
	// Output:
	// 0.043 on 1 degree of freedom, log-likelihood -13.799
}

// nudged is 400 made-up contests of four values with a nudge of 1 logit.
func nudged() *analysis.Comparisons {
	return simulated([]float64{-1, -0.5, 0.5, 1}, 400, 0, 1, 3)
}

func ExampleBradleyTerry_NudgeEffect() {
	f, err := analysis.FitBradleyTerry(nudged(), analysis.ValueModel())
	if err != nil {
		fmt.Println(err)
		return
	}
	nudge, err := f.NudgeEffect(analysis.Sandwich)
	fmt.Println(nudge.Covers(1), err)
	// Output: true <nil>
}

func ExampleBradleyTerry_OrderEffect() {
	f, err := analysis.FitBradleyTerry(nudged(), analysis.ValueModel())
	if err != nil {
		fmt.Println(err)
		return
	}
	order, err := f.OrderEffect(analysis.Sandwich) // the contests have none
	fmt.Println(order.Covers(0), err)
	// Output: true <nil>
}

func ExampleBradleyTerry_Probability() {
	f := analysis.BradleyTerry{Theta: []float64{0.5, -0.5}, Nudge: 1}
	fmt.Printf("%.3f %.3f\n", f.Probability(0, 1, analysis.NudgeNone), f.Probability(0, 1, analysis.NudgeSecond))
	// Output: 0.731 0.500
}

func ExampleHeldOutAccuracy() {
	a, err := analysis.HeldOutAccuracy(nudged(), analysis.ValueModel(), analysis.SplitOptions{Splits: 20})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f of %.0f in the mean over %d splits\n", a.Value, a.TestSize, len(a.BySplit))
	// Output:
	// 0.75 of 41 in the mean over 20 splits
}

func ExampleRankValues() {
	position := func(score int) analysis.Position { p, _ := analysis.NewPosition(score); return p }
	// Two models on eight scenarios about candour (0) and tact (1).
	var columns [2][2][]analysis.Position
	pairs := analysis.ValuePairs{Names: []string{"candour", "tact"}}
	for row := range 8 {
		first := int32(row % 2) // which of the values comes first
		pairs.Codes[0], pairs.Codes[1] = append(pairs.Codes[0], first), append(pairs.Codes[1], 1-first)
		candour := []int{6, 5, 2, 6, 1, 6, 5, 4}[row]
		for m, score := range []int{candour, 6 - candour} {
			columns[m][first] = append(columns[m][first], position(score))
			columns[m][1-first] = append(columns[m][1-first], position(6-score))
		}
	}
	p, err := analysis.NewPositions([]string{"o3", "grok_4"}, columns[:], analysis.Clusters{})
	if err != nil {
		fmt.Println(err)
		return
	}
	set := analysis.ModelSet{Name: "two", Models: []string{"o3", "grok_4"}}
	fits, err := analysis.RankValues(p, pairs, set, analysis.BradleyTerryModel{Ridge: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, f := range fits {
		fmt.Printf("%s: candour %+.2f, tact %+.2f\n", set.Models[i], f.Theta[0], f.Theta[1])
	}
	// Output:
	// o3: candour +0.42, tact -0.42
	// grok_4: candour -0.42, tact +0.42
}

func ExampleCompareValues() {
	strong, _ := analysis.NewPosition(6)
	weak, _ := analysis.NewPosition(1)
	p, err := analysis.NewPositions([]string{"o3"}, [][2][]analysis.Position{{{strong, weak, strong}, {weak, weak, {}}}}, analysis.Clusters{})
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := analysis.CompareValues(p, 0, analysis.ValuePairs{Names: []string{"candour", "tact"}, Codes: [2][]int32{{0, 0, 1}, {1, 1, 0}}})
	fmt.Println(c.Outcome[0] == analysis.FirstWins, c.Outcome[1] == analysis.Tied, c.Outcome[2] == analysis.NoOutcome, err)
	// Output: true true true <nil>
}

func ExampleCorrelateRankings() {
	var fits []*analysis.BradleyTerry
	for seed := range uint64(2) {
		f, err := analysis.FitBradleyTerry(simulated([]float64{-1, -0.5, 0.5, 1}, 2000, 0, 0, seed), analysis.ValueModel())
		if err != nil {
			fmt.Println(err)
			return
		}
		fits = append(fits, f)
	}
	spearman := func(x, y []float64, clusters analysis.Clusters) (analysis.Estimate, error) {
		r, err := analysis.Spearman(x, y, clusters)
		return r.Estimate, err
	}
	r, err := analysis.CorrelateRankings(fits, 0, spearman)
	fmt.Println(r[0][1].Value, r[0][1].N, err)
	// Output: 1 4 <nil>
}

func ExampleParseNudge() {
	for _, text := range []string{"neutral", "value2", "Value 2"} {
		n, ok := analysis.ParseNudge(text)
		fmt.Println(n == analysis.NudgeNone, n == analysis.NudgeSecond, ok)
	}
	// Output:
	// true false true
	// false true true
	// false false false
}

func ExampleValueModel() {
	c := nudged()
	for row := range 137 { // whose nudge nobody knows
		c.Nudge[row] = analysis.NoNudge
	}
	f, err := analysis.FitBradleyTerry(c, analysis.ValueModel())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.N, f.Excluded)
	// Output:
	// 263 [137 nudge missing]
}
