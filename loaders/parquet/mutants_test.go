package parquet

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// A mutation damages a file in one way. The kinds and their numbers are
// those under which the bare decoder was measured, 8,360 for each seed.
type mutation struct {
	kind  string
	count int
	apply func(s *seed, i int, rng *rand.Rand) (what string, mutant []byte)
}

var mutations = []mutation{
	{"truncated", 600, truncated},
	{"cut out", 400, cutOut},
	{"zeroed", 400, zeroed},
	{"body bit", 1500, bodyBit},
	{"footer bit", 1500, footerBit},
	{"random bytes", 500, randomBytes},
	{"footer length", 60, footerLength},
	{"varint in footer", 600, footerVarint},
	{"varint in page header", 600, pageVarint},
	{"footer field", 1200, footerField},
	{"page header field", 1000, pageField},
}

// A seed is a sound file with what its parts are known to be.
type seed struct {
	name   string
	file   []byte
	footer int // where it starts
	meta   format.FileMetaData
	pages  []headerAt
}

// A headerAt is a page header in the file.
type headerAt struct {
	at, size      int
	group, column int
	header        format.PageHeader
}

// loadSeed reads a file of testdata.
func loadSeed(t testing.TB, path string) *seed {
	t.Helper()
	s := &seed{name: path, file: load(t, path)}
	s.footer = len(s.file) - 8 - int(binary.LittleEndian.Uint32(s.file[len(s.file)-8:]))
	var p thrift.CompactProtocol
	if err := thrift.Unmarshal(&p, s.file[s.footer:len(s.file)-8], &s.meta); err != nil {
		t.Fatal(err)
	}
	for g, rg := range s.meta.RowGroups {
		for c := range rg.Columns {
			m := &rg.Columns[c].MetaData
			at := m.DataPageOffset
			if m.DictionaryPageOffset > 0 {
				at = m.DictionaryPageOffset
			}
			for end := at + m.TotalCompressedSize; at < end; {
				n, err := skim(s.file[at:end], anyStruct, 1<<20)
				if err != nil {
					t.Fatal(err)
				}
				h := headerAt{at: int(at), size: n, group: g, column: c}
				if err := thrift.Unmarshal(&p, s.file[at:at+int64(n)], &h.header); err != nil {
					t.Fatal(err)
				}
				s.pages = append(s.pages, h)
				at += int64(n) + int64(h.header.CompressedPageSize)
			}
		}
	}
	return s
}

// mutants yields every step-th mutant of each kind. The i-th mutant of a
// kind is the same whatever the step.
func (s *seed) mutants(step int, yield func(id int, what string, mutant []byte)) {
	id := 0
	for k, m := range mutations {
		for i := range m.count {
			if i%step == k%step {
				rng := rand.New(rand.NewPCG(uint64(k), uint64(i)))
				what, b := m.apply(s, i, rng)
				yield(id, s.name+": "+m.kind+": "+what, b)
			}
			id++
		}
	}
}

func truncated(s *seed, i int, rng *rand.Rand) (string, []byte) {
	n := rng.IntN(len(s.file))
	if i < 64 {
		n = i // every short one
	}
	return fmt.Sprint("to ", n), slices.Clone(s.file[:n])
}

// someRange is a short or long part of the file.
func (s *seed) someRange(rng *rand.Rand) (from, to int) {
	from = rng.IntN(len(s.file))
	return from, min(len(s.file), from+1+rng.IntN(1<<rng.IntN(14)))
}

func cutOut(s *seed, _ int, rng *rand.Rand) (string, []byte) {
	from, to := s.someRange(rng)
	return fmt.Sprintf("[%d,%d)", from, to), slices.Delete(slices.Clone(s.file), from, to)
}

func zeroed(s *seed, _ int, rng *rand.Rand) (string, []byte) {
	from, to := s.someRange(rng)
	b := slices.Clone(s.file)
	clear(b[from:to])
	return fmt.Sprintf("[%d,%d)", from, to), b
}

func flip(s *seed, from, to int, rng *rand.Rand) (string, []byte) {
	at, bit := from+rng.IntN(to-from), rng.IntN(8)
	b := slices.Clone(s.file)
	b[at] ^= 1 << bit
	return fmt.Sprintf("byte %d bit %d", at, bit), b
}

func bodyBit(s *seed, _ int, rng *rand.Rand) (string, []byte) { return flip(s, 4, s.footer, rng) }

func footerBit(s *seed, _ int, rng *rand.Rand) (string, []byte) {
	return flip(s, s.footer, len(s.file)-8, rng)
}

func randomBytes(s *seed, _ int, rng *rand.Rand) (string, []byte) {
	b := slices.Clone(s.file)
	n := 1 + rng.IntN(8)
	for range n {
		b[rng.IntN(len(b))] = byte(rng.Uint32())
	}
	return fmt.Sprint(n), b
}

func footerLength(s *seed, i int, rng *rand.Rand) (string, []byte) {
	edges := []uint32{0, 1, 4, 1 << 20, 1 << 26, 1<<26 + 1, 1 << 30, 1<<31 - 1, 1 << 31, 1<<32 - 1, uint32(len(s.file)), uint32(len(s.file) - 8), uint32(len(s.file) - 12)}
	n := rng.Uint32N(uint32(2 * len(s.file)))
	if i < len(edges) {
		n = edges[i]
	}
	b := slices.Clone(s.file)
	binary.LittleEndian.PutUint32(b[len(b)-8:], n)
	return fmt.Sprint(n), b
}

