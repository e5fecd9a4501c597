package analysis

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// A Separation says how far apart groups of items are, against how far the
// items within a group are from each other.
type Separation struct {
	PseudoF Test    // Statistic is the pseudo-F, P that it is so large by chance
	R2      float64 // share of the squared distances that the groups explain, 0..1

	// Between and Within are the mean distances of two items of different
	// groups and of the same one, in the unit of the distances.
	Between, Within float64
	Gap             Test // Statistic is Between less Within, P that it is so large by chance

	Groups []GroupSize // in order of first appearance
	// Arrangements is how many ways there are to form groups of these sizes
	// without regard to their names, at most math.MaxFloat64, and SmallestP
	// the p that the clearest separation would have got.
	Arrangements, SmallestP float64
}

// A GroupSize is a group and how many items it has.
type GroupSize struct {
	Name string
	N    int
}

// ProviderSeparation asks whether models of one provider are more like each
// other than like the rest: PERMANOVA over the Euclidean distances between
// the models' profiles. profiles[m] holds the same measurements of each
// model m, all in one unit, such as its mean position on each category of
// values; groups[m] is its provider.
//
// The items are models. Which scenarios the profiles come from is taken as
// given, so that more scenarios make profiles sharper but the test no
// stronger: the paper's twelve models of four providers, two with one model
// each, can be arranged in 8,316 ways. See PERMANOVA for the test, its
// errors and its warnings. A profile of another length, NaN or an infinity
// is an error that names the model.
//
// Source: Anderson 2001, Austral Ecology 26:32-46. Zhang et al. 2025 speak
// of a clear separation of providers and give no test.
func ProviderSeparation(profiles [][]float64, groups []string, permutations int, seed uint64) (Separation, error) {
	distances := make([][]float64, len(profiles))
	for i, p := range profiles {
		if len(p) != len(profiles[0]) || len(p) == 0 {
			return Separation{}, fmt.Errorf("analysis: separation: profile %d has %d values, want %d and at least 1", i, len(p), len(profiles[0]))
		}
		if err := allFinite(fmt.Sprintf("separation: profile %d", i), "value", p); err != nil {
			return Separation{}, err
		}
		distances[i] = make([]float64, len(profiles))
		for j, q := range profiles[:i] {
			d := 0.0
			for k := range p {
				d = math.Hypot(d, p[k]-q[k])
			}
			distances[i][j], distances[j][i] = d, d
		}
	}
	return PERMANOVA(distances, groups, permutations, seed)
}

// PERMANOVA tests whether items of one group are nearer to each other than
// chance would have it, from the distances between all items: a symmetric
// matrix with a diagonal of 0, Euclidean or not.
//
//	pseudo-F = ((T - W)/(g - 1)) / (W/(n - g)),   R2 = 1 - W/T
//
// where T is the sum of the squared distances over n, W the sum over groups
// of the squared distances within one over its size, and g the number of
// groups. Gap compares plain mean distances.
//
// The null hypothesis is that any n items could bear these names: P is the
// share of arrangements of the items into groups of these sizes in which
// the statistic is at least as large; one-sided, for only a larger one is
// separation. It is exact, over all arrangements, when there are at most as
// many as permutations, else (b+1)/(m+1) over m random ones, permutation r
// drawn from a PCG stream seeded with (seed, r). It takes time permutations
// times items squared.
//
// Groups that differ in spread rather than place can be found separate, too,
// when their sizes differ. A group of one item has no inside: it adds to
// Between and never to Within, and a warning says so, as another does where
// SmallestP is above 0.05. There is no missing distance: leave out the item.
//
// Errors: ErrTooFew for fewer than two groups or no group of two items;
// ErrUndefined when all distances within groups are 0; a distance that is
// negative, not finite or not that of the way back; and fewer than one
// permutation.
//
// Source: Anderson 2001, Austral Ecology 26:32-46; Anderson and Walsh 2013,
// Ecological Monographs 83:557-574 on spread.
func PERMANOVA(distances [][]float64, groups []string, permutations int, seed uint64) (Separation, error) {
	l, err := newLayout(distances, groups)
	if err != nil {
		return Separation{}, err
	}
	if permutations < 1 {
		return Separation{}, fmt.Errorf("analysis: PERMANOVA: %d permutations, want at least 1", permutations)
	}
	n, g := float64(len(l.group)), float64(len(l.sizes))
	squares, inside := l.within(l.group)
	if squares == 0 {
		return Separation{}, fmt.Errorf("analysis: PERMANOVA: all distances within groups are 0: %w", ErrUndefined)
	}
	out := Separation{
		R2:      1 - squares/l.squares,
		Within:  inside / l.insidePairs,
		Between: (l.sum - inside) / (n*(n-1)/2 - l.insidePairs),
	}
	for i, name := range l.names {
		out.Groups = append(out.Groups, GroupSize{name, l.sizes[i]})
	}
	out.Arrangements = l.arrangements()
	exact := out.Arrangements <= float64(permutations)
	out.SmallestP = 1 / min(out.Arrangements, float64(permutations)+1)
	// Both statistics are large where the sums within groups are small;
	// sums that differ by rounding only count as equal.
	enoughSquares, enoughInside := squares+1e-12*l.squares, inside+1e-12*l.sum
	var hitsF, hitsGap, all int
	count := func(group []int) {
		s, i := l.within(group)
		if s <= enoughSquares {
			hitsF++
		}
		if i <= enoughInside {
			hitsGap++
		}
		all++
	}
	how := ""
	if exact {
		l.arrange(count)
		how = fmt.Sprintf("exact, all %d arrangements of the items", all)
	} else {
		count(l.group)
		group := make([]int, len(l.group))
		for r := range permutations {
			copy(group, l.group)
			rand.New(rand.NewPCG(seed, uint64(r))).Shuffle(len(group), func(i, j int) { group[i], group[j] = group[j], group[i] })
			count(group)
		}
		how = fmt.Sprintf("%d random permutations of the items, seed %d", permutations, seed)
		out.PseudoF.Seed, out.Gap.Seed = seed, seed
	}
	out.PseudoF.Statistic = (l.squares - squares) / (g - 1) / (squares / (n - g))
	out.Gap.Statistic = out.Between - out.Within
	out.PseudoF.P, out.Gap.P = float64(hitsF)/float64(all), float64(hitsGap)/float64(all)
	out.PseudoF.N, out.Gap.N = len(l.group), len(l.group)
	out.PseudoF.Method = "PERMANOVA, group names exchangeable, one-sided: pseudo-F, " + how
	out.Gap.Method = "between less within group mean distance, group names exchangeable, one-sided: " + how
	warnings := l.warnings(out.SmallestP)
	out.PseudoF.Warnings, out.Gap.Warnings = warnings, slices.Clone(warnings)
	return out, nil
}

