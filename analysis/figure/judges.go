package figure

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
)

// JudgesOptions: the zero value is the paper's statistics.
type JudgesOptions struct {
	Source
	// Values of the paper, drawn as outlines; nil draws none, NaN in a
	// place none there. Flag rates are by judge, agreements by pair, both
	// shares 0..1; kappas are those of two and of three categories.
	PublishedFlagRate, PublishedAgreement, PublishedKappa []float64
}

// Judges draws how often each judge flags a response as problematic, and
// how often each pair of judges agrees on it, with Fleiss' kappa over two
// and over three categories: a dot and its interval for each. Any number of
// judges will do up to 15; the pairs of more are an error.
//
// What has no value is left out, and listed with its reason in the CSV.
//
// Source: Zhang et al. 2025, section 3.1.2, which prints the numbers
// without a figure.
func Judges(a *analysis.JudgeAgreement, opt JudgesOptions) (*Figure, error) {
	const id = "judges"
	if a == nil || len(a.Judges) == 0 {
		return nil, fmt.Errorf("figure %s: no judge: %w", id, analysis.ErrTooFew)
	}
	if len(a.FlagRate) != len(a.Judges) || len(a.Pairs) != len(a.Judges)*(len(a.Judges)-1)/2 {
		return nil, fmt.Errorf("figure %s: %d flag rates and %d pairs of %d judges", id, len(a.FlagRate), len(a.Pairs), len(a.Judges))
	}
	rows := len(a.Pairs) + 2
	if rows > maxNames {
		return nil, fmt.Errorf("figure %s: %d judges make %d pairs, want at most %d", id, len(a.Judges), len(a.Pairs), maxNames-2)
	}
	f := New(id, "How often judges flag, and how often they agree", 2)
	f.Columns = 2
	f.Height = vg.Length(max(rows, 4))*23 + 66
	f.Rows.Header = append([]string{"statistic", "judge", "other_judge"}, append(append([]string{}, estimateHeader...), "published", "reason")...)

	rates := dotRows{}
	for i, judge := range a.Judges {
		rates.add(analysis.JudgeTitle(judge), "flag_rate", judge, "", a.FlagRate[i], errAt(a.FlagRateErr, i), at(opt.PublishedFlagRate, i), Circle)
	}
	agreement := dotRows{}
	for i, pair := range a.Pairs {
		agreement.add(analysis.JudgeTitle(pair.A)+" –\n"+analysis.JudgeTitle(pair.B), "agreement", pair.A, pair.B, pair.Agreement, pair.Err, at(opt.PublishedAgreement, i), Circle)
	}
	agreement.add("Fleiss’ κ, two categories", "fleiss_binary", "", "", a.Binary.Estimate, a.BinaryErr, at(opt.PublishedKappa, 0), Diamond)
	agreement.add("Fleiss’ κ, three categories", "fleiss_three", "", "", a.Three.Estimate, a.ThreeErr, at(opt.PublishedKappa, 1), Diamond)
	for _, c := range []struct{ have, want int }{
		{len(opt.PublishedFlagRate), len(a.Judges)}, {len(opt.PublishedAgreement), len(a.Pairs)}, {len(opt.PublishedKappa), 2},
	} {
		if err := checkPublished(id, opt.Source, c.have, c.want); err != nil {
			return nil, err
		}
	}

	f.Panels[0].Title = "(a) Responses flagged"
	f.Panels[1].Title = "(b) Agreement between judges"
	f.Panels[0].Plot.X.Label.Text = "Share of the judge’s responses flagged"
	f.Panels[1].Plot.X.Label.Text = "Share of responses agreed on, or κ"
	for i, r := range []dotRows{rates, agreement} {
		if err := r.draw(f, &f.Panels[i]); err != nil {
			return nil, fmt.Errorf("figure %s: %w", id, err)
		}
	}
	if opt.PublishedFlagRate != nil || opt.PublishedAgreement != nil || opt.PublishedKappa != nil {
		f.Height += 14
		f.Legend = []Entry{{"Here", &Dots{Style: SeriesStyle(0)}}, {"Published (outlines)", &Dots{Style: SeriesStyle(0), Hollow: true}}}
	}
	all := append(rates.estimates(), agreement.estimates()...)
	f.describe(opt.Source,
		"Dots with intervals. Flag rates: "+rates.listed()+". Agreement: "+agreement.listed()+".",
		"(a) Share of responses that each judge calls non-compliant or ambiguous.",
		"(b) Share of responses on which two judges agree whether that is so (circles), and Fleiss’ kappa of all judges (diamonds).",
		intervals(all...), sizes("responses", all...), outlined(opt.PublishedFlagRate, opt.PublishedAgreement, opt.PublishedKappa))
	return f, nil
}

