package loaders

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// A Remote reads sources whose name is an address, such as
// hf://datasets/owner/name. Readers register themselves, like decoders, so
// that only programs that read remote sources link what that takes:
//
//	import _ "github.com/specstress/specstress/loaders/hub"
type Remote interface {
	// List finds what an address names and pins it: files opened from one
	// listing are of one state of the source, however it changes. Only files
	// for which want is true of their path are listed. The error wraps
	// ErrNoData where nothing is there.
	List(ctx context.Context, address string, want func(path string) bool) (*Listing, error)

	// Open opens a file of a listing for reading at any place. What the file
	// fetches ends with ctx, or when it is closed.
	Open(ctx context.Context, f RemoteFile) (File, error)
}

// A Listing is what an address names at one moment.
type Listing struct {
	Pinned   string       // the address with the commit: always the same bytes
	Commit   string       // of the repository
	Files    []RemoteFile // by path
	Warnings []error
}

// A RemoteFile is one file of a listing.
type RemoteFile struct {
	Path    string // in the repository, with slashes
	Address string // pinned, and enough to open it
	Size    int64
	OID     string // what names its bytes: the sha256 of a large file, else git's id
}

// A RangeFile is a File whose bytes come from afar, range by range.
type RangeFile interface {
	File
	// Fetch begins to fetch ranges, those near each other in one request,
	// and returns at once. ReadAt waits for what it reads.
	Fetch(ranges []Range)
	// Cost says what fetching the ranges would take now, when what has been
	// fetched before is left out.
	Cost(ranges []Range) Cost
}

// A Range is some bytes of a file.
type Range struct{ Offset, Length int64 }

// Cost is what fetching takes.
type Cost struct {
	Requests int
	Bytes    int64
}

// A VerifiedFile is a File that may know that its bytes are those that its
// object id names.
type VerifiedFile interface {
	File
	Verified() bool
}

// A Ranger is a Table that knows where in its file the values of a column
// of a row group lie.
type Ranger interface {
	Ranges(group int, column string) []Range
}

var remotes registry[Remote]

// RegisterRemote makes a reader known for addresses that start with scheme
// and "://". The package that reads them calls this from init.
func RegisterRemote(scheme string, r Remote) { remotes.add(scheme, r) }

// isRemote tells an address from a path.
func isRemote(source string) bool { return strings.Contains(source, "://") }

// remoteOf finds the reader of an address.
func remoteOf(source string) (Remote, error) {
	scheme, _, _ := strings.Cut(source, "://")
	if r := remotes.get(scheme); r != nil {
		return r, nil
	}
	hint := ""
	if scheme == "hf" {
		hint = `; import _ "github.com/specstress/specstress/loaders/hub"`
	}
	var known []string
	for _, s := range remotes.names() {
		known = append(known, s+"://")
	}
	return nil, fmt.Errorf("loaders: source %q: no reader of %s:// addresses, have [%s]%s", source, scheme, strings.Join(known, " "), hint)
}

// remoteScope is part of the identity of a remote source: another Hub may
// hold other bytes under the same name.
func remoteScope() string { return os.Getenv("HF_ENDPOINT") }

// A remoteLayout is a layout whose files come from afar.
type remoteLayout struct {
	locations           []location
	taxonomy, labelSets *RemoteFile // nil for none
}

// locateRemote lists the data files of an address and notes its state.
func (d *Dataset) locateRemote(ctx context.Context, source string) (found remoteLayout, err error) {
	remote, err := remoteOf(source)
	if err != nil {
		return found, err
	}
	listing, err := remote.List(ctx, source, func(p string) bool {
		return path.Base(p) == taxonomyFile || path.Base(p) == labelSetsFile || isRemoteDataFile(p)
	})
	if err != nil {
		return found, fmt.Errorf("loaders: %w", err)
	}
	d.source, d.commit = listing.Pinned, listing.Commit
	d.warnings = append(d.warnings, listing.Warnings...)
	for i := range listing.Files {
		f := &listing.Files[i]
		switch path.Base(f.Path) {
		case taxonomyFile:
			found.taxonomy = f
		case labelSetsFile:
			found.labelSets = f
		default:
			loc := readName(f.Address, f.Path)
			loc.remote = f
			found.locations = append(found.locations, loc)
		}
	}
	if len(found.locations) == 0 && found.taxonomy == nil {
		return found, fmt.Errorf("loaders: %s: %w: want .parquet or .csv files at the top or in data/, complete/, judge_evaluations/", source, ErrNoData)
	}
	return found, nil
}

