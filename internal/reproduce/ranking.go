package reproduce

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
)

// A valueRanking is how each model ranks the values, or why none does.
type valueRanking struct {
	set          analysis.ModelSet
	split        string
	splits       int // random ones, behind an accuracy
	noNudge      bool
	byModel      []paper.ModelRanking
	correlations [][]analysis.Estimate // [model][model]
	err          error
}

func rankingWork(src *source, opt Options) work {
	m := valueRanking{set: analysis.AllModels, split: src.baseSplit(), splits: cmp.Or(opt.Splits, DefaultSplits)}
	return alone("ranking: values", &m.err, func(ctx context.Context) error { return m.measure(ctx, src) }, m.body)
}

func (m *valueRanking) measure(ctx context.Context, src *source) error {
	s, err := src.base()
	if err != nil {
		return err
	}
	m.set = s.ModelSet()
	pairs, err := s.ValuePairs()
	if err != nil {
		return fmt.Errorf("%w: %w", paper.ErrAbsent, err)
	}
	positions, err := s.Positions(m.set)
	if err != nil {
		return err
	}
	model := analysis.ValueModel()
	m.noNudge = pairs.Nudges == nil
	model.Nudge = !m.noNudge
	for i, id := range m.set.Models {
		if err := ctx.Err(); err != nil {
			return err
		}
		r := paper.ModelRanking{Model: id}
		if err := unlessReason(m.rank(&r, positions, i, pairs, model), &r.Err); err != nil {
			return fmt.Errorf("model %s: %w", id, err)
		}
		m.byModel = append(m.byModel, r)
	}
	return m.correlate()
}

// rank fits one model's choices and measures how well they foretell others.
func (m *valueRanking) rank(r *paper.ModelRanking, p *analysis.Positions, at int, pairs analysis.ValuePairs, model analysis.BradleyTerryModel) error {
	contests, err := analysis.CompareValues(p, at, pairs)
	if err != nil {
		return err
	}
	if r.Fit, err = analysis.FitBradleyTerry(contests, model); err != nil {
		return err
	}
	if r.Top, r.Bottom, err = r.Fit.Extremes(paper.ShownValues, 0, analysis.PosteriorByCluster); err != nil {
		return err
	}
	r.Accuracy, err = analysis.HeldOutAccuracy(contests, model, analysis.SplitOptions{Splits: m.splits})
	return unlessReason(err, &r.AccuracyErr)
}

// correlate fills the correlations of all pairs of models that have a fit.
func (m *valueRanking) correlate() error {
	var fits []*analysis.BradleyTerry
	var of []int
	for i, r := range m.byModel {
		if r.Err == nil {
			fits, of = append(fits, r.Fit), append(of, i)
		}
	}
	some, err := analysis.CompareRankings(fits, 0)
	var reason error
	if err := unlessReason(err, &reason); err != nil {
		return err
	}
	m.correlations = make([][]analysis.Estimate, len(m.byModel))
	for i, r := range m.byModel {
		m.correlations[i] = make([]analysis.Estimate, len(m.byModel))
		for j, q := range m.byModel {
			if err := cmp.Or(r.Err, q.Err, reason); err != nil {
				m.correlations[i][j] = analysis.Estimate{Value: math.NaN(), Warnings: []error{err}}
			}
		}
	}
	for k, row := range some {
		for l, e := range row {
			m.correlations[of[k]][of[l]] = e
		}
	}
	return nil
}

func (m *valueRanking) body(behind backdrop) (body, error) {
	if m.err != nil { // ids stay
		m.byModel = nil
		for _, id := range m.set.Models {
			m.byModel = append(m.byModel, paper.ModelRanking{Model: id})
		}
	}
	b := body{claims: paper.RankingClaims(m.split, m.byModel, m.correlations, m.err)}
	if m.err != nil {
		b.noFigure = m.err.Error()
		return b, nil
	}
	b.notes = []string{
		fmt.Sprintf("Counted over split %s, each model by itself.", clean(m.split)),
		fmt.Sprintf("Accuracy: %d random splits; --splits 50 makes as many as the re-analysis had.", m.splits),
	}
	if m.noNudge {
		b.warnings = append(b.warnings, "the source has no nudges: the model is fitted without them")
	}
	var rankings []figure.ModelRanking
	for _, r := range m.byModel {
		if r.Err == nil {
			rankings = append(rankings, figure.ModelRanking{Model: r.Model, Top: r.Top, Bottom: r.Bottom})
			for _, w := range r.Fit.Warnings {
				b.notes = append(b.notes, clean(analysis.LookupModel(r.Model).Name+": "+w.Error())+".")
			}
			b.exclude("ranking", clean(r.Model), r.Fit.Excluded)
		}
	}
	b.draw(func() (*figure.Figure, error) {
		return figure.Ranking(rankings, options(behind, figure.RankingOptions{Source: behind.Source}))
	})
	return b, nil
}
