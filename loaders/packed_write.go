package loaders

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/specstress/specstress/analysis"
)

// A packWriter appends sections to a packed file. Its first error stays.
type packWriter struct {
	out   *bufio.Writer
	at    int64
	sum   uint32 // of the table so far
	table *packTable
	err   error
}

// writePack writes the packed form of a dataset, table by table, so that
// only one is in memory.
func writePack(ctx context.Context, f *os.File, d *Dataset, id packIdentity) error {
	w := &packWriter{out: bufio.NewWriterSize(f, 1<<20)}
	w.write(make([]byte, packHeader))
	m := packManifest{Identity: id, BuiltIn: d.builtIn, Commit: d.commit}
	if d.commit != "" {
		m.Pinned = d.source
	}
	splits := append(d.Splits(ConfigDefault), d.Splits(ConfigComplete)...)
	for _, split := range splits {
		files, err := d.filesOf(split)
		if err != nil {
			return err
		}
		t := packTable{Config: files[0].config, Split: split}
		s, err := d.Scenarios(ctx, split)
		if err = t.settle(ctx, err); err != nil {
			return err
		}
		w.begin(&t)
		if t.Error == "" {
			w.scenarios(s)
		}
		m.Tables = append(m.Tables, t)
	}
	if len(d.Splits(ConfigJudges)) > 0 {
		t := packTable{Config: ConfigJudges, Split: ConfigJudges}
		j, err := d.Verdicts(ctx)
		if err = t.settle(ctx, err); err != nil {
			return err
		}
		w.begin(&t)
		if t.Error == "" {
			w.verdicts(j)
		}
		m.Tables = append(m.Tables, t)
	}
	if d.taxonomy != nil {
		m.Taxonomy = &packTaxonomy{File: d.taxonomy.file, Levels: d.taxonomy.levels}
		w.begin(&m.Taxonomy.Table)
		w.taxonomy(d.taxonomy)
	}
	if len(d.Splits(ConfigLabels)) > 0 {
		if err := w.labels(ctx, d, &m); err != nil {
			return err
		}
	}
	if err := m.describe(d); err != nil {
		return err
	}
	return w.finish(f, &m)
}

// settle keeps the error of a table that could not be read in its stead, so
// that the others can still be packed. What ended the work is returned.
func (t *packTable) settle(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	t.Error = err.Error()
	for kind, sentinel := range lastingErrors {
		if errors.Is(err, sentinel) {
			t.ErrorKind = kind
		}
	}
	return nil
}

// describe notes what Open found, and what reading all rows added.
func (m *packManifest) describe(d *Dataset) error {
	for _, f := range d.files {
		schema := slices.IndexFunc(m.Schemas, func(s []Column) bool { return slices.Equal(s, f.columns) })
		if schema < 0 {
			schema = len(m.Schemas)
			m.Schemas = append(m.Schemas, f.columns)
		}
		packed := packFile{Path: f.path, Name: f.name, Config: f.config, Split: f.split, Shard: f.shard, Shards: f.shards,
			Size: f.size, Schema: schema, Groups: f.groups, Origin: f.origin, Verified: f.verified}
		if f.remote != nil {
			packed.InRepo, packed.OID = f.remote.Path, f.remote.OID
		} else {
			var err error
			if packed.Path, err = filepath.Abs(f.path); err != nil {
				return fmt.Errorf("loaders: %w", err)
			}
		}
		m.Files = append(m.Files, packed)
	}
	for _, w := range d.warnings {
		m.Warnings = append(m.Warnings, w.Error())
	}
	if note := d.seen.Load(); note != nil {
		m.Seen = *note
	}
	return nil
}

func (w *packWriter) scenarios(s *Scenarios) {
	t := w.table
	t.Rows, t.Models, t.Bad = s.Rows(), s.models, s.bad
	for i, m := range s.models {
		for v, suffix := range []string{value1Suffix, value2Suffix} {
			b := make([]byte, t.Rows)
			for row, p := range s.positions[i][v] {
				if score, ok := p.Score(); ok {
					b[row] = byte(score) + 1
				}
			}
			w.section(m+suffix, b)
		}
	}
	columns := s.intColumns()
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		w.ints(name, *columns[name])
	}
	w.codedColumns(s.codedColumns(), s.val1, s.val2)
	w.clusters(s.Clusters())
}

func (w *packWriter) verdicts(j *Judged) {
	t := w.table
	t.Rows, t.Models, t.Judges, t.Bins, t.Scenarios = j.Rows(), j.Models, j.Judges, j.Bins, j.Scenarios
	t.Bad, t.Unrecognised = j.bad, j.unrecognised
	for i, judge := range j.Judges {
		b := make([]byte, t.Rows)
		for row, v := range j.ByJudge[i] {
			b[row] = byte(v)
		}
		w.section(judge+decisionSuffix, b)
	}
	w.numbers("model", j.Model)
	w.numbers("bin", j.Bin)
	w.numbers("scenario", j.Scenario)
	w.ints("chunk_index", j.chunk)
	w.ints("entry_idx", j.entry)
	if j.std != nil {
		w.numbers("max_pop_std_openai", j.std)
	}
	w.codedColumns(map[string]*Coded{"nudge_direction": &j.nudge}, j.val1, j.val2)
	w.clusters(j.Clusters)
}

