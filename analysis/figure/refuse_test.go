package figure_test

import (
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
)

// within fails the test when f takes longer than a second; a hang would
// otherwise last until the whole test run is killed.
func within(t *testing.T, name string, f func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(5 * time.Second): // a loaded machine; a hang has no end
		t.Fatalf("%s: still drawing after 5 s", name)
		return nil
	}
}

// Each of these hangs or panics in gonum/plot v0.17.0, or draws nonsense.
func TestRefused(t *testing.T) {
	axis := func(change func(p *plot.Plot)) func() error {
		return func() error {
			f := figure.New("x", "X", 1)
			change(f.Plot())
			return f.WriteSVG(io.Discard)
		}
	}
	points := func(values ...float64) []figure.Point {
		var out []figure.Point
		for i, v := range values {
			out = append(out, figure.Point{At: float64(i), Value: v})
		}
		return out
	}
	majority := compliance(t, verdicts(3, 20, analysis.OpenAIModels.Models), analysis.Majority)
	for _, c := range []struct {
		name string
		draw func() error
		want string
	}{
		{"NaN axis", axis(func(p *plot.Plot) { p.X.Min, p.X.Max = math.NaN(), 1 }), "x axis from NaN to 1"},
		{"huge axis", axis(func(p *plot.Plot) { p.Y.Min, p.Y.Max = -1.7e308, 1.7e308 }), "y axis from"},
		{"axis without extent far out", axis(func(p *plot.Plot) { p.Y.Min, p.Y.Max = 1e14, 1e14+0.01 }), "too close"},
		{"log axis from 0", axis(func(p *plot.Plot) { p.Y.Min, p.Y.Max, p.Y.Scale = 0, 1, plot.LogScale{} }), "logarithmic from 0"},
		{"bars of +Inf", func() error {
			_, err := figure.NewBars(points(math.Inf(1)), figure.Style{}, figure.Vertical)
			return err
		}, "+Inf"},
		{"dots at 1e300", func() error { _, err := figure.NewDots(points(1, 1e300), figure.Style{}, figure.Vertical); return err }, "point 1 has the value 1e+300"},
		{"line placed at NaN", func() error {
			_, err := figure.NewLine([]figure.Point{{At: math.NaN()}}, figure.Style{})
			return err
		}, "NaN"},
		{"too many points", func() error {
			_, err := figure.NewDots(make([]figure.Point, 100_001), figure.Style{}, figure.Vertical)
			return err
		}, "100001 points"},
		{"histogram without bars", func() error { _, err := figure.NewHistogram(nil, nil, figure.Style{}); return err }, "0 bars"},
		{"histogram of NaN", func() error {
			_, err := figure.NewHistogram([]float64{0, 1}, []float64{math.NaN()}, figure.Style{})
			return err
		}, "bar 0 is NaN"},
		{"histogram with falling edges", func() error {
			_, err := figure.NewHistogram([]float64{0, 1, 1}, []float64{1, 1}, figure.Style{})
			return err
		}, "edge 2 is 1"},
		{"heat map without cells", func() error { _, err := figure.NewHeatMap(nil, 0, 1); return err }, "0 rows"},
		{"heat map of Inf", func() error { _, err := figure.NewHeatMap([][]float64{{math.Inf(-1)}}, 0, 1); return err }, "-Inf"},
		{"heat map of one colour", func() error { _, err := figure.NewHeatMap([][]float64{{1}}, 1, 1); return err }, "from 1 to 1"},
		{"ragged heat map", func() error { _, err := figure.NewHeatMap([][]float64{{1}, {1, 2}}, 0, 1); return err }, "row 1 has 2 cells"},
		{"no size", func() error { f := figure.New("x", "", 1); f.Width = 0; return f.WritePNG(io.Discard, 96) }, "0 by"},
		{"NaN size", func() error {
			f := figure.New("x", "", 1)
			f.Height = vg.Length(math.NaN())
			return f.WriteSVG(io.Discard)
		}, "NaN"},
		{"a picture of gigabytes", func() error {
			f := figure.New("x", "", 1)
			f.Width, f.Height = 90*vg.Inch, 90*vg.Inch
			return f.WritePNG(io.Discard, 600)
		}, "pixels"},
		{"too small for its texts", func() error {
			f, err := figure.Judges(agreement(t, 5), figure.JudgesOptions{})
			if err != nil {
				return err
			}
			f.Width, f.Height = vg.Inch, vg.Inch
			return f.WriteSVG(io.Discard)
		}, "figure judges: panel"},
		{"names that do not fit beside each other", func() error {
			f, err := figure.ProviderPreference(preferences(t, 300), figure.PreferenceOptions{})
			if err != nil {
				return err
			}
			f.Height = 3 * vg.Inch
			return f.WriteSVG(io.Discard)
		}, "26 names need"},
		{"a panel without plot", func() error {
			f := &figure.Figure{Width: vg.Inch, Height: vg.Inch, Panels: []figure.Panel{{}}}
			return f.WriteSVG(io.Discard)
		}, "no plot"},
		{"unknown format", func() error { return figure.New("x", "", 1).Encode(io.Discard, "eps") }, `"eps"`},
		{"an id that leaves the folder", func() error { _, err := figure.New("../x", "", 1).Save(t.TempDir()+"/", figure.Size{}); return err }, "no file name"},

		{"no sets", func() error { _, err := figure.Disagreement(nil, figure.DisagreementOptions{}); return err }, "0 sets"},
		{"negative bins", func() error {
			_, err := figure.Disagreement(disagreements(t, 3), figure.DisagreementOptions{Bins: -1})
			return err
		}, "-1 bins"},
		{"NaN threshold", func() error {
			_, err := figure.Disagreement(disagreements(t, 3), figure.DisagreementOptions{Threshold: math.NaN()})
			return err
		}, "NaN"},
		{"no bins of compliance", func() error { _, err := figure.Fig2(nil, nil, figure.Fig2Options{}); return err }, "0 bins"},
		{"unlike bins", func() error { _, err := figure.Fig2(majority, majority[1:], figure.Fig2Options{}); return err }, "want the same"},
		{"published values on synthetic data", func() error {
			_, err := figure.Fig2(majority, nil, figure.Fig2Options{Source: synthetic, PublishedMajority: make([]float64, 5)})
			return err
		}, "published values beside synthetic sample data"},
		{"too few published values", func() error {
			_, err := figure.Fig6(paperOutliers(), figure.Fig6Options{Published: []float64{1}})
			return err
		}, "1 published values, want 12"},
		{"no judges", func() error { _, err := figure.Judges(&analysis.JudgeAgreement{}, figure.JudgesOptions{}); return err }, "no judge"},
		{"more judges than fit", func() error { _, err := figure.Judges(agreement(t, 20), figure.JudgesOptions{}); return err }, "190 pairs"},
		{"no outliers", func() error { _, err := figure.Fig6(nil, figure.Fig6Options{}); return err }, "no models"},
		{"a thousand models", func() error { _, err := figure.Fig6(manyOutliers(1000), figure.Fig6Options{}); return err }, "1000 models"},
		{"no refusals", func() error { _, err := figure.Fig4a(nil, figure.Fig4aOptions{}); return err }, "no model or no level"},
		{"a thousand models with labels", func() error {
			_, err := figure.Fig4a(refusals(t, refusalLabels(t, manyOutliers(1000).Models, 3), 0), figure.Fig4aOptions{})
			return err
		}, "1000 models, want 1..120"},
		{"an unknown model", func() error {
			_, err := figure.Fig4b(refusals(t, refusalLabels(t, []string{"o3"}, 30), 0), nil, figure.RefusalRateOptions{Models: []string{"o33"}})
			return err
		}, `no model "o33"; nearest: o3`},
		{"a model twice", func() error {
			_, err := figure.Fig4c(refusals(t, refusalLabels(t, []string{"o3"}, 30), 0), nil, figure.RefusalRateOptions{Models: []string{"o3", "O3"}})
			return err
		}, "chosen twice"},
		{"other models on the topic", func() error {
			_, err := figure.Fig4d(refusals(t, refusalLabels(t, []string{"o3"}, 30), 0), refusals(t, refusalLabels(t, []string{"o4_mini"}, 30), 0), figure.RefusalRateOptions{})
			return err
		}, "other models or levels"},
		{"a level that does not exist", func() error {
			_, err := figure.Fig4b(refusals(t, refusalLabels(t, []string{"o3"}, 30), 0), nil, figure.RefusalRateOptions{Levels: []int{7}})
			return err
		}, "level 7"},
		{"no labels and nothing published", func() error { _, err := figure.Fig10(nil, figure.Fig10Options{}); return err }, "docs/labels.md says how to make them"},
		{"no co-occurrence", func() error { _, err := figure.Fig11(nil, figure.Fig11Options{Panel: "a"}); return err }, "figure fig11a: no co-occurrence"},
		{"an unknown category", func() error {
			_, err := figure.Fig7(valueCounts(t, []string{"o3"}, 30), figure.Fig7Options{Categories: []string{"Wit"}})
			return err
		}, `no category "Wit"`},
		{"a hundred models as dots", func() error {
			_, err := figure.Fig7(valueCounts(t, manyOutliers(100).Models, 30), figure.Fig7Options{})
			return err
		}, "100 models, want at most 30"},
		{"published counts on synthetic data", func() error {
			_, err := figure.Fig10(valueCounts(t, []string{"o3"}, 30), figure.Fig10Options{Source: synthetic, Published: publishedCounts()})
			return err
		}, "published values beside synthetic sample data"},
		{"a published matrix on synthetic data", func() error {
			_, err := figure.Fig11(nil, figure.Fig11Options{Source: synthetic, Published: publishedMatrix([]string{"a", "b"})})
			return err
		}, "published values beside synthetic sample data"},
		{"a published matrix of other labels", func() error {
			_, err := figure.Fig11(coOccurrence(t, 90, "grok_4", "claude_3_5_sonnet"), figure.Fig11Options{Published: publishedMatrix([]string{"a", "b"})})
			return err
		}, "of other models or labels"},
		{"a ragged published matrix", func() error {
			_, err := figure.Fig11(nil, figure.Fig11Options{Published: &figure.PublishedMatrix{Labels: []string{"a"}, P: [][]float64{{1, 2}}}})
			return err
		}, "not of 1 by 1"},
		{"a stack of nothing", func() error { _, err := figure.NewStack(nil, nil, figure.Vertical); return err }, "0 series"},
		{"a stack of -1", func() error {
			_, err := figure.NewStack([][]float64{{-1}}, []figure.Style{{}}, figure.Vertical)
			return err
		}, "part 0 is -1"},
		{"a ragged stack", func() error {
			_, err := figure.NewStack([][]float64{{1}, {1, 2}}, make([]figure.Style, 2), figure.Vertical)
			return err
		}, "series 1 has 2 parts"},
		{"no categories", func() error {
			_, err := figure.ProviderPreference(&analysis.Preferences{}, figure.PreferenceOptions{})
			return err
		}, "no category"},
	} {
		err := within(t, c.name, c.draw)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.want)
		}
	}
	if _, err := figure.Judges(&analysis.JudgeAgreement{}, figure.JudgesOptions{}); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("no judges: %v, want ErrTooFew", err)
	}
}

