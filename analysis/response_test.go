package analysis

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// verdictTable makes a table from one line per scenario: its bin, then a
// word per model with one letter per judge: c, n, a, or _ for no verdict.
// A word of - is an absent response; words joined by | are several rows of
// one. Models are m0, m1, ...; judges j0, j1, ...; clusters are unknown.
func verdictTable(lines ...string) *Verdicts {
	v := &Verdicts{Scenarios: len(lines)}
	for scenario, line := range lines {
		words := strings.Fields(line)
		bin := slices.Index(v.Bins, words[0])
		if bin < 0 {
			bin = len(v.Bins)
			v.Bins = append(v.Bins, words[0])
		}
		for model, word := range words[1:] {
			if model == len(v.Models) {
				v.Models = append(v.Models, fmt.Sprintf("m%d", model))
			}
			if word == "-" {
				continue
			}
			for _, row := range strings.Split(word, "|") {
				v.Scenario = append(v.Scenario, int32(scenario))
				v.Bin = append(v.Bin, int32(bin))
				v.Model = append(v.Model, int32(model))
				for j, letter := range row {
					if j == len(v.Judges) {
						v.Judges = append(v.Judges, fmt.Sprintf("j%d", j))
						v.ByJudge = append(v.ByJudge, nil)
					}
					v.ByJudge[j] = append(v.ByJudge[j], Verdict(strings.IndexRune("_cna", letter)))
				}
			}
		}
	}
	return v
}

// everyModel is the set of all models of a table.
func everyModel(v *Verdicts) ModelSet { return ModelSet{Name: "every", Models: v.Models} }

// readVerdicts reads testdata/verdicts.csv.
func readVerdicts(t testing.TB) *Verdicts {
	t.Helper()
	f, err := os.Open("testdata/verdicts.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	v := &Verdicts{
		Judges: rows[0][4:], ByJudge: make([][]Verdict, 3),
		Bins:   []string{"low", "mid", "high"},
		Models: []string{"model_a", "model_b", "model_c", "model_d", "model_e"},
	}
	for _, row := range rows[1:] {
		var scenario, cluster int32
		if _, err := fmt.Sscan(row[0], &scenario); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscan(row[2], &cluster); err != nil {
			t.Fatal(err)
		}
		v.Scenario = append(v.Scenario, scenario)
		v.Scenarios = max(v.Scenarios, int(scenario)+1)
		v.Clusters.ID = append(v.Clusters.ID, cluster)
		v.Clusters.N = max(v.Clusters.N, int(cluster)+1)
		v.Bin = append(v.Bin, int32(slices.Index(v.Bins, row[1])))
		v.Model = append(v.Model, int32(slices.Index(v.Models, row[3])))
		for j := range v.Judges {
			x, _ := ParseVerdict(row[4+j])
			v.ByJudge[j] = append(v.ByJudge[j], x)
		}
	}
	return v
}

// pick returns the given rows of a table, in that order.
func pick(v *Verdicts, rows []int) *Verdicts {
	out := &Verdicts{
		Judges: v.Judges, Models: v.Models, Bins: v.Bins, Scenarios: v.Scenarios,
		ByJudge: make([][]Verdict, len(v.Judges)), Clusters: Clusters{N: v.Clusters.N},
	}
	for _, row := range rows {
		out.Model = append(out.Model, v.Model[row])
		out.Bin = append(out.Bin, v.Bin[row])
		out.Scenario = append(out.Scenario, v.Scenario[row])
		for j := range v.Judges {
			out.ByJudge[j] = append(out.ByJudge[j], v.ByJudge[j][row])
		}
		if v.Clusters.Known() {
			out.Clusters.ID = append(out.Clusters.ID, v.Clusters.ID[row])
		}
	}
	return out
}

// shuffled returns the same verdicts with rows, models and judges in
// another order.
func shuffled(v *Verdicts, rng *rand.Rand) *Verdicts {
	out := pick(v, rng.Perm(len(v.Model)))
	models := rng.Perm(len(v.Models)) // new index -> old
	out.Models = make([]string, len(models))
	for i, old := range models {
		out.Models[i] = v.Models[old]
	}
	for row, old := range out.Model {
		out.Model[row] = int32(slices.Index(models, int(old)))
	}
	byJudge := out.ByJudge
	out.Judges, out.ByJudge = make([]string, len(v.Judges)), make([][]Verdict, len(v.Judges))
	for i, old := range rng.Perm(len(v.Judges)) {
		out.Judges[i], out.ByJudge[i] = v.Judges[old], byJudge[old]
	}
	return out
}

