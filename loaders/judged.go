package loaders

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// Judged holds the verdicts of a source together with the columns that
// name their scenarios: a row per (scenario, model) response. It does not
// change after loading; Where makes another one.
type Judged struct {
	analysis.Verdicts
	dataset  *Dataset
	taxonomy *Taxonomy

	chunk, entry      Ints
	nudge, val1, val2 Coded
	std               []float64 // published disagreement; nil where absent
	bad               []BadColumn
	unrecognised      []BadColumn // verdict spellings, by judge column
	filter            []string
	origin            []int32 // by row: row as it is stored; nil for all
}

// Verdicts reads the verdicts of all bins. A bin comes from the split's
// name, else from the bin column, else from the published disagreement,
// else there is one bin named "all". A scenario is told by its key, else by
// bin and prompt. A verdict in a spelling that analysis.ParseVerdict does
// not know is missing and counted in Unrecognised.
//
// The error is ErrNoData where the source has no verdicts.
func (d *Dataset) Verdicts(ctx context.Context) (*Judged, error) {
	if d.pack != nil {
		return d.verdictsFromPack()
	}
	files := d.judgeFiles()
	if files == nil {
		return nil, fmt.Errorf("loaders: %s: %w with verdicts (config %s)", d.source, ErrNoData, ConfigJudges)
	}
	r, err := d.newReader(ConfigJudges, partsOf(files), judgeColumns)
	if err != nil {
		return nil, err
	}
	j := &Judged{dataset: d, taxonomy: d.taxonomy}
	for _, sc := range r.schemas {
		for _, name := range sc.judges() {
			if !slices.Contains(j.Judges, name) {
				j.Judges = append(j.Judges, name)
			}
		}
	}
	if len(j.Judges) == 0 {
		return nil, r.schemas[0].missing("<judge>" + decisionSuffix)
	}
	var model, binColumn, prompt Coded
	decisions := make([]Coded, len(j.Judges))
	wanted := []struct {
		name string
		to   *Coded
	}{{"model", &model}, {"bin_name", &binColumn}, {"nudge_direction", &j.nudge}, {"prompt", &prompt}}
	for i, name := range j.Judges {
		wanted = append(wanted, struct {
			name string
			to   *Coded
		}{name + decisionSuffix, &decisions[i]})
	}
	if err := r.ints("chunk_index", &j.chunk); err != nil {
		return nil, err
	}
	if err := r.ints("entry_idx", &j.entry); err != nil {
		return nil, err
	}
	if err := r.floats("max_pop_std_openai", &j.std); err != nil {
		return nil, err
	}
	for _, w := range wanted {
		// The prompt is a text column: only read where it must name the scenario.
		if w.name == "prompt" && j.chunk.V != nil && j.entry.V != nil && j.nudge.Codes != nil {
			continue
		}
		if err := r.coded(newInterner(), w.name, w.to); err != nil {
			return nil, err
		}
	}
	values := newInterner()
	if err := r.coded(values, "value1", &j.val1); err != nil {
		return nil, err
	}
	if err := r.coded(values, "value2", &j.val2); err != nil {
		return nil, err
	}
	if model.Codes == nil {
		return nil, r.schemas[0].missing("model")
	}
	if j.bad, err = r.run(ctx); err != nil {
		return nil, err
	}
	d.noteValues(j.val1, j.val2)
	j.setModels(model)
	j.setVerdicts(r, decisions)
	if err := j.setBins(r, binColumn); err != nil {
		return nil, err
	}
	if err := j.setScenarios(r, prompt); err != nil {
		return nil, err
	}
	j.Clusters = clusterIDs(j.chunk, j.entry, len(j.Model))
	return j, j.Check()
}

// judgeFiles are the files with verdicts, in reading order.
func (d *Dataset) judgeFiles() []*dataFile {
	var files []*dataFile
	for _, f := range d.files {
		if f.config == ConfigJudges {
			files = append(files, f)
		}
	}
	return files
}

// setModels turns the spellings of the model column into registry IDs. A
// row without a model becomes one of the model "missing".
func (j *Judged) setModels(column Coded) {
	ids := make([]string, len(column.Names))
	for i, n := range column.Names {
		ids[i] = analysis.LookupModel(n).ID
	}
	j.Models = slices.Clone(ids)
	if column.nulls() > 0 {
		j.Models = append(j.Models, "missing")
	}
	analysis.SortModels(j.Models)
	j.Models = slices.Compact(j.Models)
	j.Model = make([]int32, len(column.Codes))
	for row, code := range column.Codes {
		id := "missing"
		if code != NullCode {
			id = ids[code]
		}
		j.Model[row] = int32(slices.Index(j.Models, id))
	}
}

