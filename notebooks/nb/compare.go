package nb

import (
	"math"
	"strconv"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/loaders"
)

// A Comparison is one of our results beside the paper's number.
type Comparison struct {
	ID        string // of the result, as in docs/results.md
	Ours      analysis.Estimate
	Err       error         // why there is no value
	Published *paper.Number // nil where the paper prints none
	Status    paper.Status
}

// Compare sets a result on these scenarios beside the paper's number of
// that id. The error is that of the statistic. Reach, if given, is the
// range of values that missing rows could have made.
//
// Scenarios that Where has filtered are no longer the paper's.
func (s *Scenarios) Compare(id string, ours analysis.Estimate, err error, reach ...paper.Bounds) Comparison {
	p, _ := s.dataset.Provenance()
	return compare(originOf(p, s.Filter()), id, ours, err, reach)
}

// Compare sets a result on these verdicts beside the paper's number of that
// id; see Scenarios.Compare.
func (v *Verdicts) Compare(id string, ours analysis.Estimate, err error, reach ...paper.Bounds) Comparison {
	p, _ := v.dataset.Provenance()
	return compare(originOf(p, v.Filter()), id, ours, err, reach)
}

func originOf(p loaders.Provenance, filter string) paper.Origin {
	switch {
	case p == loaders.Synthetic:
		return paper.SyntheticOrigin
	case p == loaders.PaperData && filter == "":
		return paper.PaperOrigin
	}
	return paper.OtherOrigin
}

func compare(origin paper.Origin, id string, ours analysis.Estimate, err error, reach []paper.Bounds) Comparison {
	c := Comparison{ID: id, Ours: ours, Err: err}
	f := paper.Finding{Origin: origin, Value: ours.Value}
	if err != nil {
		f.Value = math.NaN()
	}
	if ours.HasInterval() {
		f.Interval = &paper.Bounds{Lo: ours.Lo, Hi: ours.Hi}
	}
	if len(reach) > 0 {
		f.Reach = &reach[0]
	}
	if n, ok := paper.Lookup(id); ok {
		c.Published = &n
	}
	c.Status = paper.Decide(f, c.Published)
	return c
}

// CompareTable lists comparisons. Of synthetic data it shows no number of
// ours: the paper's is not there to be met by a simulator.
func CompareTable(list ...Comparison) figure.Table {
	t := figure.Table{Header: []string{"result", "the paper prints", "page", "ours", "interval", "status"}}
	for _, c := range list {
		published, page, ours, interval := "", "", "", ""
		if c.Published != nil {
			published, page = c.Published.String(), strconv.Itoa(c.Published.Page)
		}
		if c.Status != paper.Synthetic && c.Err == nil {
			ours = significant(c.Ours.Value)
			if c.Ours.HasInterval() {
				interval = significant(c.Ours.Lo) + " to " + significant(c.Ours.Hi)
			}
		}
		t.Add(c.ID, published, page, ours, interval, string(c.Status))
	}
	return t
}

// significant writes whole numbers in full and others with four digits.
func significant(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}
