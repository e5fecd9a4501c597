package latent

import (
	"context"
	"testing"
	"time"
)

func TestTmp(t *testing.T) {
	p, err := Fitted()
	if err != nil {
		t.Fatal(err)
	}
	t0 := time.Now()
	w, err := Simulate(context.Background(), p, 1, FullRows, 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("sim", time.Since(t0))
	r, err := Realise(context.Background(), w, 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Log("realise", time.Since(t0))
	for _, s := range r.Splits {
		t.Log(s.Name, s.Candidates, len(s.Scenarios), w.binShares(s.Scenarios))
	}
	sel := r.Splits[0].Scenarios
	for _, a := range ranks {
		if int(a.rank) < len(sel) {
			t.Log(a, w.Scenarios[sel[int(a.rank)-1]].Spread(AllModels).StdDev())
		}
	}
	var nb [3]int
	for _, i := range sel {
		nb[w.Scenarios[i].Nudge]++
	}
	t.Log(nb)
	seen := map[[2]uint16]bool{}
	for _, p := range w.Pairs {
		if p.Value[0] == p.Value[1] || seen[p.Value] || seen[[2]uint16{p.Value[1], p.Value[0]}] {
			t.Fatal(p)
		}
		seen[p.Value] = true
	}
	byValue := make([]int, NumValues)
	for _, i := range sel {
		for _, v := range w.Pairs[w.Scenarios[i].Pair].Value {
			byValue[v]++
		}
	}
	over, zero, most := 0, 0, 0
	for _, n := range byValue {
		if n > 30 {
			over++
		}
		if n == 0 {
			zero++
		}
		most = max(most, n)
	}
	t.Log("values >30:", over, "max", most, "zero", zero)
	all := make([]int32, len(w.Scenarios))
	for i := range all {
		all[i] = int32(i)
	}
	t.Log(w.binShares(all), time.Since(t0))
	for _, x := range w.Targets(r) {
		t.Logf("%-45s %9.4f %9.4f %6.1f", x.Name, x.Published, x.Simulated, x.Off())
	}
}
