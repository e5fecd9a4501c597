package figure

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
)

// Fig10Options: the zero value is the paper's figure.
type Fig10Options struct {
	Source
	// Categories are those to draw, a panel each; nil means the paper's
	// nine. Figure 10a is the first of them, and so on.
	Categories []string
	Models     []string // only these, in this order; nil means all, in the paper's order
	Order      ModelOrder
	// Intervals are those of the share of responses, times their number.
	Intervals Intervals
	// Published are the paper's counts by category and by model ID, drawn as
	// outlines. Without value counts they are drawn alone.
	Published map[string]map[string]float64
}

// Fig10Categories returns the categories of Figures 10a to 10i, in order.
func Fig10Categories() []string {
	return []string{
		"Ethical responsibility",
		"Emotional depth and authentic connection",
		"Efficiency and resource optimization",
		"Intellectual integrity and objectivity",
		"Critical thinking",
		"Professional and technical excellence",
		"Business effectiveness",
		"Personal growth and wellbeing",
		"Social equity and justice",
	}
}

// fig10Models is the order of the figure, top to bottom.
var fig10Models = []string{
	"claude_opus_4", "claude_sonnet_4", "claude_3_7_sonnet", "claude_3_5_sonnet", "claude_opus_3",
	"gpt_4_1", "gpt_4_1_mini", "gpt_4o", "o3", "o4_mini", "gemini_2_5_pro", "grok_4",
}

// Fig10 draws in how many scenarios the responses of each model express a
// category of values: a panel for each category, a bar for each model. With
// ByValue each panel has its own order.
//
// Without value counts, which need labels that were never published, it
// draws the published counts as outlines and says so across each panel. A
// model without a labelled response has no bar. No counts at all, published
// ones beside synthetic data, and a category that is not there are errors.
//
// Source: Zhang et al. 2025, Figure 10, which has no intervals.
func Fig10(v *analysis.ValueCounts, opt Fig10Options) (*Figure, error) {
	const id = "fig10"
	if opt.Categories == nil {
		opt.Categories = Fig10Categories()
	}
	data, err := newCounted(id, v, opt, maxPanels)
	if err != nil {
		return nil, err
	}
	order := data.order
	f := New(id, "Scenarios in which a model expresses a value", len(opt.Categories))
	rows := (len(opt.Categories) + 2) / 3
	row := rowHigh(modelNames(data.models, order), 0.15*PageWidth)
	f.Width, f.Height = PageWidth, vg.Length(rows)*(vg.Length(len(order))*row+58)+34
	if len(opt.Categories) == 1 {
		row = rowHigh(modelNames(data.models, order), 0.4*ColumnWidth)
		f.Width, f.Height = ColumnWidth, vg.Length(len(order))*row+74
	}
	f.Rows.Header = slices.Concat([]string{"panel", "category", "model", "name", "provider", "count", "count_lo", "count_hi"}, estimateHeader, []string{"published"})
	var told []string
	for i, c := range data.categories {
		panel := &f.Panels[i]
		if len(opt.Categories) > 1 {
			panel.Title = "(" + panelLetter(i) + ") " + c.name
		} else {
			f.Title = label.Clean("Scenarios in which a model expresses " + lowerFirst(c.name))
		}
		own := slices.Clone(order)
		if opt.Order == ByValue {
			byValue(own, c.value)
		}
		if err := c.draw(f, panel, panelLetter(i), own); err != nil {
			return nil, fmt.Errorf("figure %s: %w", id, err)
		}
		if i < 9 {
			told = append(told, c.told(own))
		}
	}
	if v != nil {
		f.Legend = providerLegend(data.models, order)
	}
	if opt.Published != nil {
		f.Legend = append(f.Legend, Entry{"Published (outlines)", &Bars{Style: Style{Color: black}, Hollow: true}})
	}
	f.describe(opt.Source,
		fmt.Sprintf("Bar charts of %d categories of values and %d models. %s", len(opt.Categories), len(order), strings.Join(told, " ")),
		data.sentences()...)
	return f, nil
}

// panelLetter is a, b, c and so on.
func panelLetter(i int) string {
	if i < 26 {
		return string(rune('a' + i))
	}
	return fmt.Sprint(i + 1)
}

// lowerFirst makes a category's name one of a sentence.
func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	return strings.ToLower(string(r[:1])) + string(r[1:])
}
