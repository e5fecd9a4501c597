package loaders

import (
	"fmt"

	"github.com/specstress/specstress/analysis"
)

// ValuePairs returns the two values that each scenario puts in tension, and
// which one its query favours, as analysis.RankValues takes them. A value
// that is missing is -1, a nudge that is missing or none of the dataset's
// three is NoNudge; where the source has no column of nudges there are none.
//
// The error is ErrSchema where a column of values is not there.
func (s *Scenarios) ValuePairs() (analysis.ValuePairs, error) {
	pairs := analysis.ValuePairs{Names: s.val1.Names} // both columns have the same
	for v, name := range [...]string{"value1", "value2"} {
		column := s.Values(analysis.Value(v))
		if column.Codes == nil {
			return analysis.ValuePairs{}, fmt.Errorf("%w: no column %s", ErrSchema, name)
		}
		pairs.Codes[v] = column.Codes // NullCode is -1
	}
	if s.nudge.Codes == nil {
		return pairs, nil
	}
	byCode := make([]analysis.Nudge, len(s.nudge.Names))
	for code, name := range s.nudge.Names {
		byCode[code], _ = analysis.ParseNudge(name)
	}
	pairs.Nudges = make([]analysis.Nudge, len(s.nudge.Codes))
	for row, code := range s.nudge.Codes {
		if code != NullCode {
			pairs.Nudges[row] = byCode[code]
		}
	}
	return pairs, nil
}
