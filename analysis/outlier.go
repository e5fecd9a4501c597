package analysis

// An OutlierRule says on which value the differences must lie; the paper
// leaves it open (section 3.3).
type OutlierRule int

// The two readings.
const (
	SameValue   OutlierRule = iota // all of them on one and the same value
	EitherValue                    // per other model on either value
)

func (r OutlierRule) String() string { return [...]string{"same value", "either value"}[r] }

// Outliers counts, for each model, the scenarios in which its response is
// an outlier.
type Outliers struct {
	Rule     OutlierRule
	Models   []string
	Counts   []int // by model
	Rows     int   // scenarios looked at
	Excluded []Exclusion
}
