package analysis_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
)

// winsTable makes a contest for each win that a table counts: wins[i][j]
// of item i over item j.
func winsTable(items []string, wins [][]int) *analysis.Comparisons {
	c := &analysis.Comparisons{Items: items}
	for i, row := range wins {
		for j, n := range row {
			for range n {
				c.First, c.Second = append(c.First, int32(i)), append(c.Second, int32(j))
				c.Outcome = append(c.Outcome, analysis.FirstWins)
			}
		}
	}
	return c
}

// simulated draws contests between items of known abilities, clusters of up
// to three nudges on a pair.
func simulated(theta []float64, rows int, order, nudge float64, seed uint64) *analysis.Comparisons {
	rng := rand.New(rand.NewPCG(seed, 0))
	c := &analysis.Comparisons{Items: make([]string, len(theta))}
	for i := range c.Items {
		c.Items[i] = "v" + string(rune('a'+i%26))
	}
	for id := int32(0); len(c.First) < rows; id++ {
		i, j := rng.IntN(len(theta)), rng.IntN(len(theta)-1)
		if j >= i {
			j++
		}
		for v := range min(1+rng.IntN(3), rows-len(c.First)) {
			sign := []float64{0, 1, -1}[v]
			eta := theta[i] - theta[j] + order + nudge*sign
			outcome := analysis.SecondWins
			if rng.Float64() < 1/(1+math.Exp(-eta)) {
				outcome = analysis.FirstWins
			}
			c.First, c.Second = append(c.First, int32(i)), append(c.Second, int32(j))
			c.Outcome = append(c.Outcome, outcome)
			c.Nudge = append(c.Nudge, []analysis.Nudge{analysis.NudgeNone, analysis.NudgeFirst, analysis.NudgeSecond}[v])
			c.Clusters.ID = append(c.Clusters.ID, id)
		}
		c.Clusters.N = int(id) + 1
	}
	return c
}

// TestBradleyTerryReference runs the published cases.
func TestBradleyTerryReference(t *testing.T) {
	raw, err := os.ReadFile("testdata/reference_stats.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			ID, Stat, Source string
			Input            json.RawMessage
			Expected         json.RawMessage
			Tol              float64
		}
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, c := range file.Cases {
		if c.Stat != "bradley_terry" {
			continue
		}
		ran++
		t.Run(c.ID, func(t *testing.T) {
			var in struct {
				Items     []string
				Wins      [][]int
				Reference string
			}
			var want struct {
				LogAbility []float64 `json:"log_ability"`
				StdErr     []float64 `json:"std_err"`
				Deviance   float64
				Reason     string
			}
			for raw, to := range map[*json.RawMessage]any{&c.Input: &in, &c.Expected: &want} {
				if err := json.Unmarshal(*raw, to); err != nil {
					t.Fatal(err)
				}
			}
			fit, err := analysis.FitBradleyTerry(winsTable(in.Items, in.Wins), analysis.BradleyTerryModel{})
			if want.LogAbility == nil {
				if !errors.Is(err, analysis.ErrUndefined) {
					t.Fatalf("got %v, want ErrUndefined: %s", err, want.Reason)
				}
				for _, item := range []string{in.Items[0]} {
					if !strings.Contains(err.Error(), item) {
						t.Errorf("%v does not name %s", err, item)
					}
				}
				t.Log(err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for i, theta := range want.LogAbility {
				if got := fit.Theta[i] - fit.Theta[0]; math.Abs(got-theta) > c.Tol {
					t.Errorf("%s: %v, want %v", in.Items[i], got, theta)
				}
			}
			if want.StdErr == nil {
				return
			}
			if d, df := fit.Deviance(); math.Abs(d-want.Deviance) > c.Tol || df != 3 {
				t.Errorf("deviance %v on %d degrees of freedom, want %v on 3", d, df, want.Deviance)
			}
		})
	}
	if ran != 4 {
		t.Errorf("%d cases, want 4", ran)
	}
}

func BenchmarkFitBradleyTerry(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	theta := make([]float64, 3302)
	for i := range theta {
		theta[i] = rng.NormFloat64()
	}
	c := simulated(theta, 43960, 0.1, 1.2, 1)
	b.ReportAllocs()
	for b.Loop() {
		fit, err := analysis.FitBradleyTerry(c, analysis.ValueModel())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(fit.Gradient, "gradient")
		b.ReportMetric(float64(fit.Steps), "steps")
	}
}
