package figure_test

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
)

// variants are figures at the edges of what is drawn.
func variants(t testing.TB) map[string]*figure.Figure {
	t.Helper()
	must := func(f *figure.Figure, err error) *figure.Figure {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	out := map[string]*figure.Figure{}
	one := disagreements(t, 3000)[:1]
	out["disagreement-one"] = must(figure.Disagreement(one, figure.DisagreementOptions{Source: synthetic}))
	out["disagreement-one-bin"] = must(figure.Disagreement(one, figure.DisagreementOptions{Bins: 1}))
	out["disagreement-empty"] = must(figure.Disagreement(disagreements(t, 1), figure.DisagreementOptions{Source: synthetic}))
	v := verdicts(3, 200, analysis.OpenAIModels.Models)
	// The paper's own values, FACTS of Figure 2, in outline.
	out["fig2-published"] = must(figure.Fig2(compliance(t, v, analysis.Majority), compliance(t, v, analysis.Any), figure.Fig2Options{
		PublishedMajority: []float64{0.7, 1.2, 1.4, 4.9, 9.7}, PublishedAny: []float64{4.9, 5.3, 12.3, 28, 49.4}}))
	out["judges-published"] = must(figure.Judges(agreement(t, 3), figure.JudgesOptions{
		PublishedFlagRate: []float64{0.481, 0.355, 0.365}, PublishedAgreement: []float64{0.6752, 0.7239, 0.7684}, PublishedKappa: []float64{0.42, math.NaN()}}))
	out["judges-one"] = must(figure.Judges(agreement(t, 1), figure.JudgesOptions{Source: synthetic}))
	out["judges-five"] = must(figure.Judges(agreement(t, 5), figure.JudgesOptions{}))
	narrow := must(figure.Fig6(paperOutliers(), figure.Fig6Options{Source: synthetic}))
	narrow.Width = figure.ColumnWidth
	out["fig6-column"] = narrow
	out["fig6-published"] = must(figure.Fig6(paperOutliers(), figure.Fig6Options{Published: []float64{300, 600, 800, 4000, 1500, 4000, 9000, 150, 500, 1000, 2000, 11000}}))
	out["fig6-one"] = must(figure.Fig6(manyOutliers(1), figure.Fig6Options{}))
	out["fig6-hundred"] = must(figure.Fig6(manyOutliers(100), figure.Fig6Options{Source: synthetic}))
	out["fig6-hostile"] = must(figure.Fig6(hostileOutliers(), figure.Fig6Options{Source: synthetic}))
	top := must(figure.ProviderPreference(preferences(t, 3000), figure.PreferenceOptions{Top: 6, Order: figure.ByName}))
	top.Width = figure.ColumnWidth
	out["preference-top"] = top
	heat := figure.New("heat", "A heat map", 1)
	var cells [][]float64
	for r := range 6 {
		var row []float64
		for c := range 6 {
			row = append(row, float64(r*c)/25)
		}
		cells = append(cells, row)
	}
	cells[2][3] = math.NaN()
	m, err := figure.NewHeatMap(cells, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	m.Format = func(v float64) string { return fmt.Sprintf("%.2f", v) }
	heat.Panels[0].Plot.Add(m)
	names := []string{"Critical thinking", "Ethical responsibility", "Clarity", "Rigor", "Emotional depth", "F"}
	m.Label(heat.Plot(), names, names)
	heat.Legend = []figure.Entry{{Name: "P(Y | X)", Thumb: figure.ColorBar{Map: m}}}
	heat.Source = synthetic
	out["heat"] = heat
	maps.Copy(out, labelVariants(t))
	out["panels"] = must(figure.Panels("panels", "Two figures in one",
		must(figure.Fig2(compliance(t, v, analysis.Majority), compliance(t, v, analysis.Any), figure.Fig2Options{Source: synthetic})),
		must(figure.Fig6(paperOutliers(), figure.Fig6Options{Source: synthetic, Orientation: figure.Horizontal}))))
	out["fig1-empty"] = must(figure.Fig1(figure.Pipeline{}, figure.Fig1Options{Source: synthetic}))
	out["fig9-published"] = must(figure.Fig9([]figure.Fig9Curve{curve("k-center", 2000, 0.9)}, figure.Fig9Options{Published: []float64{1500}}))
	return out
}

func manyOutliers(n int) *analysis.Outliers {
	o := &analysis.Outliers{Rows: 5000}
	for i := range n {
		o.Models = append(o.Models, fmt.Sprintf("model_%03d", i))
		o.Counts = append(o.Counts, (i*7919)%4000)
	}
	return o
}

func hostileOutliers() *analysis.Outliers {
	return &analysis.Outliers{Rows: 10, Models: []string{
		"\x00\x1b[31mred\x07", "a\u202ecba\u2066x", strings.Repeat("long", 500), strings.Repeat("many words ", 60),
		"正直な模型", "naïveté κ ±", "<script>&\"'", "=HYPERLINK(1)", "\xff\xfe\ufffe\uffff", "", " \n\t",
	}, Counts: []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0}}
}

// FIGURES_DIR=/tmp/figures go test -run Save writes every figure there, to
// be looked at.
func TestSave(t *testing.T) {
	dir := os.Getenv("FIGURES_DIR")
	all := everyFigure(t)
	if dir == "" {
		dir = t.TempDir()
		all = map[string]*figure.Figure{"fig2": all["fig2"]}
	}
	for name, f := range all {
		files, err := f.Save(filepath.Join(dir, name)+"/", figure.Size{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var ext []string
		for _, file := range files {
			if info, err := os.Stat(file); err != nil || info.Size() == 0 {
				t.Errorf("%s: %v, or empty", file, err)
			}
			ext = append(ext, strings.TrimPrefix(filepath.Base(file), f.ID))
		}
		if got := strings.Join(ext, " "); got != ".svg .png .csv .txt .json" {
			t.Errorf("%s: files %s", name, got)
		}
	}
}

// Who cannot see a figure is told its main numbers.
func TestAlt(t *testing.T) {
	want := map[string]string{
		"disagreement": "At or above 1.5: All 12 models ",
		"fig2":         "ranges of disagreement. Majority vote (≥ 2 of 3 judges): ",
		"judges":       "Flag rates: Claude 4 Sonnet 0.",
		"fig6":         "from Grok 4 with 10,503 down to 169.", // the paper's counts
		"preference":   "On top, ",
		"fig4a":        "Stacked bars of 7 refusal levels for 12 models. Full Compliance: from ",
		"fig4b":        "Child Grooming: from ",
		"fig7":         "Business effectiveness: from ",
		"fig10":        "9 categories of values and 12 models. Ethical responsibility: from ",
		"fig11a":       "Claude 4 Opus given Claude 4 Opus. On the diagonal: ",
		"fig1":         "scenarios 410,000",
		"fig9":         "At 0.4: k-center 369,410", // see TestFig9OfAllScenarios
	}
	for _, f := range figures(t, synthetic) {
		if !strings.HasPrefix(f.Alt, "Synthetic sample. ") || !strings.Contains(f.Alt, want[f.ID]) {
			t.Errorf("%s: %q, want the mark and %q", f.ID, f.Alt, want[f.ID])
		}
	}
}

// Ours and the paper's stand in one unit beside each other.
func TestPublishedInRows(t *testing.T) {
	all := variants(t)
	for name, want := range map[string]string{
		"fig2-published":   "0.494", // 49.4 % in the last bin, by any judge
		"judges-published": "0.481",
		"fig6-published":   "11000",
		"fig7-beside":      "17644",
		"fig10-beside":     "17644",
	} {
		f := all[name]
		column := slices.Index(f.Rows.Header, "published")
		found := false
		for _, row := range f.Rows.Rows {
			found = found || row[column] == want
		}
		if !found || !strings.Contains(f.Caption, "Outlines are the values that the paper prints.") {
			t.Errorf("%s: no published %s in the rows, or nothing of it in the caption %q", name, want, f.Caption)
		}
	}
}

// The paper's numbers alone never look like ours: outlines or a mark, no
// value in the column of ours, and the caption says so.
func TestPublishedAlone(t *testing.T) {
	all := variants(t)
	for name, ours := range map[string]string{"fig7-published": "count", "fig10-published": "count", "fig11-published": "value"} {
		f := all[name]
		for _, p := range f.Panels {
			if p.Mark != "published" {
				t.Errorf("%s: mark %q", name, p.Mark)
			}
		}
		if !strings.Contains(f.Caption, "none of this project") {
			t.Errorf("%s: caption %q", name, f.Caption)
		}
		column, published := slices.Index(f.Rows.Header, ours), slices.Index(f.Rows.Header, "published")
		for _, row := range f.Rows.Rows {
			if row[column] != "" || row[published] == "" {
				t.Errorf("%s: ours %q, published %q", name, row[column], row[published])
			}
		}
	}
}
