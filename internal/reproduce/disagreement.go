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

// maxPanels is how many splits fit into one figure.
const maxPanels = 12

// A splitDisagreement is what one split gives, or why it gives nothing.
type splitDisagreement struct {
	set      analysis.ModelSet
	measured *analysis.Disagreements
	warnings []string
	err      error
	claims   []paper.Claim
}

func disagreementWork(src *source, _ Options) work {
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
	p.set = paper.SplitModels(split)
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
	if !slices.Equal(want.Models, p.set.Models) && s.Filter() == "" && len(want.Models) > 0 {
		p.warnings = append(p.warnings, fmt.Sprintf("%s lacks some of the paper's models for this split; taken over its %d", split, len(p.set.Models)))
	}
	positions, err := s.Positions(p.set)
	if err != nil {
		return err
	}
	if p.measured, err = analysis.MeasureDisagreement(positions, p.set); err != nil {
		return err
	}
	p.claims = paper.DisagreementClaims(split, p.measured, nil) // the bootstrap takes its time: here, at once with others
	return nil
}

func disagreementBody(splits []string, parts []splitDisagreement, behind backdrop) (body, error) {
	b := body{}
	var drawn []*analysis.Disagreements
	for i, split := range splits {
		p := parts[i]
		if p.err == nil {
			b.exclude("disagreement", split, p.measured.Excluded())
			if split != loaders.ConfigComplete {
				drawn = append(drawn, p.measured)
			}
			b.notes = append(b.notes, fmt.Sprintf("%s: %s of %s scenarios, models: %s.", clean(split), figure.Count(p.measured.Computable()),
				figure.Count(p.measured.Len()), modelNames(p.set.Models)))
		}
		b.warnings = append(b.warnings, p.warnings...)
		if p.err != nil {
			p.claims = paper.DisagreementClaims(split, &analysis.Disagreements{Set: p.set}, p.err)
		}
		b.claims = append(b.claims, p.claims...)
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
		return figure.Disagreement(drawn, options(behind, figure.DisagreementOptions{Source: behind.Source}))
	})
	return b, nil
}
