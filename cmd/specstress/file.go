package main

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// replaceFile writes a file beside its place and moves it there, so that no
// half file ever has its name.
func replaceFile(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it is moved
	w := bufio.NewWriter(f)
	err = write(w)
	// CreateTemp's 0600 is for secrets.
	if err := errors.Join(err, w.Flush(), f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// writeBytes is a write for content that is there already.
func writeBytes(content []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}
}
