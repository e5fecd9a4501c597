package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/card"
	"github.com/specstress/specstress/loaders"
)

func newShow() *cobra.Command {
	var source sourceFlags
	var data []string
	var split string
	var show showFlags
	cmd := &cobra.Command{
		Use:   "show KEY",
		Short: "Show one scenario on a card, by its key, as in 32-579-value1",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("which scenario? %d arguments, want one key as in 32-579-value1; usage: specstress show KEY [flags]", len(args))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			key, err := loaders.ParseKey(args[0])
			if err != nil {
				return usageError{err}
			}
			p := newProgress()
			defer p.clear()
			d, conds, err := source.open(cmd.Context(), data, p.rows)
			if err != nil {
				return err
			}
			if len(conds) > 0 {
				return usageError{errors.New("show: a key names one scenario; --where has no use")}
			}
			h, err := lookUp(cmd.Context(), d, key, split)
			if err != nil {
				return err
			}
			h.maker.Responses = show.responses
			cards, err := h.maker.Make(cmd.Context(), h.found)
			if err != nil {
				return err
			}
			p.clear()
			return show.write(cmd.OutOrStdout(), d, cards, h)
		},
	}
	source.register(cmd)
	_ = cmd.Flags().MarkHidden("where") // refused with the reason; nothing to offer
	show.register(cmd)
	cmd.Flags().StringArrayVar(&data, "data", []string{"sample"}, "source; repeatable for several files")
	cmd.Flags().StringVar(&split, "split", "", "split to look in; by default all, in order, until it is found")
	return cmd
}

// lookUp finds the scenario of a key: in the splits, in order, then among
// the judged ones. The error names the other variants of the value pair.
func lookUp(ctx context.Context, d *loaders.Dataset, key loaders.Key, split string) (*hit, error) {
	h := &hit{maker: card.Maker{Dataset: d}, order: "order of the rows", criteria: []string{"key " + key.String()}, byKey: true}
	if len(d.Splits(loaders.ConfigJudges)) > 0 {
		var err error
		if h.maker.Judged, err = d.Verdicts(ctx); err != nil {
			return nil, err
		}
	}
	splits := append(d.Splits(loaders.ConfigDefault), d.Splits(loaders.ConfigComplete)...)
	if split != "" {
		splits = []string{split}
	}
	var variants []string
	variant := func(k loaders.Key, ok bool) {
		if ok && k.Chunk == key.Chunk && k.Entry == key.Entry && !slices.Contains(variants, k.String()) {
			variants = append(variants, k.String())
		}
	}
	for _, name := range splits {
		if name == loaders.ConfigJudges {
			continue
		}
		s, err := d.Scenarios(ctx, name)
		if split == "" && (errors.Is(err, loaders.ErrSchema) || errors.Is(err, analysis.ErrTooFew)) {
			continue // a split without positions
		}
		if err != nil {
			return nil, err
		}
		h.rows += s.Rows()
		if rows := s.RowsOf(key); rows != nil {
			h.split, h.maker.Scenarios, h.rows = name, s, s.Rows()
			for _, row := range rows {
				h.found = append(h.found, analysis.Found{Row: row})
			}
			return h, nil
		}
		for row := range s.Rows() {
			variant(s.Key(row))
		}
	}
	if j := h.maker.Judged; j != nil && (split == "" || split == loaders.ConfigJudges) {
		h.split = loaders.ConfigJudges
		for scenario, rows := range j.ScenarioRows() {
			k, ok := j.Key(rows[0])
			variant(k, ok)
			if ok && k == key {
				h.found = append(h.found, analysis.Found{Row: scenario})
			}
		}
		if h.found != nil {
			h.rows = j.Scenarios
			return h, nil
		}
		h.rows += j.Scenarios
		splits = append(splits, loaders.ConfigJudges)
	}
	err := fmt.Errorf("show: %w: no scenario %s among the %d of %s", analysis.ErrUnknownName, key, h.rows, strings.Join(splits, ", "))
	if variants != nil {
		err = fmt.Errorf("%w; of the same value pair: %s", err, strings.Join(variants, ", "))
	}
	return nil, err
}
