package analysis

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
)

// The paper's thresholds, in Euclidean distance between embeddings: without
// weights from 411,000 scenarios to about 300,000 (Appendix A, p. 19, and
// Figure 9), and of disagreement times distance for the six splits (p. 19).
const (
	PaperDistance         = 0.4
	PaperWeightedDistance = 0.8
)

// A KCenterMethod is a way of selecting points that lie far apart.
type KCenterMethod int

const (
	// PaperMethod is FarthestFirst without weights and WangCheng with
	// weights: the paper names "Algorithm 1 from Wang & Cheng" for the
	// latter (p. 19). The zero KCenterMethod.
	PaperMethod KCenterMethod = iota

	// FarthestFirst starts somewhere and takes, again and again, the point
	// of the largest score: its distance to the nearest selected point,
	// times its weight. It stops when no score is above the threshold.
	// Without weights, all selected points are then farther apart than the
	// threshold, and the covering radius of the first k of them is at most
	// twice the least that any k points have. With weights the factor is
	// min(3, 1+max w/min w). With disagreement as weight it is the other
	// reading of the paper's weighted rule.
	//
	// Source: Gonzalez 1985, Theoretical Computer Science 38:293-306; Dyer
	// and Frieze 1985, Operations Research Letters 3:285-288.
	FarthestFirst

	// WangCheng goes through the points by falling weight and selects those
	// of which the weight times the distance to every point selected before
	// is above the threshold. A threshold of 2r needs at most as many points
	// as any selection of covering radius r, so that, asked for k points, it
	// finds a radius at most twice the least; it may then select fewer than
	// k. Without weights it scans in the order of the points.
	//
	// Source: Wang and Cheng 1990, "A heuristic algorithm for the k-center
	// problem with vertex weight", as described in cs.stackexchange 62497;
	// the original was not seen.
	WangCheng
)

var kCenterMethods = []string{"paper", "farthest", "wang-cheng"}

// String is the name that ParseKCenterMethod reads.
func (m KCenterMethod) String() string { return nameOf("KCenterMethod", int(m), kCenterMethods...) }

// ParseKCenterMethod reads what String writes. An unknown name is an
// error with the nearest ones.
func ParseKCenterMethod(s string) (KCenterMethod, error) {
	for m, name := range kCenterMethods {
		if s == name {
			return KCenterMethod(m), nil
		}
	}
	return 0, UnknownName("method", s, kCenterMethods)
}

// A Start says with which point FarthestFirst begins. The zero Start is a
// random one, as in the paper, drawn with DefaultSeed.
type Start struct {
	how  startKind
	row  int
	seed uint64
}

type startKind int

const (
	startRandom startKind = iota
	startSeeded
	startRow
	startHeaviest
)

// StartRandom draws the first point, among those whose weight is not 0.
func StartRandom(seed uint64) Start { return Start{how: startSeeded, seed: seed} }

// StartAt begins with a given point.
func StartAt(row int) Start { return Start{how: startRow, row: row} }

// StartHeaviest begins with the point of the largest weight, the first of
// several.
func StartHeaviest() Start { return Start{how: startHeaviest} }

// KCenterOptions: the zero value is the paper's unweighted selection.
type KCenterOptions struct {
	// Weights has one finite number per point, 0 or more, such as its
	// disagreement; nil means 1 for all.
	Weights []float64
	Method  KCenterMethod
	Start   Start // FarthestFirst only: WangCheng begins with the heaviest

	// K stops after so many points, 0 never. Threshold stops where no score
	// is larger; 0 means the paper's for these weights, or none where K is
	// given, and a negative one means none. The score is the distance to the
	// nearest selected point times the weight.
	K         int
	Threshold float64

	// Workers is the number of goroutines, 0 meaning one per core. It
	// changes nothing but the time.
	Workers int

	// Progress, if any, is told now and then how many points have been
	// selected and the score of the last, from the calling goroutine.
	Progress func(selected int, score float64)
}

