package loaders

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/specstress/specstress/analysis"
)

// Scenarios holds the rows of one split as typed columns: a row per
// scenario. It does not change after loading; Where makes another one. It
// may be used from several goroutines at once.
type Scenarios struct {
	split    string
	dataset  *Dataset
	taxonomy *Taxonomy

	rank, chunk, entry           Ints
	generator, nudge, val1, val2 Coded
	models                       []string
	positions                    [][2][]analysis.Position

	origin []int32 // by row: row of the split as it is stored; nil for all
	filter []string
	keep   *analysis.ModelSet // models chosen by Where
	bad    []BadColumn

	clusters func() analysis.Clusters
}

// A BadColumn counts values outside what a column may hold; they are
// treated as missing.
type BadColumn struct {
	File   string
	Column string
	BadValues
}

func (b BadColumn) Error() string {
	return fmt.Sprintf("%s: column %s: left out as missing: %d, the first in row %d: %s", b.File, b.Column, b.N, b.FirstRow, b.First)
}

// A Part is one row group of one file: the unit of work for whoever reads
// a split piece by piece, on one machine or many.
type Part struct {
	File  string
	Group int // row group of the file
	Rows  int
	file  *dataFile
	first int // row of the file at which the group starts
}

// Parts lists the row groups of a split in reading order.
func (d *Dataset) Parts(split string) ([]Part, error) {
	files, err := d.filesOf(split)
	if err != nil {
		return nil, err
	}
	return partsOf(files), nil
}

func partsOf(files []*dataFile) []Part {
	var parts []Part
	for _, f := range files {
		first := 0
		for g, rows := range f.groups {
			parts = append(parts, Part{f.name, g, rows, f, first})
			first += rows
		}
	}
	return parts
}

// Scenarios reads all rows of a split of config default, or of
// "complete": every column but the texts. The result does not depend on
// how many goroutines read.
func (d *Dataset) Scenarios(ctx context.Context, split string) (*Scenarios, error) {
	if d.pack != nil {
		return d.scenariosFromPack(split)
	}
	parts, err := d.Parts(split)
	if err != nil {
		return nil, err
	}
	return d.ReadScenarios(ctx, split, parts)
}

// ReadScenarios reads some parts of a split, in the order given.
func (d *Dataset) ReadScenarios(ctx context.Context, split string, parts []Part) (*Scenarios, error) {
	r, err := d.newReader(split, parts, scenarioColumns)
	if err != nil {
		return nil, err
	}
	s := &Scenarios{split: split, dataset: d, taxonomy: d.taxonomy}
	if s.models, err = r.schemas[0].models(); err != nil {
		return nil, err
	}
	if len(s.models) == 0 {
		return nil, r.schemas[0].missing("<model>" + value1Suffix)
	}
	for _, sc := range r.schemas[1:] {
		models, err := sc.models()
		if err != nil {
			return nil, err
		}
		if !slices.Equal(models, s.models) {
			return nil, fmt.Errorf("loaders: %s: %w: models %v, want those of %s: %v", sc.file, ErrSchema, models, r.schemas[0].file, s.models)
		}
	}
	s.positions = make([][2][]analysis.Position, len(s.models))
	for i, m := range s.models {
		for v, suffix := range []string{value1Suffix, value2Suffix} {
			if s.positions[i][v], err = r.positions(m + suffix); err != nil {
				return nil, err
			}
		}
	}
	for _, c := range []struct {
		name string
		to   *Ints
	}{{"rank", &s.rank}, {"chunk_index", &s.chunk}, {"entry_idx", &s.entry}} {
		if err := r.ints(c.name, c.to); err != nil {
			return nil, err
		}
	}
	for _, c := range []struct {
		name string
		to   *Coded
	}{{"query_generator", &s.generator}, {"nudge_direction", &s.nudge}} {
		if err := r.coded(newInterner(), c.name, c.to); err != nil {
			return nil, err
		}
	}
	// Both values of a pair come from one vocabulary, so they share codes.
	values := newInterner()
	if err := r.coded(values, "value1", &s.val1); err != nil {
		return nil, err
	}
	if err := r.coded(values, "value2", &s.val2); err != nil {
		return nil, err
	}
	if s.bad, err = r.run(ctx); err != nil {
		return nil, err
	}
	d.noteValues(s.val1, s.val2)
	s.clusters = sync.OnceValue(func() analysis.Clusters { return clusterIDs(s.chunk, s.entry, s.Rows()) })
	return s, nil
}

// Rows is the number of scenarios.
func (s *Scenarios) Rows() int { return len(s.positions[0][0]) }

// Split is the name of the split.
func (s *Scenarios) Split() string { return s.split }

