package figure_test

import (
	"math"
	"slices"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
)

// refusalLabels gives every response one of the seven levels, by formula;
// models differ in how far they refuse.
func refusalLabels(t testing.TB, models []string, rows int) *analysis.Labels {
	t.Helper()
	l := &analysis.Labels{Names: analysis.RefusalLevels.Labels, Models: models, Clusters: inThrees(rows)}
	for m := range models {
		column := make([]analysis.LabelSet, rows)
		for row := range rows {
			if (row+7*m)%61 == 0 {
				continue // not labelled
			}
			x := 2.2 + 0.25*float64(m%9) + 2.4*math.Sin(float64((m+2)*row)*0.37)
			column[row] = labelSet(t, int(min(max(x, 0), 6)))
		}
		l.ByModel = append(l.ByModel, column)
	}
	return l
}

// valueLabels gives responses some of the 26 categories.
func valueLabels(t testing.TB, models []string, rows int) *analysis.Labels {
	t.Helper()
	l := &analysis.Labels{Names: analysis.ValueLabels.Labels, Models: models, Clusters: inThrees(rows)}
	for m := range models {
		column := make([]analysis.LabelSet, rows)
		for row := range rows {
			if (row+5*m)%53 == 0 {
				continue // not labelled
			}
			var labels []int
			for c := range l.Names {
				wave := math.Sin(float64(row*(c+3))*0.61) + 0.6*math.Sin(float64(row*(m+2)+c)*1.7)
				if wave > 0.3+0.04*float64(c)+0.05*float64((m*(c+1))%7) {
					labels = append(labels, c)
				}
			}
			column[row] = labelSet(t, labels...)
		}
		l.ByModel = append(l.ByModel, column)
	}
	return l
}

