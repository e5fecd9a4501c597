package parquet

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"github.com/specstress/specstress/analysis"
	"github.com/specstress/specstress/loaders"
)

// A tiny is a file with one column "p" and one row group, of which each
// part can be wrong by itself.
type tiny struct {
	physical   format.Type
	repetition format.FieldRepetitionType
	codec      format.CompressionCodec
	rows       int64
	pages      []tinyPage
	change     func(*format.FileMetaData)
}

type tinyPage struct {
	header format.PageHeader
	body   []byte
}

func dataPage(values int32, encoding format.Encoding, size int, body []byte) tinyPage {
	return tinyPage{format.PageHeader{
		Type:                 format.DataPage,
		UncompressedPageSize: int32(size),
		DataPageHeader:       thrift.New(format.DataPageHeader{NumValues: values, Encoding: encoding, DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE}),
	}, body}
}

func dictionaryPage(values int32, body []byte) tinyPage {
	return tinyPage{format.PageHeader{
		Type:                 format.DictionaryPage,
		UncompressedPageSize: int32(len(body)),
		DictionaryPageHeader: thrift.New(format.DictionaryPageHeader{NumValues: values, Encoding: format.Plain}),
	}, body}
}

func (f tiny) bytes() []byte {
	b := []byte(magic)
	m := format.ColumnMetaData{Type: f.physical, Encoding: []format.Encoding{format.Plain}, PathInSchema: []string{"p"}, Codec: f.codec, NumValues: f.rows}
	for _, p := range f.pages {
		if p.header.Type == format.DictionaryPage {
			m.DictionaryPageOffset = int64(len(b))
		} else if m.DataPageOffset == 0 {
			m.DataPageOffset = int64(len(b))
		}
		p.header.CompressedPageSize = int32(len(p.body))
		b = append(append(b, marshal(&p.header)...), p.body...)
	}
	m.TotalCompressedSize = int64(len(b) - len(magic))
	meta := format.FileMetaData{
		Version: 1,
		Schema: []format.SchemaElement{
			{Name: "root", NumChildren: thrift.New(int32(1))},
			{Name: "p", Type: thrift.New(f.physical), RepetitionType: thrift.New(f.repetition)},
		},
		NumRows:   f.rows,
		RowGroups: []format.RowGroup{{Columns: []format.ColumnChunk{{MetaData: m}}, NumRows: f.rows}},
	}
	if f.change != nil {
		f.change(&meta)
	}
	footer := marshal(&meta)
	b = append(b, footer...)
	return append(binary.LittleEndian.AppendUint32(b, uint32(len(footer))), magic...)
}

// le is 64-bit integers in plain encoding.
func le(values ...int64) (b []byte) {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, uint64(v))
	}
	return b
}

func varints(values ...uint64) (b []byte) {
	for _, v := range values {
		b = binary.AppendUvarint(b, v)
	}
	return b
}

func join(parts ...[]byte) []byte { return slices.Concat(parts...) }