// setVerdicts reads the spellings of the decision columns.
func (j *Judged) setVerdicts(r *reader, decisions []Coded) {
	j.ByJudge = make([][]analysis.Verdict, len(decisions))
	for k, column := range decisions {
		byCode := make([]analysis.Verdict, len(column.Names))
		known := make([]bool, len(column.Names))
		for i, name := range column.Names {
			byCode[i], known[i] = analysis.ParseVerdict(name)
		}
		j.ByJudge[k] = make([]analysis.Verdict, len(column.Codes))
		for row, code := range column.Codes {
			if code == NullCode {
				continue
			}
			j.ByJudge[k][row] = byCode[code]
			if !known[code] && column.Names[code] != "" {
				j.noteUnrecognised(r, j.Judges[k]+decisionSuffix, row, column.Names[code])
			}
		}
	}
}

func (j *Judged) noteUnrecognised(r *reader, column string, row int, spelling string) {
	part := 0
	for part+1 < len(r.offset) && r.offset[part+1] <= row {
		part++
	}
	file := r.parts[part].File
	i := slices.IndexFunc(j.unrecognised, func(b BadColumn) bool { return b.File == file && b.Column == column })
	if i < 0 {
		i = len(j.unrecognised)
		j.unrecognised = append(j.unrecognised, BadColumn{File: file, Column: column})
	}
	j.unrecognised[i].Add(r.parts[part].first+row-r.offset[part], spelling)
}

// setBins puts every row into its disagreement bin.
func (j *Judged) setBins(r *reader, column Coded) error {
	names := make([]string, len(j.Model))
	for p, part := range r.parts {
		fromName := binOf(part.file.split)
		for row := r.offset[p]; row < r.offset[p]+part.Rows; row++ {
			switch {
			case fromName != "":
				names[row] = fromName
			case column.Codes != nil && column.Codes[row] != NullCode:
				text := column.Names[column.Codes[row]]
				if names[row] = binOf(text); names[row] == "" {
					names[row] = text
				}
			case j.std != nil:
				name, err := binOfStd(j.std[row])
				if err != nil {
					return fmt.Errorf("loaders: %s: row %d: max_pop_std_openai is %v, want 0..%v", part.File, part.first+row-r.offset[p], j.std[row], analysis.MaxScore/2.0)
				}
				names[row] = name
			default:
				names[row] = "all"
			}
		}
	}
	j.Bins = slices.Compact(slices.Sorted(slices.Values(names)))
	j.Bin = make([]int32, len(names))
	for row, name := range names {
		i, _ := slices.BinarySearch(j.Bins, name)
		j.Bin[row] = int32(i)
	}
	return nil
}

// binOfStd puts a published disagreement into one of the paper's bins. The
// column holds the rounded root of a fraction, so a value a rounding error
// below an edge is on it.
func binOfStd(std float64) (string, error) {
	const rounding = 1e-9
	edges := analysis.PaperBins()
	last := len(edges) - 1
	if math.IsNaN(std) || std < 0 || std > edges[last]+rounding {
		return "", ErrSchema
	}
	i := last - 1
	for i > 0 && std < edges[i]-rounding {
		i--
	}
	return analysis.BinName(edges[i], edges[i+1]), nil
}

// setScenarios numbers the scenarios in order of first appearance.
func (j *Judged) setScenarios(r *reader, prompt Coded) error {
	type id struct {
		key Key
		bin int32
		say string
	}
	byKey := j.chunk.V != nil && j.entry.V != nil && j.nudge.Codes != nil
	if !byKey && prompt.Codes == nil {
		return fmt.Errorf("%w (the scenario key needs chunk_index, entry_idx and nudge_direction; without them prompt)", r.schemas[0].missing("prompt"))
	}
	seen := map[id]int32{}
	j.Scenario = make([]int32, len(j.Model))
	for row := range j.Scenario {
		k := id{bin: j.Bin[row]}
		if key, ok := keyAt(j.chunk, j.entry, j.nudge, row); ok {
			k.key = key
		} else if prompt.Codes != nil && prompt.Codes[row] != NullCode {
			k.say = prompt.Names[prompt.Codes[row]]
		} else {
			// Nothing names it: a scenario of its own, so that it cannot
			// complete another one.
			k.say = fmt.Sprintf("\x00row %d", row)
		}
		n, ok := seen[k]
		if !ok {
			n = int32(len(seen))
			seen[k] = n
		}
		j.Scenario[row] = n
	}
	j.Scenarios = len(seen)
	return nil
}

// Rows is the number of responses.
func (j *Judged) Rows() int { return len(j.Model) }

// Key returns the scenario key of a row, and false where part of it is
// missing.
func (j *Judged) Key(row int) (Key, bool) { return keyAt(j.chunk, j.entry, j.nudge, row) }

// Disagreement returns the published disagreement of a row's scenario over
// the OpenAI models, and false where the source does not give it.
func (j *Judged) Disagreement(row int) (float64, bool) {
	if j.std == nil || math.IsNaN(j.std[row]) {
		return 0, false
	}
	return j.std[row], true
}

