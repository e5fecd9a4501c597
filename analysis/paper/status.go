package paper

import "math"

// A Status says how a result stands to the paper.
type Status string

// The statuses, in the order in which they are tried; the first that
// applies is the status of a result.
const (
	Synthetic     Status = "synthetic"      // made from the synthetic sample: never a reproduction
	OtherData     Status = "other data"     // not the paper's dataset, or only a part of it
	NoPaperValue  Status = "no paper value" // the paper prints no such number
	NotComputable Status = "not computable" // we have no number; the result gives the reason
	Match         Status = "match"          // equal at the paper's printed digits
	Possible      Status = "possible"       // reached by some filling of the missing rows
	Consistent    Status = "consistent"     // the paper's number lies inside our interval
	Differs       Status = "differs"        // none of these
)

// Statuses returns the eight in the order in which they are tried.
func Statuses() []Status {
	return []Status{Synthetic, OtherData, NoPaperValue, NotComputable, Match, Possible, Consistent, Differs}
}

// Meaning is a sentence for readers of a report.
func (s Status) Meaning() string {
	switch s {
	case Synthetic:
		return "Made from the synthetic sample. It says nothing about the paper."
	case OtherData:
		return "Not the paper's dataset, or only a part of it, so there is nothing to compare."
	case NoPaperValue:
		return "The paper prints no such number."
	case NotComputable:
		return "The data at hand do not give this number; the reason stands beside it."
	case Match:
		return "Equal to the paper's number at its printed digits."
	case Possible:
		return "Not equal, but some filling of the rows that are missing gives the paper's number."
	case Consistent:
		return "Not equal, but the paper's number lies inside our interval."
	case Differs:
		return "The paper's number is neither equal, nor reachable, nor inside our interval."
	}
	return ""
}

// An Origin says where the data of a result come from. The zero Origin is
// the one that claims nothing.
type Origin int

// The origins.
const (
	OtherOrigin     Origin = iota // somebody's own data, or a part of the paper's
	SyntheticOrigin               // the synthetic sample
	PaperOrigin                   // the published files, whole
)

// A Finding is a result as far as a comparison with the paper needs it.
type Finding struct {
	Origin   Origin
	Value    float64 // NaN when there is no number
	Interval *Bounds // nil for a count
	// Reach are the smallest and the largest value under the best and the
	// worst filling of the missing rows; nil when that is not known.
	Reach *Bounds
}

// Bounds are two ends, both included.
type Bounds struct{ Lo, Hi float64 }

// Decide gives the status of a finding beside the paper's number, nil when
// the paper prints none.
//
// Match and Possible allow the paper's rounding: see [Number.Range].
// Consistent does not: the printed number itself must lie in the interval.
func Decide(f Finding, published *Number) Status {
	switch {
	case f.Origin == SyntheticOrigin:
		return Synthetic
	case f.Origin != PaperOrigin:
		return OtherData
	case published == nil:
		return NoPaperValue
	case math.IsNaN(f.Value) || math.IsInf(f.Value, 0):
		return NotComputable
	case published.Prints(f.Value):
		return Match
	case f.Reach != nil && published.within(*f.Reach):
		return Possible
	case f.Interval != nil && f.Interval.Lo <= published.Value && published.Value <= f.Interval.Hi:
		return Consistent
	}
	return Differs
}

// within reports whether some value of b prints as the number.
func (n Number) within(b Bounds) bool {
	from, ok1 := decimal(b.Lo)
	to, ok2 := decimal(b.Hi)
	if !ok1 || !ok2 {
		return false
	}
	lo, hi := n.Range()
	return to.Cmp(lo) >= 0 && (hi == nil || from.Cmp(hi) <= 0)
}
