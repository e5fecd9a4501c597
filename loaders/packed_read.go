package loaders

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"sync"

	"github.com/specstress/specstress/analysis"
)

// A packReader takes columns from one table of a pack. Its errors name the
// section.
type packReader struct {
	pack  *pack
	table *packTable
	rows  int
}

// readTable reads columns of a table while another goroutine checks the
// table's sum, which takes as long: each column has checks of its own, so
// that damage may be read, but not returned. A wrong sum is told in place of
// what else was found, for it is the cause.
func readTable[T any](p *pack, t *packTable, columns func(*packReader) (T, error)) (table T, err error) {
	var none T
	if t.Offset < 0 || t.End < t.Offset {
		return none, fmt.Errorf("%w: table %s lies at %d to %d", ErrNotPacked, t.Split, t.Offset, t.End)
	}
	data, err := cut(p.data, uint64(t.Offset), uint64(t.End-t.Offset))
	if err != nil {
		return none, fmt.Errorf("%w: table %s: %w", ErrNotPacked, t.Split, err)
	}
	sum := make(chan uint32, 1)
	go func() { sum <- crc32.Checksum(data, castagnoli) }()
	table, err = columns(&packReader{p, t, t.Rows})
	if <-sum != t.Sum && !p.trusted {
		return none, fmt.Errorf("%w: the packed file is damaged: checksum of table %s differs", ErrNotPacked, t.Split)
	}
	if err != nil {
		return none, err
	}
	return table, nil
}

// section returns the bytes of a section, nil where there is none: a column
// that the source lacks.
func (r *packReader) section(name string) ([]byte, error) {
	i := slices.IndexFunc(r.table.Sections, func(s packSection) bool { return s.Name == name })
	if i < 0 {
		return nil, nil
	}
	s := r.table.Sections[i]
	if s.Offset < r.table.Offset || s.Bytes < 0 || s.Offset > r.table.End || s.Bytes > r.table.End-s.Offset {
		return nil, r.damaged(name, fmt.Errorf("it lies outside its table"))
	}
	return r.pack.data[s.Offset : s.Offset+s.Bytes : s.Offset+s.Bytes], nil
}

func (r *packReader) damaged(section string, err error) error {
	return fmt.Errorf("%w: the packed file is damaged: table %s: section %s: %w", ErrNotPacked, r.table.Split, section, err)
}

// bytesOf reads a column of one byte per row.
func bytesOf[T oneByte](r *packReader, name string, limit byte) ([]T, error) {
	b, err := r.section(name)
	if b == nil || err != nil {
		return nil, err
	}
	if len(b) != r.rows {
		return nil, r.damaged(name, fmt.Errorf("%d rows, want %d", len(b), r.rows))
	}
	column, err := bytesAs[T](b, limit)
	if err != nil {
		return nil, r.damaged(name, err)
	}
	return column, nil
}

// wideOf reads a column of numbers.
func wideOf[T wide](r *packReader, name string) ([]T, error) {
	b, err := r.section(name)
	if b == nil || err != nil {
		return nil, err
	}
	column, err := wideAs[T](b)
	if err == nil && len(column) != r.rows {
		err = fmt.Errorf("%d rows, want %d", len(column), r.rows)
	}
	if err != nil {
		return nil, r.damaged(name, err)
	}
	return column, nil
}

// codes reads a column of codes least <= code < limit.
func (r *packReader) codes(name string, least, limit int) ([]int32, error) {
	column, err := wideOf[int32](r, name)
	if err != nil {
		return nil, err
	}
	// One comparison per row: what is below least wraps around.
	span := uint32(limit - least)
	for row, c := range column {
		if uint32(c-int32(least)) >= span {
			return nil, r.damaged(name, fmt.Errorf("row %d is %d, want %d..%d", row, c, least, limit-1))
		}
	}
	return column, nil
}