// Doubts lists what was left out or taken on trust in these rows: values
// outside what a column may hold, verdicts in unknown spellings, repeated
// responses, and rows that cannot be clustered.
func (j *Judged) Doubts() []error {
	var doubts []error
	for _, b := range slices.Concat(j.bad, j.unrecognised) {
		doubts = append(doubts, b)
	}
	if _, n := countKeys(j.Rows(), j.Key, func(row int) int32 { return j.Model[row] }); n > 0 {
		doubts = append(doubts, fmt.Errorf("verdicts: %d rows repeat the scenario key and model of another; equal ones count once, unequal ones leave the scenario out", n))
	}
	if !j.Clusters.Known() {
		doubts = append(doubts, fmt.Errorf("verdicts: chunk_index or entry_idx is missing, so rows are taken as independent"))
	}
	return doubts
}

// Bad lists the columns with values outside what they may hold.
func (j *Judged) Bad() []BadColumn { return slices.Clone(j.bad) }

// Unrecognised lists the decision columns with verdict spellings that are
// not known; they count as missing.
func (j *Judged) Unrecognised() []BadColumn { return slices.Clone(j.unrecognised) }

// Filter describes the conditions so far, for captions.
func (j *Judged) Filter() string { return strings.Join(j.filter, ", ") }

// Where returns the responses that meet all conditions, as
// Scenarios.Where does. A condition on models keeps their rows.
func (j *Judged) Where(conds ...Condition) (*Judged, error) {
	rows, models, err := choose(j, j.Rows(), conds)
	if err != nil {
		return nil, fmt.Errorf("loaders: verdicts: %w", err)
	}
	out := *j
	out.filter = slices.Clone(j.filter)
	for _, c := range conds {
		out.filter = append(out.filter, c.Name)
	}
	if models != nil {
		rows = slices.DeleteFunc(rows, func(row int32) bool { return !slices.Contains(models.Models, j.Models[j.Model[row]]) })
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("loaders: verdicts: none with %s: %w", strings.Join(out.filter, ", "), analysis.ErrTooFew)
	}
	if len(rows) == j.Rows() {
		return &out, nil
	}
	if j.origin == nil {
		out.origin = rows
	} else {
		out.origin = gather(j.origin, rows)
	}
	out.ByJudge = make([][]analysis.Verdict, len(j.ByJudge))
	for k := range j.ByJudge {
		out.ByJudge[k] = gather(j.ByJudge[k], rows)
	}
	out.Model, out.Bin, out.Scenario = gather(j.Model, rows), gather(j.Bin, rows), gather(j.Scenario, rows)
	out.chunk, out.entry, out.std = j.chunk.gather(rows), j.entry.gather(rows), gather(j.std, rows)
	out.nudge, out.val1, out.val2 = j.nudge.gather(rows), j.val1.gather(rows), j.val2.gather(rows)
	out.Models = present(j.Models, out.Model)
	if j.Clusters.Known() {
		out.Clusters = gatherClusters(j.Clusters, rows)
	} else {
		out.Clusters = clusterIDs(out.chunk, out.entry, len(rows))
	}
	return &out, nil
}

// ModelSet is the set over which compliance is taken: the paper's five
// OpenAI models where all of them were judged, else every model that was.
func (j *Judged) ModelSet() analysis.ModelSet {
	if containsAll(j.Models, analysis.OpenAIModels.Models) {
		return analysis.OpenAIModels
	}
	return analysis.ModelSet{Name: "all", Title: fmt.Sprintf("All %d judged models", len(j.Models)), Models: slices.Clone(j.Models)}
}

// present keeps the names that a column of codes uses and renumbers the
// column.
func present(names []string, codes []int32) []string {
	used := make([]bool, len(names))
	for _, c := range codes {
		used[c] = true
	}
	to := make([]int32, len(names))
	var kept []string
	for i, n := range names {
		to[i] = int32(len(kept))
		if used[i] {
			kept = append(kept, n)
		}
	}
	for row, c := range codes {
		codes[row] = to[c]
	}
	return kept
}

func (j *Judged) named(column string) (Coded, error) {
	c := map[string]Coded{"nudge_direction": j.nudge, "value1": j.val1, "value2": j.val2}[column]
	if c.Codes == nil {
		return c, fmt.Errorf("%w: no column %s in %s", ErrSchema, column, ConfigJudges)
	}
	return c, nil
}

func (j *Judged) categories(v analysis.Value) ([]int32, error) {
	return categoriesOf(j.taxonomy, [...]Coded{j.val1, j.val2}[v], v)
}

func (j *Judged) row(i int) Row {
	r := Row{Taxonomy: j.taxonomy, Value1: textAt(j.val1, i), Value2: textAt(j.val2, i)}
	r.Key, _ = j.Key(i)
	return r
}
