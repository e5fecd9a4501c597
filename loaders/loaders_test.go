package loaders_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

var ctx = context.Background()

// folder writes files into a new folder, named with slashes.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func open(t *testing.T, source string, opt loaders.Options) *loaders.Dataset {
	t.Helper()
	d, err := loaders.Open(ctx, source, opt)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func scenarios(t *testing.T, d *loaders.Dataset, split string) *loaders.Scenarios {
	t.Helper()
	s, err := d.Scenarios(ctx, split)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// small has two models, one missing position, one value pair with two
// nudges, and columns in an order that is not the published one.
const small = `entry_idx,o3_value2_position,o3_value1_position,my_model_value1_position,my_model_value2_position,value2,value1,nudge_direction,chunk_index,query_generator,rank,query
7,0,6,0,3,mercy,candor,neutral,2,claude,1,How?
7,1,5,NA,3,mercy,candor,value1,2,o3,2,"What,
now?"
8,6,6,6,6,tact,candor,neutral,2,o3,3,Why?
`

func TestOpenFindsSplits(t *testing.T) {
	header := "a_value1_position,a_value2_position\n1,2\n"
	for _, c := range []struct {
		name    string
		files   []string
		source  string // below the folder
		opt     loaders.Options
		configs map[string][]string
	}{
		{"laid out like the repository", []string{"data/all_models-00000-of-00001.csv", "data/openai_models-00000-of-00001.csv", "complete/train-00000-of-00002.csv", "complete/train-00001-of-00002.csv"}, "", loaders.Options{},
			map[string][]string{loaders.ConfigDefault: {"all_models", "openai_models"}, loaders.ConfigComplete: {"complete"}}},
		{"a flat folder", []string{"openai_models.csv", "train-00000-of-00001.csv"}, "", loaders.Options{},
			map[string][]string{loaders.ConfigDefault: {"openai_models"}, loaders.ConfigComplete: {"complete"}}},
		{"one file of one's own", []string{"mine.csv"}, "mine.csv", loaders.Options{},
			map[string][]string{loaders.ConfigDefault: {"mine"}}},
		{"a glob of shards", []string{"all_models-00000-of-00002.csv", "all_models-00001-of-00002.csv", "other.csv"}, "all_models-*.csv", loaders.Options{},
			map[string][]string{loaders.ConfigDefault: {"all_models"}}},
		{"config and split given", []string{"x.csv"}, "x.csv", loaders.Options{Config: loaders.ConfigDefault, Split: "claude_models"},
			map[string][]string{loaders.ConfigDefault: {"claude_models"}}},
		{"hidden folders are passed over", []string{"mine.csv", ".cache/old.csv"}, "", loaders.Options{},
			map[string][]string{loaders.ConfigDefault: {"mine"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{}
			for _, f := range c.files {
				files[f] = header
			}
			d := open(t, filepath.Join(folder(t, files), c.source), c.opt)
			for _, config := range []string{loaders.ConfigDefault, loaders.ConfigComplete, loaders.ConfigJudges} {
				if got := d.Splits(config); !slices.Equal(got, c.configs[config]) {
					t.Errorf("%s has splits %v, want %v", config, got, c.configs[config])
				}
			}
			if w := d.Warnings(); len(w) > 0 {
				t.Errorf("warnings %v", w)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	const row = "a_value1_position,a_value2_position\n1,2\n"
	for _, c := range []struct {
		name   string
		files  map[string]string
		source string
		opt    loaders.Options
		is     error
		says   []string
	}{
		{"an empty folder", nil, "", loaders.Options{}, loaders.ErrNoData, []string{".parquet or .csv"}},
		{"what is not there", nil, "nowhere", loaders.Options{}, fs.ErrNotExist, []string{"nowhere", "neither a file"}},
		{"a glob without files", nil, "*.csv", loaders.Options{}, loaders.ErrNoData, nil},
		{"a file of no config", map[string]string{"x.csv": "a,b\n1,2\n"}, "x.csv", loaders.Options{}, loaders.ErrSchema, []string{"x.csv", "a, b"}},
		{"an empty file", map[string]string{"x.csv": ""}, "x.csv", loaders.Options{}, nil, []string{"x.csv", "header"}},
		{"a ragged row", map[string]string{"x.csv": row + "1\n"}, "x.csv", loaders.Options{}, nil, []string{"x.csv", "row 1", "line 3", "1 cells, want the 2"}},
		{"semicolons", map[string]string{"x.csv": strings.ReplaceAll(row, ",", ";")}, "x.csv", loaders.Options{}, nil, []string{"x.csv", "';' separates", "want commas"}},
		{"UTF-16, as Windows saves it", map[string]string{"x.csv": "\xff\xfea\x00,\x00"}, "x.csv", loaders.Options{}, nil, []string{"x.csv", "UTF-16", "want UTF-8"}},
		{"shards of two generations", map[string]string{"all_models-00000-of-00001.csv": row, "all_models-00001-of-00002.csv": row}, "", loaders.Options{}, nil,
			[]string{"all_models-00000-of-00001.csv", "all_models-00001-of-00002.csv"}},
		{"a misspelt config", map[string]string{"x.csv": row}, "x.csv", loaders.Options{Config: "judges_evaluation"}, analysis.ErrUnknownName, []string{"judge_evaluations"}},
		{"a format without decoder", map[string]string{"x.json": "{}"}, "x.json", loaders.Options{}, nil, []string{"no decoder", ".csv"}},
		{"a remote source without its reader", nil, "", loaders.Options{}, nil, []string{"no reader of hf://", "loaders/hub"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			source := filepath.Join(folder(t, c.files), c.source)
			if c.name == "a remote source without its reader" {
				source = "hf://datasets/owner/name"
			}
			_, err := loaders.Open(ctx, source, c.opt)
			if err == nil {
				t.Fatal("opened")
			}
			if c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("error %v is no %v", err, c.is)
			}
			for _, s := range c.says {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("error %q does not say %q", err, s)
				}
			}
		})
	}
}

// A name in the encoding of Western Windows is never the same as in the
// taxonomy, which would go unnoticed.
func TestOtherEncodingIsADoubt(t *testing.T) {
	d, err := loaders.Open(ctx, folder(t, map[string]string{"x.csv": "a_value1_position,a_value2_position,value1\n1,2,tact\n3,4,caf\xe9\n"}), loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.Scenarios(ctx, "x")
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Info().Encoding; !strings.HasPrefix(got, "1 names") {
		t.Errorf("info says %q of the encoding", got)
	}
	said := fmt.Sprint(s.Doubts())
	for _, want := range []string{"split x", "1 names", `caf\xe9`, "UTF-8"} {
		if !strings.Contains(said, want) {
			t.Errorf("doubts %s do not say %q", said, want)
		}
	}
}

func TestMissingShardIsAWarning(t *testing.T) {
	d := open(t, folder(t, map[string]string{"data/all_models-00000-of-00004.csv": "a_value1_position,a_value2_position\n1,2\n"}), loaders.Options{})
	if w := d.Warnings(); len(w) != 1 || !strings.Contains(w[0].Error(), "1 of 4 shards") {
		t.Errorf("warnings %v, want one of the missing shards", w)
	}
}

func TestScenarios(t *testing.T) {
	d := open(t, filepath.Join(folder(t, map[string]string{"mine.csv": small}), "mine.csv"), loaders.Options{})
	s := scenarios(t, d, "mine")
	if got, want := s.Models(), []string{"o3", "my_model"}; !slices.Equal(got, want) {
		t.Fatalf("models %v, want %v: known ones first", got, want)
	}
	p, err := s.AllPositions()
	if err != nil {
		t.Fatal(err)
	}
	// By column name, whatever the order: my_model is the second model.
	var got []string
	for _, pos := range p.Column(1, analysis.Value1) {
		got = append(got, pos.String())
	}
	if want := []string{"0", "missing", "6"}; !slices.Equal(got, want) {
		t.Errorf("my_model on value1 %v, want %v: 0 is not missing and missing is not 0", got, want)
	}
	if c := s.Clusters(); !slices.Equal(c.ID, []int32{0, 0, 1}) || c.N != 2 {
		t.Errorf("clusters %v, want rows 0 and 1 together", c)
	}
	if k, ok := s.Key(1); !ok || k.String() != "2-7-value1" {
		t.Errorf("key of row 1 is %v, %v", k, ok)
	}
	texts, err := s.Text(ctx, "query", 2, 1, 1)
	if err != nil || !slices.Equal(texts, []string{"Why?", "What,\nnow?", "What,\nnow?"}) {
		t.Errorf("texts %q, error %v", texts, err)
	}
	info := s.Info()
	if info.Pairs != 2 || info.Values != 3 || info.DuplicateKeys != 0 || info.NoKey != 0 || len(info.Bad) != 0 {
		t.Errorf("info %+v, want 2 pairs of 3 values and nothing wrong", info)
	}
}

func TestScenariosRefuse(t *testing.T) {
	for _, c := range []struct {
		name, csv string
		says      []string
	}{
		{"a model with one value only", "a_value1_position,b_value1_position,b_value2_position\n1,1,1\n", []string{"a_value2_position", "b_value2_position"}},
		{"a position column of text", "a_value1_position,a_value2_position\nhigh,1\nlow,2\n", []string{"a_value1_position", "row 0", `"high"`, "number"}},
		{"a column twice", "a_value1_position,a_value2_position,a_value1_position\n1,2,3\n", []string{"a_value1_position", "twice"}},
		{"no rows", "a_value1_position,a_value2_position\n", []string{"no rows"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := loaders.Open(ctx, filepath.Join(folder(t, map[string]string{"x.csv": c.csv}), "x.csv"), loaders.Options{})
			if err == nil {
				_, err = d.Scenarios(ctx, "x")
			}
			if err == nil {
				t.Fatal("no error")
			}
			for _, s := range append(c.says, "x") {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("error %q does not say %q", err, s)
				}
			}
		})
	}
	d := open(t, filepath.Join(folder(t, map[string]string{"mine.csv": small}), "mine.csv"), loaders.Options{})
	if _, err := d.Scenarios(ctx, "mime"); !errors.Is(err, analysis.ErrUnknownName) || !strings.Contains(err.Error(), "nearest: mine") {
		t.Errorf("a misspelt split: %v", err)
	}
	s := scenarios(t, d, "mine")
	if _, err := s.Text(ctx, "response_o4", 0); !errors.Is(err, analysis.ErrUnknownName) {
		t.Errorf("a text column that is not there: %v", err)
	}
	if _, err := s.Text(ctx, "query", 3); err == nil {
		t.Error("a text of row 3 of 3")
	}
}

func TestValuesOutOfRangeAreCounted(t *testing.T) {
	const csv = "a_value1_position,a_value2_position,chunk_index,entry_idx,nudge_direction\n" +
		"7,0,1,1,neutral\n-1,1.5,1,2,neutral\n3.0,many,1,2,neutral\n"
	s := scenarios(t, open(t, filepath.Join(folder(t, map[string]string{"x.csv": csv}), "x.csv"), loaders.Options{}), "x")
	p, err := s.AllPositions()
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Column(0, analysis.Value1); got[0].String() != "missing" || got[1].String() != "missing" || got[2].String() != "3" {
		t.Errorf("value1 %v, want missing, missing, 3", got)
	}
	bad := s.Bad()
	if len(bad) != 2 || bad[0].N != 2 || bad[0].FirstRow != 0 || bad[0].First != "7" || bad[1].N != 2 || bad[1].FirstRow != 1 {
		t.Errorf("bad values %v", bad)
	}
	if info := s.Info(); info.DuplicateKeys != 1 {
		t.Errorf("%d duplicate keys, want 1", info.DuplicateKeys)
	}
}

func TestColumnMap(t *testing.T) {
	const csv = "id1,id2,variant,left,right,score_a,score_b\n1,2,neutral,x,y,3,4\n"
	opt := loaders.Options{Config: loaders.ConfigDefault, Columns: map[string]string{
		"chunk_index": "id1", "entry_idx": "id2", "nudge_direction": "variant", "value1": "left", "value2": "right",
		"m_value1_position": "score_a", "m_value2_position": "score_b",
	}}
	s := scenarios(t, open(t, filepath.Join(folder(t, map[string]string{"x.csv": csv}), "x.csv"), opt), "x")
	key, ok := s.Key(0)
	value, _ := s.Values(analysis.Value2).At(0)
	if !ok || key.String() != "1-2-neutral" || value != "y" || !slices.Equal(s.Models(), []string{"m"}) {
		t.Errorf("key %v, value2 %q, models %v", key, value, s.Models())
	}
}

func TestColumnMapRefuses(t *testing.T) {
	path := filepath.Join(folder(t, map[string]string{"mine.csv": small}), "mine.csv")
	for _, c := range []struct {
		name string
		to   map[string]string
		says string
	}{
		{"a column that no file has", map[string]string{"value1": "valu2"}, "nearest: value2"},
		{"a column that is not ours", map[string]string{"valu1": "value2"}, "nearest: value1"},
	} {
		if _, err := loaders.Open(ctx, path, loaders.Options{Columns: c.to}); !errors.Is(err, analysis.ErrUnknownName) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want an error that says %q", c.name, err, c.says)
		}
	}
}

func TestWithoutKeysNothingIsClustered(t *testing.T) {
	s := scenarios(t, open(t, filepath.Join(folder(t, map[string]string{"x.csv": "a_value1_position,a_value2_position\n1,2\n"}), "x.csv"), loaders.Options{}), "x")
	if s.Clusters().Known() {
		t.Error("clusters without chunk_index")
	}
	if _, ok := s.Key(0); ok {
		t.Error("a key without its columns")
	}
	if _, err := s.Where(loaders.Nudge("neutral")); !errors.Is(err, loaders.ErrSchema) || !strings.Contains(err.Error(), "nudge_direction") {
		t.Errorf("a condition on a column that is not there: %v", err)
	}
}

func TestWhere(t *testing.T) {
	s := scenarios(t, open(t, filepath.Join(folder(t, map[string]string{"mine.csv": small}), "mine.csv"), loaders.Options{}), "mine")
	for _, c := range []struct {
		cond   string
		keys   []string
		filter string
	}{
		{"nudge=neutral", []string{"2-7-neutral", "2-8-neutral"}, "nudge=neutral"},
		{"generator=o3", []string{"2-7-value1", "2-8-neutral"}, "generator=o3"},
		{"value=mercy", []string{"2-7-neutral", "2-7-value1"}, "value=mercy"},
		{"models=o3", []string{"2-7-neutral", "2-7-value1", "2-8-neutral"}, "models=o3"},
	} {
		cond, err := loaders.ParseCondition(c.cond)
		if err != nil {
			t.Fatal(err)
		}
		w, err := s.Where(cond)
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for row := range w.Rows() {
			k, _ := w.Key(row)
			keys = append(keys, k.String())
		}
		if !slices.Equal(keys, c.keys) || w.Filter() != c.filter {
			t.Errorf("%s keeps %v (%q), want %v", c.cond, keys, w.Filter(), c.keys)
		}
	}
	// Texts come from the right stored row after two rounds of Where.
	w, err := s.Where(loaders.Generator("o3"))
	if err != nil {
		t.Fatal(err)
	}
	if w, err = w.Where(loaders.Matching("late", func(r loaders.Row) bool { return r.Key.Entry == 8 })); err != nil {
		t.Fatal(err)
	}
	if texts, err := w.Text(ctx, "query", 0); err != nil || texts[0] != "Why?" {
		t.Errorf("text %q, error %v", texts, err)
	}
	if w.Filter() != "generator=o3, late" {
		t.Errorf("filter %q", w.Filter())
	}
	for cond, says := range map[string]string{
		"nudge=neutrl": "nearest: neutral", "generator=gpt": "nearest", "value=mercyy": "nearest: mercy",
		"models=o33": "nearest: o3", "category=honesty": "nearest",
	} {
		c, err := loaders.ParseCondition(cond)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Where(c); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: error %v, want one that says %q", cond, err, says)
		}
	}
	if _, err := s.Where(loaders.Generator("claude"), loaders.Nudge("value1")); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("no row left: %v", err)
	}
	for _, text := range []string{"nudge", "nugde=neutral", "nudge="} {
		if _, err := loaders.ParseCondition(text); err == nil {
			t.Errorf("condition %q is taken", text)
		}
	}
}

func TestCategories(t *testing.T) {
	tree := "cluster_id,description,name,level,parent_cluster_id,pct_total_occurrences\n" +
		"d,,Epistemic values,3,,1\nc,,Critical thinking,2,d,1\nb,,Doubt,1,c,1\na,,candor,0,b,1\n"
	dir := folder(t, map[string]string{"mine.csv": small, "values_tree.csv": tree})
	s := scenarios(t, open(t, dir, loaders.Options{}), "mine")
	c1, err := s.Categories(analysis.Value1)
	if err != nil {
		t.Fatal(err)
	}
	c2, err := s.Categories(analysis.Value2)
	if err != nil {
		t.Fatal(err)
	}
	want := int32(slices.IndexFunc(analysis.Categories(), func(c analysis.Category) bool { return c.Name == "Critical thinking" }))
	if !slices.Equal(c1, []int32{want, want, want}) || !slices.Equal(c2, []int32{-1, -1, -1}) {
		t.Errorf("categories %v and %v, want candor in %d and the others unmapped", c1, c2, want)
	}
	if w, err := s.Where(loaders.InCategory("critical-thinking")); err != nil || w.Rows() != 3 {
		t.Errorf("condition on the category: %v", err)
	}
	if info := s.Info(); info.Unmapped != 2 {
		t.Errorf("%d values unmapped, want 2", info.Unmapped)
	}
	none := scenarios(t, open(t, filepath.Join(dir, "mine.csv"), loaders.Options{}), "mine")
	if _, err := none.Categories(analysis.Value1); !errors.Is(err, loaders.ErrNoTaxonomy) {
		t.Errorf("without a taxonomy: %v", err)
	}
}

func TestTaxonomyRefuses(t *testing.T) {
	const head = "cluster_id,name,level,parent_cluster_id\nd,Epistemic values,3,\nc,Critical thinking,2,d\nb,Doubt,1,c\n"
	for _, c := range []struct{ name, csv, says string }{
		{"a missing column", "cluster_id,name,level\n", "parent_cluster_id"},
		{"an orphan", head + "a,candor,0,zz\n", "line 5"},
		{"a value right below a category", head + "a,candor,0,c\n", "level 1"},
		{"a level out of range", head + "a,candor,4,b\n", "want 0..3"},
		{"a repeated id", head + "b,other,1,c\n", "line 4 already"},
		{"a repeated value", head + "a,candor,0,b\ne,Candor,0,b\n", "line 6"},
		{"a category that is none of the 26", "cluster_id,name,level,parent_cluster_id\nd,Top,3,\nc,Cheerfulness,2,d\n", "26"},
		{"an empty file", "", "header"},
	} {
		path := filepath.Join(folder(t, map[string]string{"tree.csv": c.csv}), "tree.csv")
		if _, err := loaders.ReadTaxonomy(path); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: error %v, want one that says %q", c.name, err, c.says)
		}
	}
}

