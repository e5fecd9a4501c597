package sample

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/specstress/specstress/analysis"
)

// small is a sample that takes a fraction of a second.
var small = Options{Rows: 4_110, Workers: 2}

func write(t *testing.T, opt Options) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "sample")
	if err := Write(t.Context(), dir, opt); err != nil {
		t.Fatal(err)
	}
	return dir
}

// hashes reads every file below a folder.
func hashes(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		sum := sha256.Sum256(content)
		out[filepath.ToSlash(name)] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWriteSameBytes(t *testing.T) {
	one, two := small, small
	one.Workers = 1
	first := hashes(t, write(t, one))
	if again := hashes(t, write(t, one)); !maps.Equal(first, again) {
		t.Error("a second run gives other files")
	}
	if other := hashes(t, write(t, two)); !maps.Equal(first, other) {
		t.Error("two workers give other files than one")
	}
	seeded := small
	seeded.Seed = 2
	name := "complete/train-00000-of-00037.parquet"
	if other := hashes(t, write(t, seeded)); other[name] == first[name] {
		t.Error("another seed gives the same file")
	}
}

func TestManifest(t *testing.T) {
	dir := write(t, small)
	text, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		t.Fatal(err)
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, f := range m.Files {
		listed[f.Name] = f.SHA256
	}
	found := hashes(t, dir)
	delete(found, manifestName)
	if !maps.Equal(listed, found) {
		t.Errorf("manifest lists %v, found %v", listed, found)
	}
	// 37 + 4+2+3+1+2+1 + 5 + 6 parquet files, README and taxonomy.
	if len(m.Files) != 63 {
		t.Errorf("%d files, want 63", len(m.Files))
	}
}

func TestWriteRefusesOtherFolders(t *testing.T) {
	dir := t.TempDir()
	other := filepath.Join(dir, "thesis.txt")
	if err := os.WriteFile(other, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Write(t.Context(), dir, small); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("error %v, want one that names %s", err, dir)
	}
	if _, err := os.Stat(other); err != nil {
		t.Error(err)
	}
	if err := Write(t.Context(), dir, Options{Rows: -1}); err == nil {
		t.Error("a negative number of rows is accepted")
	}
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{"empty folder", "earlier sample"} {
		if err := Write(t.Context(), dir, small); err != nil {
			t.Errorf("%s: %v", state, err)
		}
	}
}

func TestCancelLeavesNothing(t *testing.T) {
	for _, after := range []time.Duration{0, 5 * time.Millisecond, 20 * time.Millisecond} {
		parent := t.TempDir()
		ctx, cancel := context.WithTimeout(t.Context(), after)
		err := Write(ctx, filepath.Join(parent, "sample"), Options{Rows: 100_000, Workers: 2})
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("after %v: error %v, want %v", after, err, context.DeadlineExceeded)
		}
		if left, _ := os.ReadDir(parent); len(left) > 0 {
			t.Errorf("after %v: %s is left", after, left[0].Name())
		}
	}
}

// Splits and bins of very small samples are empty or nearly so.
func TestTinySamples(t *testing.T) {
	for _, rows := range []int{1, 2, 36, 38, 500} {
		dir := write(t, Options{Rows: rows, Workers: 1})
		complete, _ := readAll(t, dir, "complete/*.parquet")
		if len(complete) != rows {
			t.Errorf("%d rows of complete, want %d", len(complete), rows)
		}
		readAll(t, dir, "data/*.parquet")
		readAll(t, dir, "judge_evaluations/*.parquet")
	}
}

