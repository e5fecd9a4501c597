package loaders

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// Bounds of what label files may hold, far beyond what people label: a
// table of models by scenarios is kept whole.
const (
	maxLabelModels = 1_000
	maxLabelCells  = 1 << 26
	maxLabellings  = 1_000
)

// Labels reads the label files of the source: those in a folder labels, and
// those of Options.Labels. docs/labels.md describes them; the reasons that
// they may hold are not read. Of Options.Labellers, where there are any,
// only those are kept.
//
// Rows that say the same of a response count once. Where rows contradict
// each other, by two labels of an exclusive set or by a label beside none,
// the response counts as not labelled. Both are counted in the labelling;
// rows that cannot be used at all are counted in Bad.
//
// The error wraps ErrNoLabels where there is no label, and ErrSchema, with
// the file's name, where a file lacks a column.
func (d *Dataset) Labels(ctx context.Context) (*LabelTable, error) {
	t, err := d.allLabels(ctx)
	if err != nil || len(d.opt.Labellers) == 0 {
		return t, err
	}
	kept := &LabelTable{Bad: t.Bad}
	var names []string
	for _, l := range t.Labellings {
		names = append(names, l.Labeller)
		if slices.ContainsFunc(d.opt.Labellers, l.is) {
			kept.Labellings = append(kept.Labellings, l)
		}
	}
	for _, want := range d.opt.Labellers {
		if !slices.ContainsFunc(t.Labellings, func(l *Labelling) bool { return l.is(want) }) {
			return nil, fmt.Errorf("loaders: %w", analysis.UnknownName("labeller", want, slices.Compact(names)))
		}
	}
	return kept, nil
}

func (d *Dataset) allLabels(ctx context.Context) (*LabelTable, error) {
	if d.pack != nil {
		return d.labelsFromPack()
	}
	var files []*dataFile
	for _, f := range d.files {
		if f.config == ConfigLabels {
			files = append(files, f)
		}
	}
	r, err := d.newReader(ConfigLabels, partsOf(files), labelColumns)
	if errors.Is(err, analysis.ErrTooFew) {
		return nil, absentLabels(d.source)
	}
	if err != nil {
		return nil, err
	}
	b := labelBuilder{reader: r, schemes: slices.Concat(analysis.PaperSchemes(), d.labelSets)}
	for _, c := range []struct {
		name string
		to   *Ints
	}{{"chunk_index", &b.chunk}, {"entry_idx", &b.entry}} {
		if err := r.ints(c.name, c.to); err != nil {
			return nil, err
		}
	}
	for _, c := range []struct {
		name string
		to   *Coded
	}{{"nudge_direction", &b.nudge}, {"model", &b.model}, {"label_set", &b.set}, {"label", &b.label},
		{"labeller", &b.labeller}, {"prompt_version", &b.version}, {"date", &b.date}} {
		if err := r.coded(newInterner(), c.name, c.to); err != nil {
			return nil, err
		}
	}
	for i, sc := range r.schemas {
		for _, name := range []string{"chunk_index", "entry_idx", "nudge_direction", "label_set", "label"} {
			if _, ok, err := sc.find(name); err != nil || !ok {
				return nil, errors.Join(err, r.schemas[i].missing(name))
			}
		}
	}
	if b.bad, err = r.run(ctx); err != nil {
		return nil, err
	}
	return b.build(ctx)
}

func absentLabels(source string) error {
	return fmt.Errorf("loaders: %s: %w (in a folder labels, or named): none were published; docs/labels.md says how to make them", source, ErrNoLabels)
}

// A labelBuilder turns rows into labellings.
type labelBuilder struct {
	reader  *reader
	schemes []analysis.LabelScheme
	bad     []BadColumn

	chunk, entry             Ints
	nudge, model, set, label Coded
	labeller, version, date  Coded
	modelIDs                 []string // by code
}

// A labelGroup is a labelling in the making.
type labelGroup struct {
	labelling *Labelling
	declared  bool
	place     []int // by label code: its number, or one of the below
	number    map[[3]int64]int32
	last      [3]int64
	lastKey   int32
	keys      [][3]int64 // in order of appearance
	model     []int32    // by model code: column + 1
	cells     [][]uint64 // [column][key]: bits, and seen
	conflict  map[[2]int32]bool
}

