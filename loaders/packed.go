package loaders

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ErrNotPacked marks a source of which there is no packed form that can be
// trusted: none was made, the source or the options have changed since, or
// the file is damaged. Pack makes a new one.
var ErrNotPacked = errors.New("not packed")

// SampleVersion is the version of the built-in source "sample". It stands
// here because whoever opens the packed sample does not link its generator.
const SampleVersion = 4

// A packIdentity says what a packed file was made from and how. It is
// compared in full on opening.
type packIdentity struct {
	Sources  []string    // absolute, an address, or name@version of a built-in source
	Endpoint string      `json:",omitempty"` // that serves the addresses, where it is not the usual one
	Config   string      `json:",omitempty"`
	Split    string      `json:",omitempty"`
	Taxonomy string      `json:",omitempty"` // as asked for, absolute
	Columns  [][2]string `json:",omitempty"` // column map, by our name
	Labels   []string    `json:",omitempty"` // as asked for, absolute
	Files    []packStamp `json:",omitempty"` // none for built-in sources
}

// A packStamp tells one state of a file from another without reading it.
type packStamp struct {
	Path string // or the address, which names the commit
	Size int64
	Time int64  `json:",omitempty"` // of the last change, in nanoseconds
	OID  string `json:",omitempty"` // of a file from afar
}

// packIdentity is newPackIdentity with the files from afar that the dataset
// was opened from.
func (d *Dataset) packIdentity() (packIdentity, error) {
	id, err := newPackIdentity(d.sources, d.opt)
	if err != nil {
		return id, err
	}
	for _, f := range d.files {
		if f.remote != nil {
			id.Files = append(id.Files, f.remote.stamp())
		}
	}
	for _, f := range []*RemoteFile{d.fromTree, d.fromSets} {
		if f != nil {
			id.Files = append(id.Files, f.stamp())
		}
	}
	return id, nil
}

func (f *RemoteFile) stamp() packStamp { return packStamp{Path: f.Address, Size: f.Size, OID: f.OID} }

// trusting takes the files from afar on trust from what was packed: nobody
// asks the network here. They are pinned to a commit, so that they cannot
// have changed; that the branch has moved on, pack notices.
func (id packIdentity) trusting(packed packIdentity) packIdentity {
	if !isRemote(id.Taxonomy) && !slices.ContainsFunc(id.Sources, isRemote) {
		return id
	}
	for _, f := range packed.Files {
		if isRemote(f.Path) {
			id.Files = append(id.Files, f)
		}
	}
	return id
}

// newPackIdentity looks at the local files of a source as they are now.
func newPackIdentity(sources []string, opt Options) (packIdentity, error) {
	id := packIdentity{Config: opt.Config, Split: opt.Split}
	for _, ours := range slices.Sorted(maps.Keys(opt.Columns)) {
		id.Columns = append(id.Columns, [2]string{ours, opt.Columns[ours]})
	}
	var paths []string
	for _, source := range sources {
		if source == sampleSource {
			id.Sources = append(id.Sources, fmt.Sprintf("%s@%d", source, SampleVersion))
			continue
		}
		if isRemote(source) {
			id.Sources, id.Endpoint = append(id.Sources, source), remoteScope()
			continue
		}
		abs, err := filepath.Abs(source)
		if err != nil {
			return id, fmt.Errorf("loaders: %w", err)
		}
		id.Sources = append(id.Sources, abs)
		found, err := locate(abs)
		if errors.Is(err, fs.ErrNotExist) {
			return id, fmt.Errorf("loaders: source %q is neither a file, a folder, a glob nor the built-in %q: %w", source, sampleSource, fs.ErrNotExist)
		}
		if err != nil {
			return id, err
		}
		paths = append(paths, found.paths()...)
	}
	for _, name := range opt.Labels {
		abs, found, err := locateLabels(name)
		if err != nil {
			return id, err
		}
		id.Labels = append(id.Labels, abs)
		paths = append(paths, found.paths()...)
	}
	if isRemote(opt.Taxonomy) {
		id.Taxonomy, id.Endpoint = opt.Taxonomy, remoteScope()
	} else if opt.Taxonomy != "" {
		abs, err := filepath.Abs(opt.Taxonomy)
		if err != nil {
			return id, fmt.Errorf("loaders: %w", err)
		}
		id.Taxonomy = abs
		paths = append(paths, abs)
	}
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return id, fmt.Errorf("loaders: %w", err)
		}
		id.Files = append(id.Files, packStamp{Path: p, Size: info.Size(), Time: info.ModTime().UnixNano()})
	}
	return id, nil
}

// sampleSource is the name of the built-in source.
const sampleSource = "sample"

// file is where the packed form of this source under these options lies,
// whatever state its files are in: a new state replaces the old one.
func (id packIdentity) file() (string, error) {
	dir, err := CacheDir()
	if err != nil {
		return "", err
	}
	id.Files = nil
	text, err := json.Marshal(id)
	if err != nil {
		return "", fmt.Errorf("loaders: %w", err)
	}
	sum := sha256.Sum256(text)
	return filepath.Join(dir, "packed", hex.EncodeToString(sum[:12])+".pack"), nil
}

// differs says in which way the source is not what it was when it was
// packed; "" means that it is the same.
func (id packIdentity) differs(packed packIdentity) string {
	switch {
	case !slices.Equal(id.Sources, packed.Sources) || id.Endpoint != packed.Endpoint:
		return fmt.Sprintf("it was made from %s", strings.Join(packed.Sources, ", "))
	case id.Config != packed.Config || id.Split != packed.Split || id.Taxonomy != packed.Taxonomy || !slices.Equal(id.Columns, packed.Columns) || !slices.Equal(id.Labels, packed.Labels):
		return "it was made with other options"
	case len(id.Files) != len(packed.Files):
		return fmt.Sprintf("the source has %d files, it had %d", len(id.Files), len(packed.Files))
	}
	for i, f := range id.Files {
		if f != packed.Files[i] {
			return fmt.Sprintf("%s has changed", filepath.Base(f.Path))
		}
	}
	return ""
}

