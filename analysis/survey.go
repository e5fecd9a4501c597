package analysis

import (
	"fmt"
	"math/bits"
	"sync"
)

// A Survey is what the positions of many scenarios tell when they are read
// once: counts and sums in whole numbers, from which distributions, shares,
// correlations and rankings are read without another look at the rows.
// Intervals take the rows, for scenarios of one value pair are not
// independent; [MeasureDisagreement] and [Correlate] make them.
type Survey struct {
	Rows     int
	Spreads  []*SpreadTally // by set of SurveyOptions.Sets
	Pairs    *PairTally     // of SurveyOptions.Models
	Outliers [2][]int       // by OutlierRule and model of SurveyOptions.Models
	Values   []ValueCount   // by code of SurveyOptions.Values
}

// A ValueCount says in how many scenarios a value stands, and in how many
// of them the models of the first set disagree by HighDisagreement or more.
type ValueCount struct{ Scenarios, High int }

// HighDisagreement is the disagreement from which on the paper calls it
// high.
//
// Source: Zhang et al. 2025, section 2.2.
const HighDisagreement = 1.5

// SurveyOptions says what to look for. What is left empty is not looked for.
type SurveyOptions struct {
	Sets   []ModelSet // whose disagreement to tally
	Models ModelSet   // whose outliers and correlations to count
	// Values holds for each of a scenario's two values its code, 0 to
	// Codes-1, or -1 for none. A value on both sides counts once.
	Values [2][]int32
	Codes  int
}

// MeasureSurvey reads the positions once, on all cores, a block of rows at
// a time. A missing position is left out as those statistics leave it out.
// Errors are those of MeasureDisagreement and MeasureOutliers, and codes that
// are out of range or not one per row.
//
// Source: Zhang et al. 2025, sections 2.2 and 3.3, for what is counted.
func MeasureSurvey(p *Positions, opt SurveyOptions) (*Survey, error) {
	plan, err := newSurveyPlan(p, opt)
	if err != nil {
		return nil, err
	}
	total := plan.empty()
	var together sync.Mutex
	err = inBlocks(p.rows, func() (work func(lo, hi int) error, finish func()) {
		s := newSurveyor(plan)
		return s.block, func() {
			together.Lock()
			defer together.Unlock()
			total.merge(s.result())
		}
	})
	if err != nil {
		return nil, err
	}
	return total, nil
}

// A surveyPlan is what to look for, as columns of the positions.
type surveyPlan struct {
	SurveyOptions
	p      *Positions
	sets   [][]int
	models []int
	high   []uint64 // by N of the first set: the smallest Q that is high
}

func newSurveyPlan(p *Positions, opt SurveyOptions) (*surveyPlan, error) {
	plan := &surveyPlan{SurveyOptions: opt, p: p}
	for _, set := range opt.Sets {
		if err := checkDisagreementSet(set); err != nil {
			return nil, err
		}
		columns, err := p.columnsOf(set)
		if err != nil {
			return nil, err
		}
		plan.sets = append(plan.sets, columns)
	}
	if len(opt.Models.Models) > 0 {
		if err := checkOutlierSet(opt.Models); err != nil {
			return nil, err
		}
		var err error
		if plan.models, err = p.columnsOf(opt.Models); err != nil {
			return nil, err
		}
	}
	if opt.Codes == 0 {
		return plan, nil
	}
	if len(opt.Sets) == 0 {
		return nil, fmt.Errorf("analysis: survey of %d values over no set of models", opt.Codes)
	}
	for v, codes := range opt.Values {
		if len(codes) != p.rows {
			return nil, fmt.Errorf("analysis: survey: value %d has codes for %d rows, want %d", v+1, len(codes), p.rows)
		}
	}
	high, err := newThreshold(HighDisagreement)
	if err != nil {
		return nil, err
	}
	for n := range len(opt.Sets[0].Models) + 1 {
		plan.high = append(plan.high, high.atLeast(n))
	}
	return plan, nil
}

func (plan *surveyPlan) empty() *Survey {
	s := &Survey{Values: make([]ValueCount, plan.Codes), Pairs: newPairTally(plan.Models.Models)}
	for range plan.sets {
		s.Spreads = append(s.Spreads, new(SpreadTally))
	}
	for rule := range s.Outliers {
		s.Outliers[rule] = make([]int, len(plan.models))
	}
	return s
}

func (s *Survey) merge(o *Survey) {
	s.Rows += o.Rows
	for i, t := range o.Spreads {
		s.Spreads[i].Merge(t)
	}
	s.Pairs.merge(o.Pairs)
	for rule := range o.Outliers {
		for model, n := range o.Outliers[rule] {
			s.Outliers[rule][model] += n
		}
	}
	for code, n := range o.Values {
		s.Values[code].Scenarios += n.Scenarios
		s.Values[code].High += n.High
	}
}

// A surveyor is one worker.
type surveyor struct {
	*surveyPlan
	found    *Survey
	spreader *spreader
	spreads  [blockRows]Spread
	outliers *outlierFinder
	pairs    *pairCounter
	values   []uint64 // by code: scenarios, and above highShift those that are high
}

const highShift = 32 // a table has fewer than 2^31 rows, as its clusters do

func newSurveyor(plan *surveyPlan) *surveyor {
	found := plan.empty()
	return &surveyor{surveyPlan: plan, found: found, spreader: newSpreader(plan.p, plan.sets),
		outliers: newOutlierFinder(plan.p, plan.models), pairs: newPairCounter(found.Pairs, plan.p, plan.models),
		values: make([]uint64, plan.Codes)}
}

func (s *surveyor) block(lo, hi int) error {
	s.found.Rows += hi - lo
	s.spreader.block(lo)
	for i, tally := range s.found.Spreads {
		spreads := s.spreads[:hi-lo]
		s.spreader.spreads(i, lo, spreads)
		tally.addAll(spreads)
		if i == 0 && s.Codes > 0 {
			if err := s.countValues(lo, spreads); err != nil {
				return err
			}
		}
	}
	if len(s.models) == 0 {
		return nil
	}
	s.pairs.block(lo, hi)
	for w := range (hi - lo + planeRows - 1) / planeRows {
		s.outliers.readPlanes(s.pairs.planes, w)
		for _, rule := range []OutlierRule{SameValue, EitherValue} {
			s.outliers.find(rule)
			for model, is := range s.outliers.is {
				s.found.Outliers[rule][model] += bits.OnesCount64(is)
			}
		}
	}
	return nil
}

func (s *surveyor) countValues(lo int, spreads []Spread) error {
	codes1, codes2 := s.Values[Value1][lo:lo+len(spreads)], s.Values[Value2][lo:lo+len(spreads)]
	for i, spread := range spreads {
		add := uint64(1)
		if spread.Computable() && uint64(spread.Q) >= s.high[spread.N] {
			add |= 1 << highShift
		}
		a, b := codes1[i], codes2[i]
		if min(a, b) < -1 || int(max(a, b)) >= len(s.values) {
			return fmt.Errorf("analysis: survey: row %d: values have codes %d and %d, want -1..%d", lo+i, a, b, len(s.values)-1)
		}
		if a >= 0 {
			s.values[a] += add
		}
		if b >= 0 && b != a {
			s.values[b] += add
		}
	}
	return nil
}

// result is what this worker found.
func (s *surveyor) result() *Survey {
	for code, n := range s.values {
		s.found.Values[code] = ValueCount{int(n & (1<<highShift - 1)), int(n >> highShift)}
	}
	return s.found
}
