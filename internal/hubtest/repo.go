package hubtest

import (
	"bytes"
	"cmp"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A Repo is a dataset repository: its commits, the last of them branch main.
// It is filled before the server starts.
type Repo struct {
	ID      string // owner/name
	Private bool   // nobody sees it without the token
	Gated   bool   // its files want a token, and Approved besides
	// Approved says whether the token's owner was let through the gate.
	Approved bool

	commits []*Commit
}

// A Commit is one state of a repository.
type Commit struct {
	SHA   string
	Title string
	Date  time.Time
	Files []*File // by path

	entries map[string]*entry // files and folders by path, "" the root
}

// A File is one file of a commit.
type File struct {
	Path   string
	Size   int64
	OID    string // of the git blob: the content's, or the LFS pointer's
	SHA256 string // of the content of LFS files; "" for files kept in git
	open   func() (io.ReadSeekCloser, error)
}

// An entry is a node of a commit's tree.
type entry struct {
	path     string
	oid      string
	file     *File // nil for folders
	children []*entry
}

// NewRepo is an empty repository; its first Commit makes branch main.
func NewRepo(id string) *Repo { return &Repo{ID: id} }

// Bytes is a file with the given content. It is an LFS file where the Hub
// would make it one.
func Bytes(name string, content []byte) *File {
	sum := sha256.Sum256(content)
	f := &File{Path: name, Size: int64(len(content)), open: func() (io.ReadSeekCloser, error) {
		return readSeekNopCloser{bytes.NewReader(content)}, nil
	}}
	if isLFS(name, f.Size) {
		f.SHA256 = hex.EncodeToString(sum[:])
		f.OID = gitID("blob", f.Pointer())
	} else {
		f.OID = gitID("blob", content)
	}
	return f
}

type readSeekNopCloser struct{ io.ReadSeeker }

func (readSeekNopCloser) Close() error { return nil }

// Folder lists the files below dir, hashing each once. Their content must
// not change while a server serves them.
func Folder(dir string) ([]*File, error) {
	var files []*File
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		f, err := onDisk(name, filepath.ToSlash(rel))
		if err != nil {
			return fmt.Errorf("hubtest: %s: %w", name, err)
		}
		files = append(files, f)
		return nil
	})
	return files, err
}

func onDisk(name, rel string) (*File, error) {
	f := &File{Path: rel, open: func() (io.ReadSeekCloser, error) { return os.Open(name) }}
	r, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	info, err := r.Stat()
	if err != nil {
		return nil, err
	}
	f.Size = info.Size()
	if !isLFS(rel, f.Size) {
		content, err := io.ReadAll(r)
		f.OID = gitID("blob", content)
		return f, err
	}
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return nil, err
	}
	f.SHA256 = hex.EncodeToString(h.Sum(nil))
	f.OID = gitID("blob", f.Pointer())
	return f, nil
}

// isLFS follows the .gitattributes that the Hub gives a new dataset
// repository, and its limit of 10 MB for files kept in git.
func isLFS(name string, size int64) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".parquet", ".arrow", ".zip", ".gz", ".zst", ".bz2", ".7z", ".tar", ".npy", ".npz", ".pickle", ".pkl", ".h5", ".bin", ".png", ".jpg", ".wav", ".mp3", ".mp4":
		return true
	}
	return size >= 10_000_000
}

// Pointer is what git keeps in place of an LFS file. Format:
// github.com/git-lfs/git-lfs/blob/main/docs/spec.md.
func (f *File) Pointer() []byte {
	return fmt.Appendf(nil, "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n", f.SHA256, f.Size)
}

// ETag is the name of the file's content: what X-Linked-ETag says and what
// huggingface_hub calls the blob in its cache.
func (f *File) ETag() string {
	if f.SHA256 != "" {
		return f.SHA256
	}
	return f.OID
}

// Content reads the whole file.
func (f *File) Content() ([]byte, error) {
	r, err := f.open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// Commit adds a commit of the given files, all of them, and moves main to
// it. Names of files are not checked: a hostile repository is one that
// tests want.
func (r *Repo) Commit(title string, files ...*File) *Commit {
	c := &Commit{
		Title: title,
		// A fixed clock, so that the same files have the same commit id.
		Date:  time.Date(2025, 10, 1, 12, 0, len(r.commits), 0, time.UTC),
		Files: slices.SortedFunc(slices.Values(files), func(a, b *File) int { return cmp.Compare(a.Path, b.Path) }),
	}
	root := c.buildTree()
	var parent string
	if n := len(r.commits); n > 0 {
		parent = "parent " + r.commits[n-1].SHA + "\n"
	}
	by := fmt.Sprintf("hubtest <hubtest@localhost> %d +0000", c.Date.Unix())
	c.SHA = gitID("commit", fmt.Appendf(nil, "tree %s\n%sauthor %s\ncommitter %s\n\n%s\n", root.oid, parent, by, by, title))
	r.commits = append(r.commits, c)
	return c
}

// at finds a commit by full id or as branch main.
func (r *Repo) at(revision string) *Commit {
	for i, c := range r.commits {
		if c.SHA == revision || revision == "main" && i == len(r.commits)-1 {
			return c
		}
	}
	return nil
}

// File finds a file of the commit, nil if there is none.
func (c *Commit) File(name string) *File {
	if e := c.entries[name]; e != nil {
		return e.file
	}
	return nil
}

// buildTree makes the folders and gives each the id that git would.
func (c *Commit) buildTree() *entry {
	root := &entry{}
	c.entries = map[string]*entry{"": root}
	for _, f := range c.Files {
		e := &entry{path: f.Path, oid: f.OID, file: f}
		c.entries[f.Path] = e
		for name := f.Path; ; {
			name = strings.TrimPrefix(path.Dir("/"+name), "/")
			if name == "." {
				name = ""
			}
			folder, known := c.entries[name]
			if !known {
				folder = &entry{path: name}
				c.entries[name] = folder
			}
			folder.children = append(folder.children, e)
			if known {
				break
			}
			e = folder
		}
	}
	root.settle()
	return root
}

func (e *entry) settle() {
	// Git sorts folders as if their names ended in a slash.
	key := func(e *entry) string {
		if e.file == nil {
			return e.path + "/"
		}
		return e.path
	}
	slices.SortFunc(e.children, func(a, b *entry) int { return cmp.Compare(key(a), key(b)) })
	var tree []byte
	for _, child := range e.children {
		mode := "100644"
		if child.file == nil {
			child.settle()
			mode = "40000"
		}
		id, _ := hex.DecodeString(child.oid)
		tree = fmt.Appendf(tree, "%s %s\x00%s", mode, path.Base(child.path), id)
	}
	e.oid = gitID("tree", tree)
}

// list appends what lies in a folder, and with recursive below it.
func (e *entry) list(recursive bool, to []*entry) []*entry {
	for _, child := range e.children {
		to = append(to, child)
		if recursive && child.file == nil {
			to = child.list(true, to)
		}
	}
	return to
}

// gitID is the id of a git object.
func gitID(kind string, content []byte) string {
	h := sha1.New()
	fmt.Fprintf(h, "%s %d\x00", kind, len(content))
	h.Write(content)
	return hex.EncodeToString(h.Sum(nil))
}