// isRemoteDataFile applies to a repository what locateDir does to a folder.
func isRemoteDataFile(name string) bool {
	parts := strings.Split(name, "/")
	hidden := slices.ContainsFunc(parts, func(p string) bool { return strings.HasPrefix(p, ".") })
	return !hidden && len(parts) <= maxDepth+1 && isDataFile(parts[len(parts)-1])
}

// readTaxonomy reads a taxonomy from a path or an address: of the file
// itself, or of a repository that holds one.
func readTaxonomy(ctx context.Context, from string) (*Taxonomy, *RemoteFile, error) {
	if !isRemote(from) {
		t, err := ReadTaxonomy(from)
		return t, nil, err
	}
	remote, err := remoteOf(from)
	if err != nil {
		return nil, nil, err
	}
	listing, err := remote.List(ctx, from, func(p string) bool { return strings.HasSuffix(p, ".csv") })
	if err != nil {
		return nil, nil, fmt.Errorf("loaders: taxonomy: %w", err)
	}
	files := listing.Files
	if len(files) != 1 {
		files = slices.DeleteFunc(slices.Clone(files), func(f RemoteFile) bool { return path.Base(f.Path) != taxonomyFile })
	}
	if len(files) != 1 {
		return nil, nil, fmt.Errorf("loaders: taxonomy: %s: %d files named %s, want one: %w", from, len(files), taxonomyFile, ErrNoData)
	}
	t, err := readRemoteTaxonomy(ctx, files[0])
	return t, &files[0], err
}

// maxTaxonomy bounds what is read of a remote taxonomy; the published one
// has under 2 MiB.
const maxTaxonomy = 64 << 20

func readRemoteTaxonomy(ctx context.Context, f RemoteFile) (*Taxonomy, error) {
	text, err := readRemote(ctx, f, maxTaxonomy)
	if err != nil {
		return nil, fmt.Errorf("loaders: taxonomy: %w", err)
	}
	t, err := parseTaxonomy(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("loaders: taxonomy %s: %w", f.Address, err)
	}
	t.file = f.Address
	return t, nil
}

func readRemoteLabelSets(ctx context.Context, f RemoteFile) ([]analysis.LabelScheme, error) {
	text, err := readRemote(ctx, f, maxLabelSets)
	if err != nil {
		return nil, fmt.Errorf("loaders: label sets: %w", err)
	}
	return parseLabelSets(bytes.NewReader(text), f.Path)
}

// readRemote reads a whole file of at most limit bytes.
func readRemote(ctx context.Context, f RemoteFile, limit int64) ([]byte, error) {
	file, err := openRemote(ctx, f)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if file.Size() > limit {
		return nil, fmt.Errorf("%s: %d bytes, want at most %d", f.Address, file.Size(), limit)
	}
	text := make([]byte, file.Size())
	if n, err := file.ReadAt(text, 0); n < len(text) {
		return nil, fmt.Errorf("%s: %w", f.Address, err)
	}
	return text, nil
}

func openRemote(ctx context.Context, f RemoteFile) (File, error) {
	remote, err := remoteOf(f.Address)
	if err != nil {
		return nil, err
	}
	return remote.Open(ctx, f)
}

// remoteWorkers is how many goroutines read a remote source: they mostly
// wait.
const remoteWorkers = 16

// workersFor is how many goroutines read some files.
func (d *Dataset) workersFor(locations ...location) int {
	if d.opt.Workers == 0 && slices.ContainsFunc(locations, func(l location) bool { return l.remote != nil }) {
		return max(d.opt.workers(), remoteWorkers)
	}
	return d.opt.workers()
}
