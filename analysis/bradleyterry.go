package analysis

import (
	"fmt"
	"math"
)

// An Outcome says who won a contest. The zero Outcome is a missing one.
type Outcome uint8

// The outcomes of a contest between a first and a second item.
const (
	NoOutcome Outcome = iota
	FirstWins
	SecondWins
	Tied
)

// A Nudge says which of the two values of a scenario its query favours.
// The zero Nudge is a missing one.
//
// Source: Zhang et al. 2025, section 2.1.
type Nudge uint8

// The nudges of the dataset.
const (
	NoNudge     Nudge = iota
	NudgeNone         // "neutral"
	NudgeFirst        // "value1"
	NudgeSecond       // "value2"
)

// ParseNudge reads the dataset's neutral, value1 and value2. Any other text
// is NoNudge and false: it must be counted as missing, never as neutral.
func ParseNudge(s string) (n Nudge, ok bool) {
	switch s {
	case "neutral":
		return NudgeNone, true
	case "value1":
		return NudgeFirst, true
	case "value2":
		return NudgeSecond, true
	}
	return NoNudge, false
}

// Comparisons holds contests between two items each: a row per contest.
// It must not change while a fit of it is in use.
type Comparisons struct {
	Items         []string
	First, Second []int32   // by row: index into Items, -1 for none
	Outcome       []Outcome // by row
	Nudge         []Nudge   // by row; may be nil where the model has no nudge
	Clusters      Clusters  // by row: contests that are not independent
}

// Ties says what becomes of contests that nobody won.
type Ties int

const (
	// TiesDropped leaves them out and counts them.
	TiesDropped Ties = iota
	// TiesHalf gives half a win to either side, which pulls abilities
	// together where ties are many.
	TiesHalf
)

// A BradleyTerryModel says what decides a contest between items i (first)
// and j (second), p being the probability that i wins:
//
//	logit p = θᵢ − θⱼ + order + nudge·b
//
// b is +1 where the query favours i, −1 where it favours j, else 0. The
// zero value is Bradley and Terry's own model: abilities alone, by maximum
// likelihood.
type BradleyTerryModel struct {
	Order bool // has the advantage of standing first
	Nudge bool // has the effect of the nudge
	// Ridge adds Ridge/2·Σθ² to the negative log-likelihood: abilities are
	// shrunk towards 0, those of rarely compared items most. 0 is maximum
	// likelihood, which has no solution as soon as one item always wins.
	Ridge float64
	Ties  Ties
}

// ValueModel is the model by which values are ranked: with order, nudge and
// a ridge of 1, as if abilities came from a normal distribution of standard
// deviation 1; ties dropped.
//
// Source: the re-analysis of the paper's public positions; it does not
// state its ridge, so 1 is our choice.
func ValueModel() BradleyTerryModel {
	return BradleyTerryModel{Order: true, Nudge: true, Ridge: 1}
}

// BradleyTerry is a fitted model. It does not change after fitting and may
// be used from several goroutines at once.
type BradleyTerry struct {
	Model BradleyTerryModel // without a term that Warnings says was left out
	Items []string

	Theta    []float64 // by item: ability in logits; they sum to 0
	Order    float64   // logits; 0 where the model does not have it
	Nudge    float64   // logits; 0 where the model does not have it
	Compared []int     // by item: contests it took part in; 0 means that Theta says nothing
	Wins     []float64 // by item; a tie counts half

	N        int     // contests
	Gradient float64 // largest absolute component of the gradient at the solution
	Steps    int     // Newton steps taken

	Unbeaten   []int   // items compared that never lost, not even half
	Winless    []int   // items compared that never won, not even half
	Components [][]int // items that contests connect, the largest group first
	Excluded   []Exclusion
	Warnings   []error

	design  *design
	problem *problem
}

