package hub

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/specstress/specstress/internal/hubtest"
	"github.com/specstress/specstress/loaders"
)

// TestSharedBlobs reads a file where huggingface_hub 2.4.0 leaves it after a
// download through Xet: the blob is a link to the store blobs/ that all
// repositories of the cache share (huggingface_hub 2.4.0,
// utils/_shared_blobs.py; internal/hubtest/python/interop.py has that code
// make one).
func TestSharedBlobs(t *testing.T) {
	content := []byte("the published bytes")
	repo := hubtest.NewRepo(tortureRepo)
	commit := repo.Commit("files", hubtest.Bytes("data/a.parquet", content))
	s, err := hubtest.Start(hubtest.Options{Xet: true}, repo)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	dir := t.TempDir()
	setEnvironment(t, s.Endpoint, dir)
	oid, xet := sha256Of(content), sha256Of([]byte("xet"))
	cache := filepath.Join(dir, "hf", "hub")
	stored := filepath.Join(cache, "blobs", xet[:2], xet)
	blob := filepath.Join(cache, "datasets--owner--name", "blobs", oid)
	file := filepath.Join(cache, "datasets--owner--name", "snapshots", commit.SHA, "data", "a.parquet")
	for _, f := range []string{stored, blob, file} {
		if err := os.MkdirAll(filepath.Dir(f), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(stored, content, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join("..", "..", "blobs", xet[:2], xet), blob); err != nil {
		t.Skipf("no links can be made here: %v", err)
	}
	if err := os.Symlink(filepath.Join("..", "..", "..", "blobs", oid), file); err != nil {
		t.Fatal(err)
	}

	ctx := context.Background()
	list, err := remote{}.List(ctx, "hf://datasets/"+tortureRepo, nil)
	if err != nil {
		t.Fatal(err)
	}
	f, err := remote{}.Open(ctx, list.Files[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if v, ok := f.(loaders.VerifiedFile); !ok || !v.Verified() {
		t.Errorf("not read from the store: %T", f)
	}
	if !Have(list.Files[0]) {
		t.Error("not found in the store")
	}
	if _, err := Download(ctx, list.Files[0], "main"); err != nil {
		t.Error(err)
	}
	if is, err := os.Readlink(blob); err != nil || filepath.Base(is) != xet {
		t.Errorf("the link to the store was replaced: %q, %v", is, err)
	}
	if n := s.Counts()[hubtest.CDN].Requests; n > 0 {
		t.Errorf("%d requests to the CDN", n)
	}
	items, err := Cache()
	if err != nil || len(items) == 0 || items[len(items)-1].Files != 1 {
		t.Errorf("cache: %+v, %v", items, err)
	}
}