// at is the i-th published value, NaN where there is none.
func at(values []float64, i int) float64 {
	if i < len(values) {
		return values[i]
	}
	return math.NaN()
}

func errAt(errs []error, i int) error {
	if i < len(errs) {
		return errs[i]
	}
	return nil
}

// dotRows are named estimates from top to bottom.
type dotRows struct {
	names     []string
	values    []analysis.Estimate
	published []float64
	markers   []Marker
	cells     [][]any
	reason    string // of the first that has no value
}

func (r *dotRows) add(name, statistic, judge, other string, e analysis.Estimate, err error, published float64, m Marker) {
	reason := ""
	if err != nil {
		reason, e.Value, e.Level = err.Error(), math.NaN(), 0
		if r.reason == "" {
			r.reason = reason
		}
	}
	r.names = append(r.names, name)
	r.values = append(r.values, e)
	r.published = append(r.published, published)
	r.markers = append(r.markers, m)
	r.cells = append(r.cells, append(append([]any{statistic, judge, other}, estimateCells(e)...), published, reason))
}

func (r *dotRows) estimates() (present []analysis.Estimate) {
	for _, e := range r.values {
		if !math.IsNaN(e.Value) {
			present = append(present, e)
		}
	}
	return present
}

// listed tells the values in words.
func (r *dotRows) listed() string {
	var parts []string
	for i, e := range r.values {
		value := "no value"
		if !math.IsNaN(e.Value) {
			value = fmt.Sprintf("%.3f", e.Value)
		}
		parts = append(parts, label.Clean(r.names[i])+" "+value)
	}
	return strings.Join(parts, "; ")
}

// withInterval writes a value and its interval to three digits: thousands
// of responses make intervals shorter than a marker.
func withInterval(p Point) string {
	if !p.interval() {
		return fmt.Sprintf("%.3f", p.Value)
	}
	return fmt.Sprintf("%.3f [%.3f, %.3f]", p.Value, p.Lo, p.Hi)
}

// draw fills a panel and the figure's table.
func (r *dotRows) draw(f *Figure, panel *Panel) error {
	p := panel.Plot
	n := len(r.names)
	names := make([]string, n)
	p.Add(Bands{n}, Grid{Horizontal})
	lo, hi := 0.0, 1.0
	for i, e := range r.values {
		up := n - 1 - i // the first on top
		names[up] = r.names[i]
		f.Rows.Add(r.cells[i]...)
		style := SeriesStyle(0)
		style.Marker = r.markers[i]
		dots, err := NewDots([]Point{PointOf(float64(up), e, 1)}, style, Horizontal)
		if err != nil {
			return err
		}
		dots.Dodge, dots.Format = -labelSize/2, withInterval
		published, err := NewDots([]Point{{At: float64(up), Value: r.published[i]}}, style, Horizontal)
		if err != nil {
			return err
		}
		published.Hollow, published.Dodge = true, dots.Dodge
		for _, d := range []*Dots{dots, published} {
			if xmin, xmax, _, _ := d.DataRange(); xmin <= xmax {
				lo, hi = min(lo, xmin), max(hi, xmax)
				p.Add(d)
			}
		}
	}
	SetNames(&p.Y, names)
	p.X.Min, p.X.Max = lo, hi
	if len(r.estimates()) == 0 {
		panel.Empty = "no data: " + strings.TrimPrefix(r.reason, "analysis: ")
	}
	return nil
}