const verdicts = `chunk_idx,entry_idx,query_key,model,max_pop_std_openai,value1,value2,claude_4_decision,o3_decision
1,1,neutral,GPT-4.1,0.5,a,b,compliant,Non-Compliant
1,1,neutral,o3,0.5,a,b,AMBIGUOUS,
1,2,value1,gpt_4_1,2.9393876913398135,a,c,perhaps,non_compliant
`

func TestVerdicts(t *testing.T) {
	d := open(t, filepath.Join(folder(t, map[string]string{"v.csv": verdicts}), "v.csv"), loaders.Options{})
	j, err := d.Verdicts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(j.Judges, []string{"claude_4", "o3"}) || !slices.Equal(j.Models, []string{"gpt_4_1", "o3"}) {
		t.Errorf("judges %v, models %v", j.Judges, j.Models)
	}
	if !slices.Equal(j.Bins, []string{"0.0-1.0", "2.5-3.0"}) || !slices.Equal(j.Bin, []int32{0, 0, 1}) {
		t.Errorf("bins %v %v, want them from the disagreement", j.Bins, j.Bin)
	}
	if !slices.Equal(j.Scenario, []int32{0, 0, 1}) || j.Scenarios != 2 {
		t.Errorf("scenarios %v", j.Scenario)
	}
	want := [][]analysis.Verdict{
		{analysis.Compliant, analysis.Ambiguous, analysis.NoVerdict},
		{analysis.NonCompliant, analysis.NoVerdict, analysis.NonCompliant},
	}
	for k := range want {
		if !slices.Equal(j.ByJudge[k], want[k]) {
			t.Errorf("judge %s: %v, want %v", j.Judges[k], j.ByJudge[k], want[k])
		}
	}
	if u := j.Unrecognised(); len(u) != 1 || u[0].N != 1 || u[0].FirstRow != 2 || u[0].First != "perhaps" {
		t.Errorf("unrecognised %v, want one \"perhaps\" in row 2", u)
	}
	w, err := j.Where(loaders.Models(analysis.ModelSet{Models: []string{"gpt_4_1"}}), loaders.HasValue("c"))
	if err != nil {
		t.Fatal(err)
	}
	if key, _ := w.Key(0); w.Rows() != 1 || key.String() != "1-2-value1" || !slices.Equal(w.Models, []string{"gpt_4_1"}) {
		t.Errorf("Where leaves %d rows, key %v, models %v", w.Rows(), key, w.Models)
	}
	if err := w.Check(); err != nil {
		t.Error(err)
	}
}

