package hub

import (
	"context"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"github.com/specstress/specstress/loaders"
)

// ErrNoSpace: the disk is too full for what was asked.
var ErrNoSpace = errors.New("not enough space on the disk")

// Download fetches a whole file of a listing into the cache of
// huggingface_hub, where it is there for Python too, unless it is there, and
// returns its path. Its size and hash are compared with the listing's before
// it gets its name, so that a half or wrong file never has one. What a
// download that was cut short has fetched is used by the next. Processes,
// Python's among them, take turns.
//
// revision, unless it is a commit or "", is noted as standing for the file's
// commit.
func Download(ctx context.Context, f loaders.RemoteFile, revision string) (string, error) {
	a, err := parseAddress(f.Address)
	if err != nil {
		return "", err
	}
	c, err := currentClient()
	if err != nil {
		return "", err
	}
	d := &download{c: c, at: a, is: entry{f.Path, f.Size, f.OID}}
	file, err := d.run(ctx, revision)
	if err != nil && !strings.Contains(err.Error(), a.String()) {
		err = fmt.Errorf("%s: %w", a, err)
	}
	return file, err
}

// A download is one file on its way into the cache.
type download struct {
	c    *client
	at   address
	is   entry
	root *os.Root // of the repository in the cache
}

func (d *download) run(ctx context.Context, revision string) (file string, err error) {
	if err := checkName(d.is.Path); err != nil {
		return "", err
	}
	if !commitID.MatchString(d.at.revision) || d.at.path != d.is.Path || !contentID.MatchString(d.is.OID) {
		return "", fmt.Errorf("not an address of one file of one commit with a known id")
	}
	folder := filepath.Join(d.c.env.hubCache, d.at.folder())
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	if d.root, err = os.OpenRoot(folder); err != nil {
		return "", err
	}
	defer d.root.Close()
	unlock, err := d.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()
	if err := d.blob(ctx); err != nil {
		return "", err
	}
	if err := d.link(ctx); err != nil {
		return "", err
	}
	if revision != "" && !commitID.MatchString(revision) {
		err = d.note(revision)
	}
	return filepath.Join(folder, filepath.FromSlash(snapshotName(d.at.revision, d.is.Path))), err
}

// lock waits for the file's lock, which is huggingface_hub's too.
func (d *download) lock(ctx context.Context) (unlock func(), err error) {
	dir := filepath.Join(d.c.env.hubCache, ".locks", d.at.folder())
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	l := flock.New(filepath.Join(dir, d.is.OID+".lock"))
	if _, err := l.TryLockContext(ctx, d.c.env.pause/10+1); err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	return func() { l.Unlock() }, nil
}

func (d *download) blobName() string { return path.Join("blobs", d.is.OID) }

