// Package explain says, of any number of the report or of the paper, what
// it is, where the paper has it, which function computes it, what it rests
// on, and how to get it without this program: by a query for DuckDB.
package explain

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/internal/label"
	"github.com/specstress/specstress/internal/reproduce"
	"github.com/specstress/specstress/loaders"
)

// An Explanation is everything that a stranger needs to check one number.
type Explanation struct {
	reproduce.Verified
	Definition string      `json:"definition"`
	Where      string      `json:"where"`     // in the paper
	File       string      `json:"file"`      // in this repository; "" where nothing computes it
	Functions  []string    `json:"functions"` // of the file's package, as they are called
	Docs       string      `json:"docs"`      // where the definition is discussed
	K          *int        `json:"k"`         // of a share: K of N
	Exclusions []Exclusion `json:"excluded"`
	Query      string      `json:"query"`   // for DuckDB: one row of value, k and n; "" where there is none
	Instead    string      `json:"instead"` // of a value without a query: why, and what compares it with another program
}

// An Exclusion is what was left out of n.
type Exclusion struct {
	Reason string `json:"reason"`
	N      int    `json:"n"`
}

// Options say how the dataset was opened and how to compute.
type Options struct {
	Taxonomy  string   // its file, where it was named; "" for the one in the dataset's folder
	Labels    []string // files, folders or globs of labels that were named
	Labellers []string // that were chosen
	Renamed   bool     // columns are read under other names, which no query would know
	Workers   int
	Progress  func(stage string, done, total int)
}

// All explains every number that the data give and every number of the
// paper, in the order of the report. Only, if any, are ids or beginnings of
// ids, as reproduce.Wants has them; one that fits nothing is an
// analysis.ErrUnknownName with the nearest ids.
func All(ctx context.Context, d *loaders.Dataset, only []string, opt Options) ([]Explanation, *reproduce.Manifest, error) {
	run, verified, err := reproduce.ComputeAndVerify(ctx, d, reproduce.Options{
		Only: reproduce.SectionsOf(only), Workers: opt.Workers, Progress: opt.Progress})
	if err != nil {
		return nil, nil, err
	}
	var layout *Layout
	if !opt.Renamed {
		if layout, err = layoutOf(ctx, d); err != nil {
			return nil, nil, err
		}
	}
	if layout != nil {
		layout.Tree = filepath.ToSlash(opt.Taxonomy)
		for _, f := range opt.Labels {
			layout.Labels = append(layout.Labels, filepath.ToSlash(f))
		}
		if len(opt.Labellers) > 0 {
			layout.Labels = []string{""}
		}
	}
	byID := map[string]reproduce.Verified{}
	var ids []string
	for _, v := range verified {
		byID[v.ID] = v
	}
	for _, r := range run.Results {
		ids = append(ids, r.ID)
		if _, ok := byID[r.ID]; !ok {
			byID[r.ID] = reproduce.Verified{Result: r, Notes: []string{}}
		}
	}
	for _, v := range verified {
		if !slices.Contains(ids, v.ID) {
			ids = append(ids, v.ID)
		}
	}
	for _, o := range only {
		if !slices.ContainsFunc(ids, func(id string) bool { return reproduce.Wants([]string{o}, id) }) {
			return nil, nil, fmt.Errorf("explain: %w", analysis.UnknownName("result", strings.TrimSuffix(o, "."), ids))
		}
	}
	var all []Explanation
	for _, id := range ids {
		if reproduce.Wants(only, id) {
			all = append(all, explanation(byID[id], layout))
		}
	}
	return all, &run.Manifest, nil
}

func explanation(v reproduce.Verified, l *Layout) Explanation {
	e := Explanation{Verified: v, Functions: []string{}, Exclusions: []Exclusion{}, Docs: "docs/results.md"}
	for _, x := range v.Excluded() {
		if x.N > 0 {
			e.Exclusions = append(e.Exclusions, Exclusion{x.Reason, x.N})
		}
	}
	f, parts, ok := familyOf(v.ID)
	if !ok {
		e.Definition = v.Title + "."
		return e
	}
	e.Definition, e.Where, e.File, e.Docs = f.definition, f.where, f.file, "docs/paper.md#"+f.docs
	if v.Value != nil && v.Unit == "share" && v.N > 0 && !means[f.pattern] {
		k := int(math.Round(*v.Value * float64(v.N)))
		e.K = &k
	}
	if f.functions != "" {
		e.Functions = strings.Split(f.functions, ", ")
	}
	switch {
	case v.Value == nil:
	case f.query == nil:
		e.Instead = f.instead
	case l == nil:
		e.Instead = otherLayout
	default:
		if e.Query = f.query(*l, parts); e.Query == "" {
			e.Instead = cmp.Or(f.instead, otherLayout)
		}
	}
	return e
}

