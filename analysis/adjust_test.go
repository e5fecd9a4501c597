package analysis_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
)

func TestAdjustAgainstStatsmodels(t *testing.T) {
	var oracle pairedOracle
	oracleJSON(t, "paired.json", &oracle)
	for _, c := range oracle.Families {
		kept := slices.Clone(c.P)
		holm, err := analysis.Holm(c.P)
		if err != nil {
			t.Fatal(err)
		}
		bh, err := analysis.BenjaminiHochberg(c.P)
		if err != nil {
			t.Fatal(err)
		}
		for i := range c.P {
			near(t, "Holm", holm[i], c.Holm[i], 1e-14)
			near(t, "Benjamini-Hochberg", bh[i], c.BH[i], 1e-14)
		}
		if !slices.Equal(c.P, kept) {
			t.Error("p values changed")
		}
	}
	if len(oracle.Families) == 0 {
		t.Error("no cases")
	}
}

func TestAdjustLaws(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for range 200 {
		p := make([]float64, 1+rng.IntN(30))
		for i := range p {
			p[i] = math.Pow(rng.Float64(), 3)
			if i > 0 && rng.IntN(4) == 0 {
				p[i] = p[i-1]
			}
		}
		for name, adjust := range map[string]func([]float64) ([]float64, error){"Holm": analysis.Holm, "Benjamini-Hochberg": analysis.BenjaminiHochberg} {
			q, err := adjust(p)
			if err != nil {
				t.Fatal(err)
			}
			for i := range p {
				if q[i] < p[i] || q[i] > 1 {
					t.Errorf("%s: %v becomes %v", name, p[i], q[i])
				}
				for j := range i {
					if (p[i] < p[j] && q[i] > q[j]) || (p[i] == p[j] && q[i] != q[j]) {
						t.Errorf("%s: order of %v and %v is not kept: %v and %v", name, p[i], p[j], q[i], q[j])
					}
				}
			}
			order := rng.Perm(len(p))
			moved := make([]float64, len(p))
			for to, from := range order {
				moved[to] = p[from]
			}
			r, err := adjust(moved)
			if err != nil {
				t.Fatal(err)
			}
			for to, from := range order {
				if r[to] != q[from] {
					t.Errorf("%s: in another order %v, want %v", name, r[to], q[from])
				}
			}
		}
		holm, _ := analysis.Holm(p)
		bh, _ := analysis.BenjaminiHochberg(p)
		for i := range p {
			if bh[i] > holm[i]*(1+1e-15) {
				t.Errorf("Benjamini-Hochberg %v above Holm %v", bh[i], holm[i])
			}
		}
	}
}

func TestAdjustRefuses(t *testing.T) {
	for _, bad := range []float64{math.NaN(), -0.1, 1.1, math.Inf(1)} {
		for _, adjust := range []func([]float64) ([]float64, error){analysis.Holm, analysis.BenjaminiHochberg} {
			if _, err := adjust([]float64{0.1, 0.2, bad}); err == nil || !strings.Contains(err.Error(), "p value 2") {
				t.Errorf("%v: %v", bad, err)
			}
		}
	}
	if q, err := analysis.Holm(nil); err != nil || len(q) != 0 {
		t.Errorf("no p values: %v, %v", q, err)
	}
}

func ExampleHolm() {
	q, err := analysis.Holm([]float64{0.03, 0.01, 0.04, 0.005})
	fmt.Printf("%.2f %v\n", q, err)
	// Output: [0.06 0.03 0.06 0.02] <nil>
}

func ExampleBenjaminiHochberg() {
	q, err := analysis.BenjaminiHochberg([]float64{0.03, 0.01, 0.04, 0.005})
	fmt.Printf("%.2f %v\n", q, err)
	// Output: [0.04 0.02 0.04 0.02] <nil>
}
