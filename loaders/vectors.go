package loaders

import (
	"context"
	"path/filepath"
)

// A VectorTable is a Table that reads columns of lists of numbers, such as
// embeddings.
type VectorTable interface {
	Table

	// ReadVectors decodes the lists of a row group, all of which must have
	// one length, one after the other. A group without rows has the length
	// 0. NULL and lists of other lengths are errors that name the row.
	ReadVectors(ctx context.Context, group int, column string) (data []float32, dim int, err error)
}

// OpenTable opens one file with the decoder registered for its name. The
// table must be closed.
func OpenTable(ctx context.Context, path string) (Table, error) {
	t, err := openTable(ctx, location{path: path, name: filepath.ToSlash(path)})
	if err != nil {
		return nil, err
	}
	return t.Table, nil
}
