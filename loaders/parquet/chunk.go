package parquet

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// A chunk is the place of one column's values of one row group.
type chunk struct {
	offset, size int64 // bytes of the file
	values       int   // NULL included
	codec        format.CompressionCodec
	dataStart    int64 // from offset to the first data page; 0: not told apart from the dictionary
}

// name is the leaf's path as messages and callers write it.
func (l *leaf) name() string { return strings.Join(l.path, ".") }

// A page is one page of a chunk as its header describes it.
type page struct {
	number   int // among the chunk's pages, the dictionary included
	values   int // NULL included
	nulls    int // -1 where the header does not say
	encoding format.Encoding
	levels   [2]int // bytes of repetition and definition levels in front of the values; -1: each prefixed by its length
	packed   bool   // the values are compressed
	size     int    // bytes, decompressed
	crc      uint32 // 0: none
	body     []byte
}

// A reader reads chunks, one at a time. Its buffers serve one chunk after
// another, so what it yields is only valid until the next page.
type reader struct {
	raw        []byte
	pages      []page
	dictionary page // values < 0: none
	headers    thrift.CompactProtocol
	header     format.PageHeader // here, so that it is not allocated for each page

	dict, plain  values
	dictBuf, buf []byte // decompressed
	levels       [2][]uint8
	index        []int32
	batch        batch
}

var readers = sync.Pool{New: func() any { return new(reader) }}

// keepBuffer is the size above which a buffer is not kept for the next
// chunk: positions need less, texts may need much more.
const keepBuffer = 4 << 20

func (r *reader) release() {
	if cap(r.raw)+cap(r.buf)+cap(r.dictBuf) <= keepBuffer {
		readers.Put(r)
	}
}

// scan reads the chunk of a leaf and yields its pages in order, decoded,
// leaving out those without a row (for a nested leaf: a value) that want
// selects. A nil want selects all.
func (t *table) scan(ctx context.Context, group int, l *leaf, want func(first, n int) bool, yield func(*batch) error) error {
	r := readers.Get().(*reader)
	defer r.release()
	c := &t.groups[group].chunks[l.chunk]
	if err := ctx.Err(); err != nil {
		return t.place(group, l, err)
	}
	if err := r.read(t, c); err != nil {
		return t.place(group, l, err)
	}
	if err := contain(func() error { return r.walk(c, l, t.limit) }); err != nil {
		return t.place(group, l, err)
	}
	first := 0
	haveDict := false
	for i := range r.pages {
		p := &r.pages[i]
		at := first
		first += p.values
		if want != nil && !want(at, p.values) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return t.place(group, l, err)
		}
		if isDictionary(p.encoding) && !haveDict {
			if err := contain(func() error { return r.decodeDictionary(c, l, t.limit) }); err != nil {
				return t.place(group, l, fmt.Errorf("page %d: %w", r.dictionary.number, err))
			}
			haveDict = true
		}
		if err := contain(func() error { return r.decode(c, l, p, t.limit) }); err != nil {
			return t.place(group, l, fmt.Errorf("page %d: %w", p.number, err))
		}
		r.batch.first = at
		if err := yield(&r.batch); err != nil {
			return err
		}
	}
	return nil
}

// read fetches the chunk's bytes. It is the only place where column bytes
// are read, one range per chunk.
func (r *reader) read(t *table, c *chunk) error {
	r.raw = grow(r.raw, int(c.size))
	return t.readAt(r.raw, c.offset)
}

