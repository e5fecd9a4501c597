package reproduce

import (
	"context"
	"slices"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/loaders"
)

// highDisagreement is where the paper calls a scenario one of high
// disagreement (section 2.2).
const highDisagreement = 1.5

// pipelineWork counts what the data hold of each step of Figure 1. It has
// no results of its own: what can be compared with the paper, others have.
func pipelineWork(src *source, _ Options) work {
	var p figure.Pipeline
	var err error
	return alone("fig1: pipeline", &err, func(ctx context.Context) error { return countPipeline(ctx, src, &p) },
		func(behind backdrop) (body, error) {
			if err != nil {
				return body{noFigure: err.Error()}, nil
			}
			var b body
			b.draw(func() (*figure.Figure, error) {
				return figure.Fig1(p, options(behind, figure.Fig1Options{Source: behind.Source}))
			})
			return b, nil
		})
}

func countPipeline(ctx context.Context, src *source, p *figure.Pipeline) error {
	// All scenarios where the source has them, else those that others use.
	split := loaders.ConfigComplete
	if !slices.Contains(src.data.Splits(loaders.ConfigComplete), split) {
		split = src.baseSplit()
	}
	var reason error
	s, err := src.scenarios(ctx, split)
	if err := unlessReason(err, &reason); err != nil {
		return err
	}
	if s != nil {
		info := s.Info()
		p.Of, p.Models, p.Scenarios = "split "+split, len(info.Models), &info.Rows
		if info.Values > 0 {
			p.Values, p.Pairs = &info.Values, &info.Pairs
		}
		p.Nudges = countNudges(s)
	}
	have := src.data.Splits(loaders.ConfigDefault)
	for _, split := range src.splits() { // the paper's in its order
		if !slices.Contains(have, split) {
			continue
		}
		n, title, err := countHigh(ctx, src, split)
		if err := unlessReason(err, &reason); err != nil {
			return err
		}
		if err == nil && len(p.Disagreement) < 24 {
			p.Disagreement = append(p.Disagreement, figure.Counted{Name: title, N: n})
		}
	}
	j, err := src.judged()
	if err := unlessReason(err, &reason); err != nil {
		return err
	}
	if j != nil {
		rows := j.Rows()
		p.Responses = &rows
		for _, judge := range j.Judges {
			p.Judges = append(p.Judges, analysis.JudgeTitle(judge))
		}
	}
	if s == nil && j == nil && p.Disagreement == nil {
		return reason
	}
	return nil
}

func countNudges(s *loaders.Scenarios) []figure.Counted {
	nudges := s.Nudges()
	counts := make([]int, len(nudges.Names))
	for _, code := range nudges.Codes {
		if code >= 0 {
			counts[code]++
		}
	}
	var parts []figure.Counted
	for i, name := range nudges.Names {
		if counts[i] > 0 {
			parts = append(parts, figure.Counted{Name: name, N: counts[i]})
		}
	}
	if len(parts) > 6 {
		return nil // not nudges, whatever the column is called
	}
	return parts
}

func countHigh(ctx context.Context, src *source, split string) (n int, title string, err error) {
	s, err := src.scenarios(ctx, split)
	if err != nil {
		return 0, "", err
	}
	set := s.ModelSet()
	positions, err := s.Positions(set)
	if err != nil {
		return 0, "", err
	}
	d, err := analysis.MeasureDisagreement(positions, set)
	if err != nil {
		return 0, "", err
	}
	title = set.Title
	if paper.SplitModels(split).Models == nil {
		title = split
	}
	n, err = d.CountAtLeast(highDisagreement)
	return n, title, err
}
