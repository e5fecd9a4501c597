package figure

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
)

// DisagreementOptions: the zero value is the paper's threshold and a bin
// for each tenth of a score unit.
type DisagreementOptions struct {
	Source
	Bins      int     // equal bins over 0..MaxScore/2; 0 means 30
	Threshold float64 // the marked disagreement; 0 means 1.5
}

// highDisagreement is from where the paper takes scenarios.
//
// Source: Zhang et al. 2025, section 2.2.
const highDisagreement = 1.5

// Disagreement draws how many scenarios, in percent, fall in each bin of
// disagreement: a panel for each set, from 1 to 12. Bins are [a,b), the
// last one closed; bars from the threshold on are darker. A panel's title
// tells n and the share at or above the threshold with its interval.
//
// Bars themselves are plain shares without intervals. Scenarios without a
// disagreement are left out and counted. A set without any scenario gives
// an empty panel.
//
// Source: Zhang et al. 2025, section 2.2, which prints no such figure.
func Disagreement(d []*analysis.Disagreements, opt DisagreementOptions) (*Figure, error) {
	const id = "disagreement"
	if len(d) == 0 || len(d) > 12 {
		return nil, fmt.Errorf("figure %s: %d sets, want 1..12", id, len(d))
	}
	if opt.Bins == 0 {
		opt.Bins = 30
	}
	if opt.Threshold == 0 {
		opt.Threshold = highDisagreement
	}
	if opt.Bins < 1 || opt.Bins > 600 {
		return nil, fmt.Errorf("figure %s: %d bins, want 1..600", id, opt.Bins)
	}
	edges := make([]float64, opt.Bins+1)
	for i := range edges {
		// One rounding: 9/30 is the 0.3 that a reader means.
		edges[i] = float64(i*analysis.MaxScore) / float64(2*opt.Bins)
	}

	f := New(id, "Distribution of disagreement", len(d))
	if len(d) > 1 {
		f.Height = vg.Length((len(d)+2)/3)*1.95*vg.Inch + 0.5*vg.Inch
	}
	threshold := decimal(opt.Threshold)
	f.Rows.Header = append([]string{"set", "part", "from", "to", "count"}, estimateHeader...)
	var sized []analysis.Estimate
	var excluded [][]analysis.Exclusion
	var estimates []analysis.Estimate
	var shares []string
	for i, set := range d {
		if set == nil {
			return nil, fmt.Errorf("figure %s: set %d is nil", id, i+1)
		}
		above, err := disagreementPanel(f, &f.Panels[i], set, edges, opt.Threshold)
		if err != nil {
			return nil, fmt.Errorf("figure %s: set %q: %w", id, set.Set.Name, err)
		}
		if above.Value < 1 {
			estimates = append(estimates, above)
		}
		shares = append(shares, fmt.Sprintf("%s %s of %s", setTitle(set.Set), inPercent(above), Count(set.Computable())))
		sized = append(sized, analysis.Estimate{N: set.Computable()})
		excluded = append(excluded, set.Excluded())
	}
	perPanel := ""
	if len(d) > 1 {
		perPanel = " per panel; vertical scales differ"
	}
	f.describe(opt.Source,
		fmt.Sprintf("Histograms of disagreement from 0 to %s in %d bins, for %s. At or above %s: %s.", decimal(edges[opt.Bins]), opt.Bins, setsOf(len(d)), threshold, strings.Join(shares, "; ")),
		"Share of scenarios by disagreement, the larger population standard deviation of the models' positions on the two values.",
		fmt.Sprintf("The dashed line and the darker bars mark disagreement of %s or more; titles tell its share.", threshold),
		sizes("scenarios"+perPanel, sized...),
		leftOut(excluded...), bracketNote(estimates))
	return f, nil
}

// setsOf counts sets of models in words.
func setsOf(n int) string {
	if n == 1 {
		return "one set of models"
	}
	return fmt.Sprintf("%d sets of models", n)
}

// bracketNote says what stands in brackets in the titles.
func bracketNote(list []analysis.Estimate) string {
	for _, e := range list {
		if e.HasInterval() {
			return fmt.Sprintf("Brackets are %.4g %% intervals.", 100*e.Level)
		}
	}
	return ""
}

// disagreementPanel fills one panel and its rows, and returns the share at
// or above the threshold.
func disagreementPanel(f *Figure, panel *Panel, d *analysis.Disagreements, edges []float64, threshold float64) (analysis.Estimate, error) {
	p := panel.Plot
	p.X.Label.Text = "Disagreement (score units)"
	p.Y.Label.Text = "Scenarios (%)"
	p.X.Min, p.X.Max = edges[0], edges[len(edges)-1]
	n := d.Computable()
	panel.Title = setTitle(d.Set)
	panel.Note = "n = " + Count(n)
	if n == 0 {
		panel.Empty = noData
		p.Y.Min, p.Y.Max = 0, 1
		p.Y.Tick.Marker = plot.ConstantTicks{}
		return analysis.Estimate{Value: math.NaN()}, nil
	}
	h, err := d.Histogram(edges)
	if err != nil {
		return analysis.Estimate{}, err
	}
	above, err := d.ShareAtLeast(threshold)
	if err != nil {
		return analysis.Estimate{}, err
	}
	reaching, err := d.CountAtLeast(threshold)
	if err != nil {
		return analysis.Estimate{}, err
	}
	if reaching == n {
		// So it is where scenarios were chosen by the threshold: an interval
		// around all of them would pretend to estimate something.
		panel.Note += "\nall ≥ " + decimal(threshold)
	} else {
		panel.Note += fmt.Sprintf("\n≥ %s: %s\u00a0%% [%s,\u00a0%s]", decimal(threshold), percent(above.Value), percent(above.Lo), percent(above.Hi))
	}
	f.Rows.Add(append([]any{d.Set.Name, "at or above the threshold", threshold, edges[len(edges)-1], reaching}, estimateCells(above)...)...)
	shares := make([]float64, len(h.Counts))
	for i, count := range h.Counts {
		share := analysis.Estimate{Value: float64(count) / float64(n), N: n, Method: "share of scenarios, no interval"}
		shares[i] = 100 * share.Value
		f.Rows.Add(append([]any{d.Set.Name, "bin", h.Edges[i], h.Edges[i+1], count}, estimateCells(share)...)...)
	}
	bars, err := NewHistogram(edges, shares, SeriesStyle(0))
	if err != nil {
		return analysis.Estimate{}, err
	}
	bars.Split = threshold
	_, _, _, top := bars.DataRange()
	p.Add(Grid{}, bars, Rule{At: threshold})
	p.Y.Min, p.Y.Max = 0, min(headroom(top), 100)
	return above, nil
}

// percent writes a share in percent with one decimal.
func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 1, 64) }

// decimal writes a number with the digits it needs.
func decimal(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