// Codes of labels that are no label of the set.
const (
	unknownLabel = -1
	emptyLabel   = -2
)

const seenLabel = 1 << analysis.MaxLabels

func textOf(c Coded, row int) string {
	if c.Codes == nil || c.Codes[row] == NullCode {
		return ""
	}
	return c.Names[c.Codes[row]]
}

func codeOf(c Coded, row int) int32 {
	if c.Codes == nil {
		return NullCode
	}
	return c.Codes[row]
}

func (b *labelBuilder) build(ctx context.Context) (*LabelTable, error) {
	for _, n := range b.model.Names {
		b.modelIDs = append(b.modelIDs, analysis.LookupModel(strings.TrimSpace(n)).ID)
	}
	groups, of, err := b.groups()
	if err != nil {
		return nil, err
	}
	for row, g := range of {
		if row%65536 == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if g != nil {
			if err := b.enter(g, row); err != nil {
				return nil, err
			}
		}
	}
	t := &LabelTable{Bad: b.bad}
	for _, g := range groups {
		if len(g.keys) > 0 {
			t.Labellings = append(t.Labellings, b.finish(g))
		}
	}
	if t.Labellings == nil {
		return nil, fmt.Errorf("loaders: %s: %w in %d rows that could be used%s", b.reader.dataset.source, ErrNoLabels, len(of), firstOf(b.bad))
	}
	slices.SortFunc(t.Labellings, func(x, y *Labelling) int {
		return cmp.Or(strings.Compare(x.Name, y.Name), strings.Compare(x.Labeller, y.Labeller))
	})
	slices.SortStableFunc(t.Bad, func(x, y BadColumn) int {
		return cmp.Or(strings.Compare(x.File, y.File), strings.Compare(x.Column, y.Column))
	})
	return t, nil
}

// firstOf tells the first thing that was wrong.
func firstOf(bad []BadColumn) string {
	if len(bad) == 0 {
		return ""
	}
	return ": " + bad[0].Error()
}

// groups finds the labelling of each row; nil for rows that cannot be used.
func (b *labelBuilder) groups() (groups []*labelGroup, of []*labelGroup, err error) {
	type id struct{ set, labeller, version int32 }
	byID := map[id]*labelGroup{}
	byName := map[[2]string]*labelGroup{}
	of = make([]*labelGroup, len(b.set.Codes))
	var last id
	var group *labelGroup
	for row := range of {
		now := id{b.set.Codes[row], codeOf(b.labeller, row), codeOf(b.version, row)}
		if group == nil || now != last {
			set := strings.TrimSpace(textOf(b.set, row))
			if set == "" {
				b.leaveOut("label_set", row, "nothing")
				continue
			}
			last, group = now, byID[now]
			if group == nil {
				name := strings.TrimSpace(textOf(b.labeller, row))
				if name == "" {
					name = "unnamed"
				}
				if v := strings.TrimSpace(textOf(b.version, row)); v != "" {
					name += "@" + v
				}
				scheme, declared := b.scheme(set)
				named := [2]string{scheme.Name, name}
				if group = byName[named]; group == nil {
					if len(groups) == maxLabellings {
						return nil, nil, fmt.Errorf("loaders: %s: more than %d labellers and label sets", b.fileOf(row), maxLabellings)
					}
					group = b.newGroup(scheme, declared, name)
					byName[named] = group
					groups = append(groups, group)
				}
				byID[now] = group
			}
		}
		of[row] = group
		if !group.declared {
			if code := b.label.Codes[row]; code != NullCode && group.place[code] == unknownLabel {
				group.place[code] = 0 // occurs
			}
			if text := textOf(b.model, row); text != "" {
				group.labelling.PerScenario = false
			}
		}
	}
	for _, g := range groups {
		if !g.declared {
			if err := b.declare(g); err != nil {
				return nil, nil, err
			}
		}
	}
	return groups, of, nil
}

func (b *labelBuilder) scheme(set string) (analysis.LabelScheme, bool) {
	for _, s := range b.schemes {
		if strings.EqualFold(s.Name, set) {
			return s, true
		}
	}
	return analysis.LabelScheme{Name: set}, false
}

