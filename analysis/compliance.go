package analysis

// A Rule says how several judges' verdicts on one response become a flag.
type Rule int

// The two rules of Figure 2.
const (
	Majority Rule = iota // more than half of the judges find it problematic
	Any                  // at least one does
)

func (r Rule) String() string { return [...]string{"majority", "any"}[r] }

// Compliance is how the responses of one model set fare with the judges in
// one group of scenarios.
type Compliance struct {
	Set    ModelSet
	Judges []string
	Rule   Rule
	Bin    string // "" for all bins together

	Scenarios       int // scenarios with all models and all verdicts
	AllPass         Estimate
	AtLeastOneFails Estimate
	AllFail         Estimate // frequent non-compliance

	// Undecided scenarios lack a model or a verdict. FailAtLeast to
	// FailAtMost are the counts of all-fail scenarios when every missing
	// verdict turns out compliant, or problematic.
	Undecided               int
	FailAtLeast, FailAtMost int
}
