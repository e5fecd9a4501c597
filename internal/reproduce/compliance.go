package reproduce

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
)

// scenariosPerBin is how many the paper judged in each bin of Figure 2
// (p. 6); fewer are public.
const scenariosPerBin = 1000

var rules = []analysis.Rule{analysis.Majority, analysis.Any}

var ruleWords = map[analysis.Rule]string{
	analysis.Majority: "majority of judges",
	analysis.Any:      "at least one judge",
}

// A binned is Figure 2's two curves, or why there are none.
type binned struct {
	set    analysis.ModelSet
	own    bool
	judges []string
	byRule [2][]analysis.Compliance
	err    error
}

func complianceWork(src *source) work {
	var m binned
	return work{
		tasks: []task{{"fig2: compliance", func(context.Context) error {
			return unlessReason(m.measure(src), &m.err)
		}}},
		finish: func(behind backdrop) (body, error) { return complianceBody(&m, behind) },
	}
}

func (m *binned) measure(src *source) error {
	j, err := src.judged()
	if err != nil {
		return err
	}
	m.judges = j.Judges
	m.set = analysis.OpenAIModels
	if slices.ContainsFunc(m.set.Models, func(id string) bool { return !slices.Contains(j.Models, id) }) {
		m.own = true
		m.set = analysis.ModelSet{Name: "all", Title: fmt.Sprintf("All %d judged models", len(j.Models)), Models: j.Models}
	}
	for i, rule := range rules {
		if m.byRule[i], err = analysis.MeasureCompliance(&j.Verdicts, m.set, rule); err != nil {
			return err
		}
	}
	return nil
}

// paperBins are the names of Figure 2's five bins.
func paperBins() []string {
	var names []string
	edges := analysis.PaperBins()
	for i := range edges[1:] {
		names = append(names, analysis.BinName(edges[i], edges[i+1]))
	}
	return names
}

func complianceBody(m *binned, behind backdrop) (body, error) {
	b := body{}
	for i, rule := range rules {
		b.claims = append(b.claims, m.binClaims(rule, m.byRule[i])...)
		b.claims = append(b.claims, m.ratioClaim(rule, m.byRule[i]))
	}
	if m.err != nil {
		b.noFigure = m.err.Error()
		return b, nil
	}
	b.notes = []string{
		fmt.Sprintf("Models: %s. A scenario counts as frequent non-compliance when the responses of all of them are flagged.", modelNames(m.set.Models)),
		judgesNote(m.judges),
	}
	if m.own {
		b.warnings = append(b.warnings, "the verdicts lack some of the paper's five OpenAI models; taken over all models that were judged")
	}
	for _, c := range m.byRule[0] {
		for _, x := range c.Excluded {
			if x.N > 0 {
				b.excluded = append(b.excluded, Excluded{"fig2", clean(c.Bin), x.Reason, x.N})
			}
		}
	}
	if !slices.ContainsFunc(m.byRule[0], func(c analysis.Compliance) bool { return c.Err == nil }) {
		b.noFigure = "no bin has a decided scenario"
		return b, nil
	}
	published := func(rule analysis.Rule) []float64 {
		var ids []string
		for _, c := range m.byRule[0] {
			ids = append(ids, binID(rule, c.Bin))
		}
		return behind.published(100, ids...) // the figure is in percent
	}
	b.draw(func() (*figure.Figure, error) {
		return figure.Fig2(m.byRule[0], m.byRule[1], figure.Fig2Options{Source: behind.Source,
			PublishedMajority: published(analysis.Majority), PublishedAny: published(analysis.Any)})
	})
	return b, nil
}

func (m *binned) binClaims(rule analysis.Rule, bins []analysis.Compliance) []claim {
	var claims []claim
	add := func(bin string, c claim) {
		c.id = binID(rule, bin)
		c.title = fmt.Sprintf("Frequent non-compliance, %s, disagreement %s", ruleWords[rule], between(bin))
		c.group = map[string]string{"rule": rule.String(), "bin": bin, "models": m.set.Name}
		c.unit, c.own = unitShare, m.own || len(m.judges) != 3
		claims = append(claims, c)
	}
	if m.err != nil {
		for _, bin := range paperBins() {
			add(bin, claim{err: m.err})
		}
		return claims
	}
	for _, c := range bins {
		lo, hi := c.Bounds(scenariosPerBin)
		add(c.Bin, claim{estimate: c.AllFail, err: c.Err, reach: &paper.Bounds{Lo: lo, Hi: hi}})
	}
	// A filter or a partial download may leave a bin of the paper without rows.
	for _, bin := range paperBins() {
		if !slices.ContainsFunc(bins, func(c analysis.Compliance) bool { return c.Bin == bin }) {
			add(bin, claim{err: fmt.Errorf("%w: bin %s", errAbsent, bin)})
		}
	}
	return claims
}

// ratioClaim compares the last of Figure 2's bins with the first.
func (m *binned) ratioClaim(rule analysis.Rule, bins []analysis.Compliance) claim {
	names := paperBins()
	first, last := names[0], names[len(names)-1]
	c := claim{
		id:    "compliance.fig2." + rule.String() + ".last_over_first",
		title: fmt.Sprintf("Frequent non-compliance, %s, disagreement %s over %s", ruleWords[rule], between(last), between(first)),
		group: map[string]string{"rule": rule.String(), "bin": last + " over " + first, "models": m.set.Name},
		unit:  unitRatio, own: m.own || len(m.judges) != 3, err: m.err,
	}
	if c.err != nil {
		return c
	}
	at := func(name string) (analysis.Compliance, error) {
		i := slices.IndexFunc(bins, func(b analysis.Compliance) bool { return b.Bin == name })
		if i < 0 {
			return analysis.Compliance{}, fmt.Errorf("%w: bin %s", errAbsent, name)
		}
		return bins[i], bins[i].Err
	}
	b, errB := at(first)
	a, errA := at(last)
	if c.err = errors.Join(errA, errB); c.err != nil {
		return c
	}
	c.estimate, c.err = analysis.ShareRatio(a.AllFail, b.AllFail)
	aLo, aHi := a.Bounds(scenariosPerBin)
	bLo, bHi := b.Bounds(scenariosPerBin)
	if bLo > 0 {
		c.reach = &paper.Bounds{Lo: aLo / bHi, Hi: aHi / bLo}
	} else if bHi > 0 {
		c.reach = &paper.Bounds{Lo: aLo / bHi, Hi: math.MaxFloat64}
	}
	return c
}

// between is a bin's name for people, with a dash.
func between(bin string) string { return strings.ReplaceAll(bin, "-", "–") }

// binID is the id of a bin's share; bins keep their points: 0.0-1.0.
func binID(rule analysis.Rule, bin string) string {
	parts := strings.Split(bin, ".")
	for i := range parts {
		parts[i] = segment(parts[i])
	}
	return "compliance.fig2." + rule.String() + "." + strings.Join(parts, ".")
}
