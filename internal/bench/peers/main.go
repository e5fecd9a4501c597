// Command peers does the battery that compare.py has other tools do too, on
// the same files; run.sh makes them and runs all.
//
//	peers FILES SPLIT files     from the parquet files of a glob
//	peers FILES SPLIT pack      from their packed form, which specstress pack has made
//	peers grow                  how the time grows with scenarios and models
//
// The first two print one JSON object: what was found, and how long it took.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/bench/peers/battery"
	"github.com/specstress/specstress/loaders"
	_ "github.com/specstress/specstress/loaders/parquet"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "grow" {
		if err := grow(); err != nil {
			fmt.Fprintln(os.Stderr, "peers:", err)
			os.Exit(1)
		}
		return
	}
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: peers FILES SPLIT files|pack, or peers grow")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir, split, how string) error {
	open := loaders.Open
	if how == "pack" {
		open = loaders.OpenPacked
	}
	start := time.Now()
	d, err := open(ctx, dir, loaders.Options{})
	if err != nil {
		return err
	}
	s, err := d.Scenarios(ctx, split)
	if err != nil {
		return err
	}
	p, err := s.Positions(analysis.AllModels)
	if err != nil {
		return err
	}
	value1, value2 := s.Values(analysis.Value1), s.Values(analysis.Value2)
	loaded := time.Now()
	r, err := battery.Measure(p, [2][]int32{value1.Codes, value2.Codes}, value1.Names)
	if err != nil {
		return err
	}
	r.LoadMS, r.TotalMS = ms(loaded.Sub(start)), ms(time.Since(start))
	return json.NewEncoder(os.Stdout).Encode(r)
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
