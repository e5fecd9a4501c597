package hub

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/specstress/specstress/loaders"
)

// A sealed file is a line with the sha256 of the rest, and the rest in JSON:
// what we note for ourselves. A damaged one counts as absent.

var errSeal = errors.New("damaged")

func writeSealed(file string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	return writeAtomically(file, fmt.Appendf(nil, "%x\n%s\n", sum, text))
}

func readSealed(file string, to any) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	seal, text, _ := bytes.Cut(data, []byte("\n"))
	text = bytes.TrimSuffix(text, []byte("\n"))
	sum := sha256.Sum256(text)
	if string(seal) != hex.EncodeToString(sum[:]) {
		return fmt.Errorf("%s: %w", file, errSeal)
	}
	return json.Unmarshal(text, to)
}

// writeAtomically gives a file its name when it is whole. It need not
// survive a power cut: whoever reads it checks a sum.
func writeAtomically(file string, data []byte) error {
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, tempPrefix+"*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Chmod(0o644), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return err
}

// tempPrefix starts the names of files that are not whole yet.
const tempPrefix = ".tmp-"

// cacheDir is our own cache: what huggingface_hub would not know what to do
// with. It is not called hub, for that is the name of the other one.
func cacheDir() (string, error) {
	dir, err := loaders.CacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "remote"), nil
}

// keyOf is a file name for anything.
func keyOf(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// serial makes names unique within this process.
var serial atomic.Int64
