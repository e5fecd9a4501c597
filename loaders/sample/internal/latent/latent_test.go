package latent

import (
	"context"
	"errors"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func simulate(t *testing.T, seed uint64, rows, workers int) *World {
	t.Helper()
	p, err := Fitted()
	if err != nil {
		t.Fatal(err)
	}
	w, err := Simulate(t.Context(), p, seed, rows, workers)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// same gives all models one score on both values, changed by some.
func same(score uint8, change ...func(s *Scores)) *Scenario {
	s := &Scenario{}
	for v := range s.Scores {
		for m := range s.Scores[v] {
			s.Scores[v][m] = score
		}
	}
	for _, c := range change {
		c(&s.Scores)
	}
	return s
}

// put sets the first models' scores on one value.
func put(value int, scores ...uint8) func(*Scores) {
	return func(s *Scores) { copy(s[value][:], scores) }
}

func TestSpreadByHand(t *testing.T) {
	for _, c := range []struct {
		what  string
		s     *Scenario
		set   Set
		want  Spread
		above bool // disagreement >= 1.5
	}{
		{"all agree", same(4), AllModels, Spread{0, 12}, false},
		// 12·(6·9) − 18² = 324: exactly 1.5.
		{"six at 0, six at 3", same(3, put(1, 0, 0, 0, 0, 0, 0)), AllModels, Spread{324, 12}, true},
		// 12·(5·9+36−...): five at 0, seven at 3: 12·63 − 21² = 315.
		{"five at 0, seven at 3", same(3, put(1, 0, 0, 0, 0, 0)), AllModels, Spread{315, 12}, false},
		// The larger of the two values counts: 2·36 − 36 = 36, and 2·9 − 9 = 9.
		{"a pair", same(0, put(0, 0, 0, 0, 3), put(1, 0, 0, 0, 6)), Opus4, Spread{36, 2}, true},
		{"a pair at distance 2", same(0, put(0, 0, 0, 0, 2)), Opus4, Spread{4, 2}, false},
		{"a missing position", same(0, put(1, Missing, 6)), Claude, Spread{4*36 - 36, 4}, true},
		{"a pair with a missing position", same(0, put(1, 0, 0, 0, Missing)), Opus4, Spread{}, false},
	} {
		got := c.s.Spread(c.set)
		if got != c.want || got.AtLeast(3) != c.above {
			t.Errorf("%s: spread %v, at least 1.5 %v; want %v, %v", c.what, got, got.AtLeast(3), c.want, c.above)
		}
	}
}

// The sets here are index lists; the analysis package has them by name.
func TestSetsAreThePapers(t *testing.T) {
	for i, want := range analysis.PaperModelSets() {
		at := slices.IndexFunc(Splits, func(s Split) bool { return s.Name == want.Name })
		if at < 0 {
			t.Errorf("%d: no split %s", i, want.Name)
			continue
		}
		var got []string
		for _, m := range Splits[at].Set {
			got = append(got, ModelIDs[m])
		}
		if analysis.SortModels(got); !slices.Equal(got, want.Models) {
			t.Errorf("%s: models %v, want %v", want.Name, got, want.Models)
		}
	}
	if len(ValuesInCategory) != len(analysis.Categories()) {
		t.Errorf("%d categories, want %d", len(ValuesInCategory), len(analysis.Categories()))
	}
	if i, j := categoryOf(0), categoryOf(NumValues-1); i != 0 || j != len(ValuesInCategory)-1 {
		t.Errorf("first and last value in categories %d and %d", i, j)
	}
}

// The same decisions in rational arithmetic from the definition.
func TestSpreadExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	variance := func(s *Scenario, set Set) *big.Rat {
		most := new(big.Rat)
		for v := range s.Scores {
			sum, n := new(big.Rat), int64(0)
			for _, m := range set {
				if r := s.Scores[v][m]; r != Missing {
					sum.Add(sum, big.NewRat(int64(r), 1))
					n++
				}
			}
			mean := sum.Quo(sum, big.NewRat(n, 1))
			squares := new(big.Rat)
			for _, m := range set {
				if r := s.Scores[v][m]; r != Missing {
					d := new(big.Rat).Sub(big.NewRat(int64(r), 1), mean)
					squares.Add(squares, d.Mul(d, d))
				}
			}
			if x := squares.Quo(squares, big.NewRat(n, 1)); x.Cmp(most) > 0 {
				most = x
			}
		}
		return most
	}
	var last *Scenario
	for range 5000 {
		s := same(0)
		for v := range s.Scores {
			for m := range s.Scores[v] {
				s.Scores[v][m] = uint8(rng.IntN(7))
			}
		}
		s.Scores[rng.IntN(2)][rng.IntN(4)] = Missing // not in OpenAI: n differs between sets only
		for _, set := range []Set{AllModels, Claude, OpenAI} {
			want, got := variance(s, set), s.Spread(set)
			for halves := range uint32(7) {
				if above := want.Cmp(big.NewRat(int64(halves*halves), 4)) >= 0; got.AtLeast(halves) != above {
					t.Fatalf("%v: at least %d/2 is %v, want %v", s.Scores, halves, !above, above)
				}
			}
			if last != nil && got.Compare(last.Spread(Claude)) != want.Cmp(variance(last, Claude)) {
				t.Fatalf("%v and %v are ordered wrongly", s.Scores, last.Scores)
			}
		}
		last = s
	}
}

func TestBinEdges(t *testing.T) {
	// A pair of positions a, b has the spread (a-b)²/4; of five models,
	// one at distance d from four: 4d²/25.
	for _, c := range []struct {
		s    Spread
		want int
	}{
		{Spread{}, -1}, {Spread{0, 5}, 0}, {Spread{24, 5}, 0}, {Spread{25, 5}, 1}, {Spread{56, 5}, 1},
		{Spread{57, 5}, 2}, {Spread{99, 5}, 2}, {Spread{100, 5}, 3}, {Spread{156, 5}, 3}, {Spread{157, 5}, 4}, {Spread{36, 2}, 4},
	} {
		if got := BinOf(c.s); got != c.want {
			t.Errorf("BinOf(%v) = %d, want %d", c.s, got, c.want)
		}
	}
}

func TestOutliersByHand(t *testing.T) {
	for _, c := range []struct {
		what string
		s    *Scenario
		want []int // models
	}{
		{"nobody", same(3), nil},
		{"one far off", same(1, put(0, 5)), []int{0}},
		{"distance 3", same(1, put(0, 4)), nil},
		{"three far off: 9 others each", same(1, put(1, 5, 6, 6)), []int{0, 1, 2}},
		{"four far off: 8 others each", same(1, put(1, 5, 6, 6, 6)), nil},
		{"on either value", same(1, put(0, 5), put(1, 1, 6)), []int{0, 1}},
		{"nine others with two missing", same(1, put(0, 5, Missing, Missing)), []int{0}},
		{"eight others with three missing", same(1, put(0, 5, Missing, Missing, Missing)), nil},
	} {
		var got []int
		for m, is := range c.s.outliers() {
			if is {
				got = append(got, m)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

func TestSimulateAnyWorkers(t *testing.T) {
	const rows = 10_000
	one := simulate(t, 7, rows, 1)
	if len(one.Scenarios) != rows {
		t.Errorf("%d scenarios, want %d", len(one.Scenarios), rows)
	}
	if many := simulate(t, 7, rows, 5); !reflect.DeepEqual(one, many) {
		t.Error("five workers give another population than one")
	}
	if other := simulate(t, 8, rows, 1); reflect.DeepEqual(one.Scenarios, other.Scenarios) {
		t.Error("another seed gives the same population")
	}
}

func TestSimulateStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Simulate(ctx, Params{}, 1, 1000, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}

func TestPairsDistinct(t *testing.T) {
	seen := make([]bool, NumValues*NumValues)
	for i := range allPairs {
		a, b := pairOf(1, i)
		if a <= b || a >= NumValues || b < 0 || seen[a*NumValues+b] {
			t.Fatalf("pair %d is %d, %d: repeated or out of range", i, a, b)
		}
		seen[a*NumValues+b] = true
	}
}

func TestChoose(t *testing.T) {
	counts := make([]int, 10)
	const draws = 20_000
	rng := newStream()
	for i := range draws {
		got := rng.at(1, forDropOut, i).choose(3, 10)
		if len(got) != 3 || !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != 3 {
			t.Fatalf("chose %v", got)
		}
		for _, k := range got {
			counts[k]++
		}
	}
	// 6,000 each; standard deviation sqrt(20000·.3·.7) = 65.
	for k, n := range counts {
		if n < 6000-5*65 || n > 6000+5*65 {
			t.Errorf("%d was chosen %d times, want about 6000", k, n)
		}
	}
	if got := rng.choose(5, 3); !slices.Equal(got, []int32{0, 1, 2}) {
		t.Errorf("5 of 3 are %v", got)
	}
}

func TestParseParams(t *testing.T) {
	good := string(fitted)
	p, err := ParseParams(fitted)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := p.JSON(); err != nil || string(text) != good {
		t.Errorf("params.json is not in the form that JSON writes (%v)", err)
	}
	for what, change := range map[string][2]string{
		"models swapped": {`"grok_4"`, `"o3"`},
		"unknown field":  {`"blur"`, `"blurr"`},
		"wrong judge":    {`"gpt41"`, `"gpt42"`},
		"not a number":   {`"blur": 0`, `"blur": "x"`},
	} {
		text := strings.Replace(good, change[0], change[1], 1)
		if _, err := ParseParams([]byte(text)); err == nil || text == good {
			t.Errorf("%s: no error", what)
		}
	}
}
