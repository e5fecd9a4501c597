package sample_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/specstress/specstress/loaders/sample"
)

func ExampleWrite() {
	parent, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(parent)
	dir := filepath.Join(parent, "sample")
	if err := sample.Write(context.Background(), dir, sample.Options{Rows: 500}); err != nil {
		fmt.Println(err)
		return
	}
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		fmt.Println(e.Name())
	}
	fmt.Println(err)
	// Output:
	// README.md
	// complete
	// data
	// judge_evaluations
	// labels
	// sample.json
	// values_tree.csv
	// <nil>
}

func ExampleAssumptions() {
	for _, a := range sample.Assumptions() {
		if a.What == "query_key" {
			fmt.Printf("%s: %s is %s\n", a.Of, a.What, a.Assumed)
		}
	}
	// Output:
	// judge_evaluations: query_key is the nudge: neutral, value1, value2
}
