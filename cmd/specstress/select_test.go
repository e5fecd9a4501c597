package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/specstress/specstress/loaders/embeddings"
)

func writeNPY(t *testing.T, dim int, data ...float32) string {
	t.Helper()
	var b bytes.Buffer
	if err := embeddings.WriteNPY(&b, data, dim); err != nil {
		t.Fatal(err)
	}
	return writeFile(t, "vectors.npy", b.String())
}

func writeFile(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestSelectVectors, by hand: 0, 1, 2, 100, 101, 102 on a line. From 0 the
// farthest is 102, then, both 2 away, 2 before 100.
func TestSelectVectors(t *testing.T) {
	file := writeNPY(t, 1, 0, 1, 2, 100, 101, 102)
	for _, workers := range []string{"1", "2", "16"} {
		code, out, errs := call(t, "select", "--embeddings", file, "--k", "4", "--start", "0", "--workers", workers)
		want := "order,index,key,weight,distance\n1,0,0,1,\n2,5,5,1,102\n3,2,2,1,2\n4,3,3,1,2\n"
		if code != 0 || out != want {
			t.Errorf("%d %s\n%s, want\n%s", code, errs, out, want)
		}
		if want := "select: 4 of 6 scenarios by farthest; covering radius 1; vectors.npy, 1-dimensional, euclidean\n"; errs != want {
			t.Errorf("said %q, want %q", errs, want)
		}
	}
	// Weights by file: 5 is the heaviest, 0.7*1 and 0.5*1 are at most 0.8.
	weights := writeFile(t, "w.csv", "weight\n0.5\n2\n0.7\n1\n1\n2.5\n")
	out := filepath.Join(t.TempDir(), "s.csv")
	report := filepath.Join(t.TempDir(), "r.json")
	if code, _, errs := call(t, "select", "--embeddings", file, "--weights", weights, "--out", out, "--report", report); code != 0 {
		t.Fatal(errs)
	}
	got, err := os.ReadFile(out)
	want := "order,index,key,weight,distance\n1,5,5,2.5,\n2,1,1,2,101\n3,3,3,1,2\n4,4,4,1,1\n"
	if err != nil || string(got) != want {
		t.Errorf("%s, want\n%s", got, want)
	}
	var r map[string]any
	text, err := os.ReadFile(report)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil || r["method"] != "wang-cheng" || r["threshold"] != 0.8 || r["k"] != nil || r["radius"] != 0.7 || r["selected"] != 4.0 {
		t.Errorf("report %s, %v", text, err)
	}
	// The paper's threshold and vectors that are not of length 1.
	if code, _, errs := call(t, "select", "--embeddings", file); code != 0 || !strings.Contains(errs, "lengths from 0 to 102") {
		t.Errorf("%d: no warning in %q", code, errs)
	}
}

// TestSelectData: rows belong to scenarios by order, or by key.
func TestSelectData(t *testing.T) {
	scenarios, _ := ownFiles(t)
	// Disagreement 3 (6 and 0), 0 (both the same), and none, as one model
	// alone has positions.
	file := writeNPY(t, 1, 0, 5, 9)
	code, out, errs := call(t, "select", "--data", scenarios, "--split", "mine", "--embeddings", file, "--weights", "disagreement", "--k", "3", "--method", "farthest")
	if want := "order,index,key,weight,distance\n1,0,0-1-neutral,3,\n"; code != 0 || out != want || !strings.Contains(errs, "cannot be selected: 1\n") || !strings.Contains(errs, "asked for 3 scenarios, selected 1 (all covered)") {
		t.Errorf("%d %q\n%s", code, errs, out)
	}
	code, out, errs = call(t, "select", "--data", scenarios, "--split", "mine", "--embeddings", file, "--k", "3", "--start", "2")
	if want := "order,index,key,weight,distance\n1,2,0-2-neutral,1,\n2,0,0-1-neutral,1,9\n3,1,0-1-value1,1,4\n"; code != 0 || out != want {
		t.Errorf("%d %s\n%s, want\n%s", code, errs, out, want)
	}
	// With a filter, a vector for each row of the split or of what is kept.
	for _, file := range []string{file, writeNPY(t, 1, 0, 9)} {
		code, out, errs = call(t, "select", "--data", scenarios, "--split", "mine", "--where", "nudge=neutral", "--embeddings", file, "--k", "2", "--start", "0")
		if want := "order,index,key,weight,distance\n1,0,0-1-neutral,1,\n2,2,0-2-neutral,1,9\n"; code != 0 || out != want {
			t.Errorf("%d %s\n%s, want\n%s", code, errs, out, want)
		}
	}
	type row struct {
		Chunk     int64     `parquet:"chunk_index"`
		Entry     int64     `parquet:"entry_idx"`
		Nudge     string    `parquet:"nudge_direction"`
		Embedding []float32 `parquet:"embedding,list"`
	}
	keyed := filepath.Join(t.TempDir(), "keyed.parquet")
	rows := []row{{0, 2, "neutral", []float32{9}}, {7, 7, "neutral", []float32{1}}, {0, 1, "value1", []float32{5}}, {0, 1, "neutral", []float32{0}}}
	if err := parquet.WriteFile(keyed, rows); err != nil {
		t.Fatal(err)
	}
	code, out, errs = call(t, "select", "--data", scenarios, "--split", "mine", "--embeddings", keyed, "--k", "3", "--start", "2")
	if want := "order,index,key,weight,distance\n1,2,0-2-neutral,1,\n2,0,0-1-neutral,1,9\n3,1,0-1-value1,1,4\n"; code != 0 || out != want {
		t.Errorf("by key: %d %s\n%s, want\n%s", code, errs, out, want)
	}
	weights := writeFile(t, "w.csv", "key,weight\n0-2-neutral,1\n0-1-value1,3\n0-1-neutral,2\n")
	code, out, errs = call(t, "select", "--data", scenarios, "--split", "mine", "--embeddings", keyed, "--weights", weights, "--threshold", "1")
	if want := "order,index,key,weight,distance\n1,1,0-1-value1,3,\n2,0,0-1-neutral,2,5\n3,2,0-2-neutral,1,4\n"; code != 0 || out != want {
		t.Errorf("weights by key: %d %s\n%s, want\n%s", code, errs, out, want)
	}
	for want, args := range map[string][]string{
		"4 vectors, want 3":                  {"--embeddings", writeNPY(t, 1, 1, 2, 3, 4)},
		"no row for scenario 0-2-neutral":    {"--embeddings", file, "--weights", writeFile(t, "w.csv", "key,weight\n0-1-value1,3\n0-1-neutral,2\n")},
		"rows 0 and 1 have the same key":     {"--embeddings", file, "--weights", writeFile(t, "w.csv", "key,weight\n0-1-value1,3\n0-1-value1,2\n")},
		"2 weights, want 3":                  {"--embeddings", file, "--weights", writeFile(t, "w.csv", "weight\n1\n2\n")},
		`row 1: weight "x" is no number`:     {"--embeddings", file, "--weights", writeFile(t, "w.csv", "weight\n1\nx\n")},
		"no column weight":                   {"--embeddings", file, "--weights", writeFile(t, "w.csv", "a,b\n1,2\n")},
		"is empty":                           {"--embeddings", file, "--weights", writeFile(t, "w.csv", "")},
		"row 0: its weight is NaN":           {"--embeddings", file, "--weights", writeFile(t, "w.csv", "weight\nNaN\n1\n1\n")},
		"row 1 is zero and has no direction": {"--embeddings", writeNPY(t, 1, 1, 0, 1), "--metric", "cosine"},
		"start at row 3, want 0..2":          {"--embeddings", file, "--start", "3"},
	} {
		code, out, errs := call(t, append([]string{"select", "--data", scenarios, "--split", "mine"}, args...)...)
		if code != 1 || out != "" || !strings.Contains(errs, want) {
			t.Errorf("%d %q, want %q", code, errs, want)
		}
	}
}

func TestSelectCalledWrongly(t *testing.T) {
	file := writeNPY(t, 1, 0, 1)
	for want, args := range map[string][]string{
		"either --embeddings FILE or --embed": {},
		"name either":                         {"--embeddings", file, "--embed", "local"},
		"name the source with --data":         {"--embed", "local"},
		"disagreement come from there":        {"--embeddings", file, "--weights", "disagreement"},
		"--split and --where need --data":     {"--embeddings", file, "--split", "x"},
		"--k is 0":                            {"--embeddings", file, "--k", "0"},
		"--threshold is 0":                    {"--embeddings", file, "--threshold", "0"},
		"--threshold is NaN":                  {"--embeddings", file, "--threshold", "NaN"},
		"--method":                            {"--embeddings", file, "--method", "best"},
		"--metric":                            {"--embeddings", file, "--metric", "l1"},
		`--start "x"`:                         {"--embeddings", file, "--start", "x"},
		`--start "-1"`:                        {"--embeddings", file, "--start=-1"},
		"--seed is for --start random":        {"--embeddings", file, "--start", "0", "--seed", "2"},
		"begins with the heaviest":            {"--embeddings", file, "--method", "wang-cheng", "--seed", "2"},
		"not both":                            {"--embeddings", file, "--method", "wang-cheng", "--k", "1", "--threshold", "1"},
		"want .csv or .parquet":               {"--embeddings", file, "--out", "x.txt"},
		"--embed local takes no --model":      {"--data", "sample", "--embed", "local", "--model", "m"},
		"model":                               {"--data", "sample", "--embed", "openai", "--url", "http://localhost/v1"},
		`no embedder "word2vec"`:              {"--data", "sample", "--embed", "word2vec"},
		"would see the key unencrypted":       {"--data", "sample", "--embed", "openai", "--model", "m", "--url", "http://example.com/v1"},
	} {
		t.Setenv("OPENAI_API_KEY", "key")
		code, out, errs := call(t, append([]string{"select"}, args...)...)
		if code != 2 || out != "" || !strings.Contains(errs, want) {
			t.Errorf("%v: %d %q, want 2 and %q", args, code, errs, want)
		}
	}
	if code, _, errs := call(t, "embed", "sample"); code != 2 || !strings.Contains(errs, "--out FILE.npy is needed") {
		t.Errorf("embed without --out: %d %q", code, errs)
	}
}

// TestEmbed: the local embedder's file gives select what it makes itself,
// and a server's answers land in the file.
func TestEmbed(t *testing.T) {
	source := writeFile(t, "texts.csv", strings.Replace(ownQueries, "QUERY", "query", 1))
	out := filepath.Join(t.TempDir(), "v.npy")
	code, _, errs := call(t, "embed", source, "--split", "texts", "--dim", "64", "--out", out)
	if want := "embed: 3 rows of 64 numbers: hashed n-grams, not a neural embedding (64 dimensions)\n"; code != 0 || errs != want {
		t.Fatalf("%d %q, want %q", code, errs, want)
	}
	args := []string{"select", "--data", source, "--split", "texts", "--k", "2", "--start", "0"}
	_, fromFile, errs1 := call(t, append(args, "--embeddings", out)...)
	_, direct, errs2 := call(t, append(args, "--embed", "local", "--dim", "64")...)
	if fromFile != direct || !strings.Contains(direct, "2,2,0-3-neutral,1,") || !strings.Contains(errs2, "not a neural embedding") {
		t.Errorf("from a file (%s)\n%s, directly (%s)\n%s", errs1, fromFile, errs2, direct)
	}

	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		var body struct{ Input []string }
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.URL.Path != "/v1/embeddings" || r.Header.Get("Authorization") != "" {
			http.Error(w, "no", http.StatusBadRequest)
			return
		}
		var items []string
		for i, text := range body.Input {
			items = append(items, fmt.Sprintf(`{"index": %d, "embedding": [%d, 1]}`, i, len(text)))
		}
		fmt.Fprintf(w, `{"data": [%s]}`, strings.Join(items, ","))
	}))
	defer server.Close()
	t.Setenv("OPENAI_API_KEY", "")
	for range 2 { // the second time from the journal
		code, _, errs = call(t, "embed", source, "--split", "texts", "--embed", "openai", "--model", "m", "--url", server.URL+"/v1", "--out", out)
		if want := "embed: 3 rows of 2 numbers: m (openai)\n"; code != 0 || errs != want || asked != 1 {
			t.Fatalf("%d %q, want %q; asked %d times", code, errs, want, asked)
		}
	}
	e, err := embeddings.Open(t.Context(), out, embeddings.Options{})
	if err != nil || e.Rows != 3 || e.Data[0] != float32(len("weigh mercy against candor")) {
		t.Errorf("%+v, %v", e, err)
	}
	e.Close()
	if code, _, errs = call(t, "embed", source, "--split", "texts", "--embed", "openai", "--model", "m", "--out", out); code != 1 || !strings.Contains(errs, "OPENAI_API_KEY holds no key") {
		t.Errorf("without a key: %d %q", code, errs)
	}
	empty := writeFile(t, "texts.csv", strings.Replace(ownQueries, "write a limerick about compilers", "", 1))
	if code, _, errs = call(t, "embed", empty, "--split", "texts", "--text", "QUERY", "--out", out); code != 1 || !strings.Contains(errs, "text 2 is empty") {
		t.Errorf("an empty text: %d %q", code, errs)
	}
}

const ownQueries = `value1,value2,nudge_direction,chunk_index,entry_idx,QUERY,o3_value1_position,o3_value2_position,mine_value1_position,mine_value2_position
candor,mercy,neutral,0,1,weigh mercy against candor,6,0,0,1
candor,mercy,neutral,0,2,weigh candor against mercy,6,0,6,0
tact,candor,neutral,0,3,write a limerick about compilers,1,5,2,3
`

// TestSelectSynthetic: what comes from the sample says so.
func TestSelectSynthetic(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sample")
	if code, _, errs := call(t, "sample", "--rows", "900", "--out", dir); code != 0 {
		t.Fatal(errs)
	}
	code, out, errs := call(t, "select", "--data", dir, "--embed", "local", "--dim", "128", "--weights", "disagreement", "--k", "5")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != 0 || lines[0] != "order,index,key,weight,distance,source" || len(lines) > 6 || !strings.Contains(errs, "synthetic scenarios") {
		t.Fatalf("%d %s\n%s", code, errs, out)
	}
	for _, line := range lines[1:] {
		if !strings.HasSuffix(line, ",synthetic sample") {
			t.Errorf("line %s does not say that it is synthetic", line)
		}
	}
}