func (b *labelBuilder) newGroup(scheme analysis.LabelScheme, declared bool, name string) *labelGroup {
	g := &labelGroup{labelling: &Labelling{LabelScheme: scheme, Labeller: name}, declared: declared,
		number: map[[3]int64]int32{}, conflict: map[[2]int32]bool{}, lastKey: -1,
		place: make([]int, len(b.label.Names)), model: make([]int32, len(b.model.Names)+1)}
	if !declared {
		g.labelling.PerScenario = true // until a model is named
	}
	for code, n := range b.label.Names {
		g.place[code] = unknownLabel
		if strings.TrimSpace(n) == "" {
			g.place[code] = emptyLabel
		} else if i, ok := scheme.Find(n); ok {
			g.place[code] = i
		}
	}
	return g
}

// declare takes the labels of a set that nobody declared from the files, in
// alphabetical order; the names of codes ascend.
func (b *labelBuilder) declare(g *labelGroup) error {
	for code, place := range g.place {
		if place != 0 {
			continue
		}
		g.place[code] = len(g.labelling.LabelScheme.Labels)
		g.labelling.LabelScheme.Labels = append(g.labelling.LabelScheme.Labels, b.label.Names[code])
	}
	if n := len(g.labelling.LabelScheme.Labels); n > analysis.MaxLabels {
		return fmt.Errorf("loaders: %s: label set %q has %d labels, want at most %d; declare them in %s",
			b.reader.files[0].name, g.labelling.Name, n, analysis.MaxLabels, labelSetsFile)
	}
	return nil
}

// enter adds one row to its labelling.
func (b *labelBuilder) enter(g *labelGroup, row int) error {
	l := g.labelling
	chunk, ok1 := b.chunk.At(row)
	entry, ok2 := b.entry.At(row)
	nudge := b.nudge.Codes[row]
	if !ok1 || !ok2 || nudge == NullCode || b.nudge.Names[nudge] == "" {
		b.leaveOut("scenario key", row, "incomplete")
		return nil
	}
	model := codeOf(b.model, row)
	named := model != NullCode && b.modelIDs[model] != ""
	if named == l.PerScenario {
		if named {
			b.leaveOut("model", row, b.model.Names[model])
		} else {
			b.leaveOut("model", row, "nothing")
		}
		return nil
	}
	place := emptyLabel
	if code := b.label.Codes[row]; code != NullCode {
		place = g.place[code]
	}
	switch {
	case place == unknownLabel:
		b.leaveOut("label", row, b.label.Names[b.label.Codes[row]])
		return nil
	case place == emptyLabel && l.Exclusive:
		l.Unlabelled++
		return nil
	}
	if date := textOf(b.date, row); date != "" {
		if len(date) < 10 || !isDate(date[:10]) {
			b.leaveOut("date", row, date) // the date alone, not the row
		} else {
			if l.From == "" || date[:10] < l.From {
				l.From = date[:10]
			}
			l.To = max(l.To, date[:10])
		}
	}
	key := g.key([3]int64{chunk, entry, int64(nudge)})
	column, err := b.column(g, model, row)
	if err != nil {
		return err
	}
	g.cells[column] = grown(g.cells[column], len(g.keys))
	cell := &g.cells[column][key]
	bits := uint64(0)
	if place >= 0 {
		bits = 1 << place
	}
	had := *cell &^ seenLabel
	switch {
	case *cell == 0:
	case place >= 0 && had&bits != 0 || place == emptyLabel && had == 0:
		l.Repeated++
	case l.Exclusive || place == emptyLabel || had == 0:
		g.conflict[[2]int32{int32(column), key}] = true
	}
	*cell |= bits | seenLabel
	return nil
}

// grown is a column with at least n cells.
func grown(column []uint64, n int) []uint64 {
	if len(column) >= n {
		return column
	}
	return append(column, make([]uint64, n-len(column))...)
}

// key numbers a scenario. Rows of one mostly stand together.
func (g *labelGroup) key(k [3]int64) int32 {
	if g.lastKey >= 0 && k == g.last {
		return g.lastKey
	}
	n, ok := g.number[k]
	if !ok {
		n = int32(len(g.keys))
		g.number[k] = n
		g.keys = append(g.keys, k)
	}
	g.last, g.lastKey = k, n
	return n
}

