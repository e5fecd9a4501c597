// Command ranking is the Go side of compare.py, which measures how long
// Bradley-Terry fits take here and with scipy.
//
//	go build -o out/ranking ./internal/bench/ranking
//	python3 internal/bench/ranking/compare.py out/ranking    # or: make bench-ranking
//
// It writes the contests of the sample's split all_models as arrays into
// the folder named on the command line, and then does what each line of
// standard input says, answering with a line of JSON: "fit" fits every
// model once, "refit 3 50" ranks model 3 with 50 bootstrap replicates.
// Times are those of the calls alone.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
	_ "github.com/specstress/specstress/loaders/parquet"
	_ "github.com/specstress/specstress/loaders/sample"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "ranking:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	if len(os.Args) != 2 {
		return fmt.Errorf("want the folder to write arrays into")
	}
	contests, models, err := load(ctx)
	if err != nil {
		return err
	}
	if err := writeArrays(os.Args[1], contests); err != nil {
		return err
	}
	say := json.NewEncoder(os.Stdout)
	if err := say.Encode(map[string]any{"models": models, "rows": len(contests[0].First), "values": len(contests[0].Items)}); err != nil {
		return err
	}
	fits := make([]*analysis.BradleyTerry, len(models))
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var model, replicates int
		var answer any
		switch _, err := fmt.Sscanf(in.Text(), "refit %d %d", &model, &replicates); {
		case in.Text() == "fit":
			answer, err = fit(contests, fits)
			if err != nil {
				return err
			}
		case err == nil:
			if answer, err = refit(fits, model, replicates); err != nil {
				return err
			}
		default:
			return fmt.Errorf("unknown command %q", in.Text())
		}
		if err := say.Encode(answer); err != nil {
			return err
		}
	}
	return nil
}

// load makes the contests of every model.
func load(ctx context.Context) ([]*analysis.Comparisons, []string, error) {
	d, err := loaders.Open(ctx, "sample", loaders.Options{})
	if err != nil {
		return nil, nil, err
	}
	s, err := d.Scenarios(ctx, analysis.AllModels.Name)
	if err != nil {
		return nil, nil, err
	}
	p, err := s.Positions(analysis.AllModels)
	if err != nil {
		return nil, nil, err
	}
	pairs := analysis.ValuePairs{
		Names:  s.Values(analysis.Value1).Names,
		Codes:  [2][]int32{s.Values(analysis.Value1).Codes, s.Values(analysis.Value2).Codes},
		Nudges: make([]analysis.Nudge, s.Rows()),
	}
	for row := range pairs.Nudges {
		if text, ok := s.Nudges().At(row); ok {
			pairs.Nudges[row], _ = analysis.ParseNudge(text)
		}
	}
	var contests []*analysis.Comparisons
	for m := range p.Models() {
		c, err := analysis.CompareValues(p, m, pairs)
		if err != nil {
			return nil, nil, err
		}
		contests = append(contests, c)
	}
	return contests, p.Models(), nil
}

// writeArrays writes first, second (int32), nudge (int8: -1, 0, 1), cluster
// (int32) and, model after model, outcome (int8: 1, 0, -1 for a contest
// that does not count), all little-endian.
func writeArrays(dir string, contests []*analysis.Comparisons) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	c := contests[0]
	nudge := make([]int8, len(c.Nudge))
	for row, n := range c.Nudge {
		nudge[row] = map[analysis.Nudge]int8{analysis.NudgeFirst: 1, analysis.NudgeSecond: -1}[n]
	}
	var outcome []int8
	for _, c := range contests {
		for row, o := range c.Outcome {
			y := int8(-1)
			switch {
			case c.First[row] == c.Second[row] || c.Nudge[row] == analysis.NoNudge:
			case o == analysis.FirstWins:
				y = 1
			case o == analysis.SecondWins:
				y = 0
			}
			outcome = append(outcome, y)
		}
	}
	for name, column := range map[string]any{"first": c.First, "second": c.Second, "nudge": nudge, "cluster": c.Clusters.ID, "outcome": outcome} {
		var b bytes.Buffer
		if err := binary.Write(&b, binary.LittleEndian, column); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

type fitted struct {
	Ms       []float64   `json:"ms"`       // by model
	Gradient []float64   `json:"gradient"` // as the fit says
	X        [][]float64 `json:"x"`        // abilities, order, nudge
}

func fit(contests []*analysis.Comparisons, fits []*analysis.BradleyTerry) (fitted, error) {
	var out fitted
	for m, c := range contests {
		start := time.Now()
		f, err := analysis.FitBradleyTerry(c, analysis.ValueModel())
		if err != nil {
			return fitted{}, err
		}
		out.Ms = append(out.Ms, float64(time.Since(start).Nanoseconds())/1e6)
		out.Gradient = append(out.Gradient, f.Gradient)
		out.X = append(out.X, append(append([]float64(nil), f.Theta...), f.Order, f.Nudge))
		fits[m] = f
	}
	return out, nil
}

func refit(fits []*analysis.BradleyTerry, model, replicates int) (map[string]float64, error) {
	if model < 0 || model >= len(fits) || fits[model] == nil {
		return nil, fmt.Errorf("refit of model %d before its fit", model)
	}
	start := time.Now()
	if _, err := fits[model].Rank(replicates, analysis.DefaultSeed); err != nil {
		return nil, err
	}
	return map[string]float64{"s": time.Since(start).Seconds()}, nil
}
