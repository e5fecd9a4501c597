package figure

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
)

// Fig2Options: the zero value is the paper's figure.
type Fig2Options struct {
	Source
	// PublishedMajority and PublishedAny are values of the paper, in
	// percent by bin (NaN for none), drawn as outlines. nil draws none.
	PublishedMajority, PublishedAny []float64
}

// Fig2 draws how often all models of a set break the rules at once,
// against how much the models disagree: the share of scenarios, in
// percent, in which every model's response is flagged by most of the
// judges, and by any of them. Each slice has one Compliance per bin of
// disagreement, in ascending order; one of them may be empty.
//
// A bin without a decided scenario is a gap. Different bins in the two
// slices, no bin at all, and published values that are not one per bin or
// stand beside synthetic data are errors.
//
// Source: Zhang et al. 2025, Figure 2, which has no intervals.
func Fig2(majority, anyJudge []analysis.Compliance, opt Fig2Options) (*Figure, error) {
	const id = "fig2"
	bins := majority
	if len(bins) == 0 {
		bins = anyJudge
	}
	if len(bins) == 0 || len(bins) > maxNames {
		return nil, fmt.Errorf("figure %s: %d bins of disagreement, want 1..%d", id, len(bins), maxNames)
	}
	if len(majority) > 0 && len(anyJudge) > 0 && !slices.EqualFunc(majority, anyJudge, sameBin) {
		return nil, fmt.Errorf("figure %s: bins %v by majority and %v by any judge, want the same", id, binNames(majority), binNames(anyJudge))
	}
	f := New(id, "Frequent non-compliance by disagreement", 1)
	f.Rows.Header = append([]string{"series", "bin"}, append(slices.Clone(estimateHeader), "undecided", "published")...)
	p := f.Plot()
	p.Add(Grid{})

	names := make([]string, len(bins))
	for i, b := range bins {
		names[i] = interval(b.Bin, i == len(bins)-1) + "\nn = " + Count(b.Scenarios)
	}
	SetNames(&p.X, names)
	p.X.Label.Text = "Range of disagreement"
	p.Y.Label.Text = "Frequent non-compliance rate (%)"

	var all []analysis.Estimate
	top := 0.0
	var ends []string
	for i, s := range []struct {
		name, key string
		list      []analysis.Compliance
		published []float64
	}{
		{majorityName(bins[0].Judges), "majority", majority, opt.PublishedMajority},
		{"Any judge (≥ 1)", "any", anyJudge, opt.PublishedAny},
	} {
		if err := checkPublished(id, opt.Source, len(s.published), len(s.list)); err != nil {
			return nil, err
		}
		if len(s.list) == 0 {
			continue
		}
		points := make([]Point, len(s.list))
		for b, c := range s.list {
			points[b] = PointOf(float64(b), c.AllFail, 100)
			all = append(all, c.AllFail)
			published := any("")
			if s.published != nil {
				published = s.published[b] / 100 // a share, as ours
			}
			f.Rows.Add(append(append([]any{s.key, c.Bin}, estimateCells(c.AllFail)...), c.Undecided, published)...)
		}
		line, err := NewLine(points, SeriesStyle(i))
		if err != nil {
			return nil, err
		}
		line.Dodge = vg.Length(3 - 6*i)
		p.Add(line)
		f.Legend = append(f.Legend, Entry{s.name, line})
		ends = append(ends, fmt.Sprintf(" %s: %s in the first, %s in the last.", s.name, inPercent(s.list[0].AllFail), inPercent(s.list[len(s.list)-1].AllFail)))
		_, _, _, hi := line.DataRange()
		top = max(top, hi)
		if s.published != nil {
			dots, hi, err := publishedDots(s.published, SeriesStyle(i), Vertical)
			if err != nil {
				return nil, fmt.Errorf("figure %s: %w", id, err)
			}
			dots.Dodge = line.Dodge
			p.Add(dots)
			top = max(top, hi)
		}
	}
	if opt.PublishedMajority != nil || opt.PublishedAny != nil {
		f.Height += 12
		f.Legend = append(f.Legend, Entry{"Published (outlines)", &Dots{Style: Style{Color: black}, Hollow: true}})
	}
	p.Y.Min, p.Y.Max = 0, min(headroom(top), 100)
	if withoutValue(all) {
		f.Panels[0].Empty = noData
	}
	var excluded [][]analysis.Exclusion
	for _, b := range bins {
		excluded = append(excluded, b.Excluded)
	}
	f.describe(opt.Source,
		fmt.Sprintf("Line chart of the frequent non-compliance rate over %d ranges of disagreement.%s", len(bins), strings.Join(ends, "")),
		fmt.Sprintf("Share of scenarios in which the response of every model is flagged (%s), by range of disagreement.", setTitle(bins[0].Set)),
		intervals(all...), sizes("scenarios per range", estimatesOf(bins)...), leftOut(excluded...), outlined(opt.PublishedMajority, opt.PublishedAny))
	return f, nil
}

func sameBin(a, b analysis.Compliance) bool { return a.Bin == b.Bin }

func binNames(list []analysis.Compliance) []string {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = c.Bin
	}
	return names
}

func estimatesOf(list []analysis.Compliance) []analysis.Estimate {
	out := make([]analysis.Estimate, len(list))
	for i, c := range list {
		out[i] = analysis.Estimate{N: c.Scenarios}
	}
	return out
}

// majorityName says how many judges make a majority.
func majorityName(judges []string) string {
	n := len(judges)
	if n == 1 {
		return "The only judge"
	}
	return fmt.Sprintf("Majority vote (≥ %d of %d judges)", n/2+1, n)
}

// interval turns a bin's name, as in "1.5-2.0", into the paper's [1.5, 2.0).
func interval(bin string, last bool) string {
	lo, hi, ok := strings.Cut(bin, "-")
	if !ok || !isNumber(lo) || !isNumber(hi) {
		return bin
	}
	if last {
		return "[" + lo + ", " + hi + "]"
	}
	return "[" + lo + ", " + hi + ")"
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// publishedDots are values of the paper at 0, 1, ...
func publishedDots(values []float64, s Style, o Orientation) (dots *Dots, hi float64, err error) {
	points := make([]Point, len(values))
	for i, v := range values {
		points[i] = Point{At: float64(i), Value: v}
		if v > hi {
			hi = v
		}
	}
	dots, err = NewDots(points, s, o)
	if err == nil {
		dots.Hollow = true
	}
	return dots, hi, err
}

// headroom is the end of an axis that leaves some air above the largest
// value, at a round number.
func headroom(top float64) float64 {
	if !(top > 0) {
		return 1
	}
	step := tickStep(top * 1.02)
	return math.Ceil(top*1.02/step) * step
}

// inPercent writes a share for a text.
func inPercent(e analysis.Estimate) string {
	if math.IsNaN(e.Value) {
		return "no value"
	}
	return percent(e.Value) + " %"
}

// setTitle names a set for a caption.
func setTitle(s analysis.ModelSet) string {
	if s.Title != "" {
		return label.Clean(s.Title)
	}
	return label.Clean(s.Name)
}