// KCenter selects points that lie far apart, of which every point is near
// one: the paper's diversity selection, and the k-center problem of
// operations research. Ties go to the point of the lowest row. The result is
// exact in the sense that it is that of computing every distance, and the
// same for any number of workers; distances are those of float32 elements
// and squares.
//
// The first k points of FarthestFirst are those that it selects for any
// smaller k (see Prefix); those of WangCheng depend on the threshold.
//
// No element of a vector is missing, see NewVectors.
//
// Errors: options that make no sense, with what was expected, and that of
// ctx.
//
// Source: Zhang et al. 2025, section 2.2 and Appendix A (pp. 4, 19, 20), in
// the readings that docs/diversity.md gives.
func KCenter(ctx context.Context, v *Vectors, opt KCenterOptions) (*Selection, error) {
	opt, err := opt.resolve(v)
	if err != nil {
		return nil, fmt.Errorf("analysis: k-center: %w", err)
	}
	var s *Selection
	switch {
	case opt.Method == FarthestFirst:
		s, err = farthestFirst(ctx, v, opt)
	case opt.K > 0:
		s, err = scanForK(ctx, v, opt)
	default:
		s, err = scanByWeight(ctx, v, opt)
	}
	if err != nil {
		return nil, fmt.Errorf("analysis: k-center: %w", err)
	}
	return s, nil
}

// resolve fills in the defaults and checks the rest.
func (opt KCenterOptions) resolve(v *Vectors) (KCenterOptions, error) {
	if opt.Weights != nil && len(opt.Weights) != v.rows {
		return opt, fmt.Errorf("%d weights for %d points", len(opt.Weights), v.rows)
	}
	for row, w := range opt.Weights {
		if !(w >= 0) || math.IsInf(w, 0) {
			return opt, fmt.Errorf("row %d: its weight is %v, want a finite number, 0 or more", row, w)
		}
	}
	switch opt.Method {
	case PaperMethod:
		opt.Method = FarthestFirst
		if opt.Weights != nil {
			opt.Method = WangCheng
		}
	case FarthestFirst, WangCheng:
	default:
		return opt, fmt.Errorf("unknown method %d", int(opt.Method))
	}
	switch {
	case opt.K < 0:
		return opt, fmt.Errorf("k is %d, want 1 or more, or 0 for no limit", opt.K)
	case math.IsNaN(opt.Threshold) || math.IsInf(opt.Threshold, 0):
		return opt, fmt.Errorf("the threshold is %v, want a finite number", opt.Threshold)
	case opt.Workers < 0:
		return opt, fmt.Errorf("%d workers, want 0 or more", opt.Workers)
	case opt.Method == WangCheng && opt.K > 0 && opt.Threshold > 0:
		return opt, errors.New("wang-cheng takes a threshold or k, not both: k finds its own threshold")
	case opt.Threshold == 0 && opt.K > 0, opt.Threshold < 0:
		opt.Threshold = -1
	case opt.Threshold == 0 && opt.Weights == nil:
		opt.Threshold = PaperDistance
	case opt.Threshold == 0:
		opt.Threshold = PaperWeightedDistance
	}
	if row := opt.Start.row; opt.Start.how == startRow && (row < 0 || row >= v.rows) {
		return opt, fmt.Errorf("it is to start at row %d, want 0..%d", row, v.rows-1)
	}
	return opt, nil
}

// first is the row to start with.
func (opt KCenterOptions) first(rows int) int {
	switch opt.Start.how {
	case startRow:
		return opt.Start.row
	case startHeaviest:
		heaviest := 0
		for row, w := range opt.Weights {
			if w > opt.Weights[heaviest] {
				heaviest = row
			}
		}
		return heaviest
	}
	seed := uint64(DefaultSeed)
	if opt.Start.how == startSeeded {
		seed = opt.Start.seed
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	var weighty []int
	for row, w := range opt.Weights {
		if w > 0 {
			weighty = append(weighty, row)
		}
	}
	if len(weighty) > 0 {
		return weighty[rng.IntN(len(weighty))]
	}
	return rng.IntN(rows)
}
