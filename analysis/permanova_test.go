package analysis_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func TestSeparationAgainstScikitBio(t *testing.T) {
	var oracle []struct {
		Groups                []string
		Profiles              [][]float64
		F, R2                 float64
		Between, Within       float64
		Arrangements, P, GapP float64
	}
	var raw []struct {
		GapP float64 `json:"gap_p"`
	}
	oracleJSON(t, "permanova.json", &oracle)
	oracleJSON(t, "permanova.json", &raw)
	for i, c := range oracle {
		name := strings.Join(c.Groups, "")
		s, err := analysis.ProviderSeparation(c.Profiles, c.Groups, analysis.Permutations, 1)
		if err != nil {
			t.Fatal(name, err)
		}
		near(t, name+": F", s.PseudoF.Statistic, c.F, 1e-9)
		near(t, name+": R2", s.R2, c.R2, 1e-9)
		near(t, name+": between", s.Between, c.Between, 1e-12)
		near(t, name+": within", s.Within, c.Within, 1e-12)
		near(t, name+": gap", s.Gap.Statistic, c.Between-c.Within, 1e-12)
		if s.Arrangements != c.Arrangements || s.SmallestP != 1/c.Arrangements {
			t.Errorf("%s: %v arrangements, smallest p %v, want %v", name, s.Arrangements, s.SmallestP, c.Arrangements)
		}
		nearP(t, name, s.PseudoF.P, c.P)
		nearP(t, name+": gap", s.Gap.P, raw[i].GapP)
		// With one permutation fewer than arrangements they are drawn.
		if c.Arrangements < 200 {
			continue
		}
		m := int(c.Arrangements) - 1
		drawn, err := analysis.ProviderSeparation(c.Profiles, c.Groups, m, 1)
		if err != nil || drawn.PseudoF.Seed != 1 || math.Abs(drawn.PseudoF.P-c.P) > 4*math.Sqrt(c.P/float64(m))+1/float64(m) {
			t.Errorf("%s: drawn %v, exact p %v, %v", name, drawn.PseudoF, c.P, err)
		}
	}
	if len(oracle) == 0 {
		t.Error("no cases")
	}
}

// paperProviders are those of the twelve models.
func paperProviders() []string {
	var out []string
	for _, m := range analysis.KnownModels() {
		out = append(out, m.Provider)
	}
	return out
}

func TestSeparationOfThePapersModels(t *testing.T) {
	// 12!/(5!·5!·1!·1!) is 33,264, and half and half again without names
	// for the two groups of five and the two of one. Profiles that are far
	// apart by provider reach the least p there is.
	groups := paperProviders()
	rng := rand.New(rand.NewPCG(1, 1))
	profiles := make([][]float64, len(groups))
	for i, g := range groups {
		profiles[i] = []float64{rng.Float64(), rng.Float64() + 10*float64(len(g))}
	}
	s, err := analysis.ProviderSeparation(profiles, groups, analysis.Permutations, analysis.DefaultSeed)
	if err != nil {
		t.Fatal(err)
	}
	if s.Arrangements != 8316 || s.PseudoF.P != 1.0/8316 || s.SmallestP != 1.0/8316 || s.PseudoF.N != 12 || len(s.Groups) != 4 {
		t.Errorf("got %+v", s)
	}
	if len(s.PseudoF.Warnings) != 2 || !strings.Contains(s.PseudoF.Warnings[0].Error(), "2 of 4 groups have one item") {
		t.Errorf("warnings %v", s.PseudoF.Warnings)
	}
}

func TestSeparationLaws(t *testing.T) {
	groups := strings.Split("a a a b b c c d", " ")
	for seed := range uint64(10) {
		rng := rand.New(rand.NewPCG(seed, 4))
		profiles := make([][]float64, len(groups))
		for i := range profiles {
			profiles[i] = []float64{rng.NormFloat64(), rng.NormFloat64()}
		}
		want, err := analysis.ProviderSeparation(profiles, groups, analysis.Permutations, 1)
		if err != nil {
			t.Fatal(err)
		}
		if want.R2 < 0 || want.R2 > 1 || want.PseudoF.P < want.SmallestP || want.PseudoF.P > 1 {
			t.Errorf("got %+v", want)
		}
		// Another order of the models, other names, another unit and place.
		order := rng.Perm(len(groups))
		var moved [][]float64
		var names []string
		for _, i := range order {
			moved = append(moved, []float64{3*profiles[i][0] + 7, 3 * profiles[i][1]})
			names = append(names, "provider "+groups[i])
		}
		got, err := analysis.ProviderSeparation(moved, names, analysis.Permutations, 1)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "F", got.PseudoF.Statistic, want.PseudoF.Statistic, 1e-9)
		near(t, "gap", got.Gap.Statistic, 3*want.Gap.Statistic, 1e-9)
		if got.PseudoF.P != want.PseudoF.P || got.Gap.P != want.Gap.P {
			t.Errorf("p %v and %v, want %v and %v", got.PseudoF.P, got.Gap.P, want.PseudoF.P, want.Gap.P)
		}
	}
}

