package loaders

import (
	"context"

	"github.com/specstress/specstress/analysis"
)

// Info describes one split: what a reader wants to know before trusting
// numbers made from it.
type Info struct {
	Config, Split string
	Files         int
	Rows          int
	Models        []string
	Judges        []string // verdicts only
	Columns       []ColumnInfo
	Bad           []BadColumn // values outside what a column may hold
	DuplicateKeys int         // rows whose scenario key (and model) stands before
	NoKey         int         // rows without a complete scenario key
	Pairs         int         // distinct (value1, value2)
	Values        int         // distinct values
	Unmapped      int         // distinct values outside the taxonomy; -1 without one
	Encoding      string      // doubt about names of values that are not UTF-8; else ""
	Anchors       []Anchor
}

// A ColumnInfo is one column of a split. Nulls is -1 for a text column,
// which is not read.
type ColumnInfo struct {
	Name     string
	Kind     Kind
	Nullable bool
	Nulls    int
}

// An Anchor is a published count of a split and what was found.
type Anchor struct {
	Name     string
	Expected int
	Found    int
}

// Info reads a split, or all verdicts for the name ConfigJudges, and
// describes it.
func (d *Dataset) Info(ctx context.Context, split string) (*Info, error) {
	if split == ConfigJudges {
		j, err := d.Verdicts(ctx)
		if err != nil {
			return nil, err
		}
		return j.Info(), nil
	}
	s, err := d.Scenarios(ctx, split)
	if err != nil {
		return nil, err
	}
	return s.Info(), nil
}

// Info describes the rows of a table.
func (s *Scenarios) Info() *Info {
	info := &Info{Split: s.split, Rows: s.Rows(), Models: s.Models(), Bad: s.Bad(), Unmapped: -1}
	if doubt := s.val1.encodingDoubt(); doubt != nil { // both values have the same names
		info.Encoding = doubt.Error()
	}
	nulls := map[string]int{}
	for name, c := range map[string]Ints{"rank": s.rank, "chunk_index": s.chunk, "entry_idx": s.entry} {
		nulls[name] = c.nulls()
	}
	for name, c := range map[string]Coded{"query_generator": s.generator, "nudge_direction": s.nudge, "value1": s.val1, "value2": s.val2} {
		nulls[name] = c.nulls()
	}
	for i, m := range s.models {
		for v, suffix := range []string{value1Suffix, value2Suffix} {
			for _, p := range s.positions[i][v] {
				if _, ok := p.Score(); !ok {
					nulls[m+suffix]++
				}
			}
		}
	}
	files, _ := s.dataset.filesOf(s.split) // the split was read from them
	info.describe(s.dataset, files, scenarioColumns, nulls)
	info.NoKey, info.DuplicateKeys = countKeys(s.Rows(), s.Key, oneModel)
	info.countValues(s.val1, s.val2, s.taxonomy)
	info.Anchors = anchors(s.split, s.filter == nil, info)
	return info
}

// Info describes the verdicts.
func (j *Judged) Info() *Info {
	info := &Info{Split: ConfigJudges, Rows: j.Rows(), Models: j.Models, Judges: j.Judges, Unmapped: -1}
	info.Bad = append(j.Bad(), j.Unrecognised()...)
	nulls := map[string]int{"chunk_index": j.chunk.nulls(), "entry_idx": j.entry.nulls(), "nudge_direction": j.nudge.nulls(),
		"value1": j.val1.nulls(), "value2": j.val2.nulls()}
	for k, name := range j.Judges {
		for _, v := range j.ByJudge[k] {
			if v == analysis.NoVerdict {
				nulls[name+decisionSuffix]++
			}
		}
	}
	var files []*dataFile
	for _, f := range j.dataset.files {
		if f.config == ConfigJudges {
			files = append(files, f)
		}
	}
	info.describe(j.dataset, files, judgeColumns, nulls)
	info.NoKey, info.DuplicateKeys = countKeys(j.Rows(), j.Key, func(row int) int32 { return j.Model[row] })
	info.countValues(j.val1, j.val2, j.taxonomy)
	info.Anchors = anchors(ConfigJudges, j.filter == nil, info)
	return info
}

// describe lists the columns of the first file, under our names.
func (i *Info) describe(d *Dataset, files []*dataFile, specs []ColumnSpec, nulls map[string]int) {
	i.Config, i.Files = files[0].config, len(files)
	sc, err := newSchema(files[0].name, files[0].columns, d.opt.Columns, specs)
	if err != nil {
		return // reported when the rows were read
	}
	for k, name := range sc.ours() {
		spec := sc.spec(name)
		c := ColumnInfo{name, sc.columns[k].Kind, sc.columns[k].Nullable, -1}
		if n, ok := nulls[spec.Name]; ok {
			c.Nulls = n
		} else if n, ok := nulls[name]; ok {
			c.Nulls = n
		} else if !spec.Text {
			c.Nulls = 0
		}
		i.Columns = append(i.Columns, c)
	}
}

func (i *Info) countValues(v1, v2 Coded, t *Taxonomy) {
	if v1.Codes == nil || v2.Codes == nil {
		return
	}
	pairs := map[[2]int32]bool{}
	used := make([]bool, len(v1.Names))
	for row := range v1.Codes {
		a, b := v1.Codes[row], v2.Codes[row]
		if a == NullCode || b == NullCode {
			continue
		}
		pairs[[2]int32{a, b}] = true
		used[a], used[b] = true, true
	}
	i.Pairs = len(pairs)
	if t != nil {
		i.Unmapped = 0
	}
	for code, name := range v1.Names {
		if used[code] {
			i.Values++
			if t != nil && t.CategoryOf(name) < 0 {
				i.Unmapped++
			}
		}
	}
}

// anchors compares an unfiltered split with the published counts.
//
// Source: Zhang et al. 2025, section 2.2; pairs and values of all_models
// from an independent re-analysis of the public split.
func anchors(split string, whole bool, info *Info) []Anchor {
	if !whole {
		return nil
	}
	var out []Anchor
	for _, p := range published {
		if p.name == split && p.low == p.high {
			out = append(out, Anchor{"rows", p.low, info.Rows})
		}
	}
	if split == analysis.AllModels.Name {
		out = append(out, Anchor{"distinct value pairs", 38_374, info.Pairs}, Anchor{"distinct values", 3_302, info.Values})
	}
	return out
}
