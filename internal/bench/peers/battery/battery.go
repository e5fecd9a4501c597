// Package battery is what all contenders are asked for, with the statistics
// of this repository: for the program beside it, which reads with its
// loaders, and for the one in arrowgo, which reads with arrow-go.
package battery

import "github.com/specstress/specstress/analysis"

// A Report is what each contender prints.
type Report struct {
	LoadMS       float64            `json:"load_ms"`
	TotalMS      float64            `json:"total_ms"`
	Histograms   map[string][]int   `json:"histograms"`   // by set: bins of 0.05
	High         map[string]int     `json:"high"`         // by set: 1.5 or more
	Correlations map[string]float64 `json:"correlations"` // by "model model"
	Outliers     map[string]int     `json:"outliers"`     // by model, same value
	Values       map[string][2]int  `json:"values"`       // by value: scenarios, high
}

// Measure surveys the positions of the paper's twelve models; codes are
// indexes into names.
func Measure(p *analysis.Positions, codes [2][]int32, names []string) (*Report, error) {
	s, err := analysis.MeasureSurvey(p, analysis.SurveyOptions{
		Sets: analysis.PaperModelSets(), Models: analysis.AllModels, Values: codes, Codes: len(names),
	})
	if err != nil {
		return nil, err
	}
	return tables(s, names)
}

// tables reads from the tallies what the other contenders are asked for.
func tables(s *analysis.Survey, names []string) (*Report, error) {
	r := &Report{Histograms: map[string][]int{}, High: map[string]int{}, Correlations: map[string]float64{},
		Outliers: map[string]int{}, Values: map[string][2]int{}}
	var edges []float64
	for k := range 61 {
		edges = append(edges, float64(k)/20)
	}
	for i, set := range analysis.PaperModelSets() {
		h, err := s.Spreads[i].Histogram(edges)
		if err != nil {
			return nil, err
		}
		r.Histograms[set.Name] = h.Counts
		if r.High[set.Name], err = s.Spreads[i].CountAtLeast(analysis.HighDisagreement); err != nil {
			return nil, err
		}
	}
	for i, a := range s.Pairs.Models {
		r.Outliers[a] = s.Outliers[analysis.SameValue][i]
		for j := i + 1; j < len(s.Pairs.Models); j++ {
			c, err := s.Pairs.Pearson(i, j)
			if err != nil {
				return nil, err
			}
			r.Correlations[a+" "+s.Pairs.Models[j]] = c
		}
	}
	for code, n := range s.Values {
		if n.Scenarios > 0 {
			r.Values[names[code]] = [2]int{n.Scenarios, n.High}
		}
	}
	return r, nil
}
