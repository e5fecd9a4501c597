package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

// exports are the tables that the export command knows.
var exports = []string{"disagreement", "positions", "verdicts"}

func newExport() *cobra.Command {
	var source sourceFlags
	var data []string
	var split, format, out string
	var raw bool
	cmd := &cobra.Command{
		Use:   "export " + strings.Join(exports, "|"),
		Short: "Write a table with its scenario keys, for pandas, R or DuckDB",
		Args:  wants(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(exports, args[0]) {
				return usageError{analysis.UnknownName("table", args[0], exports)}
			}
			if format == "" {
				format = strings.TrimPrefix(filepath.Ext(out), ".")
			}
			write, ok := tableWriters[format]
			if !ok {
				if format == "" {
					return usageError{errors.New("which format? --out FILE ends in .csv or .parquet, or --format names one of them, which goes to standard output")}
				}
				return usageError{fmt.Errorf("--format %q, want csv or parquet", format)}
			}
			if raw {
				if format != "csv" {
					return usageError{fmt.Errorf("--raw-csv with --format %s, which has texts as they are anyway", format)}
				}
				write = writeRawCSV
			}
			if source.only = oneSplit(split); args[0] == "verdicts" {
				source.only = verdictsOnly
			}
			p := newProgress()
			defer p.clear()
			d, conds, err := source.open(cmd.Context(), data, p.rows)
			if err != nil {
				return err
			}
			t, err := exportTable(cmd.Context(), d, args[0], split, conds)
			if err != nil {
				return err
			}
			if provenance, _ := d.Provenance(); provenance == loaders.Synthetic {
				t.markSynthetic()
			}
			p.clear()
			if out == "" {
				return write(cmd.OutOrStdout(), t)
			}
			if err := replaceFile(out, func(w io.Writer) error { return write(w, t) }); err != nil {
				return fmt.Errorf("export: %s: %w", out, err)
			}
			return nil
		},
	}
	source.register(cmd)
	cmd.Flags().StringArrayVar(&data, "data", []string{"sample"}, "source; repeatable for several files")
	cmd.Flags().StringVar(&split, "split", analysis.AllModels.Name, "split to export scenarios of")
	cmd.Flags().StringVar(&format, "format", "", "csv or parquet; by default the ending of --out")
	cmd.Flags().StringVar(&out, "out", "", "file to write; by default standard output")
	cmd.Flags().BoolVar(&raw, "raw-csv", false, "CSV with texts as they are, for programs: a spreadsheet runs those that look like formulas")
	return cmd
}

// A table is columns of one length.
type table struct {
	rows    int
	columns []column
}

// A column has either texts or numbers. NaN and, of a text, "" stand for a
// missing one.
type column struct {
	name    string
	text    func(row int) string
	number  func(row int) float64
	integer bool
}

// markSynthetic adds the column that says where the numbers come from.
func (t *table) markSynthetic() {
	t.columns = append(t.columns, column{name: "source", text: func(int) string { return "synthetic sample" }})
}

func exportTable(ctx context.Context, d *loaders.Dataset, name, split string, conds []loaders.Condition) (*table, error) {
	if name == "verdicts" {
		j, err := d.Verdicts(ctx)
		if err != nil {
			return nil, err
		}
		if j, err = j.Where(conds...); err != nil {
			return nil, err
		}
		return verdictTable(j), nil
	}
	s, err := splitOfOnesOwn(ctx, d, split)
	if err != nil {
		return nil, err
	}
	if s, err = s.Where(conds...); err != nil {
		return nil, err
	}
	t := scenarioTable(s)
	if name == "positions" {
		return t, t.addPositions(s)
	}
	return t, t.addDisagreements(s)
}

// scenarioTable starts a table with the columns that name each scenario.
func scenarioTable(s *loaders.Scenarios) *table {
	t := &table{rows: s.Rows()}
	t.addKey(s.Key)
	for _, c := range []struct {
		name string
		from loaders.Coded
	}{{"value1", s.Values(analysis.Value1)}, {"value2", s.Values(analysis.Value2)}, {"query_generator", s.Generators()}} {
		if c.from.Codes != nil {
			t.columns = append(t.columns, column{name: c.name, text: func(row int) string { text, _ := c.from.At(row); return text }})
		}
	}
	if _, ok := s.Rank(0); ok {
		t.columns = append(t.columns, column{name: "rank", integer: true, number: func(row int) float64 {
			rank, ok := s.Rank(row)
			return orNaN(rank, ok)
		}})
	}
	return t
}

// addKey adds the scenario key and its parts.
func (t *table) addKey(key func(row int) (loaders.Key, bool)) {
	t.columns = append(t.columns,
		column{name: "key", text: func(row int) string {
			if k, ok := key(row); ok {
				return k.String()
			}
			return ""
		}},
		column{name: "chunk_index", integer: true, number: func(row int) float64 { k, ok := key(row); return orNaN(k.Chunk, ok) }},
		column{name: "entry_idx", integer: true, number: func(row int) float64 { k, ok := key(row); return orNaN(k.Entry, ok) }},
		column{name: "nudge_direction", text: func(row int) string { k, _ := key(row); return k.Nudge }})
}

func orNaN(n int64, ok bool) float64 {
	if !ok {
		return math.NaN()
	}
	return float64(n)
}

// addPositions adds two columns per model.
func (t *table) addPositions(s *loaders.Scenarios) error {
	p, err := s.AllPositions()
	if err != nil {
		return err
	}
	for i, m := range p.Models() {
		for v, suffix := range []string{"_value1_position", "_value2_position"} {
			positions := p.Column(i, analysis.Value(v))
			t.columns = append(t.columns, column{name: m + suffix, integer: true, number: func(row int) float64 {
				score, ok := positions[row].Score()
				return orNaN(int64(score), ok)
			}})
		}
	}
	return nil
}

// addDisagreements adds a column for the split's own model set and one for
// each of the paper's sets whose models are all here.
func (t *table) addDisagreements(s *loaders.Scenarios) error {
	p, err := s.AllPositions()
	if err != nil {
		return err
	}
	models := p.Models()
	sets := []analysis.ModelSet{s.ModelSet()}
	for _, set := range analysis.PaperModelSets() {
		missing := slices.ContainsFunc(set.Models, func(m string) bool { return !slices.Contains(models, m) })
		if !missing && set.Name != sets[0].Name {
			sets = append(sets, set)
		}
	}
	for _, set := range sets {
		dis, err := analysis.MeasureDisagreement(p, set)
		if err != nil {
			return err
		}
		t.columns = append(t.columns, column{name: "disagreement_" + set.Name, number: func(row int) float64 {
			if spread, ok := dis.At(row); ok {
				return spread.StdDev()
			}
			return math.NaN()
		}})
	}
	return nil
}

// verdictTable has a row per response, with every judge's verdict.
func verdictTable(j *loaders.Judged) *table {
	t := &table{rows: j.Rows()}
	t.addKey(j.Key)
	t.columns = append(t.columns,
		column{name: "scenario", integer: true, number: func(row int) float64 { return float64(j.Scenario[row]) }},
		column{name: "bin", text: func(row int) string { return j.Bins[j.Bin[row]] }},
		column{name: "model", text: func(row int) string { return j.Models[j.Model[row]] }})
	for k, judge := range j.Judges {
		t.columns = append(t.columns, column{name: judge + "_decision", text: func(row int) string {
			if v := j.ByJudge[k][row]; v != analysis.NoVerdict {
				return v.String()
			}
			return ""
		}})
	}
	return t
}
