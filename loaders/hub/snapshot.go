package hub

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// The cache of huggingface_hub, as huggingface.co/docs/hub/local-cache
// describes it:
//
//	datasets--owner--name/refs/main            the commit of a revision
//	datasets--owner--name/snapshots/COMMIT/…   a link for each file
//	datasets--owner--name/blobs/ID             what the links lead to
//
// ID is the object id: sha256 for large files, git's id for others. Where
// links cannot be made, the snapshot holds the file itself. A blob may itself
// be a link, to a store that the repositories of that cache share
// (huggingface_hub 2.4).

// cacheRoot opens that cache for reading. Nothing that is opened through it
// lies outside, whatever links were planted there.
func (c *client) cacheRoot() (*os.Root, error) { return os.OpenRoot(c.env.hubCache) }

// snapshotName is a file's path below the repository's folder. The name has
// been checked.
func snapshotName(commit, name string) string { return path.Join("snapshots", commit, name) }

// snapshotRef is the commit that huggingface_hub last saw for a revision, or
// "".
func (c *client) snapshotRef(a address) string {
	root, err := c.cacheRoot()
	if err != nil {
		return ""
	}
	defer root.Close()
	text, err := root.ReadFile(path.Join(a.folder(), "refs", a.revision))
	if err != nil {
		return ""
	}
	if commit := strings.TrimSpace(string(text)); commitID.MatchString(commit) {
		return commit
	}
	return ""
}

// snapshotEntries lists what is there of a commit. A file whose link does
// not tell its id has none, and so cannot be verified.
func (c *client) snapshotEntries(a address, commit string) ([]entry, error) {
	root, err := c.cacheRoot()
	if err != nil {
		return nil, err
	}
	defer root.Close()
	base := path.Join(a.folder(), snapshotName(commit, ""))
	var found []entry
	err = fs.WalkDir(root.FS(), base, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := root.Stat(p)
		if err != nil || !info.Mode().IsRegular() {
			return nil // a link that leads nowhere, or outside
		}
		e := entry{Path: strings.TrimPrefix(p, base+"/"), Size: info.Size()}
		if target, err := root.Readlink(p); err == nil {
			if id := path.Base(filepath.ToSlash(target)); contentID.MatchString(id) {
				e.OID = id
			}
		}
		found = append(found, e)
		return nil
	})
	return found, err
}

// openSnapshot opens a whole file that is in the cache, verified, or gives
// fs.ErrNotExist. A file of another size than listed is one that is not
// there: huggingface_hub may still be writing it.
func (c *client) openSnapshot(ctx context.Context, a address, e entry) (f *os.File, verified bool, err error) {
	root, err := c.cacheRoot()
	if err != nil {
		return nil, false, fs.ErrNotExist
	}
	defer root.Close()
	name := path.Join(a.folder(), snapshotName(a.revision, e.Path))
	f, err = root.Open(name)
	if err != nil {
		// Another commit may have had the same bytes.
		if e.OID == "" {
			return nil, false, fs.ErrNotExist
		}
		name = path.Join(a.folder(), "blobs", e.OID)
		if f, err = root.Open(name); err != nil {
			return nil, false, fs.ErrNotExist
		}
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() != e.Size {
		f.Close()
		return nil, false, fs.ErrNotExist
	}
	where := filepath.Join(root.Name(), filepath.FromSlash(name))
	if real, err := filepath.EvalSymlinks(where); err == nil {
		where = real // the blob, whichever snapshot it was reached through
	}
	verified, err = verifyOnce(ctx, f, where, info, e.OID)
	if err != nil {
		f.Close()
		if errors.Is(err, errHash) {
			err = fmt.Errorf("%s: %s: %w; delete that file to have it fetched again", a.file(e.Path), where, err)
		}
		return nil, false, err
	}
	return f, verified, nil
}
