package loaders_test

import (
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

const labelHead = "chunk_index,entry_idx,nudge_direction,model,label_set,label,labeller,prompt_version,date,reason\n"

// labelled is small with labels: each line below shows one rule.
const labelled = labelHead +
	"2,7,neutral,o3,refusal,Complete Rejection,ann,,2026-01-31,secret words\n" +
	"2,7,neutral,o3,refusal,complete_rejection,ann,,2026-01-30,\n" + // again, in another spelling
	"2,7,neutral,my_model,refusal,Full Compliance,ann,,,\n" +
	"2,7,value1,o3,refusal,Full Compliance,ann,,,\n" +
	"2,7,value1,o3,refusal,Complete Rejection,ann,,,\n" + // contradicts the line before
	"2,8,neutral,o3,refusal,Sort of,ann,,,\n" + // no such level
	"2,8,neutral,o3,refusal,,ann,,,\n" + // none
	"2,8,neutral,,refusal,Full Compliance,ann,,,\n" + // no model
	"2,,neutral,o3,refusal,Full Compliance,ann,,,\n" + // no key
	"9,9,neutral,o3,refusal,Full Compliance,ann,,31.1.2026,\n" + // no such scenario; no such date
	"2,8,neutral,gpt-99,refusal,Full Compliance,ann,,,\n" + // no such model
	"2,7,neutral,,topic,politics,ann,,,\n" +
	"2,7,neutral,,topic,child grooming,ann,,,\n" +
	"2,7,value1,,topic,,ann,,,\n" + // looked at: no topic
	"2,8,neutral,,topic,politics,ann,,,\n" +
	"2,8,neutral,,topic,,ann,,,\n" + // contradicts the line before
	"2,8,neutral,o3,topic,politics,ann,,,\n" + // of scenarios, not responses
	"2,7,neutral,o3,tone,warm,ann,,,\n" +
	"2,7,neutral,o3,tone,dry,ann,,,\n" +
	"2,7,neutral,o3,refusal,Soft Rejection with Alternatives,bob,2,,\n" +
	"2,7,neutral,o3,,Full Compliance,ann,,,\n" // no set

func labelsOf(t *testing.T, d *loaders.Dataset) *loaders.LabelTable {
	t.Helper()
	table, err := d.Labels(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// sets writes a column of labels for comparison: "-" for not labelled.
func sets(column []analysis.LabelSet, names []string) string {
	var rows []string
	for _, s := range column {
		if s.Missing() {
			rows = append(rows, "-")
			continue
		}
		var labels []string
		for i, n := range names {
			if s.Has(i) {
				labels = append(labels, n)
			}
		}
		rows = append(rows, strings.Join(labels, "+"))
	}
	return strings.Join(rows, ";")
}

func TestLabels(t *testing.T) {
	t.Setenv("SPECSTRESS_CACHE", t.TempDir())
	dir := folder(t, map[string]string{"all_models.csv": small, "labels/mine.csv": labelled})
	fromFiles, fromPack, _ := packed(t, dir, loaders.Options{})
	for name, d := range map[string]*loaders.Dataset{"files": fromFiles, "pack": fromPack} {
		t.Run(name, func(t *testing.T) {
			table, s := labelsOf(t, d), scenarios(t, d, "all_models")
			if got := s.Models(); !slices.Equal(got, []string{"o3", "my_model"}) {
				t.Fatalf("models %v", got)
			}
			ann, err := table.Choose("refusal", "ann")
			if err != nil {
				t.Fatal(err)
			}
			if ann.Repeated != 1 || ann.Conflicting != 1 || ann.Unlabelled != 1 || ann.From != "2026-01-30" || ann.To != "2026-01-31" {
				t.Errorf("repeated %d, conflicting %d, unlabelled %d, from %s to %s", ann.Repeated, ann.Conflicting, ann.Unlabelled, ann.From, ann.To)
			}
			m, err := ann.Match(s)
			if err != nil {
				t.Fatal(err)
			}
			if got := sets(m.Labels.ByModel[0], m.Labels.Names); got != "Complete Rejection;-;-" {
				t.Errorf("o3: %s", got)
			}
			if got := sets(m.Labels.ByModel[1], m.Labels.Names); got != "Full Compliance;-;-" {
				t.Errorf("my_model: %s", got)
			}
			if m.UnknownKeys != 1 || !slices.Equal(m.UnknownModels, []string{"gpt-99"}) {
				t.Errorf("unknown: %d keys, models %v", m.UnknownKeys, m.UnknownModels)
			}
			if n := len(m.Doubts()); n != 5 {
				t.Errorf("%d doubts, want 5: %v", n, m.Doubts())
			}
			topics, err := table.Choose("topic", "")
			if err != nil {
				t.Fatal(err)
			}
			if m, err = topics.Match(s); err != nil {
				t.Fatal(err)
			}
			if got := sets(m.Labels.ByModel[0], m.Labels.Names); got != "politics+child grooming;;-" {
				t.Errorf("topics: %s", got)
			}
			rows, err := m.Bearing("Child-Grooming")
			if err != nil || !slices.Equal(rows, []bool{true, false, false}) {
				t.Errorf("child grooming: %v, %v", rows, err)
			}
			if _, err := m.Bearing("weather"); !errors.Is(err, analysis.ErrUnknownName) {
				t.Errorf("unknown topic: %v", err)
			}
			tone, err := table.Choose("tone", "")
			if err != nil || !slices.Equal(tone.LabelScheme.Labels, []string{"dry", "warm"}) || tone.Exclusive || tone.PerScenario {
				t.Errorf("a set of one's own: %+v, %v", tone, err)
			}
			bob, err := table.Choose("refusal", "bob")
			if err != nil || bob.Labeller != "bob@2" || bob.Labelled() != 1 {
				t.Errorf("bob: %+v, %v", bob, err)
			}
			bad := map[string]string{}
			for _, b := range table.Bad {
				bad[b.Column] = fmt.Sprintf("%d from %d: %s", b.N, b.FirstRow, b.First)
			}
			// Rows of a CSV count from 0.
			if want := map[string]string{"label": "1 from 5: Sort of", "model": "2 from 7: nothing", "scenario key": "1 from 8: incomplete",
				"date": "1 from 9: 31.1.2026", "label_set": "1 from 20: nothing"}; !reflect.DeepEqual(bad, want) {
				t.Errorf("left out: %v, want %v", bad, want)
			}
			if strings.Contains(fmt.Sprintf("%+v %v", table, m.Doubts()), "secret") {
				t.Error("a reason was read")
			}
		})
	}
}

func TestLabelsChoose(t *testing.T) {
	dir := folder(t, map[string]string{"all_models.csv": small, "labels/mine.csv": labelled})
	table := labelsOf(t, open(t, dir, loaders.Options{}))
	for _, c := range []struct {
		set, labeller, want string
		is                  error
	}{
		{"refusal", "", "ann, bob@2", loaders.ErrSeveralLabellers},
		{"refusal", "eve", "nearest: ", analysis.ErrUnknownName},
		{"category", "", "none were published", loaders.ErrNoLabels},
	} {
		if _, err := table.Choose(c.set, c.labeller); !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s by %q: %v, want %v with %q", c.set, c.labeller, err, c.is, c.want)
		}
	}
	only := labelsOf(t, open(t, dir, loaders.Options{Labellers: []string{"bob"}}))
	if l, err := only.Choose("refusal", ""); err != nil || l.Labeller != "bob@2" {
		t.Errorf("only bob: %v, %v", l, err)
	}
	if _, err := open(t, dir, loaders.Options{Labellers: []string{"eve"}}).Labels(ctx); !errors.Is(err, analysis.ErrUnknownName) {
		t.Errorf("only eve: %v", err)
	}
}

// Files that Options.Labels names are labels whatever they are called, and
// stand beside those of the source.
func TestLabelsNamed(t *testing.T) {
	t.Setenv("SPECSTRESS_CACHE", t.TempDir())
	dir := folder(t, map[string]string{"all_models.csv": small})
	more := folder(t, map[string]string{
		"all_models.csv":  labelHead + "2,7,neutral,o3,tone,warm,eve,,,\n2,8,neutral,o3,tone,cold,eve,,,\n",
		"label_sets.json": `[{"name": "tone", "title": "Tone", "labels": ["cold", "warm"], "ordered": true, "exclusive": true}]`,
	})
	opt := loaders.Options{Labels: []string{filepath.Join(more, "all_models.csv"), filepath.Join(more, "label_sets.json")}}
	fromFiles, fromPack, _ := packed(t, dir, opt)
	for _, d := range []*loaders.Dataset{fromFiles, fromPack} {
		l, err := labelsOf(t, d).Choose("tone", "eve")
		if err != nil {
			t.Fatal(err)
		}
		if !l.Ordered || !l.Exclusive || l.DisplayName() != "Tone" || !slices.Equal(l.LabelScheme.Labels, []string{"cold", "warm"}) {
			t.Errorf("declared set: %+v", l.LabelScheme)
		}
		if p, why := d.Provenance(); p != loaders.OtherData {
			t.Errorf("provenance %v: %s", p, why)
		}
	}
	if _, err := loaders.OpenPacked(ctx, dir, loaders.Options{}); !errors.Is(err, loaders.ErrNotPacked) {
		t.Errorf("packed with labels, opened without: %v", err)
	}
	if err := os.WriteFile(opt.Labels[0], []byte(labelHead), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := loaders.OpenPacked(ctx, dir, opt); !errors.Is(err, loaders.ErrNotPacked) {
		t.Errorf("the label file has changed: %v", err)
	}
	// A file without rows holds no labels, packed or not.
	fromFiles, fromPack, _ = packed(t, dir, opt)
	for _, d := range []*loaders.Dataset{fromFiles, fromPack} {
		if _, err := d.Labels(ctx); !errors.Is(err, loaders.ErrNoLabels) {
			t.Errorf("no rows: %v", err)
		}
	}
}

// Labels with the sample's sign make the whole source synthetic: numbers
// from them are no reproduction.
func TestSyntheticLabels(t *testing.T) {
	dir := smallSample(t)
	labels, err := filepath.Glob(filepath.Join(dir, "labels", "refusal*.parquet"))
	if err != nil || len(labels) == 0 {
		t.Fatal(labels, err)
	}
	d := open(t, folder(t, map[string]string{"all_models.csv": small}), loaders.Options{Labels: labels})
	if p, why := d.Provenance(); p != loaders.Synthetic || !strings.Contains(why, "refusal") {
		t.Errorf("provenance %v: %s", p, why)
	}
}

func TestLabelsRefuse(t *testing.T) {
	many := func(n int, line func(i int) string) string {
		var b strings.Builder
		b.WriteString(labelHead)
		for i := range n {
			b.WriteString(line(i))
		}
		return b.String()
	}
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
		is    error
	}{
		{"no labels", nil, "none were published", loaders.ErrNoLabels},
		{"no column label", map[string]string{"labels/a.csv": "chunk_index,entry_idx,nudge_direction,label_set\n1,1,neutral,topic\n"}, `a.csv: unexpected columns: unknown name: no column "label"`, loaders.ErrSchema},
		{"no key", map[string]string{"labels/a.csv": "entry_idx,nudge_direction,label_set,label\n1,neutral,topic,politics\n"}, `no column "chunk_index"`, loaders.ErrSchema},
		{"one file of two without the set", map[string]string{"labels/a.csv": labelled, "labels/b.csv": "chunk_index,entry_idx,nudge_direction,label\n1,1,neutral,politics\n"}, "b.csv", loaders.ErrSchema},
		{"nothing that can be used", map[string]string{"labels/a.csv": labelHead + "2,7,neutral,o3,refusal,Perhaps,,,,\n"}, "column label: left out as missing: 1, the first in row 0: Perhaps", loaders.ErrNoLabels},
		{"text for a number", map[string]string{"labels/a.csv": labelHead + "one,7,neutral,o3,tone,dry,,,,\n"}, "a.csv", nil},
		{"a thousand models", map[string]string{"labels/a.csv": many(1001, func(i int) string { return fmt.Sprintf("2,7,neutral,m%d,tone,dry,,,,\n", i) })}, "a.csv: row 1000: more than 1000 models", nil},
		{"64 labels of one's own", map[string]string{"labels/a.csv": many(64, func(i int) string { return fmt.Sprintf("2,7,neutral,o3,tone,t%d,,,,\n", i) })}, "64 labels, want at most 63", nil},
		{"a thousand labellers", map[string]string{"labels/a.csv": many(1001, func(i int) string { return fmt.Sprintf("2,7,neutral,o3,tone,dry,l%d,,,\n", i) })}, "more than 1000 labellers", nil},
	} {
		files := map[string]string{"all_models.csv": small}
		for name, text := range c.files {
			files[name] = text
		}
		d := open(t, folder(t, files), loaders.Options{})
		if _, err := d.Labels(ctx); err == nil || !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	for text, want := range map[string]string{
		`{}`:                                  "cannot unmarshal",
		`[{"name":"x","levels":[]}]`:          "unknown field",
		`[{"name":"x","labels":[]}]`:          "0 labels",
		`[{"labels":["a"]}]`:                  "no name",
		`[{"name":"Refusal","labels":["a"]}]`: "is the paper's",
		`[{"name":"x","labels":["a","A"]}]`:   "there already",
		`[{"name":"x","labels":["a"]},{"name":"X","labels":["b"]}]`:       "declared twice",
		`[{"name":"x","labels":["a` + strings.Repeat("a", 1<<20) + `"]}]`: "more than",
	} {
		dir := folder(t, map[string]string{"all_models.csv": small, "labels/label_sets.json": text})
		if _, err := loaders.Open(ctx, dir, loaders.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: %v, want %q", text, err, want)
		}
	}
	if _, err := loaders.Open(ctx, folder(t, map[string]string{"all_models.csv": small}), loaders.Options{Labels: []string{"nowhere.csv"}}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no such file: %v", err)
	}
	// Labels of other scenarios are no labels of these.
	d := open(t, folder(t, map[string]string{"all_models.csv": small, "labels/a.csv": labelHead + "5,5,neutral,o3,tone,dry,,,,\n"}), loaders.Options{})
	l, err := labelsOf(t, d).Choose("tone", "unnamed")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Match(scenarios(t, d, "all_models")); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("labels of other scenarios: %v", err)
	}
}

func ExampleDataset_Labels() {
	dir, err := os.MkdirTemp("", "specstress")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for name, text := range map[string]string{
		"mine.csv": "chunk_index,entry_idx,nudge_direction,o3_value1_position,o3_value2_position,gpt_4o_value1_position,gpt_4o_value2_position\n" +
			"0,1,neutral,0,0,5,1\n0,2,neutral,3,3,3,3\n",
		"labels.csv": "chunk_index,entry_idx,nudge_direction,model,label_set,label,labeller\n" +
			"0,1,neutral,o3,refusal,Complete Rejection,ann\n" +
			"0,1,neutral,gpt_4o,refusal,Full Compliance,ann\n" +
			"0,2,neutral,o3,refusal,Full Compliance,ann\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			log.Fatal(err)
		}
	}
	d, err := loaders.Open(ctx, dir, loaders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	table, err := d.Labels(ctx)
	if err != nil {
		log.Fatal(err)
	}
	levels, err := table.Choose("refusal", "")
	if err != nil {
		log.Fatal(err)
	}
	s, err := d.Scenarios(ctx, "mine")
	if err != nil {
		log.Fatal(err)
	}
	match, err := levels.Match(s)
	if err != nil {
		log.Fatal(err)
	}
	r, err := analysis.MeasureRefusals(match.Labels, nil)
	if err != nil {
		log.Fatal(err)
	}
	rates, err := r.Rate(r.From(analysis.SoftRejection)...)
	if err != nil {
		log.Fatal(err)
	}
	for m, model := range r.Models {
		fmt.Printf("%s by %s: %g of %d\n", model, levels.Labeller, rates[m].Value, rates[m].N)
	}
	// Output:
	// gpt_4o by ann: 0 of 1
	// o3 by ann: 0.5 of 2
}
