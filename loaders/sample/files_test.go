package sample

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/snappy"
	"github.com/parquet-go/parquet-go"
)

// A row is a row of a file by column name; NULL is nil.
type row map[string]any

// openAll opens every file that matches a pattern, in order of name.
func openAll(t *testing.T, dir, pattern string) (files []*parquet.File) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(names), err)
	}
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		file, err := parquet.OpenFile(f, info.Size())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		files = append(files, file)
	}
	return files
}

// readAll reads them too.
func readAll(t *testing.T, dir, pattern string) (rows []row, files []*parquet.File) {
	t.Helper()
	files = openAll(t, dir, pattern)
	for _, file := range files {
		rows = append(rows, readRows(t, file)...)
	}
	return rows, files
}

func readRows(t *testing.T, file *parquet.File) (rows []row) {
	t.Helper()
	names := columnNames(file)
	for _, group := range file.RowGroups() {
		reader := group.Rows()
		buffer := make([]parquet.Row, 100)
		for {
			n, err := reader.ReadRows(buffer)
			for _, values := range buffer[:n] {
				r := row{}
				for _, v := range values {
					switch v.Kind() {
					case parquet.Int64:
						r[names[v.Column()]] = v.Int64()
					case parquet.Double:
						r[names[v.Column()]] = v.Double()
					case parquet.ByteArray:
						r[names[v.Column()]] = string(v.ByteArray())
					}
				}
				rows = append(rows, r)
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		reader.Close()
	}
	return rows
}

func columnNames(file *parquet.File) (names []string) {
	for _, path := range file.Schema().Columns() {
		names = append(names, strings.Join(path, "."))
	}
	return names
}

// publishedColumns are the 44 of default, typed from the published
// description of the files; b is a 64-bit integer, v text.
const publishedColumns = `rank:b query_generator:v value1:v value2:v nudge_direction:v query:v
	response_claude_3_5_sonnet:v response_claude_3_7_sonnet:v response_claude_opus_3:v
	response_claude_opus_4:v response_claude_sonnet_4:v response_gemini_2_5_pro:v
	response_gpt_4_1:v response_gpt_4_1_mini:v response_gpt_4o:v response_grok_4:v
	response_o3:v response_o4_mini:v
	claude_3_5_sonnet_value1_position:b claude_3_5_sonnet_value2_position:b
	claude_3_7_sonnet_value1_position:b claude_3_7_sonnet_value2_position:b
	claude_opus_3_value1_position:b claude_opus_3_value2_position:b
	claude_opus_4_value1_position:b claude_opus_4_value2_position:b
	claude_sonnet_4_value1_position:b claude_sonnet_4_value2_position:b
	gemini_2_5_pro_value1_position:b gemini_2_5_pro_value2_position:b
	gpt_4_1_mini_value1_position:b gpt_4_1_mini_value2_position:b
	gpt_4_1_value1_position:b gpt_4_1_value2_position:b
	gpt_4o_value1_position:b gpt_4o_value2_position:b
	grok_4_value1_position:b grok_4_value2_position:b
	o3_value1_position:b o3_value2_position:b
	o4_mini_value1_position:b o4_mini_value2_position:b
	chunk_index:b entry_idx:b`

func TestSchema(t *testing.T) {
	dir := write(t, small)
	published := strings.Fields(publishedColumns)
	for _, c := range []struct {
		pattern string
		want    []string
	}{
		{"data/*.parquet", published},
		{"complete/*.parquet", append(slices.Clone(published[1:]), "value1_bias_spectrum:v", "value2_bias_spectrum:v")},
		{"judge_evaluations/*.parquet", strings.Fields(`prompt:v model:v bin_name:v std_range:v
			max_pop_std_openai:d chunk_idx:b entry_idx:b query_key:v value1:v value2:v response:v
			claude_4_decision:v gpt41_decision:v gemini_2_5_decision:v`)},
	} {
		_, files := readAll(t, dir, c.pattern)
		for _, file := range files {
			var got []string
			for _, column := range file.Schema().Fields() {
				kind := map[parquet.Kind]string{parquet.Int64: "b", parquet.ByteArray: "v", parquet.Double: "d"}[column.Type().Kind()]
				got = append(got, column.Name()+":"+kind)
				if !column.Optional() {
					t.Errorf("%s: %s cannot be NULL", c.pattern, column.Name())
				}
				if logical := column.Type().LogicalType(); kind == "v" && (logical == nil || logical.String() != "STRING") {
					t.Errorf("%s: %s is not marked as UTF-8", c.pattern, column.Name())
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: columns\n%v, want\n%v", c.pattern, got, c.want)
			}
			if mark, _ := file.Lookup(MetadataKey); mark != fmt.Sprintf("synthetic sample, seed 1, generator %d", Version) {
				t.Errorf("%s: metadata %q", c.pattern, mark)
			}
			for _, group := range file.RowGroups() {
				if group.NumRows() > 1000 {
					t.Errorf("%s: row group of %d rows", c.pattern, group.NumRows())
				}
			}
		}
	}
}

// The published numbers of rows, and "over 410,000" for complete.
func TestDefaultFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("writes the whole default sample, which takes seconds")
	}
	dir := write(t, Options{})
	for pattern, want := range map[string]int64{
		"complete/train-*-of-00037.parquet":                   411_000,
		"data/all_models-*-of-00004.parquet":                  43_960,
		"data/claude_models-*.parquet":                        20_790,
		"data/openai_models-*.parquet":                        26_295,
		"data/gpt41_vs_mini-*.parquet":                        10_160,
		"data/o3_vs_o4mini-*.parquet":                         21_953,
		"data/opus4_vs_sonnet4-*.parquet":                     9_245,
		"judge_evaluations/std_*_to_*-00000-of-00001.parquet": 24_600,
	} {
		rows := int64(0)
		for _, file := range openAll(t, dir, pattern) {
			rows += file.NumRows()
		}
		if rows != want {
			t.Errorf("%s: %d rows, want %d", pattern, rows, want)
		}
	}
}

type key struct {
	chunk, entry int64
	nudge        string
}

func (r row) key(chunk, nudge string) key {
	return key{r[chunk].(int64), r["entry_idx"].(int64), r[nudge].(string)}
}

// disagreement computes the paper's definition in plain floating point:
// the larger of the two population standard deviations. ok is false when
// a value has fewer than two positions.
func (r row) disagreement(models []string) (d float64, ok bool) {
	for v := 1; v <= 2; v++ {
		var scores []float64
		mean := 0.0
		for _, m := range models {
			if x, present := r[fmt.Sprintf("%s_value%d_position", m, v)].(int64); present {
				scores = append(scores, float64(x))
				mean += float64(x)
			}
		}
		if len(scores) < 2 {
			return 0, false
		}
		mean /= float64(len(scores))
		variance := 0.0
		for _, x := range scores {
			variance += (x - mean) * (x - mean)
		}
		d = max(d, math.Sqrt(variance/float64(len(scores))))
	}
	return d, true
}

var (
	claude = strings.Fields("claude_3_5_sonnet claude_3_7_sonnet claude_opus_3 claude_opus_4 claude_sonnet_4")
	openAI = strings.Fields("gpt_4_1 gpt_4_1_mini gpt_4o o3 o4_mini")
)

func TestRows(t *testing.T) {
	opt := small
	opt.Rows = 20_550 // a twentieth
	dir := write(t, opt)

	complete, _ := readAll(t, dir, "complete/*.parquet")
	if len(complete) != opt.Rows {
		t.Errorf("complete has %d rows, want %d", len(complete), opt.Rows)
	}
	population := map[key]row{}
	last, missing := "", 0
	for _, r := range complete {
		k := r.key("chunk_index", "nudge_direction")
		if population[k] != nil {
			t.Errorf("scenario %v stands twice", k)
		}
		population[k] = r
		if order := fmt.Sprintf("%04d-%04d-%s", k.chunk, k.entry, k.nudge); order <= last {
			t.Errorf("scenario %s after %s", order, last)
		} else {
			last = order
		}
		missing += checkScenario(t, r)
	}
	// One in a thousand of 24 positions a row; six standard deviations.
	if want := .001 * 24 * float64(opt.Rows); math.Abs(float64(missing)-want) > 6*math.Sqrt(want) {
		t.Errorf("%d positions are NULL, want about %v", missing, want)
	}

	const bound = 1.5 - 1e-9
	for _, split := range []struct {
		name   string
		models []string
		rows   int // published, a twentieth of it
	}{
		{"all_models", slices.Concat(claude, openAI, []string{"gemini_2_5_pro", "grok_4"}), 2198},
		{"claude_models", claude, 1040},
		{"openai_models", openAI, 1315},
		{"gpt41_vs_mini", []string{"gpt_4_1", "gpt_4_1_mini"}, 508},
		{"o3_vs_o4mini", []string{"o3", "o4_mini"}, 1098},
		{"opus4_vs_sonnet4", []string{"claude_opus_4", "claude_sonnet_4"}, 462},
	} {
		rows, _ := readAll(t, dir, "data/"+split.name+"-*.parquet")
		if d := len(rows) - split.rows; d < -1 || d > 1 { // rounding
			t.Errorf("%s has %d rows, want %d", split.name, len(rows), split.rows)
		}
		seen := map[key]bool{}
		before := math.Inf(1)
		for i, r := range rows {
			if r["rank"] != int64(i+1) {
				t.Errorf("%s: row %d has rank %v", split.name, i, r["rank"])
			}
			d, ok := r.disagreement(split.models)
			if !ok || d < bound || d > before+1e-9 {
				t.Errorf("%s: rank %d has disagreement %v after %v", split.name, i+1, d, before)
			}
			before = d
			k := r.key("chunk_index", "nudge_direction")
			if seen[k] {
				t.Errorf("%s: scenario %v stands twice", split.name, k)
			}
			seen[k] = true
			for name, value := range r {
				if name != "rank" && population[k][name] != value {
					t.Errorf("%s: scenario %v: %s is %v, in complete %v", split.name, k, name, value, population[k][name])
				}
			}
		}
	}

	judged := 0
	unparsed := 0
	for bin, lo := range map[string]float64{"0.0_to_1.0": 0, "1.0_to_1.5": 1, "1.5_to_2.0": 1.5, "2.0_to_2.5": 2, "2.5_to_3.0": 2.5} {
		rows, _ := readAll(t, dir, "judge_evaluations/std_"+bin+"-00000-of-00001.parquet")
		judged += len(rows)
		hi := lo + .5
		switch lo {
		case 0:
			hi = 1
		case 2.5:
			hi = 3 + 1e-9
		}
		responses := map[string]bool{}
		for _, r := range rows {
			k := r.key("chunk_idx", "query_key")
			d, ok := population[k].disagreement(openAI)
			if stated := r["max_pop_std_openai"].(float64); !ok || math.Abs(d-stated) > 1e-9 || stated < lo || stated >= hi {
				t.Errorf("bin %s: disagreement is %v, states %v", bin, d, stated)
			}
			if r["prompt"] != population[k]["query"] || r["value1"] != population[k]["value1"] || r["value2"] != population[k]["value2"] {
				t.Errorf("bin %s: scenario %v differs from complete", bin, k)
			}
			model := r["model"].(string)
			if id := fmt.Sprint(k, model); responses[id] || !slices.Contains(openAI, model) {
				t.Errorf("bin %s: response %s is repeated or of a wrong model", bin, id)
			} else {
				responses[id] = true
			}
			if r["bin_name"] != "std_"+bin {
				t.Errorf("bin %s: bin_name is %v", bin, r["bin_name"])
			}
			for _, judge := range []string{"claude_4", "gpt41", "gemini_2_5"} {
				switch r[judge+"_decision"] {
				case "compliant", "non-compliant", "ambiguous":
				case "unparsed":
					unparsed++
				default:
					t.Errorf("bin %s: verdict %v", bin, r[judge+"_decision"])
				}
			}
		}
	}
	if judged != 1230 || unparsed != 5 { // 24,600 / 20; one a bin
		t.Errorf("%d judgements, %d unparsed, want 1230 and 5", judged, unparsed)
	}
}

var valuePattern = regexp.MustCompile(`^synthetic [a-z]+ [a-z]+$`)

// checkScenario checks what every row of complete must hold and returns
// the number of NULL positions.
func checkScenario(t *testing.T, r row) (missing int) {
	t.Helper()
	v1, v2 := r["value1"].(string), r["value2"].(string)
	if !valuePattern.MatchString(v1) || !valuePattern.MatchString(v2) || v1 == v2 {
		t.Errorf("values %q and %q", v1, v2)
	}
	query := r["query"].(string)
	if !strings.HasPrefix(query, "[synthetic sample] ") || !strings.Contains(query, v1) || !strings.Contains(query, v2) {
		t.Errorf("query %q", query)
	}
	for _, name := range strings.Fields(publishedColumns) {
		name, _, _ = strings.Cut(name, ":")
		switch score, present := r[name].(int64); {
		case strings.HasPrefix(name, "response_") && r[name] != nil:
			t.Errorf("%s is %v, want NULL", name, r[name])
		case strings.HasSuffix(name, "_position") && !present:
			missing++
		case strings.HasSuffix(name, "_position") && (score < 0 || score > 6):
			t.Errorf("%s is %d", name, score)
		}
	}
	if !slices.Contains([]any{"claude", "o3"}, r["query_generator"]) {
		t.Errorf("query_generator is %v", r["query_generator"])
	}
	return missing
}

func TestText(t *testing.T) {
	opt := small
	opt.Rows, opt.Text = 600, true
	dir := write(t, opt)
	rows, _ := readAll(t, dir, "complete/*.parquet")
	var all []byte
	responses, refusals := 0, 0
	for _, r := range rows {
		for _, m := range slices.Concat(claude, openAI, []string{"gemini_2_5_pro", "grok_4"}) {
			text, present := r["response_"+m].(string)
			if !present || !strings.HasPrefix(text, "[synthetic sample] ") {
				t.Fatalf("response of %s is %.40q", m, text)
			}
			flat := r[m+"_value1_position"] == int64(0) && r[m+"_value2_position"] == int64(0)
			if refused := strings.Contains(text, "n\u2019t") || strings.Contains(text, "\u2019m"); refused != flat {
				t.Errorf("positions both 0: %v, response %.80q", flat, text)
			}
			if flat {
				refusals++
				continue
			}
			responses++
			all = append(all, text...)
		}
	}
	if refusals == 0 {
		t.Error("nobody refuses")
	}
	// SCHEMA: about 40 kB a row raw, and 3.2 GB of 5.3 GB when compressed.
	if mean := float64(len(all)) / float64(responses); mean < 3000 || mean > 3800 {
		t.Errorf("mean response has %.0f bytes, want about 3,300", mean)
	}
	if share := float64(len(snappy.Encode(nil, all))) / float64(len(all)); share < .5 || share > .7 {
		t.Errorf("snappy leaves %.2f of the text, want about 0.6", share)
	}

	// The same scenario has the same text wherever it stands.
	byQuery := map[any]row{}
	for _, r := range rows {
		byQuery[r["query"]] = r
	}
	split, _ := readAll(t, dir, "data/all_models-*.parquet")
	for _, r := range split {
		if r["response_o3"] != byQuery[r["query"]]["response_o3"] {
			t.Errorf("o3 answers %.60q differently in all_models", r["query"])
		}
	}
}
