package loaders

import (
	"fmt"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// A Provenance says whose numbers a source holds, and so whether they may
// be laid beside the paper's.
type Provenance int

// The three kinds.
const (
	OtherData Provenance = iota // somebody's own: no comparison with the paper
	PaperData                   // recognised as the paper's dataset
	Synthetic                   // made by a simulator: never a reproduction
)

func (p Provenance) String() string {
	return [...]string{"other data", "the paper's dataset", "synthetic sample"}[p]
}

// syntheticPrefix starts the name of every value that the built-in sample
// invents. Unlike the note in the file's metadata it survives a conversion
// by another program.
const syntheticPrefix = "synthetic "

type publishedSplit struct {
	config, name string
	low, high    int // rows
}

// published lists the row counts by which the paper's dataset is told.
//
// Source: Zhang et al. 2025, section 2.2, and the dataset card.
var published = []publishedSplit{
	{ConfigDefault, "all_models", 43_960, 43_960},
	{ConfigDefault, "claude_models", 20_790, 20_790},
	{ConfigDefault, "openai_models", 26_295, 26_295},
	{ConfigDefault, "gpt41_vs_mini", 10_160, 10_160},
	{ConfigDefault, "o3_vs_o4mini", 21_953, 21_953},
	{ConfigDefault, "opus4_vs_sonnet4", 9_245, 9_245},
	{ConfigComplete, ConfigComplete, 410_000, 412_999}, // "over 410,000"
	{ConfigJudges, "std_0.0_to_1.0", 4_500, 5_000},     // 5 models x 1,000 scenarios less missing rows
	{ConfigJudges, "std_1.0_to_1.5", 4_500, 5_000},
	{ConfigJudges, "std_1.5_to_2.0", 4_500, 5_000},
	{ConfigJudges, "std_2.0_to_2.5", 4_500, 5_000},
	{ConfigJudges, "std_2.5_to_3.0", 4_500, 5_000},
}

// Provenance tells whose numbers the source holds, and why it thinks so. A
// source is synthetic when any file says so; it is the paper's when every
// split has the paper's name and row count, and the scenario files the
// paper's twelve models. What is found only when rows are read, such as the
// names of synthetic values, is taken into account from then on.
func (d *Dataset) Provenance() (Provenance, string) {
	for _, f := range d.files {
		if f.origin != "" {
			return Synthetic, f.name + ": " + f.origin
		}
	}
	if note := d.seen.Load(); note != nil {
		return Synthetic, *note
	}
	if why := d.unlikePaper(); why != "" {
		return OtherData, why
	}
	return PaperData, "splits, row counts and models are the published ones"
}

// unlikePaper names the first difference from the published dataset.
func (d *Dataset) unlikePaper() string {
	type split struct{ config, name string }
	rows := map[split]int{}
	var order []split
	for _, f := range d.files {
		if f.config == ConfigLabels {
			continue // beside the dataset, whose labels were not published
		}
		s := split{f.config, f.split}
		if _, ok := rows[s]; !ok {
			order = append(order, s)
		}
		rows[s] += f.rows
		if f.config == ConfigJudges {
			continue
		}
		sc, err := newSchema(f.name, f.columns, d.opt.Columns, scenarioColumns)
		if err != nil {
			return err.Error()
		}
		if models, err := sc.models(); err != nil || !slices.Equal(models, analysis.AllModels.Models) {
			return f.name + ": its models are not the paper's twelve"
		}
	}
	for _, s := range order {
		i := slices.IndexFunc(published, func(p publishedSplit) bool { return p.config == s.config && p.name == s.name })
		if i < 0 {
			return fmt.Sprintf("split %s is none of the paper's", s.name)
		}
		if n := rows[s]; n < published[i].low || n > published[i].high {
			return fmt.Sprintf("split %s has %d rows, the paper's has %d to %d", s.name, n, published[i].low, published[i].high)
		}
	}
	return ""
}

// noteValues looks for the names of synthetic values among those read.
func (d *Dataset) noteValues(columns ...Coded) {
	for _, c := range columns {
		// The names ascend, so those with the prefix stand together.
		i, _ := slices.BinarySearch(c.Names, syntheticPrefix)
		if i < len(c.Names) && strings.HasPrefix(c.Names[i], syntheticPrefix) {
			note := fmt.Sprintf("value %q is one of the built-in sample", c.Names[i])
			d.seen.Store(&note)
			return
		}
	}
}
