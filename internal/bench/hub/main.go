// Command hub is this project's side of the benchmark of bench.py: it reads
// the positions of one split from a Hub and computes with them.
//
//	hub ENDPOINT SPLIT
//
// It prints as JSON the seconds that this took and the result, which
// contender.py has from other libraries.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
	"github.com/specstress/specstress/loaders/hub"
	_ "github.com/specstress/specstress/loaders/parquet"
)

type result struct {
	Rows    int            `json:"rows"`
	Sums    map[string]int `json:"sums"`
	AtLeast int            `json:"at_least_1_5"`
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: hub ENDPOINT SPLIT")
		os.Exit(2)
	}
	os.Setenv("HF_ENDPOINT", os.Args[1])
	begin := time.Now()
	r, err := measure(context.Background(), os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, "hub:", err)
		os.Exit(1)
	}
	_ = json.NewEncoder(os.Stdout).Encode(map[string]any{"seconds": time.Since(begin).Seconds(), "result": r})
}

func measure(ctx context.Context, split string) (*result, error) {
	d, err := loaders.Open(ctx, hub.PaperDataset, loaders.Options{
		Pick: func(config, s string) bool { return s == split || config == split },
	})
	if err != nil {
		return nil, err
	}
	if split == "complete" {
		split = d.Splits(split)[0]
	}
	s, err := d.Scenarios(ctx, split)
	if err != nil {
		return nil, err
	}
	p, err := s.Positions(analysis.AllModels)
	if err != nil {
		return nil, err
	}
	dis, err := analysis.MeasureDisagreement(p, analysis.AllModels)
	if err != nil {
		return nil, err
	}
	r := &result{Rows: s.Rows(), Sums: map[string]int{}}
	if r.AtLeast, err = dis.CountAtLeast(1.5); err != nil {
		return nil, err
	}
	for i, model := range p.Models() {
		for v := range 2 {
			column := fmt.Sprintf("%s_value%d_position", model, v+1)
			r.Sums[column] = 0
			for _, position := range p.Column(i, analysis.Value(v)) {
				if score, ok := position.Score(); ok {
					r.Sums[column] += score
				}
			}
		}
	}
	return r, nil
}
