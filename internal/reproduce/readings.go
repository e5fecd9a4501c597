package reproduce

import (
	"context"
	"fmt"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/loaders"
)

func readingsWork(src *source, _ Options) work {
	var splits []string // that are read; complete serves two bases
	for _, base := range paper.OutlierBases() {
		if base != paper.HighInComplete {
			splits = append(splits, base)
		}
	}
	outliers := make([][]paper.OutlierReading, len(splits))
	judges := make([]paper.JudgeReading, len(paper.SecondJudges()))
	w := work{finish: func(behind backdrop) (body, error) { return readingsBody(outliers, judges, behind) }}
	for i, split := range splits {
		w.tasks = append(w.tasks, task{"readings: " + split, func(ctx context.Context) (err error) {
			outliers[i], err = readOutliers(ctx, src, split)
			return err
		}})
	}
	w.tasks = append(w.tasks, task{"readings: second judge", func(context.Context) error {
		var reason error
		j, err := src.judged()
		if err := unlessReason(err, &reason); err != nil {
			return err
		}
		for i, name := range paper.SecondJudges() {
			judges[i] = paper.JudgeReading{Judge: name, Err: reason}
			if reason == nil {
				judges[i] = paper.ReadJudge(name, &j.Verdicts, j.ModelSet())
				if err := unlessReason(judges[i].Err, &judges[i].Err); err != nil {
					return err
				}
			}
		}
		return nil
	}})
	return w
}

// readOutliers counts both rules over one split, and of complete also over
// the scenarios of high disagreement.
func readOutliers(ctx context.Context, src *source, split string) ([]paper.OutlierReading, error) {
	const high = 1.5 // section 2.2
	bases := []string{split}
	if split == loaders.ConfigComplete {
		bases = append(bases, paper.HighInComplete)
	}
	var list []paper.OutlierReading
	for _, base := range bases {
		for _, r := range readings {
			list = append(list, paper.OutlierReading{Base: base, Rule: r.rule})
		}
	}
	measure := func() error {
		s, err := src.scenarios(ctx, split)
		if err != nil {
			return err
		}
		set := analysis.ModelSet{Name: split, Title: fmt.Sprintf("All models of %s", split), Models: s.Models()}
		p, err := s.Positions(set)
		if err != nil {
			return err
		}
		d, err := analysis.MeasureDisagreement(p, set)
		if err != nil {
			return err
		}
		for i := range list {
			o, err := analysis.MeasureOutliers(p, set, list[i].Rule)
			if err != nil {
				return err
			}
			list[i].Models, list[i].Counts, list[i].Rows = o.Models, o.Counts, o.Rows
			if list[i].Base == paper.HighInComplete {
				list[i].Counts, list[i].Rows = o.CountAmong(func(row int) bool {
					spread, _ := d.At(row)
					reaches, _ := spread.AtLeast(high) // of a constant: no error
					return reaches
				})
			}
		}
		return nil
	}
	var reason error
	if err := unlessReason(measure(), &reason); err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Err = reason
	}
	return list, nil
}

func readingsBody(outliers [][]paper.OutlierReading, judges []paper.JudgeReading, behind backdrop) (body, error) {
	b := body{noFigure: "a list of readings; Figures 2 and 6 are drawn in their own sections"}
	for _, list := range outliers {
		for _, r := range list {
			b.claims = append(b.claims, r.Claims(behind.origin)...)
		}
	}
	for _, r := range judges {
		b.claims = append(b.claims, r.Claims(behind.origin)...)
	}
	b.notes = []string{
		"Figure 6 is counted by both rules over every set of scenarios that has the positions of all models. The reading whose counts are nearest to the published ones is the likeliest to have been meant; a distance of 0 would settle it.",
		"The paper names o3 as its second judge, the public column is gpt41_decision. A file with both columns would have both readings.",
	}
	return b, nil
}