// What is odd, but can be drawn, is drawn.
func TestDrawn(t *testing.T) {
	all := everyFigure(t)
	nan := math.NaN()
	odd := func(name string, change func(f *figure.Figure, p *plot.Plot)) {
		f := figure.New(name, name, 1)
		change(f, f.Plot())
		all[name] = f
	}
	odd("nothing", func(*figure.Figure, *plot.Plot) {})
	odd("no names", func(_ *figure.Figure, p *plot.Plot) { figure.SetNames(&p.X, nil) })
	odd("no extent", func(_ *figure.Figure, p *plot.Plot) { p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 2, 2, 2, 2 })
	odd("all missing", func(_ *figure.Figure, p *plot.Plot) {
		for _, o := range []figure.Orientation{figure.Vertical, figure.Horizontal} {
			d, err := figure.NewDots([]figure.Point{{Value: nan}, {At: 1, Value: nan}}, figure.SeriesStyle(0), o)
			if err != nil {
				t.Fatal(err)
			}
			p.Add(d)
		}
	})
	odd("empty blocks", func(_ *figure.Figure, p *plot.Plot) {
		p.Add(&figure.Bars{}, &figure.Dots{}, &figure.Line{}, figure.Bands{}, figure.Grid{}, figure.Rule{At: nan})
	})
	odd("all negative bars", func(_ *figure.Figure, p *plot.Plot) {
		b, err := figure.NewBars([]figure.Point{{Value: -3}, {At: 1, Value: -1, Lo: -2, Hi: 0.5}}, figure.SeriesStyle(1), figure.Vertical)
		if err != nil {
			t.Fatal(err)
		}
		p.Add(b)
	})
	odd("a legend that is too long", func(f *figure.Figure, p *plot.Plot) {
		for i := range 8 {
			f.Legend = append(f.Legend, figure.Entry{Name: strings.Repeat("name ", i*3), Thumb: &figure.Dots{Style: figure.SeriesStyle(i)}})
		}
		f.Height = 4 * vg.Inch
	})
	for name, f := range all {
		err := within(t, name, func() error {
			return errors.Join(f.WriteSVG(io.Discard), f.WritePNG(io.Discard, goldenDPI), f.WriteCSV(io.Discard))
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
