package parquet

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/parquet-go/parquet-go/format"
)

// A batch is one decoded page.
type batch struct {
	first  int     // first entry's index in the chunk; in a flat column an entry is a row
	n      int     // entries, NULL included
	defs   []uint8 // nil: every value is there
	reps   []uint8 // nested columns only; nil: all zero
	index  []int32 // by value that is there; nil: the values in order
	values *values
}

// decodeDictionary reads the chunk's dictionary.
func (r *reader) decodeDictionary(c *chunk, l *leaf, limit int) error {
	p := &r.dictionary
	src, err := r.unpack(&r.dictBuf, p, p.body, p.size, c.codec)
	if err != nil {
		return err
	}
	return r.dict.decode(src, p.values, format.Plain, l, limit)
}

// decode reads one data page into the batch.
func (r *reader) decode(c *chunk, l *leaf, p *page, limit int) error {
	var levels [2][]byte // repetition, definition
	var src []byte
	var err error
	if p.levels[0] < 0 { // version 1: one body, each kind of level behind its length
		if src, err = r.unpack(&r.buf, p, p.body, p.size, c.codec); err != nil {
			return err
		}
		for i, highest := range [2]uint8{l.rep, l.def} {
			if highest == 0 {
				continue
			}
			if len(src) < 4 || uint64(binary.LittleEndian.Uint32(src)) > uint64(len(src)-4) {
				return fmt.Errorf("levels: %w", errShort)
			}
			n := 4 + int(binary.LittleEndian.Uint32(src))
			levels[i], src = src[4:n], src[n:]
		}
	} else { // version 2: levels in front, never compressed
		body := p.body
		for i, n := range p.levels {
			levels[i], body = body[:n], body[n:]
		}
		if src, err = r.unpack(&r.buf, p, body, p.size-p.levels[0]-p.levels[1], c.codec); err != nil {
			return err
		}
	}
	b := &r.batch
	*b = batch{n: p.values}
	if l.rep > 0 {
		if b.reps, err = decodeLevels(r.levels[0], levels[0], l.rep, p.values); err != nil {
			return fmt.Errorf("repetition levels: %w", err)
		}
		if b.reps == nil && p.values > 0 { // every entry at the highest
			b.reps = grow(r.levels[0], p.values)
			for i := range b.reps {
				b.reps[i] = l.rep
			}
		}
		r.levels[0] = keep(b.reps, r.levels[0])
	}
	present := p.values
	if l.def > 0 {
		if b.defs, err = decodeLevels(r.levels[1], levels[1], l.def, p.values); err != nil {
			return fmt.Errorf("definition levels: %w", err)
		}
		r.levels[1] = keep(b.defs, r.levels[1])
		for _, d := range b.defs {
			if d != l.def {
				present--
			}
		}
	}
	if p.nulls >= 0 && p.nulls != p.values-present {
		return fmt.Errorf("%d NULLs, the header says %d", p.values-present, p.nulls)
	}
	if !isDictionary(p.encoding) {
		b.values = &r.plain
		return r.plain.decode(src, present, p.encoding, l, limit)
	}
	b.values = &r.dict
	b.index, err = decodeIndexes(r.index, src, present, r.dict.n)
	r.index = keep(b.index, r.index)
	return err
}

// unpack verifies the page's checksum, where it has one, and returns src
// decompressed into buf.
func (r *reader) unpack(buf *[]byte, p *page, src []byte, size int, codec format.CompressionCodec) ([]byte, error) {
	if p.crc != 0 {
		if sum := crc32.ChecksumIEEE(p.body); sum != p.crc {
			return nil, fmt.Errorf("checksum %08x, the header says %08x", sum, p.crc)
		}
	}
	if !p.packed {
		return src, exactly(src, size)
	}
	if size == 0 { // some writers store nothing at all for no values
		return nil, nil
	}
	*buf = grow(*buf, size)
	return *buf, decompress(*buf, src, codec)
}

// keep holds on to the larger of two buffers.
func keep[T any](a, b []T) []T {
	if cap(a) > cap(b) {
		return a
	}
	return b
}
