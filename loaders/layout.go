package loaders

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// ErrNoData marks a source in which there is nothing to read.
var ErrNoData = errors.New("no data files")

// A location is one file of a source and what its name says about it.
type location struct {
	path   string // to open
	name   string // relative to the source, with slashes, for messages and manifests
	config string // "" where the name does not tell
	split  string
	shard  int // from 0; -1 for a file that is no shard
	shards int
	remote *RemoteFile // nil for a local file
	seen   *seenTable  // what it was when it was opened last; nil for a file that was not, or from afar
}

// Names under which a folder may hold its taxonomy, and the declarations of
// label sets of its own.
const (
	taxonomyFile  = "values_tree.csv"
	labelSetsFile = "label_sets.json"
)

// A layout is the files of a source.
type layout struct {
	locations []location
	taxonomy  string // path, "" for none
	labelSets string // likewise
}

// maxDepth bounds the search for files below a folder: data/, complete/
// and judge_evaluations/ are one level down.
const maxDepth = 2

// locate lists the data files of a path: a folder laid out like the
// published repository or flat, one file, or a glob of shards.
func locate(source string) (found layout, err error) {
	info, err := os.Stat(source)
	switch {
	case err == nil && info.IsDir():
		return locateDir(source)
	case err == nil:
		return layout{locations: []location{readName(source, filepath.Base(source))}}, nil
	case strings.ContainsAny(source, "*?["):
		paths, err := filepath.Glob(source)
		if err != nil {
			return layout{}, fmt.Errorf("loaders: %s: %w", source, err)
		}
		for _, p := range paths {
			found.locations = append(found.locations, readName(p, filepath.Base(p)))
		}
		if len(found.locations) == 0 {
			return layout{}, fmt.Errorf("loaders: %s: %w match the pattern", source, ErrNoData)
		}
		return found, nil
	case errors.Is(err, fs.ErrNotExist):
		return layout{}, fmt.Errorf("loaders: source %q is neither a file, a folder, a glob nor a built-in source (%s): %w",
			source, strings.Join(generators.names(), ", "), fs.ErrNotExist)
	}
	return layout{}, fmt.Errorf("loaders: %w", err)
}

func locateDir(root string) (found layout, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		if d.IsDir() {
			hidden := name != "." && strings.HasPrefix(d.Name(), ".")
			if hidden || strings.Count(name, "/") >= maxDepth {
				return filepath.SkipDir
			}
			return nil
		}
		switch {
		case d.Name() == taxonomyFile:
			found.taxonomy = path
		case d.Name() == labelSetsFile:
			found.labelSets = path
		case isDataFile(d.Name()):
			found.locations = append(found.locations, readName(path, name))
		}
		return nil
	})
	if err != nil {
		return layout{}, fmt.Errorf("loaders: %s: %w", root, err)
	}
	if len(found.locations) == 0 {
		return layout{}, fmt.Errorf("loaders: %s: %w: want .parquet or .csv files, here or in data/, complete/, judge_evaluations/", root, ErrNoData)
	}
	slices.SortFunc(found.locations, func(a, b location) int { return strings.Compare(a.name, b.name) })
	return found, nil
}

func isDataFile(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return (ext == ".parquet" || ext == ".csv") && !strings.HasPrefix(name, ".")
}

var shardName = regexp.MustCompile(`^(.+)-(\d{5})-of-(\d{5})$`)

// readName takes config, split and shard from a file's name and folder.
func readName(path, name string) location {
	loc := location{path: path, name: name, shard: -1}
	base := filepath.Base(path)
	loc.split = strings.TrimSuffix(base, filepath.Ext(base))
	if m := shardName.FindStringSubmatch(loc.split); m != nil {
		loc.split = m[1]
		loc.shard, _ = strconv.Atoi(m[2]) // five digits
		loc.shards, _ = strconv.Atoi(m[3])
	}
	switch folder := filepath.Base(filepath.Dir(path)); {
	case folder == ConfigComplete, loc.split == "train", loc.split == ConfigComplete:
		loc.config, loc.split = ConfigComplete, ConfigComplete
	case folder == ConfigLabels, loc.split == ConfigLabels:
		loc.config = ConfigLabels
	case folder == ConfigJudges, binOf(loc.split) != "":
		loc.config = ConfigJudges
	case isPaperSplit(loc.split):
		loc.config = ConfigDefault
	}
	return loc
}

func isPaperSplit(name string) bool {
	return slices.ContainsFunc(analysis.PaperModelSets(), func(s analysis.ModelSet) bool { return s.Name == name })
}

var binName = regexp.MustCompile(`(\d+(?:\.\d+)?)[^\d.]+(\d+(?:\.\d+)?)`)

// binOf reads a disagreement bin such as std_0.0_to_1.0 or "[0.0, 1.0)"
// and writes it as 0.0-1.0. It returns "" where there is none.
func binOf(name string) string {
	m := binName.FindStringSubmatch(name)
	if m == nil {
		return ""
	}
	lo, err1 := strconv.ParseFloat(m[1], 64)
	hi, err2 := strconv.ParseFloat(m[2], 64)
	if err1 != nil || err2 != nil || lo >= hi || hi > analysis.MaxScore/2 {
		return ""
	}
	return analysis.BinName(lo, hi)
}

// checkShards refuses two generations of shards in one split and warns of
// missing ones.
func checkShards(locations []location) (warnings []error, err error) {
	type group struct{ config, split string }
	found := map[group][]location{}
	var order []group
	for _, l := range locations {
		if l.shard < 0 {
			continue
		}
		g := group{l.config, l.split}
		if found[g] == nil {
			order = append(order, g)
		}
		found[g] = append(found[g], l)
	}
	for _, g := range order {
		shards := found[g]
		have := map[int]bool{}
		for _, l := range shards {
			if l.shards != shards[0].shards {
				return nil, fmt.Errorf("loaders: %s and %s: shards of %d and of %d files in one split; keep one generation",
					shards[0].name, l.name, shards[0].shards, l.shards)
			}
			have[l.shard] = true
		}
		if len(have) != shards[0].shards {
			warnings = append(warnings, fmt.Errorf("split %s: %d of %d shards are here", g.split, len(have), shards[0].shards))
		}
	}
	return warnings, nil
}
