// Fit chooses the parameters of the synthetic sample so that its totals
// come close to the published ones, writes them and prints the table of
// targets:
//
//	go run ./loaders/sample/fit -write loaders/sample/internal/latent/params.json
//
// Without -write it prints the table of the committed parameters, with
// -seed that of another sample.
//
// The fit starts from start.json, a rough guess, and takes a few minutes.
// First the positions, by least squares; then the verdicts, by least
// squares and an evolution strategy. It looks at the default sample, seed
// 1, itself, and so fits a little of its chance as well: with seed 2 six of
// the 37 totals lie beyond two standard errors of the published number, the
// farthest at four. Only the default sample has the published totals.
package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"

	"github.com/specstress/specstress/loaders/sample/internal/latent"
)

//go:embed start.json
var start []byte

// How long the two stages last; longer changes little.
const (
	positionRounds     = 4
	verdictRounds      = 40
	verdictGenerations = 150
)

func main() {
	file := flag.String("write", "", "fit, and write the parameters to this `file`")
	seed := flag.Uint64("seed", 1, "seed of the sample of the table")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if *file == "" {
		err = table(ctx, *seed)
	} else {
		err = choose(ctx, *file)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "fit:", err)
		os.Exit(1)
	}
}

// table prints what the committed parameters give.
func table(ctx context.Context, seed uint64) error {
	p, err := latent.Fitted()
	if err != nil {
		return err
	}
	return printTable(ctx, p, seed)
}

// choose fits the parameters and writes them.
func choose(ctx context.Context, file string) error {
	p, err := latent.ParseParams(start)
	if err != nil {
		return err
	}
	if err := fitPositions(ctx, &p, positionRounds); err != nil {
		return err
	}
	if err := fitVerdicts(ctx, &p, verdictRounds, verdictGenerations); err != nil {
		return err
	}
	text, err := p.JSON()
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return err
	}
	return printTable(ctx, p, fittedSeed)
}

// fittedSeed is the seed of the default sample.
const fittedSeed = 1

func printTable(ctx context.Context, p latent.Params, seed uint64) error {
	w, r, err := realise(ctx, p, seed)
	if err != nil {
		return err
	}
	for _, s := range r.Splits {
		fmt.Printf("%-17s %6d rows of %6d candidates; bins of D over OpenAI %.3f\n", s.Name, len(s.Scenarios), s.Candidates, w.BinShares(s.Scenarios))
	}
	fmt.Printf("complete: bins %.4f; values in more than 30 rows of all_models: %d\n", w.BinShares(w.Everything()), w.FrequentValues(r.Splits[0]))
	fmt.Printf("all pass, by bin: %.3f\n\n", latent.PassRates(r))
	fmt.Printf("%-45s %10s %10s %9s %6s\n", "target", "published", "simulated", "SE", "off/SE")
	for _, t := range append(w.Targets(r), w.RankTargets(r.Splits[0])...) {
		fmt.Printf("%-45s %10.4f %10.4f %9.4f %6.2f\n", t.Name, t.Published, t.Simulated, t.SE, t.Off())
	}
	return nil
}

func realise(ctx context.Context, p latent.Params, seed uint64) (*latent.World, latent.Realised, error) {
	workers := runtime.GOMAXPROCS(0)
	w, err := latent.Simulate(ctx, p, seed, latent.FullRows, workers)
	if err != nil {
		return nil, latent.Realised{}, err
	}
	r, err := latent.Realise(ctx, w, workers)
	return w, r, err
}