// FitBradleyTerry returns the abilities that make the outcomes most likely,
// less the ridge's penalty: the item that wins more against equal opponents
// has the greater. A difference of d between two items means that the
// stronger wins with probability 1/(1+exp(−d)); Elo points are d times
// EloPerLogit.
//
// Contests are left out, and counted by reason, whose outcome or item is
// missing, whose nudge is missing where the model has one, whose items are
// the same, and ties where they are dropped. A term that these contests
// cannot show, such as the nudge where all have the same, is left out of
// the model with a warning. Shuffling contests changes no bit of the
// result.
//
// Without a ridge the likelihood has a maximum only if the items cannot be
// parted in two groups of which one never loses to the other (Ford 1957);
// else the error is ErrUndefined and names the items or groups. With a
// ridge there always are abilities; Warnings then names the items that
// only the ridge keeps finite and groups that no contest connects, whose
// abilities cannot be compared.
//
// Other errors: ErrTooFew when no contest is left; ErrUndefined when order
// or nudge decide every contest, so that their effects are infinite; and
// an error that names the first row whose item or outcome does not exist,
// or a column of the wrong length.
//
// The method is Newton's with conjugate gradients, which stops at a
// gradient of 1e-9 or, for more than a hundred thousand contests, what
// rounding allows.
//
// Source: Bradley and Terry 1952, Biometrika 39:324-345; Ford 1957,
// American Mathematical Monthly 64(8):28-33; Agresti 2002, Categorical
// Data Analysis, section 10.6.
func FitBradleyTerry(c *Comparisons, model BradleyTerryModel) (*BradleyTerry, error) {
	d, err := newDesign(c, model)
	if err != nil {
		return nil, err
	}
	p := d.problem()
	p.load(d, nil)
	fit, err := describe(c, d, p)
	if err != nil {
		return nil, err
	}
	p.model = d.model
	x := make([]float64, len(c.Items)+terms)
	fit.guess(x, p)
	if fit.Steps, fit.Gradient, err = p.newton(x, p.tolerance()); err != nil {
		return nil, err
	}
	fit.Theta = x[:len(c.Items):len(c.Items)]
	fit.Order, fit.Nudge = x[len(c.Items)+orderTerm], x[len(c.Items)+nudgeTerm]
	centre(fit.Theta, fit.Compared)
	fit.design, fit.problem = d, p
	return fit, nil
}

// guess sets abilities to the logit of an item's share of wins, and order
// and nudge to what the shares by nudge imply, each share with a win and a
// defeat added: nearer to the maximum than 0, which saves a step.
func (f *BradleyTerry) guess(x []float64, p *problem) {
	logit := func(wins, total float64) float64 { return math.Log((wins + 1) / (total - wins + 1)) }
	for i, n := range f.Compared {
		x[i] = logit(f.Wins[i], float64(n))
	}
	// Seen from the item that stood first, where that is known.
	var wins, total [3]float64
	for c, won := range p.wins {
		order, nudge := p.in[c].effects()
		if order < 0 {
			nudge, won = -nudge, p.total[c]-won
		}
		wins[nudge+1] += won
		total[nudge+1] += p.total[c]
	}
	if f.Model.Order {
		x[p.items+orderTerm] = logit(wins[0]+wins[1]+wins[2], total[0]+total[1]+total[2])
	}
	if f.Model.Nudge {
		x[p.items+nudgeTerm] = (logit(wins[2], total[2]) - logit(wins[0], total[0])) / 2
	}
}

// centre makes the abilities of the items compared sum to 0.
func centre(theta []float64, compared []int) {
	sum, n := 0.0, 0
	for i, t := range theta {
		if compared[i] > 0 {
			sum += t
			n++
		}
	}
	for i := range theta {
		if compared[i] > 0 {
			theta[i] -= sum / float64(n)
		}
	}
}

