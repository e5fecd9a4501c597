package loaders

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/specstress/specstress/analysis"
)

// Options says how to read a source. The zero value reads everything from
// what the names and columns of its files tell.
type Options struct {
	Config   string            // config of all files, where their names do not tell
	Split    string            // split of all files, likewise
	Taxonomy string            // values_tree.csv that maps values to categories
	Labels   []string          // files, folders or globs of labels beside those of the source
	Columns  map[string]string // column map: our name to the files' name
	Workers  int               // goroutines; 0 means one per core

	// Labellers are those whose labels to take, as Labelling.Labeller names
	// them or without the version; none means all.
	Labellers []string

	// Pick, if set, says which files to look at, by what their names tell.
	// What is picked so cannot be packed.
	Pick func(config, split string) bool

	// Progress, if set, is told how many row groups of a split have been
	// read. Calls do not overlap.
	Progress func(split string, done, total int)
}

func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// A Dataset is a source whose files have been found and whose structure
// has been checked. Rows are read split by split when asked for. It may be
// used from several goroutines at once.
type Dataset struct {
	source   string
	sources  []string // as they were named, one by one
	commit   string   // of a remote source
	opt      Options
	files    []*dataFile
	taxonomy *Taxonomy
	fromTree *RemoteFile // where the taxonomy comes from, if from afar
	fromSets *RemoteFile // likewise the label sets
	warnings []error

	labelSets []analysis.LabelScheme // of the source's own

	builtIn bool
	seen    atomic.Pointer[string] // sign of synthetic rows
	mu      sync.Mutex             // Progress
	pack    *pack                  // where its tables come from; nil for the files
}

// A dataFile is one file, probed once: closed again until its rows are read.
type dataFile struct {
	location
	size    int64
	columns []Column
	groups  []int // rows of each row group
	rows    int
	origin  string // what the file says of a synthetic origin

	verified bool // its bytes are those that its object id names
}

// FileInfo is what a manifest says of one file.
type FileInfo struct {
	Name     string // relative to the source
	Config   string
	Split    string
	Size     int64
	Rows     int
	SHA256   string // "" when it has not been taken
	OID      string // the Hub's object id of a file of a repository; "" for a local file
	Verified bool   // all bytes have been compared with the object id
}

// Open finds the files of a source and checks their structure without
// reading rows. A source is a folder laid out like the published
// repository (data/, complete/, judge_evaluations/) or flat, one file, a
// glob of shards, the name of a built-in source such as "sample", or an
// address such as hf://datasets/owner/name for whose scheme a reader has
// registered itself.
//
// The error names the file and place of the first damage; it wraps
// ErrNoData where nothing is there to read and ErrSchema where a file's
// columns belong to none of the configs.
func Open(ctx context.Context, source string, opt Options) (*Dataset, error) {
	return OpenFiles(ctx, []string{source}, opt)
}

// open is Open for one source, without the checks that need all of them.
func open(ctx context.Context, source string, opt Options) (*Dataset, error) {
	if opt.Config != "" && !slices.Contains(configNames, opt.Config) {
		return nil, fmt.Errorf("loaders: %w", analysis.UnknownName("config", opt.Config, configNames))
	}
	d := &Dataset{source: source, opt: opt}
	path := source
	if make := generators.get(source); make != nil {
		dir, err := make(ctx)
		if err != nil {
			return nil, fmt.Errorf("loaders: source %s: %w", source, err)
		}
		path, d.builtIn = dir, true
	}
	var found layout
	var err error
	if isRemote(source) {
		remote, err := d.locateRemote(ctx, source)
		if err != nil {
			return nil, err
		}
		found.locations, d.fromSets = remote.locations, remote.labelSets
		if remote.taxonomy != nil {
			found.taxonomy = remote.taxonomy.Address
		}
		if d.fromSets != nil {
			if d.labelSets, err = readRemoteLabelSets(ctx, *d.fromSets); err != nil {
				return nil, err
			}
		}
	} else if found, err = locate(path); err != nil {
		return nil, err
	}
	taxonomy := found.taxonomy
	if opt.Taxonomy != "" {
		taxonomy = opt.Taxonomy
	}
	if taxonomy != "" {
		if d.taxonomy, d.fromTree, err = readTaxonomy(ctx, taxonomy); err != nil {
			return nil, err
		}
	}
	if found.labelSets != "" {
		if d.labelSets, err = readLabelSets(found.labelSets); err != nil {
			return nil, err
		}
	}
	if found.locations, err = d.picked(found.locations); err != nil {
		return nil, err
	}
	if d.files, err = d.probeAll(ctx, found.locations); err != nil {
		return nil, err
	}
	if err := d.settleNames(); err != nil {
		return nil, err
	}
	return d, nil
}

