package latent

import (
	"math"
	"testing"
)

// residuals are the targets that the default sample misses by more than
// two standard errors, with the reason. Everything else must be within.
var residuals = map[string]string{}

// The published totals come from targets.go; what is tested is that the
// committed parameters, seed and code still give them.
func TestDefaultSample(t *testing.T) {
	w := simulate(t, 1, FullRows, 2)
	r, err := Realise(t.Context(), w, 2)
	if err != nil {
		t.Fatal(err)
	}
	targets := w.Targets(r)
	if len(targets) != 10+3+3+9+12 {
		t.Errorf("%d targets", len(targets))
	}
	for _, x := range targets {
		reason, known := residuals[x.Name]
		if off := math.Abs(x.Off()); math.IsNaN(off) || (off > 2) != known {
			t.Errorf("%s is %.4f, published %.4f: off by %.1f standard errors (known residual: %q)", x.Name, x.Simulated, x.Published, x.Off(), reason)
		}
	}
	// Fleiss' kappa on two categories follows from the flag rates and the
	// agreements; published as 0.42, p. 9, and 0.422 from its parts.
	value := map[string]float64{}
	for _, x := range targets {
		value[x.Name] = x.Simulated
	}
	p := (value["judges.flag_rate.claude_4"] + value["judges.flag_rate.gpt41"] + value["judges.flag_rate.gemini_2_5"]) / 3
	observed := (value["judges.agreement.claude_4.gpt41"] + value["judges.agreement.claude_4.gemini_2_5"] + value["judges.agreement.gpt41.gemini_2_5"]) / 3
	chance := p*p + (1-p)*(1-p)
	if kappa := (observed - chance) / (1 - chance); math.Abs(kappa-.422) > .02 {
		t.Errorf("kappa is %.3f, published 0.42", kappa)
	}

	// Soft: the disagreement at three ranks is known from public rows.
	for _, x := range w.RankTargets(r.Splits[0]) {
		if math.Abs(x.Simulated-x.Published) > .05 {
			t.Errorf("%s is %.3f, published %.3f", x.Name, x.Simulated, x.Published)
		}
	}

	for _, s := range r.Splits {
		if len(s.Scenarios) != s.Rows {
			t.Errorf("%s has %d rows of %d candidates, want %d", s.Name, len(s.Scenarios), s.Candidates, s.Rows)
		}
	}
	judged := 0
	for _, rows := range r.Bins {
		judged += len(rows)
	}
	if judged != 24_600 {
		t.Errorf("%d judgements, want 24600", judged)
	}

	// Public facts on all_models: pairs by number of rows, and values.
	inPair, values := map[int32]int{}, map[uint16]bool{}
	for _, i := range r.Splits[0].Scenarios {
		p := w.Scenarios[i].Pair
		inPair[p]++
		values[w.Pairs[p].Value[0]], values[w.Pairs[p].Value[1]] = true, true
	}
	var byRows [4]int
	for _, n := range inPair {
		byRows[n]++
	}
	if want := [4]int{0, 33_113, 4_936, 325}; byRows != want || len(inPair) != 38_374 {
		t.Errorf("%v value pairs with 0, 1, 2, 3 rows, want %v", byRows, want)
	}
	if len(values) != 3_302 {
		t.Errorf("%d values, want 3302", len(values))
	}
}

// Every share in every column of the sample's Table 2 is complementary.
func TestTable2Adds(t *testing.T) {
	w := simulate(t, 3, 41_100, 2)
	r, err := Realise(t.Context(), w, 2)
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]float64{}
	for _, x := range w.Targets(r) {
		of[x.Name] = x.Simulated
	}
	for _, column := range table2Sets {
		if sum := of["table2."+column+".all_pass"] + of["table2."+column+".at_least_one_fails"]; math.Abs(sum-1) > 1e-12 {
			t.Errorf("%s: all pass and at least one fails add to %v", column, sum)
		}
	}
}

func BenchmarkSimulate(b *testing.B) {
	p, err := Fitted()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Simulate(b.Context(), p, 1, FullRows, 2); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(FullRows*b.N)/b.Elapsed().Seconds(), "rows/s")
}