// column finds the column of a model.
func (b *labelBuilder) column(g *labelGroup, code int32, row int) (int, error) {
	if cells := len(g.keys) * max(len(g.cells), 1); cells > maxLabelCells {
		return 0, fmt.Errorf("loaders: %s: row %d: labels of %d scenarios and %d models, want at most %d of both together",
			b.fileOf(row), b.rowOf(row), len(g.keys), len(g.cells), maxLabelCells)
	}
	if g.labelling.PerScenario {
		if len(g.cells) == 0 {
			g.cells = append(g.cells, nil)
		}
		return 0, nil
	}
	if c := g.model[code]; c > 0 {
		return int(c - 1), nil
	}
	id := b.modelIDs[code] // another spelling may have come before
	c := slices.Index(g.labelling.Models, id)
	if c < 0 {
		if len(g.labelling.Models) == maxLabelModels {
			return 0, fmt.Errorf("loaders: %s: row %d: more than %d models", b.fileOf(row), b.rowOf(row), maxLabelModels)
		}
		c = len(g.labelling.Models)
		g.labelling.Models = append(g.labelling.Models, id)
		g.cells = append(g.cells, nil)
	}
	g.model[code] = int32(c + 1)
	return c, nil
}

// finish puts keys and models in order.
func (b *labelBuilder) finish(g *labelGroup) *Labelling {
	l := g.labelling
	l.Conflicting = len(g.conflict)
	for cell := range g.conflict {
		g.cells[cell[0]][cell[1]] = 0
	}
	order := make([]int32, len(g.keys))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(x, y int32) int { // the names of nudges ascend
		return slices.Compare(g.keys[x][:], g.keys[y][:])
	})
	l.keys.nudges = b.nudge.Names
	for _, i := range order {
		k := g.keys[i]
		l.keys.chunk, l.keys.entry = append(l.keys.chunk, k[0]), append(l.keys.entry, k[1])
		l.keys.nudge = append(l.keys.nudge, int32(k[2]))
	}
	models := slices.Clone(l.Models)
	analysis.SortModels(models)
	if l.PerScenario {
		l.columns = [][]analysis.LabelSet{inOrder(g.cells[0], order)}
	}
	for _, m := range models {
		l.columns = append(l.columns, inOrder(g.cells[slices.Index(l.Models, m)], order))
	}
	l.Models = models
	return l
}

func inOrder(cells []uint64, order []int32) []analysis.LabelSet {
	cells = grown(cells, len(order))
	out := make([]analysis.LabelSet, len(order))
	for i, k := range order {
		if bits := cells[k]; bits != 0 {
			out[i], _ = analysis.LabelSetOf(bits &^ seenLabel) // bits of at most MaxLabels labels
		}
	}
	return out
}

func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.Chunk, b.Chunk), cmp.Compare(a.Entry, b.Entry), strings.Compare(a.Nudge, b.Nudge))
}

// isDate reports whether a text looks like 2026-01-31.
func isDate(s string) bool {
	for i, c := range []byte(s) {
		if dash := i == 4 || i == 7; dash != (c == '-') || !dash && (c < '0' || c > '9') {
			return false
		}
	}
	return len(s) == 10
}

// leaveOut counts a row, or its date, that cannot be used.
func (b *labelBuilder) leaveOut(column string, row int, value string) {
	const most = 80 // characters of what may be a whole response by mistake
	if r := []rune(value); len(r) > most {
		value = string(r[:most]) + "…"
	}
	file := b.fileOf(row)
	i := slices.IndexFunc(b.bad, func(c BadColumn) bool { return c.File == file && c.Column == column })
	if i < 0 {
		i = len(b.bad)
		b.bad = append(b.bad, BadColumn{File: file, Column: column})
	}
	b.bad[i].Add(b.rowOf(row), value)
}

// part is the row group in which a row lies.
func (b *labelBuilder) part(row int) int {
	i, found := slices.BinarySearch(b.reader.offset, row)
	if !found {
		return i - 1
	}
	for i+1 < len(b.reader.offset) && b.reader.offset[i+1] == row {
		i++ // an empty row group lies before
	}
	return i
}

func (b *labelBuilder) fileOf(row int) string { return b.reader.parts[b.part(row)].File }

// rowOf is a row's number in its file.
func (b *labelBuilder) rowOf(row int) int {
	p := b.part(row)
	return b.reader.parts[p].first + row - b.reader.offset[p]
}
