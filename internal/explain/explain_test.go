package explain

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/specstress/specstress/analysis/paper"
	"github.com/specstress/specstress/loaders"
	_ "github.com/specstress/specstress/loaders/parquet"
	_ "github.com/specstress/specstress/loaders/sample"
)

const root = "../.."

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		id, pattern string
		parts       []string
	}{
		{"disagreement.all_models.count", "disagreement.<split>.count", []string{"all_models"}},
		{"compliance.fig2.any.2.5-3.0", "compliance.fig2.<rule>.<bin>", []string{"any", "2.5-3.0"}},
		{"compliance.fig2.any.last_over_first", "compliance.fig2.<rule>.last_over_first", []string{"any"}},
		{"judges.agreement.claude_4.o3", "judges.agreement.<judge>.<judge>", []string{"claude_4", "o3"}},
		{"preference.critical-thinking.provider.xai", "preference.<category>.provider.<provider>", []string{"critical-thinking", "xai"}},
		{"preference.critical-thinking.o3", "preference.<category>.<model>", []string{"critical-thinking", "o3"}},
		{"anchors.all_models.value.immersion", "anchors.<split>.value.<value>", []string{"all_models", "immersion"}},
		{"judges.fleiss", "", nil},
		{"judges.fleiss.binary.more", "", nil},
		{"", "", nil},
	} {
		f, parts, ok := familyOf(c.id)
		if f.pattern != c.pattern || !slices.Equal(parts, c.parts) || ok != (c.pattern != "") {
			t.Errorf("%q: %q %q %v, want %q %q", c.id, f.pattern, parts, ok, c.pattern, c.parts)
		}
	}
}

// TestFamiliesPointSomewhere: files and functions are there under the names
// that a reader is given, and so are headings of docs/paper.md.
func TestFamiliesPointSomewhere(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join(root, "docs", "paper.md"))
	if err != nil {
		t.Fatal(err)
	}
	headings := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^##+ (.*)$`).FindAllStringSubmatch(string(doc), -1) {
		headings[strings.ReplaceAll(strings.ToLower(m[1]), " ", "-")] = true
	}
	for _, f := range families {
		if !headings[f.docs] {
			t.Errorf("%s: docs/paper.md has no heading #%s", f.pattern, f.docs)
		}
		if f.definition == "" {
			t.Errorf("%s: no definition", f.pattern)
		}
		if f.file == "" {
			if f.query != nil || f.functions != "" {
				t.Errorf("%s: computed in no file", f.pattern)
			}
			continue
		}
		declared := map[string]bool{}
		inFile, functions := false, strings.Split(f.functions, ", ")
		packages, err := filepath.Glob(filepath.Join(root, filepath.Dir(f.file), "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range packages {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			here := filepath.ToSlash(name) == root+"/"+f.file
			for _, d := range file.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok {
					declared[funcName(fn)] = true
					inFile = inFile || here && slices.Contains(functions, funcName(fn))
				}
			}
		}
		if !inFile {
			t.Errorf("%s: no file %s that has one of %s", f.pattern, f.file, f.functions)
		}
		for _, name := range functions {
			if !declared[name] {
				t.Errorf("%s: package of %s has no function %s", f.pattern, f.file, name)
			}
		}
	}
}

// TestEveryNumberHasAQueryOrAReason goes through the ids that docs/results.md
// has; the report's test holds that these are all. A reason names a command
// that is there.
func TestEveryNumberHasAQueryOrAReason(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join(root, "docs", "results.md"))
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	patterns := regexp.MustCompile("(?m)^\\| `([a-z][^`]*[.][^`]*)` \\|").FindAllStringSubmatch(string(doc), -1)
	if len(patterns) < 60 {
		t.Fatalf("only %d patterns", len(patterns))
	}
	for _, p := range patterns {
		id := strings.ReplaceAll(p[1], "<bin>", "0.0-1.0")
		id = regexp.MustCompile("<[a-z]+>").ReplaceAllString(id, "x")
		f, _, ok := familyOf(id)
		switch {
		case !ok:
			t.Errorf("%s is of no family", p[1])
		case f.query == nil && f.instead == "":
			t.Errorf("%s (family %s) has no query and does not say why", p[1], f.pattern)
		case f.file == "":
			t.Errorf("%s (family %s) is computed, but the family names no file", p[1], f.pattern)
		}
	}
	for _, f := range families {
		if f.file != "" && f.query == nil && f.instead == "" {
			t.Errorf("%s has no query and does not say why", f.pattern)
		}
		if f.instead == "" {
			continue
		}
		command := regexp.MustCompile(`make ([a-z-]+)|go test ./analysis`).FindStringSubmatch(f.instead)
		if command == nil || command[1] != "" && !strings.Contains(string(makefile), "\n"+command[1]+":") {
			t.Errorf("%s: %q names no command that there is", f.pattern, f.instead)
		}
	}
	for pattern := range means {
		if !slices.ContainsFunc(families, func(f family) bool { return f.pattern == pattern }) {
			t.Errorf("no family %s", pattern)
		}
	}
}

