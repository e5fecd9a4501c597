package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/card"
	"github.com/specstress/specstress/loaders"
)

func newText() *cobra.Command {
	var source sourceFlags
	var split, rows string
	var names []string
	cmd := &cobra.Command{
		Use:   "text SRC... --text NAME --rows ROWS",
		Short: "Write texts of some rows, such as query or response_o3, as JSON lines; they may be offensive",
		Args:  wants(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(names) == 0 || rows == "" {
				return usageError{fmt.Errorf("text: --text NAME and --rows ROWS are needed")}
			}
			if rows == "-" {
				text, err := io.ReadAll(cmd.InOrStdin())
				if err != nil {
					return err
				}
				rows = string(text)
			}
			numbers, err := parseRows(rows)
			if err != nil {
				return usageError{err}
			}
			source.only = oneSplit(split)
			d, conds, err := source.open(cmd.Context(), args, nil)
			if err != nil {
				return err
			}
			from, err := textsOf(cmd.Context(), d, split, conds)
			if err != nil {
				return err
			}
			return writeTexts(cmd, from, names, numbers)
		},
	}
	source.register(cmd)
	cmd.Flags().StringVar(&split, "split", analysis.AllModels.Name, "split to read; "+loaders.ConfigJudges+" for the texts beside the verdicts, prompt and response")
	cmd.Flags().StringArrayVar(&names, "text", nil, "text column; repeatable")
	cmd.Flags().StringVar(&rows, "rows", "", "rows, counted from 0, apart by commas or spaces; - reads them from standard input")
	return cmd
}

func parseRows(text string) ([]int, error) {
	var rows []int
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\r' || r == '\t' }) {
		row, err := strconv.Atoi(word)
		if err != nil || row < 0 {
			return nil, fmt.Errorf("--rows: %q is no row, want a number from 0", word)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// A texts is a table with texts by row.
type texts interface {
	Text(ctx context.Context, column string, rows ...int) ([]string, error)
	Key(row int) (loaders.Key, bool)
}

func textsOf(ctx context.Context, d *loaders.Dataset, split string, conds []loaders.Condition) (texts, error) {
	if split == loaders.ConfigJudges {
		j, err := d.Verdicts(ctx)
		if err != nil {
			return nil, err
		}
		return j.Where(conds...)
	}
	s, err := splitOfOnesOwn(ctx, d, split)
	if err != nil {
		return nil, err
	}
	return s.Where(conds...)
}

// A textLine is one row of the output. A program reads it, so the texts are
// as they are in the files; control characters are escapes of JSON.
type textLine struct {
	Row   int               `json:"row"`
	Key   string            `json:"key,omitempty"`
	Texts map[string]string `json:"texts"` // encoding/json sorts the names
}

func writeTexts(cmd *cobra.Command, s texts, names []string, rows []int) error {
	lines := make([]textLine, len(rows))
	for i, row := range rows {
		lines[i] = textLine{Row: row, Texts: map[string]string{}}
	}
	for _, name := range names {
		texts, err := s.Text(cmd.Context(), name, rows...)
		if err != nil {
			return err
		}
		for i, text := range texts {
			lines[i].Texts[name] = text
			if k, ok := s.Key(rows[i]); ok {
				lines[i].Key = k.String()
			}
		}
	}
	for _, line := range lines {
		text, err := json.Marshal(line)
		if err != nil {
			return err
		}
		if _, err := cmd.OutOrStdout().Write(append(card.Escape(text), '\n')); err != nil {
			return err
		}
	}
	return nil
}