// Pack writes every table of the dataset, without the texts, into one file
// of the cache folder, from which OpenPacked reads it back in milliseconds,
// and returns the path of that file. One that is there, whole and of the
// same state of the source, is left as it is. Several processes may pack
// one source at once. docs/cache.md describes the file.
func (d *Dataset) Pack(ctx context.Context) (file string, err error) {
	if d.opt.Pick != nil {
		return "", fmt.Errorf("loaders: pack takes all files of a source: Pick is not for it")
	}
	before, err := d.packIdentity()
	if err != nil {
		return "", err
	}
	if file, err = before.file(); err != nil {
		return "", err
	}
	if p, err := openPack(file, before, nil); err == nil && p.verify() == nil {
		return file, nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return "", fmt.Errorf("loaders: %w; set SPECSTRESS_CACHE to a folder that can be written", err)
	}
	sweepPacks(filepath.Dir(file))
	tmp, err := os.CreateTemp(filepath.Dir(file), packTemp+"*")
	if err != nil {
		return "", fmt.Errorf("loaders: %w; set SPECSTRESS_CACHE to a folder that can be written", err)
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	if err := writePack(ctx, tmp, d, before); err != nil {
		return "", err
	}
	after, err := d.packIdentity()
	if err != nil {
		return "", err
	}
	if why := after.differs(before); why != "" {
		return "", fmt.Errorf("loaders: %s changed while it was read: %s", d.source, why)
	}
	// Only what is wholly on the disk gets the name.
	if err := errors.Join(tmp.Chmod(0o644), tmp.Sync(), tmp.Close()); err != nil {
		return "", fmt.Errorf("loaders: pack: %w", err)
	}
	if err := os.Rename(tmp.Name(), file); err != nil {
		return "", fmt.Errorf("loaders: pack: %w", err)
	}
	return file, nil
}

// OpenPacked opens a source from its packed form: no decoder needs to be
// linked, and opening takes milliseconds whatever the number of rows. The
// tables are equal to those that Open gives; they share memory with the
// file until the process ends. Reading texts, or parts of a split, still
// needs the decoder and the source's own files.
//
// The error wraps ErrNotPacked, and tells why, where the packed form is
// missing, damaged, or made from another state of the source. A table that
// is damaged is found when it is read, with the same error.
func OpenPacked(ctx context.Context, source string, opt Options) (*Dataset, error) {
	return OpenPackedFiles(ctx, []string{source}, opt)
}

// OpenPackedFiles is OpenPacked for several files of one source, as
// OpenFiles is for Open.
func OpenPackedFiles(_ context.Context, sources []string, opt Options) (*Dataset, error) {
	if len(sources) == 0 {
		return nil, fmt.Errorf("loaders: %w given", ErrNoData)
	}
	id, err := newPackIdentity(sources, opt)
	if err != nil {
		return nil, err
	}
	file, err := id.file()
	if err != nil {
		return nil, err
	}
	p, err := openPack(file, id, packIdentity.trusting)
	if err != nil {
		return nil, fmt.Errorf("loaders: source %s: %w", strings.Join(sources, ","), err)
	}
	d, err := p.dataset()
	if err != nil {
		return nil, fmt.Errorf("loaders: source %s: %w", strings.Join(sources, ","), err)
	}
	d.source, d.sources, d.opt = cmp.Or(p.manifest.Pinned, strings.Join(sources, ",")), slices.Clone(sources), opt
	return d, nil
}

// Revision names the state of the source that a packed dataset was made
// from; it changes when any file or option does. It is "" for a dataset
// that was not opened from its packed form.
func (d *Dataset) Revision() string {
	if d.pack == nil {
		return ""
	}
	text, err := json.Marshal(d.pack.manifest.Identity)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// scenariosFromPack, like verdictsFromPack, is where a packed dataset's
// tables come from.
func (d *Dataset) scenariosFromPack(split string) (*Scenarios, error) {
	if _, err := d.filesOf(split); err != nil {
		return nil, err
	}
	s, err := d.pack.scenarios(split)
	if err != nil {
		return nil, fmt.Errorf("loaders: source %s: split %s: %w", d.source, split, err)
	}
	s.dataset, s.taxonomy = d, d.taxonomy
	d.noteValues(s.val1, s.val2)
	return s, nil
}

func (d *Dataset) verdictsFromPack() (*Judged, error) {
	j, err := d.pack.verdicts()
	if errors.Is(err, errNoTable) {
		return nil, fmt.Errorf("loaders: %s: %w with verdicts (config %s)", d.source, ErrNoData, ConfigJudges)
	}
	if err != nil {
		return nil, fmt.Errorf("loaders: source %s: verdicts: %w", d.source, err)
	}
	j.dataset, j.taxonomy = d, d.taxonomy
	d.noteValues(j.val1, j.val2)
	return j, nil
}

func (d *Dataset) labelsFromPack() (*LabelTable, error) {
	t, err := d.pack.labels()
	if errors.Is(err, errNoTable) {
		return nil, absentLabels(d.source)
	}
	if err != nil {
		return nil, fmt.Errorf("loaders: source %s: labels: %w", d.source, err)
	}
	return t, nil
}
