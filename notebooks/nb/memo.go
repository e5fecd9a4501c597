package nb

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/specstress/specstress/loaders"
)

// Memo returns what compute returns, and keeps it for the next time that
// the same cell asks: across restarts of the kernel too. It is computed
// anew when any of these has changed: name, args, the data that the cell
// has opened or that compute opens, a Go source of this repository, or the
// code of the cell and of the functions declared before it. An error of
// compute ends the cell and is not kept.
//
// T and args must consist of exported fields, for others cannot be stored;
// such a result is returned, with a note that it is not kept. Results are
// files in the memo folder of the cache, which may be deleted at any time.
func Memo[T any](name string, args any, compute func() (T, error)) T {
	file, err := memoFile(name, args, reflect.TypeFor[T]())
	if err == nil {
		if value, ok := recall[T](file); ok {
			return value
		}
	}
	value := Must(compute())
	if err == nil {
		err = keep(file, value)
	}
	if err != nil {
		show(textBundle(fmt.Sprintf("nb.Memo: %s is not kept: %v", clean(name), err)))
	}
	return value
}

// memoVersion counts the changes of what a memo file holds.
const memoVersion = 1

// memoFile is where a result lies. Whatever decides it but the data is in
// the file's name.
func memoFile(name string, args any, result reflect.Type) (string, error) {
	if err := storable(result, nil); err != nil {
		return "", err
	}
	if args != nil {
		if err := storable(reflect.TypeOf(args), nil); err != nil {
			return "", fmt.Errorf("arguments: %w", err)
		}
	}
	text, err := json.Marshal(args)
	if err != nil {
		return "", fmt.Errorf("arguments: %w", err)
	}
	cell := os.Getenv("GONB_TMP_DIR")
	if cell == "" {
		return "", errors.New("it is kept in notebook cells only")
	}
	code, err := os.ReadFile(filepath.Join(cell, "main.go"))
	if err != nil {
		return "", err
	}
	sources, err := sourcesSum()
	if err != nil {
		return "", err
	}
	before, err := json.Marshal(states())
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, part := range [][]byte{[]byte(name), text, []byte(result.String()), code, sources, before} {
		fmt.Fprintf(h, "%d %d:", memoVersion, len(part))
		h.Write(part)
	}
	dir, err := loaders.CacheDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "memo", hex.EncodeToString(h.Sum(nil)[:16])+".gob"), nil
}

// sourcesSum is a hash of every Go source of the repository, and of what
// pins its dependencies.
func sourcesSum() ([]byte, error) {
	root := os.Getenv("SPECSTRESS_ROOT")
	if root == "" {
		return nil, errors.New("SPECSTRESS_ROOT does not say where the sources are")
	}
	h := sha256.New()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		name := d.Name()
		if name != "go.mod" && name != "go.sum" && (!strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go")) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		fmt.Fprintf(h, "%d:%s%d:", len(rel), rel, len(text))
		h.Write(text)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return h.Sum(nil), nil
}

// storable tells whether encoding/gob keeps every part of a type. It drops
// unexported fields without a word, and interfaces need to be registered.
func storable(t reflect.Type, seen []reflect.Type) error {
	for _, s := range seen {
		if s == t {
			return nil
		}
	}
	seen = append(seen, t)
	switch t.Kind() {
	case reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return nil
	case reflect.Slice, reflect.Array:
		return storable(t.Elem(), seen)
	case reflect.Map:
		if err := storable(t.Key(), seen); err != nil {
			return err
		}
		return storable(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() {
				return fmt.Errorf("%v has the unexported field %s", t, f.Name)
			}
			if err := storable(f.Type, seen); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("a %v cannot be stored", t)
}

// recall reads a result, if it is whole and all data behind it are as they
// were.
func recall[T any](file string) (value T, ok bool) {
	data, err := os.ReadFile(file)
	if err != nil || len(data) < sha256.Size {
		return value, false
	}
	sum := sha256.Sum256(data[sha256.Size:])
	if !bytes.Equal(sum[:], data[:sha256.Size]) {
		return value, false
	}
	in := gob.NewDecoder(bytes.NewReader(data[sha256.Size:]))
	var behind []state
	if in.Decode(&behind) != nil || in.Decode(&value) != nil {
		return value, false
	}
	for _, s := range behind {
		d, err := loaders.OpenPackedFiles(context.Background(), s.From.Sources, s.From.options())
		if err != nil || d.Revision() != s.Revision {
			return *new(T), false
		}
	}
	// What compute opened counts as opened by the cell: its results may be
	// of synthetic data.
	for _, s := range behind {
		remember(s)
	}
	return value, true
}

// keep stores a result under its final name in one step.
func keep(file string, value any) error {
	var b bytes.Buffer
	out := gob.NewEncoder(&b)
	if err := out.Encode(states()); err != nil {
		return err
	}
	if err := out.Encode(value); err != nil {
		return err
	}
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, ".memo-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	sum := sha256.Sum256(b.Bytes())
	if _, err := tmp.Write(sum[:]); err != nil {
		return err
	}
	if _, err := io.Copy(tmp, &b); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), file)
}
