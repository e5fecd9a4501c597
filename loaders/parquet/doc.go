// Package parquet decodes the published parquet files for package loaders.
// Import it for its side effect:
//
//	import _ "github.com/specstress/specstress/loaders/parquet"
//
// A file comes from the internet, so nothing in it is taken on trust. What
// is read passes four gates, each of which only sees what the one before
// let through:
//
//	footer   guard.go, thrift.go, schema.go: magic, length, a walk over the
//	         bytes that allocates nothing, then parquet-go's decoding of
//	         them; schema, row counts and chunk ranges agree
//	chunk    chunk.go: the bytes of one column in one row group, in one
//	         ReadAt; all page headers are walked and their counts
//	         reconciled before any page is decoded
//	page     page.go, codec.go, runs.go, values.go, deltas.go: decompression
//	         into a buffer of exactly the stated size; runs of levels and
//	         indexes counted before they are expanded
//	column   numbers.go, codes.go, text.go, nested.go: values go from the
//	         dictionary, converted once per entry, straight to their rows
//
// Memory is bounded by the file: what a footer or a page header states is
// compared with the bytes present before it is believed. A refusal names
// the file and the footer, the schema, or the row group, column and page.
//
// What the guard cannot see is a changed value in a page without a
// checksum, which is how pyarrow writes pages unless asked: only the hash
// of the whole file tells.
//
// The footer and page headers are decoded by parquet-go's format and
// encoding/thrift packages and the values by its encoding packages. Its
// File, Page and Reader types are not used: v0.32.0 allocates what a header
// states, expands level runs without a limit, takes the codec of the first
// row group for all, and does not check the CRC of a dictionary that it
// loads after its pages. They would also link net/http into every program
// that reads a column.
package parquet
