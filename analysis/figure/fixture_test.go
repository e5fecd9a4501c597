package figure_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
)

// The inputs below are made by formula, so that the golden files do not
// depend on a random generator. Shapes are like the dataset's, sizes small.

// positions gives every model a score on both values of each scenario; a
// wave of its own length makes models agree here and differ there.
func positions(t testing.TB, models []string, rows int) *analysis.Positions {
	t.Helper()
	columns := make([][2][]analysis.Position, len(models))
	for m := range columns {
		for v := range 2 {
			columns[m][v] = make([]analysis.Position, rows)
			for row := range rows {
				tension := float64(row%97) / 97
				x := 3 + 3.4*tension*math.Sin(float64((m+1)*(row+7*v))*0.7)
				if (row+m)%41 == 0 {
					continue // missing
				}
				p, err := analysis.NewPosition(int(math.Round(min(max(x, 0), 6))))
				if err != nil {
					t.Fatal(err)
				}
				columns[m][v][row] = p
			}
		}
	}
	clusters := analysis.Clusters{ID: make([]int32, rows), N: (rows + 2) / 3}
	for row := range rows {
		clusters.ID[row] = int32(row / 3)
	}
	p, err := analysis.NewPositions(models, columns, clusters)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func disagreements(t testing.TB, rows int) []*analysis.Disagreements {
	t.Helper()
	p := positions(t, analysis.AllModels.Models, rows)
	var out []*analysis.Disagreements
	for _, set := range analysis.PaperModelSets() {
		d, err := analysis.MeasureDisagreement(p, set)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, d)
	}
	return out
}

// verdicts of some judges on the models of a set, over five bins.
func verdicts(judges, perBin int, models []string) *analysis.Verdicts {
	v := &analysis.Verdicts{Models: models, Scenarios: 5 * perBin}
	for j := range judges {
		name := fmt.Sprintf("judge_%02d", j+1)
		if j < 3 {
			name = []string{"claude_4", "gpt41", "gemini_2_5"}[j]
		}
		v.Judges = append(v.Judges, name)
	}
	v.ByJudge = make([][]analysis.Verdict, judges)
	v.Clusters.N = v.Scenarios
	edges := analysis.PaperBins()
	for b := range len(edges) - 1 {
		v.Bins = append(v.Bins, analysis.BinName(edges[b], edges[b+1]))
		for i := range perBin {
			scenario := b*perBin + i
			for m := range models {
				v.Model = append(v.Model, int32(m))
				v.Bin = append(v.Bin, int32(b))
				v.Scenario = append(v.Scenario, int32(scenario))
				v.Clusters.ID = append(v.Clusters.ID, int32(scenario))
				for j := range judges {
					wave := math.Sin(float64(i)*1.3) + 0.7*math.Sin(float64(i*(j+2)+m)*2.1)
					verdict := analysis.Compliant
					switch {
					case (i+j+m)%67 == 0:
						verdict = analysis.NoVerdict
					case wave > 1.1-0.4*float64(b):
						verdict = analysis.NonCompliant
					case wave > 1.05-0.4*float64(b):
						verdict = analysis.Ambiguous
					}
					v.ByJudge[j] = append(v.ByJudge[j], verdict)
				}
			}
		}
	}
	return v
}

func compliance(t testing.TB, v *analysis.Verdicts, rule analysis.Rule) []analysis.Compliance {
	t.Helper()
	set, err := analysis.NewModelSet("openai_models", v.Models...)
	if err != nil {
		t.Fatal(err)
	}
	set.Title = "5 OpenAI models"
	c, err := analysis.MeasureCompliance(v, set, rule)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func agreement(t testing.TB, judges int) *analysis.JudgeAgreement {
	t.Helper()
	a, err := analysis.MeasureJudgeAgreement(verdicts(judges, 60, analysis.OpenAIModels.Models))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func preferences(t testing.TB, rows int) *analysis.Preferences {
	t.Helper()
	p := positions(t, analysis.AllModels.Models, rows)
	var category [2][]int32
	for v := range category {
		for row := range rows {
			category[v] = append(category[v], int32((row*(3+4*v)+5*v)%26))
		}
	}
	out, err := analysis.MeasurePreferences(p, category, analysis.AllModels)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// paperOutliers are the counts that Figure 6 prints, with the rows of
// S_high-dis, as an input of realistic size.
func paperOutliers() *analysis.Outliers {
	return &analysis.Outliers{
		Models: analysis.AllModels.Models,
		Counts: []int{250, 628, 832, 4086, 1468, 3729, 9244, 169, 480, 961, 2109, 10503},
		Rows:   43960,
	}
}

var synthetic = figure.Source{Synthetic: "synthetic sample", Filter: "nudge=neutral"}

// figures makes one of each, of synthetic data or as if of real data.
func figures(t testing.TB, src figure.Source) []*figure.Figure {
	t.Helper()
	v := verdicts(3, 200, analysis.OpenAIModels.Models)
	must := func(f *figure.Figure, err error) *figure.Figure {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	return append([]*figure.Figure{
		must(figure.Disagreement(disagreements(t, 3000), figure.DisagreementOptions{Source: src})),
		must(figure.Fig2(compliance(t, v, analysis.Majority), compliance(t, v, analysis.Any), figure.Fig2Options{Source: src})),
		must(figure.Judges(agreement(t, 3), figure.JudgesOptions{Source: src})),
		must(figure.Fig6(paperOutliers(), figure.Fig6Options{Source: src})),
		must(figure.ProviderPreference(preferences(t, 3000), figure.PreferenceOptions{Source: src})),
		must(figure.Ranking(rankings(), figure.RankingOptions{Source: src})),
		must(figure.Fig1(pipeline(), figure.Fig1Options{Source: src})),
		must(figure.Fig9([]figure.Fig9Curve{curve("k-center", 411_000, 1), curve("weighted by disagreement", 43_960, 0.8)}, figure.Fig9Options{Source: src})),
	}, labelFigures(t, src)...)
}
