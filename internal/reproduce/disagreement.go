package reproduce

import (
	"context"
	"fmt"
	"slices"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/loaders"
)

// highDisagreement is where the paper calls a scenario one of high
// disagreement (Zhang et al. 2025, section 2.2).
const highDisagreement = 1.5

// maxPanels is how many splits fit into one figure.
const maxPanels = 12

// A splitDisagreement is what one split gives, or why it gives nothing.
type splitDisagreement struct {
	set      analysis.ModelSet
	measured *analysis.Disagreements
	warnings []string
	err      error
	own      bool // its models are not the paper's for this split

	share, mean       analysis.Estimate
	shareErr, meanErr error
}

func disagreementWork(src *source) work {
	splits := src.splits()
	parts := make([]splitDisagreement, len(splits))
	w := work{finish: func(behind backdrop) (body, error) { return disagreementBody(splits, parts, behind) }}
	for i, split := range splits {
		w.tasks = append(w.tasks, task{"disagreement: " + split, func(ctx context.Context) error {
			return unlessReason(parts[i].measure(ctx, src, split), &parts[i].err)
		}})
	}
	return w
}

func (p *splitDisagreement) measure(ctx context.Context, src *source, split string) error {
	p.set = paperSet(split)
	var s *loaders.Scenarios
	var err error
	if split == src.baseSplit() {
		s, err = src.base()
	} else {
		s, err = src.scenarios(ctx, split)
	}
	if err != nil {
		return err
	}
	want := p.set
	p.set = s.ModelSet()
	p.own = !slices.Equal(want.Models, p.set.Models)
	if p.own && s.Filter() == "" && len(want.Models) > 0 {
		p.warnings = append(p.warnings, fmt.Sprintf("%s lacks some of the paper's models for this split; taken over its %d", split, len(p.set.Models)))
	}
	positions, err := s.Positions(p.set)
	if err != nil {
		return err
	}
	if p.measured, err = analysis.MeasureDisagreement(positions, p.set); err != nil {
		return err
	}
	p.share, p.shareErr = p.measured.ShareAtLeast(highDisagreement)
	p.mean, p.meanErr = p.measured.Mean()
	return nil
}

// paperSet is the set over which a split was chosen; for complete, all
// models; for another split, none.
func paperSet(split string) analysis.ModelSet {
	for _, set := range analysis.PaperModelSets() {
		if set.Name == split {
			return set
		}
	}
	if split == loaders.ConfigComplete {
		return analysis.ModelSet{Name: split, Title: "All scenarios", Models: analysis.AllModels.Models}
	}
	return analysis.ModelSet{Name: split, Title: split}
}

func disagreementBody(splits []string, parts []splitDisagreement, behind backdrop) (body, error) {
	b := body{}
	var drawn []*analysis.Disagreements
	for i, split := range splits {
		p := parts[i]
		title := p.set.Title
		if split == loaders.ConfigComplete {
			title = "All scenarios, all models"
		} else if len(paperSet(split).Models) == 0 {
			title += " of split " + split
		}
		group := map[string]string{"split": split, "models": p.set.Name}
		var count analysis.Estimate
		var reach *paper.Bounds
		if p.err == nil {
			n, err := p.measured.CountAtLeast(highDisagreement)
			if err != nil {
				return b, err
			}
			count = analysis.Count(n, p.measured.Computable(), p.measured.Excluded()...)
			reach = &paper.Bounds{Lo: float64(n), Hi: float64(n + p.measured.NotComputable())}
			for _, x := range p.measured.Excluded() {
				if x.N > 0 {
					b.excluded = append(b.excluded, Excluded{"disagreement", split, x.Reason, x.N})
				}
			}
			if split != loaders.ConfigComplete {
				drawn = append(drawn, p.measured)
			}
			b.notes = append(b.notes, fmt.Sprintf("%s: %s of %s scenarios, models: %s.", clean(split), thousands(fmt.Sprint(p.measured.Computable())),
				thousands(fmt.Sprint(p.measured.Len())), modelNames(p.set.Models)))
		}
		b.warnings = append(b.warnings, p.warnings...)
		id := "disagreement." + segment(split)
		shareErr, meanErr := p.err, p.err
		if p.err == nil {
			shareErr, meanErr = p.shareErr, p.meanErr
		}
		b.claims = append(b.claims,
			claim{id: id + ".count", title: title + ": scenarios with disagreement of 1.5 or more", group: group, unit: unitCount, estimate: count, err: p.err, reach: reach, own: p.own},
			claim{id: id + ".share_ge_1_5", title: title + ": share with disagreement of 1.5 or more", group: group, unit: unitShare, estimate: p.share, err: shareErr, own: p.own},
			claim{id: id + ".mean", title: title + ": mean disagreement", group: group, unit: unitScore, estimate: p.mean, err: meanErr, own: p.own})
	}
	if len(drawn) == 0 {
		b.noFigure = "none of the splits is in this source"
		return b, nil
	}
	if len(drawn) > maxPanels {
		b.notes = append(b.notes, fmt.Sprintf("The figure shows the first %d of %d splits.", maxPanels, len(drawn)))
		drawn = drawn[:maxPanels]
	}
	b.draw(func() (*figure.Figure, error) {
		return figure.Disagreement(drawn, figure.DisagreementOptions{Source: behind.Source})
	})
	return b, nil
}