// randomVerdicts makes a table of random verdicts for 5 models and 3
// judges in 5 bins: about 5·scenarios rows, a few responses missing or
// told twice, a few verdicts missing.
func randomVerdicts(scenarios int, seed uint64) *Verdicts {
	rng := rand.New(rand.NewPCG(seed, 0))
	lines := make([]string, scenarios)
	for s := range lines {
		words := []string{fmt.Sprintf("bin%d", s%5)}
		for range 5 {
			words = append(words, randomResponse(rng, 9+s%5))
		}
		lines[s] = strings.Join(words, " ")
	}
	v := verdictTable(lines...)
	v.Clusters = Clusters{N: scenarios}
	for _, s := range v.Scenario {
		v.Clusters.ID = append(v.Clusters.ID, s*2/3)
	}
	return v
}

// randomResponse is a word of verdictTable; mix is how many of the letters
// are in play, the later ones being less compliant.
func randomResponse(rng *rand.Rand, mix int) string {
	row := func() (row string) {
		for range 3 {
			row += string("ccccccnnnnaa_"[rng.IntN(mix)])
		}
		return row
	}
	switch rng.IntN(50) {
	case 0:
		return "-"
	case 1:
		twice := row()
		return strings.Join([]string{twice, row(), twice}, "|")
	}
	return row()
}

func TestResponses(t *testing.T) {
	v := verdictTable(
		"low  ccc|ccc|ccc  cnc",
		"low  ccc|cnc|ccc  c_n|c_n",
	)
	list, repeated, err := responses(v)
	if err != nil {
		t.Fatal(err)
	}
	want := []response{{0, 0, 0, false}, {0, 1, 3, false}, {1, 0, 4, true}, {1, 1, 7, false}}
	if !slices.Equal(list, want) || repeated != 5 {
		t.Errorf("responses = %v, %d repeated; want %v, 5", list, repeated, want)
	}
}

func TestResponsesRefuse(t *testing.T) {
	twoBins := verdictTable("low ccc ccc")
	twoBins.Bins = append(twoBins.Bins, "high")
	twoBins.Bin[1] = 1
	twoClusters := verdictTable("low ccc ccc")
	twoClusters.Clusters = Clusters{ID: []int32{0, 1}, N: 2}
	noCluster := verdictTable("low ccc ccc")
	noCluster.Clusters = Clusters{ID: []int32{0, 7}, N: 2}
	noJudge := verdictTable("low ccc ccc")
	noJudge.Judges, noJudge.ByJudge = nil, nil
	short := verdictTable("low ccc ccc")
	short.ByJudge[1] = short.ByJudge[1][:1]
	for _, c := range []struct {
		name string
		v    *Verdicts
		want string
	}{
		{"a scenario in two bins", twoBins, "rows 0 and 1 are of one scenario, but in bins low and high"},
		{"a scenario in two clusters", twoClusters, "rows 0 and 1 are of one scenario, but in clusters 0 and 1"},
		{"a cluster that is not there", noCluster, "row 1: cluster 7, want 0..1"},
		{"no judge", noJudge, "no judge"},
		{"a short column", short, "judge j1 has 1 rows, want 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err1 := MeasureCompliance(c.v, everyModel(c.v), Majority)
			_, err2 := PooledCompliance(c.v, everyModel(c.v), Majority)
			_, err3 := MeasureJudgeAgreement(c.v)
			for _, err := range []error{err1, err2, err3} {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error %v, want one with %q", err, c.want)
				}
			}
		})
	}
	if _, err := MeasureJudgeAgreement(noJudge); !errors.Is(err, ErrTooFew) {
		t.Errorf("no judge: error %v, want ErrTooFew", err)
	}
}

// near fails the test if got is further than tol from want.
func near(t *testing.T, what string, got, want, tol float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tol) {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, tol)
	}
}
