package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/specstress/specstress/loaders"
	"github.com/specstress/specstress/loaders/sample"
)

// findSource is three scenarios of two models, by disagreement 3, 0.5 and
// none, and verdicts on two of them; texts hold a terminal escape.
func findSource(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"o3_vs_o4mini.csv": "value1,value2,nudge_direction,chunk_index,entry_idx,o3_value1_position,o3_value2_position,o4_mini_value1_position,o4_mini_value2_position,query,response_o3,response_o4_mini\n" +
			"task adherence,tact,neutral,0,1,0,3,6,3,\"Is it\x1b[31m red?\",Secret answer,No\n" +
			"candor,tact,value1,0,1,3,3,4,3,Is it <b>blue</b>?,Yes,Secret answer\n" +
			"candor,tact,neutral,0,2,,,1,1,Is it green?,,\n",
		"std_0.0_to_1.0.csv": "chunk_idx,entry_idx,query_key,model,max_pop_std_openai,a_decision,b_decision,prompt,response\n" +
			"0,1,value1,o3,0.5,compliant,non-compliant,Is it blue?,Judged answer\n" +
			"0,1,value1,o4_mini,0.5,compliant,compliant,Is it blue?,Other\n" +
			"5,5,neutral,o3,0.25,ambiguous,non-compliant,Is it far?,Far\n" +
			"5,5,neutral,o4_mini,0.25,non-compliant,non-compliant,Is it far?,Far\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFind(t *testing.T) {
	dir := findSource(t)
	const split, judged = "--split=o3_vs_o4mini", "--split=judge_evaluations"
	for _, c := range []struct {
		name  string
		args  []string
		keys  []string
		found int
	}{
		{"everything, the widest first, no disagreement last", []string{split}, []string{"0-1-neutral", "0-1-value1", "0-2-neutral"}, 3},
		{"the only split is the default", nil, []string{"0-1-neutral", "0-1-value1", "0-2-neutral"}, 3},
		{"cut by a limit", []string{"--limit=1"}, []string{"0-1-neutral"}, 3},
		{"a value in the paper's spelling", []string{"--value", "Task Adherence"}, []string{"0-1-neutral"}, 1},
		{"both values", []string{"--value", "candor", "--value", "tact"}, []string{"0-1-value1", "0-2-neutral"}, 2},
		{"a bound that is reached", []string{"--min-disagreement=3"}, []string{"0-1-neutral"}, 1},
		{"the narrowest first", []string{"--max-disagreement=3"}, []string{"0-1-value1", "0-1-neutral"}, 2},
		{"over other models", []string{"--over=o4_mini+o3", "--max-disagreement=1"}, []string{"0-1-value1"}, 1},
		{"a nudge", []string{"--nudge=value1"}, []string{"0-1-value1"}, 1},
		{"words of the query", []string{"--text", "blue IT"}, []string{"0-1-value1"}, 1},
		{"words of a response", []string{"--text", "secret", "--model", "o4 mini"}, []string{"0-1-value1"}, 1},
		{"words that only another model says", []string{"--text", "yes", "--model", "o4_mini"}, nil, 0},
		{"nothing has this and that", []string{"--value", "task adherence", "--nudge=value1"}, nil, 0},
		{"judged: all fail", []string{"--verdict=all-fail"}, []string{"5-5-neutral"}, 1},
		{"judged: a part fails, by any judge", []string{"--verdict=split", "--rule=any"}, []string{"0-1-value1"}, 1},
		{"judged: all pass, by most of two", []string{"--verdict=all-pass"}, []string{"0-1-value1"}, 1},
		{"judged, and in the split", []string{"--verdict=all-pass", split}, []string{"0-1-value1"}, 1},
		{"judged, and not in the split", []string{"--verdict=all-fail", split}, nil, 0},
		{"judges at odds", []string{"--judges-at-odds=a,b"}, []string{"0-1-value1"}, 1},
		{"not the other way round", []string{"--judges-at-odds", "b,a"}, nil, 0},
		{"judges at odds on another model", []string{"--judges-at-odds=a,b", "--model=o4_mini"}, nil, 0},
		{"judged, by published disagreement", []string{judged, "--min-disagreement=0.5"}, []string{"0-1-value1"}, 1},
		{"judged, the narrowest first", []string{judged, "--max-disagreement=0.5"}, []string{"5-5-neutral", "0-1-value1"}, 2},
		{"judged, words of the prompt", []string{judged, "--text=far"}, []string{"5-5-neutral"}, 1},
		{"judged, words of a response", []string{judged, "--text=other", "--model=o4 mini"}, []string{"0-1-value1"}, 1},
		{"a condition of the loaders", []string{"--where", "value=candor", "--where", "nudge=neutral"}, []string{"0-2-neutral"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, stderr := call(t, append([]string{"find", "--json", "--data", dir}, c.args...)...)
			if code != 0 {
				t.Fatalf("exit %d: %s", code, stderr)
			}
			var got foundJSON
			if err := json.Unmarshal([]byte(out), &got); err != nil {
				t.Fatal(err)
			}
			var keys []string
			for _, card := range got.Cards {
				keys = append(keys, card.Key)
				if card.Responses != nil {
					t.Error("responses that nobody asked for")
				}
			}
			if !slices.Equal(keys, c.keys) || got.Found != c.found {
				t.Errorf("%d found, %v, want %d, %v; criteria %q", got.Found, keys, c.found, c.keys, got.Criteria)
			}
		})
	}
}

