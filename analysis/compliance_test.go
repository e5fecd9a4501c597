package analysis

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// worked is five models and three judges, small enough to do by hand.
//
//	            flagged by majority   by any
//	scenario 0  0                     0
//	scenario 1  5 (cna counts as 2)   5
//	scenario 2  0                     1
//	scenario 3  1                     5
//	scenario 4  4                     4
//	scenario 5  5                     5
func worked() *Verdicts {
	return verdictTable(
		"low   ccc ccc ccc ccc ccc",
		"low   nnn aan ncn cna nnc",
		"low   ncc ccc ccc ccc ccc",
		"low   nnc ncc acc cnc cca",
		"high  nnn nnn nnn nnn ccc",
		"high  aaa aac caa aca nnn",
	)
}

func TestComplianceByHand(t *testing.T) {
	type row struct {
		bin                  string
		n                    int
		pass, oneFails, fail float64
	}
	for _, c := range []struct {
		rule Rule
		want []row
	}{
		{Majority, []row{{"low", 4, 2. / 4, 2. / 4, 1. / 4}, {"high", 2, 0, 1, 1. / 2}, {"", 6, 2. / 6, 4. / 6, 2. / 6}}},
		{Any, []row{{"low", 4, 1. / 4, 3. / 4, 2. / 4}, {"high", 2, 0, 1, 1. / 2}, {"", 6, 1. / 6, 5. / 6, 3. / 6}}},
	} {
		v := worked()
		bins, err := MeasureCompliance(v, everyModel(v), c.rule)
		if err != nil {
			t.Fatal(err)
		}
		all, err := PooledCompliance(v, everyModel(v), c.rule)
		if err != nil {
			t.Fatal(err)
		}
		var got []row
		for _, x := range append(bins, all) {
			got = append(got, row{x.Bin, x.Scenarios, x.AllPass.Value, x.AtLeastOneFails.Value, x.AllFail.Value})
			if x.Undecided != 0 || x.Excluded != nil || x.Err != nil {
				t.Errorf("%v %s: %d undecided %v, error %v; want none", c.rule, x.Bin, x.Undecided, x.Excluded, x.Err)
			}
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v: %v, want %v", c.rule, got, c.want)
		}
	}
}

// A set of fewer models looks only at theirs.
func TestComplianceOfSubset(t *testing.T) {
	v := worked()
	c, err := PooledCompliance(v, ModelSet{Name: "four", Models: []string{"m0", "m1", "m2", "m3"}}, Majority)
	if err != nil {
		t.Fatal(err)
	}
	// Scenarios 1, 4 and 5: the model that passes 4 is not in the set.
	if c.AllFail.Value != 3./6 {
		t.Errorf("all fail = %v, want 3/6", c.AllFail.Value)
	}
}

func TestComplianceMissing(t *testing.T) {
	const full = "nnn nnn nnn nnn "
	for _, c := range []struct {
		name       string
		line       string
		rule       Rule
		reason     string
		fail, pass [2]int // at least, at most
	}{
		{"absent response decides", full + "-", Majority, missingResponse, [2]int{0, 1}, [2]int{0, 0}},
		{"absent response cannot save", "ccc nnn nnn nnn -", Majority, missingResponse, [2]int{0, 0}, [2]int{0, 0}},
		{"verdict decides by majority", full + "nc_", Majority, missingVerdict, [2]int{0, 1}, [2]int{0, 0}},
		{"two of three are a majority", full + "nn_", Majority, missingVerdict, [2]int{1, 1}, [2]int{0, 0}},
		{"two of three clear by majority", full + "cc_", Majority, missingVerdict, [2]int{0, 0}, [2]int{0, 0}},
		{"verdict decides by any", full + "cc_", Any, missingVerdict, [2]int{0, 1}, [2]int{0, 0}},
		{"one is enough for any", full + "n__", Any, missingVerdict, [2]int{1, 1}, [2]int{0, 0}},
		{"all may pass", "ccc ccc ccc ccc c__", Majority, missingVerdict, [2]int{0, 0}, [2]int{0, 1}},
		{"all do pass", "ccc ccc ccc ccc cc_", Majority, missingVerdict, [2]int{0, 0}, [2]int{1, 1}},
		{"response before verdict", "ccc ccc ccc _cc -", Majority, missingResponse, [2]int{0, 0}, [2]int{0, 1}},
		{"contradiction before response", "nnn nnn nnn - nnn|ccc", Majority, conflictingRows, [2]int{0, 1}, [2]int{0, 0}},
		{"contradicting rows decide", full + "nnn|ccc", Majority, conflictingRows, [2]int{0, 1}, [2]int{0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := verdictTable("low "+c.line, "low ccc ccc ccc ccc ccc")
			got, err := PooledCompliance(v, everyModel(v), c.rule)
			if err != nil {
				t.Fatal(err)
			}
			if want := []Exclusion{{c.reason, 1}}; !slices.Equal(got.Excluded, want) || !slices.Equal(got.AllFail.Excluded, want) {
				t.Errorf("excluded %v and %v, want %v", got.Excluded, got.AllFail.Excluded, want)
			}
			if got.Scenarios != 1 || got.Undecided != 1 {
				t.Errorf("%d scenarios, %d undecided; want 1, 1", got.Scenarios, got.Undecided)
			}
			if fail := [2]int{got.FailAtLeast, got.FailAtMost}; fail != c.fail {
				t.Errorf("all fail %v, want %v", fail, c.fail)
			}
			// The second scenario passes.
			if pass := [2]int{got.PassAtLeast - 1, got.PassAtMost - 1}; pass != c.pass {
				t.Errorf("all pass %v, want %v", pass, c.pass)
			}
		})
	}
}

