package hub

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/specstress/specstress/loaders"
)

// A CacheItem is one thing in a cache, as people think of it.
type CacheItem struct {
	Kind  CacheKind
	Name  string // a repository or file
	Path  string // folder or file on the disk
	Files int
	Bytes int64
}

// A CacheKind says what a cached thing is and whose.
type CacheKind string

// The kinds.
const (
	Columns CacheKind = "columns" // ranges of a file, fetched for some columns; ours
	Packed  CacheKind = "packed"  // what notebook cells read; ours
	Whole   CacheKind = "whole"   // files of a repository, shared with huggingface_hub
)

// Cache lists what is in our cache, and the whole files of dataset
// repositories in that of huggingface_hub.
func Cache() ([]CacheItem, error) {
	var items []CacheItem
	stores, err := blockStores()
	if err != nil {
		return nil, err
	}
	for _, s := range stores {
		item := CacheItem{Kind: Columns, Name: s.owner.Address, Path: s.dir}
		for _, at := range s.list(s.owner.Size) {
			item.Files++
			item.Bytes += at.end - at.start
		}
		items = append(items, item)
	}
	packed, err := packedFolder()
	if err != nil {
		return nil, err
	}
	packs, err := filepath.Glob(filepath.Join(packed, "*.pack"))
	if err != nil {
		return nil, err
	}
	for _, p := range packs {
		if info, err := os.Stat(p); err == nil {
			items = append(items, CacheItem{Packed, filepath.Base(p), p, 1, info.Size()})
		}
	}
	env, err := readEnvironment()
	if err != nil {
		return nil, err
	}
	repos, err := filepath.Glob(filepath.Join(env.hubCache, "datasets--*"))
	if err != nil {
		return nil, err
	}
	for _, dir := range repos {
		item := CacheItem{Kind: Whole, Name: repoOf(filepath.Base(dir)), Path: dir}
		for _, b := range blobsOf(dir) {
			item.Files++
			item.Bytes += b.size
		}
		items = append(items, item)
	}
	slices.SortFunc(items, func(a, b CacheItem) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name)) })
	return items, nil
}

func packedFolder() (string, error) {
	dir, err := loaders.CacheDir()
	return filepath.Join(dir, "packed"), err
}

func repoOf(folder string) string {
	return strings.Replace(strings.TrimPrefix(folder, "datasets--"), "--", "/", 1)
}

// A blob is a whole file of a repository, under its object id.
type blob struct {
	oid  string
	size int64
}

// blobsOf lists the whole files of a repository's folder; some may be links
// to huggingface_hub's shared store.
func blobsOf(dir string) []blob {
	entries, _ := os.ReadDir(filepath.Join(dir, "blobs"))
	var blobs []blob
	for _, e := range entries {
		info, err := os.Stat(filepath.Join(dir, "blobs", e.Name()))
		if err == nil && info.Mode().IsRegular() && contentID.MatchString(e.Name()) {
			blobs = append(blobs, blob{e.Name(), info.Size()})
		}
	}
	return blobs
}

type ownedStore struct {
	blockStore
	owner blockOwner
}

// blockStores lists the stores in our cache. A folder that does not say
// whose it is holds nothing that can be used.
func blockStores() ([]ownedStore, error) {
	dir, err := cacheDir()
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(filepath.Join(dir, "blocks"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var stores []ownedStore
	for _, e := range entries {
		s := ownedStore{blockStore: blockStore{dir: filepath.Join(dir, "blocks", e.Name())}}
		if readSealed(filepath.Join(s.dir, ownerFile), &s.owner) == nil {
			s.oid = s.owner.OID
			stores = append(stores, s)
		}
	}
	return stores, nil
}

// A CacheFinding is the outcome of looking at one thing in a cache.
type CacheFinding struct {
	Item    CacheItem
	Good    int
	Damaged []string // paths
}

// VerifyCache reads everything in our cache, and the whole files of the
// repositories that we have read, and compares checksums and hashes.
// Damaged ranges of ours are removed, as they can be fetched again; a
// damaged whole file is only named, for it may be Python's.
func VerifyCache(ctx context.Context, report func(CacheFinding)) error {
	items, err := Cache()
	if err != nil {
		return err
	}
	read := readRepos()
	for _, item := range items {
		found := CacheFinding{Item: item}
		switch item.Kind {
		case Columns:
			err = found.blocks(ctx)
		case Whole:
			if !read[item.Name] {
				continue
			}
			err = found.whole(ctx)
		default:
			continue // checked by sums of its own whenever it is read
		}
		if err != nil {
			return err
		}
		report(found)
	}
	return nil
}

func (f *CacheFinding) blocks(ctx context.Context) error {
	stores, err := blockStores()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(stores, func(s ownedStore) bool { return s.dir == f.Item.Path })
	if i < 0 {
		return nil // removed meanwhile
	}
	for _, at := range stores[i].list(stores[i].owner.Size) {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		if _, err := stores[i].load(at); err != nil {
			f.Damaged = append(f.Damaged, stores[i].file(at))
		} else {
			f.Good++
		}
	}
	return nil
}

func (f *CacheFinding) whole(ctx context.Context) error {
	for _, b := range blobsOf(f.Item.Path) {
		name := filepath.Join(f.Item.Path, "blobs", b.oid)
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		h := newHash(b.oid, b.size)
		_, err = io.Copy(h, &cancellable{ctx, file})
		file.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if sumIs(h, b.oid) != nil {
			f.Damaged = append(f.Damaged, name)
		} else {
			f.Good++
		}
	}
	return nil
}

// readRepos is the repositories of which we have a list of files.
func readRepos() map[string]bool {
	repos := map[string]bool{}
	dir, err := cacheDir()
	if err != nil {
		return repos
	}
	notes, _ := filepath.Glob(filepath.Join(dir, "trees", "*.json"))
	for _, n := range notes {
		var t tree
		if readSealed(n, &t) == nil {
			repos[t.Repo] = true
		}
	}
	return repos
}

// CleanCache removes what is ours and can be fetched or made again, and says
// how much that was. Whole files are huggingface_hub's: hf cache removes
// them.
func CleanCache() (bytes int64, err error) {
	dir, err := cacheDir()
	if err != nil {
		return 0, err
	}
	packed, err := packedFolder()
	if err != nil {
		return 0, err
	}
	for _, d := range []string{filepath.Join(dir, "blocks"), filepath.Join(dir, "trees"), filepath.Join(dir, "refs"), filepath.Join(dir, "verified"), packed} {
		walkErr := filepath.WalkDir(d, func(_ string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() {
				if info, err := e.Info(); err == nil {
					bytes += info.Size()
				}
			}
			return nil
		})
		err = errors.Join(err, walkErr, os.RemoveAll(d))
	}
	return bytes, err
}
