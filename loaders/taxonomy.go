package loaders

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// ErrNoTaxonomy marks an analysis that needs the value taxonomy where none
// was given.
var ErrNoTaxonomy = errors.New("no taxonomy: give values_tree.csv of the public dataset Anthropic/values-in-the-wild with --taxonomy FILE")

// A Taxonomy maps value names to the 26 level-2 categories. It does not
// change after reading.
type Taxonomy struct {
	file     string
	category map[string]int // level-0 name -> index into analysis.Categories
	levels   [4]int         // clusters by level
}

// taxonomyColumns are the columns of values_tree.csv that matter here.
var taxonomyColumns = []string{"cluster_id", "name", "level", "parent_cluster_id"}

// ReadTaxonomy reads a file in the format of values_tree.csv: a row per
// cluster with cluster_id, name, level (0 values to 3) and
// parent_cluster_id; other columns do not matter. A parent that is not
// there, a level that is not one below its parent's, a repeated id or
// value name, and a level-2 name that is none of the 26 are errors naming
// the line.
func ReadTaxonomy(path string) (*Taxonomy, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("loaders: taxonomy: %w", err)
	}
	defer f.Close()
	t, err := parseTaxonomy(f)
	if err != nil {
		return nil, fmt.Errorf("loaders: taxonomy %s: %w", filepath.Base(path), err)
	}
	t.file = path
	return t, nil
}

type cluster struct {
	line, level  int
	name, parent string
}

func parseTaxonomy(in io.Reader) (*Taxonomy, error) {
	r := csv.NewReader(in)
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	var at [4]int
	for i, name := range taxonomyColumns {
		if at[i] = slices.Index(header, name); at[i] < 0 {
			return nil, fmt.Errorf("%w: %w", ErrSchema, analysis.UnknownName("column", name, header))
		}
	}
	clusters := map[string]cluster{}
	var ids []string
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err // encoding/csv names the line
		}
		line, _ := r.FieldPos(0)
		level, err := strconv.Atoi(record[at[2]])
		if err != nil || level < 0 || level > 3 {
			return nil, fmt.Errorf("line %d: level is %q, want 0..3", line, record[at[2]])
		}
		id := record[at[0]]
		if before, ok := clusters[id]; ok {
			return nil, fmt.Errorf("line %d: cluster_id %q stands in line %d already", line, id, before.line)
		}
		clusters[id] = cluster{line, level, record[at[1]], record[at[3]]}
		ids = append(ids, id)
	}
	return newTaxonomy(ids, clusters)
}

func newTaxonomy(ids []string, clusters map[string]cluster) (*Taxonomy, error) {
	t := &Taxonomy{category: map[string]int{}}
	all := analysis.Categories()
	for _, id := range ids {
		c := clusters[id]
		t.levels[c.level]++
		if c.level == 3 {
			continue
		}
		parent, ok := clusters[c.parent]
		if !ok || parent.level != c.level+1 {
			return nil, fmt.Errorf("line %d: %q of level %d has parent %q, want one of level %d", c.line, c.name, c.level, c.parent, c.level+1)
		}
		isCategory := func(k analysis.Category) bool { return analysis.Slug(k.Name) == analysis.Slug(c.name) }
		if c.level == 2 && !slices.ContainsFunc(all, isCategory) {
			return nil, fmt.Errorf("line %d: level-2 cluster %q is none of the 26 categories", c.line, c.name)
		}
	}
	for _, id := range ids {
		c := clusters[id]
		if c.level != 0 {
			continue
		}
		name := valueName(c.name)
		if _, ok := t.category[name]; ok {
			return nil, fmt.Errorf("line %d: value %q stands there already", c.line, c.name)
		}
		top := clusters[clusters[c.parent].parent]
		t.category[name] = slices.IndexFunc(all, func(k analysis.Category) bool { return analysis.Slug(k.Name) == analysis.Slug(top.name) })
	}
	return t, nil
}

// valueName is the form in which value names are compared.
func valueName(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// CategoryOf returns the category of a value as an index into
// analysis.Categories, and -1 for a value outside the taxonomy.
func (t *Taxonomy) CategoryOf(value string) int {
	if c, ok := t.category[valueName(value)]; ok {
		return c
	}
	return -1
}

// Levels returns how many clusters each level has, values (level 0) first.
func (t *Taxonomy) Levels() [4]int { return t.levels }