// A layout is the distances and the groups of items.
type layout struct {
	distances [][]float64
	group     []int // of each item, numbered by first appearance
	names     []string
	sizes     []int

	squares     float64 // sum of all squared distances over n
	sum         float64 // of all distances
	insidePairs float64 // pairs of items within a group
}

func newLayout(distances [][]float64, groups []string) (*layout, error) {
	n := len(distances)
	if len(groups) != n {
		return nil, fmt.Errorf("analysis: PERMANOVA: %d groups of %d items, want one for each", len(groups), n)
	}
	l := &layout{distances: distances}
	for i, row := range distances {
		if len(row) != n {
			return nil, fmt.Errorf("analysis: PERMANOVA: row %d has %d distances, want %d", i, len(row), n)
		}
		for j, d := range row {
			switch {
			case !(d >= 0) || math.IsInf(d, 1):
				return nil, fmt.Errorf("analysis: PERMANOVA: distance from %d to %d is %v, want 0 or more", i, j, d)
			case i == j && d != 0:
				return nil, fmt.Errorf("analysis: PERMANOVA: distance from %d to itself is %v, want 0", i, d)
			case j < i && d != distances[j][i]:
				return nil, fmt.Errorf("analysis: PERMANOVA: distance from %d to %d is %v, and back %v", i, j, d, distances[j][i])
			case j < i:
				l.sum += d
				l.squares += d * d
			}
		}
		at := slices.Index(l.names, groups[i])
		if at < 0 {
			at = len(l.names)
			l.names, l.sizes = append(l.names, groups[i]), append(l.sizes, 0)
		}
		l.group = append(l.group, at)
		l.sizes[at]++
	}
	l.squares /= float64(n)
	for _, s := range l.sizes {
		l.insidePairs += float64(s) * float64(s-1) / 2
	}
	switch {
	case len(l.names) < 2:
		return nil, fmt.Errorf("analysis: PERMANOVA of %d groups: %w", len(l.names), ErrTooFew)
	case l.insidePairs == 0:
		return nil, fmt.Errorf("analysis: PERMANOVA: no group has two items: %w", ErrTooFew)
	}
	return l, nil
}

// within sums, over pairs of items in one group, the squared distance over
// the group's size, and the distance.
func (l *layout) within(group []int) (squares, sum float64) {
	for i, g := range group {
		size := float64(l.sizes[g])
		for j, h := range group[:i] {
			if g == h {
				d := l.distances[i][j]
				squares += d * d / size
				sum += d
			}
		}
	}
	return squares, sum
}

// arrangements is n! over the factorials of the sizes and of the numbers of
// groups with one size.
func (l *layout) arrangements() float64 {
	ways, left := 1.0, len(l.group)
	same := map[int]int{} // groups of each size so far
	for _, s := range l.sizes {
		for k := range s {
			ways = ways * float64(left-k) / float64(k+1)
		}
		left -= s
		same[s]++
		ways /= float64(same[s])
	}
	return min(math.Round(ways), math.MaxFloat64)
}

// arrange calls visit with every arrangement once. An item may open only
// the first empty group of a size, as groups of one size have no names.
func (l *layout) arrange(visit func(group []int)) {
	group := make([]int, len(l.group))
	filled := make([]int, len(l.sizes))
	var place func(item int)
	place = func(item int) {
		if item == len(group) {
			visit(group)
			return
		}
		for g, s := range l.sizes {
			if filled[g] == s || filled[g] == 0 && l.emptyBefore(g, filled) {
				continue
			}
			group[item] = g
			filled[g]++
			place(item + 1)
			filled[g]--
		}
	}
	place(0)
}

// emptyBefore reports whether an empty group of the size of g comes before.
func (l *layout) emptyBefore(g int, filled []int) bool {
	for h := range g {
		if l.sizes[h] == l.sizes[g] && filled[h] == 0 {
			return true
		}
	}
	return false
}

func (l *layout) warnings(smallestP float64) []error {
	var out []error
	if smallestP > 0.05 {
		out = append(out, fmt.Errorf("p cannot be below %.2g with groups of these sizes", smallestP))
	}
	alone := 0
	for _, s := range l.sizes {
		if s == 1 {
			alone++
		}
	}
	if alone > 0 {
		out = append(out, fmt.Errorf("%d of %d groups have one item: nothing is known of their inside", alone, len(l.sizes)))
	}
	if slices.Max(l.sizes) != slices.Min(l.sizes) {
		out = append(out, errors.New("groups differ in size: a difference in spread can look like separation"))
	}
	return out
}
