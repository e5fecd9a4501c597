package hub

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
)

// errHash marks bytes that are not those that the object id names.
var errHash = errors.New("the bytes are not the published ones")

// newHash is the hash that an object id is made with: sha256 of the bytes,
// or git's id, which is sha1 of a header and the bytes. Git's is not safe
// against somebody who makes two files with one id on purpose.
func newHash(oid string, size int64) hash.Hash {
	if len(oid) == 2*sha256.Size {
		return sha256.New()
	}
	h := sha1.New()
	fmt.Fprintf(h, "blob %d\x00", size)
	return h
}

// A proof says that a file was verified, and in which state it was.
type proof struct {
	Path string
	Size int64
	Time int64 // of its last change, in nanoseconds
	OID  string
}

func proofFile(path string) (string, error) {
	dir, err := cacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "verified", keyOf(path)+".json"), nil
}

// verifyOnce compares a file with its object id, unless that was done before
// and the file has not changed since. Without an id, false.
func verifyOnce(ctx context.Context, f *os.File, path string, info os.FileInfo, oid string) (bool, error) {
	if !contentID.MatchString(oid) {
		return false, nil
	}
	want := proof{path, info.Size(), info.ModTime().UnixNano(), oid}
	note, noteErr := proofFile(path)
	var have proof
	if noteErr == nil && readSealed(note, &have) == nil && have == want {
		return true, nil
	}
	h := newHash(oid, info.Size())
	if _, err := io.Copy(h, &cancellable{ctx, io.NewSectionReader(f, 0, info.Size())}); err != nil {
		return false, err
	}
	if err := sumIs(h, oid); err != nil {
		return false, err
	}
	if noteErr == nil {
		noteProblem(writeSealed(note, want))
	}
	return true, nil
}

func sumIs(h hash.Hash, oid string) error {
	if sum := hex.EncodeToString(h.Sum(nil)); sum != oid {
		return fmt.Errorf("%w: their hash is %s, the Hub lists %s", errHash, sum, oid)
	}
	return nil
}

// recordProof notes that a file was verified while it was written.
func recordProof(path, oid string) {
	info, err := os.Stat(path)
	if err != nil {
		return
	}
	if note, err := proofFile(path); err == nil {
		noteProblem(writeSealed(note, proof{path, info.Size(), info.ModTime().UnixNano(), oid}))
	}
}

// A cancellable reader ends with its context.
type cancellable struct {
	ctx context.Context
	in  io.Reader
}

func (c *cancellable) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, context.Cause(c.ctx)
	}
	return c.in.Read(b)
}
