package loaders_test

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

// two scenarios in which two models disagree, and one in which they don't.
const extract = `value1,value2,nudge_direction,chunk_index,entry_idx,o3_value1_position,o3_value2_position,o4_mini_value1_position,o4_mini_value2_position
candor,mercy,neutral,0,1,6,0,2,1
candor,mercy,value1,0,1,6,0,6,0
tact,candor,neutral,0,2,1,5,1,1
`

func exampleFile() (path string, remove func()) {
	dir, err := os.MkdirTemp("", "specstress")
	if err != nil {
		log.Fatal(err)
	}
	path = filepath.Join(dir, "mine.csv")
	if err := os.WriteFile(path, []byte(extract), 0o644); err != nil {
		log.Fatal(err)
	}
	return path, func() { os.RemoveAll(dir) }
}

func ExampleOpen() {
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
	p, err := s.Positions(s.ModelSet())
	if err != nil {
		log.Fatal(err)
	}
	dis, err := analysis.MeasureDisagreement(p, s.ModelSet())
	if err != nil {
		log.Fatal(err)
	}
	for row := range s.Rows() {
		key, _ := s.Key(row)
		spread, _ := dis.At(row)
		fmt.Println(key, spread.StdDev())
	}
	// Output:
	// 0-1-neutral 2
	// 0-1-value1 0
	// 0-2-neutral 2
}

func ExampleScenarios_Where() {
	path, remove := exampleFile()
	defer remove()
	d, err := loaders.Open(context.Background(), path, loaders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	s, err := d.Scenarios(context.Background(), "mine")
	if err != nil {
		log.Fatal(err)
	}
	neutral, err := s.Where(loaders.Nudge("neutral"), loaders.HasValue("mercy"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(neutral.Rows(), "scenario with", neutral.Filter())
	_, err = s.Where(loaders.Nudge("netural"))
	fmt.Println(err)
	// Output:
	// 1 scenario with nudge=neutral, value=mercy
	// loaders: split mine: condition nudge=netural: unknown name: no nudge "netural"; nearest: neutral, value1
}

func ExampleGroupBy() {
	path, remove := exampleFile()
	defer remove()
	d, err := loaders.Open(context.Background(), path, loaders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	s, err := d.Scenarios(context.Background(), "mine")
	if err != nil {
		log.Fatal(err)
	}
	type pair struct{ value1, value2 string }
	groups := loaders.GroupBy(s.Rows(), func(row int) (pair, bool) {
		a, ok1 := s.Values(analysis.Value1).At(row)
		b, ok2 := s.Values(analysis.Value2).At(row)
		return pair{a, b}, ok1 && ok2
	}, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.value1, b.value1), cmp.Compare(a.value2, b.value2))
	})
	for _, g := range groups {
		fmt.Println(g.Key.value1, "vs", g.Key.value2, g.Rows)
	}
	// Output:
	// candor vs mercy [0 1]
	// tact vs candor [2]
}

func ExampleScenarios_DataFrame() {
	path, remove := exampleFile()
	defer remove()
	d, err := loaders.Open(context.Background(), path, loaders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	s, err := d.Scenarios(context.Background(), "mine")
	if err != nil {
		log.Fatal(err)
	}
	df, err := s.DataFrame("key", "value1", "o3_value1_position")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(df)
	// Output:
	// [3x3] DataFrame
	//
	//     key         value1   o3_value1_position
	//  0: 0-1-neutral candor   6.000000
	//  1: 0-1-value1  candor   6.000000
	//  2: 0-2-neutral tact     1.000000
	//     <string>    <string> <float>
}

func ExampleScenarios_Responses() {
	dir, err := os.MkdirTemp("", "specstress")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "mine.csv")
	const rows = `chunk_index,entry_idx,nudge_direction,o3_value1_position,o3_value2_position,response_o3
0,1,neutral,6,0,Tell her.
0,1,value1,6,0,Tell her now.
`
	if err := os.WriteFile(path, []byte(rows), 0o644); err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	d, err := loaders.Open(ctx, path, loaders.Options{})
	if err != nil {
		log.Fatal(err)
	}
	s, err := d.Scenarios(ctx, "mine")
	if err != nil {
		log.Fatal(err)
	}
	key, err := loaders.ParseKey("0-1-value1")
	if err != nil {
		log.Fatal(err)
	}
	texts, err := s.Responses(ctx, "o3", key)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%q\n", texts)
	_, err = s.Responses(ctx, "o3", loaders.Key{Chunk: 7, Entry: 1, Nudge: "neutral"})
	fmt.Println(err)
	// Output:
	// ["Tell her now."]
	// loaders: split mine: no scenario has the key 7-1-neutral
}
