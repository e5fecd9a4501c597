package nb

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/loaders"
)

// A Comparison is one of our results beside the paper's number, as the
// report and the command verify have it.
type Comparison = paper.Comparison

// Verify lays every number that the paper prints beside the claim that
// reproduces it; one without a claim says what it would take. The claims
// must be of all rows of this source.
func (d *Dataset) Verify(claims []paper.Claim) []Comparison {
	p, _ := d.Provenance()
	return paper.Verify(originOf(p, ""), claims)
}

// FileClaims are counts of the files themselves, which the paper or an
// independent re-analysis gives: whoever meets them has read the files right.
func (d *Dataset) FileClaims() []paper.Claim {
	rows := func(split string) (*Scenarios, error) {
		if !slices.Contains(d.allSplits(), split) {
			return nil, fmt.Errorf("%w: split %s", paper.ErrAbsent, split)
		}
		return d.Split(split), nil
	}
	var names []string
	var first, second []int32
	s, err := rows(analysis.AllModels.Name)
	if err == nil {
		names, first, second = s.Values(analysis.Value1).Names, s.Values(analysis.Value1).Codes, s.Values(analysis.Value2).Codes
		if first == nil || second == nil {
			err = fmt.Errorf("%w: columns value1 and value2", paper.ErrAbsent)
		}
	}
	claims := paper.AnchorClaims(analysis.AllModels.Name, names, first, second, err)

	values, valuesErr := 0, error(loaders.ErrNoTaxonomy)
	if t := d.Taxonomy(); t != nil {
		values, valuesErr = t.Levels()[0], nil
	}
	scenarios := 0
	s, err = rows(loaders.ConfigComplete)
	if err == nil {
		scenarios = s.Rows()
	}
	return append(claims, paper.SizeClaims(values, valuesErr, scenarios, err)...)
}

// Compare lays results on all rows of this source beside the paper's
// numbers; see Scenarios.Compare.
func (d *Dataset) Compare(claims []paper.Claim) []Comparison {
	p, _ := d.Provenance()
	return paper.Compare(originOf(p, ""), claims)
}

// Compare lays results on these scenarios beside the paper's numbers, as
// the report does: the claims of package paper know what each is, and how
// far missing rows could move it.
//
// Scenarios that Where has filtered are no longer the paper's.
func (s *Scenarios) Compare(claims []paper.Claim) []Comparison {
	p, _ := s.dataset.Provenance()
	return paper.Compare(originOf(p, s.Filter()), claims)
}

// Compare lays results on these verdicts beside the paper's numbers; see
// Scenarios.Compare.
func (v *Verdicts) Compare(claims []paper.Claim) []Comparison {
	p, _ := v.dataset.Provenance()
	return paper.Compare(originOf(p, v.Filter()), claims)
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

// CompareTable lists comparisons. Of synthetic data it shows no number of
// ours: the paper's is not there to be met by a simulator; and where the
// paper prints none either, no row.
func CompareTable(list []Comparison) figure.Table {
	t := figure.Table{Header: []string{"result", "the paper prints", "page", "ours", "interval", "difference", "holds the paper's", "status"}}
	for _, c := range list {
		if c.Published == nil && c.Status == paper.Synthetic {
			continue // neither number is there
		}
		published, page, ours, interval, difference, contains := "", "", "", "", "", ""
		if c.Published != nil {
			published, page = c.Published.String(), strconv.Itoa(c.Published.Page)
		}
		switch {
		case c.Status == paper.Synthetic:
		case c.Err != nil:
			ours = c.Missing
		default:
			ours, interval = significant(c.Estimate.Value), "none: a count"
			if c.Estimate.HasInterval() {
				interval = significant(c.Estimate.Lo) + " to " + significant(c.Estimate.Hi)
			}
		}
		if c.Difference != nil {
			difference = strings.Replace(significant(*c.Difference), "-", "−", 1) // no formula of a spreadsheet
		}
		if c.Contains != nil {
			contains = map[bool]string{true: "yes", false: "no"}[*c.Contains]
		}
		t.Add(c.ID, published, page, ours, interval, difference, contains, string(c.Status))
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
