package analysis

import (
	"context"
	"math"
)

// farthestFirst selects the farthest point, again and again.
func farthestFirst(ctx context.Context, v *Vectors, opt KCenterOptions) (*Selection, error) {
	f, err := newFrontier(ctx, v, opt)
	if err != nil {
		return nil, err
	}
	s := &Selection{Method: FarthestFirst, Threshold: opt.Threshold, Points: v.rows}
	s.add(f, opt.first(v.rows), math.Inf(1))
	if err := f.coverAll(ctx); err != nil {
		return nil, err
	}
	for {
		row, score, err := f.farthest(ctx)
		if err != nil {
			return nil, err
		}
		s.Radius = score
		switch {
		case opt.Threshold >= 0 && score <= opt.Threshold:
			s.Stopped = AtThreshold
		case len(s.Rows) == opt.K:
			s.Stopped = AtK
		case score == 0:
			s.Stopped = AllCovered
		default:
			s.add(f, row, f.distance(row))
			if opt.Progress != nil && len(s.Rows)%64 == 0 {
				opt.Progress(len(s.Rows), score)
			}
			continue
		}
		s.Distances = f.computed
		return s, nil
	}
}
