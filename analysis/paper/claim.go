package paper

import (
	"errors"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/specstress/specstress/analysis"
)

// A Claim is a result of ours under the id that docs/results.md lists. The
// report and the notebooks both take their results from here, so that one
// number has one status wherever it stands.
type Claim struct {
	ID       string
	Title    string            // for people; stands alone
	Group    map[string]string // split, bin, model, judge, … that it is of
	Unit     string            // count, share, ratio, kappa or score
	Estimate analysis.Estimate
	Err      error   // why there is no estimate
	Reach    *Bounds // values under any filling of the missing rows; nil when that is not known
	// Own claims are of other models, judges or scenarios than the paper's
	// number, though the data may be the paper's.
	Own bool
	// Stand is the published number that stands beside this result without
	// being of the same quantity; nil where the number of the result's own
	// id does.
	Stand *Stand
}

// ErrAbsent marks what the source lacks.
var ErrAbsent = errors.New("not in this source")

// Beside lays a claim beside the paper's number of its id, nil where the
// paper prints none.
func (c Claim) Beside(origin Origin) (Status, *Number) {
	f := Finding{Origin: origin, Value: math.NaN(), Reach: c.Reach}
	if c.Own && origin == PaperOrigin {
		f.Origin = OtherOrigin
	}
	if c.Err == nil {
		f.Value = c.Estimate.Value
	}
	if e := c.Estimate; e.HasInterval() && finite(e.Lo) && finite(e.Hi) {
		f.Interval = &Bounds{e.Lo, e.Hi}
	}
	id := c.ID
	if c.Stand != nil {
		id = c.Stand.ID
		f.Interval = c.Stand.widen(f.Value, f.Interval)
	}
	published, ok := Lookup(id)
	if !ok {
		return Decide(f, nil), nil
	}
	return Decide(f, &published), &published
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// Segment makes a name one part of a result id: dots and everything else
// that is neither ASCII letter, digit, hyphen nor underscore become hyphens.
func Segment(name string) string {
	s := strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_') {
			return r
		}
		return '-'
	}, name)
	if s == "" {
		return "-"
	}
	return s
}

// modelName is a model's name in a title.
func modelName(id string) string { return analysis.LookupModel(id).Name }

// sameModels reports whether two sets have the same models, in any order.
func sameModels(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
