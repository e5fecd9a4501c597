package nb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/go-gota/gota/dataframe"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/analysis/figure"
	"github.com/specstress/specstress/loaders"
)

// sample is the source when none is named anywhere.
const sample = "sample"

// A Dataset is an open source. Everything of loaders.Dataset is there too.
type Dataset struct {
	*loaders.Dataset
	from reading
}

// Data opens a source: a folder, a file, a glob or "sample"; several names
// are files of one source. Without a name, or with an empty one, it is that
// of the environment variable SPECSTRESS_DATA, else the synthetic sample. A
// banner says which it was and whose numbers it holds.
//
// A source that cannot be opened ends the cell. It is never replaced by
// another one.
func Data(source ...string) *Dataset { return DataWith(loaders.Options{}, source...) }

// DataWith is Data for a source that needs to be told how to be read: with
// a column map, a config, a split or a taxonomy, as in
//
//	nb.DataWith(loaders.Options{Columns: map[string]string{"nudge_direction": "variant"}}, "mine.csv")
//
// Workers and Progress do not matter here.
func DataWith(opt loaders.Options, source ...string) *Dataset {
	sources := slices.DeleteFunc(slices.Clone(source), func(s string) bool { return s == "" })
	how := ""
	if len(sources) == 0 {
		fallback := os.Getenv("SPECSTRESS_DATA")
		sources, how = []string{cmp.Or(fallback, sample)}, chosen(fallback)
	}
	d := Must(openSource(context.Background(), newReading(sources, opt)))
	provenance, why := d.Provenance()
	note(d)
	showOnce(banner(d.Source(), provenance, why, how))
	for _, w := range d.Warnings() {
		showOnce(warning(w))
	}
	return d
}

// chosen says who chose the source of cells that name none. The command
// sets SPECSTRESS_DATA itself, and says on whose behalf in another variable
// together with the source, which a cell may have changed since.
func chosen(source string) string {
	by, of, _ := strings.Cut(os.Getenv("SPECSTRESS_DATA_BY"), " ")
	switch {
	case source == "" || of == source && by == "nobody":
		return "as no source was named"
	case of == source:
		return "from " + by
	}
	return "from SPECSTRESS_DATA"
}

// retry reads a table, and once more after packing anew where the packed
// one turned out to be damaged.
func retry[T any](d *Dataset, read func(*loaders.Dataset) (T, error)) T {
	ctx := context.Background()
	table, err := read(d.Dataset)
	if errors.Is(err, loaders.ErrNotPacked) {
		Must0(packSource(ctx, d.from))
		d.Dataset = Must(openSource(ctx, d.from)).Dataset
		table, err = read(d.Dataset)
	}
	return Must(table, err)
}

// Split reads all scenarios of a split, such as "all_models" or "complete".
// With an empty name it is "all_models", and of a source without one the
// only split that it has, which is said above the results. Values that had
// to be left out as missing are shown with their number.
//
// A split that is not there ends the cell. It is never replaced by another
// one.
func (d *Dataset) Split(name string) *Scenarios {
	if name == "" {
		name = Must(d.defaultSplit())
	}
	s := retry(d, func(in *loaders.Dataset) (*loaders.Scenarios, error) {
		s, err := in.Scenarios(context.Background(), name)
		return s, d.splitOrLack(err, name)
	})
	note(d)
	showDoubts(s.Bad())
	return &Scenarios{s, d}
}

// defaultSplit is the split that is meant when none is named.
func (d *Dataset) defaultSplit() (string, error) {
	usual := analysis.AllModels.Name
	all := d.allSplits()
	if slices.Contains(all, usual) {
		return usual, nil
	}
	switch len(all) {
	case 0:
		return "", lack{errors.New("no scenarios")}
	case 1:
		showOnce(noteBundle(plainNote, clean(fmt.Sprintf("Split: %s, the only one of this source.", all[0]))))
		return all[0], nil
	}
	return "", lack{fmt.Errorf("no split %s; name one of %s", usual, strings.Join(all, ", "))}
}

// allSplits lists the splits that Split reads.
func (d *Dataset) allSplits() []string {
	return append(d.Splits(loaders.ConfigDefault), d.Splits(loaders.ConfigComplete)...)
}

// Verdicts reads the verdicts of all judges.
func (d *Dataset) Verdicts() *Verdicts {
	j := retry(d, readVerdicts)
	note(d)
	showDoubts(slices.Concat(j.Bad(), j.Unrecognised()))
	return &Verdicts{j, d}
}

func readVerdicts(d *loaders.Dataset) (*loaders.Judged, error) {
	j, err := d.Verdicts(context.Background())
	if errors.Is(err, loaders.ErrNoData) {
		err = lack{fmt.Errorf("no verdicts of judges (config %s)", loaders.ConfigJudges)}
	}
	return j, err
}

// Scenarios are rows of one split. Everything of loaders.Scenarios is there
// too; the methods here are those that can fail, and end the cell then.
type Scenarios struct {
	*loaders.Scenarios
	dataset *Dataset
}

// Where keeps the scenarios that meet all conditions, as in
// Where(loaders.Nudge("neutral")).
func (s *Scenarios) Where(conds ...loaders.Condition) *Scenarios {
	kept, err := s.Scenarios.Where(conds...)
	return &Scenarios{Must(kept, whereOrLack(err, conds)), s.dataset}
}