func gzipped(t *testing.T, b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func zstded(t *testing.T, b []byte) []byte {
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return z.EncodeAll(b, nil)
}

// TestGuard holds small files that are wrong in one place each. Memory is
// held to what the file justifies in all of them.
func TestGuard(t *testing.T) {
	zeros := make([]byte, 100<<20)
	const i64, text = format.Int64, format.ByteArray
	plain := dataPage(2, format.Plain, 16, le(3, 4))
	col := `row group 0 column "p": `
	cases := []struct {
		name string
		file tiny
		want string // in the error; empty: the file is sound
	}{
		{"sound", tiny{physical: i64, rows: 2, pages: []tinyPage{plain}}, ""},
		{"sound with dictionary", tiny{physical: i64, rows: 2, pages: []tinyPage{dictionaryPage(1, le(5)), dataPage(2, format.RLEDictionary, 3, []byte{1, 2 << 1, 0})}}, ""},
		{"zstd bomb", tiny{physical: i64, codec: format.Zstd, rows: 2, pages: []tinyPage{dataPage(2, format.Plain, 16, zstded(t, zeros))}}, col + "page 0: "},
		{"gzip bomb", tiny{physical: i64, codec: format.Gzip, rows: 2, pages: []tinyPage{dataPage(2, format.Plain, 16, gzipped(t, zeros[:1<<20]))}}, col + "page 0: more than the stated 16 bytes"},
		{"snappy bomb", tiny{physical: i64, codec: format.Snappy, rows: 2, pages: []tinyPage{dataPage(2, format.Plain, 16, varints(1<<31))}}, col + "page 0: 2147483648 bytes decompressed, the header says 16"},
		{"page too large", tiny{physical: i64, codec: format.Snappy, rows: 2, pages: []tinyPage{dataPage(2, format.Plain, 1<<30, varints(1<<30))}}, col + "page 0: 1073741824 bytes decompressed, want at most 251"},
		{"more rows than bytes can mean", tiny{physical: i64, rows: 1 << 40, pages: []tinyPage{plain}}, "footer: 1099511627776 rows in "},
		{"more values than rows", tiny{physical: i64, rows: 2, pages: []tinyPage{dataPage(3, format.Plain, 24, le(1, 2, 3))}}, col + "page 0: 3 values, 2 are left of the chunk"},
		{"fewer values than rows", tiny{physical: i64, rows: 3, pages: []tinyPage{plain}}, col + "the pages hold 2 values, the footer says 3"},
		{"fewer bytes than values", tiny{physical: i64, rows: 3, pages: []tinyPage{dataPage(3, format.Plain, 16, le(1, 2))}}, col + "page 0: the values take 24 bytes, the page has 16"},
		{"level run too long", tiny{physical: i64, repetition: format.Optional, rows: 2, pages: []tinyPage{dataPage(2, format.Plain, 10, join([]byte{6, 0, 0, 0}, varints(2<<30), []byte{1}))}}, col + "page 0: definition levels: a run of 1073741824 levels or indexes, 2 are left"},
		{"level runs too short", tiny{physical: i64, repetition: format.Optional, rows: 2, pages: []tinyPage{dataPage(2, format.Plain, 6, []byte{2, 0, 0, 0, 1 << 1, 0})}}, col + "page 0: definition levels: 1 of 2 levels"},
		{"index run too long", tiny{physical: i64, rows: 2, pages: []tinyPage{dictionaryPage(1, le(5)), dataPage(2, format.RLEDictionary, 7, join([]byte{1}, varints(2<<30), []byte{0}))}}, col + "page 1: a run of 1073741824 levels or indexes, 2 are left"},
		{"index beyond the dictionary", tiny{physical: i64, rows: 2, pages: []tinyPage{dictionaryPage(1, le(5)), dataPage(2, format.RLEDictionary, 3, []byte{1, 2 << 1, 1})}}, col + "page 1: index 1 into a dictionary of 1"},
		{"index of 33 bits", tiny{physical: i64, rows: 2, pages: []tinyPage{dictionaryPage(1, le(5)), dataPage(2, format.RLEDictionary, 3, []byte{33, 2 << 1, 1})}}, col + "page 1: indexes of 33 bits"},
		{"indexes without a dictionary", tiny{physical: i64, rows: 2, pages: []tinyPage{dataPage(2, format.RLEDictionary, 3, []byte{1, 2 << 1, 0})}}, col + "page 0: dictionary indexes without a dictionary"},
		{"dictionary of texts past its end", tiny{physical: text, rows: 1, pages: []tinyPage{dictionaryPage(1<<30, le(5)), dataPage(1, format.RLEDictionary, 3, []byte{1, 1 << 1, 0})}}, col + "page 0: the bytes end before the values"},
		{"text past the end", tiny{physical: text, rows: 1, pages: []tinyPage{dataPage(1, format.Plain, 5, []byte{9, 0, 0, 0, 'a'})}}, col + "page 0: value 0 of 9 bytes, 1 are left"},
		{"delta count", tiny{physical: i64, rows: 2, pages: []tinyPage{dataPage(2, format.DeltaBinaryPacked, 9, varints(128, 4, 1<<31-1, 0))}}, col + "page 0: 2147483647 packed deltas, want 2"},
		{"delta block size", tiny{physical: i64, rows: 2, pages: []tinyPage{dataPage(2, format.DeltaBinaryPacked, 8, varints(1<<30, 4, 2, 0))}}, col + "page 0: blocks of 1073741824 deltas in 4 parts"},
		{"delta block cut short", tiny{physical: i64, rows: 2, pages: []tinyPage{dataPage(2, format.DeltaBinaryPacked, 5, varints(128, 4, 2, 0))}}, col + "page 0: the bytes end before the values"},
		{"NULL in a required column", tiny{physical: i64, rows: 2, pages: []tinyPage{{format.PageHeader{
			Type: format.DataPageV2, UncompressedPageSize: 8,
			DataPageHeaderV2: thrift.New(format.DataPageHeaderV2{NumValues: 2, NumNulls: 1, NumRows: 2}),
		}, le(3)}}}, col + "page 0: 1 NULLs among 2 values"},
		{"checksum", tiny{physical: i64, rows: 2, pages: []tinyPage{{format.PageHeader{
			Type: format.DataPage, UncompressedPageSize: 16, CRC: 1, DataPageHeader: plain.header.DataPageHeader,
		}, le(3, 4)}}}, col + "page 0: checksum "},
		{"codec", tiny{physical: i64, codec: format.Lz4Raw, rows: 2, pages: []tinyPage{plain}}, col + "page 0: codec LZ4_RAW is not supported"},
		{"encoding", tiny{physical: i64, rows: 2, pages: []tinyPage{dataPage(2, format.DeltaByteArray, 16, le(3, 4))}}, col + "page 0: encoding DELTA_BYTE_ARRAY of INT64 values is not supported"},
		{"another type than the schema's", tiny{physical: i64, rows: 2, pages: []tinyPage{plain}, change: func(m *format.FileMetaData) { m.RowGroups[0].Columns[0].MetaData.Type = format.Double }}, col + `holds ["p"] as DOUBLE, the schema says ["p"] as INT64`},
		{"another name than the schema's", tiny{physical: i64, rows: 2, pages: []tinyPage{plain}, change: func(m *format.FileMetaData) { m.Schema[1].Name = "q" }}, `row group 0 column "q": holds ["p"] as INT64, the schema says ["q"]`},
		{"a column twice", tiny{physical: i64, rows: 2, pages: []tinyPage{plain}, change: func(m *format.FileMetaData) {
			m.Schema[0].NumChildren.V = 2
			m.Schema = append(m.Schema, m.Schema[1])
		}}, `schema: unexpected columns: column "p" appears twice`},
		{"a chunk twice", tiny{physical: i64, rows: 2, pages: []tinyPage{plain}, change: func(m *format.FileMetaData) {
			m.NumRows = 4
			m.RowGroups = append(m.RowGroups, m.RowGroups[0])
		}}, `row group 1 column "p": bytes 4 to `},
		{"rows that do not add up", tiny{physical: i64, rows: 2, pages: []tinyPage{plain}, change: func(m *format.FileMetaData) { m.NumRows = 3 }}, "footer: the row groups have 2 rows, the file 3"},
		{"in another file", tiny{physical: i64, rows: 2, pages: []tinyPage{plain}, change: func(m *format.FileMetaData) { m.RowGroups[0].Columns[0].FilePath = "/etc/passwd" }}, col + `lies in another file, "/etc/passwd"`},
		{"encrypted column", tiny{physical: i64, rows: 2, pages: []tinyPage{plain}, change: func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].EncryptedColumnMetadata = []byte("x")
		}}, col + "is encrypted"},
		{"nested without end", tiny{physical: i64, rows: 2, pages: []tinyPage{plain}, change: func(m *format.FileMetaData) {
			m.Schema = m.Schema[:1]
			for range 1000 {
				m.Schema = append(m.Schema, format.SchemaElement{Name: "g", NumChildren: thrift.New(int32(1)), RepetitionType: thrift.New(format.Required)})
			}
		}}, "nested too deep"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := c.file.bytes()
			var err error
			var rows int
			taken := allocated(func() { _, rows, err = outcome("x.parquet", b) })
			if taken > 64<<20+8*uint64(len(b)) {
				t.Errorf("allocated %d bytes for %d", taken, len(b))
			}
			if c.want == "" {
				if err != nil || rows != int(c.file.rows) {
					t.Errorf("%d rows, %v", rows, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "x.parquet: ") {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

// A footer of zeros that claims to be a list of as many row groups would
// take a hundred times its size once decoded.
func TestFooterOutOfProportion(t *testing.T) {
	const n = 8 << 20
	footer := join([]byte{0x15, 2, 0x19, 0x1c, 0x48, 1, 'r', 0, 0x16, 0, 0x19, 0xfc}, varints(n), make([]byte, n), []byte{0})
	b := join([]byte(magic), footer, binary.LittleEndian.AppendUint32(nil, uint32(len(footer))), []byte(magic))
	taken := allocated(func() {
		if _, err := openBytes("x.parquet", b); err == nil || !strings.Contains(err.Error(), "footer: a list of 8388608 elements is out of proportion to the file") {
			t.Error(err)
		}
	})
	if taken > 64<<20 {
		t.Errorf("allocated %d bytes", taken)
	}
}

// The example of the format's own documentation, "Encodings", run-length
// encoding / bit-packing hybrid: 0 to 7 at three bits a value.
func TestRunsPublished(t *testing.T) {
	packed := []byte{3, 1<<1 | 1, 0x88, 0xc6, 0xfa}
	got, err := decodeIndexes(nil, packed, 8, 8)
	if want := []int32{0, 1, 2, 3, 4, 5, 6, 7}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v %v, want %v", got, err, want)
	}
	// The same group stands for fewer values at the end, never for more.
	if got, err := decodeIndexes(nil, packed, 5, 8); err != nil || !slices.Equal(got, []int32{0, 1, 2, 3, 4}) {
		t.Errorf("%v %v", got, err)
	}
	if _, err := decodeIndexes(nil, packed, 9, 8); !errors.Is(err, errShort) {
		t.Errorf("nine of eight: %v", err)
	}
}

// A counted file counts reads and can fail from some read on.
type counted struct {
	loaders.File
	reads [][2]int64 // offset and length
	fail  int        // 0: never
}

var errDisk = errors.New("disk on fire")

func (c *counted) ReadAt(b []byte, off int64) (int, error) {
	c.reads = append(c.reads, [2]int64{off, int64(len(b))})
	if c.fail > 0 && len(c.reads) >= c.fail {
		return 0, errDisk
	}
	return c.File.ReadAt(b, off)
}

// A remote file pays for every read and every byte: opening takes one read
// of the tail for a small file, a column of a row group one range, and
// nothing else is touched.
func TestReadsOnlyWhatIsAsked(t *testing.T) {
	ctx := context.Background()
	f := &counted{File: inMemory("x.parquet", load(t, "corpus/seed_palike.parquet"))}
	opened, err := Format{}.Open(ctx, f)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.reads) != 1 {
		t.Errorf("reads to open: %v", f.reads)
	}
	f.reads = nil
	var bad loaders.BadValues
	if err := opened.ReadPositions(ctx, 1, "o3_value1_position", make([]analysis.Position, opened.RowsIn(1)), &bad); err != nil {
		t.Fatal(err)
	}
	chunk := opened.(*table).groups[1].chunks[5]
	if want := [2]int64{chunk.offset, chunk.size}; len(f.reads) != 1 || f.reads[0] != want {
		t.Errorf("reads for one column: %v, want %v", f.reads, want)
	}
}

func TestReadError(t *testing.T) {
	for fail := 1; fail <= 2; fail++ {
		f := &counted{File: inMemory("x.parquet", load(t, "corpus/seed_palike.parquet")), fail: fail}
		table, err := Format{}.Open(context.Background(), f)
		if err == nil {
			_, _, err = readAll(context.Background(), table)
		}
		want := []string{"x.parquet: footer: reading 19534 bytes at 0: disk on fire", `x.parquet: row group 0 column "rank": reading `}[fail-1]
		if !errors.Is(err, errDisk) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Cancelling in the middle of a chunk ends it at the next page.
func TestCancelledBetweenPages(t *testing.T) {
	table := openFile(t, "pyarrow/fallback.parquet")
	ctx, cancel := context.WithCancel(context.Background())
	asked := 0
	err := table.ReadCodes(ctx, 0, "query", make([]int32, table.RowsIn(0)), func([]byte) int32 {
		asked++
		cancel()
		return 0
	})
	if !errors.Is(err, context.Canceled) || asked == 0 || asked >= table.RowsIn(0)/2 {
		t.Errorf("%v after %d texts", err, asked)
	}
}

func TestConcurrentReads(t *testing.T) {
	table := openFile(t, "pyarrow/nested.parquet")
	want, _, err := readAll(context.Background(), table)
	if err != nil {
		t.Fatal(err)
	}
	got := make([][]string, 4)
	each(len(got), len(got), func(i int) { got[i], _, _ = readAll(context.Background(), table) })
	for i := range got {
		if !slices.Equal(got[i], want) {
			t.Errorf("goroutine %d reads other values", i)
		}
	}
}

func ExampleFormat_Open() {
	ctx := context.Background()
	file, err := openDisk("testdata/pyarrow/snappy.parquet")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer file.Close()
	positions := make([]analysis.Position, file.RowsIn(0))
	var bad loaders.BadValues
	if err := file.ReadPositions(ctx, 0, "p64", positions, &bad); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(file.RowGroups(), "row groups, the first of", len(positions), "rows:", positions[:5])
	err = file.ReadPositions(ctx, 0, "p46", positions, &bad)
	fmt.Println(err)
	// Output:
	// 3 row groups, the first of 100 rows: [0 5 3 missing 6]
	// testdata/pyarrow/snappy.parquet: unknown name: no column "p46"; nearest: p64, p32, p8
}