func labelSet(t testing.TB, labels ...int) analysis.LabelSet {
	t.Helper()
	s, err := analysis.NewLabelSet(labels...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func inThrees(rows int) analysis.Clusters {
	c := analysis.Clusters{N: (rows + 2) / 3}
	for row := range rows {
		c.ID = append(c.ID, int32(row/3))
	}
	return c
}

func refusals(t testing.TB, l *analysis.Labels, every int) *analysis.Refusals {
	t.Helper()
	var within []bool
	if every > 0 {
		for row := range l.ByModel[0] {
			within = append(within, row%every == 0)
		}
	}
	r, err := analysis.MeasureRefusals(l, within)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func valueCounts(t testing.TB, models []string, rows int) *analysis.ValueCounts {
	t.Helper()
	v, err := analysis.CountValues(valueLabels(t, models, rows))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func coOccurrence(t testing.TB, rows int, a, b string) *analysis.CoOccurrence {
	t.Helper()
	l := valueLabels(t, analysis.AllModels.Models, rows)
	labels, err := l.MostFrequent(a, 10)
	if err != nil {
		t.Fatal(err)
	}
	c, err := analysis.MeasureCoOccurrence(l, a, b, labels)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// labelFigures are those that need labels.
func labelFigures(t testing.TB, src figure.Source) []*figure.Figure {
	t.Helper()
	must := func(f *figure.Figure, err error) *figure.Figure {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	l := refusalLabels(t, analysis.AllModels.Models, 900)
	all, topic := refusals(t, l, 0), refusals(t, l, 14)
	v := valueCounts(t, analysis.AllModels.Models, 900)
	return []*figure.Figure{
		must(figure.Fig4a(all, figure.Fig4aOptions{Source: src})),
		must(figure.Fig4b(all, topic, figure.RefusalRateOptions{Source: src})),
		must(figure.Fig4c(all, topic, figure.RefusalRateOptions{Source: src})),
		must(figure.Fig4d(all, topic, figure.RefusalRateOptions{Source: src})),
		must(figure.Fig7(v, figure.Fig7Options{Source: src})),
		must(figure.Fig10(v, figure.Fig10Options{Source: src})),
		must(figure.Fig11(coOccurrence(t, 900, "claude_opus_4", "claude_opus_4"), figure.Fig11Options{Source: src, Panel: "a"})),
	}
}

// publishedCounts are of the paper's Figure 10, of two categories.
func publishedCounts() map[string]map[string]float64 {
	out := map[string]map[string]float64{}
	for name, counts := range map[string][]float64{
		"Ethical responsibility": {7023, 9086, 10397, 10616, 17644, 6404, 6072, 6883, 4898, 4218, 8210, 5961},
		"Critical thinking":      {9648, 12293, 9925, 10618, 5642, 5494, 5520, 6008, 4156, 4473, 12769, 8705},
	} {
		out[name] = map[string]float64{}
		for i, m := range []string{"claude_opus_4", "claude_sonnet_4", "claude_3_7_sonnet", "claude_3_5_sonnet", "claude_opus_3",
			"gpt_4_1", "gpt_4_1_mini", "gpt_4o", "o3", "o4_mini", "gemini_2_5_pro", "grok_4"} {
			out[name][m] = counts[i]
		}
	}
	return out
}

func publishedMatrix(labels []string) *figure.PublishedMatrix {
	m := &figure.PublishedMatrix{A: "grok_4", B: "claude_3_5_sonnet", Labels: labels}
	for y := range labels {
		row := make([]float64, len(labels))
		for x := range row {
			row[x] = math.Round(100*(0.1+0.07*float64((x*y)%9))) / 100
		}
		m.P = append(m.P, row)
	}
	return m
}

// labelVariants are label figures at the edges of what is drawn.
func labelVariants(t testing.TB) map[string]*figure.Figure {
	t.Helper()
	must := func(f *figure.Figure, err error) *figure.Figure {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	l := refusalLabels(t, analysis.AllModels.Models, 900)
	all, topic := refusals(t, l, 0), refusals(t, l, 14)
	hostile := hostileOutliers().Models
	h := refusals(t, refusalLabels(t, hostile, 60), 0)
	many := refusals(t, refusalLabels(t, manyOutliers(100).Models, 60), 0)
	one := refusals(t, refusalLabels(t, []string{"o3"}, 60), 0)
	v := valueCounts(t, analysis.AllModels.Models, 900)
	gap := valueLabels(t, analysis.AllModels.Models, 60)
	gap.ByModel[3] = make([]analysis.LabelSet, 60)
	missing, err := analysis.CountValues(gap)
	if err != nil {
		t.Fatal(err)
	}
	two := []string{"Ethical responsibility", "Critical thinking"}
	labels := []string{"Methodical rigor", "Compliance and accountability", "Clarity and precision", "Ethical interaction", "Efficiency and resource optimization",
		"Professional and technical excellence", "Critical thinking", "Ethical responsibility", "Intellectual integrity and objectivity", "Emotional depth and authentic connection"}
	odd := valueLabels(t, []string{hostile[0], hostile[3]}, 90)
	odd.Names = slices.Clone(odd.Names)
	copy(odd.Names, hostile)
	strange, err := analysis.MeasureCoOccurrence(odd, hostile[0], hostile[3], []int{0, 1, 2, 3, 4, 5, 6, 7, 9, 25})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*figure.Figure{
		"fig4a-horizontal": must(figure.Fig4a(all, figure.Fig4aOptions{Source: synthetic, Orientation: figure.Horizontal, Order: figure.ByValue})),
		"fig4a-hostile":    must(figure.Fig4a(h, figure.Fig4aOptions{Source: synthetic})),
		"fig4a-hundred":    must(figure.Fig4a(many, figure.Fig4aOptions{Source: synthetic})),
		"fig4a-one":        must(figure.Fig4a(one, figure.Fig4aOptions{})),
		"fig4a-some":       must(figure.Fig4a(all, figure.Fig4aOptions{Models: []string{"Grok 4", "o3"}})),
		"fig4b-horizontal": must(figure.Fig4b(all, topic, figure.RefusalRateOptions{Source: synthetic, Orientation: figure.Horizontal, Order: figure.ByValue, Intervals: figure.NoIntervals})),
		"fig4b-alone":      must(figure.Fig4b(all, nil, figure.RefusalRateOptions{Levels: []int{5, 6}})),
		"fig4b-hostile":    must(figure.Fig4b(h, h, figure.RefusalRateOptions{Topic: hostile[3]})),
		"fig4b-hundred":    must(figure.Fig4b(many, many, figure.RefusalRateOptions{Source: synthetic})),
		"fig4b-one":        must(figure.Fig4b(one, one, figure.RefusalRateOptions{})),
		"fig7-published":   must(figure.Fig7(nil, figure.Fig7Options{Categories: two, Published: publishedCounts()})),
		"fig7-beside":      must(figure.Fig7(v, figure.Fig7Options{Categories: two, Published: publishedCounts()})),
		"fig7-one":         must(figure.Fig7(v, figure.Fig7Options{Models: []string{"o3"}, Intervals: figure.NoIntervals})),
		"fig7-gap":         must(figure.Fig7(missing, figure.Fig7Options{Source: synthetic})),
		"fig10-published":  must(figure.Fig10(nil, figure.Fig10Options{Categories: two, Published: publishedCounts()})),
		"fig10-beside":     must(figure.Fig10(v, figure.Fig10Options{Categories: two[:1], Published: publishedCounts()})),
		"fig10-single":     must(figure.Fig10(v, figure.Fig10Options{Source: synthetic, Categories: two[1:], Order: figure.ByValue})),
		"fig10-gap":        must(figure.Fig10(missing, figure.Fig10Options{Source: synthetic, Categories: two[:1]})),
		"fig10-hundred":    must(figure.Fig10(valueCounts(t, manyOutliers(100).Models, 30), figure.Fig10Options{Source: synthetic, Categories: two[:1]})),
		"fig10-hostile":    must(figure.Fig10(valueCounts(t, hostile, 30), figure.Fig10Options{Categories: two[:1]})),
		"fig11-published":  must(figure.Fig11(nil, figure.Fig11Options{Panel: "b", Published: publishedMatrix(labels)})),
		"fig11-lift":       must(figure.Fig11(coOccurrence(t, 900, "grok_4", "claude_3_5_sonnet"), figure.Fig11Options{Source: synthetic, Lift: figure.WithLift})),
		"fig11-hostile":    must(figure.Fig11(strange, figure.Fig11Options{Source: synthetic})),
	}
}
