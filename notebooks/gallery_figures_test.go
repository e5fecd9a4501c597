package notebooks_test

import (
	"fmt"

	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/notebooks/nb"
)

// The lines of docs/gallery.md, as they would stand in a notebook cell. A
// function's name does not matter; what is between its braces is shown.
// TestGalleryPage holds them to the pictures of the report.

var galleryLines = map[string]func() *figure.Figure{
	"fig1":              galleryFig1,
	"disagreement":      galleryDisagreement,
	"fig2":              galleryFig2,
	"judges":            galleryJudges,
	"fig6":              galleryFig6,
	"fig6-either-value": galleryFig6EitherValue,
	"preference":        galleryPreference,
	"panels":            galleryPanels,
	"bars":              galleryBars,
}

func galleryFig1() *figure.Figure {
	data := nb.Data()
	all, v := data.Split("complete"), data.Verdicts()
	info, responses := all.Info(), v.Rows()
	p := figure.Pipeline{Of: "split complete", Models: len(info.Models),
		Values: &info.Values, Pairs: &info.Pairs, Scenarios: &info.Rows, Responses: &responses}
	for code, name := range all.Nudges().Names {
		n := 0
		for _, c := range all.Nudges().Codes {
			if c == int32(code) {
				n++
			}
		}
		p.Nudges = append(p.Nudges, figure.Counted{Name: name, N: n})
	}
	for _, set := range analysis.PaperModelSets() {
		d := nb.Must(analysis.MeasureDisagreement(data.Split(set.Name).Positions(set), set))
		p.Disagreement = append(p.Disagreement, figure.Counted{Name: set.Title, N: nb.Must(d.CountAtLeast(1.5))})
	}
	for _, judge := range v.Judges {
		p.Judges = append(p.Judges, analysis.JudgeTitle(judge))
	}
	return nb.Must(figure.Fig1(p, figure.Fig1Options{Source: all.Origin()}))
}

func galleryDisagreement() *figure.Figure {
	data := nb.Data()
	var sets []*analysis.Disagreements
	for _, set := range analysis.PaperModelSets() {
		p := data.Split(set.Name).Positions(set)
		sets = append(sets, nb.Must(analysis.MeasureDisagreement(p, set)))
	}
	src := data.Split("all_models").Origin()
	return nb.Must(figure.Disagreement(sets, figure.DisagreementOptions{Source: src}))
}

func galleryFig2() *figure.Figure {
	v := nb.Data().Verdicts()
	majority := v.Compliance(v.ModelSet(), analysis.Majority)
	anyJudge := v.Compliance(v.ModelSet(), analysis.Any)
	return nb.Must(figure.Fig2(majority, anyJudge, figure.Fig2Options{Source: v.Origin()}))
}

func galleryJudges() *figure.Figure {
	v := nb.Data().Verdicts()
	a := nb.Must(analysis.MeasureJudgeAgreement(v.Table()))
	return nb.Must(figure.Judges(a, figure.JudgesOptions{Source: v.Origin()}))
}

func galleryFig6() *figure.Figure {
	s := nb.Data().Split("all_models")
	o := nb.Must(analysis.MeasureOutliers(s.Positions(analysis.AllModels), analysis.AllModels, analysis.SameValue))
	return nb.Must(figure.Fig6(o, figure.Fig6Options{Source: s.Origin()}))
}

func galleryFig6EitherValue() *figure.Figure {
	s := nb.Data().Split("all_models")
	o := nb.Must(analysis.MeasureOutliers(s.Positions(analysis.AllModels), analysis.AllModels, analysis.EitherValue))
	return nb.Must(figure.Fig6(o, figure.Fig6Options{Source: s.Origin()}))
}

func galleryPreference() *figure.Figure {
	s := nb.Data().Split("all_models")
	var category [2][]int32
	for _, v := range []analysis.Value{analysis.Value1, analysis.Value2} {
		category[v] = s.Categories(v)
	}
	p := nb.Must(analysis.MeasurePreferences(s.Positions(analysis.AllModels), category, analysis.AllModels))
	return nb.Must(figure.ProviderPreference(p, figure.PreferenceOptions{Source: s.Origin()}))
}

// Two figures as one, for a page.
func galleryPanels() *figure.Figure {
	v, s := nb.Data().Verdicts(), nb.Data().Split("all_models")
	majority := v.Compliance(v.ModelSet(), analysis.Majority)
	left := nb.Must(figure.Fig2(majority, nil, figure.Fig2Options{Source: v.Origin()}))
	o := nb.Must(analysis.MeasureOutliers(s.Positions(analysis.AllModels), analysis.AllModels, analysis.SameValue))
	right := nb.Must(figure.Fig6(o, figure.Fig6Options{Source: s.Origin(), Orientation: figure.Horizontal}))
	return nb.Must(nb.Must(figure.Panels("panels", "", left, right)).Sized(figure.ICMLWide))
}

// A figure of one's own: how often each provider's models disagree among
// themselves.
func galleryBars() *figure.Figure {
	s := nb.Data().Split("complete")
	f := figure.New("bars", "Disagreement within a provider", 1)
	f.Rows.Header = figure.EstimateColumns("models")
	var points []figure.Point
	var names []string
	for i, set := range []analysis.ModelSet{analysis.ClaudeModels, analysis.OpenAIModels} {
		d := nb.Must(analysis.MeasureDisagreement(s.Positions(set), set))
		e := nb.Must(d.ShareAtLeast(1.5))
		points = append(points, figure.PointOf(float64(i), e, 100))
		names = append(names, set.Title)
		f.Rows.AddEstimate(e, set.Name)
	}
	bars := nb.Must(figure.NewBars(points, figure.SeriesStyle(0), figure.Vertical))
	bars.Format = func(v float64) string { return fmt.Sprintf("%.1f", v) }
	f.Plot().Add(figure.Grid{}, bars)
	figure.SetNames(&f.Plot().X, names)
	f.Plot().Y.Label.Text = "High disagreement (%)"
	f.Width, f.Height = 3*vg.Inch, 2.4*vg.Inch
	f.Describe(s.Origin(), "Two bars with intervals.", "Share of scenarios with disagreement of 1.5 or more.")
	return f
}
