package loaders_test

import (
	"path/filepath"
	"testing"

	"github.com/specstress/specstress/loaders"
)

func TestCacheDir(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("SPECSTRESS_CACHE", dir)
	if got, err := loaders.CacheDir(); got != dir || err != nil {
		t.Errorf("CacheDir() = %s, %v, want %s", got, err, dir)
	}
	t.Setenv("SPECSTRESS_CACHE", "relative")
	if got, err := loaders.CacheDir(); !filepath.IsAbs(got) || filepath.Base(got) != "relative" || err != nil {
		t.Errorf("CacheDir() = %s, %v, want an absolute path", got, err)
	}
	t.Setenv("SPECSTRESS_CACHE", "")
	if got, err := loaders.CacheDir(); err != nil || filepath.Base(got) != "specstress" {
		t.Errorf("CacheDir() = %s, %v, want the user's cache folder", got, err)
	}
}