// Probability returns how likely the model takes it that the first of two
// items wins, 0..1. NoNudge counts as NudgeNone.
func (f *BradleyTerry) Probability(first, second int, nudge Nudge) float64 {
	return logistic(f.Theta[first] - f.Theta[second] + f.Order + f.Nudge*float64(nudge.sign()))
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// sign is +1 towards the first item, -1 towards the second.
func (n Nudge) sign() int8 {
	switch n {
	case NudgeFirst:
		return 1
	case NudgeSecond:
		return -1
	}
	return 0
}

// LogLikelihood returns the logarithm of the probability of all outcomes in
// their order, without the ridge's penalty; 0 or less.
func (f *BradleyTerry) LogLikelihood() float64 {
	sum := 0.0
	f.eachCell(func(eta, wins, total float64) {
		sum += wins*logLogistic(eta) + (total-wins)*logLogistic(-eta)
	})
	return sum
}

// Deviance returns twice the log-likelihood that the fit lacks of a model
// with a free probability for each pair of items, order and nudge as far
// as the model has them; and its degrees of freedom, the number of such
// probabilities less that of free parameters. For large counts and no
// ridge, deviance is chi-squared if the model holds.
//
// Source: Agresti 2002, section 10.6.
func (f *BradleyTerry) Deviance() (deviance float64, df int) {
	cells := 0
	f.eachCell(func(eta, wins, total float64) {
		cells++
		if wins > 0 {
			deviance += 2 * wins * (math.Log(wins/total) - logLogistic(eta))
		}
		if lost := total - wins; lost > 0 {
			deviance += 2 * lost * (math.Log(lost/total) - logLogistic(-eta))
		}
	})
	df = cells + len(f.Components) // each component has an ability less
	for _, n := range f.Compared {
		if n > 0 {
			df--
		}
	}
	for _, has := range []bool{f.Model.Order, f.Model.Nudge} {
		if has {
			df--
		}
	}
	return deviance, df
}

// eachCell visits the contests by pair, order and nudge.
func (f *BradleyTerry) eachCell(visit func(eta, wins, total float64)) {
	p := f.problem
	for e, a := range p.edgeA {
		for c := p.cellOf[e]; c < p.cellOf[e+1]; c++ {
			order, nudge := p.in[c].effects()
			visit(f.Theta[a]-f.Theta[p.edgeB[e]]+f.Order*float64(order)+f.Nudge*float64(nudge), p.wins[c], p.total[c])
		}
	}
}

// logLogistic is log(1/(1+exp(-x))), without overflow.
func logLogistic(x float64) float64 {
	return math.Min(x, 0) - math.Log1p(math.Exp(-math.Abs(x)))
}

// check reports the first way in which the columns do not fit.
func (c *Comparisons) check(model BradleyTerryModel) error {
	rows := len(c.First)
	switch {
	case len(c.Second) != rows || len(c.Outcome) != rows:
		return fmt.Errorf("analysis: Bradley-Terry: %d first items, %d second ones, %d outcomes, want as many", rows, len(c.Second), len(c.Outcome))
	case len(c.Nudge) != rows && (model.Nudge || c.Nudge != nil):
		return fmt.Errorf("analysis: Bradley-Terry: %d nudges, want %d", len(c.Nudge), rows)
	case !(model.Ridge >= 0) || math.IsInf(model.Ridge, 1):
		return fmt.Errorf("analysis: Bradley-Terry: ridge is %v, want a number of 0 or more", model.Ridge)
	case model.Ties != TiesDropped && model.Ties != TiesHalf:
		return fmt.Errorf("analysis: Bradley-Terry: no such treatment of ties: %d", model.Ties)
	}
	for row := range rows {
		for _, item := range [2]int32{c.First[row], c.Second[row]} {
			if item < -1 || int(item) >= len(c.Items) {
				return fmt.Errorf("analysis: Bradley-Terry: row %d: item %d, want -1..%d", row, item, len(c.Items)-1)
			}
		}
		if c.Outcome[row] > Tied {
			return fmt.Errorf("analysis: Bradley-Terry: row %d: no such outcome: %d", row, c.Outcome[row])
		}
		if c.Nudge != nil && c.Nudge[row] > NudgeSecond {
			return fmt.Errorf("analysis: Bradley-Terry: row %d: no such nudge: %d", row, c.Nudge[row])
		}
	}
	return nil
}
