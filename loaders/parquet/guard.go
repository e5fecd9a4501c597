package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"github.com/specstress/specstress/loaders"
)

const (
	magic     = "PAR1"
	minSize   = 12        // magic, footer length, magic
	maxFooter = 64 << 20  // bytes; the published files have under 1 MiB
	maxPage   = 256 << 20 // bytes of one page, decompressed; arrow-go's limit
	tailRead  = 1 << 20   // read at first: most footers come with it

	// What a file may ask for beyond a multiple of its own size. The sum
	// over a dictionary, a page and the rows stays below 64 MiB + 8 x size.
	spareRows   = 4 << 20
	sparePage   = 24 << 20
	spareFooter = 32 << 20
)

// open checks the file's frame and its footer.
func (t *table) open() error {
	size := t.file.Size()
	if size < minSize {
		return fmt.Errorf("footer: not a parquet file: %d bytes, want at least %d", size, minSize)
	}
	footer, err := t.readFooter(size)
	if err != nil {
		return fmt.Errorf("footer: %w", err)
	}
	n, err := skim(footer, fileMetaData, int(min(spareFooter+4*size, math.MaxInt)))
	if err != nil {
		return fmt.Errorf("footer: %w", err)
	}
	if n != len(footer) {
		return fmt.Errorf("footer: %d bytes follow its end", len(footer)-n)
	}
	// Its texts alias the footer's bytes: what stays of them is cloned, so
	// that the footer, mostly statistics that nobody reads, can go.
	var meta format.FileMetaData
	var protocol thrift.CompactProtocol
	if err := thrift.NewDecoder(protocol.NewReaderFromBytes(footer)).Decode(&meta); err != nil {
		return fmt.Errorf("footer: %w", err)
	}
	if meta.EncryptionAlgorithm.Value != nil {
		return errors.New("footer: the file is encrypted, which is not supported")
	}
	t.limit = int(min(sparePage+4*size, maxPage))
	nodes, leaves, err := readSchema(meta.Schema)
	if err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	t.byName = make(map[string]*node, len(nodes))
	for _, n := range nodes {
		t.byName[n.name] = n
		t.columns = append(t.columns, n.column())
	}
	t.keys = make(map[string]string, len(meta.KeyValueMetadata))
	for _, kv := range meta.KeyValueMetadata {
		t.keys[strings.Clone(kv.Key)] = strings.Clone(kv.Value)
	}
	return t.layOut(&meta, leaves, size-8-int64(len(footer)))
}

// readFooter returns the bytes between the columns and the footer length.
func (t *table) readFooter(size int64) ([]byte, error) {
	tail := make([]byte, min(size, tailRead))
	if err := t.readAt(tail, size-int64(len(tail))); err != nil {
		return nil, err
	}
	head := tail[:4]
	if int64(len(tail)) < size {
		head = make([]byte, 4)
		if err := t.readAt(head, 0); err != nil {
			return nil, err
		}
	}
	end := string(tail[len(tail)-4:])
	if string(head) == "PARE" || end == "PARE" {
		return nil, errors.New("the file is encrypted (magic PARE), which is not supported")
	}
	if string(head) != magic || end != magic {
		return nil, fmt.Errorf("not a parquet file: starts with %q and ends with %q, want %q; it may be cut short", head, end, magic)
	}
	length := int64(binary.LittleEndian.Uint32(tail[len(tail)-8:]))
	if length > size-minSize || length > maxFooter {
		return nil, fmt.Errorf("length %d, want at most %d", length, min(size-minSize, maxFooter))
	}
	if length+8 <= int64(len(tail)) {
		return tail[int64(len(tail))-8-length : len(tail)-8], nil
	}
	footer := make([]byte, length)
	return footer, t.readAt(footer, size-8-length)
}