// labels writes what label files say, a table for each labelling.
func (w *packWriter) labels(ctx context.Context, d *Dataset, m *packManifest) error {
	all, err := d.allLabels(ctx)
	var failed packTable
	if err = failed.settle(ctx, err); err != nil {
		return err
	}
	m.Labels = &packLabels{Error: failed.Error, ErrorKind: failed.ErrorKind}
	if failed.Error != "" {
		return nil
	}
	m.Labels.Bad = all.Bad
	for _, l := range all.Labellings {
		p := packLabelling{Scheme: l.LabelScheme, Labeller: l.Labeller, From: l.From, To: l.To, Models: l.Models,
			Repeated: l.Repeated, Conflicting: l.Conflicting, Unlabelled: l.Unlabelled}
		p.Table.Config, p.Table.Split, p.Table.Rows = ConfigLabels, l.Name, l.keys.len()
		w.begin(&p.Table)
		w.numbers("chunk_index", l.keys.chunk)
		w.numbers("entry_idx", l.keys.entry)
		w.numbers("nudge_direction", l.keys.nudge)
		w.names("nudge_direction.names", l.keys.nudges)
		for i, column := range l.columns {
			bits := make([]int64, len(column))
			for row, s := range column {
				if b, ok := s.Bits(); ok {
					bits[row] = int64(b | seenLabel)
				}
			}
			w.numbers(labelSection(i), bits)
		}
		m.Labels.Labellings = append(m.Labels.Labellings, p)
	}
	return nil
}

// labelSection is the section of a model's labels.
func labelSection(model int) string { return fmt.Sprintf("labels.%d", model) }

func (w *packWriter) taxonomy(t *Taxonomy) {
	names := slices.Sorted(maps.Keys(t.category))
	category := make([]int32, len(names))
	for i, n := range names {
		category[i] = int32(t.category[n])
	}
	w.names("names", names)
	w.numbers("category", category)
}

func (w *packWriter) codedColumns(own map[string]*Coded, val1, val2 Coded) {
	for _, name := range slices.Sorted(maps.Keys(own)) {
		if c := own[name]; c.Codes != nil {
			w.numbers(name, c.Codes)
			w.names(name+".names", c.Names)
		}
	}
	shared := val1.Names
	if val1.Codes == nil {
		shared = val2.Names
	}
	for i, c := range []Coded{val1, val2} {
		if c.Codes != nil {
			w.numbers([...]string{"value1", "value2"}[i], c.Codes)
		}
	}
	w.names("values.names", shared)
}

func (w *packWriter) ints(name string, c Ints) {
	if c.V == nil {
		return
	}
	w.numbers(name, c.V)
	if c.Valid != nil {
		w.numbers(name+".valid", c.Valid)
	}
}

func (w *packWriter) clusters(c analysis.Clusters) {
	if c.Known() {
		w.table.Clusters = c.N
		w.numbers("clusters", c.ID)
	}
}

// names writes how many there are, where each ends, and their bytes.
func (w *packWriter) names(section string, names []string) {
	b := binary.LittleEndian.AppendUint32(nil, uint32(len(names)))
	end := 0
	for _, n := range names {
		end += len(n)
		b = binary.LittleEndian.AppendUint32(b, uint32(end))
	}
	if uint64(end) > math.MaxUint32 && w.err == nil {
		w.err = fmt.Errorf("loaders: pack: section %s has %d bytes of names, want at most %d", section, end, uint32(math.MaxUint32))
		return
	}
	for _, n := range names {
		b = append(b, n...)
	}
	w.section(section, b)
}

// numbers writes a column of numbers or truth values of fixed size.
func (w *packWriter) numbers(section string, column any) {
	b, err := binary.Append(nil, binary.LittleEndian, column)
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("loaders: pack: section %s: %w", section, err)
	}
	w.section(section, b)
}

// begin starts a table.
func (w *packWriter) begin(t *packTable) {
	w.pad()
	w.table, w.sum = t, 0
	t.Offset, t.End = w.at, w.at
}

func (w *packWriter) section(name string, b []byte) {
	w.pad()
	w.table.Sections = append(w.table.Sections, packSection{name, w.at, int64(len(b))})
	w.write(b)
	w.table.End, w.table.Sum = w.at, w.sum
}

func (w *packWriter) pad() {
	w.write(make([]byte, -w.at&(packAlign-1)))
}

func (w *packWriter) write(b []byte) {
	if w.err != nil {
		return
	}
	_, w.err = w.out.Write(b)
	w.at += int64(len(b))
	w.sum = crc32.Update(w.sum, castagnoli, b)
}

func (w *packWriter) finish(f *os.File, m *packManifest) error {
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("loaders: pack: %w", err)
	}
	at := w.at
	w.write(text)
	if w.err == nil {
		w.err = w.out.Flush()
	}
	if w.err != nil {
		return fmt.Errorf("loaders: pack: %w", w.err)
	}
	if _, err := f.WriteAt(header(uint64(w.at), uint64(at), text), 0); err != nil {
		return fmt.Errorf("loaders: pack: %w", err)
	}
	_, err = f.Seek(0, io.SeekEnd)
	return err
}
