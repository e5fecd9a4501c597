package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestExplain(t *testing.T) {
	code, out, stderr := call(t, "explain", "judges.flag_rate.claude_4")
	if code != 0 || !strings.Contains(out, "specstress sample --out specstress-sample") || !strings.Contains(out, "analysis/agreement.go") || !strings.Contains(out, "read_parquet(") {
		t.Errorf("exit %d, %s\n%s", code, stderr, out)
	}
	code, out, stderr = call(t, "explain", "judges.fleiss", "--sql")
	if code != 0 || strings.Count(out, "-- judges.fleiss.") != 2 || !strings.HasPrefix(out, "-- judges.") {
		t.Errorf("exit %d, %s\n%s", code, stderr, out)
	}
	code, out, stderr = call(t, "explain", "compliance.table2.fold.random", "judges.fleiss.binary", "--json")
	var got struct {
		Synthetic    bool
		Explanations []struct {
			ID, Query, Missing string
			Value              *float64
		}
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != 0 || !got.Synthetic || len(got.Explanations) != 2 {
		t.Fatalf("exit %d, %v, %s", code, err, stderr)
	}
	for _, e := range got.Explanations {
		if (e.Value == nil) != (e.Query == "") || (e.Value == nil) != (e.Missing != "") {
			t.Errorf("%+v", e)
		}
	}
	code, out, stderr = call(t, "explain", "compliance.fig2.any.logistic.slope", "compliance.fig2.any.trend", "--sql")
	if code != 0 || !strings.Contains(out, "-- compliance.fig2.any.logistic.slope: no query: it solves equations") || !strings.Contains(out, "-- compliance.fig2.any.trend\n") {
		t.Errorf("exit %d, %s\n%s", code, stderr, out)
	}
	scenarios, _ := ownFiles(t)
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no id":            {nil, 2, "which number?"},
		"a misspelt id":    {[]string{"judges.fleis.binary"}, 2, "judges.fleiss.binary"},
		"two forms":        {[]string{"judges", "--sql", "--json"}, 2, "not both"},
		"a filter":         {[]string{"judges", "--where", "nudge=neutral"}, 2, "all rows"},
		"no query to have": {[]string{"disagreement.mine", "--sql", "--data", scenarios}, 1, "no query"},
	} {
		if code, _, stderr := call(t, append([]string{"explain"}, c.args...)...); code != c.code || !strings.Contains(stderr, c.says) {
			t.Errorf("%s: exit %d, %q; want %d and %q", name, code, stderr, c.code, c.says)
		}
	}
}