const otherLayout = "the files, or the split, are not laid out like the published ones, or names were given for their columns, or a labeller was chosen."

// layoutOf is where a dataset's files are; nil for one that is not laid out
// like the published files, to which the queries would not apply. The
// built-in sample stands for the folder that `specstress sample` writes.
func layoutOf(ctx context.Context, d *loaders.Dataset) (*Layout, error) {
	l := &Layout{Globs: map[string]string{}}
	if !d.BuiltIn() {
		if info, err := os.Stat(d.Source()); err != nil || !info.IsDir() {
			return nil, nil // one file or a glob of them
		}
		l.Root = filepath.ToSlash(d.Source())
		for _, f := range d.Files() {
			if f.Config == loaders.ConfigLabels {
				if !strings.Contains(f.Name, ":") { // else it was named
					l.Labels = append(l.Labels, l.path(f.Name))
				}
				continue
			}
			if path.Ext(f.Name) != ".parquet" {
				return nil, nil
			}
			split := f.Split
			if f.Config == loaders.ConfigComplete {
				split = loaders.ConfigComplete
			}
			if name := path.Base(f.Name); !strings.HasPrefix(name, split) && f.Config == loaders.ConfigDefault {
				return nil, nil
			}
			dir := path.Dir(f.Name)
			switch f.Config {
			case loaders.ConfigJudges:
				l.Globs["judge_evaluations"] = path.Join(dir, "std_*.parquet")
				l.Globs[split] = path.Join(dir, split+"*.parquet")
			case loaders.ConfigComplete:
				l.Globs[split] = path.Join(dir, "*.parquet")
			default:
				l.Globs[split] = path.Join(dir, split+"*.parquet")
			}
		}
	} else {
		l.Root = SampleFolder
	}
	if len(d.Splits(loaders.ConfigJudges)) > 0 {
		j, err := d.Verdicts(ctx)
		if err != nil {
			return nil, fmt.Errorf("explain: %w", err)
		}
		l.Judges = j.Judges
	} else {
		l.Judges = []string{"claude_4", "gpt41", "gemini_2_5"}
	}
	return l, nil
}

// SampleFolder is where queries on the built-in sample look for its files.
const SampleFolder = "specstress-sample"

// WriteText writes an explanation for a terminal.
func (e Explanation) WriteText(w io.Writer, m *reproduce.Manifest) error {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		if text := fmt.Sprintf(format, args...); text != "" {
			fmt.Fprintf(&b, "%-11s%s\n", name, strings.Join(wrapped(text, 76), "\n"+strings.Repeat(" ", 11)))
		}
	}
	d := e.Display()
	fmt.Fprintf(&b, "%s\n%s\n\n", e.ID, e.Title)
	if m.Synthetic {
		line("", "SYNTHETIC SAMPLE: simulated models and judges. Not a result of the paper.")
	}
	line("what", "%s", e.Definition)
	if e.Paper != nil {
		page := ""
		if e.Paper.Page > 0 {
			page = fmt.Sprintf(" (p. %d; %s)", e.Paper.Page, e.Paper.Note)
		}
		line("the paper", "%s%s", d.Paper, page)
	}
	line("where", "%s", e.Where)
	switch {
	case e.Value == nil && e.Missing != "":
		line("ours", "none: it takes %s", e.Missing)
	case e.Value == nil:
		line("ours", "none: %s", e.Reason)
	default:
		ours := d.Value
		if d.Interval != "" {
			ours += " [" + d.Interval + "]"
		}
		line("ours", "%s", ours)
		if e.K != nil {
			line("", "%d of %d", *e.K, e.N)
		} else {
			line("", "over n = %d", e.N)
		}
		line("exactly", "%s", strconv.FormatFloat(*e.Value, 'g', -1, 64))
		var left []string
		for _, x := range e.Exclusions {
			left = append(left, fmt.Sprintf("%d: %s", x.N, x.Reason))
		}
		if left == nil {
			left = []string{"nothing"}
		}
		line("left out", "%s", strings.Join(left, "; "))
		line("method", "%s", e.Method)
	}
	line("status", "%s: %s", e.Status, e.Status.Meaning())
	if e.File != "" {
		line("computed", "%s: %s", e.File, strings.Join(e.Functions, ", "))
	}
	line("more", "%s", e.Docs)
	for _, n := range e.Notes {
		line("note", "%s", n)
	}
	switch {
	case e.Query != "":
		b.WriteString("\nThe same number by DuckDB (https://duckdb.org), which shares no code with this program:\n\n")
		b.WriteString(e.Query)
	case e.Instead != "":
		b.WriteString("\n" + strings.Join(wrapped("There is no query: "+e.Instead, 87), "\n") + "\n")
	}
	_, err := io.WriteString(w, label.Plain(b.String()))
	return err
}

// wrapped breaks a text into lines of some characters, between words.
func wrapped(s string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}
