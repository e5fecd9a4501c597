package loaders

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/specstress/specstress/analysis"
)

// A ColumnSet says which columns of a remote source to fetch ahead of their
// use. Each includes those before it.
type ColumnSet string

// The sets, by what they are needed for.
const (
	MetadataColumns ColumnSet = "metadata"  // footers, keys, values, nudges: which scenarios there are
	PositionColumns ColumnSet = "positions" // positions and verdicts: every statistic
	QueryColumns    ColumnSet = "queries"   // the texts of the queries
)

// ColumnSets lists the sets.
func ColumnSets() []string {
	return []string{string(MetadataColumns), string(PositionColumns), string(QueryColumns)}
}

// has reports whether a declared column belongs to the set.
func (set ColumnSet) has(spec ColumnSpec) bool {
	switch {
	case spec.Name == "query" || spec.Name == "prompt":
		return set == QueryColumns
	case spec.Text:
		return false
	case strings.HasSuffix(spec.Name, value1Suffix), strings.HasSuffix(spec.Name, value2Suffix), strings.HasSuffix(spec.Name, decisionSuffix):
		return set != MetadataColumns
	}
	return true
}

// List finds the files of a remote source that Open would read, its taxonomy
// included, without reading anything of them. Of the options only Pick
// matters.
func List(ctx context.Context, source string, opt Options) (*Listing, error) {
	if !isRemote(source) {
		return nil, fmt.Errorf("loaders: %s is not the address of a remote source", source)
	}
	d := &Dataset{opt: opt}
	found, err := d.locateRemote(ctx, source)
	if err != nil {
		return nil, err
	}
	l := &Listing{Pinned: d.source, Commit: d.commit, Warnings: d.warnings}
	locations, err := d.picked(found.locations)
	if err != nil {
		return nil, err
	}
	for _, loc := range locations {
		l.Files = append(l.Files, *loc.remote)
	}
	for _, f := range []*RemoteFile{found.taxonomy, found.labelSets} {
		if f != nil && opt.Pick == nil {
			l.Files = append(l.Files, *f)
		}
	}
	return l, nil
}

// FetchCost says what Fetch would take, leaving out what is in the cache. The
// footers have been fetched by then: they say where the columns are.
func (d *Dataset) FetchCost(ctx context.Context, set ColumnSet) (Cost, error) {
	var mu sync.Mutex
	var total Cost
	err := d.eachRemote(ctx, set, func(f RangeFile, ranges []Range) error {
		cost := f.Cost(ranges)
		mu.Lock()
		defer mu.Unlock()
		total.Requests += cost.Requests
		total.Bytes += cost.Bytes
		return nil
	})
	return total, err
}

// Fetch fetches a set of columns of all files of a remote source into the
// cache, so that reading them needs no network. Local files, and whole files
// in the cache, are left alone.
func (d *Dataset) Fetch(ctx context.Context, set ColumnSet) error {
	return d.eachRemote(ctx, set, func(f RangeFile, ranges []Range) error {
		f.Fetch(ranges)
		for _, r := range ranges {
			if _, err := io.Copy(io.Discard, io.NewSectionReader(f, r.Offset, r.Length)); err != nil {
				return fmt.Errorf("loaders: %w", err)
			}
		}
		return nil
	})
}

// eachRemote calls work for each file whose bytes come from afar, with where
// the columns of a set lie. Calls overlap.
func (d *Dataset) eachRemote(ctx context.Context, set ColumnSet, work func(RangeFile, []Range) error) error {
	if !slices.Contains(ColumnSets(), string(set)) {
		return fmt.Errorf("loaders: %w", analysis.UnknownName("set of columns", string(set), ColumnSets()))
	}
	return parallel(ctx, remoteWorkers, len(d.files), func(i int) error {
		f := d.files[i]
		if f.remote == nil {
			return nil
		}
		columns, err := d.columnsOf(f, set)
		if err != nil {
			return err
		}
		t, err := openTable(ctx, f.location)
		if err != nil {
			return err
		}
		defer t.Close()
		from, ok := t.file.(RangeFile)
		if !ok {
			return nil
		}
		groups := make([]int, t.RowGroups())
		for g := range groups {
			groups[g] = g
		}
		return work(from, t.ranges(groups, columns))
	})
}

// columnsOf lists the columns of a file that belong to a set.
func (d *Dataset) columnsOf(f *dataFile, set ColumnSet) ([]string, error) {
	specs, err := Columns(f.config)
	if err != nil {
		return nil, err
	}
	sc, err := newSchema(f.name, f.columns, d.opt.Columns, specs)
	if err != nil {
		return nil, err
	}
	var columns []string
	if f.config == ConfigJudges && set != QueryColumns && sc.lacksKey() {
		// Then the prompt names the scenario, see Verdicts.
		if c, ok, err := sc.find("prompt"); ok && err == nil {
			columns = append(columns, c.Name)
		}
	}
	for i, name := range sc.ours() {
		known := slices.IndexFunc(specs, func(s ColumnSpec) bool {
			return s.Name == name || slices.Contains(s.Aliases, name) || matchesPattern(s.Name, name)
		})
		if known >= 0 && set.has(specs[known]) {
			columns = append(columns, sc.columns[i].Name)
		}
	}
	return columns, nil
}

// lacksKey reports whether a part of the scenario key has no column.
func (s *schema) lacksKey() bool {
	return slices.ContainsFunc([]string{"chunk_index", "entry_idx", "nudge_direction"}, func(name string) bool {
		_, ok, _ := s.find(name)
		return !ok
	})
}