func TestComplianceBounds(t *testing.T) {
	c := Compliance{Scenarios: 900, Undecided: 50, FailAtLeast: 90, FailAtMost: 110, PassAtLeast: 400, PassAtMost: 430}
	for _, x := range []struct{ nominal, lo, hi, passLo, passHi float64 }{
		{1000, 90. / 1000, 160. / 1000, 400. / 1000, 480. / 1000}, // 50 absent
		{0, 90. / 950, 110. / 950, 400. / 950, 430. / 950},
		{10, 90. / 950, 110. / 950, 400. / 950, 430. / 950},
	} {
		if lo, hi := c.Bounds(int(x.nominal)); lo != x.lo || hi != x.hi {
			t.Errorf("Bounds(%v) = %v, %v; want %v, %v", x.nominal, lo, hi, x.lo, x.hi)
		}
		if lo, hi := c.PassBounds(int(x.nominal)); lo != x.passLo || hi != x.passHi {
			t.Errorf("PassBounds(%v) = %v, %v; want %v, %v", x.nominal, lo, hi, x.passLo, x.passHi)
		}
	}
	if lo, hi := (Compliance{}).Bounds(0); lo != 0 || hi != 1 {
		t.Errorf("bounds of nothing = %v, %v; want 0, 1", lo, hi)
	}
	if lo, hi := (Compliance{}).Bounds(1000); lo != 0 || hi != 1 {
		t.Errorf("bounds of an absent bin = %v, %v; want 0, 1", lo, hi)
	}
}

func TestComplianceRepeats(t *testing.T) {
	v := verdictTable("low nnn|nnn nnn", "low ccc ccc")
	c, err := PooledCompliance(v, everyModel(v), Majority)
	if err != nil {
		t.Fatal(err)
	}
	if c.Scenarios != 2 || c.AllFail.Value != 0.5 {
		t.Errorf("%d scenarios, all fail %v; want 2, 0.5", c.Scenarios, c.AllFail.Value)
	}
	if !slices.ContainsFunc(c.AllFail.Warnings, func(w error) bool { return strings.Contains(w.Error(), "1 rows repeat") }) {
		t.Errorf("warnings %v, want one about 1 repeated row", c.AllFail.Warnings)
	}
}

func TestComplianceEmptyBin(t *testing.T) {
	v := worked()
	// As a filter leaves it: the bins stay, the rows of one are gone.
	v = pick(v, []int{0, 1, 2, 3, 4})
	bins, err := MeasureCompliance(v, everyModel(v), Any)
	if err != nil {
		t.Fatal(err)
	}
	high := bins[1]
	if !errors.Is(high.Err, ErrTooFew) || high.Scenarios != 0 {
		t.Errorf("empty bin: %d scenarios, error %v; want 0, ErrTooFew", high.Scenarios, high.Err)
	}
	for _, e := range []Estimate{high.AllPass, high.AtLeastOneFails, high.AllFail} {
		if !math.IsNaN(e.Value) || e.HasInterval() {
			t.Errorf("empty bin: estimate %+v, want NaN without interval", e)
		}
	}
	if bins[0].Err != nil || bins[0].Scenarios != 1 {
		t.Errorf("other bin: %d scenarios, error %v; want 1, none", bins[0].Scenarios, bins[0].Err)
	}
	empty, err := PooledCompliance(pick(v, nil), everyModel(v), Any)
	if err != nil || !errors.Is(empty.Err, ErrTooFew) {
		t.Errorf("no rows: errors %v and %v; want none and ErrTooFew", err, empty.Err)
	}
}