// blob makes sure that the bytes are there and right.
func (d *download) blob(ctx context.Context) error {
	if err := d.root.MkdirAll("blobs", 0o755); err != nil {
		return err
	}
	old, verified, err := d.c.openSnapshot(ctx, d.at, d.is)
	if err == nil {
		old.Close()
		if verified {
			return nil
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, errHash) {
		return err
	}
	if d.c.env.offline {
		return ErrOffline
	}
	err = d.fetch(ctx)
	if errors.Is(err, errHash) {
		// What an earlier download left may have been wrong: once more,
		// from the start.
		err = d.fetch(ctx)
	}
	return err
}

const incomplete = ".incomplete"

// fetch gets the bytes, after those that an earlier download left.
func (d *download) fetch(ctx context.Context) error {
	f, name, have, err := d.partFile()
	if err != nil {
		return err
	}
	keep := true // for the next download
	defer func() {
		f.Close()
		if !keep {
			d.root.Remove(name)
		}
	}()
	if free, known := freeSpace(filepath.Join(d.root.Name(), "blobs")); known && uint64(d.is.Size-have) > free {
		return fmt.Errorf("%w: %d bytes are needed in %s, %d are free", ErrNoSpace, d.is.Size-have, d.root.Name(), free)
	}
	h := newHash(d.is.OID, d.is.Size)
	if _, err := io.Copy(h, &cancellable{ctx, io.NewSectionReader(f, 0, have)}); err != nil {
		return err
	}
	if err := d.c.sourceOf(d.at, d.is).fetch(ctx, span{have, d.is.Size}, &hashWriter{f, h}); err != nil {
		return err
	}
	if err := sumIs(h, d.is.OID); err != nil {
		keep = false
		return err
	}
	if err := errors.Join(f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := d.root.Rename(name, d.blobName()); err != nil {
		return err
	}
	where := filepath.Join(d.root.Name(), "blobs", d.is.OID)
	if real, err := filepath.EvalSymlinks(where); err == nil {
		where = real
	}
	recordProof(where, d.is.OID)
	return nil
}

// A hashWriter hashes what reached the file.
type hashWriter struct {
	f *os.File
	h hash.Hash
}

func (w *hashWriter) Write(b []byte) (int, error) {
	n, err := w.f.Write(b)
	w.h.Write(b[:n])
	return n, err
}

// partFile opens the longest part that an earlier download left, or a new
// one, and removes the others. The lock is ours, so nobody writes to them.
func (d *download) partFile() (f *os.File, name string, have int64, err error) {
	dir, err := d.root.Open("blobs")
	if err != nil {
		return nil, "", 0, err
	}
	names, err := dir.Readdirnames(-1)
	dir.Close()
	if err != nil {
		return nil, "", 0, err
	}
	best := ""
	for _, n := range names {
		if !strings.HasPrefix(n, d.is.OID+".") || !strings.HasSuffix(n, incomplete) {
			continue
		}
		n = path.Join("blobs", n)
		info, err := d.root.Lstat(n)
		ok := err == nil && info.Mode().IsRegular() && info.Size() <= d.is.Size
		if ok && (best == "" || info.Size() > have) {
			best, n, have = n, best, info.Size()
		}
		if n != "" {
			d.root.Remove(n) // if that fails, it only wastes space
		}
	}
	flags := os.O_RDWR | os.O_APPEND
	if best == "" {
		best, flags, have = fmt.Sprintf("%s.%d-%d%s", d.blobName(), os.Getpid(), serial.Add(1), incomplete), flags|os.O_CREATE|os.O_EXCL, 0
	}
	f, err = d.root.OpenFile(best, flags, 0o644)
	return f, best, have, err
}

// link puts the file into the snapshot of its commit.
func (d *download) link(ctx context.Context) error {
	name := snapshotName(d.at.revision, d.is.Path)
	target := strings.Repeat("../", strings.Count(name, "/")) + d.blobName()
	if err := d.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	if is, err := d.root.Readlink(name); err == nil && filepath.ToSlash(is) == target {
		return nil
	}
	if info, err := d.root.Lstat(name); err == nil && info.Mode().IsRegular() && info.Size() == d.is.Size {
		f, verified, err := d.c.openSnapshot(ctx, d.at, d.is)
		if err == nil {
			f.Close()
		}
		if verified {
			return nil // where links cannot be made
		}
	}
	tmp := fmt.Sprintf("%s.%d-%d.link", name, os.Getpid(), serial.Add(1))
	if err := d.root.Symlink(filepath.FromSlash(target), tmp); err != nil {
		if err := d.root.Link(d.blobName(), tmp); err != nil {
			return fmt.Errorf("neither a symbolic nor a hard link can be made in %s: %w", d.root.Name(), err)
		}
	}
	if err := d.root.Rename(tmp, name); err != nil {
		d.root.Remove(tmp)
		return err
	}
	return nil
}

// note writes which commit a revision stands for.
func (d *download) note(revision string) error {
	name := path.Join("refs", revision)
	if old, err := d.root.ReadFile(name); err == nil && string(old) == d.at.revision {
		return nil
	}
	if err := d.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	tmp := fmt.Sprintf("%s.%d-%d.tmp", name, os.Getpid(), serial.Add(1))
	if err := d.root.WriteFile(tmp, []byte(d.at.revision), 0o644); err != nil {
		return err
	}
	return d.root.Rename(tmp, name)
}

// Have reports whether a whole file of a listing is in the cache of
// huggingface_hub, going by its size.
func Have(f loaders.RemoteFile) bool {
	a, err := parseAddress(f.Address)
	if err != nil || checkName(f.Path) != nil {
		return false
	}
	c, err := currentClient()
	if err != nil {
		return false
	}
	root, err := c.cacheRoot()
	if err != nil {
		return false
	}
	defer root.Close()
	info, err := root.Stat(path.Join(a.folder(), "blobs", f.OID))
	return err == nil && info.Size() == f.Size
}
