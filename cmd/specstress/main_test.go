package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// call runs a command line and returns its exit code and what it printed.
func call(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	read := func(file **os.File) func() string {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		old := *file
		*file = w
		done := make(chan string)
		go func() {
			b, _ := io.ReadAll(r)
			done <- string(b)
		}()
		return func() string {
			*file = old
			w.Close()
			return <-done
		}
	}
	out, errs := read(&os.Stdout), read(&os.Stderr)
	code = run(context.Background(), args)
	return code, out(), errs()
}

// own is a small source of one's own: two files side by side.
const (
	ownScenarios = `value1,value2,nudge_direction,chunk_index,entry_idx,o3_value1_position,o3_value2_position,mine_value1_position,mine_value2_position
candor,=mercy,neutral,0,1,6,0,0,1
candor,=mercy,value1,0,1,6,0,6,0
tact,candor,neutral,0,2,1,5,,9
`
	ownVerdicts = `chunk_idx,entry_idx,query_key,bin_name,model,strict_decision
0,1,neutral,1.5-2.0,o3,compliant
0,1,neutral,1.5-2.0,mine,non-compliant
0,2,neutral,1.5-2.0,o3,ambiguous
0,2,neutral,1.5-2.0,mine,nonsense
`
)

func ownFiles(t *testing.T) (scenarios, verdicts string) {
	t.Helper()
	dir := t.TempDir()
	scenarios, verdicts = filepath.Join(dir, "mine.csv"), filepath.Join(dir, "verdicts.csv")
	for path, content := range map[string]string{scenarios: ownScenarios, verdicts: ownVerdicts} {
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return scenarios, verdicts
}

func TestExitCodes(t *testing.T) {
	scenarios, _ := ownFiles(t)
	for _, c := range []struct {
		name string
		args []string
		code int
		says string // on standard error
	}{
		{"help", []string{"--help"}, 0, ""},
		{"version", []string{"version"}, 0, ""},
		{"an unknown command", []string{"reprodcue"}, 2, "reprodcue"},
		{"an unknown flag", []string{"info", "--jason", "x"}, 2, "--jason"},
		{"no source", []string{"info"}, 2, "usage"},
		{"a misspelt figure", []string{"reproduce", "--only", "fgi2"}, 2, "fig2"},
		{"a bad condition", []string{"reproduce", "--where", "nugde=neutral"}, 2, "nudge"},
		{"a bad column map", []string{"info", "--column", "x", scenarios}, 2, "ours=theirs"},
		{"a misspelt table", []string{"export", "positoins"}, 2, "positions"},
		{"a format that is none", []string{"export", "positions", "--format", "xlsx"}, 2, "parquet"},
		{"no format", []string{"export", "positions"}, 2, "which format"},
		{"the default split, of other data", []string{"export", "positions", "--format", "csv", "--data", scenarios}, 1, "nearest: mine; name a split with --split"},
		{"no key", []string{"show"}, 2, "32-579-value1"},
		{"a misspelt set of columns", []string{"fetch", "--columns", "position"}, 2, "positions"},
		{"a revision that is none", []string{"fetch", "--revision", "../x"}, 2, "revision"},
		{"fetching a folder", []string{"fetch", "--columns", "all", t.TempDir()}, 2, "no address"},
		{"a word that cache does not know", []string{"cache", "purge"}, 2, "purge"},
		{"sample without a folder", []string{"sample"}, 2, "--out"},
		{"a source that is not there", []string{"info", filepath.Join(t.TempDir(), "none")}, 1, "none"},
		{"a misspelt split", []string{"export", "positions", "--data", scenarios, "--split", "mime", "--format", "csv"}, 1, "nearest: mine"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, _, stderr := call(t, c.args...)
			if code != c.code || !strings.Contains(stderr, c.says) {
				t.Errorf("exit %d, want %d; stderr %q should say %q", code, c.code, stderr, c.says)
			}
		})
	}
}