// Positions returns the positions of the models of a set.
func (s *Scenarios) Positions(set analysis.ModelSet) *analysis.Positions {
	p, err := s.Scenarios.Positions(set)
	return Must(p, modelsOrLack(err, set.Models, s.Models()))
}

// AllPositions returns the positions of every model that is here.
func (s *Scenarios) AllPositions() *analysis.Positions { return Must(s.Scenarios.AllPositions()) }

// Categories returns each row's category of one of its values; see
// loaders.Scenarios.Categories.
func (s *Scenarios) Categories(v analysis.Value) []int32 {
	codes, err := s.Scenarios.Categories(v)
	return Must(codes, whereOrLack(err, nil))
}

// ValuePairs returns the two values of each scenario and which one its query
// favours; see loaders.Scenarios.ValuePairs. A source without names of values
// ends the notebook.
func (s *Scenarios) ValuePairs() analysis.ValuePairs {
	pairs, err := s.Scenarios.ValuePairs()
	return Must(pairs, whereOrLack(err, nil))
}

// DataFrame returns the scenarios as a gota frame; see
// loaders.Scenarios.DataFrame for its traps.
func (s *Scenarios) DataFrame(columns ...string) dataframe.DataFrame {
	return Must(s.Scenarios.DataFrame(columns...))
}

// Text reads a text column, such as "query" or "response_o3", for some
// rows. The command reads it, for cells link no decoder. The texts are
// untrusted and may be offensive.
func (s *Scenarios) Text(column string, rows ...int) []string {
	for _, row := range rows {
		if row < 0 || row >= s.Rows() {
			fail(fmt.Errorf("nb: split %s: row %d, want 0..%d", s.Split(), row, s.Rows()-1))
			return nil
		}
	}
	texts, err := s.dataset.texts(context.Background(), s.Scenarios, column, rows)
	return Must(texts, s.textOrLack(err, column))
}

// Origin says which data these are, for the options of a figure. Show adds
// it to a figure that lacks it, without the filter.
func (s *Scenarios) Origin() figure.Source {
	return figure.Source{Synthetic: s.dataset.synthetic(), Filter: s.Filter()}
}

// Verdicts are judges' verdicts. Everything of loaders.Judged is there too.
type Verdicts struct {
	*loaders.Judged
	dataset *Dataset
}

// Where keeps the responses that meet all conditions.
func (v *Verdicts) Where(conds ...loaders.Condition) *Verdicts {
	kept, err := v.Judged.Where(conds...)
	return &Verdicts{Must(kept, whereOrLack(err, conds)), v.dataset}
}

// Compliance is analysis.MeasureCompliance on these verdicts: by bin, how
// often the judges find that none, some or all models of a set break the
// spec.
func (v *Verdicts) Compliance(set analysis.ModelSet, rule analysis.Rule) []analysis.Compliance {
	bins, err := analysis.MeasureCompliance(v.Table(), set, rule)
	return Must(bins, modelsOrLack(err, set.Models, v.Models))
}

// Table is the verdicts as the statistics take them.
func (v *Verdicts) Table() *analysis.Verdicts { return &v.Judged.Verdicts }

// Origin says which data these are, for the options of a figure.
func (v *Verdicts) Origin() figure.Source {
	return figure.Source{Synthetic: v.dataset.synthetic(), Filter: v.Filter()}
}

// synthetic is what to call the data where they are made up, else "".
func (d *Dataset) synthetic() string {
	if p, _ := d.Provenance(); p == loaders.Synthetic {
		return p.String()
	}
	return ""
}

// banner says which source a cell reads.
func banner(source string, p loaders.Provenance, why, how string) bundle {
	text := fmt.Sprintf("Data: %s: %s (%s)", source, p, why)
	if p == loaders.Synthetic {
		text = fmt.Sprintf("SYNTHETIC SAMPLE. Simulated numbers, not a reproduction of the paper. Data: %s", source)
	}
	if how != "" {
		text += ", " + how
	}
	text = clean(strings.TrimSuffix(text, ".")) + "."
	if p == loaders.Synthetic {
		return noteBundle(syntheticNote, text)
	}
	return noteBundle(plainNote, text)
}

// warning is a doubt about the data.
func warning(err error) bundle { return noteBundle(doubtNote, "Warning: "+clean(err.Error())) }

// maxDoubts is how many columns a warning names.
const maxDoubts = 8

// showDoubts warns of values that were left out, in one note: a source may
// have hundreds of files, and every cell warns anew. Columns are counted over
// all files; the first value shows what they are.
func showDoubts(bad []loaders.BadColumn) {
	if len(bad) == 0 {
		return
	}
	if len(bad) == 1 {
		showOnce(warning(bad[0]))
		return
	}
	total, byColumn := 0, map[string]int{}
	var columns []string
	for _, b := range bad {
		if byColumn[b.Column] == 0 {
			columns = append(columns, b.Column)
		}
		byColumn[b.Column] += b.N
		total += b.N
	}
	var parts []string
	for _, c := range columns[:min(maxDoubts, len(columns))] {
		parts = append(parts, fmt.Sprintf("%s in %s", figure.Count(byColumn[c]), c))
	}
	if more := len(columns) - maxDoubts; more > 0 {
		parts = append(parts, fmt.Sprintf("the others in %d more columns", more))
	}
	showOnce(warning(fmt.Errorf("%s values left out as missing: %s; for instance %w", figure.Count(total), strings.Join(parts, ", "), bad[0])))
}