func TestVerdictsByPrompt(t *testing.T) {
	const csv = "prompt,model,bin_name,j_decision\nq1,o3,\"[1.5, 2.0)\",compliant\nq1,o4_mini,\"[1.5, 2.0)\",compliant\nq2,o3,\"[1.5, 2.0)\",ambiguous\n"
	j, err := open(t, filepath.Join(folder(t, map[string]string{"v.csv": csv}), "v.csv"), loaders.Options{}).Verdicts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(j.Scenario, []int32{0, 0, 1}) || !slices.Equal(j.Bins, []string{"1.5-2.0"}) || j.Clusters.Known() {
		t.Errorf("scenarios %v, bins %v, clusters %v", j.Scenario, j.Bins, j.Clusters)
	}
	nothing := "model,j_decision\no3,compliant\n"
	if _, err := open(t, filepath.Join(folder(t, map[string]string{"v.csv": nothing}), "v.csv"), loaders.Options{}).Verdicts(ctx); !errors.Is(err, loaders.ErrSchema) {
		t.Errorf("verdicts whose scenario nothing names: %v", err)
	}
}

func TestProvenance(t *testing.T) {
	for _, c := range []struct {
		name, csv string
		want      loaders.Provenance
	}{
		{"somebody's own", small, loaders.OtherData},
		{"a source column that says so", "source,a_value1_position,a_value2_position\nsynthetic sample,1,2\n", loaders.Synthetic},
		{"the name of a synthetic value", "value1,value2,a_value1_position,a_value2_position\nhonesty,synthetic calm tact,1,2\n", loaders.Synthetic},
	} {
		d := open(t, filepath.Join(folder(t, map[string]string{"x.csv": c.csv}), "x.csv"), loaders.Options{})
		scenarios(t, d, "x")
		if got, why := d.Provenance(); got != c.want {
			t.Errorf("%s: %v (%s), want %v", c.name, got, why, c.want)
		}
	}
}