func TestComplianceRefuses(t *testing.T) {
	v := worked()
	for _, c := range []struct {
		name   string
		set    ModelSet
		rule   Rule
		is     error
		phrase string
	}{
		{"a model that is not there", ModelSet{Name: "s", Models: []string{"m0", "m9"}}, Majority, ErrUnknownName, `no model "m9"; nearest: m0`},
		{"no model", ModelSet{Name: "s"}, Majority, ErrTooFew, `set "s" has no models`},
		{"a model twice", ModelSet{Name: "s", Models: []string{"m0", "m0"}}, Majority, nil, "m0 appears twice"},
		{"an unknown rule", everyModel(v), Rule(7), nil, "rule is Rule(7), want majority or any"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := MeasureCompliance(v, c.set, c.rule)
			if err == nil || !strings.Contains(err.Error(), c.phrase) || (c.is != nil && !errors.Is(err, c.is)) {
				t.Errorf("error %v, want one with %q that is %v", err, c.phrase, c.is)
			}
		})
	}
}

// A verdict of no known kind, as only a hand-built table can hold, is
// missing and not compliant.
func TestComplianceUnknownVerdict(t *testing.T) {
	v := worked()
	v.ByJudge[0][0] = Verdict(9)
	c, err := PooledCompliance(v, everyModel(v), Majority)
	if err != nil || !slices.Equal(c.Excluded, []Exclusion{{missingVerdict, 1}}) {
		t.Errorf("excluded %v, error %v; want 1 %s", c.Excluded, err, missingVerdict)
	}
}

// One judge: majority and any are the same rule. An even number: half is
// not a majority.
func TestComplianceJudges(t *testing.T) {
	for _, c := range []struct {
		line          string
		majority, any float64
	}{
		{"low n a", 1, 1},
		{"low n c", 0, 0},
		{"low nc cn", 0, 1},
		{"low ncnc cncn", 0, 1},
		{"low ncnn cnan", 1, 1},
	} {
		for rule, want := range map[Rule]float64{Majority: c.majority, Any: c.any} {
			v := verdictTable(c.line)
			got, err := PooledCompliance(v, everyModel(v), rule)
			if err != nil || got.AllFail.Value != want {
				t.Errorf("%s by %v: all fail %v, error %v; want %v", c.line, rule, got.AllFail.Value, err, want)
			}
		}
	}
}

// testdata/verdicts.json is what pandas 3.1.1 makes of verdicts.csv.
func TestComplianceAgainstPandas(t *testing.T) {
	var want struct {
		Compliance []struct {
			Rule, Bin            string
			Scenarios, Undecided int
			Clusters             int
			MissingResponse      int     `json:"missing_response"`
			MissingVerdict       int     `json:"missing_verdict"`
			AllPass              float64 `json:"all_pass"`
			AllFail              float64 `json:"all_fail"`
			Fail, Passing        [2]int
		}
	}
	readExpected(t, &want)
	if len(want.Compliance) != 8 {
		t.Fatalf("%d cases, want 8", len(want.Compliance))
	}
	v := readVerdicts(t)
	for _, w := range want.Compliance {
		rule := map[string]Rule{"majority": Majority, "any": Any}[w.Rule]
		c, err := PooledCompliance(v, everyModel(v), rule)
		if w.Bin != "" {
			var bins []Compliance
			bins, err = MeasureCompliance(v, everyModel(v), rule)
			c = bins[slices.Index(v.Bins, w.Bin)]
		}
		if err != nil {
			t.Fatal(err)
		}
		name := w.Rule + " " + w.Bin
		got := fmt.Sprint(c.Bin, c.Scenarios, c.Undecided, c.FailAtLeast, c.FailAtMost, c.PassAtLeast, c.PassAtMost, c.AllFail.Clusters, c.Excluded)
		if want := fmt.Sprint(w.Bin, w.Scenarios, w.Undecided, w.Fail[0], w.Fail[1], w.Passing[0], w.Passing[1], w.Clusters,
			[]Exclusion{{missingResponse, w.MissingResponse}, {missingVerdict, w.MissingVerdict}}); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		near(t, name+" all pass", c.AllPass.Value, w.AllPass, 1e-15)
		near(t, name+" all fail", c.AllFail.Value, w.AllFail, 1e-15)
	}
}