func TestFindSaysWhatItDid(t *testing.T) {
	dir := findSource(t)
	for _, c := range []struct {
		name string
		args []string
		says []string
	}{
		{"nothing found", []string{"--text", "halt"}, []string{`None of 3 scenarios of o3_vs_o4mini found with words "halt" in query. Texts read: 3 of column query.`}},
		{"only candidates are read", []string{"--text", "is", "--nudge=value1"}, []string{"Texts read: 1 of column query."}},
		{"a card", []string{"--value", "task adherence"}, []string{"1 of 3 scenarios", "scenario 0-1-neutral", "disagreement: 3.00 over", "o4 mini      · · · · · · 6  · · · 3", "Is it[31m red?"}},
		{"verdicts on the card", []string{"--nudge=value1"}, []string{"verdict of  a          b", "o3          compliant  non-compliant"}},
		{"responses, when asked for", []string{"--nudge=value1", "--text-responses"}, []string{"Response of o4 mini\n  Secret answer"}},
		{"a judged scenario that no split has", []string{"--verdict=all-fail"}, []string{"judge_evaluations, row 2", "positions: no split of this source has this scenario", "Is it far?"}},
	} {
		code, out, stderr := call(t, append([]string{"find", "--data", dir}, c.args...)...)
		if code != 0 {
			t.Errorf("%s: exit %d: %s", c.name, code, stderr)
		}
		for _, want := range c.says {
			if !strings.Contains(out, want) {
				t.Errorf("%s: does not say %q:\n%s", c.name, want, out)
			}
		}
		if strings.ContainsFunc(out, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }) {
			t.Errorf("%s: a control character reaches the terminal: %q", c.name, out)
		}
		if strings.Contains(out, "Secret") && !slices.Contains(c.args, "--text-responses") {
			t.Errorf("%s: prints a response that nobody asked for", c.name)
		}
	}
	code, out, _ := call(t, "find", "--data", dir, "--nudge=value1", "--html", "--text-responses")
	if code != 0 || !strings.Contains(out, "&lt;b&gt;blue&lt;/b&gt;") || !strings.Contains(out, "<details><summary>2 responses (content warning") {
		t.Errorf("HTML, exit %d:\n%s", code, out)
	}
}

func TestShow(t *testing.T) {
	dir := findSource(t)
	for _, c := range []struct {
		name string
		args []string
		code int
		out  string
		errs string
	}{
		{"a scenario of a split", []string{"0-1-value1"}, 0, "scenario 0-1-value1 · o3_vs_o4mini, row 1", ""},
		{"one that is only judged", []string{"5-5-neutral"}, 0, "scenario 5-5-neutral · judge_evaluations, row 2", ""},
		{"in the split asked for only", []string{"5-5-neutral", "--split=o3_vs_o4mini"}, 1, "", "no scenario 5-5-neutral among the 3 of o3_vs_o4mini"},
		{"an unknown key tells its variants", []string{"0-1-value2"}, 1, "", "of the same value pair: 0-1-neutral, 0-1-value1"},
		{"what is no key", []string{"0-1"}, 2, "", "want chunk-entry-nudge"},
		{"no key", nil, 2, "", "usage"},
		{"two forms at once", []string{"0-1-value1", "--json", "--html"}, 2, "", "json"},
	} {
		code, out, errs := call(t, append([]string{"show", "--data", dir}, c.args...)...)
		if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(errs, c.errs) {
			t.Errorf("%s: exit %d, want %d; %q should say %q; stderr %q should say %q", c.name, code, c.code, out, c.out, errs, c.errs)
		}
	}
}

