package loaders

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/specstress/specstress/analysis"
)

// A packed file is a header, the sections of all tables, each at a multiple
// of packAlign, and a manifest in JSON that says where they are. All
// numbers are little-endian. docs/cache.md is the reference.
const (
	packMagic   = "SPECPACK"
	packVersion = 2 // of the format; another one is packed anew
	packHeader  = 64
	packAlign   = 64 // so that every column starts on a cache line
	packTemp    = ".pack-"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli) // the one that processors compute

// errNoTable says that a pack has no such table.
var errNoTable = errors.New("no such table")

type packManifest struct {
	Identity packIdentity
	BuiltIn  bool
	Pinned   string     `json:",omitempty"` // a remote source, with its commit
	Commit   string     `json:",omitempty"`
	Schemas  [][]Column // distinct ones; files of a split share theirs
	Files    []packFile
	Warnings []string
	Seen     string // sign of synthetic rows
	Taxonomy *packTaxonomy
	Tables   []packTable
	Labels   *packLabels // nil where no file has any
}

type packFile struct {
	Path, Name, Config, Split string
	Shard, Shards             int
	Size                      int64
	Schema                    int
	Groups                    []int
	Origin                    string
	InRepo, OID               string `json:",omitempty"` // of a file from afar
	Verified                  bool   `json:",omitempty"`
}

type packTaxonomy struct {
	File   string
	Levels [4]int
	Table  packTable // sections names and category
}

// A packTable is the sections of one split, or of all verdicts.
type packTable struct {
	Config, Split string
	Rows          int
	Models        []string    `json:",omitempty"`
	Judges        []string    `json:",omitempty"`
	Bins          []string    `json:",omitempty"`
	Scenarios     int         `json:",omitempty"`
	Clusters      int         // how many
	Bad           []BadColumn `json:",omitempty"`
	Unrecognised  []BadColumn `json:",omitempty"`
	Error         string      `json:",omitempty"` // why it could not be read
	ErrorKind     string      `json:",omitempty"`

	Sections    []packSection
	Offset, End int64 // of all its sections
	Sum         uint32
}

type packSection struct {
	Name          string
	Offset, Bytes int64
}

// A pack is a packed file in memory. It does not change, so any number of
// goroutines may read from it.
type pack struct {
	data     []byte
	manifest packManifest

	trusted bool // skip the tables' checksums: for tests of hostile tables
}

// openPack maps a packed file and checks header, manifest and identity, of
// which trusting, unless nil, takes some from the file; the tables'
// checksums are left to whoever reads them.
func openPack(file string, want packIdentity, trusting func(want, packed packIdentity) packIdentity) (*pack, error) {
	data, err := mapFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotPacked
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotPacked, err)
	}
	p, err := parsePack(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrNotPacked, filepath.Base(file), err)
	}
	if trusting != nil {
		want = trusting(want, p.manifest.Identity)
	}
	if why := want.differs(p.manifest.Identity); why != "" {
		return nil, fmt.Errorf("%w: the packed form is stale: %s", ErrNotPacked, why)
	}
	return p, nil
}

// errPackVersion marks a file of another version of the format, which is no
// damage.
var errPackVersion = errors.New("format version")

func parsePack(data []byte) (*pack, error) {
	if len(data) < packHeader || string(data[:8]) != packMagic {
		return nil, errors.New("not a packed file")
	}
	u32, u64 := binary.LittleEndian.Uint32, binary.LittleEndian.Uint64
	if v := u32(data[8:]); v != packVersion {
		return nil, fmt.Errorf("%w %d, want %d", errPackVersion, v, packVersion)
	}
	if got, want := crc32.Checksum(data[:packHeader-4], castagnoli), u32(data[packHeader-4:]); got != want {
		return nil, errors.New("checksum of the header differs")
	}
	if size := u64(data[16:]); size != uint64(len(data)) {
		return nil, fmt.Errorf("%d bytes, want %d", len(data), size)
	}
	text, err := cut(data, u64(data[24:]), u64(data[32:]))
	if err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	if crc32.Checksum(text, castagnoli) != u32(data[12:]) {
		return nil, errors.New("checksum of the manifest differs")
	}
	p := &pack{data: data}
	if err := json.Unmarshal(text, &p.manifest); err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	return p, p.manifest.check()
}

// header writes the first bytes of a packed file.
func header(size, at uint64, manifest []byte) []byte {
	b := make([]byte, packHeader)
	copy(b, packMagic)
	le := binary.LittleEndian
	le.PutUint32(b[8:], packVersion)
	le.PutUint32(b[12:], crc32.Checksum(manifest, castagnoli))
	le.PutUint64(b[16:], size)
	le.PutUint64(b[24:], at)
	le.PutUint64(b[32:], uint64(len(manifest)))
	le.PutUint32(b[packHeader-4:], crc32.Checksum(b[:packHeader-4], castagnoli))
	return b
}

// cut is data[at:at+n], or an error where that is not inside data.
func cut(data []byte, at, n uint64) ([]byte, error) {
	if at > uint64(len(data)) || n > uint64(len(data))-at {
		return nil, fmt.Errorf("bytes %d to %d of a file of %d", at, at+n, len(data))
	}
	return data[at : at+n : at+n], nil
}