// Models lists the models of the files in the fixed order, or those that
// Where chose.
func (s *Scenarios) Models() []string {
	if s.keep != nil {
		return slices.Clone(s.keep.Models)
	}
	return slices.Clone(s.models)
}

// ModelSet is the set of models over which the split was chosen: the
// paper's set of that name where all its models are here, else every
// model, and in either case only those that Where left.
func (s *Scenarios) ModelSet() analysis.ModelSet {
	models := s.Models()
	for _, set := range analysis.PaperModelSets() {
		if set.Name == s.split && s.keep == nil && containsAll(models, set.Models) {
			return set
		}
	}
	if s.keep != nil {
		return *s.keep
	}
	return analysis.ModelSet{Name: s.split, Title: fmt.Sprintf("All %d models", len(models)), Models: models}
}

func containsAll(have, want []string) bool {
	return !slices.ContainsFunc(want, func(m string) bool { return !slices.Contains(have, m) })
}

// AllPositions returns the positions of every model that Models lists.
func (s *Scenarios) AllPositions() (*analysis.Positions, error) {
	return s.Positions(analysis.ModelSet{Name: s.split, Models: s.Models()})
}

// Positions returns the positions of the models of a set, with the
// clusters of the rows. The error names a model that is not in the files
// and its nearest names.
func (s *Scenarios) Positions(set analysis.ModelSet) (*analysis.Positions, error) {
	all, err := analysis.NewPositions(s.models, s.positions, s.Clusters())
	if err != nil {
		return nil, err
	}
	return all.Select(set)
}

// Clusters groups the rows by value pair, (chunk_index, entry_idx). It is
// the zero Clusters where a column or one of its values is missing.
func (s *Scenarios) Clusters() analysis.Clusters { return s.clusters() }

// Key returns a row's scenario key, and false where part of it is missing.
func (s *Scenarios) Key(row int) (Key, bool) { return keyAt(s.chunk, s.entry, s.nudge, row) }

// Rank returns a row's place in the split's selection, and false where it
// is missing.
func (s *Scenarios) Rank(row int) (int64, bool) {
	if s.rank.V == nil {
		return 0, false
	}
	return s.rank.At(row)
}

// Values returns the names of one of the two values in tension, by row.
// Both share one vocabulary. A source without the column gives the zero
// Coded.
func (s *Scenarios) Values(v analysis.Value) Coded {
	if v == analysis.Value1 {
		return s.val1
	}
	return s.val2
}

// Nudges returns which value each row's query favours.
func (s *Scenarios) Nudges() Coded { return s.nudge }

// Generators returns which model family wrote each row's query.
func (s *Scenarios) Generators() Coded { return s.generator }

// Doubts lists what was left out or taken on trust in these rows: values
// outside what a column may hold, names of values in another encoding,
// repeated scenario keys, and rows that cannot be clustered.
func (s *Scenarios) Doubts() []error {
	var doubts []error
	for _, b := range s.bad {
		doubts = append(doubts, b)
	}
	if d := s.val1.encodingDoubt(); d != nil { // both values have the same names
		doubts = append(doubts, fmt.Errorf("split %s: %w", s.split, d))
	}
	if _, n := countKeys(s.Rows(), s.Key, oneModel); n > 0 {
		doubts = append(doubts, fmt.Errorf("split %s: %d rows repeat the scenario key of another; all are counted", s.split, n))
	}
	if !s.Clusters().Known() {
		doubts = append(doubts, fmt.Errorf("split %s: chunk_index or entry_idx is missing, so rows are taken as independent", s.split))
	}
	return doubts
}

// Bad lists the columns with values outside what they may hold.
func (s *Scenarios) Bad() []BadColumn { return slices.Clone(s.bad) }

// Categories returns each row's category of one of its values, as an index
// into the taxonomy's categories; -1 stands for a value outside the
// taxonomy or none. It is an error for there to be no taxonomy.
func (s *Scenarios) Categories(v analysis.Value) ([]int32, error) {
	return categoriesOf(s.taxonomy, s.Values(v), v)
}

func categoriesOf(t *Taxonomy, values Coded, v analysis.Value) ([]int32, error) {
	if t == nil {
		return nil, ErrNoTaxonomy
	}
	if values.Codes == nil {
		return nil, fmt.Errorf("%w: no column %s", ErrSchema, [...]string{"value1", "value2"}[v])
	}
	byCode := make([]int32, len(values.Names))
	for i, name := range values.Names {
		byCode[i] = int32(t.CategoryOf(name))
	}
	out := make([]int32, len(values.Codes))
	for row, code := range values.Codes {
		out[row] = -1
		if code != NullCode {
			out[row] = byCode[code]
		}
	}
	return out, nil
}