// layOut notes where every chunk lies. Chunks lie between the first magic
// and the footer at bodyEnd and share no byte.
func (t *table) layOut(meta *format.FileMetaData, leaves []*leaf, bodyEnd int64) error {
	maxRows := spareRows + bodyEnd
	if meta.NumRows < 0 || meta.NumRows > maxRows {
		return fmt.Errorf("footer: %d rows in %d bytes", meta.NumRows, bodyEnd)
	}
	var rows int64
	var taken []span
	t.groups = make([]group, len(meta.RowGroups))
	all := make([]chunk, len(meta.RowGroups)*len(leaves))
	for g := range meta.RowGroups {
		rg := &meta.RowGroups[g]
		if rg.NumRows < 0 || rg.NumRows > meta.NumRows-rows {
			return fmt.Errorf("row group %d: %d rows, the file has %d and %d came before", g, rg.NumRows, meta.NumRows, rows)
		}
		if len(rg.Columns) != len(leaves) {
			return fmt.Errorf("row group %d: %d column chunks, the schema has %d", g, len(rg.Columns), len(leaves))
		}
		chunks := all[:len(leaves):len(leaves)]
		all = all[len(leaves):]
		for i, l := range leaves {
			c, err := newChunk(&rg.Columns[i], l, rg.NumRows, bodyEnd)
			if err != nil {
				return fmt.Errorf("row group %d column %q: %w", g, l.name(), err)
			}
			chunks[i] = c
			if c.size > 0 {
				taken = append(taken, span{c.offset, c.offset + c.size, g, l})
			}
		}
		t.groups[g] = group{int(rows), int(rg.NumRows), chunks}
		rows += rg.NumRows
	}
	if rows != meta.NumRows {
		return fmt.Errorf("footer: the row groups have %d rows, the file %d", rows, meta.NumRows)
	}
	return disjoint(taken)
}

// A span is the bytes that a chunk takes of the file.
type span struct {
	start, end int64
	group      int
	leaf       *leaf
}

func disjoint(spans []span) error {
	slices.SortFunc(spans, func(a, b span) int {
		if a.start < b.start {
			return -1
		}
		return 1
	})
	for i := 1; i < len(spans); i++ {
		if a, b := spans[i-1], spans[i]; b.start < a.end {
			return fmt.Errorf("row group %d column %q: bytes %d to %d overlap those of row group %d column %q",
				b.group, b.leaf.name(), b.start, b.end, a.group, a.leaf.name())
		}
	}
	return nil
}

// newChunk checks what the footer says of one column chunk.
func newChunk(c *format.ColumnChunk, l *leaf, rows, bodyEnd int64) (chunk, error) {
	m := &c.MetaData
	if c.FilePath != "" {
		return chunk{}, fmt.Errorf("lies in another file, %q", c.FilePath)
	}
	if c.CryptoMetadata.Value != nil || len(c.EncryptedColumnMetadata) > 0 {
		return chunk{}, errors.New("is encrypted, which is not supported")
	}
	if !slices.Equal([]string(m.PathInSchema), l.path) || m.Type != l.physical {
		return chunk{}, fmt.Errorf("holds %q as %s, the schema says %q as %s", m.PathInSchema, m.Type, l.path, l.physical)
	}
	if m.NumValues < rows || (l.rep == 0 || rows == 0) && m.NumValues != rows || m.NumValues > spareRows+bodyEnd {
		return chunk{}, fmt.Errorf("%d values for %d rows", m.NumValues, rows)
	}
	if rows == 0 {
		return chunk{}, nil // arrow gives such chunks places that make no sense
	}
	start := m.DataPageOffset
	if m.DictionaryPageOffset > 0 {
		if start = m.DictionaryPageOffset; start >= m.DataPageOffset {
			return chunk{}, fmt.Errorf("dictionary at %d, behind the values at %d", start, m.DataPageOffset)
		}
	}
	if start < int64(len(magic)) || start > bodyEnd || m.TotalCompressedSize < 0 || m.TotalCompressedSize > bodyEnd-start {
		return chunk{}, fmt.Errorf("%d bytes at %d, outside the body of %d bytes", m.TotalCompressedSize, start, bodyEnd)
	}
	return chunk{
		offset:    start,
		size:      m.TotalCompressedSize,
		values:    int(m.NumValues),
		codec:     m.Codec,
		dataStart: m.DataPageOffset - start,
	}, nil
}

var (
	_ loaders.Table  = (*table)(nil)
	_ loaders.Ranger = (*table)(nil)
)