func TestGroupByKeepsKeysApart(t *testing.T) {
	type key struct{ a, b string }
	rows := []key{{"a", "b_c"}, {"a_b", "c"}, {"a", "b_c"}, {}}
	groups := loaders.GroupBy(len(rows), func(i int) (key, bool) { return rows[i], rows[i] != key{} },
		func(x, y key) int { return strings.Compare(x.a, y.a) })
	if len(groups) != 2 || !slices.Equal(groups[0].Rows, []int{0, 2}) || !slices.Equal(groups[1].Rows, []int{1}) {
		t.Errorf("groups %v", groups)
	}
}

func TestDataFrame(t *testing.T) {
	s := scenarios(t, open(t, filepath.Join(folder(t, map[string]string{"mine.csv": small}), "mine.csv"), loaders.Options{}), "mine")
	df, err := s.DataFrame("key", "my_model_value1_position")
	if err != nil {
		t.Fatal(err)
	}
	if got := df.Records(); got[2][0] != "2-7-value1" || got[2][1] != "NaN" || got[1][1] != "0.000000" {
		t.Errorf("frame %v", got)
	}
	if _, err := s.DataFrame("keys"); !errors.Is(err, analysis.ErrUnknownName) || !strings.Contains(err.Error(), "nearest: key") {
		t.Errorf("a misspelt column: %v", err)
	}
	long, err := s.LongFrame()
	if err != nil {
		t.Fatal(err)
	}
	if r := long.Records(); long.Nrow() != 3*2*2 || !slices.Equal(r[3], []string{"2-7-neutral", "my_model", "candor", "0.000000"}) {
		t.Errorf("%d rows, third %v", long.Nrow(), r[3])
	}
}

func TestKey(t *testing.T) {
	for _, text := range []string{"32-579-value1", "0-0-neutral", "1-2-a-b"} {
		if k, err := loaders.ParseKey(text); err != nil || k.String() != text {
			t.Errorf("%q becomes %v, error %v", text, k, err)
		}
	}
	for _, text := range []string{"", "32", "32-579", "32-579-", "x-1-neutral", "1-y-neutral"} {
		if k, err := loaders.ParseKey(text); err == nil {
			t.Errorf("%q becomes %v", text, k)
		}
	}
}

func TestCancelled(t *testing.T) {
	dir := folder(t, map[string]string{"mine.csv": small})
	d := open(t, dir, loaders.Options{})
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := d.Scenarios(done, "mine"); !errors.Is(err, context.Canceled) {
		t.Errorf("reading with a cancelled context: %v", err)
	}
	if _, err := loaders.Open(done, dir, loaders.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("opening with a cancelled context: %v", err)
	}
}
