package hub

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/specstress/specstress/loaders"
)

// TestCache lists, damages, verifies and clears what reading left.
func TestCache(t *testing.T) {
	_, data := bigHub(t)
	is := listOne(t)
	if _, err := readSpan(context.Background(), is, 1_000_000, 5000); err != nil {
		t.Fatal(err)
	}
	if _, err := Download(context.Background(), is, "main"); err != nil {
		t.Fatal(err)
	}
	items, err := Cache()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[CacheKind]CacheItem{}
	for _, i := range items {
		kinds[i.Kind] = i
	}
	if c := kinds[Columns]; c.Name != is.Address || c.Bytes < 5000 {
		t.Errorf("columns: %+v, want those of %s", c, is.Address)
	}
	if w := kinds[Whole]; w.Name != testRepo || w.Files != 1 || w.Bytes != int64(len(data)) {
		t.Errorf("whole: %+v, want one file of %d bytes", w, len(data))
	}

	block, err := filepath.Glob(filepath.Join(kinds[Columns].Path, "1000000-*"))
	if err != nil || len(block) != 1 {
		t.Fatalf("blocks %v, %v", block, err)
	}
	whole := filepath.Join(repoDir(), "blobs", is.OID)
	for _, file := range []string{block[0], whole} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		b[100] ^= 1
		if err := os.WriteFile(file, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var damaged []string
	if err := VerifyCache(context.Background(), func(f CacheFinding) { damaged = append(damaged, f.Damaged...) }); err != nil {
		t.Fatal(err)
	}
	if len(damaged) != 2 || damaged[0] != block[0] || damaged[1] != whole {
		t.Errorf("damaged: %v, want %s and %s", damaged, block[0], whole)
	}
	if _, err := os.Stat(block[0]); !os.IsNotExist(err) {
		t.Errorf("the damaged range was not removed: %v", err)
	}

	if _, err := CleanCache(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(whole); err != nil {
		t.Errorf("cleaning removed a whole file: %v", err)
	}
	if items, err := Cache(); err != nil || len(items) != 1 || items[0].Kind != Whole {
		t.Errorf("after cleaning: %v, %v, want the whole file only", items, err)
	}
}

// TestCleanSparesTheOtherCache: our cache may have been put where Python's
// is.
func TestCleanSparesTheOtherCache(t *testing.T) {
	bigHub(t)
	t.Setenv("SPECSTRESS_CACHE", os.Getenv("HF_HOME"))
	is := listOne(t)
	file, err := Download(context.Background(), is, "main")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := CleanCache(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); err != nil {
		t.Errorf("cleaning removed it: %v", err)
	}
}

// TestFetchColumns: what a set of columns costs is told before, and what was
// fetched is read offline; texts are not fetched with positions.
func TestFetchColumns(t *testing.T) {
	_, files := sampleFiles(t)
	s := newHub(t, files)
	ctx := context.Background()
	d, err := loaders.Open(ctx, testSource+"/complete", loaders.Options{Pick: func(config, split string) bool { return config == loaders.ConfigComplete }})
	if err != nil {
		t.Fatal(err)
	}
	var costs []int64
	for _, set := range []loaders.ColumnSet{loaders.MetadataColumns, loaders.PositionColumns, loaders.QueryColumns} {
		cost, err := d.FetchCost(ctx, set)
		if err != nil {
			t.Fatal(err)
		}
		costs = append(costs, cost.Bytes)
	}
	if costs[0] > costs[1] || costs[1] > costs[2] {
		t.Errorf("metadata, positions, queries cost %v bytes, want each to include the one before", costs)
	}
	if err := d.Fetch(ctx, loaders.QueryColumns); err != nil {
		t.Fatal(err)
	}
	if cost, err := d.FetchCost(ctx, loaders.QueryColumns); err != nil || cost != (loaders.Cost{}) {
		t.Errorf("afterwards it costs %+v, %v, want nothing", cost, err)
	}
	t.Setenv("HF_HUB_OFFLINE", "1")
	s.requests()
	all, err := d.Scenarios(ctx, loaders.ConfigComplete)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := all.Text(ctx, "query", 0, all.Rows()/2, all.Rows()-1); err != nil {
		t.Error(err)
	}
	if _, err := d.FetchCost(ctx, "position"); err == nil {
		t.Error("a misspelt set of columns was taken")
	}
	if _, err := d.Pack(ctx); err == nil {
		t.Error("a part of a source was packed as the whole")
	}
}

// TestResponses reads texts by scenario key: those that reading by row gives.
func TestResponses(t *testing.T) {
	_, files := sampleFiles(t)
	newHub(t, files)
	ctx := context.Background()
	d, err := loaders.Open(ctx, testSource+"/complete", loaders.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all, err := d.Scenarios(ctx, loaders.ConfigComplete)
	if err != nil {
		t.Fatal(err)
	}
	rows := []int{700, 3, 700}
	want, err := all.Text(ctx, "response_o3", rows...)
	if err != nil {
		t.Fatal(err)
	}
	keys := make([]loaders.Key, len(rows))
	for i, row := range rows {
		keys[i], _ = all.Key(row)
	}
	got, err := all.Responses(ctx, "o3", keys...)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if got[i] != want[i] || want[i] == "" {
			t.Errorf("scenario %s: %.40q, want %.40q", keys[i], got[i], want[i])
		}
	}
	if _, err := all.Responses(ctx, "o3", loaders.Key{Chunk: -1, Entry: 2, Nudge: "neutral"}); err == nil {
		t.Error("a key that no row has gave a response")
	}
	if _, err := all.Responses(ctx, "o33", keys...); err == nil {
		t.Error("a misspelt model gave a response")
	}
}