func funcName(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	typ := f.Recv.List[0].Type
	if p, ok := typ.(*ast.StarExpr); ok {
		typ = p.X
	}
	name, _ := typ.(*ast.Ident)
	return name.Name + "." + f.Name.Name
}

func TestEveryPublishedNumberIsExplained(t *testing.T) {
	for _, n := range paper.Numbers() {
		if _, _, ok := familyOf(n.ID); !ok {
			t.Errorf("%s has no definition", n.ID)
		}
	}
}

// TestSample explains a few numbers of the built-in sample. That the queries
// give them is for make oracle to find out, which has DuckDB.
func TestSample(t *testing.T) {
	d, err := loaders.Open(context.Background(), "sample", loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all, m, err := All(context.Background(), d, []string{"judges.fleiss", "judges.flag_rate.claude_4"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 3 || !m.Synthetic {
		t.Fatalf("%d explanations, synthetic %v", len(all), m.Synthetic)
	}
	for _, e := range all {
		if e.Instead != "" || e.Definition == "" || e.File == "" || e.Query == "" || !strings.Contains(e.Query, SampleFolder+"/judge_evaluations/std_*.parquet") {
			t.Errorf("%+v", e)
		}
		if (e.K != nil) != (e.Unit == "share") {
			t.Errorf("%s: k %v of a %s", e.ID, e.K, e.Unit)
		}
		var b strings.Builder
		if err := e.WriteText(&b, m); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{e.ID, "SYNTHETIC SAMPLE", e.File, "left out", e.Query} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("%s: does not say %q:\n%s", e.ID, want, &b)
			}
		}
		if _, err := json.Marshal(e); err != nil {
			t.Error(err)
		}
	}
	// The sample loses one verdict of this judge on purpose.
	if e := all[slices.IndexFunc(all, func(e Explanation) bool { return e.ID == "judges.flag_rate.claude_4" })]; len(e.Exclusions) != 1 || e.Exclusions[0].N != 1 {
		t.Errorf("left out %v", e.Exclusions)
	}
	if _, _, err := All(context.Background(), d, []string{"judges.fleis"}, Options{}); err == nil || !strings.Contains(err.Error(), "judges.fleiss") {
		t.Errorf("a misspelt id: %v", err)
	}
}

// Without parquet files laid out like the published ones there is no query,
// rather than one that reads other files.
func TestNoQueryOnOtherLayouts(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "mine.csv")
	rows := "value1,value2,nudge_direction,chunk_index,entry_idx,o3_value1_position,o3_value2_position,x_value1_position,x_value2_position\na,b,neutral,0,1,6,0,0,1\n"
	if err := os.WriteFile(file, []byte(rows), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, source := range []string{dir, file} {
		d, err := loaders.Open(context.Background(), source, loaders.Options{})
		if err != nil {
			t.Fatal(err)
		}
		all, _, err := All(context.Background(), d, []string{"disagreement.mine"}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			if e.Query != "" || (e.Value != nil) != (e.Instead == otherLayout) {
				t.Errorf("%s: %q %q", source, e.Query, e.Instead)
			}
		}
	}
}

// A taxonomy beside the dataset is read from where it was named, and under
// renamed columns there is no query.
func TestOptions(t *testing.T) {
	if q := preferenceQuery(Layout{Root: "DIR", Tree: "TREE/values_tree.csv"}, []string{"critical-thinking", "o3"}); !strings.Contains(q, "read_csv('TREE/values_tree.csv'") || !strings.Contains(q, "'DIR/data/all_models-*.parquet'") {
		t.Error(q)
	}
	d, err := loaders.Open(context.Background(), "sample", loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all, _, err := All(context.Background(), d, []string{"judges.fleiss.binary"}, Options{Renamed: true})
	if err != nil || len(all) != 1 || all[0].Query != "" || all[0].Instead != otherLayout {
		t.Errorf("%v, %v", all, err)
	}
}

// Label files are read from where they were named, as what they are; where
// that cannot be told, as of a folder, there is no query.
func TestLabelFiles(t *testing.T) {
	query := fromLabels(refusalLevelQuery)
	q := query(Layout{Labels: []string{"a/labels/x.parquet", "it's mine.csv"}}, []string{"complete-rejection", "o3"})
	for _, want := range []string{"read_parquet(['a/labels/x.parquet']", "read_csv(['it''s mine.csv']", "UNION ALL", "['completerejection']", "model IN ('o3', "} {
		if !strings.Contains(q, want) {
			t.Errorf("no %q in %s", want, q)
		}
	}
	if q := query(Layout{Labels: []string{"a/labels"}}, []string{"complete-rejection", "o3"}); q != "" {
		t.Error(q)
	}
}

func TestQueriesQuoteNames(t *testing.T) {
	l := Layout{Root: "/data/it's here", Judges: []string{"claude_4"}}
	for _, q := range []string{
		flagRateQuery(l, []string{"claude_4"}),
		anchorQuery(l, []string{"all_models", "value"}),
		preferenceQuery(l, []string{"critical-thinking", "o3"}),
		valueCountQuery(l, []string{"critical-thinking", "o3"}),
	} {
		if !strings.Contains(q, "'/data/it''s here/") {
			t.Error(q)
		}
	}
}