func TestSeparationUnderTheNull(t *testing.T) {
	// An exact test of models without structure: p is 0.05 or less in
	// floor(0.05 * 8316)/8316 = 0.04990 of cases.
	runs := simulations(100, 4000)
	groups := paperProviders()
	rejected := 0
	for run := range runs {
		rng := rand.New(rand.NewPCG(uint64(run), 11))
		profiles := make([][]float64, len(groups))
		for i := range profiles {
			profiles[i] = make([]float64, 26)
			for k := range profiles[i] {
				profiles[i][k] = rng.ExpFloat64()
			}
		}
		s, err := analysis.ProviderSeparation(profiles, groups, analysis.Permutations, 1)
		if err != nil {
			t.Fatal(err)
		}
		if s.PseudoF.P <= 0.05 {
			rejected++
		}
	}
	checkShare(t, "PERMANOVA of 12 models without structure, rejected at 0.05", rejected, runs, 0.049, 0.05)
}

func TestSeparationRefuses(t *testing.T) {
	run := func(profiles [][]float64, groups ...string) error {
		_, err := analysis.ProviderSeparation(profiles, groups, 99, 1)
		return err
	}
	three := [][]float64{{0}, {1}, {5}}
	for name, err := range map[string]error{
		"one group":      run(three, "a", "a", "a"),
		"no group of 2":  run(three, "a", "b", "c"),
		"nothing":        run(nil),
		"all are groups": run([][]float64{{1}}, "a"),
	} {
		if !errors.Is(err, analysis.ErrTooFew) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := run([][]float64{{1}, {1}, {4}}, "a", "a", "b"); !errors.Is(err, analysis.ErrUndefined) {
		t.Errorf("no distance within: %v", err)
	}
	for name, err := range map[string]error{
		"groups of others": run(three, "a", "a"),
		"ragged":           run([][]float64{{1}, {1, 2}, {3}}, "a", "a", "b"),
		"NaN":              run([][]float64{{1}, {math.NaN()}, {3}}, "a", "a", "b"),
		"empty profiles":   run([][]float64{{}, {}, {}}, "a", "a", "b"),
	} {
		if err == nil {
			t.Errorf("%s accepted", name)
		}
	}
	for name, d := range map[string][][]float64{
		"not square":    {{0, 1}, {1, 0}, {1, 1}},
		"one-way":       {{0, 1, 2}, {3, 0, 1}, {2, 1, 0}},
		"negative":      {{0, -1, 2}, {-1, 0, 1}, {2, 1, 0}},
		"to itself":     {{0, 1, 2}, {1, 3, 1}, {2, 1, 0}},
		"not a number":  {{0, math.NaN(), 2}, {math.NaN(), 0, 1}, {2, 1, 0}},
		"out of bounds": {{0, math.Inf(1), 2}, {math.Inf(1), 0, 1}, {2, 1, 0}},
	} {
		if _, err := analysis.PERMANOVA(d, []string{"a", "a", "b"}, 99, 1); err == nil {
			t.Errorf("distances %s accepted", name)
		}
	}
	if _, err := analysis.ProviderSeparation(three, []string{"a", "a", "b"}, 0, 1); err == nil {
		t.Error("no permutations accepted")
	}
	// Three arrangements: no p below a third.
	s, err := analysis.ProviderSeparation(three, []string{"a", "a", "b"}, 99, 1)
	if err != nil || s.PseudoF.P != 1.0/3 || !slices.ContainsFunc(s.PseudoF.Warnings, func(w error) bool { return strings.Contains(w.Error(), "cannot be below 0.33") }) {
		t.Errorf("three: %+v, %v", s, err)
	}
}

func ExampleProviderSeparation() {
	// Mean positions of six models on three categories of values.
	profiles := [][]float64{
		{4.1, 2.0, 3.3}, {4.3, 2.1, 3.0}, {4.0, 2.2, 3.4},
		{2.9, 3.8, 3.1}, {3.1, 3.6, 3.2}, {2.8, 3.9, 3.5},
	}
	providers := []string{"A", "A", "A", "B", "B", "B"}
	s, err := analysis.ProviderSeparation(profiles, providers, analysis.Permutations, analysis.DefaultSeed)
	fmt.Printf("between %.1f, within %.1f, p = %.1f of at least %.1f, %v\n",
		s.Between, s.Within, s.PseudoF.P, s.SmallestP, err)
	// Output: between 2.1, within 0.4, p = 0.1 of at least 0.1, <nil>
}

func ExamplePERMANOVA() {
	distances := [][]float64{
		{0, 1, 4, 5},
		{1, 0, 4, 4},
		{4, 4, 0, 2},
		{5, 4, 2, 0},
	}
	s, err := analysis.PERMANOVA(distances, []string{"A", "A", "B", "B"}, analysis.Permutations, analysis.DefaultSeed)
	fmt.Printf("F = %.1f, p = %.2f, %.0f arrangements, %v\n", s.PseudoF.Statistic, s.PseudoF.P, s.Arrangements, err)
	// Output: F = 13.6, p = 0.33, 3 arrangements, <nil>
}