// walk reads all page headers and reconciles them with the footer.
func (r *reader) walk(c *chunk, l *leaf, limit int) error {
	r.pages = r.pages[:0]
	r.dictionary = page{values: -1}
	protocol := r.headers.NewReaderFromBytes(nil)
	decoder := thrift.NewDecoder(protocol)
	values := 0
	for at, number := 0, 0; at < len(r.raw); number++ {
		n, err := skim(r.raw[at:], anyStruct, limit)
		if err != nil {
			return fmt.Errorf("page %d: header: %w", number, err)
		}
		h := &r.header
		*h = format.PageHeader{}
		protocol.ResetBytes(r.raw[at : at+n])
		if err := decoder.Decode(h); err != nil {
			return fmt.Errorf("page %d: header: %w", number, err)
		}
		body := r.raw[at+n:]
		if h.CompressedPageSize < 0 || int(h.CompressedPageSize) > len(body) {
			return fmt.Errorf("page %d: %d bytes, %d are left of the chunk", number, h.CompressedPageSize, len(body))
		}
		if h.UncompressedPageSize < 0 || int(h.UncompressedPageSize) > limit {
			return fmt.Errorf("page %d: %d bytes decompressed, want at most %d", number, h.UncompressedPageSize, limit)
		}
		p, err := newPage(h, l, c.values-values)
		if err != nil {
			return fmt.Errorf("page %d: %w", number, err)
		}
		p.number = number
		p.packed = p.packed && c.codec != format.Uncompressed
		p.body = body[:h.CompressedPageSize]
		switch {
		case h.Type == format.DictionaryPage:
			if number != 0 {
				return fmt.Errorf("page %d: a dictionary behind other pages", number)
			}
			r.dictionary = p
		case h.Type == format.DataPage || h.Type == format.DataPageV2:
			if len(r.pages) == 0 && c.dataStart != 0 && int64(at) != c.dataStart {
				return fmt.Errorf("page %d: values start %d bytes into the chunk, the footer says %d", number, at, c.dataStart)
			}
			if isDictionary(p.encoding) && r.dictionary.values < 0 {
				return fmt.Errorf("page %d: dictionary indexes without a dictionary", number)
			}
			r.pages = append(r.pages, p)
			values += p.values
		}
		at += n + int(h.CompressedPageSize)
	}
	if values != c.values {
		return fmt.Errorf("the pages hold %d values, the footer says %d", values, c.values)
	}
	return nil
}

// newPage checks a page header; at most left values may come.
func newPage(h *format.PageHeader, l *leaf, left int) (page, error) {
	p := page{nulls: -1, packed: true, size: int(h.UncompressedPageSize), crc: uint32(h.CRC)}
	switch {
	case h.Type == format.DictionaryPage && h.DictionaryPageHeader.Valid:
		d := h.DictionaryPageHeader.V
		p.values = int(d.NumValues)
		if p.values < 0 {
			return p, fmt.Errorf("dictionary of %d values", p.values)
		}
		if d.Encoding != format.Plain && d.Encoding != plainDictionary {
			return p, fmt.Errorf("dictionary encoded as %s", d.Encoding)
		}
		return p, nil
	case h.Type == format.DataPage && h.DataPageHeader.Valid:
		d := h.DataPageHeader.V
		p.values, p.encoding, p.levels = int(d.NumValues), d.Encoding, [2]int{-1, -1}
		if l.def > 0 && d.DefinitionLevelEncoding != format.RLE || l.rep > 0 && d.RepetitionLevelEncoding != format.RLE {
			return p, fmt.Errorf("levels encoded as %s and %s, want %s", d.DefinitionLevelEncoding, d.RepetitionLevelEncoding, format.RLE)
		}
	case h.Type == format.DataPageV2 && h.DataPageHeaderV2.Valid:
		d := h.DataPageHeaderV2.V
		p.values, p.encoding, p.nulls = int(d.NumValues), d.Encoding, int(d.NumNulls)
		rep, def := int(d.RepetitionLevelsByteLength), int(d.DefinitionLevelsByteLength)
		p.levels = [2]int{rep, def}
		p.packed = !d.IsCompressed.Valid || d.IsCompressed.V
		if rep < 0 || def < 0 || rep > int(h.CompressedPageSize)-def || rep > p.size-def {
			return p, fmt.Errorf("%d + %d bytes of levels in a page of %d", rep, def, h.CompressedPageSize)
		}
		if p.nulls < 0 || p.nulls > p.values || l.def == 0 && p.nulls > 0 {
			return p, fmt.Errorf("%d NULLs among %d values", p.nulls, p.values)
		}
		if d.NumRows < 0 || d.NumRows > d.NumValues || l.rep == 0 && d.NumRows != d.NumValues {
			return p, fmt.Errorf("%d rows for %d values", d.NumRows, p.values)
		}
	case h.Type == format.IndexPage:
		return p, nil
	default:
		return p, fmt.Errorf("page type %d and its header do not fit", h.Type)
	}
	if p.values < 0 || p.values > left {
		return p, fmt.Errorf("%d values, %d are left of the chunk", p.values, left)
	}
	return p, checkEncoding(p.encoding, l)
}

var errShort = errors.New("the bytes end before the values")

// grow returns a slice of n elements, which may hold anything.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
