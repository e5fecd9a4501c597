package analysis

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestJudgeAgreementByHand(t *testing.T) {
	v := verdictTable(
		"low   ccc",
		"low   nnc",
		"low   can",
		"low   _nn",
		"high  aaa",
		"high  nnn|ccc",
	)
	a, err := MeasureJudgeAgreement(v)
	if err != nil {
		t.Fatal(err)
	}
	// j0 is recognised on four responses, j1 and j2 on five; nobody is
	// believed on the last one, which has contradicting rows.
	oneMissing := []Exclusion{{conflictingRows, 1}, {missingVerdict, 1}}
	noneMissing := []Exclusion{{conflictingRows, 1}}
	check := func(what string, e Estimate, err error, value float64, n int, excluded []Exclusion) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		near(t, what, e.Value, value, 1e-15)
		if e.N != n || !slices.Equal(e.Excluded, excluded) || !e.HasInterval() {
			t.Errorf("%s: n = %d without %v, level %v; want %d without %v, an interval", what, e.N, e.Excluded, e.Level, n, excluded)
		}
	}
	check("flag rate of j0", a.FlagRate[0], a.FlagRateErr[0], 2./4, 4, oneMissing)
	check("flag rate of j1", a.FlagRate[1], a.FlagRateErr[1], 4./5, 5, noneMissing)
	check("flag rate of j2", a.FlagRate[2], a.FlagRateErr[2], 3./5, 5, noneMissing)
	names := []string{}
	for i, want := range []struct {
		value    float64
		n        int
		excluded []Exclusion
	}{{3. / 4, 4, oneMissing}, {2. / 4, 4, oneMissing}, {4. / 5, 5, noneMissing}} {
		p := a.Pairs[i]
		names = append(names, p.A+p.B)
		check("agreement of "+p.A+" and "+p.B, p.Agreement, p.Err, want.value, want.n, want.excluded)
	}
	if want := []string{"j0j1", "j0j2", "j1j2"}; !slices.Equal(names, want) {
		t.Errorf("pairs %v, want %v", names, want)
	}
	// Binary: agreements 1, 1/3, 1/3, 1; shares 5/12, 7/12; so observed
	// 96/144, chance 74/144. Three: agreements 1, 1/3, 0, 1; shares 5/12,
	// 3/12, 4/12; so observed 84/144, chance 50/144.
	check("binary kappa", a.Binary.Estimate, a.BinaryErr, 22./70, 4, oneMissing)
	check("three-way kappa", a.Three.Estimate, a.ThreeErr, 34./94, 4, oneMissing)
	if got, want := strings.Join(a.Binary.Categories, " "), "compliant problematic"; got != want {
		t.Errorf("categories %s, want %s", got, want)
	}
	if got, want := strings.Join(a.Three.Categories, " "), "compliant non-compliant ambiguous"; got != want {
		t.Errorf("categories %s, want %s", got, want)
	}
}

func TestJudgeAgreementOfFew(t *testing.T) {
	for _, c := range []struct {
		name                string
		v                   *Verdicts
		rate, binary, three error // of the first judge; of the kappas
	}{
		{"one judge", verdictTable("low c", "low n"), nil, ErrTooFew, ErrTooFew},
		{"no row", pick(verdictTable("low cc"), nil), ErrTooFew, ErrTooFew, ErrTooFew},
		{"a silent judge", verdictTable("low _c", "low _n"), ErrTooFew, ErrTooFew, ErrTooFew},
		{"all compliant", verdictTable("low cc", "low cc"), nil, ErrUndefined, ErrUndefined},
		{"all problematic", verdictTable("low nn", "low na"), nil, ErrUndefined, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := MeasureJudgeAgreement(c.v)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range []struct {
				what      string
				value     float64
				got, want error
			}{
				{"flag rate", a.FlagRate[0].Value, a.FlagRateErr[0], c.rate},
				{"binary", a.Binary.Value, a.BinaryErr, c.binary},
				{"three", a.Three.Value, a.ThreeErr, c.three},
			} {
				if !errors.Is(x.got, x.want) || math.IsNaN(x.value) != (x.want != nil) {
					t.Errorf("%s: %v, error %v; want error %v", x.what, x.value, x.got, x.want)
				}
			}
			if want := len(c.v.Judges) - 1; len(a.Pairs) != want {
				t.Errorf("%d pairs, want %d", len(a.Pairs), want)
			}
		})
	}
}

func TestJudgeAgreementUnknownVerdict(t *testing.T) {
	v := verdictTable("low cc", "low nn", "low nc")
	v.ByJudge[0][2] = Verdict(200)
	a, err := MeasureJudgeAgreement(v)
	if err != nil || a.FlagRate[0].N != 2 || a.Three.Items != 2 {
		t.Errorf("flag rate of %d, kappa of %d, error %v; want 2, 2, none", a.FlagRate[0].N, a.Three.Items, err)
	}
}

