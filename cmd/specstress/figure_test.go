package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFigure(t *testing.T) {
	scenarios, _ := ownFiles(t)
	out := t.TempDir()
	code, said, stderr := call(t, "figure", "disagreement", "--data", scenarios, "--size", "icml", "--format", "pdf,tex", "--option", "bins=3", "--option", "threshold=2", "--out", out)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	for _, ext := range []string{"pdf", "tex", "csv", "txt", "json"} {
		path := filepath.Join(out, "disagreement."+ext)
		if info, err := os.Stat(path); err != nil || info.Size() == 0 || !strings.Contains(said, path) {
			t.Errorf("%s: %v; said %q", path, err, said)
		}
	}
	rows, err := os.ReadFile(filepath.Join(out, "disagreement.csv"))
	if err != nil || strings.Count(string(rows), ",bin,") != 3 || !strings.Contains(string(rows), "at or above the threshold,2,") {
		t.Errorf("the options were not taken: %v\n%s", err, rows)
	}
	var m struct {
		Width float64 `json:"width_in"`
	}
	manifest, err := os.ReadFile(filepath.Join(out, "disagreement.json"))
	if err == nil {
		err = json.Unmarshal(manifest, &m)
	}
	if err != nil || m.Width != 3.25 {
		t.Errorf("width %v, %v", m.Width, err)
	}
	if code, _, stderr := call(t, "figure", "disagreement", "--data", scenarios, "--size", "5,12", "--format", "svg", "--out", t.TempDir()); code != 0 || !strings.Contains(stderr, "disagreement is 12.0 inches high, more than a page holds") {
		t.Errorf("a foot high: exit %d, %q", code, stderr)
	}
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"a misspelt option":        {[]string{"disagreement", "--option", "bin=3"}, 2, "nearest: bins"},
		"a value that cannot be":   {[]string{"disagreement", "--option", "bins=x"}, 2, "whole number"},
		"no value":                 {[]string{"disagreement", "--option", "bins"}, 2, "name=value"},
		"a figure without options": {[]string{"judges", "--option", "bins=3"}, 2, "option"},
		"a misspelt figure":        {[]string{"disagrement"}, 2, "nearest: disagreement"},
		"a misspelt size":          {[]string{"disagreement", "--size", "imcl"}, 2, "icml"},
		"a misspelt format":        {[]string{"disagreement", "--format", "pfd"}, 2, "pdf"},
		"no figure":                {nil, 2, "--list"},
		"one that data lack":       {[]string{"fig2"}, 1, "not in this source"},
		"too small for its texts":  {[]string{"disagreement", "--size", "1,0.5"}, 1, "inches"},
	} {
		args := append([]string{"figure", "--data", scenarios, "--out", t.TempDir()}, c.args...)
		if code, _, stderr := call(t, args...); code != c.code || !strings.Contains(stderr, c.says) {
			t.Errorf("%s: exit %d, %q; want %d and %q", name, code, stderr, c.code, c.says)
		}
	}
}

func TestFigureList(t *testing.T) {
	code, out, _ := call(t, "figure", "--list", "--json")
	var got struct{ Figures []map[string]string }
	if err := json.Unmarshal([]byte(out), &got); err != nil || code != 0 {
		t.Fatalf("exit %d, %v: %s", code, err, out)
	}
	seen := map[string]string{}
	for _, f := range got.Figures {
		seen[f["id"]] = f["paper"]
		if f["title"] == "" {
			t.Errorf("%v has no title", f)
		}
	}
	for id, paper := range map[string]string{"fig2": "Figure 2", "fig6-either-value": "Figure 6", "disagreement": "", "fig9": "Figure 9"} {
		if got, ok := seen[id]; !ok || got != paper {
			t.Errorf("%s: of %q in the paper, want %q", id, got, paper)
		}
	}
	if code, out, _ := call(t, "figure", "--list"); code != 0 || !strings.Contains(out, "fig2") || !strings.Contains(out, "Not made by this version") {
		t.Errorf("exit %d: %s", code, out)
	}
}
