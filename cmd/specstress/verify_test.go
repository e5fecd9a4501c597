package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestVerify(t *testing.T) {
	code, out, stderr := call(t, "verify", "--only", "judges")
	if code != 0 || !strings.HasPrefix(out, "SYNTHETIC SAMPLE") || !strings.Contains(out, "judges.fleiss.binary") {
		t.Errorf("exit %d, %s\n%s", code, stderr, out)
	}
	code, out, stderr = call(t, "verify", "--only", "judges.fleiss,sizes.distinct", "--json")
	var got struct {
		Results []struct {
			ID, Status, Missing string
			Value, Difference   *float64
			Contains            *bool
		}
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != 0 || len(got.Results) != 2 {
		t.Fatalf("exit %d, %v, %s\n%s", code, err, stderr, out)
	}
	for _, r := range got.Results {
		if r.Status != "synthetic" || r.Difference != nil || r.Contains != nil || (r.Value == nil) != (r.Missing != "") {
			t.Errorf("%+v", r)
		}
	}
	// One's own data are not the paper's, whatever they give.
	_, verdicts := ownFiles(t)
	code, out, stderr = call(t, "verify", "--data", verdicts, "--only", "judges")
	if code != 0 || !strings.HasPrefix(out, "NOT THE PAPER'S DATASET") || !strings.Contains(out, "7 other data") || !strings.Contains(out, "three judges") {
		t.Errorf("exit %d, %s\n%s", code, stderr, out)
	}
	if code, _, stderr := call(t, "verify", "--only", "juges"); code != 2 || !strings.Contains(stderr, "judges") {
		t.Errorf("a misspelt family: exit %d, %s", code, stderr)
	}
}