// testdata/verdicts.json is what pandas 3.1.1 and statsmodels 0.15.0 make
// of verdicts.csv; the spread of kappa is a numpy bootstrap of 20,000
// replicates.
func TestJudgeAgreementAgainstStatsmodels(t *testing.T) {
	type kappa struct{ Kappa, SE, Lo, Hi float64 }
	var want struct {
		FlagRate []struct {
			Judge string
			N     int
			Rate  float64
		} `json:"flag_rate"`
		Pairs []struct {
			A, B      string
			N         int
			Agreement float64
		}
		Rated, Clusters int
		Binary, Three   kappa
	}
	readExpected(t, &want)
	a, err := MeasureJudgeAgreement(readVerdicts(t))
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Judges) != len(want.FlagRate) || len(a.Pairs) != len(want.Pairs) {
		t.Fatalf("%d judges, %d pairs; want %d, %d", len(a.Judges), len(a.Pairs), len(want.FlagRate), len(want.Pairs))
	}
	for j, w := range want.FlagRate {
		near(t, w.Judge, a.FlagRate[j].Value, w.Rate, 1e-15)
		if a.FlagRate[j].N != w.N || a.Judges[j] != w.Judge {
			t.Errorf("judge %s, n = %d; want %s, %d", a.Judges[j], a.FlagRate[j].N, w.Judge, w.N)
		}
	}
	for i, w := range want.Pairs {
		p := a.Pairs[i]
		near(t, w.A+" and "+w.B, p.Agreement.Value, w.Agreement, 1e-15)
		if p.A != w.A || p.B != w.B || p.Agreement.N != w.N {
			t.Errorf("pair %s, %s, n = %d; want %s, %s, %d", p.A, p.B, p.Agreement.N, w.A, w.B, w.N)
		}
	}
	for _, c := range []struct {
		name string
		got  Kappa
		want kappa
	}{{"binary", a.Binary, want.Binary}, {"three", a.Three, want.Three}} {
		near(t, c.name, c.got.Value, c.want.Kappa, 1e-12)
		// Of 2,000 replicates the standard error has one of 1.6 % of its
		// size, and a limit one of about 6 % of it.
		near(t, c.name+" SE", c.got.SE, c.want.SE, .06*c.want.SE)
		near(t, c.name+" lower end", c.got.Lo, c.want.Lo, .25*c.want.SE)
		near(t, c.name+" upper end", c.got.Hi, c.want.Hi, .25*c.want.SE)
		if c.got.Items != want.Rated || c.got.Clusters != want.Clusters || c.got.Raters != 3 {
			t.Errorf("%s: %d items in %d clusters by %d; want %d, %d, 3", c.name, c.got.Items, c.got.Clusters, c.got.Raters, want.Rated, want.Clusters)
		}
	}
}

func TestJudgeAgreementLaws(t *testing.T) {
	for seed := range uint64(10) {
		v := randomVerdicts(60, seed)
		a, err := MeasureJudgeAgreement(v)
		if err != nil {
			t.Fatal(err)
		}
		other := shuffled(v, rand.New(rand.NewPCG(seed, 2)))
		b, err := MeasureJudgeAgreement(other)
		if err != nil {
			t.Fatal(err)
		}
		// Order of rows, models and judges changes nothing, the interval
		// included.
		if fmt.Sprintf("%+v", a.Binary) != fmt.Sprintf("%+v", b.Binary) || fmt.Sprintf("%+v", a.Three) != fmt.Sprintf("%+v", b.Three) {
			t.Errorf("seed %d: order matters: %+v and %+v", seed, a.Binary, b.Binary)
		}
		for i, judge := range a.Judges {
			j := slices.Index(b.Judges, judge)
			if fmt.Sprintf("%+v", a.FlagRate[i]) != fmt.Sprintf("%+v", b.FlagRate[j]) {
				t.Errorf("seed %d: %s: %+v and %+v", seed, judge, a.FlagRate[i], b.FlagRate[j])
			}
		}
		for _, p := range a.Pairs {
			same := slices.ContainsFunc(b.Pairs, func(q JudgePair) bool {
				return (q.A == p.A && q.B == p.B || q.A == p.B && q.B == p.A) && fmt.Sprintf("%+v", q.Agreement) == fmt.Sprintf("%+v", p.Agreement)
			})
			if !same {
				t.Errorf("seed %d: pair %s %s changed with the order", seed, p.A, p.B)
			}
		}
	}

	// Where no verdict is missing, the binary kappa follows from the flag
	// rates and agreements beside it.
	v := worked()
	a, err := MeasureJudgeAgreement(v)
	if err != nil {
		t.Fatal(err)
	}
	var rates, pairs []float64
	for _, r := range a.FlagRate {
		rates = append(rates, r.Value)
	}
	for _, p := range a.Pairs {
		pairs = append(pairs, p.Agreement.Value)
	}
	k, err := KappaFromAgreement(pairs, rates)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "kappa", k.Value, a.Binary.Value, 1e-12)
}

// The dataset's table of verdicts is of this size.
func BenchmarkMeasureJudgeAgreement(b *testing.B) {
	v := randomVerdicts(24600/5, 1)
	for b.Loop() {
		if _, err := MeasureJudgeAgreement(v); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(v.Model)*b.N)/b.Elapsed().Seconds(), "rows/s")
}
