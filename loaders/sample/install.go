package sample

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// manifestName is the file that makes a folder a whole sample.
const manifestName = "sample.json"

// A manifest lists the files of a sample. It is written last.
type manifest struct {
	Mark  string         `json:"mark"`
	Rows  int            `json:"rows"`
	Text  bool           `json:"text"`
	Files []manifestFile `json:"files"`
}

type manifestFile struct {
	Name   string `json:"name"` // with forward slashes
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// writeManifest makes the folder's files a sample.
func writeManifest(dir string, opt Options, files []manifestFile) error {
	slices.SortFunc(files, func(a, b manifestFile) int { return strings.Compare(a.Name, b.Name) })
	text, err := json.MarshalIndent(manifest{opt.mark(), opt.Rows, opt.Text, files}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, manifestName), append(text, '\n'), 0o644)
}

// checkManifest tells whether the folder is the whole sample of these
// options: every file is there with its size. It does not read the files.
func checkManifest(dir string, opt Options) error {
	text, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return err
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(dir, manifestName), err)
	}
	if m.Mark != opt.mark() || m.Rows != opt.Rows || m.Text != opt.Text {
		return fmt.Errorf("%s holds %q with %d rows", dir, m.Mark, m.Rows)
	}
	for _, f := range m.Files {
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(f.Name)))
		if err != nil {
			return err
		}
		if info.Size() != f.Size {
			return fmt.Errorf("%s has %d bytes, want %d", filepath.Join(dir, f.Name), info.Size(), f.Size)
		}
	}
	return nil
}

// mayReplace refuses folders that hold anything but a sample.
func mayReplace(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("sample: %w", err)
	case len(entries) == 0:
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, manifestName)); err != nil {
		return fmt.Errorf("sample: %s is not empty and not a sample; name a new folder", dir)
	}
	return nil
}

// install has fill make a folder's content under a temporary name beside
// dir and moves it there in one step. What stood at dir is set aside and
// removed, unless whole says that it is as good: then the new one is
// discarded.
func install(dir string, fill func(tmp string) error, whole func() bool) error {
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	sweep(dir)
	tmp, err := os.MkdirTemp(parent, tmpPrefix(dir))
	if err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	defer os.RemoveAll(tmp)
	if err := os.Chmod(tmp, 0o755); err != nil {
		return fmt.Errorf("sample: %w", err)
	}
	if err := fill(tmp); err != nil {
		return err
	}
	const attempts = 10 // others may be moving theirs at the same moment
	for range attempts {
		if whole != nil && whole() {
			return nil
		}
		old := tmp + ".old"
		if err := os.Rename(dir, old); err == nil {
			defer os.RemoveAll(old)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("sample: %w", err)
		}
		if err = os.Rename(tmp, dir); err == nil {
			return nil
		}
		if _, missing := os.Stat(dir); missing != nil {
			return fmt.Errorf("sample: %w", err)
		}
	}
	return fmt.Errorf("sample: %s keeps being replaced by another process", dir)
}

func tmpPrefix(dir string) string { return "." + filepath.Base(dir) + ".tmp-" }

// sweep removes what crashed runs left beside dir more than a day ago.
func sweep(dir string) {
	left, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		return
	}
	for _, entry := range left {
		info, err := entry.Info()
		if err == nil && strings.HasPrefix(entry.Name(), tmpPrefix(dir)) && time.Since(info.ModTime()) > 24*time.Hour {
			os.RemoveAll(filepath.Join(filepath.Dir(dir), entry.Name()))
		}
	}
}

// A countedFile is a file being written whose size and hash are known at
// the end.
type countedFile struct {
	file *os.File
	hash hash.Hash
	size int64
}

// create makes a file and its folders; name has forward slashes.
func create(dir, name string) (*countedFile, error) {
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	f, err := os.Create(path)
	return &countedFile{file: f, hash: sha256.New()}, err
}

func (c *countedFile) Write(b []byte) (int, error) {
	n, err := c.file.Write(b)
	c.hash.Write(b[:n])
	c.size += int64(n)
	return n, err
}

// entry closes the file and describes it.
func (c *countedFile) entry(name string) (manifestFile, error) {
	return manifestFile{name, c.size, hex.EncodeToString(c.hash.Sum(nil))}, c.file.Close()
}