func TestFindRefuses(t *testing.T) {
	dir := findSource(t)
	only := filepath.Join(dir, "o3_vs_o4mini.csv")
	for _, c := range []struct {
		name string
		data string
		args []string
		code int
		says string
	}{
		{"a verdict that is none", dir, []string{"--verdict=fail"}, 2, "all-fail, all-pass, split"},
		{"one judge", dir, []string{"--judges-at-odds=a"}, 2, "two judges"},
		{"an unknown judge", dir, []string{"--judges-at-odds=a,c"}, 1, "nearest: a"},
		{"bounds the wrong way round", dir, []string{"--min-disagreement=2", "--max-disagreement=1"}, 2, "above"},
		{"a bound below 0", dir, []string{"--min-disagreement=-1"}, 2, "0..3"},
		{"a bound above 3", dir, []string{"--max-disagreement=9"}, 2, "0..3"},
		{"responses that the sample does not have", "sample", []string{"--text=sorry", "--model=o3"}, 1, "43,960 scenarios has a text in column response_o3"},
		{"a model with nothing to say of it", dir, []string{"--model=o3"}, 2, "needs one of them"},
		{"no words", dir, []string{"--text= "}, 2, "no words"},
		{"an unknown value", dir, []string{"--value=tect"}, 1, "nearest: tact"},
		{"an unknown text column", dir, []string{"--text=x", "--model=o5"}, 1, "response_o3"},
		{"an unknown split", dir, []string{"--split=o3"}, 1, "nearest: o3_vs_o4mini"},
		{"outliers among too few", dir, []string{"--outlier=o3"}, 1, "at least 4"},
		{"outliers of verdicts", dir, []string{"--outlier=o3", "--verdict=split"}, 2, "name a split"},
		{"verdicts that are not there", only, []string{"--verdict=split"}, 1, "no verdicts"},
	} {
		code, _, stderr := call(t, append([]string{"find", "--data", c.data}, c.args...)...)
		if code != c.code || !strings.Contains(stderr, c.says) {
			t.Errorf("%s: exit %d, want %d; %q should say %q", c.name, code, c.code, stderr, c.says)
		}
	}
}

// The keys of the JSON are those that docs/find.md lists.
func TestFindJSONIsDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "find.md"))
	if err != nil {
		t.Fatal(err)
	}
	code, out, stderr := call(t, "find", "--data", findSource(t), "--json", "--text-responses", "--text=is")
	if code != 0 {
		t.Fatal(stderr)
	}
	var v any
	if err := json.Unmarshal([]byte(out), &v); err != nil {
		t.Fatal(err)
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for key, inner := range v {
				if !strings.Contains(string(page), "`"+key+"`") {
					t.Errorf("docs/find.md does not name the key %s", key)
				}
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	walk(v)
}

// Parquet in several row groups and files, texts and all.
func TestFindInTheSample(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "small")
	if err := sample.Write(context.Background(), dir, sample.Options{Rows: 1500, Text: true}); err != nil {
		t.Fatal(err)
	}
	code, out, stderr := call(t, "find", "--data", dir, "--split", loaders.ConfigComplete, "--text", "[SYNTHETIC above everything", "--nudge=value1", "--limit=1", "--text-responses", "--json")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	var got foundJSON
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	// Every query of the sample that is nudged has these words.
	if got.Scenarios != 1500 || got.Found != got.Scanned || got.Found < 400 || !got.Synthetic {
		t.Errorf("%d found and %d scanned of %d", got.Found, got.Scanned, got.Scenarios)
	}
	if c := got.Cards[0]; c.Nudge != "value1" || len(c.Responses) != 12 || !strings.HasPrefix(c.Responses[11].Text, sample.Mark) || !strings.Contains(*c.Query, c.Value1) {
		t.Errorf("card %+v", c)
	}
}