// check finds what would make the rest of the package stumble: indexes out
// of range, tables that do not belong to files.
func (m *packManifest) check() error {
	type split struct{ config, name string }
	rows := map[split]int{}
	for _, columns := range m.Schemas {
		for _, c := range columns {
			if c.Kind < Other || c.Kind > Untyped {
				return fmt.Errorf("manifest: column %q is of kind %d", c.Name, int(c.Kind))
			}
		}
	}
	for _, f := range m.Files {
		if f.Schema < 0 || f.Schema >= len(m.Schemas) {
			return fmt.Errorf("manifest: file %q has columns %d of %d", f.Name, f.Schema, len(m.Schemas))
		}
		if !slices.Contains(configNames, f.Config) {
			return fmt.Errorf("manifest: file %q is of config %q", f.Name, f.Config)
		}
		for _, n := range f.Groups {
			if n < 0 || n > math.MaxInt32 {
				return fmt.Errorf("manifest: file %q has a row group of %d rows", f.Name, n)
			}
			if f.Config == ConfigLabels {
				continue // these are not tables of rows
			}
			rows[splitOf(f.Config, f.Split)] += n
		}
		if f.Config == ConfigLabels {
			continue // not tables of rows
		}
		// A split without row groups is there all the same.
		rows[splitOf(f.Config, f.Split)] += 0
	}
	seen := map[split]bool{}
	for _, t := range m.Tables {
		key := split{t.Config, t.Split}
		if seen[key] {
			return fmt.Errorf("manifest: table %s stands twice", t.Split)
		}
		seen[key] = true
		if n, ok := rows[key]; !ok || (t.Error == "" && (n != t.Rows || n == 0 || n > math.MaxInt32)) {
			return fmt.Errorf("manifest: table %s has %d rows, its files %d", t.Split, t.Rows, n)
		}
	}
	for key := range rows {
		if !seen[key] {
			return fmt.Errorf("manifest: no table for split %s", key.name)
		}
	}
	return nil
}

// splitOf is the table to which a file belongs: all verdicts are one.
func splitOf(config, name string) struct{ config, name string } {
	if config == ConfigJudges {
		name = ConfigJudges
	}
	return struct{ config, name string }{config, name}
}

// dataset rebuilds what Open knows of a source.
func (p *pack) dataset() (*Dataset, error) {
	m := &p.manifest
	d := &Dataset{builtIn: m.BuiltIn, commit: m.Commit, pack: p}
	for _, f := range m.Files {
		file := &dataFile{location: location{path: f.Path, name: f.Name, config: f.Config, split: f.Split, shard: f.Shard, shards: f.Shards},
			size: f.Size, columns: m.Schemas[f.Schema], groups: f.Groups, origin: f.Origin, verified: f.Verified}
		if isRemote(f.Path) {
			file.remote = &RemoteFile{Path: f.InRepo, Address: f.Path, Size: f.Size, OID: f.OID}
		}
		for _, n := range f.Groups {
			file.rows += n
		}
		d.files = append(d.files, file)
	}
	for _, w := range m.Warnings {
		d.warnings = append(d.warnings, errors.New(w))
	}
	if m.Seen != "" {
		d.seen.Store(&m.Seen)
	}
	var err error
	d.taxonomy, err = p.taxonomy()
	return d, err
}

func (p *pack) taxonomy() (*Taxonomy, error) {
	m := p.manifest.Taxonomy
	if m == nil {
		return nil, nil
	}
	t, err := readTable(p, &m.Table, (*packReader).taxonomy)
	if err != nil {
		return nil, fmt.Errorf("taxonomy: %w", err)
	}
	t.file, t.levels = m.File, m.Levels
	return t, nil
}

func (r *packReader) taxonomy() (*Taxonomy, error) {
	t := &Taxonomy{category: map[string]int{}}
	names, err := r.names("names")
	if err != nil {
		return nil, err
	}
	r.rows = len(names)
	category, err := r.codes("category", 0, len(analysis.Categories()))
	if err != nil {
		return nil, err
	}
	for i, name := range names {
		t.category[name] = int(category[i])
	}
	return t, nil
}

// verify reads every table.
func (p *pack) verify() error {
	if _, err := p.taxonomy(); err != nil {
		return err
	}
	for i := range p.manifest.Tables {
		t := &p.manifest.Tables[i]
		var err error
		if t.Config == ConfigJudges {
			_, err = p.verdicts()
		} else {
			_, err = p.scenarios(t.Split)
		}
		if errors.Is(err, ErrNotPacked) {
			return err
		}
	}
	if _, err := p.labels(); errors.Is(err, ErrNotPacked) {
		return err
	}
	return nil
}

// sweepPacks removes what killed processes left behind a day ago or more.
func sweepPacks(dir string) {
	left, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, entry := range left {
		info, err := entry.Info()
		if err == nil && strings.HasPrefix(entry.Name(), packTemp) && time.Since(info.ModTime()) > 24*time.Hour {
			os.Remove(filepath.Join(dir, entry.Name()))
		}
	}
}
