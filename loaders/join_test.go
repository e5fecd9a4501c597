package loaders_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

// twoShards is a split of four scenarios in two files, and the verdicts on
// two of them.
func twoShards(t *testing.T, workers int) *loaders.Dataset {
	t.Helper()
	dir := t.TempDir()
	const head = "value1,value2,nudge_direction,chunk_index,entry_idx,o3_value1_position,o3_value2_position,query\n"
	for name, content := range map[string]string{
		"all_models-00000-of-00002.csv": head + "task adherence,business optimization,neutral,0,1,1,1,Don’t STOP now\nbusiness optimization,task adherence,value1,0,1,1,1,\n",
		"all_models-00001-of-00002.csv": head + "tact,candor,neutral,0,2,1,1,\"stop,\nthen don't\"\ntact,task adherence,neutral,0,3,1,1,go on\n",
		"std_1.0_to_1.5.csv":            "chunk_idx,entry_idx,query_key,model,strict_decision,prompt\n0,2,neutral,o3,compliant,first\n0,1,value1,o3,ambiguous,second\n0,2,neutral,o4 mini,compliant,third\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d, err := loaders.Open(context.Background(), dir, loaders.Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSearchText(t *testing.T) {
	ctx := context.Background()
	for _, workers := range []int{1, 4} {
		s, err := twoShards(t, workers).Scenarios(ctx, "all_models")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name, words string
			rows        []int
			hits        []int
			scanned     int
		}{
			{"any case, either apostrophe, any order", "stop don't", nil, []int{0, 2}, 3}, // row 1 has no text
			{"part of a longer word", "sto", nil, []int{0, 2}, 3},
			{"in the order of the rows asked for", "stop", []int{2, 1, 0}, []int{2, 0}, 2},
			{"found nothing", "halt", nil, nil, 3},
			{"no rows", "stop", []int{}, nil, 0},
		} {
			match, err := loaders.Words(c.words)
			if err != nil {
				t.Fatal(err)
			}
			hits, scanned, err := s.SearchText(ctx, "query", c.rows, match)
			if err != nil || !reflect.DeepEqual(hits, c.hits) || scanned != c.scanned {
				t.Errorf("%d workers, %s: rows %v of %d, %v, want %v of %d", workers, c.name, hits, scanned, err, c.hits, c.scanned)
			}
		}
		if _, _, err := s.SearchText(ctx, "qeury", nil, func(string) bool { return true }); !errors.Is(err, loaders.ErrSchema) {
			t.Errorf("a misspelt column gives %v", err)
		}
		if _, _, err := s.SearchText(ctx, "query", []int{4}, func(string) bool { return true }); err == nil {
			t.Error("a row outside the table is no error")
		}
	}
	if _, err := loaders.Words(" \t"); err == nil {
		t.Error("a search for no words is no error")
	}
}

func TestJudgedTexts(t *testing.T) {
	ctx := context.Background()
	d := twoShards(t, 2)
	j, err := d.Verdicts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if !j.HasText("prompt") || j.HasText("response") {
		t.Error("the file has the column prompt and not response")
	}
	kept, err := j.Where(loaders.Nudge("neutral"))
	if err != nil {
		t.Fatal(err)
	}
	texts, err := kept.Text(ctx, "prompt", 1, 0)
	if err != nil || !reflect.DeepEqual(texts, []string{"third", "first"}) || kept.Stored(1) != 2 {
		t.Errorf("texts of the kept rows: %q, %v; row 1 is stored as %d, want 2", texts, err, kept.Stored(1))
	}
}

func TestJoins(t *testing.T) {
	ctx := context.Background()
	d := twoShards(t, 2)
	s, err := d.Scenarios(ctx, "all_models")
	if err != nil {
		t.Fatal(err)
	}
	j, err := d.Verdicts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	// Scenarios are numbered as they come: 0-2-neutral is 0, 0-1-value1 is 1.
	if got, want := j.ScenarioOf(s), []int32{-1, 1, 0, -1}; !reflect.DeepEqual(got, want) {
		t.Errorf("scenario numbers %v, want %v", got, want)
	}
	if got, want := j.ScenarioRows(), [][]int{{0, 2}, {1}}; !reflect.DeepEqual(got, want) {
		t.Errorf("rows by scenario %v, want %v", got, want)
	}
	if got := s.RowsOf(loaders.Key{Chunk: 0, Entry: 1, Nudge: "value1"}); !reflect.DeepEqual(got, []int{1}) {
		t.Errorf("rows of the key: %v, want 1", got)
	}
	if got := s.RowsOf(loaders.Key{Chunk: 0, Entry: 1, Nudge: "value2"}); got != nil {
		t.Errorf("rows of an unknown key: %v, want none", got)
	}
	// As the paper's Table 1 spells them, in either order.
	pair, err := s.Where(loaders.HasPair("Task Adherence", "Business Optimization"))
	if err != nil || pair.Rows() != 2 {
		t.Fatalf("%v, %v, want the two scenarios of the pair", pair, err)
	}
	if k, _ := pair.Key(1); k.String() != "0-1-value1" {
		t.Errorf("second scenario of the pair is %v", k)
	}
	if _, err := s.Where(loaders.HasPair("task adherence", "kindness")); !errors.Is(err, analysis.ErrUnknownName) {
		t.Errorf("a value that no row has gives %v", err)
	}
	if _, err := s.Where(loaders.HasPair("candor", "business optimization")); !errors.Is(err, analysis.ErrTooFew) {
		t.Errorf("a pair that no row has gives %v", err)
	}
}

func ExampleWords() {
	match, err := loaders.Words("CAN'T help")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(match("Sorry, I can’t be of help."), match("Here to help"))
	// Output: true false
}

func ExampleHasPair() {
	path, remove := exampleFile()
	defer remove()
	ctx := context.Background()
	d, err := loaders.Open(ctx, path, loaders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	s, err := d.Scenarios(ctx, "mine")
	if err != nil {
		log.Fatal(err)
	}
	pair, err := s.Where(loaders.HasPair("Mercy", "Candor"))
	if err != nil {
		log.Fatal(err)
	}
	for row := range pair.Rows() {
		fmt.Println(pair.Key(row))
	}
	// Output:
	// 0-1-neutral true
	// 0-1-value1 true
}