func TestGenerateAtOnce(t *testing.T) {
	cache := t.TempDir()
	const processes = 6
	dirs := make([]string, processes)
	errs := make([]error, processes)
	var group sync.WaitGroup
	for i := range processes {
		group.Go(func() { dirs[i], errs[i] = generate(t.Context(), cache, small) })
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	if distinct := slices.Compact(dirs); len(distinct) != 1 {
		t.Errorf("folders %v, want one", distinct)
	}
	entries, err := os.ReadDir(cache)
	if err != nil || len(entries) != 1 {
		t.Errorf("cache holds %v (%v), want the sample alone", entries, err)
	}
	if got, want := hashes(t, dirs[0]), hashes(t, write(t, small)); !maps.Equal(got, want) {
		t.Error("generated sample differs from a written one")
	}
}

func TestGenerateRepairs(t *testing.T) {
	cache := t.TempDir()
	dir, err := generate(t.Context(), cache, small)
	if err != nil {
		t.Fatal(err)
	}
	want := hashes(t, dir)
	shard := filepath.Join(dir, "data", "all_models-00002-of-00004.parquet")
	for what, damage := range map[string]func() error{
		"a file is gone":         func() error { return os.Remove(shard) },
		"a file is cut":          func() error { return os.Truncate(shard, 100) },
		"the manifest is gone":   func() error { return os.Remove(filepath.Join(dir, manifestName)) },
		"the manifest is broken": func() error { return os.Truncate(filepath.Join(dir, manifestName), 50) },
		"a crash left half a sample": func() error {
			if err := os.RemoveAll(dir); err != nil {
				return err
			}
			return os.MkdirAll(filepath.Join(dir, "data"), 0o755)
		},
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		if _, err := generate(t.Context(), cache, small); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if got := hashes(t, dir); !maps.Equal(got, want) {
			t.Errorf("%s: not repaired", what)
		}
	}
	if entries, _ := os.ReadDir(cache); len(entries) != 1 {
		t.Errorf("cache holds %v, want the sample alone", entries)
	}

	// A whole sample is not made again.
	before, err := os.Stat(shard)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := generate(t.Context(), cache, small); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(shard); err != nil || !os.SameFile(before, after) {
		t.Errorf("a whole sample was replaced (%v)", err)
	}
}

func TestGenerateSweepsLeftovers(t *testing.T) {
	cache := t.TempDir()
	dir, err := generate(t.Context(), cache, small)
	if err != nil {
		t.Fatal(err)
	}
	old, recent := filepath.Join(cache, tmpPrefix(dir)+"1"), filepath.Join(cache, tmpPrefix(dir)+"2")
	for _, d := range []string{old, recent} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	longAgo := time.Now().Add(-48 * time.Hour)
	if err := errors.Join(os.Chtimes(old, longAgo, longAgo), os.RemoveAll(dir)); err != nil {
		t.Fatal(err)
	}
	if _, err := generate(t.Context(), cache, small); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the leftover of a crash two days ago is still there (%v)", err)
	}
	if _, err := os.Stat(recent); err != nil {
		t.Errorf("another process's folder was removed: %v", err)
	}
}

func TestGenerateWithoutCache(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SPECSTRESS_CACHE", filepath.Join(file, "cache"))
	_, err := Generate(t.Context())
	if err == nil || !strings.Contains(err.Error(), "SPECSTRESS_CACHE") || !strings.Contains(err.Error(), file) {
		t.Errorf("error %v, want one that names the folder and SPECSTRESS_CACHE", err)
	}
}

// The counts by level and category are those of the published tree:
// 5, 26, 266 and 3,307.
func TestTaxonomy(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(taxonomyCSV())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(rows[0], ","), "cluster_id,description,name,level,parent_cluster_id,pct_total_occurrences"; got != want {
		t.Errorf("header %s, want %s", got, want)
	}
	level := map[string]string{"": "4"}
	count := map[string]int{}
	names := map[string]bool{}
	for _, row := range rows[1:] {
		id, name, parent := row[0], row[2], row[4]
		if level[id] != "" {
			t.Errorf("%s stands twice", id)
		}
		level[id] = row[3]
		count[row[3]]++
		if want := string(row[3][0] + 1); level[parent] != want {
			t.Errorf("%s has a parent of level %s, want %s", id, level[parent], want)
		}
		if row[3] < "2" && !strings.HasPrefix(name, "synthetic ") {
			t.Errorf("invented name %q does not say so", name)
		}
		if row[3] == "0" && (name != id || name != strings.ToLower(name)) {
			t.Errorf("value %q has id %q", name, id)
		}
		if names[row[3]+name] {
			t.Errorf("level %s has two of %s", row[3], name)
		}
		names[row[3]+name] = true
	}
	if want := map[string]int{"3": 5, "2": 26, "1": 266, "0": 3307}; !maps.Equal(count, want) {
		t.Errorf("clusters by level %v, want %v", count, want)
	}
	for _, c := range analysis.Categories() {
		if !names["2"+c.Name] || !names["3"+c.Parent] {
			t.Errorf("category %s is missing", c.Name)
		}
	}
	outside := 0
	values := taxonomyValues()
	for _, v := range values {
		if !names["0"+v] {
			outside++
		}
	}
	slices.Sort(values)
	if distinct := len(slices.Compact(values)); distinct != 3302 || outside != 1 {
		t.Errorf("%d values in use, %d outside the tree; want 3302 and 1", distinct, outside)
	}
}

func TestAssumptionsComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range Assumptions() {
		if a.Of == "" || a.What == "" || a.Assumed == "" || seen[a.Of+a.What] {
			t.Errorf("assumption %+v is incomplete or repeated", a)
		}
		seen[a.Of+a.What] = true
	}
}

func BenchmarkWrite(b *testing.B) {
	for b.Loop() {
		if err := Write(b.Context(), filepath.Join(b.TempDir(), "sample"), Options{Workers: 2}); err != nil {
			b.Fatal(err)
		}
	}
}