// names reads a list of ascending texts: how many, where each ends, bytes.
func (r *packReader) names(section string) ([]string, error) {
	b, err := r.section(section)
	if b == nil || err != nil {
		return nil, err
	}
	if len(b) < 4 {
		return nil, r.damaged(section, errors.New("it is cut short"))
	}
	n := binary.LittleEndian.Uint32(b)
	if uint64(n)*4 > uint64(len(b)-4) {
		return nil, r.damaged(section, fmt.Errorf("%d names in %d bytes", n, len(b)))
	}
	ends, text := b[4:4+4*n], string(b[4+4*n:])
	if n == 0 {
		return nil, nil
	}
	names := make([]string, n)
	start := uint32(0)
	for i := range names {
		end := binary.LittleEndian.Uint32(ends[4*i:])
		if end < start || uint64(end) > uint64(len(text)) {
			return nil, r.damaged(section, fmt.Errorf("name %d ends at %d, want %d..%d", i, end, start, len(text)))
		}
		names[i], start = text[start:end], end
		if i > 0 && names[i] <= names[i-1] {
			return nil, r.damaged(section, fmt.Errorf("name %d does not follow the one before", i))
		}
	}
	return names, nil
}

// coded reads a text column whose names are a section of their own.
func (r *packReader) coded(name string, names []string) (Coded, error) {
	codes, err := r.codes(name, int(NullCode), len(names))
	if codes == nil || err != nil {
		return Coded{}, err
	}
	return Coded{codes, names}, nil
}

func (r *packReader) ints(name string) (c Ints, err error) {
	if c.V, err = wideOf[int64](r, name); err != nil {
		return c, err
	}
	c.Valid, err = bytesOf[bool](r, name+".valid", 1)
	if c.V == nil && c.Valid != nil {
		return c, r.damaged(name, errors.New("it is missing"))
	}
	return c, err
}

func (r *packReader) clusters() (analysis.Clusters, error) {
	ids, err := r.codes("clusters", 0, r.table.Clusters)
	if ids == nil || err != nil {
		return analysis.Clusters{}, err
	}
	return analysis.Clusters{ID: ids, N: r.table.Clusters}, nil
}

// find finds the table of a split.
func (p *pack) find(config, split string) (*packTable, error) {
	for i := range p.manifest.Tables {
		t := &p.manifest.Tables[i]
		if t.Split != split || (t.Config == ConfigJudges) != (config == ConfigJudges) {
			continue
		}
		if t.Error != "" {
			return nil, storedError(t)
		}
		if t.Rows <= 0 {
			return nil, fmt.Errorf("%w: table %s has %d rows", ErrNotPacked, split, t.Rows)
		}
		if t.Clusters < 0 || t.Clusters > t.Rows {
			return nil, fmt.Errorf("%w: table %s has %d rows in %d clusters", ErrNotPacked, split, t.Rows, t.Clusters)
		}
		return t, nil
	}
	return nil, errNoTable
}

// lastingErrors are those that stay as they are until the source changes.
var lastingErrors = map[string]error{"schema": ErrSchema, "too few": analysis.ErrTooFew, "no labels": ErrNoLabels}

// storedError is what reading the table from the source said. Unless it is
// bound to stay, packing again is worth a try.
func storedError(t *packTable) error {
	if sentinel := lastingErrors[t.ErrorKind]; sentinel != nil {
		return sourceError{t.Error, sentinel}
	}
	return fmt.Errorf("%w: it could not be read: %s", ErrNotPacked, t.Error)
}

type sourceError struct {
	text string
	is   error
}

func (e sourceError) Error() string { return e.text }
func (e sourceError) Unwrap() error { return e.is }

func (p *pack) scenarios(split string) (*Scenarios, error) {
	t, err := p.find(ConfigDefault, split)
	if err != nil {
		return nil, err
	}
	return readTable(p, t, (*packReader).scenarios)
}