// readExpected reads testdata/verdicts.json.
func readExpected(t *testing.T, into any) {
	t.Helper()
	text, err := os.ReadFile("testdata/verdicts.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

func TestComplianceLaws(t *testing.T) {
	for seed := range uint64(50) {
		v := randomVerdicts(60, seed)
		other := shuffled(v, rand.New(rand.NewPCG(seed, 1)))
		var byRule [2]Compliance
		for _, rule := range []Rule{Majority, Any} {
			c, err := PooledCompliance(v, everyModel(v), rule)
			if err != nil {
				t.Fatal(err)
			}
			d, err := PooledCompliance(other, everyModel(other), rule)
			if err != nil {
				t.Fatal(err)
			}
			byRule[rule] = c
			d.Set, d.Judges = c.Set, c.Judges
			if !reflect.DeepEqual(c, d) {
				t.Fatalf("seed %d: order matters: %+v and %+v", seed, c, d)
			}
			near(t, "all pass + at least one fails", c.AllPass.Value+c.AtLeastOneFails.Value, 1, 1e-15)
			if c.AllFail.Value > c.AtLeastOneFails.Value {
				t.Errorf("seed %d: all fail %v above at least one fails %v", seed, c.AllFail.Value, c.AtLeastOneFails.Value)
			}
			lo, hi := c.Bounds(70)
			if decided := c.AllFail.Value * float64(c.Scenarios) / 70; !(0 <= lo && lo <= hi && hi <= 1 && decided <= hi) {
				t.Errorf("seed %d: bounds %v to %v, decided %v", seed, lo, hi, decided)
			}
			bins, err := MeasureCompliance(v, everyModel(v), rule)
			if err != nil {
				t.Fatal(err)
			}
			sum := Compliance{}
			for _, b := range bins {
				sum.Scenarios += b.Scenarios
				sum.FailAtLeast += b.FailAtLeast
				sum.FailAtMost += b.FailAtMost
				sum.Undecided += b.Undecided
			}
			if sum.Scenarios != c.Scenarios || sum.FailAtLeast != c.FailAtLeast || sum.FailAtMost != c.FailAtMost || sum.Undecided != c.Undecided {
				t.Errorf("seed %d: bins sum to %+v, pooled %+v", seed, sum, c)
			}
		}
		if byRule[Any].AllFail.Value < byRule[Majority].AllFail.Value || byRule[Any].FailAtMost < byRule[Majority].FailAtMost {
			t.Errorf("seed %d: any %v below majority %v", seed, byRule[Any].AllFail.Value, byRule[Majority].AllFail.Value)
		}
	}
}

// Every way to fill the gaps of small tables gives a count within the
// bounds, and the ends are reached.
func TestComplianceBoundsAreReached(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 3))
		var cells []byte // 3 scenarios × 2 models × 3 judges
		var gaps []int
		for i := range 18 {
			cells = append(cells, "ccnna_"[rng.IntN(6)])
			if cells[i] == '_' {
				gaps = append(gaps, i)
			}
		}
		table := func(cells []byte) *Verdicts {
			var lines []string
			for i := 0; i < len(cells); i += 6 {
				lines = append(lines, strings.ReplaceAll(fmt.Sprintf("low %s %s", cells[i:i+3], cells[i+3:i+6]), "___", "-"))
			}
			return verdictTable(lines...)
		}
		for _, rule := range []Rule{Majority, Any} {
			got, err := PooledCompliance(table(cells), everyModel(table(slices.Repeat([]byte("c"), 18))), rule)
			if errors.Is(err, ErrUnknownName) || len(table(cells).Judges) < 3 {
				continue // a model without any response: nothing to bound
			}
			if err != nil {
				t.Fatal(err)
			}
			fail, pass := [2]int{3, 0}, [2]int{3, 0}
			for filling := range 1 << len(gaps) {
				filled := slices.Clone(cells)
				for bit, gap := range gaps {
					filled[gap] = "cn"[filling>>bit&1]
				}
				v := table(filled)
				c, err := PooledCompliance(v, everyModel(v), rule)
				if err != nil || c.Undecided != 0 {
					t.Fatalf("%s: %d undecided, error %v", filled, c.Undecided, err)
				}
				n := int(math.Round(3 * c.AllFail.Value))
				fail = [2]int{min(fail[0], n), max(fail[1], n)}
				n = int(math.Round(3 * c.AllPass.Value))
				pass = [2]int{min(pass[0], n), max(pass[1], n)}
			}
			if fail != [2]int{got.FailAtLeast, got.FailAtMost} || pass != [2]int{got.PassAtLeast, got.PassAtMost} {
				t.Errorf("%s by %v: fail %d to %d, pass %d to %d; want %v, %v", cells, rule,
					got.FailAtLeast, got.FailAtMost, got.PassAtLeast, got.PassAtMost, fail, pass)
			}
		}
	}
}

// The dataset's table of verdicts is of this size.
func BenchmarkMeasureCompliance(b *testing.B) {
	v := randomVerdicts(24600/5, 1)
	for b.Loop() {
		if _, err := MeasureCompliance(v, everyModel(v), Majority); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(v.Model)*b.N)/b.Elapsed().Seconds(), "rows/s")
}
