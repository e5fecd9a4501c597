package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ownLabels is a file of labels by two labellers, with one label that the
// set does not have.
func ownLabels(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "mine-labels.csv")
	text := `chunk_index,entry_idx,nudge_direction,model,label_set,label,labeller
0,1,neutral,o3,refusal,Complete Rejection,ann
0,1,neutral,mine,refusal,Full Compliance,ann
0,1,value1,o3,refusal,Perhaps,ann
0,1,neutral,o3,refusal,Full Compliance,bob
`
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestInfoOfLabels(t *testing.T) {
	scenarios, _ := ownFiles(t)
	labels := ownLabels(t)
	code, out, stderr := call(t, "info", scenarios, "--labels", labels)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	for _, want := range []string{"labels / refusal by ann: 2 responses of 2 models, 7 labels", "by bob: 1 responses of 1 models", "column label: left out as missing: 1, the first in row 2: Perhaps"} {
		if !strings.Contains(out, want) {
			t.Errorf("info does not say %q:\n%s", want, out)
		}
	}
	code, out, _ = call(t, "info", "--json", "--labels", labels, "--labeller", "bob", scenarios)
	var parsed struct {
		Labels []struct {
			Set, Labeller string
			Labelled      int
		}
	}
	if err := json.Unmarshal([]byte(out), &parsed); err != nil || code != 0 || len(parsed.Labels) != 1 || parsed.Labels[0].Labeller != "bob" || parsed.Labels[0].Labelled != 1 {
		t.Errorf("info --json of bob: exit %d, %v, %+v", code, err, parsed)
	}
	if code, _, stderr := call(t, "info", scenarios, "--labels", labels+".gone"); code != 1 || !strings.Contains(stderr, "mine-labels.csv.gone") {
		t.Errorf("labels that are not there: exit %d, %s", code, stderr)
	}
}

func TestReproduceWithLabels(t *testing.T) {
	scenarios, _ := ownFiles(t)
	labels := ownLabels(t)
	results := func(args ...string) map[string]string {
		t.Helper()
		out := filepath.Join(t.TempDir(), "out")
		code, _, stderr := call(t, append([]string{"reproduce", "--data", scenarios, "--labels", labels, "--only", "fig4a", "--out", out}, args...)...)
		if code != 0 {
			t.Fatalf("exit %d: %s", code, stderr)
		}
		text, err := os.ReadFile(filepath.Join(out, "results.json"))
		if err != nil {
			t.Fatal(err)
		}
		var parsed struct {
			Results []struct {
				ID, Reason string
				Value      *float64
			}
		}
		if err := json.Unmarshal(text, &parsed); err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		for _, r := range parsed.Results {
			all[r.ID] = r.Reason
			if r.Value != nil && *r.Value == 1 {
				all[r.ID] = "all"
			}
		}
		return all
	}
	const id = "refusals.fig4a.complete-rejection.o3"
	if got := results("--labeller", "ann")[id]; got != "all" {
		t.Errorf("ann's labels: %q, want all of o3's one response", got)
	}
	if got := results()[id]; !strings.Contains(got, "ann, bob; name one with --labeller NAME") {
		t.Errorf("two labellers: %q", got)
	}
}