func (r *packReader) scenarios() (s *Scenarios, err error) {
	s = &Scenarios{split: r.table.Split, models: r.table.Models, bad: r.table.Bad}
	if len(s.models) == 0 {
		return nil, r.damaged("models", errors.New("there are none"))
	}
	s.positions = make([][2][]analysis.Position, len(s.models))
	for i, m := range s.models {
		for v, suffix := range []string{value1Suffix, value2Suffix} {
			name := m + suffix
			if s.positions[i][v], err = bytesOf[analysis.Position](r, name, analysis.MaxScore+1); err != nil {
				return nil, err
			}
			if s.positions[i][v] == nil {
				return nil, r.damaged(name, errors.New("it is missing"))
			}
		}
	}
	for name, to := range s.intColumns() {
		if *to, err = r.ints(name); err != nil {
			return nil, err
		}
	}
	if err := r.codedColumns(s.codedColumns(), &s.val1, &s.val2); err != nil {
		return nil, err
	}
	clusters, err := r.clusters()
	if err != nil {
		return nil, err
	}
	s.clusters = func() analysis.Clusters { return clusters }
	if clusters.ID == nil {
		s.clusters = sync.OnceValue(func() analysis.Clusters { return clusterIDs(s.chunk, s.entry, s.Rows()) })
	}
	return s, nil
}

// codedColumns reads the text columns of a table: those with names of their
// own, and the two values, which share theirs.
func (r *packReader) codedColumns(own map[string]*Coded, val1, val2 *Coded) error {
	for name, to := range own {
		names, err := r.names(name + ".names")
		if err != nil {
			return err
		}
		if *to, err = r.coded(name, names); err != nil {
			return err
		}
	}
	names, err := r.names("values.names")
	if err != nil {
		return err
	}
	if *val1, err = r.coded("value1", names); err != nil {
		return err
	}
	*val2, err = r.coded("value2", names)
	return err
}

func (p *pack) verdicts() (*Judged, error) {
	t, err := p.find(ConfigJudges, ConfigJudges)
	if err != nil {
		return nil, err
	}
	return readTable(p, t, (*packReader).verdicts)
}

func (r *packReader) verdicts() (j *Judged, err error) {
	t := r.table
	j = &Judged{bad: t.Bad, unrecognised: t.Unrecognised}
	j.Judges, j.Models, j.Bins, j.Scenarios = t.Judges, t.Models, t.Bins, t.Scenarios
	j.ByJudge = make([][]analysis.Verdict, len(j.Judges))
	for i, judge := range j.Judges {
		if j.ByJudge[i], err = bytesOf[analysis.Verdict](r, judge+decisionSuffix, byte(analysis.Ambiguous)); err != nil {
			return nil, err
		}
	}
	if j.Scenarios < 0 || j.Scenarios > t.Rows {
		return nil, r.damaged("scenario", fmt.Errorf("%d of them in %d rows", j.Scenarios, t.Rows))
	}
	for _, c := range []struct {
		name  string
		to    *[]int32
		limit int
	}{{"model", &j.Model, len(j.Models)}, {"bin", &j.Bin, len(j.Bins)}, {"scenario", &j.Scenario, j.Scenarios}} {
		if *c.to, err = r.codes(c.name, 0, c.limit); err != nil {
			return nil, err
		}
	}
	if j.chunk, err = r.ints("chunk_index"); err != nil {
		return nil, err
	}
	if j.entry, err = r.ints("entry_idx"); err != nil {
		return nil, err
	}
	if j.std, err = wideOf[float64](r, "max_pop_std_openai"); err != nil {
		return nil, err
	}
	if err := r.codedColumns(map[string]*Coded{"nudge_direction": &j.nudge}, &j.val1, &j.val2); err != nil {
		return nil, err
	}
	if j.Clusters, err = r.clusters(); err != nil {
		return nil, err
	}
	if err := j.Check(); err != nil {
		return nil, r.damaged("verdicts", err)
	}
	return j, nil
}

// intColumns and codedColumns name the columns of a split beside its
// positions and values, for reading and writing alike.
func (s *Scenarios) intColumns() map[string]*Ints {
	return map[string]*Ints{"rank": &s.rank, "chunk_index": &s.chunk, "entry_idx": &s.entry}
}

func (s *Scenarios) codedColumns() map[string]*Coded {
	return map[string]*Coded{"query_generator": &s.generator, "nudge_direction": &s.nudge}
}