func (d *Dataset) probeAll(ctx context.Context, locations []location) ([]*dataFile, error) {
	files := make([]*dataFile, len(locations))
	err := parallel(ctx, d.workersFor(locations...), len(locations), func(i int) error {
		f, err := d.probe(ctx, locations[i])
		files[i] = f
		return err
	})
	return files, err
}

// picked is what Options.Pick leaves of the files. Nothing is an error that
// lists the splits to pick from.
func (d *Dataset) picked(locations []location) ([]location, error) {
	if d.opt.Pick == nil {
		return locations, nil
	}
	var left []location
	var splits []string
	for _, l := range locations {
		if d.opt.Pick(l.config, l.split) {
			left = append(left, l)
		}
		if !slices.Contains(splits, l.split) {
			splits = append(splits, l.split)
		}
	}
	if left == nil {
		return nil, fmt.Errorf("loaders: %s: %w of the wanted split; splits here: %s", d.source, ErrNoData, strings.Join(splits, ", "))
	}
	return left, nil
}

// OpenFiles is Open for several files of one source, such as a CSV of
// scenarios and one of verdicts.
func OpenFiles(ctx context.Context, paths []string, opt Options) (*Dataset, error) {
	if len(paths) == 0 {
		return nil, fmt.Errorf("loaders: %w given", ErrNoData)
	}
	all, err := open(ctx, paths[0], opt)
	if err != nil {
		return nil, err
	}
	all.sources = slices.Clone(paths)
	for _, p := range paths[1:] {
		d, err := open(ctx, p, opt)
		if err != nil {
			return nil, err
		}
		all.source += "," + d.source
		all.files = append(all.files, d.files...)
		all.warnings = append(all.warnings, d.warnings...)
		all.labelSets = append(all.labelSets, d.labelSets...)
		if all.taxonomy == nil {
			all.taxonomy, all.fromTree = d.taxonomy, d.fromTree
		}
		if all.commit == "" {
			all.commit = d.commit
		}
		if all.fromSets == nil {
			all.fromSets = d.fromSets
		}
	}
	if err := all.addLabels(ctx); err != nil {
		return nil, err
	}
	if err := all.checkColumnMap(); err != nil {
		return nil, err
	}
	return all, nil
}

// checkColumnMap refuses a map from a column that no file has, or to one
// that no table declares: either would silently change nothing.
func (d *Dataset) checkColumnMap() error {
	var declared, present []string
	for _, c := range slices.Concat(scenarioColumns, judgeColumns, labelColumns) {
		declared = append(declared, c.Name)
	}
	for _, f := range d.files {
		for _, c := range f.columns {
			present = append(present, c.Name)
		}
	}
	slices.Sort(present)
	present = slices.Compact(present)
	for _, ours := range slices.Sorted(maps.Keys(d.opt.Columns)) {
		known := slices.ContainsFunc(declared, func(name string) bool { return name == ours || matchesPattern(name, ours) })
		if !known {
			return fmt.Errorf("loaders: column map: %w", analysis.UnknownName("column", ours, declared))
		}
		if theirs := d.opt.Columns[ours]; !slices.Contains(present, theirs) {
			return fmt.Errorf("loaders: column map: %s: %w", ours, analysis.UnknownName("column", theirs, present))
		}
	}
	return nil
}