func TestInfo(t *testing.T) {
	scenarios, verdicts := ownFiles(t)
	code, out, stderr := call(t, "info", scenarios, verdicts)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	for _, want := range []string{"OTHER DATA", "default / mine: 3 rows", "2 value pairs, 3 values", "judges strict",
		"mine_value2_position: left out as missing: 1, the first in row 2: 9", "nonsense"} {
		if !strings.Contains(out, want) {
			t.Errorf("info does not say %q:\n%s", want, out)
		}
	}
	code, out, _ = call(t, "info", "--json", scenarios)
	var parsed struct {
		Synthetic bool
		Splits    []struct{ Rows, Pairs int }
	}
	if err := json.Unmarshal([]byte(out), &parsed); err != nil || code != 0 || parsed.Synthetic || len(parsed.Splits) != 1 || parsed.Splits[0].Rows != 3 {
		t.Errorf("info --json: exit %d, %v, %+v", code, err, parsed)
	}
}

func TestCheckQuotesNoText(t *testing.T) {
	scenarios, verdicts := ownFiles(t)
	code, out, stderr := call(t, "check", scenarios, verdicts)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	if strings.Contains(out, "mercy") || strings.Contains(out, "candor") {
		t.Errorf("check quotes values of the data:\n%s", out)
	}
	if want := "1 of 4"; !strings.Contains(out, want) { // one verdict of four is none
		t.Errorf("check does not count the unknown spelling as %q:\n%s", want, out)
	}
}

func TestExport(t *testing.T) {
	scenarios, verdicts := ownFiles(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "d.csv")
	if code, _, stderr := call(t, "export", "disagreement", "--data", scenarios, "--split", "mine", "--out", file); code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	// D of the first scenario: values 6,0 and 0,1 have population standard
	// deviations 3 and 0.5. The third has one position on each value.
	want := [][]string{
		{"key", "chunk_index", "entry_idx", "nudge_direction", "value1", "value2", "disagreement_mine"},
		{"0-1-neutral", "0", "1", "neutral", "candor", "'=mercy", "3"},
		{"0-1-value1", "0", "1", "value1", "candor", "'=mercy", "0"},
		{"0-2-neutral", "0", "2", "neutral", "tact", "candor", ""},
	}
	if len(rows) != len(want) {
		t.Fatalf("%d rows, want %d: %v", len(rows), len(want), rows)
	}
	for i := range want {
		if strings.Join(rows[i], "|") != strings.Join(want[i], "|") {
			t.Errorf("row %d is %v, want %v", i, rows[i], want[i])
		}
	}

	file = filepath.Join(dir, "v.parquet")
	if code, _, stderr := call(t, "export", "verdicts", "--data", verdicts, "--config", "judge_evaluations", "--out", file); code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	type row struct {
		Key     *string `parquet:"key"`
		Model   *string `parquet:"model"`
		Verdict *string `parquet:"strict_decision"`
		Chunk   *int64  `parquet:"chunk_index"`
	}
	got, err := parquet.ReadFile[row](file)
	if err != nil || len(got) != 4 {
		t.Fatalf("%d rows, error %v", len(got), err)
	}
	if *got[1].Model != "mine" || *got[1].Verdict != "non-compliant" || *got[1].Key != "0-1-neutral" || *got[1].Chunk != 0 || got[3].Verdict != nil {
		t.Errorf("rows %v: the second is mine's non-compliant, the fourth has no verdict", got)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 2 {
		t.Errorf("%d files in the folder, want the two exports only", len(left))
	}
}

func TestReproduceOwnData(t *testing.T) {
	scenarios, verdicts := ownFiles(t)
	out := filepath.Join(t.TempDir(), "out")
	code, stdout, stderr := call(t, "reproduce", "--data", scenarios, "--data", verdicts, "--out", out)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	if !strings.Contains(stdout, filepath.Join(out, "report.html")) {
		t.Errorf("the report's path is not in %q", stdout)
	}
	b, err := os.ReadFile(filepath.Join(out, "results.json"))
	if err != nil {
		t.Fatal(err)
	}
	var results struct {
		Results []struct {
			ID, Status, Reason string
			Value              *float64
			N                  int
		}
	}
	if err := json.Unmarshal(b, &results); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, r := range results.Results {
		found[r.ID] = r.Status
		if r.ID == "disagreement.mine.count" && (r.Value == nil || *r.Value != 1 || r.N != 2) {
			t.Errorf("disagreement.mine.count is %v of %d, want 1 of 2", r.Value, r.N)
		}
	}
	for id, status := range map[string]string{"disagreement.mine.count": "other data", "disagreement.all_models.count": "other data", "judges.flag_rate.strict": "other data"} {
		if found[id] != status {
			t.Errorf("%s has status %q, want %q", id, found[id], status)
		}
	}
}
