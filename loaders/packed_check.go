package loaders

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A PackedFile is one file of the packed cache.
type PackedFile struct {
	Path    string
	Sources []string // what it was made from, where that can be read
	Size    int64
	Other   bool  // of another version of the format: not looked at, and made anew when needed
	Err     error // why it cannot be trusted; nil for a whole one
}

// PackedFiles reads every file of the packed cache to its end and compares
// all checksums, by name. Whether a source has changed since is not looked
// at: opening does that. No cache is no error. The error is that of a folder
// that cannot be read, or the context's.
func PackedFiles(ctx context.Context) ([]PackedFile, error) {
	dir, err := CacheDir()
	if err != nil {
		return nil, err
	}
	dir = filepath.Join(dir, "packed")
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("loaders: %w", err)
	}
	var files []PackedFile
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("loaders: %w", err)
		}
		if !strings.HasSuffix(e.Name(), ".pack") || e.IsDir() {
			continue
		}
		f := PackedFile{Path: filepath.Join(dir, e.Name())}
		if info, err := e.Info(); err == nil {
			f.Size = info.Size()
		}
		f.Sources, f.Err = checkPack(f.Path)
		if errors.Is(f.Err, errPackVersion) {
			f.Other, f.Err = true, nil
		}
		files = append(files, f)
	}
	return files, nil
}

func checkPack(path string) (sources []string, err error) {
	data, err := mapFile(path)
	if err != nil {
		return nil, fmt.Errorf("loaders: %w", err)
	}
	p, err := parsePack(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrNotPacked, filepath.Base(path), err)
	}
	return p.manifest.Identity.Sources, p.verify()
}