// probe opens a file, notes its structure and closes it.
func (d *Dataset) probe(ctx context.Context, loc location) (*dataFile, error) {
	table, err := openTable(ctx, loc)
	if err != nil {
		return nil, err
	}
	defer table.Close()
	f := &dataFile{location: loc, size: table.file.Size(), columns: table.Columns()}
	f.seen = see(table)
	if v, ok := table.file.(VerifiedFile); ok {
		f.verified = v.Verified()
	}
	for g := range table.RowGroups() {
		f.groups = append(f.groups, table.RowsIn(g))
		f.rows += table.RowsIn(g)
	}
	f.origin, _ = table.Metadata(syntheticKey)
	if loc.config == ConfigLabels {
		return f, nil
	}
	if d.opt.Config != "" {
		f.config = d.opt.Config
	}
	if f.config == "" {
		if f.config, err = configFromColumns(f); err != nil {
			return nil, err
		}
	}
	if d.opt.Split != "" && f.config != ConfigLabels {
		f.split = d.opt.Split
	} else if f.config == ConfigComplete {
		f.split = ConfigComplete
	}
	return f, nil
}

// configFromColumns recognises a file by what it holds.
func configFromColumns(f *dataFile) (string, error) {
	var names []string
	for _, c := range f.columns {
		names = append(names, c.Name)
		switch {
		case strings.HasSuffix(c.Name, decisionSuffix):
			return ConfigJudges, nil
		case strings.HasSuffix(c.Name, value1Suffix):
			return ConfigDefault, nil
		case c.Name == "label_set":
			return ConfigLabels, nil
		}
	}
	return "", fmt.Errorf("loaders: %s: %w: neither <model>%s nor <judge>%s nor label_set among %s; name the config if a column map supplies them",
		f.name, ErrSchema, value1Suffix, decisionSuffix, strings.Join(names, ", "))
}

// settleNames runs the checks that need all files.
func (d *Dataset) settleNames() error {
	locations := make([]location, len(d.files))
	for i, f := range d.files {
		locations[i] = f.location
	}
	warnings, err := checkShards(locations)
	if err != nil {
		return err
	}
	d.warnings = append(d.warnings, warnings...)
	for _, f := range d.files {
		if f.rows == 0 {
			d.warnings = append(d.warnings, fmt.Errorf("%s has no rows", f.name))
		}
	}
	return nil
}

// Source is the source as it was named to Open; a remote one is named with
// the commit that was read.
func (d *Dataset) Source() string { return d.source }

// BuiltIn reports whether the source is made by this program.
func (d *Dataset) BuiltIn() bool { return d.builtIn }

// Commit is the state of the repository that a remote source was read from,
// else "".
func (d *Dataset) Commit() string { return d.commit }

// Warnings lists doubts about the source as a whole, such as missing
// shards.
func (d *Dataset) Warnings() []error { return slices.Clone(d.warnings) }

// Files lists the files in reading order.
func (d *Dataset) Files() []FileInfo {
	infos := make([]FileInfo, len(d.files))
	for i, f := range d.files {
		infos[i] = FileInfo{Name: f.name, Config: f.config, Split: f.split, Size: f.size, Rows: f.rows, Verified: f.verified}
		if f.remote != nil {
			infos[i].OID = f.remote.OID
			if f.verified && len(f.remote.OID) == 2*sha256.Size {
				infos[i].SHA256 = f.remote.OID
			}
		}
	}
	return infos
}

// Splits lists the splits of a config: the paper's in the dataset card's
// order, then others by name.
func (d *Dataset) Splits(config string) []string {
	var splits []string
	for _, f := range d.files {
		if f.config == config && !slices.Contains(splits, f.split) {
			splits = append(splits, f.split)
		}
	}
	place := func(s string) int {
		sets := analysis.PaperModelSets()
		if i := slices.IndexFunc(sets, func(m analysis.ModelSet) bool { return m.Name == s }); i >= 0 {
			return i
		}
		return len(sets)
	}
	slices.SortFunc(splits, func(a, b string) int {
		if i, j := place(a), place(b); i != j {
			return i - j
		}
		return strings.Compare(a, b)
	})
	return splits
}

// Taxonomy returns the value taxonomy, and nil where the source has none
// and none was given.
func (d *Dataset) Taxonomy() *Taxonomy { return d.taxonomy }

