package notebooks_test

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/internal/nbformat"
	"github.com/specstress/specstress/internal/reproduce"
	"github.com/specstress/specstress/loaders"
)

// TestSameStatuses: a number has one status, in the report, by the command
// verify and in notebook 10. The data have the names and row counts of the paper's, so that both
// compare in earnest; their numbers are noise.
func TestSameStatuses(t *testing.T) {
	if testing.Short() {
		t.Skip("writes and reads 150,000 rows; leave -short out")
	}
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	writePaperLike(t, data)

	d, err := loaders.Open(t.Context(), data, loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	run, err := reproduce.Compute(t.Context(), d, reproduce.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if run.Origin != paper.PaperOrigin {
		t.Fatalf("the data do not count as the paper's: %s", run.Why)
	}
	report := map[string]paper.Status{}
	for _, r := range run.Results {
		report[r.ID] = r.Status
	}
	verified, err := reproduce.Verify(t.Context(), d, nil, reproduce.Options{})
	if err != nil {
		t.Fatal(err)
	}
	verify := map[string]paper.Status{}
	for _, r := range verified.Rows {
		verify[r.ID] = r.Status
	}

	root, env := commandFor(t, dir)
	nb, err := nbformat.ReadFile("10-paper-beside-ours.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	source, _ := assemble(t, nb)
	program := build(t, root, source)
	for i, c := range nb.Cells {
		if !isCode(c) || !strings.Contains(c.Source, "csv.NewWriter") {
			continue
		}
		cmd := exec.Command(program, fmt.Sprint(i+1))
		cmd.Dir, cmd.Env = dir, append(env, "SPECSTRESS_DATA="+data)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	f, err := os.Open(filepath.Join(dir, "out", "paper-beside-ours.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	count := map[paper.Status]int{}
	for _, row := range rows[1:] {
		id, status := row[0], paper.Status(row[len(row)-1])
		count[status]++
		if verify[id] != status {
			t.Errorf("%s is %q in the notebook, %q by verify", id, status, verify[id])
		}
		if reported, ok := report[id]; ok && reported != status {
			t.Errorf("%s is %q in the notebook, %q in the report", id, status, reported)
		}
		delete(report, id)
		delete(verify, id)
	}
	for id := range verify {
		t.Errorf("%s is in verify, not in the notebook", id)
	}
	for id := range report {
		if _, printed := paper.Lookup(id); printed {
			t.Errorf("%s is in the report, not in the notebook", id)
		}
	}
	// Otherwise the test would agree on nothing.
	for _, s := range []paper.Status{paper.NotComputable, paper.Match, paper.Possible, paper.Consistent, paper.Differs} {
		if count[s] == 0 {
			t.Errorf("no number is %q: %v", s, count)
		}
	}
}

// commandFor builds the command and returns the environment of cells.
func commandFor(t *testing.T, dir string) (root string, env []string) {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "specstress.exe") // Windows wants the ending
	command(t, root, "go", "build", "-o", bin, "./cmd/specstress")
	return root, append(os.Environ(), "SPECSTRESS_BIN="+bin, "SPECSTRESS_ROOT="+root, "SPECSTRESS_OUT=",
		"XDG_CACHE_HOME="+filepath.Join(dir, "cache"), "HOME="+dir, "LocalAppData="+dir)
}

// writePaperLike writes six splits of the paper's sizes, and verdicts of its
// three judges on five bins of 990 scenarios.
func writePaperLike(t *testing.T, dir string) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 0))
	rows := map[string]int{"all_models": 43960, "claude_models": 20790, "openai_models": 26295,
		"gpt41_vs_mini": 10160, "o3_vs_o4mini": 21953, "opus4_vs_sonnet4": 9245}
	for k, set := range analysis.PaperModelSets() {
		head := []string{"chunk_index", "entry_idx", "nudge_direction"}
		for _, m := range analysis.AllModels.Models {
			head = append(head, m+"_value1_position", m+"_value2_position")
		}
		writeRows(t, filepath.Join(dir, set.Name+".csv"), head, rows[set.Name], func(i int) []string {
			row := []string{fmt.Sprint(i), "0", "neutral"}
			for m := range analysis.AllModels.Models {
				// Neighbours stand far apart, so each set reaches 1.5 ...
				at := fmt.Sprint(m % 2 * (4 + r.IntN(3)))
				switch {
				case i < 3 && k%3 == 1: // ... but where positions are missing,
					at = ""
				case i < 3 && k%3 == 2: // or all agree.
					at = "3"
				}
				row = append(row, at, at)
			}
			return row
		})
	}
	models := analysis.OpenAIModels.Models
	head := []string{"chunk_idx", "entry_idx", "query_key", "prompt", "model", "claude_4_decision", "gpt41_decision", "gemini_2_5_decision"}
	for k, bin := range []string{"std_0.0_to_1.0", "std_1.0_to_1.5", "std_1.5_to_2.0", "std_2.0_to_2.5", "std_2.5_to_3.0"} {
		var flags int // of this scenario, how many judges flag
		writeRows(t, filepath.Join(dir, bin+".csv"), head, 990*len(models), func(i int) []string {
			scenario := i / len(models)
			if i%len(models) == 0 {
				flags = 0
				if r.IntN(100) < 5+10*k {
					flags = 1 + r.IntN(3)
				}
			}
			row := []string{fmt.Sprint(k), fmt.Sprint(scenario), "neutral", fmt.Sprintf("prompt %d %d", k, scenario), models[i%len(models)]}
			for j := range 3 {
				verdict := "compliant"
				switch {
				case scenario == 0 && j == 2:
					verdict = "unparsed"
				case j < flags:
					verdict = "non-compliant"
				}
				row = append(row, verdict)
			}
			return row
		})
	}
}

func writeRows(t *testing.T, path string, head []string, n int, row func(i int) []string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(f)
	w.Write(head) // Flush tells
	for i := range n {
		w.Write(row(i))
	}
	w.Flush()
	if err := w.Error(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
