package loaders

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/specstress/specstress/analysis"
)

// A File is the bytes of one published file, local or not.
type File interface {
	io.ReaderAt
	io.Closer
	Name() string // for messages: the path or address
	Size() int64
}

// A Format decodes one kind of file. The decoders register themselves, so
// that a program links only those it imports:
//
//	import _ "github.com/specstress/specstress/loaders/parquet"
type Format interface {
	// Open checks the file's structure and returns it as a Table, which
	// owns the file and closes it. Damage is an error that names the file
	// and the place; it is never a panic.
	Open(ctx context.Context, f File) (Table, error)
}

// A Reopener is a Table that, once closed, can be opened again on the same
// bytes without reading its structure again.
type Reopener interface {
	Reopen(f File) Table
}

// A Table is an open file: columns, cut into row groups. Its methods may be
// called from several goroutines at once. Every Read fills the row group's
// rows in file order, dst having exactly RowsIn(group) elements, and
// returns an error naming file, row group, column and row where the file
// is damaged or the column is not of a type that fits.
type Table interface {
	Columns() []Column
	RowGroups() int
	RowsIn(group int) int
	Metadata(key string) (value string, ok bool) // file-level key-value pair

	// ReadPositions decodes scores 0..6 from any number column, integers
	// or doubles. NULL is a missing position; any other value is missing
	// too and entered in bad.
	ReadPositions(ctx context.Context, group int, column string, dst []analysis.Position, bad *BadValues) error

	// ReadInts decodes whole numbers from any number column; valid tells
	// NULL (false) from a value. A fractional value is entered in bad and
	// treated as NULL.
	ReadInts(ctx context.Context, group int, column string, dst []int64, valid []bool, bad *BadValues) error

	// ReadFloats decodes any number column; NULL is NaN.
	ReadFloats(ctx context.Context, group int, column string, dst []float64) error

	// ReadCodes decodes a text column as dictionary codes: intern turns
	// each distinct text into its code. NULL has the code NullCode.
	// The bytes given to intern are only valid during the call.
	ReadCodes(ctx context.Context, group int, column string, dst []int32, intern func(text []byte) int32) error

	// ReadText calls yield for each of the given rows of the group, which
	// ascend, with a text column's value; ok is false for NULL. A nested
	// column (a spectrum stored as list or struct) comes as JSON.
	ReadText(ctx context.Context, group int, column string, rows []int, yield func(row int, text string, ok bool)) error

	Close() error
}

// NullCode is the dictionary code of NULL.
const NullCode = -1

// A Column is one top-level column as a file declares it.
type Column struct {
	Name     string
	Kind     Kind
	Nullable bool
}

// A Kind is what a column holds, as far as the loaders care.
type Kind int

// The kinds. The zero Kind is one that no loader reads.
const (
	Other   Kind = iota
	Int          // any integer width
	Float        // any float width
	Text         // UTF-8 text, large or dictionary-coded
	Nested       // list, struct or map: text by row only
	Untyped      // CSV: read as whatever an analysis wants
)

func (k Kind) String() string {
	return [...]string{"other", "integer", "float", "text", "nested", "untyped"}[k]
}

// BadValues counts the values of one column that lie outside what it may
// hold, and remembers the first.
type BadValues struct {
	N        int
	FirstRow int    // row of the file, from 0; meaningful when N > 0
	First    string // the value as text
}

// Add enters one bad value, found at a row of the file.
func (b *BadValues) Add(row int, value string) {
	if b.N == 0 || row < b.FirstRow {
		b.FirstRow, b.First = row, value
	}
	b.N++
}

// Merge adds the counts of o, of the same file and column.
func (b *BadValues) Merge(o BadValues) {
	if o.N == 0 {
		return
	}
	if b.N == 0 || o.FirstRow < b.FirstRow {
		b.FirstRow, b.First = o.FirstRow, o.First
	}
	b.N += o.N
}

var formats registry[Format]

// RegisterFormat makes a format known for files whose name ends in ext,
// which starts with a dot. A decoder calls it from init.
func RegisterFormat(ext string, f Format) { formats.add(ext, f) }

// formatOf finds the format for a file name.
func formatOf(name string) (Format, error) {
	known := formats.names()
	for _, ext := range known {
		if strings.HasSuffix(strings.ToLower(name), ext) {
			return formats.get(ext), nil
		}
	}
	hint := ""
	if strings.HasSuffix(name, ".parquet") {
		hint = `; import _ "github.com/specstress/specstress/loaders/parquet"`
	}
	return nil, fmt.Errorf("loaders: %s: no decoder for this file, have %s%s", name, strings.Join(known, " "), hint)
}

// A SourceFunc makes a built-in source, such as "sample", as files in a
// folder laid out like the published repository, and returns the folder.
// Making it twice is cheap.
type SourceFunc func(ctx context.Context) (dir string, err error)

var generators registry[SourceFunc]

// RegisterSource makes a built-in source known by its name. The package
// that generates it calls this from init.
func RegisterSource(name string, g SourceFunc) { generators.add(name, g) }
