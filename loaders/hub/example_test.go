package hub_test

import (
	"context"
	"fmt"
	"log"

	"github.com/specstress/specstress/loaders"
	"github.com/specstress/specstress/loaders/hub"
	_ "github.com/specstress/specstress/loaders/parquet"
)

// Fetch what every statistic of one split needs, and read it. It has no
// output to compare with, for that would need the network.
func Example() {
	ctx := context.Background()
	only := loaders.Options{Pick: func(_, split string) bool { return split == "all_models" }}
	d, err := loaders.Open(ctx, hub.PaperDataset, only)
	if err != nil {
		log.Fatal(err)
	}
	cost, err := d.FetchCost(ctx, loaders.PositionColumns)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(d.Source(), "takes", cost.Requests, "requests for", cost.Bytes, "bytes")
	s, err := d.Scenarios(ctx, "all_models") // fetches them as it goes, and keeps them
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(s.Rows(), "scenarios")
}

func ExampleSetRevision() {
	source, err := hub.SetRevision(hub.PaperDataset, "refs/pr/1")
	fmt.Println(source, err)
	_, err = hub.SetRevision(hub.PaperDataset, "../x")
	fmt.Println(err)
	// Output:
	// hf://datasets/jifanz/stress_testing_model_spec@refs/pr/1 <nil>
	// source "hf://datasets/jifanz/stress_testing_model_spec@..%2Fx": "../x" is no revision; want hf://datasets/OWNER/NAME[@REVISION][/PATH]
}
