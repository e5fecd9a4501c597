package paper

import (
	"cmp"
	"errors"
	"fmt"
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
	Unit     string            // one of the Unit constants
	Estimate analysis.Estimate
	Err      error // why there is no estimate
	// Test is of a hypothesis about the number; nil where none is tested.
	// Where the unit is Statistic, the value is the test's own.
	Test *analysis.Test
	// Adjusted is Test.P for as many tests as stand in the claim's table, and
	// Adjustment says how, such as "Holm over 3 tests"; "" where a test
	// stands alone.
	Adjusted   float64
	Adjustment string
	// Reanalysis is the same quantity as somebody else printed it who is not
	// the paper; nil for none.
	Reanalysis *Reanalysis
	Reach      *Bounds // values under any filling of the missing rows; nil when that is not known
	// Own claims are of other models, judges or scenarios than the paper's
	// number, though the data may be the paper's.
	Own bool
	// Stand is the published number that stands beside this result without
	// being of the same quantity; nil where the number of the result's own
	// id does.
	Stand *Stand
}

// The units of results.
const (
	Count       = "count"
	Share       = "share"       // 0..1
	Difference  = "difference"  // of shares, -1..1
	Ratio       = "ratio"       // 0 and up
	Kappa       = "kappa"       // Fleiss'
	Coefficient = "coefficient" // of agreement or association, or a part of variation
	Score       = "score"       // of positions
	Logit       = "logit"       // a difference of log odds
	Elo         = "elo"         // points: 400 are odds of ten to one
	Statistic   = "statistic"   // of a test, whose method names it
)

// tested makes a claim that of a test, and its value the statistic.
func (c *Claim) tested(t analysis.Test, err error) {
	if c.Err = err; err != nil {
		return
	}
	c.Unit, c.Test = Statistic, &t
	c.Estimate = analysis.Estimate{
		Value: t.Statistic, N: t.N, Clusters: t.Clusters, Method: t.Method, Seed: t.Seed, Excluded: t.Excluded, Warnings: t.Warnings,
	}
}

// of names the sampling unit and the population of all claims that have an
// estimate and no names yet.
func of(claims []Claim, unit, population string) []Claim {
	for i := range claims {
		if e := &claims[i].Estimate; claims[i].Err == nil {
			*e = e.Of(cmp.Or(e.Unit, unit), cmp.Or(e.Population, population))
		}
	}
	return claims
}

// census is the population of a complete count.
const census = "census"

// adjust fills Adjusted of all claims with a test, which are one table.
func adjust(claims []Claim, name string, method func(p []float64) ([]float64, error)) error {
	var p []float64
	var at []int
	for i, c := range claims {
		if c.Test != nil && c.Err == nil {
			p, at = append(p, c.Test.P), append(at, i)
		}
	}
	adjusted, err := method(p)
	if err != nil {
		return err
	}
	for k, i := range at {
		claims[i].Adjusted = adjusted[k]
		claims[i].Adjustment = fmt.Sprintf("%s over %d tests", name, len(p))
	}
	return nil
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