// hugeVarints are lengths and numbers at the edges of 32 and 64 bits.
var hugeVarints = [][]byte{
	{0xff, 0xff, 0xff, 0xff, 0x07}, {0xfe, 0xff, 0xff, 0xff, 0x0f}, {0xff, 0xff, 0xff, 0xff, 0x0f}, {0x80, 0x80, 0x80, 0x20},
	{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}, {0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
}

func footerVarint(s *seed, _ int, rng *rand.Rand) (string, []byte) {
	v := hugeVarints[rng.IntN(len(hugeVarints))]
	at := s.footer + rng.IntN(len(s.file)-8-s.footer)
	return fmt.Sprintf("%x at %d", v, at), s.withFooter(slices.Replace(slices.Clone(s.file[s.footer:len(s.file)-8]), at-s.footer, at-s.footer+1, v...))
}

func pageVarint(s *seed, _ int, rng *rand.Rand) (string, []byte) {
	h := s.pages[rng.IntN(len(s.pages))]
	v := hugeVarints[rng.IntN(len(hugeVarints))]
	at := rng.IntN(h.size)
	header := slices.Replace(slices.Clone(s.file[h.at:h.at+h.size]), at, at+1, v...)
	return fmt.Sprintf("%x at %d of the page at %d", v, at, h.at), s.withHeader(h, header)
}

func footerField(s *seed, _ int, rng *rand.Rand) (string, []byte) {
	meta := s.cloneMeta()
	what := changeField(reflect.ValueOf(&meta).Elem(), "", rng)
	return what, s.withFooter(marshal(&meta))
}

func pageField(s *seed, _ int, rng *rand.Rand) (string, []byte) {
	h := s.pages[rng.IntN(len(s.pages))]
	header := h.header
	what := changeField(reflect.ValueOf(&header).Elem(), "", rng)
	return fmt.Sprintf("%s of the page at %d", what, h.at), s.withHeader(h, marshal(&header))
}

// changeField changes one number, text or list somewhere below v.
func changeField(v reflect.Value, path string, rng *rand.Rand) string {
	type place struct {
		path string
		v    reflect.Value
	}
	var places []place
	var collect func(v reflect.Value, path string)
	collect = func(v reflect.Value, path string) {
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				collect(v.Field(i), path+"."+v.Type().Field(i).Name)
			}
		case reflect.Slice:
			if v.Len() > 0 {
				places = append(places, place{path, v})
			}
			if v.Type().Elem().Kind() != reflect.Uint8 {
				for i := range v.Len() {
					collect(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
				}
			}
		case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.String, reflect.Bool:
			places = append(places, place{path, v})
		}
	}
	collect(v, path)
	p := places[rng.IntN(len(places))]
	switch v := p.v; v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Slice: // drop one, twice one, or swap two
		i, j := rng.IntN(v.Len()), rng.IntN(v.Len())
		switch rng.IntN(3) {
		case 0:
			v.Set(reflect.AppendSlice(v.Slice3(0, i, i), v.Slice(i+1, v.Len())))
		case 1:
			v.Set(reflect.Append(v.Slice3(0, v.Len(), v.Len()), v.Index(i)))
		default:
			reflect.Swapper(v.Interface())(i, j)
		}
	default:
		bits := v.Type().Bits()
		edges := []int64{0, 1, -1, v.Int() + 1, v.Int() - 1, 2 * v.Int(), -v.Int(), 1<<(bits-1) - 1, -1 << (bits - 1), 1 << (bits / 2), rng.Int64N(1 << 20)}
		v.SetInt(edges[rng.IntN(len(edges))])
	}
	return p.path
}

func marshal(v any) []byte {
	b, err := thrift.Marshal(&thrift.CompactProtocol{}, v)
	if err != nil {
		panic(err)
	}
	return b
}

func (s *seed) cloneMeta() (meta format.FileMetaData) {
	if err := thrift.Unmarshal(&thrift.CompactProtocol{}, marshal(&s.meta), &meta); err != nil {
		panic(err)
	}
	return meta
}

// withFooter is the seed with another footer.
func (s *seed) withFooter(footer []byte) []byte {
	b := append(slices.Clone(s.file[:s.footer]), footer...)
	return append(binary.LittleEndian.AppendUint32(b, uint32(len(footer))), magic...)
}

// withHeader is the seed with another page header. All that lies behind it
// moves, and the footer says so: only the header is wrong.
func (s *seed) withHeader(h headerAt, header []byte) []byte {
	moved := int64(len(header) - h.size)
	meta := s.cloneMeta()
	for g := range meta.RowGroups {
		for c := range meta.RowGroups[g].Columns {
			m := &meta.RowGroups[g].Columns[c].MetaData
			for _, at := range []*int64{&m.DataPageOffset, &m.DictionaryPageOffset, &meta.RowGroups[g].FileOffset} {
				if *at > int64(h.at) {
					*at += moved
				}
			}
			if g == h.group && c == h.column {
				m.TotalCompressedSize += moved
			}
		}
	}
	moving := *s
	moving.file = slices.Replace(slices.Clone(s.file[:s.footer]), h.at, h.at+h.size, header...)
	moving.footer = len(moving.file)
	return moving.withFooter(marshal(&meta))
}