// hasScenarios reports whether the file's rows are scenarios.
func (f *dataFile) hasScenarios() bool { return f.config != ConfigJudges && f.config != ConfigLabels }

// filesOf lists the files of one split; the error offers the nearest names.
func (d *Dataset) filesOf(split string) ([]*dataFile, error) {
	var files []*dataFile
	var known []string
	for _, f := range d.files {
		if f.split == split && f.hasScenarios() {
			files = append(files, f)
		}
	}
	if files == nil {
		known = append(d.Splits(ConfigDefault), d.Splits(ConfigComplete)...)
		return nil, fmt.Errorf("loaders: %s: %w", d.source, analysis.UnknownName("split", split, known))
	}
	return files, nil
}

// An openedTable is a table with the file that it owns.
type openedTable struct {
	Table
	file File
}

// A seenTable is the structure of a local file, and the state that the file
// was in. Footers hold a value of every column and row group, so that reading
// them again would take a fifth of the time that reading positions takes.
type seenTable struct {
	table   Reopener
	size    int64
	changed time.Time
}

// of reports whether a file is still in the state that was seen.
func (s *seenTable) of(f File) bool {
	local, ok := f.(*localFile)
	return s != nil && ok && local.size == s.size && local.changed.Equal(s.changed)
}

// see remembers the structure of a table that may be opened again.
func see(t *openedTable) *seenTable {
	r, ok := t.Table.(Reopener)
	f, local := t.file.(*localFile)
	if !ok || !local {
		return nil
	}
	return &seenTable{r, f.size, f.changed}
}

// openTable opens a file with the decoder for its name.
func openTable(ctx context.Context, loc location) (*openedTable, error) {
	format, err := formatOf(loc.path)
	if err != nil {
		return nil, err
	}
	var f File
	if loc.remote != nil {
		if f, err = openRemote(ctx, *loc.remote); err != nil {
			return nil, fmt.Errorf("loaders: %w", err)
		}
	} else if f, err = openLocal(loc.path, loc.name); err != nil {
		return nil, err
	}
	if loc.seen.of(f) {
		return &openedTable{loc.seen.table.Reopen(f), f}, nil
	}
	table, err := format.Open(ctx, f)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("loaders: %w", err)
	}
	return &openedTable{table, f}, nil
}

// fetch begins to fetch columns of some row groups, where the file comes
// from afar.
func (t *openedTable) fetch(groups []int, columns []string) {
	f, ok := t.file.(RangeFile)
	if !ok {
		return
	}
	if ranges := t.ranges(groups, columns); len(ranges) > 0 {
		f.Fetch(ranges)
	}
}

// ranges is where columns of some row groups lie; nil where the format does
// not know.
func (t *openedTable) ranges(groups []int, columns []string) (ranges []Range) {
	r, ok := t.Table.(Ranger)
	if !ok {
		return nil
	}
	for _, g := range groups {
		for _, c := range columns {
			ranges = append(ranges, r.Ranges(g, c)...)
		}
	}
	return ranges
}

func openLocal(path, name string) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("loaders: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("loaders: %w", err)
	}
	if !info.Mode().IsRegular() {
		f.Close()
		return nil, fmt.Errorf("loaders: %s is a %s, want a regular file", filepath.ToSlash(name), info.Mode().Type())
	}
	return &localFile{f, name, info.Size(), info.ModTime()}, nil
}

type localFile struct {
	*os.File
	name    string
	size    int64
	changed time.Time
}

func (f *localFile) Name() string { return f.name }
func (f *localFile) Size() int64  { return f.size }

// parallel runs work(0..n-1) on some goroutines and returns the error of
// the lowest index that failed. It returns only when all have ended.
func parallel(ctx context.Context, workers, n int, work func(i int) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make([]error, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, n) {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := ctx.Err(); err != nil {
					errs[i] = context.Cause(ctx)
					return
				}
				if errs[i] = work(i); errs[i] != nil {
					cancel()
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil && !errors.Is(err, context.Canceled) {
			return err // the others only ended because of it
		}
	}
	return errors.Join(errs...)
}
